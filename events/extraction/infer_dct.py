"""Document to CreationTime: the day of a dispatch, and how it is known.

What its sender declares comes first, then its dateline and its closing line of figures. Without
any of these the day is worked out: every day near a date of the text is weighed by what the text
says of it (a weekday that must fit, years that are written out, "cinq ans et demi après", what
is told as past or as to come), and only as much of it is kept as is likely.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol, TypeGuard

from events.extraction.annotations import (
    CreationTime,
    Document,
    Parsed,
    Reason,
    Timex,
)
from events.extraction.clauses import Sentences, Side, sentences_of, side, tells
from events.extraction.lexicon.times import TimeLexicon, fold

_DAY = timedelta(days=1)
_LIKELY = 0.6  # from this probability on a day, month or year is given as the value
_ENOUGH = 60  # dates and lengths that are weighed: a text that has more is no dispatch
_NARROW = 5  # days of a window that names a day rather than a year
_LEAP = 2000  # stands for any year: it has a 29 February
_TOP, _LINE_WORDS = 6, 14  # lines where a date stands alone; letters that may stand beside it
_FRESH = 4  # days after its dateline that a dispatch without a year can still be new
_REPRINTED = 31  # days after its dateline that a paper can still print a dispatch
_PAGE = 0.9  # probability that a text without a dateline is of the day of its page
_SAMPLED = (2, 5, 8, 11)  # months that stand for those of a year
_HALF_A_YEAR = 182
_HOPELESS = 0.01  # of the weight of the likeliest year: not worth weighing day by day
_AROUND = (-1, 0, 1, 2)  # days after one that the text names
_KEPT = 5  # candidates kept for the reader
_PLANNED = 8  # years ahead of the dispatch that a plan names
_BACK, _AHEAD = 15, 20  # years before and after the latest of the text that are weighed
_ARCHIVE, _ONLINE = 30, 2030  # years weighed of a text that writes none, and the last of them
_BESIDE = 20  # characters between a date and an "il y a cinq ans" said of it
_LONGEST_OVER = 6  # years after the latest written from which on all are as unlikely
_NOWHERE = 0.1  # share of the chance that it is none of the days weighed


class HasTimes(Protocol):
    """What a lexicon must offer here: its time words and cues."""

    @property
    def times(self) -> TimeLexicon: ...


class _Dated(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class _Window:
    """Days between which the dispatch was written, by a length of time since a dated start."""

    start: date
    end: date
    words: str
    sure: bool  # both stand in one sentence, or the length is told as gone by
    birth: bool  # a birth and an age


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


@dataclass(frozen=True)
class _Evidence:
    dated: Sequence[_Dated]
    windows: Sequence[_Window]
    weekdays: Sequence[tuple[int, Side, str]]  # bare ones of the opening sentence, as written
    evening: bool  # something is told to have happened in the evening of a day
    lead: int  # the first sentence that holds a date

    @cached_property
    def last(self) -> int | None:
        """The latest year that is written."""
        return max((d.year for d in self.dated if d.year), default=None)

    @cached_property
    def latest(self) -> int | None:
        """The latest year that is told of as past; of those that may be past if none surely is."""
        told = [d for d in self.dated if d.year and _tells_past(d)]
        surely = [d for d in told if d.side == "past"]
        return max((d.year for d in surely or told if d.year), default=None)

    @cached_property
    def after_latest(self) -> Mapping[int, float]:
        """How likely the years after the latest are: news tell their days nearer than months."""
        told = (d for d in self.dated if d.year == self.latest and d.day and _tells_past(d))
        return _AFTER_DAY if any(told) else _AFTER_MONTH

    @cached_property
    def once(self) -> Sequence[_Dated]:
        """One date for each month or year that is written."""
        return list({(d.year, d.month): d for d in self.dated if d.year is not None}.values())


def infer_dct(
    document: Document,
    timexes: Sequence[Timex],
    parsed: Parsed | None,
    lexicon: HasTimes,
    declared: date | None,
    received: date | None,
    republished: date | None = None,
) -> CreationTime:
    """Return the day of the dispatch, or as much of it as is likely, with its reason.

    A declared day that lies after the day it was received is not believed. `received` otherwise
    only bounds the day from above. A paper prints a dispatch on the day of its dateline or soon
    after: `republished` counts where there is none. `parsed` is not needed.
    """
    stated = _stated(document, timexes, lexicon.times, received, republished)
    roads = ((stated.value, 0.0, stated.reason),) if stated and stated.value else ()
    if _believed(declared, received):
        reason = Reason("dct-declared", (("date", declared.isoformat()),))
        return CreationTime(declared.isoformat(), "declared", reason, 1.0, roads)
    if not _believed(republished, received):
        republished = None
    if stated is not None and (republished is None or _shortly_before(stated, republished)):
        return stated
    if republished is not None:
        reason = Reason("dct-republished", (("date", republished.isoformat()),))
        return CreationTime(republished.isoformat(), "declared", reason, _PAGE, roads)
    return _worked_out(document, timexes, lexicon.times, received)


def _believed(day: date | None, received: date | None) -> TypeGuard[date]:
    return day is not None and (received is None or day <= received + _DAY)


def _shortly_before(stated: CreationTime, republished: date) -> bool:
    """Whether a page of that day can repeat it: it came out days before, not years."""
    if stated.day is None:
        return False
    return stated.day <= republished + _DAY and (republished - stated.day).days <= _REPRINTED


# --- what is written ---------------------------------------------------------------------------
_TRAILER = re.compile(
    r"\b(?P<day>[0-3]\d)(?:[01]\d|2[0-3])[0-5]\d (?:GMT )?(?P<month>[^\W\d_]{3,4})\.? "
    r"(?P<year>\d{4}|\d\d)\b"
)
_TAIL = 200  # characters at the end of a text where a trailer can stand


def _stated(
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
        year, month, day, words = _parts(timex)
        if month is None or day is None:
            continue
        if year is not None and _exists(year, month, day):
            return _by_dateline(date(year, month, day), words, "dateline")
        if year is None and trailer is not None and _exists(trailer[0].year, month, day):
            return _by_dateline(date(trailer[0].year, month, day), words, "dateline")
    if trailer is not None:
        return _by_dateline(*trailer, "trailer")
    for near, how in ((republished, "republished"), (received, "received")):
        if near is not None and (fresh := _fresh(framed, near, how)):
            return fresh
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
        _, month, day, words = _parts(timex)
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
        if _exists(year, int(month), int(match["day"])):
            return date(year, int(month), int(match["day"])), match[0]
    return None


def _parts(timex: Timex) -> tuple[int | None, int | None, int | None, str]:
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


# --- what can be worked out --------------------------------------------------------------------
def _worked_out(
    document: Document, timexes: Sequence[Timex], times: TimeLexicon, received: date | None
) -> CreationTime:
    sentences = sentences_of(document.text)
    evidence = _evidence(document, timexes, sentences, times)
    given = _day_of_dateline(document, timexes)
    unknown = _unknown(given)
    if not any(d.year for d in evidence.dated):
        return _by_weekdays(evidence, given, received, unknown)
    chances: dict[str, float] = {}
    weighed = _years(evidence, received)
    by_month = {m: _year_weight(m, evidence) for m in _months(weighed, received)}
    least = max(by_month.values(), default=0.0) * _HOPELESS
    likely = sorted({m.year for m, weight in by_month.items() if weight > least})
    if given is not None:
        days = _same_day(given, weighed, received)
    else:
        days = _days(evidence, likely, received)
    for day in days:
        chances[day.isoformat()] = _year_weight(day, evidence) * _day_weight(day, evidence)
    if given is None:
        for month, weight in by_month.items():
            chances[f"{month:%Y-%m}"] = _ELSEWHERE / len(_SAMPLED) * weight
    total = sum(chances.values()) * (1 + _NOWHERE)
    if not total:
        return unknown
    return _likeliest({when: weight / total for when, weight in chances.items()}, evidence, unknown)


def _by_weekdays(
    evidence: _Evidence,
    given: tuple[int, int] | None,
    received: date | None,
    unknown: CreationTime,
) -> CreationTime:
    """The years in which the weekdays of a text that writes no year fit: "3 mars", "jeudi".

    One year in seven fits. Without the day it was received none of them is likelier; with it, the
    later the likelier.
    """
    if not any(d.weekday is not None for d in evidence.dated) and not (given and evidence.weekdays):
        return unknown
    last = received.year if received is not None else _ONLINE
    weighed = range(max(last - _ARCHIVE, 1), last + 1)
    if given is not None:
        days = _same_day(given, weighed, received)
    else:
        days = _days(evidence, weighed, received)
    chances = {}
    for day in days:
        age = (received - day).days / 365 if received is not None else 0.0
        chances[day.isoformat()] = _day_weight(day, evidence) / (1 + age)
    total = sum(chances.values()) * (1 + _NOWHERE)
    if not total:
        return unknown
    return _likeliest({day: chance / total for day, chance in chances.items()}, evidence, unknown)


def _same_day(
    given: tuple[int, int], years: Sequence[int], received: date | None
) -> Iterable[date]:
    """The month and day of a dateline in each of the years."""
    days = [date(year, *given) for year in years if _exists(year, *given)]
    return [day for day in days if received is None or day <= received]


def _day_of_dateline(document: Document, timexes: Sequence[Timex]) -> tuple[int, int] | None:
    """Month and day of a dateline that gives no year."""
    for timex in _framed(document, timexes):
        _, month, day, _ = _parts(timex)
        if month is not None and day is not None and _exists(_LEAP, month, day):
            return month, day
    return None


def _unknown(given: tuple[int, int] | None) -> CreationTime:
    if given is None:
        return CreationTime(None, "none", Reason("dct-unknown"), 0.0)
    value = f"XXXX-{given[0]:02d}-{given[1]:02d}"
    return CreationTime(value, "dateline", Reason("dct-no-year", (("value", value),)), 0.98)


def _evidence(
    document: Document, timexes: Sequence[Timex], sentences: Sentences, times: TimeLexicon
) -> _Evidence:
    dated: list[_Dated] = []
    lengths: list[_Length] = []
    weekdays: list[tuple[int, Side, str]] = []
    evening = False
    for timex in timexes:
        said = dict(timex.fields)
        kind = said.get("kind")
        where = sentences.index(timex.span.start)
        year, month, day, _ = _parts(timex)
        if month is not None and not _exists(year or _LEAP, month, day or 1):
            continue
        if year is not None or (month is not None and day is not None):
            weekday = int(said["weekday"]) - 1 if "weekday" in said and day else None
            told = side(timex.span, sentences, times)
            until, since = (said.get("relation") == r for r in ("until", "since"))
            birth = tells(timex.span, "birth", sentences, times, 2)
            dated.append(_Dated(timex, year, month, day, weekday, told, where, until, since, birth))
        elif kind == "weekday" and "weekday" in said and "dir" not in said and where <= 1:
            told = side(timex.span, sentences, times)
            weekdays.append((int(said["weekday"]) - 1, told, timex.text))
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
                lengths.append(
                    _Length(
                        where, months, precise, timex.text, gone, "age" in said, kind == "count",
                        timex.span.start,
                    )
                )  # fmt: skip
        if kind == "part" and said.get("part") in {"EV", "NI"}:
            evening = True
    dated = dated[:_ENOUGH]
    windows = [w for length in lengths[:_ENOUGH] for w in _windows(length, dated)][:_ENOUGH]
    lead = min((d.sentence for d in dated), default=0)
    return _Evidence(dated, windows, weekdays, evening, lead)


_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")


def _told_after(timex: Timex, document: Document, times: TimeLexicon) -> bool:
    """Whether "après" or its like follows: the length has gone by since something."""
    found = _NEXT_WORD.match(document.text, timex.span.end)
    return found is not None and "after" in times.words.get(fold(found[1]), {})


def _positive(number: str) -> bool:
    return re.fullmatch(r"\d{1,4}(?:\.\d+)?", number) is not None and float(number) > 0


def _windows(
    length: _Length, dated: Sequence[_Dated]
) -> Iterable[_Window]:
    """Days that a length leads to from the dated starts told nearby."""
    where, months, precise, words, gone, age = length[:6]
    for start in dated:
        if start.year is None or abs(start.sentence - where) > 2 or start.side == "future":
            continue
        if age != start.birth or (start.month is None and precise == "M"):
            continue
        first = date(start.year, start.month or 1, 1)
        slack = {"M": (0, 1), "H": (-2, 5), "Y": (0, 11)}[precise]
        last_start = 11 if start.month is None else 0
        low = _add_months(first, round(months) + slack[0])
        high = _add_months(first, round(months) + slack[1] + last_start + 1)
        if start.day is not None and precise in {"M", "Y"}:
            low += (min(start.day, 28) - 1) * _DAY
            if precise == "M":
                high = low + 3 * _DAY
        sure = start.sentence == where or (gone and start.since)
        if length.ago and abs(start.timex.span.end - length.at) > _BESIDE:
            continue  # "six years ago" counts from today, whatever else its sentence dates
        both = f"{start.timex.text} + {words}"
        yield _Window(low, high, both, sure, start.birth)


def _years(evidence: _Evidence, received: date | None) -> list[int]:
    """The years that are weighed: all near those of the text."""
    written = [d.year for d in evidence.dated if d.year is not None]
    last = max(max(written) + _AHEAD, *(w.end.year for w in evidence.windows if w.sure), 0)
    if received is not None:
        last = min(last, received.year)
    first = max(min(min(written), max(written) - _PLANNED), max(written) - _BACK, 1)
    years = range(first, min(last, 9998) + 1)
    return list(years)


def _days(
    evidence: _Evidence, weighed: Sequence[int], received: date | None
) -> Iterable[date]:
    """The days that are weighed: those on which, or soon after which, the text's dates fall."""
    found: set[date] = set()
    for dated in evidence.dated:
        if dated.month is None or dated.day is None:
            continue
        years = weighed if dated.year is None else (dated.year,)
        for year in years:
            if _exists(year, dated.month, dated.day):
                day = date(year, dated.month, dated.day)
                found.update(day + n * _DAY for n in _AROUND)
    for window in evidence.windows:
        if (window.end - window.start).days <= _NARROW:
            found.update(window.start + n * _DAY for n in range((window.end - window.start).days))
    return sorted(d for d in found if received is None or d <= received)


