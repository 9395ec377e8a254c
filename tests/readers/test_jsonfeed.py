"""JSON Feed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from events import readers
from events.readers import UnreadableDispatch, jsonfeed
from tests.readers.samples import wire


def test_an_entry_is_read():
    (entry,) = readers.read(wire("jsonfeed.json"))
    assert entry.text == "Tempête\n\nLa tempête a touché la côte mardi."
    assert (entry.source, entry.language, entry.byline) == ("Fil local", "fr", "Inès Caron")
    assert (entry.guid, entry.link) == ("id:Fil local#7", "https://fil.example/7")
    assert (entry.published, entry.categories) == (date(2021, 10, 5), ("météo",))


@pytest.mark.parametrize("items", [None, [], 3, [None, 3, "x", {}], {"a": 1}])
def test_entries_of_a_wrong_kind_are_none(items):
    feed = json.loads(wire("jsonfeed.json")) | {"items": items}
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(json.dumps(feed).encode())
    assert refusal.value.reason["code"] == "feed-empty"


def test_what_is_written_is_read_again():
    (entry,) = readers.read(wire("jsonfeed.json"))
    (again,) = readers.read(jsonfeed.write(entry))
    assert again == entry
