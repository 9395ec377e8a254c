"""What every format is given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from events.models import Status
from events.timeline import DAY, Spot, TimelineItem, Whole

FACTS = {Status.HAPPENED, Status.ONGOING}


@dataclass(frozen=True, slots=True)
class View:
    """The events, and where they come from: the site without its last slash, the view's address."""

    events: Whole
    site: str
    address: str

    def link(self, item: TimelineItem) -> str:
        return f"{self.site}{reverse('event', args=[item.id])}"

    def newest(self, most: int) -> View:
        return replace(self, events=self.events.newest(most))


def last_day(item: TimelineItem) -> date | None:
    """The last day of an event; None where it is open or unknown."""
    return item.end - DAY if item.end else None


def located(item: TimelineItem) -> Spot | None:
    """The first place of an event that the map knows."""
    return next((place for place in item.places if place.is_located), None)


def headline(item: TimelineItem) -> str:
    """A title that is not taken for a fact where it tells none."""
    if item.status in FACTS:
        return item.title
    return _("[%(status)s] %(title)s") % {"status": item.status_label, "title": item.title}


def quote(item: TimelineItem) -> str:
    """The sentence that tells the event."""
    return "".join(piece.text for piece in item.evidence.sentence) if item.evidence else ""


def quote_with_source(item: TimelineItem) -> str:
    told = quote(item)
    source = item.evidence.source if item.evidence else ""
    return f"{told} ({source})" if told and source else told
