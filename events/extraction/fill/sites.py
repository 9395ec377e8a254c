"""The places that a sentence names, by proper name or by kind, located when certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast as typed

from events.extraction import gazetteer
from events.extraction.annotations import Place, PlaceKind, Span
from events.extraction.fill.cast import Cast, Site
from events.extraction.fill.names import Name

LONGEST_LINK = 3  # tokens between a noun for a site and its name: "de la"
_QUOTE_OPENED = re.compile(r"""[«“"]\s?(?:[^\W\d]{1,3}(?:\s|['’]))?$""")  # with an article at most
_QUOTE_CLOSED = re.compile(r"""\s?[»”"]""")
_LEAD = 8  # characters beside a name in which marks enclose it
_NO_PREPOSITION = frozenset({"NOUN", "PROPN", "PUNCT", "VERB", "AUX"})
KNOWN_KINDS: frozenset[str] = frozenset({"point", "district", "city", "region", "country"})


def sites_of(first: int, last: int, cast: Cast) -> list[Site]:
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
            if cast.folded[i] not in cast.roles.site_nouns:
                i += 1
                continue
            end = _end_of_site(i, last, cast)
            if end:
                yield Site(i, end, i, place_at(i, end, cast))
                i = end
                continue
            people = _of_people(i, cast)
            if people is not None:
                yield people
                i = people.last
                continue
            meant = cast.place_meant(i)
            if meant is not None:
                place = replace(place_at(meant.first, meant.last, cast), span=cast.span(i, i + 1))
                yield Site(i, i + 1, i, place)
            i += 1
            continue
        named = name.label == "LOC" or (name.label == "ORG" and _is_building(name, cast))
        if named and not _is_work(name, cast):
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


def _of_people(noun: int, cast: Cast) -> Site | None:
    """A place that is called by its people: "la capitale iranienne", "Turkish soil", "the Malian
    border"."""
    roles = cast.roles
    word = cast.folded[noun]
    beside = [noun + 1, noun - 1]
    at = next(
        (i for i in beside if 0 <= i < len(cast.folded) and cast.folded[i] in roles.demonyms), -1
    )
    if at < 0 or cast.tokens[noun].pos not in {"NOUN", "PROPN"}:
        return None
    first, last = min(noun, at), max(noun, at) + 1
    span, code = cast.span(first, last), roles.demonyms[cast.folded[at]]
    if word in roles.capitals:
        place = located(span, gazetteer.capital_of(code, cast.language), cast)
    elif word in roles.soil:
        place = located(span, gazetteer.country_name(code, cast.language), cast)
    elif word in roles.edges:
        place = Place(span, cast.words(first, last), "region", code)
    else:
        return None
    return Site(first, last, noun, place)


def _is_work(name: Name, cast: Cast) -> bool:
    """The title of a work between quotation marks: "tourne « La Pointe courte »"."""
    start, end = cast.span(name.first, name.last)
    before = cast.text[max(0, start - _LEAD) : start]
    return bool(_QUOTE_OPENED.search(before) and _QUOTE_CLOSED.match(cast.text, end))


def _is_building(name: Name, cast: Cast) -> bool:
    """A body that is named by its house: "au ministère du Travail", "at Cologne Cathedral"."""
    kinds = [cast.roles.place_nouns.get(w) for w in cast.folded[name.first : name.last]]
    if kinds[0] == "point" and cast.folded[name.first] in cast.roles.markets:
        return True  # "la Bourse de Paris"
    return "point" in kinds and bool(prepositions_of(name.first, cast) & cast.roles.locatives)


def prepositions_of(first: int, cast: Cast) -> frozenset[str]:
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
        or (cast.tokens[i].text == "," and i and is_place_noun(i - 1, cast))  # "the capital, X"
    ):
        i -= 1
    if i < 0:
        return set()
    if i and cast.folded[i] in roles.of and _is_beside(i - 1, cast):
        return set()
    if i and cast.folded[i] in roles.of and _is_part(i - 1, cast):
        # "dans la partie orientale d'Alep", "in the north of Mali"
        part = next(j for j in range(i - 1, -1, -1) if cast.tokens[j].pos == "NOUN")
        return {cast.folded[i], *prepositions_of(part, cast)}
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


def place_at(first: int, last: int, cast: Cast) -> Place:
    """The place named by tokens [first, last), with what the gazetteer knows of it."""
    if first and cast.tokens[first - 1].text[:1].isupper():
        with_article = cast.words(first - 1, last)  # "La Réunion", "Le Mans"
        determined = cast.folded[first - 1] in cast.roles.determiners
        if determined and gazetteer.locate(with_article, cast.language, cast.countries):
            first -= 1
    span, name = cast.span(first, last), cast.words(first, last)
    place = located(span, name, cast, _kind_before(first, cast))
    if place.country:
        return place
    town = _town_of(first, last, cast)
    return replace(place, country=town.country, within=town.name) if town is not None else place


def _town_of(first: int, last: int, cast: Cast) -> Place | None:
    """The town whose a site is by its name: "une usine de Toulouse", but "rue de Paris"."""
    if cast.folded[first] in cast.roles.named_after or not is_place_noun(first, cast):
        return None
    at = next((i for i in range(last - 2, first, -1) if cast.folded[i] in cast.roles.of), last)
    if at == last:
        return None
    name = cast.words(at + 1, last)
    if article := cast.roles.contracted.get(cast.folded[at]):
        name = f"{article.capitalize()} {name}"  # "le port du Havre"
    town = located(cast.span(at + 1, last), name, cast)
    return town if town.kind == "city" and town.country else None


def located(span: Span, name: str, cast: Cast, kind: PlaceKind = "city") -> Place:
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


def is_place_noun(node: int, cast: Cast) -> bool:
    word = cast.tokens[node].lemma.lower()
    return word in cast.roles.place_nouns or cast.folded[node] in cast.roles.place_nouns


def governor(node: int, cast: Cast) -> int:
    """The head of a noun, past the preposition that carries it and dates that stand between."""
    head = cast.tokens[node].head
    if cast.tokens[node].dep in cast.tree.labels.prepositional_object:
        head = cast.tokens[head].head
    for _ in range(2):
        if cast.is_temporal(head):
            head = cast.tokens[head].head
    return head
