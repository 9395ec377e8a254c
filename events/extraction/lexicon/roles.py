"""Who acts and who vouches, in one language: `data/<language>/roles.toml`.

Words are compared folded (lower case, no accents). Nouns may be phrases of several words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, get_args

from events.extraction.annotations import AttributionKind
from events.extraction.lexicon.files import LexiconError, read_data
from events.extraction.lexicon.times import fold as fold_plainly

NounKind = Literal[
    "person",  # one who acts by office or trade: "ministre", "journaliste"
    "group",  # "rebelles", "syndicats"
    "organisation",  # "gouvernement", "police"
    "victim",  # counted or mourned: "morts", "habitants"
    "vehicle",  # what flies, sails, drives and meets with accidents: "avion"
]


@dataclass(frozen=True, slots=True)
class Source:
    """What a noun says of the one who vouches: "porte-parole" is official, "habitant" a witness."""

    kind: AttributionKind
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, the trigger in it, and the arguments that must come out of it."""

    text: str
    trigger: str
    type: str
    actors: tuple[str, ...]
    places: tuple[str, ...]
    source: str | None
    core: str = ""


@dataclass(frozen=True)
class Roles:
    """Nouns, demonyms and prepositions by what they say of an event's arguments."""

    language: str
    colon: str  # as it stands between a speaker and the words: French puts a space before it
    titles: frozenset[str]  # "M.", "Mme": before a surname
    nouns: Mapping[str, NounKind]
    offices: Mapping[str, str]  # "premier ministre" -> "head-of-government"
    counterparts: frozenset[str]  # "homologue"
    quantities: frozenset[str]  # "dizaine", "majorité": the noun that follows is meant
    demonyms: Mapping[str, str]  # "syrienne" -> "SY"
    metonyms: Mapping[str, str]  # "Maison Blanche" -> "US"
    sources: Mapping[str, AttributionKind]
    according: tuple[tuple[str, ...], ...]  # "selon", "d'après", "de source"
    reporting: frozenset[str]  # lemmas: "déclarer", "affirmer"
    says: frozenset[str]  # forms of them that no other word has: "confie"
    same: frozenset[str]  # "la même source"
    locatives: frozenset[str]  # prepositions of a place where
    destinations: frozenset[str]  # locatives that may introduce a receiver: "to"
    surely_places: frozenset[str]  # locatives that bodies seldom follow: "in"
    where: frozenset[str]  # relative adverbs of place
    there: frozenset[str]  # pronouns of place
    not_where: frozenset[str]  # "quant à Nantes", "thanks to": no place where
    on: frozenset[str]  # what may stand before a planet, and not before a month: "sur Mars"
    directions: frozenset[str]  # "nord": a part of a place, or what lies beyond it
    beside: frozenset[str]  # what makes of a direction a place beyond: "au nord de"
    markets: frozenset[str]  # bodies that are a place themselves: "la Bourse de Paris"
    agent_prepositions: frozenset[str]
    first_person: frozenset[str]  # pronouns of the one who speaks
    auspices: frozenset[str]  # "sous l'égide de": who stands behind it
    including: frozenset[str]  # words that name some of a group
    not_names: frozenset[str]  # capitals that name nobody: time zones
    between: frozenset[str]  # what says little of one alone
    partners: frozenset[str]  # "avec", "entre"
    opponents: frozenset[str]  # "contre"
    recipients: frozenset[str]  # "à", "aux"
    of: frozenset[str]
    partitives: frozenset[str]  # of those, what may also be the article of a few: "des"
    place_parts: frozenset[str]  # "centre", "nord": a part of the place that follows
    place_nouns: Mapping[str, str]  # "quartier" -> "district"
    determiners: frozenset[str]
    day_determiners: frozenset[str]  # "le 15", "du 28 au 30": a small number after them is a day
    definite: frozenset[str]  # determiners that take up something already named
    capitals: frozenset[str]  # nouns for the seat of a government
    nationwide: frozenset[str]  # nouns for what holds in a whole country
    worldwide: frozenset[str]  # adjectives by which it holds in more than one
    gatherings: frozenset[str]  # lemmas of bodies that are events, too
    latter: frozenset[str]  # nouns for the one named last
    soil: frozenset[str]  # nouns that with a people's adjective mean its country
    edges: frozenset[str]  # and those that mean a part of it: "frontière", "coast"
    contrast: frozenset[str]  # what tells of somebody else meanwhile
    bound: frozenset[str]  # prepositions of a place where one goes to, with verbs of `motion` alone
    motion: frozenset[str]  # lemmas of going somewhere
    giving: frozenset[str]  # lemmas of what has a receiver
    hosting: frozenset[str]  # lemmas: the subject is where it happens
    light_verbs: frozenset[str]
    auxiliary_verbs: frozenset[str]  # modals and the like, by lemma: they say nothing of an event
    sourcing: frozenset[str]  # prepositions of a source: "selon"
    object_pronouns: frozenset[str]  # clitics that a tagger may take for subjects
    office_modifiers: frozenset[str]  # "sortant", "former": not the one in office
    time_nouns: frozenset[str]  # nouns of time that the calendar does not count
    half_negations: frozenset[str]  # "ne", which negates with another word only
    negatives: frozenset[str]  # words that negate by themselves or complete a half
    exceptives: frozenset[str]  # "que" after "ne": all but
    named_after: frozenset[str]  # sites that bear the names of other towns: "rue de Paris"
    storms: frozenset[str]  # nouns of what bears a name and is neither a place nor a person
    ago: frozenset[str]  # "il y a": before a length of time
    participle_endings: tuple[str, ...]  # of the participles that taggers take for nouns
    complementizers: frozenset[str]  # "que", "that"
    leading_on: frozenset[str]  # words after which a phrase must go on: "ce", "d'ici"
    contracted: Mapping[str, str]  # preposition and article in one -> the article
    elided: frozenset[str]  # words that the next one follows without a space
    pronouns: Mapping[str, str]  # subject pronoun -> "person", "thing", "one" (either) or "many"
    examples: tuple[Example, ...]

    @cached_property
    def site_nouns(self) -> frozenset[str]:
        """The nouns that a place may be called by."""
        return self.soil | self.edges | frozenset(self.place_nouns)

    @cached_property
    def office_openings(self) -> frozenset[str]:
        """What may be the first token of an office: "chef", "l'" of "l'ambassadeur"."""
        words = {office.split(" ")[0] for office in self.offices}
        cut = {word[: at + 1] for word in words for at, mark in enumerate(word) if mark == "'"}
        return frozenset(words | cut)


