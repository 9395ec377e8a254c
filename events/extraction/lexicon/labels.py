"""Which dependency label of a model means what: `data/<language>/syntax.toml`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

from events.extraction.lexicon.files import LexiconError, read_data


@dataclass(frozen=True)
class Labels:
    """The dependency labels of one model, by what they mean."""

    subject: frozenset[str]
    passive_subject: frozenset[str]
    passive_auxiliary: frozenset[str]
    object: frozenset[str]
    noun_with_case: frozenset[str]  # a noun that depends on its head through its own preposition
    required: frozenset[str]  # of those, the ones that the verb asks for
    case: frozenset[str]
    preposition: frozenset[str]  # a preposition that carries its noun
    prepositional_object: frozenset[str]
    possessor: frozenset[str]
    apposition: frozenset[str]
    name_part: frozenset[str]
    conjunct: frozenset[str]
    relative_clause: frozenset[str]
    participle_clause: frozenset[str]  # "une offensive lancée …"
    open_complement: frozenset[str]  # an infinitive whose subject stands higher
    predicative: frozenset[str]  # an adjective that the verb says of its subject
    complement: frozenset[str]  # a clause that is said, thought, asked
    adverbial_clause: frozenset[str]
    parenthesis: frozenset[str]  # a reporting verb laid beside what it reports
    auxiliary: frozenset[str]
    negation: frozenset[str]
    premodifier: frozenset[str]  # what stands inside a short noun phrase
    particle: frozenset[str]
    reflexive: frozenset[str]

    # What is asked of every word is put together once.

    @cached_property
    def any_subject(self) -> frozenset[str]:
        return self.subject | self.passive_subject

    @cached_property
    def passive_sign(self) -> frozenset[str]:
        return self.passive_subject | self.passive_auxiliary

    @cached_property
    def said(self) -> frozenset[str]:
        """A clause beside or below a verb of saying."""
        return self.complement | self.parenthesis

    @cached_property
    def completing(self) -> frozenset[str]:
        """A clause that completes a verb, finite or not."""
        return self.complement | self.open_complement

    @cached_property
    def carried(self) -> frozenset[str]:
        """What a modal or aspect verb carries."""
        return self.open_complement | self.predicative

    @cached_property
    def oblique(self) -> frozenset[str]:
        """A prepositional phrase, whichever of its words the model puts on top."""
        return self.noun_with_case | self.preposition

    @cached_property
    def leading_on(self) -> frozenset[str]:
        """A small word that leads to another one."""
        return self.case | self.preposition | self.auxiliary

    @cached_property
    def beside_noun(self) -> frozenset[str]:
        """What says something of a noun, and no headline needs."""
        clauses = self.relative_clause | self.apposition | self.parenthesis
        return clauses | self.adverbial_clause | self.complement

    @cached_property
    def sharing(self) -> frozenset[str]:
        """A clause that may have the subject of the one it depends on."""
        joined = self.conjunct | self.open_complement | self.adverbial_clause
        return joined | self.participle_clause

    @cached_property
    def outside_phrase(self) -> frozenset[str]:
        """What depends on a noun and is no part of its short phrase."""
        clauses = self.relative_clause | self.apposition | self.conjunct | self.complement
        return clauses | {"punct"}


@lru_cache(maxsize=8)
def load_labels(language: str) -> Labels:
    """Read the labels of a language's model. Raises LexiconError if one is missing or unknown."""
    table = read_data(language, "syntax.toml").get("labels", {})
    names = {field.name for field in fields(Labels)}
    if wrong := names ^ table.keys():
        listed = ", ".join(sorted(wrong))
        raise LexiconError(f"{language}/syntax.toml: missing or unknown: {listed}")
    return Labels(**{name: frozenset(table[name]) for name in names})
