"""The day that is written in the frame of a text: dateline, closing figures, a line of its own."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from events.extraction.annotations import CreationTime, Document, Reason, Timex
from events.extraction.lexicon.times import TimeLexicon, fold

_DAY = timedelta(days=1)
_LEAP = 2000  # stands for any year: it has a 29 February
_TOP, _LINE_WORDS = 6, 14  # lines where a date stands alone; letters that may stand beside it
_FRESH = 4  # days after its dateline that a dispatch without a year can still be new
_TRAILER = re.compile(
    r"\b(?P<day>[0-3]\d)(?:[01]\d|2[0-3])[0-5]\d (?:GMT )?(?P<month>[^\W\d_]{3,4})\.? "
    r"(?P<year>\d{4}|\d\d)\b"
)
_TAIL = 200  # characters at the end of a text where a trailer can stand


def stated_day(
    document: Document,
    timexes: Sequence[Timex],
    times: TimeLexicon,
    received: date | None,
    republished: date | None,
) -> CreationTime | None:
    """The day that the frame of the text gives: dateline, closing figures, or both together."""
    trailer = _trailer(document.text, times, received)
    framed = _framed(document, timexes)
    for timex in framed:
        year, month, day, words = parts(timex)
        if month is None or day is None:
            continue
        if year is not None and exists(year, month, day):
            return _by_dateline(date(year, month, day), words, "dateline")
        if year is None and trailer is not None and exists(trailer[0].year, month, day):
            return _by_dateline(date(trailer[0].year, month, day), words, "dateline")
    if trailer is not None:
        return _by_dateline(*trailer, "trailer")
    for near, how in ((republished, "republished"), (received, "received")):
        if near is not None and (fresh := _fresh(framed, near, how)):
            return fresh
    return None


def day_of_dateline(document: Document, timexes: Sequence[Timex]) -> tuple[int, int] | None:
    """Month and day of a dateline that gives no year."""
    for timex in _framed(document, timexes):
        _, month, day, _ = parts(timex)
        if month is not None and day is not None and exists(_LEAP, month, day):
            return month, day
    return None


def _framed(document: Document, timexes: Sequence[Timex]) -> list[Timex]:
    """The dates of the dateline, or one that has a line of its own near the top."""
    if document.dateline is not None:
        inside = [t for t in timexes if document.dateline.span.contains(t.span)]
        if inside:
            return inside
    text = document.text
    for timex in timexes[:_TOP]:
        start, end = text.rfind("\n", 0, timex.span.start) + 1, text.find("\n", timex.span.end)
        if start == 0 and end < 0:
            return []  # a text of one line
        rest = text[start : timex.span.start] + text[timex.span.end : end if end >= 0 else None]
        alone = len(rest) < 2 * _LINE_WORDS and sum(map(str.isalpha, rest)) <= _LINE_WORDS
        if alone and text.count("\n", 0, start) < _TOP:
            return [timex]
    return []


def _fresh(framed: Sequence[Timex], near: date, how: str) -> CreationTime | None:
    """A dateline without its year, or of a weekday alone, just before the day it came in or out."""
    for timex in framed:
        _, month, day, words = parts(timex)
        weekday = dict(timex.fields).get("weekday")
        for n in range(_FRESH):
            found = near - n * _DAY
            by_date = (found.month, found.day) == (month, day)
            if by_date or (month is None and weekday == str(found.isoweekday())):
                values = (("words", words), ("date", found.isoformat()))
                reason = Reason(f"dct-dateline-{how}", values)
                return CreationTime(found.isoformat(), "dateline", reason, 0.9)
    return None


def _by_dateline(day: date, words: str, which: str) -> CreationTime:
    reason = Reason(f"dct-{which}", (("words", words), ("date", day.isoformat())))
    return CreationTime(day.isoformat(), "dateline", reason, 0.98)


def _trailer(text: str, times: TimeLexicon, received: date | None) -> tuple[date, str] | None:
    """The closing "161348 AOU 86": day, hour and minute, month, year."""
    start = max(0, len(text) - _TAIL)
    for match in _TRAILER.finditer(text, start):
        month = times.words.get(fold(match["month"]), {}).get("month")
        if month is None:
            continue
        year = int(match["year"])
        if year < 100:
            year += 1900 if year > (received.year % 100 if received else 49) else 2000
        if exists(year, int(month), int(match["day"])):
            return date(year, int(month), int(match["day"])), match[0]
    return None


def parts(timex: Timex) -> tuple[int | None, int | None, int | None, str]:
    """Year, month and day as written."""
    said = dict(timex.fields)
    year = int(said["year"]) if "year" in said else None
    if year is None and "yy" in said:
        two = int(said["yy"].lstrip("'’"))
        year = two + (2000 if two < 50 else 1900)
    if said.get("kind") == "numeric":
        numbers = [int(n) for n in re.findall(r"\d+", said.get("numeric_date", ""))[:3]]
        if len(numbers) == 3 and numbers[0] > 999:
            return numbers[0], numbers[1], numbers[2], timex.text
        if len(numbers) == 3 and numbers[2] > 999:
            day, month = (
                (numbers[1], numbers[0]) if numbers[1] > 12 else (numbers[0], numbers[1])
            )
            return numbers[2], month, day, timex.text
        return None, None, None, timex.text
    if said.get("kind") not in {"date", "month", "year", "day"}:
        return None, None, None, timex.text
    named = int(said["month"]) if "month" in said else None
    return year, named, int(said["day"]) if "day" in said and named else None, timex.text


@lru_cache(maxsize=20_000)  # asked of the same few days for every day that is weighed
def exists(year: int, month: int | None, day: int) -> bool:
    if month is None or not 1 <= month <= 12 or not 1 <= year <= 9999:
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]
