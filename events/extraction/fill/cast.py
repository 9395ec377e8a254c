"""Who and what a document names: the persons, bodies, groups and places behind its words.

A `Cast` is built once a document. `figures(node)` answers who a noun or name stands for, under
one name for the whole document; `None` kinds of things ("offensive", "texte") are nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from events.extraction import gazetteer
from events.extraction.annotations import Document, Entity, Parsed, Span, Token
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.roles import NounKind, fold
from events.extraction.syntax import Tree

ActorKind = Literal["person", "organisation", "group", "government", "other"]

KINDS: dict[NounKind, ActorKind] = {
    "person": "person",
    "group": "group",
    "organisation": "organisation",
    "victim": "group",
    "vehicle": "other",
}
LONGEST_PHRASE = 9  # tokens of a common noun's phrase that are taken into its name


@dataclass(frozen=True, slots=True)
class Figure:
    """Someone or something that may be an actor: where it stands, its name, what it is.

    `noun` is the kind of its common noun, None for a proper name; `place` says that the name is
    that of a place, `counted` that a number goes with it.
    """

    span: Span
    node: int
    name: str
    kind: ActorKind
    noun: NounKind | None = None
    place: bool = False
    counted: bool = False


class Cast:
    """One document with its tree, its names and who bears which office."""

    def __init__(self, document: Document, parsed: Parsed, lexicon: Lexicon) -> None:
        self.document = document
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.text = document.text
        self.roles = lexicon.roles
        self.language = parsed.language.code
        self.tree = Tree(parsed, lexicon.labels)
        self.folded = [fold(token.text) for token in parsed.tokens]
        self._entity_at: dict[int, Entity] = {}
        for entity in parsed.entities:
            for i in range(entity.first, entity.last):
                self._entity_at[i] = entity
        self._acronyms: dict[str, str] = {}
        self._surnames: dict[str, str] = {}
        self._offices: dict[str, list[tuple[str, str]]] = {}  # office -> (country, person)
        self._read_names()
        self.countries = frozenset(self._countries())
        self._read_offices()

    # ------------------------------------------------------------------ names

    def entity(self, node: int) -> Entity | None:
        """The named entity that `node` stands in, if its words look like a name."""
        entity = self._entity_at.get(node)
        if entity is None or entity.label == "MISC":
            return None
        tokens = self.tokens[entity.first : entity.last]
        if any(token.text[:1].isupper() and token.pos in {"PROPN", "NOUN"} for token in tokens):
            return entity
        return None

    def words(self, first: int, last: int) -> str:
        return " ".join(self.text[self.tokens[first].start : self.tokens[last - 1].end].split())

    def bare(self, first: int, last: int) -> tuple[int, int]:
        """Tokens [first, last) without the determiners, titles and marks around a name."""
        roles = self.roles
        while first < last - 1 and (
            self.folded[first] in roles.determiners
            or self.folded[first] in roles.titles
            or self.tokens[first].pos in {"PUNCT", "SPACE", "DET"}
        ):
            first += 1
        while last - 1 > first and (
            self.tokens[last - 1].pos in {"PUNCT", "SPACE"} or self.folded[last - 1] == "'s"
        ):
            last -= 1
        return first, last

    def _read_names(self) -> None:
        """Collect full names by their surname, and long names by their acronym."""
        for entity in self.parsed.entities:
            first, last = self.bare(entity.first, entity.last)
            words = [t.text for t in self.tokens[first:last] if t.pos != "SPACE"]
            if entity.label == "PER" and len(words) > 1 and words[0][:1].isupper():
                full = " ".join(words).replace(" - ", "-").replace("- ", "-")
                full = self.words(first, last)
                for word in words[1:]:
                    if word[:1].isupper():
                        self._surnames.setdefault(fold(word), full)
        tokens = self.tokens
        for i in range(1, len(tokens) - 2):
            # "Observatoire syrien des droits de l'Homme (OSDH)": the acronym names it from here on.
            if (
                tokens[i].text == "("
                and tokens[i + 2].text == ")"
                and tokens[i + 1].text.isupper()
                and 2 <= len(tokens[i + 1].text) <= 8
            ):
                self._acronyms[fold(tokens[i + 1].text)] = tokens[i + 1].text

    def person_name(self, first: int, last: int) -> str:
        first, last = self.bare(first, last)
        name = self.words(first, last)
        surname = fold(self.tokens[last - 1].text)
        known = self._surnames.get(surname)
        if known is None:
            return name
        spoken = {fold(word) for word in name.split()}
        return known if spoken <= {fold(word) for word in known.split()} else name

    def organisation_name(self, first: int, last: int) -> str:
        first, last = self.bare(first, last)
        following = self.tokens[last : last + 3]
        if len(following) == 3 and following[0].text == "(" and following[2].text == ")":
            acronym = self._acronyms.get(fold(following[1].text))
            if acronym:
                return acronym
        for i in range(first, last):
            if self.folded[i] in self._acronyms and self.tokens[i].text.isupper():
                return self._acronyms[self.folded[i]]
        return self.words(first, last)

    def _countries(self) -> Iterator[str]:
        """ISO codes of the countries that the document names, by name or by demonym."""
        for i, word in enumerate(self.folded):
            if code := self.roles.demonyms.get(word):
                yield code
            elif self.tokens[i].text[:1].isupper() and (
                code := gazetteer.country_of(self.tokens[i].text, self.language)
            ):
                yield code
        for entity in self.parsed.entities:
            if entity.label == "LOC":
                name = self.words(*self.bare(entity.first, entity.last))
                if code := gazetteer.country_of(name, self.language):
                    yield code
                elif code := gazetteer.governed_from(name, self.language):
                    yield code

    # ------------------------------------------------------------------ offices

    def _read_offices(self) -> None:
        """Learn who bears which office: "le chef de la diplomatie russe, Sergueï Lavrov"."""
        for entity in self.parsed.entities:
            if entity.label != "PER":
                continue
            name = self.person_name(entity.first, entity.last)
            start = entity.first
            while start > 0 and self.tokens[start - 1].pos in {"PUNCT", "SPACE"}:
                start -= 1
            window = range(max(0, start - 8), start)
            for office, at in self._offices_in(window.start, window.stop):
                country = next(
                    (
                        self.roles.demonyms[self.folded[i]]
                        for i in range(at - 1, start)
                        if i >= 0 and self.folded[i] in self.roles.demonyms
                    ),
                    "",
                )
                self._offices.setdefault(office, []).append((country, name))

    def _offices_in(self, first: int, last: int) -> Iterator[tuple[str, int]]:
        """(office, token) for each phrase of office in tokens [first, last)."""
        for i in range(first, last):
            for length in (6, 5, 4, 3, 2, 1):
                phrase = " ".join(self.folded[i : min(i + length, last)]).replace("' ", "'")
                if phrase in self.roles.offices:
                    yield self.roles.offices[phrase], i
                    break

    def bearer(self, office: str, country: str) -> str:
        """The person who bears an office in the document, "" when unnamed or not certain."""
        bearers = self._offices.get(office, [])
        names = {name for c, name in bearers if not country or not c or c == country}
        return names.pop() if len(names) == 1 else ""

    # ------------------------------------------------------------------ figures

    def figures(self, node: int) -> list[Figure]:
        """Who the noun, name or pronoun at `node` stands for; empty for things and ideas."""
        token = self.tokens[node]
        entity = self.entity(node)
        if entity is not None and not self._is_common(node, entity):
            return [self._named(node, entity)]
        if token.pos == "PROPN" and token.text[:1].isupper():
            return [self._proper(node)]
        if token.pos in {"NOUN", "ADJ", "NUM", "PRON", "PROPN", "DET", "VERB", "ADV"}:
            return self._common(node)
        return []

    def _is_common(self, node: int, entity: Entity) -> bool:
        """A common noun that the model took into a name: "le président François Hollande"."""
        return (
            self.tokens[node].pos == "NOUN"
            and self.tokens[node].text[:1].islower()
            and node not in {entity.first}
        ) or (self.noun_kind(node) == "person" and entity.label != "PER")

    def _named(self, node: int, entity: Entity) -> Figure:
        span = Span(self.tokens[entity.first].start, self.tokens[entity.last - 1].end)
        first, last = self.bare(entity.first, entity.last)
        span = Span(self.tokens[first].start, self.tokens[last - 1].end)
        if entity.label == "PER":
            return Figure(span, node, self.person_name(first, last), "person")
        name = self.words(first, last)
        if entity.label == "LOC" or gazetteer.country_of(name, self.language):
            return self._power(span, node, name)
        return Figure(span, node, self.organisation_name(first, last), "organisation")

    def _power(self, span: Span, node: int, name: str) -> Figure:
        """A country, or a capital that may stand for its government."""
        code = gazetteer.country_of(name, self.language)
        if code:
            return Figure(span, node, name, "government", place=True)
        code = gazetteer.governed_from(name, self.language) or self.roles.metonyms.get(fold(name), "")
        if code:
            shown = gazetteer.country_name(code, self.language)
            return Figure(span, node, shown, "government", place=True)
        return Figure(span, node, name, "other", place=True)

    def _proper(self, node: int) -> Figure:
        """A proper noun that the model gave no label: a surname, an acronym, an unknown body."""
        first = last = node
        last += 1
        while last < len(self.tokens) and self.tokens[last].pos == "PROPN":
            last += 1
        while first > 0 and self.tokens[first - 1].pos == "PROPN":
            first -= 1
        first, last = self.bare(first, last)
        span = Span(self.tokens[first].start, self.tokens[last - 1].end)
        name = self.words(first, last)
        if self.folded[last - 1] in self._surnames:
            return Figure(span, node, self.person_name(first, last), "person")
        if gazetteer.country_of(name, self.language) or gazetteer.governed_from(name, self.language):
            return self._power(span, node, name)
        if fold(name) in self.roles.demonyms:
            return self._nationals(span, node, name)
        return Figure(span, node, self.organisation_name(first, last), "organisation")

    def _nationals(self, span: Span, node: int, name: str) -> Figure:
        return Figure(span, node, name, "group")

    def noun_kind(self, node: int) -> NounKind | None:
        nouns = self.roles.nouns
        kind = nouns.get(self.folded[node])
        return kind if kind is not None else nouns.get(fold(self.tokens[node].lemma))

    def _common(self, node: int) -> list[Figure]:
        token = self.tokens[node]
        if token.pos == "PRON":
            return self._pronoun(node)
        if self.folded[node] in self.roles.quantities or fold(token.lemma) in self.roles.quantities:
            measured = [noun for word, noun in self.tree.obliques(node) if word in self.roles.of]
            found = [figure for noun in measured[:1] for figure in self.figures(noun)]
            if found and not found[0].place:
                whole = Span(self._phrase_start(node), max(found[0].span.end, token.end))
                f = found[0]
                return [Figure(whole, f.node, f.name, f.kind, f.noun, counted=True)]
        kind = self.noun_kind(node)
        if kind is None:
            if self.folded[node] in self.roles.demonyms and token.text[:1].isupper():
                return [self._nationals(self._phrase(node), node, token.text)]
            if token.pos == "NUM":
                return self._number(node)
            return []
        named = self._name_beside(node)
        if named is not None:
            return [named]
        span = self._phrase(node)
        if kind == "person":
            if self.folded[node] in self.roles.counterparts:
                return []
            office = self._office_of(node)
            if office:
                name = self.bearer(office[0], office[1])
                if name:
                    return [Figure(span, node, name, "person")]
        return [Figure(span, node, self._phrase_name(node), KINDS[kind], kind, counted=self._counted(node))]

    def _counted(self, node: int) -> bool:
        return any(self.tokens[c].pos == "NUM" for c in self.tree.children[node])

    def _number(self, node: int) -> list[Figure]:
        token = self.tokens[node]
        if not any(c.isdigit() for c in token.text):
            return []
        span = Span(token.start, token.end)
        return [Figure(span, node, token.text, "group", "victim", counted=True)]

    def _pronoun(self, node: int) -> list[Figure]:
        if self.tree.is_relative(node):
            antecedent = self.tree.antecedent(node)
            if antecedent is not None and self.tokens[antecedent].pos != "PRON":
                return self.figures(antecedent)
        return []

    def _office_of(self, node: int) -> tuple[str, str] | None:
        first, last = self.tree.phrase(node)
        found = next(iter(self._offices_in(max(first, node - 1), last)), None)
        if found is None:
            return None
        country = next(
            (self.roles.demonyms[w] for w in self.folded[first:last] if w in self.roles.demonyms), ""
        )
        return found[0], country

    def _name_beside(self, node: int) -> Figure | None:
        """The name that an office or trade announces: "le ministre russe Sergueï Lavrov"."""
        if self.noun_kind(node) not in {"person", "group"}:
            return None
        labels = self.tree.labels
        for child in self.tree.children[node]:
            dep = self.tokens[child].dep
            if dep in labels.apposition or dep in labels.name_part or dep in {"nmod", "compound"}:
                entity = self.entity(child)
                if (
                    entity is not None
                    and entity.label == "PER"
                    and not self.tree.below(child, labels.case)
                ):
                    figure = self._named(child, entity)
                    start = min(self.tokens[node].start, figure.span.start)
                    return Figure(Span(figure.span.start, figure.span.end), child, figure.name, "person")
        if self.noun_kind(node) != "person":
            return None
        after = node + 1
        limit = min(len(self.tokens), node + 7)
        while after < limit and (
            self.tokens[after].pos in {"ADJ", "PUNCT", "SPACE", "ADP", "DET", "NOUN"}
        ):
            after += 1
        if after < limit:
            entity = self.entity(after)
            previous = self.tokens[after - 1]
            if (
                entity is not None
                and entity.label == "PER"
                and entity.first == after
                and previous.pos != "ADP"
                and previous.dep not in labels.case
                and self.parsed.sentence_of[node] == self.parsed.sentence_of[after]
            ):
                return self._named(after, entity)
        return None

    def _phrase_start(self, node: int) -> int:
        return self.tokens[self._bounds(node)[0]].start

    def _bounds(self, node: int) -> tuple[int, int]:
        first, last = self.tree.phrase(node)
        return max(first, node - LONGEST_PHRASE), min(last, node + LONGEST_PHRASE)

    def _phrase(self, node: int) -> Span:
        first, last = self.bare(*self._bounds(node))
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    def _phrase_name(self, node: int) -> str:
        first, last = self.bare(*self._bounds(node))
        return self.words(first, last)

    def token_at(self, span: Span) -> Iterator[Token]:
        for token in self.tokens:
            if token.start < span.end and span.start < token.end:
                yield token

    def head_of(self, span: Span) -> int | None:
        """The token of the span that governs the others."""
        inside = [token.i for token in self.token_at(span) if token.pos != "SPACE"]
        members = set(inside)
        for i in inside:
            if self.tokens[i].head not in members or self.tokens[i].head == i:
                if self.tokens[i].pos not in {"DET", "PUNCT", "ADP"}:
                    return i
        return inside[0] if inside else None
