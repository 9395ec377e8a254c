"""Actors and places that reports of an event name, and that a person who set them did not."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from events.models import Event, EventActor, EventPlace, Mention
from events.recording.names import folded, known_actors, known_places, place_identity

Row = list[str]  # [name, role] of an actor, [name, kind, country] of a place, as acts keep them
News = dict[str, list[Row]]  # field -> what it would be with the new ones
Mentions = Mapping[int, Sequence[Mention]]  # by the id of their event


def unheeded(drawn: Mapping[int, Event], mentions: Mentions) -> dict[int, News]:
    """For each event whose actors or places a person fixed: those fields with what is new added.

    New is a name that the event does not have and that no person turned down for it.
    """
    news: dict[int, News] = {}
    for field, added in (("actors", _with_new_actors), ("places", _with_new_places)):
        fixed = [event for event in drawn.values() if field in event.fixed_fields]
        told = {event.pk: [a for m in mentions[event.pk] for a in getattr(m, field)]
                for event in fixed}  # fmt: skip
        if any(told.values()):
            for pk, rows in added(fixed, told).items():
                news.setdefault(pk, {})[field] = rows
    return news


def _with_new_actors(
    events: Sequence[Event], told: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[int, list[Row]]:
    have: dict[int, list[tuple[Hashable, Row]]] = {pk: [] for pk in told}
    rows = EventActor.objects.filter(event__in=told)
    for pk, actor, name, role in rows.values_list("event_id", "actor", "actor__name", "role"):
        have[pk].append((actor, [name, role]))
    names = {folded(actor["name"][:200]) for actors in told.values() for actor in actors}
    known = known_actors(names)

    def read(actor: Mapping[str, Any]) -> tuple[Hashable, Row]:
        name = folded(actor["name"][:200])
        return known.get(name, name), [actor["name"][:200], actor["role"]]

    return _added(events, "actors", have, {pk: map(read, told[pk]) for pk in told})


def _with_new_places(
    events: Sequence[Event], told: Mapping[int, Sequence[Mapping[str, Any]]]
) -> dict[int, list[Row]]:
    have: dict[int, list[tuple[Hashable, Row]]] = {pk: [] for pk in told}
    rows = EventPlace.objects.filter(event__in=told).select_related("place")
    for row in rows:
        place = row.place
        have[row.event_id].append((place.pk, [place.name, place.kind, place.country]))
    known = known_places(place_identity(place) for places in told.values() for place in places)

    def read(place: Mapping[str, Any]) -> tuple[Hashable, Row]:
        identity = place_identity(place)
        row = [place["name"][:200], place["kind"], identity[1]]
        return known.get(identity, identity), row

    return _added(events, "places", have, {pk: map(read, told[pk]) for pk in told})


def _added(
    events: Sequence[Event],
    field: str,
    have: Mapping[int, Sequence[tuple[Hashable, Row]]],
    told: Mapping[int, Iterable[tuple[Hashable, Row]]],
) -> dict[int, list[Row]]:
    """What each event has, followed by what is told beside it, where something is."""
    found = {}
    for event in events:
        rows = [row for _, row in have[event.pk]]
        ids = {one for one, _ in have[event.pk]}
        names = {folded(row[0]) for row in rows} | {
            folded(row[0]) for reading in event.overruled.get(field, ()) for row in reading
        }
        new = {
            one: row
            for one, row in told[event.pk]
            if row[0].strip() and one not in ids and folded(row[0]) not in names
        }
        if new:
            found[event.pk] = [*rows, *new.values()]
    return found
