"""Who did it, to whom: from the grammar around a trigger, its core and its light verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from events.extraction.annotations import Actor, EventType, Role, Trigger
from events.extraction.fill.cast import Cast, Figure
from events.extraction.lexicon.roles import fold

Part = Literal["doer", "undergoer", "partner", "recipient", "owner"]

VERBAL = frozenset({"VERB", "AUX", "ADJ"})

DOERS: dict[EventType, Role] = {
    "talks": "party",
    "agreement": "party",
    "statement": "speaker",
    "toll": "other",
    "disaster": "other",
}
UNDERGOERS: dict[EventType, Role] = {
    "attack": "victim",
    "toll": "victim",
    "disaster": "victim",
    "talks": "party",
    "agreement": "party",
    "aid": "beneficiary",
    "society": "other",
}
# Events whose place is what their grammar makes a subject or object: "a dévasté le Népal".
STRIKES = frozenset({"disaster", "toll", "attack", "control"})


def predicates(trigger: Trigger, cast: Cast) -> list[int]:
    """The words that carry the arguments: the trigger, its core, the light verb between them."""
    nodes = [trigger.token]
    for span in trigger.core:
        head = cast.head_of(span)
        if head is not None and head not in nodes:
            nodes.append(head)
    for node in list(nodes):
        token = cast.tokens[node]
        head = token.head
        if (
            token.pos not in VERBAL
            and head not in nodes
            and cast.tokens[head].pos in VERBAL
            and fold(cast.tokens[head].lemma) in cast.roles.light_verbs
        ):
            nodes.append(head)
    return nodes


def actors_of(trigger: Trigger, cast: Cast) -> tuple[Actor, ...]:
    """The actors of a trigger, in text order of their parts; each name once."""
    nodes = predicates(trigger, cast)
    found: list[Actor] = []
    seen: set[str] = set()
    for part, figure in _parts(nodes, cast):
        if figure.node in nodes or not _fits(part, figure, trigger.type):
            continue
        key = fold(figure.name)
        if key in seen:
            continue
        seen.add(key)
        found.append(
            Actor(figure.span, figure.name, _role(part, figure, trigger.type), figure.kind)
        )
    return tuple(found)


def _parts(nodes: list[int], cast: Cast) -> Iterator[tuple[Part, Figure]]:
    for node in nodes:
        pairs = _of_verb(node, cast) if cast.tokens[node].pos in VERBAL else _of_noun(node, cast)
        for part, noun in pairs:
            for figure in cast.figures(noun):
                yield part, figure


def _of_verb(verb: int, cast: Cast) -> Iterator[tuple[Part, int]]:
    tree, roles = cast.tree, cast.roles
    subjects, passive = tree.subjects(verb)
    for subject in subjects:
        yield ("undergoer" if passive else "doer"), subject
    for noun in tree.below(verb, tree.labels.object):
        for each in tree.conjuncts(noun):
            yield "undergoer", each
    for word, noun in tree.obliques(verb):
        if word in roles.agent_prepositions and (passive or cast.tree.is_past_participle(verb)):
            yield "doer", noun
        elif word in roles.partners:
            yield "partner", noun
        elif word in roles.opponents:
            yield "undergoer", noun
        elif word in roles.recipients:
            yield "recipient", noun


def _of_noun(noun: int, cast: Cast) -> Iterator[tuple[Part, int]]:
    tree, roles = cast.tree, cast.roles
    for word, other in tree.obliques(noun):
        if word in roles.agent_prepositions:
            yield "doer", other
        elif word in roles.partners:
            yield "partner", other
        elif word in roles.opponents:
            yield "undergoer", other
        elif word in roles.of:
            yield "owner", other
    for possessor in tree.below(noun, tree.labels.possessor):
        yield "owner", possessor


def _fits(part: Part, figure: Figure, kind: EventType) -> bool:
    if figure.place:
        if kind in STRIKES or figure.kind == "other":
            return part == "doer" and figure.kind == "government" and kind not in {"disaster", "toll"}
        return part in {"doer", "partner", "undergoer", "owner"}
    if part == "recipient":
        return figure.noun != "vehicle"
    return True


def _role(part: Part, figure: Figure, kind: EventType) -> Role:
    if part == "partner":
        return "party"
    if part == "recipient":
        return "beneficiary" if kind in {"aid", "society", "economy"} else "target"
    if part in {"undergoer", "owner"}:
        if figure.noun == "victim" and kind in {"attack", "disaster", "toll"}:
            return "victim"
        if part == "owner" and kind not in {"toll", "disaster", "attack"}:
            return DOERS.get(kind, "agent")
        return UNDERGOERS.get(kind, "target")
    if figure.noun == "victim" and kind in {"toll", "disaster"}:
        return "victim"
    return DOERS.get(kind, "agent")
