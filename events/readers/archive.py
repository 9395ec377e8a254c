"""ZIP: each file in it, under limits that are counted while reading."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO

from events.readers.reading import Member, UnreadableDispatch

MAX_MEMBERS = 5_000
MAX_UNPACKED = 500 * 1024 * 1024  # bytes, of a whole archive with those nested in it
MAX_MEMBER = 10 * 1024 * 1024  # bytes of one file
MAX_RATIO = 100  # unpacked ÷ packed; text packs 3 to 10 times
_SMALL = 1024 * 1024  # bytes; below, a ratio does no harm
_CHUNK = 64 * 1024
_BLOCK = 1024 * 1024
_START = (b"PK\x03\x04", b"PK\x05\x06")
_CENTRAL = b"PK\x01\x02"
# Left by systems, never by people.
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
           ValueError)  # fmt: skip


@dataclass(slots=True)
class Budget:
    """What is left for an archive and all that is nested in it."""

    members: int = MAX_MEMBERS
    size: int = MAX_UNPACKED  # bytes


def recognizes(content: bytes, name: str) -> bool:
    """Begins as a ZIP; office documents do too, and are asked before."""
    del name
    return content.startswith(_START)


def open_archive(file: BinaryIO) -> zipfile.ZipFile:
    """Return the archive, its directory read.

    Raises UnreadableDispatch: zip-too-many, zip-damaged.
    """
    # Counted first: to list 70,000 members alone takes seconds.
    if _count(file, _CENTRAL) > MAX_MEMBERS:
        raise UnreadableDispatch("zip-too-many", most=MAX_MEMBERS)
    try:
        return zipfile.ZipFile(file)
    except _BROKEN as error:
        raise UnreadableDispatch("zip-damaged") from error


def members(content: bytes, name: str, budget: Budget) -> Iterator[Member]:
    """Yield each file, with its bytes or why it cannot be had. Names are shown, never used.

    Raises UnreadableDispatch as `open_archive` does, and zip-empty.
    """
    del name
    return members_of(BytesIO(content), budget)


def members_of(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """The same of an archive that is not held in memory."""
    archive = open_archive(file)
    files = [info for info in archive.infolist() if not info.is_dir() and not _is_litter(info)]
    if not files:
        raise UnreadableDispatch("zip-empty")
    for info in files:
        budget.members -= 1
        if budget.members < 0:
            yield Member(_shown(info), UnreadableDispatch("zip-too-many", most=MAX_MEMBERS))
            return
        try:
            yield Member(_shown(info), unpack(archive, info, budget))
        except UnreadableDispatch as refusal:
            yield Member(_shown(info), refusal)


def is_office(file: BinaryIO) -> bool:
    """Whether a ZIP is a document of an office program, whatever is wrong with it."""
    try:
        names = set(open_archive(file).namelist())
    except UnreadableDispatch:
        return False
    return "[Content_Types].xml" in names or "mimetype" in names


def _count(file: BinaryIO, mark: bytes) -> int:
    found = 0
    rest = b""
    file.seek(0)
    while chunk := file.read(_BLOCK):
        found += (rest + chunk).count(mark)
        rest = (rest + chunk)[1 - len(mark) :]
    file.seek(0)
    return found


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> bytes:
    """Return the bytes of one file; what its header says of its size is not believed.

    Raises UnreadableDispatch: zip-encrypted, zip-link, zip-ratio, zip-too-large, file-too-large,
    zip-damaged.
    """
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableDispatch("zip-encrypted")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableDispatch("zip-link")
    chunks = []
    size = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                budget.size -= len(chunk)
                _check(size, info.compress_size, budget)
                chunks.append(chunk)
    except _BROKEN as error:
        raise UnreadableDispatch("zip-damaged") from error
    return b"".join(chunks)


def _check(size: int, packed: int, budget: Budget) -> None:
    if budget.size < 0:
        raise UnreadableDispatch("zip-too-large", megabytes=MAX_UNPACKED // (1024 * 1024))
    if size > _SMALL and size > packed * MAX_RATIO:
        raise UnreadableDispatch("zip-ratio", most=MAX_RATIO)
    if size > MAX_MEMBER:
        raise UnreadableDispatch("file-too-large", megabytes=MAX_MEMBER // (1024 * 1024))


def _is_litter(info: zipfile.ZipInfo) -> bool:
    return info.filename.startswith(_LITTER[0]) or (
        PurePosixPath(info.filename).name in _LITTER[1:]
    )


def _shown(info: zipfile.ZipInfo) -> str:
    """The name as its owner wrote it: without the flag for UTF-8, zipfile takes it for cp437."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        written = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp850")  # what Windows writes in western Europe
