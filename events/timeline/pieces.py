"""Texts cut where the evidence of events starts and ends."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from events.models import Mention


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marks` say what it is evidence of: "trigger", "core", "date"."""

    text: str
    marks: tuple[str, ...] = ()
    mentions: tuple[int, ...] = ()  # numbers of the mentions it serves (dispatch page only)
    opens: tuple[tuple[int, int], ...] = ()  # (number, id) of mentions whose trigger starts here


def marked(text: str, spans: Iterable[tuple[int, int, str]], offset: int = 0) -> tuple[Piece, ...]:
    """Cut `text`, which starts at `offset`, where spans `(start, end, mark)` begin and end."""
    inside = [
        (max(start - offset, 0), min(end - offset, len(text)), mark)
        for start, end, mark in spans
        if start - offset < len(text) and end - offset > 0
    ]
    cuts = sorted({0, len(text), *itertools.chain(*((start, end) for start, end, _ in inside))})
    return tuple(
        Piece(
            text[left:right],
            tuple(dict.fromkeys(
                mark for start, end, mark in inside if start <= left and right <= end
            )),
        )
        for left, right in itertools.pairwise(cuts)
    )  # fmt: skip


def spans_of(mention: Mention) -> Iterator[tuple[int, int, str]]:
    yield mention.trigger_start, mention.trigger_end, "trigger"
    for start, end in mention.core:
        yield start, end, "core"
    if mention.date_start is not None and mention.date_end is not None:
        yield mention.date_start, mention.date_end, "date"


def pieces_of(text: str, mentions: Sequence[Mention]) -> tuple[Piece, ...]:
    """The whole text of a dispatch, each piece with the numbers of the mentions that it serves."""
    spans = [
        (start, end, mark, number)
        for number, mention in enumerate(mentions, start=1)
        for start, end, mark in spans_of(mention)
    ]
    cuts = sorted({0, len(text), *(s for s, *_ in spans), *(e for _, e, *_ in spans)})
    opening = defaultdict(list)
    for at, span in enumerate(spans):
        opening[span[0]].append((at, span))
    pieces = []
    open_now: list[tuple[int, tuple[int, int, str, int]]] = []
    for left, right in itertools.pairwise(cuts):
        open_now = [one for one in [*open_now, *opening[left]] if one[1][1] > left]
        covering = [span for _at, span in sorted(open_now)]
        pieces.append(
            Piece(
                text[left:right],
                marks=tuple(dict.fromkeys(mark for _, _, mark, _ in covering)),
                mentions=tuple(dict.fromkeys(number for *_, number in covering)),
                opens=tuple(
                    (number, mentions[number - 1].pk)
                    for start, _, mark, number in covering
                    if mark == "trigger" and start == left
                ),
            )
        )
    return tuple(pieces)
