"""Values to filter by, with what each would give."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from events import search
from events.columns import CODES, Columns, Positions
from events.filters import Filters
from events.models import Actor, EventType, Place, Source, Status
from events.timeline.selection import in_period

FACET_SIZE = 10  # values a facet shows beside those that were chosen


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field, most frequent first, those that were chosen before all others."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An actor or a place whose name begins as the words searched for, with its events."""

    facet: str
    id: int
    name: str
    count: int


def facets(corpus: Columns, filters: Filters, found: set[int] | None) -> Iterator[Facet]:
    """Yield each facet with the count that every value would give beside the other filters."""
    for name, values in filters.facets.items():
        wanted = set(values)
        counts = _counts(corpus, filters, found, name, wanted)
        yield Facet(name, tuple(FacetValue(v, label, n, v in wanted) for v, label, n in counts))


def _counts(
    corpus: Columns, filters: Filters, found: set[int] | None, name: str, wanted: Collection[str]
) -> list[tuple[str, str, int]]:
    """Return (value, label, count): those wanted first, then by count; the most frequent only."""
    chosen = in_period(corpus, filters, found, without=name)
    if name in CODES:
        column = corpus.codes[name] if chosen is None else corpus.codes[name][chosen]
        counts = np.bincount(column, minlength=len(CODES[name]))
        labels = dict((EventType if name == "type" else Status).choices)
        values = [
            (value, str(labels[value]), int(n))
            for value, n in zip(CODES[name], counts, strict=True)
            if n or value in wanted
        ]
    else:
        values = _linked_counts(corpus, chosen, name, {int(value) for value in wanted})
    return sorted(values, key=lambda one: (one[0] not in wanted, -one[2], one[1]))


def _linked_counts(
    corpus: Columns, chosen: Positions | None, name: str, wanted: Collection[int]
) -> list[tuple[str, str, int]]:
    links = corpus.links[name]
    mask = None
    if chosen is not None:
        mask = np.zeros(len(corpus), dtype=bool)
        mask[chosen] = True
    counts = links.counts(mask)
    most = np.argsort(-counts, kind="stable")[: FACET_SIZE + len(wanted)]
    top = {int(links.values[at]): int(counts[at]) for at in most if counts[at]}
    for value in wanted - top.keys():
        at = int(np.searchsorted(links.values, value))
        # One that no public event has is not named: its name would be news.
        if at < len(links.values) and links.values[at] == value:
            top[value] = int(counts[at])
    model = {"actor": Actor, "place": Place, "source": Source}[name]
    labels = {row.pk: str(row) for row in model._default_manager.filter(pk__in=top)}
    return [(str(pk), labels[pk], n) for pk, n in top.items() if pk in labels]


def suggestions(corpus: Columns, filters: Filters) -> Iterator[Suggestion]:
    found = search.names_beginning(filters.text, FACET_SIZE) if filters.text else []
    counted = [
        Suggestion(facet, pk, name, len(corpus.links[facet].of(pk))) for facet, pk, name in found
    ]
    held = {"actor": filters.actors, "place": filters.places}
    useful = [one for one in counted if one.count and one.id not in held[one.facet]]
    return iter(sorted(useful, key=lambda one: (-one.count, one.name))[:FACET_SIZE])
