"""As GeoJSON (RFC 7946): the events without a place are in it too, with no geometry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from events.exports.view import View, last_day, quote
from events.timeline import TimelineItem
from events.wording import word_edtf


def geojson(view: View) -> Iterator[str]:
    yield '{"type": "FeatureCollection", "features": ['
    for number, item in enumerate(view.events):
        yield (",\n" if number else "\n") + json.dumps(_feature(view, item), ensure_ascii=False)
    yield "\n]}\n"


def _feature(view: View, item: TimelineItem) -> dict[str, Any]:
    last = last_day(item)
    return {
        "type": "Feature",
        "id": item.id,
        "geometry": _geometry(item),
        "properties": {
            "title": item.title,
            "date": item.edtf,
            "date_in_words": word_edtf(item.edtf),
            "first_day": item.start and item.start.isoformat(),
            "last_day": last and last.isoformat(),
            "type": item.type,
            "status": item.status,
            "review": item.review_state,
            "confidence": round(item.confidence, 3),
            "actors": [actor.name for actor in item.actors],
            "places": [place.name for place in item.places],
            "sources": list(item.sources),
            "sentence": quote(item),
            "address": view.link(item),
        },
    }


def _geometry(item: TimelineItem) -> dict[str, Any] | None:
    points = [[place.longitude, place.latitude] for place in item.places if place.is_located]
    if len(points) > 1:
        return {"type": "MultiPoint", "coordinates": points}
    return {"type": "Point", "coordinates": points[0]} if points else None
