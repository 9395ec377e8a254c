"""CPU time of the whole extraction against that of spaCy alone, on the same French dispatches.

    python benchmarks/extraction.py [--rounds 5] [--repeat 3]

Three processes, each with its models loaded, take turns in a changing order; every round gives a
ratio, and the median is printed. Absolute times mean little on a shared machine.

    whole  everything from text to dated events, as a worker runs it
    alone  the same spaCy pipeline, tuned in the same way, and nothing else
    stock  `spacy.load("fr_core_news_md").pipe(texts)`, as it comes
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("whole", "alone", "stock")
GOALS = {"alone ÷ whole": 0.85, "stock ÷ whole": 1.0, "stock ÷ alone": 2.2}


def dispatches() -> list[tuple[str, date | None]]:
    """Return the French dispatches that come with Frise, with the days that are stated for them."""
    data = ROOT / "tests" / "data"
    found: list[tuple[str, date | None]] = [((data / "seed_dispatch.txt").read_text(), None)]
    for entry in json.loads((data / "demo" / "manifest.json").read_text())["dispatches"]:
        if entry["language"] == "fr":
            published = date.fromisoformat(entry["published"]) if entry["published"] else None
            found.append(((data / "demo" / entry["file"]).read_text(), published))
    return found


def prepare(
    kind: str, corpus: Sequence[tuple[str, date | None]]
) -> Callable[[], dict[str, float]]:
    """Load what `kind` needs; return a function that works through the corpus once.

    It returns the CPU seconds that parts of the whole report of themselves.
    """
    if kind == "whole":
        from events.extraction import extract  # noqa: PLC0415 - one kind a process
        from events.extraction.annotations import ExtractionRequest  # noqa: PLC0415
        from events.extraction.parse import load  # noqa: PLC0415

        def whole() -> dict[str, float]:
            forget(load("fr"))
            parts: dict[str, float] = {}
            for extraction in extract(
                ExtractionRequest(text, declared=day, language="fr") for text, day in corpus
            ):
                for name, seconds in extraction.timings:
                    parts[name] = parts.get(name, 0) + seconds
            return parts

        return whole
    if kind == "alone":
        from events.extraction.parse import BATCH_SIZE, load  # noqa: PLC0415

        nlp, batch = load("fr"), BATCH_SIZE
    else:
        import spacy  # noqa: PLC0415

        nlp, batch = spacy.load("fr_core_news_md"), None

    texts = [text for text, _ in corpus]

    def pipe() -> dict[str, float]:
        forget(nlp)
        if batch is None:
            for _ in nlp.pipe(texts):
                pass
            return {}
        for first in range(0, len(texts), batch):  # a worker forgets new words after a chunk
            with nlp.memory_zone():
                for _ in nlp.pipe(texts[first : first + batch], batch_size=batch):
                    pass
        return {}

    return pipe


def forget(nlp: object) -> None:
    """Empty the cache of lemmas: a worker meets new words, not the same texts again."""
    nlp.get_pipe("lemmatizer").cache.clear()  # type: ignore[attr-defined]  # spaCy's Language


def serve(kind: str, repeat: int) -> None:
    """Work through the corpus once for each line of stdin; print the CPU seconds as JSON."""
    work = prepare(kind, dispatches() * repeat)
    work()  # vocabulary, lexicons, allocator: warm for all
    if kind != "stock":
        gc.collect()
        gc.freeze()  # as a worker does with what it has loaded (processing.warm_up)
    print("ready", flush=True)  # noqa: T201 - a command's own words
    for _ in sys.stdin:
        before = process_time()
        parts = work()
        print(json.dumps({"cpu": process_time() - before, "parts": parts}), flush=True)  # noqa: T201


def main() -> int:
    parser = argparse.ArgumentParser(description="CPU time of the extraction against spaCy alone.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=3, help="times that a round reads the corpus")
    parser.add_argument("--serve", choices=KINDS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.repeat)
        return 0
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    processes = {
        kind: subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, __file__, "--serve", kind, "--repeat", str(options.repeat)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=os.environ | one_thread | {"PYTHONPATH": str(ROOT)},
        )
        for kind in KINDS
    }  # fmt: skip
    for kind, process in processes.items():
        if ask(process, question=None) != "ready":
            print(f"{kind} did not start", file=sys.stderr)  # noqa: T201
            return 1
    corpus = [text for text, _ in dispatches() * options.repeat]
    print(f"{len(corpus)} French dispatches, {sum(map(len, corpus)):,} characters, CPU seconds")  # noqa: T201
    print(f"{'round':>6} {'whole':>7} {'alone':>7} {'stock':>7}   alone÷whole  stock÷whole")  # noqa: T201
    rounds: list[dict[str, float]] = []
    parts: dict[str, list[float]] = {}
    for number in range(options.rounds):
        order = KINDS[number % 3 :] + KINDS[: number % 3]
        answers = {kind: json.loads(ask(processes[kind], question="go")) for kind in order}
        seconds = {kind: answer["cpu"] for kind, answer in answers.items()}
        rounds.append(seconds)
        for name, value in answers["whole"]["parts"].items():
            parts.setdefault(name, []).append(value / seconds["alone"])
        print(  # noqa: T201
            f"{number + 1:>6} {seconds['whole']:7.2f} {seconds['alone']:7.2f} "
            f"{seconds['stock']:7.2f}   {seconds['alone'] / seconds['whole']:11.3f}  "
            f"{seconds['stock'] / seconds['whole']:11.2f}"
        )
    for process in processes.values():
        process.communicate()
    for name, goal in GOALS.items():
        above, below = name.split(" ÷ ")
        ratio = median(r[above] / r[below] for r in rounds)
        print(f"{name}: {ratio:.3f} (goal: at least {goal})")  # noqa: T201
    for name, shares in parts.items():
        print(f"stage {name}: {median(shares):.1%} of alone")  # noqa: T201
    return 0


def ask(process: subprocess.Popen[str], question: str | None) -> str:
    """Send a line, if any, and wait for the answer's."""
    assert process.stdin is not None  # noqa: S101 - PIPE was asked for
    assert process.stdout is not None  # noqa: S101 - likewise
    if question is not None:
        process.stdin.write(question + "\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


if __name__ == "__main__":
    sys.exit(main())
