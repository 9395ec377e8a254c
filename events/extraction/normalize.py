"""Timex to NormalizedTimex: what the words mean here, on the calendar.

Each kind of expression has one function below, the same for all languages: it takes what the
words say (`Timex.fields`) and where the telling stands (`_Telling`), and returns a reading. The
document is gone through in order, because a part of the day or an hour belongs to the day that
the sentences before speak of.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol, cast

from dateutil.easter import easter

from events import intervals
from events.extraction.annotations import (
    Basis,
    CreationTime,
    Document,
    NormalizedTimex,
    Parsed,
    Precision,
    Reason,
    Span,
    Timex,
)
from events.extraction.clauses import Sentences, Side, clause_has, side, tells
from events.extraction.lexicon.times import TimeLexicon, fold

Grain = Literal["D", "W", "WE", "M", "Q", "HY", "SE", "Y", "DEC", "CEN"]

SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}  # EDTF codes of ISO 8601-2
_SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_DAY = timedelta(days=1)
_NEAR = 3  # days around the dispatch that its telling stays at over several paragraphs
_LONG_PAST = 120  # days before the dispatch from which a telling has its own time
_NO_YEAR = 2000  # stands for an unknown year; a leap year, so that 29 February can be written


class HasTimes(Protocol):
    """What a lexicon must offer here: its time words and cues."""

    @property
    def times(self) -> TimeLexicon: ...


class NoSuchDayError(ValueError):
    """The words name a day that no calendar has."""


class When(NamedTuple):
    """A stretch of the calendar: its grain and first day; `yearless` if the year is unknown.

    `part` is a season ("SU") or empty.
    """

    grain: Grain
    start: date
    yearless: bool = False
    part: str = ""

    @property
    def year(self) -> str:
        return "XXXX" if self.yearless else f"{self.start.year:04d}"

    @property
    def end(self) -> date:
        """The day after its last."""
        day = self.start
        match self.grain:
            case "D":
                return day + _DAY
            case "W":
                return day + 7 * _DAY
            case "WE":
                return day + 2 * _DAY
        months = {"M": 1, "Q": 3, "SE": 3, "HY": 6, "Y": 12, "DEC": 120, "CEN": 1200}
        return _add_months(day, months[self.grain])

    @property
    def value(self) -> str:
        """The value as TIMEX3 writes it."""
        day, year = self.start, self.year
        match self.grain:
            case "D":
                return f"{year}-{day:%m-%d}"
            case "M":
                return f"{year}-{day:%m}"
            case "Y":
                return year
            case "Q":
                return f"{year}-Q{(day.month + 2) // 3}"
            case "HY":
                return f"{year}-H{1 if day.month < 7 else 2}"
            case "SE":
                return f"{year}-{self.part}"
            case "DEC":
                return year[:3]
            case "CEN":
                return year[:2]
        week = day.isocalendar()
        if self.yearless:
            return "XXXX-WXX" + ("-WE" if self.grain == "WE" else "")
        return f"{week.year:04d}-W{week.week:02d}" + ("-WE" if self.grain == "WE" else "")

    @property
    def edtf(self) -> str:
        """The same as EDTF; the guideline writes weeks as two days and decades as two years."""
        day, year = self.start, self.year
        match self.grain:
            case "SE":
                return f"{year}-{SEASONS[self.part]}"
            case "Q":
                return f"{year}-{33 + (day.month - 1) // 3}"
            case "HY":
                return f"{year}-{40 if day.month < 7 else 41}"
            case "DEC":
                return f"{day.year:04d}/{day.year + 9:04d}"
            case "CEN":
                return f"{day.year:04d}/{day.year + 99:04d}"
            case "W" | "WE":
                return f"{day}/{self.end - _DAY}" if not self.yearless else "XXXX"
        return self.value


class Reading(NamedTuple):
    """What an expression means: a stretch of the calendar, or only a value.

    `suffix` is the time of day of a TIMEX3 value ("TEV", "T14:48Z"). `edtf` overrides that of
    `when`; `basis` and `reason` say where it comes from. `moves` says whether the telling goes on
    from its day.
    """

    when: When | None
    reason: Reason
    basis: Basis = "none"
    value: str = ""
    suffix: str = ""
    edtf: str = ""
    moves: bool = True


@dataclass(slots=True)
class _Telling:
    """Where the telling stands while the expressions of a document are read in order."""

    document: Document
    times: TimeLexicon
    dct: CreationTime
    sentences: Sentences
    today: When | None = None  # the day of the dispatch
    year: int | None = None  # its year, when that is known
    month: int | None = None
    head: When | None = None  # the day that the sentences before speak of
    before: When | None = None  # the one before it
    head_words: str = ""
    head_at: int = -1
    head_hour: int = -1
    last: When | None = None  # the last stretch of any grain
    year_at: int = -1  # where a year was last written out, and which
    year_written: int = 0
    year_words: str = ""
    clock: tuple[When, int, int] | None = None  # the last hour told: day, hour, minute
    waiting_for_night: bool = False
    day_first: bool = True
    order_shown: bool = False


def normalize(
    timexes: Sequence[Timex],
    document: Document,
    parsed: Parsed | None,
    dct: CreationTime,
    lexicon: HasTimes,
) -> list[NormalizedTimex]:
    """Return each timex as a half-open interval of days, in the order given.

    Relative ones count from the day of the dispatch or from the day that the telling has
    reached. One that names no day ("30 février") keeps its span, has the value "" and no
    interval. Where the year of the dispatch is unknown, values stay "XXXX-12-07". `parsed` may
    be None: only the tenses of verbs are taken from it.
    """
    readings = _readings(timexes, document, dct, lexicon.times)
    chances = _likely_days(dct)
    if chances:
        # Only several days are likely: keep what an expression means under most of them.
        under = [
            (chance, _readings(timexes, document, replace(dct, value=day), lexicon.times))
            for day, chance in chances
        ]
        for i, reading in enumerate(readings):
            if reading.value or reading.when is not None:
                readings[i] = _agreed([(chance, told[i]) for chance, told in under], reading)
    return [
        _record(timex, reading) for timex, reading in zip(timexes, readings, strict=True)
    ]


def _likely_days(dct: CreationTime) -> list[tuple[str, float]]:
    """The days that a dispatch dated by year or month alone can be of, as shares of 1."""
    if dct.day is not None or not dct.value or dct.value.startswith("X"):
        return []
    days = [(v, p) for v, p, _ in dct.candidates if len(v) == 10 and v.startswith(dct.value)]
    total = sum(p for _, p in days)
    return [(v, p / total) for v, p in days] if total else []


def _agreed(told: Sequence[tuple[float, Reading]], otherwise: Reading) -> Reading:
    chances: dict[str, float] = {}
    for chance, reading in told:
        if reading.when is not None:
            value = reading.when.value + reading.suffix
            chances[value] = chances.get(value, 0.0) + chance
    best = max(chances, key=lambda v: chances[v], default="")
    if not best or chances[best] <= 0.5:
        return otherwise
    return next(r for _, r in told if r.when and r.when.value + r.suffix == best)


def _readings(
    timexes: Sequence[Timex], document: Document, dct: CreationTime, times: TimeLexicon
) -> list[Reading]:
    """Read the expressions in order, those aside that belong to a day named right after."""
    telling = _start(timexes, document, dct, times)
    readings: dict[int, Reading] = {}
    waiting: list[int] = []
    for i, timex in enumerate(timexes):
        telling.waiting_for_night = False
        if _day_right_after(timexes, i, document.text):
            waiting.append(i)
            continue
        readings[i] = _read(timex, telling)
        for j in waiting:
            telling.waiting_for_night = dict(timex.fields).get("kind") == "night"
            readings[j] = _read(timexes[j], telling)
        waiting.clear()
    return [readings[i] for i in range(len(timexes))]


def _start(
    timexes: Sequence[Timex], document: Document, dct: CreationTime, times: TimeLexicon
) -> _Telling:
    sentences = Sentences(document.text)
    telling = _Telling(document, times, dct, sentences, day_first=times.day_first)
    known = re.fullmatch(r"(\d{4}|XXXX)(?:-(\d\d))?(?:-(\d\d))?", dct.value or "")
    if known:
        year, month, day = known.groups()
        telling.year = None if year == "XXXX" else int(year)
        telling.month = int(month) if month else None
        if month and day:
            start = date(telling.year or _NO_YEAR, int(month), int(day))
            telling.today = When("D", start, yearless=telling.year is None)
    for timex in timexes:  # one date that can be read in one way only shows the convention
        written = dict(timex.fields).get("numeric_date", "")
        found = re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D\d{2,4}", written)
        if found and (int(found[1]) > 12) != (int(found[2]) > 12):
            telling.day_first = int(found[1]) > 12
            telling.order_shown = True
    return telling


_NEXT_TO = re.compile(r"[\s,()]{1,3}(?:(?:on|le|du|de|of|in|en ce|dans) )?", re.IGNORECASE)


def _day_right_after(timexes: Sequence[Timex], i: int, text: str) -> bool:
    """Whether an hour stands right before the day it belongs to: "Vers 0 h 40, jeudi"."""
    if i + 1 >= len(timexes):
        return False
    here, after = dict(timexes[i].fields), dict(timexes[i + 1].fields)
    if here.get("kind") not in {"clock", "part"}:
        return False
    between = text[timexes[i].span.end : timexes[i + 1].span.start]
    if after.get("kind") == "clock" and re.fullmatch(r"\s?\(", between):
        return _day_right_after(timexes, i + 1, text)  # "7 p.m. (1600 GMT) on Monday"
    if after.get("kind") not in {"date", "weekday", "numeric", "deictic", "night"}:
        return False
    return _NEXT_TO.fullmatch(between) is not None


def _read(timex: Timex, telling: _Telling) -> Reading:
    said = dict(timex.fields)
    reader = READERS.get(said.get("kind", ""))
    if reader is None:
        raise ValueError(f"rule {timex.rule} has the unknown kind {said.get('kind')!r}")
    try:
        reading = reader(timex, said, telling)
    except (NoSuchDayError, OverflowError):
        reading = Reading(None, _why("timex-impossible", timex), moves=False)
    reading = _with_part(reading, said)
    _move(timex, said, reading, telling)
    return reading


def _with_part(reading: Reading, said: Mapping[str, str]) -> Reading:
    """Add the part of the day or the hour that the words name beside the day."""
    if reading.suffix or reading.when is None or reading.when.grain != "D":
        return reading
    if "clocked" in said:
        hour, minute = _hour(said)
        zone = "Z" if "zone" in said else ""
        return reading._replace(suffix=f"T{hour:02d}:{minute:02d}{zone}")
    if "hour" in said:
        return reading._replace(suffix=f"T{int(said['hour']):02d}:{int(said.get('minute', 0)):02d}")
    if "part" in said and said["part"] != "DT":
        return reading._replace(suffix="T" + said["part"])
    return reading


def _move(timex: Timex, said: Mapping[str, str], reading: Reading, telling: _Telling) -> None:
    """Go on from the day that was just spoken of."""
    when = reading.when
    if when is None or not reading.moves or _frames(timex.span, telling.document):
        return
    telling.last = when
    if "year" in said:
        telling.year_at, telling.year_written = timex.span.start, when.start.year
        telling.year_words = timex.text
    if when.grain != "D" or said.get("relation") == "until":
        return
    if telling.head is not None and _is_aside(timex, said, telling):
        return
    if telling.head != when and telling.head is not None:
        telling.before = telling.head
    if telling.head != when:
        telling.head_hour = -1
    telling.head, telling.head_words, telling.head_at = when, timex.text, timex.span.start
    hour = re.match(r"T(\d\d):(\d\d)", reading.suffix)
    if hour:
        telling.head_hour = int(hour[1])
        telling.clock = (when, int(hour[1]), int(hour[2]))
    elif reading.suffix[:3] in {"TEV", "TNI"}:
        telling.head_hour = 20


def _is_aside(timex: Timex, said: Mapping[str, str], telling: _Telling) -> bool:
    """Whether it dates who spoke, or a noun ("le séisme du 25 avril"), not what is told."""
    if said.get("kind") not in {"date", "weekday"}:
        return False
    sentences, times = telling.sentences, telling.times
    start = sentences.span(timex.span.start).start
    before = sentences.text[start : timex.span.start].split()
    if before and fold(before[-1].strip("«»\"'")) in times.cues["complement"]:
        return "part_of" not in said
    return tells(timex.span, "speech", sentences, times, 2)


def _frames(span: Span, document: Document) -> bool:
    """Whether it stands outside of the telling: in the dateline or under a picture."""
    dateline = document.dateline
    return (dateline is not None and dateline.span.contains(span)) or any(
        caption.overlaps(span) for caption in document.captions
    )


def _record(timex: Timex, reading: Reading) -> NormalizedTimex:
    said = dict(timex.fields)
    when = reading.when
    evidence = (
        Span(int(said["evidence_start"]), timex.span.end) if "evidence_start" in said else None
    )
    value = reading.value or (when.value + reading.suffix if when else "")
    edtf = reading.edtf or (when.edtf if when else None)
    start = end = None
    precision: Precision = "unknown"
    if edtf is not None:
        edtf = _opened(edtf, said, timex)
        start, end = intervals.bounds(edtf)
        precision = cast("Precision", intervals.precision(edtf))
        if when is not None and when.grain == "W" and "/.." not in edtf and "../" not in edtf:
            precision = "week"
    return NormalizedTimex(
        timex=timex,
        value=value,
        edtf=edtf,
        start=start,
        end=end,
        precision=precision,
        basis=reading.basis,
        reason=reading.reason,
        time_of_day=reading.suffix[1:].removesuffix("Z") if reading.suffix else "",
        evidence=evidence,
    )


def _opened(edtf: str, said: Mapping[str, str], timex: Timex) -> str:
    """Open the interval where a preposition does: "depuis mars 2011" is 2011-03/.. ."""
    relation = said.get("relation", "")
    if timex.type == "TIME" and "part" not in said:
        return edtf  # "jusqu'à 20 h" ends the same day
    first, _, last = edtf.partition("/")
    if relation in {"since", "from"} and "part_of" not in said:
        return f"{first}/.."
    if relation == "until":
        return f"../{last or first}"
    return edtf


# --- the kinds ---------------------------------------------------------------------------------
def _date(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A day with its month: "le 7 décembre", "mardi 1er juin 2010"."""
    if "month" not in said and "m2" not in said:
        return _day_alone(timex, said, telling)
    month, day = int(said.get("month") or said["m2"]), int(said["day"])
    pair = said.get("borrowed_from") or ("" if "month" in said else said.get("d2", ""))
    if pair and said.get("part_of", "1/")[:2] == "1/" and day > int(pair):
        month = (month - 2) % 12 + 1  # "entre le 25 et le 2 mai"
    elif pair and said.get("part_of", "")[:2] == "2/" and day < int(pair):
        month = month % 12 + 1
    year = _stated_year(said, telling)
    if year is not None:
        when = When("D", _day(year, month, day))
        reading = Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")
    else:
        reading = _yearless(timex, said, month, day, telling)
    if said.get("as") == "week" and reading.when and not reading.when.yearless:
        start = reading.when.start - reading.when.start.weekday() * _DAY
        reading = reading._replace(when=When("W", start))
    if said.get("part") == "NI" and "d2" in said and reading.when:
        reading = _night_from(reading)
    return reading


