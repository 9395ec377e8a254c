"""Tiles: the timeline cut into calendar periods, as a map is into squares. Contract version 1.

A tile is named by its level (century to day) and its index, which counts periods of that level
from the year 0 on. It says how many events its slots hold, lane by lane, and which of them are the
most important. The same filters, the same corpus and the same tile are the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from events.columns import CODES, Columns, Numbers, Positions, columns, holding
from events.filters import Filters
from events.models import Event, Mention
from events.timeline import Facet, Level, as_known, period_end, text_ids
from events.wording import word_edtf, word_time

VERSION = 1
MOST_EVENTS = 64  # of a tile
MOST_PERIODS = 24  # that began before the tile and run into it
FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
LaneFacet = Literal["", "type", "status", "actor", "place", "source"]
OTHER = ""  # the lane of what lies in none of those asked for


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the view: all events that have `key` in the facet it was asked for."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Tile:
    """`slots` are edges as ordinals, one more than there are slots; counts are by lane and slot."""

    level: Level
    index: int
    slots: tuple[int, ...]
    total: int
    counts: Mapping[str, Numbers]
    events: tuple[dict[str, Any], ...]
    version: str

    def as_json(self) -> dict[str, Any]:
        """The contract: counts as runs `[slot, n, slot, n, …]` of the slots that are not empty."""
        return {
            "v": VERSION,
            "level": self.level,
            "index": self.index,
            "slots": list(self.slots),
            "total": self.total,
            "counts": {lane: _runs(row) for lane, row in self.counts.items()},
            "events": list(self.events),
        }


def _runs(row: Numbers) -> list[int]:
    slots = np.flatnonzero(row)
    runs: list[int] = np.column_stack((slots, row[slots])).ravel().tolist()
    return runs


def tile_start(level: Level, index: int) -> date:
    """Return the first day of a tile. Raises ValueError where there is no such period."""
    try:
        match level:
            case "day":
                return date.fromordinal(index)
            case "week":
                return date.fromordinal(index * 7 + 1)
            case "month":
                return date(index // 12, index % 12 + 1, 1)
            case "quarter":
                return date(index // 4, index % 4 * 3 + 1, 1)
            case "year":
                return date(index, 1, 1)
            case "decade":
                return date(max(index * 10, 1), 1, 1) if index >= 0 else date(index, 1, 1)
            case "century":
                return date(max(index * 100, 1), 1, 1) if index >= 0 else date(index, 1, 1)
    except OverflowError as error:
        raise ValueError(str(error)) from error


def tile_index(level: Level, day: date) -> int:
    """Return the index of the tile of `level` that holds `day`."""
    return {
        "day": day.toordinal(),
        "week": (day.toordinal() - 1) // 7,
        "month": day.year * 12 + day.month - 1,
        "quarter": day.year * 4 + (day.month - 1) // 3,
        "year": day.year,
        "decade": day.year // 10,
        "century": day.year // 100,
    }[level]


def slot_edges(level: Level, start: date) -> tuple[int, ...]:
    """The days that part a tile: years of a century, quarters of a decade, weeks, then days."""
    end = period_end(start, level)
    finer: Level | None = {"century": "year", "decade": "quarter"}.get(level)  # type: ignore[assignment]
    edges = [start]
    if finer is not None:
        while edges[-1] < end:
            edges.append(period_end(edges[-1], finer))
    else:
        step = timedelta(days=7 if level == "year" else 1)
        while end - edges[-1] > step:
            edges.append(edges[-1] + step)
        edges.append(end)
    return tuple(edge.toordinal() for edge in edges)


def lanes(facets: Iterable[Facet], facet: LaneFacet, number: int) -> list[Lane]:
    """Return the lanes of a view: the `number` largest values of `facet`, or one lane for all.

    Where values of it are chosen, those: no other lane would hold anything of its own.
    """
    values = next((one.values for one in facets if one.name == facet), ())
    kept = [one for one in values if one.chosen] or values
    return [Lane(one.value, one.label, one.count) for one in kept[:number]]


def tile(
    level: Level, index: int, filters: Filters, facet: LaneFacet = "", keys: Sequence[str] = ()
) -> Tile:
    """Return a tile with one lane for each of `keys`, and one for all that lies in none of them.

    Raises ValueError where the calendar has no such period.
    """
    start = tile_start(level, index)
    slots = slot_edges(level, start)
    corpus = columns(filters.known)
    chosen = corpus.select(filters, found=text_ids(filters))
    inside = corpus.within(chosen, slots[0], slots[-1])
    keys = tuple(keys) if facet else ()
    lane_of = _lanes_by_code if facet in CODES or not keys else _lanes_by_link
    parted = lane_of(corpus, inside, facet, keys, slots)
    return Tile(
        level=level,
        index=index,
        slots=slots,
        total=_size(inside),
        counts=dict(zip((*keys, OTHER), parted.counts, strict=True)),
        events=tuple(_events(corpus, chosen, inside, parted, facet, keys, slots, filters.known)),
        version=corpus.version,
    )


def _size(positions: Positions | slice) -> int:
    return positions.stop - positions.start if isinstance(positions, slice) else len(positions)


@dataclass(frozen=True, slots=True)
class Parted:
    """A tile's events by lane, the lane OTHER last: `counts[lane][slot]`; `holds[lane](positions)`
    says which of some positions lie in it."""

    counts: Sequence[Numbers]
    holds: Sequence[Callable[[Positions], npt.NDArray[np.bool_]]]


def _lanes_by_code(
    corpus: Columns,
    inside: Positions | slice,
    facet: LaneFacet,
    keys: Sequence[str],
    slots: Sequence[int],
) -> Parted:
    """Lanes of a closed list: each event lies in one."""
    whole = corpus.counts_between(inside, slots)
    if not keys:
        return Parted([whole], [lambda met: np.ones(len(met), dtype=bool)])
    column = corpus.codes[facet]
    lane = np.full(len(CODES[facet]), len(keys), dtype=np.uint8)
    lane[[CODES[facet].index(key) for key in keys]] = np.arange(len(keys))
    if isinstance(inside, slice):
        counts = [corpus.counts_between(corpus.of[facet][key], slots) for key in keys]
        counts.append(whole - sum(counts))
    else:
        slot = np.repeat(np.arange(len(whole), dtype=np.uint16), whole)
        cells = slot * np.uint16(len(keys) + 1) + lane[column[inside]]
        size = len(whole) * (len(keys) + 1)
        counts = list(np.bincount(cells, minlength=size).reshape(len(whole), -1).T)
    holds = [partial(_is_in, column, lane, n) for n in range(len(keys) + 1)]
    return Parted(counts, holds)


def _is_in(column: Numbers, lane: Numbers, number: int, met: Positions) -> npt.NDArray[np.bool_]:
    return np.asarray(lane[column[met]] == number)


def _lanes_by_link(
    corpus: Columns,
    inside: Positions | slice,
    facet: LaneFacet,
    keys: Sequence[str],
    slots: Sequence[int],
) -> Parted:
    """Lanes of actors, places or sources: an event may lie in several."""
    parts: list[Positions] = []
    for key in keys:
        linked = corpus.links[facet].of(int(key))
        if isinstance(inside, slice):
            low, high = np.searchsorted(linked, (inside.start, inside.stop))
            parts.append(linked[low:high])
        else:
            parts.append(holding(*sorted((linked, inside), key=len)))
    in_any = np.zeros(len(corpus), dtype=bool)
    for part in parts:
        in_any[part] = True
    if isinstance(inside, slice):
        rest = np.flatnonzero(~in_any[inside]).astype(np.int32) + inside.start
    else:
        rest = inside[~in_any[inside]]
    counts = [corpus.counts_between(part, slots) for part in (*parts, rest)]
    return Parted(counts, [partial(_is_among, part) for part in (*parts, rest)])


def _is_among(part: Positions, met: Positions) -> npt.NDArray[np.bool_]:
    if not len(part):
        return np.zeros(len(met), dtype=bool)
    at = np.minimum(np.searchsorted(part, met), len(part) - 1)
    return np.asarray(part[at] == met)


def _events(
    corpus: Columns,
    chosen: Positions | None,
    inside: Positions | slice,
    parted: Parted,
    facet: LaneFacet,
    keys: Sequence[str],
    slots: Sequence[int],
    known: date | None,
) -> Iterator[dict[str, Any]]:
    """The most important of each lane, then of the tile, and long ones that run into it."""
    share = max(MOST_EVENTS // (2 * len(parted.counts)), 2)
    wanted = [min(int(counts.sum()), share) for counts in parted.counts]

    def enough(met: Positions) -> bool:
        pairs = zip(wanted, parted.holds, strict=True)
        return len(met) >= MOST_EVENTS and all(holds(met).sum() >= n for n, holds in pairs)

    leading = corpus.leading(inside, enough)
    picked: dict[int, list[str]] = {}
    for key, holds in zip((*keys, OTHER), parted.holds, strict=True):
        for at in leading[holds(leading)][:share].tolist():
            picked.setdefault(at, []).append(key)
    for at in leading[:MOST_EVENTS].tolist():
        if len(picked) >= MOST_EVENTS:
            break
        picked.setdefault(at, [])
    for at in _running_into(corpus, chosen, slots[0]).tolist():
        picked.setdefault(at, [])
    pks = [int(corpus.ids[at]) for at in picked]
    rows = _rows(pks)
    if known is not None:
        rows |= {pk: _told(rows[pk], one) for pk, one in as_known(pks, known).items() if pk in rows}
    for at in sorted(picked, key=lambda one: (-corpus.importance[one], one)):
        row = rows.get(int(corpus.ids[at]))
        if row is not None:
            yield _event(corpus, at, picked[at] or _lanes_of(corpus, at, facet, keys), row)


def _running_into(corpus: Columns, chosen: Positions | None, start: int) -> Positions:
    """Long events that began before the tile and have not ended when it begins."""
    before = corpus.long[: np.searchsorted(corpus.long, np.searchsorted(corpus.day, start))]
    running = before[corpus.end[before] > start]
    if chosen is not None:
        running = holding(running, chosen)
    return corpus.most_important(running, MOST_PERIODS)


def _lanes_of(corpus: Columns, at: int, facet: LaneFacet, keys: Sequence[str]) -> list[str]:
    if not facet or not keys:
        return [OTHER]
    if facet in CODES:
        value = CODES[facet][corpus.codes[facet][at]]
        return [value if value in keys else OTHER]
    held = [key for key in keys if at in _around(corpus.links[facet].of(int(key)), at)]
    return held or [OTHER]


def _around(sorted_positions: Positions, at: int) -> Positions:
    """The one or no position that equals `at`, without looking at the others."""
    index = int(np.searchsorted(sorted_positions, at))
    return sorted_positions[index : index + 1]


def _rows(ids: Sequence[int]) -> dict[int, tuple[str, str, str, str, str]]:
    rows = Event.objects.public().filter(pk__in=ids).order_by()
    return {
        pk: (title, edtf, precision, hour, language)
        for pk, title, edtf, precision, hour, language in rows.values_list(
            "pk", "title", "edtf", "precision", "time_of_day", "language"
        )
    }


def _event(
    corpus: Columns, at: int, keys: Sequence[str], row: tuple[str, str, str, str, str]
) -> dict[str, Any]:
    title, edtf, precision, hour, language = row
    start, end = int(corpus.start[at]), int(corpus.end[at])
    event: dict[str, Any] = {
        "id": int(corpus.ids[at]),
        "title": title,
        "date": word_edtf(edtf),
        "day": int(corpus.day[at]),
        "start": start if start >= FIRST_DAY else None,
        "end": end if end <= LAST_DAY else None,
        "precision": precision,
        "type": CODES["type"][corpus.codes["type"][at]],
        "status": CODES["status"][corpus.codes["status"][at]],
        "weight": round(float(corpus.importance[at]), 3),
        "lanes": list(keys),
    }
    if edtf[-1:] in {"~", "?", "%"}:
        event["vague"] = 1
    if hour:
        event["minute"] = int(corpus.minute[at])
        event["time"] = word_time(hour)
    if language:
        event["lang"] = language
    return event


def _told(row: tuple[str, str, str, str, str], mention: Mention) -> tuple[str, str, str, str, str]:
    """The words of an event as they were told: its date, how exact, and its hour."""
    title, edtf, precision, hour, language = row
    if mention.edtf:
        edtf, precision = mention.edtf, mention.precision
    return title, edtf, precision, mention.time_of_day or hour, language
