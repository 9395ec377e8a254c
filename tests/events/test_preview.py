"""What a text would become is shown before it is added, and nothing of it is kept."""

import subprocess
import threading
import time
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import override

from events import preview, queue, reasons, tasks
from events.models import (
    Actor,
    CurationAct,
    Dispatch,
    Event,
    ExtractionRun,
    Mention,
    Place,
    Source,
)
from tests.builders import CALL, give, make_user, only_event, read
from tests.events.test_upload_pages import client, laptop  # noqa: F401 - fixtures
from tests.events.test_versions import item
from tools import redis_server

pytestmark = pytest.mark.django_db

TEXT = (
    "ALEP (Syrie), 8 décembre 2016 (AFP) - Les rebelles ont appelé mercredi à un cessez-le-feu à "
    "Alep. Ils se sont réunis en soirée.\n(AFP)"
)
NOTHING_STATED = {"source": "", "published": "", "language": ""}


def look(text: str, language: str = "fr", **stated: str) -> dict:
    return preview.look(text, NOTHING_STATED | stated, language)


def rows() -> list[int]:
    kept = (Actor, CurationAct, Dispatch, Event, ExtractionRun, Mention, Place, Source)
    return [model.objects.count() for model in kept]


def test_a_preview_shows_what_would_be_kept_and_keeps_nothing():
    before = rows()
    shown = look(TEXT)
    assert rows() == before
    kept = read(TEXT, published=None)
    assert shown["dispatch"]["title"] == kept.title
    assert shown["dispatch"]["source"] == kept.source.name == "AFP"
    assert (shown["language"], shown["dispatch"]["dct"]) == ("français", kept.dct)
    told = [(one["item"]["title"], one["evidence"]["edtf"]) for one in shown["reports"]]
    assert told == list(kept.mentions.order_by("trigger_start").values_list("title", "edtf"))
    assert shown["count"] == len(told)


def test_the_words_of_the_evidence_are_marked_and_the_day_gives_its_reason():
    shown = look(TEXT)
    marked = [
        piece["text"] for piece in shown["reports"][0]["evidence"]["sentence"]
        if "date" in piece["marks"]
    ]  # fmt: skip
    assert marked == ["mercredi"]
    assert "8 décembre 2016" in shown["dispatch"]["dct_reason"]


def test_it_is_worded_in_the_language_of_whoever_asks():
    assert "en-tête" in look(TEXT, "fr")["dispatch"]["dct_reason"]
    assert "dateline" in look(TEXT, "en")["dispatch"]["dct_reason"]


def test_what_is_stated_wins_as_in_the_upload():
    shown = look(CALL, source="Agence Exemple", published="2016-12-09", language="fr")
    assert shown["dispatch"]["source"] == "Agence Exemple"
    assert shown["dispatch"]["dct"] == "2016-12-09"
    assert not Source.objects.filter(name="Agence Exemple").exists()


def test_an_event_that_is_here_is_named_and_stays_as_it_was():
    event = only_event(read())
    shown = look(f"Selon Paris, {CALL[0].lower()}{CALL[1:]}", published="2016-12-08")
    assert shown["joined"] == [[event.pk, event.title]]
    assert event.mentions.count() == 1


def test_a_text_that_is_here_leads_to_its_dispatch():
    kept = give()
    shown = look(f"  {CALL}\n")
    assert shown["known"] == kept.pk
    assert "déjà été reçu" in shown["refusal"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\x01\x02\x03\x04\x05\x06\x07\x08", "file-binary"),
        ("<NewsML><NewsItem/></NewsML>", "wire-no-text"),
    ],
)
def test_what_would_be_refused_says_why(text, said):
    shown = look(text)
    assert shown["reports"] == []
    assert shown["dispatch"] is None
    with override("fr"):
        assert shown["refusal"] == reasons.word(said)


def test_an_order_to_take_back_is_told_and_not_obeyed():
    first = give(item(CALL, "1"))
    assert "L’agence retire" in look(item("", "2", status="canceled").decode())["refusal"]
    first.refresh_from_db()
    assert first.withdrawn_at is None


def test_an_embargo_is_told():
    shown = look(item(CALL, "1", embargoed="demain matin").decode())
    assert any("embargo" in notice for notice in shown["notices"])


def test_of_several_dispatches_the_first_is_shown_and_the_others_counted():
    two = f"[{item(CALL, '1').decode()}, {item('Autre.', '1', guid='urn:a:2').decode()}]"
    shown = look(two)
    assert "2" in shown["notices"][0]
    assert shown["dispatch"]["title"] == "Alep"


