"""Where an event without a place of its own happens: what the sentences around it let one say."""

from __future__ import annotations

import re
from dataclasses import replace

from events.extraction import gazetteer
from events.extraction.annotations import SPEECH, EventType, Place, Trigger
from events.extraction.fill.actors import VERBAL
from events.extraction.fill.cast import Cast, Site
from events.extraction.fill.sites import governor, located, place_at, prepositions_of, sites_of
from events.extraction.lexicon.names import fold_often
from events.extraction.lexicon.roles import fold

GROUNDED: frozenset[EventType] = frozenset({"attack", "control", "aid"})
# What happens at a place rather than between people.
PHYSICAL: frozenset[EventType] = GROUNDED | {"disaster", "toll", "economy", "society", "other"}
LEADING = 2  # sentences in which the place is named that a dispatch is about
# The kinds of place that a dispatch may be about, and how often it names it at least.
TOPICS = ((frozenset({"point"}), 2), (frozenset({"city", "region"}), 3))
OPENING = 4  # tokens of a sentence in which a place said first holds for all of it


def opening(trigger: Trigger, cast: Cast) -> list[Place]:
    """The places set before every verb of the sentence: "A New York, l'Assemblée a exigé".

    They hold behind a colon or semicolon too, where they may also stand, but not for what
    somebody else does meanwhile ("tandis que").
    """
    first, _ = cast.sentence(trigger.token)
    found: list[Place] = []
    while not found:
        starts = [i + 1 for i in range(first, trigger.token) if cast.tokens[i].text == ":"]
        for start in [*reversed(starts), first]:
            found = [
                s.place for s in sites_of(*cast.sentence(first), cast) if _opens(s, start, cast)
            ]
            if found:
                break
        if found or not first or cast.tokens[first - 1].text != ";":
            break
        first, _ = cast.sentence(first - 1)
    meanwhile = any(
        cast.folded[i] in cast.roles.contrast and cast.tokens[i + 1].pos != "VERB"
        for i in range(first, trigger.token)
    )
    return [] if meanwhile else found


def _opens(site: Site, start: int, cast: Cast) -> bool:
    if not start <= site.first <= start + OPENING:
        return False
    if not prepositions_of(site.first, cast) & cast.roles.locatives:
        return False
    head = governor(site.node, cast)
    if start <= head < site.first and cast.noun_kind(head) is not None:
        return False  # "Prosecutors in Brazil": whose they are
    # "A New York": without its accent the tagger may take the preposition for a verb.
    return not any(
        cast.tokens[i].pos in {"VERB", "AUX"} or "VerbForm=Part" in cast.tokens[i].morph
        for i in range(start, site.first)
        if cast.folded[i] not in cast.roles.locatives
    )


def around(trigger: Trigger, cast: Cast, sites: list[Site]) -> list[Place]:
    """The one place that the sentence names, for what happens on a ground: fights and relief."""
    if trigger.type not in GROUNDED:
        return []
    placed = [
        site.place
        for site in sites
        if prepositions_of(site.first, cast) & (cast.roles.locatives | cast.roles.of)
        and not _is_of_other_act(site, trigger, cast)
        and not gazetteer.country_of(site.place.name, cast.language)
    ]
    return placed if len(placed) == 1 else []


def of_nation(trigger: Trigger, nodes: list[int], cast: Cast) -> list[Place]:
    """The country of what holds for a whole one: "a décrété l'état d'urgence", "the curfew".

    It is the one whose president or people the sentence names, else that which the dispatch
    names most.
    """
    if trigger.type != "politics":
        return []
    said = {*nodes, *(i for core in trigger.core for i in cast.inside(core))}
    said |= {noun for node in nodes for noun in cast.objects(node)}
    of = cast.roles.of
    said |= {noun for node in said for word, noun in cast.tree.obliques(node) if word in of}
    if not any(cast.folded[i] in cast.roles.nationwide for i in said):
        return []
    beside = {cast.folded[child] for node in said for child in cast.tree.children[node]}
    if not beside.isdisjoint(cast.roles.worldwide):
        return []
    first, last = cast.sentence(trigger.token)
    here = {cast.roles.demonyms[w] for w in cast.folded[first:last] if w in cast.roles.demonyms}
    here |= {site.place.country for site in sites_of(first, last, cast)} - {""}
    most = cast.countries.most_common(2)
    if not here and most and (len(most) == 1 or most[0][1] > most[1][1]):
        here = {most[0][0]}
    if len(here) != 1:
        return []
    return [located(trigger.span, gazetteer.country_name(here.pop(), cast.language), cast)]


