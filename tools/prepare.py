"""Bring database, static files, administrator and first dispatches up to date; `make run` does it.

    python -m tools.prepare [--demo]

Safe to run again: what is there stays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import secrets
import sys
from datetime import date
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
SEED = DATA / "seed_dispatch.txt"
DEMO = DATA / "demo"


def say(text: str) -> None:
    print(f"   frise │ {text}", flush=True)  # noqa: T201 - a command's own words


def collect_static() -> None:
    """Collect the static files, if any of ours or an installed package changed since."""
    files = sorted(path for folder in settings.STATICFILES_DIRS for path in folder.rglob("*"))
    facts = [f"{path} {path.stat().st_mtime_ns}" for path in files] + [django.__version__]
    fingerprint = hashlib.sha256("\n".join(facts).encode()).hexdigest()
    stamp = settings.STATIC_ROOT / "fingerprint"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(fingerprint)


def make_administrator() -> None:
    """Make an administrator on the first start; the password is printed and kept nowhere."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - the apps must be loaded

    accounts = get_user_model().objects
    if accounts.filter(is_superuser=True).exists():
        return
    password = secrets.token_urlsafe(12)
    accounts.create_superuser("admin", password=password)
    say(f"administrator: admin, password: {password} (shown this once; log in at /admin/)")


def take_in(*, demo: bool) -> None:
    """Take in the seed dispatch on the first start, and those of the demonstration if asked to."""
    from events.ingest import Incoming, ingest_dispatch  # noqa: PLC0415 - the apps must be loaded
    from events.models import Dispatch  # noqa: PLC0415 - likewise

    if not Dispatch.objects.exists():
        ingest_dispatch(Incoming(SEED.name, SEED.read_bytes(), "text/plain"))
        say("the first dispatch waits for the worker")
    if not demo:
        return
    accepted = 0
    for entry in json.loads((DEMO / "manifest.json").read_text())["dispatches"]:
        published = date.fromisoformat(entry["published"]) if entry["published"] else None
        outcome = ingest_dispatch(
            Incoming(entry["file"], (DEMO / entry["file"]).read_bytes(), "text/plain"),
            source=entry["source"],
            published=published,
            language=entry["language"],
        )
        accepted += outcome.verdict == "accepted"
    if accepted:
        say(f"{accepted} dispatches of the demonstration wait for the worker")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Bring database and static files up to date.")
    parser.add_argument("--demo", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    django.setup()
    logging.getLogger("events").setLevel(logging.WARNING)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        say(f"the database of DATABASE_URL does not answer: {reason}")
        return 1
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    make_administrator()
    take_in(demo=options.demo)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
