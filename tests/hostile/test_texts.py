"""Texts that no one writes, and that a tokenizer would sit over for minutes."""

import pytest

from events.extraction import extract_one

BEFORE = "PARIS, 3 mars 2020 (AFP) - Le ministre a démissionné mardi. "
AFTER = " Il sera remplacé jeudi."


@pytest.mark.parametrize("junk", ["[" * 100_000, "_" * 100_000, "😀" * 20_000, "a." * 20_000])
def test_events_on_both_sides_of_a_long_run_of_marks_are_found(junk):
    text = BEFORE + junk + AFTER
    mentions = extract_one(text).mentions
    assert [mention.edtf for mention in mentions] == ["2020-03-03", "2020-03-05"]
    assert [m.trigger.span.of(text) for m in mentions] == ["démissionné", "remplacé"]
