"""Scores of extracted events against annotated dispatches.

Documents are in the shape that `manage.py extract` prints. A prediction is right when its trigger
(at most six words) overlaps a span of a required event and both dates cover the same days; one
prediction to one event, as many pairs as can be. Events marked optional cost nothing when missed,
and a prediction that finds one costs nothing. A second prediction for the same event is wrong.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from events import intervals

Json = Mapping[str, Any]
MAX_TRIGGER_WORDS = 6  # pointing at a whole sentence earns nothing
BINS = 5  # of the calibration error
# Words that tell no names apart; "UN" in capitals is no article.
_EMPTY_WORDS = frozenset(
    "le la les l un une des du de d the a an of m mme mr mrs dr".split()  # noqa: SIM905 - one line
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Precision, recall and their harmonic mean, from three counts."""

    right: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return (
            f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"
            f"  ({self.right} right, {self.predicted} predicted, {self.gold} gold)"
        )


@dataclass(slots=True)
class Tally:
    """Counts that several documents add to."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, right: int, predicted: int, gold: int) -> None:
        self.right += right
        self.predicted += predicted
        self.gold += gold

    def rate(self) -> Rate:
        return Rate(self.right, self.predicted, self.gold)


@dataclass(slots=True)
class Share:
    """How many of those that could be right are."""

    right: int = 0
    of: int = 0

    def add(self, right: bool) -> None:  # noqa: FBT001 - counting is its whole meaning
        self.right += right
        self.of += 1

    def __str__(self) -> str:
        return f"{self.right}/{self.of}" + (f" = {self.right / self.of:.3f}" if self.of else "")


@dataclass(slots=True)
class Scores:
    """Everything that is measured. `errors` are (kind, document, words, date)."""

    documents: int = 0
    events: Tally = field(default_factory=Tally)
    spans: Tally = field(default_factory=Tally)
    dates: Tally = field(default_factory=Tally)
    duplicates: int = 0
    optional_found: int = 0
    recall_by_basis: dict[str, Share] = field(default_factory=dict)
    recall_by_type: dict[str, Share] = field(default_factory=dict)
    accuracy: dict[str, Share] = field(default_factory=dict)
    actors: Tally = field(default_factory=Tally)
    places: Tally = field(default_factory=Tally)
    status_confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    merging: Rate | None = None
    calibration: list[tuple[float, bool]] = field(default_factory=list)
    errors: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error: how far confidence lies from being right, over five bins."""
        bins: dict[int, list[tuple[float, bool]]] = {}
        for confidence, right in self.calibration:
            bins.setdefault(min(BINS - 1, int(confidence * BINS)), []).append((confidence, right))
        if not bins:
            return None
        gaps = (abs(sum(c - r for c, r in content)) for content in bins.values())
        return sum(gaps) / len(self.calibration)

    @property
    def auroc(self) -> float | None:
        """The chance that a right event has more confidence than a wrong one, ties half."""
        right = [confidence for confidence, hit in self.calibration if hit]
        wrong = [confidence for confidence, hit in self.calibration if not hit]
        if not right or not wrong:
            return None
        wins = sum((a > b) + (a == b) / 2 for a in right for b in wrong)
        return wins / (len(right) * len(wrong))


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs of gold and predicted events, by their index. `repeated` predictions hit a gold event
    that another one took: of a required one they are wrong, of an optional one they are free."""

    required: dict[int, int]
    optional: dict[int, int]
    repeated: frozenset[int]
    repeated_optional: frozenset[int]

    @property
    def neutral(self) -> frozenset[int]:
        return frozenset(self.optional.values()) | self.repeated_optional


def score(gold: Iterable[Json], predicted: Iterable[Json]) -> Scores:
    """Compare documents by their `id`; a document without prediction counts as empty.

    Raises ValueError where an annotated date is no EDTF.
    """
    by_name = {document["id"]: document.get("events", []) for document in predicted}
    scores = Scores()
    where: dict[tuple[str, str], tuple[str, str | None]] = {}
    for document in gold:
        found = by_name.get(document["id"], [])
        where |= _score_document(scores, document, found)
    if any(cluster is not None for _, cluster in where.values()):
        scores.merging = _pairs_across(where)
    return scores


def same_days(a: str | None, b: str | None) -> bool:
    """Whether two EDTF dates cover the same days; what is no EDTF equals nothing."""
    try:
        return _days(a) == _days(b)
    except ValueError:
        return False


def same_name(a: Json, b: Json) -> bool:
    """Whether two actors or places are one: the same id, or one's words within the other's."""
    ids = [x.get("qid") or x.get("geonames") for x in (a, b)]
    if all(ids):
        return bool(ids[0] == ids[1])
    return any(
        left and right and (left <= right or right <= left)
        for left in map(_words, {a.get("name"), a.get("text")} - {None})
        for right in map(_words, {b.get("name"), b.get("text")} - {None})
    )


def _days(value: str | None) -> object:
    if not value:
        return None
    start, end = intervals.bounds(value)
    # Without a year there are no bounds, and the words of the date are all there is to compare.
    return (start, end) if start or end else value


def _words(name: str | None) -> frozenset[str]:
    decomposed = unicodedata.normalize("NFD", name or "")
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    words = "".join(c if c.isalnum() or c == "_" else " " for c in plain).split()
    return frozenset(
        word.lower()
        for word in words
        if word.lower() not in _EMPTY_WORDS or (len(word) > 1 and word.isupper())
    )


def _score_document(
    scores: Scores, document: Json, found: Sequence[Json]
) -> dict[tuple[str, str], tuple[str, str | None]]:
    """Add a document to the scores; return the gold and predicted cluster of its events."""
    name, text, gold = document["id"], document["text"], document.get("events", [])
    required = sum(not event.get("optional") for event in gold)
    scores.documents += 1
    for tally, spans, dates in (
        (scores.spans, True, False),
        (scores.dates, False, True),
        (scores.events, True, True),
    ):
        matching = match(gold, found, text, spans=spans, dates=dates)
        tally.add(len(matching.required), len(found) - len(matching.neutral), required)
    scores.duplicates += len(matching.repeated)
    scores.optional_found += len(matching.optional)
    for i, event in enumerate(gold):
        if not event.get("optional"):
            hit = i in matching.required
            basis = (event.get("date") or {}).get("basis", "?")
            scores.recall_by_basis.setdefault(basis, Share()).add(hit)
            if "type" in event:
                scores.recall_by_type.setdefault(event["type"], Share()).add(hit)
    for i, j in [*matching.required.items(), *matching.optional.items()]:
        _score_pair(scores, gold[i], found[j])
    hits = set(matching.required.values())
    for j, event in enumerate(found):
        if j in matching.neutral:
            continue
        if event.get("confidence") is not None:
            scores.calibration.append((float(event["confidence"]), j in hits))
        if j not in hits:
            kind = "duplicate" if j in matching.repeated else "extra"
            scores.errors.append((kind, name, *_told(event)))
    where: dict[tuple[str, str], tuple[str, str | None]] = {}
    for i, event in enumerate(gold):
        if event.get("optional"):
            continue
        if i not in matching.required:
            scores.errors.append(("missed", name, *_told(event)))
        if event.get("cluster"):
            pair = matching.required.get(i)
            cluster = None if pair is None else found[pair].get("cluster")
            where[name, event["id"]] = event["cluster"], cluster
    return where


def _told(event: Json) -> tuple[str, str]:
    return event["trigger"].get("text") or "?", (event.get("date") or {}).get("value") or "-"


def match(
    gold: Sequence[Json], found: Sequence[Json], text: str, *, spans: bool, dates: bool
) -> Matching:
    """Pair as many required events as can be, then optional ones with what is left."""
    targets = [_spans(e.get("trigger"), *e.get("core", ()), *e.get("mentions", ())) for e in gold]
    cores = [_spans(e.get("trigger"), *e.get("core", ())) for e in gold]
    triggers = [_trigger(event, text) for event in found]

    def fits(i: int, j: int) -> bool:
        if spans and not any(_shared(a, b) > 0 for a in targets[i] for b in triggers[j]):
            return False
        return not dates or same_days(
            (gold[i].get("date") or {}).get("value"), (found[j].get("date") or {}).get("value")
        )

    def distance(i: int, j: int) -> int:
        return -max((_shared(a, b) for a in cores[i] for b in triggers[j]), default=0)

    def pairs(wanted: list[int], free: list[int]) -> dict[int, int]:
        return _assign({
            i: sorted((j for j in free if fits(i, j)), key=lambda j: distance(i, j))
            for i in wanted
        })

    free = list(range(len(found)))
    required = pairs([i for i, e in enumerate(gold) if not e.get("optional")], free)
    free = [j for j in free if j not in required.values()]
    optional = pairs([i for i, e in enumerate(gold) if e.get("optional")], free)
    free = [j for j in free if j not in optional.values()]
    repeated = frozenset(j for j in free if any(fits(i, j) for i in required))
    again = frozenset(j for j in free if any(fits(i, j) for i in optional)) - repeated
    return Matching(required, optional, repeated, again)


def _assign(edges: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Maximum bipartite matching by augmenting paths; left nodes in order, nearest right first."""
    taken: dict[int, int] = {}

    def place(left: int, seen: set[int]) -> bool:
        for right in edges[left]:
            if right not in seen:
                seen.add(right)
                if right not in taken or place(taken[right], seen):
                    taken[right] = left
                    return True
        return False

    for left in edges:
        place(left, set())
    return {left: right for right, left in taken.items()}


