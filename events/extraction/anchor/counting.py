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
from events.intervals import bounds


class Counting:
    """Finds what the expressions of a scene count to, and dates it."""

    def __init__(self, scene: Scene, dates: Sequence[Date], found: Findings) -> None:
        self.scene = scene
        self.dates = dates
        self.found = found

    def counted_from_events(self) -> dict[int, tuple[Date, list[int], int]]:
        """Expressions that count to events: first token -> (expression, its events, direction).

        "Au lendemain d'un vote", "deux jours après la démission de l'un et le limogeage de
        l'autre": the direction is -1 where the events came before what the clause tells.
        """
        counted = {}
        for when in self.dates:
            after = self._connective(when)
            if after is None:
                continue
            token, direction = after
            named = self._event_after(token)
            if named is not None:
                counted[when.first] = (when, self._with_conjuncts(named), direction)
        return counted

    def _with_conjuncts(self, token: int) -> list[int]:
        """The event of a token and those coordinated with it."""
        tokens = self.scene.tree.conjuncts(token)
        return list(dict.fromkeys(self.scene.at[t] for t in tokens if t in self.scene.at))

    def _connective(self, when: Date) -> tuple[int, int] | None:
        i = when.last
        if i >= len(self.scene.tokens):
            return None
        if when.timex.reason.code == "timex-counted":
            return None  # what it counts from is dated, and counted
        word = self.scene.folded[i]
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
        """Where the event stands after "après", "du": a noun at once, or the clause's verb."""
        token = self.scene.tokens[connective]
        for node in (token.head, *self.scene.tree.children[connective]):
            if node > connective and node in self.scene.at:
                return node
        for node in range(connective + 1, min(connective + 9, len(self.scene.tokens))):
            if self.scene.tokens[node].pos == "PUNCT":
                break
            if node in self.scene.at:
                return node
        return None

    def date(self, counted: dict[int, tuple[Date, list[int], int]]) -> None:
        for when, numbers, direction in counted.values():
            length = length_of(when.timex)
            if length is None:
                continue
            governor = self._clause_of(when, numbers[0])
            base = self.found.get(governor, []) if governor is not None else []
            start = base[0].when if base else self._told_before(when, governor)
            start = self._just_named(when) or start
            for number in numbers:
                told = self.found.get(number)
                if told and governor is not None and not base:
                    # The event has its own date: the clause stands so long after it.
                    self._count(governor, when, told[0].when, length, -direction)
                elif not told and (base or start or (direction < 0 and self._tells(governor))):
                    self._count(number, when, start, length, direction)

    def _just_named(self, when: Date) -> Date | None:
        """The day that stands right before a count: "mardi soir, un jour après l'incendie"."""
        if when.first < 2 or self.scene.tokens[when.first - 1].text != ",":
            return None
        return next((d for d in self.dates if d.last == when.first - 1 and d.edtf), None)

    def _clause_of(self, when: Date, event: int) -> int | None:
        """The verb that an expression counts from or dates: "arrêtés deux jours après"."""
        before = when.first - 1
        while before >= 0 and self.scene.tokens[before].pos in {"ADV", "ADP", "DET"}:
            before -= 1
        number = self.scene.at.get(before)
        if number is not None and self.scene.tokens[before].pos in {"VERB", "AUX"}:
            return number
        comma = before >= 0 and self.scene.tokens[before].text == ","
        verbs = []
        for node in self.scene.tree.ancestors(when.top):
            number = self.scene.at.get(node)
            if (
                number is not None
                and number != event
                and not self.scene.is_noun(self.scene.triggers[number])
                # Behind a comma it is said of the sentence, not of a noun's participle.
                and not (comma and node < before and not self.scene.is_finite(node))
            ):
                verbs.append(number)
        return next((n for n in verbs if n in self.found), verbs[0] if verbs else None)

    def _tells(self, governor: int | None) -> bool:
        """Whether a clause without a date tells the news, from whose day may be counted."""
        if governor is None:
            return True
        return self.scene.is_finite(self.scene.triggers[governor].token)

    def _told_before(self, when: Date, governor: int | None) -> Date | None:
        """The day of the sentences before, from which "ces aveux interviennent …" counts."""
        if governor is None or self.scene.tense(self.scene.triggers[governor].token) != "present":
            return None
        sentence = self.scene.parsed.sentence_of[when.top]
        for number in range(governor - 1, -1, -1):
            trigger = self.scene.triggers[number]
            if number not in self.found or trigger.sentence >= sentence:
                continue
            day = self.found[number][0].when
            tense = self.scene.tree.tense(trigger.token)
            if tense in {"past", "perfect"} and day.precision == "day":
                return day if self.scene.is_main(trigger) else None
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
