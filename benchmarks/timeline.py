"""What the timeline costs with a million events, beside a live GROUP BY and vis-timeline.

    python benchmarks/timeline.py [--events 1000000] [--keep FOLDER] [--no-browser] [--postgres]

Builds synthetic events in a SQLite file of its own (bursty, ten years, 15 % intervals, 20 % vague;
Zipf actors and places), and one of a hundredth of the size; with --postgres the same in a server
that is thrown away. Server figures are process CPU, medians of seven (of three for GROUP BY, where
PostgreSQL's are wall time: its CPU is another process's); exports are those of a thousand events,
told by a dispatch each and then all by one of 10 MB; browser figures are the CPU time of the page's
main thread, by the same tour everywhere: zoom in 24 steps, out 24, pan 120. Ratios inside one run
mean something; absolute times depend on the machine. vis-timeline comes from its npm package,
fetched for the run where npm is.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
FIRST, DAYS = date(2010, 1, 1), 3652
ROUNDS = 7
VIS = "vis-timeline@8"
PORT, VIS_PORT = 8977, 8978
TYPES = ("attack", "talks", "call", "statement", "politics", "justice", "economy", "toll", "aid")
STATUSES = ("happened",) * 7 + ("ongoing", "planned", "called_for", "denied")
Row = tuple[Any, ...]


# ------------------------------------------------------------------------------------- the corpus


def synthetic(number: int) -> Iterator[tuple[Row, list[int], int, int]]:
    """Yield (event row, its actors, its place, its source), the same ones every time."""
    dice = random.Random(20161207)  # noqa: S311 - figures must be comparable
    bursts = [(dice.randrange(DAYS), dice.expovariate(1 / 20)) for _ in range(60)]
    for pk in range(1, number + 1):
        if dice.random() < 0.6:
            center, width = bursts[int(len(bursts) * dice.random() ** 2)]
            offset = int(dice.gauss(center, width + 1)) % DAYS
        else:
            offset = dice.randrange(DAYS)
        start = FIRST + timedelta(days=offset)
        end, edtf, precision = start + timedelta(days=1), start.isoformat(), "day"
        kind = dice.random()
        if kind < 0.15:
            end = start + timedelta(days=dice.randrange(2, 120))
            edtf, precision = f"{start}/{end - timedelta(days=1)}", "range"
        elif kind < 0.25:
            start = start.replace(day=1)
            end = (start + timedelta(days=32)).replace(day=1)
            edtf, precision = f"{start:%Y-%m}", "month"
        elif kind < 0.35:
            edtf += "~"
        hour = f"{dice.randrange(24):02}:{dice.randrange(60):02}" if dice.random() < 0.1 else ""
        row = (
            pk, f"Événement {pk} à propos de {dice.choice(WORDS)} et {dice.choice(WORDS)}", "fr",
            edtf, start.isoformat(), end.isoformat(), precision, hour, dice.choice(TYPES),
            dice.choice(STATUSES), round(dice.betavariate(5, 2), 3),
            round(dice.paretovariate(1.4), 3),
        )  # fmt: skip
        actors = list({zipf(dice, 20_000) for _ in range(dice.choice((1, 1, 2, 2, 3)))})
        yield row, actors, zipf(dice, 2_000), zipf(dice, 100)


WORDS = (
    "trêve", "offensive", "accord", "sommet", "grève", "réforme", "séisme", "budget", "procès",
    "vote",
)  # fmt: skip


def zipf(dice: random.Random, size: int) -> int:
    return min(int(dice.paretovariate(0.9)), size)


def build(number: int) -> None:
    """Fill the database of the settings with `number` events and all that hangs on them."""
    from django.core.management import call_command  # noqa: PLC0415 - settings come first
    from django.db import connection, transaction  # noqa: PLC0415

    from events import search, tally, triggers  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    now = "2026-01-01 00:00:00+00:00"
    triggers.drop("")
    defaults = Defaults()
    with transaction.atomic():
        if connection.vendor == "postgresql":  # nothing here refers to what is not there
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
        for model, size in (("Actor", 20_000), ("Place", 2_000), ("Source", 100)):
            defaults.insert(model, ({"id": n, **named(model, n)} for n in range(1, size + 1)))
        defaults.insert("Dispatch", (
            {"id": n, "text": f"Texte de la dépêche {n}.", "content_hash": str(n), "state": "done",
             "source_id": n % 100 + 1, "received_at": now}
            for n in range(1, 10_001)
        ))  # fmt: skip
        defaults.insert("ExtractionRun", [
            {"id": 1, "dispatch_id": 1, "version": "bench", "language": "fr", "finished_at": now}
        ])  # fmt: skip
        rows = list(synthetic(number))
        names = ("id", "title", "language", "edtf", "start_date", "end_date", "precision",
                 "time_of_day", "type", "status", "confidence", "importance")  # fmt: skip
        defaults.insert("Event", (
            dict(zip(names, row, strict=True))
            | {"review_state": "approved", "created_at": now, "updated_at": now}
            for row, *_ in rows
        ))  # fmt: skip
        defaults.insert("EventActor", (
            {"event_id": row[0], "actor_id": actor, "role": "agent"}
            for row, actors, *_ in rows for actor in actors
        ))  # fmt: skip
        defaults.insert("EventPlace", (
            {"event_id": row[0], "place_id": place} for row, _, place, _ in rows
        ))  # fmt: skip
        defaults.insert("Mention", (
            {"dispatch_id": source + 100 * (row[0] % 99), "event_id": row[0], "run_id": 1,
             "key": str(row[0]), "title": row[1], "trigger_start": 0, "trigger_end": 5,
             "sentence_start": 0, "sentence_end": 24, "sentence": "Texte de la dépêche.",
             "precision": row[6], "basis": "explicit", "type": row[8], "status": row[9],
             "confidence": row[10]}
            for row, _, _, source in rows
        ))  # fmt: skip
    tally.watch()
    search.watch()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def named(model: str, number: int) -> dict[str, Any]:
    name = f"{model} numéro {number}"
    if model == "Source":
        return {"name": name}
    kind = {"kind": "city", "latitude": number % 120 - 60, "longitude": number % 300 - 150}
    return {"name": name, "folded": name.lower()} | (kind if model == "Place" else {})


class Defaults:
    """Rows of a model from the few columns that matter, the rest as the model says."""

    def insert(self, model_name: str, rows: Any) -> None:
        from django.apps import apps  # noqa: PLC0415
        from django.db import connection  # noqa: PLC0415

        model = apps.get_model("events", model_name)
        fields = [
            field for field in model._meta.concrete_fields
            if not getattr(field, "generated", False)
        ]  # fmt: skip
        columns, blanks = [], []
        for field in fields:
            if field.primary_key and model_name not in {"Actor", "Place", "Source", "Dispatch",
                                                        "ExtractionRun", "Event"}:  # fmt: skip
                continue
            columns.append(field)
            blank = field.get_default()
            blanks.append(json.dumps(blank) if isinstance(blank, (list, dict)) else blank)
        marks = ", ".join(["%s"] * len(columns))
        names = ", ".join(f'"{field.column}"' for field in columns)
        sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'  # noqa: S608
        made = (
            [row.get(field.column, blank) for field, blank in zip(columns, blanks, strict=True)]
            for row in rows
        )
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                    for row in made:
                        copy.write_row(row)
                return
            while chunk := [row for _, row in zip(range(20_000), made, strict=False)]:
                cursor.executemany(sql, chunk)


# --------------------------------------------------------------------------------------- the server


def combinations() -> dict[str, Any]:
    from events.filters import Filters  # noqa: PLC0415

    return {
        "none": Filters(),
        "type": Filters(types=("talks",)),
        "actor": Filters(actors=(1,)),
        "place": Filters(places=(3,)),
        "status": Filters(statuses=("planned",)),
        "confidence": Filters(confidence=0.7),
        "source": Filters(sources=(2,)),
        "actor + place": Filters(actors=(1,), places=(3,)),
        "type + confidence": Filters(types=("talks",), confidence=0.7),
        "text": Filters(text="séisme"),
    }


def cpu(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median CPU seconds of `work`, the first time left out."""
    work()
    seconds = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return statistics.median(seconds)


