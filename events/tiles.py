"""Tiles: the timeline cut into calendar periods, as a map is into squares. Contract version 1.

A tile is named by its level (century to day) and its index, which counts periods of that level
from the year 0 on. It says how many events its slots hold, lane by lane, and which of them are the
most important. The same filters, the same corpus and the same tile are the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np

from events.columns import CODES, Columns, Numbers, Positions, columns, holding
from events.filters import Filters
from events.models import Event, Mention
from events.timeline import Level, as_known, facet_counts, period_end, text_ids
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


def lanes(filters: Filters, facet: LaneFacet, number: int) -> list[Lane]:
    """Return the lanes of a view: the `number` largest values of `facet`, or one lane for all."""
    if not facet:
        return []
    values = facet_counts(columns(), filters, facet)
    return [Lane(value, label, count) for value, label, count in values[:number]]


def tile(
    level: Level, index: int, filters: Filters, facet: LaneFacet = "", keys: Sequence[str] = ()
) -> Tile:
    """Return a tile with one lane for each of `keys`, and one for all that lies in none of them.

    Raises ValueError where the calendar has no such period.
    """
    start = tile_start(level, index)
    slots = slot_edges(level, start)
    corpus = columns()
    chosen = corpus.select(filters, found=text_ids(filters))
    inside = corpus.within(chosen, slots[0], slots[-1])
    members = dict(_members(corpus, inside, facet, keys))
    return Tile(
        level=level,
        index=index,
        slots=slots,
        total=_size(inside),
        counts={key: corpus.counts_between(part, slots) for key, part in members.items()},
        events=tuple(_events(corpus, chosen, inside, members, facet, slots, filters.known)),
        version=corpus.version,
    )


def _size(positions: Positions | slice) -> int:
    return positions.stop - positions.start if isinstance(positions, slice) else len(positions)


def _members(
    corpus: Columns, inside: Positions | slice, facet: LaneFacet, keys: Sequence[str]
) -> Iterator[tuple[str, Positions | slice]]:
    """Which of the tile's events lie in which lane; in none of them: the lane OTHER."""
    if not facet or not keys:
        yield OTHER, inside
        return
    first = inside.start if isinstance(inside, slice) else 0
    column = corpus.codes[facet][inside] if facet in CODES else None
    taken = np.zeros(_size(inside), dtype=bool)
    for key in keys:
        if column is not None:
            at = np.flatnonzero(column == CODES[facet].index(key))
        else:
            linked = corpus.links[facet].of(int(key))
            if isinstance(inside, slice):
                low, high = np.searchsorted(linked, (inside.start, inside.stop))
                at = linked[low:high] - first
            else:
                few, many = sorted((linked, inside), key=len)
                at = np.searchsorted(inside, holding(few, many))
        taken[at] = True
        yield key, (at + first if isinstance(inside, slice) else inside[at])
    rest = np.flatnonzero(~taken)
    yield OTHER, (rest + first if isinstance(inside, slice) else inside[rest])


def _events(
    corpus: Columns,
    chosen: Positions | None,
    inside: Positions | slice,
    members: Mapping[str, Positions | slice],
    facet: LaneFacet,
    slots: Sequence[int],
    known: date | None,
) -> Iterator[dict[str, Any]]:
    """The most important of each lane, then of the tile, and long ones that run into it."""
    share = max(MOST_EVENTS // (2 * len(members)), 2)
    picked: dict[int, list[str]] = {}
    for key, part in members.items():
        for at in corpus.most_important(part, share):
            picked.setdefault(int(at), []).append(key)
    for at in corpus.most_important(inside, MOST_EVENTS):
        if len(picked) >= MOST_EVENTS:
            break
        picked.setdefault(int(at), [])
    for at in _running_into(corpus, chosen, slots[0]):
        picked.setdefault(int(at), [])
    keys = [key for key in members if key]
    pks = [int(corpus.ids[at]) for at in picked]
    rows, told = _rows(pks), as_known(pks, known) if known else {}
    for at in sorted(picked, key=lambda one: (-corpus.importance[one], one)):
        row = rows.get(int(corpus.ids[at]))
        if row is not None:
            event = _event(corpus, at, picked[at] or _lanes_of(corpus, at, facet, keys), row)
            yield event | _told(told[event["id"]]) if event["id"] in told else event


def _running_into(corpus: Columns, chosen: Positions | None, start: int) -> Positions:
    """Long events that began before the tile and have not ended when it begins."""
    long = corpus.long
    running = long[(corpus.day[long] < start) & (corpus.end[long] > start)]
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


def _told(mention: Mention) -> dict[str, Any]:
    """What was then known of an event: it is drawn where and as it was told."""
    told: dict[str, Any] = {"status": mention.status}
    if mention.edtf:
        start, end = mention.start_date, mention.end_date
        told |= {
            "date": word_edtf(mention.edtf),
            "start": start.toordinal() if start else None,
            "end": end.toordinal() if end else None,
            "precision": mention.precision,
        }
    return told
