"""Start all of Frise with one command: `make run`.

    python -m tools.run [--demo]

Redis (unless REDIS_URL names one), the web server, the worker, the sweeper and the poller of feeds
run under one supervisor; Ctrl-C stops all of them. HOST and PORT say where the site answers.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import ipaddress
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools import redis_server
from tools.supervisor import Program, Supervisor, die_with_parent

ROOT = Path(__file__).resolve().parent.parent
LOOK_SECONDS = 2.0  # between two looks at how reading goes
BACKLOG = 128  # connections that wait while the web server starts


class StartError(Exception):
    """One line for a person: what is in the way and what to do."""


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def port_of(text: str) -> int:
    """Read a port. Raises StartError if it is none."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise StartError(f"PORT is a number from 1 to 65535, not {text!r}")
    return int(text)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens: the address is ours before anything else is started.

    Raises StartError if it is somebody else's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                f"port {port} is in use by another program: make run PORT={port + 1}"
            ) from None
        raise StartError(f"cannot listen at {host}:{port}: {error.strerror}") from None
    return listener


def lock(folder: Path) -> int:
    """Take `folder` for this process alone; the kernel gives it back when the process ends.

    Raises StartError if another Frise runs there.
    """
    handle = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        where = os.read(handle, 200).decode() or "another port"
        raise StartError(f"Frise already runs from this folder, at {where}") from None
    return handle


def write_secret_key(folder: Path) -> None:
    """Write a secret key on the first start; settings.py reads it."""
    path = folder / "secret-key"
    if path.exists() and path.read_text().strip():
        return
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(50))