def once(work: Callable[[], object]) -> float:
    """CPU seconds of `work`, done one time."""
    before = time.process_time()
    work()
    return time.process_time() - before


def wall(work: Callable[[], object], rounds: int) -> float:
    """Median seconds of `work`, the first time left out."""
    work()
    seconds = []
    for _ in range(rounds):
        before = time.monotonic()
        work()
        seconds.append(time.monotonic() - before)
    return statistics.median(seconds)


def serve_figures() -> dict[str, Any]:
    """CPU of the tile of a decade and of the same counts by GROUP BY, for the present database."""
    from django.db import connection  # noqa: PLC0415
    from django.db.models import Count, F  # noqa: PLC0415

    from events import columns, tiles, timeline  # noqa: PLC0415
    from events.models import Event  # noqa: PLC0415

    shutil.rmtree(Path(os.environ["VAR_DIR"]) / "columns", ignore_errors=True)
    figures: dict[str, Any] = {"read": once(columns.columns), "events": len(columns.columns())}
    columns.forget()
    figures["file"] = once(columns.columns)
    figures["known"] = once(lambda: columns.columns(date(2026, 1, 1)))

    def change_one() -> None:
        Event.objects.filter(pk=1).update(importance=F("importance") + 1)
        columns.columns()

    figures["change"] = cpu(change_one)
    clock = cpu if connection.vendor == "sqlite" else wall

    def make(filters: Any) -> bytes:
        keys = TYPES[:5]
        return json.dumps(tiles.tile("decade", 201, filters, "type", keys).as_json()).encode()

    def live(filters: Any) -> object:
        rows = timeline.matching(filters).order_by().values_list("sort_date", "type")
        return list(rows.annotate(Count("pk")))

    for name, filters in combinations().items():
        figures[name] = {
            "tile": cpu(partial(make, filters)),
            "live": clock(partial(live, filters), 3),
            "bytes": len(gzip.compress(make(filters), 6)),
        }
    figures["page"] = cpu(lambda: timeline.timeline_page(combinations()["none"]))
    return figures


