"""How a language says that a thing happened, will or may: `data/<language>/status.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from events.extraction.lexicon.files import LexiconError, read_data
from events.extraction.lexicon.times import fold


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence of a day, its [trigger] in brackets, and the status that it must get."""

    text: str
    dct: str
    status: str


@dataclass(frozen=True, slots=True)
class StatusLexicon:
    """Folded words by what they do to the status of a verb that they carry or modify.

    duty        modals of what is set: "doit s'ouvrir"
    advice      modals by which somebody asks for a thing: "parliament should debate"
    possibility modals of what may be
    future      auxiliaries of what will be: "va s'ouvrir", "will open"
    wish        verbs of what somebody means to do: "entend fermer"
    risk        verbs that leave it open whether it happens
    negation    words that deny; `only` words that take a negation back ("ne … que"), which
                `weak_negation` alone does not outweigh
    range_opening, range_links   "du" … "au", "between" … "and"
    possessive  marks by which a date owns a noun: "Tuesday's vote"
    putting_off verbs that give a thing a later day: "renvoyer"
    scene_of    prepositions of what an act was part of: "scored in Sunday's final"
    set_for     prepositions of a date that is set: "called talks for Feb. 8"
    pointing, being, occurring   "cela", "être", "se passer": "C'était mardi." gives the day of
                what was told before
    dating      verbs that only give the day of a thing: "les faits remontent au 27 mai"
    narrative_tenses   tenses (of `Tree.tense`) in which a narrative goes on
    intention   nouns whose infinitive is set, not done: "l'intention de partir"
    prevention  verbs that deny what they carry
    at_first    phrases of a plan that was changed: "prévu à l'origine"
    conditional, conditional_endings   auxiliaries and endings of the conditional
    doubt       words of what may be; `condition` conjunctions of a condition
    same_day    words that say that the clause goes on telling the same day
    short_units, from_there   "minutes", "après": less than a day from what was just told
    hours_of_days   numbers of hours that make days: "48"
    noun_links  words by which a date is said of a noun: "le vote de mardi"
    after, before, conjunctions, when   as they say
    comparison  words by which a date only serves to compare: "contrairement à 2002"
    breaking_in conjunctions of what comes into it: "il parlait mardi quand on a tiré"
    where       relative adverbs of place that go on telling, behind a comma
    during      conjunctions of what happens at the same time
    beginning   verbs by which a thing begins that may last
    compared_from   before the number that another is compared with: "up from 202"
    struck          before the date that another one replaces: "lundi, et non mardi"
    timing      prepositions by which an event times a clause: "lors de sa mort, le 3 mai"
    conditional_endings, imperfect_endings   what follows the stem of the infinitive
    future_endings   endings that no other form has
    half_condition   words of condition that are one before the pronouns `whose` alone: "s'il"
    hope        verbs whose participle leaves it open: "espérée pour avril"
    nature      what is expected and not set: "pluies", "storms"
    refusing    phrases of a statement that says no
    to_do       the mark of an infinitive that `being` carries: "is to open"
    superlative words that a date measures: "la meilleure séance depuis 2012"
    """

    language: str
    duty: frozenset[str]
    advice: frozenset[str]
    possibility: frozenset[str]
    future: frozenset[str]
    wish: frozenset[str]
    risk: frozenset[str]
    negation: frozenset[str]
    only: frozenset[str]
    doubt: frozenset[str]
    condition: frozenset[str]
    same_day: frozenset[str]
    short_units: frozenset[str]
    from_there: frozenset[str]
    hours_of_days: frozenset[str]
    noun_links: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    conjunctions: frozenset[str]
    when: frozenset[str]
    comparison: frozenset[str]
    compared_from: frozenset[str]
    struck: frozenset[str]
    timing: frozenset[str]
    superlative: frozenset[str]
    during: frozenset[str]
    where: frozenset[str]
    breaking_in: frozenset[str]
    beginning: frozenset[str]
    intention: frozenset[str]
    pointing: frozenset[str]
    being: frozenset[str]
    occurring: frozenset[str]
    dating: frozenset[str]
    narrative_tenses: frozenset[str]
    range_opening: frozenset[str]
    range_links: frozenset[str]
    possessive: frozenset[str]
    scene_of: frozenset[str]
    set_for: frozenset[str]
    putting_off: frozenset[str]
    weak_negation: frozenset[str]
    prevention: frozenset[str]
    at_first: frozenset[str]
    conditional: frozenset[str]
    conditional_endings: frozenset[str]
    imperfect_endings: frozenset[str]
    future_endings: frozenset[str]
    half_condition: frozenset[str]
    whose: frozenset[str]
    hope: frozenset[str]
    nature: frozenset[str]
    refusing: frozenset[str]
    to_do: frozenset[str]
    examples: tuple[Example, ...]


@lru_cache(maxsize=8)
def load_status(language: str) -> StatusLexicon:
    """Read and check a language's status words. Raises LexiconError."""
    data = read_data(language, "status.toml")
    cues: Mapping[str, Any] = data.get("cues", {})
    names = {field.name for field in fields(StatusLexicon)} - {"language", "examples"}
    if wrong := names ^ cues.keys():
        listed = ", ".join(sorted(wrong))
        raise LexiconError(f"{language}/status.toml: cues missing or unknown: {listed}")
    words = {name: frozenset(fold(word) for word in cues[name]) for name in names}
    examples = tuple(Example(**example) for example in data.get("examples", ()))
    return StatusLexicon(language=language, examples=examples, **words)
