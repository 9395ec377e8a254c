"""What `manage.py check --database default` and `migrate` look at before the site may start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

FULL = 2  # PRAGMA synchronous: what was committed survives a power cut
NORMAL = 1  # the operator accepts losing the last commits then
LEAST_TIMEOUT = 20_000  # milliseconds that a writer waits for another


def check_sqlite(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Read the settings back from SQLite: set in the wrong place, they are ignored in silence.

    Without all three, writers meet "database is locked" under load.
    """
    return [
        problem
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        for problem in _problems(alias)
    ]


def _problems(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    with connection.cursor() as cursor:
        journal, synchronous, timeout = (
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout")
        )
    mode = connection.settings_dict["OPTIONS"].get("transaction_mode")
    problems: list[CheckMessage] = []
    if journal != "wal" and ":memory:" not in str(connection.settings_dict["NAME"]):
        problems.append(
            Error(
                f"SQLite keeps its journal in mode {journal!r}, not in WAL.",
                hint="Keep the file on a local disk: network disks cannot do WAL.",
                id="events.E001",
            )
        )
    if synchronous not in {FULL, NORMAL}:
        problems.append(
            Error("SQLite does not wait for the disk: commits may be lost.", id="events.E002")
        )
    if timeout < LEAST_TIMEOUT:
        problems.append(
            Error(f"SQLite waits {timeout} ms for another writer: too short.", id="events.E003")
        )
    if mode != "IMMEDIATE":
        problems.append(
            Error(
                "Transactions of SQLite do not begin IMMEDIATE: two that read, then write, "
                "fail at once.",
                id="events.E004",
            )
        )
    return problems
