"""Times that do not exist, or that mean two things: no day is invented. Ids are case numbers."""

from datetime import date

import pytest

from events import readers
from events.extraction import Extraction, extract_one

SIGNED = "Ils ont signé un accord {} à Paris."
WRITTEN = date(2018, 6, 1)


def told(when: str, written: date | None = WRITTEN, sentence: str = SIGNED) -> Extraction:
    (reading,) = readers.read(sentence.format(when).encode())
    return extract_one(reading.text, written)


def days(extraction: Extraction) -> list[str]:
    return [mention.edtf or "" for mention in extraction.mentions]


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("le 30 février 2017", id="73"),
        pytest.param("le 31 avril 2017", id="74"),
        pytest.param("le 29 février 2023", id="75"),
        pytest.param("le 29 février 1900", id="76"),
        pytest.param("le 32 décembre 2016", id="77"),
        pytest.param("le 0 janvier 2017", id="78"),
        pytest.param("le 13/13/2024", id="79"),
        pytest.param("le 99 mars", id="83"),
    ],
)
def test_a_day_that_does_not_exist_keeps_its_words_and_dates_nothing(when):
    extraction = told(when)
    assert days(extraction) in ([], [""])
    assert "dates-impossible" in extraction.notices
    (timex,) = extraction.timexes
    assert timex.timex.text == when
    assert timex.edtf is None


@pytest.mark.parametrize(
    "when",
    [
        pytest.param("en l'an 0", id="81"),
        pytest.param("le 3 mars 99999", id="81-far"),
        pytest.param("le 12 mars -44", id="82"),
        pytest.param("le 3 13 2024", id="84"),
    ],
)
def test_what_is_no_date_dates_nothing(when):
    assert days(told(when)) in ([], [""])


@pytest.mark.parametrize(
    ("when", "edtf"),
    [
        pytest.param("le 29 février 2024", "2024-02-29", id="75"),
        pytest.param("le 29 février 2000", "2000-02-29", id="76"),
        pytest.param("le 3/4/2024", "2024-04-03", id="80"),
        pytest.param("en 1984", "1984", id="85-year"),
        pytest.param("en mars", "2018-03", id="85-month"),
        pytest.param("le 3 mars 2017 à 25h00", "2017-03-03", id="86-hour"),
        pytest.param("le 3 mars 2017 à 24:60", "2017-03-03", id="86-minute"),
        pytest.param("le 31 mars 2024 à 02h30", "2024-03-31", id="87-skipped"),
        pytest.param("le 27 octobre 2024 à 02h30", "2024-10-27", id="87-twice"),
        pytest.param("le 3 mars 1900", "1900-03-03", id="88-1900"),
        pytest.param("le 3 mars 2100", "2100-03-03", id="88-2100"),
        pytest.param("le 10 octobre 1582", "1582-10-10", id="89"),
        pytest.param("le ٣ mars ٢٠١٧", "2017-03-03", id="91-digits"),
        pytest.param("le 3\u00a0mars\u202f2017", "2017-03-03", id="91-spaces"),
        pytest.param("le 3 ma\u200brs 2017", "2017-03-03", id="91-no-width"),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(when, edtf):
    (mention,) = told(when).mentions
    assert mention.edtf == edtf
    assert mention.time_of_day == ""


def test_a_date_in_figures_is_read_as_its_language_writes_it():
    (mention,) = told("3/4/2024", sentence="They signed an agreement on {} in Paris.").mentions
    assert mention.edtf == "2024-03-04"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Ils ont attaqué le serveur 10.0.0.1 à Paris.", id="90-address"),
        pytest.param("Ils ont attaqué 1,234.5 positions à Paris.", id="90-number"),
        pytest.param("Ils ont attaqué l'article 12 à Paris.", id="90-article"),
    ],
)
def test_a_number_is_no_date(text):
    assert not told("", sentence=text).timexes


def test_a_stretch_that_ends_before_it_begins_is_never_stored_so():
    extraction = told("du 10 mars 2017 au 3 mars 2017")
    for mention in extraction.mentions:
        assert mention.start is None or mention.end is None or mention.start < mention.end


def test_tomorrow_is_no_day_where_nobody_knows_today():
    assert days(told("demain", None, "Ils signeront un accord {} à Paris.")) in ([], [""])
