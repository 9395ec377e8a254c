"""IPTC 7901 and ANPA: framed text, dated by its trailer alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import wire


def test_each_frame_is_a_dispatch_without_the_breaks_of_the_teletype():
    strike, alert = readers.read(wire("iptc7901_fr.txt"))
    assert strike.text == (
        "Les éclusiers votent la reprise =\n\nVALMEUSE, 9 décembre (aex) - Les éclusiers du canal "
        "ont voté vendredi la reprise du travail, après six jours de grève. La navigation "
        "reprendra samedi à l’aube.\n\nLa régie a confirmé l'accord.\n\naex/of"
    )
    assert strike.title == "Les éclusiers votent la reprise"
    assert (strike.source, strike.urgency) == ("aex", 4)
    assert alert.text == "Séisme au large de Port-Nacre"
    assert alert.urgency == 1


def test_the_trailer_gives_the_day_and_the_identity():
    strike, alert = readers.read(wire("iptc7901_fr.txt"))
    assert strike.published == date(2016, 12, 9)
    assert strike.guid == "iptc7901:aex0123:2016-12-09"
    assert alert.filed_at == datetime(2016, 12, 9, 12, 24, tzinfo=UTC)


def test_anpa_is_read():
    (item,) = readers.read(wire("anpa.txt"))
    assert item.text == (
        "Stonewell-Dam\n\nBy MARA QUILL=\n\nSTONEWELL (EXP) -- Engineers closed the breach in the "
        "dam on Thursday, the regional office said."
    )
    assert item.published == date(2019, 7, 12)


def test_a_headline_of_several_lines_is_one():
    (item,) = readers.read(
        b"\x01ats037 4 su 174 gef\r\n\x02Notes du canal\r\n\r\nNotes du canal: \r\n"
        b"La r\xe9gie a sign\xe9 l'accord = \r\n\r\nValmeuse (ats) Un texte. \x03\r\n211005 jan 19"
    )
    assert item.title == "Notes du canal: La régie a signé l'accord"
    assert item.text.endswith("\n\nValmeuse (ats) Un texte.")
    assert item.published == date(2019, 1, 21)


def test_the_trailer_of_anpa_may_close_the_text():
    (item,) = readers.read(
        b"\x01W2870asian\nf l BC-Dam 07-12 104\x02^BC-Dam,46<\n^Eds: With photos.<\n"
        b"\t   STONEWELL (EXP) _ A text.\n\n\t   EX-WF-07-12-19 1509GMT<\n\x03"
    )
    assert item.published == date(2019, 7, 12)
    assert item.advisory == "Eds: With photos."


def test_a_frame_without_a_trailer_has_no_day_and_no_identity():
    (item,) = readers.read(b"\x01aex0123 4 pl\r\n\x02Un texte.")
    assert (item.published, item.guid, item.text) == (None, "", "Un texte.")


def test_the_sign_that_closes_a_headline_is_not_of_the_title():
    (alert,) = readers.read(
        b"\x01aex0777 1 pl\r\n\x02S\xe9isme au large =\r\n\x03\r\n091224 dec 16\x04"
    )
    assert alert.text == "Séisme au large ="
    assert readers.as_title(alert.text) == "Séisme au large"
    assert readers.as_title("=====") == "====="


def test_an_empty_frame_is_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(b"\x01aex0123 4 pl\r\n\x02\x03\r\n091223 dec 16\x04")
    assert refusal.value.reason["code"] == "wire-no-text"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("Canal/strike/\nREFILE\n1ST LEAD\nLock keepers sign\nBy our staff =", "Lock keepers sign"),
        ("BC-Dam\nDam: Stonewell repairs it+", "Dam: Stonewell repairs it"),
        ("^BC-Dam,46<\n^Dam repaired <\n^By MARA QUILL=", "Dam repaired"),
    ],
    ids=["dpa", "Kyodo", "AP"],
)
def test_the_headline_is_found_among_what_stands_before_the_text(head, title):
    content = f"\x01exa0003 3 i\r\n\x02{head}\n\nStonewell (exa) - A text.\x03\r\n212322 GMT Nov 18"
    (item,) = readers.read(content.encode())
    assert item.title == title
    assert item.published == date(2018, 11, 21)


def test_the_trailer_may_write_the_hour_first():
    (item,) = readers.read(
        b"\x01a0105EXA\n\x02A head+\n     A text.\n==Exa\nEWS-21:37-09-12-18\n\x03"
    )
    assert item.published == date(2018, 12, 9)
