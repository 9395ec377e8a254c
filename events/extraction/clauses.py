"""Where sentences start, and on which side of the dispatch's day a clause lies.

Both are read from marks and words alone, so that dates can be resolved without a parse.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal

from events.extraction.annotations import Span
from events.extraction.lexicon.times import TimeLexicon, fold

Side = Literal["past", "future", ""]

_END = re.compile(r"[.!?…][\"»”')\]]{0,2}\s+(?=[\"«“(\[]{0,2}\s?[^\W\d_a-zà-ÿ])|\n+")
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\bMM?|\bMr|\bMrs|\bDr|\bno|\bSt|\bSen|\bGen|\bGov)\.$")
_WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FARTHEST = 25  # words of a clause that are looked at on either side


class Sentences:
    """The sentences of a text, asked by offset."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0]
        for match in _END.finditer(text):
            before = text[max(0, match.start() - 4) : match.start() + 1]
            if "\n" in match[0] or _ABBREVIATION.search(before) is None:
                self.starts.append(match.end())

    def index(self, at: int) -> int:
        """The number of the sentence that holds offset `at`."""
        return bisect_right(self.starts, at) - 1

    def span(self, at: int) -> Span:
        """The sentence that holds offset `at`."""
        i = self.index(at)
        end = self.starts[i + 1] if i + 1 < len(self.starts) else len(self.text)
        return Span(self.starts[i], end)


def side(span: Span, sentences: Sentences, times: TimeLexicon, *, wide: bool = True) -> Side:
    """Whether the clause around `span` tells what is over or what is to come; "" if unsaid.

    The word nearest before decides, else the nearest after: French and English put the verb
    there. With `wide`, the rest of the sentence is asked when the clause itself says nothing.
    """
    text = sentences.text
    sentence = sentences.span(span.start)
    before, after = text[sentence.start : span.start], text[span.end : sentence.end]
    near = before[max(before.rfind(mark) for mark in _COMMAS) + 1 :]
    # An expression that opens its clause belongs to what follows, over the comma after it.
    rest = after.lstrip(" ,") if not near.strip() else after
    far = _COMMA.split(rest, maxsplit=1)[0]
    found = _told(_words(near)[::-1], times) or _told(_words(far), times)
    if not found and wide:
        found = _told(_words(before)[::-1], times) or _told(_words(after), times)
    return found


_COMMAS = ",;:()"
_COMMA = re.compile("[,;:()]")


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


def _told(words: Sequence[str], times: TimeLexicon) -> Side:
    cues = times.cues
    coming, gone = times.endings.get("future", ()), times.endings.get("past", ())
    nothing: frozenset[str] = frozenset()
    stops, never = cues.get("stop", nothing), times.never_cues
    future, past = cues.get("future", nothing), cues.get("past", nothing)
    for word in islice(_until(words, stops, never), _FARTHEST):
        if word in future or (coming and len(word) > 4 and word.endswith(coming)):
            return "future"
        if word in past or (gone and len(word) > 4 and word.endswith(gone)):
            return "past"
    return ""


def _until(
    words: Sequence[str], stops: frozenset[str], never: frozenset[str]
) -> Iterator[str]:
    for word in words:
        if word.lower() in never:
            continue
        plain = fold(word)
        if plain in stops:
            return
        yield plain
        if "'" in plain or "-" in plain:
            yield from plain.replace("-", "'").split("'")
