"""How sure a date is: the weights of `data/confidence.toml`, fitted on annotated dispatches."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from events.extraction.lexicon.files import DATA, LexiconError


@dataclass(frozen=True, slots=True)
class Confidence:
    """Log odds by sign; a sign that was too rare to be weighed counts nothing."""

    base: float
    weights: Mapping[str, float]

    def probability(self, signs: Iterable[str]) -> float:
        """The probability that what bears these signs is an event on this day."""
        odds = self.base + sum(self.weights.get(sign, 0.0) for sign in signs)
        return round(1 / (1 + exp(-odds)), 3)


@lru_cache(maxsize=1)
def load_confidence() -> Confidence:
    """Read the weights. Raises LexiconError if the file is wrong."""
    path = DATA / "confidence.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        weights = {
            f"{group}.{name}": float(value)
            for group, table in data["weights"].items()
            if isinstance(table, dict)
            for name, value in table.items()
        }
        weights |= {
            name: float(value)
            for name, value in data["weights"].items()
            if not isinstance(value, dict)
        }
        return Confidence(float(data["base"]), weights)
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise LexiconError(f"confidence.toml: {error}") from error
