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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from events import tally
from events.filters import Filters
from events.models import (
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
    by_importance: Positions
    long: Positions
    of_type: Mapping[str, Positions]
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
            ids = np.fromiter(found, dtype=np.int64)
            chosen = _both(chosen, np.flatnonzero(np.isin(self.ids, ids)).astype(np.int32))
        if chosen is None and filters.types and without != "type":
            chosen = _union([self.of_type[value] for value in filters.types])
        for name, values in (
            ("type", filters.types), ("status", filters.statuses), ("review", filters.reviews)
        ):  # fmt: skip
            if values and without != name:
                chosen = self._keep(chosen, self._is_any(name, values, chosen))
        if filters.known and without != "known":
            column = self.told if chosen is None else self.told[chosen]
            chosen = self._keep(chosen, column <= filters.known.toordinal())
        if filters.confidence and without != "confidence":
            column = self.confidence if chosen is None else self.confidence[chosen]
            chosen = self._keep(chosen, column >= filters.confidence - 1e-9)
        return chosen

    def within(self, chosen: Positions | None, start: int, end: int) -> Positions | slice:
        """Those of `chosen` that are sorted at a day in `start <= d < end`."""
        days = self.day if chosen is None else self.day[chosen]
        low, high = np.searchsorted(days, (start, end))
        return slice(int(low), int(high)) if chosen is None else chosen[low:high]

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
        if isinstance(positions, slice):
            return self._most_important_between(positions.start, positions.stop, number)
        if len(positions) > 4 * number:
            weight = self.importance[positions]
            part = np.argpartition(-weight, number)[:number]
            positions = positions[part]
        order = np.lexsort((positions, -self.importance[positions]))
        return np.asarray(positions[order[:number]])

    def _most_important_between(self, low: int, high: int, number: int) -> Positions:
        """Walk down the list of all by importance, if the window holds a good part of them."""
        size = high - low
        if size * 200 < len(self):  # a narrow window: look at it alone
            return self.most_important(np.arange(low, high, dtype=np.int32), number)
        taken = 4 * number
        while True:
            head = self.by_importance[:taken]
            inside = head[(head >= low) & (head < high)]
            if len(inside) >= min(number, size) or taken >= len(self):
                return inside[:number]
            taken *= 4

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


def _both(one: Positions | None, other: Positions) -> Positions:
    return other if one is None else np.intersect1d(one, other, assume_unique=True)


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
    """Read all public events from the database: some 4 s of CPU a million."""
    public = Event.objects.public()
    rows = public.order_by().values_list(
        "id", "sort_date", "start_date", "end_date", "time_of_day", "type", "status",
        "review_state", "confidence", "importance",
    )  # fmt: skip
    codes = {name: {value: n for n, value in enumerate(values)} for name, values in CODES.items()}
    table: list[tuple[Any, ...]] = [
        (
            pk,
            UNDATED if day is None else day.toordinal(),
            FIRST if start is None else start.toordinal(),
            LAST if end is None else end.toordinal(),
            minutes(hour),
            codes["type"][kind],
            codes["status"][status],
            codes["review"][review],
            confidence,
            importance,
        )
        for pk, day, start, end, hour, kind, status, review, confidence, importance
        in rows.iterator(CHUNK)
    ]  # fmt: skip
    raw = np.array(table, dtype=np.float64).reshape(-1, 10)
    del table
    raw = raw[np.lexsort((raw[:, 0], raw[:, 4], raw[:, 1]))]
    ids = raw[:, 0].astype(np.int64)
    start, end = raw[:, 2].astype(np.int32), raw[:, 3].astype(np.int32)
    day = raw[:, 1].astype(np.int32)
    importance = raw[:, 9].astype(np.float32)
    kind = raw[:, 5].astype(np.uint8)
    dated = int(np.searchsorted(day, UNDATED))
    sorter = np.argsort(ids).astype(np.int32)
    return Columns(
        version=version,
        ids=ids,
        day=day,
        start=start,
        end=end,
        minute=raw[:, 4].astype(np.int16),
        codes={
            "type": kind,
            "status": raw[:, 6].astype(np.uint8),
            "review": raw[:, 7].astype(np.uint8),
        },
        confidence=raw[:, 8].copy(),
        importance=importance,
        told=_read_told(ids, sorter),
        by_importance=np.lexsort((np.arange(dated), -importance[:dated])).astype(np.int32),
        long=np.flatnonzero((end[:dated].astype(np.int64) - start[:dated]) >= LONG).astype(
            np.int32
        ),
        of_type={
            value: np.flatnonzero(kind == n).astype(np.int32)
            for n, value in enumerate(CODES["type"])
        },
        links={
            "actor": _read_links(EventActor, "actor_id", ids, sorter),
            "place": _read_links(EventPlace, "place_id", ids, sorter),
            "source": _read_links(Mention, "dispatch__source_id", ids, sorter),
        },
        dated=dated,
    )


def minutes(time_of_day: str) -> int:
    """Return "20:30" or a part of day in minutes after midnight, NO_TIME if none is stated."""
    if time_of_day in PARTS_OF_DAY:
        return PARTS_OF_DAY[time_of_day]
    hour, colon, minute = time_of_day.partition(":")
    return int(hour) * 60 + int(minute) if colon and (hour + minute).isdigit() else NO_TIME


def _read_told(ids: Numbers, sorter: Positions) -> Numbers:
    """For each event the day of its first dispatch; of an undated one, the day it was received."""
    told = np.full(len(ids), LAST, dtype=np.int32)
    rows = Mention.objects.order_by().values_list(
        "event_id", "dispatch__dct", "dispatch__received_at"
    )
    days: dict[tuple[str, date], int] = {}
    pairs = np.array(
        [
            (pk, days.get(key) or days.setdefault(key, dispatch_day(*key).toordinal()))
            for pk, dct, received in rows.iterator(CHUNK)
            for key in ((dct, received.date()),)
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    at, public = _positions_of(pairs[:, 0], ids, sorter)
    np.minimum.at(told, at, pairs[public, 1].astype(np.int32))
    return told


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


def _read_links(model: Any, column: str, ids: Numbers, sorter: Positions) -> Links:
    rows = model.objects.exclude(**{column: None}).order_by().values_list(column, "event_id")
    pairs = np.array(list(rows.iterator(CHUNK)), dtype=np.int64).reshape(-1, 2)
    positions, public = _positions_of(pairs[:, 1], ids, sorter)
    pairs = pairs[public]
    order = np.lexsort((positions, pairs[:, 0]))
    values, positions = pairs[order, 0], positions[order]
    if len(values):  # one link for each event and value, however many roles or reports
        fresh = np.concatenate(
            ([True], (np.diff(values) != 0) | (np.diff(positions) != 0))
        )
        values, positions = values[fresh], positions[fresh]
    distinct, first = np.unique(values, return_index=True)
    return Links(distinct, np.append(first, len(values)), positions.astype(np.int32))


def widened(filters: Filters) -> Filters:
    """The same filters without period and order: what `select` sees of them."""
    return replace(filters, start=None, end=None, newest_first=False)
