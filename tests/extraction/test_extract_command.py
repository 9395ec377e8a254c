"""`manage.py extract`: the contract that others measure Frise by. No database, no broker."""

import json
from io import StringIO
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command

TESTS = Path(__file__).parent.parent
SEED = TESTS / "data" / "seed_dispatch.txt"
SCHEMA = json.loads((TESTS / "evaluation" / "schema.json").read_text(encoding="utf-8"))
CALL = "Le président a appelé mardi 5 mai 2015 à un cessez-le-feu à Alger."


def extract(*arguments, **options):
    out = StringIO()
    call_command("extract", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.json"
    documents = [
        {"id": name, "lang": "fr", "published": "2015-05-06", "source": "AFP", "text": CALL,
         "events": [{"id": "not read"}]}
        for name in ("b", "a")
    ]  # fmt: skip
    path.write_text(json.dumps({"docs": documents}), encoding="utf-8")
    return str(path)


def test_a_file_gives_one_document_in_the_shape_of_the_schema():
    document = json.loads(extract(str(SEED)))
    jsonschema.validate({"docs": [document]}, SCHEMA)
    assert document["id"] == "seed_dispatch"
    assert document["events"]
    assert document["timexes"]


def test_offsets_refer_to_the_text_that_was_given():
    document = json.loads(extract(str(SEED)))
    for event in document["events"]:
        for span in (event["trigger"], event["sentence"], *event["actors"], *event["places"]):
            assert document["text"][span["start"] : span["end"]] == span["text"]


def test_the_declared_day_and_language_are_believed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ils ont signé un accord hier.", encoding="utf-8")
    document = json.loads(extract(str(path), "--published", "2016-12-08", "--lang", "fr"))
    assert document["dct"] == {"value": "2016-12-08", "basis": "declared"} | {
        "reason": document["dct"]["reason"]
    }
    assert document["timexes"][0]["value"] == "2016-12-07"


def test_many_files_give_a_document_each_and_one_a_line_when_asked(tmp_path):
    paths = []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(CALL, encoding="utf-8")
    lines = extract(*map(str, paths), "--jsonl").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["one", "two"]


def test_json_lines_are_read_with_their_own_day(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text(
        json.dumps({"id": "x", "text": "Ils partent demain.", "dct": "2016-12-08", "lang": "fr"}),
        encoding="utf-8",
    )
    (line,) = extract(str(path), "--jsonl").splitlines()
    assert json.loads(line)["timexes"][0]["value"] == "2016-12-09"


def test_an_annotated_file_gives_predictions_in_its_order_and_never_its_annotations(gold):
    documents = json.loads(extract("--gold", gold))["docs"]
    assert [document["id"] for document in documents] == ["b", "a"]
    assert all("not read" not in [e["id"] for e in document["events"]] for document in documents)


def test_merging_names_the_cluster_of_every_event(gold):
    documents = json.loads(extract("--gold", gold, "--merge"))["docs"]
    clusters = [[event["cluster"] for event in document["events"]] for document in documents]
    assert clusters[0]
    assert clusters[0] == clusters[1]


def test_an_impossible_date_has_an_empty_value(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ils se réuniront le 30 février 2017 à Paris.", encoding="utf-8")
    document = json.loads(extract(str(path), "--lang", "fr"))
    assert [timex["value"] for timex in document["timexes"]] == [""]


@pytest.mark.parametrize("name", ["missing.txt", "binary.txt", "bad.jsonl"])
def test_what_cannot_be_read_is_said_in_one_line(tmp_path, name):
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02\xff\xfe\x00")
    (tmp_path / "bad.jsonl").write_text('{"text": 3}', encoding="utf-8")
    with pytest.raises(CommandError, match=name):
        extract(str(tmp_path / name))


def test_either_files_or_an_annotated_file():
    with pytest.raises(CommandError):
        extract()
