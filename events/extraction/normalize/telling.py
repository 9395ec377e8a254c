"""Where the telling of a document stands: which day it speaks of, and what that day rests on.

A part of the day or an hour belongs to the day that the sentences before speak of; a day named
in passing ("le séisme du 25 avril", "a-t-il dit mardi") holds for its own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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

_CLAUSE = 8  # words back to the one that opens a clause
_NEAR = 3  # days around the dispatch that its telling stays at over several paragraphs
_OPENING = 4  # words before a year that opens its sentence
_BOUNDS = frozenset({"since", "from", "until"})  # they name where a stretch ends, not its telling
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
    aside: When | None = None  # a day named in passing: it holds for its sentence
    aside_words: str = ""
    aside_at: int = -1
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
    counted_at: int = -1  # where an expression begins that counts from the one being read


def start_telling(
    all_said: Sequence[Mapping[str, str]], document: Document, dct: CreationTime, times: TimeLexicon
) -> Telling:
    sentences = sentences_of(document.text)
    telling = Telling(document, times, dct, sentences, day_first=times.day_first)
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


def move(timex: Timex, said: Mapping[str, str], reading: Reading, telling: Telling) -> None:
    """Go on from the day that was just spoken of."""
    when = reading.when
    if when is None or _frames(timex.span, telling.document):
        return
    if said.get("kind") not in {"part", "clock"}:
        placed = Placed(timex, when)
        telling.placed.append(placed)
        where = telling.sentences.index(timex.span.start)
        telling.placed_in.setdefault(where, []).append(placed)
    if not reading.moves:
        return
    telling.last, telling.last_words, telling.last_at = when, timex.text, timex.span.start
    if "year" in said:
        telling.year_at, telling.year_written = timex.span.start, when.start.year
        telling.year_words = timex.text
    if when.grain != "D":
        return
    aside = (
        said.get("relation") in _BOUNDS
        or _is_aside(timex, said, telling)
        or _looks_back(timex, said, when, telling)
    )
    if telling.head is None and said.get("relation") == "until":
        return
    if telling.head is not None and aside and not telling.head_in_passing:
        telling.aside, telling.aside_words = when, timex.text
        telling.aside_at = timex.span.start
        return
    telling.head_in_passing = aside  # for want of a better one
    if telling.head != when and telling.head is not None:
        telling.before = telling.head
    if telling.head != when:
        telling.head_hour = -1
    telling.head, telling.head_words, telling.head_at = when, timex.text, timex.span.start
    hour = re.match(r"T(\d\d):(\d\d)", reading.suffix)
    if hour:
        telling.head_hour = int(hour[1])
        telling.clock = (when, int(hour[1]), int(hour[2]))
    elif reading.suffix[:3] in {"TEV", "TNI"}:
        telling.head_hour = 20 if reading.suffix[:3] == "TEV" else 24


def _looks_back(timex: Timex, said: Mapping[str, str], when: When, telling: Telling) -> bool:
    """Whether it dates what was over by the day that is told: "mercredi, l'indice avait gagné"."""
    head, today = telling.head, telling.today
    if head is None or today is None or when.start >= head.start:
        return False
    if said.get("kind") in {"date", "day"}:
        # Only aside: "les dockers, qui avaient cessé le travail le 20 mai, ont voté la veille"
        start = telling.sentences.span(timex.span.start).start
        before = telling.sentences.before(timex.span.start, start, _CLAUSE)
        aside = not telling.times.cues["stop"].isdisjoint(before)
        news = aside and abs((head.start - today.start).days) <= _NEAR
    elif said.get("kind") == "eve":
        # As in: "son titre, qui avait déjà cédé 18% la veille, a plongé".
        return said["eve"].startswith("-") and _is_over_before(timex.span, telling)
    else:
        news = said.get("kind") in {"weekday", "deictic"} and head == today
    return news and clause_has(timex.span, "pluperfect", telling.sentences, telling.times)


def _is_over_before(span: Span, telling: Telling) -> bool:
    """Whether the auxiliary nearest before an expression is that of the pluperfect."""
    cues, sentences = telling.times.cues, telling.sentences
    before = sentences.before(span.start, sentences.span(span.start).start, _CLAUSE)
    nearest = next((word for word in before if word in cues["past"]), "")
    return nearest in cues["pluperfect"]


def _is_aside(timex: Timex, said: Mapping[str, str], telling: Telling) -> bool:
    """Whether it dates who spoke, or a noun ("le séisme du 25 avril"), not what is told."""
    if said.get("kind") not in {"date", "weekday"}:
        return False
    sentences, times = telling.sentences, telling.times
    start = sentences.span(timex.span.start).start
    before = sentences.before(timex.span.start, start, 1)
    if before and before[0] in times.cues["complement"]:
        return "part_of" not in said
    if sentences.text[timex.span.end : timex.span.end + 2] in {"'s", "’s"}:
        return True  # "Thursday's referendum"
    if tells(timex.span, "speech", sentences, times, 2):
        return True
    if _is_equated(timex.span, sentences, times):
        return True
    if not times.cues["conceding"].isdisjoint(sentences.before(timex.span.start, start, _CLAUSE)):
        return True  # "although its advisers ruled one out on Monday"
    head, index = telling.head, sentences.index
    if head is None:
        return False
    if index(telling.head_at) == index(timex.span.start):
        # "a frappé dimanche, après avoir traversé Cuba samedi"
        between = sentences.before(timex.span.start, telling.head_at)
        return not times.cues["counted_after"].isdisjoint(between)
    return False


def _is_equated(span: Span, sentences: Sentences, times: TimeLexicon) -> bool:
    """Whether a copula makes it the day of a thing named: "the original one was June 30"."""
    before = sentences.before(span.start, sentences.span(span.start).start, 2)
    if len(before) < 2 or before[0] not in times.cues["copula"]:
        return False
    return before[1] not in times.cues["pointing"]  # "c'était le 4 septembre" goes on from it


def _frames(span: Span, document: Document) -> bool:
    """Whether it stands outside of the telling: in the dateline or under a picture."""
    dateline = document.dateline
    return (dateline is not None and dateline.span.contains(span)) or any(
        caption.overlaps(span) for caption in document.captions
    )


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
    return head.start if near and (over or _same_paragraph(timex, telling)) else None


def _same_paragraph(timex: Timex, telling: Telling) -> bool:
    return "\n" not in telling.document.text[telling.head_at : timex.span.start]


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
    if in_sentence(timex, telling):
        aside = cast("When", telling.aside)
        source = telling.aside_words
        reason = why("timex-sentence", timex, day=aside.value, source=source)
        return aside, reason, "relative"
    same_day = "same" in dict(timex.fields)  # "le soir même" asks for the day just told
    head = telling.head if same_day else _still_told(timex, telling)
    if head is not None:
        same = telling.sentences.index(telling.head_at) == telling.sentences.index(timex.span.start)
        reason = why("timex-sentence" if same else "timex-head", timex,
                      day=head.value, source=telling.head_words)
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


def _still_told(timex: Timex, telling: Telling) -> When | None:
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
    earlier = telling.before if apart and head == today else None
    if (
        earlier is not None
        and earlier.start < today.start
        and clause_has(timex.span, "pluperfect", sentences, times)
    ):
        return earlier  # what was over before ("avait quitté") happened on the day told before
    if abs((head.start - today.start).days) <= _NEAR or head.yearless:
        return head
    if _same_paragraph(timex, telling):
        return head
    near = telling.before is not None and abs((telling.before.start - today.start).days) <= _NEAR
    return telling.before if near else None


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


def from_telling(timex: Timex, base: When, telling: Telling, when: When | None = None) -> Reason:
    """Why it is of `base`, told before, or what it comes to when counted from there: `when`."""
    told = (
        (telling.head, telling.head_words),
        (telling.aside, telling.aside_words),
        (telling.last, telling.last_words),
    )
    source = next((words for day, words in told if day == base), "")
    if when is None or when == base:
        return why("timex-head", timex, day=base.value, source=source)
    return why("timex-from-told", timex, day=base.value, source=source, value=when.edtf)
