"""One run over one dispatch, written: its mentions, the events that they report, what it learnt."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import connection

from events import withheld
from events.extraction import EventMention, Extraction, merge, signed_by
from events.extraction.annotations import Document
from events.models import Dispatch, Event, ExtractionRun, Mention, Source
from events.readers import as_title, is_opening
from events.recording.drawing import Drawn, cast_and_locate, create_events, draw_anew
from events.recording.heritage import bring_back, hand_on, inherit, of_earlier_versions, succeed
from events.recording.homes import homes_of
from events.recording.matching import match
from events.recording.neighborhood import Neighborhood
from events.recording.repeats import Repeats
from events.recording.rows import quote_anew, row_of, spell
from events.withheld import Withheld

OPENING = 600  # characters of a text that its title may be made of
_LOCK = 7_213_046_511  # any number, as long as nothing else locks it
_LEARNT = (
    "language", "dct", "dct_basis", "dct_reason", "dct_probability", "dct_candidates", "is_dated",
    "title", "source", "notices", "extracted_by", "reprint_of",
)  # fmt: skip
_LEARNT_AND_COVERED = {*_LEARNT, "text", "private_text", *withheld.DISPATCH_FIELDS}
# What a run reads of a mention.
_READ = tuple(
    field.name
    for field in Mention._meta.concrete_fields
    if field.name not in {"id", "pinned"}
)


def one_at_a_time() -> None:
    """Hold off other writers until this transaction ends: two that read of one happening at the
    same moment must not both make an event of it. SQLite does so by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def record(read: Sequence[tuple[Dispatch, Extraction]]) -> None:
    """Replace what earlier runs found in these dispatches by what this one did, in this order.

    The result is that of one after the other; what they ask for and change alike is asked for and
    changed once.
    """
    recorder = _Recorder([dispatch for dispatch, _ in read], [found for _, found in read])
    for dispatch, extraction in read:
        recorder.record(dispatch, extraction)
    recorder.finish()


class _Recorder:
    """What dispatches that are recorded together know of the rest, and leave to do at the end."""

    def __init__(self, dispatches: Sequence[Dispatch], extractions: Sequence[Extraction]) -> None:
        pks = [dispatch.pk for dispatch in dispatches]
        self._names = withheld.names_in_force()
        told = Mention.objects.filter(dispatch__in=pks).order_by()
        self._told = set(told.values_list("dispatch_id", flat=True).distinct())
        replaced = Dispatch.objects.filter(replaced_by__in=pks).order_by()
        self._successors = set(replaced.values_list("replaced_by_id", flat=True))
        runs = ExtractionRun.objects.bulk_create(map(_run, dispatches, extractions))
        self._runs = dict(zip(pks, runs, strict=True))
        self._neighborhood = Neighborhood([one for found in extractions for one in _kept(found)])
        self._repeats = Repeats(dispatches, self._successors)
        self._fresh: list[Drawn] = []
        self._changed: set[int] = set()  # events to be drawn anew

    def record(self, dispatch: Dispatch, extraction: Extraction) -> None:
        found = _kept(extraction)
        was = dispatch.extracted_by, dispatch.dct
        _describe(dispatch, extraction, len(found), self._names)
        old: list[Mention] = []
        if dispatch.pk in self._told:
            old = list(dispatch.mentions.select_related("event", "run"))
        held = _held({mention.event_id for mention in old})
        new = match(dispatch, found, old, extraction.version, held)
        if dispatch.pk in self._successors:
            new = inherit(dispatch, new)
        near = self._neighborhood.of(dispatch, new)
        homes = homes_of(new, merge((one.item for one in new), near=near))
        if dispatch.pk in self._successors:
            new = succeed(dispatch, new, homes)
        repeated = {one.old.pk for one in new if one.old is not None}
        left = [mention for mention in old if mention.pk not in repeated]
        kept = [mention for mention in left if mention.pinned or mention.event_id in held]
        gone = {mention.pk for mention in left} - {mention.pk for mention in kept}
        if gone:
            Mention.objects.filter(pk__in=gone).delete()
        quote_anew(kept, dispatch.text)
        run = self._runs[dispatch.pk]
        rows = [row_of(dispatch, run, one, homes[one.key], self._names) for one in new]
        fresh = create_events(rows)
        for row in rows:
            if row.pk is not None:
                row.save(update_fields=_READ)
        Mention.objects.bulk_create([row for row in rows if row.pk is None])
        regrouped = self._repeats.note(dispatch, is_new=not was[0], is_moved=was[1] != dispatch.dct)
        dispatch.save(update_fields=_LEARNT_AND_COVERED if self._names else _LEARNT)
        new_ids = {event.pk for event, _ in fresh}
        self._fresh += fresh
        self._changed |= {mention.event_id for mention in old}
        self._changed |= {row.event_id for row in rows} - new_ids
        if dispatch.pk in self._successors:
            self._changed |= _take_over(dispatch, run, {row.event_id for row in rows})
            self._neighborhood.look_up()
        elif old:
            self._neighborhood.renew(dispatch)
        else:
            self._neighborhood.add(rows)
        if regrouped:
            told = Mention.objects.filter(dispatch__in=regrouped)
            self._changed |= set(told.values_list("event_id", flat=True)) - new_ids

    def finish(self) -> None:
        self._repeats.save_marks()
        fresh = [drawn for drawn in self._fresh if drawn[0].pk not in self._changed]
        cast_and_locate([*fresh, *draw_anew(Event.objects.filter(pk__in=self._changed))])


