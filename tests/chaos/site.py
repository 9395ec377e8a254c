"""Starts, kills and asks a site of real processes, and tells in the end what is amiss."""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from events.extraction import extract_one
from tests.chaos import POISON, READINGS
from tools import redis_server

ROOT = Path(__file__).resolve().parent.parent.parent
STORIES = 10  # happenings that all dispatches tell of
LEASE_SECONDS = 5
FIRST_DAY = date(2016, 1, 4)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run left behind; all but `dispatches`, `poison_parked` and `seconds` should be 0."""

    dispatches: int
    lost: int
    doubled: int
    wrong: int
    healthy_parked: int
    poison_parked: int
    seconds: float
    errors: str

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong or self.healthy_parked)


def story(number: int) -> str:
    day = FIRST_DAY + timedelta(days=40 * number)
    return f"Une offensive a été lancée le {day.day} {MONTHS[day.month - 1]} {day.year} à Alep."


MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


@dataclass
class Site:
    """One folder, one database, and the processes that live on them."""

    folder: Path
    database_url: str
    workers: int = 2
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket = redis_server.socket_path(self.folder)
        self.environment = os.environ | {
            "DATABASE_URL": self.database_url,
            "DJANGO_SETTINGS_MODULE": "newsapp.settings",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "LOG_LEVEL": "ERROR",
            "REDIS_URL": redis_server.socket_url(self.socket),
            "SECRET_KEY": "for tests alone",
            "SWEEP_SECONDS": "1",
            "VAR_DIR": str(self.folder),
            READINGS: str(self.folder / "readings.pickle"),
        }
        self.environment.pop("MEDIA_ROOT", None)

    def prepare(self) -> None:
        """Make the database, and read each story once with the real pipeline."""
        readings = {story(n): extract_one(story(n), date(2017, 6, 1)) for n in range(STORIES)}
        (self.folder / "readings.pickle").write_bytes(pickle.dumps(readings))
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment,
            check=True, text=True, capture_output=True,
        )  # fmt: skip
        return done.stdout

    def programs(self) -> dict[str, list[str]]:
        python = sys.executable
        worker = [
            python, "-m", "celery", "-A", "tests.chaos.fake_reading", "worker", "--concurrency",
            "2", "--loglevel", "ERROR", "--without-gossip", "--without-mingle",
            "--without-heartbeat",
        ]  # fmt: skip
        named = {f"worker{n}": [*worker, "--hostname", f"w{n}@%h"] for n in range(self.workers)}
        return {
            "redis": redis_server.command(self.socket),
            "sweeper": [python, "-m", "tests.chaos.fake_reading", "sweep"],
            **named,
        }

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                self.programs()[name], cwd=ROOT, env=self.environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self, name: str, how: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to a program and all its children."""
        process = self.processes[name]
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            return
        if how == signal.SIGKILL:
            process.wait()

    def kill_child(self, name: str) -> None:
        """Kill one process of a worker's pool, as the kernel does when memory is short."""
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.processes[name].pid)],
            check=False, text=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        children = [int(pid) for pid in found.stdout.split()]
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)  # noqa: S311 - no secret

    def revive(self) -> None:
        """What a supervisor does: start again what has ended."""
        for name in self.programs():
            process = self.processes.get(name)
            if process is None or process.poll() is not None:
                if process is not None:
                    self.kill(name)
                self.start(name)

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name, signal.SIGCONT)
            self.kill(name)

    def upload(self, first: int, last: int, poison: frozenset[int]) -> subprocess.Popen[bytes]:
        """Give dispatches [first, last) in one process, which may be killed and asked again.

        Every other lot comes as an archive.
        """
        folder = self.folder / f"drop-{first}"
        folder.mkdir(exist_ok=True)
        for number in range(first, last):
            mark = f" {POISON}" if number in poison else ""
            text = f"{story(number % STORIES)} Dépêche {number}.{mark}"
            (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")
        if (first // max(1, last - first)) % 2:
            folder = Path(shutil.make_archive(str(folder), "zip", folder))
        return subprocess.Popen(
            [sys.executable, "manage.py", "ingest", str(folder), "--published", "2017-06-01",
             "--lang", "fr"],
            cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, python: str) -> str:
        return self.manage("shell", "--no-imports", "--command", python).strip()

    def waiting(self) -> int:
        code = (
            "from events.models import BatchItem, Dispatch;"
            "print(Dispatch.objects.pending().count() + BatchItem.objects.unsettled().count())"
        )
        return int(self.ask(code))


def wait_until(done: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.5)
    return done()


JUDGE = f"""
from collections import Counter
from events.models import BatchItem, Dispatch, Event, Mention
rows = list(Dispatch.objects.values_list("pk", "text", "state"))
poison = {{pk for pk, text, _ in rows if "{POISON}" in text}}
mentions = Counter(Mention.objects.values_list("dispatch_id", flat=True))
healthy = [(pk, state) for pk, _, state in rows if pk not in poison]
print(
    len(rows),
    sum(state in ("received", "processing") for _, _, state in rows)
    + BatchItem.objects.unsettled().count() + BatchItem.objects.filter(verdict="refused").count(),
    sum(mentions[pk] > 1 for pk, _ in healthy) + max(0, Event.objects.count() - {STORIES}),
    sum(mentions[pk] == 0 for pk, state in healthy if state == "done"),
    sum(state == "failed" for _, state in healthy),
    sum(state == "failed" for pk, _, state in rows if pk in poison),
    *sorted(set(Dispatch.objects.exclude(error_detail="").values_list("error_detail", flat=True))),
)
"""


def run(site: Site, dispatches: int, faults: int, poison: int, seed: int = 1) -> Report:
    """Upload `dispatches` while `faults` things go wrong; calm down; tell what is amiss."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    poisoned = frozenset(draw.sample(range(dispatches), poison))
    started = time.monotonic()
    site.prepare()
    try:
        for name in site.programs():
            site.start(name)
        step = max(1, dispatches // 10)
        drops = [(n, min(n + step, dispatches)) for n in range(0, dispatches, step)]
        uploads = {drop: site.upload(*drop, poisoned) for drop in drops[:2]}
        done: set[tuple[int, int]] = set()
        frozen: list[tuple[str, float]] = []
        for number in range(faults):
            time.sleep(draw.uniform(0.3, 1.0))
            _fault(site, draw, uploads, frozen)
            for name, until in list(frozen):
                if time.monotonic() > until:
                    site.kill(name, signal.SIGCONT)
                    frozen.remove((name, until))
            site.revive()
            done |= {drop for drop, process in uploads.items() if process.poll() == 0}
            for drop in drops[: 2 + number]:
                if drop not in done and (drop not in uploads or uploads[drop].poll() is not None):
                    uploads[drop] = site.upload(*drop, poisoned)  # killed, or not yet begun
        for name, _ in frozen:
            site.kill(name, signal.SIGCONT)
        for drop in drops:
            if drop not in done:
                if drop in uploads and uploads[drop].poll() is None:
                    uploads[drop].wait()
                if drop not in uploads or uploads[drop].returncode != 0:
                    site.upload(*drop, poisoned).wait()
        site.revive()

        def calm() -> bool:
            site.revive()
            return site.waiting() == 0

        wait_until(calm, 120 + dispatches * 0.3)
        *counts, errors = (site.ask(JUDGE) + " ").split(" ", maxsplit=6)
        rows, lost, doubled, wrong, healthy, parked = map(int, counts)
        lost += dispatches - rows
        seconds = round(time.monotonic() - started, 1)
        return Report(rows, lost, doubled, wrong, healthy, parked, seconds, errors)
    finally:
        site.stop()


def _fault(
    site: Site,
    draw: random.Random,
    uploads: dict[tuple[int, int], subprocess.Popen[bytes]],
    frozen: list[tuple[str, float]],
) -> None:
    worker = f"worker{draw.randrange(site.workers)}"
    kind = draw.choice(("worker", "worker", "child", "child", "redis", "sweeper", "uploader",
                        "freeze", "flush"))  # fmt: skip
    if kind == "worker":
        site.kill(worker)
    elif kind == "child":
        site.kill_child(worker)
    elif kind in {"redis", "flush"}:  # it keeps nothing on disk: killed is wiped
        site.kill("redis")
    elif kind == "sweeper":
        site.kill("sweeper")
    elif kind == "uploader":
        running = [process for process in uploads.values() if process.poll() is None]
        if running:
            draw.choice(running).kill()
    elif worker not in [name for name, _ in frozen]:
        site.kill(worker, signal.SIGSTOP)
        frozen.append((worker, time.monotonic() + LEASE_SECONDS + 2))
