"""The events of a view taken away: the same rows as on the screen, in every format."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date

import feedparser
import icalendar
import pytest
from django.urls import reverse

from events.exports import FORMATS
from tests.events.stories import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def corpus(settings):
    """Events of every shape of date, one of which no view of 2016 shows."""
    settings.PUBLIC_EVENTS = "all"
    return {
        title: make_event(title, edtf, status=status, places=[place] if place else []).pk
        for title, edtf, status, place in [
            ("Combats", "2016-12-05", "happened", "Alep"),
            ("Trêve", "2016-12-08", "planned", ""),
            ("Pourparlers", "2016-12-06/2016-12-10", "happened", "Genève"),
            ("Siège", "2016-11", "happened", ""),
            ("Guerre", "2011-03/..", "ongoing", "Syrie"),
            ("=1+1", "", "happened", ""),
            ("Séisme", "2010-01-12", "happened", ""),
        ]
    }


@pytest.fixture
def take(client):
    def ask(kind, question="", **headers):
        answer = client.get(reverse("export", args=[kind]) + question, headers=headers)
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content)

    return ask


def ids_in(kind: str, content: bytes) -> list[int]:
    """The events that a file holds, in its order, found as its readers would."""
    if kind in {"csv", "csv-semicolon"}:
        mark = ";" if kind == "csv-semicolon" else ","
        table = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=mark)
        return [int(row["id"]) for row in table]
    if kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        return [int(n) for n in re.findall(r'<c r="A\d+"[^>]*><v>(\d+)</v>', sheet)][-6:]
    if kind == "ics":
        entries = icalendar.Calendar.from_ical(content).subcomponents
        return [int(str(entry["uid"]).partition("@")[0].partition("-")[2]) for entry in entries]
    if kind == "geojson":
        return [feature["id"] for feature in json.loads(content)["features"]]
    if kind == "timelinejs":
        return [int(one["unique_id"].partition("-")[2]) for one in json.loads(content)["events"]]
    links = [entry.link for entry in feedparser.parse(content).entries]
    return [int(link.rstrip("/").rpartition("/")[2]) for link in links]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_holds_the_events_of_the_view_in_its_order(kind, take, client, corpus):
    question = "?start=2016"
    shown = client.get(reverse("timeline") + question).context["page"]
    listed = [item.id for year in shown.years for month in year.months for item in month.items]
    undated = [item.id for item in shown.undated]
    assert len(listed) == 5
    found = ids_in(kind, take(kind, question))
    if kind == "atom":
        assert set(found) == {*listed, *undated}
    elif kind == "timelinejs":  # it knows no event without a date
        assert found == listed
    else:
        assert found == listed + undated


def test_the_order_and_the_filters_of_the_view_are_those_of_the_file(take, corpus):
    backwards = ids_in("csv", take("csv", "?order=desc"))
    assert backwards[0] == corpus["Trêve"]
    assert ids_in("csv", take("csv", "?status=planned")) == [corpus["Trêve"]]


def test_a_calendar_has_whole_days_and_an_exclusive_end(take, corpus):
    entries = icalendar.Calendar.from_ical(take("ics")).subcomponents
    by_title = {str(entry["summary"]): entry for entry in entries}
    talks = by_title["Pourparlers"]
    assert (talks["dtstart"].dt, talks["dtend"].dt) == (date(2016, 12, 6), date(2016, 12, 11))
    siege = by_title["Siège"]
    assert (siege["dtstart"].dt, siege["dtend"].dt) == (date(2016, 11, 1), date(2016, 12, 1))
    assert str(siege["x-edtf"]) == "2016-11"
    assert "dtend" not in by_title["Guerre"]
    assert by_title["=1+1"].name == "VJOURNAL"
    assert by_title["=1+1"].get("dtstart") is None


def test_what_is_only_planned_is_no_fact_in_any_calendar_or_feed(take):
    (entry,) = icalendar.Calendar.from_ical(
        take("ics", "?status=planned", **{"Accept-Language": "en"})
    ).subcomponents
    assert (str(entry["summary"]), str(entry["status"])) == ("[planned] Trêve", "TENTATIVE")
    feed = take("atom", "?status=planned", **{"Accept-Language": "en"}).decode()
    assert "[planned] Trêve" in feed


def test_slides_name_no_day_that_is_not_known(take, corpus):
    told = json.loads(take("timelinejs", **{"Accept-Language": "fr"}))
    slides = {int(one["unique_id"].partition("-")[2]): one for one in told["events"]}
    assert slides[corpus["Siège"]]["start_date"] == {"year": 2016, "month": 11}
    assert "end_date" not in slides[corpus["Siège"]]
    assert "end_date" not in slides[corpus["Combats"]]
    assert slides[corpus["Pourparlers"]]["end_date"] == {"year": 2016, "month": 12, "day": 10}
    assert slides[corpus["Guerre"]]["display_date"] == "depuis mars 2011"
    assert "1 événement" in told["title"]["text"]["text"]


def test_an_event_at_no_place_stays_on_the_map_without_one(take, corpus):
    features = {one["id"]: one for one in json.loads(take("geojson"))["features"]}
    assert features[corpus["Trêve"]]["geometry"] is None
    for feature in features.values():
        if feature["geometry"]:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def test_no_cell_is_taken_for_a_formula(take):
    assert "'=1+1" in take("csv").decode()
    with zipfile.ZipFile(io.BytesIO(take("xlsx"))) as book:
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_the_page_of_a_view_leads_to_its_files(client):
    for name in ("timeline", "map", "walk"):
        page = client.get(reverse(name), {"start": "2016", "page": "2"}).content.decode()
        for kind in FORMATS:
            assert f"{reverse('export', args=[kind])}?start=2016" in page, (name, kind)


def test_scripts_are_told_of_the_files(client):
    page = client.get("/api/docs").content.decode()
    assert all(reverse("export", args=[kind]) in page for kind in FORMATS)


def test_more_than_one_file_can_hold_is_told_on_the_page(client, monkeypatch):
    monkeypatch.setattr("events.views.MOST_EXPORTED", 3)
    answer = client.get(reverse("export", args=["csv"]) + "?start=2016", follow=True)
    assert answer.redirect_chain[0][0] == "/?start=2016"
    assert [str(one) for one in answer.context["messages"]]


@pytest.mark.parametrize("path", ["/export/pdf/", "/export/csv/?start=demain"])
def test_what_cannot_be_asked_for_is_told(client, path):
    assert client.get(path).status_code in {400, 404}
