"""Dispatches a second through the whole road, beside the same spaCy pipeline alone.

    .venv/bin/python -m benchmarks.ingest [--files 3000] [--processes 2]

In one run, on the same texts and with the same number of processes:
- the bare pipeline: a pool that parses, in batches, and keeps nothing;
- the extraction alone: the same pool, all stages, nothing kept;
- Frise: files dropped at one go, a Redis of its own, Celery workers that take them in and read
  them, events recorded.

Files are text and wire XML in equal parts, made of the dispatches of tests/evaluation/ with their
years moved, so that no two are alike; HTML and PDF are timed apart, by reading alone. At the end
the same files come once more, as one ZIP through the form: the time until the page answers. Prints
wall time, CPU time and memory; the ratio that counts is of files per second of CPU.
"""

# ruff: noqa: E402, PLC0415 - settings are read on import, and must be made first
# ruff: noqa: S603 - the programs started are our own

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import psutil  # type: ignore[import-untyped]  # it has none

from tools import redis_server

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "evaluation" / "dev.json"
CHUNK = 16
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NEWSML = """<?xml version="1.0" encoding="utf-8"?>
<NewsML Version="1.2"><NewsItem><Identification><NewsIdentifier>
<ProviderId>bench.example</ProviderId><DateId>20161208</DateId><NewsItemId>{number}</NewsItemId>
<RevisionId PreviousRevision="0" Update="N">1</RevisionId>
<PublicIdentifier>urn:newsml:bench.example:20161208:{number}:1</PublicIdentifier>
</NewsIdentifier></Identification><NewsManagement><NewsItemType FormalName="News"/>
<Status FormalName="Usable"/></NewsManagement><NewsComponent><NewsLines>
<HeadLine>{title}</HeadLine></NewsLines><ContentItem><DataContent>{paragraphs}</DataContent>
</ContentItem></NewsComponent></NewsItem></NewsML>"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one way through all files; `peak` in MiB, of the biggest process."""

    wall: float
    cpu: float
    peak: float


