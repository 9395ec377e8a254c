"""What a browser may send: each ends in a right text or in words, and the site goes on."""

import os
import time
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from events import intake, processing
from events.forms import UploadForm
from events.models import Batch, BatchItem, Dispatch, Event
from tests.builders import CALL
from tests.events.test_views import text_of
from tests.readers.samples import make_docx, make_pdf, make_zip

pytestmark = pytest.mark.django_db
LIMIT = 1024 * 1024


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


@pytest.fixture(autouse=True)
def laptop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.PUBLIC_EVENTS = "all"


def give(client: Client, content: bytes, name: str = "depeche.txt", kind: str = "text/plain"):
    """Upload a file beside a good one; return its items. The good one must come through."""
    good = SimpleUploadedFile("bonne.txt", f"{CALL} {os.urandom(4).hex()}".encode())
    bad = SimpleUploadedFile(name, content, kind)
    response = client.post("/upload/", {"uploads": [bad, good]}, follow=True)
    assert response.status_code == 200
    batch = Batch.objects.latest("created_at")
    intake.take_in(batch)
    assert batch.items.get(name="bonne.txt").verdict == "accepted"
    assert client.get(batch.get_absolute_url()).status_code == 200
    return list(batch.items.counted().exclude(name="bonne.txt"))


def lying_size() -> bytes:
    """An archive whose directory says that a file is smaller than it is."""
    content = bytearray(make_zip(("a.txt", b"Un texte assez long. " * 20)))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (5).to_bytes(4, "little")
    return bytes(content)


def link_in_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("lien")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return out.getvalue()