def crowded_figures() -> dict[str, tuple[float, float]]:
    """CPU of each export of all events, as they are and as if one dispatch of 10 MB told them."""
    import numpy as np  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    from events import exports, timeline  # noqa: PLC0415
    from events.models import Dispatch, Event, Mention  # noqa: PLC0415

    ids = np.array(Event.objects.values_list("pk", flat=True))
    view = exports.View(timeline.Whole(ids, 0), "http://bench.example", "http://bench.example/")

    def write(kind: str) -> None:
        for _ in exports.FORMATS[kind].write(view):
            pass

    kinds = ("csv", "xlsx", "ics", "geojson", "timelinejs")
    apart = [cpu(partial(write, kind), 3) for kind in kinds]
    with transaction.atomic():
        text = "Texte de la dépêche. " * 500_000
        one = Dispatch.objects.create(
            text=text, title="Recueil", content_hash="crowded", state="done"
        )
        Mention.objects.update(dispatch=one)
        crowded = [cpu(partial(write, kind), 3) for kind in kinds]
        transaction.set_rollback(True)
    return dict(zip(kinds, zip(apart, crowded, strict=True), strict=True))


# -------------------------------------------------------------------------------------- the browser

TOUR_STEPS = 168
PATIENCE = 90  # seconds for a page or a tour
OWN_TOUR = """async () => {
  const view = document.querySelector('[data-view]');
  const press = async (action, times) => {
    for (let n = 0; n < times; n += 1) {
      view.querySelector(`[data-action='${action}']`).click();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }
  };
  await press('zoom-in', 24);
  await press('right', 60);
  await press('left', 60);
  await press('zoom-out', 24);
}"""
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
VIS_TOUR = """async () => {
  const next = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
  const frame = () => new Promise(next);
  const still = { animation: false };
  for (let n = 0; n < 24; n += 1) { timeline.zoomIn(1 / 3, still); await frame(); }
  const move = async (share, times) => {
    for (let n = 0; n < times; n += 1) {
      const { start, end } = timeline.getWindow();
      const step = (end - start) * share;
      timeline.setWindow(start.valueOf() + step, end.valueOf() + step, still);
      await frame();
    }
  };
  await move(0.1, 60);
  await move(-0.1, 60);
  for (let n = 0; n < 24; n += 1) { timeline.zoomOut(0.5, still); await frame(); }
}"""
VIS_PAGE = """<!doctype html><meta charset="utf-8"><title>vis</title>
<link rel="stylesheet" href="vis.css"><div id="t"></div><script src="vis.js"></script>
<script>const items = new vis.DataSet(ITEMS);
const timeline = new vis.Timeline(document.getElementById('t'), items,
  { height: 500, cluster: CLUSTER });
timeline.once('changed', () => { document.body.dataset.ready = '1'; });</script>"""


