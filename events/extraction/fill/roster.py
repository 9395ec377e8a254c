"""Whom and what a document calls by name, and under which one name it goes throughout.

A surname stands for the full name that the text gives, an acronym for the body that it was set
beside, "la capitale" for the town named before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from events.extraction import gazetteer
from events.extraction.annotations import Document, Parsed
from events.extraction.fill.names import Name, find_names, storm_names
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.roles import fold
from events.extraction.reading import Reading, reading_of


class Roster(Reading):
    """One document with its tree and the names of its persons, bodies and places."""

    def __init__(self, document: Document, parsed: Parsed, lexicon: Lexicon) -> None:
        # What other stages asked of the same words is known already.
        vars(self).update(vars(reading_of(document, parsed, lexicon)))
        self.storms = storm_names(parsed, self.folded, self.roles)
        self.names = [
            name
            for name in find_names(parsed, self.folded, self.roles, self.times, self.storms)
            if name.last - name.first > 1 or not self._is_of_calendar(name) or self._is_planet(name)
        ]
        # token -> the name that it is of, or None
        self.name_at = {i: name for name in self.names for i in range(name.first, name.last)}.get
        self._acronyms = dict(self._read_acronyms())
        self.persons_by_surname = self._read_persons()
        self.countries = Counter(self._read_countries())

    def _is_of_calendar(self, name: Name) -> bool:
        """ "Hier", "Aug.": a word of the calendar that the model took for a name."""
        return (
            self.is_calendar_word(name.first) or self.folded[name.first].rstrip(".") in self.times
        )

    def _is_planet(self, name: Name) -> bool:
        """ "Sur Mars": a month that something lies on is none."""
        before = self.folded[name.first - 1] if name.first else ""
        return name.label == "LOC" and before in self.roles.on

    def _read_acronyms(self) -> Iterator[tuple[str, str]]:
        """ "Observatoire des droits de l'Homme (OSDH)": how a body is called from then on."""
        tokens = self.tokens
        brackets = [token.i for token in tokens[1:-2] if token.text == "("]
        for i in brackets:
            inside, name = tokens[i + 1].text, self.name_at(i - 1)
            closed = tokens[i + 2].text == ")"
            if closed and inside.isupper() and 2 <= len(inside) <= 8 and name is not None:
                yield fold(self.words(name.first, name.last)), inside
                yield fold(inside), inside

    def _read_persons(self) -> dict[str, str]:
        """Surname -> the full name that the document gives."""
        found: dict[str, str] = {}
        for name in self.names:
            words = [t.text for t in self.tokens[name.first : name.last] if t.pos != "SPACE"]
            if name.label == "PER" and len(words) > 1:
                for word in words[1:]:
                    if word[:1].isupper():
                        found.setdefault(fold(word), self.words(name.first, name.last))
        return found

    def person_name(self, first: int, last: int) -> str:
        """The fullest name that the document gives the person named in tokens [first, last)."""
        name = self.words(first, last)
        known = self.persons_by_surname.get(self.folded[last - 1])
        if known is None:
            return name
        spoken = {fold(word) for word in name.split()}
        return known if spoken <= {fold(word) for word in known.split()} else name

    def organisation_name(self, first: int, last: int) -> str:
        """The acronym of the body named in tokens [first, last) if the document gives one."""
        name = self.words(first, last)
        acronym = self._acronyms.get(fold(name))
        if acronym is None:
            acronym = next(
                (
                    self._acronyms[self.folded[i]]
                    for i in range(first, last)
                    if self.tokens[i].text.isupper() and self.folded[i] in self._acronyms
                ),
                None,
            )
        return acronym or name

    def _read_countries(self) -> Iterator[str]:
        """ISO codes of the countries that the document names, by name, capital or demonym."""
        demonyms = self.roles.demonyms
        yield from (demonyms[word] for word in self.folded if word in demonyms)
        for name in self.names:
            if name.label != "PER":
                words = self.words(name.first, name.last)
                code = gazetteer.country_of(words, self.language)
                if not code and name.label == "LOC":
                    code = gazetteer.governed_from(words, self.language)
                if code:
                    yield code

    def place_meant(self, node: int) -> Name | None:
        """The named place that "la capitale" or "the city" takes up, None if not certain."""
        wanted = self.roles.place_nouns.get(self.folded[node])
        if wanted is None or self.tokens[node].pos != "NOUN" or node == 0:
            return None
        before = self.folded[node - 1]
        if self.roles.contracted.get(before, before) not in self.roles.definite or any(
            self.tokens[c].pos in {"NOUN", "PROPN"} and c > node for c in self.tree.children[node]
        ):
            return None
        if wanted != "city":
            return self._named_by(node)
        capital = self.folded[node] in self.roles.capitals
        for name in reversed(self.names):
            if name.label != "LOC" or name.first >= node:
                continue
            words = self.words(name.first, name.last)
            if capital:
                if gazetteer.governed_from(words, self.language):
                    return name
            else:
                found = gazetteer.locate(words, self.language, self.countries)
                if found is not None and found.kind == "city":
                    return name if self._is_introduced(name) else None
        return None

    def _named_by(self, noun: int) -> Name | None:
        """The place that the text called by this noun: "la vallée" for "la vallée de Barada"."""
        for name in reversed(self.names):
            if name.label != "LOC" or name.first >= noun:
                continue
            of = name.first > 1 and self.folded[name.first - 1] in self.roles.of
            if self.folded[noun] in (
                self.folded[name.first],
                self.folded[name.last - 1],
                self.folded[name.first - 2] if of else "",
            ):
                return name
        return None

    def last_place(self, node: int) -> Name | None:
        """The place that the text was last in before `node`."""
        for name in reversed(self.names):
            if name.label == "LOC" and name.first < node and self._is_introduced(name):
                return name
        return None

    def _is_introduced(self, name: Name) -> bool:
        """A preposition says that something is there: it does not stand for its government."""
        before = [self.folded[i] for i in range(max(0, name.first - 3), name.first)]
        roles = self.roles
        return not (roles.locatives.isdisjoint(before) and roles.of.isdisjoint(before))

    def closes_aside(self, i: int) -> bool:
        """An aside that ran up to token `i` ends there."""
        return i >= len(self.tokens) or self.tokens[i].text in {",", ".", ";", ":", ")"}
