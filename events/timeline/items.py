"""Events as cards show them: plain, frozen, with the sentence that dates them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Prefetch, QuerySet, TextChoices, Value, When
from django.db.models.functions import Substr

from events import reasons
from events.models import (
    Basis,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    EventType,
    Mention,
    Place,
    Role,
    Status,
)
from events.timeline.pieces import Piece, marked, spans_of

PAGE_SIZE = 30  # cards a page
OPENING = 60  # characters of a dispatch that stand for its title
AROUND = 10_000  # characters before and after the evidence that a curator sees of a long text
# What pages read of a report and of its dispatch. What else there is, texts and JSON above all,
# would be most of what an export costs.
_READ = (
    "event", "trigger_start", "trigger_end", "sentence_start", "sentence", "core", "date_start",
    "date_end", "date_sentence_start", "date_sentence", "edtf", "start_date", "end_date",
    "precision", "time_of_day", "basis", "reason", "status", "attribution", "confidence",
    "dispatch__title", "dispatch__dct", "dispatch__received_at", "dispatch__reprint_of",
    "dispatch__source__name",
)  # fmt: skip
_NOT_READ = ("curated_fields", "proposals", "overruled")  # of an event, likewise


@dataclass(frozen=True, slots=True)
class Named:
    """A person, body or place, with what a link to its events needs."""

    id: int
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spot(Named):
    """A place with where it lies, in degrees; None where the map does not know it."""

    kind: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_located(self) -> bool:
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One report of an event: the sentence, its exact words marked, and where it stands."""

    sentence: tuple[Piece, ...]
    date_sentence: tuple[Piece, ...]  # () unless the date stands in another sentence
    dispatch: int
    dispatch_title: str
    dispatch_dct: str
    source: str
    edtf: str
    basis: str
    basis_label: str
    reason: str
    status: str
    status_label: str
    attribution: str
    confidence: float
    mention: int
    reprint: bool
    differs: bool  # this report gives another date than the event has


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """An event as a card shows it."""

    id: int
    title: str
    language: str
    edtf: str
    start: date | None
    end: date | None
    precision: str
    time_of_day: str
    type: str
    type_label: str
    status: str
    status_label: str
    review_state: str
    confidence: float
    actors: tuple[Named, ...]
    places: tuple[Spot, ...]
    sources: tuple[str, ...]
    reports: int  # dispatches that tell it, reprints counted once
    evidence: Evidence | None
    updated_at: datetime
    became: str = ""  # as known on an earlier day: what its status is now, in words
    moved: str = ""  # likewise: the date (EDTF) that is given to it now

    @property
    def is_open(self) -> bool:
        return self.precision == "open"

    @property
    def is_vague(self) -> bool:
        return self.edtf[-1:] in {"~", "?", "%"}


def cards(events: QuerySet[Event]) -> list[TimelineItem]:
    """Cards of `events` in their order; five queries however many there are."""
    return [card(event) for event in with_reports(events)]


def with_reports(events: QuerySet[Event]) -> QuerySet[Any]:
    """Events with what cards and pages tell of them: `cast`, `scenes`, and `reports`, surest first.

    As lists: managers would cost an export a sixth of its time.
    """
    mentions = readable(Mention.objects.all()).order_by("-confidence", "pk")
    cast = EventActor.objects.select_related("actor")
    scenes = EventPlace.objects.select_related("place")
    return events.defer(*_NOT_READ).prefetch_related(
        Prefetch("event_actors", cast, to_attr="cast"),
        Prefetch("event_places", scenes, to_attr="scenes"),
        Prefetch("mentions", mentions, to_attr="reports"),
    )


