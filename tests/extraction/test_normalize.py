"""What time expressions mean where they stand."""

import sys
from datetime import date, timedelta

import dateparser
import pytest

from events import reasons
from events.extraction import lexicon as lexicons
from events.extraction import tag_times
from events.extraction.annotations import CreationTime, Reason
from events.extraction.normalize import normalize
from events.extraction.read import read
from events.extraction.recognize import recognize

THURSDAY = "2016-12-08"


def place(text, dct=THURSDAY, code="fr", candidates=()):
    """{words: expression} of a text whose day is known as far as `dct` (EDTF) says."""
    lexicon = lexicons.load(code)
    document = read(text)
    found = recognize(document, None, lexicon)
    because = Reason("dct-declared", (("date", str(dct)),))
    day = CreationTime(dct, "declared" if dct else "none", because, 1.0, candidates)
    return {t.timex.text: t for t in normalize(found, document, None, day, lexicon)}


def values(text, dct=THURSDAY, code="fr", **more):
    return {words: t.value for words, t in place(text, dct, code, **more).items()}


# --- the day that the telling is at ------------------------------------------------------------
def test_a_part_of_the_day_belongs_to_the_day_told_before():
    found = place("Ils ont appelé le 7 décembre à une trêve.\nLe projet a été discuté en soirée.")
    evening = found["en soirée"]
    assert (evening.value, evening.edtf) == ("2016-12-07TEV", "2016-12-07")
    assert evening.basis == "inherited"
    assert evening.time_of_day == "EV"
    assert dict(evening.reason.values)["source"] == "le 7 décembre"


def test_an_hour_belongs_to_the_day_named_right_after_it():
    found = values("Il est mort lundi. Vers 0 h 40, jeudi, deux voitures se suivaient.")
    assert found["0 h 40"] == "2016-12-08T00:40"


def test_midnight_ends_the_day_and_the_telling_stays_with_it():
    found = values(
        "Le 13 novembre 2015, à 21H16, tout commence. L'assaut est donné peu après minuit. "
        "Cinq jours plus tard, il est tué."
    )
    assert found["peu après minuit"] == "2015-11-14T00:00"
    assert found["Cinq jours plus tard"] == "2015-11-18"


def test_the_date_of_a_noun_does_not_move_the_telling():
    found = values(
        "Ils ont observé lundi une minute de silence après le séisme du 25 avril. "
        "Des bougies ont été allumées en début de soirée.",
        "2016-05-25",
    )
    assert found["en début de soirée"] == "2016-05-23TEV"


def test_the_day_of_a_statement_does_not_move_the_telling():
    found = values(
        "L'avion s'est écrasé mardi. Il avait décollé à l'heure, a indiqué jeudi le procureur. "
        "Le contact a été perdu à 10H40."
    )
    assert found["10H40"] == "2016-12-06T10:40"


def test_days_in_a_quotation_count_from_the_day_it_was_spoken():
    found = values("« Hier, c'était calme. Demain, je pars », a raconté mardi une habitante.")
    assert (found["Hier"], found["Demain"]) == ("2016-12-05", "2016-12-07")


def test_what_a_dateline_names_does_not_move_the_telling():
    found = values("ALEP, 1 déc 2016 (AFP) - L'armée a repris ses tirs mercredi, puis en soirée.")
    assert found["en soirée"] == "2016-12-07TEV"


# --- which side of the dispatch ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Il a parlé mardi.", "2016-12-06"),
        ("Il parlera mardi.", "2016-12-13"),
        ("Le vote est prévu mardi.", "2016-12-13"),
        ("Le vote aura lieu mardi.", "2016-12-13"),
        ("Le policier abattu lundi sera enterré.", "2016-12-05"),
        ("Ils doivent partir d'ici à mardi.", "2016-12-13"),
        ("La réunion avait été fixée à jeudi.", "2016-12-08"),
        ("Concert vendredi à la salle des fêtes.", "2016-12-09"),
    ],
)
def test_tense_and_cues_decide_the_side_of_a_weekday(text, value):
    assert value in values(text).values()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He spoke on Tuesday.", "2016-12-06"),
        ("The talks will be held on Tuesday.", "2016-12-13"),
        ("They are scheduled to leave Tuesday.", "2016-12-13"),
        ("Geneva talks are set for Feb. 8.", "2017-02-08"),
        ("It must be done by Tuesday.", "2016-12-13"),
    ],
)
def test_english_auxiliaries_decide_the_side_too(text, value):
    assert value in values(text, code="en").values()