def texts(count: int) -> list[str]:
    """Return `count` different texts of the length that dispatches have."""
    given = [doc["text"] for doc in json.loads(GOLD.read_text())["docs"]]
    return [
        f"Dépêche {number}.\n" + _moved(given[number % len(given)], number // len(given))
        for number in range(count)
    ]


def _moved(text: str, years: int) -> str:
    return _YEAR.sub(lambda found: str(1900 + (int(found[0]) - 1900 + years) % 150), text)


def files(given: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Every other text as a file of the wire."""
    for number, text in enumerate(given):
        if number % 2:
            yield f"{number}.txt", text.encode()
        else:
            title, _, body = text.partition("\n")
            lines = "".join(f"<p>{escape(line)}</p>" for line in body.split("\n"))
            wire = _NEWSML.format(number=number, title=escape(title), paragraphs=lines)
            yield f"{number}.xml", wire.encode()


def pooled(
    read: Callable[[Sequence[str]], tuple[float, float]], given: Sequence[str], processes: int
) -> Cost:
    """Read all texts in a pool that is already warm; nothing else."""
    chunks = [given[first : first + CHUNK] for first in range(0, len(given), CHUNK)]
    _warm()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(read, chunks[:processes], chunksize=1)
        started = time.perf_counter()
        told = pool.map(read, chunks, chunksize=1)
        wall = time.perf_counter() - started
    return Cost(wall, sum(cpu for cpu, _ in told), max(peak for _, peak in told))


def _warm() -> None:
    from events.processing import warm_up

    warm_up()


def _parse(chunk: Sequence[str]) -> tuple[float, float]:
    from events.extraction import lexicon
    from events.extraction.identify import identify
    from events.extraction.parse import parse
    from events.extraction.read import read

    documents = [(read(text), identify(text, None, lexicon.EVENT_LANGUAGES)) for text in chunk]
    started = time.process_time()
    for _ in parse(documents):
        pass
    cpu = time.process_time() - started
    return cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _extract(chunk: Sequence[str]) -> tuple[float, float]:
    from events.extraction import ExtractionRequest, extract

    started = time.process_time()
    for _ in extract(ExtractionRequest(text) for text in chunk):
        pass
    cpu = time.process_time() - started
    return cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reading_alone(given: Sequence[str]) -> dict[str, float]:
    """CPU milliseconds to read one file, by its format."""
    from events import readers
    from tests.readers.samples import make_pdf

    made = {
        "HTML": [
            f"<!DOCTYPE html><html><body><article><h1>Titre</h1>"
            f"{''.join(f'<p>{escape(line)}</p>' for line in text.splitlines())}"
            "</article></body></html>".encode()
            for text in given
        ],
        "PDF": [make_pdf(text.splitlines()) for text in given],
    }
    cost = {}
    for kind, contents in made.items():
        started = time.process_time()
        for content in contents:
            list(readers.parts(content))
        cost[kind] = (time.process_time() - started) / len(contents) * 1000
    return cost


def whole(given: Sequence[str], processes: int, folder: Path) -> tuple[Cost, dict[str, float]]:
    """Take all files in and have workers read them; the clock stops when the last is read."""
    socket = redis_server.socket_path(folder)
    environment = os.environ | {
        "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3"),
        "VAR_DIR": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": "for this benchmark alone",
        "REDIS_URL": redis_server.socket_url(socket),
        "LOG_LEVEL": "ERROR",
    }
    os.environ.update(environment)
    command = [sys.executable, "-W", "ignore"]
    for task in (["migrate"], ["collectstatic", "--noinput"]):
        subprocess.run([*command, "manage.py", *task, "-v0"], check=True, env=environment)
    redis = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
    worker = subprocess.Popen(
        [*command, "-m", "celery", "-A", "newsapp", "worker", "--concurrency", str(processes),
         "--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"],
        env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return _measure(given, psutil.Process(worker.pid), processes)
    finally:
        for process in (worker, redis):
            process.terminate()
        for process in (worker, redis):
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _measure(
    given: Sequence[str], worker: psutil.Process, processes: int
) -> tuple[Cost, dict[str, float]]:
    import django

    django.setup()
    from events import intake
    from events.models import BatchItem, Dispatch
    from events.spool import Spool

    _await_pool(worker, processes)
    before = _cpu(worker)
    started, own = time.perf_counter(), time.process_time()
    with Spool() as safe:
        named = [intake.Named(name, safe.add(content)) for name, content in files(given)]
        batch = intake.open_batch(safe, named)
    intake.have_taken_in(batch)
    answered = time.perf_counter() - started
    own_cpu = time.process_time() - own
    taken_in = peak = 0.0
    while BatchItem.objects.unsettled().exists() or Dispatch.objects.pending().exists():
        if not taken_in and not BatchItem.objects.unsettled().exists():
            taken_in = time.perf_counter() - started
        peak = max(peak, *(p.memory_info().rss / 2**20 for p in _family(worker)))
        time.sleep(0.25)
    wall = time.perf_counter() - started
    states = dict.fromkeys(Dispatch.State.values, 0)
    for state in Dispatch.objects.values_list("state", flat=True):
        states[state] += 1
    if states[Dispatch.State.DONE] != len(given):
        raise SystemExit(f"not all were read: {states}")
    cpu = _cpu(worker) - before
    web_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(wall, cpu + own_cpu, peak), {
        "answered after, s": answered,
        "all taken in after, s": taken_in,
        "peak of the web's part, MiB": web_peak,
        "a ZIP answered after, s": archive_answered(given),
    }


def archive_answered(given: Sequence[str]) -> float:
    """Seconds from posting a ZIP of the files until the page of the upload is there."""
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client
    from django.urls import reverse

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files(given):
            archive.writestr(name, content)
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.create_superuser("benchmark"))
    client.get(reverse("upload"))  # where the form is; the process has served before
    upload = SimpleUploadedFile("all.zip", packed.getvalue(), "application/zip")
    started = time.perf_counter()
    answer = client.post(reverse("upload"), {"uploads": upload}, follow=True)
    took = time.perf_counter() - started
    if answer.status_code != 200 or not answer.redirect_chain:
        raise SystemExit(f"the ZIP was not taken: {answer.status_code}")
    return took


def _await_pool(worker: psutil.Process, processes: int) -> None:
    """Until the models are loaded and the pool is forked and idle."""
    deadline = time.monotonic() + 300
    while len(worker.children()) < processes:
        if time.monotonic() > deadline:
            raise SystemExit("the workers did not start")
        time.sleep(0.2)
    time.sleep(3)


def _family(worker: psutil.Process) -> list[psutil.Process]:
    return [worker, *worker.children(recursive=True)]


def _cpu(worker: psutil.Process) -> float:
    """CPU seconds of the worker and its pool; a process of the pool that ended is counted too."""
    total = 0.0
    for process in _family(worker):
        times = process.cpu_times()
        total += times.user + times.system
    ended = worker.cpu_times()
    return float(total + ended.children_user + ended.children_system)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    given = texts(options.files)
    with tempfile.TemporaryDirectory(prefix="frise-bench-") as folder:
        full, more = whole(given, options.processes, Path(folder))
        alone = pooled(_parse, given, options.processes)
        read = pooled(_extract, given, options.processes)
        more |= {
            f"reading {kind}, CPU ms a file": cost
            for kind, cost in reading_alone(given[:100]).items()
        }
    rows = (("pipeline alone", alone), ("extraction alone", read), ("whole road", full))
    for name, cost in rows:
        print(  # noqa: T201 - a command's own words
            f"{name:>16}: {len(given) / cost.wall:7.1f} files/s, "
            f"CPU {cost.cpu / len(given) * 1000:6.1f} ms a file, peak {cost.peak:5.0f} MiB"
        )
    for name, value in more.items():
        print(f"{name:>28}: {value:8.1f}")  # noqa: T201 - likewise
    for name, cost in (("pipeline", alone), ("extraction", read)):
        print(  # noqa: T201 - likewise
            f"{name} ÷ whole road: by CPU {cost.cpu / full.cpu:.2f}, "
            f"by the clock {cost.wall / full.wall:.2f}"
        )


if __name__ == "__main__":
    main()
