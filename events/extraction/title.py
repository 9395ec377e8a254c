"""A headline for an event, from the dispatch's own words: subject, act, object, place.

A title is a clause with its side issues left out, never a cut one: what is dropped is a whole
phrase (a date, a relative clause, an aside), so what stays is grammatical in any language whose
tree is known. When a clause is too long, its least needed phrases go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from events.extraction.annotations import (
    Arguments,
    Document,
    Parsed,
    Status,
    Token,
    Trigger,
)
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.roles import fold
from events.extraction.syntax import Tree

LONGEST = 90  # characters
_TEMPORAL = frozenset(
    {"month", "fullmonth", "weekday", "weekdays", "unit", "part", "season", "halfunit", "deictic"}
)
_OPEN = "([«“\""
_TIGHT_BEFORE = re.compile(r"\s+([,.)\]»”])")
_SPACES = re.compile(r"\s+")
_EDGES = " ,;:.-–—\"“”«»()|\n\t"


@dataclass(frozen=True, slots=True)
class Piece:
    """A phrase of the title: its tokens, and how soon it may go (0 never, higher sooner).

    `words` replaces the tokens' own text: a name for a pronoun.
    """

    tokens: tuple[int, ...]
    spare: int = 0
    words: str = ""


def title(
    trigger: Trigger,
    arguments: Arguments,
    status: Status,
    document: Document,
    parsed: Parsed,
    lexicon: Lexicon,
) -> str:
    """Return a headline of at most 90 characters, without the date, never cut short."""
    writer = _Writer(trigger, arguments, document, parsed, lexicon)
    for pieces in writer.drafts():
        text = writer.fitted(pieces)
        if text:
            return text
    return writer.bare()


class _Writer:
    def __init__(
        self,
        trigger: Trigger,
        arguments: Arguments,
        document: Document,
        parsed: Parsed,
        lexicon: Lexicon,
    ) -> None:
        self.trigger = trigger
        self.arguments = arguments
        self.text = document.text
        self.tokens = parsed.tokens
        self.parsed = parsed
        self.roles = lexicon.roles
        self.times = lexicon.times.words
        self.labels = lexicon.labels
        self.tree = Tree(parsed, lexicon.labels)

    # ------------------------------------------------------------------ drafts

    def drafts(self) -> Iterator[list[Piece]]:
        """Ways to say it, best first."""
        node = self.trigger.token
        token = self.tokens[node]
        if token.pos in {"VERB", "AUX"} or self._is_participle(node):
            yield self._clause(node)
            return
        verb = self._verb_above(node)
        if verb is not None:
            yield self._clause(verb)
        yield self._noun(node)

    def _is_participle(self, node: int) -> bool:
        return "VerbForm=Part" in self.tokens[node].morph

    def _verb_above(self, noun: int) -> int | None:
        """The verb of which an event noun is subject or object, if it says little else."""
        labels = self.labels
        noun = self.tree.first_conjunct(noun)
        token = self.tokens[noun]
        head = token.head
        near = labels.subject | labels.passive_subject | labels.object
        if self.tokens[head].pos != "VERB" or token.dep not in near:
            return None
        return head

    def _clause(self, verb: int) -> list[Piece]:
        """Subject, verb group, object, complements and places of a verb."""
        top = self._top(verb)
        pieces: list[Piece] = []
        subjects, passive = self.tree.subjects(top)
        modified = self._modified_noun(top)
        if modified is not None:
            pieces.append(self._phrase(modified, 0))
            pieces += self._group(top, bare=True)
        else:
            pieces += self._subject(subjects)
            pieces += self._group(top, bare=not pieces)
        pieces += self._after(top, 0)
        return pieces

    def _top(self, verb: int) -> int:
        """The modal or aspect verb that carries an infinitive: "doivent se retrouver"."""
        node = verb
        for _ in range(3):
            token = self.tokens[node]
            if token.dep not in self.labels.open_complement:
                break
            node = token.head
        return node

    def _modified_noun(self, verb: int) -> int | None:
        token = self.tokens[verb]
        if token.dep in self.labels.participle_clause and self.tokens[token.head].pos in {
            "NOUN",
            "PROPN",
        }:
            return token.head
        return None

    def _subject(self, subjects: list[int]) -> list[Piece]:
        pieces = []
        for subject in subjects[:3]:
            token = self.tokens[subject]
            if token.pos == "PRON":
                name = self._name_at(subject)
                if name:
                    pieces.append(Piece((subject,), 0, name))
            else:
                pieces.append(self._phrase(subject, 0))
        return pieces

    def _name_at(self, node: int) -> str:
        token = self.tokens[node]
        for actor in self.arguments.actors:
            if actor.span.start <= token.start < actor.span.end:
                return actor.name
        return ""

    def _group(self, verb: int, *, bare: bool) -> list[Piece]:
        """The verb with its auxiliaries, negation, clitics and particle."""
        keep = [verb]
        for child in self.tree.children[verb]:
            token = self.tokens[child]
            dep = token.dep
            if dep in self.labels.auxiliary and not bare:
                keep.append(child)
            elif dep in self.labels.particle or dep in self.labels.negation:
                keep.append(child)
            elif dep in self.labels.reflexive or (
                token.pos == "ADV" and "Polarity=Neg" in token.morph
            ):
                keep.append(child)
        return [Piece(tuple(sorted(keep)))]

    def _after(self, verb: int, depth: int) -> list[Piece]:
        """What follows a verb: objects, complements, then phrases that may go."""
        labels = self.labels
        pieces: list[Piece] = []
        for child in self.tree.children[verb]:
            token = self.tokens[child]
            if child < verb and token.dep not in labels.object:
                if token.dep in labels.noun_with_case | labels.preposition:
                    pieces += self._oblique(child, fronted=True)
                continue
            if token.dep in labels.object and not self._temporal(child):
                if token.pos == "PRON" and not self._name_at(child):
                    continue
                pieces.append(self._phrase(child, 0))
                pieces += [
                    self._joined(each) for each in self.tree.conjuncts(child)[1:3]
                ]
            elif token.dep in labels.open_complement | labels.complement and depth < 2:
                pieces += self._complement(child, depth)
            elif token.dep in labels.noun_with_case | labels.preposition:
                pieces += self._oblique(child, fronted=False)
        return pieces

    def _complement(self, verb: int, depth: int) -> list[Piece]:
        marks = tuple(
            c
            for c in self.tree.children[verb]
            if c < verb and self.tokens[c].dep in {"mark", "case"}
        )
        own = self.tree.below(verb, self.labels.subject | self.labels.passive_subject)
        pieces = [Piece(marks)] if marks else []
        for subject in own[:1]:
            pieces.append(self._phrase(subject, 0))
        pieces += self._group(verb, bare=False)
        pieces += self._after(verb, depth + 1)
        return pieces

    def _oblique(self, child: int, *, fronted: bool) -> list[Piece]:
        """A prepositional phrase: kept when it is an argument, spare when it may be one."""
        labels, roles = self.labels, self.roles
        nouns = (
            [child]
            if self.tokens[child].dep in labels.noun_with_case
            else self.tree.below(child, labels.prepositional_object)
        )
        if not nouns or self._temporal(nouns[0]):
            return []
        word = fold(self._preposition(child))
        arguments = {*roles.agent_prepositions, *roles.partners, *roles.opponents, *roles.recipients}
        place = any(
            p.span.start <= self.tokens[nouns[0]].start < p.span.end for p in self.arguments.places
        )
        if fronted:
            return []
        spare = 0 if self.tokens[child].dep == "obl:arg" else 1 if word in arguments else 3
        if place:
            spare = 2
        return [self._phrase(child, spare)]

    def _preposition(self, child: int) -> str:
        if self.tokens[child].dep in self.labels.preposition:
            return self.tokens[child].text
        cases = self.tree.below(child, self.labels.case)
        return self.tokens[cases[0]].text if cases else ""

    def _noun(self, noun: int) -> list[Piece]:
        pieces = [self._phrase(noun, 0)]
        covered = set(pieces[0].tokens)
        for place in self.arguments.places[:1]:
            tokens = tuple(
                t.i for t in self.tokens if t.start < place.span.end and place.span.start < t.end
            )
            if tokens and tokens[0] not in covered:
                before = tokens[0] - 1
                if before >= 0 and self.tokens[before].pos == "ADP":
                    pieces.append(Piece((before, *tokens), 2))
        return pieces

    # ------------------------------------------------------------------ phrases

    def _phrase(self, head: int, spare: int) -> Piece:
        """The phrase of a noun without clauses, asides, dates or coordinated others."""
        labels = self.labels
        without = (
            labels.relative_clause | labels.apposition | labels.parenthesis | labels.adverbial_clause
        )
        keep: list[int] = []
        todo = [head]
        while todo:
            node = todo.pop()
            keep.append(node)
            for child in self.tree.children[node]:
                token = self.tokens[child]
                if token.dep in without or (token.dep in labels.participle_clause and token.pos == "VERB"):
                    continue
                if token.pos in {"PUNCT", "SPACE"} and token.text.strip() not in {"-", "'", "’"}:
                    continue
                if token.pos != "DET" and self._temporal(child) and child > head:
                    continue
                todo.append(child)
        return Piece(self._contiguous(sorted(keep), head), spare)

    def _contiguous(self, nodes: list[int], head: int) -> tuple[int, ...]:
        return tuple(nodes)

    def _joined(self, node: int) -> Piece:
        return replace(self._phrase(node, 1))

    def _temporal(self, node: int) -> bool:
        """Whether a noun, or the noun of a preposition, is a time word."""
        nodes = [node, *self.tree.below(node, self.labels.prepositional_object)]
        return any(
            _TEMPORAL & self.times.get(fold(self.tokens[n].text), {}).keys() for n in nodes
        )

    # ------------------------------------------------------------------ text

    def fitted(self, pieces: list[Piece]) -> str:
        """The pieces as text, after leaving out as many spare ones as the length asks."""
        while True:
            text = self._text(pieces)
            if len(text) <= LONGEST:
                return text
            spare = max((piece.spare for piece in pieces), default=0)
            if not spare:
                return ""
            last = max(i for i, piece in enumerate(pieces) if piece.spare == spare)
            pieces = pieces[:last] + pieces[last + 1 :]

    def _text(self, pieces: Iterable[Piece]) -> str:
        words: dict[int, str] = {}
        for piece in pieces:
            if piece.words:
                words[piece.tokens[0]] = piece.words
            else:
                for i in piece.tokens:
                    words.setdefault(i, self.tokens[i].text)
        out = ""
        previous: int | None = None
        for i in sorted(words):
            word = words[i]
            if previous is not None:
                gap = i != previous + 1 or self.tokens[previous].end != self.tokens[i].start
                out += " " if gap and not out.endswith(("'", "’")) else ""
            out += word
            previous = i
        return self._polished(out)

    def _polished(self, text: str) -> str:
        text = _SPACES.sub(" ", text)
        text = _TIGHT_BEFORE.sub(r"\1", text).strip(_EDGES)
        return text[:1].upper() + text[1:]

    def bare(self) -> str:
        """The trigger with its main actor, when no clause fits."""
        words = self._polished(self.trigger.span.of(self.text))
        names = [actor.name for actor in self.arguments.actors[:1]]
        text = self._polished(": ".join([*names, words.lower() if names else words]))
        return text if len(text) <= LONGEST else words[:LONGEST]


def text_of(tokens: Iterable[Token]) -> str:
    return " ".join(token.text for token in tokens)
