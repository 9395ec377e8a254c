"""NewsML-G2: messages with items of several kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import wire


def test_a_message_gives_each_of_its_items():
    item, kill, embargoed = readers.read(wire("newsmlg2_message.xml"))
    assert item.text == (
        "Incendie maîtrisé dans le port\n\nPORT-NACRE, 3 mai (AEX) - L'incendie du port a été "
        "maîtrisé jeudi matin.\n\nDeux dockers ont été blessés.\nUne enquête est ouverte."
    )
    assert (item.guid, item.version) == ("tag:exemple.org,2018:newsml_KX01", "5")
    assert (item.source, item.language, item.urgency) == ("Agence Exemple", "fr", 3)
    assert item.advisory == "Ajoute le bilan du ministère"
    assert kill.status == "canceled"
    assert kill.text == "À SUPPRIMER - Explosion dans le port"
    assert embargoed.status == "embargoed"
    assert embargoed.embargo_until == datetime(2018, 5, 4, 6, tzinfo=UTC)


def test_the_dateline_dates_a_later_version_not_its_first_creation():
    item = readers.read(wire("newsmlg2_message.xml"))[0]
    assert item.published == date(2018, 5, 3)


def test_the_same_text_in_two_formats_is_read_once():
    item = readers.read(wire("newsmlg2_message.xml"))[2]
    assert item.text.count("The council votes on Friday.") == 1


def test_an_event_without_a_dispatch_is_refused_in_words():
    concept = b'<conceptItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"/>'
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(concept)
    assert refusal.value.reason["code"] == "wire-no-text"


def test_a_paragraph_that_holds_a_whole_dispatch_is_taken_apart():
    (item,) = readers.read(wire("newsmlg2_teletype.xml"))
    assert item.title == "Grain prices rise after flood"
    assert item.text.split("\n\n") == [
        "Grain prices rise after flood",
        "(Adds detail)",
        "* Stonewell market up 2 percent",
        "By Mara Quill",
        "Jan 30 (Example) - Grain rose on Tuesday after the flood closed two mills, traders said.",
        "They were also waiting for a report that the office will publish on Wednesday.",
        "(Reporting by Mara Quill)",
    ]
