"""What an extraction found, as rows: mentions, the events that they report, actors and places.

Called inside the transaction that says "done". Ids of events are stable: a mention found again
stays with its event, and what a person decided outlives every run:
- a mention that a person placed (merge, split) stays in its event;
- an event that a person judged or corrected is never deleted, nor are the fields they set changed;
- an event that was rejected takes no reports of other dispatches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.models import Q

from events import intervals, models
from events.extraction import (
    EventCluster,
    EventMention,
    Extraction,
    MergeItem,
    merge,
    merge_item,
)
from events.extraction.annotations import Basis, Document, EventType, Reason, Status
from events.extraction.annotations import Precision as Exactness
from events.extraction.lexicon.names import fold_name
from events.models import (
    Actor,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    ExtractionRun,
    Mention,
    Place,
    Precision,
    ReviewState,
)

NEIGHBORHOOD = timedelta(days=31)  # around the dates of a mention; where merging looks for events
MAX_NEIGHBORS = 3_000  # mentions compared with those of one dispatch, the nearest in time first
TITLE_LENGTH = 300  # of a dispatch
_LOCK = 7_213_046_511  # any number, as long as nothing else locks it
_LEARNT = ("language", "dct", "dct_basis", "dct_reason", "title", "notices", "extracted_by")
_TELLING = {"edtf", "type", "status", "time_of_day"}
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


@dataclass(frozen=True, slots=True)
class _New:
    """A mention of this run, and the row of an earlier one that it repeats."""

    key: str
    found: EventMention
    item: MergeItem
    old: Mention | None


def one_at_a_time() -> None:
    """Hold off other writers until this transaction ends: two that read of one happening at the
    same moment must not both make an event of it. SQLite does so by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def record(dispatch: Dispatch, extraction: Extraction) -> None:
    """Replace what earlier runs found in `dispatch` by what this one did."""
    found = extraction.mentions[: settings.EXTRACT_MAX_EVENTS]
    run = ExtractionRun.objects.create(
        dispatch=dispatch,
        version=extraction.version,
        language=extraction.language.code,
        timings=dict(extraction.timings),
        counts={"timexes": len(extraction.timexes), "mentions": len(found)},
    )
    _describe(dispatch, extraction, len(found))
    old = list(dispatch.mentions.select_related("event", "run"))
    new = _match(dispatch, found, old, extraction.version)
    clusters = merge([*(one.item for one in new), *_neighbors(dispatch, new)])
    homes = _homes(new, clusters)
    affected = {mention.event_id for mention in old}
    repeated = {one.old.pk for one in new if one.old is not None}
    for mention in old:
        if mention.pk not in repeated and not (mention.pinned or mention.event.is_curated):
            mention.delete()
    for one in new:
        event, why = homes[one.key]
        affected.add(event.pk)
        _write(dispatch, run, one, event, why)
    for event in Event.objects.filter(pk__in=affected):
        refresh(event)


def refresh(event: Event) -> None:
    """Draw an event anew from its mentions; what a person set stays, an empty proposal goes.

    The date is that of the mention that says it most exactly, never one made of two.
    """
    mentions = list(event.mentions.select_related("dispatch"))
    if not mentions:
        kept = event.is_curated or event.merged_into_id or event.absorbed.exists()
        if not kept and not event.acts.exists() and not event.story_steps.exists():
            event.delete()
        return
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
    event.proposals = {}
    for name, value in values.items():
        if name not in fixed:
            setattr(event, name, value)
        elif value not in {getattr(event, name), event.overruled.get(name)}:
            event.proposals[name] = value
    if not _TELLING & event.proposals.keys():
        event.proposals.pop("title", None)  # other words for the same facts are no news
    place_in_time(event)
    event.confidence = max(mention.confidence for mention in mentions)
    event.importance = float(len({m.dispatch.reprint_of_id or m.dispatch_id for m in mentions}))
    event.save()
    if "actors" not in fixed:
        _cast(event, chain.from_iterable(mention.actors for mention in mentions))
    if "places" not in fixed:
        _locate(event, chain.from_iterable(mention.places for mention in mentions))


def place_in_time(event: Event) -> None:
    """Set the columns that follow from `edtf`. Raises ValueError if it is no EDTF date."""
    event.start_date, event.end_date = intervals.bounds(event.edtf)
    event.precision = intervals.precision(event.edtf)


