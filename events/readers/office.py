"""What DOCX and ODT share: a ZIP of XML files, checked before anything else looks at it."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

from lxml import etree

from events.readers import archive, wire
from events.readers.archive import Budget
from events.readers.markup import parse
from events.readers.reading import UnreadableDispatch, reason

_TITLE = ".//title"
_SAVED = (".//modified", ".//created", ".//date", ".//creation-date")


def holds(content: bytes, member: str) -> bool:
    """Whether `content` is an archive with a file of that name."""
    if not content.startswith(b"PK"):
        return False
    try:
        return member in archive.open_archive(BytesIO(content)).NameToInfo
    except UnreadableDispatch:
        return False


def xml_members(content: bytes, kind: str) -> dict[str, etree._Element]:
    """Return the XML files by name, each within the limits of an archive's files.

    Raises UnreadableDispatch as an archive does; file-damaged where an XML file is broken or
    declares entities, which no office program writes.
    """
    opened = archive.open_archive(BytesIO(content))
    budget = Budget()
    return {
        info.filename: _checked(opened, info, budget, kind)
        for info in opened.infolist()
        if info.filename.lower().endswith((".xml", ".rels"))
    }


def _checked(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget, kind: str
) -> etree._Element:
    try:
        root = parse(archive.unpack(opened, info, budget)).root
    except UnreadableDispatch as refusal:
        if refusal.reason["code"] == "xml-damaged":
            raise UnreadableDispatch("file-damaged", kind=kind) from refusal
        raise
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDispatch("file-damaged", kind=kind)
    return root


def title_of(properties: etree._Element | None) -> str:
    return "" if properties is None else wire.text_at(properties, _TITLE)


def saved_notice(properties: etree._Element | None) -> tuple[dict[str, object], ...]:
    """The day that the file was saved: seldom that of the dispatch, so it is only told."""
    instant = None if properties is None else wire.moment_at(properties, *_SAVED)
    return saved_on(instant.date() if instant else None)


def saved_on(day: date | None) -> tuple[dict[str, object], ...]:
    return (reason("file-saved", date=day),) if day else ()
