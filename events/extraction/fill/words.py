"""The words that tell what a trigger's event is, for comparison with other dispatches."""

from __future__ import annotations

from events.extraction.annotations import Trigger
from events.extraction.fill.actors import predicates
from events.extraction.fill.cast import Cast
from events.extraction.lexicon.roles import fold

_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "NUM"})
_SHORT = 3  # letters


def words_of(trigger: Trigger, cast: Cast) -> frozenset[str]:
    """Folded lemmas of the act, its core, and the nouns that are its subjects and objects."""
    tree, labels = cast.tree, cast.tree.labels
    nodes = predicates(trigger, cast)
    heads = [*nodes]
    for node in nodes:
        heads += cast.subjects(node)[0]
        heads += cast.objects(node)
        heads += tree.below(node, labels.open_complement)
        heads += [noun for _, noun in tree.obliques(node)]
    found = set()
    for head in heads:
        found.add(head)
        if cast.tokens[head].pos in {"NOUN", "PROPN"}:
            first, last = tree.phrase(head)
            found.update(range(first, last))
    for core in trigger.core:
        found.update(t.i for t in cast.tokens if t.start < core.end and core.start < t.end)
    return frozenset(
        word
        for i in found
        if cast.tokens[i].pos in _CONTENT and not cast.is_temporal(i)
        and len(word := fold(cast.tokens[i].lemma)) > _SHORT
        and word not in cast.roles.light_verbs
        and word not in cast.roles.auxiliary_verbs
        and word not in cast.roles.reporting
    )
