"""XML from outside: nothing is expanded, fetched, or followed too deep."""

from __future__ import annotations

import pytest

from events.readers import UnreadableDispatch, markup

ITEM = "<nitf><body><body.content><p>{}</p></body.content></body></nitf>"


def code_of(content: bytes) -> str:
    with pytest.raises(UnreadableDispatch) as refusal:
        markup.parse(content)
    return str(refusal.value.reason["code"])


def test_an_external_entity_is_left_unread(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    document = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]><a><p>Un &x; texte.</p></a>'
    assert markup.text_of(markup.parse(document.encode()).root) == "Un &x; texte."


def test_an_internal_entity_is_not_expanded_either():
    document = b'<!DOCTYPE a [<!ENTITY x "mille">]><a><p>Un &x; texte.</p></a>'
    assert markup.text_of(markup.parse(document).root) == "Un &x; texte."


@pytest.mark.parametrize("place", ["<a>&b9;</a>", '<a b="&b9;"/>'])
def test_a_billion_laughs_are_refused(place):
    entities = '<!ENTITY b0 "lol">' + "".join(
        f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 10)
    )
    assert code_of(f"<!DOCTYPE a [{entities}]>{place}".encode()) == "xml-damaged"


def test_an_external_dtd_is_not_fetched(tmp_path):
    dtd = tmp_path / "x.dtd"
    dtd.write_text('<!ENTITY x "hunter2">')
    document = f'<!DOCTYPE a SYSTEM "{dtd.as_uri()}"><a><p>Un &x; texte.</p></a>'
    assert "hunter2" not in markup.text_of(markup.parse(document.encode()).root)


@pytest.mark.parametrize("depth", [101, 200_000])
def test_depth_is_refused(depth):
    assert code_of(b"<a>" * depth + b"</a>" * depth) in {"xml-too-deep", "xml-damaged"}


def test_a_hundred_levels_are_read():
    assert markup.parse(b"<a>" * 100 + b"x" + b"</a>" * 100).root.tag == "a"


def test_an_attribute_of_12_megabytes_is_refused():
    assert code_of(b'<a b="' + b"x" * 12_000_000 + b'"/>') == "xml-damaged"


def test_names_of_html_are_read_without_their_dtd():
    root = markup.parse(b"<a>caf&eacute; &amp; th&eacute;</a>").root
    assert markup.text_of(root) == "café & thé"


@pytest.mark.parametrize(
    "prefix", [b"\xef\xbb\xbf", b"\r\n \t", b"<?xml version='1.0'?><!-- x -->"]
)
def test_what_stands_before_the_first_element_does_not_hide_it(prefix):
    assert markup.root_name(prefix + b"<nitf/>") == "nitf"


def test_a_damaged_file_says_where():
    with pytest.raises(UnreadableDispatch) as refusal:
        markup.parse(b"<a>\n<b>\n</a>")
    assert refusal.value.reason["values"] == {"line": "3"}


@pytest.mark.parametrize(
    ("markup_text", "text"),
    [
        ("<p>Un.</p><p>Deux.</p>", "Un.\n\nDeux."),
        ("Un.<br>Deux.", "Un.\nDeux."),
        ("<b>Un</b> mot", "Un mot"),
        ("<script>x()</script><p onclick='x()'>Un.</p><style>p{}</style>", "Un."),
        ("caf&eacute; seul", "café seul"),
        ("<ul><li>un</li><li>deux</li></ul>", "un\n\ndeux"),
        ("<!-- rien -->", ""),
        ("", ""),
    ],
)
def test_html_becomes_paragraphs(markup_text, text):
    assert markup.html_text(markup_text) == text


def test_html_deeper_than_anybody_writes_keeps_its_words():
    assert markup.html_text("<div>" * 1_500 + "Un <b>mot</b>." + "</div>" * 1_500) == "Un mot."


def test_markup_that_is_indented_for_the_eye_is_one_paragraph():
    text = "<p>\n      Un pont\n      <a href='/'>rouvert</a>\n      mardi\n      .\n    </p>"
    assert markup.html_text(text) == "Un pont rouvert mardi ."


def test_lines_that_a_machine_broke_are_joined_and_those_of_a_person_are_not():
    wrapped = (
        "<p>More extreme weather is forecast over the next days, the <br/>situation is likely to "
        "get worse with a front <br/>in the north.</p><p>12 Bridge Lane<br/>Stonewell</p>"
    )
    assert markup.html_text(wrapped).split("\n") == [
        "More extreme weather is forecast over the next days, the situation is likely to get "
        "worse with a front in the north.",
        "",
        "12 Bridge Lane",
        "Stonewell",
    ]
