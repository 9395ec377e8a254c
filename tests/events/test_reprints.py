"""The same wire in two papers counts as one source; two reports of one day do not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.reprints import is_reprint, resemblance
from tests.builders import read

WIRE = (
    "Un ferry surchargé a chaviré jeudi après-midi sur le lac Victoria, au large de l'île d'Ukara, "
    "faisant au moins 136 morts, ont annoncé vendredi les autorités. Le navire transportait plus "
    "de 200 passagers, selon le gouverneur de la région. Les secouristes, qui avaient interrompu "
    "leurs recherches à la tombée de la nuit, les ont reprises vendredi à l'aube."
)
OTHER = (
    "Plus de cent personnes ont péri jeudi dans le naufrage d'un bateau de passagers sur le lac "
    "Victoria, en Tanzanie. L'embarcation, qui reliait deux îles, était pleine à craquer. Les "
    "plongeurs de l'armée devaient reprendre leur travail au lever du jour, a dit un officier."
)
TEXTS = st.text(alphabet="abc d.\n", max_size=120)


def test_a_wire_with_another_headline_and_credit_is_a_reprint():
    assert is_reprint(f"DRAME SUR LE LAC\n{WIRE}\nAFP/VNA/CVN", f"{WIRE} (Reuters)")


def test_a_lead_that_grew_is_a_reprint_of_the_first():
    assert is_reprint(WIRE, f"{WIRE}\n{OTHER}")


def test_two_reports_of_one_event_in_their_own_words_are_not():
    assert not is_reprint(WIRE, OTHER)


def test_case_marks_and_line_ends_do_not_matter():
    assert resemblance(WIRE, WIRE.upper().replace(",", " -").replace(". ", "\n")) == 1


def test_texts_too_short_to_tell_are_no_reprints():
    assert not is_reprint("Le roi est mort.", "Le roi est mort.")


@given(TEXTS, TEXTS)
def test_resemblance_is_a_symmetric_share(one, other):
    assert 0 <= resemblance(one, other) == resemblance(other, one) <= 1


@pytest.mark.django_db
def test_the_reprint_of_a_wire_does_not_make_its_event_more_important(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    day = date(2018, 9, 21)
    first = read(WIRE, published=day)
    again = read(f"DRAME SUR LE LAC\n{WIRE}\nAFP/VNA/CVN", published=day)
    other = read(OTHER, published=day)
    for dispatch in (first, again, other):
        dispatch.refresh_from_db()
    assert (first.reprint_of, again.reprint_of, other.reprint_of) == (None, first, None)
    event = first.mentions.first().event
    assert event.mentions.filter(dispatch=again).exists()
    assert event.importance <= 2