def _is_of_other_act(site: Site, trigger: Trigger, cast: Cast) -> bool:
    """The verb above the place is another event: what came after, or elsewhere."""
    above = next((h for h in cast.tree.ancestors(site.node) if cast.tokens[h].pos == "VERB"), -1)
    return above in cast.events and above != trigger.token


def of_topic(trigger: Trigger, cast: Cast) -> list[Place]:
    """The one building, canal or stadium that the dispatch is all about, for what is done there;
    for fights, relief and disasters the one town or region."""
    if trigger.type not in PHYSICAL:
        return []
    if cast.topics is None:
        cast.topics = tuple(_topic(kinds, again, cast) for kinds, again in TOPICS)
    site, town = cast.topics
    return site or (town if trigger.type in GROUNDED | {"disaster"} else [])


def _topic(kinds: frozenset[str], again: int, cast: Cast) -> list[Place]:
    """The place of these kinds that one of the first sentences names, if it is named so many
    times and no other as often."""
    line = cast.document.dateline
    begin = line.span.end if line is not None else 0
    told: dict[str, list[int]] = {}
    places: dict[str, Place] = {}
    at = number = 0
    while at < len(cast.tokens):
        first, last = cast.sentence(at)
        at = max(last, at + 1)
        if cast.tokens[last - 1].end <= begin:
            continue
        for site in sites_of(first, last, cast):
            known = site.place.kind == "point" or site.place.country
            if site.place.kind in kinds and known:
                key = fold_often(site.place.name)
                told.setdefault(key, []).append(number)
                places.setdefault(key, site.place)
        number += 1
    ranked = sorted(told, key=lambda key: -len(told[key]))
    counts = [len(told[key]) for key in ranked]
    alone = len(counts) == 1 or (len(counts) > 1 and counts[1] < counts[0])
    if alone and counts[0] >= again and told[ranked[0]][0] < LEADING:
        return [places[ranked[0]]]
    return []


def of_dateline(trigger: Trigger, cast: Cast) -> list[Place]:
    """Where a correspondent writes from is where the first sentence says that it was done.

    Words and money travel: a call, a statement, a share is of no town for that. A clause below
    the main one tells what led there, as often elsewhere.
    """
    dateline = cast.document.dateline
    if dateline is None or dateline.place is None or trigger.type in SPEECH | {"economy"}:
        return []
    first, _ = cast.sentence(trigger.token)
    between = cast.text[dateline.span.end : cast.tokens[first].start]
    main = cast.tree.first_conjunct(trigger.token)
    if between.strip() or cast.tokens[main].head != main or trigger.span.start < dateline.span.end:
        return []
    name = dateline.place.of(cast.text)
    shown = _in_small_letters(name, cast) if name.isupper() else name
    return [located(dateline.place, shown, cast)]


def _in_small_letters(name: str, cast: Cast) -> str:
    """ "SEYNE-LES-ALPES" as it is written elsewhere: "Seyne-les-Alpes"."""
    words = re.split(r"([ \-])", name)
    return "".join(
        word.lower() if n and fold(word) in cast.roles.determiners else word.capitalize()
        for n, word in enumerate(words)
    )


def resumed(trigger: Trigger, nodes: list[int], cast: Cast) -> list[Place]:
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


def taken_up(nodes: list[int], cast: Cast) -> list[Place]:
    """The place that "y" or "there" in the clause means: the last one said before."""
    for verb in nodes:
        for child in cast.tree.children[verb]:
            if cast.folded[child] in cast.roles.there and cast.tokens[child].dep != "expl":
                meant = _place_before(child, cast)
                if meant is not None:
                    return [replace(meant, span=cast.span(child, child + 1))]
    return []


def _place_before(node: int, cast: Cast) -> Place | None:
    """The place that its sentence, or else the one before, names ahead of a token.

    Of several only the one that leads the sentence is sure to be meant.
    """
    first, last = cast.sentence(node)
    before = cast.sentence(max(0, first - 1))
    for start, end in ((first, last), before):
        named = [site for site in sites_of(start, end, cast) if site.first < node]
        if named:
            sure = len(named) == 1 or named[0].first - start <= OPENING
            return named[0].place if sure else None
    return None
