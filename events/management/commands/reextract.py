"""Have stored dispatches read again; what people decided stays."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from events.extraction import VERSION
from events.models import Dispatch
from events.processing import extract_again, process_dispatch


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="default: see --all")
        parser.add_argument(
            "--all", action="store_true", help="all, not only those of another version"
        )
        parser.add_argument("--now", action="store_true", help="read them here, without workers")

    def handle(self, *args: Any, **options: Any) -> None:
        dispatches = Dispatch.objects.order_by("pk")
        if options["ids"]:
            dispatches = dispatches.filter(pk__in=options["ids"])
        elif not options["all"]:
            dispatches = dispatches.read_by_another(VERSION)
        count = 0
        for dispatch in dispatches.iterator(chunk_size=200):
            extract_again(dispatch)
            if options["now"]:
                process_dispatch(dispatch.pk)
            count += 1
        self.stdout.write(f"{count}")
