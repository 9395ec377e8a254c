"""Triggers and time expressions to dates: which day each trigger stands on, and why.

A time expression dates the trigger that governs it in its clause, else the nearest one of its
sentence. What no expression dates takes the day that the narrative has reached, when its words
say that it goes on telling that day; else it is dropped. The date of a dateline dates nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import zip_longest
from typing import Literal

from events.extraction.annotations import (
    Anchoring,
    Basis,
    CreationTime,
    Document,
    NormalizedTimex,
    Parsed,
    Precision,
    Reason,
    Span,
    Timex,
    Trigger,
)
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.confidence import load_confidence
from events.extraction.lexicon.times import fold
from events.extraction.syntax import Tree
from events.intervals import bounds, precision

Link = Literal["clause", "adjacent", "noun", "sentence", "counted", "medium", "inherited", "dct"]

_DAY = timedelta(days=1)
_NEWS = timedelta(days=31)  # what lies further back is background, told in single sentences
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T[\dHMS.]+)?")
# Quotations of fewer words than this are terms that the agency itself uses.
_QUOTED_WORDS = 4


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
    `edtf` None: a length of time, which only counts from another date.
    """

    timex: NormalizedTimex
    edtf: str | None
    start: date | None
    end: date | None
    precision: Precision
    span: Span
    first: int
    last: int
    top: int


@dataclass(frozen=True, slots=True)
class _Found:
    """One date of one trigger, and how it was found."""

    when: _Date
    link: Link
    reason: Reason
    other: int | None = None  # the trigger that takes this date if it is not needed here


