"""Normalized time expressions to the dates that can date an event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from events.extraction.anchor.records import Date, length_of, redated, shifted
from events.extraction.anchor.scene import Scene
from events.extraction.annotations import NormalizedTimex, Span
from events.extraction.lexicon.times import fold

_GRAINS = ("D", "W", "M", "Y")
_GRAIN = {"day": "D", "week": "W", "month": "M", "year": "Y"}


class Dates:
    """Reads the time expressions of a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def read(self, timexes: Sequence[NormalizedTimex]) -> Iterator[Date]:
        """The expressions of the text that can date; two that bound one stretch are one."""
        before: Date | None = None
        for when in self._read(timexes):
            counted = self._counted_on(when, before)
            yield counted
            before = counted if counted.edtf is not None else before

    def _counted_on(self, when: Date, before: Date | None) -> Date:
        """ "élu en 2001, réélu sept ans plus tard": counted from the date just named."""
        said = dict(when.timex.timex.fields)
        if before is None or before.start is None or said.get("kind") != "count":
            return when
        sentence_of = self.scene.parsed.sentence_of
        if sentence_of[before.top] != sentence_of[when.top] or said.get("from") != "head":
            return when
        length = length_of(when.timex)
        if length is None or "/" in (before.edtf or "/") or not said.get("later"):
            return when
        number, unit = length
        if _GRAINS.index(unit) < _GRAINS.index(_GRAIN.get(before.precision, "Y")):
            return when  # days cannot be counted from a year
        edtf = shifted(before.start, (number, unit), -1 if said["later"].startswith("-") else 1)
        return when if edtf is None else redated(when, edtf)

    def _read(self, timexes: Sequence[NormalizedTimex]) -> Iterator[Date]:
        # "Deux jours avant Noël": the feast is named to count from, and dates nothing.
        counted_from = [t.evidence for t in timexes if t.reason.code == "timex-counted"]
        telling = [
            t
            for t in timexes
            if self._tells(t.timex.span)
            and not any(
                span is not None and span.contains(t.timex.span) and span.start < t.timex.span.start
                for span in counted_from
            )
        ]
        skip = False
        for timex, following in zip_longest(telling, telling[1:]):
            if skip:
                skip = False
            elif following is not None and self._bound_one_stretch(timex, following):
                skip = True
                yield self._range(timex, following)
            elif timex.edtf is not None or timex.timex.type == "DURATION":
                yield self._date(timex)

    def _bound_one_stretch(self, first: NormalizedTimex, last: NormalizedTimex) -> bool:
        """Whether two expressions are the ends of one: "du 28 septembre à fin octobre"."""
        if first.start is None or last.start is None or first.start > last.start:
            return False
        link = self.scene.document.text[first.timex.span.end : last.timex.span.start]
        words = {fold(word) for word in link.split()}
        before = self.scene.document.text[: first.timex.span.start][-20:]
        opened = bool({fold(word) for word in before.split()[-1:]} & self.scene.cues.range_opening)
        together = dict(last.timex.fields).get("part_of", "") == "2/2"
        if together and words & self.scene.cues.conjunctions and not opened:
            # "les 11 et 18 juin" is told as one; "en 1932 et 1984" as two, unless they touch.
            years = first.precision == last.precision == "year"
            return not years or last.start.year - first.start.year == 1
        return together or (opened and bool(words) and words <= self.scene.cues.range_links)

    def _range(self, first: NormalizedTimex, last: NormalizedTimex) -> Date:
        start, end = first.edtf or "", last.edtf or ""
        when = self._date(first, Span(first.timex.span.start, last.timex.span.end))
        return replace(
            when,
            edtf=f"{start.removesuffix('/..').split('/')[0]}/{end.split('/')[-1]}",
            end=last.end,
            precision="range",
        )

    def _date(self, timex: NormalizedTimex, span: Span | None = None) -> Date:
        inside = self.scene.inside(span or timex.timex.span)
        top = next(
            (
                i
                for i in inside
                if self.scene.tokens[i].head not in inside or self.scene.tokens[i].head == i
            ),
            inside[0],
        )
        when = Date(
            timex=timex,
            edtf=timex.edtf,
            start=timex.start,
            end=timex.end,
            precision=timex.precision,
            span=span or timex.evidence or timex.timex.span,
            first=inside[0],
            last=inside[-1] + 1,
            top=top,
        )
        edtf, said = timex.edtf or "", dict(timex.timex.fields)
        owns = self.scene.word(when.last) in self.scene.cues.possessive
        bound = edtf.startswith("../") or edtf.endswith("/..")
        if bound and owns and self.scene.event_named(when.last + 1) is not None:
            # "before Tuesday's summit": the summit is on Tuesday; its deadline is none.
            day = edtf.removeprefix("../").removesuffix("/..")
            return redated(replace(when, span=timex.timex.span), day)
        if edtf and "/" not in edtf and said.get("relation") == "since" and "day" in said:
            return redated(when, f"{edtf}/..")  # "since 10am on 23 January"
        return when

    def _tells(self, span: Span) -> bool:
        """Whether an expression stands where events are told: not in dateline or credit."""
        document = self.scene.document
        if document.dateline is not None and document.dateline.span.overlaps(span):
            return False
        if not self.scene.inside(span):
            return False
        return document.body.contains(span) or any(c.contains(span) for c in document.captions)
