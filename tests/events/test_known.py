"""The timeline as known on a day: what was told by then, as it was told, and what came of it."""

from __future__ import annotations

from datetime import date

import pytest

from events.filters import Filters
from events.tiles import tile
from events.timeline import timeline_page
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def meeting(settings):
    """A meeting that was planned for the 8th, and took place on the 9th."""
    settings.PUBLIC_EVENTS = "all"
    event = make_event("Rencontre", "2016-12-09", type="talks", reported=False)
    before = make_dispatch("Ils se verront jeudi.", dct="2016-12-06")
    after = make_dispatch("Ils se sont vus vendredi.", dct="2016-12-10")
    make_mention(event, before, trigger="verront", date="jeudi", status="planned",
                 edtf="2016-12-08", start_date=date(2016, 12, 8), end_date=date(2016, 12, 9),
                 precision="day")  # fmt: skip
    make_mention(event, after, trigger="vus", date="vendredi")
    return event


def the_item(known: date | None):
    page = timeline_page(Filters(known=known))
    return [item for year in page.years for month in year.months for item in month.items]


def test_before_its_first_dispatch_an_event_is_unknown():
    assert the_item(date(2016, 12, 5)) == []


def test_what_was_planned_is_shown_as_planned_with_what_came_of_it():
    [item] = the_item(date(2016, 12, 7))
    assert (item.status, item.edtf) == ("planned", "2016-12-08")
    assert (item.became, item.moved) == ("survenu", "2016-12-09")
    assert "verront" in "".join(piece.text for piece in item.evidence.sentence)


def test_from_the_later_dispatch_on_it_is_as_it_is_now():
    [item] = the_item(date(2016, 12, 10))
    assert (item.status, item.became, item.moved) == ("happened", "", "")
    assert the_item(None)[0].status == "happened"


def test_a_tile_draws_it_where_it_was_told():
    found = tile("month", 2016 * 12 + 11, Filters(known=date(2016, 12, 7))).as_json()
    [event] = found["events"]
    assert event["status"] == "planned"
    assert event["start"] == date(2016, 12, 8).toordinal()


def test_bars_facets_and_lanes_count_what_was_known_then():
    make_event("Connue d'abord", "2016-12-05", dispatch=make_dispatch(dct="2016-12-06"))
    make_event("Connue plus tard", "2016-12-08", dispatch=make_dispatch(dct="2016-12-09"))
    then = Filters(known=date(2016, 12, 7))
    found = tile("month", 2016 * 12 + 11, then, "status", ["planned", "happened"])
    assert found.total == 2
    assert found.counts["planned"].tolist() == [0] * 7 + [1] + [0] * 23  # the 8th, not the 9th
    assert found.counts["happened"].tolist() == [0] * 4 + [1] + [0] * 26
    page = timeline_page(then)
    assert page.total == 2
    assert {bar.start: bar.count for bar in page.overview.bars if bar.count} == {
        date(2016, 12, 5): 1, date(2016, 12, 8): 1,
    }  # fmt: skip
    statuses = next(facet for facet in page.facets if facet.name == "status")
    assert {one.value: one.count for one in statuses.values} == {"planned": 1, "happened": 1}


def test_a_filter_asks_for_what_was_known_then():
    planned = Filters(known=date(2016, 12, 7), statuses=("planned",))
    assert timeline_page(planned).total == 1
    assert timeline_page(Filters(statuses=("planned",))).total == 0
    on_the_8th = Filters(known=date(2016, 12, 7), start=date(2016, 12, 8), end=date(2016, 12, 9))
    assert timeline_page(on_the_8th).total == 1
    before = Filters(known=date(2016, 12, 1))
    assert timeline_page(before).without == {"known": 1}


def test_a_dispatch_without_a_day_counts_from_the_day_it_was_received():
    late = make_dispatch("Les combats ont repris lundi.", dct="")
    make_event("Combats", dispatch=late)
    titles = [item.title for item in the_item(date(2016, 12, 31))]
    assert titles == ["Rencontre"]


def test_the_page_says_so_and_lets_it_go(client):
    page = client.get("/?known=2016-12-07").content.decode()
    assert "depuis\u00a0:" in page
    assert "7 décembre 2016" in page
    assert client.get("/?known=hier").status_code == 400