def encrypted() -> bytes:
    content = bytearray(make_zip(("a.txt", b"Un texte.")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


REFUSED = [
    pytest.param(b"", "file-empty", id="2-no-bytes"),
    pytest.param(b"\xef\xbb\xbf \n", "file-blank", id="3-mark-alone"),
    pytest.param(make_zip(("a.txt", b"0" * 20_000_000)), "zip-ratio", id="10-zeros"),
    pytest.param(make_zip(("a.zip", make_zip(("b.zip", make_zip(("c.txt", b"x")))))),
                 "zip-nested", id="11-three-deep"),
    pytest.param(link_in_zip(), "zip-link", id="14-link"),
    pytest.param(lying_size(), "zip-damaged", id="15-size"),
    pytest.param(encrypted(), "zip-encrypted", id="16-password"),
    pytest.param(make_zip(("a.txt", b"Un texte." * 99))[:-30], "zip-damaged", id="19-cut"),
    pytest.param(b"MZ\x90\x00" + bytes(200), "file-unsupported", id="20-program"),
    pytest.param(bytes(range(256)) * 8, "file-binary", id="20-binary"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "file-unsupported",
                 id="37-picture"),
    pytest.param(b"<?xml version='1.0'?><nitf>" + b"<a>" * 200_000, "xml-too-deep", id="40-deep"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), REFUSED)
def test_what_cannot_be_a_dispatch_is_refused_in_words_and_the_others_go_on(client, content, code):
    (item,) = give(client, content)
    assert (item.verdict, item.reason["code"]) == ("refused", code)
    assert Dispatch.objects.count() == 1


TEXT = "L’accord a été signé à l’été 2016 : « enfin » — près de Düsseldorf."
ACCEPTED = [
    pytest.param(TEXT.encode("utf-8-sig"), TEXT, id="21-utf-8"),
    pytest.param(TEXT.encode("utf-16-le").join([b"\xff\xfe", b""]), TEXT, id="22-little"),
    pytest.param(TEXT.encode("utf-16-be").join([b"\xfe\xff", b""]), TEXT, id="22-big"),
    pytest.param((TEXT * 5).encode("cp1252"), TEXT * 5, id="23-windows"),
    pytest.param((TEXT + "\n").encode() * 3 + (TEXT + "\n").encode("cp1252") * 3,
                 "\n".join([TEXT] * 6), id="24-half-and-half"),
    pytest.param((TEXT * 5).replace(" ", "\0 ", 1).encode(), TEXT * 5, id="26-nul"),
    pytest.param("Un\x0btexte.\ufffe".encode(), "Un\ntexte.", id="27-controls"),
    pytest.param("قال الرئيس إنه مستعد".encode(), "قال الرئيس إنه مستعد", id="29-right-to-left"),
    pytest.param("Ici 👩‍👩‍👧‍👦 là.".encode(), "Ici 👩‍👩‍👧‍👦 là.", id="31-joined"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "text"), ACCEPTED)
def test_a_text_is_kept_right_whatever_it_is_written_in(client, content, text):
    (item,) = give(client, content)
    assert item.verdict == "accepted"
    assert item.dispatch.text == text
    assert client.get(item.dispatch.get_absolute_url()).status_code == 200


def test_utf_16_without_a_mark_is_refused_or_right(client):
    (item,) = give(client, TEXT.encode("utf-16-le"))
    assert item.verdict == "refused" or item.dispatch.text == TEXT


def test_a_pdf_by_another_name_is_read_for_what_it_is(client):
    note = make_docx("<w:p><w:r><w:t>Une note.</w:t></w:r></w:p>")
    for content in (make_pdf(["Un accord."]), note):
        (item,) = give(client, content, "note.txt", "text/plain")
        assert item.verdict == "accepted"
        assert item.dispatch.media_type != "text/plain"


def test_a_false_type_is_ignored(client):
    (item,) = give(client, b"Un accord.", "a.txt", "application/x-msdownload")
    assert item.dispatch.media_type == "text/plain"


NAMES = [
    "../../etc/passwd", "C:\\Windows\\x.txt", "a" * 300 + ".txt", ".htaccess", "con.txt",
    "%2e%2e%2f.txt", "<img src=x onerror=alert(1)>.txt", "a\u202egnp.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name[:12])
def test_a_name_is_shown_and_never_used(client, settings, name):
    content = make_zip((name, f"{CALL} Nom.".encode()))
    (item,) = give(client, content, "lot.zip", "application/zip")
    assert item.verdict == "accepted"
    assert "\u202e" not in item.name
    page = client.get(item.batch.get_absolute_url()).content.decode()
    assert "<img src=x" not in page
    kept = {path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    assert all(len(one) == 64 for one in kept)


def test_a_name_of_a_file_alone_is_shown_as_text(client):
    (item,) = give(client, b"Un accord.", "<b>gras<b>.txt")
    assert "<b>gras" not in client.get(item.batch.get_absolute_url()).content.decode()


def test_two_files_of_one_name_in_an_archive_are_both_read(client):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "Un accord.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "Deux accords.")
    assert [item.verdict for item in give(client, out.getvalue())] == ["accepted", "accepted"]


def test_a_form_that_breaks_off_keeps_nothing(client, settings):
    body = b'--b\r\nContent-Disposition: form-data; name="uploads"; filename="a.txt"\r\n\r\nUn te'
    for kind in ("multipart/form-data; boundary=b", "multipart/form-data"):
        response = client.generic("POST", "/upload/", body, content_type=kind)
        assert response.status_code in {400, 403, 422}
    assert not Batch.objects.exists()
    assert not list((settings.MEDIA_ROOT / "waiting").glob("*"))
    assert client.get("/upload/").status_code == 200


def test_who_leaves_in_the_middle_leaves_nothing(client, settings, monkeypatch):
    from django.http import UnreadablePostError  # noqa: PLC0415 - of this test alone

    def broken(*_):
        raise UnreadablePostError("gone")

    monkeypatch.setattr("events.uploads.SpoolHandler.receive_data_chunk", broken)
    client.raise_request_exception = False
    client.post("/upload/", {"uploads": SimpleUploadedFile("a.txt", b"Un accord.")})
    assert not Batch.objects.exists()
    assert not list((settings.MEDIA_ROOT / "waiting").glob("*"))


def test_a_picture_of_letters_from_right_to_left_leaves_titles_alone(client):
    (item,) = give(client, "Titre \u202egnp.exe\nUn accord.".encode())
    assert "\u202e" not in item.dispatch.title
    assert "\u202e" in item.dispatch.text


def test_a_lone_half_of_a_character_in_what_is_pasted_breaks_nothing(client):
    form = UploadForm({"text": "Un accord \ud800 signé."}, {}, label_suffix="")
    assert form.is_valid()
    with intake.Spool() as safe:
        batch = intake.open_batch(safe, form.things(safe))
    intake.take_in(batch)
    assert batch.items.get().dispatch.text == "Un accord ? signé."


def test_a_text_of_two_thousand_years_is_read_to_its_limit(client, settings):
    """Each year is a date of its own; what is over the limit is told."""
    settings.EXTRACT_MAX_EVENTS = 1_500
    text = " ".join(f"Ils ont attaqué Alep le 3 mars {year}." for year in range(300, 1_900))
    (item,) = give(client, text.encode())
    processing.process_dispatch(item.dispatch_id)
    dispatch = Dispatch.objects.get(pk=item.dispatch_id)
    assert (dispatch.state, dispatch.error_detail) == ("done", "")
    assert Event.objects.filter(mentions__dispatch=dispatch).count() <= 1_500
    assert dispatch.mentions.count() > 1_000


def test_a_file_of_one_letter_has_no_events(client):
    (item,) = give(client, b"a" * LIMIT)
    started = time.process_time()
    processing.process_dispatch(item.dispatch_id)
    assert time.process_time() - started < 60
    assert not Event.objects.filter(mentions__dispatch=item.dispatch_id).exists()
    assert Dispatch.objects.get(pk=item.dispatch_id).state == "done"


def test_the_same_file_again_leads_to_the_first(client):
    (first,) = give(client, b"Un accord.")
    (again,) = give(client, b"Un accord.")
    assert (again.verdict, again.dispatch) == ("duplicate", first.dispatch)
    assert first.dispatch.get_absolute_url() in client.get(
        again.batch.get_absolute_url()
    ).content.decode()


def test_the_same_text_by_another_name_and_encoding_is_the_same(client):
    (first,) = give(client, f"{TEXT}\n".encode(), "a.txt")
    (again,) = give(client, TEXT.encode("utf-16"), "b.txt")
    assert (again.verdict, again.dispatch) == ("duplicate", first.dispatch)


def test_a_wrong_language_is_read_all_the_same(client):
    response = client.post("/upload/", {"text": "Der Bundestag hat am 3. Mai 2017 beschlossen.",
                                        "language": "fr"}, follow=True)  # fmt: skip
    assert response.status_code == 200
    processing.process_dispatch(Dispatch.objects.get().pk)
    assert Dispatch.objects.get().state == "done"


def test_nothing_at_all_is_said_to_be_nothing(client):
    response = client.post("/upload/", {"text": ""})
    assert response.status_code == 422
    assert "Collez un texte" in text_of(response)
    assert not BatchItem.objects.exists()
