"""From bytes to characters, and never a U+FFFD."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import readers
from events.readers import UnreadableDispatch
from events.readers.encoding import decode

SEED = (Path(__file__).parents[1] / "data" / "seed_dispatch.txt").read_text("utf-8")
SHORT = "La grève des éclusiers est levée : « tout sera rouvert » jeudi, a dit l'élue."
CAPITALS = "ÉLECTION À NÎMES : l'ÉTAT a dit NON"
WORDS = "été à Noël"
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("text", [SEED, SHORT, WORDS], ids=["long", "short", "three words"])
@pytest.mark.parametrize("encoding", UNICODE)
def test_unicode_is_read_with_and_without_its_mark(encoding, text):
    assert decode(text.encode(encoding)).text.removeprefix("\ufeff") == text


@pytest.mark.parametrize("text", [SEED, SHORT, CAPITALS, WORDS])
@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "mac-roman", "cp850"])
def test_the_encodings_of_the_west_are_told_apart(encoding, text):
    content = text.encode(encoding, errors="ignore")
    decoded = decode(content)
    assert decoded.text == content.decode(encoding)
    assert decoded.guessed


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("WARSZAWA (PAP) - Premier spotkał się we wtorek w Łodzi, mówią źródła.", "cp1250"),
        ("PRAHA (ČTK) - Petr Pavel přijal v úterý na Hradě premiéra. Žádné dohody.", "cp1250"),
        ("Le président Lech Wałęsa a été reçu à Łódź par Śliwiński.".replace("à", "á"), "cp1250"),
        ("Переговоры начались 7 декабря в Гамбурге.", "koi8-r"),
        ("ΑΘΗΝΑ (ΑΠΕ) - Ο πρωθυπουργός συναντήθηκε την Τρίτη με τον υπουργό.", "cp1253"),
        ("REYKJAVÍK - Forsætisráðherra sagði að það væri þörf á viðræðum.", "cp1252"),
        ("Le barrage lâche 12 m³ d’eau par seconde à Évry.", "cp1252"),
    ],
)
def test_letters_that_the_west_does_not_write_tell_another_encoding(text, encoding):
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.guessed) == (text, True)


def test_a_stated_encoding_wins_where_it_fits():
    content = "привет, мир".encode("koi8-r")
    assert decode(content, "koi8-r").text == "привет, мир"
    assert decode("été".encode("cp1252"), "latin-1").text == "été"


@pytest.mark.parametrize("stated", ["ascii", "iso-8859-1", "hex", "nope", "\x00", "unicode_escape"])
def test_a_stated_encoding_that_cannot_be_true_is_not_believed(stated):
    assert decode("été à Noël".encode(), stated).text == "été à Noël"


def test_a_person_knows_better_than_a_guess():
    content = "été".encode("mac-roman") + b" 1"
    assert readers.read(content, encoding="mac-roman")[0].text == "été 1"
    page = "<html><head><meta charset='utf-8'></head><body><p>%s</p></body></html>"
    content = (page % ("привет, мир. " * 40)).encode("koi8-r")
    assert "привет" in readers.read(content, encoding="koi8-r")[0].text


@pytest.mark.parametrize(
    ("content", "encoding"), [(b"\xe9t\xe9", "utf-8"), (b"x", "hex"), (b"x", "utf-16")]
)
def test_an_encoding_that_cannot_be_is_refused_in_words(content, encoding):
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(content, encoding=encoding)
    assert refusal.value.reason["code"] == "encoding-wrong"


def test_lines_of_two_encodings_are_read_each_in_its_own():
    decoded = decode("La grève\n".encode() + "est levée\n".encode("cp1252"))
    assert decoded.text == "La grève\nest levée\n"
    assert decoded.mixed


@pytest.mark.parametrize("content", [b"\x7fELF\x02\x01" + bytes(500), bytes(range(32)) * 40])
def test_what_is_no_text_is_refused_in_words(content):
    with pytest.raises(UnreadableDispatch) as refusal:
        decode(content)
    assert refusal.value.reason["code"] == "file-binary"


def test_characters_lost_before_us_are_told_and_not_shown():
    (item,) = readers.read("La gr\ufffdve est lev\ufffde.".encode())
    assert "\ufffd" not in item.text
    assert item.notices == ({"code": "characters-lost", "values": {"count": "2"}},)


@given(st.binary(min_size=1, max_size=400))
def test_no_bytes_end_as_a_mark_of_loss(content):
    try:
        found = readers.read(content)
    except UnreadableDispatch:
        return
    assert not any(bad in item.text for item in found for bad in "\ufffd\x00\ufffe")


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859-15"])
def test_twins_are_told_apart_by_the_letters_that_only_one_of_them_has(encoding):
    text = "Le préfet a annoncé à Évian la cuisson d'un œuf géant, réglée à 3 € pièce, l'été passé."
    assert decode(text.encode(encoding)).text == text
