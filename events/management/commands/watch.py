"""Watch a folder: take in what is put there, and move it to its `done` or `refused`."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from events.folder import Looked, WatchedFolder

LOOK_SECONDS = 2.0  # between two looks


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, metavar="PATH", help="default: WATCH_FOLDER"
        )
        parser.add_argument("--source", default="", help="organisation that vouches for them")
        parser.add_argument("--published", type=date.fromisoformat, help="their day, YYYY-MM-DD")
        parser.add_argument("--lang", default="", help="their language, ISO 639-1")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["path"] or settings.WATCH_FOLDER
        if not path:
            raise CommandError("name a folder, or set WATCH_FOLDER")
        if not options["path"]:
            Path(path).mkdir(parents=True, exist_ok=True)
        if not Path(path).is_dir():
            raise CommandError(f"{path}: no such folder")
        folder = WatchedFolder(
            Path(path), options["source"], options["published"], options["lang"]
        )
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                self._tell(folder.look())
            except (DatabaseError, OSError) as error:  # full disk, folder away: look again
                self.stderr.write(f"{path}: {error}")
            close_old_connections()
            stop.wait(LOOK_SECONDS)

    def _tell(self, looked: Looked) -> None:
        if looked.done or looked.refused:
            self.stdout.write(
                f"taken in {looked.done}, refused {looked.refused}, waiting {looked.waiting}"
            )
