"""What a rule cannot match without: so that most rules need not be tried on most words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

Codes = frozenset[str]


class Part(NamedTuple):
    """A piece of a pattern: a parenthesis, "|", "?" or a word that must stand there.

    `codes` are those that the word can have, empty for the other pieces.
    """

    sign: str
    codes: Codes = frozenset()


def needed(parts: Sequence[Part], common: Codes) -> tuple[Codes, Codes]:
    """Two sets of codes of each of which every match holds one; empty where it can do without.

    They are the rarest that there are: `common` are the codes of words that stand everywhere.
    """
    found = sorted(
        (need for need in _Walk(parts).alternatives() if need),
        key=lambda need: (len(need & common), len(need)),
    )
    first = found[0] if found else frozenset()
    return first, next((need for need in found if need != first), frozenset())


class _Walk:
    """Goes once through the pieces of a pattern."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.at = 0

    def alternatives(self) -> list[Codes]:
        """As far as the closing parenthesis: what all alternatives need, one or the other."""
        branches = [self._sequence()]
        while self.at < len(self.parts) and self.parts[self.at].sign == "|":
            self.at += 1
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        if not all(branches):
            return []
        return [frozenset().union(*(min(branch, key=len) for branch in branches))]

    def _sequence(self) -> list[Codes]:
        """All pieces must be there."""
        found: list[Codes] = []
        while self.at < len(self.parts) and self.parts[self.at].sign not in {")", "|"}:
            part = self.parts[self.at]
            self.at += 1
            needs = [part.codes] if part.codes else []
            if part.sign in {"(", "(?"}:
                needs = self.alternatives()
                self.at += 1
            if part.sign != "(?" and not self._optional():
                found += needs
        return found

    def _optional(self) -> bool:
        if self.at < len(self.parts) and self.parts[self.at].sign == "?":
            self.at += 1
            return True
        return False
