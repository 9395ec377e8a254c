"""The steps of a story on a ruler of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django import template

from events.wording import word_day, word_month

if TYPE_CHECKING:
    from events.stories import Step

register = template.Library()

# Percent across; rows of marks where they would overlap, in CSS pixels.
MARK = 7.0
ROW = 28
MOST_ROWS = 6
MARGIN = 4.0
MOST_TICKS = 8
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class StepMark:
    position: int
    x: float
    y: int
    width: float  # percent; 0 for a day
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@register.inclusion_tag("desk/_story_strip.html")
def story_strip(steps: Sequence[Step]) -> dict[str, object]:
    """Place the dated steps on one line of days; nothing where fewer than two have a date."""
    dated = [step for step in steps if step.item.start]
    if len({step.item.start for step in dated}) < 2:
        return {"marks": ()}
    first = min(step.item.start.toordinal() for step in dated if step.item.start)
    last = max(_last(step) for step in dated)
    scale = (100 - 2 * MARGIN) / (last - first)
    rows: list[float] = []
    marks = []
    for step in sorted(dated, key=lambda one: (one.item.start, one.position)):
        x = MARGIN + (step.item.start.toordinal() - first) * scale if step.item.start else 0
        width = (_last(step) - first) * scale + MARGIN - x
        row = next((at for at, free in enumerate(rows) if x >= free), len(rows))
        row = min(row, MOST_ROWS - 1)
        end = x + max(MARK, width)
        rows[row : row + 1] = [end]
        marks.append(
            StepMark(step.position, round(x, 2), row * ROW, round(width, 2), step.item.title)
        )
    height = len(rows) * ROW
    ticks = [
        Tick(round(MARGIN + (day.toordinal() - first) * scale, 2), label)
        for day, label in _ticks(date.fromordinal(first), date.fromordinal(last))
    ]
    return {"marks": marks, "ticks": ticks, "height": height, "middle": ROW // 2}


def _last(step: Step) -> int:
    """The last day of a step; of one that is still going on, its first."""
    item = step.item
    start = item.start.toordinal() if item.start else 0
    return item.end.toordinal() - 1 if item.end and not item.is_open else start


def _ticks(first: date, last: date) -> Iterator[tuple[date, str]]:
    """At most about MOST_TICKS days to name, by the coarsest unit that gives two."""
    days = (last - first).days
    if days >= 2 * YEAR:
        step = next(
            n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if days / YEAR / n <= MOST_TICKS
        )
        for year in range(first.year - first.year % step + step, last.year + 1, step):
            yield date(year, 1, 1), str(year)
    elif days >= 60:
        step = next(n for n in (1, 2, 3, 6) if days / 30 / n <= MOST_TICKS)
        for month in range(first.year * 12 + first.month, last.year * 12 + last.month):
            year, index = divmod(month, 12)
            if index % step == 0:
                yield date(year, index + 1, 1), word_month(year, index + 1)
    else:
        step = max(1, -(-days // (MOST_TICKS // 2)))
        for ordinal in range(first.toordinal(), last.toordinal() + 1, step):
            yield date.fromordinal(ordinal), word_day(date.fromordinal(ordinal))
