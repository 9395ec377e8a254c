"""From the bytes of a file to the text and metadata of its dispatches.

One module a format, each with `MEDIA_TYPE`, `recognizes(content, name)` and `read(content, name)`;
`READERS` is their register, asked in order. A format that holds files (ZIP, mail) is in
`CONTAINERS` and has `members(content, name, budget)` in place of `read`. A format is recognized
by its content: names and declared types lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from events.readers import (
    archive,
    docx,
    eml,
    feed,
    html,
    iptc7901,
    jsonfeed,
    newsml1,
    newsmlg2,
    ninjs,
    nitf,
    odt,
    pdf,
    rtf,
    text,
)
from events.readers.archive import Budget
from events.readers.cleaning import LOST, as_title, clean, clean_line, is_opening
from events.readers.encoding import ENCODINGS, decoded_as, telling_words
from events.readers.markup import root_name
from events.readers.reading import Member, Reading, UnreadableDispatch, reason

__all__ = [
    "ENCODINGS",
    "MOST_NESTED",
    "PAGES",
    "TITLE_LENGTH",
    "Reading",
    "UnreadableDispatch",
    "as_title",
    "clean",
    "clean_line",
    "is_archive",
    "is_opening",
    "parts",
    "read",
    "telling_words",
]

TITLE_LENGTH = 300
_LINE_LENGTH = 200
_IDENTITY_LENGTH = 255
MOST_NESTED = 1  # archives in an archive
# Formats that repeat a dispatch: their day is that of the page, not that of the dispatch.
PAGES = frozenset(one.MEDIA_TYPE for one in (html, feed, jsonfeed, eml))


class Reader(Protocol):
    MEDIA_TYPE: str

    def recognizes(self, content: bytes, name: str) -> bool: ...

    def read(self, content: bytes, name: str) -> list[Reading]: ...


class Container(Protocol):
    def recognizes(self, content: bytes, name: str) -> bool: ...

    def members(self, content: bytes, name: str, budget: Budget) -> Iterator[Member]: ...


# `text` takes what is left: it must be the last.
READERS: Sequence[Reader] = (
    newsml1,
    newsmlg2,
    nitf,
    ninjs,
    feed,
    jsonfeed,
    iptc7901,
    docx,
    odt,
    rtf,
    pdf,
    html,
    text,
)
CONTAINERS: Sequence[Container] = (archive, eml)

# What we know by its first bytes and cannot read; the names are those that people use.
_FOREIGN = (
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


def read(content: bytes, name: str = "", encoding: str = "") -> list[Reading]:
    """Return the dispatches in `content`, their text clean (NFC, line feeds, no controls).

    Of an archive, those that can be read. `encoding` is what a person says where a guess was
    wrong; it does not apply to archives and office files. Raises UnreadableDispatch with a reason
    for people where there is none: an empty file, a foreign format, a broken one, an encoding
    that cannot be (encoding-wrong).
    """
    if encoding:
        content = decoded_as(content, encoding).encode()
    found = [part for _, part in parts(content, name)]
    readings = [part for part in found if isinstance(part, Reading)]
    if not readings:
        raise next(part for part in found if isinstance(part, UnreadableDispatch))
    return readings


def parts(
    content: bytes, name: str = "", depth: int = 0
) -> Iterator[tuple[str, Reading | UnreadableDispatch]]:
    """Yield each dispatch in `content` under a name for people, or why it could not be read.

    Of an archive, every file ends as exactly one refusal or as its dispatches. Lazy: an archive's
    files are unpacked one by one. `depth` says how many archives `content` was taken out of.
    """
    return _parts(content, name, Budget(), depth)


def is_archive(content: bytes, name: str = "") -> bool:
    """Whether `content` is files packed together, and nothing of its own."""
    return _container(content, name) is archive


def _parts(
    content: bytes, name: str, budget: Budget, level: int
) -> Iterator[tuple[str, Reading | UnreadableDispatch]]:
    try:
        container = _container(content, name)
        if container is None:
            readings = _readings(content, name)
            for number, reading in enumerate(readings, start=1):
                shown = name if len(readings) == 1 else f"{name} · {number}"
                yield shown, reading if level == 0 else replace(reading, original=content)
            return
        if level > MOST_NESTED:
            raise UnreadableDispatch("zip-nested")
        for member in container.members(content, name, budget):
            shown = f"{name} › {member.name}" if member.name else name
            match member.content:
                case bytes():
                    yield from _parts(member.content, shown, budget, level + 1)
                case Reading():
                    (reading,) = _said([member.content])
                    yield shown, reading if level == 0 else replace(reading, original=content)
                case UnreadableDispatch():
                    yield shown, member.content
    except UnreadableDispatch as refusal:
        yield name, refusal


def _container(content: bytes, name: str) -> Container | None:
    if any(reader.recognizes(content, name) for reader in READERS[:-1]):
        return None
    return next((one for one in CONTAINERS if one.recognizes(content, name)), None)


def _readings(content: bytes, name: str) -> list[Reading]:
    if not content:
        raise UnreadableDispatch("file-empty")
    for reader in READERS[:-1]:
        if reader.recognizes(content, name):
            break
    else:
        _refuse_foreign(content)
        reader = READERS[-1]
    return _said(reader.read(content, name))


def _said(readings: Sequence[Reading]) -> list[Reading]:
    """The clean ones that say something."""
    cleaned = [_cleaned(reading) for reading in readings]
    told = [reading for reading in cleaned if reading.text.strip()]
    if not told:
        raise UnreadableDispatch("file-blank")
    return told


def _refuse_foreign(content: bytes) -> None:
    start = content[:1024].lstrip()
    for magic, kind in _FOREIGN:
        if start.startswith(magic):
            raise UnreadableDispatch("file-unsupported", kind=kind)
    if root := root_name(content):
        raise UnreadableDispatch("file-unsupported", kind=f"XML ({root[:40]})")
    if ninjs.load(content) is not None:
        raise UnreadableDispatch("file-unsupported", kind="JSON")


def _cleaned(reading: Reading) -> Reading:
    lost = reading.text.count(LOST)
    return replace(
        reading,
        notices=reading.notices + ((reason("characters-lost", count=lost),) if lost else ()),
        text=clean(reading.text),
        title=clean_line(reading.title, TITLE_LENGTH),
        source=clean_line(reading.source, _LINE_LENGTH),
        guid=clean_line(reading.guid, _IDENTITY_LENGTH),
        version=clean_line(reading.version, 40),
        dateline=clean_line(reading.dateline, _LINE_LENGTH),
        byline=clean_line(reading.byline, _LINE_LENGTH),
        advisory=clean_line(reading.advisory, 1000),
        categories=tuple(clean_line(word, 100) for word in reading.categories),
        link=clean_line(reading.link, 2000) if reading.link.startswith(("http:", "https:")) else "",
    )
