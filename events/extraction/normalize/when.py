"""Stretches of the calendar: a grain and a first day, and how to go from one to another."""

from __future__ import annotations

import calendar
import re
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from dateutil.easter import easter

Grain = Literal["D", "W", "WE", "M", "Q", "HY", "SE", "Y", "DEC", "CEN"]
SEASONS = {"SP": 21, "SU": 22, "FA": 23, "WI": 24}  # EDTF codes of ISO 8601-2
SEASON_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
DAY = timedelta(days=1)
SHORT_UNITS = frozenset({"H", "MIN", "S"})
NO_YEAR = 2000  # stands for an unknown year; a leap year, so that 29 February can be written


_MONTHS = {"Y": 12, "DEC": 120, "CEN": 1200}
_DAYS = {"W": 7, "M": 30.4}


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
                return day + DAY
            case "W":
                return day + 7 * DAY
            case "WE":
                return day + 2 * DAY
        months = {"M": 1, "Q": 3, "SE": 3, "HY": 6, "Y": 12, "DEC": 120, "CEN": 1200}
        return add_months(day, months[self.grain])

    @property
    def value(self) -> str:
        """The value as TIMEX3 writes it."""
        day, year = self.start, self.year
        match self.grain:
            case "D":
                return f"{year}-{day.month:02d}-{day.day:02d}"
            case "M":
                return f"{year}-{day.month:02d}"
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
        if self.yearless and self.grain not in {"D", "M"}:
            return "XXXX"
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
                return f"{day}/{self.end - DAY}"
        return self.value


_NTH = re.compile(r"(\d\d)-(mon|tue|wed|thu|fri|sat|sun)(\d)")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@lru_cache(maxsize=512)
def feast(name: str, year: int) -> date:
    if name.startswith("easter"):
        sunday: date = easter(year)
        return sunday + int(name.removeprefix("easter") or 0) * DAY
    nth = _NTH.fullmatch(name)
    if nth:
        first = date(year, int(nth[1]), 1)
        ahead = (_WEEKDAYS.index(nth[2]) - first.weekday()) % 7
        return first + (ahead + 7 * (int(nth[3]) - 1)) * DAY
    month, day = name.split("-")
    return date(year, int(month), int(day))


def distance(when: When, day: date) -> int:
    if when.start <= day < when.end:
        return 0
    return min(abs((when.start - day).days), abs((when.end - DAY - day).days))


@lru_cache(maxsize=4096)
def exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def day_of(year: int, month: int, day: int) -> date:
    if not exists(year, month, day):
        raise NoSuchDayError
    return date(year, month, day)


def first_of(year: int) -> date:
    if not MINYEAR <= year <= MAXYEAR - 101:
        raise NoSuchDayError
    return date(year, 1, 1)


def add_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if not MINYEAR <= year <= MAXYEAR:
        raise NoSuchDayError
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def shift(when: When, days: int) -> When:
    return When("D", when.start + days * DAY, when.yearless)


def floor(day: date, unit: str) -> date:
    match unit:
        case "W":
            return day - day.weekday() * DAY
        case "M":
            return day.replace(day=1)
        case "Q":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "HY":
            return day.replace(month=1 if day.month < 7 else 7, day=1)
        case "Y":
            return day.replace(month=1, day=1)
        case "DEC":
            return first_of(day.year // 10 * 10)
        case "CEN":
            return first_of(day.year // 100 * 100)
    return day


def neighbor(when: When, step: int) -> When:
    """The stretch of the same grain just before or after."""
    months = {"M": 1, "Q": 3, "HY": 6, "Y": 12, "DEC": 120, "CEN": 1200}
    if when.grain in months:
        return when._replace(start=add_months(when.start, step * months[when.grain]))
    days = {"D": 1, "W": 7, "WE": 7}[when.grain]
    return when._replace(start=when.start + step * days * DAY)


def weekend(base: When, step: int) -> When:
    """The last weekend that began before `base`'s, or the next one."""
    saturday = base.start - ((base.start.weekday() - 5) % 7) * DAY
    if step < 0 and base.start.weekday() >= 5:
        saturday -= 7 * DAY
    if step > 0:
        saturday += 7 * DAY
    return When("WE", saturday + (step - (1 if step > 0 else -1)) * 7 * DAY, base.yearless)


def nearest_weekend(base: When) -> When:
    saturday = base.start + (5 - base.start.weekday()) * DAY
    return When("WE", saturday - 7 * DAY if base.start.weekday() < 2 else saturday, base.yearless)


def count_from(base: When, sign: int, number: str, unit: str, *, half: bool) -> When | None:
    """`base` moved by so many units, at the precision of the unit. None: too short to matter."""
    if number == "X":
        return base
    count = float(number)
    if half and unit in _MONTHS:
        months = round((count + 0.5) * _MONTHS[unit])
        return When("M", add_months(base.start.replace(day=1), sign * months), base.yearless)
    if half and unit in _DAYS:
        there = base.start + sign * round((count + 0.5) * _DAYS[unit]) * DAY
        first, grain = (there.replace(day=1), "M") if unit == "M" else (floor(there, "W"), "W")
        return When(cast("Grain", grain), first, base.yearless)
    if half and unit not in SHORT_UNITS:
        return None
    whole = int(count) * sign
    match unit:
        case "D" | "NIGHT":
            return shift(base, whole)
        case "DOZENDAYS":
            return shift(base, 15 * whole)
        case "FN":
            return count_from(base, sign, str(2 * count), "W", half=False)
        case "W":
            monday = base.start - base.start.weekday() * DAY
            return When("W", monday + 7 * whole * DAY, base.yearless)
        case "M" | "Q" | "HY":
            months = whole * {"M": 1, "Q": 3, "HY": 6}[unit]
            return When("M", add_months(base.start.replace(day=1), months), base.yearless)
        case "Y" | "DEC" | "CEN":
            years = whole * {"Y": 1, "DEC": 10, "CEN": 100}[unit]
            return When("Y", first_of(base.start.year + years), base.yearless)
        case "WE":
            return weekend(base, whole)
    hours = count * {"H": 1, "MIN": 1 / 60}.get(unit, 0)
    return shift(base, sign * int(hours // 24))
