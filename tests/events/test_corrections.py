"""A table taken away, corrected in a spreadsheet, and brought back."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events import curation
from events.models import CurationAct, Event
from tests.builders import make_user
from tests.events.stories import make_event

pytestmark = pytest.mark.django_db
URL = "/corrections/"


@pytest.fixture(autouse=True)
def ada(settings, client):
    settings.PUBLIC_EVENTS = "all"
    person = make_user("ada", "curator")
    client.force_login(person)
    return person


@pytest.fixture
def table(client):
    """Take all events away; returns rows that a test may correct, by number of their event."""

    def take() -> dict[int, dict[str, str]]:
        content = b"".join(client.get(reverse("export", args=["csv"])).streaming_content)
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        return {int(row["id"]): row for row in rows}

    return take


@pytest.fixture
def bring(client):
    def send(rows, *, mark=",", encoding="utf-8-sig"):
        written = io.StringIO()
        writer = csv.DictWriter(written, fieldnames=list(rows[0]), delimiter=mark)
        writer.writeheader()
        writer.writerows(rows)
        return client.post(URL, {"table": file(written.getvalue().encode(encoding))})

    return send


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("frise.csv", content, "text/csv")


def shown(answer) -> list[tuple[int, str, str]]:
    assert answer.status_code == 200, answer.context["form"].errors
    return [(one.event, one.name, one.after) for one in answer.context["table"].changes]


def take_all(client, answer):
    values = [one.as_json() for one in answer.context["table"].changes]
    return client.post(URL, {"change": values}, follow=True)


def test_a_table_that_nobody_touched_changes_nothing(table, bring):
    for edtf in ("2016-12-05", "2016-12", "2011-03/..", "2016-12-06/2016-12-10", "2015~", ""):
        make_event(f"=Titre, « {edtf} »", edtf, time_of_day="08:30")
    assert shown(bring(list(table().values()))) == []


def test_what_a_spreadsheet_made_of_dates_is_no_change(table, bring):
    day, month = make_event("Jour", "2016-12-05").pk, make_event("Mois", "2016-12").pk
    rows = table()
    for written in ("déc-16", "Dec-16", "déc.-16", "01/12/2016"):
        rows[day]["date"], rows[month]["date"] = "05/12/2016", written
        rows[day]["time_of_day"] = ""
        assert shown(bring(list(rows.values()), mark=";", encoding="cp1252")) == []


@pytest.mark.parametrize(
    ("written", "corrected"), [("05/12/2016", "7/1/2017"), ("12/5/2016", "1/7/2017")]
)
def test_the_order_of_day_and_month_is_told_by_the_days_that_nobody_changed(
    table, bring, written, corrected
):
    kept, wrong = make_event("Juste", "2016-12-05").pk, make_event("Faux", "2016-12-06").pk
    rows = table()
    rows[kept]["date"], rows[wrong]["date"] = written, corrected
    assert shown(bring(list(rows.values()))) == [(wrong, "edtf", "2017-01-07")]


def test_a_preview_changes_nothing_and_what_is_taken_of_it_is_logged(table, bring, client, ada):
    event = make_event("Combats", "2016-12-05")
    rows = table()
    rows[event.pk] |= {
        "title": "Les combats ont repris", "date": "2016-12", "type": "pourparlers",
        "status": "Planned", "review": "approuvé",
    }  # fmt: skip
    answer = bring(list(rows.values()))
    assert len(shown(answer)) == 5
    assert not CurationAct.objects.exists()
    assert take_all(client, answer).status_code == 200
    event.refresh_from_db()
    assert (event.title, event.edtf, event.type) == ("Les combats ont repris", "2016-12", "talks")
    assert (event.status, event.review_state) == ("planned", "approved")
    assert event.start_date.isoformat() == "2016-12-01"
    assert {act.by for act in CurationAct.objects.all()} == {ada}
    for act in CurationAct.objects.order_by("-pk"):
        curation.undo_act(act, by=ada)
    event.refresh_from_db()
    assert (event.title, event.edtf, event.review_state) == ("Combats", "2016-12-05", "proposed")


def test_only_what_is_ticked_is_done(table, bring, client):
    first, second = make_event("Un", "2016"), make_event("Deux", "2016")
    rows = table()
    for pk in (first.pk, second.pk):
        rows[pk]["date"] = "2017"
    answer = bring(list(rows.values()))
    one = next(one for one in answer.context["table"].changes if one.event == second.pk)
    client.post(URL, {"change": [one.as_json()]})
    assert Event.objects.get(pk=first.pk).edtf == "2016"
    assert Event.objects.get(pk=second.pk).edtf == "2017"


def test_every_wrong_cell_is_named_by_line_and_column_and_the_others_go_on(table, bring):
    events = [make_event(f"Événement {n}", "2016-12-05").pk for n in range(4)]
    rows = table()
    rows[events[0]]["date"] = "2016-02-30"
    rows[events[1]]["status"] = "peut-être"
    rows[events[2]]["id"] = "999999"
    rows[events[3]]["title"] = "Un autre titre"
    answer = bring([rows[pk] for pk in events])
    assert [(one.line, one.column) for one in answer.context["table"].faults] == [
        (2, "date"), (3, "status"), (4, "id"),
    ]  # fmt: skip
    assert all(one.message for one in answer.context["table"].faults)
    assert shown(answer) == [(events[3], "title", "Un autre titre")]


def test_what_was_changed_here_since_is_not_ticked(table, bring, ada):
    event = make_event("Combats", "2016-12-05")
    rows = table()
    curation.edit_event(event, {"title": "Un meilleur titre"}, by=ada)
    answer = bring(list(rows.values()))
    assert shown(answer) == [(event.pk, "title", "Combats")]
    assert 'name="change"' in answer.content.decode()
    assert not re.search(r"<input[^>]* checked", answer.content.decode())


def test_what_changes_between_preview_and_word_stays_and_is_told(table, bring, client, ada):
    event = make_event("Combats", "2016-12-05")
    rows = table()
    rows[event.pk]["title"] = "Combats à Alep"
    answer = bring(list(rows.values()))
    curation.edit_event(event, {"title": "Un meilleur titre"}, by=ada)
    page = take_all(client, answer)
    event.refresh_from_db()
    assert event.title == "Un meilleur titre"
    assert any("Combats" in str(one) for one in page.context["messages"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a;b\n1;2",
        b"id\n1",
        bytes(range(256)) * 40,
        b"id,title\n" + b'"' * 99,
        b"PK\x03\x04" * 90,
    ],
)
def test_what_is_no_table_of_events_is_told(client, content):
    answer = client.post(URL, {"table": file(content)})
    assert answer.status_code in {200, 422}
    assert answer.context["form"].errors or not answer.context["table"].changes


@pytest.mark.parametrize(
    "value", ["", "[]", "{}", '{"event": [], "title": "", "name": "x", "before": "", "after": ""}',
              '{"event": 1, "title": "", "name": "delete", "before": "", "after": ""}', "[" * 9999]
)  # fmt: skip
def test_a_change_that_was_made_up_is_refused(client, value):
    assert client.post(URL, {"change": [value]}).status_code == 302
    assert not CurationAct.objects.exists()
