"""Every public event as columns of numbers, held by each web process: what makes tiles quick.

A million events are some 60 MB and answer any combination of filters in milliseconds, where a
GROUP BY takes most of a second. The database stays the truth: columns are read from it, carry the
version of the corpus that they were read at, and are read again when that has moved on.
Positions are indices into the columns; they are sorted by day, then hour, then id, with the
undated at the end. Days are proleptic ordinals (`date.toordinal`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from events import tally
from events.filters import Filters
from events.models import (
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    EventType,
    Mention,
    ReviewState,
    Status,
)

Positions = npt.NDArray[np.int32]
Numbers = npt.NDArray[Any]

FIRST, LAST = 0, np.iinfo(np.int32).max  # ordinals of an open start and of an open end
UNDATED = LAST
LONG = 32  # days from which an event is drawn as a period in the tiles that it runs through
QUICK = 0.5  # seconds: columns that are read in less are read again after every change
RELOAD_SHARE = 10  # slower ones cost at most a tenth of the time
FEW = 5_000  # positions that are simply sorted
STRIDE = 1_000  # of the first look at the most important
DAY_UNIT = "datetime64[D]"
UNIX_EPOCH = date(1970, 1, 1).toordinal()
CHUNK = 20_000  # rows fetched at a time
CODES: dict[str, tuple[str, ...]] = {
    "type": tuple(EventType.values),
    "status": tuple(Status.values),
    "review": tuple(ReviewState.values),
}
# In minutes of the day: where a part of day is sorted among stated hours.
PARTS_OF_DAY = {"MO": 480, "MI": 720, "AF": 900, "EV": 1200, "NI": 1380}
NO_TIME = -1


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
class Columns:
    """All public events at one version of the corpus."""

    version: str
    ids: Numbers
    day: Numbers  # sorted at
    start: Numbers
    end: Numbers
    minute: Numbers
    codes: Mapping[str, Numbers]  # name -> index into CODES[name]
    confidence: Numbers
    importance: Numbers
    told: Numbers  # the day of the first dispatch that tells it; LAST when none does
    by_id: Positions
    by_importance: Positions
    long: Positions
    of: Mapping[str, Mapping[str, Positions]]  # name, value -> where it stands
    links: Mapping[str, Links]  # actor, place, source
    dated: int  # positions below this have a day

    def __len__(self) -> int:
        return len(self.ids)

    def select(
        self, filters: Filters, *, without: str = "", found: Iterable[int] | None = None
    ) -> Positions | None:
        """Return the positions that pass, ascending; None means every event.

        `found` holds the ids that a text search gave, when there is a text. Period and order are
        left to the caller.
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
        if filters.known and without != "known":
            column = self.told if chosen is None else self.told[chosen]
            chosen = self._keep(chosen, column <= filters.known.toordinal())
        if filters.confidence and without != "confidence":
            column = self.confidence if chosen is None else self.confidence[chosen]
            chosen = self._keep(chosen, column >= filters.confidence - 1e-9)
        return chosen

    def positions_of(self, pks: Iterable[int]) -> Positions:
        """Ascending positions of the public ones among events with these ids."""
        wanted = np.sort(np.fromiter(pks, dtype=np.int64))  # neighbors are found sooner
        positions, _ = _positions_of(wanted, self.ids, self.by_id)
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


# ------------------------------------------------------------------------------------- reading


