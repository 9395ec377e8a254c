"""What an extraction found, as rows: mentions, the events that they report, actors and places.

Called inside the transaction that says "done". Ids of events are stable: a mention found again
stays with its event, and what a person decided outlives every run:
- a mention that a person placed (merge, split) stays in its event;
- an event that a person judged or corrected is never deleted, nor are the fields they set changed;
- an event that was rejected takes no reports of other dispatches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
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
from events.extraction.annotations import Basis, Document, Reason, Status
from events.extraction.annotations import EventType as Kind
from events.extraction.annotations import Precision as Exactness
from events.extraction.lexicon.names import fold_name
from events.extraction.merge import RUNNING_TOLL
from events.models import (
    Actor,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    EventType,
    ExtractionRun,
    Mention,
    Place,
    Precision,
    ReviewState,
)
from events.reprints import is_reprint

DAY = timedelta(days=1)
NEAR = timedelta(days=3)  # between two stretches of days that are asked for as one
WIDEST = timedelta(days=366)  # an interval in which merging still looks for nested dates
MAX_NEIGHBORS = 3_000  # mentions compared with those of one dispatch, the latest first
MAX_COMPARED = 50  # dispatches whose text is compared with that of one, the latest first
TITLE_LENGTH = 300  # of a dispatch
_LOCK = 7_213_046_511  # any number, as long as nothing else locks it
_LEARNT = ("language", "dct", "dct_basis", "dct_reason", "title", "notices", "extracted_by")
_TELLING = {"edtf", "type", "status", "time_of_day"}
# What is drawn from the mentions of an event.
_DRAWN = (
    "title", "language", "type", "status", "edtf", "time_of_day", "proposals", "start_date",
    "end_date", "precision", "confidence", "importance",
)  # fmt: skip
# What a run reads of a mention.
_READ = tuple(
    field.name
    for field in Mention._meta.concrete_fields
    if field.name not in {"id", "dispatch", "pinned"}
)
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


Drawn = tuple[Event, list[Mention]]  # an event and all the mentions that it was drawn from


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
    repeated = {one.old.pk for one in new if one.old is not None}
    gone = [
        mention.pk
        for mention in old
        if mention.pk not in repeated and not (mention.pinned or mention.event.is_curated)
    ]
    if gone:
        Mention.objects.filter(pk__in=gone).delete()
    rows = [_row(dispatch, run, one, *homes[one.key]) for one in new]
    fresh = _create_events(rows)
    for row in rows:
        if row.pk is not None:
            row.save(update_fields=_READ)
    Mention.objects.bulk_create([row for row in rows if row.pk is None])
    _note_reprints(dispatch, {row.event_id for row in rows})
    known = {mention.event_id for mention in old} | {row.event_id for row in rows}
    known |= _take_over(dispatch, {row.event_id for row in rows})
    known -= {event.pk for event, _ in fresh}
    _cast_and_locate([*fresh, *_refresh(Event.objects.filter(pk__in=known))])


def _take_over(dispatch: Dispatch, told: Collection[int]) -> set[int]:
    """Drop what the versions before this one reported; return the events that it concerned.

    What a person placed stays, and so does the only evidence of what a person judged.
    """
    earlier = Mention.objects.filter(dispatch__replaced_by=dispatch, pinned=False)
    gone = [
        row
        for row in earlier.select_related("event")
        if row.event_id in told or not row.event.is_curated
    ]
    Mention.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return {row.event_id for row in gone}


def _note_reprints(dispatch: Dispatch, events: Iterable[int]) -> None:
    """Say which dispatches that tell of the same events repeat one text: they are one source."""
    others = (
        Dispatch.objects.filter(mentions__event__in=events, replaced_by=None)
        .exclude(pk=dispatch.pk)
        .only("text", "reprint_of")
        .distinct()
        .order_by("-pk")[:MAX_COMPARED]
    )
    alike = [other for other in others if is_reprint(dispatch.text, other.text)]
    if not alike:
        return
    first = min([dispatch, *alike], key=lambda each: each.pk)
    for each in (dispatch, *alike):
        source = None if each.pk == first.pk else first.pk
        if each.reprint_of_id != source:
            each.reprint_of_id = source
            Dispatch.objects.filter(pk=each.pk).update(reprint_of=source)


def refresh(event: Event) -> None:
    """Draw an event anew from its mentions; what a person set stays, an empty proposal goes.

    The date is that of the mention that says it most exactly, never one made of two.
    """
    _cast_and_locate(_refresh([event]))


def _refresh(events: Iterable[Event]) -> list[Drawn]:
    """Draw known events anew; return those that have mentions, with them."""
    by_pk = {event.pk: event for event in events}
    if not by_pk:
        return []
    mentions: dict[int, list[Mention]] = {pk: [] for pk in by_pk}
    rows = Mention.objects.filter(event__in=by_pk).select_related("dispatch")
    for row in rows.defer("dispatch__text", "dispatch__notices", "dispatch__dct_reason"):
        mentions[row.event_id].append(row)
    for pk, event in by_pk.items():
        if mentions[pk]:
            before = _drawn_state(event)
            _draw(event, mentions[pk])
            if before != _drawn_state(event):
                event.save(update_fields=[*_DRAWN, "updated_at"])
        elif _is_forgettable(event):
            event.delete()
    return [(by_pk[pk], rows) for pk, rows in mentions.items() if rows]


def _is_forgettable(event: Event) -> bool:
    """Nothing reports it any more, and no person ever touched it."""
    kept = event.is_curated or event.merged_into_id or event.absorbed.exists()
    return not kept and not event.acts.exists() and not event.story_steps.exists()


def _create_events(rows: Sequence[Mention]) -> list[Drawn]:
    """Write the new events of these mentions, already drawn, and tell the mentions their ids."""
    fresh: dict[int, Drawn] = {}
    for row in rows:
        if row.event.pk is None:
            fresh.setdefault(id(row.event), (row.event, []))[1].append(row)
    for event, mentions in fresh.values():
        _draw(event, mentions)
    Event.objects.bulk_create([event for event, _ in fresh.values()])
    for event, mentions in fresh.values():
        for row in mentions:
            row.event = event
    return list(fresh.values())


def _drawn_state(event: Event) -> tuple[Any, ...]:
    return tuple(str(getattr(event, name)) for name in _DRAWN)


def _draw(event: Event, mentions: Sequence[Mention]) -> None:
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
    near = Q()
    for start, end in _stretches(one.found for one in new):
        near |= _dates_that_may_agree(start, end)
    for one in new:
        if one.found.type == "toll" and one.found.start:
            near |= Q(type=EventType.TOLL) & _around(one.found.start, RUNNING_TOLL)
    if not near:
        return []
    rows = (
        Mention.objects.filter(near, event__merged_into=None)
        .exclude(dispatch=dispatch)
        .exclude(edtf="")
        .exclude(event__review_state=ReviewState.REJECTED)
        .order_by("-start_date", "pk")
        .values_list(
            "pk", "dispatch_id", "start_date", "end_date", "edtf", "precision", "type", "status",
            "compared", "event_id", "basis",
        )[:MAX_NEIGHBORS]
    )  # fmt: skip
    return [_stored_item(*row) for row in rows]


def _stretches(found: Iterable[EventMention]) -> list[tuple[date, date]]:
    """The half-open days that mentions begin or lie in; near ones as one, to ask once."""
    days = sorted({(one.start, one.end or _shifted(one.start, DAY)) for one in found if one.start})
    joined: list[tuple[date, date]] = []
    for start, end in days:
        if joined and start <= _shifted(joined[-1][1], NEAR):
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _dates_that_may_agree(start: date, end: date) -> Q:
    """Dates that begin in a stretch of days, or began before it and reach into it."""
    inside = Q(start_date__gte=start, start_date__lt=end)
    around = Q(start_date__lt=start, start_date__gte=_shifted(start, -WIDEST))
    return inside | (around & (Q(end_date=None) | Q(end_date__gt=start)))


def _around(day: date, margin: timedelta) -> Q:
    return Q(start_date__gte=_shifted(day, -margin), start_date__lte=_shifted(day, margin))


def _shifted(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def _stored_item(
    pk: int,
    dispatch: int,
    start: date | None,
    end: date | None,
    edtf: str,
    precision: str,
    kind: str,
    status: str,
    compared: Mapping[str, list[str]],
    event: int,
    basis: str,
) -> MergeItem:
    return MergeItem(
        key=f"old:{pk}",
        dispatch=str(dispatch),
        start=start,
        end=end,
        edtf=edtf,
        precision=cast("Exactness", precision),
        type=cast("Kind", kind),
        status=cast("Status", status),
        actors=frozenset(compared.get("actors", ())),
        places=frozenset(compared.get("places", ())),
        countries=frozenset(compared.get("countries", ())),
        words=frozenset(compared.get("words", ())),
        known=event,
        undated_by=cast("Basis", basis),
    )


def _homes(
    new: Sequence[_New], clusters: Sequence[EventCluster]
) -> dict[str, tuple[Event, list[dict[str, Any]]]]:
    """Give each mention its event: a known one, the one it had before, or a new one."""
    by_key = {one.item.key: one for one in new}
    homes: dict[str, tuple[Event, list[dict[str, Any]]]] = {}
    taken = {cluster.known for cluster in clusters if cluster.known is not None}
    joined = {
        cluster.known for cluster in clusters if not by_key.keys().isdisjoint(cluster.keys)
    } - {None}
    known = Event.objects.in_bulk(joined) if joined else {}
    for cluster in clusters:
        members = [by_key[key] for key in cluster.keys if key in by_key]
        if not members:
            continue
        if cluster.known is not None:
            event = known[cluster.known]
        else:
            event = _own(members, taken) or Event()  # `_create_events` fills and writes it
            if event.pk is not None:
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


def _row(
    dispatch: Dispatch, run: ExtractionRun, one: _New, event: Event, why: list[dict[str, Any]]
) -> Mention:
    """The mention as a row, not yet written: the one that it repeats, or a new one."""
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
    return row


def _spell(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "values": dict(reason.values)}


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


def _cast_and_locate(drawn: Sequence[Drawn]) -> None:
    """Give events the actors and places of their mentions, where no person did."""
    casts = [
        (event, [a for m in mentions for a in m.actors if a["name"].strip()])
        for event, mentions in drawn
        if "actors" not in event.fixed_fields
    ]
    actors = _actors_named(actor for _, cast_ in casts for actor in cast_)
    _replace(
        EventActor,
        ("actor_id", "role"),
        {
            event.pk: {(actors[folded(a["name"][:200])], a["role"]): None for a in cast_}
            for event, cast_ in casts
        },
    )
    settings_ = [
        (event, [p for m in mentions for p in m.places if p["name"].strip()])
        for event, mentions in drawn
        if "places" not in event.fixed_fields
    ]
    places = _places_named(place for _, found in settings_ for place in found)
    _replace(
        EventPlace,
        ("place_id",),
        {
            event.pk: {(places[_place_identity(p)],): None for p in found}
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


def _actors_named(found: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The id of the one actor of each folded name; those that are new are written."""
    named = {folded(actor["name"][:200]): actor for actor in found}
    known = _meant(Actor, named)
    missing = [
        Actor(folded=name, name=named[name]["name"][:200], kind=named[name].get("kind", ""))
        for name in named
        if name not in known
    ]
    if missing:
        Actor.objects.bulk_create(missing, ignore_conflicts=True)
        known = _meant(Actor, named)
    return known


def _meant(model: type[Actor], names: Iterable[str]) -> dict[str, int]:
    rows = model.objects.filter(folded__in=list(names)).values_list("folded", "pk", "same_as_id")
    return {name: same_as or pk for name, pk, same_as in rows}


def _place_identity(found: Mapping[str, Any]) -> tuple[str, str]:
    return folded(found["name"][:200]), found.get("country") or ""


def _places_named(found: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """The id of the one place of each folded name and country; those that are new are written."""
    named = {_place_identity(place): place for place in found}
    known = _meant_places(named)
    missing = [
        Place(
            folded=name,
            country=country,
            name=place["name"][:200],
            kind=place["kind"],
            within=(place.get("within") or "")[:200],
            geonames=place.get("geonames"),
            latitude=place.get("latitude"),
            longitude=place.get("longitude"),
        )
        for (name, country), place in named.items()
        if (name, country) not in known
    ]
    if missing:
        Place.objects.bulk_create(missing, ignore_conflicts=True)
        known = _meant_places(named)
    return known


def _meant_places(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = Place.objects.filter(folded__in=[name for name, _ in names]).values_list(
        "folded", "country", "pk", "same_as_id"
    )
    return {(name, country): same_as or pk for name, country, pk, same_as in rows}
