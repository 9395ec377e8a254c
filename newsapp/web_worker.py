"""gunicorn's worker of threads, which says in our words that an address is too long.

gunicorn refuses a line of more than 8,190 bytes before Django is asked; its settings allow no more,
or else any length at all.
"""

import socket
import time
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.http.errors import LimitRequestLine  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

PATIENCE_SECONDS = 2.0  # that the rest of a refused request may take
BLOCK = 64 * 1024


class Worker(ThreadWorker):  # type: ignore[misc]  # it has no types
    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("An address was too long: %s", exc)
        try:
            util.write_nonblock(client, _answer())
            _let_go(client)
        except OSError:
            self.log.debug("Nobody waited to be told.")


def _answer() -> bytes:
    """In every language of the site: nobody knows yet which one the reader asks for."""
    page = render_to_string("414.html", {"languages": [code for code, _name in settings.LANGUAGES]})
    body = page.encode()
    head = (
        "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nCache-Control: no-store\r\n"
        f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _let_go(client: socket.socket) -> None:
    """Read what is still sent and forget it: hung up on, a sender would not see the answer."""
    client.shutdown(socket.SHUT_WR)
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := until - time.monotonic()) > 0:
        client.settimeout(left)
        if not client.recv(BLOCK):
            return
