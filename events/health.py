"""Whether the site is well: what a monitor asks every minute, in milliseconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min
from django.utils import timezone

from events import processing, queue, spool
from events.models import BatchItem, Dispatch, Heartbeat

MISSED_ROUNDS = 6  # of the sweeper, before it counts as gone


@dataclass(frozen=True, slots=True)
class Health:
    """`sweeper` is False when it was not seen lately.

    `waiting` counts dispatches not yet read, `files` what was given and not yet taken in;
    `oldest_seconds` is how long the first of both waits. `disk_free_mb`: where originals are kept.
    """

    database: bool
    broker: bool
    sweeper: bool
    waiting: int = 0
    files: int = 0
    oldest_seconds: int = 0
    failed: int = 0
    disk_free_mb: int = 0

    @property
    def ok(self) -> bool:
        """The pages work. A sweeper that is late, a broker that is away: warnings, no outage."""
        return self.database

    def as_json(self) -> dict[str, bool | int]:
        return {"ok": self.ok, **asdict(self)}


def check() -> Health:
    """Look at the database and at what is in it; never raises for a database that is away."""
    now = timezone.now()
    lately = now - timedelta(seconds=settings.SWEEP_SECONDS * MISSED_ROUNDS)
    broker = queue.lengths() is not None
    try:
        pending = Dispatch.objects.pending().aggregate(n=Count("pk"), first=Min("received_at"))
        files, files_since = BatchItem.objects.unsettled().backlog()
        since = min(filter(None, (pending["first"], files_since)), default=now)
        return Health(
            database=True,
            broker=broker,
            sweeper=Heartbeat.objects.filter(name="sweep", at__gte=lately).exists(),
            waiting=pending["n"],
            files=files,
            oldest_seconds=int((now - since).total_seconds()),
            failed=Dispatch.objects.filter(state=Dispatch.State.FAILED)
            .exclude(error_code=processing.CANCELED)
            .count(),
            disk_free_mb=spool.free_bytes() // (1024 * 1024),
        )
    except DatabaseError:
        return Health(database=False, broker=broker, sweeper=False)