class Health:
    """Asks the web server for /healthz again and again, without ever blocking."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._connection: socket.socket | None = None
        self._answer = b""

    def look(self) -> dict[str, int] | None:
        """Return the answer once it has come whole, None until then. To be called often."""
        try:
            if self._connection is None:
                self._connection = socket.create_connection(self._address, timeout=0.1)
                host = f"{self._address[0]}:{self._address[1]}".encode()
                self._connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: " + host + b"\r\n\r\n")
                self._answer = b""
            while select.select([self._connection], [], [], 0)[0]:
                received = self._connection.recv(65536)
                self._answer += received
                if not received:
                    self._connection.close()
                    self._connection = None
                    found: dict[str, int] = json.loads(self._answer.partition(b"\r\n\r\n")[2])
                    return found
        except (OSError, ValueError):  # not up yet, or just started again
            self._connection = None
        return None


class Announcer:
    """Says when the site answers, and how reading goes until all that waited has been read."""

    def __init__(self, url: str, health: Health) -> None:
        self._url, self._health = url, health
        self._started = time.monotonic()
        self._answers, self._done = False, False
        self._waiting, self._next_look = -1, 0.0

    def tell(self, say: Callable[[str], None], on_answer: Callable[[], None]) -> None:
        """Look, if it is time to; call `on_answer` once, when the first page stands."""
        if self._done or time.monotonic() < self._next_look:
            return
        health = self._health.look()
        if health is None:
            return
        if not self._answers:
            self._answers = True
            seconds = time.monotonic() - self._started
            say(f"{self._url} answers after {seconds:.1f} s. Ctrl-C stops.")
            on_answer()
        self._next_look = time.monotonic() + LOOK_SECONDS
        waiting = health.get("waiting", 0)
        if waiting == 0:
            self._done = True
            if self._waiting > 0:
                say("every dispatch has been read.")
        elif waiting != self._waiting:
            say(f"{waiting} {'dispatch waits' if waiting == 1 else 'dispatches wait'} to be read …")
        self._waiting = waiting


def web_server(listener: socket.socket, environment: dict[str, str]) -> Program:
    command = [
        sys.executable, "-m", "gunicorn", "newsapp.wsgi",
        "--config", "python:newsapp.gunicorn_conf", "--bind", f"fd://{listener.fileno()}",
        "--workers", "2", "--threads", "4", "--timeout", "30",
        "--graceful-timeout", "3", "--log-level", "warning", "--preload",
    ]  # fmt: skip
    return Program("web", command, environment, pass_fds=(listener.fileno(),))


def readers(environment: dict[str, str]) -> list[Program]:
    """Return what runs beside Redis and web, in the order of starting."""
    python = sys.executable
    processes = os.environ.get("CONCURRENCY", str(min(2, os.cpu_count() or 1)))
    worker = [
        python, "-m", "celery", "-q", "-A", "newsapp", "worker", "--concurrency", processes,
        "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat",
        "--hostname", "frise@%h",
    ]  # fmt: skip
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return [
        # SIGQUIT: stop now. A dispatch that was being read is read again after its lease.
        Program("worker", worker, environment | one_thread | quiet, stop_with=signal.SIGQUIT),
        Program("sweeper", [python, "manage.py", "sweep"], environment | one_thread),
        *_watcher(environment | one_thread),
        Program("feeds", [python, "manage.py", "poll_feeds"], environment | one_thread),
    ]


def _watcher(environment: dict[str, str]) -> list[Program]:
    """The watcher of a folder, if one is named."""
    if not os.environ.get("WATCH_FOLDER"):
        return []
    return [Program("folder", [sys.executable, "manage.py", "watch"], environment)]


def prepare(supervisor: Supervisor, environment: dict[str, str], *, demo: bool) -> bool:
    """Bring database, static files, administrator and first dispatches up to date.

    Returns False if that failed or was interrupted; tools/prepare.py has then said why.
    """
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-m", "tools.prepare", *(["--demo"] if demo else [])],
        env=os.environ | environment,
        start_new_session=True,
        preexec_fn=die_with_parent,  # safe: this process has no threads
    )
    while process.poll() is None:
        supervisor.turn()
        if supervisor.stopping:
            process.terminate()
            process.wait()
            return False
    return process.returncode == 0


def run(*, demo: bool) -> int:
    """Run until Ctrl-C. Returns the exit status. Raises StartError."""
    os.chdir(ROOT)
    host, port = os.environ.get("HOST", "127.0.0.1"), port_of(os.environ.get("PORT", "8000"))
    folder = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = lock(folder)
    listener = listen(host, port)
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - a comparison
    url = f"http://{shown}:{port}/"
    os.ftruncate(held, 0)
    os.write(held, url.encode())
    write_secret_key(folder)

    environment = {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "newsapp.settings"}
    if "PUBLIC_EVENTS" not in os.environ and is_loopback(host):
        environment["PUBLIC_EVENTS"] = "all"  # one's own laptop
    redis = None
    if not os.environ.get("REDIS_URL"):
        socket_file = redis_server.socket_path(folder)
        environment["REDIS_URL"] = redis_server.socket_url(socket_file)
        redis = Program("redis", redis_server.command(socket_file))

    announcer = Announcer(url, Health(shown, port))

    def start_readers() -> None:
        supervisor.say("the worker loads its language models …")
        for program in readers(environment):
            supervisor.start(program)

    with Supervisor(on_tick=lambda: announcer.tell(supervisor.say, start_readers)) as supervisor:
        if redis is not None:
            supervisor.start(redis)
        supervisor.say("preparing database and pages …")
        if not prepare(supervisor, environment, demo=demo):
            return 0 if supervisor.stopping else 1
        if not is_loopback(host) and "ALLOWED_HOSTS" not in os.environ:
            supervisor.say("set ALLOWED_HOSTS to the names that others use for this machine.")
        # Models take seconds of both cores: first the page that somebody waits for.
        supervisor.start(web_server(listener, environment))
        return supervisor.run()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Start all of Frise; Ctrl-C stops it.")
    parser.add_argument("--demo", action="store_true", help="with the demonstration's dispatches")
    options = parser.parse_args(arguments)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # whoever kills `make` means us
    try:
        return run(demo=options.demo)
    except StartError as reason:
        print(f"   frise │ {reason}", file=sys.stderr)  # noqa: T201 - a command's own words
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
