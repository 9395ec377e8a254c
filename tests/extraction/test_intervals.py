"""EDTF and half-open days."""

from datetime import date

import pytest

from events.intervals import bounds, comparable, from_bounds, is_open_start, precision


@pytest.mark.parametrize(
    ("edtf", "start", "end", "width"),
    [
        ("2016-12-07", date(2016, 12, 7), date(2016, 12, 8), "day"),
        ("2016-12", date(2016, 12, 1), date(2017, 1, 1), "month"),
        ("2016", date(2016, 1, 1), date(2017, 1, 1), "year"),
        ("2016-02-29", date(2016, 2, 29), date(2016, 3, 1), "day"),
        ("2015-24", date(2015, 12, 1), date(2016, 3, 1), "season"),
        ("2015-22", date(2015, 6, 1), date(2015, 9, 1), "season"),
        ("2016-35", date(2016, 7, 1), date(2016, 10, 1), "quarter"),
        ("2015-05-04/2015-05-10", date(2015, 5, 4), date(2015, 5, 11), "week"),
        ("2015-05-05/2015-05-11", date(2015, 5, 5), date(2015, 5, 12), "range"),
        ("1990/1999", date(1990, 1, 1), date(2000, 1, 1), "range"),
        ("199X", date(1990, 1, 1), date(2000, 1, 1), "range"),
        ("2011-03/..", date(2011, 3, 1), None, "open"),
        ("../2016-12-08", None, date(2016, 12, 9), "open"),
        ("XXXX-12-07", None, None, "day"),
        ("2016-12-07?", date(2016, 12, 7), date(2016, 12, 8), "day"),
        ("2016~", date(2016, 1, 1), date(2017, 1, 1), "year"),
    ],
)
def test_an_interval_is_half_open_in_days(edtf, start, end, width):
    assert bounds(edtf) == (start, end)
    assert precision(edtf) == width


@pytest.mark.parametrize(
    "edtf",
    ["2017-02-30", "2016-13", "2016-00-10", "XXXX-02-30", "0000", "2016/2015", "a/b/c", "mardi",
     "9" * 100],
)  # fmt: skip
def test_what_names_no_day_is_refused(edtf):
    with pytest.raises(ValueError, match=r".+"):
        bounds(edtf)


@pytest.mark.parametrize(
    "edtf",
    ["2016-12-07", "2016-12", "2016", "2015-05-04/2015-05-10", "2011-03-01/..", "../2016-12-08"],
)
def test_bounds_find_their_way_back(edtf):
    assert from_bounds(*bounds(edtf)) == edtf


def test_a_backward_interval_cannot_be_made():
    with pytest.raises(ValueError, match="must end after it starts"):
        from_bounds(date(2016, 12, 8), date(2016, 12, 8))


def test_days_of_unknown_years_can_be_told_apart():
    assert comparable("XXXX-12-07") == (None, 12, 7)
    assert comparable("2016-12-07") == (2016, 12, 7)
    assert comparable("2016-12") is None


def test_open_starts_are_known():
    assert is_open_start("../2016-12")
    assert not is_open_start("2016-12/..")
