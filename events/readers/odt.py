"""ODT. (odfdo was tried: it reads deleted text and comments, and glues headings to paragraphs.)"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from events.readers import office
from events.readers.reading import Reading, UnreadableDispatch

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_CONTENT = "content.xml"
_TYPE = b"mimetypeapplication/vnd.oasis.opendocument.text"  # name and bytes of the first member
_UNSEEN = frozenset(("tracked-changes", "annotation", "annotation-end", "sequence-decls", "frame"))
_MOST_SPACES = 100


def recognizes(content: bytes, name: str) -> bool:
    del name
    return content[30 : 30 + len(_TYPE)] == _TYPE and office.holds(content, _CONTENT)


def read(content: bytes, name: str) -> list[Reading]:
    """Return the text. Raises UnreadableDispatch: file-damaged, xml-too-deep, as an archive."""
    del name
    files = office.xml_members(content, "ODT")
    body = files[_CONTENT].find("body/text")
    if body is None:
        raise UnreadableDispatch("file-damaged", kind="ODT")
    properties = files.get("meta.xml")
    return [
        Reading(
            text=re.sub(r"\n{3,}", "\n\n", "".join(_pieces(body))).strip(),
            media_type=MEDIA_TYPE,
            title=office.title_of(properties),
            encoding="",
            notices=office.saved_notice(properties),
        )
    ]


def _pieces(element: etree._Element) -> Iterator[str]:
    tag = element.tag
    if not isinstance(tag, str) or tag in _UNSEEN:
        return
    if tag == "line-break":
        yield "\n"
    elif tag in {"tab", "table-cell"}:
        yield "\t"
    elif tag == "s":
        yield " " * _count(element)
    flows = tag not in {"text", "list", "list-item", "table", "table-row", "table-cell", "section"}
    if flows:
        yield re.sub(r"\s+", " ", element.text or "")
    for child in element:
        yield from _pieces(child)
        if flows:
            yield re.sub(r"\s+", " ", child.tail or "")
    if tag in {"p", "h"}:
        yield "\n\n"


def _count(spaces: etree._Element) -> int:
    """How many spaces `<text:s text:c="3"/>` stands for."""
    written = next((v for k, v in spaces.items() if str(k).endswith("}c")), "1")
    return min(int(written), _MOST_SPACES) if written.isascii() and written.isdigit() else 1