def _months(weighed: Sequence[int], received: date | None) -> Iterable[date]:
    """A day in each season of the years that are weighed: no day of the text may be near."""
    for year in weighed:
        for number in _SAMPLED:
            month = date(year, number, 15)
            if received is None or month <= received:
                yield month


# How much likelier a year is the dispatch's own by its distance from the latest that it tells of.
# A year is written out most often because it is another one, of a month more than of a day.
_AFTER_DAY = {0: 3.0, 1: 1.5, 2: 0.8, 3: 0.6, 4: 0.4, 5: 0.3}
_AFTER_MONTH = {0: 0.8, 1: 1.2, 2: 0.8, 3: 0.6, 4: 0.5, 5: 0.4, 6: 0.3, 7: 0.3}
_LONG_AFTER = 0.2
_BEFORE_PLAN = {0: 1.5, 1: 1.5, 2: 1.2, 3: 0.8, 4: 0.8, 5: 0.6, 6: 0.5, 7: 0.5, 8: 0.5}
_FROM_TOLD = {0: 5.0, 1: 4.0, 2: 1.0, 3: 0.5}  # days after what is told as over
_ELSEWHERE = 3.0  # weight of a year in which no day of the text lies near the dispatch's own


def _year_weight(day: date, evidence: _Evidence) -> float:
    """What the years of the text, and the time gone by since them, say of a day."""
    weight = 1.0
    latest, last = evidence.latest, evidence.last
    inside = [w for w in evidence.windows if w.start <= day < w.end]
    if latest is not None and not any(w.sure for w in inside):
        far = _LONG_AFTER if day.year > latest else 1.0
        weight *= evidence.after_latest.get(day.year - latest, far)
    if last is not None and last != latest and day.year > last:
        # Even what was planned then would be over long ago.
        weight /= max(1, min(day.year - last, _LONGEST_OVER) - 1)
    for dated in evidence.once:
        weight *= _weight_of_year(day, dated)
    for window in inside:
        # The narrower, the less likely by chance.
        width = (window.end - window.start).days
        known = 60.0 if window.birth else 20.0
        weight *= min(200.0, known * 365 / width) if window.sure else 5.0
    return weight


