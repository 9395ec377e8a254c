"""What the curators' pages say of fields and acts."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext, gettext_noop

from events import wording
from events.models import EventType, ReviewState, Status

register = template.Library()

# What acts and forms call things, in words.
_FIELDS = {
    "title": gettext_noop("title"),
    "edtf": gettext_noop("date"),
    "time_of_day": gettext_noop("time of day"),
    "type": gettext_noop("type"),
    "status": gettext_noop("status"),
    "actors": gettext_noop("actors"),
    "places": gettext_noop("places"),
    "review_state": gettext_noop("review state"),
    "published": gettext_noop("published"),
    "name": gettext_noop("name"),
    "aliases": gettext_noop("aliases"),
    "intro": gettext_noop("introduction"),
    "steps": gettext_noop("steps"),
    "slug": gettext_noop("address"),
    "language": gettext_noop("language"),
    "names": gettext_noop("names"),
    "instead": gettext_noop("what stands instead"),
    "reason": gettext_noop("reason"),
}


@register.filter
def field_name(name: str) -> str:
    return gettext(_FIELDS[name]) if name in _FIELDS else name


@register.filter
def field_value(value: str, field: str) -> str:
    """A value of a field in words: "2016-12" of `edtf` is "décembre 2016"."""
    if field == "edtf":
        return wording.word_edtf(value) if value else gettext("no date")
    if field == "time_of_day":
        return wording.word_time(value)
    labels = {"type": EventType, "status": Status, "review_state": ReviewState}.get(field)
    return str(dict(labels.choices).get(value, value)) if labels else value


@register.filter
def undo_ids(tags: str | None) -> list[str]:
    """The acts that a message names by its tags "undo-12 undo-13"."""
    names = (tags or "").split()
    return [name.removeprefix("undo-") for name in names if name.startswith("undo-")]
