"""ZIP: every file in it ends as its dispatches or as one refusal."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from events import readers
from events.readers import Reading, UnreadableDispatch, archive
from tests.readers.samples import make_zip, wire


def verdicts(content: bytes) -> dict[str, str]:
    """name -> "read" or the code of the refusal."""
    return {
        name: "read" if isinstance(found, Reading) else str(found.reason["code"])
        for name, found in readers.parts(content, "lot.zip")
    }


def test_each_file_gives_its_dispatch_and_its_own_bytes():
    note = "Un accord a été signé mardi.".encode()
    content = make_zip(("a/note.txt", note), ("fil.xml", wire("newsml1_fr.xml")))
    found = dict(readers.parts(content, "lot.zip"))
    assert list(found) == ["lot.zip › a/note.txt", "lot.zip › fil.xml"]
    assert found["lot.zip › a/note.txt"].original == note
    assert found["lot.zip › fil.xml"].guid.endswith("QKV12")


def test_a_bad_file_does_not_stop_the_others():
    content = make_zip(("1.txt", b""), ("2.png", b"\x89PNG\r\n\x1a\n0"), ("3.txt", b"Un texte."))
    assert verdicts(content) == {
        "lot.zip › 1.txt": "file-empty",
        "lot.zip › 2.png": "file-unsupported",
        "lot.zip › 3.txt": "read",
    }


def test_an_archive_in_an_archive_is_read_but_no_deeper():
    inner = make_zip(("note.txt", b"Un texte."))
    assert list(verdicts(make_zip(("i.zip", inner))).values()) == ["read"]
    assert list(verdicts(make_zip(("o.zip", make_zip(("i.zip", inner))))).values()) == [
        "zip-nested"
    ]


@pytest.mark.parametrize("name", ["../../x.txt", "/abs.txt", "C:\\x.txt", "%2e%2e/x", "a\nb.txt"])
def test_a_name_that_climbs_out_is_only_a_name(name):
    assert list(verdicts(make_zip((name, b"Un texte."))).values()) == ["read"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_both_read():
    found = list(readers.parts(make_zip(("a.txt", b"Un."), ("a.txt", b"Deux.")), "lot.zip"))
    assert [part.text for _, part in found] == ["Un.", "Deux."]


def test_what_systems_leave_behind_is_not_counted():
    content = make_zip(("a.txt", b"Un."), ("__MACOSX/._a.txt", b"\0\5"), (".DS_Store", b"\0\1"))
    assert list(verdicts(content)) == ["lot.zip › a.txt"]


def test_names_of_windows_and_mac_are_shown_right():
    info = zipfile.ZipInfo("grXve.txt")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, b"Un.")
    windows = out.getvalue().replace(b"grXve", "grève".encode("cp850"))
    assert list(verdicts(windows)) == ["lot.zip › grève.txt"]


def test_a_bomb_is_stopped_while_it_unpacks():
    assert list(verdicts(make_zip(("z.txt", b"0" * 9_000_000))).values()) == ["zip-ratio"]


def test_a_file_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBER", 2_000_000)
    content = make_zip(("big.txt", b"0" * 2_000_001), method=zipfile.ZIP_STORED)
    assert list(verdicts(content).values()) == ["file-too-large"]


def test_the_whole_is_counted_over_nested_archives():
    budget = archive.Budget(size=30)
    content = make_zip(("a.txt", b"x" * 20), ("b.txt", b"y" * 20), ("c.txt", b"z"))
    found = list(archive.members(content, "", budget))
    assert [isinstance(member.content, bytes) for member in found] == [True, False, False]


def test_too_many_files_are_refused_before_they_are_listed(monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    content = make_zip(*((f"{n}.txt", b"Un.") for n in range(4)))
    assert verdicts(content) == {"lot.zip": "zip-too-many"}


def _corrupt(content: bytes) -> bytes:
    return content.replace(b"secret text", b"sEcret text", 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (make_zip(("a.txt", b"Un texte."))[:-30], "zip-damaged"),
        (make_zip(), "zip-empty"),
        (_corrupt(make_zip(("a.txt", b"secret text"), method=zipfile.ZIP_STORED)), "zip-damaged"),
    ],
    ids=["truncated", "empty", "lying checksum"],
)
def test_a_broken_archive_is_refused_in_words(content, code):
    assert list(verdicts(content).values()) == [code]


def _with_bits(at: bytes, offset: int, value: bytes) -> bytes:
    content = bytearray(make_zip(("a.txt", b"Un texte.")))
    start = content.index(at) + offset
    content[start : start + len(value)] = value
    return bytes(content)


def test_a_file_with_a_password_is_refused_in_words():
    content = _with_bits(b"PK\x01\x02", 8, b"\x01\x00")
    assert list(verdicts(content).values()) == ["zip-encrypted"]


def test_a_link_is_refused_in_words():
    info = zipfile.ZipInfo("link.txt")
    info.external_attr = 0o120777 << 16
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, b"/etc/passwd")
    assert list(verdicts(out.getvalue()).values()) == ["zip-link"]


def test_an_archive_without_any_dispatch_says_why():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(make_zip(("a.txt", b""), ("b.txt", b"  ")))
    assert refusal.value.reason["code"] == "file-empty"