def _kept(extraction: Extraction) -> Sequence[EventMention]:
    return extraction.mentions[: settings.EXTRACT_MAX_EVENTS]


def _run(dispatch: Dispatch, extraction: Extraction) -> ExtractionRun:
    return ExtractionRun(
        dispatch=dispatch,
        version=extraction.version,
        language=extraction.language.code,
        timings=dict(extraction.timings),
        counts={"timexes": len(extraction.timexes), "mentions": len(_kept(extraction))},
    )


def _held(events: Collection[int]) -> frozenset[int]:
    """Those of the events that a person has touched: they keep the reports that they have."""
    if not events:
        return frozenset()
    return frozenset(Event.objects.filter(pk__in=events).touched().values_list("pk", flat=True))


def _take_over(dispatch: Dispatch, run: ExtractionRun, told: Collection[int]) -> set[int]:
    """Drop what only the versions before this one reported; return the events that it concerned.

    What a person placed stays, and so does the only evidence of what a person has touched: on this
    version if it still says so.
    """
    bring_back(dispatch, told)
    earlier = of_earlier_versions(dispatch)
    held = _held({row.event_id for row in earlier})
    gone = []
    for row in earlier:
        if row.pinned or (row.event_id in held and row.event_id not in told):
            hand_on(dispatch, run, row)
        else:
            gone.append(row)
    Mention.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return {row.event_id for row in earlier}


def _describe(dispatch: Dispatch, extraction: Extraction, kept: int, names: Withheld) -> None:
    """Set what the run learnt of the dispatch itself; readers see it without these names."""
    document, dct = extraction.document, extraction.dct
    if not dispatch.language_stated:
        dispatch.language = extraction.language.code
    dispatch.dct = dct.value or ""
    dispatch.dct_basis = dct.basis
    dispatch.dct_reason = spell(dct.reason)
    dispatch.dct_probability = dct.probability
    dispatch.is_dated = dct.day is not None
    dispatch.dct_candidates = [
        {"value": value, "probability": probability, "reason": spell(reason)}
        for value, probability, reason in dct.candidates
    ]
    if is_opening(dispatch.title, names.words(dispatch.whole_text[:OPENING])):
        dispatch.title = _opening(document) or dispatch.title
    agency = "" if dispatch.source_id else signed_by(document)
    if agency:
        dispatch.source = Source.objects.named(agency)
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
    if names:
        names.cover(dispatch)
    dispatch.extracted_by = extraction.version


def _opening(document: Document) -> str:
    """The first line of what is told: no dateline, no caption of a photograph."""
    framed = [*document.captions, *([document.dateline.span] if document.dateline else [])]
    start = 0
    for line in document.text.split("\n"):
        end = start + len(line)
        after = max([start, *(span.end for span in framed if start <= span.start < end)])
        if told := document.text[after:end].strip():
            return as_title(told)
        start = end + 1
    return ""
