"""The questions of grammar, asked of real parses in both languages."""

import pytest

from events.extraction import lexicon as lexicons
from events.extraction.reading import Reading
from events.extraction.syntax import text_of
from tests.extraction.arguments import read_text


def reading(text, language="fr"):
    document, parsed = read_text(text, language)
    return Reading(document, parsed, lexicons.load(language))


def at(found, word):
    return next(t.i for t in found.tokens if t.text == word)


@pytest.mark.parametrize(
    ("text", "verb", "language", "subjects", "passive"),
    [
        ("Les rebelles ont attaqué la ville.", "attaqué", "fr", ["rebelles"], False),
        ("La ville a été attaquée.", "attaquée", "fr", ["ville"], True),
        ("Le Nord et le Sud ont signé.", "signé", "fr", ["Nord", "Sud"], False),
        ("Le ministre a promis de partir.", "partir", "fr", ["ministre"], False),
        ("Le train qui relie Oslo a déraillé.", "relie", "fr", ["train"], False),
        ("L'offensive lancée lundi continue.", "lancée", "fr", ["offensive"], True),
        ("Rebels attacked the city.", "attacked", "en", ["Rebels"], False),
        ("The city was attacked.", "attacked", "en", ["city"], True),
        ("The train, which links Oslo, derailed.", "links", "en", ["train"], False),
    ],
)
def test_the_subject_of_a_verb_is_found_through_its_clause(text, verb, language, subjects, passive):
    found = reading(text, language)
    nodes, undergone = found.subjects(at(found, verb))
    assert ([found.tokens[i].text for i in nodes], undergone) == (subjects, passive)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Il parle avec Paris et Rome.", "fr", [("avec", "Paris"), ("avec", "Rome")]),
        ("He talks with Paris and Rome.", "en", [("with", "Paris"), ("with", "Rome")]),
    ],
)
def test_a_preposition_governs_all_the_nouns_joined_after_it(text, language, expected):
    found = reading(text, language)
    verb = next(t.i for t in found.tokens if t.pos == "VERB")
    assert [(word, found.tokens[i].text) for word, i in found.tree.obliques(verb)] == expected


def test_a_phrase_holds_its_adjectives_and_complements_and_no_clause():
    found = reading("Les rebelles syriens de la région, qui reculent, sont partis.")
    first, last = found.tree.phrase(at(found, "rebelles"))
    assert text_of(found.tokens[first:last], found.text) == "Les rebelles syriens de la région"


@pytest.mark.parametrize(
    ("text", "word", "temporal"),
    [
        ("La trêve du 15 novembre a tenu.", "15", True),
        ("Il a parlé pendant une minute de silence.", "minute", False),
        ("Le match a duré une heure.", "heure", True),
        ("Les 413 civils sont partis.", "413", False),
        ("Le record date de 1953.", "1953", True),
        ("Il est parti jeudi après-midi.", "après-midi", True),
        ("Jan a signé la lettre.", "Jan", False),
    ],
)
def test_what_belongs_to_the_calendar_is_told_from_what_is_counted(text, word, temporal):
    found = reading(text)
    assert found.is_temporal(at(found, word)) is temporal


def test_a_sentence_goes_from_full_stop_to_full_stop():
    found = reading("Il part. À Moscou, lundi, le ministre a signé. Il revient.")
    first, last = found.sentence(at(found, "signé"))
    assert found.words(first, last) == "À Moscou, lundi, le ministre a signé."