# --- years -------------------------------------------------------------------------------------
def test_a_year_that_is_not_written_is_the_nearest():
    found = values("Le sommet du 8 février, après celui du 15 novembre.")
    assert found == {"8 février": "2017-02-08", "15 novembre": "2016-11-15"}


def test_a_weekday_decides_the_year():
    assert values("C'était le mardi 8 mars.", "2016-10-01")["le mardi 8 mars"] == "2016-03-08"
    assert values("C'était le mercredi 8 mars.", "2016-10-01")["le mercredi 8 mars"] == "2017-03-08"


def test_the_year_of_the_sentence_holds_for_its_dates():
    found = values("La grande épreuve date de 1995: le 12 décembre, un million de personnes.")
    assert found["le 12 décembre"] == "1995-12-12"


def test_without_any_year_values_keep_it_open():
    found = place("Ils ont appelé le 7 décembre à une trêve, discutée en soirée.", None)
    assert found["le 7 décembre"].edtf == "XXXX-12-07"
    assert found["le 7 décembre"].start is None
    assert found["en soirée"].value == "XXXX-12-07TEV"
    assert values("Il part demain.", None) == {"demain": "XXXX-XX-XX"}


def test_the_year_of_the_dispatch_alone_dates_its_days():
    found = place("Ils ont appelé le 7 décembre à une trêve ; l'an dernier, rien.", "2016")
    assert found["le 7 décembre"].value == "2016-12-07"
    assert found["l'an dernier"].value == "2015"


def test_today_lies_in_the_month_of_a_dispatch_dated_by_month():
    found = place("Ils parlent aujourd'hui et hier.", "2016-12")
    assert (found["aujourd'hui"].value, found["aujourd'hui"].edtf) == ("2016-12-XX", "2016-12")
    assert found["hier"].edtf is None


def test_what_most_of_the_likely_days_agree_on_is_kept():
    because = Reason("dct-elapsed")
    days = (("2017-12-10", 0.5, because), ("2017-12-09", 0.2, because))
    found = values("Il est mort hier. Le cortège partait lundi.", "2017-12", candidates=days)
    assert found == {"hier": "2017-12-09", "lundi": "2017-12-11"}


# --- intervals ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "edtf", "precision"),
    [
        ("depuis mars 2011", "2011-03/..", "open"),
        ("d'ici à la fin du mois", "../2016-12", "open"),
        ("jusqu'au 15 janvier", "../2017-01-15", "open"),
        ("dans la nuit de mardi à mercredi", "2016-12-06/2016-12-07", "range"),
        ("la semaine dernière", "2016-11-28/2016-12-04", "week"),
        ("l'été dernier", "2016-22", "season"),
        ("l'hiver 2015-2016", "2015-24", "season"),
        ("le premier trimestre 2017", "2017-33", "quarter"),
        ("les années 1990", "1990/1999", "range"),
        ("fin novembre", "2016-11", "month"),
        ("en 2016", "2016", "year"),
        ("hier soir", "2016-12-07", "day"),
    ],
)
def test_intervals_are_as_wide_as_the_words(text, edtf, precision):
    (found,) = place(text).values()
    assert (found.edtf, found.precision) == (edtf, precision)


def test_the_preposition_is_kept_as_evidence():
    text = "La guerre dure depuis mars 2011."
    (found,) = place(text).values()
    assert found.evidence.of(text) == "depuis mars 2011"