def _day_weight(day: date, evidence: _Evidence) -> float:
    """What the days and weekdays of the text say of a day."""
    weight, nearest_past = 1.0, 10_000
    for dated in evidence.dated:
        there = None if dated.month is None or dated.day is None else _nearest(dated, day)
        if there is None:
            continue
        if dated.weekday is not None and there.weekday() != dated.weekday:
            weight *= 0.02
        away = (day - there).days
        if dated.side == "past" and away < 0:
            weight *= 0.15
        elif dated.side == "future" and away > 0:  # plans are put off, and told all the same
            weight *= 0.3
        # News give the weekday of their own days, seldom of days long past.
        own = dated.year is None or (dated.weekday is not None and dated.sentence == evidence.lead)
        if own and away >= 0 and dated.side != "future":
            nearest_past = min(nearest_past, away)
            if dated.sentence == evidence.lead:  # the news itself
                weight *= _FROM_TOLD.get(away, 0.1)
    weight *= _FROM_TOLD.get(nearest_past, 0.3)
    if evidence.evening and nearest_past == 0:
        weight *= 0.3  # its evening is over
    for weekday, told, _ in evidence.weekdays:
        back = (day.weekday() - weekday) % 7
        weight *= (
            {0: 2.0, 6: 2.0, 5: 1.2}.get(back, 0.7)
            if told == "future"
            else {0: 3.0, 1: 2.5, 2: 0.7, 3: 0.4}.get(back, 0.15)
        )
    return weight


