"""ODT."""

from __future__ import annotations

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import make_odt


def text_of(body: str) -> str:
    return readers.read(make_odt(body))[0].text


def test_headings_and_paragraphs_stand_apart():
    assert text_of("<text:h>Titre</text:h><text:p>Un texte.</text:p>") == "Titre\n\nUn texte."


def test_spaces_breaks_and_spans_are_kept():
    body = '<text:p>Un<text:s text:c="2"/>mot<text:line-break/><text:span>gras</text:span></text:p>'
    assert text_of(body) == "Un  mot\ngras"


def test_deleted_text_and_comments_are_not_read():
    body = (
        "<text:tracked-changes><text:p>effacé</text:p></text:tracked-changes>"
        "<text:p>Un texte<office:annotation><text:p>à revoir</text:p></office:annotation>.</text:p>"
    )
    assert text_of(body) == "Un texte."


def test_a_million_spaces_are_a_few():
    body = '<text:p>a<text:s text:c="999999999"/>b</text:p>'
    assert len(text_of(body)) < 200


def test_the_day_of_making_is_told_not_believed():
    (item,) = readers.read(make_odt("<text:p>Un texte.</text:p>"))
    assert item.published is None
    assert item.notices == ({"code": "file-saved", "values": {"date": "2017-03-20"}},)


def test_a_broken_document_is_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(make_odt("<text:p>"))
    assert refusal.value.reason["code"] == "file-damaged"
