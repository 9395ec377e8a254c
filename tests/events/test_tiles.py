"""Tiles: the calendar cut without gap or overlap, and counts that are those of the list."""

from __future__ import annotations

from datetime import date

import pytest

from events.filters import Filters
from events.tiles import lanes, slot_edges, tile, tile_index, tile_start
from events.timeline import LEVELS, period_end, timeline_page
from tests.events.stories import make_event

DAYS = (date(1, 1, 1), date(99, 12, 31), date(1900, 2, 28), date(2016, 12, 7), date(2024, 2, 29))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("day", DAYS)
def test_the_tile_of_a_day_holds_it_and_its_slots_leave_no_gap(level, day):
    index = tile_index(level, day)
    start = tile_start(level, index)
    assert start <= day < period_end(start, level)
    edges = slot_edges(level, start)
    assert edges[0] == start.toordinal()
    assert edges[-1] == period_end(start, level).toordinal()
    assert list(edges) == sorted(set(edges))
    assert len(edges) <= 101


@pytest.mark.parametrize("level", LEVELS)
def test_the_next_index_is_the_next_period(level):
    index = tile_index(level, date(2016, 12, 7))
    end = period_end(tile_start(level, index), level)
    assert tile_start(level, index + 1) == end


@pytest.mark.parametrize(("level", "index"), [
    ("day", 0), ("day", 10**9), ("year", 0), ("year", 10_000), ("month", 3), ("week", 10**12),
    ("decade", 1000), ("century", 100), ("quarter", 10**9),
])  # fmt: skip
def test_a_period_that_no_calendar_has_is_refused(level, index):
    with pytest.raises(ValueError, match=r"."):
        tile_start(level, index)


@pytest.mark.django_db
class TestTiles:
    @pytest.fixture(autouse=True)
    def _public(self, settings):
        settings.PUBLIC_EVENTS = "all"

    def test_counts_are_by_lane_and_slot_and_sum_to_the_whole(self):
        make_event("a", "2016-12-05", type="talks")
        make_event("b", "2016-12-05", type="talks")
        make_event("c", "2016-12-31", type="toll")
        make_event("d", "2017-01-01", type="toll")
        index = tile_index("month", date(2016, 12, 1))
        found = tile("month", index, Filters(), "type", ["talks"]).as_json()
        assert found["total"] == 3
        assert found["counts"] == {"talks": [4, 2], "": [30, 1]}
        assert sorted(event["title"] for event in found["events"]) == ["a", "b", "c"]

    def test_an_event_of_two_actors_lies_in_two_lanes(self):
        event = make_event("a", "2016-12-05", actors=["A", "B"])
        keys = [str(one.actor_id) for one in event.event_actors.all()]
        found = tile("year", 2016, Filters(), "actor", keys).as_json()
        assert {key: sum(run[1::2]) for key, run in found["counts"].items()} == {
            keys[0]: 1, keys[1]: 1, "": 0,
        }  # fmt: skip
        assert sorted(found["events"][0]["lanes"]) == sorted(keys)

    def test_a_long_event_is_in_the_tiles_that_it_runs_through_but_counted_once(self):
        make_event("La guerre", "2011-03/..", type="attack")
        later = tile("year", 2016, Filters(), "type", ["attack"]).as_json()
        assert later["total"] == 0
        assert [event["title"] for event in later["events"]] == ["La guerre"]
        assert later["events"][0]["lanes"] == ["attack"]
        assert later["events"][0]["end"] is None
        assert tile("year", 2011, Filters()).total == 1
        assert tile("year", 2010, Filters()).as_json()["events"] == []

    def test_the_most_important_events_are_named_and_the_others_counted(self):
        for n in range(100):
            make_event(f"{n}", "2016-12-05", importance=n, reported=False)
        found = tile("day", date(2016, 12, 5).toordinal(), Filters()).as_json()
        assert found["total"] == 100
        names = [int(event["title"]) for event in found["events"]]
        assert names == list(range(99, 99 - len(names), -1))
        assert len(names) == 64

    def test_words_of_a_date_come_with_its_event(self):
        make_event("a", "2011-03~", time_of_day="20:30")
        event = tile("year", 2011, Filters()).as_json()["events"][0]
        assert event["date"] == "vers mars 2011"
        assert event["vague"] == 1
        assert event["minute"] == 1230

    def test_lanes_are_the_largest_values(self):
        for kind in ("talks", "talks", "toll"):
            make_event(type=kind)
        found = lanes(timeline_page(Filters()).facets, "type", 5)
        assert [(lane.key, lane.count) for lane in found] == [("talks", 2), ("toll", 1)]

    def test_lanes_are_those_that_were_chosen(self):
        for kind in ("talks", "talks", "toll"):
            make_event(type=kind)
        found = lanes(timeline_page(Filters(types=("toll",))).facets, "type", 5)
        assert [(lane.key, lane.count) for lane in found] == [("toll", 1)]

    def test_a_tile_is_small_and_says_its_version(self, client):
        for n in range(80):
            make_event(f"Un titre de longueur ordinaire, numéro {n}", "2016-12-05")
        response = client.get("/tiles/1/year/2016/", headers={"accept-encoding": "gzip"})
        assert len(response.content) <= 6 * 1024
        again = client.get("/tiles/1/year/2016/", headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304
        make_event("Un de plus")
        after = client.get("/tiles/1/year/2016/", headers={"if-none-match": response["ETag"]})
        assert after.status_code == 200

    @pytest.mark.parametrize(("url", "status"), [
        ("/tiles/1/year/2016/", 200), ("/tiles/1/month/24203/?type=talks&key=talks", 200),
        ("/tiles/1/year/0/", 404), ("/tiles/1/eon/1/", 404), ("/tiles/1/day/99999999999/", 404),
        ("/tiles/1/year/2016/?key=zzz", 400), ("/tiles/1/year/2016/?lane=actor&key=x", 400),
        ("/tiles/1/year/2016/?lane=actor&key=12", 200), ("/tiles/1/year/2016/?type=zzz", 400),
        ("/tiles/1/year/2016/?" + "&".join(f"key={n}" for n in range(50)), 400),
    ])  # fmt: skip
    def test_a_tile_that_cannot_be_is_refused_and_never_a_fault(self, client, url, status):
        assert client.get(url).status_code == status

    def test_under_approved_a_tile_holds_no_proposal(self, client, settings):
        settings.PUBLIC_EVENTS = "approved"
        make_event("Proposition", "2016-12-05")
        assert client.get("/tiles/1/year/2016/").json()["total"] == 0