def test_of_many_reports_the_first_are_shown(monkeypatch):
    monkeypatch.setattr(preview, "MOST_EVENTS", 1)
    shown = look(TEXT)
    assert (len(shown["reports"]), shown["count"]) == (1, 2)


# ------------------------------------------------------------------------------------ the page


def page(client: Client, **fields):  # noqa: F811 - the fixture of that name
    answer = client.post("/upload/", {"act": "preview", **fields})
    return answer.status_code, unescape(answer.content.decode())


def test_without_a_worker_the_page_says_so_and_keeps_the_text(client):  # noqa: F811
    status, shown = page(client, text=TEXT)
    assert status == 200
    assert "Pas d’aperçu" in shown
    assert TEXT in shown
    assert 'form="upload"' in shown
    assert rows()[2] == 0


def test_too_long_a_text_is_turned_down_in_words_and_can_be_added(client):  # noqa: F811
    text = CALL * (preview.MOST_CHARACTERS // len(CALL) + 1)
    status, shown = page(client, text=text)
    assert status == 422
    assert "500\xa0000" in shown
    assert f"{len(text):,}".replace(",", "\xa0") in shown
    assert client.post("/upload/", {"text": text}).status_code == 302


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_can_be_previewed_of_nothing(client, text):  # noqa: F811
    status, shown = page(client, text=text)
    assert status == 422
    assert "Collez un texte" in shown


def test_only_who_may_add_may_preview(settings):
    settings.PUBLIC_EVENTS = "approved"
    visitor = Client()
    assert visitor.post("/upload/", {"act": "preview", "text": TEXT}).status_code == 302
    visitor.force_login(make_user(role="contributor"))
    assert visitor.post("/upload/", {"act": "preview", "text": TEXT}).status_code == 200


# -------------------------------------------------------------------------------- the way there


@pytest.fixture
def server(settings, tmp_path):
    """A real Redis of this test's own."""
    socket = redis_server.socket_path(tmp_path)
    process = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
    settings.REDIS_URL = redis_server.socket_url(socket)
    queue.breaker.reset()
    deadline = time.monotonic() + 10
    while not socket.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    yield
    process.kill()
    process.wait()
    queue.breaker.reset()


@pytest.fixture
def posted(monkeypatch, server):
    """The messages that a worker would get; only the broker's transport is left out."""
    monkeypatch.setattr(queue, "PING_SECONDS", 10)  # a busy machine is no dead broker
    sent = []
    monkeypatch.setattr(
        "events.queue.current_app.send_task",
        lambda name, args, **options: sent.append((name, args, options)),
    )
    return sent


def test_who_asks_gets_what_the_worker_answers(posted, monkeypatch):
    def work() -> None:
        while not posted:
            time.sleep(0.01)
        name, (key, *rest), _options = posted[0]
        assert name == tasks.preview_text.name
        queue.answer(key, {"said": rest})

    worker = threading.Thread(target=work)
    worker.start()
    assert queue.ask("events.tasks.preview_text", "é", seconds=20) == {"said": ["é"]}
    worker.join()


def test_a_question_that_nobody_answers_ends_and_its_message_with_it(posted):
    assert queue.ask("events.tasks.preview_text", "é", seconds=0.1) is None
    assert posted[0][2]["expires"] == 0.1


def test_the_threads_that_wait_are_few(posted):
    started = threading.Barrier(queue.ASKING + 1)
    answers = []

    def ask() -> None:
        started.wait()
        answers.append(queue.ask("events.tasks.preview_text", seconds=20))

    threads = [threading.Thread(target=ask) for _ in range(queue.ASKING)]
    for thread in threads:
        thread.start()
    started.wait()
    while len(posted) < queue.ASKING:
        time.sleep(0.01)
    assert queue.ask("events.tasks.preview_text", seconds=20) is None
    assert len(posted) == queue.ASKING
    for _name, (key, *_rest), _options in posted:
        queue.answer(key, "done")
    for thread in threads:
        thread.join()
    assert answers == ["done"] * queue.ASKING


def test_of_a_long_text_the_beginning_is_shown():
    shown = look(f"{TEXT}\n" + "Le chat dort. " * (preview.LONGEST // 14) + "Il pleut.")
    assert shown["count"] == look(TEXT)["count"]
    assert any(notice == reasons.word("preview-cut") for notice in shown["notices"])


def test_languages_are_called_as_they_are_in_the_language_of_the_page():
    german = "BERLIN, 8. Dezember 2016 (dpa) - Die Bundeskanzlerin hat am Mittwoch gesprochen."
    assert look(german, "fr")["language"] == "allemand"
    assert look(german, "en")["language"] == "German"
