"""Build the counts by day anew from the events; says how many cells there are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from events import tally


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{tally.recount()} cells")
