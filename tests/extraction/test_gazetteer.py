"""Where a name lies: exactly, or not at all."""

import pytest

from events.extraction import gazetteer
from events.extraction.gazetteer import country_name, country_of, governed_from, locate


@pytest.mark.parametrize(
    ("name", "language", "geonames"),
    [
        ("Londres", "fr", 2643743),
        ("London", "en", 2643743),
        ("Pékin", "fr", 1816670),
        ("ATHENES", "fr", 264371),
        ("Le Caire", "fr", 360630),
        ("Hambourg", "fr", 2911298),
        ("Duesseldorf", "en", 2934246),
        ("N'Djamena", "fr", 2427123),
    ],
)
def test_a_city_is_found_by_its_name_in_either_language(name, language, geonames):
    found = locate(name, language)
    assert (found.kind, found.geonames) == ("city", geonames)
    assert found.country


def test_coordinates_are_degrees_north_and_east():
    lima = locate("Lima", "en")
    assert (round(lima.latitude), round(lima.longitude)) == (-12, -77)


@pytest.mark.parametrize("name", ["Londre", "Hambourgg", "Xyzzy", "", "la ville", "Ouadi Barada"])
def test_a_name_that_is_not_known_exactly_is_not_located(name):
    assert locate(name, "fr") is None


def test_the_countries_of_the_dispatch_settle_a_name_that_several_cities_bear():
    assert locate("Tripoli", "fr", {"LB"}).country == "LB"
    assert locate("Tripoli", "fr", {"LY"}).country == "LY"


def test_a_small_namesake_does_not_take_the_name_of_a_great_city():
    assert locate("Genève", "fr", {"US"}).country == "CH"
    assert locate("Paris", "en", {"US"}).country == "FR"


def test_a_name_of_several_places_alike_is_not_located():
    assert locate("Santa Cruz del Norte Sur", "fr") is None
    assert locate("Springfield", "en") is None


@pytest.mark.parametrize(
    ("name", "language", "code"),
    [
        ("Etats-Unis", "fr", "US"),
        ("les États-Unis", "fr", ""),
        ("Grande-Bretagne", "fr", "GB"),
        ("Birmanie", "fr", "MM"),
        ("Britain", "en", "GB"),
        ("U.S.", "en", "US"),
        ("Ivory Coast", "en", "CI"),
        ("Turkey", "en", "TR"),
        ("Ruritania", "en", ""),
    ],
)
def test_a_country_is_known_by_what_newspapers_call_it(name, language, code):
    assert country_of(name, language) == code


def test_a_country_is_located_as_a_country():
    assert locate("Népal", "fr").kind == "country"
    assert locate("Népal", "fr").country == "NP"


@pytest.mark.parametrize(
    ("name", "language", "code"),
    [
        ("Moscou", "fr", "RU"),
        ("Washington", "fr", "US"),
        ("Hambourg", "fr", ""),
        ("Kyiv", "en", "UA"),
    ],
)
def test_a_capital_governs_its_country(name, language, code):
    assert governed_from(name, language) == code


def test_a_country_is_shown_by_its_name_in_the_language():
    assert country_name("RU", "fr") == "Russie"
    assert country_name("RU", "en") == "Russia"


@pytest.mark.parametrize(
    ("name", "language", "kind", "country"),
    [
        ("Hauts-de-Seine", "fr", "region", "FR"),
        ("Corse", "fr", "region", "FR"),
        ("Californie", "fr", "region", "US"),
        ("California", "en", "region", "US"),
        ("Bavière", "fr", "region", "DE"),
        ("Crimée", "fr", "region", "UA"),
        ("Champs-Elysées", "fr", "district", "FR"),
        ("Bourget", "fr", "city", "FR"),
    ],
)
def test_the_table_of_aliases_gives_what_the_cities_lack(name, language, kind, country):
    found = locate(name, language)
    assert (found.kind, found.country) == (kind, country)


def test_the_index_is_small(monkeypatch):
    """A worker holds a few megabytes, not the library's dictionaries of 470."""
    cities = gazetteer._cities()
    size = sum(
        len(part) * part.itemsize
        for part in (getattr(cities, name) for name in ("_hashes", "_rows", "_ids", "_inhabitants"))
    )
    assert size < 12_000_000
