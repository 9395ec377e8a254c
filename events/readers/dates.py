"""The dates that formats declare, in whatever way they write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

import dateparser

_LANGUAGES = ["en", "fr", "de", "es", "it", "nl"]
_LONGEST = 60  # characters; what is longer is not a date
_EARLIEST, _LATEST = 1800, 9998  # of 9999, no other zone's clock may have the time
_EPOCH = date(1970, 1, 1)  # what a program writes that does not know the day


def moment(written: str | None) -> datetime | None:
    """Return the instant that `written` declares: ISO 8601, RFC 2822, or in words.

    Without a zone where none is written. None for what is no date, or cannot be that of a
    dispatch: the epoch, a year before 1800 or of 9999. A year alone or a month alone is no date.
    """
    text = " ".join((written or "").split())
    if not text or len(text) > _LONGEST:
        return None
    found = _iso(text) or _mail(text) or _words(text)
    if found is None or not _EARLIEST <= found.year <= _LATEST or found.date() == _EPOCH:
        return None
    return found


def day(written: str | None) -> date | None:
    """Return the day of `moment(written)`, in the zone that was written."""
    found = moment(written)
    return None if found is None else found.date()


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _words(text: str) -> datetime | None:
    if not re.search(r"[0-9]{4}|[0-9]{1,2}\D{1,12}[0-9]{2}", text):
        return None
    try:
        return dateparser.parse(
            text,
            languages=_LANGUAGES,
            settings={
                "REQUIRE_PARTS": ["day", "month", "year"],
                "STRICT_PARSING": True,
                "PARSERS": ["absolute-time"],
                "DATE_ORDER": "DMY",
            },
        )
    except (ValueError, OverflowError, RecursionError):
        return None