def _tells_past(dated: _Dated) -> bool:
    """Whether a date can lie not long before the dispatch: plans and births do not, years may."""
    return (
        dated.month is not None
        and not dated.until
        and not dated.birth
        and dated.side != "future"
    )


def _weight_of_year(day: date, dated: _Dated) -> float:
    written = dated.year or day.year
    if dated.month is None:  # plans name years to come as often as histories name years past
        over = dated.side == "past" or dated.since
        return 1.0 if written <= day.year else 0.1 if over else 0.6
    if not dated.birth and not _tells_past(dated):
        if written < day.year:
            return 0.03 if dated.until else 0.15
        return _BEFORE_PLAN.get(written - day.year, 0.4)
    first = date(written, dated.month, dated.day or 1)
    if first > day:
        return 0.05 if dated.side == "past" else 0.5 if written - day.year <= 1 else 0.2
    return 1.0


def _nearest(dated: _Dated, day: date) -> date | None:
    """The date of the text in its own year, or in the one nearest to `day`."""
    month, number = dated.month or 1, dated.day or 1
    if dated.year is not None:
        return _in_year(dated.year, month, number)
    there = _in_year(day.year, month, number)
    away = (day - there).days if there is not None else 0
    if there is None or abs(away) > _HALF_A_YEAR:
        options = [_in_year(day.year + n, month, number) for n in (-1, 0, 1)]
        there = min(
            (d for d in options if d is not None), key=lambda d: abs((d - day).days), default=None
        )
    return there


