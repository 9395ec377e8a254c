"""Reading columns from the database: all of them, or those of the events that have changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from events.columns.held import (
    CODES,
    FIRST,
    LAST,
    NO_TIME,
    UNDATED,
    Columns,
    Numbers,
    Positions,
    Reports,
    arranged,
    positions_of,
)
from events.models import Dispatch, Event, EventActor, EventPlace, Mention

DAY_UNIT = "datetime64[D]"
UNIX_EPOCH = date(1970, 1, 1).toordinal()
CHUNK = 20_000  # rows fetched at a time
# In minutes of the day: where a part of day is sorted among stated hours.
PARTS_OF_DAY = {"MO": 480, "MI": 720, "AF": 900, "EV": 1200, "NI": 1380}


def read_columns(version: str, among: Collection[int] | None = None) -> Columns:
    """Read the public events, those `among` the ids if given: some seconds of CPU a million."""
    days = [Cast(name, CharField()) for name in ("sort_date", "start_date", "end_date")]
    names = ("time_of_day", "type", "status", "review_state", "confidence", "importance")
    kinds = (np.int64, *[DAY_UNIT] * 3, object, object, object, object, np.float64, np.float64)
    events = Event.objects.public().order_by()
    if among is not None:
        events = events.filter(pk__in=among)
    read = read_rows(events.values_list("id", *days, *names), kinds)
    ids = read[0]
    by_id = np.argsort(ids).astype(np.int32)
    reports, sources = _read_reports(ids, by_id, among)
    return arranged(
        version,
        {
            "ids": ids,
            "day": ordinals(read[1], UNDATED),
            "start": ordinals(read[2], FIRST),
            "end": ordinals(read[3], LAST),
            "minute": np.array([_MINUTES(hour) for hour in read[4]], dtype=np.int16),
            "type": coded("type", read[5]),
            "status": coded("status", read[6]),
            "review": coded("review", read[7]),
            "percent": np.floor(read[8] * 100 + 1e-7).astype(np.uint8),
            "importance": read[9].astype(np.float32),
        },
        {
            "actor": _read_pairs(EventActor, "actor_id", ids, by_id, among),
            "place": _read_pairs(EventPlace, "place_id", ids, by_id, among),
            "source": sources,
        },
        reports,
    )


def read_rows(rows: QuerySet[Any, Any], kinds: Sequence[Any]) -> list[Numbers]:
    """Return the rows as one array a column, as the driver gives them: no model, no field.

    Days are asked for as text: SQLite's driver would make a date of each, numpy does it at once.
    """
    sql, values = rows.query.sql_with_params()
    chunks: list[list[Numbers]] = [[np.empty(0, dtype=kind) for kind in kinds]]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while chunk := cursor.fetchmany(CHUNK):
            columns = zip(*chunk, strict=True)
            chunks.append([np.array(c, dtype=k) for c, k in zip(columns, kinds, strict=True)])
    return [np.concatenate(column) for column in zip(*chunks, strict=True)]


def ordinals(days: Numbers, missing: int) -> Numbers:
    """Days of numpy as ordinals of Python; `missing` for those that are not there."""
    ordinals = days.astype(np.int64) + UNIX_EPOCH
    return np.where(np.isnat(days), missing, ordinals).astype(np.int32)


def coded(name: str, values: Numbers) -> Numbers:
    codes = {value: n for n, value in enumerate(CODES[name])}
    return np.array([codes[value] for value in values], dtype=np.uint8)


def minutes(time_of_day: str) -> int:
    """Return "20:30" or a part of day in minutes after midnight, NO_TIME if none is stated."""
    if time_of_day in PARTS_OF_DAY:
        return PARTS_OF_DAY[time_of_day]
    hour, colon, minute = time_of_day.partition(":")
    return int(hour) * 60 + int(minute) if colon and (hour + minute).isdigit() else NO_TIME


_MINUTES = lru_cache(maxsize=4096)(minutes)


def _read_reports(
    ids: Numbers, by_id: Positions, among: Collection[int] | None
) -> tuple[Reports, tuple[Numbers, Positions]]:
    """What the reports say of these events, and the sources that they come from."""
    days = [Cast(name, CharField()) for name in ("start_date", "end_date")]
    names = ("time_of_day", "status", "confidence", "id")
    kinds = (np.int64, np.int64, *[DAY_UNIT] * 2, object, object, np.float64, np.int64)
    rows = Mention.objects.order_by()
    if among is not None:
        rows = rows.filter(event__in=among)
    read = read_rows(rows.values_list("event_id", "dispatch_id", *days, *names), kinds)
    pks, told, sources = dispatch_days(None if among is None else set(read[1].tolist()))
    at, public = positions_of(read[0], ids, by_id)
    read = [column[public] for column in read]
    of = np.searchsorted(pks, read[1])
    order = np.lexsort((read[7], read[6], told[of], read[0]))
    reports = Reports(
        event=read[0][order],
        told=told[of][order].astype(np.int32),
        start=ordinals(read[2], FIRST)[order],
        end=ordinals(read[3], LAST)[order],
        minute=np.array([_MINUTES(hour) for hour in read[4]], dtype=np.int16)[order],
        status=coded("status", read[5])[order],
    )
    stated = sources[of] > 0
    return reports, (sources[of][stated], at[stated])


def dispatch_days(among: Collection[int] | None = None) -> Numbers:
    """Three arrays: ids of dispatches, ascending, the ordinals of their days, their sources or 0.

    An undated dispatch is of the day it was received.
    """
    rows = Dispatch.objects.order_by("pk")
    if among is not None:
        rows = rows.filter(pk__in=among)
    known = [
        (pk, dispatch_day(dct, received.date()).toordinal(), source or 0)
        for pk, dct, received, source in rows.values_list(
            "pk", "dct", "received_at", "source"
        ).iterator(CHUNK)
    ]
    return np.array(known, dtype=np.int64).reshape(-1, 3).T


def dispatch_day(dct: str, received: date) -> date:
    """The day that a dispatch is of: its own, else the day it was received."""
    try:
        return date.fromisoformat(dct)
    except ValueError:
        return received


def _read_pairs(
    model: Any, column: str, ids: Numbers, by_id: Positions, among: Collection[int] | None
) -> tuple[Numbers, Positions]:
    rows = model.objects.order_by()
    if among is not None:
        rows = rows.filter(event__in=among)
    values, events = read_rows(rows.values_list(column, "event_id"), (np.int64, np.int64))
    at, public = positions_of(events, ids, by_id)
    return values[public], at
