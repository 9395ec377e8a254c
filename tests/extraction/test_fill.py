"""Who, where, and who says so: what single sentences of `roles.toml` cannot show."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.extraction import extract_one
from events.extraction import lexicon as lexicons
from events.extraction.fill import fill
from tests.extraction.arguments import filled, read_text, trigger_at


def test_a_surname_takes_the_full_name_of_the_document():
    text = "John Kerry est arrivé lundi à Oslo. M. Kerry a rencontré mardi des diplomates."
    assert filled(text, "rencontré", "talks").actors[0] == "John Kerry"


def test_two_ministers_of_one_phrase_keep_their_countries():
    text = (
        "Les chefs de la diplomatie américaine et russe, John Kerry et Sergueï Lavrov, se sont vus "
        "lundi. Mardi, M. Kerry a appelé son homologue russe."
    )
    assert filled(text, "appelé", "talks").actors == ["John Kerry", "Sergueï Lavrov"]


def test_a_counterpart_whom_nothing_names_stays_unnamed():
    text = "Angela Ruiz a rencontré lundi son homologue norvégien."
    assert filled(text, "rencontré", "talks").actors == ["Angela Ruiz"]


def test_a_body_is_called_by_its_acronym_once_the_text_gave_it():
    text = (
        "Trois civils ont été tués lundi à Homs, selon l'Observatoire syrien des droits de "
        "l'Homme (OSDH)."
    )
    found = filled(text, "tués", "attack")
    assert found.source == "OSDH"
    assert found.arguments.attribution.kind == "organisation"


def test_a_capital_is_a_government_when_it_acts_and_a_place_when_things_happen_there():
    acts = filled("Moscou a annoncé mardi une trêve.", "annoncé", "statement")
    assert (acts.actors, acts.places) == (["Russie"], [])
    hosts = filled("Des manifestants ont défilé mardi à Moscou.", "défilé", "protest")
    assert (hosts.actors, hosts.places) == (["manifestants"], ["Moscou"])


def test_a_city_that_hosts_games_is_no_government():
    found = filled("Paris will stage the Games in 2024.", "stage", "society", "en")
    assert found.actors in ([], ["Paris"])
    assert found.places == ["Paris"]


def test_the_place_of_another_clause_is_not_the_place_of_this_one():
    text = "Le ministre, né à Lyon, a signé mardi l'accord à Vienne."
    assert filled(text, "signé", "agreement").places == ["Vienne"]


def test_the_nearest_town_is_not_a_place_of_what_is_said_without_one():
    text = "Le pont de Gênes s'est effondré lundi. Le ministre a démissionné mardi."
    assert filled(text, "démissionné", "politics").places == []


def test_the_capital_and_the_city_are_taken_up_by_name():
    text = (
        "Une explosion a touché lundi Katmandou. Une conférence s'ouvrira mardi dans la capitale."
    )
    [place] = filled(text, "conférence", "talks").arguments.places
    assert (place.name, place.country) == ("Katmandou", "NP")
    assert place.span.of(text) == "capitale"


@pytest.mark.parametrize(
    ("site", "country", "within"),
    [
        ("dans une usine de Toulouse", "FR", "Toulouse"),
        ("au port du Havre", "FR", "Le Havre"),
        ("au tribunal de La Haye", "NL", "La Haye"),
        ("à la gare de Lyon", "", ""),  # it is in Paris, and may be anywhere for what we know
    ],
)
def test_a_site_is_in_the_country_of_its_town_but_not_at_its_middle(site, country, within):
    text = f"Un incendie s'est déclaré lundi {site}."
    [place] = filled(text, "déclaré", "disaster").arguments.places
    assert (place.kind, place.country, place.within) == ("point", country, within)
    assert place.geonames is None
    assert place.latitude is None


def test_a_date_does_not_take_the_place_away_from_the_verb():
    text = "L'avion a décollé dimanche matin d'Oslo pour Rome."
    assert set(filled(text, "décollé", "society").places) == {"Oslo", "Rome"}


def test_numbers_of_days_and_years_are_nobody():
    text = "La loi sera appliquée entre le 15 mai et le 20 juin 2024."
    assert filled(text, "appliquée", "politics").actors == []


def test_what_the_agency_asserts_has_no_source():
    assert filled("Le Parlement a adopté mardi la loi.", "adopté", "politics").source is None


@pytest.mark.parametrize(
    ("text", "trigger", "language", "kind"),
    [
        ("Le pont est tombé mardi, selon la police.", "tombé", "fr", "official"),
        ("Le pont est tombé mardi, selon le quotidien.", "tombé", "fr", "media"),
        ("Le pont est tombé mardi, selon des analystes.", "tombé", "fr", "unnamed"),
        ("Le pont est tombé mardi, a dit un habitant.", "tombé", "fr", "witness"),
        ("The bridge fell on Tuesday, according to police.", "fell", "en", "official"),
        ("The bridge fell on Tuesday, a resident said.", "fell", "en", "witness"),
    ],
)
def test_a_source_is_known_by_its_kind(text, trigger, language, kind):
    assert filled(text, trigger, "disaster", language).arguments.attribution.kind == kind


def test_the_speaker_of_a_quotation_is_named_after_it():
    text = '"Les obus sont tombés hier. Tout a brûlé", a raconté un infirmier.'
    assert filled(text, "tombés", "attack").source == "infirmier"


def test_spans_of_actors_and_places_are_those_of_the_text():
    text = "Mardi, les rebelles syriens ont attaqué Homs, a affirmé l'armée."
    found = filled(text, "attaqué", "attack").arguments
    assert [a.span.of(text) for a in found.actors] == ["rebelles syriens"]
    assert [p.span.of(text) for p in found.places] == ["Homs"]
    assert found.attribution.span.of(text) == "armée"


WORDS = ["Le ministre", "M.", "Kerry", "et", ",", "Moscou", "son homologue russe", "a",
         "rencontré", "selon", "la police", "\n\n", "«", "»", '"', "l'", "ONU", "(", "OSDH", ")",
         "le 3 mai 2015", "dont", "Paris", "ils", "qui", "The king said", "in",
         "London", "7.162.90", "3,5", "1²"]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25), st.sampled_from(["fr", "en"]))
def test_no_text_raises_and_every_span_lies_in_it(words, language):
    text = " ".join(words)
    for mention in extract_one(text, language=language).mentions:
        arguments = mention.arguments
        spans = [a.span for a in (*arguments.actors, *arguments.places)]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.name.strip() for a in (*arguments.actors, *arguments.places))


def test_what_the_first_sentence_says_was_done_was_done_where_the_dateline_stands():
    text = (
        "LE HAVRE, 22 mai 2008 (Reuters) - Les dockers ont voté jeudi la grève, malgré l'annonce."
    )
    assert filled(text, "voté", "protest").places == ["Le Havre"]
    assert filled(text, "annonce", "statement").places == []


def test_a_pronoun_of_place_takes_up_the_place_that_leads_the_sentence_before():
    text = (
        "In neighboring Zimbabwe, soldiers reached the town of Chimanimani on Tuesday. "
        "Two days of mourning begin there on Saturday."
    )
    assert filled(text, "begin", "society", "en").places == ["Zimbabwe"]


def test_an_actor_is_named_once_and_in_full():
    text = "L'armée syrienne a signé lundi un accord avec l'armée."
    assert filled(text, "signé", "agreement").actors == ["armée syrienne"]


def test_the_place_of_one_event_in_a_sentence_is_not_that_of_another():
    text = "Le maire a démissionné jeudi, au lendemain d'un attentat à Lille."
    document, parsed = read_text(text, "fr")
    kinds = {"démissionné": "politics", "attentat": "attack"}
    triggers = [trigger_at(word, text, kind, "fr") for word, kind in kinds.items()]
    places = [
        [place.name for place in arguments.places]
        for arguments in fill(triggers, document, parsed, lexicons.load("fr"))
    ]
    assert places == [[], ["Lille"]]


def test_what_is_done_at_the_site_that_a_dispatch_is_about_happens_there():
    text = (
        "Un cargo s'est échoué lundi dans le canal de Panama. Trois remorqueurs sont arrivés "
        "mardi. Le ministre a présenté ses excuses. Le canal a été rouvert mercredi."
    )
    assert filled(text, "arrivés", "aid").places == ["canal de Panama"]
    assert filled(text, "rouvert", "economy").places == ["canal de Panama"]
    assert filled(text, "présenté", "statement").places == []


def test_a_site_named_once_is_not_what_a_dispatch_is_about():
    text = "Le ministre a visité lundi le canal de Panama. Trois remorqueurs sont arrivés mardi."
    assert filled(text, "arrivés", "aid").places == []


def test_fights_happen_in_the_town_that_a_dispatch_is_about():
    text = (
        "L'armée a bombardé lundi Mossoul. Les habitants de Mossoul se terrent. Quatre soldats ont "
        "été tués mardi. Une trêve est espérée à Mossoul."
    )
    assert filled(text, "tués", "attack").places == ["Mossoul"]
    assert filled(text, "espérée", "talks").places == ["Mossoul"]
