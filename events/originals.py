"""The files as they were given, kept by the hash of their bytes. Nothing is ever overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def store(content: bytes) -> str:
    """Write `content` durably and return its SHA-256; what is already there is not written again.

    After the return, the bytes and their name survive a crash of the machine.
    """
    return store_all([content])[0]


def store_all(contents: Iterable[bytes]) -> list[str]:
    """The same for many: each file is synced, each folder once."""
    folders: set[Path] = set()
    digests = []
    for content in contents:
        digest = hashlib.sha256(content).hexdigest()
        digests.append(digest)
        path = path_of(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, content)
            folders |= {path.parent, path.parent.parent}
    for folder in folders:
        _sync_folder(folder)
    return digests


def _write(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(digest: str) -> bytes:
    """Return the bytes whose SHA-256 is `digest`. Raises FileNotFoundError."""
    return path_of(digest).read_bytes()


def path_of(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
