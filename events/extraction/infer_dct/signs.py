"""What a text says of its year besides dates: anniversaries, and words of a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, date

from events.extraction.annotations import Timex
from events.extraction.clauses import Sentences
from events.extraction.infer_dct.evidence import Dated, Window
from events.extraction.lexicon.times import TimeLexicon, fold

_NUMBER = re.compile(r"(\d{1,4})[^\W\d_]{0,4}$")  # "50", "50e", "50th"
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LONGEST = 4  # words of an entry: "francs suisses"


def words_of(text: str) -> list[tuple[int, str]]:
    """The words of a text, folded, each with where it begins."""
    return [(match.start(), fold(match[0])) for match in _WORD.finditer(text)]


def anniversaries(
    words: Sequence[tuple[int, str]],
    timexes: Sequence[Timex],
    dated: Sequence[Dated],
    sentences: Sentences,
    times: TimeLexicon,
) -> Iterator[Window]:
    """Years that a count of years since a dated start leads to; `words` are those of `words_of`.

    "le 50e anniversaire du traité de 1957"; "dans deux ans les cent bougies de sa fondation, en
    1902" is written two years before.
    """
    before = ""
    for at, word in words:
        years = times.anniversaries.get(word)
        years = _number(before, times) if years == 0 else years
        before = word
        if not years:
            continue
        where = sentences.index(at)
        starts = [d for d in dated if d.sentence == where and d.year and d.side != "future"]
        if not starts:
            continue
        start = min(starts, key=lambda d: abs(d.timex.span.start - at))
        year = (start.year or 0) + years - _ahead(timexes, where, sentences)
        if 1 <= year < MAXYEAR:
            first, end = date(year, 1, 1), date(year + 1, 1, 1)
            since, length = start.timex.text, str(years)
            yield Window(first, end, since, length, sure=True, birth=False, exact=True)


def _number(word: str, times: TimeLexicon) -> int:
    match = _NUMBER.match(word)
    return int(match[1]) if match else times.numbers.values.get(word, 0)


def _ahead(timexes: Sequence[Timex], where: int, sentences: Sentences) -> int:
    """How many years ahead a sentence looks: "dans deux ans", "l'an prochain"."""
    for timex in timexes:
        said = dict(timex.fields)
        if sentences.index(timex.span.start) != where or said.get("unit") != "Y":
            continue
        if said.get("kind") == "count" and said.get("dir") == "1":
            return int(said["num"]) if said.get("num", "").isdigit() else 0
        if said.get("kind") == "unit" and said.get("dir") == "next":
            return 1
    return 0


def era(words: Sequence[tuple[int, str]], times: TimeLexicon) -> tuple[int, int]:
    """The first and the last year that the words of a text (`words_of`) speak of."""
    first, last = 0, MAXYEAR
    openings = frozenset(entry.split()[0] for entry in times.eras)
    for i, (_, word) in enumerate(words):
        if word not in openings:
            continue
        for length in range(_LONGEST, 0, -1):  # the longest entry counts
            bounds = times.eras.get(" ".join(word for _, word in words[i : i + length]))
            if bounds is not None:
                first, last = max(first, bounds[0]), min(last, bounds[1])
                break
    return first, last
