"""Counts of events by day, kept by the database itself, and the version of the corpus.

Triggers write a row of `Change` for every change to an event, its cast or its reports, by
whatever road it came (page, worker, admin, SQL). Rows are only appended, so that writers never
wait for one another; `fold` adds them into `DayCount` now and then, and keeps the latest as a log
of which events have changed. The counts of a moment are `DayCount` plus the changes not yet
folded; `recount` builds them anew.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Count, F, Max, Sum

from events import triggers
from events.models import Event, ReviewState

# What a row says of the counts: its day and kinds, once, unless it is merged into another.
_COLUMNS = "(day, type, status, review_state, n, event, folded, nonce)"
_CELL = "{row}.sort_date, {row}.type, {row}.status, {row}.review_state, {n}, {row}.id, false"
# Tables of which a change is one of the corpus, though it changes no count.
_AROUND = ("events_eventactor", "events_eventplace", "events_mention")
KEPT = 5_000  # folded changes that stay as a log
MOST_CHANGES = 5_000  # not yet folded: what a reader still adds up in a few milliseconds
Cell = tuple[date | None, str, str, str]  # day, type, status, review state


class DayCount(models.Model):
    """How many events, merged ones left out, are sorted at a day; the undated have none."""

    day = models.DateField(null=True)
    type = models.CharField(max_length=10)
    status = models.CharField(max_length=12)
    review_state = models.CharField(max_length=10)
    n = models.IntegerField()

    class Meta:
        app_label = "events"
        indexes = [models.Index(fields=["day"], name="day_count_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.type} {self.status} {self.review_state}: {self.n}"


class Change(models.Model):
    """One step of the counts: `n` is +1, -1, or 0 for what changes no count (a title, a cast).

    `nonce` is a number that no other history of the same database has here: a copy put back and
    changed in another way can be told from the one that it replaced.
    """

    day = models.DateField(null=True)
    type = models.CharField(max_length=10, default="")
    status = models.CharField(max_length=12, default="")
    review_state = models.CharField(max_length=10, default="")
    n = models.SmallIntegerField(default=0)
    event = models.BigIntegerField(null=True)  # an id, of an event that may be gone
    folded = models.BooleanField(default=False)
    nonce = models.BigIntegerField(default=0)

    class Meta:
        app_label = "events"

    def __str__(self) -> str:
        return f"{self.day} {self.type}: {self.n:+}"


class Folding(models.Model):
    """What the log no longer holds: how many changes, since the count that `key` names."""

    forgotten = models.PositiveBigIntegerField(default=0)
    key = models.CharField(max_length=32, default="")

    class Meta:
        app_label = "events"

    def __str__(self) -> str:
        return f"{self.key} {self.forgotten}"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of the corpus: `total` changes since the count named `key`, `last` the newest."""

    key: str
    total: int
    last: int
    nonce: int

    def __str__(self) -> str:
        return f"{self.key[:8]}.{self.total}.{self.last}.{self.nonce}"


