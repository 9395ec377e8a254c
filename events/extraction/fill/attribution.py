"""Who vouches for it, when the agency itself does not."""

from __future__ import annotations

from events.extraction.annotations import Attribution, AttributionKind, Trigger
from events.extraction.fill.cast import Cast, Figure
from events.extraction.lexicon.roles import fold

_QUOTES = frozenset("\"«»“”")


def attribution_of(trigger: Trigger, cast: Cast) -> Attribution | None:
    """The source that the sentence names for the event, or None when the text asserts it."""
    sentence = cast.parsed.sentences[trigger.sentence]
    return _according(sentence.first, sentence.last, cast) or _reported(trigger, cast)


def _according(first: int, last: int, cast: Cast) -> Attribution | None:
    """ "selon l'OSDH", "according to the police": who comes after the words."""
    for i in range(first, last):
        for phrase in cast.roles.according:
            if tuple(cast.folded[i : i + len(phrase)]) == phrase:
                return _source_after(i + len(phrase), last, cast)
    return None


def _source_after(first: int, last: int, cast: Cast) -> Attribution | None:
    for i in range(first, min(first + 6, last)):
        token = cast.tokens[i]
        if token.pos in {"NOUN", "PROPN", "ADJ"}:
            figures = cast.figures(i)
            if figures:
                return _attribution(figures[0], cast, quoted=False)
            if token.pos != "ADJ":
                return None
    return None


def _reported(trigger: Trigger, cast: Cast) -> Attribution | None:
    """The subject of the verb of saying that governs the trigger, or stands beside it."""
    tree, labels = cast.tree, cast.tree.labels
    clause = labels.complement | labels.open_complement | labels.parenthesis
    node = trigger.token
    for head in tree.ancestors(trigger.token):
        hung = cast.tokens[node].dep
        if hung in clause and _reports(head, cast) and head != trigger.token:
            return _speaker(head, trigger, cast)
        beside = [c for c in tree.below(node, labels.parenthesis) if _reports(c, cast)]
        if beside:
            return _speaker(beside[0], trigger, cast)
        node = head
    for child in tree.below(node, labels.parenthesis | labels.complement):
        if child != trigger.token and _reports(child, cast):
            return _speaker(child, trigger, cast)
    return None


def _reports(node: int, cast: Cast) -> bool:
    return fold(cast.tokens[node].lemma) in cast.roles.reporting


def _speaker(verb: int, trigger: Trigger, cast: Cast) -> Attribution | None:
    subjects, passive = cast.tree.subjects(verb)
    if passive:
        return None
    for subject in subjects:
        for figure in cast.figures(subject):
            sentence = cast.parsed.sentences[trigger.sentence].span
            quoted = any(c in _QUOTES for c in sentence.of(cast.text))
            return _attribution(figure, cast, quoted=quoted)
    return None


def _attribution(figure: Figure, cast: Cast, *, quoted: bool) -> Attribution:
    kind: AttributionKind | None = cast.roles.sources.get(cast.folded[figure.node])
    if kind is None:
        kind = cast.roles.sources.get(fold(cast.tokens[figure.node].lemma))
    if kind is None:
        if figure.kind == "person":
            kind = "quote" if quoted else "official"
        else:
            kind = "official" if figure.kind == "government" else "organisation"
    return Attribution(figure.span, figure.name, kind)
