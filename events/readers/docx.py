"""DOCX, by mammoth: tracked insertions are text, deletions and comments are not."""

from __future__ import annotations

from io import BytesIO

import mammoth

from events.readers import office
from events.readers.reading import Reading, library_reading

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def recognizes(content: bytes, name: str) -> bool:
    del name
    return office.holds(content, "word/document.xml")


def read(content: bytes, name: str) -> list[Reading]:
    """Return the text. Raises UnreadableDispatch: file-damaged, xml-too-deep, as an archive."""
    del name
    files = office.xml_members(content, "DOCX")
    with library_reading("DOCX"):
        text = mammoth.extract_raw_text(BytesIO(content)).value
    properties = files.get("docProps/core.xml")
    return [
        Reading(
            text=text.strip(),
            media_type=MEDIA_TYPE,
            title=office.title_of(properties),
            encoding="",
            notices=office.saved_notice(properties),
        )
    ]
