"""A guess at the encoding of a file can be changed, and the file is read again."""

from __future__ import annotations

from datetime import date

import pytest

from events import ingest, originals, recording
from events.models import Dispatch
from events.processing import process_dispatch
from tests.builders import CALL, give, make_user
from tests.events.stories import make_event, make_mention

pytestmark = pytest.mark.django_db

RUSSIAN = "Переговоры начались 7 декабря 2016 года в Гамбурге."


def test_a_wrong_guess_is_read_again_as_what_it_is():
    dispatch = give(RUSSIAN.encode("koi8-r"))
    Dispatch.objects.update(encoding="cp1252", encoding_guessed=True, state="done")
    dispatch.refresh_from_db()
    assert ingest.read_as(dispatch, "koi8-r").verdict == "accepted"
    dispatch.refresh_from_db()
    assert dispatch.text == RUSSIAN
    assert (dispatch.encoding, dispatch.encoding_guessed) == ("koi8-r", False)
    assert dispatch.state == Dispatch.State.RECEIVED
    assert not [notice for notice in dispatch.notices if notice["stage"] == "reading"]


@pytest.mark.parametrize(
    ("encoding", "code"), [("utf-8", "encoding-wrong"), ("hex", "encoding-wrong")]
)
def test_an_encoding_that_cannot_be_changes_nothing(encoding, code):
    dispatch = give("La grève est levée.".encode("cp1252"))
    outcome = ingest.read_as(dispatch, encoding)
    assert (outcome.verdict, outcome.reason["code"]) == ("refused", code)
    dispatch.refresh_from_db()
    assert dispatch.text == "La grève est levée."


def test_a_text_that_is_here_already_is_not_doubled():
    give("ÄtÄ fini")
    dispatch = give("été fini".encode("mac-roman"))
    assert dispatch.text == "été fini"
    assert ingest.read_as(dispatch, "cp850").reason["code"] == "encoding-known-text"


def test_a_file_that_is_no_longer_kept_is_told_of():
    dispatch = give("La grève est levée.".encode("cp1252"))
    originals.path_of(dispatch.original).unlink()
    assert ingest.read_as(dispatch, "cp1252").reason["code"] == "original-missing"


def test_a_dispatch_that_a_worker_reads_is_left_alone():
    dispatch = give("été fini".encode("mac-roman"))
    Dispatch.objects.filter(pk=dispatch.pk).update(state="processing")
    assert ingest.read_as(dispatch, "cp850").reason["code"] == "dispatch-being-read"
    dispatch.refresh_from_db()
    assert dispatch.text == "été fini"


def test_a_report_that_a_person_placed_is_not_moved():
    dispatch = give("Les combats ont repris lundi à Alep : été".encode())
    make_mention(make_event(dispatch=None, reported=False), dispatch, pinned=True)
    outcome = ingest.read_as(dispatch, "cp1252")
    assert outcome.reason["code"] == "encoding-moves-reports"


def test_the_page_offers_it_where_it_was_a_guess(client):
    client.force_login(make_user(role="curator"))
    dispatch = give("La grève est levée.".encode("mac-roman"))
    page = client.get(f"/dispatches/{dispatch.pk}/").content.decode()
    assert '<option value="mac-roman" selected>mac-roman: grève levée.</option>' in page
    assert '<option value="cp850">cp850: grÅve levÄe.</option>' in page
    assert 'value="utf-8"' not in page  # these bytes cannot be in it
    path = f"/dispatches/{dispatch.pk}/encoding/"
    answer = client.post(path, {"encoding": "cp850"}, follow=True)
    assert answer.status_code == 200
    dispatch.refresh_from_db()
    assert dispatch.encoding == "cp850"
    page = answer.content.decode()
    assert "cp850, which is a guess" not in page
    assert '<option value="cp850" selected>' in page  # a wrong choice can be changed too


def test_a_file_whose_bytes_mean_one_thing_alone_is_not_offered_others(client):
    client.force_login(make_user(role="curator"))
    page = client.get(f"/dispatches/{give('La grève est levée.').pk}/").content.decode()
    assert 'id="encoding"' not in page


def test_a_visitor_changes_nothing(client):
    dispatch = give("La grève est levée.".encode("mac-roman"))
    assert (
        client.post(f"/dispatches/{dispatch.pk}/encoding/", {"encoding": "cp850"}).status_code
        == 302
    )
    dispatch.refresh_from_db()
    assert dispatch.encoding == "mac-roman"


def test_the_events_are_those_of_the_text_as_it_reads_now():
    dispatch = give(CALL.encode("mac-roman"), published=date(2016, 12, 8))
    sentences = []
    for encoding in ("cp850", "mac-roman"):
        assert ingest.read_as(dispatch, encoding).verdict == "accepted"
        assert process_dispatch(dispatch.pk)
        dispatch.refresh_from_db()
        sentences.append({mention.sentence for mention in dispatch.mentions.all()})
    assert sentences[1] == {CALL}


def test_words_that_a_person_selected_are_quoted_as_they_read_now():
    dispatch = give(CALL.encode("mac-roman"), published=date(2016, 12, 8))
    event = make_event("Appel", reported=False)
    start = dispatch.text.index("appel")
    recording.write_by_hand(dispatch, start, start + 5, event)
    assert ingest.read_as(dispatch, "cp850").verdict == "accepted"
    assert process_dispatch(dispatch.pk)
    dispatch.refresh_from_db()
    assert event.mentions.get().sentence in dispatch.text
