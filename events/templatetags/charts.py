"""Charts that the server draws: SVG geometry from plain items."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from django import template
from django.template import Context

from events.timeline import DAY, Bar, Density, MapPlace
from events.wording import word_day, word_month

register = template.Library()

HEIGHT = 76  # CSS pixels of the strip; it is as wide as the page, so widths are percentages
LEAST = 3  # pixels: one event among thousands can still be seen


@dataclass(frozen=True, slots=True)
class Column:
    """One bar as the template draws it: percent across, pixels down."""

    bar: Bar
    x: float
    width: float
    y: float
    height: float
    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label under the strip; those that are not major give way on a phone."""

    x: float
    label: str
    query: str
    major: bool = False


@register.inclusion_tag("events/_density.html", takes_context=True)
def density_strip(context: Context, density: Density) -> dict[str, object]:
    """Draw how many events there are by period; each bar opens its own."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    step = 100 / max(len(density.bars), 1)
    columns, ticks = [], []
    for index, bar in enumerate(density.bars):
        query["start"], query["end"] = bar.period, bar.last_period
        height = 0.0
        if bar.count:
            height = max(LEAST, (HEIGHT - 4) * (bar.count / density.highest) ** 0.5)
        columns.append(
            Column(
                bar=bar,
                x=round(index * step, 3),
                width=round(step * 0.92, 3),
                y=round(HEIGHT - height, 2),
                height=round(height, 2),
                label=_label(bar),
                query=query.urlencode(),
            )
        )
        if _starts_heading(bar, index):
            ticks.append(_tick(bar, round(index * step, 3), query))
    outside = {}
    if density.before:
        query["start"], query["end"] = "", (density.bars[0].start - DAY).isoformat()
        outside["before"] = query.urlencode()
    if density.after:
        query["start"], query["end"] = density.bars[-1].end.isoformat(), ""
        outside["after"] = query.urlencode()
    return {
        "density": density,
        "outside": outside,
        "columns": columns,
        "ticks": _spaced(ticks, 14 if density.level in {"day", "week"} else 6),
        "height": HEIGHT,
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


def _spaced(ticks: list[Tick], apart: float) -> list[Tick]:
    """Those that leave `apart` percent of room; a cramped first one gives way to the second.

    Major are those that still have room where the strip is a third as wide.
    """
    if len(ticks) > 1 and ticks[1].x - ticks[0].x < apart:
        ticks = ticks[1:]
    kept: list[Tick] = []
    last_major = float("-inf")
    for tick in ticks:
        if (kept and tick.x - kept[-1].x < apart) or tick.x > 100 - apart / 2:
            continue
        major = tick.x - last_major >= apart * 2.6 and tick.x <= 100 - apart * 1.6
        last_major = tick.x if major else last_major
        kept.append(replace(tick, major=major))
    return kept


@register.filter
def south(place: MapPlace) -> float:
    """Degrees downwards, as SVG counts."""
    return round(-place.latitude, 3)


@register.filter
def dot_radius(place: MapPlace) -> float:
    """In degrees: its area grows with the number of events."""
    return round(0.7 + 3.3 * math.sqrt(place.share), 2)
