"""Where it happened: the places that the text puts the event in."""

from __future__ import annotations

from collections.abc import Iterator

from events.extraction import gazetteer
from events.extraction.annotations import SPEECH, Actor, Place, Span, Trigger
from events.extraction.fill.actors import ADDRESSED, STRIKES, VERBAL, predicates
from events.extraction.fill.cast import Cast, Site
from events.extraction.fill.scenes import (
    GROUNDED,
    around,
    of_dateline,
    of_nation,
    of_topic,
    opening,
    resumed,
    taken_up,
)
from events.extraction.fill.sites import governor, is_place_noun, prepositions_of, sites_of
from events.extraction.lexicon.names import fold_often

BESIDE = 5  # tokens after a verb where its object is looked for when the tree lost it


def places_of(trigger: Trigger, cast: Cast, actors: tuple[Actor, ...]) -> tuple[Place, ...]:
    """The places of a trigger, the nearest said: its own clause's, else its sentence's opening."""
    nodes = predicates(trigger, cast)
    nodes += [node for node in _told_by(nodes[0], cast) if node not in nodes]
    nodes += [node for node in _carriers(nodes[0], cast) if node not in nodes]
    nodes += [node for node in _carried(nodes, cast) if node not in nodes]
    nodes += [node for node in _completing(nodes[0], cast) if node not in nodes]
    first, last = cast.sentence(trigger.token)
    taken = {actor.span for actor in actors}
    sites = sites_of(first, last, cast)
    own = [
        site.place
        for site in sites
        if (site.place.span not in taken or _is_scene(site, nodes, trigger, cast))
        and _is_own(site, nodes, trigger, cast)
    ]
    found: dict[str, Place] = {}
    told = own or taken_up(nodes, cast) or opening(trigger, cast) or around(trigger, cast, sites)
    told = told or resumed(trigger, nodes, cast) or of_dateline(trigger, cast)
    for place in told or of_topic(trigger, cast) or of_nation(trigger, nodes, cast):
        found.setdefault(fold_often(place.name), place)
    return tuple(found.values())


def _told_by(noun: int, cast: Cast) -> Iterator[int]:
    """The verb of which an event noun is the subject: "des heurts ont éclaté devant le port"."""
    token = cast.tokens[noun]
    subject = token.pos == "NOUN" and token.dep in cast.tree.labels.any_subject
    if subject and not cast.is_reporting(token.head):
        yield token.head


def _carriers(verb: int, cast: Cast) -> Iterator[int]:
    """The modal and aspect verbs above an infinitive: "devaient quitter"."""
    for head in cast.tree.ancestors(verb):
        if cast.tokens[verb].dep not in cast.tree.labels.open_complement:
            return
        yield head
        verb = head


def _carried(verbs: list[int], cast: Cast) -> list[int]:
    """The infinitives that complete a verb: "voted to send monitors"."""
    return [
        node
        for verb in verbs
        for node in cast.tree.below(verb, cast.labels.open_complement)
        if "VerbForm=Inf" in cast.tokens[node].morph
    ]


def _completing(noun: int, cast: Cast) -> list[int]:
    """The participles that tell more of an event noun: "a pact reached in Geneva"."""
    if cast.tokens[noun].pos != "NOUN":
        return []
    return cast.tree.below(noun, cast.labels.participle_clause)


def _is_own(site: Site, nodes: list[int], trigger: Trigger, cast: Cast) -> bool:
    """The place belongs to the predicates: by the tree, or as the last said before it."""
    tree, labels, roles = cast.tree, cast.tree.labels, cast.roles
    node = tree.first_conjunct(site.node)
    above = cast.tokens[node].head
    if cast.tokens[node].dep in labels.apposition and is_place_noun(above, cast):
        node = above  # "in the capital, Maputo"
    prepositions = prepositions_of(site.first, cast)
    if node != site.node:
        prepositions |= prepositions_of(node, cast)
    head = governor(node, cast)
    if _is_where(site, nodes, cast):
        return True
    if _is_of_other(node, nodes, cast):
        return False
    if prepositions & (roles.destinations | roles.bound):
        verb = head if head in nodes else _clause(site.node, nodes, cast)
        if verb in nodes and cast.lemmas[verb] in roles.motion:
            return True
        if prepositions & roles.bound:
            return False
        moved = trigger.type in GROUNDED | {"disaster"}  # "airlifting supplies to Beira"
        return verb in nodes and (moved or not tree.below(verb, labels.object))
    if prepositions & roles.locatives:
        doers = {noun for verb in nodes for noun in cast.subjects(verb)[0]}
        if head < site.first <= min(nodes) and cast.noun_kind(head) and head not in doers:
            return False  # "photographe au Théâtre national, elle tourne"
        if any(_is_told_in(core, site, cast) for core in trigger.core):
            return True
        clause = _clause(site.node, nodes, cast)
        if head in nodes or clause in nodes:
            return True
        # "after its ambassador in Ankara was shot": the tree knows the verb that comes.
        coming = clause > site.first and cast.tokens[clause].pos in VERBAL
        return not coming and _last_verb(site.first, nodes, cast) in nodes
    if head in nodes and (
        cast.tokens[node].dep in labels.name_part or cast.tokens[node].dep in labels.possessor
    ):
        return True  # "Geneva talks"
    if prepositions & roles.of and head in nodes and cast.tokens[head].pos in VERBAL:
        return True  # "parti de Barcelone"
    if prepositions & roles.of or cast.tokens[node].dep in labels.possessor:
        return _of_predicate(head, nodes, trigger, cast)
    return _is_scene(site, nodes, trigger, cast)


