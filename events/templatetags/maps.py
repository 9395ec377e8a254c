"""A still map of a few places: the world's outline, cut to where they lie, with a mark for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template

if TYPE_CHECKING:
    from events.stories import Step
    from events.timeline import Spot

register = template.Library()

# Degrees of longitude shown round a single place, by how precisely it is known.
SPAN = {"country": 70.0, "region": 45.0}
NEAREST = 28.0
ROOM = 1.5  # times the box that holds all places
SHAPE = 0.6  # height to width
# Shares of the width.
EXACT_MARK, WIDE_MARK, NUMBERED_MARK, LETTER = 0.018, 0.06, 0.022, 0.028
NORTH, SOUTH = 84.0, -60.0  # of the base


@dataclass(frozen=True, slots=True)
class Mark:
    """A circle on the map, in degrees, y downwards as SVG counts."""

    x: float
    y: float
    radius: float
    label: str
    is_wide: bool
    target: str = ""  # id of what it leads to
    number: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    x: float
    y: float
    width: float
    height: float

    @property
    def letter(self) -> float:
        """Height of letters, in degrees."""
        return round(self.width * LETTER, 3)

    def __str__(self) -> str:
        return f"{self.x:.3f} {self.y:.3f} {self.width:.3f} {self.height:.3f}"


@register.inclusion_tag("events/_small_map.html")
def small_map(spots: Iterable[Spot]) -> dict[str, object]:
    """Draw the places of an event; nothing where none has coordinates."""
    return _drawn([spot for spot in spots if spot.is_located])


@register.inclusion_tag("events/_small_map.html")
def story_map(steps: Sequence[Step]) -> dict[str, object]:
    """Draw the first place of each step; a mark bears the number of the first step there."""
    numbers: dict[int, list[int]] = {}
    spots: dict[int, Spot] = {}
    for step in steps:
        spot = next((spot for spot in step.item.places if spot.is_located), None)
        if spot:
            spots[spot.id] = spot
            numbers.setdefault(spot.id, []).append(step.position)
    return _drawn(list(spots.values()), numbers)


def _drawn(
    spots: Sequence[Spot], numbers: Mapping[int, Sequence[int]] | None = None
) -> dict[str, object]:
    if not spots:
        return {"marks": (), "window": None}
    window = _window(spots)
    marks = [_mark(spot, window, numbers[spot.id] if numbers else ()) for spot in spots]
    return {"marks": marks, "window": window}


def _mark(spot: Spot, window: Window, numbers: Sequence[int]) -> Mark:
    is_wide = spot.kind in SPAN
    share = NUMBERED_MARK if numbers else WIDE_MARK if is_wide else EXACT_MARK
    return Mark(
        x=round(spot.longitude or 0, 3),
        y=round(-(spot.latitude or 0), 3),
        radius=round(window.width * share, 3),
        label=spot.name,
        is_wide=is_wide,
        target=f"step-{numbers[0]}" if numbers else "",
        number=str(numbers[0]) + ("+" if numbers[1:] else "") if numbers else "",
    )


def _window(spots: Sequence[Spot]) -> Window:
    xs = [spot.longitude or 0 for spot in spots]
    ys = [-(spot.latitude or 0) for spot in spots]
    least = max(SPAN.get(spot.kind, NEAREST) for spot in spots)
    width = max(least, (max(xs) - min(xs)) * ROOM, (max(ys) - min(ys)) * ROOM / SHAPE)
    width = min(width, (NORTH - SOUTH) / SHAPE)
    height = width * SHAPE
    x = (max(xs) + min(xs) - width) / 2
    y = (max(ys) + min(ys) - height) / 2
    return Window(
        x=min(max(x, -180), 180 - width),
        y=min(max(y, -NORTH), -SOUTH - height),
        width=width,
        height=height,
    )
