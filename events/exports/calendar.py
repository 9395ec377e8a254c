"""As a calendar (RFC 5545): whole days, as wide as the date is vague; the undated as notes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from urllib.parse import urlsplit

import icalendar
from django.utils.translation import gettext as _

from events.exports.view import View, headline, last_day, located, quote_with_source
from events.models import Status
from events.timeline import TimelineItem
from events.wording import word_edtf, word_time

_TENTATIVE = {Status.PLANNED, Status.CALLED_FOR, Status.HYPOTHETICAL}


def calendar(view: View) -> Iterator[bytes]:
    frame = icalendar.Calendar()
    frame.add("prodid", "-//Frise//EN")
    frame.add("version", "2.0")
    frame.add("x-wr-calname", _("Timeline"))
    opened, closed = frame.to_ical().split(b"END:VCALENDAR")
    yield opened
    for item in view.events:
        yield _entry(view, item).to_ical()
    yield b"END:VCALENDAR" + closed


def _entry(view: View, item: TimelineItem) -> icalendar.Component:
    first = item.start or last_day(item)
    entry: icalendar.Component = icalendar.Event() if first else icalendar.Journal()
    entry.add("uid", f"event-{item.id}@{urlsplit(view.site).hostname or 'frise'}")
    entry.add("dtstamp", item.updated_at.astimezone(UTC))
    if first:
        entry.add("dtstart", first)
        if item.start and item.end:
            entry.add("dtend", item.end)  # the day after the last, here too
        entry.add("transp", "TRANSPARENT")
        if item.status in _TENTATIVE:
            entry.add("status", "TENTATIVE")
    entry.add("summary", headline(item))
    hour = word_time(item.time_of_day)
    when = f"{word_edtf(item.edtf)}, {hour}" if hour else word_edtf(item.edtf)
    entry.add("description", f"{when}\n{quote_with_source(item)}".strip())
    entry.add("url", view.link(item))
    entry.add("categories", [item.type_label])
    if item.edtf:
        entry.add("x-edtf", item.edtf)
    if item.places and first:
        entry.add("location", ", ".join(place.name for place in item.places))
    spot = located(item)
    if spot and spot.latitude is not None and spot.longitude is not None and first:
        entry.add("geo", (spot.latitude, spot.longitude))
    return entry
