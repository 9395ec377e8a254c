"""How likely each day is the dispatch's own, by what its text says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from events.extraction.annotations import CreationTime, Document, Reason, Timex
from events.extraction.clauses import sentences_of
from events.extraction.infer_dct import signs
from events.extraction.infer_dct.evidence import Evidence, gathered
from events.extraction.infer_dct.frame import day_of_dateline, exists
from events.extraction.infer_dct.weights import Weights
from events.extraction.lexicon.times import TimeLexicon

_DAY = timedelta(days=1)
_LIKELY = 0.6  # from this probability on a day, month or year is given as the value
_NARROW = 5  # days of a window that names a day rather than a year
_SAMPLED = (2, 5, 8, 11)  # months that stand for those of a year
_HOPELESS = 0.03  # of the weight of the likeliest year: not worth weighing day by day
_AROUND = (-1, 0, 1, 2, 3)  # days after one that the text names
_KEPT = 5  # candidates kept for the reader
_PLANNED = 8  # years ahead of the dispatch that a plan names
_BACK, _AHEAD = 15, 20  # years before and after the latest of the text that are weighed
_ARCHIVE, _ONLINE = 30, 2030  # years weighed of a text that writes none, and the last of them
_NOWHERE = 0.1  # share of the chance that it is none of the days weighed

_NEARLY_NONE = 0.01
_ELSEWHERE = 3.0  # weight of a year in which no day of the text lies near the dispatch's own


def worked_out(
    document: Document, timexes: Sequence[Timex], times: TimeLexicon, received: date | None
) -> CreationTime:
    sentences = sentences_of(document.text)
    evidence = gathered(document, timexes, sentences, times)
    given = day_of_dateline(document, timexes)
    unknown = _unknown(given)
    if not any(d.year for d in evidence.dated):
        return _by_weekdays(evidence, given, received, unknown)
    chances: dict[str, float] = {}
    words = signs.words_of(document.text)
    windows = signs.anniversaries(words, timexes, evidence.dated, sentences, times)
    evidence = evidence._replace(windows=[*windows, *evidence.windows])
    weights = Weights(evidence, signs.era(words, times))
    weighed = _years(evidence, received)
    by_month = {m: weights.of_year(m) for m in _months(weighed, received)}
    least = max(by_month.values(), default=0.0) * _HOPELESS
    likely = sorted({m.year for m, weight in by_month.items() if weight > least})
    if given is not None:
        days = _same_day(given, weighed, received)
    else:
        days = _days(evidence, likely, received)
    for day in days:
        chances[day.isoformat()] = weights.of_year(day) * weights.of_day(day)
    if given is None:
        # A weekday with its date, but no year, is of the days around.
        near = any(d.weekday is not None and d.year is None for d in evidence.dated)
        elsewhere = _ELSEWHERE * (_NEARLY_NONE if near else 1)
        for month, weight in by_month.items():
            chances[f"{month:%Y-%m}"] = elsewhere / len(_SAMPLED) * weight
    total = sum(chances.values()) * (1 + _NOWHERE)
    if not total:
        return unknown
    return _likeliest({when: weight / total for when, weight in chances.items()}, evidence, unknown)


def _by_weekdays(
    evidence: Evidence,
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
    weights = Weights(evidence)
    last = received.year if received is not None else _ONLINE
    weighed = range(max(last - _ARCHIVE, 1), last + 1)
    if given is not None:
        days = _same_day(given, weighed, received)
    else:
        days = _days(evidence, weighed, received)
    chances = {}
    for day in days:
        age = (received - day).days / 365 if received is not None else 0.0
        chances[day.isoformat()] = weights.of_day(day) / (1 + age)
    total = sum(chances.values()) * (1 + _NOWHERE)
    if not total:
        return unknown
    return _likeliest({day: chance / total for day, chance in chances.items()}, evidence, unknown)


def _same_day(
    given: tuple[int, int], years: Sequence[int], received: date | None
) -> Iterable[date]:
    """The month and day of a dateline in each of the years."""
    days = [date(year, *given) for year in years if exists(year, *given)]
    return [day for day in days if received is None or day <= received]


def _unknown(given: tuple[int, int] | None) -> CreationTime:
    if given is None:
        return CreationTime(None, "none", Reason("dct-unknown"), 0.0)
    value = f"XXXX-{given[0]:02d}-{given[1]:02d}"
    return CreationTime(value, "dateline", Reason("dct-no-year", (("value", value),)), 0.98)


def _years(evidence: Evidence, received: date | None) -> list[int]:
    """The years that are weighed: all near those of the text."""
    written = [d.year for d in evidence.dated if d.year is not None]
    last = max(max(written) + _AHEAD, *(w.end.year for w in evidence.windows if w.sure), 0)
    if received is not None:
        last = min(last, received.year)
    first = max(min(min(written), max(written) - _PLANNED), max(written) - _BACK, 1)
    years = range(first, min(last, 9998) + 1)
    return list(years)


def _days(
    evidence: Evidence, weighed: Sequence[int], received: date | None
) -> Iterable[date]:
    """The days that are weighed: those on which, or soon after which, the text's dates fall."""
    found: set[date] = set()
    for dated in evidence.dated:
        if dated.month is None or dated.day is None:
            continue
        years = weighed if dated.year is None else (dated.year,)
        for year in years:
            if exists(year, dated.month, dated.day):
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


def _likeliest(
    chances: Mapping[str, float], evidence: Evidence, unknown: CreationTime
) -> CreationTime:
    """As much of the day as is likely; `chances` are by day, and by month for no day in it."""
    by_day = {when: chance for when, chance in chances.items() if len(when) > len("2016-12")}
    by_month: dict[str, float] = {}
    by_year: dict[str, float] = {}
    for when, chance in chances.items():
        month, year = when[:7], when[:4]
        by_month[month] = by_month.get(month, 0.0) + chance
        by_year[year] = by_year.get(year, 0.0) + chance
    reason = _reason(max(by_year, key=by_year.__getitem__), evidence)
    best = sorted(by_day.items(), key=lambda item: (-item[1], item[0]))[:_KEPT]
    candidates = tuple(
        (value, round(chance, 3), _reason(value[:4], evidence)) for value, chance in best
    )
    for table in (by_day, by_month, by_year):
        value = max(table, key=table.__getitem__, default="")
        if value and table[value] >= _LIKELY:
            return CreationTime(value, "inferred", reason, round(table[value], 3), candidates)
    if unknown.value is not None:
        return replace(unknown, candidates=candidates)
    return CreationTime(None, "none", Reason("dct-unsure"), 0.0, candidates)


def _reason(year: str, evidence: Evidence) -> Reason:
    """The strongest ground for the year, in the words of the text."""
    for window in evidence.windows:
        if window.start.year <= int(year) <= window.end.year:
            length = window.length[:1].lower() + window.length[1:]  # it may open its sentence
            both = f"{window.since} + {window.length}"
            told = ("words", both), ("start", window.since), ("length", length), ("year", year)
            return Reason("dct-elapsed", told)
    for dated in evidence.dated:
        if dated.weekday is not None and dated.year is None:
            return Reason("dct-weekday-fits", (("words", dated.timex.text), ("year", year)))
    written = [d for d in evidence.dated if d.year is not None]
    if not written:
        words = [d.timex.text for d in evidence.dated[:1]] + [w for _, _, w in evidence.weekdays]
        return Reason("dct-weekday-fits", (("words", " … ".join(words)), ("year", year)))
    nearest = min(written, key=lambda d: abs((d.year or 0) - int(year)))
    return Reason("dct-years-written", (("words", nearest.timex.text), ("year", year)))
