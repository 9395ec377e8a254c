"""Wakes a worker, and never holds nor fails who asks.

A message is a hint: when it is lost the sweeper finds the row (docs/adr/0001). So publishing is
tried once, after a PING of at most 0.3 s, and not at all for a while after a failure: a dead or
frozen Redis costs milliseconds.

What a person waits for is named in its message. Of all else a message says only that there is
work: the worker that gets it takes a chunk, the same share from every upload (events/turns.py),
and sends one message more while anything is left. So a load of any size is a few messages, and
who comes last need not wait for who came first.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from typing import Any
from uuid import uuid4

import redis
from celery import current_app
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PING_SECONDS = 0.3
ANSWER_SECONDS = 60  # that an answer lies in Redis if nobody fetches it
ASKING = 2  # threads of a process that may wait for an answer; the others serve pages
BREAK_SECONDS = 3.0  # after a failure nobody asks Redis for this long
CHUNK = 16  # dispatches that are read at a time, the parser's own batch
WAKES = 32  # messages at most that say the same; each is followed by one more
INTERACTIVE = "interactive"  # a person waits
INTAKE = "intake"  # files to be taken in: quick, and their giver would like to know
BULK = "bulk"
QUEUES = (INTERACTIVE, INTAKE, BULK)  # in the order in which workers look

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
_asking = threading.BoundedSemaphore(ASKING)


def wake(pk: int) -> bool:
    """Tell the workers that dispatch `pk` waits and a person with it. False: nobody was told."""
    return _publish("events.tasks.extract_dispatch", [pk], INTERACTIVE) == 1


def wake_readers(messages: int = 1) -> int:
    """Tell the workers that dispatches wait to be read; return how many messages were sent."""
    return _publish("events.tasks.read_waiting", [], BULK, min(messages, WAKES))


def wake_takers(messages: int = 1, queue: str = INTAKE) -> int:
    """Tell the workers that files wait to be taken in; return how many messages were sent."""
    return _publish("events.tasks.take_in_waiting", [], queue, min(messages, WAKES))


def ask(task: str, *arguments: object, seconds: float) -> Any:
    """Have a worker do something now, and return what it answers (`answer`).

    None: nobody answered in time. A message that nobody took by then is not worked on any more.
    As whoever asks waits, only some may: the others get None at once.
    """
    key = f"answer:{uuid4()}"
    if not _asking.acquire(blocking=False):
        return None
    try:
        if not _publish(task, [key, *arguments], INTERACTIVE, expires=seconds):
            return None
        told = _client(waits=seconds).blpop([key], timeout=seconds)
    except redis.RedisError:
        breaker.trip()
        return None
    finally:
        _asking.release()
    return json.loads(told[1]) if told else None


def answer(key: str, said: object) -> None:
    """Tell whoever asked under `key`, if it still waits. Raises redis.RedisError."""
    with _client().pipeline() as together:
        together.rpush(key, json.dumps(said, ensure_ascii=False))
        together.expire(key, ANSWER_SECONDS)
        together.execute()


def lengths() -> dict[str, int] | None:
    """Return how many messages of each queue no worker has fetched; None: no broker answers."""
    if breaker.is_open:
        return None
    try:
        client = _client()
        return {name: int(client.llen(name)) for name in QUEUES}
    except redis.RedisError:
        breaker.trip()
        return None


def _publish(
    task: str,
    arguments: list[object],
    queue: str,
    times: int = 1,
    *,
    expires: float | None = None,
) -> int:
    if breaker.is_open or times < 1:
        return 0
    sent = 0
    try:
        _client().ping()
        for _ in range(times):
            current_app.send_task(
                task,
                args=arguments,
                queue=queue,
                retry=False,
                ignore_result=True,
                expires=expires,
            )
            sent += 1
    except Exception as error:  # noqa: BLE001 - whatever a broker does, the row is already safe
        breaker.trip()
        logger.warning("no worker was woken: %s", error)
    return sent


def _client(waits: float = 0) -> redis.Redis:
    """A client that gives up at once, or once it has waited for an answer (seconds).

    Celery's own would retry for seconds.
    """
    url = settings.REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    return redis.Redis.from_url(
        url,
        socket_timeout=waits + PING_SECONDS,
        socket_connect_timeout=PING_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
