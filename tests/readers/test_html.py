"""Pages: the article, and a day only where the page declares it."""

from __future__ import annotations

from datetime import date

import pytest

from events import readers
from events.readers import Reading, UnreadableDispatch

PARAGRAPHS = "".join(
    f"<p>À {hour} heures, la régie du canal a annoncé la réouverture du pont, puis un délai.</p>"
    for hour in range(8, 14)
)


def make_page(body: str = PARAGRAPHS, head: str = "", footer: str = "", lang: str = "fr") -> bytes:
    return (
        f"<!DOCTYPE html><html lang='{lang}'><head><title>Le pont rouvre</title>{head}</head><body>"
        f"<nav><a href='/'>Une</a> <a href='/x'>Sports</a></nav><article><h1>Le pont rouvre</h1>"
        f"{body}</article><footer>{footer}</footer></body></html>"
    ).encode()


def page(**parts: str) -> Reading:
    (found,) = readers.read(make_page(**parts), "page.html")
    return found


def test_the_article_is_read_without_what_surrounds_it():
    found = page(footer="<p>Mentions légales. Nous contacter.</p>")
    assert found.text.startswith("Le pont rouvre")
    assert found.text.count("la régie du canal") == 6
    assert "Sports" not in found.text
    assert "Mentions" not in found.text
    assert (found.language, found.title) == ("fr", "Le pont rouvre")


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2016-12-08T14:22:00+01:00">',
        '<meta name="date" content="2016-12-08">',
        '<script type="application/ld+json">{"@type": "NewsArticle", '
        '"datePublished": "2016-12-08T14:22:00+01:00"}</script>',
    ],
    ids=["open graph", "meta", "JSON-LD"],
)
def test_a_declared_day_is_the_day(head):
    assert page(head=head).published == date(2016, 12, 8)


def test_the_day_of_a_footer_is_told_and_not_believed():
    found = page(footer="<p>Mis à jour le 12/03/2024</p>")
    assert found.published is None
    assert [notice["code"] for notice in found.notices] == ["html-day-not-believed"]


@pytest.mark.parametrize("charset", ["cp1252", "utf-8", "iso-8859-15"])
def test_the_charset_of_the_page_is_obeyed(charset):
    content = make_page(head=f"<meta charset='{charset}'>").decode().encode(charset)
    assert "À 8 heures, la régie du canal a annoncé" in readers.read(content)[0].text


def test_nested_divisions_lose_no_text():
    assert page(body="<div>" * 400 + PARAGRAPHS + "</div>" * 400).text.count("la régie") == 6


def test_a_page_too_deep_is_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        page(body="<div>" * 100_000 + PARAGRAPHS)
    assert refusal.value.reason["code"] == "html-too-deep"


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><html></html>", b"<html><body></body>"])
def test_a_page_without_an_article_is_refused_in_words(content):
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(content)
    assert refusal.value.reason["code"] == "html-no-article"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<b>PARIS</b> - Le ministre a signé.", "PARIS - Le ministre a signé."),
        ("<h2>Titre</h2>PARIS - Il a signé.<br>Fin.", "Titre\nPARIS - Il a signé.\nFin."),
    ],
)
def test_a_piece_of_a_page_is_read_whatever_it_begins_with(content, text):
    (item,) = readers.read(content.encode())
    assert (item.media_type, item.text) == ("text/html", text)