def _night_from(reading: Reading) -> Reading:
    """A night lies on two days."""
    when = cast("When", reading.when)
    edtf = "" if when.yearless else f"{when.start}/{when.start + _DAY}"
    return reading._replace(suffix="TNI", edtf=edtf)


def _yearless(
    timex: Timex, said: Mapping[str, str], month: int, day: int, telling: _Telling
) -> Reading:
    """Find the year of a day that is written without one."""
    _day(_NO_YEAR, month, day)  # 30 February is in no year
    near = telling.year
    if "weekday" in said and near is not None:
        wanted = int(said["weekday"]) - 1
        fitting = [
            year
            for year in (near, near - 1, near + 1)
            if _exists(year, month, day) and date(year, month, day).weekday() == wanted
        ]
        if fitting:
            fitting.sort(key=lambda y: _far(y, month, day, telling))
            when = When("D", date(fitting[0], month, day))
            return Reading(when, _why("timex-year-weekday", timex, value=when.value), "explicit")
    told = _side(timex, said, telling, wide=False)
    written = _year_written(timex, telling)
    if written is not None and told != "future" and "dir" not in said:
        when = When("D", _day(written, month, day))
        source = telling.year_words
        reason = _why(
            "timex-year-context", timex, value=when.value, year=str(written), source=source
        )
        return Reading(when, reason, "explicit")
    if near is None:
        when = When("D", date(_NO_YEAR, month, day), yearless=True)
        return Reading(when, _why("timex-no-year", timex), "explicit")
    if telling.today is None and telling.month is None:
        when = When("D", _day(near, month, day))
        return Reading(
            when, _why("timex-year-dct", timex, value=when.value, dct=str(near)), "explicit"
        )
    options = [
        date(y, month, day) for y in (near - 1, near, near + 1) if _exists(y, month, day)
    ]
    if not options:
        raise NoSuchDayError
    today = _reference(telling)
    if said.get("dir") == "last" or (told == "past" and "dir" not in said):
        options = [d for d in options if d <= today] or options
    elif said.get("dir") == "next":
        options = [d for d in options if d >= today] or options
    told_from = _told_from(timex, said, told, telling)
    if told_from is not None:
        found = min(options, key=lambda d: abs((d - told_from).days))
        when = When("D", found)
        return Reading(when, _from_head(timex, telling), "explicit")
    found = min(options, key=lambda d: abs((d - today).days))
    when = When("D", found)
    reason = _why("timex-year-nearest", timex, value=when.value, dct=telling.dct.value or "")
    return Reading(when, reason, "explicit")


