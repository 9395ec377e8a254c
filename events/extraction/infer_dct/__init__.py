"""Document to CreationTime: the day of a dispatch, and how it is known.

What its sender declares comes first, then its dateline and its closing line of figures. Without
any of these the day is worked out: every day near a date of the text is weighed by what the text
says of it (a weekday that must fit, years that are written out, "cinq ans et demi après", what
is told as past or as to come), and only as much of it is kept as is likely.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol, TypeGuard

from events.extraction.annotations import CreationTime, Document, Parsed, Reason, Timex
from events.extraction.infer_dct.frame import stated_day
from events.extraction.infer_dct.weighing import worked_out
from events.extraction.lexicon.times import TimeLexicon

_DAY = timedelta(days=1)
_REPRINTED = 31  # days after its dateline that a paper can still print a dispatch
_PAGE = 0.9  # probability that a text without a dateline is of the day of its page


class HasTimes(Protocol):
    """What a lexicon must offer here: its time words and cues."""

    @property
    def times(self) -> TimeLexicon: ...


def infer_dct(
    document: Document,
    timexes: Sequence[Timex],
    parsed: Parsed | None,
    lexicon: HasTimes,
    declared: date | None,
    received: date | None,
    republished: date | None = None,
) -> CreationTime:
    """Return the day of the dispatch, or as much of it as is likely, with its reason.

    A declared day that lies after the day it was received is not believed. `received` otherwise
    only bounds the day from above. A paper prints a dispatch on the day of its dateline or soon
    after: `republished` counts where there is none. `parsed` is not needed.
    """
    stated = stated_day(document, timexes, lexicon.times, received, republished)
    roads = ((stated.value, 0.0, stated.reason),) if stated and stated.value else ()
    if _believed(declared, received):
        reason = Reason("dct-declared", (("date", declared.isoformat()),))
        return CreationTime(declared.isoformat(), "declared", reason, 1.0, roads)
    if not _believed(republished, received):
        republished = None
    if stated is not None and (republished is None or _shortly_before(stated, republished)):
        return stated
    if republished is not None:
        reason = Reason("dct-republished", (("date", republished.isoformat()),))
        return CreationTime(republished.isoformat(), "declared", reason, _PAGE, roads)
    return worked_out(document, timexes, lexicon.times, received)


def _believed(day: date | None, received: date | None) -> TypeGuard[date]:
    return day is not None and (received is None or day <= received + _DAY)


def _shortly_before(stated: CreationTime, republished: date) -> bool:
    """Whether a page of that day can repeat it: it came out days before, not years."""
    if stated.day is None:
        return False
    return stated.day <= republished + _DAY and (republished - stated.day).days <= _REPRINTED
