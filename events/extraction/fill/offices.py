"""Who bears which office or trade: "le chef de la diplomatie russe, Sergueï Lavrov"."""

from __future__ import annotations

from collections.abc import Iterator

from events.extraction.fill.names import Name
from events.extraction.fill.roster import Roster

OFFICE_REACH = 14  # tokens between an office and the name of who bears it
LONGEST_OFFICE = 6  # tokens

Bearers = dict[str, list[tuple[str, str]]]  # office -> (ISO code of the country, person)


def read_bearers(roster: Roster) -> Bearers:
    """Return who bears which office: "le chef de la diplomatie russe, Sergueï Lavrov"."""
    tokens = roster.tokens
    bearers: Bearers = {}
    for name in roster.names:
        if name.label != "PER":
            continue
        person = roster.person_name(name.first, name.last)
        start = max(0, name.first - OFFICE_REACH)
        for i in range(name.first - 1, start - 1, -1):
            if tokens[i].pos in {"VERB", "SPACE"} or tokens[i].text in {".", ";", ":"}:
                start = i + 1
                break
        if not roster.roles.office_modifiers.isdisjoint(roster.folded[start : name.first]):
            continue  # "le président sortant" is not the president that follows
        for office, at in _offices_in(roster, start, name.first):
            countries = _demonyms_in(roster, at - 1, name.first)
            bearers.setdefault(office, []).append(
                (countries[0] if len(countries) == 1 else "", person)
            )
    before = {
        i
        for name in roster.names
        if name.label == "PER"
        for i in range(max(0, name.first - OFFICE_REACH), name.first)
    }
    for node in sorted(before):
        # "les chefs de la diplomatie américaine et russe, John Kerry et Sergueï Lavrov"
        if roster.noun_kind(node) in {"person", "group"}:
            persons = announced(roster, node)
            countries = _demonyms_in(roster, node, persons[0].first) if persons else []
            if len(persons) > 1 and len(countries) == len(persons):
                for code, name in zip(countries, persons, strict=True):
                    bearers.setdefault("", []).append(
                        (code, roster.person_name(name.first, name.last))
                    )
    return bearers


def _demonyms_in(roster: Roster, first: int, last: int) -> list[str]:
    """ISO codes of the countries whose demonyms stand in tokens [first, last)."""
    demonyms = roster.roles.demonyms
    return [demonyms[w] for w in roster.folded[max(0, first) : last] if w in demonyms]


def _offices_in(roster: Roster, first: int, last: int) -> Iterator[tuple[str, int]]:
    """(office, token) for each phrase of office in tokens [first, last), the longest."""
    i = first
    while i < last:
        opens = roster.folded[i] in roster.roles.office_openings
        for length in range(min(LONGEST_OFFICE, last - i), 0, -1) if opens else ():
            phrase = " ".join(roster.folded[i : i + length]).replace("' ", "'")
            office = roster.roles.offices.get(phrase)
            if office is not None:
                yield office, i
                i += length - 1
                break
        i += 1


def bearer(bearers: Bearers, office: str, country: str) -> str:
    """The person who bears an office in the document, "" when unnamed or not certain."""
    names = {name for code, name in bearers.get(office, []) if not country or code == country}
    return names.pop() if len(names) == 1 else ""


def counterpart(roster: Roster, bearers: Bearers, node: int) -> str:
    """The person of another country that "son homologue russe" means, "" if not certain."""
    countries = _demonyms_in(roster, node, node + 3)
    names = {
        name
        for borne in bearers.values()
        for code, name in borne
        if countries and code == countries[0]
    }
    return names.pop() if len(names) == 1 else ""


def announced(roster: Roster, node: int) -> list[Name]:
    """The persons that an office or a trade announces: "le ministre russe Sergueï Lavrov"."""
    i = node + 1
    limit = min(len(roster.tokens), node + OFFICE_REACH + 1)
    while i < limit:
        name = roster.name_at(i)
        if name is not None and name.label == "PER" and name.first == i:
            before = roster.tokens[i - 1]
            if before.pos == "ADP" or before.dep in roster.tree.labels.case:
                return []
            return _listed(roster, name)
        token = roster.tokens[i]
        if token.text == ",":  # past it only the name may follow, or another office with it
            following = _next_person(roster, i + 1)
            if following is None:
                return []
            alone = following.first == i + 1 or roster.closes_aside(following.last)
            return _listed(roster, following) if alone else []
        if token.pos not in {"ADJ", "NOUN", "PROPN", "ADP", "DET", "CCONJ", "NUM"}:
            return []
        i += 1
    return []


def _listed(roster: Roster, name: Name) -> list[Name]:
    """The persons that follow one another from this one, with or without their offices."""
    found = [name]
    i = name.last
    while i < len(roster.tokens) - 1 and (
        roster.tokens[i].text == "," or roster.tokens[i].pos == "CCONJ"
    ):
        following = _next_person(roster, i + 1)
        if following is None:
            break
        found.append(following)
        i = following.last
    return found


def _next_person(roster: Roster, start: int) -> Name | None:
    """The person named at `start`, or after an office that begins there."""
    office = False
    for i in range(start, min(len(roster.tokens), start + OFFICE_REACH)):
        name = roster.name_at(i)
        if name is not None and name.label == "PER":
            return name if name.first == i and (office or i == start) else None
        if roster.tokens[i].pos not in {"ADJ", "NOUN", "DET", "ADP", "PROPN"}:
            return None
        office = (
            office or roster.noun_kind(i) == "person" or roster.folded[i] in roster.roles.titles
        )
    return None


def office_of(roster: Roster, node: int) -> tuple[str, str] | None:
    """(office, country) that the noun names, the country "" when unsaid; None: no office."""
    first, last = roster.tree.phrase(node)
    found = [
        (office, at) for office, at in _offices_in(roster, max(first, node - 2), last) if at <= node
    ]
    if not found:
        return None
    if not roster.roles.office_modifiers.isdisjoint(roster.folded[first:last]):
        return None
    countries = _demonyms_in(roster, first, last)
    return found[0][0], countries[0] if countries else ""
