"""All that a view holds, not a page of it: for whoever takes it away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from events.columns import columns
from events.filters import Filters
from events.timeline.items import TimelineItem
from events.timeline.known import items_of
from events.timeline.selection import text_ids

CHUNK = 200  # events that are fetched at a time


@dataclass(frozen=True, slots=True)
class Whole:
    """The events of a view in the order of its list, the undated last."""

    ids: NDArray[np.int64]
    undated: int
    known: date | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[TimelineItem]:
        for at in range(0, len(self.ids), CHUNK):
            yield from items_of(self.ids[at : at + CHUNK], self.known)

    def newest(self, most: int) -> Whole:
        """Those that were told last, the last one first."""
        ids = self.ids
        if len(ids) > most:
            ids = np.partition(ids, len(ids) - most)[-most:]
        return Whole(np.sort(ids)[::-1], self.undated, self.known)


def whole(filters: Filters) -> Whole:
    """Return what `filters` let through, as `timeline_page` shows it page by page."""
    corpus = columns(filters.known)
    chosen = corpus.select(filters, found=text_ids(filters))
    dated = corpus.overlapping(chosen, filters.start, filters.end)
    undated = corpus.undated(chosen)
    ordered = dated[::-1] if filters.newest_first else dated
    ids = corpus.ids[np.concatenate((ordered, undated))].astype(np.int64)
    return Whole(ids, len(undated), filters.known)
