"""How many questions each page asks the database: as many for thirty events as for three."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import columns, tokens
from events.columns import shelf
from events.models import Actor, Batch, CurationAct, Dispatch, Feed, Source, Story
from tests.builders import make_user
from tests.events.stories import make_dispatch, make_event, make_mention, number_from_one
from tests.events.test_roles import ARGUMENTS, OURS

pytestmark = pytest.mark.django_db

# Queries of a page, two of them for the session and the person, in a process that has no columns
# of the timeline yet. A page that now asks more than stands here says why in its commit.
QUERIES = {
    "api-batch": 10, "api-dispatch": 16, "api-docs": 5, "api-event": 20, "api-events": 17,
    "api-nothing": 3, "api-openapi": 3, "api-root": 0, "batch": 10, "batch-csv": 8,
    "batch-progress": 9, "corrections": 5, "dispatch": 16, "dispatch-versions": 9,
    "dispatch-whole": 6, "dispatch-withdraw": 6, "dispatches": 10, "event": 20, "event-edit": 27,
    "event-merge": 25, "event-new": 6, "event-split": 25, "event-withdraw": 6, "export": 11,
    "feeds": 7, "feeds-opml": 5, "gold": 8, "healthz": 4, "history": 8, "login": 5, "map": 16,
    "name": 7, "quality": 9, "review": 44, "review-event": 28, "set_language": 0, "stories": 6,
    "story": 15, "story-csv": 14, "story-edit": 16, "story-json": 14, "story-picture": 6,
    "tile": 9, "timeline": 19, "tokens": 6, "undated": 14, "upload": 7, "walk": 27, "withheld": 6,
}  # fmt: skip
POSTED = {302, 405}  # of addresses of forms, which lead to where the form stands
# What is asked of a page that shows little without a question.
QUESTIONS = {"event-new": "?start=0&end=7", "timeline": "?actor=1&place=1"}
ELSEWHERE = {"set_language", "story-picture", "api-root", "api-nothing"}  # answer without a page


@pytest.fixture(params=[3, 30])
def many(request, settings, tmp_path, monkeypatch):
    """So many events of one day, actor, place and dispatch; so many of all that pages list."""
    monkeypatch.setattr(shelf, "QUICK", 3600)  # on a busy machine no columns are kept either
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.PUBLIC_EVENTS = "approved"
    fill(request.param)
    return request.param


def fill(number: int) -> None:
    number_from_one()
    person = make_user("author", "curator")
    told = make_dispatch(guid="urn:a:1", wire_version=str(number))
    source = Source.objects.get()
    batch = Batch.objects.create(pk=ARGUMENTS["batch"]["pk"], created_by=person)
    events = []
    for i in range(1, number + 1):
        own = make_dispatch(source=f"Agence {i}")
        event = make_event(
            f"Combats {i}", actors=["ONU", f"Acteur {i}"], places=["Alep", f"Ville {i}"],
            review_state="approved" if i % 3 else "proposed", dispatch=own,
        )  # fmt: skip
        events.append(event)
        make_mention(event, told, date="")
        if i > 1:
            make_mention(events[0], own, date="")
        act(person, "comment", event_id=1, after={"text": f"Remarque {i}"})
        for subject in ("dispatch_id", "actor_id", "place_id"):
            act(person, "rename", **{subject: 1}, before={"name": "x"}, after={"name": "y"})
        Feed.objects.create(url=f"https://example.org/{i}", source=source, added_by=person)
        batch.items.create(position=i, name=f"{i}.txt", verdict="accepted", dispatch=own)
        make_dispatch(dct="", reprint_of=told, state="failed" if i % 2 else "done")
        make_dispatch(guid="urn:a:1", wire_version=str(i - 1), replaced_by=told)
    for i in range(number):
        slug = "alep" if i == 0 else f"alep-{i}"
        story = Story.objects.create(slug=slug, title=f"Alep {i}", published=True)
        act(person, "tell", story=story)
        for position, event in enumerate(events):
            story.steps.create(event=event, position=position, note="…")
    Dispatch.objects.update(batch=batch)


def act(person, kind, **fields) -> None:
    CurationAct.objects.create(kind=kind, by=person, **fields)


def count(client, name: str, token: str) -> int | None:
    """Queries of a page when the process has seen none of the events yet; None: it has no GET."""
    address = reverse(name, kwargs=ARGUMENTS.get(name, {}))
    if name == "tile":
        address = reverse(name, kwargs={"level": "month", "index": 2016 * 12 + 11})
    address += QUESTIONS.get(name, "")
    columns.forget()
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, headers={"Authorization": f"Bearer {token}"})
        for _ in answer.streaming_content if answer.streaming else ():
            pass
    if name in ELSEWHERE:
        return len(asked)
    assert answer.status_code in {200, *POSTED}, (name, answer.status_code)
    return None if answer.status_code in POSTED else len(asked)


def test_a_page_asks_as_much_whatever_it_shows(many, client):
    reader = make_user("reader", "administrator")
    client.force_login(reader)
    token = tokens.make(reader, "for scripts")
    assert Actor.objects.count() == many + 1
    client.get("/")  # a session is written once
    found = {name: count(client, name, token) for name in OURS if name != "logout"}
    assert {name: number for name, number in found.items() if number is not None} == QUERIES
