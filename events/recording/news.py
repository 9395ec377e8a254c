"""Actors and places that reports of an event name, and that a person who set them did not."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from events.models import Event, EventActor, EventPlace, Mention
from events.recording.names import (
    Told,
    actor_identity,
    folded,
    known_actors,
    known_places,
    place_identity,
    place_key,
    told_by,
)

Row = list[str]  # [name, role] of an actor, [name, kind, country] of a place, as acts keep them
News = dict[str, list[Row]]  # field -> what it would be with the new ones
Mentions = Mapping[int, Sequence[Mention]]  # by the id of their event


def unheeded(drawn: Mapping[int, Event], mentions: Mentions) -> dict[int, News]:
    """For each event whose actors or places a person fixed: those fields with what is new added.

    New is what the event does not have and no person turned down for it, under whatever name.
    """
    news: dict[int, News] = {}
    for field, added in (("actors", _with_new_actors), ("places", _with_new_places)):
        fixed = [event for event in drawn.values() if field in event.fixed_fields]
        told = {event.pk: list(told_by(mentions[event.pk], field)) for event in fixed}
        if any(told.values()):
            for pk, rows in added(fixed, told).items():
                news.setdefault(pk, {})[field] = rows
    return news


def _with_new_actors(
    events: Sequence[Event], told: Mapping[int, Sequence[Told]]
) -> dict[int, list[Row]]:
    have: dict[int, list[tuple[Hashable, Row]]] = {pk: [] for pk in told}
    rows = EventActor.objects.filter(event__in=told)
    for pk, actor, name, role in rows.values_list("event_id", "actor", "actor__name", "role"):
        have[pk].append((actor, [name, role]))
    known = known_actors(actor_identity(one) for some in told.values() for one in some)

    def read(one: Told) -> tuple[Hashable, Row]:
        identity = actor_identity(one)
        unknown = identity.register or identity.folded
        return known.get(identity, unknown), [one.name, one.named["role"]]

    return _added(events, "actors", have, {pk: [*map(read, told[pk])] for pk in told})


def _with_new_places(
    events: Sequence[Event], told: Mapping[int, Sequence[Told]]
) -> dict[int, list[Row]]:
    have: dict[int, list[tuple[Hashable, Row]]] = {pk: [] for pk in told}
    rows = EventPlace.objects.filter(event__in=told).select_related("place")
    for row in rows:
        place = row.place
        have[row.event_id].append((place.pk, [place.name, place.kind, place.country]))
    known = known_places(place_identity(one) for some in told.values() for one in some)

    def read(one: Told) -> tuple[Hashable, Row]:
        identity = place_identity(one)
        unknown = place_key(one) or identity
        return known.get(identity, unknown), [one.name, one.named["kind"], identity.country]

    return _added(events, "places", have, {pk: [*map(read, told[pk])] for pk in told})


def _added(
    events: Sequence[Event],
    field: str,
    have: Mapping[int, Sequence[tuple[Hashable, Row]]],
    told: Mapping[int, Sequence[tuple[Hashable, Row]]],
) -> dict[int, list[Row]]:
    """What each event has, followed by what is told beside it, where something is."""
    found = {}
    for event in events:
        rows = [row for _, row in have[event.pk]]
        names = {folded(row[0]) for row in rows} | {
            folded(row[0]) for reading in event.overruled.get(field, ()) for row in reading
        }
        settled = {one for one, _ in have[event.pk]}
        settled |= {one for one, row in told[event.pk] if folded(row[0]) in names}
        new = {one: row for one, row in told[event.pk] if one not in settled}
        if new:
            found[event.pk] = [*rows, *new.values()]
    return found
