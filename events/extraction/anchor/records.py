"""What the parts of `anchor` hand to one another: dates of the text, and who they were given to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from events.extraction.annotations import NormalizedTimex, Precision, Reason, Span, Trigger
from events.intervals import bounds, precision

Link = Literal["clause", "adjacent", "noun", "sentence", "counted", "medium", "inherited", "dct"]

_DAY = timedelta(days=1)
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T[\dHMS.]+)?")
# Ranks by threes: what syntax ties, what is near or counted, what is only carried on.
_LINKS: tuple[Link, ...] = (
    "clause", "medium", "adjacent", "noun", "counted", "sentence", "inherited", "dct",
)  # fmt: skip
_FINENESS = {"day": 0, "range": 1, "open": 2, "week": 3, "month": 4, "season": 5, "quarter": 5}
_BASES = {"explicit": 0, "relative": 1, "inherited": 2}


@dataclass(frozen=True, slots=True)
class Date:
    """A time expression that can date an event, or two that bound one interval.

    Tokens `[first, last)`; `top` is the one through which the expression hangs on its sentence.
    `edtf` None: a length of time, which only counts from another date.
    """

    timex: NormalizedTimex
    edtf: str | None
    start: date | None
    end: date | None
    precision: Precision
    span: Span
    first: int
    last: int
    top: int


@dataclass(frozen=True, slots=True)
class Found:
    """One date of one trigger, and how it was found."""

    when: Date
    link: Link
    reason: Reason
    other: int | None = None  # the trigger that takes this date if it is not needed here


@dataclass(frozen=True, slots=True)
class Told:
    """The day that the narrative has reached, the trigger that put it there, and its paragraph."""

    when: Date
    trigger: Trigger
    paragraph: int


class Findings(dict[int, list[Found]]):
    """The dates found for each trigger, by its number."""

    def add(
        self, number: int, when: Date, link: Link, reason: Reason, other: int | None = None
    ) -> None:
        self.setdefault(number, []).append(Found(when, link, reason, other))


def rank(found: Found) -> tuple[int, int, int]:
    """Of several dates of one trigger the finest is kept, then the most explicit."""
    when = found.when
    return (
        _LINKS.index(found.link) // 3,
        _FINENESS.get(when.precision, 6),
        _BASES.get(when.timex.basis, 3),
    )


def redated(when: Date, edtf: str) -> Date:
    try:
        start, end = bounds(edtf)
    except ValueError:
        return when
    return replace(when, edtf=edtf, start=start, end=end, precision=precision_of(edtf))


def moved(when: Date, step: timedelta | None, direction: int) -> str | None:
    """EDTF of a date a step, or without one a year, earlier (-1) or later (1)."""
    if when.start is None or when.edtf is None:
        return None
    if step is not None:
        return str(when.start + direction * step) if when.precision == "day" else None
    return f"{when.start.year + direction:04}{when.edtf[4:]}"


def precision_of(edtf: str) -> Precision:
    return precision(edtf)  # type: ignore[return-value] # the closed list, as a plain str


# What a unit of expressions is counted in, and how many of these it has.
_IN_DAYS = {
    "D": (1, "D"), "NIGHT": (1, "D"), "DOZENDAYS": (15, "D"), "W": (1, "W"), "WE": (1, "W"),
    "M": (1, "M"), "Q": (3, "M"), "HY": (6, "M"),
    "Y": (1, "Y"), "DEC": (10, "Y"), "CEN": (100, "Y"),
}  # fmt: skip


def length_of(timex: NormalizedTimex) -> tuple[int, str] | None:
    """How long an expression counts: (number, unit D, W, M or Y); None for less than a day.

    Years and months together are months.
    """
    said = dict(timex.timex.fields)
    if said.get("eve", "0").lstrip("-") != "0":
        return abs(int(said["eve"])), "D"
    if said.get("kind") == "count" and said.get("num", "").isdigit():
        times, unit = _IN_DAYS.get(said.get("unit", "D"), (0, ""))
        return (times * int(said["num"]), unit) if times else None
    match = _DURATION.fullmatch(timex.value)
    if match is None:
        return None
    hours = re.fullmatch(r"PT(24|48|72)H", timex.value)
    if hours is not None:  # "quarante-huit heures après": days, as one says them
        return int(hours[1]) // 24, "D"
    years, months, weeks, days = (int(group or 0) for group in match.groups())
    if not years + months + weeks + days:
        return None
    if months:
        return 12 * years + months, "M"
    if years:
        return years, "Y"
    if weeks:
        return weeks, "W"
    return days, "D"


def shifted(day: date, length: tuple[int, str], direction: int) -> str | None:
    """EDTF of the time so long before (-1) or after (1) `day`, as exact as its unit."""
    number, unit = length
    if unit in {"M", "Y"}:
        months = 12 * day.year + day.month - 1 + direction * number * (12 if unit == "Y" else 1)
        year, month = divmod(months, 12)
        if not 1 <= year <= 9999:
            return None
        return f"{year:04}" if unit == "Y" else f"{year:04}-{month + 1:02}"
    try:
        moved = day + direction * number * (7 if unit == "W" else 1) * _DAY
        if unit == "W":
            monday = moved - moved.weekday() * _DAY
            return f"{monday}/{monday + 6 * _DAY}"
    except OverflowError:
        return None
    return str(moved)
