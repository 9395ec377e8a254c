"""Actors and places by their names: one row a name, and the one that all names of it mean.

A name that has a row means what the row says, be it that a person said so. A new name of what a
register knows (GeoNames, the codes of countries, the list of bodies) becomes a further name of
the row that stands for it: "Geneva" of "Genève". Rows that are there are never made one here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.conf import settings

from events.extraction import country_names, place_register, register_of
from events.extraction.lexicon.names import fold_name, register_key
from events.models import Actor, Mention, Place, PlaceKind

LONGEST = 200  # characters of a name
Identity = TypeVar("Identity", "ActorIdentity", "PlaceIdentity")


class Told(NamedTuple):
    """An actor or a place as a report names it, and the language of the report, "" if unknown."""

    named: Mapping[str, Any]
    language: str = ""

    @property
    def name(self) -> str:
        return str(self.named["name"])[:LONGEST]


class ActorIdentity(NamedTuple):
    """By what an actor's row is found. `register` keeps the two Congos apart."""

    folded: str
    register: str


class PlaceIdentity(NamedTuple):
    """By what a place's row is found. A country may bear the name of a city in it."""

    folded: str
    country: str
    is_country: bool


def told_by(mentions: Iterable[Mention], field: str) -> Iterator[Told]:
    """Yield the "actors" or "places" of reports, those that have a name."""
    for mention in mentions:
        language = mention.dispatch.language
        yield from (Told(one, language) for one in getattr(mention, field) if one["name"].strip())


def folded(name: str) -> str:
    """The name as rows are found by: without case and accents, never empty."""
    return fold_name(name) or name


def actor_identity(told: Told) -> ActorIdentity:
    # Jordan, Maurice and Dominique are first names too.
    is_person = told.named.get("kind") == "person"
    register = "" if is_person else register_named(told.name, told.language)
    return ActorIdentity(folded(told.name), register)


def place_identity(told: Told) -> PlaceIdentity:
    country = told.named.get("country") or ""
    return PlaceIdentity(folded(told.name), country, told.named["kind"] == PlaceKind.COUNTRY)


def place_key(told: Told) -> str:
    """The key of a place in a register, "" where none has it."""
    country, number = told.named.get("country") or "", told.named.get("geonames")
    if not (number or told.language):
        return ""  # written by a person: the web process does without the gazetteer
    return place_register(told.name, told.language, country, number)


def register_named(name: str, language: str = "") -> str:
    """The key of the country or body of this name; in no known language, where all agree on it."""
    return register_of(name, *([language] if language else _languages()))


def actor_named(name: str, kind: str = "", language: str = "") -> Actor:
    """Return whom a person calls so, be it in another language; a new one if nobody is."""
    named = {"name": name, "kind": kind}
    told = {actor_identity(one): one for one in (Told(named, language), Told(named))}
    known = known_actors(told)
    found = next((known[identity] for identity in told if identity in known), None)
    if found is None:
        identity = next((one for one in told if one.register), min(told))
        alike = Actor.objects.filter(folded=identity.folded).order_by("pk").first()
        if alike is not None and not identity.register:
            found = alike.same_as_id or alike.pk
        else:
            found = actors_named([told[identity]])[identity]
    return Actor.objects.get(pk=found)


def place_named(name: str, **details: Any) -> Place:
    """Return the place of this name in its country; `details` are further columns of a new one."""
    told = Told({"name": name, "kind": "", **details})
    return Place.objects.get(pk=places_named([told])[place_identity(told)])


def actors_named(told: Iterable[Told]) -> dict[ActorIdentity, int]:
    """The id of the one actor of each name; those that are new are written."""
    return _ids(told, actor_identity, known_actors, _new_actor)


def places_named(told: Iterable[Told]) -> dict[PlaceIdentity, int]:
    """The id of the one place of each name; those that are new are written."""
    return _ids(told, place_identity, known_places, _new_place)


def known_actors(identities: Iterable[ActorIdentity]) -> dict[ActorIdentity, int]:
    """The id of the actor that each of these means, for those that are known."""
    wanted = set(identities)
    rows = Actor.objects.filter(folded__in={one.folded for one in wanted})
    known: dict[ActorIdentity, int] = {}
    meant: dict[str, int] = {}
    for name, register, pk, same_as in rows.values_list("folded", "register", "pk", "same_as_id"):
        known[ActorIdentity(name, register)] = same_as or pk
        if same_as and not register:  # a person said what the name means
            meant[name] = same_as
    for one in wanted:
        if one.folded in meant:
            known.setdefault(one, meant[one.folded])
    return known


