"""Every example of `data/<language>/roles.toml` gives the arguments that stand beside it."""

import pytest
from babel import Locale

from events.extraction import lexicon as lexicons
from events.extraction.compare import load_weights
from events.extraction.lexicon import LexiconError
from events.extraction.lexicon.concepts import body_of, concept_of, specific_concepts
from events.extraction.lexicon.roles import load_roles
from events.reasons import REASONS
from tests.extraction.arguments import filled

LANGUAGES = ["fr", "en"]
PEOPLES = [
    "AF", "AL", "DZ", "AO", "AR", "AM", "AU", "AT", "AZ", "BD", "BY", "BE", "BJ", "BO", "BA",
    "BW", "BR", "BG", "BF", "BI", "KH", "CM", "CA", "TD", "CL", "CN", "CO", "CD", "CG", "CR",
    "CI", "HR", "CU", "CY", "CZ", "DK", "DO", "EC", "EG", "SV", "ER", "EE", "ET", "FI", "FR",
    "GA", "GE", "DE", "GH", "GR", "GT", "GN", "HT", "HN", "HU", "IN", "ID", "IR", "IQ", "IE",
    "IL", "IT", "JM", "JP", "JO", "KZ", "KE", "KP", "KR", "KW", "KG", "LA", "LV", "LB", "LR",
    "LY", "LT", "LU", "MG", "MW", "MY", "ML", "MT", "MR", "MX", "MD", "MN", "ME", "MA", "MZ",
    "MM", "NA", "NP", "NL", "NZ", "NI", "NE", "NG", "NO", "OM", "PK", "PS", "PA", "PG", "PY",
    "PE", "PH", "PL", "PT", "QA", "RO", "RU", "RW", "SA", "SN", "RS", "SL", "SG", "SK", "SI",
    "SO", "ZA", "SS", "ES", "LK", "SD", "SE", "CH", "SY", "TW", "TJ", "TZ", "TH", "TG", "TN",
    "TR", "TM", "UG", "UA", "AE", "GB", "US", "UY", "UZ", "VE", "VN", "YE", "ZM", "ZW",
]  # fmt: skip
EXAMPLES = [
    pytest.param(language, example, id=f"{language}: {example.text[:40]}")
    for language in LANGUAGES
    for example in load_roles(language).examples
]


@pytest.mark.parametrize(("language", "example"), EXAMPLES)
def test_an_example_gives_its_arguments(language, example):
    found = filled(example.text, example.trigger, example.type, language, example.core)
    assert found.actors == list(example.actors)
    assert found.places == list(example.places)
    assert found.source == example.source


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_people_of_every_sovereign_country_of_some_size_has_a_name(language):
    """Islands and territories aside, newspapers write of Syrians, Chileans, Lesotho's people."""
    known = set(load_roles(language).demonyms.values())
    # One word names the people of both Congos.
    missing = set(PEOPLES) - known - {"CD"}
    names = Locale(language).territories
    assert not missing, [names[code] for code in sorted(missing)]


@pytest.mark.parametrize(
    ("language", "word", "country"),
    [
        ("fr", "syriennes", "SY"),
        ("fr", "grecque", "GR"),
        ("fr", "turques", "TR"),
        ("fr", "européen", None),
        ("en", "syrians", "SY"),
        ("en", "french", "FR"),
        ("en", "western", None),
    ],
)
def test_a_demonym_is_known_in_all_its_forms(language, word, country):
    demonyms = load_roles(language).demonyms
    assert demonyms.get(word.replace("é", "e")) == country


def test_a_word_of_either_language_names_the_same_concept():
    assert concept_of("seisme") == concept_of("earthquake") == "quake"
    assert concept_of("greve") == concept_of("walkout") == "strike"
    assert concept_of("table") == ""


def test_the_longest_entry_decides_for_a_concept():
    assert concept_of("referendums") == "referendum"
    assert concept_of("reforme") == "reform"


def test_a_body_has_one_id_whatever_language_names_it():
    assert body_of("bce") == body_of("european central bank") == "ecb"
    assert body_of("banque") == ""


def test_specific_concepts_are_concepts():
    assert "quake" in specific_concepts()
    assert "talks" not in specific_concepts()


def test_every_feature_of_a_merge_can_be_worded():
    features = load_weights().keys() - {"base"}
    assert {f"merge-{feature}" for feature in features} <= REASONS.keys()
    assert "merge-must-link" in REASONS


def test_a_wrong_file_names_itself(tmp_path, monkeypatch):
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "roles.toml").write_text('[nouns]\nghost = ["fantôme"]\n', encoding="utf-8")
    monkeypatch.setattr("events.extraction.lexicon.files.DATA", tmp_path)
    with pytest.raises(LexiconError, match=r"xx/roles\.toml"):
        load_roles("xx")
    load_roles.cache_clear()


def test_a_language_without_roles_says_so():
    with pytest.raises(LexiconError, match=r"zz/roles\.toml"):
        lexicons.load("zz").roles  # noqa: B018 - the property reads the file
