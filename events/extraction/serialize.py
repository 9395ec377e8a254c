"""Extraction to plain data in the shape that the annotated dispatches have, ready for JSON.

Spans are `{"start", "end", "text"}`, half-open offsets in code points of the document's text.
"""

from __future__ import annotations

from typing import Any

from events.extraction.annotations import (
    Actor,
    EventMention,
    Extraction,
    NormalizedTimex,
    Place,
    Reason,
    Span,
)


def as_document(
    extraction: Extraction,
    name: str,
    *,
    published: str | None = None,
    source: str | None = None,
    clusters: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return one document with its events, time expressions and creation time.

    `clusters` gives the cluster of each event by its id ("e1", "e2" … in reading order).
    """
    text = extraction.document.text
    events = []
    for number, mention in enumerate(extraction.mentions, start=1):
        event = _event(mention, f"e{number}", text)
        if clusters is not None:
            event["cluster"] = clusters[event["id"]]
        events.append(event)
    return {
        "id": name,
        "lang": extraction.language.code,
        "published": published,
        "source": source,
        "text": text,
        "dct": {
            "value": extraction.dct.value,
            "basis": extraction.dct.basis,
            "reason": spell(extraction.dct.reason),
        },
        "timexes": [_timex(timex) for timex in extraction.timexes],
        "events": events,
    }


def spell(reason: Reason) -> str:
    """Return a reason as one line: its code, and the words that it fills in."""
    return " ".join([reason.code, *(f"{name}={value}" for name, value in reason.values)])


def _span(span: Span, text: str) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": span.of(text)}


def _timex(timex: NormalizedTimex) -> dict[str, Any]:
    return {
        "start": timex.timex.span.start,
        "end": timex.timex.span.end,
        "text": timex.timex.text,
        "type": timex.timex.type,
        "value": timex.value,
        "edtf": timex.edtf,
        "reason": spell(timex.reason),
    }


def _event(mention: EventMention, name: str, text: str) -> dict[str, Any]:
    when: dict[str, Any] = {
        "value": mention.edtf,
        "precision": mention.precision,
        "basis": mention.basis,
        "reason": spell(mention.reason),
    }
    if mention.evidence is not None:
        when = _span(mention.evidence, text) | when
    attribution = mention.arguments.attribution
    return {
        "id": name,
        "optional": mention.optional,
        "confidence": round(mention.confidence, 3),
        "title": mention.title,
        "trigger": _span(mention.trigger.span, text),
        "core": [_span(core, text) for core in mention.trigger.core],
        "mentions": [],
        "sentence": _span(mention.sentence, text),
        "date": when,
        "status": mention.status,
        "type": mention.type,
        "actors": [_actor(actor, text) for actor in mention.arguments.actors],
        "places": [_place(place, text) for place in mention.arguments.places],
        "attribution": attribution
        and _span(attribution.span, text)
        | {"source": attribution.source, "kind": attribution.kind},
    }


def _actor(actor: Actor, text: str) -> dict[str, Any]:
    said = _span(actor.span, text) | {"name": actor.name, "role": actor.role}
    return said | {"qid": actor.qid} if actor.qid else said


def _place(place: Place, text: str) -> dict[str, Any]:
    known = {
        "country": place.country or None,
        "within": place.within or None,
        "geonames": place.geonames,
        "lat": place.latitude,
        "lon": place.longitude,
    }
    said = _span(place.span, text) | {"name": place.name, "kind": place.kind}
    return said | {name: value for name, value in known.items() if value is not None}
