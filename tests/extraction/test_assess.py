"""What a reader may believe of an event. The dispatch is of Thursday 8 December 2016."""

import pytest

from tests.extraction.reading import told

FRENCH = [
    ("La police a arrêté mardi deux suspects.", "happened"),
    ("Le traité sera signé mardi à Genève.", "planned"),
    ("Le procès doit s'ouvrir le 5 janvier.", "planned"),
    ("Nous avons l'intention de reprendre les discussions samedi.", "planned"),
    ("Une conférence est prévue le 25 janvier.", "planned"),
    ("L'ONU a exigé mardi l'arrêt des combats.", "called_for"),
    ("La Chine a rejeté mardi cette résolution.", "denied"),
    ("Le ministère a démenti mardi ces informations.", "denied"),
    ("Le président n'a pas signé le décret mardi.", "denied"),
    ("Les guichets ne rouvriront que samedi.", "planned"),
    ("La visite devait commencer mardi.", "denied"),
    ("La réunion, prévue à l'origine le 12 décembre, a été reportée.", "denied"),
    ("Des pourparlers pourraient s'ouvrir en janvier 2017.", "hypothetical"),
    ("L'armée aurait tué mardi dix civils.", "hypothetical"),
    ("Si la grève se prolongeait en janvier, le pays souffrirait.", "hypothetical"),
    ("Téhéran a menacé mardi de quitter le traité.", "hypothetical"),
    ("Les banques sont fermées depuis le 29 novembre.", "ongoing"),
    ("Le député a proposé mardi de reporter le vote.", "called_for"),
    ("Le concert de mardi a été annulé.", "denied"),
    ("Les deux chefs ont fixé dimanche dernier la date du sommet.", "happened"),
    ("Des orages sont attendus samedi.", "hypothetical"),
    ("Pas question de céder, a prévenu mardi le maire.", "denied"),
    ("La directrice a assuré mardi qu'elle ne démissionnerait pas.", "denied"),
    ("Les secours fouillaient jeudi les décombres.", "ongoing"),
    ("La reprise est espérée pour mars 2017.", "hypothetical"),
    ("Les clients pourront entrer samedi.", "planned"),
    ("Médecins sans frontières a ouvert mardi un hôpital.", "happened"),
    ("Le vent n'a pas empêché le départ de la course mardi.", "happened"),
]
ENGLISH = [
    ("Police arrested two suspects on Tuesday.", "happened"),
    ("The treaty will be signed on Saturday in Geneva.", "planned"),
    ("The talks are due to resume on Saturday.", "planned"),
    ("The United Nations urged both sides on Tuesday to stop.", "called_for"),
    ("China rejected the resolution on Tuesday.", "denied"),
    ("The president did not sign the bill on Tuesday.", "denied"),
    ("Talks could begin in January 2017.", "hypothetical"),
    ("Banks have been closed since November 29.", "ongoing"),
    ("The winners are to be received on Saturday.", "planned"),
    ("A launch on Tuesday had been called off because of fog.", "denied"),
    ("The minister will plead for help today in Rome.", "planned"),
    ("Doctors Without Borders opened a ward on Tuesday.", "happened"),
    ("The meeting, first scheduled for December 14, was postponed.", "denied"),
]


@pytest.mark.parametrize(("text", "status"), FRENCH)
def test_french_says_what_may_be_believed(text, status):
    assert status in {event.status for event in told(text)}


@pytest.mark.parametrize(("text", "status"), ENGLISH)
def test_english_says_what_may_be_believed(text, status):
    assert status in {event.status for event in told(text, language="en")}


def test_a_truce_that_is_called_for_is_never_a_truce():
    events = told("Les rebelles ont réclamé mercredi une trêve de cinq jours.")
    assert [(event.type, event.status) for event in events] == [("call", "called_for")]


def test_the_day_of_the_dispatch_decides_where_tense_does_not():
    text = "Ouverture du salon le 10 décembre."
    assert {e.status for e in told(text, "2016-12-08")} == {"planned"}
    assert {e.status for e in told(text, "2016-12-12")} == {"happened"}


def test_born_is_no_negation():
    text = "Né en 1950 à Oran, le romancier est mort mercredi à Paris."
    assert [e.status for e in told(text) if e.words == "mort"] == ["happened"]
