"""RSS, Atom and RDF."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import wire


def test_the_whole_text_wins_over_the_summary():
    bridge, _ = readers.read(wire("rss_fr.xml"))
    assert bridge.text == (
        "Le pont rouvre & le bac s'arrête\n\nLe pont a rouvert jeudi.\n\nLe bac s’arrêtera samedi."
    )
    assert (bridge.source, bridge.language) == ("Le Courrier de Valmeuse", "fr")
    assert bridge.guid == "id:https://courrier.example/#cv-1208"
    assert bridge.link == "https://courrier.example/pont"
    assert (bridge.byline, bridge.categories) == ("Luc Aubin", ("transport",))


def test_a_day_in_french_is_read_in_its_own_zone():
    bridge, _ = readers.read(wire("rss_fr.xml"))
    assert bridge.published == date(2016, 12, 8)
    assert bridge.filed_at == datetime(2016, 12, 8, 13, 22, tzinfo=UTC)


def test_the_epoch_is_no_day_and_a_script_no_link():
    _, market = readers.read(wire("rss_fr.xml"))
    assert market.published is None
    assert market.link == ""
    assert market.text == "Marché couvert\n\nLe marché ouvrira lundi."


def test_atom_is_read():
    (entry,) = readers.read(wire("atom.xml"))
    assert entry.text == "Dam reopens\n\nThe dam reopened.\n\nTraffic resumes Monday."
    assert entry.published == date(2019, 7, 12)
    assert entry.filed_at == datetime(2019, 7, 12, 19, tzinfo=UTC)
    assert (entry.guid, entry.link) == ("urn:x:1", "https://gazette.example/dam")


def test_rdf_in_latin_1_is_read():
    (entry,) = readers.read(wire("rdf.xml"))
    assert entry.text == "Élection reportée\n\nLe scrutin est reporté."
    assert entry.published == date(2016, 12, 8)


def test_a_damaged_feed_is_read_as_far_as_it_goes_and_says_so():
    content = wire("rss_fr.xml").replace(b"<description>Le pont rouvre.</description>", b"<desc>&")
    bridge = readers.read(content)[0]
    assert "feed-damaged" in [notice["code"] for notice in bridge.notices]
    assert bridge.title.startswith("Le pont rouvre")


def test_of_many_entries_the_first_are_read_and_the_rest_told():
    item = b"<item><title>Un titre %d</title></item>"
    content = b"<rss><channel>" + b"".join(item % n for n in range(600)) + b"</channel></rss>"
    entries = readers.read(content)
    assert len(entries) == 500
    assert entries[0].notices[0]["values"] == {"most": "500", "count": "600"}


@pytest.mark.parametrize(
    "content",
    [
        b"<rss>" + b"<a>" * 28_000 + b"</a>" * 28_000 + b"</rss>",
        b"<rss>" + b"<a>" * 120_000,
        b"<rss><x></rss>" + b"<b>" * 400_000,
    ],
)
def test_depth_is_refused_before_it_costs_time(content):
    started = time.process_time()
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(content)
    assert refusal.value.reason["code"] in {"xml-too-deep", "feed-empty"}
    assert time.process_time() - started < 3


def test_a_feed_without_entries_is_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(b"<rss><channel><title>x</title></channel></rss>")
    assert refusal.value.reason["code"] == "feed-empty"