@lru_cache(maxsize=50_000)  # the same few thousand words come back in every sentence
def fold(word: str) -> str:
    """As words of time are folded, and "sœur" is "soeur"."""
    return fold_plainly(word).replace("œ", "oe")


def without_ligatures(folded: list[str]) -> list[str]:
    """Words that `times.fold` folded as `fold` does; the list itself where that is all the same."""
    return [word.replace("œ", "oe") for word in folded] if "œ" in "".join(folded) else folded


@lru_cache(maxsize=8)
def load_roles(language: str) -> Roles:
    """Read and check a language's roles. Raises LexiconError."""
    data = read_data(language, "roles.toml")
    where = f"{language}/roles.toml"
    words = data.get("words", {})

    def some(name: str) -> frozenset[str]:
        if name not in words:
            raise LexiconError(f"{where}: words.{name} is missing")
        return frozenset(fold(word) for word in words[name])

    nouns: dict[str, NounKind] = {}
    for kind, entries in data.get("nouns", {}).items():
        if kind not in get_args(NounKind):
            raise LexiconError(f"{where}: nouns.{kind} is no kind of noun")
        for noun in entries:
            nouns.setdefault(fold(noun), kind)  # "rescapé" acts before it suffers: the first kind
    sources: dict[str, AttributionKind] = {}
    for kind, entries in data.get("sources", {}).items():
        if kind not in get_args(AttributionKind):
            raise LexiconError(f"{where}: sources.{kind} is no kind of attribution")
        sources |= dict.fromkeys(map(fold, entries), kind)
    return Roles(
        language=language,
        colon=data.get("colon", ": "),
        titles=some("titles"),
        nouns=nouns,
        offices=_reversed(data.get("offices", {}), where),
        counterparts=some("counterparts"),
        quantities=some("quantities"),
        demonyms=_demonyms(language, data.get("demonyms", {}), data.get("endings", []), where),
        metonyms=_reversed(data.get("metonyms", {}), where),
        sources=sources,
        according=tuple(tuple(fold(w).split()) for w in words.get("according", [])),
        reporting=some("reporting"),
        says=some("says"),
        same=some("same"),
        locatives=some("locatives"),
        destinations=some("destinations"),
        surely_places=some("surely_places"),
        where=some("where"),
        there=some("there"),
        not_where=some("not_where"),
        on=some("on"),
        directions=some("directions"),
        beside=some("beside"),
        markets=some("markets"),
        agent_prepositions=some("agent_prepositions"),
        first_person=some("first_person"),
        auspices=some("auspices"),
        including=some("including"),
        not_names=some("not_names"),
        between=some("between"),
        partners=some("partners"),
        opponents=some("opponents"),
        recipients=some("recipients"),
        of=some("of"),
        partitives=some("partitives"),
        place_parts=some("place_parts"),
        place_nouns=_reversed(data.get("place_nouns", {}), where),
        determiners=some("determiners"),
        day_determiners=some("day_determiners"),
        definite=some("definite"),
        capitals=some("capitals"),
        nationwide=some("nationwide"),
        worldwide=some("worldwide"),
        gatherings=some("gatherings"),
        latter=some("latter"),
        soil=some("soil"),
        edges=some("edges"),
        contrast=some("contrast"),
        bound=some("bound"),
        motion=some("motion"),
        giving=some("giving"),
        hosting=some("hosting"),
        light_verbs=some("light_verbs"),
        auxiliary_verbs=some("auxiliary_verbs"),
        sourcing=some("sourcing"),
        object_pronouns=some("object_pronouns"),
        office_modifiers=some("office_modifiers"),
        time_nouns=some("time_nouns"),
        half_negations=some("half_negations"),
        negatives=some("negatives"),
        exceptives=some("exceptives"),
        named_after=some("named_after"),
        storms=some("storms"),
        ago=some("ago"),
        participle_endings=tuple(words.get("participle_endings", ())),
        complementizers=some("complementizers"),
        leading_on=some("leading_on"),
        contracted={fold(word): article for word, article in data.get("contracted", {}).items()},
        elided=some("elided"),
        pronouns=_reversed(data.get("pronouns", {}), where),
        examples=tuple(_example(entry, where) for entry in data.get("example", [])),
    )


