"""Events as they were known on a day: by the last report until then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from events.columns import dispatch_day
from events.models import Event, Mention
from events.timeline.items import TimelineItem, cards, evidence_of, readable


def as_known(pks: Sequence[int], known: date) -> dict[int, Mention]:
    """For each event its last report by that day: it says what was then known of it."""
    last: dict[int, tuple[date, float, Mention]] = {}
    for mention in readable(
        Mention.objects.filter(event__in=pks).select_related("event")
    ).order_by("pk"):
        day = _day_of(mention)
        held = last.get(mention.event_id)
        if day <= known and (held is None or (day, mention.confidence) >= held[:2]):
            last[mention.event_id] = (day, mention.confidence, mention)
    return {pk: mention for pk, (_, _, mention) in last.items()}


def told_by(mention: Mention, known: date) -> bool:
    """Whether the dispatch of a report was there on that day."""
    return _day_of(mention) <= known


def _day_of(mention: Mention) -> date:
    dispatch = mention.dispatch
    return dispatch_day(dispatch.dct, dispatch.received_at.date())


def items_of(ids: Iterable[int], known: date | None = None) -> Iterator[TimelineItem]:
    """Cards of the events with these ids, in their order, as told by a day if one is given."""
    pks = [int(pk) for pk in ids]
    found = {item.id: item for item in cards(Event.objects.filter(pk__in=pks))}
    return as_told([found[pk] for pk in pks if pk in found], known)


def as_told(items: Sequence[TimelineItem], known: date | None) -> Iterator[TimelineItem]:
    """The cards as told by a day if one is given; those that nobody told of by then as they are."""
    told = {} if known is None else as_known([item.id for item in items], known)
    return (_as_told(item, told[item.id]) if item.id in told else item for item in items)


def _as_told(item: TimelineItem, mention: Any) -> TimelineItem:  # Any: carries annotations
    same_date = not mention.edtf or mention.edtf == item.edtf
    return replace(
        item,
        edtf=mention.edtf or item.edtf,
        start=item.start if same_date else mention.start_date,
        end=item.end if same_date else mention.end_date,
        precision=item.precision if same_date else mention.precision,
        time_of_day=mention.time_of_day or item.time_of_day,
        status=mention.status,
        status_label=mention.get_status_display(),
        evidence=evidence_of(mention, mention.event),
        became="" if mention.status == item.status else item.status_label,
        moved="" if same_date else item.edtf,
    )
