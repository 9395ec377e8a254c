"""Dates in words, in both languages; what is vague stays vague."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from events.templatetags.dates import machine_date, short_date, time_words
from events.wording import word_edtf, word_value

WORDS = [
    ("2016-12-01", "1 December 2016", "1er décembre 2016"),
    ("2016-12-07", "7 December 2016", "7 décembre 2016"),
    ("2016-12-07~", "around 7 December 2016", "vers le 7 décembre 2016"),
    ("2016-12-07?", "7 December 2016 (uncertain)", "7 décembre 2016 (incertain)"),
    ("2011-03", "March 2011", "mars 2011"),
    ("2011-03~", "around March 2011", "vers mars 2011"),
    ("2011-03/..", "since March 2011", "depuis mars 2011"),
    ("2016-12-01/..", "since 1 December 2016", "depuis le 1er décembre 2016"),
    ("../2016-12-07", "until 7 December 2016", "jusqu’au 7 décembre 2016"),
    ("../2016-12", "until December 2016", "jusqu’en décembre 2016"),
    ("2016", "2016", "2016"),
    ("201X", "2010s", "années 2010"),
    ("2016-22", "summer 2016", "été 2016"),
    ("2016-24", "winter 2016-2017", "hiver 2016-2017"),
    ("2016-33", "first quarter of 2016", "1er trimestre 2016"),
    ("2016-12-05/2016-12-11", "week of 5 December 2016", "semaine du 5 décembre 2016"),
    ("2016-12-06/2016-12-09", "from 6 to 9 December 2016", "du 6 au 9 décembre 2016"),
    ("2016-11-30/2016-12-01", "from 30 November to 1 December 2016",
     "du 30 novembre au 1er décembre 2016"),
    ("2015-12-30/2016-01-02", "from 30 December 2015 to 2 January 2016",
     "du 30 décembre 2015 au 2 janvier 2016"),
    ("2011-04/2011-08", "from April to August 2011", "avril à août 2011"),
    ("2011/2013", "from 2011 to 2013", "2011 à 2013"),
    ("XXXX-12-07", "7 December, year unknown", "7 décembre, année inconnue"),
    ("", "undated", "sans date"),
]  # fmt: skip


@pytest.mark.parametrize(("edtf", "english", "french"), WORDS)
def test_an_edtf_date_reads_as_people_say_it(edtf: str, english: str, french: str):
    with override("en"):
        assert word_edtf(edtf) == english
    with override("fr"):
        assert word_edtf(edtf).replace("\u00a0", " ") == french


@pytest.mark.parametrize("odd", ["garbage", "2016-13", "2016-02-30", "1/2/3", "2016-12-07T10:00"])
def test_what_is_no_date_comes_back_as_it_is(odd: str):
    assert word_edtf(odd) == odd


def test_a_quoted_word_in_a_reason_is_not_taken_for_a_date():
    assert word_value("lundi") == "lundi"
    assert word_value("et/ou") == "et/ou"


def test_a_list_under_a_year_does_not_repeat_it_but_never_shortens_a_vague_date():
    with override("fr"):
        assert short_date("2016-12-01") == "1er décembre"
        assert short_date("2016-12-07~") == "vers le 7 décembre 2016"
        assert short_date("2011-03/..") == "depuis mars 2011"


def test_hours_are_written_as_each_language_does():
    with override("fr"):
        assert time_words("20:30") == "20\u00a0h\u00a030"
        assert time_words("EV") == "soir"
    with override("en"):
        assert time_words("20:30") == "20:30"


def test_only_plain_dates_are_given_to_machines():
    assert machine_date("2016-12-07") == "2016-12-07"
    assert machine_date("2011-03") == "2011-03"
    for vague in ("2016-12-07~", "2011-03/..", "201X", "XXXX-12-07", "", "nonsense"):
        assert machine_date(vague) == ""
