"""Columns: what they hold, and what can be asked of them. Pure: no database, no settings.

Positions are indices into the columns; they are sorted by day, then hour, then id, with the
undated at the end. Days are proleptic ordinals (`date.toordinal`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from events.filters import Filters
from events.models import EventType, ReviewState, Status

Positions = npt.NDArray[np.int32]
Numbers = npt.NDArray[Any]

FIRST, LAST = 0, np.iinfo(np.int32).max  # ordinals of an open start and of an open end
UNDATED = LAST
NO_TIME = -1  # minute of what is stated without an hour
LONG = 32  # days from which an event is drawn as a period in the tiles that it runs through
FEW = 5_000  # positions that are simply sorted
STRIDE = 1_000  # of the first look at the most important
CODES: dict[str, tuple[str, ...]] = {
    "type": tuple(EventType.values),
    "status": tuple(Status.values),
    "review": tuple(ReviewState.values),
}


# What there is one of for each event, by name.
ROWS = (
    "ids", "day", "start", "end", "minute", "type", "status", "review", "percent",
    "importance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Links:
    """Which events a value (an actor, a place, a source) is linked to, both ways.

    `events[first[i]:first[i + 1]]` are the positions of `values[i]`, ascending.
    """

    values: Numbers
    first: Numbers
    events: Positions

    def of(self, value: int) -> Positions:
        at = int(np.searchsorted(self.values, value))
        if at == len(self.values) or self.values[at] != value:
            return self.events[:0]
        return self.events[self.first[at] : self.first[at + 1]]

    def of_any(self, values: Iterable[int]) -> Positions:
        found = [self.of(value) for value in values]
        return found[0] if len(found) == 1 else np.unique(np.concatenate(found))

    def counts(self, chosen: npt.NDArray[np.bool_] | None) -> Numbers:
        """How many chosen events each value has; None chooses all."""
        if chosen is None:
            return np.diff(self.first)
        hits = np.concatenate(([0], np.cumsum(chosen[self.events])))
        return np.asarray(hits[self.first[1:]] - hits[self.first[:-1]])


@dataclass(frozen=True, slots=True)
class Reports:
    """What each report says of its event, sorted by event, then by how late and sure it is.

    `told` is the day of its dispatch. A report that gives no date is open on both sides.
    """

    event: Numbers  # its id: it stays when positions move
    told: Numbers
    start: Numbers
    end: Numbers
    minute: Numbers
    status: Numbers


REPORTS = ("event", "told", "start", "end", "minute", "status")


@dataclass(frozen=True, slots=True)
class Columns:
    """All public events at one version of the corpus."""

    version: str
    ids: Numbers
    day: Numbers  # sorted at
    start: Numbers
    end: Numbers
    minute: Numbers
    codes: Mapping[str, Numbers]  # name -> index into CODES[name]
    percent: Numbers  # confidence, in whole percents that it reaches
    importance: Numbers
    by_id: Positions
    by_importance: Positions
    long: Positions
    of: Mapping[str, Mapping[str, Positions]]  # name, value -> where it stands
    links: Mapping[str, Links]  # actor, place, source
    reports: Reports
    dated: int  # positions below this have a day

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, name: str) -> Numbers:
        """One of `ROWS`."""
        return self.codes[name] if name in CODES else getattr(self, name)

    def select(
        self, filters: Filters, *, without: str = "", found: Iterable[int] | None = None
    ) -> Positions | None:
        """Return the positions that pass, ascending; None means every event.

        `found` holds the ids that a text search gave, when there is a text. Period, order and the
        day that it was known on are left to the caller.
        """
        chosen: Positions | None = None
        for name, values in (
            ("actor", filters.actors), ("place", filters.places), ("source", filters.sources)
        ):  # fmt: skip
            if values and without != name:
                chosen = _both(chosen, self.links[name].of_any(values))
        if found is not None and without != "q":
            chosen = _both(chosen, self.positions_of(found))
        if chosen is None and filters.types and without != "type":
            chosen = _union([self.of["type"][value] for value in filters.types])
        if chosen is None and filters.statuses and without != "status":
            chosen = _union([self.of["status"][value] for value in filters.statuses])
        for name, words in (
            ("type", filters.types), ("status", filters.statuses), ("review", filters.reviews)
        ):  # fmt: skip
            if words and without != name:
                chosen = self._keep(chosen, self._is_any(name, words, chosen))
        if filters.confidence and without != "confidence":
            column = self.percent if chosen is None else self.percent[chosen]
            chosen = self._keep(chosen, column >= np.uint8(round(filters.confidence * 100)))
        return chosen

    def positions_of(self, pks: Iterable[int]) -> Positions:
        """Ascending positions of the public ones among events with these ids."""
        wanted = np.sort(np.fromiter(pks, dtype=np.int64))  # neighbors are found sooner
        positions, _ = positions_of(wanted, self.ids, self.by_id)
        positions.sort()
        return positions

    def within(self, chosen: Positions | None, start: int, end: int) -> Positions | slice:
        """Those of `chosen` that are sorted at a day in `start <= d < end`."""
        low, high = (int(at) for at in np.searchsorted(self.day, (start, end)))
        if chosen is None:
            return slice(low, high)
        first, last = np.searchsorted(chosen, (low, high))
        return chosen[first:last]

    def counts_between(self, positions: Positions | slice, days: Sequence[int]) -> Numbers:
        """How many of `positions` are sorted between each day of `days` and the next.

        Positions are in the order of days: looking the edges up is enough, whatever their number.
        """
        edges = np.searchsorted(self.day, days)
        if isinstance(positions, slice):
            return np.diff(np.clip(edges, positions.start, positions.stop))
        return np.diff(np.searchsorted(positions, edges))

    def overlapping(self, chosen: Positions | None, start: date | None, end: date | None) -> Any:
        """Those of `chosen` with a day, some day of which may lie in the period."""
        if chosen is None:
            chosen = np.arange(self.dated, dtype=np.int32)
        else:
            chosen = chosen[: np.searchsorted(chosen, self.dated)]
        if start is not None:
            chosen = chosen[self.end[chosen] > start.toordinal()]
        if end is not None:
            chosen = chosen[self.start[chosen] < end.toordinal()]
        return chosen

    def undated(self, chosen: Positions | None) -> Positions:
        if chosen is None:
            return np.arange(self.dated, len(self), dtype=np.int32)
        return chosen[np.searchsorted(chosen, self.dated) :]

    def most_important(self, positions: Positions | slice, number: int) -> Positions:
        """At most `number` of `positions`, the most important first."""
        return self.leading(positions, lambda met: len(met) >= number)[:number]

    def leading(
        self, positions: Positions | slice, enough: Callable[[Positions], bool]
    ) -> Positions:
        """Those of `positions` that have a day, the most important first, until `enough` are met.

        A walk down the list of all by importance, in strides; a few are simply sorted.
        """
        if _length(positions) <= FEW:
            if isinstance(positions, slice):
                positions = np.arange(positions.start, positions.stop, dtype=np.int32)
            order = np.lexsort((positions, -self.importance[positions]))
            return np.asarray(positions[order])
        taken = STRIDE
        while True:
            head = self.by_importance[:taken]
            met: Positions = head[_among(head, positions, len(self))]
            if enough(met) or taken >= len(self.by_importance):
                return met
            taken *= 8

    def _is_any(
        self, name: str, values: Sequence[str], chosen: Positions | None
    ) -> npt.NDArray[np.bool_]:
        column = self.codes[name] if chosen is None else self.codes[name][chosen]
        wanted = np.zeros(len(CODES[name]), dtype=bool)
        wanted[[CODES[name].index(value) for value in values]] = True
        return np.asarray(wanted[column])

    def _keep(self, chosen: Positions | None, mask: npt.NDArray[np.bool_]) -> Positions:
        if chosen is None:
            return np.flatnonzero(mask).astype(np.int32)
        return chosen if mask.all() else chosen[mask]


def _length(positions: Positions | slice) -> int:
    return positions.stop - positions.start if isinstance(positions, slice) else len(positions)


def holding(wanted: Positions, positions: Positions) -> Positions:
    """Those of the few `wanted` that are among the many `positions`; both ascending."""
    if not len(positions):
        return wanted[:0]
    at = np.minimum(np.searchsorted(positions, wanted), len(positions) - 1)
    found: Positions = wanted[positions[at] == wanted]
    return found


def _among(head: Positions, positions: Positions | slice, size: int) -> npt.NDArray[np.bool_]:
    """Which of `head` are among `positions`, of `size` that there are."""
    if isinstance(positions, slice):
        return np.asarray((head >= positions.start) & (head < positions.stop))
    if len(head) * 20 < len(positions):
        at = np.minimum(np.searchsorted(positions, head), len(positions) - 1)
        return np.asarray(positions[at] == head)
    mask = np.zeros(size, dtype=bool)
    mask[positions] = True
    return np.asarray(mask[head])


def _both(one: Positions | None, other: Positions) -> Positions:
    if one is None:
        return other
    return holding(*sorted((one, other), key=len))


def _union(parts: Sequence[Positions]) -> Positions:
    return parts[0] if len(parts) == 1 else np.sort(np.concatenate(parts))


def positions_of(
    pks: Numbers, ids: Numbers, sorter: Positions
) -> tuple[Positions, npt.NDArray[np.bool_]]:
    """Positions of those of `pks` that are public events, and which ones these are."""
    if not len(ids):
        return sorter[:0], np.zeros(len(pks), dtype=bool)
    at = np.minimum(np.searchsorted(ids, pks, sorter=sorter), len(ids) - 1)
    positions = sorter[at]
    public = ids[positions] == pks
    return positions[public], public


def linked(values: Numbers, positions: Positions) -> Links:
    """One link for each event and value, however many roles or reports."""
    order = np.lexsort((positions, values))
    values, positions = values[order], positions[order]
    if len(values):
        fresh = np.concatenate(([True], (np.diff(values) != 0) | (np.diff(positions) != 0)))
        values, positions = values[fresh], positions[fresh]
    distinct, first = np.unique(values, return_index=True)
    return Links(distinct, np.append(first, len(values)), positions.astype(np.int32))


def _where(name: str, codes: Numbers) -> dict[str, Positions]:
    """For each value the positions that have it, ascending."""
    order = np.argsort(codes, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(codes, minlength=len(CODES[name])))
    return dict(zip(CODES[name], np.split(order, ends[:-1]), strict=True))


def arranged(
    version: str,
    rows: Mapping[str, Numbers],
    pairs: Mapping[str, tuple[Numbers, Positions]],
    reports: Reports,
) -> Columns:
    """Sort `rows`, one array for each of `ROWS`, and index them.

    `pairs` says for actor, place and source which value goes with which row.
    """
    order = np.lexsort((rows["ids"], rows["minute"], rows["day"]))
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    links = {name: linked(values, place[at]) for name, (values, at) in pairs.items()}
    sorted_rows = {name: rows[name][order] for name in ROWS}
    dated = int(np.searchsorted(sorted_rows["day"], UNDATED))
    weight = sorted_rows["importance"][:dated]
    return indexed(
        version,
        sorted_rows,
        links,
        reports,
        by_id=np.argsort(sorted_rows["ids"]).astype(np.int32),
        by_importance=np.lexsort((np.arange(dated), -weight)).astype(np.int32),
    )


def indexed(
    version: str,
    rows: Mapping[str, Numbers],
    links: Mapping[str, Links],
    reports: Reports,
    by_id: Positions,
    by_importance: Positions,
) -> Columns:
    """Columns of rows that are sorted already, with what is quickly made from them."""
    dated = int(np.searchsorted(rows["day"], UNDATED))
    length = rows["end"][:dated].astype(np.int64) - rows["start"][:dated]
    codes = {name: rows[name] for name in CODES}
    return Columns(
        version=version,
        codes=codes,
        by_id=by_id,
        by_importance=by_importance,
        long=np.flatnonzero(length >= LONG).astype(np.int32),
        of={name: _where(name, codes[name]) for name in ("type", "status")},
        links=links,
        reports=reports,
        dated=dated,
        **{name: rows[name] for name in ROWS if name not in CODES},
    )
