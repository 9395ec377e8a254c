"""The page of an upload: sums, a page of its items, what may be done, who may see it."""

import csv
import errno
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from events import intake, processing, progress
from events.ingest import Incoming
from events.models import Batch, BatchItem, Dispatch
from events.spool import Spool
from tests.builders import CALL
from tests.events.test_intake import drop, texts
from tests.events.test_versions import item
from tests.events.test_views import text_of
from tests.readers.samples import make_zip

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A browser on the machine itself, where whoever sits at it may add."""
    return Client(headers={"host": "localhost"})


@pytest.fixture(autouse=True)
def laptop(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.PUBLIC_EVENTS = "all"


def page(client: Client, batch: Batch, query: str = "") -> str:
    return text_of(client.get(batch.get_absolute_url() + query))


def test_a_drop_of_hundreds_is_answered_before_it_is_taken_in(client):
    files = [SimpleUploadedFile(f"{n}.txt", f"{CALL} {n}".encode()) for n in range(300)]
    response = client.post("/upload/", {"uploads": files[:200], "folder": files[200:]})
    batch = Batch.objects.get()
    assert response.url == batch.get_absolute_url()
    assert set(batch.items.values_list("verdict", flat=True)) == {"waiting"}
    assert batch.items.count() == 300
    assert "0 sur 300" in page(client, batch)


def test_the_sums_lead_to_the_items_of_their_kind_a_page_at_a_time(client):
    batch = drop(*texts(120), *texts(60))
    intake.take_in(batch)
    shown = page(client, batch)
    assert "page 1 sur 4" in shown
    duplicates = page(client, batch, "?fate=duplicate&page=2")
    assert "page 2 sur 2" in duplicates
    assert "59.txt" in duplicates
    assert "70.txt" not in duplicates
    assert client.get(batch.get_absolute_url() + "?fate=nonsense").status_code == 400
    assert "page 4 sur 4" in page(client, batch, "?page=999")


def test_the_page_of_thousands_asks_few_questions(client, django_assert_max_num_queries):
    batch = drop(*texts(300))
    intake.take_in(batch)
    with django_assert_max_num_queries(12):
        client.get(batch.get_absolute_url())


def test_an_upload_is_canceled_from_its_page(client):
    batch = drop(*texts(40))
    intake.take_in_waiting()
    response = client.post(reverse("batch-cancel", args=[batch.pk]), follow=True)
    assert "40" in text_of(response)
    assert not Dispatch.objects.waiting().exists()
    assert not batch.items.unsettled().exists()


def test_what_failed_is_tried_again_from_the_page(client):
    batch = drop(*texts(2))
    intake.take_in(batch)
    assert "batch-retry" not in client.get(batch.get_absolute_url()).content.decode()
    Dispatch.objects.update(state="failed", attempts=5, error_code="reading-interrupted")
    assert f"/upload/{batch.pk}/retry/" in client.get(batch.get_absolute_url()).content.decode()
    client.post(reverse("batch-retry", args=[batch.pk]))
    assert Dispatch.objects.waiting().count() == 2


def test_the_table_has_a_line_for_each_item_and_no_formula(client):
    batch = drop(*texts(2), *texts(1))
    BatchItem.objects.filter(position=0).update(name="=cmd|'/c calc'!A1")
    intake.take_in(batch)
    processing.sweep()
    answer = client.get(reverse("batch-csv", args=[batch.pk]))
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(content))
    assert len(heading) == len(lines[0])
    assert len(lines) == 3
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    assert lines[1][0] == "1.txt"
    assert lines[1][5].endswith(f"/dispatches/{Dispatch.objects.get(original_name='1.txt').pk}/")


def test_what_became_of_one_thing_is_said_in_the_singular(client):
    batch = drop(*texts(2), *texts(1))
    Batch.objects.update(published=date(2016, 12, 8))
    batch.refresh_from_db()
    intake.take_in(batch)
    processing.sweep()
    assert "2 importées 1 déjà là" in page(client, batch)
    table = b"".join(client.get(reverse("batch-csv", args=[batch.pk])).streaming_content)
    assert table.decode("utf-8-sig").split(";" if b";" in table else ",").count("importée") == 2


def test_the_texts_of_an_upload_that_repeat_others_are_counted_and_said(client):
    text = " ".join(f"mot{n} terme{n % 7}" for n in range(40))
    batch = drop(*(Incoming(f"{n}.txt", f"Journal{n} {text}".encode()) for n in range(3)))
    intake.take_in(batch)
    processing.sweep()
    shown = page(client, batch)
    assert "2 reprennent le texte d’une autre dépêche" in shown
    assert shown.count("À peu près le même texte qu’une autre dépêche") == 2


def test_whose_characters_were_guessed_is_said_in_the_list(client):
    batch = drop(
        Incoming("1.txt", "La grève est levée.".encode("mac-roman")),
        Incoming("2.txt", "La grève est finie.".encode()),
    )
    intake.take_in(batch)
    assert page(client, batch).count("lus en mac-roman") == 1


def test_a_title_that_its_agency_took_back_is_not_shown(client):
    batch = drop(*texts(2))
    intake.take_in(batch)
    taken_back = Dispatch.objects.earliest("pk")
    Dispatch.objects.filter(pk=taken_back.pk).update(
        title="Faux", state="done", withdrawn_at=taken_back.received_at
    )
    assert "Faux" not in page(client, batch)


def test_what_was_taken_back_and_what_took_it_back_are_told_apart_from_the_imported(client):
    batch = drop(
        Incoming("1.json", item(CALL, "1")),
        Incoming("2.json", item("", "2", status="canceled")),
        Incoming("3.txt", b"Un autre texte."),
    )
    intake.take_in(batch)
    processing.sweep()
    look = progress.look(batch)
    assert {one.fate: one.count for one in look.sums} == {"withdrawn": 2, "to-date": 1}
    assert look.settled
    told = client.get(reverse("batch-csv", args=[batch.pk])).getvalue().decode("utf-8-sig")
    rows = {row[0]: row[1:3] for row in csv.reader(io.StringIO(told))}
    assert (rows["1.json"][0], rows["2.json"][0]) == ("retirée", "retirée")
    assert "Ce texte a été retiré" in rows["1.json"][1]
    assert "L’agence retire" in rows["2.json"][1]


def test_the_command_counts_as_the_page_of_the_upload_does(tmp_path, capsys):
    folder = tmp_path / "wire"
    folder.mkdir()
    (folder / "1.json").write_bytes(item(CALL, "1"))
    (folder / "2.json").write_bytes(item(f"{CALL} Encore.", "2"))
    (folder / "3.json").write_bytes(b"\0\1")
    call_command("ingest", str(folder), "--now")
    assert capsys.readouterr().out.strip() == "3: 1 importée, 1 nouvelle version, 1 refusée"


def test_only_who_may_add_sees_an_upload(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    batch = drop(*texts(1))
    for name in ("batch", "batch-progress", "batch-csv"):
        assert client.get(reverse(name, args=[batch.pk])).status_code == 302


def test_a_stranger_is_sent_away_before_their_files_are_kept(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    response = client.post("/upload/", {"uploads": SimpleUploadedFile("a.txt", b"Un texte.")})
    assert response.status_code == 302
    assert not list((settings.MEDIA_ROOT / "waiting").glob("*"))
    assert "Vous avez été déconnecté" in client.get(response.url).content.decode()


def test_a_form_without_its_token_is_refused_and_nothing_kept(settings):
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    response = client.post("/upload/", {"uploads": SimpleUploadedFile("a.txt", b"Un texte.")})
    assert response.status_code == 403
    assert not list((settings.MEDIA_ROOT / "waiting").glob("*"))
    assert not Batch.objects.exists()


def test_an_upload_over_the_limit_is_refused_with_the_limit(client, settings):
    settings.ARCHIVE_MAX_BYTES = -4 * 1024 * 1024  # nothing is small enough
    response = client.post("/upload/", {"uploads": SimpleUploadedFile("a.txt", b"Un texte.")})
    assert response.status_code == 413
    assert not Batch.objects.exists()


def test_a_pasted_text_over_the_limit_is_told_its_own_limit(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.UPLOAD_MAX_BYTES = 7 * 1024 * 1024
    response = client.post("/upload/", {"text": "x" * 2000})
    assert response.status_code == 413
    assert "7 Mo" in text_of(response).replace("\xa0", " ")
    assert not Batch.objects.exists()


def test_of_a_file_that_is_too_large_no_more_is_kept_than_shows_it(client, settings):
    settings.UPLOAD_MAX_BYTES = 1_000
    response = client.post(
        "/upload/", {"uploads": SimpleUploadedFile("a.txt", b"a" * 500_000)}, follow=True
    )
    assert "a.txt" in text_of(response)
    item = BatchItem.objects.get()
    assert (item.size, item.reason["code"]) == (1_001, "file-too-large")


def test_a_full_disk_is_said_and_keeps_nothing(client, settings, monkeypatch):
    def full(self, chunk):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Spool, "write", full)
    response = client.post("/upload/", {"uploads": SimpleUploadedFile("a.txt", b"Un texte.")})
    assert response.status_code == 507
    assert not Batch.objects.exists()
    assert not list((settings.MEDIA_ROOT / "waiting").glob("*"))
    assert client.get("/").status_code == 200


def test_an_archive_is_told_file_by_file(client):
    content = make_zip(("a.txt", CALL.encode()), ("vide.txt", b""))
    response = client.post("/upload/", {"uploads": SimpleUploadedFile("lot.zip", content)},
                           follow=True)  # fmt: skip
    shown = text_of(response)
    assert "lot.zip › vide.txt" in shown
    assert "Le fichier est vide" in shown


def test_the_last_uploads_are_listed_where_one_adds_more(client):
    batch = drop(*texts(3))
    assert batch.get_absolute_url() in client.get("/upload/").content.decode()
