"""The proper names of a document: where each stands, and what kind of name it is.

The models' entities are the start. What is corrected here is what grammar and the gazetteer know
better: an office taken into a name ("Premier ministre Edouard Philippe"), a capital called MISC,
a name in capitals that was taken for a noun.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from events.extraction import gazetteer
from events.extraction.annotations import Parsed, Token
from events.extraction.lexicon.roles import Roles

NameLabel = Literal["PER", "ORG", "LOC"]

_LABELS: dict[str, NameLabel] = {"PER": "PER", "ORG": "ORG", "LOC": "LOC"}
_CENTURY = re.compile(r"[IVXLC]+(?:er?|è|ème|e)?|\d.*")  # "XXIe", "20 Heures"
_ACRONYM = range(2, 8)  # letters
SHORT = 3  # letters: in capitals, so short a word may be anything


class Name(NamedTuple):
    """A proper name, tokens `[first, last)` without its determiner, title or office."""

    first: int
    last: int
    label: NameLabel


def find_names(
    parsed: Parsed,
    folded: Sequence[str],
    roles: Roles,
    times: Mapping[str, Container[str]],
    storms: Container[str],
) -> list[Name]:
    """Return the proper names in text order, none overlapping another.

    `folded` are the words of the tokens, `times` what the words of the calendar are, `storms` those
    that name a storm.
    """
    finder = _Finder(parsed, folded, roles, times, storms)
    named = finder.settled([name for name in finder.entities() if name is not None])
    covered = {i for name in named for i in range(name.first, name.last)}
    known = {
        tuple(folded[name.first : name.last]): name.label for name in named if name.label == "LOC"
    }
    return sorted([*named, *finder.others(covered, known)])


def storm_names(parsed: Parsed, folded: Sequence[str], roles: Roles) -> frozenset[str]:
    """Return the words, folded, that begin the name of a storm here: "le cyclone Belal"."""
    called = zip(folded, parsed.tokens[1:], folded[1:], strict=False)
    return roles.storms.union(
        name for noun, token, name in called if noun in roles.storms and token.text[:1].isupper()
    )


class _Finder:
    def __init__(
        self,
        parsed: Parsed,
        folded: Sequence[str],
        roles: Roles,
        times: Mapping[str, Container[str]],
        storms: Container[str],
    ) -> None:
        self.tokens: tuple[Token, ...] = parsed.tokens
        self.times = times
        self.parsed = parsed
        self.folded = folded
        self.roles = roles
        self.language = parsed.language.code
        self.storms = storms

    def entities(self) -> Iterator[Name | None]:
        end = 0
        for entity in self.parsed.entities:
            first, last, office = self._trimmed(max(entity.first, end), entity.last)
            if first < last:
                label = "PER" if office else _LABELS.get(entity.label)
                yield self._labeled(first, last, label)
                end = last

    def settled(self, named: list[Name]) -> list[Name]:
        """One word that is a place by its noun is one everywhere: "terminal d'Antifer"."""
        places = {
            self.folded[name.first]
            for name in named
            if name.label == "PER" and name.last == name.first + 1 and self._is_of_place(name.first)
        }
        return [
            name._replace(label="LOC")
            if name.last == name.first + 1 and self.folded[name.first] in places
            else name
            for name in named
        ]

    def _is_of_place(self, first: int) -> bool:
        """A noun for a place, with or without its adjective, and "of" stand before."""
        i = first - 2
        if first < 2 or self.folded[first - 1] not in self.roles.of:
            return False
        if self.tokens[i].pos == "ADJ" and i:
            i -= 1
        return self.folded[i] in self.roles.place_nouns and self.tokens[i].pos == "NOUN"

    def _trimmed(self, first: int, last: int) -> tuple[int, int, bool]:
        """The name inside an entity, and whether an office or a title stood before it."""
        office = False
        while first < last:
            word, token = self.folded[first], self.tokens[first]
            both = f"{word} {self._word(first + 1)}"
            if first + 1 < last and self.roles.nouns.get(both) == "organisation":
                break  # "White House"
            if word in self.roles.titles or (
                self._is_person_noun(first)
                and self._word(first + 1) not in self.roles.of
                and any(self._is_name_word(i) for i in range(first + 1, last))
            ):
                office = True
            elif not (
                word in self.roles.determiners
                or token.pos in {"PUNCT", "SPACE", "DET", "ADP"}
                or both in self.roles.nouns
            ):
                break
            first += 1
        while last > first and (
            self.tokens[last - 1].pos in {"PUNCT", "SPACE", "ADP"}
            or self.folded[last - 1] == "'s"
            or self._is_day(last - 1)
        ):
            last -= 1
        return first, last, office

    def _is_day(self, i: int) -> bool:
        """That of "La Réunion lundi"."""
        return "weekday" in self.times.get(self.folded[i], ())

    def _word(self, i: int) -> str:
        return self.folded[i] if i < len(self.folded) else ""

    def _is_person_noun(self, i: int) -> bool:
        return self.roles.nouns.get(self.folded[i]) == "person"

    def _is_name_word(self, i: int) -> bool:
        token = self.tokens[i]
        return token.text[:1].isupper() and self.folded[i] not in self.roles.nouns

    def _labeled(self, first: int, last: int, label: NameLabel | None) -> Name | None:
        """The name with the label that the gazetteer and its shape agree to."""
        words = [token for token in self.tokens[first:last] if token.pos != "SPACE"]
        if not any(token.text[:1].isupper() for token in words):
            # "ministère" alone is a common noun, "ministère de l'Intérieur" has its capital.
            return None
        if self.folded[first] in self.storms:
            return None  # "le cyclone Belal" is neither a place nor anybody
        text = " ".join(token.text for token in words)
        if all(self.folded[i] in self.roles.not_names for i in range(first, last)):
            return None
        if _CENTURY.fullmatch(text):
            return None
        if label != "PER" and (
            gazetteer.country_of(text, self.language)
            or (label is None and gazetteer.governed_from(text, self.language))
        ):
            return Name(first, last, "LOC")
        if label == "ORG" and self._is_person_noun(first) and self.tokens[first].text[:1].islower():
            return None  # "ministre de la Défense"
        if label == "ORG" and text.isupper() and gazetteer.governed_from(text, self.language):
            return Name(first, last, "LOC")
        if label in {None, "ORG"} and self._is_placed(first) and self._may_be_place(first, last):
            return Name(first, last, "LOC")
        if (
            label == "PER"
            and first
            and (len(words) == 1 or self.folded[first - 1] in self.roles.locatives)
            and self._is_placed(first)
            and gazetteer.locate(text, self.language)
        ):
            return Name(first, last, "LOC")
        if label is None:
            if len(words) == 1 and text.isupper() and len(text) in _ACRONYM:
                return Name(first, last, "ORG")
            if any(
                self.roles.nouns.get(self.folded[i]) == "organisation" for i in range(first, last)
            ):
                return Name(first, last, "ORG")
            return None
        if label == "PER" and gazetteer.is_site(text, self.language):
            return Name(first, last, "LOC")  # "Notre-Dame"
        if label == "PER" and len(words) == 1 and gazetteer.country_of(text, self.language):
            return Name(first, last, "LOC")
        if all(self.folded[i] in self.roles.demonyms for i in range(first, last)):
            return None
        if label == "LOC" and self._is_numbered(last):
            return Name(first, last, "ORG")
        return Name(first, last, label)

    def _is_numbered(self, last: int) -> bool:
        """A number that counts nothing follows: "France 2", "Beagle 2" are no places."""
        if last + 1 >= len(self.tokens) or not self.tokens[last].text.isdigit():
            return False
        after = self.tokens[last + 1]
        counts = after.pos in {"NOUN", "NUM", "ADJ"} and self.folded[last + 1] not in self.times
        return len(self.tokens[last].text) <= SHORT and not counts and after.text not in {"%", "-"}

    def others(
        self, covered: set[int], known: Mapping[tuple[str, ...], NameLabel]
    ) -> Iterator[Name]:
        """Runs of proper nouns that the model did not label, if something else tells their kind."""
        last = 0
        for token in self.tokens:
            i = token.i
            if i < last or i in covered:
                continue
            if token.text.isupper() and self._is_shouted_place(i):
                yield Name(i, i + 1, "LOC")
                continue
            if token.pos != "PROPN" or not self._is_name_word(i):
                continue
            last = i + 1
            while (
                last < len(self.tokens)
                and last not in covered
                and self.tokens[last].pos == "PROPN"
                and self.tokens[last].text[:1].isupper()
            ):
                last += 1
            if self._heads_name(last):
                last += 1  # "Buzi valley"
            label = known.get(tuple(self.folded[i:last])) or self._kind_of_run(i, last)
            if label is not None:
                yield Name(i, last, label)

    def _heads_name(self, noun: int) -> bool:
        """A noun for a place that the name before it belongs to: "the Buzi valley"."""
        return (
            noun < len(self.tokens)
            and self.folded[noun] in self.roles.place_nouns
            and self.tokens[noun - 1].head == noun
            and self.tokens[noun].pos in {"PROPN", "NOUN"}
        )

    def _is_shouted_place(self, i: int) -> bool:
        """A country or capital in a line of capitals, which is parsed in small letters."""
        text = self.tokens[i].text
        if len(text) <= SHORT or self.folded[i] in self.roles.nouns:
            return False
        return bool(
            gazetteer.country_of(text, self.language)
            or gazetteer.governed_from(text, self.language)
        )

    def _kind_of_run(self, first: int, last: int) -> NameLabel | None:
        text = " ".join(token.text for token in self.tokens[first:last])
        if self.folded[first] in self.roles.demonyms or self.folded[first] in self.roles.nouns:
            return None
        if self.folded[last - 1] in self.roles.place_nouns and last - first > 1:
            return "LOC"
        before = self.folded[first - 1] if first else ""
        if before in self.roles.titles or self.roles.nouns.get(before) == "person":
            return "PER"
        if gazetteer.country_of(text, self.language) or gazetteer.governed_from(
            text, self.language
        ):
            return "LOC"
        if last - first == 1 and text.isupper() and len(text) in _ACRONYM:
            return "ORG"
        if self._is_placed(first) and gazetteer.locate(text, self.language):
            return "LOC"
        return None

    def _is_placed(self, first: int) -> bool:
        """A preposition of place stands right before."""
        if not first:
            return False
        roles, before = self.roles, self.folded[first - 1]
        return before in roles.locatives or before in roles.of or before in roles.destinations

    def _may_be_place(self, first: int, last: int) -> bool:
        """After a preposition of place, or a noun for a place or its people, a word all name."""
        roles = self.roles
        before = self.folded[first - 1]
        text = " ".join(token.text for token in self.tokens[first:last])
        if not text.istitle() and not all(
            self.tokens[i].pos == "PROPN" for i in range(first, last)
        ):
            return False
        if text.isupper() or any(self.folded[i] in roles.nouns for i in range(first, last)):
            return False
        if before in roles.surely_places or gazetteer.locate(text, self.language):
            return True
        governing = self.folded[first - 2] if first > 1 else ""
        return before in roles.of and (
            governing in roles.place_nouns or roles.nouns.get(governing) == "victim"
        )
