"""Every bad input of the list is tried somewhere: the list names tests that are there."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
LIST = tomllib.loads((Path(__file__).parent / "cases.toml").read_text(encoding="utf-8"))
CASES = {int(number): row for part in LIST.values() for number, row in part.items()}


@cache
def names_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_the_list_is_whole():
    assert sorted(CASES) == list(range(1, 118))


@pytest.mark.parametrize("number", CASES)
def test_a_case_is_tried(number):
    _what, *tests = CASES[number]
    assert tests
    for one in tests:
        file, _, name = one.partition("::")
        assert name in names_in(file), one
