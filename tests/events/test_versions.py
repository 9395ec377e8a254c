"""Versions of a wire's item: what replaces, what takes back, what must wait."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from events import processing
from events.curation import (
    approve_event,
    create_event,
    edit_event,
    merge_events,
    reject_event,
    split_event,
    undo_act,
    withdraw_dispatch,
)
from events.ingest import Incoming, ingest_dispatch
from events.intake import ingest_batch
from events.models import CurationAct, Dispatch, Event, ReviewState
from events.processing import process_dispatch, sweep
from tests.builders import make_user, only_event, read

pytestmark = pytest.mark.django_db

CALL = "Les rebelles ont appelé le 7 décembre 2016 à un cessez-le-feu à Alep."
TALKS = "John Kerry et Sergueï Lavrov se sont rencontrés le 7 décembre 2016 à Hambourg."


def item(
    text: str, version: str, *, status: str = "usable", guid: str = "urn:a:1", **more
) -> bytes:
    body = "" if status == "canceled" else f"<p>{text}</p>"
    return json.dumps(
        {"uri": guid, "version": version, "pubstatus": status, "headline": "Alep",
         "type": "text", "body_xhtml": body, "versioncreated": "2016-12-08T10:00:00Z", **more}
    ).encode()  # fmt: skip


def take_in(content: bytes):
    return ingest_dispatch(Incoming("item.json", content))


def take_in_and_read(content: bytes) -> Dispatch:
    dispatch = take_in(content).dispatch
    process_dispatch(dispatch.pk)
    dispatch.refresh_from_db()
    return dispatch


def test_a_new_version_takes_over_the_events_of_the_one_before():
    first = take_in_and_read(item(CALL, "1"))
    event = only_event(first)
    second = take_in_and_read(item(f"{CALL} {TALKS}", "2"))
    first.refresh_from_db()
    assert first.replaced_by == second
    assert not first.mentions.exists()
    assert event in Event.objects.filter(mentions__dispatch=second)
    assert Event.objects.count() == second.mentions.count() == 2


def test_an_event_that_a_new_version_does_not_tell_goes_with_the_old_one():
    take_in_and_read(item(f"{CALL} {TALKS}", "1"))
    take_in_and_read(item(CALL, "2"))
    assert [event.type for event in Event.objects.all()] == ["call"]


CORRECTED = "ALEP (AFP) - L'armée syrienne a libéré la ville de Palmyre {} à l'aube, selon Sana."


def test_a_correction_moves_the_event_and_makes_no_second_one():
    event = only_event(take_in_and_read(item(CORRECTED.format("mardi"), "1")))
    second = take_in_and_read(item(CORRECTED.format("mercredi"), "2"))
    assert event.edtf == "2016-12-06"
    assert only_event(second) == event
    event.refresh_from_db()
    assert event.edtf == "2016-12-07"
    assert Event.objects.count() == 1


def test_a_correction_of_what_a_person_approved_is_a_new_fact_to_weigh():
    event = only_event(take_in_and_read(item(CORRECTED.format("mardi"), "1")))
    approve_event(event, by=make_user(role="curator"))
    take_in_and_read(item(CORRECTED.format("mercredi"), "2"))
    event.refresh_from_db()
    assert (event.edtf, event.review_state) == ("2016-12-06", ReviewState.APPROVED)
    assert event.proposals == {"edtf": "2016-12-07"}
    assert [mention.edtf for mention in event.mentions.all()] == ["2016-12-07"]


def test_two_alike_sentences_of_a_new_version_inherit_each_from_its_own():
    both = "{} a démissionné {} à Paris, a annoncé son ministère. "
    first, second = both.format("Paul Martin", "mardi"), both.format("Anne Leroy", "lundi")
    take_in_and_read(item(first + second, "1"))
    before = {event.pk: "Martin" in event.title for event in Event.objects.all()}
    take_in_and_read(item(second + both.format("Paul Martin", "mercredi"), "2"))
    assert {event.pk: "Martin" in event.title for event in Event.objects.all()} == before


def test_what_a_person_corrected_outlives_the_new_version():
    first = take_in_and_read(item(CALL, "1"))
    event = only_event(first)
    edit_event(event, {"title": "Appel à la trêve"}, by=make_user(role="curator"))
    take_in_and_read(item(TALKS, "2"))
    event.refresh_from_db()
    assert event.title == "Appel à la trêve"
    assert event.mentions.exists()


BOMB = "Une bombe a fait douze morts {0} à Cali."


def merged_by_hand() -> tuple[Event, Event]:
    """An event of a first version made one with that of another dispatch."""
    ada = make_user(role="curator")
    kept = only_event(take_in_and_read(item(BOMB.format("mercredi"), "1")))
    absorbed = only_event(read("Un attentat a eu lieu le 2 décembre 2016 à Bogota."))
    merge_events(kept, absorbed, by=ada)
    return kept, absorbed


@pytest.mark.parametrize(
    "anew", [BOMB.format("mardi"), "Au moins quatorze personnes ont péri mercredi à Cali."]
)
def test_a_merge_holds_the_report_of_the_new_version_and_not_that_of_the_old(anew):
    kept, absorbed = merged_by_hand()
    second = take_in_and_read(item(anew, "2"))
    kept.refresh_from_db()
    told = {mention.dispatch_id for mention in kept.mentions.all()}
    assert told == {second.pk, Dispatch.objects.get(guid="").pk}
    assert int(kept.importance) == 2
    undo_act(CurationAct.objects.get(kind="merge"), by=User.objects.get())
    assert [one.dispatch.guid for one in absorbed.mentions.all()] == [""]
    assert kept.mentions.count() == 1


def test_two_versions_of_one_item_count_as_one_source():
    rest = "La police a arrêté trois suspects le 6 décembre 2016 à Pereira."
    take_in_and_read(item(f"{CALL} {rest}", "1"))
    kept, absorbed = Event.objects.order_by("pk")
    merge_events(kept, absorbed, by=make_user(role="curator"))
    take_in_and_read(item(CALL, "2"))
    kept.refresh_from_db()
    assert {mention.dispatch.wire_version for mention in kept.mentions.all()} == {"1", "2"}
    assert int(kept.importance) == 1


def test_what_was_killed_does_not_come_back_when_a_merge_is_undone(client, settings):
    settings.PUBLIC_EVENTS = "all"
    kept, absorbed = merged_by_hand()
    take_in(item("", "2", status="canceled"))
    undo_act(CurationAct.objects.get(kind="merge"), by=User.objects.get())
    assert client.get(reverse("event", args=[kept.pk])).status_code == 410
    assert client.get(reverse("event", args=[absorbed.pk])).status_code == 200


@pytest.mark.parametrize("anew", [BOMB.format("mercredi"), BOMB.format("mardi")])
def test_a_merge_holds_in_the_version_that_follows_a_kill(anew, client, settings):
    settings.PUBLIC_EVENTS = "all"
    kept, absorbed = merged_by_hand()
    take_in(item("", "2", status="canceled"))
    page = client.get(reverse("event", args=[kept.pk])).content.decode()
    assert "douze morts" not in page
    third = take_in_and_read(item(anew, "3"))
    assert [event.pk for event in Event.objects.public()] == [kept.pk]
    assert set(kept.mentions.values_list("dispatch__guid", flat=True)) == {"", third.guid}
    undo_act(CurationAct.objects.get(kind="merge"), by=User.objects.get())
    assert kept.mentions.get().dispatch == third
    assert absorbed.mentions.get().dispatch.guid == ""


def test_a_correction_of_a_merged_event_is_a_new_fact_to_weigh():
    kept, _absorbed = merged_by_hand()
    take_in_and_read(item(BOMB.format("mardi"), "2"))
    kept.refresh_from_db()
    assert (kept.edtf, kept.proposals) == ("2016-12-07", {"edtf": "2016-12-06"})


def test_what_was_split_stays_apart_in_the_new_version():
    ada = make_user(role="curator")
    text = f"{BOMB} L'attentat de Cali, {{0}}, a aussi blessé trente passants."
    first = take_in_and_read(item(text.format("mercredi"), "1"))
    event, other = Event.objects.order_by("pk")
    merge_events(event, other, by=ada)
    part = split_event(event, [event.mentions.last()], by=ada)
    second = take_in_and_read(item(f"Du neuf. {text.format('mardi')}", "2"))
    told = second.mentions.order_by("trigger_start").values_list("event", "pinned")
    assert list(told) == [(event.pk, True), (part.pk, True)]
    assert not first.mentions.exists()


def test_an_event_made_by_hand_rests_on_the_new_version_where_its_sentence_stands():
    mourning = "La ville d'Alep pleure ses morts."
    first = take_in_and_read(item(f"{CALL} {mourning}", "1"))
    start = first.text.index("pleure")
    values = {"title": "Deuil", "type": "other", "status": "happened", "edtf": "2016-12-07"}
    event = create_event(first, start, start + 6, values, by=make_user(role="curator"))
    second = take_in_and_read(item(f"Du neuf. {CALL} {mourning}", "2"))
    mention = event.mentions.get()
    assert mention.dispatch == second
    assert second.text[mention.trigger_start : mention.trigger_end] == "pleure"
    assert mention.sentence == mourning
    third = take_in_and_read(item(CALL, "3"))
    mention.refresh_from_db()
    assert (mention.dispatch, mention.sentence) == (second, mourning)
    assert event.pk not in set(third.mentions.values_list("event", flat=True))


def test_the_same_version_again_is_a_duplicate_even_with_another_text():
    first = take_in(item(CALL, "1")).dispatch
    outcome = take_in(item(TALKS, "1"))
    assert (outcome.verdict, outcome.dispatch) == ("duplicate", first)
    assert outcome.reason["code"] == "dispatch-known-version"


def test_ten_comes_after_nine():
    take_in(item(CALL, "9"))
    newest = take_in(item(TALKS, "10")).dispatch
    assert newest.replaced_by is None
    assert Dispatch.objects.get(wire_version="9").replaced_by == newest


def test_a_version_that_arrives_late_is_kept_but_not_read():
    newest = take_in_and_read(item(TALKS, "2"))
    outcome = take_in(item(CALL, "1"))
    assert outcome.reason["code"] == "dispatch-older-version"
    assert outcome.dispatch.replaced_by == newest
    assert not process_dispatch(outcome.dispatch.pk)
    assert not outcome.dispatch.mentions.exists()


def test_a_version_that_is_being_read_when_the_next_one_comes_writes_nothing(monkeypatch):
    first = take_in(item(CALL, "1")).dispatch
    real = processing.extract

    def slow(requests):
        for extraction in real(requests):
            take_in(item(TALKS, "2"))
            yield extraction

    monkeypatch.setattr(processing, "extract", slow)
    assert not process_dispatch(first.pk)
    assert not first.mentions.exists()


def test_a_kill_hides_the_text_and_rejects_what_only_it_told(client, settings):
    settings.PUBLIC_EVENTS = "all"
    killed = take_in_and_read(item(CALL, "1"))
    event = only_event(killed)
    outcome = take_in(item("", "2", status="canceled"))
    event.refresh_from_db()
    assert (outcome.verdict, outcome.reason["code"]) == ("accepted", "dispatch-withdrawn")
    assert event.review_state == ReviewState.REJECTED
    for name, row in (("dispatch", killed), ("event", event)):
        page = client.get(reverse(name, args=[row.pk]))
        assert page.status_code == 410
        assert "cessez-le-feu" not in page.content.decode()
    assert "cessez-le-feu" not in client.get(reverse("dispatches")).content.decode()


def test_why_the_agency_took_it_back_is_told_to_the_newsroom_alone(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    killed = take_in_and_read(item(CALL, "1"))
    approve_event(only_event(killed), by=make_user(role="curator"))
    take_in(item("", "2", status="canceled", ednote="Information erronée"))
    path = reverse("dispatch", args=[killed.pk])
    assert "erronée" not in client.get(path).content.decode()
    client.force_login(User.objects.get())
    assert "erronée" in client.get(path).content.decode()


def test_the_page_of_an_event_tells_what_befell_its_dispatches(client, settings):
    settings.PUBLIC_EVENTS = "all"
    event = only_event(take_in_and_read(item(CALL, "1", guid="urn:a:2")))
    only_event(read(f"Selon Paris, {CALL[0].lower()}{CALL[1:]}"))
    path = reverse("event", args=[event.pk])
    assert "corrigée" not in client.get(path).content.decode()
    take_in_and_read(
        item(f"{CALL} C'est sûr.", "2", guid="urn:a:2", ednote="CORRIGE le jour")
    )
    assert "CORRIGE le jour" in client.get(path).content.decode()
    take_in(item("", "3", status="canceled", guid="urn:a:2", ednote="KILL"))
    page = client.get(path).content.decode()
    assert "KILL" in page
    assert "C'est sûr" not in page


def test_a_sentence_that_was_taken_back_stays_away_when_its_event_comes_back(client, settings):
    settings.PUBLIC_EVENTS = "all"
    event = only_event(take_in_and_read(item(CALL, "1")))
    take_in(item("", "2", status="canceled"))
    undo_act(CurationAct.objects.get(event=event), by=make_user(role="curator"))
    page = client.get(reverse("event", args=[event.pk]))
    assert page.status_code == 200
    assert CALL not in page.content.decode()


def test_what_a_new_version_does_not_tell_any_more_is_said_to_be_left_out(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    event = only_event(take_in_and_read(item(CALL, "1")))
    approve_event(event, by=make_user(role="curator"))
    path = reverse("event", args=[event.pk])
    second = take_in(item(TALKS, "2")).dispatch
    assert "ne dit plus" not in client.get(path).content.decode()  # nobody has read it yet
    process_dispatch(second.pk)
    approve_event(only_event(second), by=User.objects.get())
    compared = reverse("dispatch-versions", args=[second.pk])
    page = client.get(path).content.decode()
    assert "ne dit plus" in page
    assert compared not in page
    client.force_login(User.objects.get())
    assert compared in client.get(path).content.decode()
    take_in_and_read(item(f"{CALL} {TALKS}", "3"))
    assert "ne dit plus" not in client.get(path).content.decode()


def test_the_way_back_of_what_was_taken_back_is_shown_to_curators(client, settings):
    settings.PUBLIC_EVENTS = "all"
    killed = take_in_and_read(item(CALL, "1"))
    take_in_and_read(item(f"{CALL} {TALKS}", "2"))
    event = Event.objects.first()
    take_in(item("", "3", status="canceled", ednote="Information erronée"))
    history = reverse("history", args=["event", event.pk])
    for name, row in (("event", event), ("dispatch", killed), ("dispatch-versions", killed)):
        page = client.get(reverse(name, args=[row.pk]))
        assert page.status_code == 410
        assert history not in page.content.decode()
    client.force_login(make_user(role="curator"))
    assert history in client.get(reverse("event", args=[event.pk])).content.decode()
    assert "Information erronée" in client.get(history).content.decode()


def test_versions_are_listed_and_what_changed_is_marked(client, settings):
    settings.PUBLIC_EVENTS = "all"
    first = take_in_and_read(item("Il est mort jeudi à Alep.", "1"))
    second = take_in_and_read(item("Il est mort vendredi à Alep.", "2", ednote="vendredi"))
    page = client.get(reverse("dispatch-versions", args=[first.pk])).content.decode()
    plain = re.sub(r"<span class=.visually-hidden.>.*?</span>", "", page)
    assert "Il est mort <del>jeudi</del><ins>vendredi</ins> à Alep." in plain
    turned = {"older": second.pk, "newer": first.pk}
    again = client.get(reverse("dispatch-versions", args=[second.pk]), turned).content.decode()
    assert "<del>jeudi</del>" in re.sub(r"<span class=.visually-hidden.>.*?</span>", "", again)


def test_an_earlier_version_says_where_its_events_are_by_now(client, settings):
    settings.PUBLIC_EVENTS = "all"
    first = take_in_and_read(item(CALL, "1"))
    take_in_and_read(item(f"{CALL} {TALKS}", "2"))
    page = client.get(reverse("dispatch", args=[first.pk])).content.decode()
    assert "La version plus récente dit ses événements" in page
    assert "Aucun événement" not in page


def test_a_visitor_reads_no_earlier_version(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    first = take_in_and_read(item(CALL, "1"))
    second = take_in_and_read(item(f"{CALL} {TALKS}", "2"))
    approve_event(second.mentions.first().event, by=make_user(role="curator"))
    page = client.get(reverse("dispatch-versions", args=[second.pk]))
    assert page.status_code == 200
    assert "<del>" not in page.content.decode()
    answer = client.get(reverse("dispatch", args=[first.pk]))
    assert (answer.status_code, answer.url) == (302, reverse("dispatch", args=[second.pk]))
    both = {"older": first.pk, "newer": second.pk}
    assert "<del>" not in client.get(
        reverse("dispatch-versions", args=[second.pk]), both
    ).content.decode()


@pytest.mark.parametrize("query", ["?older=0&newer=9", "?older=x&newer=", "?newer=1"])
def test_versions_that_are_none_are_not_compared(query, client, settings):
    settings.PUBLIC_EVENTS = "all"
    first = take_in(item(CALL, "1")).dispatch
    take_in(item(TALKS, "2"))
    assert client.get(reverse("dispatch-versions", args=[first.pk]) + query).status_code == 200


def test_a_dispatch_alone_has_no_page_of_versions(client, settings):
    settings.PUBLIC_EVENTS = "all"
    alone = take_in(item(CALL, "1")).dispatch
    assert client.get(reverse("dispatch-versions", args=[alone.pk])).status_code == 404


def test_the_newsroom_is_told_of_an_embargo(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    held = take_in(item(CALL, "1", embargoed="2999-01-01T06:00:00Z")).dispatch
    client.force_login(make_user(role="curator"))
    page = client.get(reverse("dispatch", args=[held.pk])).content.decode()
    assert "1er janvier 2999" in page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "un embargo jusqu’à « demain matin »"),
        ("en", "an embargo until “demain matin”"),
    ],
)
def test_an_embargo_that_cannot_be_read_holds_and_the_newsroom_is_told(
    client, settings, language, said
):
    settings.PUBLIC_EVENTS = "approved"
    held = take_in(item(CALL, "1", embargoed="demain matin")).dispatch
    page = reverse("dispatch", args=[held.pk])
    assert not process_dispatch(held.pk)
    assert client.get(page).status_code == 404
    client.force_login(make_user(role="curator"))
    told = client.get(page, headers={"Accept-Language": language}).content.decode()
    assert said in unescape(told).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("hour", ["9999-12-31T23:59:59-05:00", "0001-01-01T00:00:00+14:00"])
def test_an_hour_at_the_end_of_time_is_taken_in(hour):
    held = take_in(item(CALL, "1", embargoed=hour, versioncreated=hour)).dispatch
    assert not process_dispatch(held.pk)


def test_the_rejection_by_a_kill_can_be_undone():
    event = only_event(take_in_and_read(item(CALL, "1")))
    take_in(item("", "2", status="canceled"))
    act = CurationAct.objects.get(event=event)
    assert act.by is None
    undo_act(act, by=make_user(role="curator"))
    event.refresh_from_db()
    assert event.review_state == ReviewState.PROPOSED


def test_an_event_that_another_dispatch_tells_too_survives_a_kill_without_its_words():
    killed = take_in_and_read(item(CALL, "1"))
    event = only_event(killed)
    other = read(f"Selon Paris, {CALL[0].lower()}{CALL[1:]}")
    assert only_event(other) == event
    take_in(item("", "2", status="canceled"))
    event.refresh_from_db()
    assert event.review_state == ReviewState.PROPOSED
    assert [mention.dispatch for mention in event.mentions.all()] == [other]


def test_a_kill_of_what_never_came_is_remembered():
    take_in(item("", "2", status="canceled"))
    outcome = take_in(item(CALL, "1"))
    assert (outcome.verdict, outcome.reason["code"]) == ("refused", "dispatch-killed")


def test_a_corrected_version_may_follow_a_kill():
    take_in_and_read(item(CALL, "1"))
    take_in(item("", "2", status="canceled"))
    corrected = take_in_and_read(item(TALKS, "3"))
    assert corrected.replaced_by is None
    assert corrected.mentions.exists()


def told(outcome) -> tuple[str, str]:
    return outcome.verdict, str(outcome.reason.get("code", ""))


def kill(version: str, **more):
    return take_in(item("", version, status="canceled", **more))


def test_a_later_version_brings_back_a_text_that_was_killed(client, settings):
    settings.PUBLIC_EVENTS = "all"
    event = only_event(take_in_and_read(item(CALL, "1")))
    kill("2")
    again = take_in_and_read(item(CALL, "3"))
    assert again.replaced_by is None
    assert only_event(again) == event
    event.refresh_from_db()
    assert event.review_state == ReviewState.PROPOSED
    for name, row in (("dispatch", again), ("event", event)):
        page = client.get(reverse(name, args=[row.pk]))
        assert page.status_code == 200
        assert "cessez-le-feu" in page.content.decode()


def test_an_event_that_a_person_rejected_since_stays_so_when_its_text_comes_back():
    event = only_event(take_in_and_read(item(CALL, "1")))
    ada = make_user(role="curator")
    kill("2")
    undo_act(CurationAct.objects.get(event=event), by=ada)
    reject_event(event, by=ada)
    take_in_and_read(item(CALL, "3"))
    event.refresh_from_db()
    assert event.review_state == ReviewState.REJECTED


def test_what_was_approved_before_the_kill_is_approved_after_it():
    event = only_event(take_in_and_read(item(CALL, "1")))
    approve_event(event, by=make_user(role="curator"))
    kill("2")
    take_in_and_read(item(CALL, "3"))
    event.refresh_from_db()
    assert event.review_state == ReviewState.APPROVED


@pytest.mark.parametrize("resent", [item(CALL, "1"), item(CALL, "2")])
def test_a_message_older_than_the_kill_brings_nothing_back(resent):
    take_in_and_read(item(CALL, "1"))
    kill("2")
    assert told(take_in(resent)) == ("refused", "dispatch-killed")


def test_the_hour_tells_whether_a_message_came_after_the_kill():
    def sent(hour, text=CALL, **more):
        return take_in(item(text, "", versioncreated=f"2016-12-08T{hour}:00Z", **more))

    sent("10:00")
    sent("12:00", "", status="canceled")
    assert told(sent("11:00")) == ("refused", "dispatch-killed")
    assert told(sent("11:00", TALKS)) == ("refused", "dispatch-killed")
    assert told(sent("13:00")) == ("accepted", "dispatch-new-version")


def test_a_version_may_return_to_the_text_of_an_earlier_one():
    first = take_in_and_read(item(CALL, "1"))
    take_in_and_read(item(TALKS, "2"))
    third = take_in_and_read(item(CALL, "3"))
    assert third.replaced_by is None
    assert [event.type for event in Event.objects.all()] == ["call"]
    assert told(take_in(item(CALL, "1")))[0] == "duplicate"
    other = take_in(item(CALL, "1", guid="urn:b:9"))
    assert (told(other), other.dispatch) == (("duplicate", "dispatch-known"), third)
    first.refresh_from_db()
    assert first.text == third.text


def test_a_version_that_changes_nothing_is_already_here_and_counts_as_seen():
    first = take_in(item(CALL, "1")).dispatch
    assert told(take_in(item(CALL, "3"))) == ("duplicate", "dispatch-known")
    assert told(take_in(item(TALKS, "2"))) == ("accepted", "dispatch-older-version")
    first.refresh_from_db()
    assert first.replaced_by is None


def test_a_version_that_lifts_the_embargo_of_the_same_text_is_new():
    held = take_in(item(CALL, "1", embargoed="2999-01-01T00:00:00Z")).dispatch
    assert not process_dispatch(held.pk)
    free = take_in_and_read(item(CALL, "2"))
    assert free.mentions.exists()


def test_a_kill_that_arrives_after_the_version_that_followed_it_changes_nothing():
    take_in(item(CALL, "1"))
    kill("2")
    standing = take_in(item(TALKS, "3")).dispatch
    assert told(kill("2")) == ("duplicate", "dispatch-older-version")
    standing.refresh_from_db()
    assert standing.withdrawn_at is None


def test_a_text_that_was_killed_does_not_come_back_by_another_door():
    first = take_in(item(CALL, "1")).dispatch
    kill("2")
    for content in (first.text.encode(), item(CALL, "1", guid="urn:b:9")):
        assert told(take_in(content)) == ("refused", "text-taken-back")


def test_what_a_curator_took_off_stays_off_whatever_version_comes():
    first = take_in_and_read(item(CALL, "1"))
    act = withdraw_dispatch(first, "Sur demande", by=make_user(role="curator"))
    for text in (CALL, TALKS):
        assert told(take_in(item(text, "2"))) == ("refused", "dispatch-taken-off")
    undo_act(act, by=User.objects.get())
    assert told(take_in(item(TALKS, "2"))) == ("accepted", "dispatch-new-version")


def test_the_verdicts_of_versions_and_kills_sum_up():
    batch = ingest_batch([
        Incoming("1.json", item(CALL, "1")),
        Incoming("2.json", item(TALKS, "2")),
        Incoming("2 again.json", item(TALKS, "2")),
        Incoming("kill.json", item("", "3", status="canceled")),
        Incoming("late.json", item(f"{CALL} {TALKS}", "1")),
    ])  # fmt: skip
    assert [told(row) for row in batch.items.all()] == [
        ("accepted", ""),
        ("accepted", "dispatch-new-version"),
        ("duplicate", "dispatch-known-version"),
        ("accepted", "dispatch-withdrawn"),
        ("refused", "dispatch-killed"),
    ]


def test_nothing_is_read_or_shown_before_the_embargo_ends(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    hour = timezone.now() + timedelta(hours=1)
    held = take_in(item(CALL, "1", embargoed=hour.isoformat())).dispatch
    assert held.embargo_until == hour
    assert not process_dispatch(held.pk)
    assert sweep().read == 0
    assert client.get(reverse("dispatch", args=[held.pk])).status_code == 404
    Dispatch.objects.update(embargo_until=datetime(2016, 12, 8, tzinfo=UTC))
    assert process_dispatch(held.pk)


def test_versions_without_numbers_are_told_apart_by_their_hour():
    late = take_in(item(CALL, "b", versioncreated="2016-12-08T12:00:00Z")).dispatch
    early = take_in(item(TALKS, "a", versioncreated="2016-12-08T11:00:00Z")).dispatch
    assert early.replaced_by == late
