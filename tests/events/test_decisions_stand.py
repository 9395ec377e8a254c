"""Every act over the whole dev gold, then everything read again by a pipeline that reads otherwise.

Parsed once (10 s of CPU); what changes from one version to the next is made of what was read.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from events import processing, queue
from events.ingest import Incoming, ingest_dispatch
from events.models import EVENT_FIELDS, Actor, Dispatch, Event, Place
from events.processing import extract_again, process_chunk
from tests.builders import make_user
from tests.events import changed_pipeline, decisions
from tests.events.decisions import Decision

pytestmark = pytest.mark.django_db
GOLD = Path(__file__).parent.parent / "evaluation" / "dev.json"
SEEDS = (1, 2)  # of what is read otherwise


@pytest.fixture(autouse=True)
def alone(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(queue, "wake", lambda _pk: True)
    monkeypatch.setattr(processing, "extract", changed_pipeline.extract)


def take_in(documents) -> list[int]:
    pks = []
    for document in documents:
        day = document["published"] and date.fromisoformat(document["published"])
        outcome = ingest_dispatch(
            Incoming(f"{document['id']}.txt", document["text"].encode()),
            published=day,
            language=document["lang"],
            source=document["source"] or "",
        )
        pks.append(outcome.dispatch.pk)
    process_chunk(pks)
    return pks


def read_all_again(monkeypatch, pipeline) -> None:
    monkeypatch.setattr(processing, "extract", pipeline)
    dispatches = list(Dispatch.objects.order_by("pk"))
    for dispatch in dispatches:
        extract_again(dispatch)
    assert process_chunk([one.pk for one in dispatches]) == len(dispatches)


def lost(made: list[Decision]) -> list[tuple[str, str, str]]:
    return [(one.what, str(one.about), why) for one in made if (why := one.lost())]


def decide(by) -> list[Decision]:
    """Names and days first: they move events; then every act on the events, until none is left."""
    first, second, third, fourth, *_others = Dispatch.objects.order_by("pk")
    made = [decisions.redate(first, date(2016, 12, 12), by)]
    process_chunk([first.pk])
    actors = Actor.objects.filter(same_as=None).order_by("-pk")
    places = Place.objects.filter(same_as=None).order_by("-pk")
    made += [decisions.rename(one, by) for one in [*actors[:10], *places[:5]]]
    pairs = [*zip(actors[20:25], actors[30:35], strict=True)]
    pairs += [*zip(places[8:11], places[12:15], strict=True)]
    made += [decisions.unite(one, other, by) for one, other in pairs]
    made += [decisions.create(one, by) for one in (second, third, fourth)]
    untouched = Event.objects.filter(acts=None, merged_into=None).order_by("pk")
    return [*made, *decisions.decide_all(list(untouched), by)]


ACTS = {
    "approve", "reject", *(f"edit {name}" for name in EVENT_FIELDS), "merge", "split", "attach",
    "detach", "create", "redate", "rename actor", "rename place", "unite actor", "unite place",
    "contradict", "comment", "story", "undo", "turn down edtf", "turn down places", "take edtf",
    "correct and approve", "correct and merge",
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_no_decision_is_lost_when_everything_is_read_again(seed, monkeypatch, record_property):
    documents = json.loads(GOLD.read_text(encoding="utf-8"))["docs"]
    later = documents[4::5]
    curator = make_user("curator", role="curator")
    take_in([one for one in documents if one not in later])
    made = decide(curator)
    assert lost(made) == []

    read_all_again(monkeypatch, changed_pipeline.changed(seed))
    assert lost(made) == []

    news = list(Event.objects.exclude(proposals={}).order_by("pk"))
    taken = set(news[::3])
    made = [one for one in made if one.about not in taken]  # what they take replaces it
    made += [one for event in news for one in decisions.weigh(event, curator, take=event in taken)]
    assert lost(made) == []
    read_all_again(monkeypatch, changed_pipeline.changed(seed + 100))
    assert lost(made) == []
    take_in([*later, *map(reprinted, documents[:2])])
    assert lost(made) == []
    read_all_again(monkeypatch, changed_pipeline.changed(seed))  # what was turned down, again
    assert lost(made) == []
    read_all_again(monkeypatch, changed_pipeline.extract)
    assert lost(made) == []
    counts = Counter(one.what for one in made)
    assert counts.keys() >= ACTS
    record_property("decisions", len(made))
    record_property("dispatches read again", 4 * len(documents))


def reprinted(document):
    """The same wire item, as another paper prints it."""
    words = {"text": f"{document['text']}\n(Avec des agences)", "source": "Le Quotidien"}
    return document | words | {"id": f"{document['id']}-reprint"}
