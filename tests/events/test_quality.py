"""What curators decide says how often the machine is right, by type, basis and field."""

from __future__ import annotations

import pytest

from events import curation
from events.models import Event
from events.quality import quality, wilson
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.django_db


def proposal(kind: str = "attack", basis: str = "relative", **fields) -> Event:
    event = make_event(type=kind, reported=False, **fields)
    make_mention(event, make_dispatch(), basis=basis)
    return event


def row(rows, label):
    return next(one for one in rows if one.label == label)


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 0, 0.0, 1.0), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 20, 0.0, 0.1611)],
)
def test_the_interval_is_that_of_wilson(right, of, low, high):
    assert wilson(right, of) == pytest.approx((low, high), abs=1e-4)


def test_approved_corrected_and_rejected_are_told_apart_by_type_and_basis(ada):
    for _ in range(3):
        curation.approve_event(proposal(), by=ada)
    corrected = proposal()
    curation.edit_event(corrected, {"edtf": "2016-12-06"}, by=ada)
    curation.approve_event(corrected, by=ada)
    curation.reject_event(proposal(), by=ada)
    curation.reject_event(proposal("talks", "dct"), by=ada)
    proposal("talks", "dct")  # nobody has looked at it
    found = quality()
    attacks = row(found.by_type, "attaque")
    assert (attacks.unchanged, attacks.corrected, attacks.rejected) == (3, 1, 1)
    assert (attacks.precision.right, attacks.precision.of) == (4, 5)
    assert (attacks.untouched.right, attacks.untouched.of) == (3, 5)
    assert row(found.by_basis, "jour de la dépêche").precision.value == 0
    assert found.total.judged == 6
    fields = {one.field: (one.corrected, one.right.of) for one in found.fields}
    assert (fields["edtf"], fields["title"]) == ((1, 4), (0, 4))


def test_a_corrected_type_counts_against_the_type_that_the_machine_gave(ada):
    event = proposal("talks")
    curation.edit_event(event, {"type": "agreement"}, by=ada)
    curation.edit_event(event, {"type": "call"}, by=ada)
    curation.approve_event(event, by=ada)
    assert [one.label for one in quality().by_type] == ["pourparlers"]


def test_what_says_nothing_of_the_machine_is_left_out(ada):
    undone = curation.approve_event(proposal(), by=ada)
    curation.undo_act(undone, by=ada)
    curation.withdraw_event(proposal(), "À la demande de la personne.", by=ada)
    kept, absorbed = proposal(), proposal()
    curation.approve_event(absorbed, by=ada)
    curation.merge_events(kept, absorbed, by=ada)
    make_event(review_state="rejected")  # by a kill of the agency: no person did it
    dispatch = make_dispatch("Le maire a démissionné lundi.")
    values = {"title": "T", "edtf": "", "type": "politics", "status": "happened"}
    by_hand = curation.create_event(dispatch, 0, 8, values, by=ada)
    curation.approve_event(by_hand, by=ada)
    found = quality()
    assert found.total.judged == 0
    assert (found.merged, found.by_hand) == (1, 1)


def test_a_merge_is_no_correction_of_the_date(ada):
    kept = proposal()
    curation.merge_events(kept, proposal(), by=ada)
    curation.approve_event(kept, by=ada)
    assert quality().total.unchanged == 1


def test_a_later_reading_of_the_machine_that_was_taken_is_no_correction(ada):
    event = proposal(proposals={"edtf": "2016-12-06"}, review_state="approved")
    curation.approve_event(event, by=ada)
    curation.edit_event(event, {"edtf": "2016-12-06"}, by=ada)
    assert quality().total.unchanged == 1


def test_curators_read_the_figures_others_do_not(client, ada):
    for number in range(12):
        event = proposal(confidence=number / 12)
        (curation.approve_event if number % 3 else curation.reject_event)(event, by=ada)
    assert client.get("/quality/").status_code == 302
    client.force_login(ada)
    page = client.get("/quality/").content.decode()
    assert "Sur 12 propositions jugées par une personne, 67\u00a0% sont des événements" in page
    assert "39\u00a0% – 86\u00a0%" in page
    assert 'href="/quality/"' in client.get("/review/").content.decode()


def test_the_figures_cost_as_many_questions_for_a_hundred_as_for_one(
    client, ada, django_assert_max_num_queries
):
    client.force_login(ada)

    def cost() -> int:
        with django_assert_max_num_queries(20) as asked:
            client.get("/quality/")
        return len(asked)

    curation.approve_event(proposal(), by=ada)
    one = cost()
    for _ in range(30):
        curation.approve_event(proposal(), by=ada)
    assert cost() == one
