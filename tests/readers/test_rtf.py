"""RTF."""

from __future__ import annotations

import time

import pytest

from events import readers

HEAD = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\creatim\yr2017\mo3\dy20}}\f0 "


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"Gr\'e8ve lev\'e9e\par Un texte.", "Grève levée\n\nUn texte."),
        (r"L\u8217?\'e9t\'e9", "L’été"),
        (r"Un {\*\unknown caché}mot", "Un mot"),
        (r"a\{b\}", "a{b}"),
    ],
)
def test_characters_and_paragraphs_are_read(source, text):
    assert readers.read((HEAD + source + "}").encode())[0].text == text


def test_another_code_page_is_obeyed():
    content = (HEAD + r"\'ef\'f0\'e8\'e2\'e5\'f2}").replace("1252", "1251").encode()
    assert readers.read(content)[0].text == "привет"


def test_the_day_of_making_is_told_not_believed():
    (item,) = readers.read((HEAD + "Un texte.}").encode())
    assert item.published is None
    assert item.notices == ({"code": "file-saved", "values": {"date": "2017-03-20"}},)


@pytest.mark.parametrize("piece", ["{", r"\'e9", r"\u233?", "}", r"{\*\x ", "\\"])
def test_twice_as_long_takes_no_more_than_thrice_the_time(piece):
    def seconds(count: int) -> float:
        content = (HEAD + "a" + piece * count).encode()
        started = time.process_time()
        readers.read(content)
        return time.process_time() - started

    seconds(1000)
    assert seconds(80_000) < 3 * seconds(40_000) + 0.2
