"""A person's word stands: each act is logged, holds against re-extraction, and can be undone."""

import inspect
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from events import curation, processing
from events.models import Actor, CurationAct, Event, Mention, ReviewState, Story
from events.processing import process_dispatch
from tests.builders import make_user, only_event, read

pytestmark = pytest.mark.django_db
TWO = (
    "Les rebelles ont appelé le 7 décembre 2016 à un cessez-le-feu à Alep. "
    "Une offensive a été lancée le 15 novembre 2016 à Damas."
)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


@pytest.fixture
def curator():
    return make_user("curator", role="curator")


def read_again(dispatch, monkeypatch, version="another"):
    """As a changed pipeline would: nothing may rest on the version having stayed."""
    real = processing.extract

    def changed(requests):
        for extraction in real(requests):
            yield replace(extraction, version=version)

    monkeypatch.setattr(processing, "extract", changed)
    processing.extract_again(dispatch)
    assert process_dispatch(dispatch.pk)


def events_of(dispatch):
    return list(Event.objects.filter(mentions__dispatch=dispatch).order_by("start_date"))


def test_who_is_no_curator_may_do_nothing():
    """Every act is here: a new one fails until it is asked with somebody who may not."""
    dispatch = read(TWO)
    event, other = events_of(dispatch)
    mention, act = event.mentions.get(), CurationAct.objects.create(kind="approve", event=event)
    first, second = (Actor.objects.create(name=name, folded=name) for name in ("a", "b"))
    story = Story.objects.create(slug="alep", title="Alep")
    acts = {
        "add_to_story": (story, [event]),
        "approve_event": (event,),
        "attach_mention": (mention, other),
        "comment": (event, "À vérifier."),
        "create_event": (dispatch, 0, 3, {"title": "T", "type": "talks", "status": "happened"}),
        "create_story": ("Alep",),
        "edit_event": (event, {"edtf": "2016"}),
        "go_back_to": (act,),
        "mark_contradicted": (event, other),
        "merge_events": (event, other),
        "redate_dispatch": (dispatch, None),
        "reject_event": (event,),
        "rename": (first, "Autrement"),
        "save_story": (story, {"title": "Autre"}),
        "split_event": (event, [mention]),
        "turn_down": (event, "edtf"),
        "undo_act": (act,),
        "undo_acts": ([act],),
        "unite": (first, second),
        "withdraw_dispatch": (dispatch, "raison"),
        "withdraw_event": (event, "raison"),
        "withhold_name": (["Jean Dupont"], "M. X", "raison"),
    }
    named = {name for name in curation.__all__ if "by" in _parameters(getattr(curation, name))}
    assert named == acts.keys()
    somebody = make_user()
    for name, given in acts.items():
        more = {"language": "fr"} if name == "create_story" else {}
        with pytest.raises(PermissionDenied):
            getattr(curation, name)(*given, by=somebody, **more)
    assert list(CurationAct.objects.all()) == [act]


def _parameters(function):
    return inspect.signature(function).parameters


@pytest.mark.parametrize(
    ("act", "state"), [("approve", ReviewState.APPROVED), ("reject", ReviewState.REJECTED)]
)
def test_a_judgment_is_logged_survives_a_new_version_and_can_be_undone(
    act, state, curator, monkeypatch
):
    dispatch = read()
    event = only_event(dispatch)
    logged = getattr(curation, f"{act}_event")(event, by=curator)
    read_again(dispatch, monkeypatch)
    event = only_event(dispatch)
    assert (event.pk, event.review_state) == (logged.event_id, state)
    assert logged.before == {"review_state": "proposed"}
    curation.undo_act(logged, by=curator)
    event.refresh_from_db()
    assert event.review_state == ReviewState.PROPOSED


def test_a_corrected_field_is_the_persons_and_the_others_stay_the_machines(curator, monkeypatch):
    dispatch = read()
    event = only_event(dispatch)
    title = event.title
    act = curation.edit_event(event, {"edtf": "2016-12-06", "title": title}, by=curator)
    assert (act.before["edtf"], act.before["curated_fields"]) == ("2016-12-07", [])
    assert act.after == {"edtf": "2016-12-06"}
    read_again(dispatch, monkeypatch)
    event = only_event(dispatch)
    assert event.edtf == "2016-12-06"
    assert event.start_date.isoformat() == "2016-12-06"
    assert event.curated_fields == ["edtf"]
    curation.undo_act(act, by=curator)
    event.refresh_from_db()
    assert (event.edtf, event.curated_fields) == ("2016-12-07", [])


