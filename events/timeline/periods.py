"""The periods of the calendar, from a day to a century."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

DAY = timedelta(days=1)
Level = Literal["day", "week", "month", "quarter", "year", "decade", "century"]
LEVELS: tuple[Level, ...] = ("day", "week", "month", "quarter", "year", "decade", "century")


def period_start(day: date, level: Level) -> date:
    """Return the first day of the calendar period of `level` that holds `day`."""
    match level:
        case "day":
            return day
        case "week":
            return day - min(timedelta(days=day.weekday()), day - date.min)
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case "decade":
            return date(max(day.year // 10 * 10, 1), 1, 1)
        case "century":
            return date(max(day.year // 100 * 100, 1), 1, 1)


def period_end(start: date, level: Level) -> date:
    """Return the day after the period that begins on `start`, the calendar's last day at most."""
    days = {"day": 1, "week": 7}.get(level)
    try:
        if days:
            return start + timedelta(days=days)
        months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[level]
        if level in {"decade", "century"} and start.year == 1:  # there is no year 0
            return date(months // 12, 1, 1)
        index = start.year * 12 + start.month - 1 + months
        return date(index // 12, index % 12 + 1, 1)
    except (OverflowError, ValueError):
        return date.max


def period_value(day: date, level: Level) -> str:
    """Return `day` as the period filter writes it, no finer than `level` needs."""
    if level in {"day", "week"}:
        return day.isoformat()
    return f"{day:%Y-%m}" if level in {"month", "quarter"} else f"{day.year:04d}"


def steps(first: date, last: date, level: Level) -> int:
    """Return how many periods of `level` the days from `first` to `last` touch."""
    if level == "day":
        return (last - first).days + 1
    if level == "week":
        return (period_start(last, level) - period_start(first, level)).days // 7 + 1
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[level]
    a, b = period_start(first, level), period_start(last, level)
    return ((b.year - a.year) * 12 + b.month - a.month) // months + 1
