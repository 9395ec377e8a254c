"""What a request carries: read whole or refused, and taken off the line before it is refused."""

from __future__ import annotations

import time
from typing import IO, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

BLOCK = 64 * 1024  # bytes that are read at a time
MOST = 1024**3  # bytes of a refused body that are read and thrown away
PATIENCE_SECONDS = 20.0  # that this may take


class CutOffError(Exception):
    """Less came than was announced: the sender is gone, or the line broke."""


def whole(request: HttpRequest, limit: int) -> bytes:
    """Return the body, also one whose length nobody said beforehand (chunked).

    Raises RequestDataTooBig, CutOffError.
    """
    announced = _announced(request)
    if announced > limit:
        raise RequestDataTooBig
    try:
        body = _stream(request).read(limit + 1) if _is_chunked(request) else request.body
    except Exception as error:  # each server has its own words for a line that broke
        raise CutOffError from error
    if len(body) > limit:
        raise RequestDataTooBig
    if len(body) < announced:
        raise CutOffError
    return body


def let_go(request: HttpRequest) -> None:
    """Read what is left of a body and forget it.

    A server that answers and hangs up while the sender still sends resets the line, and the answer
    with it: nobody would read why they were refused.
    """
    if _announced(request) > MOST:
        return
    stream, left = _stream(request), MOST
    until = time.monotonic() + PATIENCE_SECONDS
    try:
        while left > 0 and time.monotonic() < until and (block := stream.read(BLOCK)):
            left -= len(block)
    except Exception:  # noqa: BLE001 - as above: nobody is there to be told
        return


def _announced(request: HttpRequest) -> int:
    """The length that was stated, in bytes; 0 for none."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _is_chunked(request: HttpRequest) -> bool:
    """Whether the server tells by itself where the body ends: Django then takes it for empty."""
    coding = request.headers.get("Transfer-Encoding", "").lower()
    return coding.endswith("chunked") and bool(request.META.get("wsgi.input_terminated"))


def _stream(request: HttpRequest) -> IO[bytes]:
    return cast("IO[bytes]", request.META["wsgi.input"] if _is_chunked(request) else request)
