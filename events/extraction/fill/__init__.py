"""Triggers -> arguments: who did or suffered it, where, and who says so."""

from __future__ import annotations

from collections.abc import Sequence

from events.extraction.annotations import Arguments, Document, Parsed, Trigger
from events.extraction.fill.actors import actors_of
from events.extraction.fill.attribution import attribution_of
from events.extraction.fill.cast import Cast
from events.extraction.fill.places import places_of
from events.extraction.fill.words import acts_of, named_in, subjects_of, told_in, words_of
from events.extraction.lexicon import Lexicon

__all__ = ["fill"]


def fill(
    triggers: Sequence[Trigger], document: Document, parsed: Parsed, lexicon: Lexicon
) -> list[Arguments]:
    """Return the arguments of each trigger, in the same order; what is not said stays empty.

    Names are canonical in the document: "M. Kerry" and "his counterpart" bear the full name.
    """
    if not triggers:
        return []
    cast = Cast(document, parsed, lexicon)
    cast.events = frozenset(trigger.token for trigger in triggers)
    subjects = subjects_of(cast)
    said: dict[tuple[int, int], tuple[frozenset[str], frozenset[str]]] = {}  # by sentence
    filled = []
    for trigger in triggers:
        attribution = attribution_of(trigger, cast)
        actors = actors_of(trigger, cast, attribution)
        places = places_of(trigger, cast, actors)
        sentence = cast.sentence(trigger.token)
        if sentence not in said:
            said[sentence] = told_in(*sentence, cast), named_in(*sentence, cast)
        told, names = said[sentence]
        filled.append(
            Arguments(
                actors,
                places,
                attribution,
                words=words_of(trigger, cast),
                acts=acts_of(trigger, cast),
                told=told,
                names=names,
                subjects=subjects,
            )
        )
    return filled