def _spans(*parts: Json | None) -> list[tuple[int, int]]:
    return [
        (part["start"], part["end"])
        for part in parts
        if part and part.get("start") is not None and part.get("end") is not None
    ]


def _trigger(event: Json, text: str) -> list[tuple[int, int]]:
    return [
        (start, end)
        for start, end in _spans(event.get("trigger"))
        if len(text[start:end].split()) <= MAX_TRIGGER_WORDS
    ]


def _shared(a: tuple[int, int], b: tuple[int, int]) -> int:
    return min(a[1], b[1]) - max(a[0], b[0])


def _score_pair(scores: Scores, gold: Json, found: Json) -> None:
    """Judge what the annotation says of a matched event; some files annotate days alone."""

    def judge(what: str, right: object) -> None:
        scores.accuracy.setdefault(what, Share()).add(bool(right))

    if "type" in gold:
        judge("type", gold["type"] == found.get("type"))
    if "status" in gold:
        judge("status", gold["status"] == found.get("status"))
        scores.status_confusion[gold["status"], found.get("status") or "-"] += 1
    judge("precision", gold["date"]["precision"] == (found.get("date") or {}).get("precision"))
    if "places" in gold:
        places = gold["places"], found.get("places") or []
        judge("place", _share_a_name(*places) if any(places) else True)
        _score_names(scores.places, *places)
    if "actors" in gold:
        _score_names(scores.actors, gold["actors"], found.get("actors") or [])
    if "attribution" in gold:
        said, heard = gold["attribution"], found.get("attribution")
        judge(
            "attribution",
            same_name({"name": said["source"]}, {"name": heard["source"]})
            if said and heard
            else not said and not heard,
        )


