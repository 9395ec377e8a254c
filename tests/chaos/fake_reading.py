"""Stands in for seconds of parsing: sleeps, gives what a pipeline gave before, dies of poison.

Workers and the sweeper of the chaos runs start through here:
    celery -A tests.chaos.fake_reading worker …
    python -m tests.chaos.fake_reading sweep
"""

from __future__ import annotations

import os
import pickle
import random
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
django.setup()

from events import processing  # noqa: E402 - the apps must be loaded
from events.extraction import Extraction, ExtractionRequest  # noqa: E402 - likewise
from newsapp.celery import app  # noqa: E402, F401 - what `celery -A` looks for
from tests.chaos import POISON, READINGS  # noqa: E402 - likewise

SECONDS = (0.02, 0.25)


def extract(requests: Iterable[ExtractionRequest]) -> Iterator[Extraction]:
    readings: dict[str, Extraction] = pickle.loads(  # noqa: S301 - the run wrote it itself
        Path(os.environ[READINGS]).read_bytes()
    )
    for request in requests:
        time.sleep(random.uniform(*SECONDS))  # noqa: S311 - no secret
        if POISON in request.text:
            os.kill(os.getpid(), signal.SIGKILL)
        opening = next(words for words in readings if request.text.startswith(words))
        yield readings[opening]


processing.extract = extract
processing.warm_up = lambda: None

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage.py", *sys.argv[1:]])
