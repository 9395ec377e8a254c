"""How far what was dropped together has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from events import reasons
from events.models import Batch, BatchItem, Dispatch
from events.timeline.dispatches import error_words, events_by_dispatch


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One thing that somebody dropped, and what has become of it by now."""

    id: int
    name: str
    verdict: str
    verdict_label: str
    state: str  # of its dispatch; "" when there is none
    state_label: str
    note: str  # why refused or failed, in words
    dispatch: int | None
    title: str
    events: int

    @property
    def settled(self) -> bool:
        return self.state in {"", "done", "failed"}


@dataclass(frozen=True, slots=True)
class BatchProgress:
    id: str
    created_at: Any
    rows: tuple[BatchRow, ...]

    @property
    def settled(self) -> bool:
        return all(row.settled for row in self.rows)

    @property
    def read(self) -> int:
        return sum(row.settled for row in self.rows)

    @property
    def events(self) -> int:
        return sum({row.dispatch: row.events for row in self.rows}.values())


def batch_progress(batch: Batch) -> BatchProgress:
    """Return how far each item of a batch has come."""
    items = list(BatchItem.objects.filter(batch=batch).select_related("dispatch"))
    counts = events_by_dispatch(
        [item.dispatch_id for item in items if item.dispatch_id], insider=True
    )
    return BatchProgress(
        str(batch.pk), batch.created_at, tuple(_batch_row(item, counts) for item in items)
    )


def _batch_row(item: BatchItem, counts: Mapping[int, int]) -> BatchRow:
    dispatch = item.dispatch
    note = reasons.word(item.reason)
    if dispatch and dispatch.state == Dispatch.State.FAILED:
        note = error_words(dispatch)
    return BatchRow(
        id=item.pk,
        name=item.name,
        verdict=item.verdict,
        verdict_label=item.get_verdict_display(),
        state=dispatch.state if dispatch else "",
        state_label=dispatch.get_state_display() if dispatch else "",
        note=note,
        dispatch=item.dispatch_id,
        title=str(dispatch) if dispatch else "",
        events=counts[item.dispatch_id] if item.dispatch_id else 0,
    )
