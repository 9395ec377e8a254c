"""Fit the weights of `data/merge.toml` on annotated dispatches, and say how well merging does.

    python benchmarks/merge.py GOLD.json… [--write] [--errors]

Every annotated event is filled at its own trigger and given its annotated day, so that an event
that was missed costs no pair; its type and status are those that are read. All dispatches of all
files are merged in one go: what joins two stories counts as wrong. A ridge pulls each weight to
what it would be by hand (PRIOR). Figures are of pairs of required events of two dispatches; each
story is judged by weights fitted without it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple, cast

import logistic
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from events import evaluation, intervals  # noqa: E402 - found through the path above
from events.extraction import compare as comparing  # noqa: E402
from events.extraction import lexicon as lexicons  # noqa: E402
from events.extraction import merge, merge_item  # noqa: E402
from events.extraction.annotations import MergeItem, Precision, Span, Trigger  # noqa: E402
from events.extraction.fill import fill  # noqa: E402
from events.extraction.merge import Company, weighed  # noqa: E402
from events.extraction.parse import parse  # noqa: E402
from events.extraction.pipeline import extract_one  # noqa: E402
from events.management.commands.extract import gold_items  # noqa: E402

STIFFNESS = 4.0  # of the ridge that keeps weights near those set by hand
OUT = ROOT / "events" / "extraction" / "data" / "merge.toml"
PRIOR = {
    "same-day": 1.5, "same-period": 1.5, "nested-dates": 0.5, "nested-year": 0.0,
    "running-toll": 0.5, "same-type": 1.0, "related-type": 0.2, "other-type": -1.5,
    "same-place": 1.5, "same-country": 0.4, "other-place": -1.2, "shared-actor": 1.5,
    "other-actors": -0.8, "shared-number": 1.5, "same-happening": 1.0, "shared-word": 0.8,
    "shared-words": 1.6, "no-shared-word": -0.4, "shared-name": 0.8,
    "same-subjects": 1.5, "shared-subject": 0.5, "other-subjects": -1.5,
    "planned-and-happened": 0.0, "other-status": 0.0, "only-ones": 1.0, "told-number": 1.0,
    "other-act": -0.8, "much-told": 0.8, "some-told": 0.3, "none-told": -0.3,
}  # fmt: skip


class Report(NamedTuple):
    """One annotated event as `merge` sees it; `cluster` says which happening it is."""

    item: MergeItem
    cluster: str
    optional: bool
    title: str


class Couple(NamedTuple):
    """Two reports that may be one event, what they have in common, and whether they are."""

    one: Report
    other: Report
    features: tuple[str, ...]
    right: bool


def reports(path: Path) -> Iterator[Report]:
    gold = json.loads(path.read_text(encoding="utf-8"))["docs"]
    for document, item in zip(gold, gold_items(path), strict=True):
        yield from _reports_of(document, item.request)


def _reports_of(gold: dict[str, Any], request: Any) -> Iterator[Report]:
    extraction = extract_one(request.text, request.declared, request.language, request.received)
    document, language = extraction.document, extraction.language
    parsed = next(parse([(document, language)]))
    events = [e for e in gold["events"] if "X" not in (e["date"]["value"] or "X")]
    read = [
        {"trigger": {"start": m.trigger.span.start, "end": m.trigger.span.end}}
        for m in extraction.mentions
    ]
    matching = evaluation.match(events, read, document.text, spans=True, dates=False)
    found = {**matching.required, **matching.optional}
    triggers = [
        extraction.mentions[found[i]].trigger if i in found else _trigger(event, parsed)
        for i, event in enumerate(events)
    ]
    filled = fill(triggers, document, parsed, lexicons.load(language.code))
    for i, (event, trigger, arguments) in enumerate(zip(events, triggers, filled, strict=True)):
        value = event["date"]["value"]
        start, end = intervals.bounds(value)
        likeness = extraction.mentions[found.get(i, 0)]  # of one that was missed: nothing is kept
        mention = replace(
            likeness,
            trigger=trigger,
            arguments=arguments,
            edtf=value,
            start=start,
            end=end,
            precision=cast("Precision", intervals.precision(value)),
            status=likeness.status if i in found else event["status"],
            title=likeness.title if i in found else "",
        )
        item = merge_item(mention, gold["id"], f"{gold['id']}/{event['id']}")
        cluster = event.get("cluster") or item.key
        yield Report(item, cluster, bool(event.get("optional")), mention.title or str(event["id"]))


def _trigger(event: dict[str, Any], parsed: Any) -> Trigger:
    span = Span(event["trigger"]["start"], event["trigger"]["end"])
    inside = [t for t in parsed.tokens if t.start < span.end and span.start < t.end]
    members = {t.i for t in inside}
    head = next((t for t in inside if t.head not in members or t.head == t.i), inside[0])
    core = tuple(Span(c["start"], c["end"]) for c in event.get("core", ()))
    return Trigger(span, head.i, parsed.sentence_of[head.i], event["type"], "annotated", core)


def couples(found: Sequence[Report]) -> list[Couple]:
    """Every pair of two dispatches that no date or status forbids."""
    company = Company([report.item for report in found])
    return [
        Couple(
            one,
            other,
            features + company.features(one.item, other.item, features),
            one.cluster == other.cluster,
        )
        for one, other in combinations(sorted(found, key=lambda r: r.item.key), 2)
        if one.item.dispatch != other.item.dispatch
        and (features := comparing.compare(one.item, other.item))
    ]


def stories(found: Sequence[Report]) -> dict[str, str]:
    """Dispatch -> the first dispatch of those that tell an event in common with it."""
    told: dict[str, set[str]] = defaultdict(set)
    for report in found:
        told[report.cluster].add(report.item.dispatch)
    story = {report.item.dispatch: report.item.dispatch for report in found}
    for dispatches in told.values():
        names = {story[d] for d in dispatches}
        story |= {d: min(names) for d, name in story.items() if name in names}
    return story


def fit(pairs: Sequence[Couple]) -> dict[str, float]:
    """Weights of a logistic regression: "base", and one for each feature of PRIOR."""
    names = list(PRIOR)
    signs = np.array([[n in p.features for n in names] for p in pairs], dtype=np.float64)
    right = np.array([p.right for p in pairs], dtype=np.float64)
    prior = np.array([-3.0, *PRIOR.values()])
    weights = logistic.fit(signs, right, prior=prior, stiffness=STIFFNESS)
    return dict(zip(["base", *names], (float(w) for w in weights), strict=True))


@contextmanager
def weighing(weights: Mapping[str, float]) -> Iterator[None]:
    """Merge by these weights for a while."""
    kept = comparing.load_weights
    by_hand = _by_hand()
    comparing.load_weights = lambda: {**by_hand, **weights}  # type: ignore[assignment]
    weighed.cache_clear()
    try:
        yield
    finally:
        comparing.load_weights = kept
        weighed.cache_clear()


def _by_hand() -> dict[str, float]:
    """The weights that are not fitted, those of features that are gone left out."""
    return dict(tomllib.loads(OUT.read_text(encoding="utf-8"))["set"])


def judged(found: Sequence[Report]) -> Iterator[tuple[Report, Report, bool]]:
    """Pairs of required events of two dispatches that are one event, or were joined."""
    where = {
        key: number
        for number, cluster in enumerate(merge([report.item for report in found]))
        for key in cluster.keys
    }
    for one, other in combinations([r for r in found if not r.optional], 2):
        joined = where[one.item.key] == where[other.item.key]
        told_apart = one.item.dispatch != other.item.dispatch
        if told_apart and (joined or one.cluster == other.cluster):
            yield one, other, joined


def rate(pairs: Collection[tuple[Report, Report, bool]]) -> evaluation.Rate:
    right = sum(joined and one.cluster == other.cluster for one, other, joined in pairs)
    wanted = sum(one.cluster == other.cluster for one, other, _ in pairs)
    return evaluation.Rate(right, sum(joined for *_, joined in pairs), wanted)


def held_out(found: Sequence[Report]) -> list[tuple[Report, Report, bool]]:
    """As `judged`, each pair by weights fitted without the stories of its first dispatch."""
    pairs, story = couples(found), stories(found)
    outcome = []
    told: dict[str, set[str]] = defaultdict(set)
    for dispatch, name in story.items():
        told[name].add(dispatch)
    for name, dispatches in sorted(told.items()):
        outside = [
            p for p in pairs if not {p.one.item.dispatch, p.other.item.dispatch} & dispatches
        ]
        with weighing(fit(outside)):
            outcome += [row for row in judged(found) if story[row[0].item.dispatch] == name]
    return outcome


def toml(weights: Mapping[str, float], provenance: str) -> str:
    by_hand = _by_hand()
    ranked = sorted(PRIOR, key=lambda name: -weights[name])
    return "\n".join(
        [
            *(f"# {line}" for line in provenance.splitlines()),
            f"base = {weights['base']:.2f}",
            "",
            "[fitted]",
            *(f'"{name}" = {weights[name]:.2f}' for name in ranked),
            "",
            "[set]  # by hand: what annotated pairs of single reports cannot teach",
            *(f'"{name}" = {value}' for name, value in by_hand.items()),
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {OUT.relative_to(ROOT)}")
    parser.add_argument("--errors", action="store_true", help="list pairs lost and joined wrongly")
    options = parser.parse_args()
    found = [report for path in options.gold for report in reports(path)]
    pairs, apart = couples(found), held_out(found)
    names = ", ".join(path.name for path in options.gold)
    said = (
        f"Log odds, fitted by benchmarks/merge.py on {sum(p.right for p in pairs)} pairs of one "
        f"event and {sum(not p.right for p in pairs)} others:\n{names}.\n"
        f"Each story left out in turn: {rate(apart)}."
    )
    print(said)  # noqa: T201 - a command line tool
    weights = fit(pairs)
    with weighing(weights):
        print(f"By weights fitted on all: {rate(list(judged(found)))}")  # noqa: T201
    for one, other, joined in apart if options.errors else ():
        if joined != (one.cluster == other.cluster):
            features = comparing.compare(one.item, other.item)
            print("wrong" if joined else "lost", features)  # noqa: T201
            for it, _, _, title in (one, other):
                print("   ", it.key, it.edtf, it.type, it.status, title, *sorted(it.words))  # noqa: T201
    if options.write:
        OUT.write_text(toml(weights, said), encoding="utf-8")


if __name__ == "__main__":
    main()
