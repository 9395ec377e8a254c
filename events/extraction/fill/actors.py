"""Who did it, to whom: from the grammar around a trigger, its core and its light verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from events.extraction.annotations import Actor, Attribution, EventType, Role, Trigger
from events.extraction.fill.cast import Cast, Figure
from events.extraction.lexicon.roles import fold
from events.extraction.reading import NEAR, NOMINAL

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
# Events whose place is what their grammar makes an object: "a dévasté le Népal".
STRIKES: frozenset[EventType] = frozenset({"disaster", "toll", "attack", "control"})
# Events that have someone at whom they are addressed.
ADDRESSED: frozenset[EventType] = frozenset(
    {"call", "statement", "threat", "refusal", "agreement", "sanction", "economy", "aid"}
)
# Events of which a country is the scene and not the doer, though it be the subject.
APOLITICAL: frozenset[EventType] = frozenset({"society", "other", "disaster"})


SOME_OF = 6  # tokens between "dont" and those whom it names


def predicates(trigger: Trigger, cast: Cast) -> list[int]:
    """The words that carry the arguments: the trigger, its core, the light verb between them."""
    key = trigger.token, trigger.span, trigger.core
    if key not in cast.predicates:
        cast.predicates[key] = _find_predicates(trigger, cast)
    return list(cast.predicates[key])


def _find_predicates(trigger: Trigger, cast: Cast) -> list[int]:
    nodes = [trigger.token]
    for i in range(trigger.token + 1, min(trigger.token + NEAR, len(cast.tokens))):
        if cast.tokens[i].start >= trigger.span.end:
            break
        if cast.tokens[i].pos == "VERB":  # "devait se poser": the modal and what it carries
            nodes.append(i)
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
            and cast.lemmas[head] in cast.roles.light_verbs
        ):
            nodes.append(head)
    return nodes


def actors_of(trigger: Trigger, cast: Cast, attribution: Attribution | None) -> tuple[Actor, ...]:
    """The actors of a trigger, in the order of their parts; each name once.

    "We will meet" in a quotation is said of the one quoted: hence `attribution`.
    """
    nodes = predicates(trigger, cast)
    says = any(cast.is_reporting(node) for node in nodes)
    gives = any(cast.lemmas[node] in cast.roles.giving for node in nodes)
    hosted = any(cast.tokens[node].lemma.lower() in cast.roles.hosting for node in nodes)
    found: list[Actor] = []
    seen: set[str] = set()
    if attribution is not None and attribution.kind == "quote" and _speaks(nodes, cast):
        role = DOERS.get(trigger.type, "agent")
        found.append(Actor(attribution.span, attribution.source, role, "person"))
        seen.add(fold(attribution.source))
    for part, figure in _parts(trigger, nodes, cast):
        given = part == "recipient" and gives and figure.noun != "vehicle"
        if figure.node in nodes:
            continue
        meets = figure.noun is not None and cast.lemmas[figure.node] in cast.roles.gatherings
        if not given and not _fits(part, figure, trigger.type, says=says, meets=meets):
            continue
        if hosted and figure.place and trigger.type in APOLITICAL:
            continue  # "Paris will host the Games": where, not who
        if figure.town and trigger.type in APOLITICAL:
            # "Paris plans to stage its Games": the city, not the government that sits there.
            figure = replace(figure, name=figure.town)
        key = fold(figure.name)
        if key in seen:
            continue
        seen.add(key)
        role = _role(part, figure, trigger.type)
        found.append(Actor(figure.span, figure.name, role, figure.kind))
    if len(found) == 1:
        return tuple(found)
    return tuple(actor for actor in found if not _is_named_in_full(actor, found))


def _is_named_in_full(actor: Actor, actors: list[Actor]) -> bool:
    """Another actor of the event bears this name and more: "rebelles" beside "rebelles syriens".

    A trade is no name: "le ministre" and "le premier ministre" are two.
    """
    if actor.kind == "person" and actor.name == actor.name.lower():
        return False
    words = set(fold(actor.name).split())
    return any(
        other.kind == actor.kind and words < set(fold(other.name).split()) for other in actors
    )


def _speaks(nodes: list[int], cast: Cast) -> bool:
    """The subject of a predicate, or of what carries it, is the first person."""
    for node in nodes:
        for each in (node, *cast.tree.ancestors(node)):
            own = cast.tree.below(each, cast.tree.labels.subject)
            if own:
                if any(cast.folded[i] in cast.roles.first_person for i in own):
                    return True
                break
    return False


def _parts(trigger: Trigger, nodes: list[int], cast: Cast) -> Iterator[tuple[Part, Figure]]:
    for node in nodes:
        # "Lancé le 14 mars": at the head of a sentence the tagger takes a participle for a name.
        pairs = [] if cast.tokens[node].pos == "NOUN" else [*_of_verb(node, cast)]
        pairs += [] if cast.tokens[node].pos in VERBAL else [*_of_noun(node, cast)]
        for part, noun in pairs:
            figures = cast.figures(noun)
            for figure in figures:
                yield part, figure
            if not figures and noun not in nodes and part in {"doer", "undergoer"}:
                yield from _owners(noun, cast)
    if trigger.type in {"toll", "disaster"}:
        yield from _counted(nodes[0], cast)


def _of_verb(verb: int, cast: Cast) -> Iterator[tuple[Part, int]]:
    tree, roles = cast.tree, cast.roles
    subjects, passive = cast.subjects(verb)
    objects = cast.objects(verb)
    if not any(cast.figures(subject) for subject in subjects):
        subjects = [*subjects, *(s for s in cast.lost_subject(verb) if s not in subjects)]
    for subject in subjects:
        yield ("undergoer" if passive else "doer"), subject
    for noun in objects:
        for each in tree.conjuncts(noun):
            if cast.tokens[each].pos in NOMINAL:
                yield "undergoer", each
    done = False
    for preposition, noun in cast.obliques(verb):
        word = fold(preposition)
        if word in roles.agent_prepositions:
            done = True
            yield "doer", noun
        elif word in roles.partners:
            yield "partner", noun
        elif word in roles.opponents:
            yield "undergoer", noun
        elif word in roles.recipients:
            name = cast.name_at(noun)
            if name is None or name.label != "LOC" or _is_given(word, verb, cast):
                yield "recipient", noun
        elif cast.folded[noun] in roles.auspices:
            yield from (("partner", other) for of, other in tree.obliques(noun) if of in roles.of)
    if passive and not done and (agent := cast.lost_agent(verb)) is not None:
        yield "doer", agent


def _is_given(preposition: str, verb: int, cast: Cast) -> bool:
    """What goes to a place by this verb goes to who lives there or governs: "awarded to Paris".

    "À Bruxelles" mostly says where, "flew to Paris" whereto.
    """
    roles = cast.roles
    if cast.lemmas[verb] in roles.giving:
        return True
    return preposition not in roles.locatives and cast.lemmas[verb] not in roles.motion


def _of_noun(noun: int, cast: Cast) -> Iterator[tuple[Part, int]]:
    tree, roles = cast.tree, cast.roles
    for preposition, other in tree.obliques(noun):
        word = fold(preposition)
        if word in roles.agent_prepositions:
            yield "doer", other
        elif word in roles.partners:
            yield "partner", other
        elif word in roles.opponents:
            yield "undergoer", other
        elif word in roles.of and cast.noun_kind(noun) == "organisation":
            continue  # "Conseil des ministres": no minister of his own
        elif word in roles.of:
            yield "owner", other
            # "l'exécution de civils par des miliciens": the agent may hang on the one executed
            yield from (
                ("doer", agent)
                for by, agent in tree.obliques(other)
                if by in roles.agent_prepositions
            )
    for possessor in tree.below(noun, tree.labels.possessor):
        yield "owner", possessor
    for clause in tree.below(noun, tree.labels.participle_clause):
        for word, other in cast.obliques(clause):
            if word in roles.agent_prepositions:
                yield "doer", other


def _owners(noun: int, cast: Cast) -> Iterator[tuple[Part, Figure]]:
    """Whose a thing is that acts or suffers: "l'offensive du régime", "the army's advance"."""
    for part, other in _of_noun(noun, cast):
        for figure in cast.figures(other):
            if not figure.place and part in {"owner", "doer"}:
                yield part, figure


def _counted(node: int, cast: Cast) -> Iterator[tuple[Part, Figure]]:
    """The dead or hurt that a toll counts, wherever its clause puts them."""
    for i in cast.tree.subtree(node, without=cast.tree.labels.relative_clause):
        if cast.noun_kind(i) == "victim":
            before = cast.folded[max(0, i - SOME_OF) : i]
            if not cast.roles.including.isdisjoint(before):
                continue  # "413 civils, dont 45 enfants"
            for figure in cast.figures(i):
                if figure.counted:
                    yield "undergoer", figure


def _fits(part: Part, figure: Figure, kind: EventType, *, says: bool, meets: bool) -> bool:
    """Whether a figure in this part is an actor of this kind of event.

    `says`: the act is to say so, which a country does of its dead as of anything else. `meets`: a
    noun for a gathering names it.
    """
    listens = figure.kind == "group" or figure.noun == "organisation"
    if says and kind == "statement" and part == "undergoer" and listens:
        return False  # "told reporters", "told a radio station"
    if says and kind == "statement" and part == "recipient":
        return figure.kind in {"person", "government"}  # "a dit à l'Assemblée"
    if part == "undergoer" and meets:
        return False  # "a proposé une conférence": a thing, where it decides it is a body
    if figure.noun == "vehicle":
        return part in {"doer", "undergoer"} and kind in {"disaster", "other", "society"}
    if figure.kind == "other" and not figure.place:
        return part in {"doer", "partner"}
    if figure.place:
        if kind in STRIKES:
            acts = kind in {"attack", "control"} or says
            return part == "doer" and figure.kind == "government" and acts
        if part == "doer":
            return True
        if figure.kind == "other":
            return False
        return part == "partner" or (part in {"undergoer", "recipient"} and kind in ADDRESSED)
    if part == "recipient":
        return kind in ADDRESSED or figure.kind == "person"
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
