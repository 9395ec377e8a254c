"""ninjs of all versions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import wire


def test_version_1_has_single_fields():
    (item,) = readers.read(wire("ninjs1.json"))
    assert item.text == (
        "Le tunnel rouvre à la circulation\n\nLe tunnel a rouvert jeudi.\n\n"
        "Il était fermé depuis lundi."
    )
    assert (item.guid, item.version) == ("urn:exemple:ninjs:7", "2")
    assert (item.language, item.published) == ("fr", date(2020, 1, 9))
    assert (item.byline, item.categories) == ("Luc Aubin", ("transport",))


def test_version_3_has_lists_of_headlines_and_bodies():
    (item,) = readers.read(wire("ninjs3.json"))
    assert item.title == "Le budget sera voté mercredi"
    assert item.text.endswith("Le conseil votera le budget mercredi.")
    assert item.status == "embargoed"
    assert item.embargo_until == datetime(2022, 3, 2, 5, tzinfo=UTC)


def test_a_kill_passes_without_a_body():
    (item,) = readers.read(wire("ninjs_killed.json"))
    assert (item.status, item.guid, item.version) == ("canceled", "urn:exemple:ninjs:7", "3")


def test_a_list_gives_each_item():
    items = [json.loads(wire(name)) for name in ("ninjs1.json", "ninjs3.json")]
    assert len(readers.read(json.dumps(items).encode())) == 2


@pytest.mark.parametrize("content", [b'{"a": 1}', b"[1, 2]"])
def test_other_json_is_refused(content):
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(content)
    assert refusal.value.reason["code"] == "file-unsupported"


def test_what_is_too_deep_for_json_is_characters_all_the_same():
    (item,) = readers.read(b"[" * 100_000 + b"]" * 100_000)
    assert item.media_type == "text/plain"


@pytest.mark.parametrize("odd", [None, 7, [], {}, ["x"], {"name": 3}, "", True])
@pytest.mark.parametrize("key", ["headline", "headlines", "body_text", "bodies", "subject",
                                 "urgency", "version", "versioncreated", "language"])  # fmt: skip
def test_a_field_of_a_wrong_kind_is_as_if_it_were_not_there(key, odd):
    item = json.loads(wire("ninjs1.json")) | {key: odd}
    assert readers.read(json.dumps(item).encode())[0].guid == "urn:exemple:ninjs:7"


def test_an_answer_that_holds_items_gives_each():
    answer = {"total": 1, "item": [json.loads(wire("ninjs1.json"))]}
    assert readers.read(json.dumps(answer).encode())[0].guid == "urn:exemple:ninjs:7"
