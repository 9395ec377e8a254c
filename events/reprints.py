"""Whether a text repeats another: the same wire in two papers, a lead and its next.

A text is taken as its runs of words, which survive a new headline, a cut ending or another credit
line. Its *marks* are the smallest of their hashes: two texts that share many runs share some of
the marks, so that whoever keeps marks in an index finds the likenesses of a text in it, and
compares only these (ADR 11 has the figures).
"""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Runs = NDArray[np.uint64]  # hashes of a text's runs, each once, in order of size

RUN = 5  # words in a row: two writers seldom hit on the same ones
ENOUGH = 20  # runs of the shorter text, below which a likeness may be chance
REPEATED = 0.5  # share of the shorter text's runs that the other has
MARKS = 16

_WORD = re.compile(r"\w+")
_SPREAD, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)  # odd; mixes high bits into low


def is_reprint(one: Runs, other: Runs) -> bool:
    """Return whether most of the shorter text stands word for word in the longer one."""
    return resemblance(one, other) >= REPEATED


def resemblance(one: Runs, other: Runs) -> float:
    """Return the share, from 0 to 1, of the shorter text's runs of words that the longer has.

    It is symmetric, and 0 for texts too short to tell.
    """
    fewer = min(len(one), len(other))
    if fewer < ENOUGH:
        return 0.0
    return len(np.intersect1d(one, other, assume_unique=True)) / fewer


def runs_of(text: str) -> Runs:
    """Return the runs of words of a text, whatever its case, marks and line ends."""
    words = np.array([crc32(w.encode()) for w in _WORD.findall(text.casefold())], dtype=np.uint64)
    count = max(0, len(words) - RUN + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    for first in range(RUN):  # unsigned: what is too large wraps around
        hashes = (hashes ^ (hashes >> _SHIFT)) * _SPREAD + words[first : first + count]
    hashes *= _SPREAD
    return np.unique(hashes ^ (hashes >> _SHIFT))


def marks_of(runs: Runs) -> list[int]:
    """Return what stands for a text in an index, at most MARKS numbers of 63 bits.

    None for a text too short to tell.
    """
    return (runs[:MARKS] >> np.uint64(1)).tolist() if len(runs) >= ENOUGH else []
