"""Dispatches as lists and their own page show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.db.models.functions import Substr

from events import reasons, search
from events.models import Dispatch, Event, Mention
from events.timeline.facets import FacetValue
from events.timeline.items import (
    PAGE_SIZE,
    Evidence,
    TimelineItem,
    cards,
    evidence_of,
    readable,
)
from events.timeline.pieces import Piece, pieces_of
from events.timeline.selection import visible_dispatches, visible_events


@dataclass(frozen=True, slots=True)
class DispatchItem:
    """A dispatch as a list shows it."""

    id: int
    title: str
    source: str
    language: str
    dct: str
    dct_basis: str
    dct_basis_label: str
    dct_reason: str
    state: str
    state_label: str
    error: str
    events: int
    received_at: Any
    reprint_of: int | None


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """An event of a dispatch with the number that its marks carry in the text."""

    number: int
    mention: int
    item: TimelineItem
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DispatchDetail:
    item: DispatchItem
    text: tuple[Piece, ...]
    events: tuple[NumberedEvent, ...]
    encoding: str
    encoding_guessed: bool
    original_name: str

    @property
    def can_be_decoded(self) -> bool:
        """Whether its bytes can mean other characters than those that were read."""
        return self.encoding_guessed or self.encoding not in {"", "utf-8", "utf-8-sig"}


@dataclass(frozen=True, slots=True)
class DispatchPage:
    items: tuple[DispatchItem, ...]
    total: int
    page: int
    pages: int
    corpus: int
    states: tuple[FacetValue, ...] = field(default=())


def dispatches_page(
    *, text: str = "", state: str = "", page: int = 1, insider: bool
) -> DispatchPage:
    """Return the dispatches, newest first. A visitor sees those that back a public event."""
    visible = visible_dispatches(insider=insider)
    if insider:
        visible = visible.filter(replaced_by=None)
    found = visible
    if text:
        found = found.filter(pk__in=search.dispatches_holding(text))
    by_state = Counter(dict(found.order_by().values_list("state").annotate(Count("pk"))))
    if state:
        found = found.filter(state=state)
    total = by_state[state] if state else by_state.total()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = list(
        found.select_related("source").defer("text")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    )
    counts = events_by_dispatch([row.pk for row in rows], insider=insider)
    titles = _fallback_titles([row.pk for row in rows if not row.title])
    return DispatchPage(
        items=tuple(
            _dispatch_item(row, counts[row.pk], row.title or titles.get(row.pk, "")) for row in rows
        ),
        total=total,
        page=page,
        pages=pages,
        corpus=visible.count(),
        states=tuple(
            FacetValue(value, str(label), by_state[value], value == state)
            for value, label in Dispatch.State.choices
        ),
    )


def dispatch_detail(dispatch: Dispatch, *, insider: bool) -> DispatchDetail:
    """Return a dispatch with its text cut where evidence starts and ends."""
    mentions = list(
        readable(Mention.objects.filter(dispatch=dispatch))
        .filter(event__in=visible_events(insider=insider))
        .select_related("event")
        .order_by("trigger_start", "pk")
    )
    told = Event.objects.filter(pk__in={mention.event_id for mention in mentions})
    items = {item.id: item for item in cards(told)}
    numbered = tuple(
        NumberedEvent(number, m.pk, items[m.event_id], evidence_of(m, m.event))
        for number, m in enumerate(mentions, start=1)
    )
    return DispatchDetail(
        item=_dispatch_item(dispatch, len(items), str(dispatch)),
        text=pieces_of(dispatch.text, mentions),
        events=numbered,
        encoding=dispatch.encoding,
        encoding_guessed=dispatch.encoding_guessed,
        original_name=dispatch.original_name,
    )


def _dispatch_item(dispatch: Dispatch, events: int, title: str) -> DispatchItem:
    return DispatchItem(
        id=dispatch.pk,
        title=title,
        source=dispatch.source.name if dispatch.source else "",
        language=dispatch.language,
        dct=dispatch.dct,
        dct_basis=dispatch.dct_basis,
        dct_basis_label=dispatch.get_dct_basis_display(),
        dct_reason=reasons.word(dispatch.dct_reason),
        state=dispatch.state,
        state_label=dispatch.get_state_display(),
        error=error_words(dispatch),
        events=events,
        received_at=dispatch.received_at,
        reprint_of=dispatch.reprint_of_id,
    )


def error_words(dispatch: Dispatch) -> str:
    values = {"attempts": dispatch.attempts}
    return reasons.word({"code": dispatch.error_code, "values": values})


def _fallback_titles(pks: Sequence[int]) -> dict[int, str]:
    """The opening words of dispatches that have no title."""
    if not pks:
        return {}
    rows = Dispatch.objects.filter(pk__in=pks).annotate(opening=Substr("text", 1, 80))
    return dict(rows.values_list("pk", "opening"))


def events_by_dispatch(pks: Sequence[int], *, insider: bool) -> Counter[int]:
    rows = (
        Mention.objects.filter(dispatch__in=pks, event__in=visible_events(insider=insider))
        .order_by()
        .values_list("dispatch")
        .annotate(Count("event", distinct=True))
    )
    return Counter(dict(rows))
