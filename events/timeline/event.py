"""Everything that the page of one event shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from events import withheld
from events.models import CurationAct, Event, EventActor, EventPlace
from events.timeline.items import Evidence, TimelineItem, card, cards, evidence_of, with_reports
from events.timeline.known import as_told, told_by

RELATED_DAYS = 31  # how far from an event its relatives are looked for


@dataclass(frozen=True, slots=True)
class EventDetail:
    item: TimelineItem
    evidence: tuple[Evidence, ...]
    related: tuple[TimelineItem, ...]
    contradicted_by: tuple[TimelineItem, ...]  # so a curator said; public ones
    acts: tuple[CurationAct, ...]
    contested: bool
    around: tuple[date, date] | None
    curated_fields: tuple[str, ...] = ()
    unlisted: bool = False  # a report names somebody who is withheld: no engine may list it
    known: date | None = None  # the day whose knowledge this is


def event_detail(event: Event, known: date | None = None) -> EventDetail:
    """Return everything that the page of a public event shows; what was known of it on a day."""
    told = with_reports(Event.objects.filter(pk=event.pk)).get()
    own_first = sorted(told.reports, key=lambda one: one.dispatch.reprint_of_id or 0)
    evidence = tuple(
        evidence_of(mention, event)
        for mention in own_first
        if known is None or told_by(mention, known)
    )
    return EventDetail(
        item=next(as_told([card(told)], known)),
        evidence=evidence,
        related=tuple(_related(event)),
        contradicted_by=tuple(cards(Event.objects.public().filter(contradicts=event).in_order())),
        acts=tuple(CurationAct.objects.filter(event=event).select_related("by")),
        contested=any(one.differs for one in evidence),
        around=_around(event),
        curated_fields=tuple(event.curated_fields),
        unlisted=withheld.is_told_of([event.pk]),
        known=known,
    )


def _around(event: Event) -> tuple[date, date] | None:
    start, end = event.start_date or event.end_date, event.end_date or event.start_date
    if start is None or end is None:
        return None
    week = timedelta(days=7)
    return (
        start - min(week, start - date.min),
        end + min(week, date.max - end),
    )


def _related(event: Event) -> Iterator[TimelineItem]:
    """Events near in time that share an actor or a place, those that share most first."""
    around = _around(event)
    if around is None:
        return iter(())
    reach = timedelta(days=RELATED_DAYS)
    actors = EventActor.objects.filter(event=event).values("actor")
    places = EventPlace.objects.filter(event=event).values("place")
    near = (
        Event.objects.public()
        .filter(sort_date__gte=around[0] - min(reach, around[0] - date.min))
        .filter(sort_date__lte=around[1] + min(reach, date.max - around[1]))
        .exclude(pk=event.pk)
        .annotate(
            shared=Count("event_actors", filter=Q(event_actors__actor__in=actors), distinct=True)
            + Count("event_places", filter=Q(event_places__place__in=places), distinct=True)
        )
        .filter(shared__gt=0)
        .order_by("-shared", "-importance", "sort_date", "pk")[:6]
    )
    return iter(sorted(cards(near), key=lambda item: item.start or item.end or date.max))