def _is_told_in(core: Span, site: Site, cast: Cast) -> bool:
    """The place stands in the words for the thing itself, in no clause of its own."""
    if not core.contains(site.place.span):
        return False
    between = range(cast.inside(core)[0], site.first)
    return not any("VerbForm=Inf" in cast.tokens[i].morph for i in between)


def _is_of_other(node: int, nodes: list[int], cast: Cast) -> bool:
    """An event noun below the predicates has it: "au lendemain de l'arrestation à Zurich"."""
    for head in cast.tree.ancestors(node):
        if head in nodes or cast.tokens[head].pos in {"VERB", "AUX"}:
            return False
        if head in cast.events and cast.tokens[head].pos == "NOUN":
            return True
    return False


def _of_predicate(head: int, nodes: list[int], trigger: Trigger, cast: Cast) -> bool:
    """Whether "of X" says where: the event is of X, or a place or someone that it befalls."""
    if head in nodes:
        return True
    befallen = cast.tree.labels.object | cast.tree.labels.passive_subject
    for _ in range(3):
        above = governor(head, cast)
        if is_place_noun(head, cast) and (above in nodes or _clause(head, nodes, cast) in nodes):
            return True
        kind = cast.noun_kind(head)
        if kind == "person":
            return False  # "Russia's ambassador was shot": his country, wherever he was
        suffers = trigger.type in STRIKES or kind == "victim"
        told = cast.tokens[head].dep in befallen and trigger.type not in SPEECH
        if above in nodes and (told or suffers):
            return True
        if above == head or not (is_place_noun(head, cast) or cast.noun_kind(head)):
            return False
        head = above
    return False


def _is_scene(site: Site, nodes: list[int], trigger: Trigger, cast: Cast) -> bool:
    """The grammar makes the place itself subject or object of what happens there."""
    labels = cast.tree.labels
    node = cast.tree.first_conjunct(site.node)
    token = cast.tokens[node]
    if token.head in nodes and (token.dep in labels.object or token.dep in labels.passive_subject):
        power = gazetteer.country_of(site.place.name, cast.language) or gazetteer.governed_from(
            site.place.name, cast.language
        )
        return trigger.type in STRIKES or not (power and trigger.type in ADDRESSED | {"politics"})
    if trigger.type in {"toll", "disaster"} or any(_hosts(verb, cast) for verb in nodes):
        for verb in nodes:
            if cast.tokens[verb].pos in VERBAL and node in cast.tree.subjects(verb)[0]:
                return True
    if cast.roles.place_nouns.get(cast.folded[site.first]) == "point":
        for verb in nodes:
            subjects, passive = cast.subjects(verb)
            if node in subjects and (passive or _has_town(site, cast)):
                return True  # "la tour Dharahara, bâtie en 1832", "la Bourse de Paris a bondi"
        by = _is_done_by(site, cast)
        if token.dep in labels.noun_with_case and token.head in nodes and not by:
            return True  # "ont fêté lundi soir, place d'Armes, l'équipe"
    # "a dévasté samedi le Népal a fait": the object that the tree gave to the next verb
    beside = any(0 < site.first - verb < BESIDE for verb in nodes)
    introduced = cast.folded[site.first - 1] in cast.roles.of or prepositions_of(site.first, cast)
    return beside and trigger.type in STRIKES and not introduced


def _is_done_by(site: Site, cast: Cast) -> bool:
    return bool(prepositions_of(site.first, cast) & cast.roles.agent_prepositions)


def _has_town(site: Site, cast: Cast) -> bool:
    """A site is named after the town where it stands: "le port du Havre"."""
    return any(
        cast.folded[i - 1] in cast.roles.of
        and gazetteer.locate(cast.words(i, site.last), cast.language, cast.countries)
        for i in range(site.first + 1, site.last)
    )


def _is_where(site: Site, nodes: list[int], cast: Cast) -> bool:
    """ "Syntagma Square, where thousands celebrated": the clause that the place carries."""
    for verb in nodes:
        for node in (verb, *cast.tree.ancestors(verb)):
            if cast.tokens[node].dep in cast.tree.labels.relative_clause:
                if cast.tokens[node].head not in range(site.first, site.last):
                    break
                return any(
                    cast.folded[i] in cast.roles.where for i in range(site.last, site.last + 3)
                )
    return False


def _hosts(verb: int, cast: Cast) -> bool:
    return cast.tokens[verb].lemma.lower() in cast.roles.hosting


def _last_verb(before: int, nodes: list[int], cast: Cast) -> int | None:
    """The nearest verb or predicate before a token, in its sentence."""
    first, _ = cast.sentence(before)
    for i in range(before - 1, first - 1, -1):
        if i in nodes or cast.tokens[i].pos == "VERB":
            return i
    return None


def _clause(node: int, nodes: list[int], cast: Cast) -> int:
    """The first predicate of the event, or else verb, above `node`."""
    for head in cast.tree.ancestors(node):
        if head in nodes:
            return head
        if cast.tokens[head].pos in VERBAL and cast.tokens[head].pos != "ADJ":
            return head
    return node
