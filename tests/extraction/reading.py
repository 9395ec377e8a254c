"""Reads a text as the pipeline does and says in short what it tells."""

from datetime import date
from functools import cache
from typing import NamedTuple

from events.extraction import extract_one


class Told(NamedTuple):
    words: str
    edtf: str | None
    basis: str
    type: str
    status: str


@cache
def told(text, published="2016-12-08", language="fr"):
    """The events of a text, in its order."""
    day = date.fromisoformat(published) if published else None
    return [
        Told(m.trigger.span.of(text), m.edtf, m.basis, m.type, m.status)
        for m in extract_one(text, declared=day, language=language).mentions
    ]


def dates(text, published="2016-12-08", language="fr"):
    """Trigger words to date."""
    return {event.words: event.edtf for event in told(text, published, language)}


def date_of(words, text, published="2016-12-08", language="fr"):
    """The dates of the triggers that hold these words."""
    return [event.edtf for event in told(text, published, language) if words in event.words]
