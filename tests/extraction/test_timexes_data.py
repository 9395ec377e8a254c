"""Every rule of every language finds its examples, with their values, and not its rejects."""

from datetime import date

import pytest

from events.extraction import lexicon as lexicons
from events.extraction.infer_dct import infer_dct
from events.extraction.lexicon.files import languages_with
from events.extraction.normalize import normalize
from events.extraction.read import read
from events.extraction.recognize import recognize

THURSDAY = "2016-12-08"  # the day of the dispatch where an example does not say another
LANGUAGES = sorted(languages_with("timexes.toml"))
RULES = [(code, rule) for code in LANGUAGES for rule in lexicons.load(code).times.rules]
EXAMPLES = [
    pytest.param(code, rule, example, id=f"{rule.id}: {example['text']}")
    for code, rule in RULES
    for example in rule.examples
]
REJECTS = [
    pytest.param(code, rule, text, id=f"{rule.id}: {text}")
    for code, rule in RULES
    for text in rule.rejects
]


def tag(text, code, dct=THURSDAY):
    lexicon = lexicons.load(code)
    document = read(text)
    found = recognize(document, None, lexicon)
    day = infer_dct(document, found, None, lexicon, date.fromisoformat(dct), None)
    return normalize(found, document, None, day, lexicon)


@pytest.mark.parametrize(("code", "rule", "example"), EXAMPLES)
def test_a_rule_finds_and_places_its_examples(code, rule, example):
    found = tag(example["text"], code, example.get("dct", THURSDAY))
    wanted = example.get("span", example["text"])
    assert (wanted, example["value"], rule.id) in [
        (t.timex.text, t.value, t.timex.rule) for t in found
    ]


@pytest.mark.parametrize(("code", "rule", "text"), REJECTS)
def test_a_rule_leaves_its_rejects_alone(code, rule, text):
    assert rule.id not in [t.timex.rule for t in tag(text, code)]


def test_every_rule_is_proved_by_an_example_or_finds_nothing():
    unproved = [rule.id for _, rule in RULES if not rule.examples and rule.type != "NONE"]
    assert unproved == []