def mark() -> Mark:
    """Return what differs after every change to an event, its cast or its reports."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.key, f.forgotten, l.n, l.last, c.nonce "
            "FROM (SELECT count(*) AS n, max(id) AS last FROM events_change) l "
            "LEFT JOIN events_change c ON c.id = l.last LEFT JOIN events_folding f ON true"
        )
        key, forgotten, logged, last, nonce = cursor.fetchone()
    return Mark(key or "", (forgotten or 0) + logged, last or 0, nonce or 0)


def log() -> tuple[Mark, dict[int, int | None]]:
    """Return the mark, and the changes that the log still holds: their ids and their events."""
    with connection.cursor() as cursor:  # one statement: of one moment
        cursor.execute(
            "SELECT c.id, c.event, c.nonce, f.key, f.forgotten FROM (SELECT 1) one "
            "LEFT JOIN events_folding f ON true LEFT JOIN events_change c ON true ORDER BY c.id"
        )
        rows = cursor.fetchall()
    last, _, nonce, key, forgotten = rows[-1]
    logged = {pk: event for pk, event, *_ in rows if pk is not None}
    return Mark(key or "", (forgotten or 0) + len(logged), last or 0, nonce or 0), logged


def version() -> str:
    """The present mark in one word."""
    return str(mark())


def counts() -> Counter[Cell]:
    """Return the number of events of each cell as it is now; cells without any are left out."""
    total: Counter[Cell] = Counter()
    for row in DayCount.objects.values_list("day", "type", "status", "review_state", "n"):
        total[row[:4]] += row[4]
    for row in _unfolded():
        total[row[:4]] += row[4]
    return Counter({cell: n for cell, n in total.items() if n})


def by_day() -> dict[date, int]:
    """Return how many public events are sorted at each day, without looking at any of them."""
    days: Counter[date] = Counter()
    for (day, _kind, _status, review), n in counts().items():
        is_public = review != ReviewState.REJECTED
        if settings.PUBLIC_EVENTS != "all":
            is_public = review == ReviewState.APPROVED
        if day is not None and is_public:
            days[day] += n
    return {day: n for day, n in days.items() if n}


def fold() -> int:
    """Add the changes to the counts; return how many there were. The latest stay as a log.

    Safe beside writers and beside another fold: it takes only the rows that it has seen.
    """
    with transaction.atomic():
        _lock()
        steps, taken = _take_changes()
        if not taken:
            return 0
        for (day, kind, status, review), n in steps.items():
            cell = DayCount.objects.filter(day=day, type=kind, status=status, review_state=review)
            if n and not cell.update(n=F("n") + n):
                DayCount.objects.create(day=day, type=kind, status=status, review_state=review, n=n)
        DayCount.objects.filter(n=0).delete()
        newest = Change.objects.aggregate(last=Max("pk"))["last"]
        gone, _ = Change.objects.filter(folded=True, pk__lte=newest - KEPT).delete()
        Folding.objects.update(forgotten=F("forgotten") + gone)
    return taken


def _lock() -> None:
    Folding.objects.get_or_create(pk=1)
    Folding.objects.select_for_update().get(pk=1)


def _take_changes() -> tuple[Counter[Cell], int]:
    """Fold the changes that can be seen; return their sum and number: none slips between."""
    steps: Counter[Cell] = Counter()
    taken = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE events_change SET folded = true WHERE NOT folded "
            "RETURNING day, type, status, review_state, n"
        )
        for day, kind, status, review, n in cursor.fetchall():
            if isinstance(day, str):  # SQLite has no dates of its own
                day = date.fromisoformat(day)
            steps[day, kind, status, review] += n
            taken += 1
    return steps, taken


def recount() -> int:
    """Build the counts anew from the events; return how many cells there are.

    The log starts anew as well: what was kept by it elsewhere is read anew.
    """
    with transaction.atomic():
        _lock()
        Change.objects.all().delete()
        DayCount.objects.all().delete()
        made = DayCount.objects.bulk_create(
            [
                DayCount(day=day, type=kind, status=status, review_state=review, n=n)
                for day, kind, status, review, n in _live()
            ],
            batch_size=1000,
        )
        Folding.objects.update(forgotten=0, key=uuid.uuid4().hex)
    return len(made)


def fold_if_many() -> None:
    """Fold when a reader would have to add up more than a few changes."""
    if Change.objects.filter(folded=False).count() > MOST_CHANGES:
        fold()


def _live() -> Iterator[tuple[date | None, str, str, str, int]]:
    rows = Event.objects.filter(merged_into=None).order_by()
    return iter(
        rows.values_list("sort_date", "type", "status", "review_state").annotate(n=Count("pk"))
    )


def _unfolded() -> Iterator[tuple[date | None, str, str, str, int]]:
    rows = Change.objects.filter(folded=False).exclude(n=0).order_by()
    return iter(rows.values_list("day", "type", "status", "review_state").annotate(Sum("n")))


# ------------------------------------------------------------------------------------ triggers


def unwatch(plan: Sequence[object], **_kwargs: object) -> None:
    """Drop the triggers before tables change: SQLite remakes none that a trigger speaks of."""
    if plan:
        triggers.drop("tally__")


def watch(**_kwargs: object) -> None:
    """See to it that the triggers are there, and count anew if one was not.

    Called after every migration, as `unwatch` is before.
    """
    if set(_triggers()) <= triggers.names().keys():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        triggers.drop("tally__")
        for statements in _triggers().values():
            for statement in statements:
                cursor.execute(statement)
        recount()


def _triggers() -> dict[str, tuple[str, ...]]:
    """Name -> statements that make it. The name ends in its table and the act that fires it."""
    if connection.vendor == "sqlite":
        return dict(_sqlite_triggers())
    return dict(_postgresql_triggers())


def _sqlite_triggers() -> Iterator[tuple[str, tuple[str, ...]]]:
    bodies = {
        "INSERT": _step("NEW", 1),
        "DELETE": _step("OLD", -1),
        "UPDATE": _step("OLD", -1) + _step("NEW", 1) + _touch("NEW.id", f"NEW.{_MERGED}"),
    }
    touched = {
        "INSERT": _touch("NEW.event_id"),
        "DELETE": _touch("OLD.event_id"),
        "UPDATE": _touch("NEW.event_id") + _touch("OLD.event_id", _MOVED),
    }
    for table in ("events_event", *_AROUND):
        for act in bodies:
            body = (bodies if table == "events_event" else touched)[act]
            name = f"tally__{table}__{act.lower()}"
            yield (
                name,
                (f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW BEGIN {body} END",),
            )
    name = "tally__events_dispatch__update"
    yield (
        name,
        (
            f"CREATE TRIGGER {name} AFTER UPDATE OF dct, source_id ON events_dispatch FOR EACH ROW "
            "WHEN OLD.dct IS NOT NEW.dct OR OLD.source_id IS NOT NEW.source_id "
            f"BEGIN {_touch_told()} END",
        ),
    )


def _postgresql_triggers() -> Iterator[tuple[str, tuple[str, ...]]]:
    function = "CREATE OR REPLACE FUNCTION {} RETURNS trigger LANGUAGE plpgsql AS $$ {} $$"
    count = (
        f"BEGIN IF TG_OP <> 'INSERT' THEN {_step('OLD', -1)} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_step('NEW', 1)} END IF; "
        f"IF TG_OP = 'UPDATE' THEN {_touch('NEW.id', f'NEW.{_MERGED}')} END IF; RETURN NULL; END"
    )
    name = "tally__events_event__all"
    yield (
        name,
        (
            function.format("events_tally()", count),
            f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON events_event "
            "FOR EACH ROW EXECUTE FUNCTION events_tally()",
        ),
    )
    # Once a statement: a thousand reports of an event are one change of it.
    distinct = "FROM (SELECT DISTINCT event_id FROM changed) AS touched"
    touch = f"BEGIN {_touch('event_id', table=distinct)} RETURN NULL; END"
    for table in _AROUND:
        for name_of, act, side in (
            ("insert", "INSERT", "NEW"), ("delete", "DELETE", "OLD"), ("update", "UPDATE", "NEW"),
            ("moved", "UPDATE", "OLD"),  # the event that a row was of before
        ):  # fmt: skip
            name = f"tally__{table}__{name_of}"
            yield (
                name,
                (
                    function.format("events_touch()", touch),
                    f"CREATE TRIGGER {name} AFTER {act} ON {table} "
                    f"REFERENCING {side} TABLE AS changed FOR EACH STATEMENT "
                    "EXECUTE FUNCTION events_touch()",
                ),
            )
    name = "tally__events_dispatch__update"
    yield (
        name,
        (
            function.format("events_touch_told()", f"BEGIN {_touch_told()} RETURN NULL; END"),
            f"CREATE TRIGGER {name} AFTER UPDATE OF dct, source_id ON events_dispatch FOR EACH ROW "
            "WHEN ((OLD.dct, OLD.source_id) IS DISTINCT FROM (NEW.dct, NEW.source_id)) "
            "EXECUTE FUNCTION events_touch_told()",
        ),
    )


_MERGED = "merged_into_id IS NOT NULL"  # no count changes, but the event does
_MOVED = "OLD.event_id IS NOT NEW.event_id"
_NONCE = {"sqlite": "random()", "postgresql": "(random() * 9e18)::bigint"}


def _step(row: str, n: int) -> str:
    cell = _CELL.format(row=row, n=n)
    return (
        f"INSERT INTO events_change {_COLUMNS} SELECT {cell}, {_NONCE[connection.vendor]} "
        f"WHERE {row}.merged_into_id IS NULL; "
    )


def _touch(event: str, where: str = "true", table: str = "") -> str:
    nonce = _NONCE[connection.vendor]
    day = "NULL" if connection.vendor == "sqlite" else "NULL::date"
    return (
        f"INSERT INTO events_change {_COLUMNS} "
        f"SELECT {day}, '', '', '', 0, {event}, false, {nonce} {table} WHERE {where}; "
    )


def _touch_told() -> str:
    """The day or the source of a dispatch is news of all the events that it tells."""
    return _touch("event_id", "dispatch_id = NEW.id", "FROM events_mention")