@pytest.mark.parametrize("text", ["le 30 février 2017", "le 31 avril", "13/13/2024"])
def test_a_day_that_no_calendar_has_keeps_its_span_and_says_so(text):
    (found,) = place(text).values()
    assert found.timex.text == text
    assert (found.value, found.edtf, found.start) == ("", None, None)
    assert found.reason.code == "timex-impossible"


def test_figures_follow_the_order_that_the_dispatch_shows():
    assert values("On 20/12/2016, not on 3/4/2016.", code="en")["3/4/2016"] == "2016-04-03"
    assert values("On 12/20/2016, not on 3/4/2016.", code="en")["3/4/2016"] == "2016-03-04"
    assert values("It was shown on 3/4/2016.", code="en")["3/4/2016"] == "2016-03-04"
    # A dispatch of January does not tell of a first of November to come.
    assert values("It was shown on 11/1/2020.", "2020-01-31", "en")["11/1/2020"] == "2020-01-11"


@pytest.mark.parametrize("dct", ["0001-01-01", "9999-12-31", "2016-02-29"])
def test_the_ends_of_the_calendar_are_no_error(dct):
    text = (
        "Il y a trois siècles, l'année prochaine, hier, demain, l'hiver dernier, le 29 février, "
        "à Noël."
    )
    assert len(place(text, dct)) == 7


# --- other languages, against an independent reading -------------------------------------------
WRITTEN = {
    "de": "{day}. {month} {year}",
    "es": "{day} de {month} de {year}",
    "it": "{day} {month} {year}",
    "pt": "{day} de {month} de {year}",
    "nl": "{day} {month} {year}",
    "ca": "{day} de {month} de {year}",
    "pl": "{day} {month} {year}",
}


@pytest.mark.parametrize("code", sorted(WRITTEN))
def test_explicit_dates_are_read_as_dateparser_reads_them(code):
    words = lexicons.load(code).times.words
    months = {w: int(v["month"]) for w, v in words.items() if "month" in v and len(w) > 4}
    agreed = 0
    for number, (month, value) in enumerate(sorted(months.items())):
        day, year = 1 + number % 28, 1990 + number
        text = WRITTEN[code].format(day=day, month=month, year=year)
        assert values(text, code=code) == {text: f"{year}-{value:02d}-{day:02d}"}
        expected = dateparser.parse(text, languages=[code])
        if expected is not None:  # it does not know every case of a Polish month
            assert expected.date().isoformat() in values(text, code=code).values()
            agreed += 1
    assert agreed >= 9


# --- reasons -----------------------------------------------------------------------------------
def test_every_reason_can_be_worded():
    lexicon = lexicons.load("fr")
    text = " ".join(e["text"] + "." for rule in lexicon.times.rules for e in rule.examples)
    codes = set()
    for dct in (THURSDAY, "2016-12", "2016", "XXXX-12-08", None):
        codes |= {t.reason.code for t in place(text, dct).values()}
    assert codes <= set(reasons.REASONS)
    assert len(codes) > 12


def test_a_reason_names_the_words_and_the_day_they_count_from():
    (found,) = place("Il est parti hier.").values()
    said = dict(found.reason.values)
    assert (said["words"], said["dct"], said["value"]) == ("hier", "2016-12-08", "2016-12-07")


def test_moving_the_dispatch_moves_what_it_tells():
    text = "Hier, mardi dernier, il y a trois jours, le mois prochain."
    here, there = place(text, "2016-12-08"), place(text, "2016-12-15")
    week = timedelta(days=7)
    for words in ("Hier", "mardi dernier", "il y a trois jours"):
        assert there[words].start - here[words].start == week
    assert date(2017, 1, 1) == here["le mois prochain"].start


