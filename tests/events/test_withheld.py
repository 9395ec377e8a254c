"""A person's name, on request, is seen by no reader; the original stays, and it can be undone."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from events import curation, roles, search, withheld
from events.models import Actor, CurationAct, Dispatch, Event, Mention, Story
from events.processing import extract_again, process_dispatch
from tests.builders import give, make_user, only_event, read
from tests.events.stories import make_dispatch
from tests.events.test_roles import ARGUMENTS, OURS

pytestmark = pytest.mark.django_db
TEXT = (
    "Jean Dupont a été condamné le 7 décembre 2016 à Lyon à cinq ans de prison. "
    "L'avocat de M. DUPONT a annoncé un appel vendredi. La pluie tombe sur Lyon."
)
NAMES = ["Jean Dupont", "M. Dupont", "Dupont"]
UPLOAD = ARGUMENTS["batch"]["pk"]
LEAK = re.compile(r"dupont", re.IGNORECASE)


@pytest.fixture(autouse=True)
def alone(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.PUBLIC_EVENTS = "all"


def withhold(by, names=NAMES, instead="M. X"):
    return curation.withhold_name(names, instead, "À sa demande, après sa relaxe.", by=by)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Jean Dupont parle", "███████████ parle"),
        ("JEAN DUPONT", "███████████"),
        ("Jean\nDupont, Dupont-Aignan", "███████████, ██████-Aignan"),
        ("Jean\u00a0Dupont’s", "███████████’s"),
        ("Dupontel et Dupontois", "Dupontel et Dupontois"),
        ("M. Dupont", "█████████"),
    ],
)
def test_a_name_is_blacked_out_as_long_as_it_was(text, shown):
    names = withheld.withheld([(NAMES, "M. X")])
    assert names.black_out(text) == shown
    assert len(names.black_out(text)) == len(text)


def test_accents_hide_no_name_whichever_way_they_are_written():
    names = withheld.withheld([(["Hélène Cœur"], "Mme Y")])
    for text in ("Helene Cœur", "HÉLÈNE CŒUR", "He\u0301le\u0300ne Cœur"):
        assert names.words(f"{text} a dit non") == "Mme Y a dit non"


def test_no_name_withheld_changes_nothing():
    assert withheld.names_in_force().words(TEXT) == TEXT


def test_titles_casts_and_texts_lose_the_name_and_offsets_stay_true(ada):
    dispatch = read(TEXT)
    spans = list(dispatch.mentions.values_list("trigger_start", "trigger_end"))
    words = [TEXT[start:end] for start, end in spans]
    withhold(ada)
    dispatch.refresh_from_db()
    assert dispatch.private_text == TEXT
    assert not LEAK.search(dispatch.text)
    assert [dispatch.text[start:end] for start, end in spans] == words
    titles = set(Event.objects.values_list("title", flat=True))
    assert titles == {
        "M. X a été condamné à Lyon à cinq ans de prison", "L'avocat de M. X a annoncé un appel",
    }  # fmt: skip
    assert "M. X" in Actor.objects.values_list("name", flat=True)


def everything_that_readers_get(client) -> dict[str, str]:
    """Address -> body, of every address that a reader may ask for, with a few queries."""
    dispatch = Dispatch.objects.get()
    event = only_or_first(dispatch)
    keys = {"pk": event.pk, "slug": Story.objects.get().slug, "index": 24203}
    actor = Actor.objects.filter(event_actors__isnull=False).first()
    addresses = [
        "/?q=Dupont", "/?q=Jean", f"/?actor={actor.pk}", "/?q=condamn", "/dispatches/?q=Dupont",
        "/map/?q=lyon", f"/walk/?event={event.pk}", "/dispatches/?q=Lyon", "/api/events?q=lyon",
    ]  # fmt: skip
    for name in OURS:
        if roles.access(name) == roles.Role.READER and name != "logout":
            given = ARGUMENTS.get(name, {})
            mine = {key: keys[key] for key in given if key in keys and given[key] != UPLOAD}
            if "dispatch" in name and "pk" in mine:
                mine["pk"] = dispatch.pk
            addresses.append(reverse(name, kwargs=given | mine))
    pages = {}
    for address in addresses:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        pages[address] = body.decode(errors="replace") + str(answer.headers)
    return pages


def test_no_outlet_gives_the_name_away(ada, client):
    dispatch = read(TEXT, source="AFP")
    event = only_or_first(dispatch)
    story = curation.create_story("L'affaire Jean Dupont", language="fr", by=ada)
    changes = {"intro": "Qui est Dupont ?", "published": True, "steps": [(event.pk, "M. Dupont")]}
    curation.save_story(story, changes, by=ada)
    leaking = [a for a, body in everything_that_readers_get(client).items() if LEAK.search(body)]
    assert len(leaking) > 10, "the test would see nothing anyway"
    withhold(ada)
    story.refresh_from_db()
    assert story.slug == "laffaire-m-x"
    own_words = re.compile(r"q=Dupont|value=\"Dupont\"|“Dupont”|« ?Dupont ?»", re.IGNORECASE)
    for address, body in everything_that_readers_get(client).items():
        told = own_words.sub("", body)  # what the reader asked for stands in the search box
        found = LEAK.search(told)
        assert not found, f"{address}: …{told[max(0, found.start() - 90) : found.end() + 30]}…"


def only_or_first(dispatch):
    return Event.objects.filter(mentions__dispatch=dispatch).order_by("start_date").first()


def test_a_name_at_the_end_of_a_text_too_long_for_the_index_is_blacked_out_too(ada):
    dispatch = make_dispatch("mot " * search.MOST_INDEXED + "Jean Dupont")
    withhold(ada)
    dispatch.refresh_from_db()
    assert dispatch.text.endswith("mot ███████████")


def test_searching_for_the_name_finds_nothing(ada):
    read(TEXT)
    assert search.event_ids("Dupont")
    withhold(ada)
    assert not search.event_ids("Dupont")
    assert not Dispatch.objects.filter(pk__in=search.dispatches_holding("Dupont"))
    assert not search.names_beginning("Dupont", 9)


def test_what_comes_or_is_read_later_is_without_the_name_too(ada):
    first = read(TEXT)
    withhold(ada)
    extract_again(first)
    assert process_dispatch(first.pk)
    later = give("Jean Dupont a été relaxé le 9 janvier 2017 à Lyon.", name="dupont.txt")
    assert not LEAK.search(f"{later.text} {later.title} {later.original_name}")
    assert process_dispatch(later.pk)
    rows = [
        *Event.objects.values_list("title", "proposals"),
        *Mention.objects.values_list("title", "actors", "reason", "attribution"),
        *Actor.objects.values_list("name", "aliases"),
        *Dispatch.objects.values_list("text", "title", "original_name"),
    ]
    assert not LEAK.search(str(rows))
    assert Event.objects.filter(mentions__dispatch=later).exists()


def test_nobody_writes_the_name_back_unawares(ada):
    event = only_or_first(read(TEXT))
    earlier = curation.edit_event(event, {"title": "Jean Dupont condamné à Lyon"}, by=ada)
    again = curation.edit_event(event, {"title": "Un maire condamné"}, by=ada)
    withhold(ada)
    curation.undo_act(again, by=ada)
    event.refresh_from_db()
    assert (event.title, earlier.event_id) == ("M. X condamné à Lyon", event.pk)
    curation.edit_event(event, {"actors": [("Jean Dupont", "victim")]}, by=ada)
    assert [row.actor.name for row in event.event_actors.all()] == ["M. X"]
    actor = Actor.objects.get(name="M. X")
    with pytest.raises(ValidationError):
        curation.rename(actor, "Jean Dupont", by=ada)


def test_it_is_logged_with_its_reason_and_can_be_undone(ada):
    dispatch = read(TEXT)
    before = list(Event.objects.order_by("pk").values_list("pk", "title"))
    names = set(Actor.objects.values_list("name", flat=True))
    act = withhold(ada)
    assert (act.by, act.after["reason"]) == (ada, "À sa demande, après sa relaxe.")
    curation.undo_act(act, by=ada)
    dispatch.refresh_from_db()
    assert (dispatch.text, dispatch.private_text) == (TEXT, "")
    assert list(Event.objects.order_by("pk").values_list("pk", "title")) == before
    assert set(Actor.objects.values_list("name", flat=True)) == names
    assert search.event_ids("Dupont")
    assert process_dispatch(dispatch.pk)
    assert list(Event.objects.order_by("pk").values_list("pk", "title")) == before


def test_of_two_persons_withheld_one_may_come_back(ada):
    dispatch = read("Jean Dupont et Paul Martin ont été condamnés le 7 décembre 2016 à Lyon.")
    first = withhold(ada)
    withhold(ada, ["Paul Martin"], "M. Z")
    curation.undo_act(first, by=ada)
    dispatch.refresh_from_db()
    assert dispatch.text.startswith("Jean Dupont et ███████████ ont")
    title = only_event(dispatch).title
    assert "Dupont" in title
    assert "Martin" not in title


@pytest.mark.parametrize(
    ("names", "instead", "reason", "field"),
    [
        ([], "M. X", "parce que", "names"),
        (["-"], "M. X", "parce que", "names"),
        (["Dupont"], "", "parce que", "instead"),
        (["Dupont"], "le nommé dupont", "parce que", "instead"),
        (["Dupont"], "M. X", " ", "reason"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(names, instead, reason, field, ada):
    with pytest.raises(ValidationError) as refusal:
        curation.withhold_name(names, instead, reason, by=ada)
    assert list(refusal.value.message_dict) == [field]
    assert not CurationAct.objects.exists()


def test_only_curators_withhold_and_withdraw(ada):
    dispatch = read(TEXT)
    somebody = make_user("somebody")
    for act in (
        lambda: withhold(somebody),
        lambda: curation.withdraw_dispatch(dispatch, "raison", by=somebody),
        lambda: curation.withdraw_event(only_or_first(dispatch), "raison", by=somebody),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_withdrawn_dispatch_and_what_only_it_told_are_gone_until_it_is_undone(ada, client):
    dispatch = read(TEXT)
    event = only_or_first(dispatch)
    act = curation.withdraw_dispatch(dispatch, "Décision de justice.", by=ada)
    for address in (f"/dispatches/{dispatch.pk}/", f"/events/{event.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 410
        assert "no-store" in answer["Cache-Control"]
        assert "à la demande" in answer.content.decode()
        assert "justice" not in answer.content.decode()
    assert "condamn" not in client.get("/").content.decode()
    curation.undo_act(act, by=ada)
    assert process_dispatch(dispatch.pk)
    for address in (f"/dispatches/{dispatch.pk}/", f"/events/{event.pk}/"):
        assert client.get(address).status_code == 200


def test_a_withdrawn_event_is_gone_and_stays_so_when_read_again(ada, client):
    dispatch = read(TEXT)
    event = only_or_first(dispatch)
    act = curation.withdraw_event(event, "À la demande de la personne.", by=ada)
    extract_again(dispatch)
    assert process_dispatch(dispatch.pk)
    gone = client.get(f"/events/{event.pk}/")
    assert gone.status_code == 410
    assert "à la demande" in gone.content.decode()
    assert event.title not in gone.content.decode()
    assert "no-store" in gone["Cache-Control"]  # browsers keep a 410 for good
    curation.undo_act(act, by=ada)
    assert client.get(f"/events/{event.pk}/").status_code == 200


def test_a_curator_withholds_a_name_from_its_page_and_shows_it_again(desk):
    dispatch = read(TEXT)
    actor = Actor.objects.get(name="Jean Dupont")
    form = desk.get(f"/withheld/?actor={actor.pk}").content.decode()
    assert "Jean Dupont</textarea>" in form
    sent = {"names": "\n".join(NAMES), "instead": "M. X", "reason": "À sa demande."}
    preview = desk.post(f"/withheld/?actor={actor.pk}", sent | {"preview": "1"}).content.decode()
    assert "1 dépêche nomme ainsi cette personne." in preview
    assert not CurationAct.objects.exists()
    page = desk.post(f"/withheld/?actor={actor.pk}", sent, follow=True).content.decode()
    assert "M. X" in page
    assert "À sa demande." in page
    assert TEXT[:40] in desk.get(f"/dispatches/{dispatch.pk}/whole/").content.decode()
    act = CurationAct.objects.get(kind="withhold")
    assert "À sa demande." in desk.get(f"/history/actor/{actor.pk}/").content.decode()
    desk.post(f"/history/{act.pk}/back/", {"only": "1"})
    actor.refresh_from_db()
    assert actor.name == "Jean Dupont"


def test_a_bar_is_a_name_withheld_for_who_hears_the_page(ada, client):
    dispatch = read(TEXT)
    withhold(ada)
    for address in (f"/dispatches/{dispatch.pk}/", f"/events/{only_or_first(dispatch).pk}/"):
        page = client.get(address).content.decode()
        assert '<span role="img" aria-label="nom masqué">███████████</span>' in page


def test_engines_are_asked_not_to_list_the_pages_concerned(ada, client):
    dispatch = read(TEXT)
    event = only_or_first(dispatch)
    story = curation.create_story("Un procès", language="fr", by=ada)
    curation.save_story(story, {"published": True, "steps": [(event.pk, "")]}, by=ada)
    addresses = [
        f"/events/{event.pk}/", f"/dispatches/{dispatch.pk}/", "/stories/un-proces/",
        "/stories/un-proces/story.json", "/stories/un-proces/story.csv",
    ]  # fmt: skip
    assert not any("X-Robots-Tag" in client.get(address).headers for address in addresses)
    withhold(ada)
    for address in addresses:
        answer = client.get(address)
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert address.endswith(("json", "csv")) or '<meta name="robots" content="noindex' in (
            answer.content.decode()
        )


def test_a_curator_takes_an_event_off_the_site_saying_why(desk):
    event = only_or_first(read(TEXT))
    refused = desk.post(f"/events/{event.pk}/withdraw/", {"reason": " "})
    assert refused.status_code == 422
    page = desk.post(f"/events/{event.pk}/withdraw/", {"reason": "À sa demande."}, follow=True)
    assert "À sa demande." in page.content.decode()
    event.refresh_from_db()
    assert event.review_state == "rejected"
