"""The curators' pages for one event, dispatch or name."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from django.contrib.auth.models import User

from events import curation, review
from events.models import Actor, CurationAct, Dispatch, Event
from tests.builders import make_user
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_listens(settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


def form_of(event: Event, **changes):
    values = {
        "title": event.title, "edtf": event.edtf, "time_of_day": event.time_of_day,
        "type": event.type, "status": event.status, "actor": [], "role": [], "place": [],
        "kind": [], "country": [],
    }  # fmt: skip
    return values | changes


def test_every_field_can_be_corrected_and_is_then_shown_as_a_persons(desk):
    event = make_event("Combats", "2016-12-05", actors=["ONU"])
    changes = {
        "title": "Bombardements", "edtf": "7/12/2016", "time_of_day": "14:30", "type": "toll",
        "status": "ongoing", "actor": ["armée syrienne", "ONU"], "role": ["agent", "target"],
        "place": ["Alep"], "kind": ["city"], "country": ["sy"],
    }  # fmt: skip
    desk.post(f"/events/{event.pk}/edit/", form_of(event, **changes))
    event.refresh_from_db()
    assert (event.title, event.edtf, event.type) == ("Bombardements", "2016-12-07", "toll")
    assert {row.actor.name for row in event.event_actors.all()} == {"armée syrienne", "ONU"}
    assert event.event_places.get().place.country == "SY"
    assert len(event.curated_fields) == 7
    page = desk.get(f"/events/{event.pk}/edit/").content.decode()
    assert page.count("fixé par une personne") == 7


def test_saving_without_a_change_claims_no_field(desk):
    event = make_event("Combats", actors=["ONU"])
    sent = form_of(event, actor=["ONU"], role=["agent"])
    desk.post(f"/events/{event.pk}/edit/", sent)
    event.refresh_from_db()
    assert event.curated_fields == []
    assert not CurationAct.objects.exists()


def opened(client, event: Event) -> str:
    """What the form of an event carries of the values that it shows."""
    page = client.get(f"/events/{event.pk}/edit/").content.decode()
    return html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])


def test_two_who_correct_different_fields_at_once_both_stand(desk):
    event = make_event("Combats", "2016-12-05", actors=["ONU"])
    form = form_of(event, seen=opened(desk, event), actor=["ONU"], role=["agent"])
    grace = make_user("grace", "curator")
    curation.edit_event(event, {"title": "Bataille", "actors": [("OTAN", "agent")]}, by=grace)
    desk.post(f"/events/{event.pk}/edit/", form | {"edtf": "2016-12-06"})
    event.refresh_from_db()
    assert (event.title, event.edtf) == ("Bataille", "2016-12-06")
    assert event.event_actors.get().actor.name == "OTAN"


def test_who_corrects_a_field_second_is_told_and_may_insist(desk):
    event = make_event("Combats", "2016-12-05")
    form = form_of(event, seen=opened(desk, event), edtf="2016-12-06")
    curation.edit_event(event, {"edtf": "2016-12-07"}, by=make_user("grace", "curator"))
    answer = desk.post(f"/events/{event.pk}/edit/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "grace" in page
    assert "7 décembre 2016" in page
    assert 'value="2016-12-06"' in page  # nothing typed is lost
    event.refresh_from_db()
    assert event.edtf == "2016-12-07"
    again = html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])
    desk.post(f"/events/{event.pk}/edit/", form | {"seen": again})
    event.refresh_from_db()
    assert event.edtf == "2016-12-06"


def test_an_event_that_was_merged_away_leads_to_what_it_is_by_now(desk):
    kept = make_event("Bataille")
    event = make_event("Combats", merged_into=kept)
    for answer in (
        desk.get(f"/events/{event.pk}/edit/", follow=True),
        desk.post(f"/events/{event.pk}/edit/", form_of(event, title="Choc"), follow=True),
    ):
        assert answer.redirect_chain[-1][0] == f"/events/{kept.pk}/edit/"
        assert "notice--error" in answer.content.decode()


@pytest.mark.parametrize("seen", ["", "{", "[]", "7", '{"title": []}'])
def test_a_form_that_does_not_say_what_it_showed_is_taken_as_it_is(seen, desk):
    event = make_event("Combats", "2016-12-05")
    desk.post(f"/events/{event.pk}/edit/", form_of(event, seen=seen, edtf="2016-12-06"))
    event.refresh_from_db()
    assert event.edtf == "2016-12-06"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("edtf", "31/02/2016", "Ce jour n’existe pas"),
        ("edtf", "hier", "date"),
        ("title", "", "obligatoire"),
        ("time_of_day", "25:00", "14:30"),
        ("status", "maybe", "maybe"),
    ],
)
def test_what_makes_no_sense_stays_in_the_form_with_a_word(name, value, told, desk):
    event = make_event("Combats", "2016-12-05")
    answer = desk.post(f"/events/{event.pk}/edit/", form_of(event, **{name: value}))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not CurationAct.objects.exists()


def test_the_preview_of_a_merge_says_what_becomes_of_dates_sources_and_actors(desk):
    kept = make_event("Reprise", "2016-12-05", actors=["ONU"], dispatch=make_dispatch(source="AFP"))
    other = make_event("Combats", "2016-12-06", actors=["Syrie"],
                       dispatch=make_dispatch(source="TASS"))  # fmt: skip
    answer = desk.get(f"/events/{kept.pk}/merge/", {"other": other.pk})
    union = answer.context["union"]
    assert (union.edtf, union.other_dates) == ("2016-12-05", ("2016-12-06",))
    assert union.sources == ("AFP", "TASS")
    assert union.reports == 2
    assert not CurationAct.objects.exists()
    desk.post(f"/events/{kept.pk}/merge/", {"other": other.pk})
    other.refresh_from_db()
    kept.refresh_from_db()
    assert (other.merged_into, kept.edtf) == (kept, "2016-12-05")


def test_an_event_is_named_by_its_address_too(desk):
    kept, other = make_event("A"), make_event("B")
    desk.post(
        f"/events/{kept.pk}/merge/", {"other": f"https://frise.example/events/{other.pk}/"}
    )
    other.refresh_from_db()
    assert other.merged_into == kept


def test_chosen_reports_become_an_event_of_their_own(desk):
    event = make_event("Combats")
    moved = make_mention(event, make_dispatch("Les tirs ont repris mardi."), edtf="2016-12-06")
    answer = desk.post(f"/events/{event.pk}/split/", {"mention": [moved.pk]})
    moved.refresh_from_db()
    assert answer.url == f"/events/{moved.event_id}/"
    assert moved.event_id != event.pk
    assert moved.event.edtf == "2016-12-06"


def test_splitting_off_every_report_is_refused(desk):
    event = make_event("Combats")
    answer = desk.post(
        f"/events/{event.pk}/split/", {"mention": [event.mentions.get().pk]}
    )
    assert answer.status_code == 422
    assert not CurationAct.objects.exists()


def test_a_report_moves_to_the_event_that_it_tells_of(desk):
    event, other = make_event("Combats"), make_event("Trêve")
    mention = make_mention(event, make_dispatch())
    desk.post(f"/mentions/{mention.pk}/attach/", {"other": other.pk})
    mention.refresh_from_db()
    assert (mention.event, mention.pinned) == (other, True)


def test_history_shows_the_difference_and_leads_back_to_any_state(desk):
    event = make_event("Un", "2016-12-05")
    event.mentions.update(title="Un")
    for title in ("Deux", "Trois", "Quatre"):
        event.refresh_from_db()
        desk.post(f"/events/{event.pk}/edit/", form_of(event, title=title))
    page = desk.get(f"/history/event/{event.pk}/").content.decode()
    assert "<del>Deux</del> <ins>Trois</ins>" in page
    second = CurationAct.objects.get(after__title="Deux")
    desk.post(f"/history/{second.pk}/back/")
    event.refresh_from_db()
    assert event.title == "Deux"
    desk.post(f"/history/{second.pk}/back/", {"only": "1"})
    event.refresh_from_db()
    assert (event.title, event.curated_fields) == ("Un", [])


def test_what_was_split_off_or_merged_away_has_that_in_its_own_history(desk):
    event, absorbed = make_event("Combats"), make_event("Offensive")
    desk.post(f"/events/{event.pk}/merge/", {"other": absorbed.pk})
    mention = event.mentions.latest("pk")
    desk.post(f"/events/{event.pk}/split/", {"mention": [mention.pk]})
    mention.refresh_from_db()
    for other, kind in ((absorbed.pk, "merge"), (mention.event_id, "split")):
        (entry,) = review.history("event", other)
        assert (entry.act.kind, entry.other, entry.own) == (kind, event.pk, False)
        assert "Combats" in desk.get(f"/history/event/{other}/").content.decode()


@pytest.mark.parametrize("kind", ["dispatch", "actor", "place", "story"])
def test_each_subject_has_a_history_that_leads_back_though_nobody_did_it(kind, desk):
    from events import curation  # noqa: PLC0415 - acts without their pages

    ada = User.objects.get(username="ada")
    event = make_event(actors=["ONU"], places=["Alep"])
    dispatch, story = make_dispatch(), curation.create_story("Un", language="fr", by=ada)
    subject = {
        "dispatch": dispatch, "story": story, "actor": event.event_actors.get().actor,
        "place": event.event_places.get().place,
    }[kind]  # fmt: skip

    def change(value: str) -> CurationAct:
        if kind == "dispatch":
            return curation.redate_dispatch(subject, date.fromisoformat(value), by=ada)
        if kind == "story":
            return curation.save_story(subject, {"intro": value}, by=ada)
        return curation.rename(subject, value, by=ada)

    first, *_later = [change(value) for value in ("2001-01-01", "2002-02-02", "2003-03-03")]
    CurationAct.objects.update(by=None)  # whoever it was is no user any more
    page = desk.get(f"/history/{kind}/{subject.pk}/").content.decode()
    assert "2003-03-03" in page
    desk.post(f"/history/{first.pk}/back/")
    subject.refresh_from_db()
    name = {"dispatch": "published", "story": "intro"}.get(kind, "name")
    assert str(getattr(subject, name)) == "2001-01-01"


def test_an_older_act_that_a_later_one_rests_on_is_not_undone_alone(desk):
    event = make_event("Un")
    for title in ("Deux", "Trois"):
        event.refresh_from_db()
        desk.post(f"/events/{event.pk}/edit/", form_of(event, title=title))
    first = CurationAct.objects.get(after__title="Deux")
    desk.post(f"/history/{first.pk}/back/", {"only": "1"})
    event.refresh_from_db()
    assert event.title == "Trois"


def test_selected_words_become_an_event_with_their_sentence_as_evidence(desk):
    text = "Les combats continuent. Le maire a démissionné lundi. La pluie tombe."
    dispatch = make_dispatch(text, dct="2016-12-08")
    start = text.index("a démissionné")
    query = {"start": start, "end": start + len("a démissionné")}
    page = desk.get(f"/dispatches/{dispatch.pk}/event/", query).content.decode()
    assert "a démissionné" in page
    sent = query | {
        "title": "Le maire a démissionné", "edtf": "2016-12-05", "type": "politics",
        "status": "happened", "time_of_day": "", "actor": ["le maire"], "role": ["agent"],
    }  # fmt: skip
    desk.post(f"/dispatches/{dispatch.pk}/event/", sent)
    event = Event.objects.get()
    assert (event.title, event.edtf, event.review_state) == (
        "Le maire a démissionné", "2016-12-05", "approved",
    )  # fmt: skip
    assert event.mentions.get().sentence == "Le maire a démissionné lundi."
    assert "Une personne l’a datée." in desk.get(f"/events/{event.pk}/").content.decode()


def test_words_that_are_typed_are_found_in_the_text(desk):
    text = "La pluie tombe.\nLe maire\na démissionné lundi."
    dispatch = make_dispatch(text)
    address = f"/dispatches/{dispatch.pk}/event/"
    answer = desk.get(address, {"words": "le maire a démissionné"})
    start = text.index("Le maire")
    assert answer.url == f"{address}?start={start}&end={start + len('Le maire a démissionné')}"
    refused = desk.get(address, {"words": "le préfet"}, follow=True).content.decode()
    assert "Le texte n’a pas ces mots." in refused


def test_one_report_becomes_an_event_of_its_own_from_where_it_is_read(desk):
    event = make_event("Combats")
    assert "à part entière" not in desk.get(f"/events/{event.pk}/edit/").content.decode()
    mention = make_mention(event, make_dispatch())
    page = desk.get(f"/events/{event.pk}/edit/").content.decode()
    assert f'name="mention" value="{mention.pk}"' in page


@pytest.mark.parametrize(("start", "end"), [(5, 5), (9, 5), (0, 9999), ("x", 3), (-1, 4)])
def test_a_selection_that_is_none_makes_no_event(start, end, desk):
    dispatch = make_dispatch("Un texte court.")
    sent = {"start": start, "end": end, "title": "T", "type": "talks", "status": "happened"}
    desk.post(f"/dispatches/{dispatch.pk}/event/", sent)
    assert not Event.objects.exists()


def test_a_new_day_has_the_dispatch_read_again(desk):
    dispatch = make_dispatch()
    desk.post(f"/dispatches/{dispatch.pk}/date/", {"published": "2016-12-09"})
    dispatch.refresh_from_db()
    assert str(dispatch.published) == "2016-12-09"
    assert dispatch.state == Dispatch.State.RECEIVED


def test_a_renamed_actor_is_still_found_by_its_former_name(desk):
    from events import recording  # noqa: PLC0415 - what the machine does with a name it reads

    make_event(actors=["Bachar el-Assad"])
    actor = recording.actor_named("Bachar el-Assad")
    desk.post(f"/names/actor/{actor.pk}/rename/", {"name": "Bachar al-Assad"})
    assert recording.actor_named("bachar EL-ASSAD").name == "Bachar al-Assad"
    assert recording.actor_named("Bachar al-Assad").pk == actor.pk


def test_a_name_is_reached_from_its_event_and_offers_those_like_it(desk, client, settings):
    settings.PUBLIC_EVENTS = "all"
    event = make_event(actors=["Armée syrienne", "Armée libre"], places=["Alep"])
    actor = Actor.objects.get(name="Armée libre")
    for page in (f"/events/{event.pk}/", "/review/"):
        assert f'href="/names/actor/{actor.pk}/"' in desk.get(page).content.decode()
        assert 'href="/names/place/' in desk.get(page).content.decode()
    named = desk.get(f"/names/actor/{actor.pk}/").content.decode()
    assert '<option value="Armée syrienne">' in named
    client.logout()
    public = client.get(f"/events/{event.pk}/").content.decode()
    assert "Armée libre" in public
    assert "/names/" not in public


def test_two_names_made_one_share_their_events_and_are_taken_apart_again(desk):
    from events import recording  # noqa: PLC0415 - as above

    first = make_event("A", actors=["ONU"])
    both = make_event("B", actors=["ONU", "Nations unies"])
    kept, other = Actor.objects.get(name="ONU"), Actor.objects.get(name="Nations unies")
    desk.post(f"/names/actor/{kept.pk}/unite/", {"other": "nations unies"})
    assert recording.actor_named("Nations unies") == kept
    assert both.event_actors.count() == 1
    act = CurationAct.objects.get(kind="unite")
    desk.post(f"/history/{act.pk}/back/", {"only": "1"})
    assert {row.actor for row in both.event_actors.all()} == {kept, other}
    assert first.event_actors.get().actor == kept


def test_contradicted_events_show_each_other_to_curators(desk):
    event, other = make_event("Dix morts"), make_event("Vingt morts")
    desk.post(f"/events/{event.pk}/contradict/", {"other": other.pk})
    assert "Vingt morts" in desk.get(f"/events/{event.pk}/edit/").content.decode()
    assert "Dix morts" in desk.get(f"/events/{other.pk}/edit/").content.decode()


def test_readers_see_what_contradicts_an_event_unless_it_was_rejected(desk, client, settings):
    settings.PUBLIC_EVENTS = "approved"
    event, other, wrong = (
        make_event(title, review_state="approved")
        for title in ("Dix morts", "Vingt morts", "Cent morts")
    )
    for one in (other, wrong):
        desk.post(f"/events/{event.pk}/contradict/", {"other": one.pk})
    desk.post("/review/act/", {"verb": "reject", "event": wrong.pk})
    client.logout()
    page = client.get(f"/events/{event.pk}/").content.decode()
    assert "Contredit par" in page
    assert "Vingt morts" in page
    assert "Cent morts" not in page
    assert "Dix morts" in client.get(f"/events/{other.pk}/").content.decode()


def test_the_history_of_a_story_names_the_steps_that_came_and_went(desk):
    from events import curation  # noqa: PLC0415 - as the page of the story does

    ada = User.objects.get(username="ada")
    story = curation.create_story("Alep", language="fr", by=ada)
    first, second = make_event("La trêve"), make_event("La reprise", "2016-12-06")
    curation.add_to_story(story, [first], by=ada)
    curation.save_story(story, {"steps": [(second.pk, "Le lendemain")]}, by=ada)
    page = desk.get(f"/history/story/{story.pk}/").content.decode()
    assert "<del>1. La trêve</del> <ins>1. La reprise – Le lendemain</ins>" in page


def test_a_new_actor_against_fixed_ones_is_proposed_and_can_be_taken(desk):
    from events import recording  # noqa: PLC0415 - what a run does at its end

    event = make_event("Vérifié", actors=["ONU"], review_state="approved")
    told = [{"name": "Croix-Rouge", "role": "agent", "kind": "organisation"}]
    make_mention(event, make_dispatch(), actors=told)
    recording.refresh(event)
    page = desk.get("/review/?facts=on").content.decode()
    assert "ONU, Croix-Rouge" in page
    desk.post(f"/events/{event.pk}/fact/", {"field": "actors", "take": "1"})
    assert [row.actor.name for row in event.event_actors.all()] == ["ONU", "Croix-Rouge"]
    recording.refresh(Event.objects.get(pk=event.pk))
    assert Event.objects.get(pk=event.pk).proposals == {}


def test_a_comment_is_for_curators_alone(desk, client, settings):
    settings.PUBLIC_EVENTS = "all"
    event = make_event()
    desk.post(f"/events/{event.pk}/comment/", {"comment": "À vérifier avec Damas."})
    assert "À vérifier avec Damas." in desk.get(f"/history/event/{event.pk}/").content.decode()
    client.logout()
    assert "Damas" not in client.get(f"/events/{event.pk}/").content.decode()
