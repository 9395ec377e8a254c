"""A folder that is watched: only what is complete is taken, and moved when it has its verdict."""


import pytest

from events import folder, intake
from events.folder import WatchedFolder
from events.models import BatchItem, Dispatch
from tests.builders import CALL
from tests.readers.samples import make_zip

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watched(settings, tmp_path, clock) -> WatchedFolder:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    (tmp_path / "in").mkdir()
    return WatchedFolder(tmp_path / "in", source="AFP", clock=clock)


def look_until_settled(watched: WatchedFolder, clock: Clock) -> folder.Looked:
    watched.look()
    clock.now += folder.SETTLE_SECONDS
    return watched.look()


def names(watched: WatchedFolder) -> set[str]:
    return {
        str(path.relative_to(watched.path)) for path in watched.path.rglob("*") if path.is_file()
    }


def test_a_file_is_taken_when_it_has_stopped_changing(watched, clock):
    file = watched.path / "a.txt"
    file.write_text(CALL)
    watched.look()
    clock.now += 4
    with file.open("a") as handle:
        handle.write(" Et la suite.")
    watched.look()
    clock.now += 4
    assert watched.look().waiting == 1
    assert not Dispatch.objects.exists()
    clock.now += 1
    assert watched.look() == folder.Looked(done=1, refused=0, waiting=0)
    dispatch = Dispatch.objects.get()
    assert dispatch.text.endswith("Et la suite.")
    assert dispatch.source.name == "AFP"
    assert names(watched) == {"done/a.txt"}


def test_what_is_refused_is_moved_with_the_reason(watched, clock):
    (watched.path / "vide.txt").write_bytes(b"")
    (watched.path / "sub").mkdir()
    (watched.path / "sub" / "a.txt").write_text(CALL)
    assert look_until_settled(watched, clock) == folder.Looked(done=1, refused=1, waiting=0)
    assert names(watched) == {"done/sub/a.txt", "refused/vide.txt", "refused/vide.txt.reason.txt"}
    assert "vide" in (watched.path / "refused" / "vide.txt.reason.txt").read_text()
    assert Dispatch.objects.get().original_name == "sub/a.txt"


def test_an_archive_of_which_some_is_refused_is_done_and_says_what_was_not(watched, clock):
    (watched.path / "lot.zip").write_bytes(make_zip(("a.txt", CALL.encode()), ("b.txt", b"")))
    assert look_until_settled(watched, clock).done == 1
    assert "b.txt" in (watched.path / "done" / "lot.zip.reason.txt").read_text()


def test_what_is_still_being_written_by_its_name_is_left_alone(watched, clock):
    for name in (".hidden", "a.txt.part", "b.tmp", "~$c.docx"):
        (watched.path / name).write_text(CALL)
    (watched.path / "link.txt").symlink_to(__file__)
    look_until_settled(watched, clock)
    assert not BatchItem.objects.exists()


def test_after_a_crash_between_verdict_and_move_the_file_is_done_and_nothing_doubled(
    watched, clock, monkeypatch
):
    (watched.path / "a.txt").write_text(CALL)
    with monkeypatch.context() as broken:
        broken.setattr(WatchedFolder, "_move", lambda *_: "")
        look_until_settled(watched, clock)
    assert Dispatch.objects.count() == 1
    again = WatchedFolder(watched.path, clock=clock)
    assert look_until_settled(again, clock).done == 1
    assert names(again) == {"done/a.txt"}
    assert Dispatch.objects.count() == 1


def test_a_name_that_is_taken_in_done_is_not_overwritten(watched, clock):
    for text in (CALL, f"{CALL} Encore."):
        (watched.path / "a.txt").write_text(text)
        look_until_settled(watched, clock)
    assert names(watched) == {"done/a.txt", "done/a (2).txt"}


def test_a_file_that_another_takes_in_waits_for_its_verdict(watched, clock, monkeypatch):
    (watched.path / "a.txt").write_text(CALL)
    with monkeypatch.context() as busy:
        busy.setattr(intake, "take_in", lambda batch: None)
        assert look_until_settled(watched, clock) == folder.Looked(0, 0, 1)
    assert watched.look().waiting == 1
    intake.take_in_waiting()
    assert watched.look().done == 1
    assert Dispatch.objects.count() == 1


def test_what_cannot_be_moved_is_taken_in_once_and_remembered(watched, clock):
    (watched.path / "a.txt").write_text(CALL)
    (watched.path / "done").write_text("no folder")
    look_until_settled(watched, clock)
    for _ in range(3):
        look_until_settled(watched, clock)
    assert BatchItem.objects.count() == 1
    assert names(watched) == {"a.txt", "done"}