def test_corrected_actors_and_places_stay(curator, monkeypatch):
    dispatch = read()
    changes = {"actors": [("Armée libre", "agent")], "places": [("Idleb", "city", "sy")]}
    act = curation.edit_event(only_event(dispatch), changes, by=curator)
    read_again(dispatch, monkeypatch)
    event = only_event(dispatch)
    assert [row.actor.name for row in event.event_actors.all()] == ["Armée libre"]
    assert [row.place.country for row in event.event_places.all()] == ["SY"]
    curation.undo_act(act, by=curator)
    assert "Armée libre" not in [row.actor.name for row in event.event_actors.all()]


@pytest.mark.parametrize(
    "changes",
    [
        {"edtf": "2016-02-30"},
        {"edtf": "hier"},
        {"type": "war"},
        {"status": "maybe"},
        {"title": " "},
        {"title": "x" * 91},
        {"time_of_day": "25:00"},
        {"review_state": "approved"},
        {"actors": [("Kerry", "king")]},
    ],
)
def test_what_no_event_can_be_is_refused_by_field(changes, curator):
    event = only_event(read())
    with pytest.raises(ValidationError) as refusal:
        curation.edit_event(event, changes, by=curator)
    assert list(refusal.value.message_dict) == list(changes)
    assert not CurationAct.objects.exists()


def test_merged_events_stay_one_and_keep_the_date_of_the_kept_one(curator, monkeypatch):
    dispatch = read(TWO)
    absorbed, kept = events_of(dispatch)
    act = curation.merge_events(kept, absorbed, by=curator)
    read_again(dispatch, monkeypatch)
    assert [event.pk for event in set(events_of(dispatch))] == [kept.pk]
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    assert kept.edtf == "2016-12-07"
    assert absorbed.merged_into == kept
    assert absorbed not in Event.objects.public()
    curation.undo_act(act, by=curator)
    assert [event.edtf for event in events_of(dispatch)] == ["2016-11-15", "2016-12-07"]


def test_split_reports_stay_apart(curator, monkeypatch):
    first = read("Paris et Berlin ont signé un accord à Genève le 9 mai 2017.")
    second = read("Un accord a été signé à Genève le 9 mai 2017 par Paris et Berlin.")
    event = only_event(first)
    assert event == only_event(second)
    part = curation.split_event(event, [event.mentions.get(dispatch=second)], by=curator)
    for dispatch in (first, second):
        read_again(dispatch, monkeypatch)
    assert only_event(first) == event
    assert only_event(second) == part
    act = CurationAct.objects.get(kind="split")
    curation.undo_act(act, by=curator)
    assert only_event(second) == event
    assert not Event.objects.filter(pk=part.pk).exists()


@pytest.mark.parametrize("count", [0, 2])
def test_a_split_needs_some_reports_but_not_all(count, curator):
    dispatch = read(TWO)
    absorbed, kept = events_of(dispatch)
    curation.merge_events(kept, absorbed, by=curator)
    with pytest.raises(ValidationError):
        curation.split_event(kept, list(kept.mentions.all())[:count], by=curator)


def test_a_new_day_of_a_dispatch_moves_what_counts_from_it(curator, settings):
    dispatch = read("Les rebelles ont appelé hier à un cessez-le-feu à Alep.")
    assert only_event(dispatch).edtf == "2016-12-07"
    act = curation.redate_dispatch(
        dispatch, dispatch.published.replace(year=2015), by=curator
    )
    process_dispatch(dispatch.pk)
    assert only_event(dispatch).edtf == "2015-12-07"
    curation.undo_act(act, by=curator)
    process_dispatch(dispatch.pk)
    assert only_event(dispatch).edtf == "2016-12-07"


def test_an_act_is_undone_once(curator):
    act = curation.approve_event(only_event(read()), by=curator)
    curation.undo_act(act, by=curator)
    with pytest.raises(ValidationError):
        curation.undo_act(CurationAct.objects.get(pk=act.pk), by=curator)


def test_a_rejected_event_takes_no_reports_of_other_dispatches(curator):
    event = only_event(read("Paris et Berlin ont signé un accord à Genève le 9 mai 2017."))
    curation.reject_event(event, by=curator)
    other = read("Un accord a été signé à Genève le 9 mai 2017 par Paris et Berlin.")
    assert only_event(other) != event


def test_the_evidence_of_an_approved_event_outlives_a_version_that_misses_it(
    curator, monkeypatch
):
    dispatch = read()
    event = only_event(dispatch)
    curation.approve_event(event, by=curator)
    monkeypatch.setattr(processing, "extract", _finding_nothing(processing.extract))
    processing.extract_again(dispatch)
    assert process_dispatch(dispatch.pk)
    assert Mention.objects.get(event=event).dispatch == dispatch


def _finding_nothing(real):
    def extract(requests):
        for extraction in real(requests):
            yield replace(extraction, mentions=(), version="blind")

    return extract
