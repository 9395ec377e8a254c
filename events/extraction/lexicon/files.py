"""Where the data files of a language lie, and the error that a wrong one raises."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"


class LexiconError(Exception):
    """A data file is wrong; the message names the file and the entry."""


def read_data(language: str, name: str) -> dict[str, Any]:
    """Return the tables of `data/<language>/<name>`. Raises LexiconError if it is no TOML."""
    path = DATA / language / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{language}/{name}: {error}") from error


def languages_with(name: str) -> frozenset[str]:
    """Return the codes of the languages that have a data file of this name."""
    return frozenset(path.parent.name for path in DATA.glob(f"*/{name}"))
