"""The dates that formats declare."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.readers.dates import day, moment


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("20161208T142200Z", "2016-12-08"),
        ("20161208T142200+0000", "2016-12-08"),
        ("2016-12-08T23:59:00.000-11:00", "2016-12-08"),
        ("20161208", "2016-12-08"),
        ("Thu, 08 Dec 2016 14:22:00 +0100", "2016-12-08"),
        ("Thu, 8 Dec 16 14:22 GMT", "2016-12-08"),
        ("jeu., 08 déc. 2016 14:22:00 +0100", "2016-12-08"),
        ("jeudi 8 décembre 2016, 14:22", "2016-12-08"),
        ("08 Dez 2016", "2016-12-08"),
        ("8 de diciembre de 2016", "2016-12-08"),
        ("16 AOU 1986 13:48", "1986-08-16"),
        ("  2016-12-08\n", "2016-12-08"),
    ],
)
def test_a_day_is_read_in_its_own_zone(written, found):
    assert day(written) == date.fromisoformat(found)


@pytest.mark.parametrize(
    "written",
    [
        None, "", "hier", "demain", "il y a 2 heures", "jeudi", "décembre 2016", "2016", "mars",
        "2016-13-40", "30 février 2016", "31 avril 2016", "0000-00-00", "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT", "1066-10-14", "9" * 1000, "8 déc. 2016 " * 50,
    ],
)  # fmt: skip
def test_what_names_no_day_is_none(written):
    assert moment(written) is None


@settings(max_examples=200, deadline=1_000)
@given(st.text(max_size=80))
def test_any_words_are_a_moment_or_none(written):
    assert isinstance(moment(written), datetime | None)


def test_a_date_that_is_no_date_costs_little():
    started = time.process_time()
    for written in ("1234 " * 12, "déc. " * 12, "31/12/99 " * 6, "12:12:12 2016 12 " * 3):
        moment(written)
    assert time.process_time() - started < 2
