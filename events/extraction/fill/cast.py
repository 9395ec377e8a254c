"""Who and what a document names: the persons, bodies, groups and places behind its words.

A `Cast` is built once a document. `figures(node)` answers whom a noun, name or pronoun stands
for, under one name for the whole document; things and ideas ("offensive", "texte") are nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from events.extraction import gazetteer
from events.extraction.annotations import Document, Parsed, Place, Span
from events.extraction.fill import offices
from events.extraction.fill.names import Name
from events.extraction.fill.roster import Roster
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.roles import NounKind, fold

ActorKind = Literal["person", "organisation", "group", "government", "other"]

KINDS: dict[NounKind, ActorKind] = {
    "person": "person",
    "group": "group",
    "organisation": "organisation",
    "victim": "group",
    "vehicle": "other",
}
_LEADING_ON = frozenset({"PUNCT", "SPACE", "ADP", "DET"})  # a phrase does not end with them
LONGEST_PHRASE = 9  # tokens of a common noun's phrase that are taken into its name
OPENING, CLOSING, EITHER = "«“", "»”", '"'  # marks of a quotation
_QUOTE = re.compile(f"[{OPENING}{CLOSING}{EITHER}]")
PRONOUN_REACH = 60  # tokens looked back for what a pronoun takes up


@dataclass(frozen=True, slots=True)
class Figure:
    """Someone or something that may be an actor: where it stands, its name, what it is.

    `noun` is the kind of its common noun, None for a proper name; `place` says that the name is
    that of a place, `counted` that a number goes with it. `town` is the capital itself where
    `name` is the country that it may stand for.
    """

    span: Span
    node: int
    name: str
    kind: ActorKind
    noun: NounKind | None = None
    place: bool = False
    counted: bool = False
    town: str = ""


class Site(NamedTuple):
    """A place as the sentence names it: tokens `[first, last)`; `node` governs them."""

    first: int
    last: int
    node: int
    place: Place


class Cast(Roster):
    """One document with its names, and whom its nouns and pronouns stand for."""

    def __init__(self, document: Document, parsed: Parsed, lexicon: Lexicon) -> None:
        super().__init__(document, parsed, lexicon)
        self._bearers = offices.read_bearers(self)
        self.sites: dict[tuple[int, int], list[Site]] = {}  # by sentence, tokens [first, last)
        self.prepositions: dict[int, frozenset[str]] = {}  # by the token that a phrase begins at
        self.said: dict[int, str] = {}  # token -> its word, for comparison with other dispatches
        self.events: frozenset[int] = frozenset()  # the tokens that evoke one
        # The site and the town that it is all about; None: not asked yet.
        self.topics: tuple[list[Place], ...] | None = None
        self._figures: dict[int, list[Figure]] = {}
        # What carries the arguments of each trigger: every part of filling asks it.
        self.predicates: dict[tuple[int, Span, tuple[Span, ...]], list[int]] = {}

    # ------------------------------------------------------------------ figures

    def figures(self, node: int) -> list[Figure]:
        """Whom the noun, name or pronoun at `node` stands for; empty for things and ideas."""
        known = self._figures.get(node)
        if known is None:
            known = self._figures[node] = self._find_figures(node)
        return list(known)

    def _find_figures(self, node: int) -> list[Figure]:
        if self.is_temporal(node):
            return []
        if self.folded[node] in self.roles.titles and node + 1 < len(self.tokens):
            node += 1  # "M. Kerry": the tree hangs the sentence on the title
        name = self.name_at(node)
        if name is not None:
            return [self._named(name, node)]
        token = self.tokens[node]
        if token.pos == "PRON":
            return self._pronoun(node)
        if token.pos == "NUM":
            return self._number(node)
        if token.pos == "PROPN" and token.text[:1].isupper():
            return [] if self.is_calendar_word(node) else self._proper(node)
        if token.pos in {"NOUN", "ADJ", "PROPN", "VERB", "ADV"}:
            return self._common(node)
        return []

    def someone(self, node: int) -> Figure:
        """A person of whom the text gives but a trade that no list knows."""
        return Figure(self._phrase(node), node, self._phrase_name(node), "person", "person")

    def _named(self, name: Name, node: int) -> Figure:
        span, words = self.span(name.first, name.last), self.words(name.first, name.last)
        if name.label == "PER":
            return Figure(span, node, self.person_name(name.first, name.last), "person")
        if name.label == "LOC":
            return self._power(span, node, words)
        return Figure(span, node, self.organisation_name(name.first, name.last), "organisation")

    def _power(self, span: Span, node: int, name: str) -> Figure:
        """A country, or a capital or seat that may stand for its government."""
        if gazetteer.country_of(name, self.language):
            return Figure(span, node, name, "government", place=True)
        code = self.roles.metonyms.get(fold(name), "")
        if code:
            return Figure(span, node, name, "government")
        code = gazetteer.governed_from(name, self.language)
        if code:
            shown = gazetteer.country_name(code, self.language)
            return Figure(span, node, shown, "government", place=True, town=name)
        return Figure(span, node, name, "other", place=True)

    def _proper(self, node: int) -> list[Figure]:
        """A proper noun outside every name: a surname, a people, an unknown body."""
        token = self.tokens[node]
        span = Span(token.start, token.end)
        if self.folded[node] in self.persons_by_surname:
            return [Figure(span, node, self.persons_by_surname[self.folded[node]], "person")]
        if self.folded[node] in self.roles.demonyms:
            return [Figure(span, node, token.text, "group")]
        if self.noun_kind(node) is not None:
            return self._common(node)
        if token.dep in self.tree.labels.name_part or self.folded[node] in self.storms:
            return []
        first, last = node, node + 1
        while last < len(self.tokens) and self.tokens[last].pos == "PROPN":
            last += 1
        return [Figure(self.span(first, last), node, self.words(first, last), "other")]

    def _common(self, node: int) -> list[Figure]:
        token = self.tokens[node]
        if self.folded[node] in self.roles.latter and not self.tree.below(node, self.labels.case):
            before = [n for n in self.names if n.label == "PER" and n.first < node]
            return [self._named(before[-1], before[-1].first)] if before else []
        if self._is_quantity(node):
            measured = self._measured(node)
            if measured:
                return measured
        if self.folded[node] in self.roles.counterparts:
            person = offices.counterpart(self, self._bearers, node)
            return [Figure(self._phrase(node), node, person, "person")] if person else []
        kind = self.noun_kind(node)
        if kind is None or (token.pos in {"ADJ", "VERB"} and not self._is_nominal(node)):
            apposed = self._apposed(node)
            if apposed is not None:
                return [self._named(apposed, apposed.first)]
            if self.folded[node] in self.roles.demonyms and token.text[:1].isupper():
                return [Figure(self._phrase(node), node, token.text, "group")]
            return []
        borne = self._bearer_before(node) if kind == "person" else None
        if borne is not None:
            return [self._named(borne, borne.first)]
        if kind in {"person", "group"}:
            persons = offices.announced(self, node)
            if persons:
                return [self._named(name, name.first) for name in persons]
        if kind in {"person", "organisation", "vehicle"}:
            apposed = self._apposed(node)
            if apposed is not None:
                return [self._named(apposed, apposed.first)]
        span = self._phrase(node)
        if kind == "person" and (office := offices.office_of(self, node)):
            person = offices.bearer(self._bearers, *office)
            if person:
                return [Figure(span, node, person, "person")]
        if kind == "group":
            powers = self._powers(node)
            if len(powers) > 1:
                return powers
        figure = Figure(
            span, node, self._phrase_name(node), KINDS[kind], kind, counted=self._counted(node)
        )
        return [figure, *self._included(node)]

    def _bearer_before(self, node: int) -> Name | None:
        """Whose office or trade follows the name: "Ana Sanz, ministre des Transports"."""
        token = self.tokens[node]
        name = self.name_at(token.head) if token.dep in self.labels.apposition else None
        return name if name is not None and name.label != "LOC" and name.last <= node else None

    def _apposed(self, node: int) -> Name | None:
        """The name of a person or body right after a common noun: "L'ex-ministre X"."""
        if self.tokens[node].pos != "NOUN":
            return None
        i = node + 1
        while i < len(self.tokens) and self.tokens[i].pos == "ADJ" and self.name_at(i) is None:
            i += 1
        name = self.name_at(i)
        if name is None or name.first != i:
            return self._apposed_behind(node)
        # "la loi Macron" is not Macron, "le groupe Solvay" is Solvay.
        known = self.noun_kind(node) in {"person", "organisation"}
        known = known or self.folded[node] in self.roles.demonyms  # "le danois Maersk"
        return name if name.label == "PER" or (name.label == "ORG" and known) else None

    def _apposed_behind(self, node: int) -> Name | None:
        """Who is named in an aside, as a body or thing: "son armateur, le grec Danaos, a"."""
        _, last = self._bounds(node)
        if last >= len(self.tokens) or self.tokens[last].text != ",":
            return None
        i = last + 1
        while i < len(self.tokens) and (
            self.tokens[i].pos == "DET" or self.folded[i] in self.roles.demonyms
        ):
            i += 1
        name = self.name_at(i)
        if name is None or name.first != i or name.label == "LOC":
            return None
        return name if self.closes_aside(name.last) else None

    def _is_nominal(self, node: int) -> bool:
        """An adjective or participle used as a noun: "les blessés", "the wounded"."""
        return any(self.tokens[c].pos in {"DET", "NUM"} for c in self.tree.children[node])

    def _is_quantity(self, node: int) -> bool:
        return (
            self.folded[node] in self.roles.quantities or self.lemmas[node] in self.roles.quantities
        )

    def _measured(self, node: int) -> list[Figure]:
        """Who is counted by "une dizaine de", "l'ensemble des"."""
        for word, noun in self.tree.obliques(node):
            if word not in self.roles.of:
                continue
            return [
                Figure(
                    Span(min(self._phrase(node).start, figure.span.start), figure.span.end),
                    figure.node,
                    figure.name,
                    figure.kind,
                    figure.noun,
                    counted=True,
                )
                for figure in self.figures(noun)
                if not figure.place
            ]
        return []

    def _powers(self, node: int) -> list[Figure]:
        """The countries whose people these are: "des diplomates russes et américains"."""
        _, last = self._bounds(node)
        found: list[Figure] = []
        for i in range(node, min(last + 3, len(self.tokens))):
            name = self.name_at(i)
            code = self.roles.demonyms.get(self.folded[i], "")
            if name is not None and name.label == "LOC" and name.first == i:
                code = gazetteer.country_of(self.words(name.first, name.last), self.language)
            if code and code not in {f.name for f in found}:
                span = Span(self.tokens[i].start, self.tokens[i].end)
                found.append(Figure(span, i, code, "government"))
            elif not code and i > node and self.tokens[i].pos in {"VERB", "AUX", "SPACE"}:
                break
        return [
            Figure(f.span, f.node, gazetteer.country_name(f.name, self.language), f.kind)
            for f in found
        ]

    def _included(self, node: int) -> list[Figure]:
        """Those named out of a group: "six capitales, dont Washington, Paris et Londres"."""
        _, last = self._bounds(node)
        i = last + 1 if last < len(self.tokens) and self.tokens[last].text == "," else last
        if i >= len(self.tokens) or self.folded[i] not in self.roles.including:
            return []
        found: list[Figure] = []
        i += 1
        while i < len(self.tokens):
            name = self.name_at(i)
            if name is not None:
                found.append(self._named(name, i))
                i = name.last
            elif self.tokens[i].text == "," or self.tokens[i].pos in {"CCONJ", "DET"}:
                i += 1
            else:
                break
        return found

    def _counted(self, node: int) -> bool:
        return any(self.tokens[c].pos == "NUM" for c in self.tree.children[node])

    def _number(self, node: int) -> list[Figure]:
        """People that only a number stands for: "killing 217"; or the noun that it counts."""
        token = self.tokens[node]
        counted = [
            c
            for c in self.tree.children[node]
            if self.tokens[c].pos == "NOUN" and c > node and self.noun_kind(c) is not None
        ]
        if counted:
            return [
                Figure(Span(token.start, f.span.end), f.node, f.name, f.kind, f.noun, counted=True)
                for f in self.figures(counted[0])
            ]
        if not any(c.isdigit() for c in token.text) or "," in token.text[-3:]:
            return []
        span = Span(token.start, token.end)
        return [Figure(span, node, token.text, "group", "victim", counted=True)]

    def _pronoun(self, node: int) -> list[Figure]:
        if self.tree.is_relative(node):
            antecedent = self.tree.antecedent(node)
            if antecedent is not None and self.tokens[antecedent].pos != "PRON":
                return [f for each in self.tree.conjuncts(antecedent) for f in self.figures(each)]
            return []
        kind = self.roles.pronouns.get(self.folded[node])
        labels = self.tree.labels
        parts = labels.any_subject | (labels.object if kind == "person" else frozenset())
        if kind is None or self.tokens[node].dep not in parts:
            return []
        return [
            replace(figure, span=self.span(node, node + 1), node=node)
            for figure in self._antecedents(node, kind)
        ]

    def _antecedents(self, node: int, kind: str) -> list[Figure]:
        """The subject that a personal pronoun takes up: the last that agrees, if none disturbs."""
        labels = self.tree.labels
        for i in range(node - 1, max(-1, node - PRONOUN_REACH), -1):
            token = self.tokens[i]
            if token.dep not in labels.any_subject or token.pos not in {"NOUN", "PROPN"}:
                continue
            if not self.tree.agree(node, i):
                continue
            figures = [f for each in self.tree.conjuncts(i) for f in self.figures(each)]
            if kind == "many":
                several = len(figures) > 1 or (figures and figures[0].kind == "group")
                return figures if several else []
            if len(figures) != 1:
                if kind == "person" or not figures:
                    continue
                return []
            if kind == "person" and figures[0].kind != "person":
                continue
            if kind == "thing" and figures[0].kind == "person":
                continue
            if kind == "one" and figures[0].kind != "person" and figures[0].noun is not None:
                continue  # "il" may be the council or its mayor: only a name is sure
            return figures
        return self._only_person(node) if kind in {"person", "one"} else []

    def _only_person(self, node: int) -> list[Figure]:
        """The one person whom the sentences just before name, whatever part they give them."""
        first, _ = self.sentence(node)
        for _ in range(2):
            before = self.sentence(first - 1)[0] if first else 0
            named = [n for n in self.names if n.label == "PER" and before <= n.first < node]
            persons = {self.person_name(n.first, n.last) for n in named}
            if persons:
                owned = self.folded[named[-1].first - 1] in self.roles.of  # "un pêcheur de Fayed"
                sure = len(persons) == 1 and not owned
                return [self._named(named[-1], named[-1].first)] if sure else []
            first = before
        return []

    # ------------------------------------------------------------------ sources

    @cached_property
    def quotation_marks(self) -> list[tuple[int, str]]:
        """Offset and mark of each that opens or closes a quotation, in text order."""
        return [(match.start(), match[0]) for match in _QUOTE.finditer(self.text)]

    @cached_property
    def according(self) -> list[tuple[int, int]]:
        """Tokens `[first, last)` of each "selon", "according to", in text order."""
        phrases = self.roles.according
        openings = {phrase[0] for phrase in phrases}
        return [
            (i, i + len(phrase))
            for i, word in enumerate(self.folded)
            if word in openings
            for phrase in phrases
            if tuple(self.folded[i : i + len(phrase)]) == phrase
        ]

    # ------------------------------------------------------------------ phrases

    def _bounds(self, node: int) -> tuple[int, int]:
        """The phrase of a common noun without its determiner, not longer than a name may be."""
        first, last = self.tree.phrase(node)
        first, last = max(first, node - LONGEST_PHRASE), min(last, node + LONGEST_PHRASE)
        while first < node and (
            self.folded[first] in self.roles.determiners
            or self.tokens[first].pos in {"PUNCT", "SPACE", "DET", "ADP", "PRON", "ADV", "CCONJ"}
            or (self.tokens[first].pos == "NOUN" and self._is_quantity(first))
        ):
            first += 1
        dated = next((i for i in range(node + 1, last) if self.is_temporal(i)), last)
        ends = _LEADING_ON if dated == last else _LEADING_ON | {"NUM", "ADV"}
        last = dated  # "trois personnes jeudi à Marseille", "une femme de 34 ans"
        last = next((i for i in range(node + 1, last) if self._leads_away(i)), last)
        while last - 1 > node and self.tokens[last - 1].pos in ends:
            last -= 1
        return first, last

    def _leads_away(self, i: int) -> bool:
        """A preposition of place or measure: "12 people in Malawi", "le ministre à deux ans"."""
        word = self.folded[i]
        if self.tokens[i].pos != "ADP" or word not in self.roles.locatives or word in self.roles.of:
            return False
        name = self.name_at(i + 1)
        return self.tokens[i + 1].pos == "NUM" or (name is not None and name.label == "LOC")

    def _phrase(self, node: int) -> Span:
        return self.span(*self._bounds(node))

    def _phrase_name(self, node: int) -> str:
        return self.words(*self._bounds(node))