def browse(url: str, ready: str, tour: str, limit: float) -> dict[str, Any]:
    """Load a page, take the tour, and report what it cost the page's main thread."""
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415

    from tools.browser import launch_options  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(), args=["--disable-gpu"])  # type: ignore[arg-type]
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="fr-FR")
        page.set_default_timeout(limit * 1000)
        page.add_init_script(SHIFTS)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def busy() -> dict[str, float]:
            metrics = session.send("Performance.getMetrics")["metrics"]
            return {one["name"]: one["value"] for one in metrics}

        figures: dict[str, Any] = {}
        try:
            page.goto(url)
            page.wait_for_selector(ready, state="attached")
            page.wait_for_timeout(800)
            loaded = busy()
            figures["load"] = loaded["TaskDuration"]
            figures["nodes"] = page.evaluate("document.querySelectorAll('*').length")
            figures["shift"] = page.evaluate("window.shifted")
            page.evaluate(f"void ({tour})().then(() => {{ document.body.dataset.toured = 1; }})")
            page.wait_for_selector("body[data-toured]", state="attached")
            after = busy()
            figures["step"] = (after["TaskDuration"] - loaded["TaskDuration"]) / TOUR_STEPS
            session.send("HeapProfiler.collectGarbage")
            figures["heap"] = busy()["JSHeapUsedSize"]
            figures["nodes after"] = page.evaluate("document.querySelectorAll('*').length")
            figures["requests"] = page.evaluate(
                "Number(document.querySelector('[data-view]')?.dataset.requests ?? 0)"
            )
        except Error as error:
            figures["failed"] = str(error).splitlines()[0][:60]
        browser.close()
    return figures


def own(database: Path) -> dict[str, Any]:
    """Serve `database` and browse it."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "DEBUG": "1"}
    server = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{PORT}"],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    home = f"http://127.0.0.1:{PORT}/"
    try:
        first = fetch(home, patience=180)
        ready = "[data-view][aria-busy='false'] .label"
        figures = browse(home, ready, OWN_TOUR, PATIENCE)
        tile = fetch(f"{home}tiles/1/decade/201/?" + "&".join(f"key={one}" for one in TYPES[:5]))
        js = ROOT / "static" / "js"
        scripts = sum(
            len(gzip.compress(path.read_bytes(), 9))
            for path in (js / "late.js", *(js / "timeline").glob("*.js"))
        )
        style = len(gzip.compress((ROOT / "static" / "css" / "frise.css").read_bytes(), 9))
        first += tile + scripts + style
        return figures | {"first": first, "tile": tile, "scripts": scripts}
    finally:
        server.terminate()
        server.wait()


def fetch(url: str, patience: float = 30) -> int:
    """Bytes of an answer as sent, compressed; waits for a server that is starting."""
    until = time.monotonic() + patience
    while True:
        try:
            with urlopen(Request(url, headers={"Accept-Encoding": "gzip"}), timeout=90) as answer:  # noqa: S310
                return len(answer.read())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


def vis(folder: Path, number: int, *, cluster: bool) -> dict[str, Any]:
    """Browse vis-timeline with the first `number` of the same events."""
    if not (folder / "vis.js").exists():
        npm = shutil.which("npm")
        if npm is None:
            return {"failed": "npm is not here"}
        subprocess.run([npm, "pack", "--silent", VIS], cwd=folder, check=True,  # noqa: S603
                       stdout=subprocess.DEVNULL)  # fmt: skip
        shutil.unpack_archive(next(folder.glob("vis-timeline-*.tgz")), folder)
        made = folder / "package" / "standalone" / "umd" / "vis-timeline-graph2d.min.js"
        shutil.copy(made, folder / "vis.js")
        style = folder / "package" / "styles" / "vis-timeline-graph2d.min.css"
        shutil.copy(style, folder / "vis.css")
    items = [
        {"id": row[0], "content": row[1][:40], "start": row[4]}
        | ({"end": row[5]} if row[6] == "range" else {})
        for row, *_ in synthetic(number)
    ]
    page = VIS_PAGE.replace("ITEMS", json.dumps(items)).replace("CLUSTER", json.dumps(cluster))
    (folder / "index.html").write_text(page, "utf-8")
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", VIS_PORT), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        figures = browse(f"http://127.0.0.1:{VIS_PORT}/", "body[data-ready]", VIS_TOUR, PATIENCE)
        server.shutdown()
    return figures


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing: the report is what this prints."""


# --------------------------------------------------------------------------------------- the report


def say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201 - a command's own words


