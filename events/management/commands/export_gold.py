"""Write what curators approved and corrected as annotated dispatches."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from events import gold


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", metavar="GOLD.json", help="default: standard output")

    def handle(self, *args: str, **options: Any) -> None:
        found = list(gold.documents())
        content = json.dumps({"docs": found}, ensure_ascii=False, indent=1)
        if not options["file"]:
            self.stdout.write(content)
            return
        Path(options["file"]).write_text(content + "\n", encoding="utf-8")
        documents, events = gold.count(found)
        self.stdout.write(f"{documents} dispatches, {events} events")
