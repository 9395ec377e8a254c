"""Where the telling of a document stands: which day it speaks of, and what that day rests on.

A part of the day or an hour belongs to the day that the sentences before speak of: in a new
paragraph that of the news, whatever was told in between of what led up to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date
from typing import NamedTuple, cast

from events.extraction.annotations import (
    Basis,
    CreationTime,
    Document,
    Reason,
    Span,
    Timex,
)
from events.extraction.clauses import Sentences, Side, clause_has, sentences_of, side, tells
from events.extraction.lexicon.times import TimeLexicon
from events.extraction.normalize.when import NO_YEAR, When

_REACH = 3  # sentences over which a pluperfect takes up a day named before
NEAR = 3  # days around the dispatch that its telling stays at over several paragraphs
_OPENING = 4  # words before a year that opens its sentence
_LONG_PAST = 120  # days before the dispatch from which a telling has its own time


class Reading(NamedTuple):
    """What an expression means: a stretch of the calendar, or only a value.

    `suffix` is the time of day of a TIMEX3 value ("TEV", "T14:48Z"). `edtf` overrides that of
    `when`; `basis` and `reason` say where it comes from. `moves` says whether the telling goes on
    from its day.
    """

    when: When | None
    reason: Reason
    basis: Basis = "none"
    value: str = ""
    suffix: str = ""
    edtf: str = ""
    moves: bool = True
    until: int = 0  # where the words end that it counts from: "deux jours avant Noël"


class Placed(NamedTuple):
    """An expression already read, and where it lies on the calendar."""

    timex: Timex
    when: When

    @property
    def span(self) -> Span:
        return self.timex.span


def never(span: Span) -> bool:
    """What a text without a parse says of its dates: nothing."""
    return False


@dataclass(slots=True)
class Telling:
    """Where the telling stands while the expressions of a document are read in order."""

    document: Document
    times: TimeLexicon
    dct: CreationTime
    sentences: Sentences
    today: When | None = None  # the day of the dispatch
    year: int | None = None  # its year, when that is known
    month: int | None = None
    head: When | None = None  # the day that the sentences before speak of
    before: When | None = None  # the one before it
    main: When | None = None  # the day of the news, to which a new paragraph comes back
    main_words: str = ""
    back: When | None = None  # the last day named that lies before the head
    back_words: str = ""
    back_at: int = -1
    aside: When | None = None  # a day named in passing: it holds for its sentence
    aside_words: str = ""
    aside_at: int = -1
    aside_bounds: bool = False  # it is only where a stretch begins or ends
    head_words: str = ""
    head_in_passing: bool = False
    head_at: int = -1
    head_hour: int = -1
    last: When | None = None  # the last stretch of any grain
    last_words: str = ""
    last_at: int = -1
    year_at: int = -1  # where a year was last written out, and which
    year_written: int = 0
    year_words: str = ""
    clock: tuple[When, int, int] | None = None  # the last hour told: day, hour, minute
    waiting_for_night: bool = False
    day_follows: bool = False  # the day of an hour stands right behind it
    day_first: bool = True
    order_shown: bool = False
    placed: list[Placed] = field(default_factory=list)  # in the order they were read
    placed_in: dict[int, list[Placed]] = field(default_factory=dict)  # the same by sentence
    in_passing: Callable[[Span], bool] = never  # whether syntax makes a date one named in passing
    counted_at: int = -1  # where an expression begins that counts from the one being read


def start_telling(
    all_said: Sequence[Mapping[str, str]],
    document: Document,
    dct: CreationTime,
    times: TimeLexicon,
    in_passing: Callable[[Span], bool] = never,
) -> Telling:
    sentences = sentences_of(document.text)
    telling = Telling(
        document, times, dct, sentences, day_first=times.day_first, in_passing=in_passing
    )
    known = re.fullmatch(r"(\d{4}|XXXX)(?:-(\d\d))?(?:-(\d\d))?", dct.value or "")
    if known:
        year, month, day = known.groups()
        telling.year = None if year == "XXXX" else int(year)
        telling.month = int(month) if month else None
        if month and day:
            start = date(telling.year or NO_YEAR, int(month), int(day))
            telling.today = When("D", start, yearless=telling.year is None)
    for said in all_said:  # one date that can be read in one way only shows the convention
        written = said.get("numeric_date")
        found = re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D\d{2,4}", written) if written else None
        if found and (int(found[1]) > 12) != (int(found[2]) > 12):
            telling.day_first = int(found[1]) > 12
            telling.order_shown = True
    return telling


def told_side(
    timex: Timex, said: Mapping[str, str], telling: Telling, *, wide: bool = True
) -> Side:
    """The side that its clause tells; a limit lies ahead, a start behind, where it says nothing."""
    sentences, times = telling.sentences, telling.times
    relation = said.get("relation")
    if telling.counted_at >= 0:  # "deux jours avant Noël, il est parti": one phrase
        span = Span(telling.counted_at, timex.span.end)
        return side(span, sentences, times, wide=False)
    if relation == "until" and not clause_has(timex.span, "pluperfect", sentences, times):
        return "future"
    if (
        said.get("kind") in {"date", "weekday"}
        and tells(timex.span, "plan", sentences, times, 1)
        and not clause_has(timex.span, "pluperfect", sentences, times)
    ):
        return "future"
    told = side(timex.span, sentences, times, wide=False)
    if not told and relation == "from":
        return "future"
    if not told and relation == "since":
        return "past"
    return told or (side(timex.span, sentences, times) if wide else "")


def near_day(telling: Telling) -> date:
    """A day to measure nearness from: that of the dispatch, or the middle of its month or year."""
    if telling.today is not None:
        return telling.today.start
    if telling.year is None:
        return date(NO_YEAR, 7, 1)
    return date(telling.year, telling.month or 7, 15 if telling.month else 1)


def day_long_past(
    timex: Timex, said: Mapping[str, str], told: Side, telling: Telling, *, over: bool = False
) -> date | None:
    """A day long past that the sentences just before tell of: the year goes on from it.

    `over`: it goes on into the next paragraph too, for what is surely told as long over.
    """
    head = telling.head
    if head is None or head.yearless or told == "future" or "dir" in said:
        return None
    if (near_day(telling) - head.start).days < _LONG_PAST:
        return None
    here = telling.sentences.index(timex.span.start)
    near = here - telling.sentences.index(telling.head_at) <= (4 if over else 2)
    return head.start if near and (over or same_paragraph(timex, telling)) else None


def same_paragraph(timex: Timex, telling: Telling, at: int | None = None) -> bool:
    """Whether it stands in the paragraph of what was named at offset `at`, by default the head."""
    start = telling.head_at if at is None else at
    return "\n" not in telling.document.text[start : timex.span.start]


def year_written(timex: Timex, telling: Telling) -> int | None:
    """The year that its sentence, or the one before in the same paragraph, is in."""
    here, last = telling.sentences.index(timex.span.start), telling.last
    told = telling.last_at != telling.year_at and telling.sentences.index(telling.last_at) == here
    if last is not None and last.grain == "Y" and told:
        return last.start.year  # "l'année suivante, le 8 mai"
    if telling.year_at < 0:
        return None
    there = telling.sentences.index(telling.year_at)
    if here == there:
        between = telling.document.text[telling.year_at : timex.span.start]
        opening = telling.sentences.before(telling.year_at, telling.sentences.starts[there])
        if ";" in between or ("," in between and len(opening) > _OPENING):
            return None  # "champion en 2010 et 2017, il joue le 8 juin"
        return telling.year_written
    between = telling.document.text[telling.year_at : timex.span.start]
    if here - there == 1 and "\n" not in between and telling.head is not None:
        return telling.head.start.year if telling.head_at == telling.year_at else None
    return None


def day_here(timex: Timex, telling: Telling) -> tuple[When | None, Reason, Basis]:
    """The day that a part of it, or an hour, belongs to."""
    if in_sentence(timex, telling) and not telling.aside_bounds:
        aside = cast("When", telling.aside)
        source = telling.aside_words
        reason = why("timex-sentence", timex, day=aside.value, source=source)
        return aside, reason, "relative"
    same_day = "same" in dict(timex.fields)  # "le soir même" asks for the day just told
    head = telling.head if same_day else still_told(timex, telling)
    if head is not None:
        same = telling.sentences.index(telling.head_at) == telling.sentences.index(timex.span.start)
        reason = why("timex-sentence" if same else "timex-head", timex,
                      day=head.value, source=_words_of(head, telling))
        return head, reason, "relative" if same else "inherited"
    if telling.today is not None:
        return telling.today, from_dispatch(timex, telling.today, telling), "dct"
    return None, why("timex-no-reference", timex), "none"


def in_sentence(timex: Timex, telling: Telling) -> bool:
    """Whether the day named last in this sentence was named in passing, and holds for it."""
    index = telling.sentences.index
    if telling.aside is None or telling.aside_at <= telling.head_at:
        return False
    if index(telling.aside_at) != index(timex.span.start):
        return False
    # "qui avaient cessé le 20 mai, ont voté la veille": back in the telling
    back = dict(timex.fields).get("eve", "").startswith("-")
    between = telling.sentences.before(timex.span.start, telling.aside_at)
    past, over = telling.times.cues["past"], telling.times.cues["pluperfect"]
    return not (back and any(word in past and word not in over for word in between))


def _last_past(timex: Timex, telling: Telling, today: When) -> When | None:
    """The day told last that was not to come: what is over did not happen tomorrow."""
    index = telling.sentences.index
    aside = telling.aside
    if (
        aside is not None
        and aside.start <= today.start
        and index(timex.span.start) - index(telling.aside_at) <= 1
    ):
        return aside
    before = telling.before
    return before if before is not None and before.start <= today.start else None


def still_told(timex: Timex, telling: Telling) -> When | None:
    """The day that the telling is still at: a day of another time holds for its paragraph."""
    head, today = telling.head, telling.today
    if head is None or today is None:
        return head
    sentences, times = telling.sentences, telling.times
    told = side(timex.span, sentences, times, wide=False)
    if told == "future":
        return head if head.start >= today.start else None
    apart = sentences.index(timex.span.start) - sentences.index(telling.head_at)
    if apart and told == "past" and head.start > today.start:
        return _last_past(timex, telling, today)
    back = telling.back
    if (
        apart
        and back is not None
        and 0 < (head.start - back.start).days <= NEAR
        and sentences.index(timex.span.start) - sentences.index(telling.back_at) <= _REACH
        and clause_has(timex.span, "pluperfect", sentences, times)
    ):
        return back  # "l'incendie qui a ravagé la veille … Le feu s'était déclaré vers 18 h"
    return counted_from(timex, telling)


def counted_from(timex: Timex, telling: Telling) -> When | None:
    """The day that the sentences before speak of: one of another time holds for its paragraph."""
    head, today = telling.head, telling.today
    if head is None or today is None or head.yearless or same_paragraph(timex, telling):
        return head
    over = clause_has(timex.span, "pluperfect", telling.sentences, telling.times)
    for day in (head if over else telling.main, telling.before):
        if day is not None and abs((day.start - today.start).days) <= NEAR:
            return day
    return None


def stated_year(said: Mapping[str, str], telling: Telling) -> int | None:
    if "of_year" in said and telling.year is not None:
        return telling.year + {"last": -1, "this": 0, "next": 1}[said["of_year"]]
    if "year" in said:
        year = int(said["year"])
        return year if MINYEAR <= year < MAXYEAR else None
    if "yy" in said:
        return year_of_two_digits(int(said["yy"].lstrip("'’")), telling)
    return None


def year_of_two_digits(two_digits: int, telling: Telling) -> int:
    """The year that two digits mean: at most ten years after the dispatch."""
    latest = (telling.year or 2030) + 10
    year = latest // 100 * 100 + two_digits
    return year if year <= latest else year - 100


def why(code: str, timex: Timex, **values: str) -> Reason:
    return Reason(code, (("words", timex.text), *values.items()))


def from_dispatch(timex: Timex, when: When, telling: Telling) -> Reason:
    return why("timex-dct", timex, value=when.edtf, dct=telling.dct.value or "")


def _words_of(day: When, telling: Telling) -> str:
    """The words by which a day of the telling was named."""
    told = (
        (telling.head, telling.head_words),
        (telling.aside, telling.aside_words),
        (telling.main, telling.main_words),
        (telling.back, telling.back_words),
        (telling.last, telling.last_words),
    )
    return next((words for named, words in told if named == day), "")


def from_telling(timex: Timex, base: When, telling: Telling, when: When | None = None) -> Reason:
    """Why it is of `base`, told before, or what it comes to when counted from there: `when`."""
    source = _words_of(base, telling)
    if when is None or when == base:
        return why("timex-head", timex, day=base.value, source=source)
    return why("timex-from-told", timex, day=base.value, source=source, value=when.edtf)
