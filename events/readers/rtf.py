"""RTF, by striprtf."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from striprtf.striprtf import rtf_to_text

from events.readers import office
from events.readers.encoding import FALLBACK
from events.readers.reading import Reading, library_reading

MEDIA_TYPE = "application/rtf"
_to_text: Callable[..., str] = rtf_to_text  # the library has no types
_CODE_PAGE = re.compile(rb"\\ansicpg([0-9]{3,5})")
_CREATED = re.compile(r"\\(?:creatim|revtim)\\yr([0-9]{4})\\mo([0-9]{1,2})\\dy([0-9]{1,2})")


def recognizes(content: bytes, name: str) -> bool:
    del name
    return content[:64].lstrip().startswith(b"{\\rtf")


def read(content: bytes, name: str) -> list[Reading]:
    """Return the text. Raises UnreadableDispatch("file-damaged")."""
    del name
    code_page = _CODE_PAGE.search(content[:4096])
    encoding = FALLBACK if code_page is None else f"cp{code_page[1].decode()}"
    with library_reading("RTF"):
        # Characters are escaped; the few bytes that are not are in the same code page.
        source = content.decode(encoding, errors="ignore")
        text = _to_text(source, encoding=encoding, errors="ignore")
    return [
        Reading(
            text=_paragraphs(text),
            media_type=MEDIA_TYPE,
            encoding=encoding,
            notices=office.saved_on(_saved(source[:20_000])),
        )
    ]


def _paragraphs(text: str) -> str:
    """A line of RTF is a paragraph."""
    return "\n\n".join(line.strip() for line in text.splitlines() if line.strip())


def _saved(head: str) -> date | None:
    found = _CREATED.search(head)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
