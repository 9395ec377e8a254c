"""What runs and what waits: for the person who looks after the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.db.models import Count, Min

from events import queue, spool
from events.models import BatchItem, Dispatch, Feed

ANSWER_SECONDS = 0.5  # for workers to answer in; all that live are waited for


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that answered, and how many tasks it has in hand."""

    name: str
    busy: int


@dataclass(frozen=True, slots=True)
class Operations:
    """`messages` by queue and `workers` are None where no broker answers.

    `dispatches` counts them by state; `files` are given and not yet taken
    in; `disk_free` is what is left where originals are kept.
    """

    workers: tuple[Worker, ...] | None
    messages: dict[str, int] | None
    dispatches: dict[str, int]
    waiting_since: datetime | None
    files: int
    files_since: datetime | None
    disk_free: int  # bytes
    feeds_failing: int


def look() -> Operations:
    """Ask the database, the broker and the workers; takes about half a second."""
    messages = queue.lengths()
    files, files_since = BatchItem.objects.unsettled().backlog()
    counted: Iterable[tuple[str, int]] = (
        Dispatch.objects.order_by().values_list("state").annotate(Count("pk"))
    )
    return Operations(
        workers=None if messages is None else _workers(),
        messages=messages,
        dispatches=dict.fromkeys(Dispatch.State.values, 0) | dict(counted),
        waiting_since=Dispatch.objects.waiting().aggregate(first=Min("received_at"))["first"],
        files=files,
        files_since=files_since,
        disk_free=spool.free_bytes(),
        feeds_failing=Feed.objects.filter(is_active=True, failures__gt=0).count(),
    )


def _workers() -> tuple[Worker, ...]:
    try:
        answered = current_app.control.inspect(timeout=ANSWER_SECONDS).active() or {}
    except Exception:  # noqa: BLE001 - a broker that went away between two questions
        return ()
    return tuple(Worker(name, len(tasks)) for name, tasks in sorted(answered.items()))
