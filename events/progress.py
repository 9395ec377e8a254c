"""How far an upload has come: sums over all of it, and its items a page at a time.

Every item counts in exactly one `Fate`; an archive counts as what was in it. So the sums always
add up to what was dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict, cast

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext

from events import reasons
from events.models import MAX_ATTEMPTS, Batch, BatchItem, Dispatch, Mention

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

PAGE_SIZE = 50
RECENT = 8  # uploads that are shown again
_LATELY = timedelta(days=14)
_CANCELED = "reading-canceled"
_KILL = "dispatch-withdrawn"


class Fate(StrEnum):
    """What has become of an item, in the order in which the page tells it."""

    WAITING = "waiting"
    READING = "reading"
    IMPORTED = "imported"
    VERSION = "version"
    WITHDRAWN = "withdrawn"  # by its agency or on request; an order to do so, too
    TO_DATE = "to-date"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def settled(self) -> bool:
        return self not in {Fate.WAITING, Fate.READING}

    def told_of(self, n: int) -> str:
        """In words that agree with the number of things of which they are said."""
        return {
            Fate.WAITING: npgettext("things dropped", "waiting", "waiting", n),
            Fate.READING: npgettext("things dropped", "being read", "being read", n),
            Fate.IMPORTED: npgettext("things dropped", "imported", "imported", n),
            Fate.VERSION: npgettext("things dropped", "new version", "new versions", n),
            Fate.WITHDRAWN: npgettext("things dropped", "withdrawn", "withdrawn", n),
            Fate.TO_DATE: npgettext("things dropped", "to be dated", "to be dated", n),
            Fate.DUPLICATE: npgettext("things dropped", "already here", "already here", n),
            Fate.REFUSED: npgettext("things dropped", "refused", "refused", n),
            Fate.FAILED: npgettext("things dropped", "failed", "failed", n),
            Fate.CANCELED: npgettext("things dropped", "canceled", "canceled", n),
        }[self]


@dataclass(frozen=True, slots=True)
class Sum:
    fate: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that somebody dropped, and what has become of it by now."""

    name: str
    fate: str
    label: str
    note: str  # why, in words
    dispatch: int | None
    title: str
    events: int


@dataclass(frozen=True, slots=True)
class Progress:
    id: str
    created_at: datetime
    canceled: bool
    sums: tuple[Sum, ...]
    total: int
    done: int
    failed: int
    events: int
    reprints: int  # of those taken in: texts that others have too
    chosen: str  # fate of the rows; "" is all
    rows: tuple[Row, ...]
    page: int
    pages: int

    @property
    def settled(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True, slots=True)
class Recent:
    id: str
    created_at: datetime
    by: str
    total: int
    waiting: int


