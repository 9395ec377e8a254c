"""Which events pass the filters: by the columns, or by the database for those who see more."""

from __future__ import annotations

from django.db.models import QuerySet

from events import search
from events.columns import Columns, Positions, columns
from events.filters import Filters
from events.models import (
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    EventQuerySet,
    Mention,
    ReviewState,
)


def matching(
    filters: Filters, *, without: str = "", among: EventQuerySet | None = None
) -> EventQuerySet:
    """Return the public events that pass `filters`, all but the one named `without`.

    Or those of `among`, which is for who may see more.

    Names are those of the query parameters: type, status, review, actor, place, source,
    confidence, q, period.
    """
    found = Event.objects.public() if among is None else among
    if filters.types and without != "type":
        found = found.filter(type__in=filters.types)
    if filters.statuses and without != "status":
        found = found.filter(status__in=filters.statuses)
    if filters.reviews and without != "review":
        found = found.filter(review_state__in=filters.reviews)
    if filters.actors and without != "actor":
        found = found.filter(pk__in=EventActor.objects.filter(
            actor__in=filters.actors).values("event"))  # fmt: skip
    if filters.places and without != "place":
        found = found.filter(pk__in=EventPlace.objects.filter(
            place__in=filters.places).values("event"))  # fmt: skip
    if filters.sources and without != "source":
        found = found.filter(pk__in=Mention.objects.filter(
            dispatch__source__in=filters.sources).values("event"))  # fmt: skip
    if filters.confidence and without != "confidence":
        found = found.filter(confidence__gte=filters.confidence)
    if filters.text and without != "q":
        found = found.filter(pk__in=search.events_holding(filters.text))
    if (filters.start or filters.end) and without != "period":
        found = found.between(filters.start, filters.end).exclude(sort_date=None)
    return found


def text_ids(filters: Filters) -> set[int] | None:
    """The ids of events that hold the words searched for; None when nothing is searched for."""
    if not filters.text:
        return None
    return search.event_ids(filters.text)


def in_period(
    corpus: Columns, filters: Filters, found: set[int] | None, *, without: str = ""
) -> Positions | None:
    """What passes, the undated among them unless a period is asked for; None is everything.

    `found` is what `text_ids` gives, which a page asks once.
    """
    chosen = corpus.select(filters, without=without, found=found)
    if without == "period" or not (filters.start or filters.end):
        return chosen
    inside: Positions = corpus.overlapping(chosen, filters.start, filters.end)
    return inside


def relaxed(corpus: Columns, filters: Filters, found: set[int] | None) -> dict[str, int]:
    """For each filter in force, how many events there would be without it."""
    sizes = {}
    for name in filters.active:
        of = columns() if name == "known" else corpus
        sizes[name] = _size(in_period(of, filters, found, without=name), of)
    return sizes


def _size(chosen: Positions | None, corpus: Columns) -> int:
    return len(corpus) if chosen is None else len(chosen)


def visible_dispatches(*, insider: bool) -> QuerySet[Dispatch]:
    """What may be read: everything for those who are logged in or where proposals are public.

    What the agency took back is read by nobody; what is under embargo, by no visitor.
    """
    kept = Dispatch.objects.filter(withdrawn_at=None)
    if insider:
        return kept
    public = Mention.objects.filter(event__in=Event.objects.public()).values("dispatch")
    return kept.published().filter(pk__in=public)


def visible_events(*, insider: bool) -> EventQuerySet:
    """Public events, and for those who are logged in the proposals too."""
    if insider:
        return Event.objects.filter(merged_into=None).exclude(review_state=ReviewState.REJECTED)
    return Event.objects.public()
