"""How proper names are compared: folded, so that "Saint‑Denis" and "SAINT DENIS" are one."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_SEPARATORS = str.maketrans(
    {"-": " ", "‐": " ", "–": " ", "'": " ", "’": " ", "`": None, ".": " ", "œ": "oe", "æ": "ae"}
)


def fold_name(name: str) -> str:
    """Return a name in lower case, without accents, hyphens, apostrophes or dots."""
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        name = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(name.lower().translate(_SEPARATORS).split())


@lru_cache(maxsize=20_000)
def fold_often(name: str) -> str:
    """As `fold_name`, for names that come again and again."""
    return fold_name(name)


def register_key(code: str | int) -> str:
    """The key of what a register knows by this code: "=fr", "=un", "=2988507"."""
    return f"={code}".lower()


def is_general(key: str) -> bool:
    """A key of names that many stories share: the code of a country or of the UN, "=fr"."""
    return len(key) == 3 and key[0] == "="
