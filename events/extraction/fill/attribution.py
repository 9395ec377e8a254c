"""Who vouches for it, when the agency itself does not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from events.extraction.annotations import Attribution, AttributionKind, Span, Trigger
from events.extraction.fill.actors import predicates
from events.extraction.fill.cast import CLOSING, EITHER, OPENING, Cast, Figure
from events.extraction.reading import ENDS_SPEECH

BEFORE, AFTER = 80, 120  # characters around a quotation in which its speaker is named
BEHIND = 6  # tokens after a verb of saying in which its speaker is named
_LONGEST_QUOTE = 1200  # characters


def attribution_of(trigger: Trigger, cast: Cast) -> Attribution | None:
    """The source that the text names for the event, or None when the agency asserts it."""
    sentence = cast.parsed.sentences[trigger.sentence]
    return (
        _according(sentence.first, sentence.last, trigger, cast)
        or _reported(trigger, cast)
        or _added(trigger, cast)
        or _quoted(trigger, cast)
    )


def _according(first: int, last: int, trigger: Trigger, cast: Cast) -> Attribution | None:
    """ "selon l'OSDH", "according to the police": who comes after the words."""
    found: list[tuple[int, Attribution]] = []
    for i, end in cast.according:
        if first <= i < last:
            source = _source_after(end, last, cast)
            if _is_same_source(end, cast):
                source = _last_source(i, cast)
            if source is not None:
                found.append((abs(i - trigger.token), source))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _is_same_source(first: int, cast: Cast) -> bool:
    """ "selon la même source"."""
    return not cast.roles.same.isdisjoint(cast.folded[first : first + 3])


def _last_source(before: int, cast: Cast) -> Attribution | None:
    """The source that the text last named before a token."""
    earlier = [end for i, end in cast.according if i < before]
    return _source_after(earlier[-1], before, cast) if earlier else None


def _source_after(first: int, last: int, cast: Cast) -> Attribution | None:
    for i in range(first, min(first + 6, last)):
        token = cast.tokens[i]
        if token.dep in cast.labels.premodifier and i < token.head < last:
            continue  # "the Colombian presidency": the noun is still to come
        if token.pos in {"NOUN", "PROPN", "ADJ"}:
            figures = cast.figures(i)
            if figures:
                return _attribution(figures[0], cast, quoted=False)
            kind = cast.roles.sources.get(cast.folded[i]) or cast.roles.sources.get(cast.lemmas[i])
            if kind is not None:
                return Attribution(Span(token.start, token.end), token.text, kind)
            if token.pos != "ADJ":
                return None
    return None


def _reported(trigger: Trigger, cast: Cast) -> Attribution | None:
    """The subject of the verb of saying that governs the trigger, or stands beside it."""
    tree, labels = cast.tree, cast.tree.labels
    own = predicates(trigger, cast)
    node = trigger.token
    for head in (*tree.ancestors(trigger.token), None):
        beside = [
            child
            for child in tree.below(node, labels.said)
            if child not in own and cast.is_reporting(child) and _is_aside(child, cast)
        ]
        if beside:
            return _speaker(beside[0], trigger, cast)
        dep = cast.tokens[node].dep
        if head is None or dep in labels.relative_clause or dep in labels.adverbial_clause:
            return None
        reported = dep in labels.said or dep in labels.open_complement
        if reported and cast.is_reporting(head):
            return None if head in own else _speaker(head, trigger, cast)
        node = head
    return None


def _added(trigger: Trigger, cast: Cast) -> Attribution | None:
    """A verb of saying that closes the sentence after a comma: ", a raconté un témoin"."""
    own = predicates(trigger, cast)
    _, last = cast.sentence(trigger.token)
    said = list(cast.reporting)
    for verb in said[bisect_right(said, trigger.token) : bisect_left(said, last)]:
        if verb not in own and _is_inverted(verb, cast):
            return _speaker(verb, trigger, cast)
    return None


def _is_inverted(verb: int, cast: Cast) -> bool:
    """A finite verb of saying right after a comma or a quotation, its subject behind it."""
    own = cast.tree.below(verb, cast.labels.subject)
    if not cast.is_reporting(verb) or any(subject < verb for subject in own):
        return False
    before = verb - 1
    while before > 0 and cast.tokens[before].pos in {"AUX", "PRON", "PART"}:
        if cast.tree.is_relative(before):
            return False
        before -= 1
    finite = before < verb - 1 or "VerbForm=Part" not in cast.tokens[verb].morph
    return finite and cast.tokens[before].text in ENDS_SPEECH and bool(_behind(verb, cast))


def _behind(verb: int, cast: Cast) -> list[Figure]:
    """Whom the noun right behind a verb of saying names, be it any "fleuriste"."""
    for i in range(verb + 1, min(verb + BEHIND, len(cast.tokens))):
        token = cast.tokens[i]
        if token.pos in {"ADP", "PUNCT", "VERB", "SCONJ"}:
            return []
        if token.pos in {"NOUN", "PROPN", "PRON"} and not cast.is_temporal(i):
            named = any(cast.tokens[c].pos == "DET" for c in cast.tree.children[i])
            return cast.figures(i) or ([cast.someone(i)] if named and token.pos == "NOUN" else [])
    return []


def _is_aside(verb: int, cast: Cast) -> bool:
    """A clause of saying that interrupts or closes another: its subject comes after it, or none."""
    subjects, _ = cast.tree.subjects(verb)
    return all(subject > verb for subject in subjects) or cast.folded[verb - 1] in {",", '"', "»"}


def _quoted(trigger: Trigger, cast: Cast) -> Attribution | None:
    """The speaker named right after the quotation that the trigger stands in."""
    quote = _quotation_around(trigger.span.start, cast)
    if quote is None:
        return None
    after = cast.inside(Span(quote.end, quote.end + AFTER))
    before = cast.inside(Span(max(0, quote.start - BEFORE), quote.start))
    for i in after:
        if "\n" in cast.tokens[i].text:
            break
        if cast.is_reporting(i):
            return _speaker(i, trigger, cast)
    for i in reversed(before):
        if "\n" in cast.tokens[i].text or cast.tokens[i].text == ".":
            break
        if cast.is_reporting(i):
            return _speaker(i, trigger, cast)
    return None


def _quotation_around(at: int, cast: Cast) -> Span | None:
    """The quotation of the same paragraph that offset `at` lies in."""
    text, marks = cast.text, cast.quotation_marks
    if not marks:
        return None
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    opened: int | None = None
    first, last = max(start, at - _LONGEST_QUOTE), min(end, at + _LONGEST_QUOTE)
    for i, mark in marks[bisect_left(marks, (first, "")) : bisect_left(marks, (last, ""))]:
        opens = mark in OPENING or (mark == EITHER and opened is None)
        closes = mark in CLOSING or (mark == EITHER and opened is not None)
        if opens:
            opened = i
        elif closes and opened is not None:
            if opened < at < i:
                return Span(opened, i + 1)
            opened = None
    return None


def _speaker(verb: int, trigger: Trigger, cast: Cast) -> Attribution | None:
    sentence = cast.parsed.sentences[trigger.sentence].span
    quoted = any(c in OPENING + EITHER for c in sentence.of(cast.text))
    subjects, passive = cast.tree.subjects(verb)
    if passive:
        return None
    figures = _behind(verb, cast) if _is_inverted(verb, cast) else []
    figures += [figure for subject in subjects for figure in cast.figures(subject)]
    figures = figures or _behind(verb, cast)
    return _attribution(figures[0], cast, quoted=quoted) if figures else None


def _attribution(figure: Figure, cast: Cast, *, quoted: bool) -> Attribution:
    kind: AttributionKind | None = cast.roles.sources.get(cast.folded[figure.node])
    if kind is None:
        kind = cast.roles.sources.get(cast.lemmas[figure.node])
    if kind is None:
        if figure.kind == "person":
            kind = "quote" if quoted else "official"
        else:
            kind = "official" if figure.kind == "government" else "organisation"
    return Attribution(figure.span, figure.name, kind)
