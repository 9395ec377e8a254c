"""Which dispatches repeat one text, kept with their rows: they are a family, and one source.

Those of a family point to the one that was sent first (`reprint_of`). A new dispatch is compared
with those alone that share marks with its text, whether or not they tell of one event; whoever
joins two families makes one of them, so that the order in which they come does not matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from events.models import Dispatch, DispatchQuerySet, Mark
from events.reprints import Runs, is_reprint, marks_of, runs_of

COMMON = 50  # dispatches that share a mark, from which on it tells a footer or a formula
MANY = 4  # marks in common, of whatever kind, that tell more than a footer
MAX_COMPARED = 8  # texts that are compared with that of one dispatch, the likeliest first
MAX_REGROUPED = 500  # dispatches of families, beyond which they are left together
APART = timedelta(days=7)  # beyond it two dispatches of like words are a form filled in anew

_PLACING = ("dct", "is_dated", "filed_at", "received_at", "reprint_of", "replaced_by")


class Repeats:
    """What repeats the texts of some dispatches, looked up once for all of them.

    Their marks and places in a family are written by whoever keeps these: `save_marks`, and the
    columns of the dispatches themselves.
    """

    def __init__(self, dispatches: Sequence[Dispatch], successors: Collection[int]) -> None:
        """`successors` are the ids of those that replace an earlier version."""
        self._successors = successors
        self._runs = {one.pk: runs_of(_text(one)) for one in dispatches}
        self._marks = {pk: marks_of(runs) for pk, runs in self._runs.items()}
        self._sharing: dict[int, set[int]] = defaultdict(set)  # mark -> dispatches that have it
        marks = {mark for marks in self._marks.values() for mark in marks}
        rows = Mark.objects.filter(value__in=marks) if marks else Mark.objects.none()
        for value, other in rows.values_list("value", "dispatch_id"):
            self._sharing[value].add(other)
        self._placed = {one.pk: one for one in dispatches}
        self._look_up({pk for one in dispatches for pk in self._likely(one)})
        self._new_marks: list[Mark] = []

    def note(self, dispatch: Dispatch, *, is_new: bool, is_moved: bool) -> set[int]:
        """Give one of the dispatches its place in the family of those that repeat its text.

        `is_new`: it was never read before; `is_moved`: to another day than at its last reading.
        Return the ids of the dispatches, but for this one, that now count with others than before.
        Its own `reprint_of` is for the caller to save.
        """
        alike = self._alike(dispatch)
        is_other = self._keep_marks(dispatch, is_new=is_new)
        left = _left_behind(dispatch) if dispatch.pk in self._successors else set()
        if left or ((is_moved or is_other) and not is_new):
            return self._regroup(dispatch, left | {_head(one) for one in (dispatch, *alike)})
        return self._join(dispatch, alike, is_new=is_new) if alike else set()

    def save_marks(self) -> None:
        Mark.objects.bulk_create(self._new_marks)
        self._new_marks = []

    def _others(self, dispatch: Dispatch) -> dict[int, set[int]]:
        """For each mark of a dispatch, the others that have it."""
        return {
            mark: self._sharing[mark] - {dispatch.pk}
            for mark in self._marks[dispatch.pk]
            if mark in self._sharing
        }

    def _likely(self, dispatch: Dispatch) -> Counter[int]:
        """The dispatches that may repeat a text or be repeated by it, with the marks in common."""
        sharing = self._others(dispatch).values()
        shared = Counter(other for others in sharing for other in others)
        telling = {other for others in sharing if len(others) < COMMON for other in others}
        return Counter({pk: n for pk, n in shared.items() if pk in telling or n >= MANY})

    def _look_up(self, pks: Collection[int]) -> None:
        missing = set(pks) - self._placed.keys()
        if missing:
            rows = Dispatch.objects.filter(pk__in=missing).only(*_PLACING).order_by()
            self._placed |= {row.pk: row for row in rows}

    def _runs_of(self, row: Dispatch) -> Runs:
        if row.pk not in self._runs:
            self._runs[row.pk] = runs_of(_texts([row])[row.pk])
        return self._runs[row.pk]

    def _keep_marks(self, dispatch: Dispatch, *, is_new: bool) -> bool:
        """Keep the marks that are not common; return whether the text is another than before.

        What is common already finds enough others: so none costs more than COMMON rows to look up.
        """
        marks, others = self._marks[dispatch.pk], self._others(dispatch)
        wanted = {mark for mark in marks if len(others.get(mark, ())) < COMMON}
        have = set() if is_new else set(dispatch.marks.values_list("value", flat=True))
        is_other = not have <= set(marks)
        if is_other:
            dispatch.marks.all().delete()
            for mark in have & self._sharing.keys():
                self._sharing[mark].discard(dispatch.pk)
            have = set()
        for mark in sorted(wanted - have):
            self._sharing[mark].add(dispatch.pk)
            self._new_marks.append(Mark(value=mark, dispatch=dispatch))
        return is_other

    def _alike(self, dispatch: Dispatch) -> list[Dispatch]:
        """Those whose text this one repeats, or that repeat its own; one of each other family."""
        shared = self._likely(dispatch)
        self._look_up(shared)
        rows = [self._placed[pk] for pk in shared if self._placed[pk].replaced_by_id is None]
        near = [row for row in rows if _near(dispatch, row) and _head(row) != _head(dispatch)]
        compared = 0
        alike: dict[int, Dispatch] = {}
        for row in _of_each_family(sorted(near, key=lambda row: (-shared[row.pk], row.pk))):
            if _head(row) not in alike and compared < MAX_COMPARED:
                compared += 1
                if is_reprint(self._runs[dispatch.pk], self._runs_of(row)):
                    alike[_head(row)] = row
        return list(alike.values())

    def _join(self, dispatch: Dispatch, alike: Sequence[Dispatch], *, is_new: bool) -> set[int]:
        """Make one family of those of `dispatch` and of `alike`."""
        heads = {_head(one) for one in (dispatch, *alike)}
        before = heads - {dispatch.pk} if is_new else heads
        affected: set[int] = set()
        if len(before) > 1:
            rows = _of_families(before).exclude(pk=dispatch.pk)
            affected = set(rows.values_list("pk", flat=True))
        self._look_up(heads)
        first = min((self._placed[pk] for pk in heads), key=_sent)
        moved = before - {first.pk}
        if moved:
            _of_families(moved).update(reprint_of=first)
        for row in self._placed.values():
            if _head(row) in moved:
                row.reprint_of_id = first.pk
        dispatch.reprint_of_id = first.pk if first.pk != dispatch.pk else None
        return affected

    def _regroup(self, dispatch: Dispatch, heads: Collection[int]) -> set[int]:
        """Compare all of these families with one another: what held them together may be gone."""
        found = _of_families({*heads, dispatch.pk}).order_by("pk").only(*_PLACING)
        rows = [dispatch if row.pk == dispatch.pk else row for row in found]
        standing = [row for row in rows if row.replaced_by_id is None]
        before = {row.pk: row.reprint_of_id for row in rows}
        after: dict[int, int | None] = dict.fromkeys(before)
        for family in _families(standing) if len(standing) <= MAX_REGROUPED else [standing]:
            first = min(family, key=_sent)
            after |= {row.pk: first.pk for row in family if row.pk != first.pk}
        for pk, head in after.items():
            if head != before[pk]:
                Dispatch.objects.filter(pk=pk).update(reprint_of=head)
            if pk in self._placed:
                self._placed[pk].reprint_of_id = head
        return after.keys() - {dispatch.pk} if after != before else set()


# ----------------------------------------------------------------------------------- looking


def _text(dispatch: Dispatch) -> str:
    return dispatch.whole_text[: settings.EXTRACT_MAX_CHARACTERS]


def _texts(rows: Sequence[Dispatch]) -> dict[int, str]:
    whole = Dispatch.objects.filter(pk__in=[row.pk for row in rows]).order_by()
    return {row.pk: _text(row) for row in whole.only("text", "private_text")}


def _of_each_family(rows: Iterable[Dispatch]) -> list[Dispatch]:
    """The first of every family, then their seconds, and so on."""
    turns = Counter[int]()
    order = []
    for row in rows:
        order.append((turns[_head(row)], row))
        turns[_head(row)] += 1
    return [row for _, row in sorted(order, key=lambda one: one[0])]


def _near(one: Dispatch, other: Dispatch) -> bool:
    """Unless both have a day, and these are far apart."""
    days = _day(one), _day(other)
    return days[0] is None or days[1] is None or abs(days[0] - days[1]) <= APART


def _day(dispatch: Dispatch) -> date | None:
    return date.fromisoformat(dispatch.dct) if dispatch.is_dated else None


# ---------------------------------------------------------------------------------- families


def _head(dispatch: Dispatch) -> int:
    return dispatch.reprint_of_id or dispatch.pk


def _of_families(heads: Collection[int]) -> DispatchQuerySet:
    return Dispatch.objects.filter(Q(pk__in=heads) | Q(reprint_of__in=heads))


def _left_behind(dispatch: Dispatch) -> set[int]:
    """The heads of families in which the versions before this one are still counted."""
    earlier = {_head(row) for row in Dispatch.objects.filter(replaced_by=dispatch).only(*_PLACING)}
    others = _of_families(earlier).exclude(replaced_by=dispatch)
    return {_head(row) for row in others.only(*_PLACING)}


def _sent(dispatch: Dispatch) -> tuple[date, datetime, int]:
    """Who was sent before whom: by day, hour, and what came in first."""
    received = dispatch.received_at
    moment = dispatch.filed_at or received
    return _day(dispatch) or timezone.localdate(moment), moment, dispatch.pk


def _families(rows: Sequence[Dispatch]) -> Iterable[list[Dispatch]]:
    """Those that a chain of likenesses joins."""
    families: dict[int, list[tuple[Dispatch, Runs]]] = {}
    texts = _texts(rows)
    for row in rows:
        runs = runs_of(texts[row.pk])
        joined = [
            key
            for key, family in families.items()
            if any(_near(row, one) and is_reprint(runs, other) for one, other in family)
        ]
        families[row.pk] = [(row, runs), *(one for key in joined for one in families.pop(key))]
    return [[row for row, _ in family] for family in families.values()]
