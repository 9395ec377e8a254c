"""SQLite under several writers, and what is read back from it before the site starts."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from django.core import checks
from django.db import DatabaseError, connection, connections, transaction

from events.models import Heartbeat

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
WRITERS, ROUNDS = 4, 60


@pytest.mark.django_db
def test_the_settings_reach_sqlite():
    assert checks.run_checks(tags=[checks.Tags.database], databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "problem"),
    [
        ("synchronous=OFF", "events.E002"),
        ("busy_timeout=5000", "events.E003"),
    ],
)
def test_a_setting_that_did_not_arrive_is_told(pragma, problem):
    name, _, _ = pragma.partition("=")
    with connection.cursor() as cursor:
        before = cursor.execute(f"PRAGMA {name}").fetchone()[0]
        try:
            # Within a transaction SQLite leaves `synchronous` as it is.
            connection.connection.execute("COMMIT")
            cursor.execute(f"PRAGMA {pragma}")
            found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
        finally:
            cursor.execute(f"PRAGMA {name}={before}")
            connection.connection.execute("BEGIN")
    assert [message.id for message in found] == [problem]


@pytest.mark.django_db
def test_transactions_that_do_not_begin_immediate_are_told(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    assert [message.id for message in found] == ["events.E004"]


def _write(rounds: int, failures: "multiprocessing.Queue[str]") -> None:
    """Read, then write, in one transaction: what fails at once unless it begins IMMEDIATE."""
    connections.close_all()
    for _ in range(rounds):
        try:
            with transaction.atomic():
                row = Heartbeat.objects.get(name="0")
                Heartbeat.objects.filter(name="0").update(name="0", at=row.at)
                count = Heartbeat.objects.filter(name__startswith="n").count()
                Heartbeat.objects.create(name=f"n{count}", at=row.at)
        except DatabaseError as error:
            failures.put(repr(error))
    connections.close_all()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_processes_that_write_at_once_never_find_the_database_locked():
    Heartbeat.objects.create(name="0", at="2016-12-08T00:00Z")
    path = Path(connection.settings_dict["NAME"])
    connections.close_all()
    context = multiprocessing.get_context("fork")
    failures = context.Queue()
    writers = [context.Process(target=_write, args=(ROUNDS, failures)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    assert failures.empty(), failures.get()
    # Each counted what all had written before: no transaction saw another half done.
    with sqlite3.connect(path) as plain:
        rows = plain.execute("SELECT count(*) FROM events_heartbeat").fetchone()[0]
    assert rows == 1 + WRITERS * ROUNDS
