"""What a visitor may not see shows nowhere: no page, no count, no tile, no export has it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from events import curation, roles
from events.exports import FORMATS
from events.ingest import Incoming, ingest_dispatch
from events.models import Actor, Dispatch, Event, Place, Story
from events.processing import process_dispatch, sweep
from events.roles import Role
from tests.builders import make_user
from tests.events.stories import make_event, number_from_one
from tests.events.test_roles import ARGUMENTS, OURS
from tests.events.test_versions import item

pytestmark = pytest.mark.django_db

SECRET = "Zyxwvut"
TOLD = f"Le groupe {SECRET} a attaqué le 5 décembre 2016 la ville de Mossoul."
# Pages that anybody may ask for, and what may be asked of them.
OPEN = [name for name in OURS if roles.access(name) == Role.READER and name != "logout"]
QUESTIONS = {
    "timeline": ("", "?q=attaqué", "?type=attack", "?review=proposed", "?review=rejected",
                 "?known=2016-12-31", "?start=2016-12-01&end=2016-12-31", "?page=2"),
    "map": ("", "?type=attack"),
    "walk": ("", "?event=1"),
    "tile": ("", "?type=attack", "?lanes=actor"),
    "dispatches": ("", "?q=attaqué", "?state=received", "?state=done"),
    "stories": ("", "?q=attaqué"),
    "event": ("", "?known=2016-12-31"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    """An approved event in a story; the pages of visitors alone."""
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.PUBLIC_EVENTS = "approved"
    number_from_one()
    event = make_event("Combats", actors=["ONU"], review_state="approved")
    story = Story.objects.create(slug="alep", title="Alep", published=True)
    story.steps.create(event=event, position=1)


def addresses() -> list[str]:
    return [
        reverse(name, kwargs=ARGUMENTS.get(name, {})) + question
        for name in OPEN
        for question in QUESTIONS.get(name, ("",))
    ] + [reverse("export", kwargs={"kind": kind}) for kind in FORMATS if kind != "xlsx"]


def proposed(client):
    return hidden_event("proposed")


def rejected(client):
    return hidden_event("rejected")


def merged(client):
    event = hidden_event("approved")
    kept = hidden_event("proposed")
    curation.merge_events(kept, event, by=make_user(role="curator"))
    return event


def hidden_event(state: str) -> Event:
    event = make_event(
        f"{SECRET} combat", "2016-12-05", type="sanction", actors=[f"{SECRET} acteur"],
        places=[f"{SECRET} lieu"], review_state=state,
    )  # fmt: skip
    in_the_story(event)
    dispatch = event.mentions.get().dispatch
    dispatch.title = f"{SECRET} dépêche"
    dispatch.save()
    return event


def in_the_story(event: Event) -> None:
    Story.objects.get().steps.create(event=event, position=event.pk, note=f"{SECRET} note")


def take_in(content: bytes):
    return ingest_dispatch(Incoming("item.json", content)).dispatch


def embargoed(client):
    hour = timezone.now() + timedelta(hours=1)
    held = take_in(item(TOLD, "1", embargoed=hour.isoformat(), headline=f"{SECRET} sous embargo"))
    process_dispatch(held.pk)
    sweep()


def embargoed_version(client):
    """A version under embargo of an item whose first version is approved: that one stays."""
    read_and_approved("Une banque a fermé le 5 décembre 2016 à Mossoul.", "1", headline="Banque")
    client.before = answers(client)
    hour = timezone.now() + timedelta(hours=1)
    take_in(item(TOLD, "2", embargoed=hour.isoformat(), headline=f"{SECRET} sous embargo"))
    sweep()


def killed(client):
    event = read_and_approved(TOLD, "1", headline=f"{SECRET} attaque")
    in_the_story(event)
    take_in(item("", "2", status="canceled"))
    return event


def replaced(client):
    """What an agency took out of its item by a new version of it."""
    read_and_approved(TOLD, "1", headline=f"{SECRET} attaque")
    second = take_in(item("Rien de tout cela n'est confirmé.", "2", headline="Rectificatif"))
    Event.objects.exclude(pk=1).update(review_state="proposed")
    process_dispatch(second.pk)


def withdrawn_event(client):
    event = hidden_event("approved")
    curation.withdraw_event(event, "Sur demande", by=make_user(role="curator"))
    return event


def withdrawn_dispatch(client):
    event = hidden_event("approved")
    dispatch = event.mentions.get().dispatch
    curation.withdraw_dispatch(dispatch, "Sur demande", by=make_user(role="curator"))
    return event


def withheld(client):
    """A person's name: the event stays."""
    event = hidden_event("approved")
    names = [f"{SECRET} acteur", f"{SECRET} lieu", SECRET]
    curation.withhold_name(names, "M. X", "Sur demande", by=make_user(role="curator"))
    assert "M. X" in client.get(event.get_absolute_url()).content.decode()


