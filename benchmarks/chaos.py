"""How many dispatches are lost, doubled or wrong when everything is killed again and again.

    .venv/bin/python -m benchmarks.chaos [--dispatches 500] [--faults 60] [--poison 3] [--seed 1]

Runs on SQLite and on PostgreSQL. What is killed: workers, processes of their pool, Redis (which
keeps nothing), the sweeper, the uploader; workers are frozen past their lease. Reading is
replaced by sleep, so that many faults fit in minutes. Exits with 1 if anything is amiss.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")

from tests.chaos.site import Site, run
from tools import postgres


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dispatches", type=int, default=500)
    parser.add_argument("--faults", type=int, default=60)
    parser.add_argument("--poison", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = vars(parser.parse_args())
    amiss = False
    with tempfile.TemporaryDirectory(prefix="frise-chaos-") as folder:
        report = run(Site(Path(folder), f"sqlite:///{folder}/chaos.sqlite3"), **options)
        print(f"SQLite      {report}", flush=True)  # noqa: T201 - a command's own words
        amiss |= not report.clean
    with tempfile.TemporaryDirectory(prefix="frise-chaos-") as folder:
        with postgres.running_server() as url:
            report = run(Site(Path(folder), url), **options)
        print(f"PostgreSQL  {report}", flush=True)  # noqa: T201 - a command's own words
        amiss |= not report.clean
    return int(amiss)


if __name__ == "__main__":
    raise SystemExit(main())
