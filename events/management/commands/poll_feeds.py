"""Poll the feeds whose time has come, again and again; their new entries come in."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from events.feeds import poll_due
from events.models import Heartbeat
from events.reasons import word

logger = logging.getLogger(__name__)

ROUND_SECONDS = 30


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self._round()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                self._round()
            except DatabaseError:
                logger.exception("the database did not answer; trying again")
            close_old_connections()
            stop.wait(ROUND_SECONDS)

    def _round(self) -> None:
        now = timezone.now()
        Heartbeat.objects.update_or_create(name="feeds", defaults={"at": now})
        for feed, polled in poll_due(now):
            told = f"{polled.accepted} new, {polled.known} known, {polled.refused} refused"
            odd = f" ({word(polled.reason)})" if polled.reason else ""
            self.stdout.write(f"{feed}: {told}{odd}")
