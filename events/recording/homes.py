"""Which event each mention belongs to: those that are known nearby, else a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import Q

from events.extraction import EventCluster, EventMention, MergeItem
from events.extraction.annotations import Basis, Status
from events.extraction.annotations import EventType as Kind
from events.extraction.annotations import Precision as Exactness
from events.extraction.compare import RUNNING_TOLL
from events.models import Dispatch, Event, EventType, Mention, ReviewState
from events.recording.matching import Found

DAY = timedelta(days=1)
NEAR = timedelta(days=3)  # between two stretches of days that are asked for as one
WIDEST = timedelta(days=366)  # an interval in which merging still looks for nested dates
MAX_NEIGHBORS = 3_000  # mentions compared with those of one dispatch, the latest first
MAX_TERMS = 100  # stretches that are asked for at a time: SQLite takes no deeper expression


def neighbors(dispatch: Dispatch, new: Sequence[Found]) -> Iterable[MergeItem]:
    """The mentions of other dispatches that lie near in time, each known by its event."""
    near = [_dates_that_may_agree(*days) for days in _stretches(one.found for one in new)]
    near += [
        Q(type=EventType.TOLL) & _around(one.found.start, RUNNING_TOLL)
        for one in new
        if one.found.type == "toll" and one.found.start
    ]
    found: dict[int, MergeItem] = {}
    for first in range(0, len(near), MAX_TERMS):
        found |= _stored(dispatch, reduce(or_, near[first : first + MAX_TERMS]))
    return list(found.values())[:MAX_NEIGHBORS]


def _stored(dispatch: Dispatch, near: Q) -> dict[int, MergeItem]:
    rows = (
        Mention.objects.filter(near, event__merged_into=None)
        .exclude(dispatch=dispatch)
        .exclude(edtf="")
        .exclude(event__review_state=ReviewState.REJECTED)
        .order_by("-start_date", "pk")
        .values_list(
            "pk", "dispatch_id", "start_date", "end_date", "edtf", "precision", "type", "status",
            "compared", "event_id", "basis",
        )[:MAX_NEIGHBORS]
    )  # fmt: skip
    return {row[0]: _stored_item(*row) for row in rows}


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
    inside = Q(start_date__gte=start, start_date__lt=end)
    around = Q(start_date__lt=start, start_date__gte=_shifted(start, -WIDEST))
    return inside | (around & (Q(end_date=None) | Q(end_date__gt=start)))


def _around(day: date, margin: timedelta) -> Q:
    return Q(start_date__gte=_shifted(day, -margin), start_date__lte=_shifted(day, margin))


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def _stored_item(
    pk: int,
    dispatch: int,
    start: date | None,
    end: date | None,
    edtf: str,
    precision: str,
    kind: str,
    status: str,
    compared: Mapping[str, list[str]],
    event: int,
    basis: str,
) -> MergeItem:
    return MergeItem(
        key=f"old:{pk}",
        dispatch=str(dispatch),
        start=start,
        end=end,
        edtf=edtf,
        precision=cast("Exactness", precision),
        type=cast("Kind", kind),
        status=cast("Status", status),
        actors=frozenset(compared.get("actors", ())),
        places=frozenset(compared.get("places", ())),
        countries=frozenset(compared.get("countries", ())),
        words=frozenset(compared.get("words", ())),
        names=frozenset(compared.get("names", ())),
        subjects=frozenset(compared.get("subjects", ())),
        known=event,
        undated_by=cast("Basis", basis),
    )


def homes_of(
    new: Sequence[Found], clusters: Sequence[EventCluster]
) -> dict[str, tuple[Event, list[dict[str, Any]]]]:
    """Give each mention its event: a known one, the one it had before, or a new one."""
    by_key = {one.item.key: one for one in new}
    homes: dict[str, tuple[Event, list[dict[str, Any]]]] = {}
    taken = {cluster.known for cluster in clusters if cluster.known is not None}
    joined = {
        cluster.known for cluster in clusters if not by_key.keys().isdisjoint(cluster.keys)
    } - {None}
    known = Event.objects.in_bulk(joined) if joined else {}
    for cluster in clusters:
        members = [by_key[key] for key in cluster.keys if key in by_key]
        if not members:
            continue
        if cluster.known is not None:
            event = known[cluster.known]
        else:
            event = _own(members, taken) or Event()  # `create_events` fills and writes it
            if event.pk is not None:
                taken.add(event.pk)
        for one in members:
            why = [
                {"with": other, "features": list(features)}
                for first, second, features in cluster.why
                if one.item.key in {first, second}
                for other in {first, second} - {one.item.key}
            ]
            homes[one.key] = (event, why)
    return homes


def _own(members: Sequence[Found], taken: set[int]) -> Event | None:
    """The event that one of these had before, if it holds no reports of other dispatches."""
    for one in members:
        if one.old is None or one.old.event_id in taken:
            continue
        others = Mention.objects.filter(event=one.old.event_id)
        if not others.exclude(dispatch=one.old.dispatch_id).exists():
            return one.old.event
    return None
