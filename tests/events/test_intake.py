"""What is dropped by the thousand is safe at once, and taken in by whoever comes by."""

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from events import intake, processing, progress, queue, readers, spool
from events.ingest import Incoming
from events.models import Batch, BatchItem, Dispatch
from events.spool import Spool
from tests.builders import CALL, give
from tests.readers.samples import make_zip, wire

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


def texts(count: int, mark: str = "") -> list[Incoming]:
    return [Incoming(f"{n}.txt", f"{CALL} Dépêche {mark}{n}.".encode()) for n in range(count)]


def drop(*things: Incoming, **stated) -> Batch:
    """Keep things as the upload does; nobody takes them in yet."""
    with Spool() as safe:
        named = [intake.Named(thing.name, safe.add(thing.content)) for thing in things]
        return intake.open_batch(safe, named, **stated)


def fates(batch: Batch) -> dict[str, int]:
    found = progress.look(batch)
    counts = {each.fate: each.count for each in found.sums}
    assert sum(counts.values()) == found.total
    return counts


def spooled(settings) -> list[str]:
    folder = settings.MEDIA_ROOT / "waiting"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def test_what_is_dropped_waits_in_one_file_until_it_is_taken_in(settings):
    batch = drop(*texts(40), source="AFP")
    assert fates(batch) == {"waiting": 40}
    assert len(spooled(settings)) == 1
    intake.take_in(batch)
    assert fates(batch) == {"reading": 40}
    assert spooled(settings) == []
    assert {row.source.name for row in Dispatch.objects.all()} == {"AFP"}
    assert {row.batch for row in Dispatch.objects.all()} == {batch}


def test_without_a_broker_the_sweeper_takes_in_and_reads():
    batch = drop(*texts(3))
    intake.sweep()
    processing.sweep()
    assert fates(batch).keys() == {"to-date"}


def test_taking_in_twice_changes_nothing():
    batch = drop(*texts(3))
    intake.take_in(batch)
    before = list(batch.items.values())
    intake.take_in(batch)
    intake.take_in_waiting()
    assert list(batch.items.values()) == before
    assert Dispatch.objects.count() == 3