def read_and_approved(text: str, version: str, **more) -> Event:
    dispatch = take_in(item(text, version, **more))
    assert process_dispatch(dispatch.pk)
    event = Event.objects.get(mentions__dispatch=dispatch)
    curation.approve_event(event, by=make_user("chief", role="curator"))
    return event


def answers(client) -> dict[str, bytes]:
    return {address: plain(whole(client.get(address))) for address in addresses()}


def whole(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def plain(page: bytes) -> bytes:
    """An answer without what is new in each, and without the question that it repeats."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|data-version="[^"]*"', b"", page)
    return re.sub(rb'"version": ?"[^"]*"', b"", page)


WAYS = [
    proposed, rejected, merged, embargoed, embargoed_version, killed, withdrawn_event,
    withdrawn_dispatch,
]  # fmt: skip


@pytest.mark.parametrize("hide", WAYS, ids=lambda way: way.__name__)
def test_nothing_of_it_shows_and_nothing_counts_it(hide, client):
    client.before = answers(client)
    event = hide(client)
    assert hide is not killed or event is not None
    for address, page in answers(client).items():
        assert SECRET.encode() not in page, address
        if not address.startswith("/healthz"):  # counts what waits, by number alone
            assert page == client.before[address], address
    if event is not None:
        answer = client.get(reverse("event", args=[event.pk]))
        assert answer.status_code in ({302} if hide is merged else {404, 410})
        assert SECRET not in client.get(answer.url if hide is merged else "/").content.decode()
        assert SECRET.encode() not in answer.content


@pytest.mark.parametrize("hide", [*WAYS, replaced, withheld], ids=lambda way: way.__name__)
def test_no_address_of_it_tells_anything(hide, client):
    """Whoever guesses ids and words learns nothing either."""
    hide(client)
    for address, page in answers(client).items():
        assert SECRET.encode() not in page, address
    guesses = [reverse("event", args=[pk]) for pk in Event.objects.values_list("pk", flat=True)]
    for dispatch in Dispatch.objects.filter(text__contains=SECRET) | Dispatch.objects.filter(
        title__contains=SECRET
    ):
        guesses.append(reverse("dispatch", args=[dispatch.pk]))
        guesses.append(reverse("dispatch-versions", args=[dispatch.pk]))
    guesses += [f"/?actor={pk}" for pk in Actor.objects.values_list("pk", flat=True)]
    guesses += [f"/?place={pk}" for pk in Place.objects.values_list("pk", flat=True)]
    guesses += [f"/tiles/1/month/563/?q={SECRET[:4]}", f"/map/?q={SECRET[:4]}"]
    for address in guesses:
        page = client.get(address).content.decode()
        assert SECRET not in page, address
    for address in (f"/?q={SECRET}", f"/dispatches/?q={SECRET}", f"/read/?q={SECRET}"):
        page = client.get(address).content.decode()
        asked = re.sub(rf'(value="|q=|«\s*|“){SECRET}', "", page)
        assert SECRET not in asked, address


def test_the_hidden_things_would_show_if_they_were_not_hidden(client):
    """So that the tests above could fail."""
    hidden_event("approved")
    found = answers(client)
    for address in ("/", "/?q=attaqué", "/stories/alep/", "/stories/alep/story.json"):
        assert (SECRET.encode() in found[address]) == (address != "/?q=attaqué"), address
