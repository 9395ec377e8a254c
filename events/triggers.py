"""The triggers that the database has, whichever database it is."""

from __future__ import annotations

from django.db import connection


def names() -> dict[str, str]:
    """Return the name of each trigger and its table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            )
        return dict(cursor.fetchall())


def drop(prefix: str) -> None:
    """Drop those whose name begins so."""
    with connection.cursor() as cursor:
        for name, table in names().items():
            if name.startswith(prefix):
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER {name}{on}")
