"""The words that tell what a trigger's event is, for comparison with other dispatches."""

from __future__ import annotations

from events.extraction.annotations import Trigger
from events.extraction.fill.actors import predicates
from events.extraction.fill.cast import Cast
from events.extraction.lexicon.roles import fold

_EMPTY = frozenset({"DET", "ADP", "PUNCT", "SPACE", "AUX", "PRON", "CCONJ", "SCONJ", "PART", "ADV"})
_SHORTEST = 3  # letters: "war", "loi"


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
