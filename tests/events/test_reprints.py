"""The same wire in two papers counts as one source; two reports of one day do not."""

from datetime import date
from itertools import permutations

import pytest
from django.db.models import Count
from hypothesis import given
from hypothesis import strategies as st

from events import reprints
from events.models import Dispatch, Event, Mark
from events.processing import extract_again, process_dispatch
from events.recording.repeats import COMMON
from events.reprints import marks_of, runs_of
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
STORM = (
    "Une tempête a balayé mardi la côte normande, arrachant des toitures et coupant le courant à "
    "quelque douze mille foyers, selon le gestionnaire du réseau. Deux routes départementales "
    "étaient encore fermées mercredi matin, a fait savoir la préfecture de la Manche."
)
TEXTS = st.text(alphabet="abc d.\n", max_size=120)


def is_reprint(one, other):
    return reprints.is_reprint(runs_of(one), runs_of(other))


def resemblance(one, other):
    return reprints.resemblance(runs_of(one), runs_of(other))


def families():
    """The dispatches by family, each by its own opening words."""
    rows = Dispatch.objects.filter(replaced_by=None)
    by_head = {}
    for row in rows:
        by_head.setdefault(row.reprint_of_id or row.pk, set()).add(row.text.split()[0])
    return sorted(map(sorted, by_head.values()))


@pytest.fixture
def media(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


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


@pytest.mark.parametrize("text", [WIRE, OTHER, STORM])
def test_what_repeats_a_text_shares_marks_with_it(text):
    marks = set(marks_of(runs_of(text)))
    assert marks & set(marks_of(runs_of(f"UN TITRE\n{text}\nAFP")))
    assert marks & set(marks_of(runs_of(f"{text} {text[::-1]}")))
    assert not marks & set(marks_of(runs_of(text[::-1])))
    assert all(0 <= mark < 2**63 for mark in marks)


def test_the_reprint_of_a_wire_does_not_make_its_event_more_important(media):
    day = date(2018, 9, 21)
    first = read(WIRE, published=day)
    again = read(f"DRAME SUR LE LAC\n{WIRE}\nAFP/VNA/CVN", published=day)
    other = read(OTHER, published=day)
    for dispatch in (first, again, other):
        dispatch.refresh_from_db()
    assert (first.reprint_of, again.reprint_of, other.reprint_of) == (None, first, None)
    event = first.mentions.first().event
    assert event.mentions.filter(dispatch=again).exists()
    assert int(event.importance) <= 2


def test_reprints_that_share_no_event_are_found(media):
    """The paper printed the wire two days late, and its "jeudi" is another one."""
    first = read(f"Agence {WIRE}", published=date(2018, 9, 21))
    late = read(f"Journal {WIRE}", published=date(2018, 9, 28))
    assert not first.mentions.filter(event__mentions__dispatch=late).exists()
    assert families() == [["Agence", "Journal"]]


def test_reprints_that_tell_of_no_event_at_all_are_found(media):
    text = " ".join(f"mot{n} terme{n % 7}" for n in range(40))
    assert not read(f"Agence {text}").mentions.exists()
    read(f"Journal {text}")
    assert families() == [["Agence", "Journal"]]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_in_which_they_come_does_not_matter(media, order):
    """One text of two wires joins them; what they tell has one source."""
    given = [
        (f"Agence {WIRE}", date(2018, 9, 21)),
        (f"Journal {WIRE} {STORM}", date(2018, 9, 22)),
        (f"Radio {STORM}", date(2018, 9, 23)),
    ]
    for which in order:
        read(given[which][0], published=given[which][1])
    assert families() == [["Agence", "Journal", "Radio"]]
    head = Dispatch.objects.get(reprint_of=None)
    assert head.text.startswith("Agence")
    assert {int(event.importance) for event in Event.objects.all()} == {1}


def test_a_form_filled_in_anew_is_no_reprint(media):
    read(f"Janvier {STORM}", published=date(2018, 1, 10))
    read(f"Novembre {STORM}", published=date(2018, 11, 14))
    assert families() == [["Janvier"], ["Novembre"]]


def test_whoever_turns_out_to_be_of_another_year_leaves(media):
    read(f"Janvier {STORM}", published=date(2018, 1, 10))
    undated = read(f"Inconnu {STORM}", published=None)
    assert families() == [["Inconnu", "Janvier"]]
    Dispatch.objects.filter(pk=undated.pk).update(published=date(2019, 1, 9))
    undated.refresh_from_db()
    extract_again(undated)
    process_dispatch(undated.pk)
    assert families() == [["Inconnu"], ["Janvier"]]


def test_reading_again_changes_no_family(media):
    for name in ("Agence", "Journal", "Radio"):
        read(f"{name} {WIRE}")
    before = list(Dispatch.objects.values_list("pk", "reprint_of"))
    marks = Mark.objects.count()
    for dispatch in Dispatch.objects.order_by("-pk"):
        extract_again(dispatch)
        process_dispatch(dispatch.pk)
    assert list(Dispatch.objects.values_list("pk", "reprint_of")) == before
    assert Mark.objects.count() == marks


def test_a_footer_makes_no_family_and_is_looked_up_in_few_rows(media):
    footer = " ".join(f"abonnez{n}" for n in range(60))
    for n in range(COMMON + 10):
        text = " ".join(f"mot{n * 100 + at}" for at in range(70))
        read(f"Dépêche{n} {text}\n{footer}")
    assert len(families()) == COMMON + 10
    shared = Mark.objects.values("value").annotate(n=Count("dispatch")).order_by("-n")
    assert shared[0]["n"] == COMMON
