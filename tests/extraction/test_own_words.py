"""A newsroom's own words go before those of the lexicon."""

from datetime import date

import pytest

from events.extraction import ExtractionRequest, OwnWord, extract


def events_of(text, *own, language="fr"):
    request = ExtractionRequest(
        text, declared=date(2016, 12, 8), language=language, own_words=frozenset(own)
    )
    extraction = next(extract([request]))
    return {m.trigger.span.of(text): (m.arguments, m.trigger.type) for m in extraction.mentions}


def types_of(text, *own, language="fr"):
    return {word: kind for word, (_, kind) in events_of(text, *own, language=language).items()}


def test_a_word_takes_the_type_that_the_newsroom_gives_it():
    text = "La préfecture a activé le 7 décembre 2016 le plan Blizzard à Nantes."
    assert types_of(text).get("activé") != "disaster"
    assert types_of(text, OwnWord("fr", "verb", "activer", "disaster"))["activé"] == "disaster"


def test_a_known_word_takes_the_type_that_the_newsroom_gives_it():
    text = "Les rebelles ont bombardé le 7 décembre 2016 le quartier."
    assert types_of(text) == {"bombardé": "attack"}
    assert types_of(text, OwnWord("fr", "verb", "bombarder", "protest")) == {"bombardé": "protest"}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Les rebelles ont bombardé le 7 décembre 2016 le quartier.", ("verb", "bombarder")),
        ("Une attaque a eu lieu le 7 décembre 2016 à Alep.", ("noun", "attaque")),
    ],
)
def test_a_silent_word_evokes_no_event(text, own):
    assert types_of(text)
    silent = types_of(text, OwnWord("fr", *own, ""))
    assert not {word for word in silent if word in {"bombardé", "attaque"}}


def test_a_noun_of_several_words_is_read_before_the_shorter_one():
    text = "Le plan blanc du 7 décembre 2016 a mobilisé tous les hôpitaux."
    own = OwnWord("fr", "noun", "plan blanc", "disaster")
    assert "disaster" in types_of(text, own).values()
    assert "disaster" not in types_of(text).values()


def test_a_verb_with_its_noun_leaves_the_verb_alone():
    text = "Le maire a coupé le ruban le 7 décembre 2016 à Nantes."
    own = OwnWord("fr", "verb", "couper le ruban", "society")
    assert "society" in types_of(text, own).values()
    other = "L'armée a coupé la route le 7 décembre 2016 à Alep."
    assert types_of(other, own) == types_of(other)


def test_words_of_another_language_change_nothing():
    text = "Les rebelles ont bombardé le 7 décembre 2016 le quartier."
    assert types_of(text, OwnWord("en", "verb", "bombarder", "protest")) == types_of(text)


def test_a_request_leaves_those_after_it_alone():
    text = "Les rebelles ont bombardé le 7 décembre 2016 le quartier."
    types_of(text, OwnWord("fr", "verb", "bombarder", ""))
    assert types_of(text) == {"bombardé": "attack"}


def test_english_particles_are_understood():
    text = "Crews mothballed the plant on December 7, 2016."
    own = OwnWord("en", "verb", "mothball", "economy")
    assert types_of(text, own, language="en").get("mothballed") == "economy"


def test_a_newsroom_goes_before_who_does_it_to_what():
    text = "La Cour constitutionnelle a suspendu le 7 décembre 2016 la loi."
    assert types_of(text)["suspendu"] == "justice"
    assert types_of(text, OwnWord("fr", "verb", "suspendre", "politics"))["suspendu"] == "politics"