def _side(
    timex: Timex, said: Mapping[str, str], telling: _Telling, *, wide: bool = True
) -> Side:
    """The side that its clause tells; a limit lies ahead, a start behind, where it says nothing."""
    sentences, times = telling.sentences, telling.times
    relation = said.get("relation")
    if relation == "until" and not clause_has(timex.span, "pluperfect", sentences, times):
        return "future"
    told = side(timex.span, sentences, times, wide=False)
    if not told and (relation == "from" or tells(timex.span, "plan", sentences, times, 1)):
        return "future"
    if not told and relation == "since":
        return "past"
    return told or (side(timex.span, sentences, times) if wide else "")


def _far(year: int, month: int, day: int, telling: _Telling) -> int:
    if not _exists(year, month, day):
        return 10**6
    return abs((date(year, month, day) - _reference(telling)).days)


def _reference(telling: _Telling) -> date:
    """A day to measure nearness from: that of the dispatch, or the middle of its month or year."""
    if telling.today is not None:
        return telling.today.start
    if telling.year is None:
        return date(_NO_YEAR, 7, 1)
    return date(telling.year, telling.month or 7, 15 if telling.month else 1)


def _told_from(
    timex: Timex, said: Mapping[str, str], told: Side, telling: _Telling
) -> date | None:
    """A day long past that the sentences just before tell of: the year goes on from it."""
    head = telling.head
    if head is None or head.yearless or told == "future" or "dir" in said:
        return None
    if (_reference(telling) - head.start).days < _LONG_PAST:
        return None
    here = telling.sentences.index(timex.span.start)
    near = here - telling.sentences.index(telling.head_at) <= 2
    return head.start if near and _same_paragraph(timex, telling) else None


