"""What is a time expression and what is none, and at what cost."""

import time
from itertools import pairwise

import pytest

from events.extraction import lexicon as lexicons
from events.extraction.read import read
from events.extraction.recognize import recognize


def found(text, code="fr"):
    return [t.text for t in recognize(read(text), None, lexicons.load(code))]


@pytest.mark.parametrize(
    "text",
    [
        "Sept personnes ont été tuées.",
        "Le robot roule sur Mars.",
        "La planète Mars est rouge.",
        "Il a été élu, elles ont été battues.",
        "Les attentats du 11-Septembre ont tout changé.",
        "La résolution 2254 du Conseil de sécurité.",
        "Un Airbus A320 et un Boeing 737.",
        "Appelez le 01 42 34 56 78.",
        "Un budget de 2016 euros pour 1999 habitants.",
        "Ils ont gagné 3-2, puis 21-19.",
        "Plus de 80% des quartiers et 300.000 morts.",
        "Le Printemps arabe a surpris.",
        "Les Jeux d'hiver et le marché de Noël.",
        "Le journal de 20 heures de France 2.",
        "Ouvert 24 heures sur 24.",
        'On s\'arrachait la nouvelle "La Veille" au kiosque.',
    ],
)
def test_french_words_that_only_look_like_dates_are_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It may march on.",
        "Resolution 2254 was adopted.",
        "The 9/11 attacks changed everything.",
        "The Sunday Times reported it.",
        "It cost $2016 and 2000 people paid.",
        "Prices fall, they spring back.",
        "A second powerful blast.",
        "The fall of Kabul.",
    ],
)
def test_english_words_that_only_look_like_dates_are_left_alone(text):
    assert found(text, "en") == []


@pytest.mark.parametrize(
    "text",
    [
        "le 8 décembre 2016",
        "le 8 decembre 2016",
        "LE 8 DÉCEMBRE 2016",
        "LE 8 DECEMBRE 2016",
        "le 8\u00a0décembre\u202f2016",
        "le 8 décernbre 2016",  # a scanner's "rn"
        "le 8 décembre 2O16",
    ],
)
def test_accents_capitals_spaces_and_scanners_change_nothing(text):
    assert found(f"Il est parti {text}, seul.") == [text]


def test_expressions_come_in_reading_order_and_do_not_overlap():
    text = "Du 12 au 15 mai 2016, puis mardi soir vers 20h30, et dans la nuit de mardi à mercredi."
    spans = [t.span for t in recognize(read(text), None, lexicons.load("fr"))]
    assert spans == sorted(spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert len(spans) == 5


def test_the_longest_reading_wins():
    assert found("Ils partent le mardi 1er juin 2010 au soir.") == [
        "le mardi 1er juin 2010 au soir"
    ]


def test_an_end_of_line_parts_two_expressions():
    assert found("Paris, mardi\nJanvier 2016 fut froid.") == ["mardi", "Janvier 2016"]


HOSTILE = [
    "mardi ", "1 ", "le 1er ", "vingt-et-un ", "12:30 ", "1.1.1", "du 1 au ", "« ", "de la ",
    "il y a ", "a", "\n", "2016-", "O1O ", "l'", "depuis ",
]  # fmt: skip


def _cost(piece, times):
    text = piece * times
    lexicon = lexicons.load("fr")
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        recognize(read(text), None, lexicon)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_costs_about_twice_the_time(piece):
    _cost(piece, 50)  # whatever is loaded or compiled once
    once, twice = _cost(piece, 800), _cost(piece, 1600)
    assert twice < 3 * once + 0.01  # quadratic would be 4