@dataclass(frozen=True, slots=True)
class _Told:
    """The day that the narrative has reached, the trigger that put it there, and its paragraph."""

    when: _Date
    trigger: Trigger
    paragraph: int


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
        self.words = lexicon.triggers
        self.cues = lexicon.status
        self.weights = load_confidence()
        self.tree = Tree(parsed, lexicon.labels)
        self.starts = [token.start for token in parsed.tokens]
        self.quoted = list(_quotations(document.text))
        dates = list(self._dates(timexes))
        self.dates = [when for when in dates if when.edtf is not None]
        self.lengths = [when for when in dates if when.edtf is None]
        self.at = self._triggers_by_token()
        self.found: dict[int, list[_Found]] = {}

    def anchorings(self) -> list[Anchoring | None]:
        counted = self._counted_from_events()
        for when in self.dates:
            if when.first not in counted:
                self._date_by_syntax(when)
        self._date_by_counting(counted)
        self._pass_on_from_media()
        self._pass_on_to_nouns()
        self._tell()
        return [self._settled(number) for number in range(len(self.triggers))]

    # --- dates ---------------------------------------------------------------------------------

    def _dates(self, timexes: Sequence[NormalizedTimex]) -> Iterator[_Date]:
        """The expressions of the text that can date; two that bound one stretch are one."""
        telling = [t for t in timexes if self._tells(t.timex.span)]
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
        link = self.document.text[first.timex.span.end : last.timex.span.start]
        words = {fold(word) for word in link.split()}
        before = self.document.text[: first.timex.span.start][-20:]
        opened = bool({fold(word) for word in before.split()[-1:]} & self.cues.range_opening)
        together = dict(last.timex.fields).get("part_of", "") == "2/2"
        if together and words & self.cues.conjunctions and not opened:
            # "les 11 et 18 juin" is told as one; "en 1932 et 1984" as two, unless they touch.
            years = first.precision == last.precision == "year"
            return not years or last.start.year - first.start.year == 1
        return together or (opened and bool(words) and words <= self.cues.range_links)

    def _range(self, first: NormalizedTimex, last: NormalizedTimex) -> _Date:
        start, end = first.edtf or "", last.edtf or ""
        when = self._date(first, Span(first.timex.span.start, last.timex.span.end))
        return replace(
            when,
            edtf=f"{start.removesuffix('/..').split('/')[0]}/{end.split('/')[-1]}",
            end=last.end,
            precision="range",
        )

    def _date(self, timex: NormalizedTimex, span: Span | None = None) -> _Date:
        inside = self._inside(span or timex.timex.span)
        top = next(
            (i for i in inside if self.tokens[i].head not in inside or self.tokens[i].head == i),
            inside[0],
        )
        when = _Date(
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
        if edtf.startswith("../") and self._word(when.last) in self.cues.possessive:
            # "before Tuesday's summit": the summit is on Tuesday.
            return _redated(replace(when, span=timex.timex.span), edtf.removeprefix("../"))
        if edtf and "/" not in edtf and said.get("relation") == "since" and "day" in said:
            return _redated(when, f"{edtf}/..")  # "since 10am on 23 January"
        return when

    def _word(self, token: int) -> str:
        return fold(self.tokens[token].text) if 0 <= token < len(self.tokens) else ""

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

    def _triggers_by_token(self) -> dict[int, int]:
        """Token to the trigger that it belongs to; words of dates belong to none."""
        at: dict[int, int] = {}
        for number, trigger in enumerate(self.triggers):
            for token in self._inside(trigger.span):
                at.setdefault(token, number)
        for number, trigger in enumerate(self.triggers):
            at[trigger.token] = number
        for when in (*self.dates, *self.lengths):
            for token in {*range(when.first, when.last), *self._inside(when.span)}:
                at.pop(token, None)
        return at

    # --- what an expression dates --------------------------------------------------------------

    def _date_by_syntax(self, when: _Date) -> None:
        if self._compares(when):
            return
        number, link, other = self._governor(when)
        if number is not None:
            self.found.setdefault(number, []).append(_Found(when, link, when.timex.reason, other))

    def _governor(self, when: _Date) -> tuple[int | None, Link, int | None]:
        """The trigger that an expression dates, how it was found, and the second in line."""
        told = self._told_of(when)
        if told is not None:
            return told, "adjacent", None
        noun: int | None = None
        nonfinite: int | None = None
        for node in (when.top, *self.tree.ancestors(when.top)):
            number = self.at.get(node)
            if number is None:
                number = self._carried_by(node)
            if number is None or not self._may_take(number, when):
                continue
            if self._is_noun(self.triggers[number]):
                noun = number if noun is None else noun
                continue
            if noun is not None and self._is_asked_for(number, noun, when):
                return noun, "noun", None
            if self._opens_clause(when) and not self.tense(self.triggers[number].token):
                nonfinite = number if nonfinite is None else nonfinite
                continue
            return self._closer(number, when), "clause", self._noun_before(when) or noun
        if nonfinite is not None:
            return nonfinite, "clause", noun
        if noun is not None:
            return noun, "noun", None
        return self._nearest(when), "sentence", None

    def _told_of(self, when: _Date) -> int | None:
        """What the words around an expression tie it to, whatever the parser makes of them.

        "le séisme du 25 avril", "en 1981, quand un avion avait heurté", "la réunion est le 5 mai".
        """
        if self._modifies_noun(when):
            for token in range(when.first - 2, max(-1, when.first - 5), -1):
                number = self.at.get(token)
                if number is not None:
                    return number if self._may_take(number, when) else None
                if self.tokens[token].pos not in {"ADJ", "ADP", "DET"}:
                    break
        clause = self._clause_when(when)
        if clause is not None:
            return clause
        for token in self._just_before(when, 3):
            number = self.at.get(token)
            if number is not None and self.triggers[number].token == token:
                verb = not self._is_noun(self.triggers[number])
                return number if verb and self._may_take(number, when) else None
            if self.tokens[token].pos not in {"ADP", "DET", "ADV"}:
                break
        for subject in self.tree.below(when.top, self.tree.labels.subject):
            if (number := self.at.get(subject)) is not None:
                return number
        return None

    def _noun_before(self, when: _Date) -> int | None:
        """The event noun that stands right before an expression: "la guerre en mars 2011"."""
        for token in self._just_before(when, 3):
            number = self.at.get(token)
            if number is not None:
                return number if self._is_noun(self.triggers[number]) else None
            if self.tokens[token].pos not in {"ADP", "DET", "ADJ"}:
                return None
        return None

    def _is_asked_for(self, verb: int, noun: int, when: _Date) -> bool:
        """Whether a coming date is that of what is called for: "appelle à une grève le 22 mars"."""
        today, asked = self.dct.day, self.triggers[noun].token
        return (
            self.triggers[verb].status_class == "call"
            and self.triggers[verb].token < asked < when.first
            and today is not None
            and when.start is not None
            and when.start > today
        )

    def _opens_clause(self, when: _Date) -> bool:
        """Whether an expression stands first in its sentence: it then dates the main verb."""
        sentence = self.parsed.sentences[self.parsed.sentence_of[when.top]]
        before = self.tokens[sentence.first : when.first]
        return all(token.pos in {"ADP", "DET", "ADV", "SPACE", "PUNCT"} for token in before)

    def _clause_when(self, when: _Date) -> int | None:
        following = self.tokens[when.last : when.last + 2]
        if not following or following[0].pos != "PUNCT":
            return None
        if fold(following[-1].text) not in self.cues.when:
            return None
        for token in range(following[-1].i + 1, min(following[-1].i + 16, len(self.tokens))):
            number = self.at.get(token)
            if number is not None and not self._is_noun(self.triggers[number]):
                return number
        return None

    def _closer(self, number: int, when: _Date) -> int:
        """A finite verb that stands between, with no mark before the date, is its verb."""
        governor = self.triggers[number].token
        for token in range(when.first - 1, governor, -1):
            if self.tokens[token].pos == "PUNCT":
                break
            between = self.at.get(token)
            if between is None or between == number or self.triggers[between].token != token:
                continue
            if self._is_finite(token) and self._may_take(between, when):
                return between
        return number

    def _is_finite(self, verb: int) -> bool:
        if "Mood=" in self.tokens[verb].morph or "VerbForm=Fin" in self.tokens[verb].morph:
            return True
        return bool(self.tree.below(verb, self.tree.labels.auxiliary))

    def _compares(self, when: _Date) -> bool:
        """Whether an expression only measures: "la meilleure séance depuis 2012"."""
        before = [self.tokens[i] for i in self._just_before(when, 3)]
        if {fold(t.text) for t in before} & self.cues.comparison:
            return True
        if self._is_part_of_name(when):
            return True
        if (when.edtf or "").endswith("/.."):
            for token in self._just_before(when, 7):
                if self.tokens[token].pos in {"VERB", "AUX"}:
                    break
                if fold(self.tokens[token].lemma) in self.cues.superlative:
                    return True
        return (
            self._modifies_noun(when)
            and when.precision in _COARSE
            and not any(token in self.at for token in self._just_before(when, 4))
        )

    def _just_before(self, when: _Date, count: int) -> Iterator[int]:
        """The tokens before an expression, nearest first, up to a mark."""
        for token in range(when.first - 1, max(-1, when.first - 1 - count), -1):
            if self.tokens[token].pos in {"PUNCT", "SPACE"}:
                return
            yield token

    def _is_part_of_name(self, when: _Date) -> bool:
        """Whether a year belongs to a name: "the 2024 Summer Games"."""
        top = self.tokens[when.top]
        head = self.tokens[top.head]
        return (
            when.precision == "year"
            and head.i > top.i
            and top.dep in self.tree.labels.premodifier
            and head.pos == "PROPN"
        )

    def _add(self, number: int, when: _Date, link: Link, reason: Reason) -> None:
        self.found.setdefault(number, []).append(_Found(when, link, reason))

    def _carried_by(self, node: int) -> int | None:
        """A modal or copula is no trigger: what it carries is."""
        for child in self.tree.below(node, self.tree.labels.open_complement):
            number = self.at.get(child)
            if number is not None:
                return number
        return None

    def _may_take(self, number: int, when: _Date) -> bool:
        trigger = self.triggers[number]
        if trigger.rule.endswith(".any-noun"):
            return False
        if self._quotation(trigger.span) != self._quotation(when.timex.timex.span):
            return False
        if when.last <= trigger.token and self._is_aside(trigger):
            return False
        kind, since = self._kind(trigger), (when.edtf or "").endswith("/..")
        return kind not in {"state", "modal"} and not (kind == "report" and since)

    def _is_aside(self, trigger: Trigger) -> bool:
        """Whether a verb of saying is laid between commas: "demain, promet-il, tout ira"."""
        if trigger.type not in _SPEECH or trigger.token + 1 >= len(self.tokens):
            return False
        before, after = self.tokens[trigger.token - 1], self.tokens[trigger.token + 1]
        return before.text == "," and after.text.startswith("-")

    def _kind(self, trigger: Trigger) -> str:
        cls = self.words.classes.get(trigger.rule)
        return cls.kind if cls is not None else "act"

    def _is_noun(self, trigger: Trigger) -> bool:
        token = self.tokens[trigger.token]
        if token.pos not in {"NOUN", "PROPN"}:
            return False
        # A participle that opens a sentence passes for a noun: "Livré en 1991, l'appareil …".
        opens = token.i == self.parsed.sentences[trigger.sentence].first
        return not (opens and self.words.infinitive(fold(token.text)))

    def _modifies_noun(self, when: _Date) -> bool:
        """Whether the expression is said of a noun: "le séisme du 25 avril", "Sunday's vote"."""
        before = fold(self.tokens[when.first - 1].text) if when.first else ""
        first = fold(self.tokens[when.first].text)
        return bool({before, first} & self.cues.noun_links)

    def _nearest(self, when: _Date) -> int | None:
        if self._quotation(when.timex.timex.span) >= 0:
            return None  # people speak in fragments
        sentence = self.parsed.sentence_of[when.top]
        near = [
            (self._is_noun(trigger), abs(trigger.token - when.top), number)
            for number, trigger in enumerate(self.triggers)
            if trigger.sentence == sentence
            and trigger.token in self.at
            and self._may_take(number, when)
            and not self._cut(trigger.token, when.top)
        ]
        return min(near)[-1] if near else None

    def _cut(self, one: int, other: int) -> bool:
        """Whether a semicolon or colon stands between two tokens."""
        first, last = sorted((one, other))
        return any(token.text in _CUTS for token in self.tokens[first:last])

    def _quotation(self, span: Span) -> int:
        """Which quotation a span stands in; -1 outside of all."""
        for number, quotation in enumerate(self.quoted):
            if quotation.contains(span):
                return number
        return -1

    # --- counted from an event -----------------------------------------------------------------

    def _counted_from_events(self) -> dict[int, tuple[_Date, int, int]]:
        """Expressions that count to an event: first token -> (expression, its event, direction).

        "Au lendemain d'un vote", "trois jours après l'annonce": the direction is -1 where the
        event came before what the clause tells.
        """
        counted = {}
        for when in (*self.dates, *self.lengths):
            after = self._connective(when)
            if after is None:
                continue
            token, direction = after
            number = self._event_after(token)
            if number is not None:
                counted[when.first] = (when, number, direction)
        return counted

    def _connective(self, when: _Date) -> tuple[int, int] | None:
        i = when.last
        if i >= len(self.tokens):
            return None
        word = fold(self.tokens[i].text)
        said = dict(when.timex.timex.fields)
        if "eve" in said and word in self.cues.noun_links:
            return i, -1 if int(said["eve"]) > 0 else 1
        if said.get("kind") in {"duration", "count", "eve"} or when.edtf is None:
            if word in self.cues.after:
                return i, -1
            if word in self.cues.before:
                return i, 1
        return None

    def _event_after(self, connective: int) -> int | None:
        """The event that stands after "après", "du": a noun at once, or the clause's verb."""
        token = self.tokens[connective]
        for node in (token.head, *self.tree.children[connective]):
            if node > connective and (number := self.at.get(node)) is not None:
                return number
        for node in range(connective + 1, min(connective + 9, len(self.tokens))):
            if self.tokens[node].pos == "PUNCT":
                break
            if (number := self.at.get(node)) is not None:
                return number
        return None

    def _date_by_counting(self, counted: dict[int, tuple[_Date, int, int]]) -> None:
        for when, number, direction in counted.values():
            length = _length(when.timex)
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

    def _clause_of(self, when: _Date, event: int) -> int | None:
        for node in self.tree.ancestors(when.top):
            number = self.at.get(node)
            if number is not None and number != event and not self._is_noun(self.triggers[number]):
                return number
        return None

    def _count(
        self,
        number: int,
        when: _Date,
        base: _Date | None,
        length: tuple[int, str],
        direction: int,
    ) -> None:
        day = base.start if base is not None else self.dct.day
        edtf = None if day is None else _shifted(day, length, direction)
        if edtf is None:
            return
        start, end = bounds(edtf)
        moved = replace(when, edtf=edtf, start=start, end=end, precision=_precision(edtf))
        from_day = base.edtf if base is not None else self.dct.value
        values = (("words", when.timex.timex.text), ("from", from_day or ""))
        self._add(number, moved, "counted", Reason("anchor-counted", values))

    # --- said in a medium ----------------------------------------------------------------------

    def _pass_on_from_media(self) -> None:
        """What is said "dans un entretien paru jeudi" was said on Thursday."""
        for number in list(self.found):
            trigger = self.triggers[number]
            medium = self.tokens[trigger.token].head
            if not self._is_publication(trigger) or not self._is_medium(medium):
                continue
            speaker = self._speaker_through(medium, number)
            if speaker is not None and speaker not in self.found:
                self.found[speaker] = [
                    replace(found, link="medium") for found in self.found.pop(number)
                ]

    def _speaker_through(self, medium: int, publication: int) -> int | None:
        """What was said in a medium: the act that it hangs on, else the nearest one before."""
        sentence = self.triggers[publication].sentence
        before = [
            number
            for number, trigger in enumerate(self.triggers)
            if trigger.sentence == sentence and trigger.token < medium
        ]
        nodes = [self.at.get(node) for node in self.tree.ancestors(medium)]
        for number in [*nodes, *reversed(before)]:
            if number is None or number == publication or self._is_noun(self.triggers[number]):
                continue
            if self.triggers[number].type in _SPEECH:
                return number
        return None

    def _is_publication(self, trigger: Trigger) -> bool:
        key = fold(self.tokens[trigger.token].lemma)
        return any(cls.kind == "publication" for cls in self.words.verbs.get(key, ()))

    def _is_medium(self, token: int) -> bool:
        key = fold(self.tokens[token].lemma)
        return any(cls.kind == "medium" for cls in self.words.nouns.get(key, ()))

    def _pass_on_to_nouns(self) -> None:
        """A date that its verb does not need dates the noun between them.

        "a repris lundi la ville, sa plus grande victoire depuis le début de la guerre en 2011"
        """
        for options in list(self.found.values()):
            best = min(options, key=_rank)
            for option in options:
                if (
                    option is not best
                    and option.other is not None
                    and option.other not in self.found
                ):
                    self.found[option.other] = [replace(option, link="noun", other=None)]

    # --- the day that the narrative has reached -------------------------------------------------

    def _tell(self) -> None:
        """Follow the day that is being told, and give it to what goes on telling it."""
        told: _Told | None = None
        by_sentence: dict[int, list[int]] = {}
        for number, trigger in enumerate(self.triggers):
            by_sentence.setdefault(trigger.sentence, []).append(number)
        for sentence in sorted(by_sentence):
            numbers = by_sentence[sentence]
            for number in numbers:
                if number not in self.found:
                    self._inherit_one(number, told)
                elif told is not None:
                    self.found[number] = [self._on_day(f, told) for f in self.found[number]]
            told = self._day_told(numbers, told) or told

    def _on_day(self, found: _Found, told: _Told) -> _Found:
        """A time of day that names no day stands on the one being told."""
        when = found.when
        said = dict(when.timex.timex.fields)
        if when.timex.basis != "inherited" or said.get("kind") not in {"part", "clock"}:
            return found
        if "same" in said or told.when.edtf is None:
            return found
        return replace(found, when=_redated(when, told.when.edtf))

    def _day_told(self, numbers: list[int], told: _Told | None) -> _Told | None:
        """The day on which a sentence tells that something was done, by its main clause.

        A look back in the pluperfect does not move the narrative once it has a day.
        """
        dated = [
            number
            for number in numbers
            if number in self.found and self._quotation(self.triggers[number].span) < 0
        ]
        # The main clause first, what hangs on it after.
        for number in sorted(dated, key=lambda n: not self._is_main(self.triggers[n])):
            trigger, best = self.triggers[number], min(self.found[number], key=_rank)
            tense = self.tree.tense(trigger.token)
            if best.when.precision != "day" or not tense or best.link == "inherited":
                continue
            if best.when.start is not None and best.when.start > (self.dct.day or date.max):
                continue
            if tense == "pluperfect" and told is not None and self._paragraph(trigger) > 0:
                continue
            return _Told(best.when, trigger, self._paragraph(trigger))
        return None

    def _inherit_one(self, number: int, told: _Told | None) -> None:
        trigger = self.triggers[number]
        if self._quotation(trigger.span) >= 0:
            return
        kind, tense = self._kind(trigger), self.tree.tense(trigger.token)
        if kind in {"state", "modal", "report"} or self._is_noun(trigger):
            return
        since = self._ongoing_since(trigger)
        if since is not None and tense in _OVER:
            self._add(number, since, "inherited", _inherited(since))
            return
        whole = self._simultaneous(trigger)
        if whole is not None:
            self._add(number, whole, "inherited", _inherited(whole))
            return
        if self._is_of_the_day(trigger, tense):
            self._add_day_of_dispatch(number)
            return
        if told is not None and self._goes_on(trigger, tense, told):
            self._add(number, told.when, "inherited", _inherited(told.when))

    def _is_of_the_day(self, trigger: Trigger, tense: str) -> bool:
        """Whether its class is news of the day when nothing dates it: a count, a market."""
        cls = self.words.classes.get(trigger.rule)
        if cls is None or not cls.of_the_day or not self._is_main(trigger):
            return False
        if self.dct.day is None or self._is_negated(trigger):
            return False
        # Capitals and headlines hide the tense of a verb that has its subject.
        if tense not in _TODAY and (tense or not self.tree.subjects(trigger.token)[0]):
            return False
        sentence = self.parsed.sentences[trigger.sentence]
        return any(
            noun.type == cls.of_the_day
            for token in self.tokens[sentence.first : sentence.last]
            for noun in self.words.nouns.get(fold(token.lemma), ())
        )

    def _add_day_of_dispatch(self, number: int) -> None:
        trigger, day = self.triggers[number], str(self.dct.day)
        reason = Reason("anchor-dct", (("date", day),))
        timex = NormalizedTimex(
            Timex(trigger.span, "", "DATE", "anchor.dct"), day, day, self.dct.day, None, "day",
            "dct", reason,
        )  # fmt: skip
        when = _Date(
            timex, None, None, None, "day", trigger.span, trigger.token, trigger.token + 1,
            trigger.token,
        )  # fmt: skip
        self._add(number, _redated(when, day), "dct", reason)

    def _goes_on(self, trigger: Trigger, tense: str, told: _Told) -> bool:
        """Whether a clause without a date goes on telling the day of a sentence before."""
        if not self._is_main(trigger) or tense not in self.cues.narrative_tenses:
            return False
        if not self._is_recent(told.when):
            return False
        sentences = trigger.sentence - told.trigger.sentence
        paragraphs = self._paragraph(trigger) - told.paragraph
        if self._says_same_day(trigger):
            return sentences <= 3 and paragraphs <= 1
        if trigger.type == "toll":
            return sentences <= 2 and paragraphs <= 1 and told.trigger.type in _HARMFUL
        if self._sort(trigger) not in {"act", "call"}:
            return False
        return sentences == 1 and paragraphs == 0 and self._perfective(told.trigger)

    def _is_recent(self, when: _Date) -> bool:
        """Whether a day belongs to the news itself, not to what came long before it."""
        today = self.dct.day
        return today is None or when.start is None or abs(today - when.start) <= _NEWS

    def _perfective(self, trigger: Trigger) -> bool:
        return self.tree.tense(trigger.token) in self.cues.narrative_tenses

    def _says_same_day(self, trigger: Trigger) -> bool:
        for child in self.tree.children[trigger.token]:
            below = [self.tokens[i].text for i in self.tree.subtree(child)]
            if fold(" ".join(below)) in self.cues.same_day:
                return True
        return False

    def _simultaneous(self, trigger: Trigger) -> _Date | None:
        """The date of the clause during which this one happens: "pendant que", "as"."""
        token = self.tokens[trigger.token]
        if self._sort(trigger) == "unknown" or token.dep not in self.tree.labels.adverbial_clause:
            return None
        marks = {fold(self.tokens[c].text) for c in self.tree.children[token.i] if c < token.i}
        if not marks & self.cues.during:
            return None
        governor = self.at.get(token.head)
        if governor is None or governor not in self.found:
            return None
        best = min(self.found[governor], key=_rank)
        return best.when if best.when.precision == "day" else None

    def _ongoing_since(self, trigger: Trigger) -> _Date | None:
        """From when on a thing lasts whose beginning is told: "the war, which began in"."""
        subjects, _ = self.tree.subjects(trigger.token)
        for subject in subjects:
            for clause in self.tree.below(subject, self.tree.labels.relative_clause):
                number = self.at.get(clause)
                if number is None or number not in self.found:
                    continue
                began = min(self.found[number], key=_rank).when
                lemma = fold(self.tokens[clause].lemma)
                if lemma in self.cues.beginning and "/" not in (began.edtf or "/"):
                    return replace(began, edtf=f"{began.edtf}/..", end=None, precision="open")
        return None

    def _is_main(self, trigger: Trigger) -> bool:
        """Whether a trigger heads a clause that the agency itself asserts."""
        labels, token = self.tree.labels, self.tokens[trigger.token]
        for _ in range(3):
            if token.head == token.i:
                return True
            if token.dep in labels.conjunct:
                token = self.tokens[token.head]
                continue
            # What is asserted before "…, police said" hangs on the verb of saying.
            before = token.i < token.head
            return before and token.dep in labels.complement | labels.parenthesis
        return False

    def _paragraph(self, trigger: Trigger) -> int:
        return self.document.text.count("\n", 0, trigger.span.start)

    # --- records -------------------------------------------------------------------------------

    def _settled(self, number: int) -> Anchoring | None:
        trigger = self.triggers[number]
        options = [
            replace(found, when=self._as_told(found.when, trigger))
            if found.link in _OF_ITS_CLAUSE
            else found
            for found in self.found.get(number, [])
        ]
        if not options:
            return None
        best = min(options, key=_rank)
        kept = [best]
        for option in options:
            days = {other.when.edtf for other in kept}
            if option.when.edtf not in days and any(
                self._coordinated(option.when, other.when) for other in kept
            ):
                kept.append(option)
        first, *others = (self._anchoring(option, trigger, len(options)) for option in kept)
        return replace(first, also=tuple(others))

    def _as_told(self, when: _Date, trigger: Trigger) -> _Date:
        """A date in the light of its verb: the side that tense decides, the end that it sets."""
        edtf = when.edtf or ""
        said = dict(when.timex.timex.fields)
        tense = self.tense(trigger.token)
        if said.get("relation") == "from" and edtf.endswith("/..") and tense in _OVER:
            # "dès le lendemain, une enquête a été ouverte": it was opened on that day.
            when = _redated(when, edtf.removesuffix("/.."))
        elif said.get("relation") == "until" and edtf.startswith("../"):
            words = {
                fold(t.text) for t in self.tokens if when.span.start <= t.start < when.span.end
            }
            if words & self.cues.before and self._is_negated(trigger):
                when = _redated(when, edtf.removeprefix("../") + "/..")
        moved = self._on_the_side_of(tense, when, said, trigger)
        return when if moved is None else _redated(when, moved)

    def _on_the_side_of(
        self, tense: str, when: _Date, said: dict[str, str], trigger: Trigger
    ) -> str | None:
        """The date moved by a week or a year, if it lies on the side that tense excludes."""
        today = self.dct.day
        if today is None or when.start is None or when.end is None or "/" in (when.edtf or "/"):
            return None
        if trigger.status_class in {"plan", "cancel", "call"} or "year" in said or "dir" in said:
            return None
        if self._is_set(trigger.token):
            return None
        step = 7 * _DAY if said.get("kind") == "weekday" else None
        if step is None and said.get("kind") not in {"date", "month"}:
            return None
        if tense in _OVER and when.start > today:
            return _moved(when, step, -1)
        if tense == "future" and when.end <= today:
            return _moved(when, step, 1)
        return None

    def _is_set(self, token: int) -> bool:
        """Whether a verb of duty or of planning carries a trigger: its tense is not the event's."""
        for head in self.tree.ancestors(token):
            if self.tokens[token].dep not in self.tree.labels.open_complement:
                return False
            lemma = fold(self.tokens[head].lemma)
            kinds = {cls.kind for cls in self.words.verbs.get(lemma, ())}
            if lemma in self.cues.duty or kinds & {"plan", "modal"}:
                return True
            token = head
        return False

    def _is_negated(self, trigger: Trigger) -> bool:
        words = {fold(self.tokens[c].text) for c in self.tree.children[trigger.token]}
        return bool(words & self.cues.negation)

    def tense(self, token: int) -> str:
        """The tense of a trigger, read off the verb that carries it where it has none."""
        for node in (token, *self.tree.ancestors(token)):
            tense = self.tree.tense(node)
            if tense:
                return tense
            if self.tokens[node].dep not in self.tree.labels.open_complement:
                break
        return ""

    def _coordinated(self, one: _Date, other: _Date) -> bool:
        """Whether two dates of one trigger are two days of one act: "en 1932 et 1984"."""
        first, second = sorted((one, other), key=lambda when: when.first)
        between = self.tokens[first.last : second.first]
        if len(between) > _FAR:
            return False
        words = {fold(token.text) for token in between}
        if words & self.cues.conjunctions:
            return True
        # A verb left out: "Rome the following autumn, Budapest last February".
        return "," in words and any(token.pos in {"PROPN", "NUM"} for token in between)

    def _anchoring(self, found: _Found, trigger: Trigger, rivals: int) -> Anchoring:
        when = found.when
        sentence = self.parsed.sentences[self.parsed.sentence_of[when.top]].span
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

    def _signs(self, found: _Found, trigger: Trigger, rivals: int) -> Iterator[str]:
        """What speaks for and against a date, by the names of `data/confidence.toml`."""
        when, token = found.when, self.tokens[trigger.token]
        yield f"link.{found.link}"
        yield f"kind.{self._sort(trigger)}"
        yield f"precision.{when.precision}"
        yield f"basis.{when.timex.basis}"
        yield f"tense.{self.tense(trigger.token) or 'none'}"
        gap = max(when.first - trigger.token, trigger.token - when.last)
        yield "gap.near" if gap <= 3 else "gap.far" if gap > 12 else "gap.middle"
        if self._is_noun(trigger):
            yield "noun"
        if token.dep in self.tree.labels.participle_clause | self.tree.labels.relative_clause:
            yield "clause.relative"
        elif not self._is_main(trigger):
            yield "clause.subordinate"
        if self._quotation(trigger.span) >= 0:
            yield "quoted"
        if rivals > 1:
            yield "rivals"
        yield f"date.{when.timex.reason.code.removeprefix('timex-')}"
        yield f"words.{'clock' if when.timex.timex.type == 'TIME' else 'day'}"
        yield "place.lead" if trigger.sentence <= 2 else "place.later"
        others = sum(1 for other in self.dates if self._same_sentence(other, when))
        yield "dates.several" if others > 2 else "dates.two" if others == 2 else "dates.one"
        if trigger.core:
            yield "core"
        if any(caption.contains(trigger.span) for caption in self.document.captions):
            yield "caption"

    def _same_sentence(self, one: _Date, other: _Date) -> bool:
        return self.parsed.sentence_of[one.top] == self.parsed.sentence_of[other.top]

    def _sort(self, trigger: Trigger) -> str:
        if trigger.rule.endswith((".any-verb", ".any-noun")):
            return "unknown"
        return self._kind(trigger)


_TODAY = frozenset({"past", "perfect", "present"})
_OVER = frozenset({"past", "perfect", "pluperfect"})
_HARMFUL = frozenset({"attack", "disaster", "protest"})
_BASIS_OF_LINK: dict[str, Basis] = {
    "counted": "relative", "inherited": "inherited", "dct": "dct",
}  # fmt: skip
_SPEECH = frozenset({"statement", "refusal", "call", "threat"})
# Ranks by threes: what syntax ties, what is near or counted, what is only carried on.
_LINKS: tuple[Link, ...] = (
    "clause", "medium", "adjacent", "noun", "counted", "sentence", "inherited", "dct",
)  # fmt: skip
_COARSE = frozenset({"year", "range", "open"})
_FAR = 6  # tokens between the dates of one list
_CUTS = frozenset(";:")
_OF_ITS_CLAUSE = frozenset({"clause", "adjacent", "noun", "sentence"})
_FINENESS = {"day": 0, "range": 1, "open": 1, "week": 2, "month": 3, "season": 4, "quarter": 4}
_BASES = {"explicit": 0, "relative": 1, "inherited": 2}


def _rank(found: _Found) -> tuple[int, int, int]:
    """Of several dates of one trigger the finest is kept, then the most explicit."""
    when = found.when
    return (
        _LINKS.index(found.link) // 3,
        _FINENESS.get(when.precision, 5),
        _BASES.get(when.timex.basis, 3),
    )


def _inherited(when: _Date) -> Reason:
    values = (("date", when.edtf or ""), ("words", when.timex.timex.text))
    return Reason("anchor-inherited", values)


def _redated(when: _Date, edtf: str) -> _Date:
    try:
        start, end = bounds(edtf)
    except ValueError:
        return when
    return replace(when, edtf=edtf, start=start, end=end, precision=_precision(edtf))


def _moved(when: _Date, step: timedelta | None, direction: int) -> str | None:
    """EDTF of a date a step, or without one a year, earlier (-1) or later (1)."""
    if when.start is None or when.edtf is None:
        return None
    if step is not None:
        return str(when.start + direction * step) if when.precision == "day" else None
    return f"{when.start.year + direction:04}{when.edtf[4:]}"


def _precision(edtf: str) -> Precision:
    return precision(edtf)  # type: ignore[return-value] # the closed list, as a plain str


def _length(timex: NormalizedTimex) -> tuple[int, str] | None:
    """How long an expression counts: (number, unit), months for years and months together."""
    said = dict(timex.timex.fields)
    if said.get("eve", "0").lstrip("-") != "0":
        return abs(int(said["eve"])), "D"
    if said.get("kind") == "count" and said.get("num", "").isdigit():
        return int(said["num"]), said.get("unit", "D")
    match = _DURATION.fullmatch(timex.value)
    if match is None:
        return None
    years, months, weeks, days = (int(group or 0) for group in match.groups())
    if not years + months + weeks + days:
        return None
    if months:
        return 12 * years + months, "M"
    if years:
        return years, "Y"
    if weeks:
        return weeks, "W"
    return days, "D"


def _shifted(day: date, length: tuple[int, str], direction: int) -> str | None:
    """EDTF of the time so long before (-1) or after (1) `day`, as exact as its unit."""
    number, unit = length
    if unit in {"M", "Y"}:
        months = 12 * day.year + day.month - 1 + direction * number * (12 if unit == "Y" else 1)
        year, month = divmod(months, 12)
        if not 1 <= year <= 9999:
            return None
        return f"{year:04}" if unit == "Y" else f"{year:04}-{month + 1:02}"
    try:
        moved = day + direction * number * (7 if unit == "W" else 1) * _DAY
        if unit == "W":
            monday = moved - moved.weekday() * _DAY
            return f"{monday}/{monday + 6 * _DAY}"
    except OverflowError:
        return None
    return str(moved)


def _quotations(text: str) -> Iterator[Span]:
    """The quotations of a text that are long enough to have a time of their own."""
    for match in _QUOTED.finditer(text):
        if len(match[0].split()) >= _QUOTED_WORDS:
            yield Span(*match.span())


_QUOTED = re.compile(r"«[^»\n]{1,2000}»|“[^”\n]{1,2000}”|\"[^\"\n]{1,2000}\"")
