"""Events by place, as the map shows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from events.columns import columns
from events.filters import Filters
from events.models import Place
from events.timeline.facets import Facet, facets
from events.timeline.selection import in_period, text_ids

MOST_PLACES = 400  # of the map


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place as the map shows it; `share` of the largest count is what its circle is drawn by."""

    id: int
    name: str
    note: str
    kind: str
    kind_label: str
    latitude: float
    longitude: float
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class MapPage:
    places: tuple[MapPlace, ...]
    total: int  # events that pass the filters
    unplaced: int  # of them, those without any place on the map
    facets: tuple[Facet, ...]


def map_page(filters: Filters) -> MapPage:
    """Return where the events that pass the filters took place, most events first."""
    corpus = columns(filters.known)
    found = text_ids(filters)
    chosen = in_period(corpus, filters, found)
    mask = np.ones(len(corpus), dtype=bool) if chosen is None else np.zeros(len(corpus), dtype=bool)
    if chosen is not None:
        mask[chosen] = True
    links = corpus.links["place"]
    counts = links.counts(mask)
    number = {int(links.values[at]): int(counts[at]) for at in np.flatnonzero(counts)}
    located = Place.objects.exclude(latitude=None).exclude(longitude=None)
    placed = np.zeros(len(corpus), dtype=bool)
    told = [(number[place.pk], place) for place in located if place.pk in number]
    for _count, place in told:
        placed[links.of(place.pk)] = True
    told.sort(key=lambda one: (-one[0], one[1].shown))
    most = max((count for count, _ in told), default=1)
    return MapPage(
        places=tuple(_map_place(place, count, most) for count, place in told[:MOST_PLACES]),
        total=int(mask.sum()),
        unplaced=int((mask & ~placed).sum()),
        facets=tuple(facets(corpus, filters, found)),
    )


def _map_place(place: Place, count: int, most: int) -> MapPlace:
    return MapPlace(
        id=place.pk,
        name=place.shown,
        note=place.within or place.country,
        kind=place.kind,
        kind_label=place.get_kind_display(),
        latitude=place.latitude or 0.0,
        longitude=place.longitude or 0.0,
        count=count,
        share=count / most,
    )