def known_places(identities: Iterable[PlaceIdentity]) -> dict[PlaceIdentity, int]:
    """The id of the place that each of these means, for those that are known.

    A name that no country goes with means what a person said that it does, if that is one place.
    """
    wanted = set(identities)
    rows = Place.objects.filter(folded__in={one.folded for one in wanted}).values_list(
        "folded", "country", "kind", "pk", "register", "same_as_id", "same_as__register"
    )
    known: dict[PlaceIdentity, int] = {}
    meant: defaultdict[str, set[int]] = defaultdict(set)
    for name, country, kind, pk, register, same_as, its_register in rows:
        known[PlaceIdentity(name, country, kind == PlaceKind.COUNTRY)] = same_as or pk
        # The gazetteer knows what a name means in a country, and nothing of one without.
        if same_as and (not register or register != its_register):
            meant[name].add(same_as)
    for one in wanted:
        if not one.country and len(meant[one.folded]) == 1:
            known.setdefault(one, *meant[one.folded])
    return known


def _ids(
    told: Iterable[Told],
    identity_of: Callable[[Told], Identity],
    known: Callable[[Iterable[Identity]], dict[Identity, int]],
    new_row: Callable[[Told, Identity], Actor | Place],
) -> dict[Identity, int]:
    named: dict[Identity, Told] = {}
    for one in told:  # the first that has a name spells it
        named.setdefault(identity_of(one), one)
    found = known(named)
    missing = [
        (new_row(one, identity), one.language)
        for identity, one in named.items()
        if identity not in found
    ]
    if missing:
        _write(missing)
        found = known(named)
    return found


def _new_actor(told: Told, identity: ActorIdentity) -> Actor:
    return Actor(**identity._asdict(), name=told.name, kind=told.named.get("kind", ""))


def _new_place(told: Told, identity: PlaceIdentity) -> Place:
    return Place(
        folded=identity.folded,
        country=identity.country,
        name=told.name,
        kind=told.named["kind"],
        register=place_key(told),
        within=(told.named.get("within") or "")[:LONGEST],
        geonames=told.named.get("geonames"),
        latitude=told.named.get("latitude"),
        longitude=told.named.get("longitude"),
    )


# ----------------------------------------------------------------------------------- new names

Row = tuple[Any, str]  # an actor or a place, and the language that its name is of


def _write(rows: Sequence[Row]) -> None:
    """Write new names: of what a register knows, one row stands for it, the others point there."""
    model = type(rows[0][0])
    keys = {row.register for row, _ in rows if row.register}
    standing = _standing(model, keys)
    new: list[Any] = []
    others: list[Row] = []
    for row, language in rows:
        if row.register in standing:
            others.append((row, language))
            continue
        new.append(row)
        if row.register:
            standing[row.register] = row
            row.names = {language: row.name} if language else {}
            others += _usual(row)
    model.objects.bulk_create(new, ignore_conflicts=True)
    if others:
        _point(model, others, _standing(model, keys))


def _standing(model: Any, keys: Collection[str]) -> dict[str, Any]:
    """The row that stands for each of these: the oldest, or what a person said that it means."""
    if not keys:
        return {}
    rows = model.objects.filter(register__in=keys).select_related("same_as")
    by_rank = sorted(rows, key=lambda row: (row.same_as_id is None, -row.pk))
    return {row.register: row.same_as or row for row in by_rank}


def _usual(row: Actor | Place) -> Iterator[Row]:
    """A country by its usual name in each of our languages, beside the one it was told by."""
    columns: dict[str, Any] = {"kind": row.kind, "register": row.register}
    key = row.register
    if isinstance(row, Place):
        key = register_key(row.country) if row.is_country else ""
        columns |= {"country": row.country, "geonames": row.geonames}
    for language, name in country_names(key, _languages()).items():
        yield type(row)(name=name, folded=folded(name), **columns), language


def _point(model: Any, rows: Sequence[Row], standing: Mapping[str, Any]) -> None:
    """Write further names of rows that stand for something; a name that has a row keeps it."""
    for row, _ in rows:
        row.same_as = standing[row.register]
    model.objects.bulk_create([row for row, _ in rows], ignore_conflicts=True)
    mains = {row.same_as.pk: row.same_as for row, _ in rows}
    names = {row.folded for row, _ in rows}
    pairs = model.objects.filter(same_as__in=mains, folded__in=names)
    there = set(pairs.values_list("same_as_id", "folded"))
    for row, language in rows:
        main = mains[row.same_as.pk]
        is_other = (main.pk, row.folded) in there
        if language and (is_other or row.folded == main.folded):
            main.names.setdefault(language, row.name)
        if is_other and row.name not in main.aliases:
            main.aliases.append(row.name)
    model.objects.bulk_update(mains.values(), ["aliases", "names"])


def _languages() -> list[str]:
    return [code for code, _ in settings.LANGUAGES]
