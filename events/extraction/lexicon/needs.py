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


def needed(parts: Sequence[Part], common: Codes) -> Codes:
    """Codes one of which every match holds; empty if the pattern can do without any.

    `common` are the codes of words that stand everywhere: they are taken only for want of better.
    """
    return _Walk(parts, common).alternatives()


class _Walk:
    """Goes once through the pieces of a pattern."""

    def __init__(self, parts: Sequence[Part], common: Codes) -> None:
        self.parts = parts
        self.common = common
        self.at = 0

    def alternatives(self) -> Codes:
        """As far as the closing parenthesis: one of the alternatives must be there."""
        branches = [self._sequence()]
        while self.at < len(self.parts) and self.parts[self.at].sign == "|":
            self.at += 1
            branches.append(self._sequence())
        return frozenset().union(*branches) if all(branches) else frozenset()

    def _sequence(self) -> Codes:
        """All pieces must be there: the rarest tells most."""
        best: Codes = frozenset()
        while self.at < len(self.parts) and self.parts[self.at].sign not in {")", "|"}:
            part = self.parts[self.at]
            self.at += 1
            found = part.codes
            if part.sign in {"(", "(?"}:
                found = self.alternatives()
                self.at += 1
            if part.sign == "(?" or self._optional():
                continue
            if found and (not best or self._rank(found) < self._rank(best)):
                best = found
        return best

    def _optional(self) -> bool:
        if self.at < len(self.parts) and self.parts[self.at].sign == "?":
            self.at += 1
            return True
        return False

    def _rank(self, codes: Codes) -> tuple[int, int]:
        return len(codes & self.common), len(codes)
