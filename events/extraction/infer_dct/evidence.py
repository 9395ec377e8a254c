"""What a text says of the day it was written: its dates, lengths since them, weekdays."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from events.extraction.annotations import Document, Timex
from events.extraction.clauses import Sentences, Side, side, tells
from events.extraction.infer_dct.frame import exists, parts
from events.extraction.lexicon.times import TimeLexicon, fold

_DAY = timedelta(days=1)
_LEAP = 2000  # stands for any year: it has a 29 February
_ENOUGH = 60  # dates and lengths that are weighed: a text that has more is no dispatch
_COUNTED = frozenset({"dir", "same", "following", "week", "weeks"})  # not from the dispatch's day
_EVENING = frozenset({"EV", "NI"})
_LONGEST_WORD = 30
_BESIDE = 20  # characters between a date and an "il y a cinq ans" said of it
_WORDS_BEFORE = re.compile(r"(?:([^\W\d_]+)\s)?([^\W\d_]+)['’\s]$")
_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Dated:
    """A date of the text: year None if not written; day None for a month, month None for a year."""

    timex: Timex
    year: int | None
    month: int | None
    day: int | None
    weekday: int | None  # 0 is Monday
    side: Side
    sentence: int
    until: bool
    since: bool
    birth: bool
    named: bool = False  # a year within a name: "the 2016 Nobel prize"


@dataclass(frozen=True, slots=True)
class Window:
    """Days between which the dispatch was written, by a length of time since a dated start."""

    start: date
    end: date
    since: str  # the words of the start
    length: str  # those of the length
    sure: bool  # both stand in one sentence, or the length is told as gone by
    birth: bool  # a birth and an age
    exact: bool = False  # an anniversary: its year is counted, not guessed at


class _Length(NamedTuple):
    """A length of time in months, "M" or half a year ("H") or a year ("Y") precise."""

    sentence: int
    months: float
    precise: str
    words: str
    gone: bool
    age: bool
    ago: bool
    at: int  # where it begins


class Evidence(NamedTuple):
    """All that a text says of its day."""

    dated: Sequence[Dated]
    windows: Sequence[Window]
    weekdays: Sequence[tuple[int, Side, str]]  # bare ones of the opening sentence, as written
    evenings: frozenset[int]  # those of them told with their evening or night
    later: frozenset[tuple[int, Side]]  # bare ones of the other sentences
    evening: bool  # something is told to have happened in the evening of a day
    lead: int  # the first sentence that holds a date


def gathered(
    document: Document, timexes: Sequence[Timex], sentences: Sentences, times: TimeLexicon
) -> Evidence:
    dated: list[Dated] = []
    lengths: list[_Length] = []
    weekdays: list[tuple[int, Side, str]] = []
    later: set[tuple[int, Side]] = set()
    evenings: set[int] = set()
    evening = False
    for timex in timexes:
        said = dict(timex.fields)
        kind = said.get("kind")
        where = sentences.index(timex.span.start)
        year, month, day, _ = parts(timex)
        if month is not None and not exists(year or _LEAP, month, day or 1):
            continue
        if year is not None or (month is not None and day is not None):
            weekday = int(said["weekday"]) - 1 if "weekday" in said and day else None
            named = month is None and _is_part_of_name(timex, document.text, times)
            told = side(timex.span, sentences, times)
            until, since = (said.get("relation") == r for r in ("until", "since"))
            birth = tells(timex.span, "birth", sentences, times, 2)
            dated.append(
                Dated(timex, year, month, day, weekday, told, where, until, since, birth, named)
            )
        elif kind == "weekday" and "weekday" in said and not said.keys() & _COUNTED:
            told = side(timex.span, sentences, times)
            if where <= 1:
                weekdays.append((int(said["weekday"]) - 1, told, timex.text))
                if said.get("part") in _EVENING:
                    evenings.add(int(said["weekday"]) - 1)
            elif told:
                later.add((int(said["weekday"]) - 1, told))
        elif kind in {"duration", "count"} and _positive(said.get("num", "1")):
            unit = said.get("unit", "")
            months = float(said.get("num", "1")) * {"Y": 12, "M": 1, "DEC": 120}.get(unit, 0)
            if unit == "Y" and "half" in said:
                months += 6
            if said.get("u3") == "M" and _positive(said.get("n3", "")):
                months += float(said["n3"])
            precise = "M" if unit == "M" or "u3" in said else "H" if "half" in said else "Y"
            other = kind == "count" and said.get("dir") != "-1"  # ahead, or not from today
            if months and not other:
                gone = kind == "count" or "relation" in said or _told_after(timex, document, times)
                if not gone and (unit == "DEC" or _is_complement(timex, document, times)):
                    continue  # "the first in two decades", "un mandat de quatre ans"
                lengths.append(
                    _Length(
                        where, months, precise, timex.text, gone, "age" in said, kind == "count",
                        timex.span.start,
                    )
                )  # fmt: skip
        if kind == "part" and said.get("part") in _EVENING:
            evening = True
    dated = dated[:_ENOUGH]
    windows = [w for length in lengths[:_ENOUGH] for w in _windows(length, dated)][:_ENOUGH]
    lead = min((d.sentence for d in dated), default=0)
    return Evidence(dated, windows, weekdays, frozenset(evenings), frozenset(later), evening, lead)


def _is_part_of_name(timex: Timex, text: str, times: TimeLexicon) -> bool:
    """Whether a year belongs to a name: "the 2016 Nobel prize", "l'Euro 2016"."""
    before = text[max(0, timex.span.start - _LONGEST_WORD) : timex.span.start].split(" ")
    if len(before) < 2 or before[-1] or not before[-2]:
        return False
    word = re.split("['’]", before[-2])[-1]
    if word[:1].isupper():
        return word.isalpha() and "month" not in times.words.get(fold(word), {})
    owner = times.words.get(fold(word), {})
    following = text[timex.span.end : timex.span.end + 2]
    return bool({"art", "poss"} & owner.keys()) and following[1:].isupper()


def _told_after(timex: Timex, document: Document, times: TimeLexicon) -> bool:
    """Whether "après" or its like follows: the length has gone by since something."""
    found = _NEXT_WORD.match(document.text, timex.span.end)
    return found is not None and fold(found[1]) in times.cues["counted_after"]


def _is_complement(timex: Timex, document: Document, times: TimeLexicon) -> bool:
    """Whether a length says how long the thing before it is: no age, none that has gone by."""
    at = timex.span.start
    found = _WORDS_BEFORE.search(document.text[max(0, at - 2 * _LONGEST_WORD) : at])
    if found is None or "age" in dict(timex.fields):
        return False
    noun, link = (fold(word or "") for word in found.groups())
    return link in times.cues["complement"] and noun not in times.cues["elapsing"]


def _positive(number: str) -> bool:
    return re.fullmatch(r"\d{1,4}(?:\.\d+)?", number) is not None and float(number) > 0


def _windows(
    length: _Length, dated: Sequence[Dated]
) -> Iterable[Window]:
    """Days that a length leads to from the dated starts told nearby."""
    where, months, precise, words, gone, age = length[:6]
    for start in dated:
        if start.year is None or abs(start.sentence - where) > 2 or start.side == "future":
            continue
        if age != start.birth or (start.month is None and precise == "M"):
            continue
        if start.weekday is not None:
            continue  # news give the weekday of their own days: "mercredi 4 août, un an après"
        first = date(start.year, start.month or 1, 1)
        slack = {"M": (0, 1), "H": (-2, 5), "Y": (0, 11)}[precise]
        last_start = 11 if start.month is None else 0
        low = _add_months(first, round(months) + slack[0])
        high = _add_months(first, round(months) + slack[1] + last_start + 1)
        if start.day is not None and precise in {"M", "Y"}:
            low += (min(start.day, 28) - 1) * _DAY
            if precise == "M":
                high = low + 3 * _DAY
        # "Un mois après la catastrophe, …" opens a text that is of that day.
        sure = start.sentence == where or (gone and (start.since or where == 0))
        if length.ago and abs(start.timex.span.end - length.at) > _BESIDE:
            continue  # "six years ago" counts from today, whatever else its sentence dates
        yield Window(low, high, start.timex.text, words, sure, start.birth)


def tells_past(dated: Dated) -> bool:
    """Whether a date can lie not long before the dispatch: plans and births do not, years may.

    An end that is told as past is none of a plan: "repairs lasted until November 2009".
    """
    return (
        dated.month is not None
        and not (dated.until and dated.side != "past")
        and not dated.birth
        and dated.side != "future"
    )


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = min(max(day.year + years, 1), 9998)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
