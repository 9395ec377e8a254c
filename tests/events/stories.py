"""Rows for the tests of pages: an event with its dispatch, its evidence and its cast."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from events import intervals
from events.models import (
    Actor,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    ExtractionRun,
    Mention,
    Place,
    Source,
)
from events.search import folded

_numbers = itertools.count(1)


def number_from_one() -> None:
    """Let the first row of each of our tables be number 1; PostgreSQL counts on over tests."""
    tables = [
        {"table": model._meta.db_table, "column": "id"}
        for model in apps.get_app_config("events").get_models()
        if isinstance(model._meta.pk, models.AutoField)
    ]
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_by_name_sql(no_style(), tables):
            cursor.execute(sql)


def make_dispatch(
    text: str = "", *, source: str = "AFP", dct: str = "2016-12-08", state: str = "done", **fields
) -> Dispatch:
    """A dispatch that was read, unless `state` says otherwise."""
    number = next(_numbers)
    return Dispatch.objects.create(
        text=text or f"Dépêche numéro {number}. Les combats ont repris lundi.",
        source=Source.objects.get_or_create(name=source)[0] if source else None,
        dct=dct,
        dct_basis="declared" if dct else "none",
        dct_reason={"code": "dct-declared", "values": {"date": dct}} if dct else {},
        content_hash=f"hash-{number}",
        state=state,
        language=fields.pop("language", "fr"),
        **fields,
    )


def make_event(
    title: str = "Combats à Alep",
    edtf: str = "2016-12-05",
    *,
    type: str = "attack",  # noqa: A002 - the name of the column
    status: str = "happened",
    actors: Sequence[str] = (),
    places: Sequence[str] = (),
    dispatch: Dispatch | None = None,
    review_state: str = "proposed",
    reported: bool = True,
    **fields,
) -> Event:
    """An event told by one sentence of one dispatch; `reported=False` leaves the sentence out."""
    start, end = intervals.bounds(edtf)
    event = Event.objects.create(
        title=title,
        edtf=edtf,
        start_date=start,
        end_date=end,
        precision=intervals.precision(edtf),
        type=type,
        status=status,
        review_state=review_state,
        language=fields.pop("language", "fr"),
        **fields,
    )
    for name in actors:
        actor = Actor.objects.get_or_create(folded=folded(name), defaults={"name": name})[0]
        EventActor.objects.create(event=event, actor=actor, role="agent")
    for name in places:
        place = Place.objects.get_or_create(
            folded=folded(name), country="", defaults={"name": name, "kind": "city"}
        )[0]
        EventPlace.objects.create(event=event, place=place)
    if reported:
        make_mention(event, dispatch or make_dispatch())
    return event


def make_mention(
    event: Event, dispatch: Dispatch, *, trigger: str = "repris", date: str = "lundi", **fields
) -> Mention:
    """The report of `event` by the sentence of `dispatch` that holds the words `trigger`."""
    text = dispatch.text
    at = max(text.find(trigger), 0)
    when = text.find(date)
    sentence_start = text.rfind(".", 0, at) + 2 if "." in text[:at] else 0
    sentence_end = text.find(".", at) + 1 or len(text)
    run = ExtractionRun.objects.create(dispatch=dispatch, version="test", language="fr")
    values = {
        "title": event.title,
        "trigger_start": at,
        "trigger_end": at + len(trigger),
        "sentence_start": sentence_start,
        "sentence_end": sentence_end,
        "date_start": when if when >= 0 else None,
        "date_end": when + len(date) if when >= 0 else None,
        "edtf": event.edtf,
        "precision": event.precision,
        "basis": "relative",
        "reason": {"code": "dct-declared", "values": {"date": "2016-12-08"}},
        "type": event.type,
        "status": event.status,
        "confidence": 0.8,
    }
    mention = Mention(
        dispatch=dispatch, run=run, event=event, key=f"{at}-{event.pk}", **(values | fields)
    )
    mention.quote(text)
    mention.save()
    return mention
