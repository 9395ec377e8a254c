"""How often the machine is right on this site, by what curators decided of its proposals.

Counted is each event that the machine proposed and that a person approved or rejected, as it
stands now. What was withdrawn, merged away, or rejected since its dispatch was taken back says
nothing of the machine and is left out, and so is what a person entered by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db.models import Min, Q

from events.models import (
    EVENT_FIELDS,
    Basis,
    CurationAct,
    Event,
    EventType,
    Mention,
    ReviewState,
)

Z95 = 1.959964  # standard deviations on either side of 95 % of a normal distribution
BANDS = 5  # of confidence
Kind = CurationAct.Kind


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those that could be right are, with the 95 % interval of Wilson."""

    right: int
    of: int

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.of)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of the proposals of one kind."""

    label: str
    unchanged: int
    corrected: int
    rejected: int

    @property
    def judged(self) -> int:
        return self.unchanged + self.corrected + self.rejected

    @property
    def precision(self) -> Share:
        """Of those judged, the share that are events, corrected or not."""
        return Share(self.unchanged + self.corrected, self.judged)

    @property
    def untouched(self) -> Share:
        """Of those judged, the share that was right in every field."""
        return Share(self.unchanged, self.judged)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """Of the events that were approved, those whose field was right as the machine read it."""

    field: str
    corrected: int
    right: Share


@dataclass(frozen=True, slots=True)
class Quality:
    total: Row
    by_type: tuple[Row, ...]
    by_basis: tuple[Row, ...]
    by_confidence: tuple[Row, ...]
    fields: tuple[FieldRow, ...]
    merged: int  # acts that stand
    split: int
    by_hand: int  # events that the machine missed


@dataclass(frozen=True, slots=True)
class _Verdict:
    """One proposal: as the machine read it, and what became of it."""

    type: str
    basis: str
    confidence: float
    state: str
    corrected: frozenset[str]

    @property
    def outcome(self) -> str:
        if self.state == ReviewState.REJECTED:
            return "rejected"
        return "corrected" if self.corrected else "unchanged"


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); all that is possible where `of` is 0."""
    if not of:
        return 0.0, 1.0
    share, weight = right / of, Z95 * Z95 / of
    middle = (share + weight / 2) / (1 + weight)
    half = Z95 * sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def quality() -> Quality:
    """Return the figures of now: four queries, and a pass over what was judged."""
    verdicts = list(_verdicts())
    types, bases = dict(EventType.choices), dict(Basis.choices)
    approved = [one for one in verdicts if one.state == ReviewState.APPROVED]
    wrong = Counter(name for one in approved for name in one.corrected)
    acts = CurationAct.objects.filter(undone_by=None)
    kinds = acts.filter(kind__in=[Kind.MERGE, Kind.SPLIT, Kind.CREATE])
    done = Counter(kinds.values_list("kind", flat=True))
    return Quality(
        total=_row("", verdicts),
        by_type=_rows((str(types[one.type]), one) for one in verdicts),
        by_basis=_rows((str(bases[one.basis]), one) for one in verdicts),
        by_confidence=tuple(sorted(
            _rows((_band(one.confidence), one) for one in verdicts), key=lambda row: row.label
        )),
        fields=tuple(
            FieldRow(name, wrong[name], Share(len(approved) - wrong[name], len(approved)))
            for name in EVENT_FIELDS
        ),
        merged=done[Kind.MERGE],
        split=done[Kind.SPLIT],
        by_hand=done[Kind.CREATE],
    )  # fmt: skip


def _verdicts() -> Iterator[_Verdict]:
    acts = CurationAct.objects.filter(undone_by=None).exclude(by=None).order_by("pk")
    corrected: dict[int, set[str]] = {}
    read: dict[tuple[int, str], Any] = {}  # what the machine said, before anybody corrected it
    edits = acts.filter(kind=Kind.EDIT).values_list("event_id", "before", "after")
    for event, before, after in edits.iterator(2000):
        proposed = before.get("proposals", {})
        for name in after:
            if name in proposed and proposed[name] == after[name]:
                continue  # a later reading of the machine, taken
            corrected.setdefault(event, set()).add(name)
            read.setdefault((event, name), before.get(name))
    judged = acts.filter(kind__in=[Kind.APPROVE, Kind.REJECT]).values("event")
    by_hand = acts.filter(kind=Kind.CREATE).values("event")
    withdrawn = acts.filter(kind=Kind.WITHDRAW, event__isnull=False).values("event")
    events = (
        Event.objects.filter(pk__in=judged, merged_into=None)
        .exclude(Q(review_state=ReviewState.PROPOSED) | Q(pk__in=by_hand) | Q(pk__in=withdrawn))
        .order_by()
    )
    bases = _bases(events)
    rows = events.values_list("pk", "type", "confidence", "review_state")
    for pk, kind, confidence, state in rows.iterator(2000):
        yield _Verdict(
            type=read.get((pk, "type")) or kind,
            basis=bases.get(pk, Basis.NONE),
            confidence=confidence,
            state=state,
            corrected=frozenset(corrected.get(pk, ())),
        )


def _bases(events: Any) -> dict[int, str]:
    """Of each event, the basis of the date of the report that was read first."""
    reports = Mention.objects.filter(event__in=events).exclude(basis=Basis.PERSON).order_by()
    first = reports.values("event").annotate(first=Min("pk")).values("first")
    return dict(Mention.objects.filter(pk__in=first).order_by().values_list("event_id", "basis"))


def _band(confidence: float) -> str:
    low = min(BANDS - 1, int(confidence * BANDS)) * 100 // BANDS
    return f"{low}–{low + 100 // BANDS} %"


def _rows(labelled: Iterable[tuple[str, _Verdict]]) -> tuple[Row, ...]:
    """One row a label, those with most proposals first."""
    groups: dict[str, list[_Verdict]] = {}
    for label, verdict in labelled:
        groups.setdefault(label, []).append(verdict)
    rows = (_row(label, group) for label, group in groups.items())
    return tuple(sorted(rows, key=lambda row: (-row.judged, row.label)))


def _row(label: str, verdicts: Iterable[_Verdict]) -> Row:
    counts = Counter(verdict.outcome for verdict in verdicts)
    return Row(label, counts["unchanged"], counts["corrected"], counts["rejected"])
