"""Expressions that count from what is named right behind them.

"Deux jours avant Noël", "le lendemain du référendum": the day counted from is a date or a feast
that follows, or the day that another sentence gives to the same noun. Where neither is there, the
length stays a length and the day unknown: no day is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from events.extraction.annotations import Span, Timex
from events.extraction.clauses import tells
from events.extraction.lexicon.times import TimeLexicon, fold, lower
from events.extraction.normalize.telling import Placed, Reading, Telling, why
from events.extraction.normalize.when import SHORT_UNITS, When, count_from, shift

COUNTED = frozenset({"duration", "eve"})  # kinds that may count from what follows
_REACH = 90  # characters behind an expression that are looked at
_NAMED = 4  # words of a noun phrase: "le premier tour de l'élection présidentielle"
_LONGEST = 6  # words from the link to a date that follows
_CLAUSE_END = re.compile(r"[,.;:!?\n«»“”\"()]")
_WORD = re.compile(r"[^\W_]+")
_FIRST_WORD = re.compile(r"\s+([^\W_]+)(?=[\s'’])")
_BACK, _MENTIONS = 6000, 12  # characters back, and mentions of the noun there, that are looked at
_BESIDE = 6  # characters from a noun to its date: "le vote du 3 mai"
_SHORT = 3  # letters of words that name nothing
_FINER: Mapping[str, tuple[str, ...]] = {
    "D": ("D",), "W": ("D", "W", "WE"), "M": ("D", "W", "WE", "M"),
}  # fmt: skip


class Link(NamedTuple):
    """What an expression counts from: `sign` 1 for "après"; the words named; where they end."""

    sign: int
    words: tuple[tuple[str, Span], ...]


def link_behind(
    timex: Timex, said: Mapping[str, str], text: str, times: TimeLexicon
) -> Link | None:
    """What is named right behind "deux jours" or "le lendemain" to count from, None if nothing."""
    kind = said.get("kind")
    if kind not in COUNTED or "age" in said:
        return None
    opening = _FIRST_WORD.match(text, timex.span.end)
    if opening is None:
        return None
    first, cues = lower(opening[1]), times.cues
    if kind == "eve":
        offset_days = int(said["eve"])
        sign = 1 if offset_days > 0 else -1
        links = cues["complement"] | cues["counted_after"] | cues["counted_before"]
        if first not in links or not offset_days:
            return None
    else:
        sign = 1 if first in cues["counted_after"] else -1 if first in cues["counted_before"] else 0
        if not sign or said.get("unit") in SHORT_UNITS or _lasts(timex, text, times):
            return None
    offset = opening.end()
    clause = _CLAUSE_END.split(text[offset : offset + _REACH], maxsplit=1)[0]
    words = [
        (lower(m[0]), Span(offset + m.start(), offset + m.end())) for m in _WORD.finditer(clause)
    ]
    if not words:
        return None
    if kind == "eve" and first in cues["counted_before"] and words[0][0] in cues["complement"]:
        return None  # "a perdu 4% le lendemain avant de rebondir"
    return Link(sign, tuple(words[: _LONGEST + 2]))


def _lasts(timex: Timex, text: str, times: TimeLexicon) -> bool:
    """Whether the words before make it a stretch or a bound: "pendant deux jours", "à peine"."""
    before = [
        lower(w) for w in _WORD.findall(text[max(0, timex.span.start - 30) : timex.span.start])
    ]
    return any(word in times.cues["lasting"] for word in before[-2:])


def counts_from_next(timexes: Sequence[Timex], i: int, telling: Telling) -> bool:
    """Whether expression i counts from the one that follows it, which is then to be read first."""
    if i + 1 >= len(timexes):
        return False
    said = dict(timexes[i].fields)
    link = link_behind(timexes[i], said, telling.document.text, telling.times)
    return link is not None and _holds(link, timexes[i + 1], telling.times)


def _holds(link: Link, following: Timex, times: TimeLexicon) -> bool:
    """Whether a date stands in what is named: at once, or as its complement ("du 25 avril")."""
    between = [word for word, span in link.words if span.end <= following.span.start]
    named = link.words[0][1].start <= following.span.end
    near = link.words[-1][1].end >= following.span.start and len(between) <= _LONGEST
    if not named or not near:
        return False
    within = times.cues["complement"] | times.cues["within"]
    return not _content(between, times) or between[-1] in within


def _content(words: Sequence[str], times: TimeLexicon) -> list[str]:
    """The words that name something: no articles, no numbers, no words of the calendar."""
    return [
        word for word in (fold(w) for w in words)
        if len(word) > _SHORT and word.isalpha() and word not in times.words
        and word not in times.cues["outset"]
    ]  # fmt: skip


def counted(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading | None:
    """Place an expression that counts from what it names; None if it names nothing.

    What it names but nothing dates gives a reading without a day.
    """
    link = link_behind(timex, said, telling.document.text, telling.times)
    if link is None:
        return None
    source = _source(link, telling)
    if source is None:
        return Reading(None, why("timex-no-reference", timex))
    base, words, end = source
    when = _count(base, said, link.sign)
    if when is None:
        return Reading(None, why("timex-no-reference", timex))
    reason = why("timex-counted", timex, day=base.value, source=words, value=when.edtf)
    return Reading(when, reason, "relative", until=end)


def _source(link: Link, telling: Telling) -> tuple[When, str, int] | None:
    """The day counted from, the words that name it, and where these end."""
    first, last = link.words[0][1].start, link.words[-1][1].end
    for placed in telling.placed[-2:]:  # it was read just before
        if (
            placed.span.start <= last
            and placed.span.end > first
            and _holds(link, placed.timex, telling.times)
        ):
            direct = not _content(
                [w for w, span in link.words if span.end <= placed.span.start], telling.times
            )
            end = placed.span.end if direct else link.words[0][1].end
            return placed.when, placed.timex.text, end
    dated = _day_of_noun(link, telling)
    if dated is None:
        return None
    placed, span = dated
    return placed.when, placed.timex.text, span.end


def _day_of_noun(link: Link, telling: Telling) -> tuple[Placed, Span] | None:
    """The day that sentences before give to the noun that is named.

    They must agree, and say it in so many words: one day in the sentence, or one beside the noun.
    """
    text, sentences = telling.document.text, telling.sentences
    here = sentences.index(link.words[0][1].start)
    for word, span in link.words[:_NAMED]:
        if not _content([word], telling.times):
            continue
        found: set[When] = set()
        first: Placed | None = None
        pattern = re.compile(rf"\b{re.escape(word.rstrip('s'))}s?\b", re.IGNORECASE)
        until = sentences.span(span.start).start
        mentions = pattern.finditer(text, max(0, until - _BACK), until)
        for match in islice(mentions, _MENTIONS):
            dated = _day_beside(match.start(), match.end(), telling)
            if dated is not None and sentences.index(match.start()) < here:
                found.add(dated.when)
                first = dated
        if first is not None:
            return (first, span) if len(found) == 1 else None
    return None


def _day_beside(start: int, end: int, telling: Telling) -> Placed | None:
    """The one day that the sentence around a noun names."""
    days = [
        p for p in telling.placed_in.get(telling.sentences.index(start), ())
        if p.when.grain == "D" and not p.when.yearless
        and not tells(p.span, "speech", telling.sentences, telling.times, 2)
    ]  # fmt: skip
    if len({p.when for p in days}) == 1:
        return days[0]
    text = telling.document.text
    beside = [
        p for p in days
        if 0 <= p.span.start - end <= _BESIDE and text[end : p.span.start].count(" ") <= 2
    ]  # fmt: skip
    return beside[0] if len(beside) == 1 else None


def _count(base: When, said: Mapping[str, str], sign: int) -> When | None:
    if said.get("kind") == "eve":
        return shift(base, int(said["eve"])) if base.grain == "D" else None
    unit = said.get("unit") or said.get("halfunit") or "D"
    if base.grain not in _FINER.get(unit, (base.grain,)):
        return None  # days cannot be counted from a month
    number = said.get("n2") or said.get("num", "X")
    if number == "X" or "." in number:
        return None
    if said.get("u3") == "M" and unit == "Y":
        return count_from(base, sign, str(12 * int(number) + int(said["n3"])), "M", half=False)
    return count_from(base, sign, number, unit, half="half" in said or "halfunit" in said)
