"""Claim, read, record: nothing is lost, nothing doubled, whoever comes twice or too late."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from events import processing
from events.models import Dispatch, Event, ExtractionRun, Heartbeat, Mention
from events.processing import process_chunk, process_dispatch, sweep
from tests.builders import CALL, give, only_event, read

pytestmark = pytest.mark.django_db
State = Dispatch.State


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def no_broker(settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


def snapshot():
    events = Event.objects.order_by("pk").values_list("pk", "title", "edtf", "type", "status")
    mentions = Mention.objects.order_by("pk").values_list("pk", "event", "key", "edtf")
    return list(events), list(mentions)


def refresh(dispatch):
    dispatch.refresh_from_db()
    return dispatch


def break_extraction(monkeypatch, poison=""):
    """Every text that holds `poison` makes the pipeline raise."""
    real = processing.extract

    def extract(requests):
        for request in requests:
            if poison in request.text:
                raise RuntimeError("poison")
            yield from real([request])

    monkeypatch.setattr(processing, "extract", extract)


def test_a_dispatch_that_waits_is_read_and_its_events_stand():
    dispatch = give(published=timezone.localdate())
    assert process_dispatch(dispatch.pk)
    assert refresh(dispatch).state == State.DONE
    event = only_event(dispatch)
    assert (event.edtf, event.type, event.status) == ("2016-12-07", "call", "called_for")
    mention = event.mentions.get()
    assert dispatch.text[mention.trigger_start : mention.trigger_end] == "appelé"
    assert mention.reason["code"]


def test_what_was_read_is_not_read_again_by_a_second_message():
    dispatch = read()
    before = snapshot()
    assert not process_dispatch(dispatch.pk)
    assert ExtractionRun.objects.count() == 1
    assert snapshot() == before


def test_reading_twice_changes_nothing():
    dispatches = [read(), read("Les rebelles ont appelé mercredi à un cessez-le-feu à Alep.")]
    before = snapshot()
    for dispatch in dispatches:
        processing.extract_again(dispatch)
        process_dispatch(dispatch.pk)
    assert snapshot() == before


def test_a_row_in_other_hands_is_left_alone():
    dispatch = give()
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=State.PROCESSING,
        attempts=1,
        lease_token=uuid.uuid4(),
        lease_until=timezone.now() + timedelta(seconds=60),
    )
    assert not process_dispatch(dispatch.pk)
    assert not Mention.objects.exists()


def test_who_comes_back_after_the_lease_writes_nothing(monkeypatch):
    dispatch = give()
    real = processing.extract

    def slow(requests):
        """While this reads, the lease ends and another takes the row and reads it."""
        requests = list(requests)
        Dispatch.objects.filter(pk=dispatch.pk).update(
            lease_until=timezone.now() - timedelta(seconds=1)
        )
        monkeypatch.setattr(processing, "extract", real)
        assert process_dispatch(dispatch.pk)
        yield from real(requests)

    monkeypatch.setattr(processing, "extract", slow)
    assert not process_dispatch(dispatch.pk)
    assert ExtractionRun.objects.count() == 1
    assert Event.objects.count() == 1


def test_a_failure_is_told_on_the_row_and_parked_after_five_attempts(monkeypatch):
    break_extraction(monkeypatch)
    dispatch = give()
    for attempt in range(1, 6):
        assert not process_dispatch(dispatch.pk)
        assert refresh(dispatch).attempts == attempt
    assert dispatch.state == State.FAILED
    assert dispatch.error_code == "reading-failed"
    assert "poison" in dispatch.error_detail
    assert not process_dispatch(dispatch.pk)


def test_retry_gives_a_parked_dispatch_new_attempts(monkeypatch):
    with monkeypatch.context() as broken:
        break_extraction(broken)
        dispatch = give()
        for _ in range(5):
            process_dispatch(dispatch.pk)
    processing.retry_dispatch(dispatch)
    assert refresh(dispatch).state == State.RECEIVED
    assert process_dispatch(dispatch.pk)
    assert refresh(dispatch).error_code == ""


def test_only_the_culprit_of_a_chunk_fails(monkeypatch):
    break_extraction(monkeypatch, poison="POISON")
    healthy = [give(f"{CALL} Version {n}.") for n in range(3)]
    culprit = give(f"{CALL} POISON.")
    pks = [healthy[0].pk, culprit.pk, healthy[1].pk, healthy[2].pk]
    assert process_chunk(pks) == 3
    assert {refresh(dispatch).state for dispatch in healthy} == {State.DONE}
    assert refresh(culprit).state == State.RECEIVED
    assert culprit.attempts == 1


def test_the_sweeper_frees_what_a_dead_worker_held(no_broker):
    dispatch = give()
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=State.PROCESSING,
        attempts=1,
        lease_token=uuid.uuid4(),
        lease_until=timezone.now() - timedelta(seconds=1),
    )
    assert sweep(inline=False).freed == 1
    assert refresh(dispatch).state == State.RECEIVED
    assert dispatch.lease_token is None


def test_the_sweeper_parks_what_died_five_times(no_broker):
    dispatch = give()
    Dispatch.objects.filter(pk=dispatch.pk).update(
        state=State.PROCESSING, attempts=5, lease_until=timezone.now() - timedelta(seconds=1)
    )
    assert sweep(inline=False).parked == 1
    assert refresh(dispatch).state == State.FAILED
    assert dispatch.error_code == "reading-interrupted"


def test_without_a_broker_the_sweeper_reads_itself(no_broker):
    dispatch = give()
    assert sweep().read == 1
    assert refresh(dispatch).state == State.DONE
    assert Heartbeat.objects.filter(name="sweep").exists()


def test_two_dispatches_of_one_happening_make_one_event_with_two_reports():
    first = read(
        "Le ministre français Jean-Yves Le Drian a rencontré mercredi 7 décembre 2016 à Genève "
        "son homologue russe Sergueï Lavrov.",
    )
    second = read(
        "GENEVE, 8 déc 2016 (AFP) - Jean-Yves Le Drian et Sergueï Lavrov se sont rencontrés "
        "mercredi à Genève.",
    )
    event = only_event(first)
    assert event == only_event(second)
    assert int(event.importance) == 2
    assert event.mentions.count() == 2


def test_what_a_dispatch_begins_with_matters_more_than_its_background():
    read(
        "GENEVE, 8 déc 2016 (AFP) - Les ministres ont signé mercredi un traité de paix. "
        + "La salle était pleine et le silence total. " * 20
        + "La guerre avait éclaté le 3 mars 1998."
    )
    titles = [event.title for event in Event.objects.order_by("-importance")]
    assert titles == ["Les ministres ont signé un traité de paix", "La guerre avait éclaté"]


def test_an_event_that_a_new_version_does_not_find_goes(monkeypatch):
    dispatch = read()
    Dispatch.objects.filter(pk=dispatch.pk).update(text="Rien de daté ici, ni aujourd'hui.")
    Mention.objects.filter(dispatch=dispatch).update(trigger_start=9000, trigger_end=9001)
    processing.extract_again(dispatch)
    process_dispatch(dispatch.pk)
    assert not Event.objects.filter(edtf="2016-12-07").exists()


def test_a_text_longer_than_the_limit_is_cut_and_says_so(settings):
    settings.EXTRACT_MAX_CHARACTERS = len(CALL)
    dispatch = read(f"{CALL} Ils ont signé un accord le 9 mai 2017 à Rome.")
    assert "text-cut" in [notice["code"] for notice in dispatch.notices]
    assert not Event.objects.filter(edtf="2017-05-09").exists()


def test_a_text_whose_dates_wait_for_its_day_says_so():
    dispatch = read("Une explosion a fait trois morts hier à Bagdad.", published=None)
    codes = {notice["code"] for notice in dispatch.notices}
    assert "dates-unplaced" in codes
    assert "dates-none" not in codes


def test_a_text_without_dates_says_so():
    dispatch = read("Le chat dort sur le tapis de la cuisine, et la pluie tombe.", published=None)
    assert "dates-none" in [notice["code"] for notice in dispatch.notices]


def test_a_text_in_an_unsupported_language_keeps_its_dates_and_says_so():
    dispatch = read("Der Bundestag hat am 3. Mai 2017 in Berlin das Gesetz beschlossen.")
    assert "language-dates-only" in [notice["code"] for notice in dispatch.notices]
    assert dispatch.runs.get().counts["timexes"] == 1


def test_the_title_of_a_dispatch_leaves_its_dateline_out():
    dispatch = read("ALEP (Syrie), 8 déc 2016 (AFP) - Les rebelles ont appelé à une trêve mardi.")
    assert dispatch.title.startswith("Les rebelles")


LEAD = (
    "Assiégés et acculés dans les derniers secteurs sous leur contrôle dans la partie orientale "
    "d'Alep, les rebelles syriens ont appelé le 7 décembre à un cessez-le-feu immédiat de cinq "
    "jours."
)


def test_a_long_first_line_titles_its_dispatch_up_to_a_word():
    dispatch = give(LEAD)
    assert dispatch.title.endswith("d'Alep, les rebelles…")
    dispatch = read(f"ALEP (Syrie), 8 déc 2016 (AFP) - {LEAD}")
    assert dispatch.title.startswith("Assiégés")
    assert LEAD.startswith(dispatch.title.removesuffix("…") + " ")
    assert len(dispatch.title) < 125


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ALEP (Syrie), 8 déc 2016 (AFP) - {}", "AFP"),
        ("LONDRES, 8 déc 2016 (REUTERS) - {}\nVNA/CVN", "Reuters"),
        ("{}\nAFP/VNA/CVN", "AFP"),
        ("{}\nMS/JLP T/\nAFP 161348 AOU 86", "AFP"),
        ("{}\nbur-mad/cc/ap", None),
        ("{}", None),
    ],
)
def test_the_signature_of_a_text_names_its_source_where_nobody_does(text, name):
    dispatch = read(text.format(CALL))
    assert (dispatch.source and dispatch.source.name) == name
    assert read(text.format(LEAD), source="Le Courrier").source.name == "Le Courrier"


def test_the_caption_of_a_photograph_titles_no_dispatch():
    dispatch = read("Des soldats à Alep, le 7 décembre. |\nLes rebelles ont appelé à une trêve.")
    assert dispatch.title == "Les rebelles ont appelé à une trêve."