def _reversed(table: Mapping[str, Iterable[str]], where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, entries in table.items():
        for entry in entries:
            if found.setdefault(fold(entry), value) != value:
                raise LexiconError(f"{where}: {entry!r} is {found[fold(entry)]} and {value}")
    return found


def _demonyms(
    language: str,
    table: Mapping[str, Iterable[str]],
    endings: Iterable[Mapping[str, Any]],
    where: str,
) -> dict[str, str]:
    """All forms of each demonym: the first ending that fits says how the others are made."""
    rules = list(endings)
    found: dict[str, str] = {}
    for code, entries in table.items():
        for entry in entries:
            word = fold(entry)
            rule = next((rule for rule in rules if word.endswith(rule["of"])), None)
            forms = {word}
            if rule is not None:
                stem = word.removesuffix(rule["of"])
                forms |= {stem + ending for ending in rule["forms"]}
            for form in forms:
                if found.setdefault(form, code) != code:
                    raise LexiconError(f"{where}: {form!r} is of {found[form]} and {code}")
    return found


def _example(entry: Mapping[str, Any], where: str) -> Example:
    try:
        return Example(
            entry["text"],
            entry["trigger"],
            entry["type"],
            tuple(entry.get("actors", ())),
            tuple(entry.get("places", ())),
            entry.get("source"),
            entry.get("core", ""),
        )
    except KeyError as error:
        raise LexiconError(f"{where}: example {entry!r} lacks {error}") from error
