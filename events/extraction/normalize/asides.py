"""Which dates a sentence names in passing: those of a clause that describes a noun."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from events.extraction.annotations import Parsed, Span
from events.extraction.lexicon.labels import Labels
from events.extraction.syntax import Tree, tree_of


def asides(parsed: Parsed, labels: Labels) -> Callable[[Span], bool]:
    """Return what says of a span whether it stands in a relative or participle clause."""
    tree = tree_of(parsed, labels)
    starts = tree.starts
    goes_on = labels.conjunct | labels.open_complement
    describing = labels.relative_clause | labels.participle_clause

    def in_passing(span: Span) -> bool:
        first = bisect_left(starts, span.start)
        last = bisect_left(starts, span.end, first)
        if first == last:
            return False
        inside = range(first, last)
        if _follows_participle(tree, first) or _behind_opening_participle(tree, first):
            return True
        top = next((i for i in inside if parsed.tokens[i].head not in inside), first)
        for node in tree.ancestors(top):
            token = parsed.tokens[node]
            if token.dep in describing:
                return True
            if token.pos in {"VERB", "AUX"} and token.dep not in goes_on:
                return False
        return False

    return in_passing


def _follows_participle(tree: Tree, token: int) -> bool:
    """Whether a participle without an auxiliary stands right before: "la grève entamée mardi"."""
    before = token - 1
    while before > 0 and tree.tokens[before].pos in {"ADP", "DET", "ADV"}:
        before -= 1
    return (
        before > 0
        and tree.is_past_participle(before)
        and tree.tokens[before - 1].pos in {"NOUN", "PROPN"}
        and not tree.tense(before)
    )


def _behind_opening_participle(tree: Tree, token: int) -> bool:
    """Whether a participle opens its sentence and no verb stands between: "Née à Metz le 3 mai"."""
    opening = tree.parsed.sentences[tree.parsed.sentence_of[token]].first
    if opening == token or not tree.is_past_participle(opening):
        return False
    return all(t.pos not in {"VERB", "AUX"} for t in tree.tokens[opening + 1 : token])