class _Shelf:
    """The columns of this process, read again in the background when the corpus has moved on."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.columns: Columns | None = None
        self.read_at = 0.0
        self.seconds = 0.0  # that the last reading took

    def get(self) -> Columns:
        version = corpus_version()
        held = self.columns
        if held is not None and held.version == version:
            return held
        wait = self.seconds * RELOAD_SHARE if self.seconds > QUICK else 0
        if held is not None and time.monotonic() - self.read_at < wait:
            return held  # seconds old, of a corpus so large that reading it takes as long
        with self.lock:
            if self.columns is None or self.columns.version != version:
                began = time.monotonic()
                self.columns = read_columns(version)
                self.read_at = time.monotonic()
                self.seconds = self.read_at - began
            return self.columns


_shelf = _Shelf()


def columns() -> Columns:
    """Return the columns of the corpus as it is now, or was moments ago if it is very large."""
    return _shelf.get()


def forget() -> None:
    """Read the columns anew next time: for tests, whose rollback takes the version back too."""
    _shelf.columns = None


def corpus_version() -> str:
    """Return what differs after every change that a visitor could see."""
    return f"{tally.version()}.{settings.PUBLIC_EVENTS}"


def read_columns(version: str) -> Columns:
    """Read all public events from the database: some seconds of CPU a million."""
    days = [Cast(name, CharField()) for name in ("sort_date", "start_date", "end_date")]
    names = ("time_of_day", "type", "status", "review_state", "confidence", "importance")
    kinds = (np.int64, *[DAY_UNIT] * 3, object, object, object, object, np.float64, np.float64)
    read = _read(Event.objects.public().order_by().values_list("id", *days, *names), kinds)
    ids, day = read[0], _ordinals(read[1], UNDATED)
    minute = np.array([_MINUTES(hour) for hour in read[4]], dtype=np.int16)
    order = np.lexsort((ids, minute, day))
    ids, day = ids[order], day[order]
    start, end = _ordinals(read[2], FIRST)[order], _ordinals(read[3], LAST)[order]
    importance = read[9][order].astype(np.float32)
    codes = {
        "type": _coded("type", read[5])[order],
        "status": _coded("status", read[6])[order],
        "review": _coded("review", read[7])[order],
    }
    dated = int(np.searchsorted(day, UNDATED))
    by_id = np.argsort(ids).astype(np.int32)
    told, sources = _read_reports(ids, by_id)
    return Columns(
        version=version,
        ids=ids,
        day=day,
        start=start,
        end=end,
        minute=minute[order],
        codes=codes,
        confidence=read[8][order],
        importance=importance,
        told=told,
        by_id=by_id,
        by_importance=np.lexsort((np.arange(dated), -importance[:dated])).astype(np.int32),
        long=np.flatnonzero((end[:dated].astype(np.int64) - start[:dated]) >= LONG).astype(
            np.int32
        ),
        of={name: _where(name, codes[name]) for name in ("type", "status")},
        links={
            "actor": _read_links(EventActor, "actor_id", ids, by_id),
            "place": _read_links(EventPlace, "place_id", ids, by_id),
            "source": sources,
        },
        dated=dated,
    )


def _read(rows: QuerySet[Any, Any], kinds: Sequence[Any]) -> list[Numbers]:
    """Return the rows as one array a column, as the driver gives them: no model, no field.

    Days are asked for as text: SQLite's driver would make a date of each, numpy does it at once.
    """
    sql, values = rows.query.sql_with_params()
    chunks: list[list[Numbers]] = [[np.empty(0, dtype=kind) for kind in kinds]]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while chunk := cursor.fetchmany(CHUNK):
            columns = zip(*chunk, strict=True)
            chunks.append([np.array(c, dtype=k) for c, k in zip(columns, kinds, strict=True)])
    return [np.concatenate(column) for column in zip(*chunks, strict=True)]


def _ordinals(days: Numbers, missing: int) -> Numbers:
    """Days of numpy as ordinals of Python; `missing` for those that are not there."""
    ordinals = days.astype(np.int64) + UNIX_EPOCH
    return np.where(np.isnat(days), missing, ordinals).astype(np.int32)


def _coded(name: str, values: Numbers) -> Numbers:
    codes = {value: n for n, value in enumerate(CODES[name])}
    return np.array([codes[value] for value in values], dtype=np.uint8)


def _where(name: str, codes: Numbers) -> dict[str, Positions]:
    """For each value the positions that have it, ascending."""
    order = np.argsort(codes, kind="stable").astype(np.int32)
    ends = np.cumsum(np.bincount(codes, minlength=len(CODES[name])))
    return dict(zip(CODES[name], np.split(order, ends[:-1]), strict=True))


def minutes(time_of_day: str) -> int:
    """Return "20:30" or a part of day in minutes after midnight, NO_TIME if none is stated."""
    if time_of_day in PARTS_OF_DAY:
        return PARTS_OF_DAY[time_of_day]
    hour, colon, minute = time_of_day.partition(":")
    return int(hour) * 60 + int(minute) if colon and (hour + minute).isdigit() else NO_TIME


def _read_reports(ids: Numbers, by_id: Positions) -> tuple[Numbers, Links]:
    """From the reports of each event: the day of the first of its dispatches, and its sources.

    An undated dispatch is of the day it was received.
    """
    told = np.full(len(ids), LAST, dtype=np.int32)
    dispatches = Dispatch.objects.order_by("pk").values_list("pk", "dct", "received_at", "source")
    known = [
        (pk, dispatch_day(dct, received.date()).toordinal(), source or 0)
        for pk, dct, received, source in dispatches.iterator(CHUNK)
    ]
    pks, days, sources = np.array(known, dtype=np.int64).reshape(-1, 3).T
    rows = Mention.objects.order_by().values_list("event_id", "dispatch_id")
    events, given = _read(rows, (np.int64, np.int64))
    at, public = _positions_of(events, ids, by_id)
    of = np.searchsorted(pks, given[public])
    np.minimum.at(told, at, days[of].astype(np.int32))
    stated = sources[of] > 0
    return told, _linked(sources[of][stated], at[stated])


_MINUTES = lru_cache(maxsize=4096)(minutes)


def dispatch_day(dct: str, received: date) -> date:
    """The day that a dispatch is of: its own, else the day it was received."""
    try:
        return date.fromisoformat(dct)
    except ValueError:
        return received


def _positions_of(
    pks: Numbers, ids: Numbers, sorter: Positions
) -> tuple[Positions, npt.NDArray[np.bool_]]:
    """Positions of those of `pks` that are public events, and which ones these are."""
    if not len(ids):
        return sorter[:0], np.zeros(len(pks), dtype=bool)
    at = np.minimum(np.searchsorted(ids, pks, sorter=sorter), len(ids) - 1)
    positions = sorter[at]
    public = ids[positions] == pks
    return positions[public], public


def _read_links(model: Any, column: str, ids: Numbers, by_id: Positions) -> Links:
    rows = model.objects.order_by().values_list(column, "event_id")
    values, events = _read(rows, (np.int64, np.int64))
    at, public = _positions_of(events, ids, by_id)
    return _linked(values[public], at)


def _linked(values: Numbers, positions: Positions) -> Links:
    """One link for each event and value, however many roles or reports."""
    order = np.lexsort((positions, values))
    values, positions = values[order], positions[order]
    if len(values):
        fresh = np.concatenate(([True], (np.diff(values) != 0) | (np.diff(positions) != 0)))
        values, positions = values[fresh], positions[fresh]
    distinct, first = np.unique(values, return_index=True)
    return Links(distinct, np.append(first, len(values)), positions.astype(np.int32))
