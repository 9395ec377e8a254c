"""The queue: what comes first, whose it is, what an act does, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from events import claims, curation, review
from events.filters import Filters
from events.models import Claim, CurationAct, Event, ReviewState
from tests.builders import make_user
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


def ids(page: review.Desk) -> list[int]:
    return [item.id for item in page.items]


def test_the_most_doubtful_and_most_reported_comes_first(ada):
    sure = make_event("Sûr", confidence=0.9, importance=1)
    doubtful = make_event("Douteux", confidence=0.3, importance=1)
    weighty = make_event("Important", confidence=0.5, importance=5)
    assert ids(review.desk(ada, Filters())) == [weighty.pk, doubtful.pk, sure.pk]


def test_what_was_judged_or_merged_away_waits_no_more(ada):
    kept = make_event("Vérifié", review_state="approved")
    make_event("Rejeté", review_state="rejected")
    make_event("Absorbé", merged_into=kept)
    page = review.desk(ada, Filters())
    assert (page.items, page.waiting) == ((), 0)


def test_two_curators_never_get_the_same_proposals(ada):
    for number in range(claims.BATCH + 5):
        make_event(f"Combat {number}")
    mine = review.desk(ada, Filters())
    theirs = review.desk(make_user("grace", "curator"), Filters())
    assert len(mine.items) == claims.BATCH
    assert len(theirs.items) == 5
    assert not set(ids(mine)) & set(ids(theirs))
    assert theirs.others == (("ada", claims.BATCH),)


def test_a_claim_that_ran_out_frees_the_proposal(ada):
    event = make_event()
    review.desk(ada, Filters())
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert ids(review.desk(make_user("grace", "curator"), Filters())) == [event.pk]


def test_reading_the_queue_again_gives_the_same_desk(ada):
    for number in range(3):
        make_event(f"Combat {number}")
    assert ids(review.desk(ada, Filters())) == ids(review.desk(ada, Filters()))


def test_what_lies_on_another_desk_cannot_be_judged(desk):
    event = make_event()
    review.desk(make_user("grace", "curator"), Filters())
    answer = desk.post("/review/act/", {"verb": "approve", "event": event.pk}, **JSON)
    assert answer.status_code == 409
    assert "grace" in answer.json()["error"][0]
    event.refresh_from_db()
    assert event.review_state == ReviewState.PROPOSED


@pytest.mark.parametrize("page", ["edit", "merge", "split"])
def test_the_pages_of_an_event_say_on_whose_desk_it_lies(page, desk):
    event = make_event()
    told = "grace"
    assert told not in desk.get(f"/events/{event.pk}/{page}/").content.decode()
    review.desk(make_user("grace", "curator"), Filters())
    assert told in desk.get(f"/events/{event.pk}/{page}/").content.decode()


def test_the_filters_of_the_timeline_narrow_the_queue(desk):
    make_event("Combats", type="attack")
    make_event("Pourparlers", type="talks")
    page = desk.get("/review/?type=talks").content.decode()
    assert "Pourparlers" in page
    assert "Combats" not in page


def test_actors_places_and_sources_are_offered_as_filters_and_can_be_taken_away(desk):
    first = make_event("Combats", actors=["ONU"], places=["Alep"])
    make_event("Pourparlers", actors=["OSCE"])
    actor = first.event_actors.get().actor
    page = desk.get("/review/").content.decode()
    for offered in (f'<option value="{actor.pk}">ONU (1)', "Alep (1)", "AFP (2)", "OSCE (1)"):
        assert offered in page
    narrowed = desk.get(f"/review/?actor={actor.pk}&type=attack").content.decode()
    assert narrowed.count("data-row=") == 1
    assert '<a class="chip" href="/review/?type=attack"><span class="chip__name">Acteur' in narrowed
    assert "attaque" in narrowed


def test_the_form_of_filters_may_be_sent_as_it_stands(desk):
    make_event("Combats")
    empty = "q=&start=&end=&type=&status=&confidence=&actor=&place=&source="
    assert "Combats" in desk.get(f"/review/?{empty}").content.decode()


def test_the_text_stands_beside_the_evidence(desk):
    dispatch = make_dispatch("Les tirs ont repris lundi. Une autre phrase du texte.")
    make_event("Tirs", dispatch=dispatch)
    page = desk.get("/review/").content.decode()
    assert '<mark class="is-trigger ">repris</mark>' in page
    assert "Une autre phrase du texte." in page


def test_approving_without_a_script_shows_the_next(desk, ada):
    first = make_event("Premier", confidence=0.1)
    second = make_event("Second", confidence=0.2)
    desk.get("/review/")
    page = desk.post(
        "/review/act/", {"verb": "approve", "event": first.pk, "next": "/review/"}, follow=True
    )
    assert page.context["sheet"].detail.item.id == second.pk
    assert "1 validé." in page.content.decode()
    first.refresh_from_db()
    assert first.review_state == ReviewState.APPROVED


def test_many_are_judged_at_once_and_all_taken_back(desk):
    events = [make_event(f"Combat {number}") for number in range(12)]
    answer = desk.post(
        "/review/act/", {"verb": "reject", "event": [event.pk for event in events]}, **JSON
    ).json()
    assert answer["message"] == "12 rejetés."
    assert Event.objects.filter(review_state="rejected").count() == 12
    told = desk.post("/review/undo/", {"act": answer["acts"]}, **JSON).json()
    assert told["message"] == "12 actes annulés."
    assert Event.objects.filter(review_state="proposed").count() == 12


def test_one_that_cannot_be_done_stops_the_whole_bulk_act(desk):
    kept = make_event("Gardé")
    gone = make_event("Absorbé", merged_into=kept)
    other = make_event("Autre")
    events = [kept.pk, other.pk, gone.pk]
    answer = desk.post("/review/act/", {"verb": "merge", "event": events}, **JSON)
    assert answer.status_code == 422
    other.refresh_from_db()
    assert other.merged_into is None
    assert not CurationAct.objects.exists()


def test_a_next_page_elsewhere_is_not_believed(desk):
    event = make_event()
    answer = desk.post(
        "/review/act/",
        {"verb": "approve", "event": event.pk, "next": "https://example.org/"},
    )
    assert answer.url == "/review/"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"verb": "approve"},
        {"verb": "burn", "event": 1},
        {"verb": "approve", "event": "x"},
        {"verb": "approve", "event": 2**70},
        {"verb": "type", "event": 1, "type": "nonsense"},
    ],
)
def test_nonsense_is_answered_in_words(sent, desk):
    answer = desk.post("/review/act/", sent, **JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_new_facts_against_a_fixed_field_wait_in_the_queue(desk):
    event = make_event("Vérifié", review_state="approved", proposals={"edtf": "2016-12-06"})
    page = desk.get("/review/?facts=on").content.decode()
    assert "6 décembre 2016" in page
    desk.post(f"/events/{event.pk}/fact/", {"field": "edtf", "take": "1"})
    event.refresh_from_db()
    assert (event.edtf, event.proposals) == ("2016-12-06", {})


def test_a_new_fact_that_was_turned_down_does_not_come_back(desk):
    dispatch = make_dispatch()
    event = make_event("Vérifié", "2016-12-05", dispatch=dispatch, review_state="approved")
    make_mention(event, make_dispatch(), edtf="2016-12-05", status="denied")
    from events import recording  # noqa: PLC0415 - what a run does at its end

    recording.refresh(event)
    event.refresh_from_db()
    assert event.proposals == {"status": "denied"}
    desk.post(f"/events/{event.pk}/fact/", {"field": "status", "leave": "1"})
    recording.refresh(Event.objects.get(pk=event.pk))
    event.refresh_from_db()
    assert (event.status, event.proposals) == ("happened", {})


def test_the_queue_asks_as_many_questions_for_one_as_for_twenty(
    desk, django_assert_max_num_queries
):
    def cost() -> int:
        with django_assert_max_num_queries(60) as asked:
            desk.get("/review/")
        return len(asked)

    make_event("Premier", actors=["ONU"], places=["Alep"])
    desk.get("/review/")
    one = cost()
    for number in range(30):
        make_event(f"Combat {number}", "2017-01-05", actors=[f"A{number}"], places=[f"P{number}"])
    assert cost() <= one + 2  # the sheet has neighbors now: their actors and places


def test_what_another_judged_after_a_long_break_is_not_overruled_unawares(desk):
    event = make_event("Combats")
    desk.get("/review/")
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))
    grace = make_user("grace", "curator")
    review.desk(grace, Filters())
    curation.reject_event(event, by=grace)
    claims.let_go([event.pk], grace)
    answer = desk.post("/review/act/", {"verb": "approve", "event": event.pk}, **JSON)
    assert answer.status_code == 409
    assert "grace" in answer.json()["error"][0]
    assert "rejeté" in answer.json()["error"][0]
    event.refresh_from_db()
    assert event.review_state == ReviewState.REJECTED
    desk.get(f"/review/{event.pk}/")  # who looks again may decide again
    assert desk.post("/review/act/", {"verb": "approve", "event": event.pk}, **JSON).json()["acts"]


def test_an_event_that_was_merged_away_is_not_judged(desk):
    event = make_event("Combats", merged_into=make_event("Bataille"))
    answer = desk.post("/review/act/", {"verb": "approve", "event": event.pk}, **JSON)
    assert answer.status_code == 422
    assert not CurationAct.objects.exists()