def _same_paragraph(timex: Timex, telling: _Telling) -> bool:
    return "\n" not in telling.document.text[telling.head_at : timex.span.start]


def _year_written(timex: Timex, telling: _Telling) -> int | None:
    """The year that its sentence, or the one before in the same paragraph, is in."""
    if telling.year_at < 0:
        return None
    here = telling.sentences.index(timex.span.start)
    there = telling.sentences.index(telling.year_at)
    if here == there:
        between = telling.document.text[telling.year_at : timex.span.start]
        return None if ";" in between else telling.year_written
    between = telling.document.text[telling.year_at : timex.span.start]
    if here - there == 1 and "\n" not in between and telling.head is not None:
        return telling.head.start.year if telling.head_at == telling.year_at else None
    return None


def _day_alone(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A day without its month: "le 10", "le vendredi 24"."""
    if "month" in said:
        return _date(timex, said, telling)
    day = int(said.get("day") or said.get("dom") or 0)
    if not 1 <= day <= 31:
        raise NoSuchDayError
    base, source = telling.today, "dct"
    head = telling.head
    if head is not None and (
        base is None or abs((head.start - base.start).days) > 62 or head.yearless != base.yearless
    ):
        base, source = head, "head"
    if base is None:
        if telling.year is None or telling.month is None:
            return Reading(None, _why("timex-no-reference", timex), value=f"XXXX-XX-{day:02d}")
        base = When("D", _reference(telling))
    first = base.start.replace(day=1)
    options = [
        month.replace(day=day)
        for month in (_add_months(first, n) for n in (-2, -1, 0, 1, 2))
        if _exists(month.year, month.month, day)
    ]
    if "weekday" in said:
        wanted = int(said["weekday"]) - 1
        options = [d for d in options if d.weekday() == wanted] or options
    elif source == "dct":
        told = _side(timex, said, telling)
        if told == "past":
            options = [d for d in options if d <= base.start] or options
        elif told == "future":
            options = [d for d in options if d >= base.start] or options
    else:
        options = [d for d in options if d >= first] or options
    found = min(options, key=lambda d: abs((d - base.start).days))
    when = When("D", found, yearless=base.yearless)
    code = "timex-month-nearest" if source == "dct" else "timex-month-head"
    reading = Reading(when, _why(code, timex, value=when.value, base=base.value), "explicit")
    return reading


_NUMERIC = re.compile(r"(\d{1,4})\D(\d{1,2})\D(\d{1,4})")


def _numeric(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """Figures: "2016-12-08", "11/1/2020", in the order that the dispatch or the language uses."""
    written = said["numeric_date"]
    match = _NUMERIC.match(written)
    if match is None:
        raise NoSuchDayError
    if len(match[1]) == 4:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        first, second = int(match[1]), int(match[2])
        year = int(match[3]) if len(match[3]) == 4 else _century_of(int(match[3]), telling)
        day, month = _day_and_month(first, second, year, telling)
    when = When("D", _day(year, month, day))
    clock = re.search(r"T(\d\d:\d\d)\S*?(Z?)$", written)
    suffix = f"T{clock[1]}{clock[2]}" if clock else ""
    return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit", suffix=suffix)


def _day_and_month(first: int, second: int, year: int, telling: _Telling) -> tuple[int, int]:
    """In the order of the dispatch; where that is not shown, the reading nearest to its day."""
    orders = [(first, second), (second, first)]
    if not telling.day_first:
        orders.reverse()
    possible = [(day, month) for day, month in orders if _exists(year, month, day)]
    if not possible:
        raise NoSuchDayError
    if telling.order_shown or telling.today is None or telling.today.yearless:
        return possible[0]
    today = telling.today.start
    return min(possible, key=lambda dm: abs((date(year, dm[1], dm[0]) - today).days))


def _weekday(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A day of the week: nearest to the dispatch unless words of its clause say otherwise."""
    wanted = int(said["weekday"]) - 1
    head = telling.head
    if ("same" in said or "following" in said) and head is not None:
        start = head.start
        if "same" in said:
            start -= ((start.weekday() - wanted) % 7) * _DAY
        elif said["following"] == "1":
            start += ((wanted - start.weekday() - 1) % 7 + 1) * _DAY
        else:
            start -= ((start.weekday() - wanted - 1) % 7 + 1) * _DAY
        return Reading(When("D", start, head.yearless), _from_head(timex, telling), "relative")
    today = telling.today
    if today is None or today.yearless:
        value = f"XXXX-WXX-{wanted + 1}"
        return Reading(None, _why("timex-no-reference", timex), value=value)
    if "weeks" in said:  # "mardi en huit": the Tuesday of next week
        ahead = (wanted - today.start.weekday() - 1) % 7 + 1
        start = today.start + (ahead + 7 * (1 if int(said["weeks"]) == 8 else 2)) * _DAY
        when = When("D", start)
        return Reading(when, _from_dct(timex, when, telling), "relative")
    back = (today.start.weekday() - wanted) % 7
    match said.get("dir"):
        case "last":
            start, code = today.start - (back or 7) * _DAY, "timex-weekday-past"
        case "next":
            start, code = today.start + (7 - back) * _DAY, "timex-weekday-future"
        case _:
            told = _side(timex, said, telling)
            if told == "past":
                start, code = today.start - back * _DAY, "timex-weekday-past"
            elif told == "future":
                start, code = today.start + (-back % 7) * _DAY, "timex-weekday-future"
            else:
                offset = -back if back <= 3 else 7 - back
                start, code = today.start + offset * _DAY, "timex-weekday-nearest"
    when = When("D", start)
    reason = _why(code, timex, value=when.value, dct=today.value)
    return Reading(when, reason, "relative")


def _night(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """The night between two weekdays, or two days."""
    reading = _weekday(timex, {**said, "weekday": said["w1"]}, telling)
    return reading if reading.when is None else _night_from(reading)


def _deictic(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """Days counted from the day of the dispatch: "hier", "demain", "ce matin"."""
    offset = int(said["deictic"]) + int(said.get("days", 0))
    if telling.today is None:
        return _somewhere_in_dct(timex, telling, inside=offset == 0)
    when = _shift(telling.today, offset)
    return Reading(when, _from_dct(timex, when, telling), "relative")


def _somewhere_in_dct(timex: Timex, telling: _Telling, *, inside: bool) -> Reading:
    """The dispatch's day is not known, perhaps its month or year: "today" lies in them."""
    year = "XXXX" if telling.year is None else f"{telling.year:04d}"
    month = "XX" if telling.month is None else f"{telling.month:02d}"
    reading = Reading(None, _why("timex-no-reference", timex), value=f"{year}-{month}-XX")
    if inside and telling.year is not None:
        return reading._replace(edtf=telling.dct.value or "", basis="relative")
    return reading


def _count(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """So many units before or after: "il y a trois semaines", "cinq jours plus tard"."""
    sign = int(said.get("dir") or said.get("later") or 1)
    number = said.get("n2") or said.get("num", "1")
    unit = said.get("unit") or said.get("halfunit") or "D"
    vague = "PAST_REF" if sign < 0 else "FUTURE_REF"
    from_head = said.get("from") == "head" and telling.head is not None
    base: When | None = telling.head if from_head else telling.today
    if unit == "D" and sign > 0 and not from_head:
        number = str(telling.times.conventions.get("days_ahead", {}).get(number, number))
    if from_head and unit in _SHORT and telling.clock is not None and number != "X":
        return _hours_later(timex, said, sign, number, unit, telling)
    if number == "X" and not (unit in _SHORT and base is not None):
        return Reading(None, _why("timex-vague", timex), value=vague)
    if base is None:
        if unit in {"Y", "DEC"} and telling.year is not None and "half" not in said:
            years = int(float(number)) * (10 if unit == "DEC" else 1)
            when = When("Y", _first_of(telling.year + sign * years))
            return Reading(when, _from_dct(timex, when, telling), "relative")
        return Reading(None, _why("timex-no-reference", timex), value=vague)
    there = _counted(base, sign, number, unit, half="half" in said or "halfunit" in said)
    if there is None:
        return Reading(None, _why("timex-vague", timex), value=vague)
    reason = _from_head(timex, telling) if from_head else _from_dct(timex, there, telling)
    return Reading(there, reason, "relative")


def _hours_later(
    timex: Timex, said: Mapping[str, str], sign: int, number: str, unit: str, telling: _Telling
) -> Reading:
    """An hour counted from the last one told: "une demi-heure plus tard"."""
    when, hour, minute = cast("tuple[When, int, int]", telling.clock)
    length = float(number) * {"H": 60, "MIN": 1, "S": 1 / 60}[unit]
    if "halfunit" in said:
        length /= 2
    elif "half" in said and unit == "H":
        length += 30
    days, minutes = divmod(hour * 60 + minute + sign * round(length), 24 * 60)
    suffix = f"T{minutes // 60:02d}:{minutes % 60:02d}"
    return Reading(_shift(when, days), _from_head(timex, telling), "relative", suffix=suffix)


def _counted(base: When, sign: int, number: str, unit: str, *, half: bool) -> When | None:
    """`base` moved by so many units, at the precision of the unit. None: too short to matter."""
    if number == "X":
        return base
    count = float(number)
    if half and unit not in _SHORT:
        if unit not in {"Y", "DEC"}:
            return None
        months = round(count * 12 + 6)
        return When("M", _add_months(base.start.replace(day=1), sign * months), base.yearless)
    whole = int(count) * sign
    match unit:
        case "D" | "NIGHT":
            return _shift(base, whole)
        case "DOZENDAYS":
            return _shift(base, 15 * whole)
        case "FN":
            return _counted(base, sign, str(2 * count), "W", half=False)
        case "W":
            monday = base.start - base.start.weekday() * _DAY
            return When("W", monday + 7 * whole * _DAY, base.yearless)
        case "M" | "Q" | "HY":
            months = whole * {"M": 1, "Q": 3, "HY": 6}[unit]
            return When("M", _add_months(base.start.replace(day=1), months), base.yearless)
        case "Y" | "DEC" | "CEN":
            years = whole * {"Y": 1, "DEC": 10, "CEN": 100}[unit]
            return When("Y", _first_of(base.start.year + years), base.yearless)
        case "WE":
            return _weekend(base, whole)
    hours = count * {"H": 1, "MIN": 1 / 60}.get(unit, 0)
    return _shift(base, sign * int(hours // 24))


def _unit(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A unit of the calendar: "la semaine dernière", "cette année", "l'année suivante"."""
    unit = said["unit"]
    if "year" in said and unit in {"Y", "M"}:
        return _year(timex, said, telling)
    direction = said.get("dir", "this")
    step = {"last": -1, "next": 1}.get(direction, 0)
    base: When | None = telling.today
    from_head = False
    if "following" in said:
        step = int(said["following"])
        if telling.last is not None:
            base, from_head = telling.last, True
    vague = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}[step]
    if base is None:
        return _unit_of_year(timex, unit, step, vague, telling)
    if unit == "NIGHT":
        when = _shift(base, min(step, 0))
        return Reading(when, _from_dct(timex, when, telling), "relative", suffix="TNI")
    if unit == "WE":
        when = _nearest_weekend(base) if step == 0 else _weekend(base, step)
    elif unit in {"D", "W", "M", "Q", "HY", "Y", "DEC", "CEN"}:
        start = _floor(base.start, unit)
        when = When(cast("Grain", unit), start, base.yearless)
        if step:
            when = _step(when, step)
    else:
        return Reading(None, _why("timex-vague", timex), value=vague)
    reason = _from_head(timex, telling) if from_head else _from_dct(timex, when, telling)
    return Reading(when, reason, "relative")


def _unit_of_year(timex: Timex, unit: str, step: int, vague: str, telling: _Telling) -> Reading:
    if telling.year is not None and unit in {"Y", "DEC", "CEN"}:
        when = _step(When(cast("Grain", unit), _floor(date(telling.year, 1, 1), unit)), step)
        return Reading(when, _from_dct(timex, when, telling), "relative")
    return Reading(None, _why("timex-no-reference", timex), value=vague)


def _eve(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """Days counted from the day of the telling: "la veille", "le même jour", "le lendemain"."""
    offset = 0 if "of" in said else int(said["eve"])
    base = telling.head or telling.today
    if "of" in said and telling.head is not None:
        there = telling.sentences.index(telling.head_at)
        if there != telling.sentences.index(timex.span.start):
            base = telling.today or base
    if base is None:
        return Reading(None, _why("timex-no-reference", timex), value="XXXX-XX-XX")
    when = _shift(base, offset)
    reason = (
        _from_head(timex, telling) if telling.head else _from_dct(timex, when, telling)
    )
    return Reading(when, reason, "relative")


def _part(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A part of the day: that of the day in its sentence, else of the telling, else today's."""
    when, reason, basis = _day_here(timex, telling)
    suffix = "" if said["part"] == "DT" else "T" + said["part"]
    if said["part"] == "MO" and telling.head == when and telling.head_hour >= 12 and when:
        when = _shift(when, 1)  # told after its afternoon: the next morning
    if when is None:
        return Reading(None, reason, value="XXXX-XX-XX" + suffix, suffix=suffix)
    return Reading(when, reason, basis, suffix=suffix)


def _clock(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """An hour of the day that the sentence or the telling speaks of."""
    hour, minute = _hour(said)
    when, reason, basis = _day_here(timex, telling)
    suffix = f"T{hour % 24:02d}:{minute:02d}" + ("Z" if "zone" in said else "")
    if when is None:
        return Reading(None, reason, value="XXXX-XX-XX" + suffix, suffix=suffix)
    late = telling.head_hour >= 17 and telling.head == when and hour < 6
    if hour == 24 or "midnight" in said or late or (telling.waiting_for_night and hour < 12):
        # Midnight ends the day that is spoken of; so does an hour told after its evening. The
        # telling stays with that day.
        return Reading(_shift(when, 1), reason, basis, suffix=suffix, moves=False)
    return Reading(when, reason, basis, suffix=suffix)


def _hour(said: Mapping[str, str]) -> tuple[int, int]:
    if "clock" in said:
        hour, minute = (int(n) for n in said["clock"].split(":")[:2])
    elif "dotclock" in said or "decimal" in said:
        hour, minute = (int(n) for n in re.split("[.:]", said.get("dotclock") or said["decimal"]))
    elif "hhmm" in said:
        hour, minute = int(said["hhmm"]) // 100, int(said["hhmm"]) % 100
    else:
        hour = int(said.get("hour") or said.get("noon") or said.get("midnight") or 0)
        minute = int(said.get("minute") or 0)
    half = said.get("half")
    if half:
        minute = 30
    if said.get("meridiem") == "PM" and hour < 12:
        hour += 12
    elif said.get("meridiem") == "AM" and hour == 12:
        hour = 0
    elif said.get("part") in {"AF", "EV"} and hour < 12:
        hour += 12
    if hour > 24 or minute > 59:
        raise NoSuchDayError
    return hour, minute


def _day_here(timex: Timex, telling: _Telling) -> tuple[When | None, Reason, Basis]:
    """The day that a part of it, or an hour, belongs to."""
    head = _still_told(timex, telling)
    if head is not None:
        same = telling.sentences.index(telling.head_at) == telling.sentences.index(timex.span.start)
        reason = _why("timex-sentence" if same else "timex-head", timex,
                      day=head.value, source=telling.head_words)
        return head, reason, "relative" if same else "inherited"
    if telling.today is not None:
        return telling.today, _from_dct(timex, telling.today, telling), "dct"
    return None, _why("timex-no-reference", timex), "none"


def _still_told(timex: Timex, telling: _Telling) -> When | None:
    """The day that the telling is still at: a day of another time holds for its paragraph."""
    head, today = telling.head, telling.today
    if head is None or today is None:
        return head
    sentences, times = telling.sentences, telling.times
    told = side(timex.span, sentences, times, wide=False)
    if told == "future":
        return head if head.start >= today.start else None
    apart = sentences.index(timex.span.start) - sentences.index(telling.head_at)
    if apart and told == "past" and head.start > today.start:
        return telling.before
    before = telling.before
    if apart and head == today and before is not None and before.start < today.start:
        # What was over before ("avait quitté") happened on the day told before.
        if clause_has(timex.span, "pluperfect", sentences, times):
            return before
    if abs((head.start - today.start).days) <= _NEAR or head.yearless:
        return head
    return head if _same_paragraph(timex, telling) else None


def _month(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A month: "mars 2011", "en janvier", "mars dernier"."""
    month = int(said["month"])
    year = _stated_year(said, telling)
    if year is not None:
        when = When("M", date(year, month, 1))
        return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")
    if said.get("from") == "head" and telling.last is not None:
        when = When("M", telling.last.start.replace(month=month, day=1), telling.last.yearless)
        return Reading(when, _from_head(timex, telling), "relative")
    options = [When("M", date(y, month, 1)) for y in _years_about(telling)]
    return _nearest(timex, said, options, telling, f"XXXX-{month:02d}")


def _season(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    season = said["season"]
    first = _SEASON_MONTH[season]
    year = _stated_year(said, telling)
    if year is not None:
        when = When("SE", date(year, first, 1), part=season)
        return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")
    if "following" in said and telling.last is not None:
        base, ahead = telling.last, said["following"] == "1"
        years = range(base.start.year - 1, base.start.year + 2)
        near = [When("SE", date(y, first, 1), base.yearless, season) for y in years]
        near = [o for o in near if (o.start > base.start if ahead else o.end <= base.start)]
        when = near[0] if ahead else near[-1]
        return Reading(when, _from_head(timex, telling), "relative")
    options = [When("SE", date(y, first, 1), part=season) for y in _years_about(telling)]
    return _nearest(timex, said, options, telling, f"XXXX-{season}")


def _quarter(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    unit = said.get("unit", "Q")
    per_year, months = (2, 6) if unit == "HY" else (4, 3)
    number = int(said.get("ord") or said.get("quarter") or 1)
    number = per_year if number == -1 else number
    if not 1 <= number <= per_year:
        raise NoSuchDayError
    first = 1 + months * (number - 1)
    grain: Grain = "HY" if unit == "HY" else "Q"
    year = _stated_year(said, telling)
    if year is not None:
        when = When(grain, date(year, first, 1))
        return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")
    options = [When(grain, date(y, first, 1)) for y in _years_about(telling)]
    return _nearest(timex, said, options, telling, f"XXXX-{'H' if unit == 'HY' else 'Q'}{number}")


def _year(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    year = _stated_year(said, telling)
    if year is None:
        raise NoSuchDayError
    when = When("Y", _first_of(year))
    return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")


def _decade(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    if "year" in said:
        year = int(said["year"])
    elif "yy" in said:
        year = _century_of(int(said["yy"].lstrip("'’")), telling)
    else:
        year = 1900 + int(said.get("num") or said.get("decade") or 0)
    when = When("DEC", _first_of(year // 10 * 10))
    return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")


def _century(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    number = int(said["century"])
    if not 2 <= number <= 30:
        raise NoSuchDayError
    when = When("CEN", _first_of((number - 1) * 100))
    return Reading(when, _why("timex-explicit", timex, value=when.value), "explicit")


_NTH = re.compile(r"(\d\d)-(mon|tue|wed|thu|fri|sat|sun)(\d)")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _holiday(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    """A feast, fixed ("12-25"), counted from Easter ("easter+39") or a weekday ("11-thu4")."""
    offset = int(said.get("eve", "0"))
    year = _stated_year(said, telling)
    name = said["holiday"]
    if year is not None:
        when = When("D", _feast(name, year) + offset * _DAY)
        return Reading(when, _why("timex-holiday", timex, value=when.value), "explicit")
    options = [When("D", _feast(name, y) + offset * _DAY) for y in _years_about(telling)]
    unknown = f"XXXX-{name}" if re.fullmatch(r"\d\d-\d\d", name) else "XXXX-XX-XX"
    return _nearest(timex, said, options, telling, unknown)


@lru_cache(maxsize=512)
def _feast(name: str, year: int) -> date:
    if name.startswith("easter"):
        sunday: date = easter(year)
        return sunday + int(name.removeprefix("easter") or 0) * _DAY
    nth = _NTH.fullmatch(name)
    if nth:
        first = date(year, int(nth[1]), 1)
        ahead = (_WEEKDAYS.index(nth[2]) - first.weekday()) % 7
        return first + (ahead + 7 * (int(nth[3]) - 1)) * _DAY
    month, day = name.split("-")
    return date(year, int(month), int(day))


def _years_about(telling: _Telling) -> range:
    year = telling.year
    return range(0) if year is None else range(max(year - 2, MINYEAR), min(year + 3, MAXYEAR))


def _nearest(
    timex: Timex,
    said: Mapping[str, str],
    options: Sequence[When],
    telling: _Telling,
    unknown: str,
) -> Reading:
    """Choose among the years by the words beside it, by tense, else by nearness."""
    if not options:
        edtf = unknown if re.fullmatch(r"XXXX-\d\d(-\d\d)?", unknown) else ""
        return Reading(None, _why("timex-no-year", timex), value=unknown, edtf=edtf)
    today = _reference(telling)
    direction = said.get("dir", "")
    told: Side = "" if direction else _side(timex, said, telling, wide=False)
    if "general" in said and not told:  # "en été": every summer
        return Reading(None, _why("timex-set", timex), value=unknown)
    if direction == "last":
        options = [o for o in options if o.end <= today] or options
    elif direction == "next":
        options = [o for o in options if o.start > today] or options
    elif "this" in said:
        options = [o for o in options if o.start.year == today.year] or options
    elif told == "past":
        options = [o for o in options if o.start <= today] or options
    elif told == "future":
        options = [o for o in options if o.end > today] or options
    told_from = _told_from(timex, said, told, telling)
    if told_from is not None and "this" not in said:
        when = min(options, key=lambda o: _distance(o, told_from))
        return Reading(when, _from_head(timex, telling), "explicit")
    when = min(options, key=lambda o: _distance(o, today))
    code = "timex-holiday-nearest" if "holiday" in said else "timex-year-nearest"
    reason = _why(code, timex, value=when.value, dct=telling.dct.value or "")
    return Reading(when, reason, "explicit" if "dir" not in said else "relative")


def _distance(when: When, day: date) -> int:
    if when.start <= day < when.end:
        return 0
    return min(abs((when.start - day).days), abs((when.end - _DAY - day).days))


_SHORT = {"H", "MIN", "S"}
_ISO_UNIT = {
    "MIN": "M", "NIGHT": "D", "DOZENDAYS": "D", "FN": "W", "Q": "M", "HY": "M", "DEC": "Y", "CEN": "Y",
}  # fmt: skip
_TIMES = {"DOZENDAYS": 15, "FN": 2, "Q": 3, "HY": 6, "DEC": 10, "CEN": 100}
_HALVES = {"H": "PT30M", "D": "PT12H", "CEN": "P50Y", "DEC": "P5Y", "Y": "P6M", "MIN": "PT30S"}
_HALF_MORE = {"Y": "6M", "H": "30M", "MIN": "30S", "M": "15D", "D": "T12H"}


def _duration(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    return Reading(None, _why("timex-duration", timex), value=_length(said), moves=False)


def _length(said: Mapping[str, str]) -> str:
    """An ISO 8601 length: "P5Y6M", "PT30.4S", "PXD"."""
    if "halfunit" in said:
        return _HALVES[said["halfunit"]]
    unit = said.get("unit") or said.get("shortunit") or "D"
    value = _amount(said.get("n2") or said.get("num") or said.get("n1", "1"), unit)
    if "half" in said:
        more = _HALF_MORE.get(unit)
        if more:
            value += more
    if "n3" in said and "u3" in said:
        second = _amount(said["n3"], said["u3"])[1:]
        value += second.removeprefix("T") if "T" in value else second
    return value


def _amount(number: str, unit: str) -> str:
    if number != "X":
        amount = float(number) * _TIMES.get(unit, 1)
        number = f"{amount:g}" if amount < 1e5 else str(int(amount))
    return ("PT" if unit in _SHORT else "P") + number + _ISO_UNIT.get(unit, unit)


def _term(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    return Reading(None, _why("timex-duration", timex), value=said["term"], moves=False)


def _set(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    reason = _why("timex-set", timex)
    day = said.get("weekdays") or said.get("weekday")
    if day:
        part = "T" + said["part"] if "part" in said else ""
        return Reading(None, reason, value=f"XXXX-WXX-{day}{part}", moves=False)
    if "part" in said:
        return Reading(None, reason, value=f"XXXX-XX-XXT{said['part']}", moves=False)
    unit = said.get("unit") or said.get("set_unit") or "D"
    return Reading(None, reason, value=_amount(said.get("num", "1"), unit), moves=False)


def _vague(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    value = {"last": "PAST_REF", "next": "FUTURE_REF"}.get(said.get("dir", ""), "PRESENT_REF")
    return Reading(None, _why("timex-vague", timex), value=value, moves=False)


def _ref(timex: Timex, said: Mapping[str, str], telling: _Telling) -> Reading:
    return Reading(None, _why("timex-vague", timex), value=said["ref"], moves=False)


Reader = Callable[[Timex, Mapping[str, str], _Telling], Reading]
READERS: Mapping[str, Reader] = {
    "date": _date, "day": _day_alone, "day_or_date": _day_alone, "numeric": _numeric,
    "weekday": _weekday, "night": _night, "deictic": _deictic, "count": _count, "unit": _unit,
    "eve": _eve, "part": _part, "clock": _clock, "month": _month, "season": _season,
    "quarter": _quarter, "year": _year, "decade": _decade, "century": _century,
    "holiday": _holiday, "duration": _duration, "term": _term, "set": _set, "vague": _vague,
    "ref": _ref,
}  # fmt: skip


# --- small arithmetic ------------------------------------------------------------------------
def _stated_year(said: Mapping[str, str], telling: _Telling) -> int | None:
    if "of_year" in said and telling.year is not None:
        return telling.year + {"last": -1, "this": 0, "next": 1}[said["of_year"]]
    if "year" in said:
        year = int(said["year"])
        return year if MINYEAR <= year < MAXYEAR else None
    if "yy" in said:
        return _century_of(int(said["yy"].lstrip("'’")), telling)
    return None


def _century_of(two_digits: int, telling: _Telling) -> int:
    """The year that two digits mean: at most ten years after the dispatch."""
    latest = (telling.year or 2030) + 10
    year = latest // 100 * 100 + two_digits
    return year if year <= latest else year - 100


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _day(year: int, month: int, day: int) -> date:
    if not _exists(year, month, day):
        raise NoSuchDayError
    return date(year, month, day)


def _first_of(year: int) -> date:
    if not MINYEAR <= year <= MAXYEAR - 101:
        raise NoSuchDayError
    return date(year, 1, 1)


def _add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not MINYEAR <= year <= MAXYEAR:
        raise NoSuchDayError
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _shift(when: When, days: int) -> When:
    return When("D", when.start + days * _DAY, when.yearless)


def _floor(day: date, unit: str) -> date:
    match unit:
        case "W":
            return day - day.weekday() * _DAY
        case "M":
            return day.replace(day=1)
        case "Q":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "HY":
            return day.replace(month=1 if day.month < 7 else 7, day=1)
        case "Y":
            return day.replace(month=1, day=1)
        case "DEC":
            return _first_of(day.year // 10 * 10)
        case "CEN":
            return _first_of(day.year // 100 * 100)
    return day


def _step(when: When, step: int) -> When:
    """The stretch of the same grain just before or after."""
    months = {"M": 1, "Q": 3, "HY": 6, "Y": 12, "DEC": 120, "CEN": 1200}
    if when.grain in months:
        return when._replace(start=_add_months(when.start, step * months[when.grain]))
    days = {"D": 1, "W": 7, "WE": 7}[when.grain]
    return when._replace(start=when.start + step * days * _DAY)


def _weekend(base: When, step: int) -> When:
    """The last weekend that began before `base`'s, or the next one."""
    saturday = base.start - ((base.start.weekday() - 5) % 7) * _DAY
    if step < 0 and base.start.weekday() >= 5:
        saturday -= 7 * _DAY
    if step > 0:
        saturday += 7 * _DAY
    return When("WE", saturday + (step - (1 if step > 0 else -1)) * 7 * _DAY, base.yearless)


def _nearest_weekend(base: When) -> When:
    saturday = base.start + (5 - base.start.weekday()) * _DAY
    return When("WE", saturday - 7 * _DAY if base.start.weekday() < 2 else saturday, base.yearless)


def _why(code: str, timex: Timex, **values: str) -> Reason:
    return Reason(code, (("words", timex.text), *values.items()))


def _from_dct(timex: Timex, when: When, telling: _Telling) -> Reason:
    return _why("timex-dct", timex, value=when.value, dct=telling.dct.value or "")


def _from_head(timex: Timex, telling: _Telling) -> Reason:
    head = telling.head
    day = head.value if head is not None else ""
    return _why("timex-head", timex, day=day, source=telling.head_words)
