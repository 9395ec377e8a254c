"""Columns answer as the database does, whatever is asked."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import pytest

from events import tally
from events.columns import columns, forget, read_columns, shelf
from events.columns.held import REPORTS, ROWS
from events.filters import Filters
from events.models import Event
from events.timeline import matching
from tests.events.stories import make_dispatch, make_event

pytestmark = pytest.mark.django_db
TYPES = ("attack", "talks", "call", "toll")
STATUSES = ("happened", "planned", "denied")


@pytest.fixture
def corpus(settings):
    settings.PUBLIC_EVENTS = "all"
    dice = random.Random(7)  # noqa: S311 - the same corpus every time
    dispatches = [make_dispatch(source=name) for name in ("AFP", "TASS", "ATS")]
    for n in range(120):
        day = date(2016, 1, 1) + timedelta(days=dice.randrange(700))
        edtf = dice.choice([str(day), f"{day:%Y-%m}", f"{day.year}", f"{day}/..", f"../{day}", "",
                            f"{day}/{day + timedelta(days=dice.randrange(1, 90))}"])  # fmt: skip
        make_event(
            f"Événement {n}", edtf, type=dice.choice(TYPES), status=dice.choice(STATUSES),
            actors=dice.sample(["A", "B", "C"], dice.randrange(3)),
            places=dice.sample(["X", "Y"], dice.randrange(2)),
            dispatch=dice.choice(dispatches), confidence=dice.randrange(100) / 100,
            importance=dice.randrange(50),
            review_state=dice.choice(["proposed", "approved", "rejected"]),
        )  # fmt: skip
    return columns()


def some_filters(dice: random.Random, corpus) -> Filters:
    links = corpus.links
    low = date(2016, 1, 1) + timedelta(days=dice.randrange(700))
    return Filters(
        types=tuple(dice.sample(TYPES, dice.randrange(3))),
        statuses=tuple(dice.sample(STATUSES, dice.choice([0, 0, 1, 2]))),
        reviews=tuple(dice.sample(["proposed", "approved"], dice.choice([0, 0, 1]))),
        actors=tuple(dice.sample(links["actor"].values.tolist(), dice.choice([0, 0, 1, 2]))),
        places=tuple(dice.sample(links["place"].values.tolist(), dice.choice([0, 0, 1]))),
        sources=tuple(dice.sample(links["source"].values.tolist(), dice.choice([0, 0, 1]))),
        confidence=dice.choice([0, 0, 0.2, 0.5]),
        start=low if dice.random() < 0.4 else None,
        end=low + timedelta(days=90) if dice.random() < 0.4 else None,
    )


def test_columns_hold_every_public_event_once(corpus):
    assert sorted(corpus.ids) == sorted(Event.objects.public().values_list("pk", flat=True))


def test_columns_choose_what_the_database_chooses(corpus):
    dice = random.Random(11)  # noqa: S311 - the same questions every time
    for _ in range(150):
        filters = some_filters(dice, corpus)
        chosen = corpus.select(filters)
        if filters.start or filters.end:
            chosen = corpus.overlapping(chosen, filters.start, filters.end)
        ids = corpus.ids if chosen is None else corpus.ids[chosen]
        assert sorted(ids) == sorted(matching(filters).values_list("pk", flat=True)), filters


def test_columns_are_in_the_order_of_days_and_the_undated_come_last(corpus):
    days = dict(Event.objects.values_list("pk", "sort_date"))
    in_order = [days[pk] for pk in corpus.ids.tolist()]
    dated = [day for day in in_order if day]
    assert dated == sorted(dated)
    assert in_order[: len(dated)] == dated


def test_the_most_important_are_those_that_sorting_all_would_give(corpus):
    for number in (1, 5, 40, 200):
        for low, high in ((0, corpus.dated), (10, 60), (30, 31), (5, 5)):
            found = corpus.most_important(slice(low, high), number)
            weights = sorted(corpus.importance[low:high].tolist(), reverse=True)
            assert corpus.importance[found].tolist() == weights[:number]
            assert len(set(found.tolist())) == len(found)


def test_a_change_is_seen_at_once(corpus):
    before = len(corpus)
    make_event("Neuf", "2016-12-05")
    assert len(columns()) == before + 1


def test_an_event_is_known_from_its_first_dispatch_on(settings):
    settings.PUBLIC_EVENTS = "all"
    make_event("Tôt", dispatch=make_dispatch(dct="2016-12-06"))
    make_event("Tard", dispatch=make_dispatch(dct="2016-12-09"))
    make_event("Sans jour de dépêche", dispatch=make_dispatch(dct=""))
    make_event("Sans dépêche", reported=False)
    held = columns(known=date(2016, 12, 7))
    titles = Event.objects.filter(pk__in=held.ids.tolist()).values_list("title", flat=True)
    assert list(titles) == ["Tôt"]


def same(one, other) -> bool:
    """Whether two sets of columns answer everything alike."""
    arrays = [(one.row(name), other.row(name)) for name in ROWS]
    arrays += [
        (getattr(one, name), getattr(other, name)) for name in ("by_id", "by_importance", "long")
    ]
    for name, links in one.links.items():
        arrays += [(getattr(links, part), getattr(other.links[name], part))
                   for part in ("values", "first", "events")]  # fmt: skip
    arrays += [(getattr(one.reports, name), getattr(other.reports, name)) for name in REPORTS]
    return all(np.array_equal(a, b) for a, b in arrays)


def change_something(dice: random.Random) -> None:
    """One change such as people and workers make, to an event drawn by `dice`."""
    event = Event.objects.all()[dice.randrange(Event.objects.count())]
    match dice.randrange(8):
        case 0:
            make_event(f"Neuf {dice.random()}", dice.choice(["2016-03-04", "", "2015", "../2016"]),
                       actors=["A", "D"], importance=dice.randrange(50))  # fmt: skip
        case 1:
            event.delete()
        case 2:
            Event.objects.filter(pk=event.pk).update(review_state="rejected")
        case 3:
            Event.objects.filter(pk=event.pk).update(status="denied", importance=dice.randrange(50))
        case 4:
            event.edtf, event.start_date, event.end_date = (
                "2016-08",
                date(2016, 8, 1),
                date(2016, 9, 1),
            )
            event.save()
        case 5:
            event.event_actors.all().delete()
        case 6:
            event.mentions.all().delete()
        case 7:
            Event.objects.filter(pk=event.pk).update(
                merged_into=Event.objects.exclude(pk=event.pk).first()
            )


def test_columns_that_follow_the_changes_are_those_read_anew(corpus):
    dice = random.Random(5)  # noqa: S311 - the same changes every time
    held = columns()
    for _ in range(25):
        for _ in range(dice.choice([1, 1, 5])):
            change_something(dice)
        held = columns()
        assert same(held, read_columns(held.version))


def test_only_what_has_changed_is_read_again(corpus, monkeypatch):
    asked = []
    read = shelf.read_columns
    monkeypatch.setattr(
        shelf,
        "read_columns",
        lambda version, among=None: asked.append(among) or read(version, among),
    )
    event = make_event("Neuf", "2016-12-05")
    columns()
    tally.fold()
    columns()
    Event.objects.filter(pk=event.pk).update(title="Autre")
    columns()
    assert asked == [{event.pk}, {event.pk}]
    tally.recount()
    columns()
    assert asked[-1] is None


@pytest.fixture
def file(settings, tmp_path, monkeypatch):
    """A process that keeps its columns in a file however quickly they were read."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(shelf, "QUICK", 0)
    return tmp_path


