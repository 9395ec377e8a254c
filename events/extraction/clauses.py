"""Where sentences start, and on which side of the dispatch's day a clause lies.

Both are read from marks and words alone, so that dates can be resolved without a parse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Literal

from events.extraction.annotations import Span
from events.extraction.lexicon.times import TimeLexicon, lower

Side = Literal["past", "future", ""]
_Told = Literal["past", "future", "either", ""]

_END = re.compile(r"[.!?…][\"»”')\]]{0,2}\s+(?=[\"«“(\[]{0,2}\s?[^\W\d_a-zà-ÿ])|\n+")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\bMM?|\bMr|\bMrs|\bDr|\bno|\bSt|\bSen|\bGen|\bGov)\.$")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_REACH = 600  # characters: a "sentence" of a hostile text has no end
_FARTHEST = 25  # words of a clause that are looked at on either side


class Sentences:
    """The sentences of a text, asked by offset. What a clause tells is remembered here."""

    __slots__ = ("sides", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.sides: dict[tuple[str, Span, bool], Side] = {}
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
    sentence = sentences.span(span.start)
    before, after = text[sentence.start : span.start], text[span.end : sentence.end]
    near = before[max(before.rfind(mark) for mark in _COMMAS) + 1 :]
    # An expression that opens its clause belongs to what follows, over the comma after it.
    opens = len(_words(near)) <= 2  # but for prepositions
    rest = after.lstrip(" ,") if opens else after
    far = _COMMA.split(rest, maxsplit=1)[0]
    ways = [(near, far)] + ([(before, after)] if wide else [])
    for left, right in ways:
        for words, onward in ((_words(left)[::-1], False), (_words(right), True)):
            told = _told(words, times, onward=onward)
            if told == "either":
                return ""
            if told:
                return told
    return ""


_COMMAS = ",;:()"
_COMMA = re.compile("[,;:()]")


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


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
            if found or i == 0 or times.loose_participles:
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
    text, cues = sentences.text, times.cues[name]
    sentence = sentences.span(span.start)
    before = _words(text[sentence.start : span.start])[::-1][:reach]
    after = _words(text[span.end : sentence.end])[: reach - 1]
    return any(lower(word) in cues for word in (*before, *after))


def clause_has(span: Span, name: str, sentences: Sentences, times: TimeLexicon) -> bool:
    """Whether the sentence around `span` has one of the cues `name`, up to a semicolon."""
    sentence = sentences.span(span.start)
    before = sentences.text[sentence.start : span.start].rpartition(";")[2]
    after = sentences.text[span.end : sentence.end].partition(";")[0]
    return any(lower(word) in times.cues[name] for word in _words(before) + _words(after))


def _until(words: Sequence[str], times: TimeLexicon) -> Iterator[str]:
    """The words in lower case up to one that ends the clause; "s'est" is also "s" and "est"."""
    for word in words:
        plain = lower(word)
        if plain in times.cues["stop"]:
            return
        yield plain
        if "'" in plain or "-" in plain:
            yield from plain.replace("-", "'").split("'")
