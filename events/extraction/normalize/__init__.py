"""Timex to NormalizedTimex: what the words mean here, on the calendar.

Each kind of expression has one function, in `days` or `stretches`, the same for all languages: it
takes what the words say (`Timex.fields`) and where the telling stands, and returns a reading. The
document is gone through in order, because a part of the day or an hour belongs to the day that
the sentences before speak of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, cast

from events import intervals
from events.extraction.annotations import (
    CreationTime,
    Document,
    NormalizedTimex,
    Parsed,
    Precision,
    Span,
    Timex,
)
from events.extraction.lexicon.labels import Labels
from events.extraction.lexicon.times import TimeLexicon
from events.extraction.normalize.asides import asides
from events.extraction.normalize.counted import COUNTED, counts_from_next
from events.extraction.normalize.days import (
    hour_and_minute,
    read_clock,
    read_count,
    read_date,
    read_day,
    read_deictic,
    read_eve,
    read_night,
    read_nth,
    read_numeric,
    read_part,
    read_weekday,
)
from events.extraction.normalize.moving import move
from events.extraction.normalize.stretches import (
    read_century,
    read_decade,
    read_duration,
    read_holiday,
    read_month,
    read_quarter,
    read_reference,
    read_season,
    read_set,
    read_term,
    read_unit,
    read_vague,
    read_year,
)
from events.extraction.normalize.telling import Reading, Telling, never, start_telling, why

_LIKELY_DAYS = 3  # of a dispatch whose day is not known: a text is read once for each
_OF_A_DAY = frozenset({"clock", "part"})  # kinds that belong to a day


class HasTimes(Protocol):
    """What a lexicon must offer here: its time words and cues."""

    @property
    def times(self) -> TimeLexicon: ...

    @property
    def labels(self) -> Labels: ...


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
    be None: it shows which dates stand in clauses that only describe.
    """
    times = lexicon.times
    all_said = [dict(timex.fields) for timex in timexes]
    has_syntax = parsed is not None and parsed.language.supported
    in_passing = asides(parsed, lexicon.labels) if parsed and has_syntax else never
    readings = _readings(timexes, all_said, document, dct, times, in_passing)
    chances = _likely_days(dct)
    if chances:
        # Only several days are likely: keep what an expression means under most of them.
        under = []
        for day, chance in chances:
            on_it = replace(dct, value=day)
            told = _readings(timexes, all_said, document, on_it, times, in_passing)
            under.append((chance, told))
        for i, reading in enumerate(readings):
            if reading.value or reading.when is not None:
                readings[i] = _agreed([(chance, told[i]) for chance, told in under], reading)
    return [
        _record(timex, said, reading)
        for timex, said, reading in zip(timexes, all_said, readings, strict=True)
    ]


def _likely_days(dct: CreationTime) -> list[tuple[str, float]]:
    """The days that a dispatch dated by year or month alone can be of, as shares of 1."""
    if dct.day is not None or not dct.value or dct.value.startswith("X"):
        return []
    days = [(v, p) for v, p, _ in dct.candidates if len(v) == 10 and v.startswith(dct.value)]
    days = days[:_LIKELY_DAYS]
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
    timexes: Sequence[Timex],
    all_said: Sequence[Mapping[str, str]],
    document: Document,
    dct: CreationTime,
    times: TimeLexicon,
    in_passing: Callable[[Span], bool],
) -> list[Reading]:
    """Read the expressions in order, those aside that belong to a day named right after."""
    telling = start_telling(all_said, document, dct, times, in_passing)
    readings: dict[int, Reading] = {}
    waiting: list[int] = []
    quoted: dict[int, list[int]] = {}  # the expression that dates a quotation: those inside
    for i, timex in enumerate(timexes):
        telling.waiting_for_night = False
        said = all_said[i]
        kind = said.get("kind")
        said_on = _day_of_speech(timexes, i, telling) if kind == "deictic" else None
        if quoted and said_on is None and _goes_with(timexes, i, quoted, document.text):
            said_on = max(quoted)
        if said_on is not None:
            quoted.setdefault(said_on, []).append(i)
            continue
        if kind in _OF_A_DAY and _day_right_after(timexes, i, document.text):
            waiting.append(i)
            continue
        if kind in COUNTED and counts_from_next(timexes, i, telling):
            telling.counted_at = timex.span.start
            waiting.append(i)
            continue
        readings[i] = _read(timex, said, telling)
        telling.counted_at = -1
        for j in waiting:
            telling.waiting_for_night = kind == "night"
            telling.day_follows = True
            readings[j] = _read(timexes[j], all_said[j], telling)
            telling.day_follows = False
        waiting.clear()
        today = telling.today
        telling.today = readings[i].when or today
        for j in quoted.get(i, ()):
            readings[j] = _read(timexes[j], all_said[j], telling)
        telling.today = today
    return [readings[i] for i in range(len(timexes))]


def _goes_with(
    timexes: Sequence[Timex], i: int, quoted: Mapping[int, Sequence[int]], text: str
) -> bool:
    """Whether an hour follows in one breath a day that waits: "Hier, à 20 heures"."""
    if dict(timexes[i].fields).get("kind") not in _OF_A_DAY:
        return False
    last = quoted[max(quoted)][-1]
    between = text[timexes[last].span.end : timexes[i].span.start]
    return last == i - 1 and re.search(r"[.!?\n«»\"“”]", between) is None


