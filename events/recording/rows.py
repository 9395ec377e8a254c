"""Mentions as rows: what a run read, or what a person selected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from events import models
from events.extraction.annotations import Actor, Attribution, Place, Reason
from events.extraction.compare import place_key
from events.models import Dispatch, Event, ExtractionRun, Mention
from events.recording.homes import Home
from events.recording.matching import Found, free_key
from events.withheld import Withheld

TITLE_LENGTH = 90
# What merging compares of a mention, beside its columns.
COMPARED = ("actors", "places", "countries", "words", "acts", "told", "names", "subjects")


def row_of(
    dispatch: Dispatch,
    run: ExtractionRun,
    one: Found,
    home: Home,
    names: Withheld,
) -> Mention:
    """The mention as a row, not yet written: the one that it repeats, or a new one.

    `names` are those that readers may not see.
    """
    found, item = one.found, one.item
    evidence, date_sentence = found.evidence, found.date_sentence
    attribution = found.arguments.attribution
    row = one.old or Mention()
    if not row.pinned or row.event.merged_into_id is not None:
        if isinstance(home.event, int):
            row.event_id = home.event
        else:
            row.event = home.event
    row.dispatch, row.run = dispatch, run
    row.key = one.key
    row.title = names.words(found.title)[:TITLE_LENGTH]
    if not one.stays:
        row.trigger_start, row.trigger_end = found.trigger.span
        row.sentence_start, row.sentence_end = found.sentence
    row.core = [list(span) for span in found.trigger.core]
    row.date_start, row.date_end = evidence or (None, None)
    row.date_sentence_start, row.date_sentence_end = date_sentence or (None, None)
    row.quote(dispatch.text)
    row.timex_value = found.timex.value[:60] if found.timex else ""
    row.rule = found.timex.timex.rule if found.timex else ""
    row.trigger_rule = found.trigger.rule[:80]
    row.edtf = found.edtf or ""
    row.start_date, row.end_date = found.start, found.end
    row.precision = found.precision
    row.time_of_day = found.time_of_day
    row.basis = found.basis
    row.reason = names.values(spell(found.reason))
    row.type, row.status = found.type, found.status
    row.attribution = attribution and names.values(_plain(attribution))
    row.actors = names.values([_plain(actor) for actor in found.arguments.actors])
    row.places = names.values([_plain(place) for place in found.arguments.places])
    row.compared = {name: sorted(getattr(item, name)) for name in COMPARED}
    row.merge_why = home.why
    row.confidence = min(1.0, max(0.0, found.confidence))
    return row


def _plain(one: Actor | Place | Attribution) -> dict[str, Any]:
    """As `dataclasses.asdict`, without its copies of what is plain already."""
    return {field.name: getattr(one, field.name) for field in fields(one)}


def spell(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "values": dict(reason.values)}


def write_by_hand(dispatch: Dispatch, start: int, end: int, event: Event) -> Mention:
    """Write characters `[start, end)` of a dispatch as a report of `event`, placed by a person.

    A run that finds the same words fills the row with what it reads, and leaves it in its event.
    """
    run = dispatch.runs.first() or ExtractionRun.objects.create(
        dispatch=dispatch, version="", language=dispatch.language
    )
    first, last = _sentence_around(dispatch.text, start, end)
    key = free_key(start, end, set(dispatch.mentions.values_list("key", flat=True)))
    cast = event.event_actors.select_related("actor")
    scenes = event.event_places.select_related("place")
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
        sentence=dispatch.text[first:last],
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
            "actors": [row.actor.register or row.actor.folded for row in cast],
            "places": [
                place_key(row.place.name, row.place.geonames)
                for row in scenes
                if not row.place.is_country
            ],
            "countries": sorted({row.place.country for row in scenes} - {""}),
            "words": [],
        },
        confidence=1.0,
    )


def quote_anew(mentions: Iterable[Mention], text: str) -> None:
    """Give rows that are there the sentences that the text of their dispatch holds by now."""
    others = []
    for mention in mentions:
        was = mention.sentence, mention.date_sentence
        mention.quote(text)
        if was != (mention.sentence, mention.date_sentence):
            others.append(mention)
    Mention.objects.bulk_update(others, ["sentence", "date_sentence"], batch_size=200)


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The characters from the end of one sentence or line to the end of another."""
    stops = ("\n", ". ", "! ", "? ")
    first = max([0, *(at + len(stop) for stop in stops if (at := text.rfind(stop, 0, start)) >= 0)])
    ends = [at + 1 for stop in (".", "!", "?") if (at := text.find(stop, end)) >= 0]
    line = text.find("\n", end)
    last = min([*ends, line if line >= 0 else len(text), len(text)])
    return first, max(last, end)
