"""Dates counted to or from an event: "trois jours après l'annonce", "au lendemain d'un vote"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from events.extraction.anchor.records import (
    Date,
    Findings,
    length_of,
    precision_of,
    shifted,
)
from events.extraction.anchor.scene import Scene
from events.extraction.annotations import Reason
from events.extraction.lexicon.times import fold
from events.intervals import bounds


class Counting:
    """Finds what the expressions of a scene count to, and dates it."""

    def __init__(self, scene: Scene, dates: Sequence[Date], found: Findings) -> None:
        self.scene = scene
        self.dates = dates
        self.found = found

    def counted_from_events(self) -> dict[int, tuple[Date, int, int]]:
        """Expressions that count to an event: first token -> (expression, its event, direction).

        "Au lendemain d'un vote", "trois jours après l'annonce": the direction is -1 where the
        event came before what the clause tells.
        """
        counted = {}
        for when in self.dates:
            after = self._connective(when)
            if after is None:
                continue
            token, direction = after
            number = self._event_after(token)
            if number is not None:
                counted[when.first] = (when, number, direction)
        return counted

    def _connective(self, when: Date) -> tuple[int, int] | None:
        i = when.last
        if i >= len(self.scene.tokens):
            return None
        if when.timex.reason.code == "timex-counted":
            return None  # what it counts from is dated, and counted
        word = fold(self.scene.tokens[i].text)
        said = dict(when.timex.timex.fields)
        if "eve" in said and word in self.scene.cues.noun_links:
            return i, -1 if int(said["eve"]) > 0 else 1
        if said.get("kind") in {"duration", "count", "eve"} or when.edtf is None:
            if word in self.scene.cues.after:
                return i, -1
            if word in self.scene.cues.before:
                return i, 1
        return None

    def _event_after(self, connective: int) -> int | None:
        """The event that stands after "après", "du": a noun at once, or the clause's verb."""
        token = self.scene.tokens[connective]
        for node in (token.head, *self.scene.tree.children[connective]):
            if node > connective and (number := self.scene.at.get(node)) is not None:
                return number
        for node in range(connective + 1, min(connective + 9, len(self.scene.tokens))):
            if self.scene.tokens[node].pos == "PUNCT":
                break
            if (number := self.scene.at.get(node)) is not None:
                return number
        return None

    def date(self, counted: dict[int, tuple[Date, int, int]]) -> None:
        for when, number, direction in counted.values():
            length = length_of(when.timex)
            if length is None:
                continue
            governor = self._clause_of(when, number)
            told = self.found.get(number)
            base = self.found.get(governor, []) if governor is not None else []
            if told and governor is not None and not base:
                # The event has its own date: the clause stands so long after it.
                self._count(governor, when, told[0].when, length, -direction)
            elif not told:
                start = base[0].when if base else None
                self._count(number, when, start, length, direction)

    def _clause_of(self, when: Date, event: int) -> int | None:
        for node in self.scene.tree.ancestors(when.top):
            number = self.scene.at.get(node)
            if (
                number is not None
                and number != event
                and not self.scene.is_noun(self.scene.triggers[number])
            ):
                return number
        return None

    def _count(
        self,
        number: int,
        when: Date,
        base: Date | None,
        length: tuple[int, str],
        direction: int,
    ) -> None:
        day = base.start if base is not None else self.scene.dct.day
        edtf = None if day is None else shifted(day, length, direction)
        if edtf is None:
            return
        start, end = bounds(edtf)
        moved = replace(when, edtf=edtf, start=start, end=end, precision=precision_of(edtf))
        from_day = base.edtf if base is not None else self.scene.dct.value
        values = (("words", when.timex.timex.text), ("from", from_day or ""))
        self.found.add(number, moved, "counted", Reason("anchor-counted", values))
