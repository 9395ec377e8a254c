"""Where it happened: the places that the text puts the event in, located when certain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast as typed

from events.extraction import gazetteer
from events.extraction.annotations import Actor, Place, PlaceKind, Trigger
from events.extraction.fill.actors import STRIKES, VERBAL, predicates
from events.extraction.fill.cast import Cast

KNOWN_KINDS: frozenset[str] = frozenset({"point", "district", "city", "region", "country"})


class _Site(NamedTuple):
    """A place as the sentence names it: the token that governs its words, and the place."""

    node: int
    place: Place


def places_of(trigger: Trigger, cast: Cast, actors: tuple[Actor, ...]) -> tuple[Place, ...]:
    """The places of a trigger: those of its own clause, else of the clauses that govern it."""
    nodes = predicates(trigger, cast)
    sentence = cast.parsed.sentences[trigger.sentence]
    sites = [
        (_clause(site.node, nodes, cast), site.place)
        for site in _sites(sentence.first, sentence.last, cast)
        if _locative(site.node, nodes, trigger, cast)
    ]
    taken = {actor.span for actor in actors}
    own = [place for clause, place in sites if clause in nodes and place.span not in taken]
    if not own:
        governing = set(cast.tree.ancestors(trigger.token))
        own = [place for clause, place in sites if clause in governing and place.span not in taken]
    found: dict[str, Place] = {}
    for place in own:
        found.setdefault(gazetteer.fold(place.name), place)
    return tuple(found.values())


def _sites(first: int, last: int, cast: Cast) -> Iterator[_Site]:
    i = first
    while i < last:
        name = cast.name_at(i)
        if name is None:
            i += 1
            continue
        if name.label == "LOC":
            inside = range(name.first, name.last)
            node = next((n for n in inside if cast.tokens[n].head not in inside), name.first)
            yield _Site(node, place_at(name.first, name.last, cast))
        i = max(name.last, i + 1)


def place_at(first: int, last: int, cast: Cast) -> Place:
    """The place named by tokens [first, last), with what the gazetteer knows of it."""
    span, name = cast.span(first, last), cast.words(first, last)
    known = gazetteer.locate(name, cast.language, cast.countries)
    if known is None:
        return Place(span, name, _kind_before(first, cast))
    return Place(
        span,
        name,
        known.kind,
        known.country,
        known.within,
        known.geonames,
        known.latitude,
        known.longitude,
    )


def _kind_before(first: int, cast: Cast) -> PlaceKind:
    """What the words call it: "le quartier de Chaar"."""
    for i in range(first, max(-1, first - 4), -1):
        kind = cast.roles.place_nouns.get(cast.folded[i])
        if kind in KNOWN_KINDS:
            return typed("PlaceKind", kind)
    return "city"


def _locative(node: int, nodes: list[int], trigger: Trigger, cast: Cast) -> bool:
    """A preposition of place introduces it, or the event or a place is said to be "of" it."""
    tree, labels = cast.tree, cast.tree.labels
    first = tree.first_conjunct(node)
    for each in dict.fromkeys((node, first)):
        token = cast.tokens[each]
        cases = {cast.folded[c] for c in tree.below(each, labels.case)}
        head = token.head
        if token.dep in labels.prepositional_object:
            cases.add(cast.folded[head])
            head = cast.tokens[head].head
        before = each - 1
        while before >= 0 and cast.folded[before] in cast.roles.determiners - cast.roles.of:
            before -= 1
        if before >= 0 and cast.tokens[before].pos == "ADP":
            cases.add(cast.folded[before])
        if cases & cast.roles.locatives:
            return True
        owned = bool(cases & cast.roles.of) or token.dep in labels.possessor
        if owned and (head in nodes or _is_place_noun(head, cast)):
            return True
        if trigger.type in STRIKES and not cases:
            if token.dep in labels.object | labels.passive_subject:
                return True
            if token.dep in labels.subject and token.head not in nodes and each > nodes[0]:
                return True  # a stray object: "a dévasté samedi le Népal a fait"
    return False


def _is_place_noun(node: int, cast: Cast) -> bool:
    word = cast.tokens[node].lemma.lower()
    return word in cast.roles.place_nouns or cast.folded[node] in cast.roles.place_nouns


def _clause(node: int, nodes: list[int], cast: Cast) -> int:
    """The first predicate of the event, or else verb, above `node`."""
    for head in cast.tree.ancestors(node):
        if head in nodes:
            return head
        if cast.tokens[head].pos in VERBAL and cast.tokens[head].pos != "ADJ":
            return head
    return node
