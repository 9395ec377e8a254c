"""Actors and places by their names: one row a folded name, and the one that it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from events.extraction.lexicon.names import fold_name
from events.models import Actor, Place


def folded(name: str) -> str:
    """The name as rows are found by: without case and accents, never empty."""
    return fold_name(name) or name


def actor_named(name: str, kind: str = "") -> Actor:
    """Return the one actor of this name, whatever its case and accents."""
    name = name[:200]
    known, _ = Actor.objects.select_related("same_as").get_or_create(
        folded=folded(name), defaults={"name": name, "kind": kind}
    )
    return known.same_as or known


def place_named(name: str, **details: Any) -> Place:
    """Return the place of this name in its country; `details` are further columns of a new one."""
    name = name[:200]
    country = details.pop("country", "") or ""
    known, _ = Place.objects.select_related("same_as").get_or_create(
        folded=folded(name), country=country, defaults={"name": name, **details}
    )
    return known.same_as or known


def actors_named(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The id of the one actor of each folded name; those that are new are written."""
    named: dict[str, Mapping[str, Any]] = {}
    for actor in found:  # the first that has a name spells it
        named.setdefault(folded(actor["name"][:200]), actor)
    known = known_actors(named)
    missing = [
        Actor(folded=name, name=named[name]["name"][:200], kind=named[name].get("kind", ""))
        for name in named
        if name not in known
    ]
    if missing:
        Actor.objects.bulk_create(missing, ignore_conflicts=True)
        known = known_actors(named)
    return known


def known_actors(names: Iterable[str]) -> dict[str, int]:
    """The id of the actor that each of these folded names means, for those that are known."""
    rows = Actor.objects.filter(folded__in=list(names)).values_list("folded", "pk", "same_as_id")
    return {name: same_as or pk for name, pk, same_as in rows}


def place_identity(found: Mapping[str, Any]) -> tuple[str, str]:
    return folded(found["name"][:200]), found.get("country") or ""


def places_named(found: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """The id of the one place of each folded name and country; those that are new are written."""
    named: dict[tuple[str, str], Mapping[str, Any]] = {}
    for place in found:  # the first that has a name spells it
        named.setdefault(place_identity(place), place)
    known = known_places(named)
    missing = [
        Place(
            folded=name,
            country=country,
            name=place["name"][:200],
            kind=place["kind"],
            within=(place.get("within") or "")[:200],
            geonames=place.get("geonames"),
            latitude=place.get("latitude"),
            longitude=place.get("longitude"),
        )
        for (name, country), place in named.items()
        if (name, country) not in known
    ]
    if missing:
        Place.objects.bulk_create(missing, ignore_conflicts=True)
        known = known_places(named)
    return known


def known_places(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The id of the place that each of these folded names in a country means, where known.

    A name that no country goes with means what a person said that it does, if that is one place.
    """
    names = list(names)
    rows = Place.objects.filter(folded__in=[name for name, _ in names]).values_list(
        "folded", "country", "pk", "same_as_id"
    )
    known: dict[tuple[str, str], int] = {}
    meant: defaultdict[str, set[int]] = defaultdict(set)
    for name, country, pk, same_as in rows:
        known[name, country] = same_as or pk
        if same_as:
            meant[name].add(same_as)
    for name, country in names:
        if not country and len(meant[name]) == 1:
            known.setdefault((name, country), *meant[name])
    return known
