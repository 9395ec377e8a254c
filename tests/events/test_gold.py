"""What curators decided is exported as annotated dispatches, and scores the pipeline."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command

from events import curation, gold
from events.models import Event
from tests.builders import make_user, read

pytestmark = pytest.mark.django_db
SCHEMA = json.loads(
    (Path(__file__).parent.parent / "evaluation" / "schema.json").read_text(encoding="utf-8")
)
TEXT = (
    "Les rebelles ont appelé le 7 décembre 2016 à un cessez-le-feu à Alep. "
    "Une offensive a été lancée le 15 novembre 2016 à Damas. "
    "Selon l'ONU, trois personnes ont été tuées lundi dans un bombardement à Idleb."
)


@pytest.fixture(autouse=True)
def alone(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


def exported() -> dict:
    out = StringIO()
    call_command("export_gold", stdout=out)
    content = json.loads(out.getvalue())
    jsonschema.validate(content, SCHEMA)
    for document in content["docs"]:
        for event in document["events"]:
            for span in (event["trigger"], event["sentence"], *event["actors"], *event["places"]):
                assert document["text"][span["start"] : span["end"]] == span["text"]
    return content


def test_a_dispatch_of_which_nothing_was_judged_is_left_out():
    read(TEXT)
    assert exported() == {"docs": []}


def test_what_was_approved_scores_full_marks_for_the_pipeline_that_found_it(ada, tmp_path):
    read(TEXT)
    for event in Event.objects.all():
        curation.approve_event(event, by=ada)
    path = tmp_path / "gold.json"
    out = StringIO()
    call_command("export_gold", str(path), stdout=out)
    assert out.getvalue().strip() == f"1 dispatches, {Event.objects.count()} events"
    scores = StringIO()
    call_command("evaluate", str(path), stdout=scores)
    right = f"P 1.000  R 1.000  F1 1.000  ({Event.objects.count()} right"
    assert right in scores.getvalue()


def test_a_corrected_date_makes_the_pipeline_wrong_and_a_rejected_event_too(ada, tmp_path):
    read(TEXT)
    first, second, *_others = Event.objects.order_by("start_date")
    curation.edit_event(first, {"edtf": "2016-11"}, by=ada)
    curation.reject_event(second, by=ada)
    path = tmp_path / "gold.json"
    call_command("export_gold", str(path), stdout=StringIO())
    scores = StringIO()
    call_command("evaluate", str(path), stdout=scores)
    assert "(0 right, 2 predicted, 1 gold)" in scores.getvalue()


def test_what_nobody_judged_yet_is_optional_beside_what_was(ada):
    read(TEXT)
    event = Event.objects.order_by("start_date").first()
    curation.edit_event(event, {"type": "control", "actors": [("ONU", "speaker")]}, by=ada)
    (document,) = exported()["docs"]
    told = {one["id"]: one for one in document["events"]}
    assert [key for key, one in told.items() if not one["optional"]] == [f"event-{event.pk}"]
    corrected = told[f"event-{event.pk}"]
    assert corrected["type"] == "control"
    assert [(one["name"], one["text"]) for one in corrected["actors"]] == [("ONU", "ONU")]


def test_two_dispatches_of_one_event_share_its_cluster(ada):
    texts = (
        "Paris et Berlin ont signé un accord à Genève le 9 mai 2017.",
        "Un accord a été signé à Genève le 9 mai 2017 par Paris et Berlin.",
    )
    for text in texts:
        read(text)
    event = Event.objects.get()
    curation.approve_event(event, by=ada)
    clusters = [one["cluster"] for document in exported()["docs"] for one in document["events"]]
    assert clusters == [f"event-{event.pk}"] * 2


def test_an_event_entered_by_hand_is_exported_with_the_words_that_were_selected(ada):
    dispatch = read("La pluie tombe sur Lyon. Le maire inaugure une fontaine.")
    start = dispatch.text.index("inaugure")
    values = {
        "title": "Le maire inaugure une fontaine", "edtf": "2016-12-08", "type": "society",
        "status": "happened", "actors": [("Le maire", "agent")], "places": [("Lyon", "city", "FR")],
    }  # fmt: skip
    curation.create_event(dispatch, start, start + len("inaugure"), values, by=ada)
    (event,) = [one for one in exported()["docs"][0]["events"] if not one["optional"]]
    assert event["trigger"]["text"] == "inaugure"
    assert (event["date"]["value"], event["date"]["basis"]) == ("2016-12-08", "dct")
    assert [place["text"] for place in event["places"]] == ["Lyon"]


def test_withheld_names_are_not_exported(ada):
    read("Jean Dupont a été condamné le 7 décembre 2016 à Lyon.")
    curation.approve_event(Event.objects.get(), by=ada)
    assert "Dupont" in json.dumps(exported())
    curation.withhold_name(["Jean Dupont", "Dupont"], "M. X", "À sa demande.", by=ada)
    assert "Dupont" not in json.dumps(exported())


def test_curators_download_the_same_from_the_quality_page(client, ada):
    read(TEXT)
    curation.approve_event(Event.objects.first(), by=ada)
    client.force_login(ada)
    answer = client.get("/quality/gold.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.loads(answer.getvalue()) == {"docs": list(gold.documents())}
    contributor = make_user("grace", "contributor")
    client.force_login(contributor)
    assert client.get("/quality/gold.json").status_code == 403
