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


def make_item(body: str, meta: str = "") -> bytes:
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x" version="1"><itemMeta>'
        f"<versionCreated>2024-06-26T16:02:03+02:00</versionCreated>{meta}</itemMeta><contentMeta>"
        "<headline>Bridge opens</headline><dateline>Stonewell (exa) - </dateline></contentMeta>"
        '<contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"{body}</body></html></inlineXML></contentSet></newsItem>"
    ).encode()


def test_a_header_that_says_all_again_is_left_out():
    (item,) = readers.read(
        make_item(
            "<header><time>26.06.2024 14:02 GMT</time><ul><li>traffic</li></ul>"
            "<h1>Bridge opens</h1></header><section><p><span>Stonewell <span>(exa)</span> - </span>"
            "The bridge opened.</p></section>"
        )
    )
    assert item.text == "Bridge opens\n\nStonewell (exa) - The bridge opened."


def test_what_was_escaped_twice_is_read():
    (item,) = readers.read(make_item("<p>It opens at four o&amp;#39;clock.</p>"))
    assert item.text.endswith("It opens at four o'clock.")


def test_initials_are_no_advisory():
    notes = (
        '<edNote role="x:closingline">exa mq tt</edNote><edNote role="x:note">Corrects day</edNote>'
    )
    assert readers.read(make_item("<p>A text.</p>", notes))[0].advisory == "Corrects day"
