"""The events of a view one by one, as a reader walks through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from events.columns import Positions, columns
from events.filters import Filters
from events.models import Event
from events.timeline.event import EventDetail, event_detail
from events.timeline.facets import Facet, facets
from events.timeline.selection import in_period, text_ids
from events.timeline.strip import Density, count_by_day, density


@dataclass(frozen=True, slots=True)
class WalkPage:
    """One event of those that pass the filters, and the way on; ids are 0 where there is none."""

    event: EventDetail | None
    position: int  # from 1
    total: int
    first: int
    previous: int
    next: int
    last: int
    overview: Density
    facets: tuple[Facet, ...]


def walk_page(filters: Filters, event: int | None = None) -> WalkPage:
    """Stand at `event`, or at the first of the view where it is not among what passes.

    The order is that of the list; the undated come last.
    """
    corpus = columns(filters.known)
    found = text_ids(filters)
    chosen = in_period(corpus, filters, found)
    way: Positions = np.arange(len(corpus), dtype=np.int32) if chosen is None else chosen
    dated = way[: np.searchsorted(way, corpus.dated)]
    if filters.newest_first:
        way = np.concatenate((dated[::-1], way[len(dated) :]))
    ids = corpus.ids[way]
    here = int(np.argmax(ids == event)) if event and event in ids else 0

    def at(index: int) -> int:
        return int(ids[index]) if 0 <= index < len(ids) else 0

    event_here = Event.objects.public().filter(pk=at(here)).first()
    return WalkPage(
        event=event_detail(event_here, filters.known) if event_here else None,
        position=here + 1,
        total=len(ids),
        first=at(0),
        previous=at(here - 1),
        next=at(here + 1),
        last=at(len(ids) - 1),
        overview=density(count_by_day(corpus.day[dated]), filters),
        facets=tuple(facets(corpus, filters, found)),
    )
