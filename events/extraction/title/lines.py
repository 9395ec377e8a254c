"""Pieces of a title, and how they become one line of text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from events.extraction.annotations import Arguments, NormalizedTimex, Trigger
from events.extraction.reading import Reading

_TIGHT_BEFORE = re.compile(r"\s+([,.)\]»”])")
_EDGES = ' ,;:.-–—"“”«»()|\n\t'

_DATES = frozenset({"DATE", "TIME"})
_OWN = frozenset({"DET", "ADJ", "NUM"})

NEAR = 500  # characters around an event from which its title takes words
NEVER, LATE, SOON = 0, 1, 2  # when a piece may be left out to fit


@dataclass(frozen=True, slots=True)
class Piece:
    """A phrase of the title: its tokens, and when it may go.

    `words` stands for the tokens' own text: a name for a pronoun.
    """

    tokens: tuple[int, ...]
    spare: int = NEVER
    words: str = ""


def _start(timex: NormalizedTimex) -> int:
    return timex.timex.span.start


class Lines:
    """What one title is made of, and its text."""

    def __init__(
        self,
        trigger: Trigger,
        arguments: Arguments,
        timexes: Sequence[NormalizedTimex],
        reading: Reading,
    ) -> None:
        self.trigger = trigger
        self.arguments = arguments
        self.reading = reading
        self.tokens = reading.tokens
        self.tree = reading.tree
        self.labels = reading.labels
        self.roles = reading.roles
        self.kept: dict[int, set[int]] = {}
        self.dated = self._find_dated(timexes)

    def _find_dated(self, timexes: Sequence[NormalizedTimex]) -> set[int]:
        """The tokens of the dates that a title can do without, with the words that lead to them."""
        dated: set[int] = set()
        told = self.trigger.span
        near = (bisect_left(timexes, at, key=_start) for at in (told.start - NEAR, told.end + NEAR))
        for one in timexes[slice(*near)]:
            words = self.reading.inside(one.evidence or one.timex.span)
            if not words:
                continue
            start = self._phrase_start(words[0])
            counted = one.timex.type == "DURATION" and self._is_counted_from(start, words)
            if self.trigger.token in words or counted:
                dated.update(range(words[0], start))  # "deux jours après le séisme"
            elif one.timex.type in _DATES and not self._is_needed(words):
                dated.update(words)
                mark = min(words[-1] + 1, len(self.tokens) - 1)
                if self.tokens[mark].pos == "PART" and self.tokens[mark].head in words:
                    dated.add(mark)  # "Sunday's final"
                elif self.tokens[mark].pos == "ADJ" and self.tokens[words[-1]].pos == "NUM":
                    dated.add(mark)  # "à 07H40 locales"
        return dated

    def _is_counted_from(self, start: int, length: range) -> bool:
        """Whether a length of time is counted from an event noun, whose words begin at `start`."""
        named = self.tokens[self.trigger.token].pos in {"NOUN", "PROPN"}
        return named and length[-1] + 2 == start and self.tokens[start - 1].pos == "ADP"

    def _phrase_start(self, first: int) -> int:
        """Where the event's own words begin, not before a token."""
        start = self.trigger.token
        while start > first and self.tokens[start - 1].pos in _OWN:
            start -= 1
        contracted = start > first and self.reading.folded[start - 1] in self.roles.contracted
        return start - 1 if contracted else start  # the article in "à treize jours du duel"

    def _is_needed(self, date: range) -> bool:
        """Whether a date is part of a name, or what is told of: "the 2024 Games", "la journée
        d'action a réuni"."""
        tokens, labels = self.tokens, self.labels
        named = labels.premodifier - labels.possessor | labels.any_subject
        for i in date:
            token = tokens[i]
            if token.head > date[-1] and token.dep in named:
                return True
            for child in self.tree.children[i]:
                if child < date[0] and tokens[child].dep in labels.premodifier:
                    return True
        return False

    def _is_temporal(self, i: int) -> bool:
        """A word of a date, which a title leaves to the timeline."""
        return i in self.dated or self.reading.is_temporal(i)

    def _text(self, pieces: Iterable[Piece], *, polished: bool = True) -> str:
        words: dict[int, str] = {}
        for piece in pieces:
            if piece.words:
                words.setdefault(piece.tokens[0], piece.words)
            else:
                for i in piece.tokens:
                    if i not in self.dated:
                        words.setdefault(i, self.tokens[i].text)
        out = ""
        previous: int | None = None
        for i in self._without_loose_end(sorted(words), words):
            if previous is not None:
                as_written = (words[previous], words[i]) == (self._own(previous), self._own(i))
                touching = as_written and self.tokens[previous].end == self.tokens[i].start
                elided = self.reading.folded[previous] in self.roles.elided
                out += "" if as_written and (touching or elided) else " "
            out += words[i]
            previous = i
        return self._polished(out) if polished else out

    def _own(self, i: int) -> str:
        """The text of a token; "" behind the last, where only words of a piece may stand."""
        return self.tokens[i].text if i < len(self.tokens) else ""

    def _without_loose_end(self, order: list[int], words: dict[int, str]) -> list[int]:
        """Without the words at the end that would lead on: "à ce", "d'", "before", "to"."""
        roles = self.roles
        while len(order) > 1 and words[order[-1]] == self._own(order[-1]):
            token = self.tokens[order[-1]]
            leads = token.pos in {"DET", "SCONJ", "CCONJ"} or (
                token.pos in {"ADP", "PART"}
                and token.dep in self.labels.leading_on
                and not any(c in words for c in self.tree.children[order[-1]] if c < order[-1])
            )
            word = self.reading.folded[order[-1]]
            if word in roles.exceptives:  # without what is left, "ne" would deny it
                order = [i for i in order if self.reading.folded[i] not in roles.half_negations]
            elif not leads and word not in roles.leading_on and not self._is_cut(order[-1], words):
                break
            order = order[:-1]
        return order

    def _is_cut(self, i: int, words: dict[int, str]) -> bool:
        """A noun of time whose date was left out: "début" of "début juin"."""
        if self.reading.folded[i] not in self.roles.time_nouns:
            return False
        near = {*self.tree.children[i], self.tokens[i].head} - {i}
        if all(self.tokens[c].pos != "DET" for c in self.tree.children[i]):  # "début juin"
            near.add(min(i + 1, len(self.tokens) - 1))
        return any(self.reading.is_temporal(n) and n not in words for n in near)

    def _polished(self, text: str) -> str:
        text = _TIGHT_BEFORE.sub(r"\1", " ".join(text.split())).strip(_EDGES)
        if len(text) > 3 and text.isupper():
            text = text.lower()
        return text[:1].upper() + text[1:]
