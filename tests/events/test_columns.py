"""Columns answer as the database does, whatever is asked."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from events.columns import columns
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
    held = columns()
    chosen = held.select(Filters(known=date(2016, 12, 7)))
    titles = Event.objects.filter(pk__in=held.ids[chosen].tolist()).values_list("title", flat=True)
    assert list(titles) == ["Tôt"]
