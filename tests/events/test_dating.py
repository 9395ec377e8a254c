"""Dispatches of which nobody knows the day: the tray, the days offered, one answer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User

from events import processing, provenance
from events.curation import redate_dispatch, undo_act
from events.ingest import Incoming, ingest_dispatch
from events.models import CurationAct, DayFrom, Dispatch, Event
from events.processing import process_dispatch
from tests.builders import give, make_user, read
from tests.events.test_versions import item

pytestmark = pytest.mark.django_db

TALKS = "Les négociateurs se sont rencontrés jeudi à Genève."
WORKED_OUT = (
    "La guerre a éclaté en mars 2011. Cinq ans et demi après, jeudi, le régime a repris la ville."
)
FIGHTS = "ALEP, 8 décembre (AFP) - Les combats ont repris jeudi à Alep."
RECEIVED = datetime(2017, 3, 1, 12, tzinfo=UTC)
TRAY = "/dispatches/undated/"


def undated(text: str = TALKS, **fields) -> Dispatch:
    dispatch = give(text)
    Dispatch.objects.filter(pk=dispatch.pk).update(received_at=RECEIVED, **fields)
    assert process_dispatch(dispatch.pk)
    dispatch.refresh_from_db()
    return dispatch


def contributor() -> User:
    return make_user("bob", "contributor")


def test_what_nobody_dated_waits_and_none_of_its_events_is_of_the_day_it_came_in():
    dispatch = undated()
    assert list(Dispatch.objects.undated()) == [dispatch]
    assert not Event.objects.exclude(edtf="").exists()


@pytest.mark.parametrize(
    "fields",
    [{"withdrawn_at": RECEIVED}, {"embargo_until": datetime(2999, 1, 1, tzinfo=UTC)},
     {"state": Dispatch.State.RECEIVED}, {"is_dated": True}],
)  # fmt: skip
def test_what_cannot_be_dated_now_is_not_in_the_tray(fields):
    undated()
    Dispatch.objects.update(**fields)
    assert not Dispatch.objects.undated().exists()


def test_a_dispatch_with_its_day_is_not_in_the_tray():
    read(TALKS, published=date(2016, 12, 8))
    assert not Dispatch.objects.undated().exists()


def test_the_days_that_the_text_allows_come_first_and_that_of_receipt_last():
    dispatch = undated("L'agence a perdu jeudi 20 octobre le module lancé le 14 mars 2016.")
    days = list(provenance.candidates(dispatch))
    assert days[-1].day == date(2017, 3, 1)
    assert days[-1].percent is None
    weighed = [one for one in days if one.percent]
    assert weighed
    assert "jeudi 20 octobre" in weighed[0].why
    assert [one.percent for one in weighed] == sorted((o.percent for o in weighed), reverse=True)


def test_the_days_that_the_text_writes_out_are_offered():
    dispatch = undated("Un accord a été signé le 7 décembre 2016 à Genève.")
    offered = {one.day: one.why for one in provenance.candidates(dispatch)}
    assert date(2016, 12, 7) in offered
    assert "7 décembre 2016" in offered[date(2016, 12, 7)]


def test_a_dateline_without_a_year_offers_its_last_day_before_it_came_in():
    days = [one.day for one in provenance.candidates(undated(FIGHTS))]
    assert date(2016, 12, 8) in days
    assert date(2017, 12, 8) not in days


def test_a_day_that_was_not_believed_is_offered_with_its_reason():
    notice = {"code": "html-day-not-believed", "values": {"date": "2016-12-09"}, "stage": "reading"}
    offered = {one.day: one.why for one in provenance.candidates(undated(notices=[notice]))}
    assert "9 décembre 2016" in offered[date(2016, 12, 9)]


def test_one_answer_places_what_counts_from_the_day_and_brings_the_next_one(desk):
    first, second = undated(), undated(WORKED_OUT)
    page = desk.get(TRAY).content.decode()
    assert TALKS in page
    action = re.search(rf'action="(/dispatches/{first.pk}/date/)"', page)[1]
    to = re.search(r'name="next" value="([^"]+)"', page)[1]
    answer = desk.post(action, {"published": "2016-12-09", "next": to}, follow=True)
    assert "Cinq ans et demi" in answer.content.decode()
    assert process_dispatch(first.pk)
    assert first.mentions.get().edtf == "2016-12-08"  # the Thursday
    first.refresh_from_db()
    assert (first.published_from, first.dct_basis) == (DayFrom.PERSON, "declared")
    assert list(Dispatch.objects.undated()) == [second]


def test_who_answers_second_is_told_of_the_first_answer(desk):
    dispatch = undated()
    seen = re.search(r'name="seen" value="([^"]*)"', desk.get(TRAY).content.decode())[1]
    redate_dispatch(dispatch, date(2016, 12, 9), by=contributor())
    form = {"published": "2016-12-16", "next": TRAY, "seen": seen}
    page = desk.post(f"/dispatches/{dispatch.pk}/date/", form, follow=True)
    assert page.redirect_chain[-1][0] == f"/dispatches/{dispatch.pk}/"
    assert "bob" in page.content.decode()
    dispatch.refresh_from_db()
    assert dispatch.published == date(2016, 12, 9)


def sent(version: str, text: str = TALKS, **more) -> Dispatch:
    """A version of an item of a wire, read; it names no day unless `more` does."""
    dispatch = ingest_dispatch(
        Incoming("item.json", item(text, version, **{"versioncreated": None, **more}))
    ).dispatch
    Dispatch.objects.filter(pk=dispatch.pk).update(received_at=RECEIVED)
    process_dispatch(dispatch.pk)
    dispatch.refresh_from_db()
    return dispatch


def test_the_day_that_a_person_said_holds_for_the_next_version(desk):
    desk.post(f"/dispatches/{sent('1').pk}/date/", {"published": "2016-12-09"})
    second = sent("2", f"{TALKS} Rien n'a filtré.")
    assert (second.published, second.published_from) == (date(2016, 12, 9), DayFrom.PERSON)
    assert [event.edtf for event in Event.objects.all()] == ["2016-12-08"]
    third = sent("3", f"{TALKS} Tout a filtré.")
    assert third.is_dated
    undo_act(CurationAct.objects.get(), by=User.objects.get())
    third.refresh_from_db()
    assert third.published is None
    assert process_dispatch(third.pk)
    assert Dispatch.objects.undated().get() == third


@pytest.mark.parametrize(
    ("again", "of_day"), [("2016-12-20", date(2016, 12, 9)), ("2016-12-21", date(2016, 12, 21))]
)
def test_only_another_day_of_the_wire_replaces_the_one_that_a_person_said(again, of_day, desk):
    first = sent("1", versioncreated="2016-12-20T10:00:00Z")
    assert first.published == date(2016, 12, 20)
    desk.post(f"/dispatches/{first.pk}/date/", {"published": "2016-12-09"})
    second = sent("2", f"{TALKS} Enfin.", versioncreated=f"{again}T10:00:00Z")
    assert second.published == of_day


def test_the_day_of_a_version_that_was_replaced_meanwhile_is_asked_of_the_new_one(desk):
    first = sent("1")
    second = sent("2", f"{TALKS} Rien n'a filtré.")
    form = {"published": "2016-12-09", "next": TRAY, "seen": ""}
    page = desk.post(f"/dispatches/{first.pk}/date/", form, follow=True)
    assert page.redirect_chain[-1][0] == f"/dispatches/{second.pk}/"
    assert "Une version plus récente" in page.content.decode()
    assert not CurationAct.objects.exists()
    old = desk.get(f"/dispatches/{first.pk}/").content.decode()
    assert 'name="published"' not in old
    assert "data-select" not in old


def test_a_day_that_is_said_while_the_dispatch_is_being_read_counts(monkeypatch):
    dispatch = undated()
    bob = contributor()
    redate_dispatch(dispatch, date(2016, 12, 16), by=bob)
    real = processing.extract

    def slow(requests):
        for extraction in real(requests):
            redate_dispatch(dispatch, date(2016, 12, 9), by=bob)
            yield extraction

    monkeypatch.setattr(processing, "extract", slow)
    assert not process_dispatch(dispatch.pk)
    monkeypatch.setattr(processing, "extract", real)
    assert process_dispatch(dispatch.pk)
    assert [event.edtf for event in Event.objects.all()] == ["2016-12-08"]


def test_an_answer_can_be_undone_and_redone(desk):
    dispatch = undated()
    page = desk.post(f"/dispatches/{dispatch.pk}/date/", {"published": "2016-12-09"}, follow=True)
    act = CurationAct.objects.get(dispatch=dispatch)
    assert f'name="act" value="{act.pk}"' in page.content.decode()
    undo_act(act, by=User.objects.get())
    assert process_dispatch(dispatch.pk)
    dispatch.refresh_from_db()
    assert (dispatch.published, dispatch.published_from) == (None, "")
    assert not dispatch.mentions.exclude(edtf="").exists()


def test_undoing_gives_back_the_day_of_the_wire(desk):
    dispatch = read(published=date(2016, 12, 8))
    Dispatch.objects.update(published_from=DayFrom.WIRE)
    desk.post(f"/dispatches/{dispatch.pk}/date/", {"published": "2016-12-06"})
    undo_act(CurationAct.objects.get(), by=User.objects.get())
    dispatch.refresh_from_db()
    assert (str(dispatch.published), dispatch.published_from) == ("2016-12-08", DayFrom.WIRE)


@pytest.mark.parametrize("day", ["2017-03-02", "hier", "2016-02-30"])
def test_a_day_that_cannot_be_changes_nothing_and_says_why(desk, day):
    dispatch = undated()
    page = desk.post(
        f"/dispatches/{dispatch.pk}/date/", {"published": day, "next": TRAY}, follow=True
    )
    assert "notice--error" in page.content.decode()
    dispatch.refresh_from_db()
    assert dispatch.published is None
    assert not CurationAct.objects.exists()


def test_who_may_add_may_say_the_day_but_is_offered_no_undoing(client):
    dispatch = undated()
    client.force_login(contributor())
    path = f"/dispatches/{dispatch.pk}/date/"
    page = client.post(path, {"published": "2016-12-09"}, follow=True).content.decode()
    assert CurationAct.objects.get().by.username == "bob"
    assert 'name="act"' not in page


def test_on_ones_own_machine_the_day_is_said_without_a_login(client, settings):
    settings.PUBLIC_EVENTS = "all"
    dispatch = undated()
    path = f"/dispatches/{dispatch.pk}/date/"
    client.post(path, {"published": "2016-12-09"}, headers={"host": "127.0.0.1"})
    dispatch.refresh_from_db()
    assert str(dispatch.published) == "2016-12-09"


def test_a_visitor_sees_no_tray_and_dates_nothing(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    dispatch = undated()
    assert client.get(TRAY).status_code == 302
    answer = client.post(f"/dispatches/{dispatch.pk}/date/", {"published": "2016-12-09"})
    assert answer.url.startswith("/login/")


def test_an_answer_leads_to_no_other_site(desk):
    dispatch = undated()
    answer = desk.post(
        f"/dispatches/{dispatch.pk}/date/", {"published": "2016-12-09", "next": "//evil.example/"}
    )
    assert answer.url == f"/dispatches/{dispatch.pk}/"


def test_the_one_left_for_later_comes_round_again(desk):
    first, second = undated(), undated(WORKED_OUT)
    assert WORKED_OUT[:20] in desk.get(f"{TRAY}?after={first.pk}").content.decode()
    page = desk.get(f"{TRAY}?after={second.pk}").content.decode()
    assert f'action="/dispatches/{first.pk}/date/"' in page


@pytest.mark.parametrize("query", ["?at=x", "?batch=1", "?after=-1", "?at=99999999999999999999"])
def test_nonsense_in_the_address_is_told(desk, query):
    assert desk.get(TRAY + query).status_code == 400


def test_the_page_of_a_dispatch_keeps_its_days_apart(desk):
    dispatch = undated("Paris, 8 déc 2016 (AFP) - Un accord a été signé jeudi.")
    filed = datetime(2016, 12, 8, 22, tzinfo=UTC)
    Dispatch.objects.update(
        filed_at=filed, published=date(2016, 12, 9), published_from=DayFrom.PAGE
    )
    page = desk.get(f"/dispatches/{dispatch.pk}/").content.decode()
    rows = re.findall(r"<div( class=\"is-counted\")?>\s*<dt>", page)
    assert len(rows) == 4
    assert [bool(row) for row in rows] == [True, False, False, False]
    for day in ("8 décembre 2016", "9 décembre 2016", "1er mars 2017", "23 h"):
        assert day in page.replace("\xa0", " ")
