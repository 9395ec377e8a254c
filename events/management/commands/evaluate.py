"""Score what is extracted from annotated dispatches, and print the table."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from events.evaluation import score, table
from events.management.commands.extract import gold_items, merged_documents


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        own = settings.BASE_DIR / "tests" / "evaluation" / "dev.json"
        parser.add_argument("gold", nargs="?", default=str(own), metavar="GOLD.json")
        parser.add_argument("--errors", action="store_true", help="list what was missed or extra")
        parser.add_argument("--markdown", action="store_true", help="print a Markdown table")

    def handle(self, *args: str, **options: Any) -> None:
        path = Path(options["gold"])
        try:
            items = list(gold_items(path))
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"{path}: not an annotated file: {error}") from error
        gold = content["docs"] if isinstance(content, dict) else content
        scores = score(gold, merged_documents(items))
        rows = table(scores)
        if options["markdown"]:
            self.stdout.write("| figure | value |\n|---|---|")
            for label, value in rows:
                self.stdout.write(f"| {label} | {value} |")
        else:
            for label, value in rows:
                self.stdout.write(f"{label:34}{value}")
        if options["errors"]:
            for row in scores.errors:
                self.stdout.write("\t".join(row))
