"""The read side: counts by period, what is left outside the strip, how text is cut into marks."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from events.filters import Filters
from events.models import Event, Mention
from events.timeline import (
    density,
    dispatch_detail,
    event_detail,
    marked,
    matching,
    period_end,
    period_start,
    texts_of,
    timeline_page,
)
from tests.events.stories import make_dispatch, make_event, make_mention

DAY = timedelta(days=1)


def shown(page) -> list[tuple[int, int, list[str]]]:
    return [
        (year.year, month.month, [item.title for item in month.items])
        for year in page.years
        for month in year.months
    ]


@pytest.mark.parametrize(
    ("level", "day", "start", "end"),
    [
        ("day", date(2016, 2, 29), date(2016, 2, 29), date(2016, 3, 1)),
        ("week", date(2016, 12, 11), date(2016, 12, 5), date(2016, 12, 12)),
        ("month", date(2016, 12, 31), date(2016, 12, 1), date(2017, 1, 1)),
        ("quarter", date(2016, 12, 31), date(2016, 10, 1), date(2017, 1, 1)),
        ("year", date(2016, 6, 1), date(2016, 1, 1), date(2017, 1, 1)),
        ("decade", date(2019, 6, 1), date(2010, 1, 1), date(2020, 1, 1)),
        ("century", date(1999, 6, 1), date(1900, 1, 1), date(2000, 1, 1)),
        ("week", date.min, date.min, date.min + 7 * DAY),
        ("decade", date(5, 1, 1), date(1, 1, 1), date(10, 1, 1)),
        ("century", date(5, 1, 1), date(1, 1, 1), date(100, 1, 1)),
        ("century", date.max, date(9900, 1, 1), date.max),
        ("day", date.max, date.max, date.max),
    ],
)
def test_a_period_is_the_calendar_s_own(level, day, start, end):
    assert period_start(day, level) == start
    assert period_end(start, level) == end


def test_the_strip_counts_every_event_once_and_keeps_empty_periods():
    counts = {date(2016, 1, 5): 2, date(2016, 3, 7): 1, date(2016, 3, 8): 4}
    strip = density(counts, Filters(start=date(2016, 1, 1), end=date(2017, 1, 1)))
    assert strip.level == "day"
    assert sum(bar.count for bar in strip.bars) == 7
    assert len(strip.bars) == 64
    assert all(a.end == b.start for a, b in zip(strip.bars, strip.bars[1:], strict=False))


def test_a_long_span_is_counted_by_longer_periods():
    counts = {date(1900, 1, 1): 1, date(2020, 1, 1): 1}
    assert density(counts, Filters()).level == "decade"


def test_far_off_events_do_not_squeeze_the_strip_but_are_counted_beside_it():
    counts = {date(2016, 12, 1) + n * DAY: 10 for n in range(20)} | {date(1801, 1, 1): 1}
    strip = density(counts, Filters())
    assert strip.level == "day"
    assert (strip.before, strip.after) == (1, 0)
    assert sum(bar.count for bar in strip.bars) == 200


def test_outside_and_inside_of_the_strip_make_the_whole():
    counts = {date(1801, 1, 1): 1, date(2300, 1, 1): 2} | {
        date(2015, 1, 1) + 31 * n * DAY: 9 for n in range(30)
    }
    strip = density(counts, Filters())
    inside = sum(bar.count for bar in strip.bars)
    assert strip.before + inside + strip.after == sum(counts.values())


def test_marks_cut_the_sentence_where_they_begin_and_end_and_lose_nothing():
    text = "Les combats ont repris lundi."
    pieces = marked(text, [(116, 122, "trigger"), (104, 128, "core"), (123, 128, "date")], 100)
    assert "".join(piece.text for piece in pieces) == text
    assert [(p.text, p.marks) for p in pieces if p.marks] == [
        ("combats ont ", ("core",)),
        ("repris", ("trigger", "core")),
        (" ", ("core",)),
        ("lundi", ("core", "date")),
    ]


def test_a_mark_that_leaves_its_sentence_is_cut_at_its_edge():
    pieces = marked("lundi.", [(90, 104, "date"), (300, 310, "core")], 100)
    assert [(p.text, p.marks) for p in pieces] == [("lund", ("date",)), ("i.", ())]


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def _public(self, settings):
        settings.PUBLIC_EVENTS = "all"

    def test_an_event_of_a_whole_year_stands_under_the_year_and_no_month(self):
        make_event("L'année", "2016", reported=False)
        make_event("Janvier", "2016-01", reported=False)
        make_event("Le trimestre", "2016-33", reported=False)
        assert shown(timeline_page(Filters())) == [
            (2016, 0, ["L'année", "Le trimestre"]),
            (2016, 1, ["Janvier"]),
        ]

    def test_an_event_known_by_its_end_alone_stands_at_its_last_month(self):
        make_event("Avant", "../2016-12", reported=False)
        assert shown(timeline_page(Filters())) == [(2016, 12, ["Avant"])]

    def test_an_open_period_is_in_every_later_window(self):
        make_event("La guerre", "2011-03/..", reported=False)
        later = Filters(start=date(2020, 1, 1), end=date(2021, 1, 1))
        earlier = Filters(start=date(2010, 1, 1), end=date(2011, 1, 1))
        assert matching(later).count() == 1
        assert matching(earlier).count() == 0

    def test_an_event_whose_year_is_unknown_waits_with_the_undated(self):
        make_event("Un 7 décembre", "XXXX-12-07", reported=False)
        page = timeline_page(Filters())
        assert page.total == 0
        assert [item.title for item in page.undated] == ["Un 7 décembre"]

    def test_a_search_hears_titles_actors_and_places(self):
        make_event("Pourparlers", actors=["Kerry"], places=["Hambourg"], reported=False)
        for word in ("pourpar", "kerr", "HAMB"):
            assert matching(Filters(text=word)).count() == 1, word
        assert matching(Filters(text="Genève")).count() == 0

    def test_several_values_of_one_filter_mean_any_and_of_two_filters_both(self):
        make_event("a", type="attack", actors=["A", "B"], reported=False)
        make_event("b", type="talks", actors=["B"], reported=False)
        assert matching(Filters(types=("attack", "talks"))).count() == 2
        actor = matching(Filters(types=("talks",))).get().event_actors.get().actor_id
        assert matching(Filters(actors=(actor,))).count() == 2
        assert matching(Filters(types=("attack",), actors=(actor,))).count() == 1


@pytest.mark.django_db
def test_the_page_of_a_dispatch_shows_the_evidence_that_the_pages_of_its_events_show():
    dispatch = make_dispatch("Ils se sont vus lundi à Alep. Les combats ont repris après.")
    event = make_event("Combats", "2016-12-05", reported=False)
    make_mention(event, dispatch, date_sentence_start=0, date_sentence_end=29)
    make_mention(event, make_dispatch("Les tirs ont repris lundi."), confidence=0.99)
    other = make_event("Rencontre", "2016-12-05", reported=False)
    make_mention(other, dispatch, trigger="vus")
    shown = dispatch_detail(dispatch, insider=True)
    assert {one.item.id for one in shown.events} == {event.pk, other.pk}
    for one in shown.events:
        detail = event_detail(Event.objects.get(pk=one.item.id))
        assert one.evidence in detail.evidence
        assert one.item == detail.item


@pytest.mark.django_db
def test_of_a_long_text_what_stands_around_the_evidence_is_shown():
    far = "Rien ici. " * 3_000
    text = f"{far}Avant. Les combats ont repris lundi. Après. {far}"
    event = make_event(dispatch=make_dispatch(text))
    ((dispatch, pieces),) = texts_of(event, 3)
    shown = "".join(piece.text for piece in pieces)
    assert "Avant. Les combats ont repris lundi. Après." in shown
    assert len(shown) < len(dispatch.text) / 2
    assert (shown[0], shown[-1]) == ("…", "…")
    assert [piece.text for piece in pieces if "trigger" in piece.marks] == ["repris"]


@pytest.mark.django_db
def test_a_curator_sees_the_first_texts_reprints_last_and_none_that_was_taken_back():
    first = make_dispatch()
    event = make_event(dispatch=make_dispatch(reprint_of=first))
    make_mention(event, make_dispatch(withdrawn_at=timezone.now()))
    make_mention(event, first)
    assert [dispatch.reprint_of for dispatch, _pieces in texts_of(event, 9)] == [None, first]
    assert len(list(texts_of(event, 1))) == 1


@pytest.mark.django_db
def test_reports_written_before_sentences_were_kept_get_theirs():
    dispatch = make_dispatch("Ils se sont vus lundi à Alep. Les combats ont repris après.")
    mention = make_mention(make_event(), dispatch, date_sentence_start=0, date_sentence_end=29)
    Mention.objects.update(sentence="", date_sentence="")
    import_module("events.migrations.0020_fill_sentences").fill(apps, None)
    mention.refresh_from_db()
    assert mention.sentence == "Les combats ont repris après."
    assert mention.date_sentence == "Ils se sont vus lundi à Alep."
