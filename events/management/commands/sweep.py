"""Free abandoned dispatches and have read what waits: the guarantee behind the queue."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from events import intake, tally
from events.processing import Swept, sweep

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then end")
        parser.add_argument(
            "--no-inline", action="store_true", help="never read dispatches in this process"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        inline = not options["no_inline"]
        if options["once"]:
            intake.sweep(inline=inline)
            self._tell(sweep(inline=inline))
            tally.fold_if_many()
            return
        intake.sweep_files()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            busy = False
            try:
                taken_in = intake.sweep(inline=inline)
                swept = sweep(inline=inline)
                tally.fold_if_many()
                busy = swept.read + taken_in > 0
                if any((swept.freed, swept.parked, swept.read)):
                    self._tell(swept)
            except DatabaseError:
                logger.exception("the database did not answer; trying again")
            close_old_connections()
            if not busy:
                stop.wait(settings.SWEEP_SECONDS)

    def _tell(self, swept: Swept) -> None:
        self.stdout.write(
            f"freed {swept.freed}, parked {swept.parked}, told {swept.told}, read {swept.read}"
        )
