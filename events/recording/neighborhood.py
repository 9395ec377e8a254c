"""The reports that lie near in time to new ones: what these are compared with."""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple, cast

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from events.extraction import Comparable, EventMention, MergeItem, comparable
from events.extraction.annotations import Basis, Status
from events.extraction.annotations import EventType as Kind
from events.extraction.annotations import Precision as Exactness
from events.extraction.compare import RUNNING_TOLL
from events.models import Dispatch, EventType, Mention, ReviewState
from events.recording.matching import Found
from events.recording.rows import COMPARED

DAY = timedelta(days=1)
NEAR = timedelta(days=3)  # between two stretches of days that are asked for as one
WIDEST = timedelta(days=366)  # an interval in which merging still looks for nested dates
MAX_NEIGHBORS = 3_000  # mentions compared with those of one dispatch, the latest first
MAX_HELD = 12_000  # of those near a whole chunk; beyond, each of its dispatches looks by itself
MAX_READY = 6_000  # that a process keeps ready to be compared: some 40 MB
MAX_TERMS = 100  # stretches that are asked for at a time: SQLite takes no deeper expression


class _Stored(NamedTuple):
    """What is compared of a report that has a day; the fields but the last are columns."""

    pk: int
    dispatch_id: int
    start_date: date
    end_date: date | None
    edtf: str
    precision: str
    type: str
    status: str
    event_id: int
    basis: str
    said: str  # `Mention.compared`, as JSON


_COLUMNS = _Stored._fields[:-1]


class Neighborhood:
    """The reports that lie near in time to those of some dispatches, looked up once for all.

    It is as of now only if it is told what is written meanwhile, by `add` and `renew`.
    """

    def __init__(self, found: Sequence[EventMention]) -> None:
        self._near = _near(found)
        self._rows: list[_Stored] = []  # by day and id
        self.look_up()

    def look_up(self) -> None:
        """Find anew what lies near."""
        self._rows = sorted(_stored(self._near, MAX_HELD), key=_place)

    def add(self, rows: Iterable[Mention]) -> None:
        """Take in reports that were just written, of events that anything may join."""
        for row in rows:
            if row.edtf and row.start_date is not None:
                values = (getattr(row, name) for name in _COLUMNS)
                insort(self._rows, _Stored._make([*values, json.dumps(row.compared)]), key=_place)

    def renew(self, dispatch: Dispatch) -> None:
        """Look at the reports of a dispatch anew: some are gone, or are told otherwise."""
        self._rows = [row for row in self._rows if row.dispatch_id != dispatch.pk]
        self._rows += _stored([Q(dispatch=dispatch, start_date__isnull=False)], MAX_HELD)
        self._rows.sort(key=_place)

    def of(self, dispatch: Dispatch, new: Sequence[Found]) -> list[Comparable]:
        """The reports of other dispatches that lie near these, each known by its event."""
        found = [one.found for one in new]
        if len(self._rows) < MAX_HELD:
            rows = list(self._within(found))
        else:  # too many to hold them all: only what lies near this one dispatch
            rows = _stored(_near(found), MAX_NEIGHBORS)
        others = {row.pk: row for row in rows if row.dispatch_id != dispatch.pk}
        latest = sorted(others.values(), key=lambda row: (-row.start_date.toordinal(), row.pk))
        return [_ready(row) for row in latest[:MAX_NEIGHBORS]]

    def _within(self, found: Sequence[EventMention]) -> Iterator[_Stored]:
        for start, end in _stretches(found):
            yield from self._between(start, end)
            for row in self._between(_shifted(start, -WIDEST), start):
                if row.end_date is None or row.end_date > start:
                    yield row
        for day in _toll_days(found):
            for row in self._between(
                _shifted(day, -RUNNING_TOLL), _shifted(_shifted(day, RUNNING_TOLL), DAY)
            ):
                if row.type == EventType.TOLL:
                    yield row

    def _between(self, start: date, end: date) -> Sequence[_Stored]:
        """Those that begin on a day from `start` up to, and without, `end`."""
        first = bisect_left(self._rows, (start, 0), key=_place)
        return self._rows[first : bisect_left(self._rows, (end, 0), key=_place)]


def _place(row: _Stored) -> tuple[date, int]:
    return row.start_date, row.pk


def _near(found: Sequence[EventMention]) -> list[Q]:
    near = [_dates_that_may_agree(*days) for days in _stretches(found)]
    return near + [Q(type=EventType.TOLL) & _around(day, RUNNING_TOLL) for day in _toll_days(found)]


def _toll_days(found: Sequence[EventMention]) -> list[date]:
    return sorted({one.start for one in found if one.type == "toll" and one.start})


def _stored(near: Sequence[Q], most: int) -> list[_Stored]:
    """The reports that lie there, the latest first and at most so many; each once."""
    found: dict[int, _Stored] = {}
    for first in range(0, len(near), MAX_TERMS):
        rows = (
            Mention.objects.filter(
                reduce(or_, near[first : first + MAX_TERMS]), event__merged_into=None
            )
            .exclude(edtf="")
            .exclude(event__review_state=ReviewState.REJECTED)
            .order_by("-start_date", "pk")
            .values_list(*_COLUMNS, Cast("compared", TextField()))[:most]
        )
        found |= {row[0]: _Stored(*row) for row in rows}
    return list(found.values())[:most]


def _stretches(found: Iterable[EventMention]) -> list[tuple[date, date]]:
    """The half-open days that mentions begin or lie in; near ones as one, to ask once."""
    days = sorted({(one.start, one.end or _shifted(one.start, DAY)) for one in found if one.start})
    joined: list[tuple[date, date]] = []
    for start, end in days:
        if joined and start <= _shifted(joined[-1][1], NEAR):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _dates_that_may_agree(start: date, end: date) -> Q:
    """Dates that begin in a stretch of days, or began before it and reach into it."""
    begun = Q(start_date__gte=_shifted(start, -WIDEST), start_date__lt=end)
    return begun & (Q(end_date=None) | Q(end_date__gt=start))  # they begin before they end


def _around(day: date, margin: timedelta) -> Q:
    return Q(start_date__gte=_shifted(day, -margin), start_date__lte=_shifted(day, margin))


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


@lru_cache(maxsize=MAX_READY)
def _ready(row: _Stored) -> Comparable:
    """What one group of dispatches is compared with, the next one mostly is too."""
    compared = json.loads(row.said)
    said = {name: frozenset(compared.get(name, ())) for name in COMPARED}
    return comparable(
        MergeItem(
            key=f"old:{row.pk}",
            dispatch=str(row.dispatch_id),
            start=row.start_date,
            end=row.end_date,
            edtf=row.edtf,
            precision=cast("Exactness", row.precision),
            type=cast("Kind", row.type),
            status=cast("Status", row.status),
            known=row.event_id,
            undated_by=cast("Basis", row.basis),
            **said,
        )
    )
