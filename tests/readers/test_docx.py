"""DOCX, as desks and correspondents write it."""

from __future__ import annotations

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import make_docx, make_zip

PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


def text_of(body: str) -> str:
    return readers.read(make_docx(body))[0].text


def test_paragraphs_are_read():
    body = PARAGRAPH.format("Un accord a été signé.") + PARAGRAPH.format("Il prend effet mardi.")
    assert text_of(body) == "Un accord a été signé.\n\nIl prend effet mardi."


def test_a_tracked_insertion_is_text_and_a_deletion_is_not():
    body = (
        "<w:p><w:r><w:t>La grève est </w:t></w:r><w:del><w:r><w:delText>finie</w:delText></w:r>"
        "</w:del><w:ins><w:r><w:t>suspendue</w:t></w:r></w:ins></w:p>"
    )
    assert text_of(body) == "La grève est suspendue"


def test_cells_of_a_table_are_read():
    cell = f"<w:tc>{PARAGRAPH}</w:tc>"
    body = f"<w:tbl><w:tr>{cell.format('Ville')}{cell.format('412')}</w:tr></w:tbl>"
    assert text_of(body).split() == ["Ville", "412"]


def test_the_day_of_saving_is_told_not_believed():
    (item,) = readers.read(make_docx(PARAGRAPH.format("Un texte.")))
    assert item.published is None
    assert item.notices == ({"code": "file-saved", "values": {"date": "2017-03-20"}},)
    assert item.title == "Un titre"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (make_docx("<w:p>"), "file-damaged"),
        (make_docx("<w:p/>"), "file-blank"),
        (make_docx("<w:p>&x;</w:p>", '<!DOCTYPE a [<!ENTITY x "y">]>'), "file-damaged"),
        (make_docx("<w:p>" * 150 + "</w:p>" * 150), "xml-too-deep"),
        (make_zip(("word/document.xml", b"<a/>")), "file-damaged"),
        (make_zip(("word/document.xml", b" " * 9_000_000)), "zip-ratio"),
    ],
    ids=["broken", "blank", "entity", "deep", "headless", "bomb"],
)
def test_a_bad_document_is_refused_in_words(content, code):
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(content, "note.docx")
    assert refusal.value.reason["code"] == code
