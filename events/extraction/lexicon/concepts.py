"""Words and bodies that several languages name: `data/concepts.toml`, `data/bodies.toml`."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from typing import Any

from events.extraction.lexicon.files import DATA, LexiconError
from events.extraction.lexicon.names import fold_name


@lru_cache(maxsize=50_000)
def concept_of(word: str) -> str:
    """Return the concept that a folded word belongs to, or ""."""
    whole, prefixes = _concepts()
    found = whole.get(word)
    if found is not None:
        return found
    for length in range(len(word), 2, -1):  # the longest prefix decides
        found = prefixes.get(word[:length])
        if found is not None:
            return found
    return ""


@cache
def specific_concepts() -> frozenset[str]:
    """Return the concepts that name one happening by themselves. Raises LexiconError."""
    table = _read("concepts.toml")
    unknown = set(table.get("specific", ())) - table["concepts"].keys()
    if unknown:
        raise LexiconError(f"concepts.toml: specific: unknown {', '.join(sorted(unknown))}")
    return frozenset(table.get("specific", ()))


def body_of(folded: str) -> str:
    """Return the id of the international body of this folded name, or ""."""
    return _bodies().get(folded, "")


def multiple_of(word: str) -> int:
    """Return what a folded word behind a number multiplies it by, 1 unless it does."""
    return _multiples().get(word, 1)


@cache
def _multiples() -> dict[str, int]:
    table = _read("concepts.toml")["multiples"]
    return {word: int(value) for value, words in table.items() for word in words}


@cache
def _concepts() -> tuple[dict[str, str], dict[str, str]]:
    """(whole word -> concept, prefix -> concept). Raises LexiconError."""
    whole: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for concept, entries in _read("concepts.toml")["concepts"].items():
        for entry in entries:
            home = whole if entry.endswith("=") else prefixes
            word = entry.removesuffix("=")
            if home.setdefault(word, concept) != concept:
                raise LexiconError(f"concepts.toml: {entry!r} is {home[word]} and {concept}")
    return whole, prefixes


@cache
def _bodies() -> dict[str, str]:
    found: dict[str, str] = {}
    for body, names in _read("bodies.toml")["bodies"].items():
        for name in names:
            if found.setdefault(fold_name(name), body) != body:
                raise LexiconError(f"bodies.toml: {name!r} is {found[fold_name(name)]} and {body}")
    return found


def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{name}: {error}") from error
