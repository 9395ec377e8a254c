"""Columns as they were known on a day: by the last report until then."""

from __future__ import annotations

from datetime import date

import numpy as np

from events.columns.held import (
    FIRST,
    LAST,
    NO_TIME,
    ROWS,
    UNDATED,
    Columns,
    Numbers,
    Positions,
    arranged,
    positions_of,
)


def as_known(columns: Columns, known: date) -> Columns:
    """Return what the dispatches dated on or before `known` told, each event as told last."""
    reports = columns.reports
    told = np.flatnonzero(reports.told <= known.toordinal())
    event = reports.event[told]
    last = told[np.append(event[1:] != event[:-1], np.ones(min(len(event), 1), dtype=bool))]
    at, _ = positions_of(reports.event[last], columns.ids, columns.by_id)
    rows = {name: columns.row(name)[at] for name in ROWS}
    dated = (reports.start[last] > FIRST) | (reports.end[last] < LAST)
    start = np.where(dated, reports.start[last], rows["start"])
    end = np.where(dated, reports.end[last], rows["end"])
    minute = reports.minute[last]
    rows |= {
        "start": start,
        "end": end,
        "day": np.where(dated, _sorted_at(start, end), rows["day"]),
        "minute": np.where(minute == NO_TIME, rows["minute"], minute),
        "status": reports.status[last],
    }
    place = np.full(len(columns), -1, dtype=np.int32)
    place[at] = np.arange(len(at), dtype=np.int32)
    pairs = {name: _pairs(columns, name, place) for name in columns.links}
    return arranged(f"{columns.version}.{known}", rows, pairs, reports)


def _sorted_at(start: Numbers, end: Numbers) -> Numbers:
    """As the database sorts events: at their first day, else at the day after their last."""
    return np.where(start > FIRST, start, np.where(end < LAST, end, UNDATED)).astype(np.int32)


def _pairs(columns: Columns, name: str, place: Positions) -> tuple[Numbers, Positions]:
    links = columns.links[name]
    values = np.repeat(links.values, np.diff(links.first))
    positions = place[links.events]
    return values[positions >= 0], positions[positions >= 0]
