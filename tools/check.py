"""Run the checks, and with --test all tests; say at the end what passed and how long it took.

    python -m tools.check [--test]

Everything runs even when something failed: one look tells all there is to mend.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import browser

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTEST = (str(BIN / "pytest"), "-q")
SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")


@dataclass(frozen=True, slots=True)
class Step:
    """One command; it passed when it ended with status 0."""

    name: str
    command: Sequence[str]


@dataclass(frozen=True, slots=True)
class Result:
    name: str
    passed: bool
    seconds: float


def checks() -> list[Step]:
    templates = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html"))
    return [  # the longest first: two run at a time
        Step("mypy", [str(BIN / "mypy"), "--strict"]),
        Step("migrations", [str(BIN / "python"), "manage.py", "makemigrations", "--check"]),
        Step("contracts", [str(BIN / "lint-imports"), "--no-cache"]),
        Step("djlint", [str(BIN / "djlint"), "--lint", "--quiet", *templates]),
        Step("ruff", [str(BIN / "ruff"), "check", "--quiet", "."]),
        Step("djade", [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates]),
    ]


def tests() -> list[Step]:
    quick = "not slow and not browser"
    postgres = [str(BIN / "python"), "-m", "tools.postgres"]
    scripts = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/*.test.*js"))
    return [
        Step("unit, extraction, SQLite", [*PYTEST, *SIDE_BY_SIDE, "-m", quick]),
        Step("PostgreSQL", [*postgres, *PYTEST, *SIDE_BY_SIDE, "-m", quick, "tests/events"]),
        Step("processes", [*PYTEST, *SIDE_BY_SIDE, "-m", "slow and not browser"]),
        Step("browser", [*PYTEST, *SIDE_BY_SIDE, "-m", "browser"]),
        Step("scripts", ["node", "--test", *scripts]),
    ]


def run_quietly(step: Step, environment: Mapping[str, str]) -> Result:
    """Run `step`; print one line, and all that it said if it failed."""
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - commands of this file
        step.command, cwd=ROOT, env=environment, check=False, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    result = Result(step.name, done.returncode == 0, time.monotonic() - started)
    said = "" if result.passed else f"\n{done.stdout.rstrip()}"
    say(f"{step.name}: {'ok' if result.passed else 'FAILED'}, {result.seconds:.0f} s{said}")
    return result


def run_aloud(step: Step, environment: Mapping[str, str]) -> Result:
    """Run `step` and let it speak: tests take minutes."""
    say(f"{step.name} …")
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - commands of this file
        step.command, cwd=ROOT, env=environment, check=False, stdin=subprocess.DEVNULL
    )
    return Result(step.name, done.returncode == 0, time.monotonic() - started)


def say(text: str) -> None:
    print(f"check │ {text}", flush=True)  # noqa: T201 - a command's own words


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Run the checks, and with --test all tests.")
    parser.add_argument("--test", action="store_true", help="all tests too")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="frise-check-") as folder:
        # Nothing of the site in var/ is read or touched, and no setting of the caller's is used.
        clean = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        environment = clean | {"VAR_DIR": folder, "SECRET_KEY": "for tests alone"}
        if options.test:
            try:
                browser.provide_node()
                browser.provide_chromium()
            except browser.MissingError as reason:
                say(str(reason))
                results.append(Result("what tests need", passed=False, seconds=0))
        with ThreadPoolExecutor(2) as pool:
            results += pool.map(lambda step: run_quietly(step, environment), checks())
        if options.test:
            results += [run_aloud(step, environment) for step in tests()]
    for result in results:
        say(f"{'ok    ' if result.passed else 'FAILED'} {result.seconds:4.0f} s  {result.name}")
    failed = sum(not result.passed for result in results)
    minutes = (time.monotonic() - started) / 60
    say(f"{len(results) - failed} of {len(results)} steps passed in {minutes:.1f} min")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