def write_by_hand(dispatch: Dispatch, start: int, end: int, event: Event) -> Mention:
    """Write characters `[start, end)` of a dispatch as a report of `event`, placed by a person.

    A run that finds the same words fills the row with what it reads, and leaves it in its event.
    """
    run = dispatch.runs.first() or ExtractionRun.objects.create(
        dispatch=dispatch, version="", language=dispatch.language
    )
    first, last = _sentence_around(dispatch.text, start, end)
    key, number = f"{start}-{end}", 1
    while dispatch.mentions.filter(key=key).exists():
        number += 1
        key = f"{start}-{end}#{number}"
    return Mention.objects.create(
        dispatch=dispatch,
        run=run,
        event=event,
        key=key,
        pinned=True,
        title=event.title,
        trigger_start=start,
        trigger_end=end,
        sentence_start=first,
        sentence_end=last,
        edtf=event.edtf,
        start_date=event.start_date,
        end_date=event.end_date,
        precision=event.precision,
        time_of_day=event.time_of_day,
        basis=models.Basis.PERSON,
        reason={"code": "dated-by-person", "values": {}},
        type=event.type,
        status=event.status,
        compared={
            "actors": [row.actor.folded for row in event.event_actors.select_related("actor")],
            "places": [row.place.folded for row in event.event_places.select_related("place")],
            "countries": [],
            "words": [],
        },
        confidence=1.0,
    )


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The characters from the end of one sentence or line to the end of another."""
    stops = ("\n", ". ", "! ", "? ")
    first = max([0, *(at + len(stop) for stop in stops if (at := text.rfind(stop, 0, start)) >= 0)])
    ends = [at + 1 for stop in (".", "!", "?") if (at := text.find(stop, end)) >= 0]
    line = text.find("\n", end)
    last = min([*ends, line if line >= 0 else len(text), len(text)])
    return first, max(last, end)


def folded(name: str) -> str:
    """The name as rows are found by: without case and accents, never empty."""
    return fold_name(name) or name


def actor_named(name: str, kind: str = "") -> Actor:
    """Return the one actor of this name, whatever its case and accents."""
    name = name[:200]
    known, _ = Actor.objects.select_related("same_as").get_or_create(
        folded=folded(name), defaults={"name": name, "kind": kind}
    )
    return known.same_as or known


def place_named(name: str, **details: Any) -> Place:
    """Return the place of this name in its country; `details` are further columns of a new one."""
    name = name[:200]
    country = details.pop("country", "") or ""
    known, _ = Place.objects.select_related("same_as").get_or_create(
        folded=folded(name), country=country, defaults={"name": name, **details}
    )
    return known.same_as or known


def _describe(dispatch: Dispatch, extraction: Extraction, kept: int) -> None:
    """Keep what the run learnt of the dispatch itself."""
    document, dct = extraction.document, extraction.dct
    if not dispatch.language_stated:
        dispatch.language = extraction.language.code
    dispatch.dct = dct.value or ""
    dispatch.dct_basis = dct.basis
    dispatch.dct_reason = _spell(dct.reason)
    if dispatch.text.lstrip().startswith(dispatch.title):  # nobody gave it a title
        dispatch.title = _opening(document) or dispatch.title
    cut = len(dispatch.text) > settings.EXTRACT_MAX_CHARACTERS
    notices = [{"code": code, "values": {}} for code in extraction.notices]
    if cut:
        limit = str(settings.EXTRACT_MAX_CHARACTERS)
        notices.append({"code": "text-cut", "values": {"characters": limit}})
    if kept < len(extraction.mentions):
        notices.append({"code": "events-cut", "values": {"count": str(kept)}})
    dispatch.notices = [
        *(notice for notice in dispatch.notices if notice.get("stage") != "extraction"),
        *({**notice, "stage": "extraction"} for notice in notices),
    ]
    dispatch.extracted_by = extraction.version
    dispatch.save(update_fields=_LEARNT)


def _opening(document: Document) -> str:
    """The first line of what is told: no dateline, no caption of a photograph."""
    framed = [*document.captions, *([document.dateline.span] if document.dateline else [])]
    start = 0
    for line in document.text.split("\n"):
        end = start + len(line)
        after = max([start, *(span.end for span in framed if start <= span.start < end)])
        if told := document.text[after:end].strip():
            return told[:TITLE_LENGTH]
        start = end + 1
    return ""


def _match(
    dispatch: Dispatch, found: Sequence[EventMention], old: Sequence[Mention], version: str
) -> list[_New]:
    """Key the mentions of this run, and find what each repeats: the text never changes.

    The same trigger, else one that shares characters with it and has the same date, else the same
    sentence and date: a better version may name the event by another word.
    """
    left = {mention.key: mention for mention in old}
    keys: dict[str, EventMention] = {}
    for mention in found:
        key, number = f"{mention.trigger.span.start}-{mention.trigger.span.end}", 1
        while (name := key if number == 1 else f"{key}#{number}") in keys:
            number += 1
        keys[name] = mention
    pairs: dict[str, Mention | None] = {key: left.pop(key, None) for key in keys}
    for alike in (_same_words, _same_sentence):
        for key, mention in keys.items():
            if pairs[key] is None:
                twin = next((m for m in left.values() if alike(m, mention)), None)
                if twin is not None:
                    pairs[key] = left.pop(twin.key)
    return [
        _New(key, mention, _item(dispatch, key, mention, pairs[key], version), pairs[key])
        for key, mention in keys.items()
    ]


def _same_words(old: Mention, new: EventMention) -> bool:
    span = new.trigger.span
    return old.trigger_start < span.end and span.start < old.trigger_end


def _same_sentence(old: Mention, new: EventMention) -> bool:
    return old.sentence_start == new.sentence.start and old.edtf == (new.edtf or "")


def _item(
    dispatch: Dispatch, key: str, mention: EventMention, old: Mention | None, version: str
) -> MergeItem:
    """What merging compares; with its event where that is settled: by a person, or by a run of
    the same version that read the same date (reading twice must change nothing)."""
    item = merge_item(mention, str(dispatch.pk), f"new:{key}")
    if old is None:
        return item
    unchanged = old.run.version == version and old.edtf == (mention.edtf or "")
    if old.pinned or old.event.is_curated or unchanged:
        return replace(item, known=old.event_id)
    return item


def _neighbors(dispatch: Dispatch, new: Sequence[_New]) -> Iterable[MergeItem]:
    """The mentions of other dispatches that lie near in time, each known by its event."""
    windows = {(one.found.start, one.found.end) for one in new if one.found.edtf}
    near = Q(pk__in=[])
    for start, end in windows:
        window = Q()
        if start is not None:
            window &= Q(end_date=None) | Q(end_date__gt=_shifted(start, -NEIGHBORHOOD))
        if end is not None:
            window &= Q(start_date=None) | Q(start_date__lt=_shifted(end, NEIGHBORHOOD))
        if start is None and end is None:
            continue
        near |= window
    rows = (
        Mention.objects.filter(near, event__merged_into=None)
        .exclude(dispatch=dispatch)
        .exclude(edtf="")
        .exclude(event__review_state=ReviewState.REJECTED)
        .order_by("-start_date", "pk")[:MAX_NEIGHBORS]
    )
    return [_stored_item(row) for row in rows]


def _shifted(day: Any, by: timedelta) -> Any:
    try:
        return day + by
    except OverflowError:
        return day


def _stored_item(row: Mention) -> MergeItem:
    compared: Mapping[str, list[str]] = row.compared
    return MergeItem(
        key=f"old:{row.pk}",
        dispatch=str(row.dispatch_id),
        start=row.start_date,
        end=row.end_date,
        edtf=row.edtf or None,
        precision=cast("Exactness", row.precision),
        type=cast("EventType", row.type),
        status=cast("Status", row.status),
        actors=frozenset(compared.get("actors", ())),
        places=frozenset(compared.get("places", ())),
        countries=frozenset(compared.get("countries", ())),
        words=frozenset(compared.get("words", ())),
        known=row.event_id,
        undated_by=cast("Basis", row.basis),
    )


def _homes(
    new: Sequence[_New], clusters: Sequence[EventCluster]
) -> dict[str, tuple[Event, list[dict[str, Any]]]]:
    """Give each mention its event: a known one, the one it had before, or a new one."""
    by_key = {one.item.key: one for one in new}
    homes: dict[str, tuple[Event, list[dict[str, Any]]]] = {}
    taken: set[int] = {cluster.known for cluster in clusters if cluster.known is not None}
    for cluster in clusters:
        members = [by_key[key] for key in cluster.keys if key in by_key]
        if not members:
            continue
        if cluster.known is not None:
            event = Event.objects.get(pk=cluster.known)
        else:
            event = _own(members, taken) or _blank(members[0].found)
            taken.add(event.pk)
        for one in members:
            why = [
                {"with": other, "features": list(features)}
                for first, second, features in cluster.why
                if one.item.key in {first, second}
                for other in {first, second} - {one.item.key}
            ]
            homes[one.key] = (event, why)
    return homes


def _own(members: Sequence[_New], taken: set[int]) -> Event | None:
    """The event that one of these had before, if it holds no reports of other dispatches."""
    for one in members:
        if one.old is None or one.old.event_id in taken:
            continue
        others = Mention.objects.filter(event=one.old.event_id)
        if not others.exclude(dispatch=one.old.dispatch_id).exists():
            return one.old.event
    return None


def _blank(found: EventMention) -> Event:
    """A new event; `refresh` fills it once its mentions are written."""
    return Event.objects.create(
        title=found.title,
        edtf=found.edtf or "",
        start_date=found.start,
        end_date=found.end,
        precision=found.precision,
        type=found.type,
        status=found.status,
    )


def _write(
    dispatch: Dispatch, run: ExtractionRun, one: _New, event: Event, why: list[dict[str, Any]]
) -> None:
    found, item = one.found, one.item
    evidence, date_sentence = found.evidence, found.date_sentence
    attribution = found.arguments.attribution
    row = one.old or Mention(dispatch=dispatch)
    if not row.pinned:
        row.event = event
    row.run = run
    row.key = one.key
    row.title = found.title
    row.trigger_start, row.trigger_end = found.trigger.span
    row.sentence_start, row.sentence_end = found.sentence
    row.core = [list(span) for span in found.trigger.core]
    row.date_start, row.date_end = evidence or (None, None)
    row.date_sentence_start, row.date_sentence_end = date_sentence or (None, None)
    row.timex_value = found.timex.value[:60] if found.timex else ""
    row.rule = found.timex.timex.rule if found.timex else ""
    row.trigger_rule = found.trigger.rule[:80]
    row.edtf = found.edtf or ""
    row.start_date, row.end_date = found.start, found.end
    row.precision = found.precision
    row.time_of_day = found.time_of_day
    row.basis = found.basis
    row.reason = _spell(found.reason)
    row.type, row.status = found.type, found.status
    row.attribution = attribution and asdict(attribution)
    row.actors = [asdict(actor) for actor in found.arguments.actors]
    row.places = [asdict(place) for place in found.arguments.places]
    row.compared = {
        name: sorted(getattr(item, name)) for name in ("actors", "places", "countries", "words")
    }
    row.merge_why = why
    row.confidence = min(1.0, max(0.0, found.confidence))
    row.save()


def _spell(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "values": dict(reason.values)}


def _rank(mention: Mention) -> tuple[int, float, int]:
    """The best told first: an exact date, a sure reading, the oldest row."""
    return _EXACTNESS.index(Precision(mention.precision)), -mention.confidence, mention.pk


def _recency(mention: Mention) -> tuple[str, int]:
    """The report of the latest dispatch tells how things stand."""
    return mention.dispatch.dct, mention.pk


def _cast(event: Event, actors: Iterable[Mapping[str, Any]]) -> None:
    wanted: dict[tuple[int, str], None] = {}
    for found in actors:
        if found["name"].strip():
            wanted[actor_named(found["name"], found.get("kind", "")).pk, found["role"]] = None
    have = {(row.actor_id, row.role): row for row in event.event_actors.all()}
    EventActor.objects.filter(
        pk__in=[row.pk for pair, row in have.items() if pair not in wanted]
    ).delete()
    EventActor.objects.bulk_create(
        EventActor(event=event, actor_id=actor, role=role)
        for actor, role in wanted
        if (actor, role) not in have
    )


def _locate(event: Event, places: Iterable[Mapping[str, Any]]) -> None:
    wanted: dict[int, None] = {}
    for found in places:
        if found["name"].strip():
            details = {
                "kind": found["kind"],
                "country": found.get("country", ""),
                "within": found.get("within", "")[:200],
                "geonames": found.get("geonames"),
                "latitude": found.get("latitude"),
                "longitude": found.get("longitude"),
            }
            wanted[place_named(found["name"], **details).pk] = None
    have = {row.place_id: row for row in event.event_places.all()}
    EventPlace.objects.filter(
        pk__in=[row.pk for place, row in have.items() if place not in wanted]
    ).delete()
    EventPlace.objects.bulk_create(
        EventPlace(event=event, place_id=place) for place in wanted if place not in have
    )
