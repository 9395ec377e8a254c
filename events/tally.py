"""Counts of events by day, kept by the database itself, and the version of the corpus.

Triggers write one row of `Change` for every change to an event, its cast or its reports, by
whatever road it came (page, worker, admin, SQL). Rows are only appended, so that writers never
wait for one another; `fold` adds them into `DayCount` now and then. The counts of a moment are
`DayCount` plus the changes not yet folded; `recount` builds them anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Count, F, Max, Min, Sum

from events.models import Event, ReviewState

# What a row says of the counts: its day and kinds, once, unless it is merged into another.
_COLUMNS = "(day, type, status, review_state, n)"
_CELL = "{row}.sort_date, {row}.type, {row}.status, {row}.review_state, {n}"
# Tables of which a change is one of the corpus, though it changes no count.
_AROUND = ("events_eventactor", "events_eventplace", "events_mention")
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
    """One step of the counts: `n` is +1, -1, or 0 for what changes no count (a title, a cast)."""

    day = models.DateField(null=True)
    type = models.CharField(max_length=10, default="")
    status = models.CharField(max_length=12, default="")
    review_state = models.CharField(max_length=10, default="")
    n = models.SmallIntegerField(default=0)

    class Meta:
        app_label = "events"

    def __str__(self) -> str:
        return f"{self.day} {self.type}: {self.n:+}"


class Folding(models.Model):
    """How often changes were folded: with the changes still there, the version of the corpus."""

    times = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "events"

    def __str__(self) -> str:
        return str(self.times)


def version() -> str:
    """Return what differs after every change to an event, its cast or its reports."""
    left = Change.objects.aggregate(n=Count("pk"), first=Min("pk"), last=Max("pk"))
    times = Folding.objects.values_list("times", flat=True).first()
    return f"{times or 0}.{left['n']}.{left['first'] or 0}.{left['last'] or 0}"


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
    """Add the changes to the counts and forget them; return how many there were.

    Safe beside writers and beside another fold: it takes only the rows that it has seen.
    """
    with transaction.atomic():
        Folding.objects.get_or_create(pk=1)
        Folding.objects.select_for_update().get(pk=1)
        steps, taken = _take_changes()
        if not taken:
            return 0
        for (day, kind, status, review), n in steps.items():
            cell = DayCount.objects.filter(day=day, type=kind, status=status, review_state=review)
            if n and not cell.update(n=F("n") + n):
                DayCount.objects.create(day=day, type=kind, status=status, review_state=review, n=n)
        DayCount.objects.filter(n=0).delete()
        Folding.objects.filter(pk=1).update(times=F("times") + 1)
    return taken


def _take_changes() -> tuple[Counter[Cell], int]:
    """Delete the changes that can be seen; return their sum and number: none slips between."""
    steps: Counter[Cell] = Counter()
    taken = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM events_change RETURNING day, type, status, review_state, n"
        )
        for day, kind, status, review, n in cursor.fetchall():
            if isinstance(day, str):  # SQLite has no dates of its own
                day = date.fromisoformat(day)
            steps[day, kind, status, review] += n
            taken += 1
    return steps, taken


def recount() -> int:
    """Build the counts anew from the events; return how many cells there are."""
    with transaction.atomic():
        Folding.objects.get_or_create(pk=1)
        Folding.objects.select_for_update().get(pk=1)
        Change.objects.all().delete()
        DayCount.objects.all().delete()
        made = DayCount.objects.bulk_create(
            [
                DayCount(day=day, type=kind, status=status, review_state=review, n=n)
                for day, kind, status, review, n in _live()
            ],
            batch_size=1000,
        )
        Folding.objects.filter(pk=1).update(times=F("times") + 1)
    return len(made)


def fold_if_many() -> None:
    """Fold when a reader would have to add up more than a few changes."""
    if Change.objects.count() > MOST_CHANGES:
        fold()


def _live() -> Iterator[tuple[date | None, str, str, str, int]]:
    rows = Event.objects.filter(merged_into=None).order_by()
    return iter(
        rows.values_list("sort_date", "type", "status", "review_state").annotate(n=Count("pk"))
    )


def _unfolded() -> Iterator[tuple[date | None, str, str, str, int]]:
    rows = Change.objects.exclude(n=0).order_by()
    return iter(rows.values_list("day", "type", "status", "review_state").annotate(Sum("n")))


# ------------------------------------------------------------------------------------ triggers


def watch(**_kwargs: object) -> None:
    """See to it that the triggers are there, and count anew if one was not.

    Called after every migration: SQLite drops a table's triggers when a migration remakes it.
    """
    wanted = set(_triggers())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        if wanted <= {row[0] for row in cursor.fetchall()}:
            return
    with transaction.atomic(), connection.cursor() as cursor:
        for name, statements in _triggers().items():
            table = name.partition("__")[2]
            on = "" if connection.vendor == "sqlite" else f" ON {table.rpartition('__')[0]}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
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
        "UPDATE": _step("OLD", -1) + _step("NEW", 1) + _touch(),
    }
    for table in ("events_event", *_AROUND):
        for act, counting in bodies.items():
            body = counting if table == "events_event" else _touch()
            name = f"tally__{table}__{act.lower()}"
            yield name, (
                f"CREATE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW BEGIN {body} END",
            )


def _postgresql_triggers() -> Iterator[tuple[str, tuple[str, ...]]]:
    function = "CREATE OR REPLACE FUNCTION {} RETURNS trigger LANGUAGE plpgsql AS $$ {} $$"
    count = (
        f"BEGIN IF TG_OP <> 'INSERT' THEN {_step('OLD', -1)} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {_step('NEW', 1)} END IF; "
        f"IF TG_OP = 'UPDATE' THEN {_touch()} END IF; RETURN NULL; END"
    )
    name = "tally__events_event__all"
    yield name, (
        function.format("events_tally()", count),
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON events_event "
        "FOR EACH ROW EXECUTE FUNCTION events_tally()",
    )
    for table in _AROUND:  # once a statement is enough: nothing is counted
        name = f"tally__{table}__all"
        yield name, (
            function.format("events_touch()", f"BEGIN {_touch()} RETURN NULL; END"),
            f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION events_touch()",
        )


def _step(row: str, n: int) -> str:
    cell = _CELL.format(row=row, n=n)
    return (
        f"INSERT INTO events_change {_COLUMNS} SELECT {cell} WHERE {row}.merged_into_id IS NULL; "
    )


def _touch() -> str:
    return f"INSERT INTO events_change {_COLUMNS} VALUES (NULL, '', '', '', 0); "  # noqa: S608 - our own names
