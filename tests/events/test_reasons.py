"""Reasons are worded, in every language, for every code that the code can produce."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from events.extraction.annotations import Reason
from events.reasons import REASONS, word

ROOT = Path(__file__).resolve().parents[2]


def codes_in_use() -> Iterator[tuple[str, str]]:
    """(code, file) of `Reason("…")`, `UnreadableDispatch("…")`, `{"code": "…"}` in the source."""
    for path in sorted((ROOT / "events").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]
                if name.lower() in {"reason", "_reason", "unreadabledispatch"} and given:
                    yield from ((code, path.name) for code in literals(given[0]))
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "code":
                        yield from ((code, path.name) for code in literals(value))


def literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return []


def test_every_code_in_use_is_worded():
    unworded = sorted({pair for pair in codes_in_use() if pair[0] not in REASONS})
    assert not unworded, f"add a sentence to events/reasons.py for {unworded}"


def test_blanks_of_sentences_are_named():
    for code, sentence in REASONS.items():
        without_named = re.sub(r"%\(\w+\)s|%%", "", sentence)
        assert "%" not in without_named, code


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", sorted(REASONS))
def test_a_reason_without_its_values_still_has_words(code: str, language: str):
    with override(language):
        assert word({"code": code, "values": {}})


def test_dates_in_a_reason_are_words_with_their_weekday():
    with override("en"):
        sentence = word(Reason("dct-declared", (("date", "2016-12-08"),)))
    assert sentence == "The day of the dispatch, Thursday 8 December 2016, was given with it."


def test_a_stored_reason_reads_as_the_record_does():
    stored = {"code": "dct-declared", "values": {"date": "2016-12-08"}}
    record = Reason("dct-declared", (("date", "2016-12-08"),))
    assert word(stored) == word(record)


def test_an_unknown_code_is_shown_as_it_is():
    assert word({"code": "never-heard-of", "values": {"x": "1"}}) == "never-heard-of"
    assert word("") == ""


def test_amounts_in_a_reason_are_written_as_numbers_are():
    told = {"code": "events-cut", "values": {"count": "2000"}}
    with override("en"):
        assert word(told) == "Only the first 2,000 events of the text were kept."
    with override("fr"):
        assert "2\N{NO-BREAK SPACE}000" in word(told)
