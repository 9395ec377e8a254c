"""How many events there are by period: the strip above the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from events.columns import Numbers
from events.filters import Filters
from events.timeline.periods import (
    DAY,
    LEVELS,
    Level,
    period_end,
    period_start,
    period_value,
    steps,
)

MOST_BARS = 100  # of the density strip
TRIMMED = 0.04  # share of events at each end that may stand outside the strip to make it readable


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the density strip: `count` events in days `start <= d < end`."""

    start: date
    end: date
    count: int
    level: Level

    @property
    def period(self) -> str:
        """The days as a value of the period filter: "2016", "2016-12" or "2016-12-07"."""
        return period_value(self.start, self.level)

    @property
    def last_period(self) -> str:
        return period_value(self.end - DAY, self.level)


@dataclass(frozen=True, slots=True)
class Density:
    """The strip: bars over the bulk of the events, and how many lie before and after it."""

    level: Level
    bars: tuple[Bar, ...]
    before: int = 0
    after: int = 0

    @property
    def start_day(self) -> int:
        """Ordinal of the first day, as scripts count days."""
        return self.bars[0].start.toordinal() if self.bars else 0

    @property
    def end_day(self) -> int:
        return self.bars[-1].end.toordinal() if self.bars else 0

    @property
    def highest(self) -> int:
        return max((bar.count for bar in self.bars), default=0)


def density(counts: Mapping[date, int], filters: Filters) -> Density:
    """Gather counts by day into at most `MOST_BARS` calendar periods, empty ones included.

    Without a period asked for, a few far-off events are left outside the strip rather than
    squeeze all others into one bar.
    """
    if not counts:
        return Density("year", ())
    first, last = min(counts), max(counts)
    if filters.start or filters.end:
        first = max(filters.start or first, first)
        last = min(filters.end - DAY if filters.end else last, last)
    else:
        first, last = _bulk(counts)
    if last < first:  # only periods that began before the window
        return Density("year", ())
    level = next((one for one in LEVELS if steps(first, last, one) <= MOST_BARS), LEVELS[-1])
    sums: Counter[date] = Counter()
    for day, count in counts.items():
        sums[period_start(day, level)] += count
    bars = []
    start = period_start(first, level)
    while start <= last:
        end = period_end(start, level)
        bars.append(Bar(start, end, sums[start], level))
        if end == date.max:
            break
        start = end
    return Density(
        level,
        tuple(bars),
        before=sum(count for day, count in counts.items() if day < bars[0].start),
        after=sum(count for day, count in counts.items() if day >= bars[-1].end),
    )


def count_by_day(days: Numbers) -> dict[date, int]:
    distinct, numbers = np.unique(days, return_counts=True)
    pairs = zip(distinct.tolist(), numbers.tolist(), strict=True)
    return {date.fromordinal(day): n for day, n in pairs}


def _bulk(counts: Mapping[date, int]) -> tuple[date, date]:
    """First and last day of all events, or of the bulk where outliers would halve the detail."""
    days = sorted(counts)
    spare = int(sum(counts.values()) * TRIMMED)
    first = _after_skipping(days, counts, spare)
    last = _after_skipping(days[::-1], counts, spare)
    if (last - first).days * 2 > (days[-1] - days[0]).days or first >= last:
        return days[0], days[-1]
    return first, last


def _after_skipping(days: Sequence[date], counts: Mapping[date, int], spare: int) -> date:
    for day in days:
        spare -= counts[day]
        if spare < 0:
            return day
    return days[-1]
