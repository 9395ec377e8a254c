"""Take in dispatches from files and folders; each file gets a verdict, and the sum is told."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import intake, progress
from events.intake import Named
from events.models import BatchItem
from events.processing import process_chunk
from events.reasons import word
from events.spool import Spool

CHUNK = 16


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder")
        parser.add_argument("--source", default="", help="organisation that vouches for them")
        parser.add_argument("--published", type=date.fromisoformat, help="their day, YYYY-MM-DD")
        parser.add_argument("--lang", default="", help="their language, ISO 639-1")
        parser.add_argument("--now", action="store_true", help="read them here, without workers")

    def handle(self, *args: Any, **options: Any) -> None:
        with Spool() as safe:
            named = list(_named(options["paths"], safe))
            batch = intake.open_batch(
                safe,
                named,
                source=options["source"],
                published=options["published"],
                language=options["lang"],
            )
        intake.take_in(batch)
        items = list(batch.items.counted())
        for item in items:
            if item.verdict == BatchItem.Verdict.REFUSED:
                self.stderr.write(f"{item.name}: {word(item.reason)}")
        if options["now"]:
            pks = [item.dispatch_id for item in items if item.dispatch_id is not None]
            for first in range(0, len(pks), CHUNK):
                process_chunk(pks[first : first + CHUNK])
        told = ", ".join(f"{one.count} {one.label}" for one in progress.look(batch).sums)
        self.stdout.write(f"{len(items)}: {told}")


def _named(paths: list[Path], safe: Spool) -> Iterator[Named]:
    """Each file, its bytes in the spool."""
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path}: no such file or folder")
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            with file.open("rb") as handle:
                yield Named(file.name, intake.copy(handle, safe))
