"""What curators approved and corrected, in the shape of the annotated dispatches.

Quality is then measured on the newsroom's own texts: `manage.py evaluate` reads it. An event that
nobody has judged yet is optional, so that it costs nothing; one that was rejected is left out, so
that finding it is wrong. Texts are those that readers see: names that are withheld are not in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q

from events import intervals
from events.models import (
    Actor,
    Basis,
    Dispatch,
    EventActor,
    EventPlace,
    Mention,
    Place,
    ReviewState,
)
from events.recording import folded

Json = dict[str, Any]
CHUNK = 100  # dispatches looked at a time
JUDGED = Q(event__review_state__in=[ReviewState.APPROVED, ReviewState.REJECTED]) | ~Q(
    event__curated_fields=[]
)


def documents() -> Iterator[Json]:
    """Yield each dispatch of which an event was judged, in the order of their ids."""
    judged = Mention.objects.filter(JUDGED).values("dispatch")
    dispatches = Dispatch.objects.in_force().filter(pk__in=judged, language__regex="^[a-z]{2}$")
    mentions = (
        Mention.objects.exclude(event__review_state=ReviewState.REJECTED)
        .select_related("event")
        .defer("compared", "merge_why", "reason", "event__proposals", "event__overruled")
        .prefetch_related(
            Prefetch("event__event_actors", EventActor.objects.select_related("actor")),
            Prefetch("event__event_places", EventPlace.objects.select_related("place")),
        )
        .order_by("event_id", "-confidence", "trigger_start")
    )
    told = dispatches.defer("private_text", "notices", "dct_reason", "dct_candidates")
    found = told.select_related("source").order_by("pk")
    for dispatch in found.prefetch_related(Prefetch("mentions", mentions)).iterator(CHUNK):
        yield _document(dispatch)


def as_json() -> Iterator[str]:
    """Yield them all as one JSON document, one at a time."""
    yield '{"docs": ['
    for number, document in enumerate(documents()):
        yield (",\n" if number else "\n") + json.dumps(document, ensure_ascii=False)
    yield "\n]}\n"


def _document(dispatch: Dispatch) -> Json:
    grouped = groupby(dispatch.mentions.all(), key=lambda mention: mention.event_id)
    events = [_event(dispatch, list(reports)) for _event_id, reports in grouped]
    events.sort(key=lambda event: (event["trigger"]["start"], event["id"]))
    return {
        "id": f"dispatch-{dispatch.pk}",
        "lang": dispatch.language,
        "published": dispatch.published and dispatch.published.isoformat(),
        "source": dispatch.source.name if dispatch.source else None,
        "text": dispatch.text,
        "events": events,
    }


def _event(dispatch: Dispatch, reports: Sequence[Mention]) -> Json:
    """One event of a dispatch: its surest report, the others as further mentions of it."""
    first, *others = reports
    event, text = first.event, dispatch.text
    corrected = event.curated_fields

    def told(name: str) -> Any:
        return getattr(event if name in corrected else first, name)

    return {
        "id": f"event-{event.pk}",
        "cluster": f"event-{event.pk}",
        "optional": event.review_state != ReviewState.APPROVED and not corrected,
        "title": event.title,
        "trigger": _span(text, first.trigger_start, first.trigger_end),
        "core": [_span(text, start, end) for start, end in first.core],
        "mentions": [_span(text, one.trigger_start, one.trigger_end) for one in others],
        "sentence": _span(text, first.sentence_start, first.sentence_end),
        "date": _date(text, first, told("edtf")),
        "status": told("status"),
        "type": told("type"),
        "actors": list(_actors(text, first)),
        "places": list(_places(text, first)),
        "attribution": _attribution(text, first),
    }


def _span(text: str, start: int, end: int) -> Json:
    return {"start": start, "end": end, "text": text[start:end]}


def _date(text: str, mention: Mention, edtf: str) -> Json:
    """The date that this dispatch gives, or the one that a person set instead."""
    when: Json = {
        "value": edtf or None,
        "precision": intervals.precision(edtf),
        "basis": mention.basis if mention.basis != Basis.PERSON else _basis(edtf, mention.dispatch),
    }
    if mention.date_start is None or mention.date_end is None or edtf != mention.edtf:
        return when
    return _span(text, mention.date_start, mention.date_end) | when


def _basis(edtf: str, dispatch: Dispatch) -> str:
    """Where a date that a person gave to words of their own most likely comes from."""
    if not edtf:
        return Basis.NONE.value
    return Basis.DCT.value if edtf == dispatch.dct else Basis.INHERITED.value


def _actors(text: str, mention: Mention) -> Iterator[Json]:
    """Who the report names; where a person set the cast, those of it that the text names."""
    read = {folded(actor["name"]): actor for actor in mention.actors}
    if "actors" not in mention.event.curated_fields:
        for actor in mention.actors:
            yield _named(text, actor, actor["role"]) | _known(actor, "qid")
        return
    for row in mention.event.event_actors.all():
        found = _found(text, mention, row.actor, read)
        if found:
            yield _named(text, found, row.role)


def _places(text: str, mention: Mention) -> Iterator[Json]:
    if "places" not in mention.event.curated_fields:
        for place in mention.places:
            names = {"latitude": "lat", "longitude": "lon"}
            known = {names.get(key, key): value for key, value in place.items()}
            more = _known(known, "country", "within", "geonames", "lat", "lon")
            yield _spot(text, place, place["kind"]) | more
        return
    read = {folded(place["name"]): place for place in mention.places}
    for row in mention.event.event_places.all():
        found = _found(text, mention, row.place, read)
        if found:
            more = _known({"country": row.place.country}, "country")
            yield _spot(text, found, row.place.kind) | more


def _found(
    text: str, mention: Mention, subject: Actor | Place, read: Mapping[str, Any]
) -> Json | None:
    """Where the text names, in whatever way, whom a person set; called as its language does."""
    called = subject.name_in(mention.dispatch.language)
    for name in dict.fromkeys([called, subject.name, *subject.aliases]):
        if where := read.get(folded(name)) or _sought(text, mention, name):
            return {**where, "name": called}
    return None


def _named(text: str, given: Mapping[str, Any], role: str) -> Json:
    return _span(text, *given["span"]) | {"name": given["name"], "role": role}


def _spot(text: str, given: Mapping[str, Any], kind: str) -> Json:
    return _span(text, *given["span"]) | {"name": given["name"], "kind": kind}


def _known(given: Mapping[str, Any], *names: str) -> Json:
    return {name: given[name] for name in names if given.get(name) not in {None, ""}}


def _sought(text: str, mention: Mention, name: str) -> Json | None:
    """Where the text names whom a person named: in the sentence, else anywhere; or nowhere."""
    written = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    inside = written.search(text, mention.sentence_start, mention.sentence_end)
    match = inside or written.search(text)
    return {"span": match.span()} if match else None


def _attribution(text: str, mention: Mention) -> Json | None:
    said = mention.attribution
    return said and _span(text, *said["span"]) | {"source": said["source"], "kind": said["kind"]}


def count(given: Iterable[Json]) -> tuple[int, int]:
    """How many documents, and how many of their events are not optional."""
    numbers = [sum(not event["optional"] for event in document["events"]) for document in given]
    return len(numbers), sum(numbers)
