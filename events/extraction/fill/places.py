"""Where it happened: the places that the text puts the event in, located when certain."""

from __future__ import annotations

from collections.abc import Iterator

from events.extraction import gazetteer
from events.extraction.annotations import Actor, Place, PlaceKind, Span, Trigger
from events.extraction.fill.actors import STRIKES, VERBAL, predicates
from events.extraction.fill.cast import Cast

KNOWN_KINDS: frozenset[str] = frozenset({"point", "district", "city", "region", "country"})


def places_of(trigger: Trigger, cast: Cast, actors: tuple[Actor, ...]) -> tuple[Place, ...]:
    """The places of a trigger: those of its own clause, else of the clauses that govern it."""
    nodes = predicates(trigger, cast)
    sentence = cast.parsed.sentences[trigger.sentence]
    named = [
        (place, _clause(node, nodes, cast), node)
        for node, place in _places_in(sentence.first, sentence.last, cast)
        if _locative(node, trigger, cast)
    ]
    taken = {actor.span for actor in actors}
    own = [p for p, clause, _ in named if clause in nodes and p.span not in taken]
    if not own:
        governing = set(cast.tree.ancestors(trigger.token))
        own = [p for p, clause, _ in named if clause in governing and p.span not in taken]
    found: list[Place] = []
    for place in own:
        if place.name not in {p.name for p in found}:
            found.append(place)
    return tuple(found)


def _places_in(first: int, last: int, cast: Cast) -> Iterator[tuple[int, Place]]:
    """(node, place) for each named place in tokens [first, last)."""
    i = first
    while i < last:
        entity = cast.entity(i)
        if entity is not None and entity.first == i:
            if entity.label == "LOC":
                start, end = cast.bare(entity.first, min(entity.last, last))
                node = cast.head_of(Span(cast.tokens[start].start, cast.tokens[end - 1].end))
                yield (start if node is None else node), place_at(start, end, cast)
            i = max(entity.last, i + 1)
            continue
        token = cast.tokens[i]
        if (
            token.pos == "PROPN"
            and token.text[:1].isupper()
            and token.ent_type != "PER"
            and gazetteer.locate(token.text, cast.language, cast.countries)
        ):
            yield i, place_at(i, i + 1, cast)
        i += 1


def place_at(first: int, last: int, cast: Cast) -> Place:
    """The place named by tokens [first, last), with what the gazetteer knows of it."""
    span = Span(cast.tokens[first].start, cast.tokens[last - 1].end)
    name = cast.words(first, last)
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
            return kind  # type: ignore[return-value]  # checked on the line above
    return "city"


def _locative(node: int, trigger: Trigger, cast: Cast) -> bool:
    """A preposition of place introduces it, or the event strikes what it names."""
    tree, labels = cast.tree, cast.tree.labels
    first = tree.first_conjunct(node)
    for each in (node, first):
        cases = [cast.folded[c] for c in tree.below(each, labels.case)]
        head = cast.tokens[each].head
        if cast.tokens[each].dep in labels.prepositional_object:
            cases.append(cast.folded[head])
        if any(case in cast.roles.locatives for case in cases):
            return True
        if any(case in cast.roles.of for case in cases):
            return True
    if trigger.type in STRIKES:
        return cast.tokens[first].dep in labels.object | labels.passive_subject
    return False


def _clause(node: int, nodes: list[int], cast: Cast) -> int:
    """The first predicate of the event, or else verb, above `node`."""
    for head in cast.tree.ancestors(node):
        if head in nodes:
            return head
        if cast.tokens[head].pos in VERBAL and cast.tokens[head].pos != "ADJ":
            return head
    return node
