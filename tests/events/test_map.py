"""The map: the same filters, places with their counts, and what it cannot place said so."""

from __future__ import annotations

import pytest

from events.models import Place
from tests.events.stories import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_is_public(settings):
    settings.PUBLIC_EVENTS = "all"


def locate(name: str, latitude: float, longitude: float, kind: str = "city") -> None:
    Place.objects.filter(name=name).update(latitude=latitude, longitude=longitude, kind=kind)


def test_places_are_listed_by_how_many_events_they_have_and_lead_to_them(client):
    for _ in range(2):
        make_event(places=["Alep"], reported=False)
    make_event(places=["Hambourg"], reported=False)
    make_event(places=["Nulle part"], reported=False)
    locate("Alep", 36.2, 37.16)
    locate("Hambourg", 53.55, 9.99)
    response = client.get("/map/")
    page = response.context["page"]
    assert [(place.name, place.count) for place in page.places] == [("Alep", 2), ("Hambourg", 1)]
    assert (page.total, page.unplaced) == (4, 1)
    assert f'href="/?place={page.places[0].id}"' in response.content.decode()


def test_the_map_is_that_of_the_filters_and_of_the_period(client):
    make_event("a", "2016-12-05", places=["Alep"], type="talks", reported=False)
    make_event("b", "2015-12-05", places=["Hambourg"], reported=False)
    locate("Alep", 36.2, 37.16)
    locate("Hambourg", 53.55, 9.99)
    for query in ("type=talks", "start=2016", "q=alep"):
        page = client.get(f"/map/?{query}").context["page"]
        assert [place.name for place in page.places] == ["Alep"], query


def test_an_event_of_two_places_is_placed_if_one_of_them_is(client):
    make_event(places=["Alep", "Nulle part"], reported=False)
    locate("Alep", 36.2, 37.16)
    assert client.get("/map/").context["page"].unplaced == 0


def test_coordinates_are_written_with_points_in_french(client):
    make_event(places=["Alep"], reported=False)
    locate("Alep", 36.25, 37.16)
    page = client.get("/map/").content.decode()
    assert 'data-lat="36.25"' in page
    assert 'cy="-36.25"' in page


def test_an_empty_map_and_a_false_filter_are_answered(client):
    assert client.get("/map/").status_code == 200
    assert client.get("/map/?type=zzz").status_code == 400


def test_the_map_shows_no_proposal_where_only_approved_events_are_public(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    make_event(places=["Alep"], reported=False)
    locate("Alep", 36.2, 37.16)
    assert client.get("/map/").context["page"].places == ()
