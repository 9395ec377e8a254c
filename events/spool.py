"""Bytes that wait to be taken in: what is dropped at one go is one file, synced once.

A thousand files of their own would be a thousand syncs, and their giver waits. Rows of
`BatchItem` say which bytes of it are whose; when none waits any more, the file goes.
"""

from __future__ import annotations

import io
import os
import shutil
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from django.conf import settings

_FORGOTTEN = 24 * 3600  # seconds after which a file that no row names was never finished


@dataclass(frozen=True, slots=True)
class Slot:
    """`size` bytes of a spool file from `offset` on."""

    offset: int
    size: int


class Spool:
    """A file being written. Leaving the `with` block drops it unless it was `kept`."""

    def __init__(self) -> None:
        self.name = uuid.uuid4().hex
        self.kept = False
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = (folder / self.name).open("wb")
        self._start = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if not self.kept:
            self.drop()

    def begin(self) -> None:
        self._start = self._file.tell()

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)

    def end(self) -> Slot:
        """Return where the bytes since `begin` are."""
        return Slot(self._start, self._file.tell() - self._start)

    def add(self, content: bytes) -> Slot:
        self.begin()
        self.write(content)
        return self.end()

    def sync(self) -> None:
        """Close; after the return, the bytes survive a crash of the machine."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        descriptor = os.open(_folder(), os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def drop(self) -> None:
        self._file.close()
        remove(self.name)


class _Section(io.RawIOBase):
    """The bytes of a slot as a file of its own."""

    def __init__(self, file: BinaryIO, slot: Slot) -> None:
        self._file, self._slot, self._at = file, slot, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._slot.size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a wider type there
        size = max(0, min(len(buffer), self._slot.size - self._at))
        self._file.seek(self._slot.offset + self._at)
        chunk = self._file.read(size)
        buffer[: len(chunk)] = chunk
        self._at += len(chunk)
        return len(chunk)


@contextmanager
def reading(name: str, slot: Slot) -> Iterator[BinaryIO]:
    """The bytes of a slot as a file, seekable. Raises FileNotFoundError."""
    with (_folder() / name).open("rb") as file:
        yield io.BufferedReader(_Section(file, slot), 64 * 1024)


def load(name: str, slot: Slot) -> bytes:
    """Raises FileNotFoundError."""
    with (_folder() / name).open("rb") as file:
        file.seek(slot.offset)
        return file.read(slot.size)


def remove(name: str) -> None:
    (_folder() / name).unlink(missing_ok=True)


def remove_forgotten(named: Collection[str]) -> int:
    """Remove what no row names and nobody has written to for a day; return how many files."""
    folder = _folder()
    if not folder.exists():
        return 0
    long_ago = time.time() - _FORGOTTEN
    old = [
        path for path in folder.iterdir()
        if path.name not in named and path.stat().st_mtime < long_ago
    ]  # fmt: skip
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def free_bytes() -> int:
    """How much there is room for where originals are kept."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(folder).free


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "waiting"