_QUOTED = 1000  # characters of a quotation that are looked at on either side
_QUOTES = (("«", "»"), ("“", "”"), ("``", "''"), ('"', '"'))


def _day_of_speech(timexes: Sequence[Timex], i: int, telling: Telling) -> int | None:
    """The expression that says when the words around "today" were spoken, if one does.

    "hier" in a quotation counts from the day that follows it: « … », a-t-il dit mardi.
    """
    text, span = telling.document.text, timexes[i].span
    start = text.rfind("\n", max(0, span.start - _QUOTED), span.start) + 1
    start = start or max(0, span.start - _QUOTED)
    for opening, closing in _QUOTES:
        before = text[start : span.start]
        if opening == closing:
            inside = before.count(opening) % 2 == 1
        else:
            inside = before.rfind(opening) > before.rfind(closing)
        if not inside:
            continue
        end = text.find(closing, span.end, span.end + _QUOTED)
        if end < 0 or "\n" in text[span.end : end]:
            return None
        after = telling.sentences.span(end).end
        for j in range(i + 1, len(timexes)):
            if timexes[j].span.start >= after:
                return None
            if opening in text[end + len(closing) : timexes[j].span.start]:
                return None  # said in another quotation
            kind = dict(timexes[j].fields).get("kind")
            if timexes[j].span.start > end and kind in {"weekday", "date", "deictic"}:
                return j
        return None
    return None


_NEXT_TO = re.compile(
    r"(?:\s(?:local time|heure locale|[A-Z]{2,4}\b))?[\s,()]{1,3}"
    r"(?i:(?:on|le|du|de|of|in|en ce|dans) )?"
)


def _day_right_after(timexes: Sequence[Timex], i: int, text: str) -> bool:
    """Whether an hour stands right before the day it belongs to: "Vers 0 h 40, jeudi"."""
    if i + 1 >= len(timexes):
        return False
    here, after = dict(timexes[i].fields), dict(timexes[i + 1].fields)
    if here.get("kind") not in _OF_A_DAY:
        return False
    between = text[timexes[i].span.end : timexes[i + 1].span.start]
    if after.get("kind") == "clock" and re.fullmatch(r"\s?\(", between):
        return _day_right_after(timexes, i + 1, text)  # "7 p.m. (1600 GMT) on Monday"
    if after.get("kind") not in {"date", "weekday", "numeric", "deictic", "night"}:
        return False
    return _NEXT_TO.fullmatch(between) is not None


def _read(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    reader = READERS.get(said.get("kind", ""))
    if reader is None:
        raise ValueError(f"rule {timex.rule} has the unknown kind {said.get('kind')!r}")
    try:
        reading = _with_part(reader(timex, said, telling), said)
        if reading.when is not None:
            _ = reading.when.end  # it must lie within the years that `date` can hold, too
    except (ValueError, OverflowError):  # NoSuchDayError, or a year outside of 1 to 9999
        reading = Reading(None, why("timex-impossible", timex), moves=False)
    move(timex, said, reading, telling)
    return reading


def _with_part(reading: Reading, said: Mapping[str, str]) -> Reading:
    """Add the part of the day or the hour that the words name beside the day."""
    if reading.suffix or reading.when is None or reading.when.grain != "D":
        return reading
    if "clocked" in said:
        hour, minute = hour_and_minute(said)
        zone = "Z" if "zone" in said else ""
        return reading._replace(suffix=f"T{hour:02d}:{minute:02d}{zone}")
    if "hour" in said:
        return reading._replace(suffix=f"T{int(said['hour']):02d}:{int(said.get('minute', 0)):02d}")
    if "part" in said and said["part"] != "DT":
        return reading._replace(suffix="T" + said["part"])
    return reading


def _record(timex: Timex, said: Mapping[str, str], reading: Reading) -> NormalizedTimex:
    when = reading.when
    opening = int(said.get("evidence_start", timex.span.start))
    closing = reading.until or timex.span.end
    evidence = Span(opening, closing) if (opening, closing) != timex.span else None
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
    if reading.suffix and timex.type == "DATE":  # "une demi-heure plus tard"
        timex = replace(timex, type="TIME")
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


Reader = Callable[[Timex, Mapping[str, str], Telling], Reading]
READERS: Mapping[str, Reader] = {
    "day_or_date": read_day,
    "date": read_date,
    "day": read_day,
    "numeric": read_numeric,
    "weekday": read_weekday,
    "nth": read_nth,
    "night": read_night,
    "deictic": read_deictic,
    "count": read_count,
    "eve": read_eve,
    "part": read_part,
    "clock": read_clock,
    "unit": read_unit,
    "month": read_month,
    "season": read_season,
    "quarter": read_quarter,
    "year": read_year,
    "decade": read_decade,
    "century": read_century,
    "holiday": read_holiday,
    "duration": read_duration,
    "term": read_term,
    "set": read_set,
    "vague": read_vague,
    "ref": read_reference,
}
