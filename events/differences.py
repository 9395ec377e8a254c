"""What one version of a text says and another does not, in runs of words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

_SENTENCE = re.compile(r"[^\n]*?[.!?…]+[\"»”’)]*(?:[ \t  ]+|$)|[^\n]+|\n+", re.MULTILINE)
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_FINE = 4_000_000  # pairs of words beyond which a passage is shown as replaced whole
_ALIKE = 0.35  # share of its words below which a passage is another one, not a changed one

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that both texts have, or the older ("gone") or the newer one ("new") alone."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> tuple[Run, ...]:
    """Return `new` with what it took the place of. The runs but those "gone" make up `new`.

    Sentences are compared first, then the words of those that changed: a moved or added sentence
    does not scatter marks over the others.
    """
    before, after = _SENTENCE.findall(old), _SENTENCE.findall(new)
    return tuple(_joined(_sentences(before, after)))


def _sentences(before: Sequence[str], after: Sequence[str]) -> Iterator[Run]:
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, new = "".join(before[a:b]), "".join(after[c:d])
        if tag == "replace":
            yield from _words(gone, new)
        elif tag == "equal":
            yield Run("same", new)
        else:
            yield from _replaced(gone, new)


def _words(gone: str, new: str) -> Iterator[Run]:
    before, after = _WORD.findall(gone), _WORD.findall(new)
    if len(before) * len(after) > _FINE:
        yield from _replaced(gone, new)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield from _replaced(gone, new)
        return
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Run("same", "".join(after[c:d]))
        else:
            yield from _replaced("".join(before[a:b]), "".join(after[c:d]))


def _replaced(gone: str, new: str) -> Iterator[Run]:
    if gone:
        yield Run("gone", gone)
    if new:
        yield Run("new", new)


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Put changes together that only a space keeps apart: three new words are one insertion."""
    kept: list[Run] = list(runs)
    pieces: list[tuple[Kind, str]] = []
    for index, run in enumerate(kept):
        between = 0 < index < len(kept) - 1 and run.kind == "same" and run.text.isspace()
        if between and "\n" not in run.text:
            pieces += [("gone", run.text), ("new", run.text)]
        else:
            pieces.append((run.kind, run.text))
    for same, group in groupby(pieces, key=lambda piece: piece[0] == "same"):
        parts = list(group)
        kinds: tuple[Kind, ...] = ("same",) if same else ("gone", "new")
        for kind in kinds:
            if text := "".join(words for which, words in parts if which == kind):
                yield Run(kind, text)
