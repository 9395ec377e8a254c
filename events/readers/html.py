"""A web page: its article by trafilatura, the day that its metadata declares by htmldate."""

from __future__ import annotations

import re
from datetime import date

import trafilatura
from htmldate import find_date
from lxml import html
from lxml.etree import LxmlError
from trafilatura.settings import Document

from events.readers.encoding import decode
from events.readers.markup import depth_of
from events.readers.reading import Reading, UnreadableDispatch, reason
from events.readers.text import encoding_notices

MEDIA_TYPE = "text/html"
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|body|article|p|div|h[1-6]|b|strong|em|i|span|font|center|"
    rb"blockquote|ul|ol|br|hr|figure)\b",
    re.I | re.S,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)
_LANGUAGE = re.compile(r"[a-zA-Z]{2}(?=$|[-_])")
_EARLIEST = "1900-01-01"
MAX_DEPTH = 500  # levels


def recognizes(content: bytes, name: str) -> bool:
    del name
    return _MARKUP.match(content[:8192].removeprefix(b"\xef\xbb\xbf")) is not None


def read(content: bytes, name: str) -> list[Reading]:
    """Return the article of the page, its headline first.

    Raises UnreadableDispatch: html-no-article where nothing but navigation is left, html-too-deep.
    """
    del name
    charset = _CHARSET.search(content[:4096])
    decoded = decode(content, charset[1].decode("ascii") if charset else "")
    try:
        # Without `huge_tree`, libxml2 drops what lies deeper than 256 levels in silence.
        page = html.document_fromstring(decoded.text, parser=html.HTMLParser(huge_tree=True))
    except (LxmlError, ValueError) as error:
        raise UnreadableDispatch("html-no-article") from error
    if depth_of(page) > MAX_DEPTH:
        raise UnreadableDispatch("html-too-deep", levels=MAX_DEPTH)
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    if not isinstance(found, Document) or not (found.text or "").strip():
        raise UnreadableDispatch("html-no-article")
    title = (found.title or "").strip()
    body = (found.text or "").strip()
    published = _declared_day(page)
    notices = encoding_notices(decoded)
    if published is None and (seen := _day_on_the_page(page)):
        notices += (reason("html-day-not-believed", date=seen),)
    language = _LANGUAGE.match(page.get("lang") or "")
    return [
        Reading(
            text=body if body.startswith(title) else f"{title}\n\n{body}",
            media_type=MEDIA_TYPE,
            title=title,
            published=published,
            language=language[0].lower() if language else "",
            source=(found.sitename or "").strip(),
            encoding=decoded.encoding,
            encoding_guessed=decoded.guessed,
            notices=notices,
        )
    ]


def _declared_day(page: html.HtmlElement) -> date | None:
    """The publication day of meta tags and JSON-LD: what the page says of itself.

    Its visible text is left out: there htmldate may take the footer's "updated on".
    """
    head = html.Element("html")
    for node in page.iter("meta", "script"):
        if node.tag == "meta" or node.get("type") == "application/ld+json":
            copy = html.Element(node.tag, dict(node.attrib))
            copy.text = node.text
            head.append(copy)
    return _day(head)


def _day_on_the_page(page: html.HtmlElement) -> date | None:
    return _day(page)


def _day(page: html.HtmlElement) -> date | None:
    found = find_date(page, original_date=True, min_date=_EARLIEST, extensive_search=True)
    return date.fromisoformat(found) if found else None
