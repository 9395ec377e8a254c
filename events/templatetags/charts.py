"""Charts that the server draws: SVG geometry from plain items."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.template import Context

from events.timeline import Bar, Density
from events.wording import word_day, word_month

register = template.Library()

WIDTH, HEIGHT = 1000, 72  # user units of the strip
LEAST = 3  # units: one event among thousands can still be seen


@dataclass(frozen=True, slots=True)
class Column:
    """One bar as the template draws it, in user units from the top left."""

    bar: Bar
    x: float
    width: float
    y: float
    height: float
    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str
    query: str


@register.inclusion_tag("events/_density.html", takes_context=True)
def density_strip(context: Context, density: Density) -> dict[str, object]:
    """Draw how many events there are by period; each bar opens its own."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    step = WIDTH / max(len(density.bars), 1)
    columns, ticks = [], []
    for index, bar in enumerate(density.bars):
        query["start"], query["end"] = bar.period, bar.last_period
        height = 0.0
        if bar.count:
            height = max(LEAST, (HEIGHT - 4) * (bar.count / density.highest) ** 0.5)
        columns.append(
            Column(
                bar=bar,
                x=round(index * step, 2),
                width=round(max(step - min(2, step * 0.2), 0.5), 2),
                y=round(HEIGHT - height, 2),
                height=round(height, 2),
                label=_label(bar),
                query=query.urlencode(),
            )
        )
        if _starts_heading(bar, index):
            ticks.append(_tick(bar, round(index * step, 2), query))
    return {
        "columns": columns,
        "ticks": _spaced(ticks),
        "width": WIDTH,
        "height": HEIGHT,
        "level": density.level,
    }


def _label(bar: Bar) -> str:
    match bar.level:
        case "day" | "week":
            return word_day(bar.start)
        case "month" | "quarter":
            return word_month(bar.start.year, bar.start.month)
        case "year":
            return str(bar.start.year)
    return f"{bar.start.year}–{bar.end.year - 1}"


def _starts_heading(bar: Bar, index: int) -> bool:
    if index == 0:
        return True
    match bar.level:
        case "day" | "week":
            return bar.start.day <= (1 if bar.level == "day" else 7)
        case "month" | "quarter":
            return bar.start.month == 1
        case "year":
            return bar.start.year % 10 == 0
    return bar.start.year % 100 == 0


def _tick(bar: Bar, x: float, query: object) -> Tick:
    by_month = bar.level in {"day", "week"}
    label = word_month(bar.start.year, bar.start.month) if by_month else str(bar.start.year)
    period = f"{bar.start:%Y-%m}" if by_month else f"{bar.start.year:04d}"
    query["start"] = query["end"] = period  # type: ignore[index]  # a mutable QueryDict
    return Tick(x, label, query.urlencode())  # type: ignore[attr-defined]


def _spaced(ticks: list[Tick], apart: float = 90) -> list[Tick]:
    """Those that leave room for the one before; the first gives way to a nearby second."""
    kept: list[Tick] = []
    for tick in ticks:
        if kept and tick.x - kept[-1].x < apart:
            if len(kept) == 1 and len(ticks) > 2:
                kept[-1] = tick
            continue
        kept.append(tick)
    return kept
