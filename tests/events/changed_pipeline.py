"""A pipeline that reads otherwise: what a better version, or a worse one, would make of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from zlib import crc32

from events.extraction import EventMention, Extraction, ExtractionRequest
from events.extraction import extract as really_extract
from events.extraction.annotations import Actor, Place, Span

DAY = timedelta(days=1)
KINDS = 12  # of change, among them none
_read: dict[ExtractionRequest, Extraction] = {}  # parsing is what takes the time


def extract(requests: Iterable[ExtractionRequest]) -> Iterator[Extraction]:
    """As the real one, but each text is parsed once for all tests of this process."""
    asked = list(requests)
    new = [request for request in asked if request not in _read]
    _read.update(zip(new, really_extract(new), strict=True))
    return (_read[request] for request in asked)


def changed(seed: int):
    """The pipeline, changed: a few readings of each kind are lost, moved, redated or invented."""

    def extract_otherwise(requests: Iterable[ExtractionRequest]) -> Iterator[Extraction]:
        for extraction in extract(requests):
            text = extraction.document.text
            mentions = [new for old in extraction.mentions for new in _misread(old, text, seed)]
            distinct = {(one.trigger.span, one.edtf): one for one in mentions}
            yield replace(
                extraction, mentions=tuple(distinct.values()), version=f"changed-{seed}"
            )

    return extract_otherwise


def _misread(mention: EventMention, text: str, seed: int) -> Iterator[EventMention]:
    dice = crc32(f"{seed} {mention.trigger.span} {mention.title}".encode())
    if dice % 7 == 0:  # the same happening, seen twice
        yield replace(mention, trigger=replace(mention.trigger, span=_other_word(mention, text)))
    match dice % KINDS:
        case 0 | 1:
            return  # not found any more
        case 2:
            yield _a_day_later(mention)
        case 3:
            yield replace(
                mention, edtf=None, start=None, end=None, precision="unknown", basis="none",
                timex=None, evidence=None, date_sentence=None,
            )  # fmt: skip
        case 4:
            kind = "economy" if mention.type != "economy" else "society"
            yield replace(mention, trigger=replace(mention.trigger, type=kind))
        case 5:
            yield replace(mention, status="denied" if mention.status != "denied" else "planned")
        case 6:
            span = _other_word(mention, text)
            yield replace(mention, trigger=replace(mention.trigger, span=span))
        case 7:
            start, end = mention.trigger.span
            span = Span(start, min(end + 4, mention.sentence.end))
            yield replace(mention, trigger=replace(mention.trigger, span=span))
        case 8:
            cast = (Actor(mention.trigger.span, f"Observateurs {seed}", "agent"),)
            yield replace(mention, arguments=replace(mention.arguments, actors=cast))
        case 9:
            places = (Place(mention.trigger.span, f"Clairval {seed}", "city", country="FR"),)
            yield replace(mention, arguments=replace(mention.arguments, places=places))
        case 10:
            yield replace(mention, title=f"Autrement dit {seed}: {mention.title}"[:90])
        case _:
            yield mention


def _a_day_later(mention: EventMention) -> EventMention:
    if mention.precision != "day" or mention.start is None:
        return mention
    day = mention.start + DAY
    return replace(mention, edtf=day.isoformat(), start=day, end=day + DAY)


def _other_word(mention: EventMention, text: str) -> Span:
    """The first word of the sentence that the trigger has no part in."""
    words = re.finditer(r"\w{3,}", mention.sentence.of(text))
    spans = (Span(*match.span()) for match in words)
    moved = (Span(s + mention.sentence.start, e + mention.sentence.start) for s, e in spans)
    free = (span for span in moved if not span.overlaps(mention.trigger.span))
    return next(free, mention.trigger.span)
