"""Which word is the event, and of what type. The dispatch is of Thursday 8 December 2016."""

import pytest

from tests.extraction.reading import told


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("La police a procédé jeudi à 71 interpellations.", "interpellations", "justice"),
        ("Une réunion aura lieu mardi à Genève.", "réunion", "talks"),
        ("La trêve est entrée en vigueur mardi.", "entrée en vigueur", "agreement"),
        ("Des hommes armés ont ouvert le feu mardi.", "ouvert le feu", "attack"),
        ("La guerre a commencé en mars 2011.", "guerre", "attack"),
        ("Un séisme a tué mardi douze personnes.", "tué", "disaster"),
        ("Le Parlement a débattu mardi du projet de loi.", "débattu", "politics"),
        ("Le chanteur est né le 15 juin 1943.", "né", "society"),
        ("Le groupe a annoncé mardi le rachat de son rival.", "annoncé", "economy"),
    ],
)
def test_the_noun_that_a_verb_carries_gives_the_type(text, words, kind):
    assert [(words in e.words, e.type) for e in told(text)] == [(True, kind)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        # The parser hangs the object on the day: it is still what was done to.
        ("Le groupe a commandé dimanche une enquête externe.", {"commandé": "justice"}),
        # The agent of a passive is who did it.
        ("La loi a été suspendue mardi par la Cour constitutionnelle.", {"suspendue": "justice"}),
        # A pronoun stands for the last subject that agrees with it.
        (
            "Le porte-conteneurs a quitté mercredi le port. Il est attendu samedi à Rotterdam.",
            {"quitté": "economy", "attendu": "economy"},
        ),
        # Of "une centaine de pompiers" the firefighters are meant.
        ("Une centaine de pompiers sont arrivés mardi.", {"arrivés": "aid"}),
    ],
)
def test_who_does_it_to_what_gives_a_plain_verb_its_type(text, kinds):
    found = {event.words: event.type for event in told(text)}
    assert {words: found.get(words) for words in kinds} == kinds


def test_a_noun_that_another_verb_has_taken_still_gives_its_type():
    text = "La trêve, entamée lundi, a été prolongée mardi."
    assert [event.type for event in told(text)] == ["agreement", "agreement"]


def test_a_trigger_has_at_most_six_words():
    text = (
        "La ministre chargée des relations avec le parlement et les régions a procédé mardi, "
        "devant de nombreux invités venus de tout le pays, à l'inauguration du pont."
    )
    assert all(len(event.words.split()) <= 6 for event in told(text))


def test_a_reporting_verb_without_a_date_is_no_event():
    text = "La police a arrêté mardi deux suspects, a déclaré le procureur."
    assert [event.words for event in told(text)] == ["arrêté"]


def test_a_reporting_verb_that_is_dated_is_a_statement():
    text = "Le ministre a déclaré mardi que tout allait bien."
    assert [(event.words, event.type) for event in told(text)] == [("déclaré", "statement")]


@pytest.mark.parametrize(
    "text",
    [
        "La ville compte deux millions d'habitants.",
        "Le fleuve traverse la plaine.",
        "Son adversaire est plus grand que lui.",
    ],
)
def test_states_and_comparisons_are_no_events(text):
    assert told(text) == []


def test_english_particles_belong_to_the_verb():
    events = told("The minister ruled out a delay on Tuesday.", language="en")
    assert [(event.words, event.type) for event in events] == [("ruled out", "refusal")]


def test_a_caption_tells_nothing_twice():
    text = (
        "Des pompiers évacuent un quartier de Lyon, le 7 décembre. |\n"
        "Les pompiers ont évacué mercredi tout un quartier."
    )
    assert "évacué" in {event.words for event in told(text)}


def test_a_name_that_passes_for_a_verb_is_no_event():
    text = "Inauguré en 1869, nationalisé par Nasser le 26 juillet 1956, le canal reste fermé."
    assert all("Nasser" not in event.words for event in told(text))
