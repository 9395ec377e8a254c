"""What is given is taken in once, read rightly, or refused in words that people understand."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.utils import translation

from events import originals, reasons
from events.ingest import Incoming, ingest_dispatch
from events.intake import ingest_batch
from events.models import Batch, Dispatch, Source
from tests.builders import CALL, give, make_user, read

pytestmark = pytest.mark.django_db
ACCENTED = "Les pourparlers ont été suspendus à l’été 2016 : « rien n’est réglé » — œuvre à finir."


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


def refusal(content, name="depeche.txt"):
    outcome = ingest_dispatch(Incoming(name, content))
    assert (outcome.verdict, outcome.dispatch) == ("refused", None)
    assert not Dispatch.objects.exists()
    said = []
    for language in ("en", "fr"):
        with translation.override(language):
            said.append(reasons.word(outcome.reason))
    return said


@pytest.mark.parametrize(
    ("content", "english", "french"),
    [
        (b"", "The file is empty.", "Le fichier est vide."),
        (b" \n\t ", "There is no text in this file, only spaces.", None),
        (b"\xef\xbb\xbf  ", "There is no text in this file, only spaces.", None),
        (bytes(range(256)) * 20, "This is not a text: the file holds binary data.", None),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "Files of the kind PNG cannot be read.", None),
        (b"MZ" + b"\x00" * 200, "Files of the kind EXE cannot be read.", None),
    ],
    ids=["no-bytes", "spaces", "mark-alone", "binary", "image", "program"],
)
def test_what_is_no_dispatch_is_refused_in_both_languages(content, english, french):
    in_english, in_french = refusal(content)
    assert in_english == english
    assert in_french != in_english
    assert french in {None, in_french}


def test_a_file_over_the_limit_is_refused_and_the_limit_named(settings):
    settings.UPLOAD_MAX_BYTES = 10 * 1024 * 1024
    in_english, in_french = refusal(b"a" * (10 * 1024 * 1024 + 1))
    assert "10 MB" in in_english
    assert "10" in in_french


def test_a_file_at_the_limit_is_taken(settings):
    settings.UPLOAD_MAX_BYTES = 1000
    assert give(b"Mardi " + b"a" * 994).text.startswith("Mardi")


@pytest.mark.parametrize(
    ("encoding", "kept", "guessed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", False),
        ("utf-16", "utf-16", False),
        ("cp1252", "cp1252", True),
    ],
)
def test_encodings_are_read_right_and_a_guess_is_shown(encoding, kept, guessed):
    dispatch = give((ACCENTED * 3).encode(encoding))
    assert dispatch.text.startswith(ACCENTED)
    assert "\N{REPLACEMENT CHARACTER}" not in dispatch.text
    assert dispatch.encoding.lower().startswith(kept[:3])
    assert dispatch.encoding_guessed is guessed
    assert ("encoding-guessed" in [notice["code"] for notice in dispatch.notices]) is guessed


def test_controls_and_decomposed_accents_are_cleaned_once():
    dispatch = give(f"Le prési\u0301dent\x08 a parlé\x00 mardi.\r\n{CALL * 4}\ufffe")
    assert dispatch.text == f"Le présídent a parlé mardi.\n{CALL * 4}"


def test_the_same_text_again_leads_to_the_first_dispatch():
    first = give()
    outcome = ingest_dispatch(Incoming("copie.txt", (CALL + "\n\n").encode("utf-16")))
    assert (outcome.verdict, outcome.dispatch) == ("duplicate", first)
    assert Dispatch.objects.count() == 1
    assert str(date.today().year) in reasons.word(outcome.reason)  # noqa: DTZ011 - the row's own


@pytest.mark.django_db(transaction=True)
def test_the_same_text_by_two_at_once_gives_one_row():
    verdicts = []

    def upload():
        try:
            verdicts.append(ingest_dispatch(Incoming("a.txt", CALL.encode())).verdict)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(verdicts) == ["accepted", "duplicate", "duplicate", "duplicate"]
    assert Dispatch.objects.count() == 1


def test_the_bytes_that_were_given_are_kept_as_they_came():
    content = ACCENTED.encode("cp1252")
    dispatch = give(content)
    assert originals.load(dispatch.original) == content


def test_what_the_giver_states_wins_over_the_file():
    page = (
        "<html lang='en'><head><title>Trêve</title>"
        "<meta property='article:published_time' content='2016-12-09'></head>"
        "<body><article><h1>Trêve</h1><p>" + ACCENTED * 5 + "</p></article></body></html>"
    )
    dispatch = give(page, name="page.html", source="AFP", published=date(2016, 12, 8))
    assert dispatch.published == date(2016, 12, 8)
    assert dispatch.source == Source.objects.get(name="AFP")
    assert dispatch.media_type == "text/html"
    assert "<p>" not in dispatch.text


def test_every_item_of_an_upload_ends_in_one_verdict():
    items = [
        Incoming("un.txt", CALL.encode()),
        Incoming("deux.txt", CALL.encode()),
        Incoming("vide.txt", b""),
        Incoming("trois.txt", b"Il part le 3 mai 2017."),
    ]
    batch = ingest_batch(items, user=make_user())
    verdicts = list(batch.items.values_list("name", "verdict"))
    assert verdicts == [
        ("un.txt", "accepted"),
        ("deux.txt", "duplicate"),
        ("vide.txt", "refused"),
        ("trois.txt", "accepted"),
    ]
    assert Batch.objects.count() == 1


def test_a_text_given_without_a_broker_is_taken_in_all_the_same():
    outcome = ingest_dispatch(Incoming("a.txt", CALL.encode()))
    assert outcome.verdict == "accepted"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Le chat dort sur le tapis de la cuisine, et la pluie tombe sur le toit.", "dates-none"),
        ("Der Bundestag hat am 3. Mai 2017 das Gesetz beschlossen.", "language-dates-only"),
        ("Ils se réuniront le 30 février 2017 à Paris.", "dates-impossible"),
    ],
)
def test_what_could_not_be_read_out_of_a_text_is_said_in_both_languages(text, code):
    dispatch = read(text)
    assert code in [notice["code"] for notice in dispatch.notices]
    with translation.override("en"):
        english = reasons.word({"code": code, "values": {}})
    with translation.override("fr"):
        assert reasons.word({"code": code, "values": {}}) not in {english, code}
