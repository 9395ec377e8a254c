"""Of the dates found for a trigger, the ones that it keeps, in the light of its verb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from events.extraction.anchor.records import Date, Findings, Found, moved, rank, redated
from events.extraction.anchor.scene import Scene
from events.extraction.annotations import Anchoring, Basis, Reason, Trigger
from events.extraction.lexicon.confidence import load_confidence

_WEEK = timedelta(days=7)
_OVER = frozenset({"past", "perfect", "pluperfect"})
_BASIS_OF_LINK: dict[str, Basis] = {
    "counted": "relative", "inherited": "inherited", "dct": "dct",
}  # fmt: skip
_FAR = 6  # tokens between the dates of one list
# Less likely than this is no event. Missing one costs a reader more than one too many, which says
# of itself how likely it is.
LEAST = 0.18
_MANY = 8  # dates of a text
_MARKS = frozenset(",;:()")
_OF_ITS_CLAUSE = frozenset({"clause", "adjacent", "noun", "sentence"})


class Settling:
    """Makes the anchoring of each trigger of a scene."""

    def __init__(self, scene: Scene, dates: Sequence[Date], found: Findings) -> None:
        self.scene = scene
        self.dates = dates
        self.found = found
        self.weights = load_confidence()

    def settled(self, number: int) -> Anchoring | None:
        trigger = self.scene.triggers[number]
        options = [
            self._in_its_clause(found, trigger)
            if found.link in _OF_ITS_CLAUSE
            else found
            for found in self.found.get(number, [])
        ]
        if not options:
            return None
        best = min(options, key=lambda option: self._rank(option, trigger))
        kept = [best]
        for option in options:
            days = {other.when.edtf for other in kept}
            if option.when.edtf not in days and any(
                self._coordinated(option.when, other.when) for other in kept
            ):
                kept.append(option)
        likely = [
            anchoring
            for option in kept
            for anchoring in [self._anchoring(option, trigger, len(options))]
            if anchoring.confidence >= LEAST
        ]
        if not likely:
            return None
        return replace(likely[0], also=tuple(likely[1:])) if likely[1:] else likely[0]

    def _rank(self, found: Found, trigger: Trigger) -> tuple[int, ...]:
        """Of two dates as fine, the one with fewer marks between goes before the more explicit.

        "ont fêté lundi soir, place d'Armes, l'équipe battue dimanche 7 mai"
        """
        link, fineness, basis = rank(found)
        return link, fineness, self._marks_between(found.when, trigger), basis

    def _in_its_clause(self, found: Found, trigger: Trigger) -> Found:
        """A finding with its date as its verb tells it, and with that reason if it moved."""
        when, was = self._as_told(found.when, trigger), found.when
        if when is was:
            return found
        if when.start == was.start or not (when.start and was.start):
            return replace(found, when=when)
        values = (
            ("words", was.timex.timex.text),
            ("value", when.edtf or ""),
            ("nearest", was.edtf or ""),
        )
        return replace(found, when=when, reason=Reason("anchor-by-verb", values))

    def _as_told(self, when: Date, trigger: Trigger) -> Date:
        """A date in the light of its verb: the side that tense decides, the end that it sets."""
        edtf = when.edtf or ""
        said = dict(when.timex.timex.fields)
        tense = self.scene.tense(trigger.token)
        over = tense in _OVER or (not tense and self.scene.tree.is_past_participle(trigger.token))
        if said.get("relation") == "from" and edtf.endswith("/.."):
            start = redated(when, edtf.removesuffix("/.."))
            if "VerbForm=Inf" in self.scene.tokens[trigger.token].morph:
                # "ordered the army to cease fire from Monday": the order was before.
                today, weekday = self.scene.dct.day, said.get("kind") == "weekday"
                if weekday and today is not None and start.start and start.start < today:
                    when = redated(when, f"{moved(start, _WEEK, 1)}/..")
            elif over:
                # "à partir de lundi, une enquête a été menée": it began on that day.
                when = start
        elif said.get("relation") == "until" and edtf.startswith("../"):
            words = {
                self.scene.folded[t.i]
                for t in self.scene.tokens
                if when.span.start <= t.start < when.span.end
            }
            if words & self.scene.cues.before and self.scene.is_negated(trigger):
                when = redated(when, edtf.removeprefix("../") + "/..")
        on_its_side = self._on_the_side_of(tense, when, said, trigger)
        return when if on_its_side is None else redated(when, on_its_side)

    def _on_the_side_of(
        self, tense: str, when: Date, said: dict[str, str], trigger: Trigger
    ) -> str | None:
        """The date moved by a week or a year, if it lies on the side that tense excludes."""
        today = self.scene.dct.day
        if today is None or when.start is None or when.end is None or "/" in (when.edtf or "/"):
            return None
        set_for = self.scene.word(when.first - 1) in self.scene.cues.set_for
        step = _WEEK if said.get("kind") == "weekday" else None
        if self._is_put_off(trigger):
            if step is None or set_for == (when.start > today):
                return None
            return moved(when, step, 1 if set_for else -1)  # "to Tuesday", "on Tuesday"
        if trigger.status_class in {"plan", "cancel", "call"} or "year" in said or "dir" in said:
            return None
        if set_for or self.scene.is_set(trigger.token):
            return None
        if step is None and said.get("kind") not in {"date", "month"}:
            return None
        if tense in _OVER and when.start > today:
            return moved(when, step, -1)
        if tense == "future" and when.end <= today:
            return moved(when, step, 1)
        return None

    def _is_put_off(self, trigger: Trigger) -> bool:
        """Whether a thing was given a later day: "le procès a été renvoyé au 8 juin"."""
        return any(
            self.scene.lemmas[i] in self.scene.cues.putting_off
            for i in self.scene.inside(trigger.span)
        )

    def _coordinated(self, one: Date, other: Date) -> bool:
        """Whether two dates of one trigger are two days of one act: "en 1932 et 1984"."""
        if "TIME" in {one.timex.timex.type, other.timex.timex.type}:
            return False
        first, second = sorted((one, other), key=lambda when: when.first)
        between = self.scene.tokens[first.last : second.first]
        if len(between) > _FAR:
            return False
        words = set(self.scene.folded[first.last : second.first])
        if words & self.scene.cues.conjunctions:
            return True
        # A verb left out: "Rome the following autumn, Budapest last February".
        return "," in words and any(token.pos in {"PROPN", "NUM"} for token in between)

    def _anchoring(self, found: Found, trigger: Trigger, rivals: int) -> Anchoring:
        when = found.when
        sentence = self.scene.parsed.sentences[self.scene.parsed.sentence_of[when.top]].span
        signs = tuple(self._signs(found, trigger, rivals))
        return Anchoring(
            timex=None if found.link == "dct" else when.timex,
            edtf=when.edtf,
            start=when.start,
            end=when.end,
            precision=when.precision,
            basis=_BASIS_OF_LINK.get(found.link, when.timex.basis),
            reason=found.reason,
            confidence=self.weights.probability(signs),
            time_of_day=when.timex.time_of_day,
            evidence=None if found.link == "dct" else when.span,
            date_sentence=sentence,
            signs=signs,
        )

    def _signs(self, found: Found, trigger: Trigger, rivals: int) -> Iterator[str]:
        """What speaks for and against a date, by the names of `data/confidence.toml`."""
        when, token = found.when, self.scene.tokens[trigger.token]
        yield f"link.{found.link}"
        yield f"kind.{self.scene.sort(trigger)}"
        yield f"precision.{when.precision}"
        yield f"basis.{when.timex.basis}"
        yield f"tense.{self.scene.tense(trigger.token) or 'none'}"
        gap = max(when.first - trigger.token, trigger.token - when.last)
        yield "gap.near" if gap <= 3 else "gap.far" if gap > 12 else "gap.middle"
        if self.scene.is_noun(trigger):
            yield "noun"
        if (
            token.dep
            in self.scene.tree.labels.participle_clause | self.scene.tree.labels.relative_clause
        ):
            yield "clause.relative"
        elif not self.scene.is_main(trigger):
            yield "clause.subordinate"
        if self.scene.quotation(trigger.span) >= 0:
            yield "quoted"
        if rivals > 1:
            yield "rivals"
        yield f"date.{when.timex.reason.code.removeprefix('timex-')}"
        yield f"words.{'clock' if when.timex.timex.type == 'TIME' else 'day'}"
        yield "place.lead" if trigger.sentence <= 2 else "place.later"
        others = sum(1 for other in self.dates if self._same_sentence(other, when))
        yield "dates.several" if others > 2 else "dates.two" if others == 2 else "dates.one"
        marks = self._marks_between(when, trigger)
        yield "marks.none" if not marks else "marks.one" if marks == 1 else "marks.several"
        yield f"dispatch.{self.scene.dct.basis}"
        # Where dates are many, they are what the text is about.
        if len(self.dates) >= _MANY:
            yield "dates.many"
        if trigger.core:
            yield "core"
        if any(caption.contains(trigger.span) for caption in self.scene.document.captions):
            yield "caption"

    def _marks_between(self, when: Date, trigger: Trigger) -> int:
        """How many commas and the like stand between a date and what it dates."""
        first, last = min(when.first, trigger.token), max(when.last, trigger.token)
        return sum(token.text in _MARKS for token in self.scene.tokens[first:last])

    def _same_sentence(self, one: Date, other: Date) -> bool:
        return self.scene.parsed.sentence_of[one.top] == self.scene.parsed.sentence_of[other.top]
