"""Triggers and time expressions to dates: which day each trigger stands on, and why.

A time expression dates the trigger that governs it in its clause, else the nearest one of its
sentence. What no expression dates takes the day that the narrative has reached, when its words
say that it goes on telling that day; else it is dropped. The date of a dateline dates nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from events.extraction.annotations import (
    Anchoring,
    CreationTime,
    Document,
    NormalizedTimex,
    Parsed,
    Precision,
    Span,
    Trigger,
)
from events.extraction.lexicon import Lexicon
from events.extraction.syntax import Tree


def anchor(
    triggers: Sequence[Trigger],
    document: Document,
    parsed: Parsed,
    timexes: Sequence[NormalizedTimex],
    dct: CreationTime,
    lexicon: Lexicon,
) -> list[Anchoring | None]:
    """Return the date of each trigger, None where nothing dates it and it is no event here.

    An act told of two days ("en 1932 et 1984") keeps the further ones in `also`.
    """
    return _Anchoring(triggers, document, parsed, timexes, dct, lexicon).anchorings()


@dataclass(frozen=True, slots=True)
class _Date:
    """A time expression that can date an event, or two that bound one interval.

    Tokens `[first, last)`; `top` is the one through which the expression hangs on its sentence.
    """

    timex: NormalizedTimex
    edtf: str
    start: date | None
    end: date | None
    precision: Precision
    span: Span
    first: int
    last: int
    top: int


class _Anchoring:
    def __init__(
        self,
        triggers: Sequence[Trigger],
        document: Document,
        parsed: Parsed,
        timexes: Sequence[NormalizedTimex],
        dct: CreationTime,
        lexicon: Lexicon,
    ) -> None:
        self.triggers = triggers
        self.document = document
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.dct = dct
        self.classes = lexicon.triggers.classes
        self.status = lexicon.status
        self.tree = Tree(parsed, lexicon.labels)
        self.starts = [token.start for token in parsed.tokens]
        self.dates = list(self._dates(timexes))
        self.at: dict[int, int] = {}  # token -> the trigger that it belongs to
        for number, trigger in enumerate(triggers):
            for token in self._inside(trigger.span):
                self.at.setdefault(token, number)
        for number, trigger in enumerate(triggers):
            self.at[trigger.token] = number

    def anchorings(self) -> list[Anchoring | None]:
        found: list[list[Anchoring]] = [[] for _ in self.triggers]
        for when in self.dates:
            number, link = self._governor(when)
            if number is None:
                continue
            found[number].append(self._anchored(when, link))
        return [self._settled(options) for options in found]

    # --- dates ---------------------------------------------------------------------------------

    def _dates(self, timexes: Sequence[NormalizedTimex]) -> Iterator[_Date]:
        ranged: NormalizedTimex | None = None
        for timex in timexes:
            span = timex.timex.span
            if timex.edtf is None or not self._tells(span):
                ranged = None
                continue
            part = dict(timex.timex.fields).get("part_of", "")
            if part == "1/2":
                ranged = timex
                continue
            if part == "2/2" and ranged is not None and ranged.edtf is not None:
                yield self._range(ranged, timex)
            else:
                yield self._date(timex, timex.edtf, timex.start, timex.end, timex.precision, span)
            ranged = None

    def _range(self, first: NormalizedTimex, last: NormalizedTimex) -> _Date:
        start, end = first.edtf or "", last.edtf or ""
        span = Span(first.timex.span.start, last.timex.span.end)
        edtf = f"{start.split('/')[0]}/{end.split('/')[-1]}"
        return self._date(first, edtf, first.start, last.end, "range", span)

    def _date(
        self,
        timex: NormalizedTimex,
        edtf: str,
        start: date | None,
        end: date | None,
        precision: Precision,
        span: Span,
    ) -> _Date:
        inside = self._inside(span)
        top = next(
            (i for i in inside if self.tokens[i].head not in inside or self.tokens[i].head == i),
            inside[0],
        )
        return _Date(
            timex, edtf, start, end, precision, timex.evidence or span, inside[0],
            inside[-1] + 1, top,
        )  # fmt: skip

    def _tells(self, span: Span) -> bool:
        """Whether an expression stands where events are told: not in dateline or credit."""
        document = self.document
        if document.dateline is not None and document.dateline.span.overlaps(span):
            return False
        if not self._inside(span):
            return False
        return document.body.contains(span) or any(c.contains(span) for c in document.captions)

    def _inside(self, span: Span) -> range:
        """The tokens that lie in `span`, at least in part."""
        first = max(0, bisect_right(self.starts, span.start) - 1)
        if first < len(self.tokens) and self.tokens[first].end <= span.start:
            first += 1
        last = bisect_right(self.starts, span.end - 1)
        return range(first, max(first, last))

    # --- who is dated --------------------------------------------------------------------------

    def _governor(self, when: _Date) -> tuple[int | None, str]:
        """The trigger that an expression dates, and how it was found."""
        for node in (when.top, *self.tree.ancestors(when.top)):
            number = self.at.get(node)
            if number is None:
                number = self._carried_by(node, when)
            if number is not None and self._may_take(number, when):
                return number, "clause"
        return self._nearest(when), "sentence"

    def _carried_by(self, node: int, when: _Date) -> int | None:
        """A modal or copula is no trigger: what it carries is."""
        for child in self.tree.below(node, self.tree.labels.open_complement):
            number = self.at.get(child)
            if number is not None:
                return number
        return None

    def _may_take(self, number: int, when: _Date) -> bool:
        trigger = self.triggers[number]
        kind = self._kind(trigger)
        if trigger.rule.endswith(".any-noun"):
            return False
        return kind != "state" or when.edtf.endswith("/..")

    def _kind(self, trigger: Trigger) -> str:
        cls = self.classes.get(trigger.rule)
        return cls.kind if cls is not None else "act"

    def _nearest(self, when: _Date) -> int | None:
        sentence = self.parsed.sentence_of[when.top]
        near = [
            (abs(trigger.token - when.top), number)
            for number, trigger in enumerate(self.triggers)
            if trigger.sentence == sentence and self._may_take(number, when)
        ]
        return min(near)[1] if near else None

    # --- records -------------------------------------------------------------------------------

    def _anchored(self, when: _Date, link: str) -> Anchoring:
        sentence = self.parsed.sentences[self.parsed.sentence_of[when.top]].span
        return Anchoring(
            timex=when.timex,
            edtf=when.edtf,
            start=when.start,
            end=when.end,
            precision=when.precision,
            basis=when.timex.basis,
            reason=when.timex.reason,
            confidence=0.8 if link == "clause" else 0.5,
            time_of_day=when.timex.time_of_day,
            evidence=when.span,
            date_sentence=sentence,
        )

    def _settled(self, options: list[Anchoring]) -> Anchoring | None:
        return options[0] if options else None
