"""The words that tell what a trigger's event is, for comparison with other dispatches."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from events.extraction import gazetteer
from events.extraction.annotations import Trigger
from events.extraction.fill.actors import predicates
from events.extraction.fill.cast import Cast
from events.extraction.fill.names import Name
from events.extraction.lexicon.concepts import multiple_of
from events.extraction.lexicon.names import fold_often, is_general, register_key
from events.extraction.lexicon.roles import fold
from events.extraction.lexicon.times import load_times
from events.extraction.registers import register_of

_EMPTY = frozenset({"DET", "ADP", "PUNCT", "SPACE", "AUX", "PRON", "CCONJ", "SCONJ", "PART", "ADV"})
_SHORTEST = 3  # letters: "war", "loi"
_GROUP = re.compile(r"\d{3}")
_WRITTEN = re.compile(r"(?P<number>\d{1,12}(?:[.,]\d{1,3}){0,4})(?P<unit>[a-z]{0,3})")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
MOST_NAMED = 20  # names that tell what a dispatch is about, those said most first


def words_of(trigger: Trigger, cast: Cast) -> frozenset[str]:
    """Folded lemmas of the act, its core, and the nouns that are its subjects and objects."""
    nodes = predicates(trigger, cast)
    heads = [*nodes]
    for node in nodes:
        heads += cast.subjects(node)[0]
        heads += cast.objects(node)
        heads += cast.tree.below(node, cast.labels.open_complement)
        heads += [noun for _, noun in cast.obliques(node)]
    found = set(heads)
    for head in heads:
        if cast.tokens[head].pos in {"NOUN", "PROPN"}:
            first, last = cast.tree.phrase(head)
            found.update(range(first, last))
    for core in trigger.core:
        found.update(cast.inside(core))
    words = {word for i in found if (word := _word(i, cast))}
    return frozenset({*words, fold(cast.tokens[trigger.token].lemma)})


def acts_of(trigger: Trigger, cast: Cast) -> frozenset[str]:
    """Folded lemmas of what is done: the trigger, the verb that bears it, the heads of its core."""
    found = {word for i in predicates(trigger, cast) if (word := _word(i, cast))}
    return frozenset(found or {fold(cast.tokens[trigger.token].lemma)})


def told_in(first: int, last: int, cast: Cast) -> frozenset[str]:
    """Folded lemmas of the words of tokens [first, last) that say something, and their amounts."""
    words = (word for i in range(first, last) if (word := _word(i, cast)))
    return frozenset({*words, *_amounts(first, last, cast)})


def _amounts(first: int, last: int, cast: Cast) -> Iterator[str]:
    """The numbers of tokens [first, last), none of a date: "#11000000", "#7", "#4.3"."""
    values = load_times(cast.language).numbers.values
    i = first
    while i < last:
        text = cast.folded[i]
        i += 1
        if not (text[:1].isdigit() or text in values) or cast.is_temporal(i - 1):
            continue
        while text.isdigit() and i < last and _GROUP.fullmatch(cast.folded[i]):  # "34 000"
            text += cast.folded[i]
            i += 1
        written = _WRITTEN.fullmatch(text)
        value: float | None = values.get(text)
        unit = ""
        if written is not None:
            value = _value(written["number"])
            unit = written["unit"]
        if value is None or (value < 2 and written is None):  # "un" is an article
            continue
        if not unit and i < last:
            unit = cast.folded[i]
        value *= multiple_of(unit)
        if value >= 2:
            yield f"#{value:.10g}"


def _value(number: str) -> float | None:
    """The value of digits in either habit: "70,000", "70.000", "4,3"; None of "7.162.90"."""
    if _THOUSANDS.fullmatch(number):
        return float(re.sub(r"\D", "", number))
    try:
        return float(number.replace(",", "."))
    except ValueError:
        return None


def _word(i: int, cast: Cast) -> str:
    """The folded lemma of a token that says something, else ""."""
    known = cast.said.get(i)
    if known is None:
        known = cast.said[i] = _find_word(i, cast)
    return known


def _find_word(i: int, cast: Cast) -> str:
    token = cast.tokens[i]
    word = fold(token.lemma)
    if token.pos in _EMPTY or len(word) < _SHORTEST or cast.is_temporal(i):
        return ""
    roles = cast.roles
    if cast.noun_kind(i) == "person":
        return ""  # "le président": offices are in every dispatch
    empty = word in roles.light_verbs or word in roles.auxiliary_verbs or word in roles.reporting
    return "" if empty else word


def named_in(first: int, last: int, cast: Cast) -> frozenset[str]:
    """The names in tokens [first, last), in keys that are the same in every language."""
    return frozenset(_key(name, cast) for name in cast.names if first <= name.first < last)


def subjects_of(cast: Cast) -> frozenset[str]:
    """The names that a dispatch says most: what two reports of one story have in common.

    Keys as in `named_in`. Of countries only the one said most is among them: many stories name
    the others. What stands in the dateline is left out.
    """
    line = cast.document.dateline
    begin = line.span.end if line is not None else 0
    told = (name for name in cast.names if cast.tokens[name.first].start >= begin)
    said = Counter(_key(name, cast) for name in told)
    ranked = sorted(said, key=lambda key: (-said[key], key))
    general = [key for key in ranked if is_general(key)]
    others = [key for key in ranked if not is_general(key)]
    return frozenset([*general[:1], *others[:MOST_NAMED]])


def _key(name: Name, cast: Cast) -> str:
    words = cast.words(name.first, name.last)
    if name.label == "PER":
        return cast.folded[name.last - 1]  # "Mr Kerry", "John Kerry"
    is_place = name.label == "LOC"
    if key := register_of(words, *([cast.language] if is_place else ())):
        return key
    place = gazetteer.locate(words, cast.language, cast.countries) if is_place else None
    if place is None:
        return fold_often(words)
    return register_key(place.geonames) if place.geonames else fold_often(place.listed or words)