@lru_cache(maxsize=20_000)  # asked of the same few days for every day that is weighed
def _in_year(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if _exists(year, month, day) else None


def _likeliest(
    chances: Mapping[str, float], evidence: _Evidence, unknown: CreationTime
) -> CreationTime:
    """As much of the day as is likely; `chances` are by day, and by month for no day in it."""
    tables: list[dict[str, float]] = [{}, {}, {}]  # by day, month and year
    for when, chance in chances.items():
        for table, length in zip(tables, (10, 7, 4), strict=True):
            if len(when) >= length:
                table[when[:length]] = table.get(when[:length], 0.0) + chance
    by_day, _, by_year = tables
    reason = _reason(max(by_year, key=by_year.__getitem__), evidence)
    best = sorted(by_day.items(), key=lambda item: (-item[1], item[0]))[:_KEPT]
    candidates = tuple(
        (value, round(chance, 3), _reason(value[:4], evidence)) for value, chance in best
    )
    for table in tables:
        value = max(table, key=table.__getitem__, default="")
        if value and table[value] >= _LIKELY:
            return CreationTime(value, "inferred", reason, round(table[value], 3), candidates)
    if unknown.value is not None:
        return replace(unknown, candidates=candidates)
    return CreationTime(None, "none", Reason("dct-unsure"), 0.0, candidates)


def _reason(year: str, evidence: _Evidence) -> Reason:
    """The strongest ground for the year, in the words of the text."""
    for window in evidence.windows:
        if window.start.year <= int(year) <= window.end.year:
            return Reason("dct-elapsed", (("words", window.words), ("year", year)))
    for dated in evidence.dated:
        if dated.weekday is not None and dated.year is None:
            return Reason("dct-weekday-fits", (("words", dated.timex.text), ("year", year)))
    written = [d for d in evidence.dated if d.year is not None]
    if not written:
        words = [d.timex.text for d in evidence.dated[:1]] + [w for _, _, w in evidence.weekdays]
        return Reason("dct-weekday-fits", (("words", " … ".join(words)), ("year", year)))
    nearest = min(written, key=lambda d: abs((d.year or 0) - int(year)))
    return Reason("dct-years-written", (("words", nearest.timex.text), ("year", year)))


@lru_cache(maxsize=20_000)  # asked of the same few days for every day that is weighed
def _exists(year: int, month: int | None, day: int) -> bool:
    if month is None or not 1 <= month <= 12 or not 1 <= year <= 9999:
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = min(max(day.year + years, 1), 9998)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
