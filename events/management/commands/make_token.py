"""Make a token by which a script may post dispatches in somebody's name."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from events import tokens


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="in whose name")
        parser.add_argument("name", help="what it is for, to find it again in the admin")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["user"])
        except User.DoesNotExist:
            raise CommandError(f"there is no user {options['user']}") from None
        self.stdout.write(tokens.make(user, options["name"]))
