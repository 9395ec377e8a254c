"""JSON Feed, which feedparser does not read."""

from __future__ import annotations

import json
from typing import Any

from events.readers import ninjs, wire
from events.readers.dates import moment
from events.readers.feed import MAX_ENTRIES
from events.readers.markup import html_text
from events.readers.reading import Reading, UnreadableDispatch, reason

MEDIA_TYPE = "application/feed+json"
_VERSION = "https://jsonfeed.org/version/1.1"


def recognizes(content: bytes, name: str) -> bool:
    del name
    return _feed(content) is not None


def read(content: bytes, name: str) -> list[Reading]:
    """Return an entry each. Raises UnreadableDispatch("feed-empty")."""
    del name
    feed = _feed(content) or {}
    items = [item for item in ninjs.list_at(feed, "items") if isinstance(item, dict)]
    notices: tuple[dict[str, object], ...] = ()
    if len(items) > MAX_ENTRIES:
        notices = (reason("feed-cut", most=MAX_ENTRIES, count=len(items)),)
    entries = [_entry(item, feed) for item in items[:MAX_ENTRIES]]
    readings = wire.noticed([entry for entry in entries if entry.text], notices)
    if not readings:
        raise UnreadableDispatch("feed-empty")
    return readings


def write(entry: Reading) -> bytes:
    """Return `entry` as a JSON Feed of its own, which `read` gives back: what is kept of it."""
    item = {
        "id": entry.guid or entry.link or entry.title,
        "url": entry.link,
        "title": entry.title,
        "content_text": entry.text,
        "language": entry.language,
        "date_published": entry.published.isoformat() if entry.published else "",
        "date_modified": entry.filed_at.isoformat() if entry.filed_at else "",
        "authors": [{"name": entry.byline}] if entry.byline else [],
        "tags": entry.categories,
    }
    said = {key: value for key, value in item.items() if value}
    feed = {"version": _VERSION, "title": entry.source, "items": [said]}
    return json.dumps(feed, ensure_ascii=False).encode()


def _feed(content: bytes) -> dict[str, Any] | None:
    found = ninjs.load(content)
    if isinstance(found, dict) and "jsonfeed.org/version/" in ninjs.text_at(found, "version"):
        return found
    return None


def _entry(item: dict[str, Any], feed: dict[str, Any]) -> Reading:
    text = ninjs.text_at
    title = " ".join(html_text(text(item, "title")).split())
    body = text(item, "content_text") or html_text(text(item, "content_html", "summary"))
    published = moment(text(item, "date_published")) or moment(text(item, "date_modified"))
    authors = [*ninjs.list_at(item, "authors"), item.get("author")]
    return Reading(
        text=wire.compose(title, "", body) if body else title,
        media_type=MEDIA_TYPE,
        title=title,
        published=published.date() if published else None,
        language=wire.language_of(text(item, "language"), text(feed, "language")),
        source=text(feed, "title"),
        guid=wire.global_id(
            text(item, "id", "url"), text(feed, "home_page_url", "feed_url", "title")
        ),
        filed_at=moment(text(item, "date_modified")) or published,
        byline=next((text(one, "name") for one in authors if isinstance(one, dict)), ""),
        categories=wire.unique(tag for tag in ninjs.list_at(item, "tags") if isinstance(tag, str)),
        link=text(item, "url", "external_url"),
    )