def look(batch: Batch, fate: str = "", page: int = 1) -> Progress:
    """Return how far a batch has come, with one page of its items, of one fate if asked."""
    items = _with_fate(batch)
    repeats = Q(verdict=BatchItem.Verdict.ACCEPTED, dispatch__reprint_of__isnull=False)
    sums = list(
        items.order_by()
        .values_list("fate")
        .annotate(n=Count("pk"), reprints=Count("pk", filter=repeats))
    )
    counts = Counter({each: n for each, n, _ in sums})
    total = counts.total()
    shown = counts[fate] if fate else total
    pages = max(1, -(-shown // PAGE_SIZE))
    page = min(page, pages)
    chosen = items.filter(fate=fate) if fate else items
    first = (page - 1) * PAGE_SIZE
    return Progress(
        id=str(batch.pk),
        created_at=batch.created_at,
        canceled=batch.canceled_at is not None,
        sums=tuple(
            Sum(each.value, each.told_of(n), n, each.value == fate)
            for each in Fate
            if (n := counts[each.value]) or each.value == fate
        ),
        total=total,
        done=sum(counts[each.value] for each in Fate if each.settled),
        failed=counts[Fate.FAILED.value],
        events=_events(batch),
        reprints=sum(reprints for _, _, reprints in sums),
        chosen=fate,
        rows=tuple(_rows(chosen.order_by("position")[first : first + PAGE_SIZE])),
        page=page,
        pages=pages,
    )


def as_rows(batch: Batch, site: str) -> Iterator[tuple[str, ...]]:
    """Lines of a table of all items, its heading first; `site` is where the addresses begin."""
    names = (_("file"), _("what became of it"), _("reason"), _("title"), _("events"), _("address"))
    yield tuple(str(name) for name in names)
    items = _with_fate(batch).order_by("position")
    for first in range(0, items.count(), 500):
        for row in _rows(items[first : first + 500]):
            address = f"{site}dispatches/{row.dispatch}/" if row.dispatch else ""
            yield (row.name, row.label, row.note, row.title, str(row.events), address)


def recent_batches() -> list[Recent]:
    """The last uploads of several things, and those not yet settled."""
    lately = timezone.now() - _LATELY
    batches = (
        Batch.objects.filter(created_at__gte=lately)
        .select_related("created_by")
        .annotate(total=Count("items", filter=~Q(items__verdict=BatchItem.Verdict.UNPACKED)))
        .filter(total__gt=1)[:RECENT]
    )
    waiting = Counter(
        BatchItem.objects.filter(batch__in=[batch.pk for batch in batches])
        .filter(_UNSETTLED)
        .values_list("batch", flat=True)
    )
    return [
        Recent(
            str(batch.pk), batch.created_at, str(batch.created_by or ""), batch.total,
            waiting[batch.pk],
        )
        for batch in batches
    ]  # fmt: skip


_READABLE = Q(dispatch__replaced_by=None, dispatch__withdrawn_at=None) & (
    Q(dispatch__embargo_until=None) | Q(dispatch__embargo_until__lte=Now())
)
_PENDING = Q(dispatch__state__in=[Dispatch.State.RECEIVED, Dispatch.State.PROCESSING])
_UNSETTLED = Q(verdict=BatchItem.Verdict.WAITING) | (
    Q(verdict=BatchItem.Verdict.ACCEPTED) & _PENDING & _READABLE
)


class _Judged(TypedDict):
    fate: str


def _with_fate(batch: Batch) -> QuerySet[WithAnnotations[BatchItem, _Judged]]:
    verdict = BatchItem.Verdict
    unfinished = Q(pk__in=BatchItem.objects.filter(batch=batch).unfinished().values("pk"))
    failed = Q(dispatch__state=Dispatch.State.FAILED)
    fates = [
        (Q(verdict=verdict.WAITING), Fate.WAITING),
        (Q(verdict=verdict.CANCELED), Fate.CANCELED),
        (Q(verdict=verdict.DUPLICATE), Fate.DUPLICATE),
        (Q(verdict=verdict.REFUSED) & unfinished, Fate.FAILED),
        (Q(verdict=verdict.REFUSED), Fate.REFUSED),
        (failed & Q(dispatch__error_code=_CANCELED), Fate.CANCELED),
        (failed, Fate.FAILED),
        (Q(reason__code=_KILL) | Q(dispatch__withdrawn_at__isnull=False), Fate.WITHDRAWN),
        (_PENDING & _READABLE, Fate.READING),
        (Q(reason__code="dispatch-new-version"), Fate.VERSION),
        (Q(dispatch__state=Dispatch.State.DONE, dispatch__is_dated=False) & _READABLE,
         Fate.TO_DATE),
    ]  # fmt: skip
    fate = Case(
        *(When(condition, then=Value(fate.value)) for condition, fate in fates),
        default=Value(Fate.IMPORTED.value),
    )
    judged = batch.items.counted().annotate(fate=fate)
    return cast("QuerySet[WithAnnotations[BatchItem, _Judged]]", judged)


def _rows(items: QuerySet[WithAnnotations[BatchItem, _Judged]]) -> Iterator[Row]:
    found = list(items.select_related("dispatch").defer("dispatch__text"))
    counts = Counter(
        dict(
            Mention.objects.filter(dispatch__in=[item.dispatch_id for item in found])
            .exclude(event__review_state="rejected")
            .order_by()
            .values_list("dispatch")
            .annotate(n=Count("event", distinct=True))
        )
    )
    for item in found:
        fate = Fate(item.fate)
        yield Row(
            name=item.name,
            fate=fate.value,
            label=fate.told_of(1),
            note=_note(item, fate),
            dispatch=item.dispatch_id,
            title=_title(item.dispatch),
            events=counts[item.dispatch_id] if item.dispatch_id else 0,
        )


def _title(dispatch: Dispatch | None) -> str:
    """A text that its agency took back is not shown."""
    return dispatch.title if dispatch and dispatch.withdrawn_at is None else ""


def _note(item: BatchItem, fate: Fate) -> str:
    dispatch = item.dispatch
    if fate in {Fate.FAILED, Fate.CANCELED} and dispatch is not None and dispatch.error_code:
        values = {"attempts": dispatch.attempts or MAX_ATTEMPTS}
        return reasons.word({"code": dispatch.error_code, "values": values})
    if fate == Fate.WITHDRAWN and dispatch is not None:
        return reasons.word("text-taken-back")
    if item.reason:
        return reasons.word(item.reason)
    if item.verdict != BatchItem.Verdict.ACCEPTED or dispatch is None:
        return ""
    if dispatch.encoding_guessed:
        told = [one for one in dispatch.notices if one.get("stage") == "reading"]
        return " ".join(reasons.word(one) for one in told)
    return reasons.word("dispatch-reprint") if dispatch.reprint_of_id else ""


def _events(batch: Batch) -> int:
    told = Mention.objects.filter(
        dispatch__batch_items__batch=batch,
        dispatch__batch_items__verdict=BatchItem.Verdict.ACCEPTED,
    )
    return told.exclude(event__review_state="rejected").values("event").distinct().count()
