"""PDF with text."""

from __future__ import annotations

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import make_pdf

LINES = [
    "Un accord a été signé mardi entre la régie du canal et les éclu-",
    "siers, après six jours de grève et deux nuits de discussions qui",
    "avaient échoué.",
    "La navigation reprendra jeudi.",
]


def test_lines_are_joined_to_paragraphs():
    (item,) = readers.read(make_pdf(LINES))
    assert item.text == (
        "Un accord a été signé mardi entre la régie du canal et les éclusiers, après six jours de "
        "grève et deux nuits de discussions qui avaient échoué.\n\nLa navigation reprendra jeudi."
    )
    assert item.title == "Un titre"


def test_the_day_of_making_is_told_not_believed():
    (item,) = readers.read(make_pdf(LINES))
    assert item.published is None
    assert item.notices == ({"code": "file-saved", "values": {"date": "2017-03-20"}},)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (make_pdf([]), "pdf-no-text"),
        (make_pdf(LINES, password="x"), "pdf-encrypted"),
        (make_pdf(LINES)[:200], "file-damaged"),
        (b"%PDF-1.7\n" + b"1 0 obj <<" * 1000, "file-damaged"),
    ],
    ids=["scan", "password", "truncated", "nonsense"],
)
def test_a_bad_document_is_refused_in_words(content, code):
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(content, "note.pdf")
    assert refusal.value.reason["code"] == code
