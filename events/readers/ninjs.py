"""ninjs, the JSON of the wires, versions 1 to 3: Superdesk, AP, BBC, TT."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from events.readers import wire
from events.readers.dates import moment
from events.readers.markup import html_text
from events.readers.reading import Reading

MEDIA_TYPE = "application/ninjs+json"
_MARKUP = ("body_xhtml", "body_html")
_LISTS = ("item", "items", "_items")
_MARKS = frozenset((*_MARKUP, "body_text", "bodies", "headlines", "headline", "versioncreated"))


@lru_cache(maxsize=1)
def load(content: bytes) -> object:
    """Return what the JSON in `content` says, None where it is no JSON object or list."""
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {b"{", b"["}:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def recognizes(content: bytes, name: str) -> bool:
    del name
    return any(True for _ in _items(load(content)))


def read(content: bytes, name: str) -> list[Reading]:
    """Return the item, or each item of a list.

    Raises UnreadableDispatch("wire-no-text") where none has a text.
    """
    del name
    return wire.with_text([_item(item) for item in _items(load(content))], None)


def _items(found: object) -> Iterator[dict[str, Any]]:
    """The items of a list, of an answer that holds one ("item": […]), or the one alone."""
    if isinstance(found, dict):
        found = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), [found])
    for item in found if isinstance(found, list) else []:
        if not isinstance(item, dict):
            continue
        known = isinstance(item.get("uri") or item.get("guid"), str)
        standard = item.get("standard")
        named = isinstance(standard, dict) and standard.get("name") == "ninjs"
        if named or (known and not _MARKS.isdisjoint(item)):
            yield item


def _item(item: dict[str, Any]) -> Reading:
    headline = _headline(item)
    filed = moment(text_at(item, "versioncreated"))
    created = moment(text_at(item, "contentcreated", "firstcreated"))
    status = wire.status_of(text_at(item, "pubstatus"))
    embargo = wire.embargo_of(status, _embargo_end(item))
    body = _body(item)
    source = text_at(item, "provider", "source", "copyrightholder")
    dateline = text_at(item, "dateline")
    return Reading(
        text=wire.compose(headline, dateline, body) if body else "",
        media_type=MEDIA_TYPE,
        title=headline,
        published=wire.day_of(dateline, created, filed),
        language=wire.language_of(text_at(item, "language")),
        source=source,
        guid=wire.global_id(text_at(item, "guid", "uri"), source),
        version=text_at(item, "version"),
        status=embargo.status,
        embargo_until=embargo.until,
        notices=embargo.notices,
        filed_at=filed,
        dateline=dateline,
        byline=wire.byline_of(text_at(item, "byline", "by")),
        advisory=text_at(item, "ednote"),
        urgency=wire.urgency_of(text_at(item, "urgency")),
        categories=wire.unique(
            text_at(subject, "name")
            for subject in list_at(item, "subject", "subjects")
            if isinstance(subject, dict)
        ),
        link=text_at(item, "uri") if text_at(item, "uri").startswith("http") else "",
    )


def _embargo_end(item: dict[str, Any]) -> str | None:
    """What stands for its end, "" where there is one without an end, None where there is none."""
    written = next((item[key] for key in ("embargoed", "embargo") if item.get(key)), None)
    if written is None or isinstance(written, str):
        return written
    return "" if written is True else json.dumps(written, ensure_ascii=False)


def text_at(item: dict[str, Any], *keys: str) -> str:
    """The first of `keys` that has words or a number; of an object, its name."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, dict):
            value = value.get("name") or value.get("text")
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def list_at(item: dict[str, Any], *keys: str) -> list[object]:
    return next((item[key] for key in keys if isinstance(item.get(key), list)), [])


def _headline(item: dict[str, Any]) -> str:
    """`headline` before version 2; then a list, of which the one without a role or "main"."""
    if written := text_at(item, "headline"):
        return html_text(written)
    choices = [one for one in list_at(item, "headlines") if isinstance(one, dict)]
    choices.sort(key=lambda one: text_at(one, "role").lower() not in {"", "main"})
    return html_text(text_at(choices[0], "value")) if choices else text_at(item, "title")


def _body(item: dict[str, Any]) -> str:
    if written := text_at(item, *_MARKUP):
        return html_text(written)
    if written := text_at(item, "body_text"):
        return written
    choices = [one for one in list_at(item, "bodies") if isinstance(one, dict)]
    choices.sort(key=lambda one: text_at(one, "role").lower() not in {"", "main"})
    return html_text(next((value for one in choices if (value := text_at(one, "value"))), ""))
