"""Columns brought up to date: a few events taken out and put in, the others kept as they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from events.columns.held import (
    REPORTS,
    ROWS,
    Columns,
    Links,
    Numbers,
    Positions,
    Reports,
    indexed,
)


def renewed(held: Columns, fresh: Columns, changed: Collection[int]) -> Columns:
    """Return `held` with the events `changed` as they are in `fresh`, which holds no others."""
    keep = np.ones(len(held), dtype=bool)
    keep[held.positions_of(changed)] = False
    kept = np.flatnonzero(keep)
    keys = [held.row(name)[kept] for name in ("day", "minute", "ids")]
    wanted = zip(*(fresh.row(name).tolist() for name in ("day", "minute", "ids")), strict=True)
    at = [_place(keys, row) for row in wanted]
    source = np.insert(kept, at, np.arange(len(fresh)) + len(held))
    now = np.full(len(held) + len(fresh), -1, dtype=np.int32)  # where each stands from now on
    now[source] = np.arange(len(source), dtype=np.int32)
    moved, new = now[: len(held)], now[len(held) :]
    rows = {name: np.concatenate((held.row(name), fresh.row(name)))[source] for name in ROWS}
    return indexed(
        fresh.version,
        rows,
        {name: _links(held.links[name], fresh.links[name], moved, new) for name in held.links},
        _reports(held.reports, fresh.reports, changed),
        by_id=_merged(_still(moved[held.by_id]), new, [rows["ids"]]),
        by_importance=_merged(
            _still(moved[held.by_importance]),
            new[: fresh.dated],
            [-rows["importance"], np.arange(len(source))],
        ),
    )


def _reports(held: Reports, fresh: Reports, changed: Collection[int]) -> Reports:
    kept = np.flatnonzero(~np.isin(held.event, np.fromiter(changed, dtype=np.int64)))
    at = np.searchsorted(held.event[kept], fresh.event)
    source = np.insert(kept, at, np.arange(len(fresh.event)) + len(held.event))
    return Reports(
        *(np.concatenate((getattr(held, name), getattr(fresh, name)))[source] for name in REPORTS)
    )


def _still(positions: Positions) -> Positions:
    return positions[positions >= 0]


def _merged(order: Positions, new: Positions, keys: Sequence[Numbers]) -> Positions:
    """`order`, which is by `keys`, with the positions `new` put where they belong."""
    if not len(new):
        return order
    sorted_keys = [key[order] for key in keys]
    ranked = new[np.lexsort([key[new] for key in reversed(keys)])]
    at = [_place(sorted_keys, [key[one] for key in keys]) for one in ranked.tolist()]
    return np.insert(order, at, ranked)


def _place(keys: Sequence[Numbers], row: Sequence[float]) -> int:
    """Where `row` goes among rows that are sorted by the columns `keys`."""
    low, high = 0, len(keys[0])
    for key, value in zip(keys, row, strict=True):
        part = key[low:high]
        low, high = (low + int(np.searchsorted(part, value, side)) for side in ("left", "right"))
    return low


def _links(held: Links, fresh: Links, moved: Positions, new: Positions) -> Links:
    """Links in one array of numbers, the value before the position: merged, they stay sorted."""
    keys = _keys(held, moved)
    added = np.sort(_keys(fresh, new))
    keys = np.insert(keys, np.searchsorted(keys, added), added)
    values = keys >> 32
    first = np.flatnonzero(np.concatenate(([True], np.diff(values) != 0)))[: len(values)]
    return Links(
        values[first], np.append(first, len(values)), keys.astype(np.uint32).view(np.int32)
    )


def _keys(links: Links, now: Positions) -> Numbers:
    values = np.repeat(links.values, np.diff(links.first))
    positions = now[links.events]
    return (values[positions >= 0] << 32) | positions[positions >= 0]
