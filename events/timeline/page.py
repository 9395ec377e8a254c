"""One page of the timeline: the list under its years and months, and what stands around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from events.columns import columns
from events.filters import Filters
from events.models import Dispatch
from events.timeline.facets import Facet, Suggestion, facets, suggestions
from events.timeline.items import PAGE_SIZE, TimelineItem
from events.timeline.known import items_of
from events.timeline.periods import DAY
from events.timeline.selection import relaxed, text_ids
from events.timeline.strip import Density, count_by_day, density

OPENING = 2  # cards of a page that are laid out at once


@dataclass(frozen=True, slots=True)
class Month:
    month: int  # 1 to 12; 0 holds what has no month of its own
    items: tuple[TimelineItem, ...]
    continued: bool = False  # its heading stands above already


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    months: tuple[Month, ...]
    continued: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """One page of the timeline with everything around it."""

    years: tuple[Year, ...]
    undated: tuple[TimelineItem, ...]
    total: int
    undated_total: int
    page: int
    pages: int
    first: date | None
    last: date | None
    first_day: int  # ordinals of the first and last event, whatever the period
    last_day: int
    overview: Density  # of everything, whatever the period
    density: Density | None  # of the period that was asked for
    facets: tuple[Facet, ...]
    corpus: int  # public events without any filter
    dispatches: int
    suggestions: tuple[Suggestion, ...]  # actors and places that the words may mean
    without: Mapping[str, int]  # nothing found: events that dropping one filter would give

    @property
    def opening(self) -> tuple[Year, ...]:
        """The first cards: what a browser lays out before anybody has scrolled."""
        return _cut(self.years, 0, OPENING)

    @property
    def rest(self) -> tuple[Year, ...]:
        return _cut(self.years, OPENING, PAGE_SIZE)


def timeline_page(filters: Filters, page: int = 1) -> TimelinePage:
    """Return page `page` of what `filters` let through; a page past the end is the last one."""
    corpus = columns(filters.known)
    found = text_ids(filters)
    chosen = corpus.select(filters, found=found)
    dated = corpus.overlapping(chosen, filters.start, filters.end)
    everywhen = replace(filters, start=None, end=None)
    whole = corpus.overlapping(chosen, None, None) if filters.start or filters.end else dated
    total = len(dated)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    ordered = dated[::-1] if filters.newest_first else dated
    shown = corpus.ids[ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]
    waiting = corpus.undated(chosen)
    tray = corpus.most_important(waiting, PAGE_SIZE) if page == 1 else waiting[:0]
    days = corpus.day[dated]
    return TimelinePage(
        years=_by_year(items_of(shown, filters.known), newest_first=filters.newest_first),
        undated=tuple(items_of(corpus.ids[tray], filters.known)),
        total=total,
        undated_total=len(waiting),
        page=page,
        pages=pages,
        first=date.fromordinal(int(days[0])) if total else None,
        last=date.fromordinal(int(days[-1])) if total else None,
        first_day=int(corpus.day[whole[0]]) if len(whole) else 0,
        last_day=int(corpus.day[whole[-1]]) if len(whole) else 0,
        overview=density(count_by_day(corpus.day[whole]), everywhen),
        density=density(count_by_day(days), filters) if whole is not dated else None,
        facets=tuple(facets(corpus, filters, found)),
        corpus=len(corpus),
        dispatches=0 if len(corpus) else Dispatch.objects.count(),
        suggestions=tuple(suggestions(corpus, filters)),
        without=relaxed(corpus, filters, found) if not total and not len(waiting) else {},
    )


def _by_year(items: Iterable[TimelineItem], *, newest_first: bool) -> tuple[Year, ...]:
    """Items under the year and month that they are sorted at, each keeping its place."""
    years: dict[int, dict[int, list[TimelineItem]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        year, month = _heading(item)
        years[year][month].append(item)
    return tuple(
        Year(
            year,
            tuple(
                Month(month, tuple(years[year][month]))
                for month in sorted(years[year], reverse=newest_first)
            ),
        )
        for year in sorted(years, reverse=newest_first)
    )


def _cut(years: Iterable[Year], start: int, end: int) -> tuple[Year, ...]:
    """The cards from number `start` to before `end`, under their headings."""
    kept, at = [], 0
    for year in years:
        months, year_at = [], at
        for month in year.months:
            items = month.items[max(start - at, 0) : max(end - at, 0)]
            if items:
                months.append(replace(month, items=items, continued=at < start))
            at += len(month.items)
        if months:
            kept.append(replace(year, months=tuple(months), continued=year_at < start))
    return tuple(kept)


def _heading(item: TimelineItem) -> tuple[int, int]:
    """(year, month) to list an item under; month 0 when it has none of its own."""
    if item.start is None:
        last = (item.end or date.max) - DAY
        return last.year, last.month
    if item.precision in {"day", "week", "month", "open"} or (
        item.end
        and (item.start.year, item.start.month) == ((item.end - DAY).year, (item.end - DAY).month)
    ):
        year_only = item.precision == "open" and len(item.edtf.partition("/")[0]) <= 5
        return item.start.year, 0 if year_only else item.start.month
    return item.start.year, 0
