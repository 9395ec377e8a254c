"""One row for one place or body, whatever the language of the dispatch that names it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from events import curation, gold, recording
from events.models import Actor, Event, EventActor, Place
from tests.builders import make_user, only_event, read
from tests.events.stories import make_event, make_mention

pytestmark = pytest.mark.django_db

migrations = [
    import_module(f"events.migrations.{name}")
    for name in ("0017_name_places_and_actors_once", "0018_number_regions_too")
]
FRENCH = "La Russie et l'ONU ont signé un accord à Genève le 7 décembre 2016."
ENGLISH = "Russia and the UN signed an agreement in Geneva on March 14, 2017."


@pytest.fixture(autouse=True)
def _open_to_all(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.PUBLIC_EVENTS = "all"


@pytest.fixture
def two() -> tuple[Event, Event]:
    """Two events of one cast and place, told in two languages."""
    return only_event(read(FRENCH)), only_event(read(ENGLISH, published=None))


def cast_of(event: Event) -> set[Actor]:
    return {row.actor for row in event.event_actors.all()}


def places_of(event: Event) -> set[Place]:
    return {row.place for row in event.event_places.all()}


def names(client, facet: str, language: str) -> dict[str, int]:
    page = client.get("/", headers={"Accept-Language": language}).context["page"]
    values = next(one for one in page.facets if one.name == facet).values
    return {value.label: value.count for value in values}


def test_dispatches_in_two_languages_name_one_place_and_one_cast(two):
    french, english = two
    assert french != english
    assert len(cast_of(french)) == 2
    assert cast_of(french) == cast_of(english)
    assert len(places_of(french)) == 1
    assert places_of(french) == places_of(english)


def test_pages_call_them_as_their_language_does(two, client):
    assert names(client, "place", "fr") == {"Genève": 2}
    assert names(client, "place", "en") == {"Geneva": 2}
    assert names(client, "actor", "fr") == {"Russie": 2, "ONU": 2}
    assert names(client, "actor", "en") == {"Russia": 2, "UN": 2}


def test_every_view_and_file_calls_them_so(two, client):
    for path in (
        reverse("event", args=[two[0].pk]), reverse("map"), reverse("walk"),
        reverse("export", args=["csv"]), reverse("api-events"),
    ):  # fmt: skip
        answers = {}
        for language in ("fr", "en"):
            found = client.get(path, headers={"Accept-Language": language})
            content = b"".join(found.streaming_content) if found.streaming else found.content
            answers[language] = content.decode().replace("\\u00e8", "è")
        # The sentences stay as they were written.
        assert "Genève" in answers["fr"], path
        assert answers["en"].count("Geneva") > answers["fr"].count("Geneva"), path


@pytest.mark.parametrize("words", ["Genève", "Geneva", "Russie", "Russia", "ONU", "UN"])
def test_events_are_found_by_each_of_the_names(two, client, words):
    page = client.get("/", {"q": words}).context["page"]
    assert page.total == 2
    assert [one.count for one in page.suggestions] == [2]


def test_regions_are_one_in_both_languages_too():
    french = only_event(read("Un ouragan a frappé la Floride le 7 décembre 2016."))
    english = only_event(read("A hurricane hit Florida on March 14, 2017.", published=None))
    assert [place.name for place in places_of(french)] == ["Floride"]
    assert places_of(french) == places_of(english)


def test_a_country_is_called_so_in_either_language_at_once(client):
    read(FRENCH)
    assert names(client, "actor", "en")["Russia"] == 1
    assert client.get("/", {"q": "Russia"}).context["page"].total == 1


def test_what_a_person_says_that_a_name_means_goes_before_the_register(ada):
    geneva = next(iter(places_of(only_event(read(FRENCH)))))
    own = recording.place_named("Canton de Genève", kind="region", country="CH")
    curation.unite(own, geneva, by=ada)
    assert places_of(only_event(read(ENGLISH, published=None))) == {own}


def test_a_name_that_a_person_gave_shows_in_all_languages(two, ada, client):
    place = places_of(two[0]).pop()
    act = curation.rename(place, "Genève (Suisse)", by=ada)
    assert names(client, "place", "en") == {"Genève (Suisse)": 2}
    read(ENGLISH.replace("March", "April"), published=None)
    assert names(client, "place", "en") == {"Genève (Suisse)": 3}
    curation.undo_act(act, by=ada)
    assert names(client, "place", "en") == {"Geneva": 3}


def test_a_name_that_a_person_took_away_stays_apart(two, client):
    client.force_login(make_user(role="administrator"))
    place = places_of(two[0]).pop()
    assert place.aliases == ["Geneva"]
    values = {"name": place.name, "kind": place.kind, "geonames": place.geonames, "aliases": ""}
    change = reverse("admin:events_place_change", args=[place.pk])
    assert client.post(change, values).status_code == 302
    later = only_event(read(ENGLISH.replace("March", "April"), published=None))
    assert [one.name for one in places_of(later)] == ["Geneva"]
    assert places_of(later) != {place}


def test_a_person_may_write_a_name_in_any_language(two, ada):
    french, english = two
    cast = [("Russia", "agent"), ("un", "agent"), ("Congo", "target")]
    curation.edit_event(french, {"actors": cast, "places": [("Geneva", "city", "CH")]}, by=ada)
    assert cast_of(french) > cast_of(english)
    assert places_of(french) == places_of(english)
    congo = recording.actor_named("RDC", language="fr")
    curation.edit_event(english, {"actors": [("Congo", "agent")]}, by=ada)
    assert cast_of(english) == {congo}


def test_what_a_person_took_out_is_not_proposed_under_another_name(two, ada):
    event = two[0]
    curation.edit_event(event, {"actors": [("ONU", "agent")], "places": []}, by=ada)
    recording.refresh(event)
    assert event.proposals == {}
    told = two[1].mentions.get()
    make_mention(event, told.dispatch, actors=told.actors, places=told.places, edtf=event.edtf)
    recording.refresh(event)
    assert event.proposals == {}


def test_annotations_call_them_as_the_text_does(two, ada):
    corrected = {"actors": [("ONU", "agent")], "places": [("Genève", "city", "CH")]}
    curation.edit_event(two[1], corrected, by=ada)
    (event,) = (one for document in gold.documents() for one in document["events"])
    assert [actor["name"] for actor in event["actors"]] == ["UN"]
    assert [place["name"] for place in event["places"]] == ["Geneva"]


def test_a_name_that_is_withheld_shows_in_no_language(ada, client):
    actor = make_event(actors=["Jean Dupon"]).event_actors.get().actor
    curation.rename(actor, "Jean Dupont", by=ada)
    curation.withhold_name(["Jean Dupont"], "un témoin", "Il l'a demandé.", by=ada)
    assert names(client, "actor", "fr") == {"un témoin": 1}
    assert names(client, "actor", "en") == {"un témoin": 1}


def test_homonyms_in_two_languages_stay_two():
    told = [
        recording.actor_named("Congo", "government", "fr"),
        recording.actor_named("Congo", "government", "en"),
        recording.actor_named("Jordan", "person", "en"),
        recording.actor_named("Jordan", "government", "en"),
        recording.place_named("Mexico", kind="city", country="MX", geonames=3530597),
        recording.place_named("Mexico", kind="country", country="MX", geonames=3996063),
    ]
    assert len({(type(row), row.pk) for row in told}) == len(told)
    assert told[0] == recording.actor_named("Congo-Brazzaville", "government", "fr")
    assert told[1] == recording.actor_named("RDC", "government", "fr")
    assert told[3] == recording.actor_named("Jordanie", "government", "fr")
    assert told[5] == recording.place_named(
        "Mexique", kind="country", country="MX", geonames=3996063
    )


def test_rows_from_before_become_one(ada, client):
    french = make_event(actors=["Russie", "Congo"], places=["Genève"], language="fr")
    english = make_event(actors=["Russia", "Congo"], places=["Geneva"], language="en")
    EventActor.objects.create(event=english, actor=Actor.objects.get(name="Russie"), role="agent")
    Place.objects.update(geonames=2660646, country="CH")
    make_event(places=["Floride"], language="fr")
    make_event(places=["Florida"], language="en")
    Place.objects.filter(name__startswith="Flori").update(country="US", kind="region")
    scotland = Place.objects.create(
        name="Ecosse", folded="ecosse", country="GB", kind="country", geonames=2635167
    )
    for one in migrations:
        one.name_once(apps, None)
    assert [row.name for row in cast_of(french)] == [row.name for row in cast_of(english)]
    assert english.event_actors.count() == 2  # one of them was told by both names
    assert names(client, "actor", "fr") == {"Congo": 2, "Russie": 2}
    assert names(client, "place", "fr") == {"Genève": 2, "Floride": 2}
    assert names(client, "place", "en") == {"Geneva": 2, "Florida": 2}
    assert Actor.objects.get(name="Congo").register == ""  # which one, nobody knows
    scotland.refresh_from_db()
    assert (scotland.kind, scotland.geonames) == ("region", None)


def test_rows_from_before_that_persons_decided_on_stay_two(ada):
    make_event(actors=["Russie", "Russia"])
    for actor in Actor.objects.all():
        curation.rename(actor, f"{actor.name} (Etat)", by=ada)
    for one in migrations:
        one.name_once(apps, None)
    assert Actor.objects.filter(same_as=None).count() == 2
