"""Events drawn from their mentions: what a person set stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events import intervals
from events.models import Dispatch, Event, EventActor, EventPlace, Mention, Precision
from events.recording.names import (
    actor_identity,
    actors_named,
    place_identity,
    places_named,
    told_by,
)
from events.recording.news import News, unheeded

Drawn = tuple[Event, list[Mention]]  # an event and all the mentions that it was drawn from
_TELLING = {"edtf", "type", "status", "time_of_day"}
LEAD = 500  # characters of headline and first paragraph
# What is drawn from the mentions of an event.
_DRAWN = (
    "title", "language", "type", "status", "edtf", "time_of_day", "proposals", "start_date",
    "end_date", "precision", "confidence", "importance",
)  # fmt: skip
# What is read of a mention for it.
_DRAWN_FROM = (
    "event", "dispatch", "title", "type", "status", "edtf", "time_of_day", "precision",
    "confidence", "trigger_start", "actors", "places",
)  # fmt: skip
# From the date that says most to the one that says least.
_EXACTNESS = [
    Precision.DAY,
    Precision.RANGE,
    Precision.WEEK,
    Precision.MONTH,
    Precision.SEASON,
    Precision.QUARTER,
    Precision.YEAR,
    Precision.OPEN,
    Precision.UNKNOWN,
]


def refresh(event: Event) -> None:
    """Draw an event anew from its mentions; what a person set stays, an empty proposal goes.

    The date is that of the mention that says it most exactly, never one made of two.
    """
    cast_and_locate(draw_anew([event]))


def draw_anew(events: Iterable[Event]) -> list[Drawn]:
    """Draw known events anew; return those that have mentions, with them."""
    by_pk = {event.pk: event for event in events}
    if not by_pk:
        return []
    mentions: dict[int, list[Mention]] = {pk: [] for pk in by_pk}
    rows = list(Mention.objects.filter(event__in=by_pk).only(*_DRAWN_FROM))
    tellers = Dispatch.objects.filter(pk__in={row.dispatch_id for row in rows}).order_by()
    tellers = tellers.only("language", "dct", "reprint_of", "replaced_by")
    by_teller = {one.pk: one for one in tellers}
    for row in rows:
        row.dispatch = by_teller[row.dispatch_id]
        mentions[row.event_id].append(row)
    news = unheeded(by_pk, mentions)
    for pk, event in by_pk.items():
        if mentions[pk]:
            before = _drawn_state(event)
            _draw(event, mentions[pk], news.get(pk, {}))
            if before != _drawn_state(event):
                event.save(update_fields=[*_DRAWN, "updated_at"])
        elif _is_forgettable(event):
            event.delete()
    return [(by_pk[pk], rows) for pk, rows in mentions.items() if rows]


def _is_forgettable(event: Event) -> bool:
    """Nothing reports it any more, and no person ever touched it."""
    kept = event.merged_into_id or event.absorbed.exists()
    return not kept and not Event.objects.filter(pk=event.pk).touched().exists()


def create_events(rows: Sequence[Mention]) -> list[Drawn]:
    """Write the new events of these mentions, already drawn, and tell the mentions their ids."""
    fresh: dict[int, Drawn] = {}
    for row in rows:
        if row.event_id is None:
            fresh.setdefault(id(row.event), (row.event, []))[1].append(row)
    for event, mentions in fresh.values():
        _draw(event, mentions, {})
    Event.objects.bulk_create([event for event, _ in fresh.values()])
    for event, mentions in fresh.values():
        for row in mentions:
            row.event = event
    return list(fresh.values())


def _drawn_state(event: Event) -> tuple[Any, ...]:
    return tuple(str(getattr(event, name)) for name in _DRAWN)


def _draw(event: Event, mentions: Sequence[Mention], news: News) -> None:
    best = min(mentions, key=_rank)
    latest = max(mentions, key=_recency)
    values = {
        "title": best.title,
        "language": best.dispatch.language,
        "type": best.type,
        "status": latest.status,
        "edtf": best.edtf,
        "time_of_day": best.time_of_day,
    }
    fixed = event.fixed_fields
    if "title" in fixed:
        del values["language"]  # it is that of the title
    event.proposals = dict(news)
    for name, value in values.items():
        if name not in fixed:
            setattr(event, name, value)
        elif value != getattr(event, name) and value not in event.overruled.get(name, ()):
            event.proposals[name] = value
    if not _TELLING & event.proposals.keys():
        event.proposals.pop("title", None)  # other words for the same facts are no news
    place_in_time(event)
    event.confidence = max(mention.confidence for mention in mentions)
    event.importance = _importance(mentions)


def _importance(mentions: Sequence[Mention]) -> float:
    """How many sources tell it; below one, how early and surely: dispatches begin with the news."""
    standing = [m.dispatch for m in mentions if m.dispatch.replaced_by_id is None]
    sources = len({one.reprint_of_id or one.pk for one in standing}) or 1
    return sources + max(m.confidence / (2 + m.trigger_start / LEAD) for m in mentions)


def place_in_time(event: Event) -> None:
    """Set the columns that follow from `edtf`. Raises ValueError if it is no EDTF date."""
    event.start_date, event.end_date = intervals.bounds(event.edtf)
    event.precision = intervals.precision(event.edtf)


def _rank(mention: Mention) -> tuple[int, float, int, int]:
    """The best told first: an exact date, a sure reading, the oldest dispatch, its first words."""
    return (
        _EXACTNESS.index(Precision(mention.precision)),
        -mention.confidence,
        mention.dispatch_id,
        mention.trigger_start,
    )


def _recency(mention: Mention) -> tuple[str, int, int]:
    """The report of the latest dispatch tells how things stand."""
    return mention.dispatch.dct, mention.dispatch_id, mention.trigger_start


def cast_and_locate(drawn: Sequence[Drawn]) -> None:
    """Give events the actors and places of their mentions, where no person did."""
    casts = [
        (event, list(told_by(mentions, "actors")))
        for event, mentions in drawn
        if "actors" not in event.fixed_fields
    ]
    actors = actors_named(actor for _, cast_ in casts for actor in cast_)
    _replace(
        EventActor,
        ("actor_id", "role"),
        {
            event.pk: {(actors[actor_identity(a)], a.named["role"]): None for a in cast_}
            for event, cast_ in casts
        },
    )
    settings_ = [
        (event, list(told_by(mentions, "places")))
        for event, mentions in drawn
        if "places" not in event.fixed_fields
    ]
    places = places_named(place for _, found in settings_ for place in found)
    _replace(
        EventPlace,
        ("place_id",),
        {
            event.pk: {(places[place_identity(p)],): None for p in found}
            for event, found in settings_
        },
    )


def _replace(
    model: type[EventActor | EventPlace],
    columns: tuple[str, ...],
    wanted: Mapping[int, Mapping[tuple[Any, ...], None]],
) -> None:
    """Make the rows of each event those that are wanted, in their order; keep what is there."""
    have: dict[int, dict[tuple[Any, ...], int]] = {pk: {} for pk in wanted}
    rows = model._default_manager.filter(event__in=wanted)
    for pk, event, *values in rows.values_list("pk", "event_id", *columns):
        have[event][tuple(values)] = pk
    gone = [pk for event in wanted for row, pk in have[event].items() if row not in wanted[event]]
    if gone:
        model._default_manager.filter(pk__in=gone).delete()
    new = [
        model(event_id=event, **dict(zip(columns, row, strict=True)))
        for event in wanted
        for row in wanted[event]
        if row not in have[event]
    ]
    model._default_manager.bulk_create(new)  # type: ignore[arg-type]  # all of the one model
