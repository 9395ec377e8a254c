"""Whether the site is well: what a monitor asks every minute, in milliseconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from events.models import Dispatch, Heartbeat

MISSED_ROUNDS = 6  # of the sweeper, before it counts as gone


@dataclass(frozen=True, slots=True)
class Health:
    """`waiting` counts dispatches not yet read; `sweeper` is False when it was not seen lately."""

    database: bool
    sweeper: bool
    waiting: int
    failed: int

    @property
    def ok(self) -> bool:
        """The pages work. A sweeper that is late is a warning, not an outage."""
        return self.database

    def as_json(self) -> dict[str, bool | int]:
        return {"ok": self.ok, **asdict(self)}


def check() -> Health:
    """Look at the database and at what is in it; never raises for a database that is away."""
    lately = timezone.now() - timedelta(seconds=settings.SWEEP_SECONDS * MISSED_ROUNDS)
    try:
        return Health(
            database=True,
            sweeper=Heartbeat.objects.filter(name="sweep", at__gte=lately).exists(),
            waiting=Dispatch.objects.pending().count(),
            failed=Dispatch.objects.filter(state=Dispatch.State.FAILED).count(),
        )
    except DatabaseError:
        return Health(database=False, sweeper=False, waiting=0, failed=0)