def texts_of(event: Event, most: int) -> Iterator[tuple[Dispatch, tuple[Piece, ...]]]:
    """Yield the first dispatches that tell an event, and their texts with its evidence marked.

    Of a long text, what stands around the first of it.
    """
    own = Mention.objects.filter(event=event).order_by("trigger_start")
    told = Dispatch.objects.filter(withdrawn_at=None, pk__in=own.order_by().values("dispatch"))
    ready = told.select_related("source").prefetch_related(Prefetch("mentions", own))
    for dispatch in ready.order_by(F("reprint_of").asc(nulls_first=True), "pk")[:most]:
        mentions = list(dispatch.mentions.all())
        spans = itertools.chain.from_iterable(map(spans_of, mentions))
        at, size = mentions[0].trigger_start, len(dispatch.text)
        start, end = (0, size) if size <= 2 * AROUND else (max(at - AROUND, 0), at + AROUND)
        before, after = [Piece("… ")] if start else [], [Piece(" …")] if end < size else []
        yield dispatch, (*before, *marked(dispatch.text[start:end], spans, start), *after)


def card(event: Any) -> TimelineItem:
    """The card of one of `with_reports`."""
    mentions = event.reports
    sources = {m.dispatch.source.name for m in mentions if m.dispatch.source}
    return TimelineItem(
        id=event.pk,
        title=event.title,
        language=event.language,
        edtf=event.edtf,
        start=event.start_date,
        end=event.end_date,
        precision=event.precision,
        time_of_day=event.time_of_day,
        type=event.type,
        type_label=_word(EventType, event.type),
        status=event.status,
        status_label=_word(Status, event.status),
        review_state=event.review_state,
        confidence=event.confidence,
        actors=_actors(event),
        places=tuple(_spot(one.place) for one in event.scenes),
        sources=tuple(sorted(sources)),
        reports=len({m.dispatch.reprint_of_id or m.dispatch_id for m in mentions}),
        evidence=evidence_of(mentions[0], event) if mentions else None,
        updated_at=event.updated_at,
    )


def _word(choices: type[TextChoices], value: str) -> str:
    """The word of a value, without the whole list being translated, as `get_…_display` does."""
    return str(choices(value).label)


def _spot(place: Place) -> Spot:
    return Spot(
        place.pk, place.shown, place.within or place.country,
        place.kind, place.latitude, place.longitude,
    )  # fmt: skip


def _actors(event: Any) -> tuple[Named, ...]:
    roles: dict[int, list[str]] = defaultdict(list)
    names: dict[int, str] = {}
    for one in event.cast:
        names[one.actor_id] = one.actor.shown
        roles[one.actor_id].append(_word(Role, one.role))
    return tuple(Named(pk, name, ", ".join(roles[pk])) for pk, name in names.items())


def readable(mentions: QuerySet[Mention]) -> QuerySet[Mention]:
    """Those that may be read, with what cards tell of their dispatches, but no whole text."""
    untitled = When(dispatch__title="", then=Substr("dispatch__text", 1, OPENING))
    return (
        mentions.filter(dispatch__withdrawn_at=None)  # nobody reads what was taken back
        .select_related("dispatch__source")
        .only(*_READ)
        .annotate(dispatch_opening=Case(untitled, default=Value("")))
    )


def evidence_of(mention: Any, event: Event) -> Evidence:
    """The report as cards show it; `mention` is one of `readable`."""
    spans = list(spans_of(mention))
    attribution = mention.attribution or {}
    return Evidence(
        sentence=marked(mention.sentence, spans, mention.sentence_start),
        date_sentence=marked(
            mention.date_sentence,
            [span for span in spans if span[2] == "date"],
            mention.date_sentence_start,
        )
        if mention.date_sentence
        else (),
        dispatch=mention.dispatch_id,
        dispatch_title=mention.dispatch.title or mention.dispatch_opening,
        dispatch_dct=mention.dispatch.dct,
        source=mention.dispatch.source.name if mention.dispatch.source else "",
        edtf=mention.edtf,
        basis=mention.basis,
        basis_label=_word(Basis, mention.basis),
        reason=reasons.word(mention.reason),
        status=mention.status,
        status_label=_word(Status, mention.status),
        attribution=str(attribution.get("source", "")),
        confidence=mention.confidence,
        mention=mention.pk,
        reprint=mention.dispatch.reprint_of_id is not None,
        differs=bool(mention.edtf) and mention.edtf != event.edtf,
    )
