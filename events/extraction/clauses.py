"""Where sentences start, and on which side of the dispatch's day a clause lies.

Both are read from marks and words alone, so that dates can be resolved without a parse.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from typing import Literal

from events.extraction.annotations import Span
from events.extraction.lexicon.times import TimeLexicon, lower

Side = Literal["past", "future", ""]
_Told = Literal["past", "future", "either", ""]

_END = re.compile(r"[.!?…][\"»”')\]]{0,2}\s+(?=[\"«“(\[]{0,2}\s?[^\W\d_a-zà-ÿ])|\n+")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\bMM?|\bMr|\bMrs|\bDr|\bno|\bSt|\bSen|\bGen|\bGov)\.$")
_WORDS_AND_GAPS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[\W_]+")  # by turns
_REACH = 600  # characters: a "sentence" of a hostile text has no end
_QUOTED = re.compile(r"«[^»\n]{1,2000}»|“[^”\n]{1,2000}”|\"[^\"\n]{1,2000}\"")
_QUOTED_WORDS = 4  # quotations of fewer are terms that the agency itself uses
_OPENING = 4  # words before an expression that opens its sentence
_SHORTEST = 2  # letters of prepositions and articles
_FARTHEST = 25  # words of a clause that are looked at on either side


class Sentences:
    """The sentences of a text, asked by offset. What a clause tells is remembered here."""

    __slots__ = ("_ends", "_plain", "_starts", "sides", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.sides: dict[tuple[str, Span, bool], Side] = {}
        pieces = _WORDS_AND_GAPS.findall(text)
        at = list(accumulate(map(len, pieces), initial=0))
        first = 0 if text[:1].isalnum() else 1
        self._plain = list(map(lower, pieces[first::2]))
        self._starts, self._ends = at[first:-1:2], at[first + 1 :: 2]
        self.starts = [0]
        for match in _END.finditer(text):
            before = text[max(0, match.start() - 4) : match.start() + 1]
            if "\n" in match[0] or _ABBREVIATION.search(before) is None:
                self.starts.append(match.end())

    def index(self, at: int) -> int:
        """The number of the sentence that holds offset `at`."""
        return bisect_right(self.starts, at) - 1

    def span(self, at: int) -> Span:
        """The sentence that holds offset `at`, no farther than anyone reads."""
        i = self.index(at)
        end = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.text)
        return Span(max(self.starts[i], at - _REACH), min(end, at + _REACH))

    def before(self, at: int, low: int, most: int = _FARTHEST) -> list[str]:
        """The words from `low` to `at`, nearest first; of one that `at` cuts, what is before."""
        last = bisect_left(self._starts, at)
        first = max(bisect_left(self._starts, low, 0, last), last - most)
        found = self._plain[first:last][::-1]
        if found and self._ends[last - 1] > at:
            found[0] = lower(self.text[self._starts[last - 1] : at]).rstrip("'-")
        return found

    def after(self, at: int, high: int, most: int = _FARTHEST) -> list[str]:
        """The words from `at` to `high`, nearest first; of one that `at` cuts, what is after."""
        first = bisect_right(self._ends, at)
        last = min(bisect_left(self._starts, high, first), first + most)
        found = self._plain[first:last]
        if found and self._starts[first] < at:
            found[0] = lower(self.text[at : self._ends[first]]).lstrip("'-")
        return found


@lru_cache(maxsize=4)  # as below
def quotations(text: str) -> list[Span]:
    """The quotations of a text that are long enough to have a time of their own."""
    return [
        Span(*match.span())
        for match in _QUOTED.finditer(text)
        if len(match[0].split()) >= _QUOTED_WORDS
    ]


@lru_cache(maxsize=4)  # a text is asked of by one stage after the other
def sentences_of(text: str) -> Sentences:
    """The sentences of `text`."""
    return Sentences(text)


def side(span: Span, sentences: Sentences, times: TimeLexicon, *, wide: bool = True) -> Side:
    """Whether the clause around `span` tells what is over or what is to come; "" if unsaid.

    The word nearest before decides, else the nearest after: French and English put the verb
    there. With `wide`, the rest of the sentence is asked when the clause itself says nothing.
    """
    key = (times.language, span, wide)
    told = sentences.sides.get(key)
    if told is None:
        told = sentences.sides[key] = _side(span, sentences, times, wide=wide)
    return told


def _side(span: Span, sentences: Sentences, times: TimeLexicon, *, wide: bool) -> Side:
    text = sentences.text
    start, end = sentences.span(span.start)
    opening = max(start, *(text.rfind(mark, start, span.start) + 1 for mark in _COMMAS))
    near = sentences.before(span.start, opening)
    # An expression that opens its clause belongs to what follows, over the comma after it.
    follows = span.end
    if len(near) <= 2:  # but for prepositions
        while follows < end and text[follows] in " ,":
            follows += 1
    comma = _COMMA.search(text, follows, end)
    far = sentences.after(follows, comma.start() if comma else end)
    ways = [(near, False), (far, True)]
    if comma and len(sentences.before(span.start, start)) <= _OPENING:
        # "Entre le 3 et le 7 mai, ils ont voté": what opens the sentence belongs to its verb.
        following = _COMMA.search(text, comma.end(), end)
        ways.append((sentences.after(comma.end(), following.start() if following else end), True))
    for words, onward in ways:
        told = _told(words, times, onward=onward)
        if told:
            return "" if told == "either" else told
    if wide:
        for words, onward in (
            (sentences.before(span.start, start), False),
            (sentences.after(span.end, end), True),
        ):
            told = _told(words, times, onward=onward)
            if told:
                return "" if told == "either" else told
    return ""


_COMMAS = ",;:()"
_COMMA = re.compile("[,;:()]")


def _told(words: Sequence[str], times: TimeLexicon, *, onward: bool) -> _Told:
    """The side that the nearest telling word names; `words` run away from the expression.

    `onward` says whether they run as the text does: they stand behind the expression.

    A participle takes the side of the auxiliary before it ("will be held"); alone and right
    beside the expression it tells what is over ("le policier abattu jeudi").
    """
    near = list(islice(_until(words, times), _FARTHEST))
    for i, word in enumerate(near):
        told = _side_of_word(near, i, times, onward=onward)
        if told:
            return told
        if _is_participle(word, times):
            nearby = range(i + 1, min(i + 4, len(near)))
            found: _Told = ""
            for j in nearby:
                found = found or _side_of_word(near, j, times, onward=onward)
            beside = all(len(between) <= _SHORTEST for between in near[:i])  # "signé en novembre"
            if found or beside or times.loose_participles:
                return found or "past"
    return ""


def _side_of_word(words: Sequence[str], i: int, times: TimeLexicon, *, onward: bool) -> _Told:
    cues, coming = times.cues, times.endings.get("future", ())
    word = words[i]
    if word in cues["future"] or (coming and len(word) > 4 and word.endswith(coming)):
        return "future"
    if i and words[i - 1] in cues["infinitive"]:
        if word in cues["be_to"]:
            return "future"
        if word in cues["was_to"]:
            return "either"  # a plan told in the past: carried out or not, before or after
    if word in cues["past"]:
        return "past"
    after = words[i + 1 : i + 4] if onward else words[max(0, i - 3) : i]
    if word in cues["be"] and any(_is_participle(w, times) for w in after):
        return "past"
    return ""


def _is_participle(word: str, times: TimeLexicon) -> bool:
    endings, not_ones = times.endings.get("participle", ()), times.endings.get("noun", ())
    if word in times.cues["participle"]:
        return True
    return len(word) > 4 and word.endswith(endings) and not word.endswith(not_ones)


def tells(span: Span, name: str, sentences: Sentences, times: TimeLexicon, reach: int) -> bool:
    """Whether one of the `reach` words right before or after `span` is among the cues `name`."""
    start, end = sentences.span(span.start)
    cues = times.cues[name]
    before = sentences.before(span.start, start, reach)
    after = sentences.after(span.end, end, reach - 1)
    return any(word in cues for word in (*before, *after))


def clause_has(span: Span, name: str, sentences: Sentences, times: TimeLexicon) -> bool:
    """Whether the sentence around `span` has one of the cues `name`, up to a semicolon."""
    text = sentences.text
    start, end = sentences.span(span.start)
    start = max(start, text.rfind(";", start, span.start) + 1)
    stop = text.find(";", span.end, end)
    before = sentences.before(span.start, start, _REACH)
    after = sentences.after(span.end, end if stop < 0 else stop, _REACH)
    cues = times.cues[name]
    return any(  # "n'avait" is also "avait"
        word in cues or ("'" in word and not cues.isdisjoint(word.split("'")))
        for word in (*before, *after)
    )


def _until(words: Sequence[str], times: TimeLexicon) -> Iterator[str]:
    """The words up to one that ends the clause; "s'est" is also "s" and "est"."""
    for plain in words:
        if plain in times.cues["stop"]:
            return
        yield plain
        if "'" in plain or "-" in plain:
            yield from plain.replace("-", "'").split("'")
