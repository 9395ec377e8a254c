"""Counts that the database keeps itself are those of a count of all events, whatever happens."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from events import search, tally, triggers
from events.models import Dispatch, Event
from tests.events.stories import make_dispatch, make_event

pytestmark = pytest.mark.django_db


def counted_anew() -> Counter:
    cells = Event.objects.filter(merged_into=None).values_list(
        "sort_date", "type", "status", "review_state"
    )
    return Counter(cells)


def change_all_sorts_of_things() -> None:
    first = make_event("a", "2016-12-05")
    second = make_event("b", "2016-12-06", type="talks")
    make_event("c", "")
    make_event("d", "../2016-12", review_state="approved")
    first.status = "denied"
    first.save()
    second.start_date, second.end_date, second.edtf = date(2017, 1, 1), date(2017, 1, 2), "2017"
    second.save()
    Event.objects.filter(title="d").update(review_state="rejected")
    make_event("e", "2016-12-05", merged_into=first)
    Event.objects.filter(title="b").update(merged_into=first)
    Event.objects.filter(title="c").delete()


def test_counts_kept_step_by_step_are_those_of_a_count_of_all():
    change_all_sorts_of_things()
    assert tally.counts() == counted_anew()


def test_folding_changes_no_count_and_empties_the_log():
    change_all_sorts_of_things()
    assert tally.fold() > 0
    assert tally.fold() == 0
    assert tally.counts() == counted_anew()
    change_all_sorts_of_things()
    tally.fold()
    assert tally.counts() == counted_anew()


def test_counting_anew_gives_what_was_kept():
    change_all_sorts_of_things()
    kept = tally.counts()
    tally.recount()
    assert tally.counts() == kept


def test_a_trigger_that_a_migration_dropped_comes_back_and_the_counts_with_it():
    make_event("a", "2016-12-05")
    drop_a_trigger()
    make_event("b", "2016-12-06")
    assert tally.counts() != counted_anew()
    tally.watch()
    assert tally.counts() == counted_anew()
    make_event("c", "2016-12-07")
    assert tally.counts() == counted_anew()


def drop_a_trigger() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER tally__events_event__insert")
        else:
            cursor.execute("DROP TRIGGER tally__events_event__all ON events_event")


def test_no_trigger_stands_in_the_way_of_a_migration_and_all_are_back_after_it():
    there = triggers.names()
    tally.unwatch(plan=["a migration"])
    search.unwatch(plan=["a migration"])
    assert not any(name.startswith(("tally", "words")) for name in triggers.names())
    make_event("a", "2016-12-05")
    tally.watch()
    search.watch()
    assert triggers.names() == there
    assert tally.counts() == counted_anew()
    assert len(search.event_ids("a")) == 1


def test_the_command_counts_anew_what_was_lost():
    change_all_sorts_of_things()
    tally.DayCount.objects.all().delete()
    tally.Change.objects.all().delete()
    call_command("recount", stdout=io.StringIO())
    assert tally.counts() == counted_anew()


def test_a_long_log_of_changes_is_folded_by_the_sweeper(monkeypatch):
    monkeypatch.setattr(tally, "MOST_CHANGES", 2)
    change_all_sorts_of_things()
    call_command("sweep", "--once", "--no-inline", stdout=io.StringIO())
    assert not tally.Change.objects.filter(folded=False).exists()
    assert tally.counts() == counted_anew()


def test_of_folded_changes_the_latest_stay_and_the_others_are_remembered_as_a_number(monkeypatch):
    monkeypatch.setattr(tally, "KEPT", 3)
    change_all_sorts_of_things()
    before = tally.mark()
    tally.fold()
    assert len(tally.log()[1]) == 3
    assert tally.mark() == before


def test_the_log_names_the_events_that_changed():
    event = make_event(
        "a", "2016-12-05", actors=["Kerry"], dispatch=make_dispatch(dct="2016-12-06")
    )
    other = make_event("b", "2016-12-05", reported=False)
    for change in (
        lambda: Event.objects.filter(pk=event.pk).update(title="c"),
        lambda: event.event_actors.update(role="patient"),
        lambda: event.mentions.update(confidence=0.2),
        lambda: Dispatch.objects.update(dct="2016-12-07"),
        lambda: event.event_actors.all().delete(),
    ):
        before = tally.log()[1]
        change()
        touched = {one for pk, one in tally.log()[1].items() if pk not in before}
        assert touched == {event.pk}
    before = tally.log()[1]
    event.mentions.update(event=other)
    assert {one for pk, one in tally.log()[1].items() if pk not in before} == {event.pk, other.pk}


def test_no_cell_is_left_over_when_its_events_are_gone():
    make_event("a", "2016-12-05")
    tally.fold()
    Event.objects.all().delete()
    tally.fold()
    assert tally.DayCount.objects.count() == 0


def test_the_version_moves_with_every_change_and_with_nothing_else():
    seen = [tally.version()]
    event = make_event("a", "2016-12-05", actors=["Kerry"])
    seen.append(tally.version())
    Event.objects.update(title="b")
    seen.append(tally.version())
    event.event_actors.all().delete()
    seen.append(tally.version())
    event.mentions.update(confidence=0.2)
    seen.append(tally.version())
    assert len(set(seen)) == len(seen)
    tally.fold()
    assert tally.version() == seen[-1]


def test_only_public_events_are_counted_by_day(settings):
    make_event("a", "2016-12-05")
    make_event("b", "2016-12-05", review_state="approved")
    make_event("c", "2016-12-05", review_state="rejected")
    settings.PUBLIC_EVENTS = "all"
    assert tally.by_day() == {date(2016, 12, 5): 2}
    settings.PUBLIC_EVENTS = "approved"
    assert tally.by_day() == {date(2016, 12, 5): 1}
