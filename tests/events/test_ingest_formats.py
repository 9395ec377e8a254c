"""Files of every format end as dispatches with what they say of themselves."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from events import originals
from events.ingest import Incoming
from events.intake import ingest_batch
from events.models import Dispatch
from tests.readers.samples import make_docx, make_zip, wire

pytestmark = pytest.mark.django_db


def test_an_archive_ends_as_the_sum_of_its_files():
    note = "Un accord a été signé mardi.".encode()
    content = make_zip(
        ("a/note.txt", note),
        ("b/copie.txt", b"\xef\xbb\xbf" + note),
        ("fil.xml", wire("newsml1_several.xml")),
        ("lettre.docx", make_docx("<w:p><w:r><w:t>Une lettre.</w:t></w:r></w:p>")),
        ("photo.png", b"\x89PNG\r\n\x1a\n"),
        ("vide.txt", b""),
        ("autre.zip", make_zip(("c.txt", b"Autre chose."))),
    )
    batch = ingest_batch([Incoming("lot.zip", content)])
    items = list(batch.items.counted())
    assert Counter(item.verdict for item in items) == {
        "accepted": 6,
        "duplicate": 1,
        "refused": 2,
    }
    refused = {item.name: item.reason["code"] for item in items if item.verdict == "refused"}
    assert refused == {
        "lot.zip › photo.png": "file-unsupported",
        "lot.zip › vide.txt": "file-empty",
    }
    kept = Dispatch.objects.get(original_name="lot.zip › a/note.txt")
    assert originals.load(kept.original) == note


def test_a_wire_item_brings_its_day_language_and_source():
    ingest_batch([Incoming("fil.xml", wire("newsml1_fr.xml"), "text/plain")])
    dispatch = Dispatch.objects.get()
    assert dispatch.published == date(2017, 3, 14)
    assert dispatch.language == "fr"
    assert dispatch.source is not None
    assert dispatch.source.name == "AEX"
    assert dispatch.media_type == "text/vnd.iptc.newsml"
