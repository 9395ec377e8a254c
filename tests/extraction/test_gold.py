"""The annotated dispatches keep their shape: other tests and the figures rest on them."""

import json
from pathlib import Path

import jsonschema
import pytest

from events import intervals

FOLDER = Path(__file__).parent.parent / "evaluation"
SCHEMA = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
FILES = sorted(path for path in FOLDER.glob("*.json") if path.name != "schema.json")


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def documents(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def spans(event):
    for key in ("trigger", "sentence", "date", "attribution"):
        if event.get(key) and event[key].get("start") is not None:
            yield event[key]
    for key in ("core", "mentions", "actors", "places"):
        yield from event.get(key, ())


def test_a_file_has_the_shape_of_the_schema(documents):
    jsonschema.validate(documents, SCHEMA)


def test_every_span_repeats_the_words_of_the_text(documents):
    for document in documents["docs"]:
        for event in document["events"]:
            for span in spans(event):
                assert document["text"][span["start"] : span["end"]] == span["text"]


def test_every_trigger_stands_in_its_sentence(documents):
    for document in documents["docs"]:
        for event in document["events"]:
            trigger, sentence = event["trigger"], event["sentence"]
            assert trigger["start"] < sentence["end"]
            assert sentence["start"] < trigger["end"]


def test_every_date_is_edtf(documents):
    for document in documents["docs"]:
        for event in document["events"]:
            intervals.bounds(event["date"]["value"] or "")