# --- cost --------------------------------------------------------------------------------------
@pytest.mark.parametrize("dct", [date(2016, 12, 8), None])
@pytest.mark.parametrize(
    "piece",
    ["mardi ", "« hier, ", "il y a trois ans, 1990, ", "le 8 décembre ", "en soirée ", "à 10h, "],
)
def test_twice_the_expressions_cost_about_twice_the_calls(piece, dct):
    def cost(times):
        calls = 0

        def count(*_):
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            tag_times(piece * times, dct, "fr")
        finally:
            sys.setprofile(None)
        return calls

    tag_times(piece * 50, dct, "fr")  # whatever is loaded or compiled once
    once, twice = (cost(times) for times in (300, 600))
    assert twice < 3 * once  # quadratic would be 4


# --- counted from what is named ----------------------------------------------------------------
def test_a_length_before_a_feast_names_a_day_and_stays_a_length():
    found = place("Les députés se retrouveront deux jours avant Noël.")
    length = found["deux jours"]
    assert (length.value, length.edtf) == ("P2D", "2016-12-23")
    assert length.evidence.of("Les députés se retrouveront deux jours avant Noël.") == (
        "deux jours avant Noël"
    )
    assert place("Two days before Christmas, he left.", code="en")["Two days"].edtf == "2015-12-23"


@pytest.mark.parametrize(
    ("text", "code", "words", "edtf"),
    [
        (
            "Le référendum a eu lieu le 23 juin 2016. Le lendemain du référendum, tout a chuté.",
            "fr", "Le lendemain", "2016-06-24",
        ),
        (
            "Le séisme du 25 avril 2015 a tué 8.000 personnes. Un mois après le séisme, rien.",
            "fr", "Un mois", "2015-05",
        ),
        (
            "Cinq ans et demi après le début de la guerre en mars 2011, Alep tombe.",
            "fr", "Cinq ans et demi", "2016-09",
        ),
        (
            "The quake struck on April 25, 2015. Ten days after the quake, aid is short.",
            "en", "Ten days", "2015-05-05",
        ),
    ],
)  # fmt: skip
def test_a_length_counts_from_what_another_sentence_dates(text, code, words, edtf):
    assert place(text, code=code)[words].edtf == edtf


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("Le lendemain du référendum, la livre a chuté.", "fr", "Le lendemain"),
        ("Deux jours après le vote, il est parti.", "fr", "Deux jours"),
        # Two days are said of it: neither is certain.
        (
            "Le vote du 3 mai a été nul, le vote du 9 juin aussi. Deux jours après le vote, rien.",
            "fr", "Deux jours",
        ),
        ("Le vote a eu lieu le 3 mai. Pendant deux jours après le vote, on a compté.", "fr",
         "deux jours"),
        ("The day before the vote, he spoke.", "en", "The day"),
    ],
)  # fmt: skip
def test_what_counts_from_an_undated_event_stays_without_a_day(text, code, words):
    assert place(text, code=code)[words].edtf is None


def test_an_early_weekday_told_as_past_on_the_day_before_is_of_another_time_zone():
    found = values("He was detained early Saturday, police said.", "2016-12-09", "en")
    assert found["early Saturday"] == "2016-12-10TMO"


@pytest.mark.parametrize(
    ("text", "words", "source"),
    [
        ("Il a parlé lundi. Le texte date de 1999, ratifié deux ans plus tard.",
         "deux ans plus tard", "1999"),
        ("Il a parlé lundi. Le texte de 2009 a été rejeté l'année suivante.",
         "l'année suivante", "2009"),
        ("Le 3 mai 2016, il a signé. Deux jours plus tard, il est parti.",
         "Deux jours plus tard", "Le 3 mai 2016"),
        ("Le 13 mai 2016 à 21h16, ils sont entrés. L'assaut est donné peu après minuit.",
         "peu après minuit", "21h16"),
    ],
)  # fmt: skip
def test_a_count_says_which_of_the_days_told_before_it_counts_from(text, words, source):
    found = place(text)[words]
    because = dict(found.reason.values)
    assert because["source"].casefold() == source.casefold()
    assert because["value"] == found.edtf
