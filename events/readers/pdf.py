"""PDF that holds text, by pypdf; a scan has none and is refused in words."""

from __future__ import annotations

import re
import time
from datetime import datetime
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, WrongPasswordError

from events.readers import office
from events.readers.reading import Reading, UnreadableDispatch, library_reading, reason

MEDIA_TYPE = "application/pdf"
MAX_PAGES = 200
MAX_SECONDS = 30.0  # of CPU, looked at after each page
_FULL = 0.7  # of the longest line: a line that long goes on in the next
_ENDS = re.compile(r"[.!?:;»”\"…)]\s*$")


def recognizes(content: bytes, name: str) -> bool:
    del name
    return b"%PDF-" in content[:1024]


def read(content: bytes, name: str) -> list[Reading]:
    """Return the text, lines joined to paragraphs.

    Raises UnreadableDispatch: file-damaged, pdf-encrypted, pdf-no-text, file-too-slow.
    """
    del name
    with library_reading("PDF"):
        try:
            reader = PdfReader(BytesIO(content))
            pages, count = _pages(reader)
        except (FileNotDecryptedError, WrongPasswordError) as error:
            raise UnreadableDispatch("pdf-encrypted") from error
        title, saved = _metadata(reader)
    text = "\n\n".join(page for page in map(_paragraphs, pages) if page)
    if not text:
        raise UnreadableDispatch("pdf-no-text")
    notices = office.saved_on(saved.date() if saved else None)
    if count > MAX_PAGES:
        notices += (reason("pdf-cut", most=MAX_PAGES, count=count),)
    return [Reading(text=text, media_type=MEDIA_TYPE, title=title, encoding="", notices=notices)]


def _pages(reader: PdfReader) -> tuple[list[str], int]:
    started = time.process_time()
    pages = []
    count = len(reader.pages)
    for number in range(min(count, MAX_PAGES)):
        pages.append(reader.pages[number].extract_text())
        if time.process_time() - started > MAX_SECONDS:
            raise UnreadableDispatch("file-too-slow", seconds=int(MAX_SECONDS))
    return pages, count


def _metadata(reader: PdfReader) -> tuple[str, datetime | None]:
    """Title and day of making; either may be nonsense that costs nothing to leave out."""
    found = reader.metadata
    if found is None:
        return "", None
    try:
        made = found.creation_date
    except ValueError:
        made = None
    return str(found.title or ""), made


def _paragraphs(page: str) -> str:
    """Join the lines of a page: one that is full, or ends in mid-sentence, goes on below."""
    lines = [line.strip() for line in page.splitlines()]
    longest = max(map(len, lines), default=0)
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            goes_on = False
            continue
        if not goes_on:
            paragraphs.append(line)
        elif paragraphs[-1].endswith("-") and line[:1].islower():
            paragraphs[-1] = paragraphs[-1][:-1] + line
        else:
            paragraphs[-1] += f" {line}"
        goes_on = len(line) >= longest * _FULL and (len(line) == longest or not _ENDS.search(line))
    return "\n\n".join(paragraphs)
