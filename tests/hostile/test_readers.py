"""Bytes that want harm: each ends in a right text or a refusal in words, in bounded time."""

from __future__ import annotations

import re
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events import readers
from events.readers import CONTAINERS, READERS, Reading, UnreadableDispatch
from events.reasons import REASONS
from tests.readers.samples import WIRE, make_docx, make_odt, make_pdf, make_zip

SAMPLES = {
    **{path.name: path.read_bytes() for path in WIRE.iterdir() if path.suffix != ".md"},
    "note.docx": make_docx("<w:p><w:r><w:t>Un texte.</w:t></w:r></w:p>"),
    "note.odt": make_odt("<text:p>Un texte.</text:p>"),
    "note.pdf": make_pdf(["Un texte."]),
    "note.rtf": rb"{\rtf1\ansi Gr\'e8ve\par}",
    "mail.eml": b"From: a@b.fr\r\nTo: c@d.fr\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nUn texte.\r\n--b\r\n"
    b"Content-Disposition: attachment; filename=a.txt\r\n\r\nDeux.\r\n--b--\r\n",
    "page.html": b"<!DOCTYPE html><html><body><article><p>Un accord.</p></article></body></html>",
    "lot.zip": make_zip(("a.txt", b"Un texte."), ("b.txt", b"Deux textes.")),
}
RECOGNIZED = [*READERS[:-1], *CONTAINERS]


def verdicts(content: bytes, name: str = "") -> list[Reading | UnreadableDispatch]:
    """What `content` ends as; each is worded and clean."""
    found = [part for _, part in readers.parts(content, name)]
    assert found, "a file ends as something"
    for part in found:
        if isinstance(part, UnreadableDispatch):
            assert part.reason["code"] in REASONS
        else:
            assert part.text.strip()
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f\ufffd\ufffe\ud800-\udfff]", part.text)
            assert not re.search("[\x00-\x1f\ufffd]", part.title + part.source + part.guid)
    return found


def test_every_format_has_a_sample_here():
    for reader in RECOGNIZED:
        assert any(reader.recognizes(content, name) for name, content in SAMPLES.items()), reader


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read(name):
    assert all(isinstance(part, Reading) for part in verdicts(SAMPLES[name], name))


@st.composite
def broken(draw):
    """A sample of some format with pieces cut, doubled, swapped or overwritten."""
    content = bytearray(draw(st.sampled_from(sorted(SAMPLES.values()))))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(0, 60))
        match draw(st.sampled_from(["cut", "double", "write", "end"])):
            case "cut":
                del content[start : start + length]
            case "double":
                content[start:start] = content[start : start + length] * draw(st.integers(1, 30))
            case "write":
                content[start : start + length] = draw(st.binary(max_size=60))
            case "end":
                del content[start + 20 :]
    return bytes(content)


@settings(max_examples=300, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(broken())
def test_a_broken_file_is_read_or_refused(content):
    verdicts(content, "x")


BEGINNINGS = [
    b"", b"<?xml version='1.0'?><nitf>", b"{\\rtf1 ", b"%PDF-1.4\n", b"PK\x03\x04",
    b"\x01aex1 4 pl\x02", b'{"uri": "x", "headline":', b"<rss><channel>", b"<html>",
    b"From: a\nTo: b\nDate: c\n",
]  # fmt: skip


@settings(max_examples=30, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=2_000))
@pytest.mark.parametrize("start", BEGINNINGS)
def test_anything_after_a_good_beginning_is_read_or_refused(start, content):
    if start + content:
        verdicts(start + content, "x")


