"""A headline for an event, from the dispatch's own words: subject, act, object, place.

A title is a clause with its side issues left out, never a cut one: what is dropped is a whole
phrase (a date, a relative clause, an aside), so what stays is grammatical in any language whose
tree is known. When a clause is too long, the phrases that it can spare go first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from events.extraction.annotations import Arguments, Document, NormalizedTimex, Parsed, Trigger
from events.extraction.lexicon import Lexicon
from events.extraction.reading import reading_of
from events.extraction.title.clauses import Clauses
from events.extraction.title.lines import NEVER, SOON, Piece
from events.extraction.title.phrases import NOMINAL

LONGEST = 90  # characters
_OF_OBJECTS = frozenset({"DET", "NUM", "NOUN", "PROPN"})  # what an object begins with


def title(
    trigger: Trigger,
    arguments: Arguments,
    timexes: Sequence[NormalizedTimex],
    document: Document,
    parsed: Parsed,
    lexicon: Lexicon,
) -> str:
    """Return a headline of at most 90 characters, without the date, never cut short."""
    writer = _Writer(trigger, arguments, timexes, reading_of(document, parsed, lexicon))
    for pieces in writer.drafts():
        text = writer.fitted(pieces)
        if text:
            return text
    return writer.bare()


class _Writer(Clauses):
    """Ways to say one event, and the one that fits."""

    def drafts(self) -> Iterator[list[Piece]]:
        """Ways to say it, best first: each is tried until one fits."""
        node = self.trigger.token
        acts = self._is_verb(node) or self._opens_as_noun(node)
        verb = node if acts else self._verb_of(node)
        if verb is not None:
            if said := self._quoted(verb):
                yield said
            pieces = self._clause(verb)
            yield pieces
            pieces = [self._shortened(piece) for piece in pieces]
            yield pieces
            yield [self._sparable(piece, verb) for piece in pieces]
        if self.tokens[node].pos in NOMINAL:
            yield self._noun(node)

    def _verb_of(self, noun: int) -> int | None:
        """The verb that says of an event noun that it takes place, or that does it."""
        for span in self.trigger.core:
            head = self.reading.head_of(span)
            if head is not None and self._is_verb(head):
                return head
        labels = self.labels
        noun = self.tree.first_conjunct(noun)
        token = self.tokens[noun]
        near = labels.any_subject | labels.object | labels.predicative
        if token.dep in near and self._is_verb(token.head):
            return token.head
        return None

    def _quoted(self, verb: int) -> list[Piece]:
        """Who speaks, and what, where the words stand before: "…, health officials confirmed"."""
        says = self.reading.is_reporting(verb) and self.reading.is_finite(verb)
        if not says or self.reading.objects(verb):
            return []
        told = [c for c in self.tree.below(verb, self.labels.complement) if c < verb]
        head = self.tokens[verb].head
        beside = self.labels.parenthesis | self.labels.adverbial_clause
        laid = self.tokens[verb].dep in beside or self.reading.closes_speech(verb)
        if not told and laid and head < verb:
            told = [head]
        if not told or self.tree.finite(told[0]) is None:
            return []
        # Who "it" is stands elsewhere; nobody is meant by that of "it rains".
        doers, _ = self.reading.subjects(told[0])
        name = self._speaker(verb)
        if doers and all(self._is_elsewhere(d) for d in doers):
            return []
        clause = self._clause(told[0])
        if not name:
            return clause if self._is_asked(verb) else []  # what was said is all that is known
        if self._text(clause).casefold().startswith(name.casefold()):
            return clause  # they speak of themselves
        first = min(i for piece in clause for i in piece.tokens)
        opening = self.tokens[first]
        begun = opening.text if opening.pos == "PROPN" else opening.text.lower()
        return [Piece((first,), NEVER, f"{name}{self.roles.colon}{begun}"), *clause]

    def _is_asked(self, verb: int) -> bool:
        """Whether its pronoun stands behind it, as in a question: "…, a-t-on assuré"."""
        return any(self.tokens[i].text[0] == "-" for i in self.reading.subjects(verb)[0])

    def _is_elsewhere(self, doer: int) -> bool:
        """A pronoun for who or what is named elsewhere; "we" and "that" speak for themselves."""
        token = self.tokens[doer]
        return token.pos == "PRON" and self.reading.folded[doer] in self.roles.pronouns

    def _speaker(self, verb: int) -> str:
        """The name of who speaks; the source of the words, where a pronoun stands for it."""
        pieces = self._subject(verb)
        named = any(piece.words or self.tokens[piece.tokens[0]].pos != "PRON" for piece in pieces)
        if named and not self._is_asked(verb):
            return " ".join(self._text([piece], polished=False) for piece in pieces)
        source = self.arguments.attribution
        return source.source if source is not None else ""

    def _noun(self, noun: int) -> list[Piece]:
        """An event named by its noun alone, with where it is."""
        pieces = [self._phrase(noun, bare=True)]
        covered = set(pieces[0].tokens)
        for place in self.arguments.places[:1]:
            tokens = self.reading.inside(place.span)
            if not tokens or covered.intersection(tokens):
                continue
            before = tokens[0] - 1
            behind = before > pieces[0].tokens[-1]
            if behind and self.reading.folded[before] in self.roles.locatives:
                pieces.append(Piece((before, *tokens), SOON))
        return pieces

    def fitted(self, pieces: list[Piece]) -> str:
        """The pieces as text, without as many spare ones as the length asks; "" if it cannot."""
        while True:
            text = self._text(pieces)
            if len(text) <= LONGEST:
                return text
            spare = max((piece.spare for piece in pieces), default=NEVER)
            if spare == NEVER:
                return ""
            last = max(i for i, piece in enumerate(pieces) if piece.spare == spare)
            kept = self._kept_short(pieces, last)
            pieces = pieces[:last] + kept + pieces[last + 1 :]

    def _kept_short(self, pieces: list[Piece], at: int) -> list[Piece]:
        """A shorter form of an object, or of the one thing that follows the verb: without it the
        act is bare."""
        behind = [p for p in pieces if p.tokens and p.tokens[0] > self.trigger.token]
        shorter = self._shortened(pieces[at])
        needed = behind == [pieces[at]] or self.tokens[pieces[at].tokens[0]].pos in _OF_OBJECTS
        return [shorter] if needed and shorter != pieces[at] else []

    def bare(self) -> str:
        """The trigger with its main actor, when no clause fits."""
        words = self._polished(self.trigger.span.of(self.reading.text))
        names = [actor.name for actor in self.arguments.actors[:1]]
        text = self._polished(self.roles.colon.join([*names, words]))
        return text if len(text) <= LONGEST else words
