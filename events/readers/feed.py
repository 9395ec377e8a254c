"""RSS, Atom and RDF: each entry is a dispatch."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import feedparser

from events.readers import wire
from events.readers.dates import moment
from events.readers.markup import html_text, mended, parse, root_name
from events.readers.reading import Reading, UnreadableDispatch, library_reading, reason

MEDIA_TYPE = "application/rss+xml"
MAX_ENTRIES = 500  # the newest; a feed is in reverse order
_ROOTS = frozenset(("rss", "feed", "RDF"))


def recognizes(content: bytes, name: str) -> bool:
    del name
    return root_name(content) in _ROOTS


def read(content: bytes, name: str) -> list[Reading]:
    """Return an entry each: its whole text where the feed has it, else title and summary.

    What does not parse as XML is read as far as it goes, with a notice.
    Raises UnreadableDispatch: xml-too-deep, file-damaged, feed-empty.
    """
    del name
    content, damaged = _well_formed(content)
    with library_reading("feed"):
        feed = feedparser.parse(BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
        entries = [_entry(entry, feed.feed) for entry in feed.entries[:MAX_ENTRIES]]
        count = len(feed.entries)
    notices: tuple[dict[str, object], ...] = ()
    if damaged:
        notices += (reason("feed-damaged"),)
    if count > MAX_ENTRIES:
        notices += (reason("feed-cut", most=MAX_ENTRIES, count=count),)
    readings = wire.noticed([entry for entry in entries if entry.text], notices)
    if not readings:
        raise UnreadableDispatch("feed-empty")
    return readings


def _well_formed(content: bytes) -> tuple[bytes, bool]:
    """Return XML that parses, and whether it had to be mended.

    feedparser's own way with damaged feeds takes minutes over deep or unclosed ones.
    """
    try:
        parse(content)
    except UnreadableDispatch as refusal:
        if refusal.reason["code"] != "xml-damaged":
            raise
        return mended(content), True
    return content, False


def _entry(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> Reading:
    title = " ".join(html_text(_text(entry, "title")).split())
    contents = [html_text(_text(one, "value")) for one in entry.get("content") or ()]
    body = max((*contents, html_text(_text(entry, "summary"))), key=len)
    published = moment(_text(entry, "published")) or moment(_text(entry, "updated"))
    return Reading(
        text=wire.compose(title, "", body) if body != title else title,
        media_type=MEDIA_TYPE,
        title=title,
        published=published.date() if published else None,
        language=wire.language_of(_text(entry, "language"), _text(feed, "language")),
        source=html_text(_text(feed, "title")),
        encoding="",
        guid=wire.global_id(
            _text(entry, "id") or _text(entry, "link"),
            _text(feed, "link") or _text(feed, "id") or _text(feed, "title"),
        ),
        filed_at=moment(_text(entry, "updated")) or published,
        byline=wire.byline_of(_text(entry, "author")),
        categories=wire.unique(_text(tag, "term") for tag in entry.get("tags") or ()),
        link=_text(entry, "link"),
    )


def _text(found: Mapping[str, Any], key: str) -> str:
    # Not `found.get`: feedparser answers "updated" with another date and a warning.
    value = dict.get(found, key) if isinstance(found, dict) else None
    return value.strip() if isinstance(value, str) else ""