REPEATED = {
    "letters": b"a",
    "lines": b"a\n",
    "marks": "e\u0301".encode(),
    "opening": b"<p>",
    "brackets": b"[",
    "cdata": b"<![CDATA[",
    "entities": b"&amp;",
    "names": b"&eacute;",
    "comments": b"<!--",
    "framed": b"\x01aex1 4 pl\r\n\x02Un texte.\x03",
    "headers": b"From: a\nTo: b\nSubject: c\nMessage-ID: d\n",
    "boundaries": b"--b\n",
    "spaces": b" \n\t ",
    "words": b"mot ",
    "tags in feed": b"<item><title>x</title>",
    "data": b"{\\*\\x ",
    "high": b"\xe9\xe8 ",
    "trailers": b"091223 dec ",
}
STARTS = {
    "text": b"Un ", "nitf": b"<nitf>", "rss": b"<rss>", "html": b"<html><body>", "rtf": b"{\\rtf1 ",
    "pdf": b"%PDF-1.4\n", "wire": b"\x01aex1 4 pl\r\n\x02", "json": b'{"uri":"x","headline":"',
    "mail": b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\n"
            b"Content-Type: multipart/mixed; boundary=b\n\n",
}  # fmt: skip
TWICE = 3  # times longer for twice the bytes; 4 were quadratic
LENGTH = 60_000  # bytes
QUICK = 0.25  # seconds of CPU; below, a clock tells nothing


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("piece", REPEATED)
def test_time_grows_with_length_and_no_faster(piece, start):
    def seconds(length: int) -> float:
        content = STARTS[start] + REPEATED[piece] * (length // len(REPEATED[piece]))
        started = time.process_time()
        verdicts(content, "x")
        return time.process_time() - started

    once = seconds(LENGTH)
    twice = min(seconds(2 * LENGTH), seconds(2 * LENGTH))  # a busy machine only adds
    assert twice < max(TWICE * once, QUICK)


def test_ten_megabytes_of_one_letter_are_a_text():
    (item,) = verdicts(b"a" * 10 * 1024 * 1024)
    assert isinstance(item, Reading)


def test_a_megabyte_on_one_line_is_a_text():
    (item,) = verdicts(b"Un mot. " * 130_000)
    assert isinstance(item, Reading)


def test_a_thousand_marks_on_a_letter_are_a_few():
    (item,) = verdicts(("e" + "\u0301" * 1000 + " fin").encode())
    assert isinstance(item, Reading)
    assert len(item.text) < 20


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf", "file-blank"),
        (b" \n\t ", "file-blank"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file-unsupported"),
        (b"MZ\x90\x00\x03", "file-unsupported"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "file-unsupported"),
        (b"<?xml version='1.0'?><plan/>", "file-unsupported"),
    ],
)
def test_what_is_no_dispatch_is_refused_by_what_it_is(content, code):
    (refusal,) = verdicts(content, "dispatch.txt")
    assert isinstance(refusal, UnreadableDispatch)
    assert refusal.reason["code"] == code


def test_the_text_of_a_script_is_not_text():
    page = (b"<!DOCTYPE html><html><body><article><h1>Un titre</h1><p>" + b"Un accord. " * 40
            + b"</p><script>steal()</script></article></body></html>")  # fmt: skip
    (item,) = verdicts(page)
    assert isinstance(item, Reading)
    assert "steal" not in item.text


def test_a_page_that_is_an_archive_too_is_no_archive():
    polyglot = b"<html><body><p>Un texte.</p></body></html>" + make_zip(("a.txt", b"Deux."))
    assert not any(isinstance(part, Reading) and "Deux" in part.text for part in verdicts(polyglot))


def test_five_thousand_files_are_read_and_one_more_is_not():
    files = [(f"{n}.txt", b"Texte %d" % n) for n in range(5_000)]
    assert sum(isinstance(part, Reading) for part in verdicts(make_zip(*files))) == 5_000
    (refusal,) = verdicts(make_zip(*files, ("x.txt", b"x")))
    assert isinstance(refusal, UnreadableDispatch)


def test_seventy_thousand_files_are_refused_at_once():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(70_000):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    started = time.process_time()
    (refusal,) = verdicts(out.getvalue())
    assert isinstance(refusal, UnreadableDispatch)
    assert refusal.reason["code"] == "zip-too-many"
    assert time.process_time() - started < 1


def test_an_archive_three_deep_is_not_unpacked():
    content = b"0" * 5_000_000
    for level in range(4):
        content = make_zip((f"{level}.zip", content))
    (refusal,) = verdicts(content)
    assert isinstance(refusal, UnreadableDispatch)
    assert refusal.reason["code"] in {"zip-nested", "zip-ratio"}
