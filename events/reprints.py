"""Whether a dispatch repeats the text of another: the same wire in two papers, a lead and its next.

Only dispatches that tell of one event are ever compared, so that no index is needed; the text is
taken as runs of words, which survive a new headline, a cut ending or another credit line.
"""

from __future__ import annotations

import re

RUN = 5  # words in a row: two writers seldom hit on the same ones
ENOUGH = 20  # runs of the shorter text, below which a likeness may be chance
REPEATED = 0.5  # share of the shorter text's runs that the other has

_WORD = re.compile(r"\w+")


def is_reprint(one: str, other: str) -> bool:
    """Return whether most of the shorter text stands word for word in the longer one."""
    return resemblance(one, other) >= REPEATED


def resemblance(one: str, other: str) -> float:
    """Return the share, from 0 to 1, of the shorter text's runs of words that the longer has.

    It is symmetric, blind to case, marks and line ends, and 0 for texts too short to tell.
    """
    first, second = _runs(one), _runs(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= ENOUGH else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
