"""Wakes a worker, and never holds nor fails who asks.

A message is a hint: when it is lost the sweeper finds the row (docs/adr/0001). So publishing is
tried once, after a PING of at most 0.3 s, and not at all for a while after a failure: a dead or
frozen Redis costs milliseconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

import redis
from celery import current_app
from django.conf import settings
from django.utils import timezone
from redis.backoff import NoBackoff
from redis.retry import Retry

from events.models import Dispatch

PING_SECONDS = 0.3
BREAK_SECONDS = 3.0  # after a failure nobody asks Redis for this long
CHUNK = 16  # dispatches a message, the parser's own batch
INTERACTIVE = "interactive"  # a person waits
BULK = "bulk"
QUEUES = (INTERACTIVE, BULK)

logger = logging.getLogger(__name__)


class _Breaker:
    """Remembers, in this process, that Redis just failed."""

    def __init__(self) -> None:
        self.closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.closed_again_at

    def trip(self) -> None:
        self.closed_again_at = time.monotonic() + BREAK_SECONDS

    def reset(self) -> None:
        self.closed_again_at = 0.0


breaker = _Breaker()


def wake(pk: int) -> bool:
    """Tell the workers that dispatch `pk` waits and a person with it. False: nobody was told."""
    return _publish("events.tasks.extract_dispatch", [pk], INTERACTIVE, [pk])


def wake_many(pks: Sequence[int]) -> int:
    """Tell the workers of many dispatches, a chunk a message; return how many were told of."""
    told = 0
    for first in range(0, len(pks), CHUNK):
        chunk = list(pks[first : first + CHUNK])
        if not _publish("events.tasks.extract_dispatches", [chunk], BULK, chunk):
            break
        told += len(chunk)
    return told


def waiting() -> int | None:
    """Return how many messages no worker has fetched yet; None without a broker that answers."""
    if breaker.is_open:
        return None
    try:
        client = _client()
        return sum(int(client.llen(name)) for name in QUEUES)
    except redis.RedisError:
        breaker.trip()
        return None


def _publish(task: str, arguments: list[object], queue: str, pks: Sequence[int]) -> bool:
    if breaker.is_open:
        return False
    try:
        _client().ping()
        current_app.send_task(task, args=arguments, queue=queue, retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 - whatever a broker does, the row is already safe
        breaker.trip()
        logger.warning("no worker was woken for %d dispatches: %s", len(pks), error)
        return False
    Dispatch.objects.filter(pk__in=pks).update(enqueued_at=timezone.now())
    return True


def _client() -> redis.Redis:
    """A client that gives up at once. Celery's own would retry for seconds."""
    url = settings.REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return redis.Redis.from_url(
        url,
        socket_timeout=PING_SECONDS,
        socket_connect_timeout=PING_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