def in_own_process(database: Path | str, number: int, step: str) -> Any:
    """Run `step` in a process of its own, with `database` as the site's."""
    environment = os.environ | {
        "DATABASE_URL": database if isinstance(database, str) else f"sqlite:///{database}",
        "PUBLIC_EVENTS": "all", "SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "newsapp.settings", "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, __file__, "--step", step, "--events", str(number)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return json.loads(done.stdout or b"null")


def on_postgres(number: int) -> dict[str, Any]:
    """Build `number` events in a PostgreSQL of their own and measure the server's part there."""
    from tools.postgres import running_server  # noqa: PLC0415

    with running_server() as url:
        in_own_process(url, number, "build")
        figures: dict[str, Any] = in_own_process(url, number, "serve")
    return figures


def report_server(large: dict[str, Any], small: dict[str, Any]) -> None:
    sizes = f"{large['events']:,} and {small['events']:,} events"
    say(f"\nServer, CPU ms (median of {ROUNDS}); {sizes}")
    heads = ("tile", "GROUP BY", "share", "small", "ratio", "gzip")
    say("filters".ljust(20) + "".join(f"{head:>9}" for head in heads))
    for name in combinations():
        one, other = large[name], small[name]
        say(
            f"{name:<20}{one['tile'] * 1e3:9.1f}{one['live'] * 1e3:9.1f}"
            f"{one['tile'] / one['live']:9.1%}{other['tile'] * 1e3:9.1f}"
            f"{one['tile'] / other['tile']:9.1f}{one['bytes']:9,}"
        )
    say("\nCPU ms".ljust(33) + f"{'large':>9}{'small':>9}")
    for key, name in (
        ("page", "page of the timeline"), ("read", "columns from the database"),
        ("file", "columns from the file"), ("change", "one event changed, columns follow"),
        ("known", "columns as known on a day"),
    ):  # fmt: skip
        say(f"{name:<32}{large[key] * 1e3:9.0f}{small[key] * 1e3:9.0f}")


def report_crowded(figures: dict[str, Sequence[float]]) -> None:
    say("\nExports of 1,000 events, CPU ms")
    say(f"{'format':<20}{'apart':>9}{'crowded':>9}{'ratio':>9}")
    for kind, (apart, crowded) in figures.items():
        say(f"{kind:<20}{apart * 1e3:9.0f}{crowded * 1e3:9.0f}{crowded / apart:9.2f}")


def report_browser(rows: dict[str, dict[str, Any]]) -> None:
    say("\nBrowser, main thread; the tour is 168 steps")
    say(f"{'page':<28}{'load ms':>9}{'ms a step':>10}{'heap MB':>9}{'nodes':>7}{'after':>7}"
        f"{'tiles':>7}{'CLS':>7}")  # fmt: skip
    for name, one in rows.items():
        if "failed" in one:
            say(f"{name:<28} did not finish: {one['failed']}")
            continue
        say(
            f"{name:<28}{one['load'] * 1e3:9.0f}{one['step'] * 1e3:10.1f}{one['heap'] / 1e6:9.1f}"
            f"{one['nodes']:7}{one['nodes after']:7}{one['requests']:7.0f}{one['shift']:7.3f}"
        )
    for name, one in rows.items():
        if "first" in one:
            say(f"{name}: first page {one['first'] / 1024:.1f} KiB gzip, of it scripts "
                f"{one['scripts'] / 1024:.1f}, tile {one['tile'] / 1024:.1f} KiB")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="folder to build in, and to find it again")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--postgres", action="store_true", help="the server's part there, too")
    parser.add_argument("--step", choices=["build", "serve", "crowd"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.step:
        import django  # noqa: PLC0415 - only in the processes that have a database

        django.setup()
        if options.step == "build":
            build(options.events)
        else:
            measure = serve_figures if options.step == "serve" else crowded_figures
            say(json.dumps(measure()))
        return
    folder = options.keep or Path(tempfile.mkdtemp(prefix="frise-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "PUBLIC_EVENTS": "all", "SECRET_KEY": "bench", "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "newsapp.settings",
    }  # fmt: skip
    sizes = {options.events: "large", max(options.events // 100, 100): "small", 1000: "thousand"}
    databases = {name: folder / f"{size}.sqlite3" for size, name in sizes.items()}
    for size, name in sizes.items():
        if not databases[name].exists():
            say(f"building {size:,} events …")
            in_own_process(databases[name], size, "build")
    figures = {name: in_own_process(databases[name], 0, "serve") for name in ("large", "small")}
    report_server(figures["large"], figures["small"])
    report_crowded(in_own_process(databases["thousand"], 0, "crowd"))
    if options.postgres:
        say("\nPostgreSQL")
        report_server(*(on_postgres(size) for size in (options.events, options.events // 100)))
    if not options.no_browser:
        rows = {
            f"Frise, {options.events:,}": own(databases["large"]),
            "Frise, 1,000": own(databases["thousand"]),
            "vis cluster, 1,000": vis(folder, 1000, cluster=True),
            "vis cluster, 10,000": vis(folder, 10_000, cluster=True),
        }
        report_browser(rows)
    if options.keep is None:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
