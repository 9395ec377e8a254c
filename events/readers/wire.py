"""What the agencies' formats have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from html import unescape
from typing import Final

from lxml import etree

from events.readers.dates import day, moment
from events.readers.encoding import Decoded
from events.readers.markup import html_text, line_of, text_of
from events.readers.reading import Reading, UnreadableDispatch, WireStatus, reason
from events.readers.text import encoding_notices

XML_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
MAX_CATEGORIES = 50
_HEAD = 200  # characters in which a body may bring its dateline
_NEAR = timedelta(days=4)  # between the day of a dateline and that of the item's filing
_DATELINE_DAY = re.compile(
    r"(?P<day>[0-3]?[0-9])(?:er|st|nd|rd|th)?\s(?P<month>[^\W\d_]{3,10})\b"
    r"|(?P<first>[^\W\d_]{3,10})\.?\s(?P<second>[0-3]?[0-9])\b"
)
_INLINE = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ESCAPED = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_BY = re.compile(r"^(?:By|Par|Von)\s")
_SHOWN = 60  # characters of an embargo that cannot be read
_NO = frozenset(("0", "false", "no", "none", "null"))  # an embargo that is none


@dataclass(frozen=True, slots=True)
class Embargo:
    """Whether an item may be used, and from when on; `until` None of an embargoed item: never yet.

    `notices` say what could not be read.
    """

    status: WireStatus
    until: datetime | None = None
    notices: tuple[dict[str, object], ...] = field(default=())


def compose(headline: str, dateline: str, body: str) -> str:
    """Return the dispatch as it is printed: headline, then the body after its dateline.

    A body that brings the dateline's words itself is left as it is.
    """
    body = body.strip()
    if dateline and dateline.rstrip(" -–—_") not in body[:_HEAD]:
        dash = "" if dateline.endswith(("-", "–", "—", "_")) else " -"
        body = f"{dateline}{dash} {body}"
    if headline and not body.startswith(headline):
        return f"{headline}\n\n{body}"
    return body


def day_of(dateline: str, *instants: datetime | None) -> date | None:
    """Return the day of an item: of its dateline if that is near an instant, else the first one's.

    A dateline has no year or an unsure one; the text counts its "today" from it all the same,
    and a version sent past midnight UTC keeps the day of its place.
    """
    known = [instant.date() for instant in instants if instant is not None]
    written = _DATELINE_DAY.search(dateline)
    if written and known:
        number, month = written["day"] or written["second"], written["month"] or written["first"]
        for near in known:
            for year in (near.year, near.year - 1, near.year + 1):
                found = day(f"{number} {month} {year}")
                if found is not None and abs(found - near) <= _NEAR:
                    return found
    return known[0] if known else None


def global_id(written: str, owner: str) -> str:
    """Return an id that two senders cannot both use: "1208" is one only with who wrote it."""
    return written if ":" in written or not written or not owner else f"id:{owner}#{written}"


def byline_of(written: str) -> str:
    return _BY.sub("", written)


def status_of(written: str) -> WireStatus:
    """Return what a status means, in the many spellings of the wires ("stat:canceled").

    "Withheld" is an embargo until further notice. What no one knows is usable.
    """
    word = written.rpartition(":")[2].strip().lower()
    if word.startswith(("cancel", "kill", "withdraw")):
        return "canceled"
    if word.startswith(("embargo", "withheld")):
        return "embargoed"
    return "usable"


def embargo_of(status: WireStatus, ends: str | None) -> Embargo:
    """Return what an item of this status, with this written as the end of an embargo, asks for.

    `ends` is None where the item names no end. One that cannot be read ("demain matin") holds until
    further notice: to show a text late mends itself, to show it early does not.
    """
    written = " ".join((ends or "").split())
    if ends is None or status == "canceled" or written.lower() in _NO:
        return Embargo(status)
    until = moment(written)
    if until is None and written:
        unread = reason("embargo-unread", words=written[:_SHOWN])
        return Embargo("embargoed", None, (unread,))
    return Embargo("embargoed", until)


def urgency_of(written: str | None) -> int:
    text = (written or "").strip()
    return int(text) if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= 9 else 0


def language_of(*written: str | None) -> str:
    """Return the first language code among `written`, without its country."""
    for code in written:
        short = (code or "").strip().lower().replace("_", "-").partition("-")[0]
        if 2 <= len(short) <= 3 and short.isalpha():
            return short
    return ""


def body_text(element: etree._Element | None) -> str:
    """Return the words of an element that holds markup, markup as text, or plain lines."""
    if element is None:
        return ""
    if len(element):
        return text_of(element)
    text = element.text or ""
    if "<p" in text.lower() or "<br" in text.lower():
        return html_text(text)
    lines = (line.strip() for line in unescape(_INLINE.sub("", text)).splitlines())
    return "\n".join(lines).strip()


def text_at(element: etree._Element, *paths: str) -> str:
    """Return the words at the first of `paths` that has any, on one line."""
    for path in paths:
        for found in element.iterfind(path):
            if words := line_of(found):
                return words
    return ""


def value_at(element: etree._Element, name: str, *paths: str) -> str:
    """Return the attribute `name` at the first of `paths` that has one."""
    for path in paths:
        for found in element.iterfind(path):
            if value := (found.get(name) or "").strip():
                return value
    return ""


def moment_at(element: etree._Element, *paths: str) -> datetime | None:
    """Return the instant at the first of `paths` where one can be read."""
    for path in paths:
        for found in element.iterfind(path):
            if instant := moment(found.text):
                return instant
    return None


def unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))[:MAX_CATEGORIES]


def noticed(readings: Sequence[Reading], notices: tuple[dict[str, object], ...]) -> list[Reading]:
    return [replace(reading, notices=reading.notices + notices) for reading in readings]


def with_text(readings: Sequence[Reading], decoded: Decoded | None) -> list[Reading]:
    """Return the items that say something; a kill without a body says so by its headline.

    Raises UnreadableDispatch("wire-no-text") where none does: pictures, references, packages.
    """
    from_decoded = encoding_notices(decoded) if decoded else ()
    kept = []
    for reading in readings:
        text = _unescaped(reading.text.strip())
        if not text and reading.status == "canceled":
            text = reading.title or reading.advisory or reading.guid
        if text:
            kept.append(_changed(reading, text, decoded, from_decoded))
    if not kept:
        raise UnreadableDispatch("wire-no-text")
    return kept


def _changed(
    reading: Reading,
    text: str,
    decoded: Decoded | None,
    notices: tuple[dict[str, object], ...],
) -> Reading:
    changed = replace(
        reading, text=text, title=_unescaped(reading.title), notices=reading.notices + notices
    )
    if decoded is None:
        return changed
    return replace(changed, encoding=decoded.encoding, encoding_guessed=decoded.guessed)


def _unescaped(text: str) -> str:
    """Some escape twice: "four o&amp;#39;clock"."""
    return _ESCAPED.sub(lambda match: unescape(match[0]), text)