def test_a_worker_that_dies_gives_its_files_back_and_each_is_then_tried_alone():
    batch = drop(*texts(3))
    batch.items.update(
        attempts=1, lease_token=uuid.uuid4(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert intake.take_in_waiting() == 0
    intake.sweep(inline=False)
    assert intake.take_in_waiting() == 1
    assert fates(batch) == {"reading": 1, "waiting": 2}


def test_who_comes_back_after_the_lease_writes_nothing(monkeypatch):
    batch = drop(*texts(2))
    real = intake._open

    def slow(claim):
        """While this opens the file, the lease ends and another takes it in."""
        monkeypatch.setattr(intake, "_open", real)
        batch.items.update(lease_until=timezone.now() - timedelta(seconds=1))
        intake.sweep(inline=False)
        intake.take_in(batch)
        return real(claim)

    monkeypatch.setattr(intake, "_open", slow)
    intake.take_in_waiting()
    assert fates(batch) == {"reading": 2}
    assert Dispatch.objects.count() == 2


def test_a_file_that_kills_its_reader_five_times_is_parked_and_can_be_tried_again(settings):
    batch = drop(*texts(2))
    killer = batch.items.get(name="0.txt")
    BatchItem.objects.filter(pk=killer.pk).update(
        attempts=5, lease_token=uuid.uuid4(), lease_until=timezone.now() - timedelta(seconds=1)
    )
    intake.sweep()
    assert fates(batch) == {"reading": 1, "failed": 1}
    assert len(spooled(settings)) == 1
    assert intake.retry_failed(batch) == 1
    intake.take_in(batch)
    assert fates(batch) == {"reading": 2}
    assert spooled(settings) == []


def test_a_file_that_breaks_a_reader_is_told_and_the_others_go_on(monkeypatch):
    real = readers.parts

    def parts(content, name="", depth=0):
        if b"POISON" in content:
            raise RuntimeError("poison")
        yield from real(content, name, depth)

    monkeypatch.setattr(readers, "parts", parts)
    batch = drop(*texts(3), Incoming("x.txt", b"POISON"))
    for _ in range(5):
        intake.take_in_waiting()
    assert fates(batch) == {"reading": 3, "failed": 1}


def test_an_archive_is_unpacked_first_and_counts_as_its_files():
    content = make_zip(
        *[(f"{n}.txt", f"{CALL} {n}".encode()) for n in range(40)],
        ("again.txt", f"{CALL} 1".encode()),
        ("photo.png", b"\x89PNG\r\n\x1a\n"),
        ("several.xml", wire("newsml1_several.xml")),
        ("more.zip", make_zip(("a.txt", b"Un accord."), ("b.zip", make_zip(("c.txt", b"x"))))),
    )
    batch = drop(Incoming("lot.zip", content))
    assert fates(batch) == {"waiting": 1}
    assert intake.take_in_waiting() == 1
    assert fates(batch) == {"waiting": 44}
    intake.take_in(batch)
    assert fates(batch) == {"reading": 43, "withdrawn": 1, "duplicate": 1, "refused": 2}
    refused = {item.name: item.reason["code"] for item in batch.items.filter(verdict="refused")}
    assert refused == {
        "lot.zip › photo.png": "file-unsupported",
        "lot.zip › more.zip › b.zip": "zip-nested",
    }


def test_nested_archives_share_the_limits_of_the_outermost(monkeypatch):
    monkeypatch.setattr("events.readers.archive.MAX_MEMBERS", 10)
    inner = make_zip(*[(f"{n}.txt", f"{CALL} {n}".encode()) for n in range(8)])
    outer = make_zip(*[(f"{n}.txt", f"{CALL} a{n}".encode()) for n in range(4)], ("b.zip", inner))
    batch = drop(Incoming("lot.zip", outer))
    intake.take_in(batch)
    codes = [item.reason["code"] for item in batch.items.filter(verdict="refused")]
    assert codes == ["zip-too-many"]
    assert Dispatch.objects.count() == 4 + 5


def test_an_archive_may_be_larger_than_a_dispatch_and_nothing_else_may(settings):
    settings.UPLOAD_MAX_BYTES = 2_000
    content = make_zip(*[(f"{n}.txt", uuid.uuid4().bytes.hex().encode() * 3) for n in range(40)])
    assert len(content) > 2_000
    batch = drop(Incoming("lot.zip", content), Incoming("long.txt", b"a" * 2_001))
    intake.take_in(batch)
    assert fates(batch) == {"reading": 40, "refused": 1}


def test_every_upload_gets_its_turn():
    large, small = drop(*texts(200)), drop(*texts(3, "b"))
    intake.take_in_waiting()
    assert fates(small) == {"reading": 3}
    assert fates(large)["waiting"] == 200 - (intake.CHUNK - 3)
    intake.take_in(large)
    single = give(f"{CALL} Collée.")
    chunk = processing.turns.next_rows(Dispatch.objects.waiting(), queue.CHUNK)
    batches = Counter(Dispatch.objects.filter(pk__in=chunk).values_list("batch", flat=True))
    assert batches == {small.pk: 3, large.pk: 12, None: 1}
    assert single.pk in chunk


def test_more_uploads_than_a_chunk_holds_still_each_get_a_turn():
    batches = [drop(*texts(2, f"{n}-")) for n in range(40)]
    taken = 0
    while intake.take_in_waiting():
        taken += 1
    assert taken == 3
    assert all(fates(batch) == {"reading": 2} for batch in batches)


def test_what_a_person_waits_for_goes_before_a_load(monkeypatch):
    sent = []
    monkeypatch.setattr(queue, "_publish", lambda task, *rest: sent.append((task, *rest)) or 1)
    monkeypatch.setattr(intake.transaction, "on_commit", lambda act: act())
    intake.have_taken_in(drop(*texts(2, "a")))
    assert {(task.rpartition(".")[2], line) for task, _, line, *_ in sent} == {
        ("extract_dispatch", queue.INTERACTIVE)
    }
    sent.clear()
    load = drop(*texts(100, "b"))
    intake.have_taken_in(load)
    assert [(task.rpartition(".")[2], line, n) for task, _, line, n in sent] == [
        ("take_in_waiting", queue.INTAKE, 4)
    ]
    assert fates(load) == {"waiting": 100}
    sent.clear()
    intake.take_in(load)
    assert {(task.rpartition(".")[2], line) for task, _, line, *_ in sent} == {
        ("read_waiting", queue.BULK)
    }


@pytest.mark.parametrize(("members", "left"), [(3, 0), (30, 30)])
def test_a_small_archive_is_waited_for_only_if_it_holds_little(members, left):
    content = make_zip(*[(thing.name, thing.content) for thing in texts(members)])
    batch = drop(Incoming("lot.zip", content))
    intake.have_taken_in(batch)
    assert batch.items.waiting().count() == left


def test_cancel_stops_what_has_not_begun_and_says_how_much():
    batch = drop(*texts(40))
    intake.take_in_waiting()
    begun = Dispatch.objects.order_by("pk").first()
    Dispatch.objects.filter(pk=begun.pk).update(state="processing")
    assert intake.cancel(batch) == 39
    assert fates(batch) == {"reading": 1, "canceled": 39}
    assert intake.take_in_waiting() == 0
    assert not Dispatch.objects.waiting().exists()
    assert intake.cancel(batch) == 0


def test_what_is_being_opened_when_its_upload_is_canceled_comes_to_nothing(monkeypatch):
    batch = drop(Incoming("lot.zip", make_zip(("a.txt", b"Un."))), *texts(2))
    real = intake._open

    def slow(claim):
        intake.cancel(batch)
        return real(claim)

    monkeypatch.setattr(intake, "_open", slow)
    intake.take_in_waiting()
    assert fates(batch) == {"canceled": 3}
    assert not Dispatch.objects.exists()


def test_what_was_canceled_is_read_when_it_is_given_again():
    batch = drop(*texts(2))
    intake.take_in(batch)
    intake.cancel(batch)
    again = drop(*texts(2))
    intake.take_in(again)
    assert fates(again) == {"reading": 2}
    assert Dispatch.objects.waiting().count() == 2


def test_only_the_failed_are_tried_again():
    batch = drop(*texts(3))
    intake.take_in(batch)
    failed, canceled, _ = Dispatch.objects.order_by("pk")
    Dispatch.objects.filter(pk=failed.pk).update(
        state="failed", attempts=5, error_code="reading-failed"
    )
    Dispatch.objects.filter(pk=canceled.pk).update(state="failed", error_code="reading-canceled")
    assert fates(batch) == {"reading": 1, "failed": 1, "canceled": 1}
    assert intake.retry_failed(batch) == 1
    assert fates(batch) == {"reading": 2, "canceled": 1}


def test_a_drop_that_was_never_finished_is_cleared_away(settings, monkeypatch):
    with Spool() as safe:
        safe.add(b"Un")
    assert spooled(settings) == []
    left = Spool()
    left.add(b"Un")
    left.sync()
    assert intake.sweep_files() == 0
    monkeypatch.setattr(spool, "_FORGOTTEN", -1)
    kept = drop(*texts(1))
    assert intake.sweep_files() == 1
    intake.take_in(kept)
    assert fates(kept) == {"reading": 1}
