"""Doorways from Celery: ids in, one call out. The work and its guarantees are `processing`'s."""

from __future__ import annotations

from celery import shared_task
from celery.signals import worker_init

from events import intake, preview, processing, queue


@shared_task(ignore_result=True)  # early ack: the row and its lease guarantee, not the broker
def extract_dispatch(dispatch_id: int) -> None:
    processing.process_dispatch(dispatch_id)


@shared_task(ignore_result=True)
def take_in_waiting() -> None:
    intake.take_in_waiting()


@shared_task(ignore_result=True)
def read_waiting() -> None:
    processing.read_waiting()


@shared_task(ignore_result=True, soft_time_limit=15, time_limit=20)  # seconds; nobody waits longer
def preview_text(key: str, text: str, stated: dict[str, str], language: str) -> None:
    queue.answer(key, preview.look(text, stated, language))


@worker_init.connect
def load_models(**_: object) -> None:
    """Once, before the pool forks: its processes share what was loaded."""
    processing.warm_up()
