"""Going through the events of a view one at a time."""

from __future__ import annotations

import pytest

from events.models import Dispatch, Story
from tests.builders import make_user
from tests.events.stories import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def three():
    return [
        make_event(title, edtf, type="attack", review_state="approved")
        for title, edtf in (("Tir", "2016-11-15"), ("Chute", "2016-12-07"), ("Sans date", ""))
    ]


def standing(answer) -> tuple[str, int, int]:
    page = answer.context["page"]
    return page.event.item.title, page.position, page.total


def test_a_reader_goes_from_the_first_to_the_last(client, three):
    tir, chute, undated = (event.pk for event in three)
    first = client.get("/read/?type=attack")
    assert standing(first) == ("Tir", 1, 3)
    assert f'rel="next" href="?type=attack&amp;event={chute}"' in first.content.decode()
    last = client.get(f"/read/?type=attack&event={undated}")
    assert standing(last) == ("Sans date", 3, 3)
    assert last.context["page"].previous == chute
    assert 'rel="next"' not in last.content.decode()
    assert last.context["page"].first == tir


def test_the_newest_first_where_the_list_is_so(client, three):
    assert standing(client.get("/read/?order=desc")) == ("Chute", 1, 3)


def test_what_does_not_pass_is_not_on_the_way(client, three, settings):
    settings.PUBLIC_EVENTS = "approved"
    hidden = make_event("Proposition", "2016-12-01", type="attack")
    other = make_event("Procès", "2016-12-02", type="justice", review_state="approved")
    for pk in (hidden.pk, other.pk, 10**17):
        assert standing(client.get(f"/read/?type=attack&event={pk}")) == ("Tir", 1, 3)
    assert client.get("/read/?type=toll").context["page"].event is None
    assert client.get("/read/?event=x").status_code == 400


def test_curators_keep_a_view_as_a_story(client, three):
    assert 'name="what"' not in client.get("/read/?type=attack").content.decode()
    ada = make_user("ada", "curator")
    client.force_login(ada)
    page = client.get("/read/?type=attack&start=2016-12").content.decode()
    assert 'name="what" value="/?type=attack&amp;start=2016-12"' in page
    client.post("/stories/new/", {"title": "Alep", "what": "/?type=attack&start=2016-12"})
    assert [step.event.title for step in Story.objects.get().steps.all()] == ["Chute"]


def test_the_page_of_an_event_as_known_on_a_day_shows_no_later_report(client):
    event = make_event("Trêve", "2016-12-15", status="happened", review_state="approved")
    Dispatch.objects.update(dct="2016-12-15")
    early = make_event("Trêve", "2016-12-14", status="planned", review_state="approved")
    Dispatch.objects.filter(mentions__event=early).update(dct="2016-12-12")
    early.mentions.update(event=event)
    early.delete()
    today = client.get(f"/events/{event.pk}/").context["event"]
    then = client.get(f"/events/{event.pk}/?known=2016-12-13").context["event"]
    assert (len(today.evidence), len(then.evidence)) == (2, 1)
    assert (then.item.status, then.item.edtf) == ("planned", "2016-12-14")
    assert client.get(f"/events/{event.pk}/?known=hier").status_code == 400