def _share_a_name(gold: Sequence[Json], found: Sequence[Json]) -> bool:
    return any(same_name(a, b) for a in gold for b in found)


def _score_names(tally: Tally, gold: Sequence[Json], found: Sequence[Json]) -> None:
    edges = {
        i: [j for j, b in enumerate(found) if same_name(a, b)] for i, a in enumerate(gold)
    }
    tally.add(len(_assign(edges)), len(found), len(gold))


def _pairs_across(where: Mapping[tuple[str, str], tuple[str, str | None]]) -> Rate:
    """Pairs of required events of two dispatches that are one happening.

    A missed event misses its pairs; only predictions that found an event can make a wrong pair.
    """
    rows = [(document, gold, said) for (document, _), (gold, said) in where.items()]
    right = predicted = wanted = 0
    for i, (document, gold, said) in enumerate(rows):
        for other, other_gold, other_said in rows[i + 1 :]:
            if document == other:
                continue
            joined = said is not None and said == other_said
            right += joined and gold == other_gold
            predicted += joined
            wanted += gold == other_gold
    return Rate(right, predicted, wanted)


def table(scores: Scores) -> list[tuple[str, str]]:
    """Return the rows that are printed: what is measured, and the figure."""
    rows: list[tuple[str, str]] = [
        ("dispatches", str(scores.documents)),
        ("events (trigger and date)", str(scores.events.rate())),
        ("trigger alone", str(scores.spans.rate())),
        ("date alone", str(scores.dates.rate())),
        ("repeated · optional found", f"{scores.duplicates} · {scores.optional_found}"),
    ]
    listed = [
        ("recall, basis", scores.recall_by_basis),
        ("recall, type", scores.recall_by_type),
        ("on matched", scores.accuracy),
    ]
    for label, shares in listed:
        rows += [(f"{label} {name}", str(share)) for name, share in sorted(shares.items())]
    rows += [
        ("actors on matched", str(scores.actors.rate())),
        ("places on matched", str(scores.places.rate())),
    ]
    confused = ", ".join(
        f"{gold}>{found} {count}"
        for (gold, found), count in scores.status_confusion.most_common()
        if gold != found
    )
    rows.append(("statuses confused", confused or "none"))
    if scores.merging is not None:
        rows.append(("merging, pairs across dispatches", str(scores.merging)))
    error, auroc = scores.calibration_error, scores.auroc
    if error is not None:
        rows.append(("confidence", f"ECE {error:.3f}  AUROC {auroc or 0:.3f}"))
    return rows
