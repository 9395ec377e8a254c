"""The road of a dispatch through the stages, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from time import process_time

from events.extraction import lexicon as lexicons
from events.extraction.anchor import anchor
from events.extraction.annotations import (
    Anchoring,
    Arguments,
    Document,
    EventMention,
    Extraction,
    ExtractionRequest,
    Language,
    NormalizedTimex,
    Parsed,
    Status,
    Trigger,
)
from events.extraction.assess import assess
from events.extraction.detect import detect
from events.extraction.fill import fill
from events.extraction.identify import identify
from events.extraction.infer_dct import infer_dct
from events.extraction.lexicon.triggers import is_silent
from events.extraction.normalize import normalize
from events.extraction.parse import BATCH_SIZE, parse
from events.extraction.read import read
from events.extraction.recognize import recognize
from events.extraction.title import title

VERSION = "5"  # raise it when what comes out changes: stored dispatches are then read again


def extract(requests: Iterable[ExtractionRequest]) -> Iterator[Extraction]:
    """Yield what each text tells, in the order given; texts are parsed in batches.

    No text raises for what it says: what cannot be decided is left open and said in a notice.
    """
    waiting = iter(requests)
    while batch := list(islice(waiting, BATCH_SIZE)):
        read_texts = [_open(request) for request in batch]
        for request, (document, language), parsed in zip(
            batch, read_texts, parse(read_texts), strict=True
        ):
            yield _extract(request, document, language, parsed)


def extract_one(
    text: str,
    declared: date | None = None,
    language: str | None = None,
    received: date | None = None,
) -> Extraction:
    """Return what one text tells; the arguments are those of ExtractionRequest."""
    return next(extract([ExtractionRequest(text, declared, language, received)]))


def _open(request: ExtractionRequest) -> tuple[Document, Language]:
    language = identify(request.text, request.language, lexicons.EVENT_LANGUAGES)
    return read(request.text), language


def _extract(
    request: ExtractionRequest, document: Document, language: Language, parsed: Parsed
) -> Extraction:
    started = process_time()
    lexicon = lexicons.load(language.code, request.own_words)
    found = recognize(document, parsed, lexicon)
    dct = infer_dct(
        document, found, parsed, lexicon, request.declared, request.received, request.republished
    )
    timexes = normalize(found, document, parsed, dct, lexicon)
    timed = process_time()
    mentions: tuple[EventMention, ...] = ()
    if language.supported:
        triggers = [t for t in detect(document, parsed, lexicon) if not is_silent(t.rule)]
        dates = anchor(triggers, document, parsed, timexes, dct, lexicon)
        kept = [
            (trigger, day)
            for trigger, first in zip(triggers, dates, strict=True)
            if first is not None
            for day in (first, *first.also)
        ]
        triggers = [trigger for trigger, _ in kept]
        dated = [day for _, day in kept]
        filled = fill(triggers, document, parsed, lexicon)
        statuses = assess(triggers, dated, document, parsed, dct, lexicon)
        mentions = tuple(
            _mention(
                trigger,
                day,
                arguments,
                status,
                title(trigger, arguments, timexes, document, parsed, lexicon),
                parsed,
            )
            for trigger, day, arguments, status in zip(
                triggers, dated, filled, statuses, strict=True
            )
        )
    return Extraction(
        document=document,
        language=language,
        dct=dct,
        timexes=tuple(timexes),
        mentions=mentions,
        version=VERSION,
        notices=tuple(_notices(language, timexes, mentions)),
        timings=(("times", timed - started), ("events", process_time() - timed)),
    )


def _mention(
    trigger: Trigger,
    day: Anchoring,
    arguments: Arguments,
    status: Status,
    headline: str,
    parsed: Parsed,
) -> EventMention:
    return EventMention(
        trigger=trigger,
        sentence=parsed.sentences[trigger.sentence].span,
        timex=day.timex,
        edtf=day.edtf,
        start=day.start,
        end=day.end,
        precision=day.precision,
        basis=day.basis,
        reason=day.reason,
        status=status,
        arguments=arguments,
        title=headline,
        confidence=day.confidence,
        time_of_day=day.time_of_day,
        evidence=day.evidence,
        date_sentence=day.date_sentence,
        optional=day.optional,
    )


def _notices(
    language: Language, timexes: list[NormalizedTimex], mentions: tuple[EventMention, ...]
) -> Iterator[str]:
    if not language.sure:
        yield "language-unsure"
    if not language.supported:
        yield "language-dates-only"
    if not any(timex.edtf for timex in timexes):
        waiting = any(one.value and one.timex.type in {"DATE", "TIME"} for one in timexes)
        yield "dates-unplaced" if waiting else "dates-none"
    if any(timex.value == "" for timex in timexes):
        yield "dates-impossible"
    if language.supported and not mentions:
        yield "events-none"
