"""Where it happened: the places that the text puts the event in, located when certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast as typed

from events.extraction import gazetteer
from events.extraction.annotations import Actor, EventType, Place, PlaceKind, Span, Trigger
from events.extraction.fill.actors import ADDRESSED, STRIKES, VERBAL, predicates
from events.extraction.fill.cast import Cast, Site
from events.extraction.fill.names import Name
from events.extraction.lexicon.names import fold_often
from events.extraction.lexicon.roles import fold

LONGEST_LINK = 3  # tokens between a noun for a site and its name: "de la"
SPOKEN: frozenset[EventType] = frozenset({"statement", "call", "refusal", "threat"})
GROUNDED: frozenset[EventType] = frozenset({"attack", "control", "aid"})
BESIDE = 5  # tokens after a verb where its object is looked for when the tree lost it
OPENING = 4  # tokens of a sentence in which a place said first holds for all of it
_NO_PREPOSITION = frozenset({"NOUN", "PROPN", "PUNCT", "VERB", "AUX"})
KNOWN_KINDS: frozenset[str] = frozenset({"point", "district", "city", "region", "country"})


def places_of(trigger: Trigger, cast: Cast, actors: tuple[Actor, ...]) -> tuple[Place, ...]:
    """The places of a trigger, the nearest said: its own clause's, else its sentence's opening."""
    nodes = predicates(trigger, cast)
    nodes += [node for node in _told_by(nodes[0], cast) if node not in nodes]
    nodes += [node for node in _carriers(nodes[0], cast) if node not in nodes]
    nodes += [node for node in _carried(nodes, cast) if node not in nodes]
    first, last = cast.sentence(trigger.token)
    taken = {actor.span for actor in actors}
    own: list[Place] = []
    opening: list[Place] = []
    sites = _sites_of(first, last, cast)
    for site in sites:
        if site.place.span in taken and not _is_scene(site, nodes, trigger, cast):
            continue
        if _is_own(site, nodes, trigger, cast):
            own.append(site.place)
        elif _opens(site, first, cast):
            opening.append(site.place)
    found: dict[str, Place] = {}
    told = own or opening or _taken_up(nodes, cast) or _around(trigger, cast, sites)
    for place in told or _resumed(trigger, nodes, cast) or _of_dateline(trigger, cast):
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


def _around(trigger: Trigger, cast: Cast, sites: list[Site]) -> list[Place]:
    """The one place that the sentence names, for what happens on a ground: fights and relief."""
    if trigger.type not in GROUNDED:
        return []
    placed = [
        site.place
        for site in sites
        if _prepositions(site.first, cast) & (cast.roles.locatives | cast.roles.of)
        and not gazetteer.country_of(site.place.name, cast.language)
    ]
    return placed if len(placed) == 1 else []


def _of_dateline(trigger: Trigger, cast: Cast) -> list[Place]:
    """Where a correspondent writes from is where the first sentence says that it was done.

    Words travel: a call or a statement is of no town for that. A clause below the main one tells
    what led there, as often elsewhere.
    """
    dateline = cast.document.dateline
    if dateline is None or dateline.place is None or trigger.type in SPOKEN:
        return []
    first, _ = cast.sentence(trigger.token)
    between = cast.text[dateline.span.end : cast.tokens[first].start]
    main = cast.tree.first_conjunct(trigger.token)
    if between.strip() or cast.tokens[main].head != main or trigger.span.start < dateline.span.end:
        return []
    name = dateline.place.of(cast.text)
    shown = _in_small_letters(name, cast) if name.isupper() else name
    return [_located(dateline.place, shown, cast)]


def _in_small_letters(name: str, cast: Cast) -> str:
    """ "SEYNE-LES-ALPES" as it is written elsewhere: "Seyne-les-Alpes"."""
    words = re.split(r"([ \-])", name)
    return "".join(
        word.lower() if n and fold(word) in cast.roles.determiners else word.capitalize()
        for n, word in enumerate(words)
    )


def _resumed(trigger: Trigger, nodes: list[int], cast: Cast) -> list[Place]:
    """Where "l'opération", "the search" goes on: the place last told in the paragraph before."""
    if trigger.type not in GROUNDED | {"disaster"}:
        return []
    for verb in nodes:
        for noun in cast.subjects(verb)[0] if cast.tokens[verb].pos in VERBAL else [verb]:
            definite = any(cast.folded[c] in cast.roles.definite for c in cast.tree.children[noun])
            if not definite or cast.tree.obliques(noun) or cast.noun_kind(noun) is not None:
                continue
            meant = cast.last_place(noun)
            if meant is not None and "\n" not in cast.words_between(meant.last, noun):
                place = place_at(meant.first, meant.last, cast)
                return [replace(place, span=cast.span(noun, noun + 1))]
    return []


def _taken_up(nodes: list[int], cast: Cast) -> list[Place]:
    """The place that "y" or "there" in the clause means: the last one said before."""
    for verb in nodes:
        for child in cast.tree.children[verb]:
            if cast.folded[child] in cast.roles.there and cast.tokens[child].dep != "expl":
                meant = _place_before(child, cast)
                if meant is not None:
                    place = place_at(meant.first, meant.last, cast)
                    return [replace(place, span=cast.span(child, child + 1))]
    return []


def _place_before(node: int, cast: Cast) -> Name | None:
    """The place that its sentence, or else the one before, names ahead of a token.

    Of several only the one that leads the sentence is sure to be meant.
    """
    first, _ = cast.sentence(node)
    for start, end in ((first, node), (cast.sentence(max(0, first - 1))[0], first)):
        named = [n for n in cast.names if n.label == "LOC" and start <= n.first < end]
        if named:
            return named[0] if len(named) == 1 or named[0].first - start <= OPENING else None
    return None


def _sites_of(first: int, last: int, cast: Cast) -> list[Site]:
    """The places of a sentence: all its triggers ask for the same."""
    key = first, last
    if key not in cast.sites:
        cast.sites[key] = list(_sites(first, last, cast))
    return cast.sites[key]


def _sites(first: int, last: int, cast: Cast) -> Iterator[Site]:
    """The places that tokens [first, last) name, or mean by "la capitale"."""
    i = first
    while i < last:
        name = cast.name_at(i)
        if name is None or (cast.is_temporal(name.first) and name.last - name.first > 1):
            if cast.folded[i] not in cast.roles.place_nouns:
                i += 1
                continue
            end = _end_of_site(i, last, cast)
            if end:
                yield Site(i, end, i, place_at(i, end, cast))
                i = end
                continue
            meant = cast.place_meant(i)
            if meant is not None:
                place = replace(place_at(meant.first, meant.last, cast), span=cast.span(i, i + 1))
                yield Site(i, i + 1, i, place)
            i += 1
            continue
        if name.label == "LOC" or (name.label == "ORG" and _is_building(name, cast)):
            inside = range(name.first, name.last)
            node = next((n for n in inside if cast.tokens[n].head not in inside), name.first)
            yield Site(name.first, name.last, node, place_at(name.first, name.last, cast))
        i = max(name.last, i + 1)


def _end_of_site(noun: int, last: int, cast: Cast) -> int:
    """The end of a site named by its kind, "l'église de la Madeleine"; 0 if it is none."""
    if cast.roles.place_nouns.get(cast.folded[noun]) != "point":
        return 0
    i = noun + 1
    while i < last and (cast.folded[i] in cast.roles.of or cast.tokens[i].pos == "DET"):
        i += 1
    if i >= last or i - noun > LONGEST_LINK:
        return 0
    name = cast.name_at(i)
    if name is not None:
        return name.last if name.label != "PER" or i == noun + 1 else 0
    end = i
    while end < last and cast.tokens[end].pos == "PROPN" and cast.tokens[end].text[:1].isupper():
        end += 1
    return end if end > i else 0


def _is_building(name: Name, cast: Cast) -> bool:
    """A body that is named by its house: "au ministère du Travail", "at Cologne Cathedral"."""
    kinds = [cast.roles.place_nouns.get(w) for w in cast.folded[name.first : name.last]]
    if kinds[0] == "point" and cast.folded[name.first] in cast.roles.markets:
        return True  # "la Bourse de Paris"
    return "point" in kinds and bool(_prepositions(name.first, cast) & cast.roles.locatives)


def _prepositions(first: int, cast: Cast) -> frozenset[str]:
    """What introduces the phrase that begins at token `first`, its determiner set aside."""
    known = cast.prepositions.get(first)
    if known is None:
        known = cast.prepositions[first] = frozenset(_find_prepositions(first, cast))
    return known


def _find_prepositions(first: int, cast: Cast) -> set[str]:
    i = first - 1
    roles = cast.roles
    while i >= 0 and (
        _is_mere_determiner(cast.folded[i], cast)
        or (cast.tokens[i].pos == "NOUN" and cast.folded[i] in roles.place_nouns)
        or cast.tokens[i].pos in {"DET", "ADJ"}
        or (cast.tokens[i].text == "," and i and _is_place_noun(i - 1, cast))  # "the capital, X"
    ):
        i -= 1
    if i < 0:
        return set()
    if i and cast.folded[i] in roles.of and _is_beside(i - 1, cast):
        return set()
    if i and cast.folded[i] in roles.of and _is_part(i - 1, cast):
        # "dans la partie orientale d'Alep", "in the north of Mali"
        part = next(j for j in range(i - 1, -1, -1) if cast.tokens[j].pos == "NOUN")
        return {cast.folded[i], *_prepositions(part, cast)}
    if i and cast.folded[i - 1] in roles.not_where:
        return set()  # "quant à Nantes"
    if cast.tokens[i].text.istitle() and cast.folded[i] in roles.locatives:
        return {cast.folded[i]}  # "A New York": without its accent the tagger takes it for a noun
    return set() if cast.tokens[i].pos in _NO_PREPOSITION else {cast.folded[i]}


def _is_mere_determiner(word: str, cast: Cast) -> bool:
    roles = cast.roles
    return word in roles.determiners and word not in roles.of and word not in roles.locatives


def _is_part(i: int, cast: Cast) -> bool:
    """A noun for a part of a place stands here, or before the adjective that does."""
    while i > 0 and cast.tokens[i].pos == "ADJ":
        i -= 1
    return cast.tokens[i].pos == "NOUN" and cast.folded[i] in cast.roles.place_parts


def _is_beside(part: int, cast: Cast) -> bool:
    """ "Au nord de Damas", "east of Kathmandu": near a place, and not in it."""
    if cast.folded[part] not in cast.roles.directions or not part:
        return False
    before = cast.folded[part - 1]
    if before in cast.roles.elided and part > 1:
        return cast.folded[part - 2] in cast.roles.beside
    return before in cast.roles.beside or before not in cast.roles.determiners


def _is_own(site: Site, nodes: list[int], trigger: Trigger, cast: Cast) -> bool:
    """The place belongs to the predicates: by the tree, or as the last said before it."""
    tree, labels, roles = cast.tree, cast.tree.labels, cast.roles
    node = tree.first_conjunct(site.node)
    above = cast.tokens[node].head
    if cast.tokens[node].dep in labels.apposition and _is_place_noun(above, cast):
        node = above  # "in the capital, Maputo"
    prepositions = _prepositions(site.first, cast)
    if node != site.node:
        prepositions |= _prepositions(node, cast)
    head = _governor(node, cast)
    if _is_where(site, nodes, cast):
        return True
    if prepositions & roles.destinations:
        verb = head if head in nodes else _clause(site.node, nodes, cast)
        moved = trigger.type in GROUNDED | {"disaster"}  # "airlifting supplies to Beira"
        return verb in nodes and (moved or not tree.below(verb, labels.object))
    if prepositions & roles.locatives:
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


def _of_predicate(head: int, nodes: list[int], trigger: Trigger, cast: Cast) -> bool:
    """Whether "of X" says where: the event is of X, or a place or someone that it befalls."""
    if head in nodes:
        return True
    befallen = cast.tree.labels.object | cast.tree.labels.passive_subject
    for _ in range(3):
        above = _governor(head, cast)
        if _is_place_noun(head, cast) and (above in nodes or _clause(head, nodes, cast) in nodes):
            return True
        kind = cast.noun_kind(head)
        if kind == "person":
            return False  # "Russia's ambassador was shot": his country, wherever he was
        suffers = trigger.type in STRIKES or kind == "victim"
        if above in nodes and (cast.tokens[head].dep in befallen or suffers):
            return True
        if above == head or not (_is_place_noun(head, cast) or cast.noun_kind(head)):
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
        if token.dep in labels.noun_with_case and token.head in nodes:
            return True  # "ont fêté lundi soir, place d'Armes, l'équipe"
    # "a dévasté samedi le Népal a fait": the object that the tree gave to the next verb
    beside = any(0 < site.first - verb < BESIDE for verb in nodes)
    introduced = cast.folded[site.first - 1] in cast.roles.of or _prepositions(site.first, cast)
    return beside and trigger.type in STRIKES and not introduced


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


def _governor(node: int, cast: Cast) -> int:
    """The head of a noun, past the preposition that carries it and dates that stand between."""
    head = cast.tokens[node].head
    if cast.tokens[node].dep in cast.tree.labels.prepositional_object:
        head = cast.tokens[head].head
    for _ in range(2):
        if cast.is_temporal(head):
            head = cast.tokens[head].head
    return head


def _last_verb(before: int, nodes: list[int], cast: Cast) -> int | None:
    """The nearest verb or predicate before a token, in its sentence."""
    first, _ = cast.sentence(before)
    for i in range(before - 1, first - 1, -1):
        if i in nodes or cast.tokens[i].pos == "VERB":
            return i
    return None


def _opens(site: Site, first: int, cast: Cast) -> bool:
    """A place set before every verb of the sentence: "A New York, l'Assemblée a exigé"."""
    if not _prepositions(site.first, cast) & cast.roles.locatives:
        return False
    head = _governor(site.node, cast)
    if first <= head < site.first and cast.noun_kind(head) is not None:
        return False  # "Prosecutors in Brazil": whose they are
    return site.first - first <= OPENING and all(
        cast.tokens[i].pos not in {"VERB", "AUX"} or cast.tokens[i].text.istitle()
        for i in range(first, site.first)
    )


def place_at(first: int, last: int, cast: Cast) -> Place:
    """The place named by tokens [first, last), with what the gazetteer knows of it."""
    span, name = cast.span(first, last), cast.words(first, last)
    return _located(span, name, cast, _kind_before(first, cast))


def _located(span: Span, name: str, cast: Cast, kind: PlaceKind = "city") -> Place:
    """The place of this name, of this kind where the gazetteer does not know it."""
    known = gazetteer.locate(name, cast.language, cast.countries)
    if known is None:
        return Place(span, name, kind)
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
