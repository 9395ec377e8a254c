"""Words that name the same thing in any of our languages: `data/concepts.toml`."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache

from events.extraction.lexicon.files import DATA, LexiconError

_FILE = DATA / "concepts.toml"


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
def _concepts() -> tuple[dict[str, str], dict[str, str]]:
    """(whole word -> concept, prefix -> concept). Raises LexiconError."""
    try:
        table = tomllib.loads(_FILE.read_text(encoding="utf-8"))["concepts"]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise LexiconError(f"{_FILE.name}: {error}") from error
    whole: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    for concept, entries in table.items():
        for entry in entries:
            home = whole if entry.endswith("=") else prefixes
            word = entry.removesuffix("=")
            if home.setdefault(word, concept) != concept:
                raise LexiconError(f"{_FILE.name}: {entry!r} is {home[word]} and {concept}")
    return whole, prefixes