def test_a_process_that_starts_takes_the_columns_from_the_file(file, corpus, monkeypatch):
    forget()
    columns()
    event = make_event("Neuf", "2016-12-05")
    forget()
    read = shelf.read_columns
    asked = []
    monkeypatch.setattr(
        shelf,
        "read_columns",
        lambda version, among=None: asked.append(among) or read(version, among),
    )
    held = columns()
    assert asked == [{event.pk}]
    assert same(held, read(held.version))


@pytest.mark.parametrize(
    "harm", ["log lost", "another history", "recounted", "torn", "other public"]
)
def test_a_file_that_is_not_of_this_corpus_is_not_believed(file, corpus, settings, harm):
    make_event("Neuf", "2016-12-05")
    forget()
    columns()
    match harm:
        case "log lost":
            Event.objects.first().delete()
            tally.Change.objects.all().delete()
        case "another history":  # a copy of before was put back, and changed in another way
            Event.objects.first().delete()
            tally.Change.objects.update(nonce=7)
        case "recounted":
            Event.objects.first().delete()
            tally.recount()
        case "torn":
            next(file.rglob("importance.npy")).write_bytes(b"\x93NUMPY")
        case "other public":
            settings.PUBLIC_EVENTS = "approved"
    forget()
    held = columns()
    assert same(held, read_columns(held.version))
