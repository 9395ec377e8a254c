"""Fit the weights of `data/confidence.toml` on annotated dispatches, and say how well they hold.

    python benchmarks/confidence.py GOLD.json… [--half GOLD.json…] [--write]

A logistic regression over the signs of each anchoring (`Settling`), dispatches left out by tenths
for the figures: ECE over five bins and AUROC, as `manage.py evaluate` prints them. Events that are
optional in the gold and were found are neither right nor wrong, and are not counted. The events
of the files after --half weigh half: text of another kind (newspapers), other habits of annotation.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import logistic
import numpy as np
from logistic import Vector

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from events import evaluation  # noqa: E402 - found through the path above
from events.extraction import lexicon as lexicons  # noqa: E402
from events.extraction.anchor import anchor, settling  # noqa: E402
from events.extraction.annotations import Language  # noqa: E402
from events.extraction.detect import detect  # noqa: E402
from events.extraction.infer_dct import infer_dct  # noqa: E402
from events.extraction.lexicon.triggers import is_silent  # noqa: E402
from events.extraction.normalize import normalize  # noqa: E402
from events.extraction.parse import parse  # noqa: E402
from events.extraction.read import read  # noqa: E402
from events.extraction.recognize import recognize  # noqa: E402

RARE = 12  # signs seen less often are not weighed
STIFFNESS = 3.0  # of the ridge that keeps weights small
FOLDS = 10
OUT = ROOT / "events" / "extraction" / "data" / "confidence.toml"


class Row(NamedTuple):
    """One event that was found: its dispatch, its signs, and whether it was right."""

    dispatch: str
    signs: tuple[str, ...]
    right: bool
    weight: float


def rows(paths: Sequence[Path], weight: float) -> Iterator[Row]:
    for path in paths:
        for gold in json.loads(path.read_text(encoding="utf-8"))["docs"]:
            yield from rows_of(gold, weight)


def rows_of(gold: dict[str, Any], weight: float) -> Iterator[Row]:
    language = Language(gold["lang"], stated=True, sure=True, supported=True)
    lexicon, document = lexicons.load(language.code), read(gold["text"])
    parsed = next(parse([(document, language)]))
    timexes = recognize(document, parsed, lexicon)
    published = date.fromisoformat(gold["published"]) if gold["published"] else None
    dct = infer_dct(document, timexes, parsed, lexicon, published, None)
    dated = normalize(timexes, document, parsed, dct, lexicon)
    triggers = [t for t in detect(document, parsed, lexicon) if not is_silent(t.rule)]
    found = [
        (trigger, day)
        for trigger, first in zip(
            triggers, anchor(triggers, document, parsed, dated, dct, lexicon), strict=True
        )
        if first is not None
        for day in (first, *first.also)
    ]
    predicted = [
        {
            "trigger": {"start": trigger.span.start, "end": trigger.span.end},
            "date": {"value": day.edtf},
        }
        for trigger, day in found
    ]
    matching = evaluation.match(gold["events"], predicted, gold["text"], spans=True, dates=True)
    right = set(matching.required.values())
    for number, (_, day) in enumerate(found):
        if number not in matching.neutral:
            yield Row(gold["id"], day.signs, number in right, weight)


def fit(signs: Vector, right: Vector, share: Vector) -> Vector:
    """The base and the weights of `signs`; `share` is how much each event counts."""
    prior = np.zeros(signs.shape[1] + 1)
    return logistic.fit(signs, right, prior=prior, stiffness=STIFFNESS, share=share)


def held_out(found: Sequence[Row], signs: Vector, right: Vector, share: Vector) -> Vector:
    """The probability of each event by weights fitted without its dispatch."""
    names = sorted({row.dispatch for row in found})
    fold = np.array([names.index(row.dispatch) % FOLDS for row in found])
    chance = np.zeros(len(found))
    for number in range(FOLDS):
        inside = fold == number
        weights = fit(signs[~inside], right[~inside], share[~inside])
        odds = np.c_[np.ones(inside.sum()), signs[inside]] @ weights
        chance[inside] = 1 / (1 + np.exp(-odds))
    return chance


def toml(names: Sequence[str], weights: Vector, provenance: str) -> str:
    lines = [*(f"# {line}" for line in provenance.splitlines()), f"base = {weights[0]:.3f}", ""]
    groups: dict[str, list[str]] = {}
    for name, weight in zip(names, weights[1:], strict=True):
        group, dot, sign = name.partition(".")
        groups.setdefault(group if dot else "", []).append(f'"{sign or name}" = {weight:.3f}')
    lines += ["[weights]", *sorted(groups.pop("", []))]
    for group in sorted(groups):
        lines += ["", f"[weights.{group}]", *sorted(groups[group])]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--half", nargs="*", type=Path, default=[])
    parser.add_argument("--write", action="store_true", help=f"write {OUT.relative_to(ROOT)}")
    options = parser.parse_args()
    settling.LEAST = 0.0  # weigh what would be dropped, too
    found = [*rows(options.gold, 1.0), *rows(options.half, 0.5)]
    counts = Counter(sign for row in found for sign in set(row.signs))
    names = sorted(sign for sign, count in counts.items() if count >= RARE)
    signs = np.array([[name in row.signs for name in names] for row in found], dtype=np.float64)
    right = np.array([row.right for row in found], dtype=np.float64)
    share = np.array([row.weight for row in found])
    chance = held_out(found, signs, right, share)
    scores = evaluation.Scores(
        calibration=[
            (float(c), bool(r))
            for c, r, row in zip(chance, right, found, strict=True)
            if row.weight == 1
        ]
    )
    names_of_files = ", ".join(path.name for path in (*options.gold, *options.half))
    said = (
        f"Log odds, fitted by benchmarks/confidence.py on {len(found)} events of "
        f"{len({row.dispatch for row in found})} texts:\n{names_of_files}.\n"
        f"Dispatches left out by tenths: ECE {scores.calibration_error:.3f}, "
        f"AUROC {scores.auroc:.3f}."
    )
    print(said)  # noqa: T201 - a command line tool
    if options.write:
        OUT.write_text(toml(names, fit(signs, right, share), said), encoding="utf-8")


if __name__ == "__main__":
    main()
