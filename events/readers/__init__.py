"""From the bytes of a file to the text and metadata of its dispatches.

One module a format, each with `MEDIA_TYPE`, `recognizes(content, name)` and `read(content, name)`;
`READERS` is their register, asked in order. A format is recognized by its content: names and
declared types lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from events.readers import html, text
from events.readers.cleaning import clean, clean_line
from events.readers.reading import Reading, UnreadableDispatch

__all__ = ["TITLE_LENGTH", "Reading", "UnreadableDispatch", "clean", "clean_line", "read"]

TITLE_LENGTH = 300


class Reader(Protocol):
    MEDIA_TYPE: str

    def recognizes(self, content: bytes, name: str) -> bool: ...

    def read(self, content: bytes, name: str) -> list[Reading]: ...


READERS: Sequence[Reader] = (html, text)  # `text` takes what is left: it must be the last

# What we know by its first bytes and cannot read; the names are those that people use.
_FOREIGN = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office 97-2003"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"ID3", "MP3"),
    (b"<svg", "SVG"),
)


def read(content: bytes, name: str = "") -> list[Reading]:
    """Return the dispatches in `content`, their text clean (NFC, line feeds, no controls).

    Raises UnreadableDispatch with a reason for people: an empty file, a foreign format, a broken
    one. `name` only helps where a format's content alone does not settle it.
    """
    if not content:
        raise UnreadableDispatch("file-empty")
    for reader in READERS[:-1]:
        if reader.recognizes(content, name):
            break
    else:
        _refuse_foreign(content)
        reader = READERS[-1]
    readings = [_cleaned(reading) for reading in reader.read(content, name)]
    readings = [reading for reading in readings if reading.text.strip()]
    if not readings:
        raise UnreadableDispatch("file-blank")
    return readings


def _refuse_foreign(content: bytes) -> None:
    start = content[:1024].lstrip()
    for magic, kind in _FOREIGN:
        if start.startswith(magic):
            raise UnreadableDispatch("file-unsupported", kind=kind)


def _cleaned(reading: Reading) -> Reading:
    return replace(
        reading,
        text=clean(reading.text),
        title=clean_line(reading.title, TITLE_LENGTH),
        source=clean_line(reading.source, 200),
    )
