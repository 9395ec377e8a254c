"""Full text: every word, from its beginning, without accents; kept by whatever road rows change."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import search
from events.models import Dispatch, Event
from events.templatetags.found import marking
from tests.events.stories import make_dispatch, make_event

pytestmark = pytest.mark.django_db


def titles(text: str) -> set[str]:
    return set(Event.objects.filter(pk__in=search.event_ids(text)).values_list("title", flat=True))


@pytest.mark.parametrize("text", ["trêve", "TREVE", "treve", "trêv", "trêves", "appel trêve"])
def test_a_title_is_found_by_the_beginning_of_its_words_without_case_or_accent(text):
    make_event("Appel à la trêve", reported=False)
    make_event("Autre chose", reported=False)
    assert titles(text) == {"Appel à la trêve"}


def test_all_words_must_be_there():
    make_event("Appel à la trêve", reported=False)
    assert titles("appel évacuation") == set()


def test_an_event_is_found_by_the_sentence_that_tells_it_not_by_the_rest_of_its_dispatch():
    dispatch = make_dispatch("Un couloir humanitaire attend. Les combats ont repris lundi.")
    make_event("Attaque", dispatch=dispatch)
    assert titles("combats lundi") == {"Attaque"}
    assert titles("couloir") == set()


def test_an_event_is_found_by_its_actors_and_places():
    make_event("Rencontre", actors=["Sergueï Lavrov"], places=["Hambourg"], reported=False)
    for text in ("lavrov", "serg", "hamb"):
        assert titles(text) == {"Rencontre"}, text


@pytest.mark.parametrize(
    "text", ['"', "*", "a OR", "NOT x", "(", "title:x", "' --", "_", "%", "\\"]
)
def test_what_looks_like_a_query_language_is_only_words(text):
    make_event("Combats", reported=False)
    assert titles(text) == set()
    assert list(Dispatch.objects.filter(pk__in=search.dispatches_holding(text))) == []


def test_a_dispatch_is_found_by_its_title_and_its_text():
    wanted = make_dispatch("L'évacuation a commencé.", title="Alep")
    make_dispatch("Rien.")
    for text in ("evacuation", "alep", "Alep évac"):
        found = Dispatch.objects.filter(pk__in=search.dispatches_holding(text))
        assert list(found) == [wanted], text


def test_the_index_follows_every_change():
    event = make_event("Combats", reported=False)
    Event.objects.update(title="Pourparlers")
    assert titles("combats") == set()
    assert titles("pourparlers") == {"Pourparlers"}
    event.delete()
    assert search.event_ids("pourparlers") == set()


def test_an_index_that_a_migration_dropped_is_built_anew():
    make_event("Combats", reported=False)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER words_event_insert")
    make_event("Trêve", reported=False)
    search.watch()
    assert titles("trêve") == {"Trêve"}
    assert titles("combats") == {"Combats"}


def test_names_are_completed_from_the_beginning_of_any_word():
    make_event(actors=["John Kerry", "Kerstin"], places=["Kerry (comté)"], reported=False)
    found = [(facet, name) for facet, _pk, name in search.names_beginning("ker", 10)]
    assert sorted(found) == [
        ("actor", "John Kerry"), ("actor", "Kerstin"), ("place", "Kerry (comté)"),
    ]  # fmt: skip


def test_what_was_searched_is_marked_and_the_rest_is_escaped():
    assert marking("<Trêves> à Alep", "treve") == (
        '&lt;<mark class="is-found">Trêves</mark>&gt; à Alep'
    )
    assert marking("<b>", "") == "&lt;b&gt;"


def test_the_page_marks_what_it_found_and_offers_the_actors_meant(client, settings):
    settings.PUBLIC_EVENTS = "all"
    make_event("Trêve à Alep", actors=["Trèves FC"])
    page = client.get("/?q=treve").content.decode()
    assert '<mark class="is-found">Trêve</mark> à Alep' in page
    assert "Voulez-vous dire" in page


@pytest.mark.parametrize("address", ["/", "/map/", "/read/", "/api/events"])
def test_a_page_searches_once_for_all_that_it_counts(address, client, settings):
    settings.PUBLIC_EVENTS = "all"
    make_event(actors=["ONU"], places=["Alep"])
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, {"q": "combats"}).status_code == 200
    searches = [one for one in asked if "MATCH" in one["sql"] or "to_tsquery" in one["sql"]]
    assert len(searches) == 1


def test_a_long_text_of_a_hundred_thousand_different_words_is_kept_and_found():
    dispatch = make_dispatch(" ".join(f"mot{number:x}" for number in range(200_000)))
    Dispatch.objects.filter(pk=dispatch.pk).update(state="processing")
    found = Dispatch.objects.filter(pk__in=search.dispatches_holding("mota0"))
    assert list(found) == [dispatch]


def test_a_search_is_one_query_however_many_events_it_finds():
    for number in range(3):
        make_event(f"Combats {number}", actors=["ONU", f"Combattants {number}"])
    wanted = Event.objects.filter(pk__in=search.events_holding("combat"))
    assert set(wanted.values_list("pk", flat=True)) == search.event_ids("combat")
    assert wanted.count() == 3
    assert not Event.objects.filter(pk__in=search.events_holding("...")).exists()
