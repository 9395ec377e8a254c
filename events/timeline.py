"""The read side: what pages, JSON and exports show, as plain frozen items.

Every query starts at `Event.objects.public()`, so a proposal shows only where the site allows it.
Days are half-open, `start <= day < end`, as in the models. Nothing here knows about requests.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import Substr

from events import reasons, search
from events.columns import CODES, Columns, Numbers, Positions, columns, dispatch_day
from events.filters import Filters
from events.models import (
    Actor,
    Batch,
    BatchItem,
    CurationAct,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    EventQuerySet,
    EventType,
    Mention,
    Place,
    ReviewState,
    Source,
    Status,
)

DAY = timedelta(days=1)
PAGE_SIZE = 30  # cards a page
FACET_SIZE = 10  # values a facet shows beside those that were chosen
MOST_PLACES = 400  # of the map
MOST_BARS = 100  # of the density strip
TRIMMED = 0.04  # share of events at each end that may stand outside the strip to make it readable
RELATED_DAYS = 31  # how far from an event its relatives are looked for

Level = Literal["day", "week", "month", "quarter", "year", "decade", "century"]
LEVELS: tuple[Level, ...] = ("day", "week", "month", "quarter", "year", "decade", "century")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `marks` say what it is evidence of: "trigger", "core", "date"."""

    text: str
    marks: tuple[str, ...] = ()
    mentions: tuple[int, ...] = ()  # numbers of the mentions it serves (dispatch page only)
    opens: tuple[tuple[int, int], ...] = ()  # (number, id) of mentions whose trigger starts here


@dataclass(frozen=True, slots=True)
class Named:
    """A person, body or place, with what a link to its events needs."""

    id: int
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spot(Named):
    """A place with where it lies, in degrees; None where the map does not know it."""

    kind: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def is_located(self) -> bool:
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One report of an event: the sentence, its exact words marked, and where it stands."""

    sentence: tuple[Piece, ...]
    date_sentence: tuple[Piece, ...]  # () unless the date stands in another sentence
    dispatch: int
    dispatch_title: str
    dispatch_dct: str
    source: str
    edtf: str
    basis: str
    basis_label: str
    reason: str
    status: str
    status_label: str
    attribution: str
    confidence: float
    mention: int
    reprint: bool
    differs: bool  # this report gives another date than the event has


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """An event as a card shows it."""

    id: int
    title: str
    language: str
    edtf: str
    start: date | None
    end: date | None
    precision: str
    time_of_day: str
    type: str
    type_label: str
    status: str
    status_label: str
    review_state: str
    confidence: float
    actors: tuple[Named, ...]
    places: tuple[Spot, ...]
    sources: tuple[str, ...]
    reports: int  # dispatches that tell it, reprints counted once
    evidence: Evidence | None
    became: str = ""  # as known on an earlier day: what its status is now, in words
    moved: str = ""  # likewise: the date (EDTF) that is given to it now

    @property
    def is_open(self) -> bool:
        return self.precision == "open"

    @property
    def is_vague(self) -> bool:
        return self.edtf[-1:] in {"~", "?", "%"}


@dataclass(frozen=True, slots=True)
class Month:
    month: int  # 1 to 12; 0 holds what has no month of its own
    items: tuple[TimelineItem, ...]


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of the density strip: `count` events in days `start <= d < end`."""

    start: date
    end: date
    count: int
    level: Level

    @property
    def period(self) -> str:
        """The days as a value of the period filter: "2016", "2016-12" or "2016-12-07"."""
        return period_value(self.start, self.level)

    @property
    def last_period(self) -> str:
        return period_value(self.end - DAY, self.level)


@dataclass(frozen=True, slots=True)
class Density:
    """The strip: bars over the bulk of the events, and how many lie before and after it."""

    level: Level
    bars: tuple[Bar, ...]
    before: int = 0
    after: int = 0

    @property
    def start_day(self) -> int:
        """Ordinal of the first day, as scripts count days."""
        return self.bars[0].start.toordinal() if self.bars else 0

    @property
    def end_day(self) -> int:
        return self.bars[-1].end.toordinal() if self.bars else 0

    @property
    def highest(self) -> int:
        return max((bar.count for bar in self.bars), default=0)


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field, most frequent first, those that were chosen before all others."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An actor or a place whose name begins as the words searched for, with its events."""

    facet: str
    id: int
    name: str
    count: int


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
    def shown(self) -> int:
        return sum(len(month.items) for year in self.years for month in year.months)


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place as the map shows it; `share` of the largest count is what its circle is drawn by."""

    id: int
    name: str
    note: str
    kind: str
    kind_label: str
    latitude: float
    longitude: float
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class MapPage:
    places: tuple[MapPlace, ...]
    total: int  # events that pass the filters
    unplaced: int  # of them, those without any place on the map
    facets: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class EventDetail:
    item: TimelineItem
    evidence: tuple[Evidence, ...]
    related: tuple[TimelineItem, ...]
    acts: tuple[CurationAct, ...]
    contested: bool
    around: tuple[date, date] | None
    curated_fields: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------- timeline


def timeline_page(filters: Filters, page: int = 1) -> TimelinePage:
    """Return page `page` of what `filters` let through; a page past the end is the last one."""
    corpus = columns()
    chosen = corpus.select(filters, found=text_ids(filters))
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
        years=_by_year(_items_of(shown, filters.known), newest_first=filters.newest_first),
        undated=tuple(_items_of(corpus.ids[tray], filters.known)),
        total=total,
        undated_total=len(waiting),
        page=page,
        pages=pages,
        first=date.fromordinal(int(days[0])) if total else None,
        last=date.fromordinal(int(days[-1])) if total else None,
        first_day=int(corpus.day[whole[0]]) if len(whole) else 0,
        last_day=int(corpus.day[whole[-1]]) if len(whole) else 0,
        overview=density(_count_by_day(corpus.day[whole]), everywhen),
        density=density(_count_by_day(days), filters) if whole is not dated else None,
        facets=tuple(facets(corpus, filters)),
        corpus=len(corpus),
        dispatches=0 if len(corpus) else Dispatch.objects.count(),
        suggestions=tuple(_suggestions(corpus, filters)),
        without=_relaxed(corpus, filters) if not total and not len(waiting) else {},
    )


def map_page(filters: Filters) -> MapPage:
    """Return where the events that pass the filters took place, most events first."""
    corpus = columns()
    chosen = _in_period(corpus, filters)
    mask = np.ones(len(corpus), dtype=bool) if chosen is None else np.zeros(len(corpus), dtype=bool)
    if chosen is not None:
        mask[chosen] = True
    links = corpus.links["place"]
    counts = links.counts(mask)
    number = {int(links.values[at]): int(counts[at]) for at in np.flatnonzero(counts)}
    known = Place.objects.exclude(latitude=None).exclude(longitude=None).filter(pk__in=number)
    placed = np.zeros(len(corpus), dtype=bool)
    found = []
    for place in known:
        placed[links.of(place.pk)] = True
        found.append((number[place.pk], place))
    found.sort(key=lambda one: (-one[0], one[1].name))
    most = max((count for count, _ in found), default=1)
    return MapPage(
        places=tuple(_map_place(place, count, most) for count, place in found[:MOST_PLACES]),
        total=int(mask.sum()),
        unplaced=int((mask & ~placed).sum()),
        facets=tuple(facets(corpus, filters)),
    )


def _map_place(place: Place, count: int, most: int) -> MapPlace:
    return MapPlace(
        id=place.pk,
        name=place.name,
        note=place.within or place.country,
        kind=place.kind,
        kind_label=place.get_kind_display(),
        latitude=place.latitude or 0.0,
        longitude=place.longitude or 0.0,
        count=count,
        share=count / most,
    )


def _suggestions(corpus: Columns, filters: Filters) -> Iterator[Suggestion]:
    found = search.names_beginning(filters.text, FACET_SIZE) if filters.text else []
    counted = [
        Suggestion(facet, pk, name, len(corpus.links[facet].of(pk))) for facet, pk, name in found
    ]
    held = {"actor": filters.actors, "place": filters.places}
    useful = [one for one in counted if one.count and one.id not in held[one.facet]]
    return iter(sorted(useful, key=lambda one: (-one.count, one.name))[:FACET_SIZE])


def _relaxed(corpus: Columns, filters: Filters) -> dict[str, int]:
    """For each filter in force, how many events there would be without it."""
    return {
        name: _size(_in_period(corpus, filters, without=name), corpus) for name in filters.active
    }


def _in_period(corpus: Columns, filters: Filters, *, without: str = "") -> Positions | None:
    """What passes, the undated among them unless a period is asked for; None is everything."""
    chosen = corpus.select(filters, without=without, found=text_ids(filters))
    if without == "period" or not (filters.start or filters.end):
        return chosen
    inside: Positions = corpus.overlapping(chosen, filters.start, filters.end)
    return inside


def _size(chosen: Positions | None, corpus: Columns) -> int:
    return len(corpus) if chosen is None else len(chosen)


def matching(
    filters: Filters, *, without: str = "", among: EventQuerySet | None = None
) -> EventQuerySet:
    """Return the public events that pass `filters`, all but the one named `without`.

    Or those of `among`, which is for who may see more.

    Names are those of the query parameters: type, status, review, actor, place, source,
    confidence, q, period.
    """
    found = Event.objects.public() if among is None else among
    if filters.types and without != "type":
        found = found.filter(type__in=filters.types)
    if filters.statuses and without != "status":
        found = found.filter(status__in=filters.statuses)
    if filters.reviews and without != "review":
        found = found.filter(review_state__in=filters.reviews)
    if filters.actors and without != "actor":
        found = found.filter(pk__in=EventActor.objects.filter(
            actor__in=filters.actors).values("event"))  # fmt: skip
    if filters.places and without != "place":
        found = found.filter(pk__in=EventPlace.objects.filter(
            place__in=filters.places).values("event"))  # fmt: skip
    if filters.sources and without != "source":
        found = found.filter(pk__in=Mention.objects.filter(
            dispatch__source__in=filters.sources).values("event"))  # fmt: skip
    if filters.confidence and without != "confidence":
        found = found.filter(confidence__gte=filters.confidence)
    if filters.text and without != "q":
        found = found.filter(pk__in=search.event_ids(filters.text))
    if (filters.start or filters.end) and without != "period":
        found = found.between(filters.start, filters.end).exclude(sort_date=None)
    return found


def text_ids(filters: Filters) -> set[int] | None:
    """The ids of events that hold the words searched for; None when nothing is searched for."""
    if not filters.text:
        return None
    return search.event_ids(filters.text)


def facets(corpus: Columns, filters: Filters) -> Iterator[Facet]:
    """Yield each facet with the count that every value would give beside the other filters."""
    chosen = {
        "type": filters.types, "status": filters.statuses, "actor": filters.actors,
        "place": filters.places, "source": filters.sources,
    }  # fmt: skip
    for name, values in chosen.items():
        wanted = {str(value) for value in values}
        found = facet_counts(corpus, filters, name, wanted)
        yield Facet(name, tuple(FacetValue(v, label, n, v in wanted) for v, label, n in found))


def facet_counts(
    corpus: Columns, filters: Filters, name: str, wanted: Collection[str] = ()
) -> list[tuple[str, str, int]]:
    """Return (value, label, count): those wanted first, then by count; the most frequent only."""
    chosen = _in_period(corpus, filters, without=name)
    if name in CODES:
        column = corpus.codes[name] if chosen is None else corpus.codes[name][chosen]
        counts = np.bincount(column, minlength=len(CODES[name]))
        labels = dict((EventType if name == "type" else Status).choices)
        found = [
            (value, str(labels[value]), int(n))
            for value, n in zip(CODES[name], counts, strict=True)
            if n or value in wanted
        ]
    else:
        found = _linked_counts(corpus, chosen, name, {int(value) for value in wanted})
    return sorted(found, key=lambda one: (one[0] not in wanted, -one[2], one[1]))


def _linked_counts(
    corpus: Columns, chosen: Positions | None, name: str, wanted: Collection[int]
) -> list[tuple[str, str, int]]:
    links = corpus.links[name]
    mask = None
    if chosen is not None:
        mask = np.zeros(len(corpus), dtype=bool)
        mask[chosen] = True
    counts = links.counts(mask)
    most = np.argsort(-counts, kind="stable")[: FACET_SIZE + len(wanted)]
    top = {int(links.values[at]): int(counts[at]) for at in most if counts[at]}
    for value in wanted - top.keys():
        at = int(np.searchsorted(links.values, value))
        # One that no public event has is not named: its name would be news.
        if at < len(links.values) and links.values[at] == value:
            top[value] = int(counts[at])
    model = {"actor": Actor, "place": Place, "source": Source}[name]
    labels = dict(model._default_manager.filter(pk__in=top).values_list("pk", "name"))
    return [(str(pk), labels[pk], n) for pk, n in top.items() if pk in labels]


def density(counts: Mapping[date, int], filters: Filters) -> Density:
    """Gather counts by day into at most `MOST_BARS` calendar periods, empty ones included.

    Without a period asked for, a few far-off events are left outside the strip rather than
    squeeze all others into one bar.
    """
    if not counts:
        return Density("year", ())
    first, last = min(counts), max(counts)
    if filters.start or filters.end:
        first = max(filters.start or first, first)
        last = min(filters.end - DAY if filters.end else last, last)
    else:
        first, last = _bulk(counts)
    if last < first:  # only periods that began before the window
        return Density("year", ())
    level = next((one for one in LEVELS if _steps(first, last, one) <= MOST_BARS), LEVELS[-1])
    sums: Counter[date] = Counter()
    for day, count in counts.items():
        sums[period_start(day, level)] += count
    bars = []
    start = period_start(first, level)
    while start <= last:
        end = period_end(start, level)
        bars.append(Bar(start, end, sums[start], level))
        if end == date.max:
            break
        start = end
    return Density(
        level,
        tuple(bars),
        before=sum(count for day, count in counts.items() if day < bars[0].start),
        after=sum(count for day, count in counts.items() if day >= bars[-1].end),
    )


def _bulk(counts: Mapping[date, int]) -> tuple[date, date]:
    """First and last day of all events, or of the bulk where outliers would halve the detail."""
    days = sorted(counts)
    spare = int(sum(counts.values()) * TRIMMED)
    first = _after_skipping(days, counts, spare)
    last = _after_skipping(days[::-1], counts, spare)
    if (last - first).days * 2 > (days[-1] - days[0]).days or first >= last:
        return days[0], days[-1]
    return first, last


def _after_skipping(days: Sequence[date], counts: Mapping[date, int], spare: int) -> date:
    for day in days:
        spare -= counts[day]
        if spare < 0:
            return day
    return days[-1]


def period_start(day: date, level: Level) -> date:
    """Return the first day of the calendar period of `level` that holds `day`."""
    match level:
        case "day":
            return day
        case "week":
            return day - min(timedelta(days=day.weekday()), day - date.min)
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case "decade":
            return date(max(day.year // 10 * 10, 1), 1, 1)
        case "century":
            return date(max(day.year // 100 * 100, 1), 1, 1)


def period_end(start: date, level: Level) -> date:
    """Return the day after the period that begins on `start`, the calendar's last day at most."""
    days = {"day": 1, "week": 7}.get(level)
    try:
        if days:
            return start + timedelta(days=days)
        months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[level]
        if level in {"decade", "century"} and start.year == 1:  # there is no year 0
            return date(months // 12, 1, 1)
        index = start.year * 12 + start.month - 1 + months
        return date(index // 12, index % 12 + 1, 1)
    except (OverflowError, ValueError):
        return date.max


def period_value(day: date, level: Level) -> str:
    """Return `day` as the period filter writes it, no finer than `level` needs."""
    if level in {"day", "week"}:
        return day.isoformat()
    return f"{day:%Y-%m}" if level in {"month", "quarter"} else f"{day.year:04d}"


# ------------------------------------------------------------------------------ event, dispatch


def event_detail(event: Event) -> EventDetail:
    """Return everything that the page of a public event shows."""
    item = next(_items(Event.objects.filter(pk=event.pk)))
    mentions = _with_sentences(Mention.objects.filter(event=event)).order_by(
        "dispatch__reprint_of", "-confidence", "pk"
    )
    evidence = tuple(_evidence(mention, event) for mention in mentions)
    return EventDetail(
        item=item,
        evidence=evidence,
        related=tuple(_related(event)),
        acts=tuple(CurationAct.objects.filter(event=event).select_related("by")),
        contested=any(one.differs for one in evidence),
        around=_around(event),
        curated_fields=tuple(event.curated_fields),
    )


def _around(event: Event) -> tuple[date, date] | None:
    start, end = event.start_date or event.end_date, event.end_date or event.start_date
    if start is None or end is None:
        return None
    week = timedelta(days=7)
    return (
        start - min(week, start - date.min),
        end + min(week, date.max - end),
    )


def _related(event: Event) -> Iterator[TimelineItem]:
    """Events near in time that share an actor or a place, those that share most first."""
    around = _around(event)
    if around is None:
        return iter(())
    reach = timedelta(days=RELATED_DAYS)
    actors = EventActor.objects.filter(event=event).values("actor")
    places = EventPlace.objects.filter(event=event).values("place")
    near = (
        Event.objects.public()
        .filter(sort_date__gte=around[0] - min(reach, around[0] - date.min))
        .filter(sort_date__lte=around[1] + min(reach, date.max - around[1]))
        .exclude(pk=event.pk)
        .annotate(
            shared=Count("event_actors", filter=Q(event_actors__actor__in=actors), distinct=True)
            + Count("event_places", filter=Q(event_places__place__in=places), distinct=True)
        )
        .filter(shared__gt=0)
        .order_by("-shared", "-importance", "sort_date", "pk")[:6]
    )
    return iter(sorted(_items(near), key=lambda item: (item.start or item.end or date.max)))


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
    notices: tuple[str, ...]
    encoding: str
    encoding_guessed: bool
    original_name: str
    reprints: tuple[Named, ...] = ()
    first_print: Named | None = None
    published: date | None = None


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
    visible = visible_dispatches(insider=insider).filter(replaced_by=None)
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
    counts = _public_events_by_dispatch([row.pk for row in rows], insider=insider)
    titles = _fallback_titles([row.pk for row in rows if not row.title])
    return DispatchPage(
        items=tuple(
            _dispatch_item(row, counts[row.pk], row.title or titles.get(row.pk, ""))
            for row in rows
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


def visible_dispatches(*, insider: bool) -> QuerySet[Dispatch]:
    """What may be read: everything for those who are logged in or where proposals are public.

    What the agency took back is read by nobody; what is under embargo, by no visitor.
    """
    kept = Dispatch.objects.filter(withdrawn_at=None)
    if insider:
        return kept
    public = Mention.objects.filter(event__in=Event.objects.public()).values("dispatch")
    return kept.in_force().filter(pk__in=public)


def visible_events(*, insider: bool) -> EventQuerySet:
    """Public events, and for those who are logged in the proposals too."""
    if insider:
        return Event.objects.filter(merged_into=None).exclude(review_state=ReviewState.REJECTED)
    return Event.objects.public()


def dispatch_detail(dispatch: Dispatch, *, insider: bool) -> DispatchDetail:
    """Return a dispatch with its text cut where evidence starts and ends."""
    mentions = list(
        _with_sentences(Mention.objects.filter(dispatch=dispatch))
        .filter(event__in=visible_events(insider=insider))
        .select_related("event")
        .order_by("trigger_start", "pk")
    )
    items = {item.id: item for item in _items(
        Event.objects.filter(pk__in={mention.event_id for mention in mentions})
    )}  # fmt: skip
    numbered = tuple(
        NumberedEvent(number, m.pk, items[m.event_id], _evidence(m, m.event))
        for number, m in enumerate(mentions, start=1)
    )
    reprint = dispatch.reprint_of
    return DispatchDetail(
        item=_dispatch_item(dispatch, len(items), str(dispatch)),
        text=_pieces_of(dispatch.text, mentions),
        events=numbered,
        notices=tuple(reasons.word(notice) for notice in dispatch.notices),
        encoding=dispatch.encoding,
        encoding_guessed=dispatch.encoding_guessed,
        original_name=dispatch.original_name,
        reprints=tuple(
            Named(one.pk, str(one), one.source.name if one.source else "")
            for one in dispatch.reprints.select_related("source")
        ),
        first_print=Named(reprint.pk, str(reprint)) if reprint else None,
        published=dispatch.published,
    )


# --------------------------------------------------------------------------------------- batch


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One thing that somebody dropped, and what has become of it by now."""

    id: int
    name: str
    verdict: str
    verdict_label: str
    state: str  # of its dispatch; "" when there is none
    state_label: str
    note: str  # why refused or failed, in words
    dispatch: int | None
    title: str
    events: int

    @property
    def settled(self) -> bool:
        return self.state in {"", "done", "failed"}


@dataclass(frozen=True, slots=True)
class BatchProgress:
    id: str
    created_at: Any
    rows: tuple[BatchRow, ...]

    @property
    def settled(self) -> bool:
        return all(row.settled for row in self.rows)

    @property
    def read(self) -> int:
        return sum(row.settled for row in self.rows)

    @property
    def events(self) -> int:
        return sum({row.dispatch: row.events for row in self.rows}.values())


def batch_progress(batch: Batch) -> BatchProgress:
    """Return how far each item of a batch has come."""
    items = list(BatchItem.objects.filter(batch=batch).select_related("dispatch"))
    counts = _public_events_by_dispatch(
        [item.dispatch_id for item in items if item.dispatch_id], insider=True
    )
    return BatchProgress(
        str(batch.pk), batch.created_at, tuple(_batch_row(item, counts) for item in items)
    )


def _batch_row(item: BatchItem, counts: Mapping[int, int]) -> BatchRow:
    dispatch = item.dispatch
    note = reasons.word(item.reason)
    if dispatch and dispatch.state == Dispatch.State.FAILED:
        note = _error(dispatch)
    return BatchRow(
        id=item.pk,
        name=item.name,
        verdict=item.verdict,
        verdict_label=item.get_verdict_display(),
        state=dispatch.state if dispatch else "",
        state_label=dispatch.get_state_display() if dispatch else "",
        note=note,
        dispatch=item.dispatch_id,
        title=str(dispatch) if dispatch else "",
        events=counts[item.dispatch_id] if item.dispatch_id else 0,
    )


# --------------------------------------------------------------------------------------- pieces


def marked(text: str, spans: Iterable[tuple[int, int, str]], offset: int = 0) -> tuple[Piece, ...]:
    """Cut `text`, which starts at `offset`, where spans `(start, end, mark)` begin and end."""
    inside = [
        (max(start - offset, 0), min(end - offset, len(text)), mark)
        for start, end, mark in spans
        if start - offset < len(text) and end - offset > 0
    ]
    cuts = sorted({0, len(text), *itertools.chain(*((start, end) for start, end, _ in inside))})
    return tuple(
        Piece(
            text[left:right],
            tuple(dict.fromkeys(
                mark for start, end, mark in inside if start <= left and right <= end
            )),
        )
        for left, right in itertools.pairwise(cuts)
    )  # fmt: skip


def _spans(mention: Mention) -> Iterator[tuple[int, int, str]]:
    yield mention.trigger_start, mention.trigger_end, "trigger"
    for start, end in mention.core:
        yield start, end, "core"
    if mention.date_start is not None and mention.date_end is not None:
        yield mention.date_start, mention.date_end, "date"


def _pieces_of(text: str, mentions: Sequence[Mention]) -> tuple[Piece, ...]:
    """The whole text of a dispatch, each piece with the numbers of the mentions that it serves."""
    spans = [
        (start, end, mark, number)
        for number, mention in enumerate(mentions, start=1)
        for start, end, mark in _spans(mention)
    ]
    cuts = sorted({0, len(text), *(s for s, *_ in spans), *(e for _, e, *_ in spans)})
    pieces = []
    for left, right in itertools.pairwise(cuts):
        covering = [span for span in spans if span[0] <= left and right <= span[1]]
        pieces.append(
            Piece(
                text[left:right],
                marks=tuple(dict.fromkeys(mark for _, _, mark, _ in covering)),
                mentions=tuple(dict.fromkeys(number for *_, number in covering)),
                opens=tuple(
                    (number, mentions[number - 1].pk)
                    for start, _, mark, number in covering
                    if mark == "trigger" and start == left
                ),
            )
        )
    return tuple(pieces)


# ---------------------------------------------------------------------------------------- items


def _items_of(ids: Numbers, known: date | None = None) -> Iterator[TimelineItem]:
    """Cards of the events with these ids, in their order, as told by a day if one is given."""
    pks = ids.tolist()
    found = {item.id: item for item in _items(Event.objects.filter(pk__in=pks))}
    if known is not None:
        told = as_known(pks, known)
        found |= {pk: _as_told(found[pk], one) for pk, one in told.items() if pk in found}
    return (found[pk] for pk in pks if pk in found)


def as_known(pks: Sequence[int], known: date) -> dict[int, Mention]:
    """For each event its last report by that day: it says what was then known of it."""
    last: dict[int, tuple[date, float, Mention]] = {}
    for mention in _with_sentences(
        Mention.objects.filter(event__in=pks).select_related("event")
    ).order_by("pk"):
        dispatch = mention.dispatch
        day = dispatch_day(dispatch.dct, dispatch.received_at.date())
        held = last.get(mention.event_id)
        if day <= known and (held is None or (day, mention.confidence) >= held[:2]):
            last[mention.event_id] = (day, mention.confidence, mention)
    return {pk: mention for pk, (_, _, mention) in last.items()}


def _as_told(item: TimelineItem, mention: Any) -> TimelineItem:  # Any: carries annotations
    same_date = not mention.edtf or mention.edtf == item.edtf
    return replace(
        item,
        edtf=mention.edtf or item.edtf,
        start=item.start if same_date else mention.start_date,
        end=item.end if same_date else mention.end_date,
        precision=item.precision if same_date else mention.precision,
        time_of_day=mention.time_of_day or item.time_of_day,
        status=mention.status,
        status_label=mention.get_status_display(),
        evidence=_evidence(mention, mention.event),
        became="" if mention.status == item.status else item.status_label,
        moved="" if same_date else item.edtf,
    )


def cards(events: QuerySet[Event]) -> list[TimelineItem]:
    """Cards of `events` in their order, for lists other than the timeline."""
    return list(_items(events))


def texts_of(event: Event, most: int) -> Iterator[tuple[Mention, tuple[Piece, ...]]]:
    """Yield the whole texts that tell an event, its evidence marked, each with its first report."""
    mentions = Mention.objects.filter(event=event).select_related("dispatch__source")
    ordered = mentions.order_by("dispatch__reprint_of", "dispatch_id", "trigger_start")
    by_dispatch = itertools.groupby(ordered, key=lambda mention: mention.dispatch_id)
    for _pk, group in itertools.islice(by_dispatch, most):
        reports = list(group)
        spans = itertools.chain.from_iterable(_spans(mention) for mention in reports)
        yield reports[0], marked(reports[0].dispatch.text, spans)


def _items(events: QuerySet[Event]) -> Iterator[TimelineItem]:
    """Cards of `events` in their order; five queries however many there are."""
    ready = events.prefetch_related(
        Prefetch("event_actors", EventActor.objects.select_related("actor")),
        Prefetch("event_places", EventPlace.objects.select_related("place")),
        Prefetch("mentions", _with_sentences(Mention.objects.all()).order_by("-confidence", "pk")),
    )
    for event in ready:
        yield _item(event)


def _item(event: Event) -> TimelineItem:
    mentions = list(event.mentions.all())
    sources = {m.dispatch.source.name for m in mentions if m.dispatch.source}
    return TimelineItem(
        id=event.pk,
        title=event.title,
        language=event.language,
        edtf=event.edtf,
        start=event.start_date,
        end=event.end_date,
        precision=event.precision,
        time_of_day=event.time_of_day,
        type=event.type,
        type_label=event.get_type_display(),
        status=event.status,
        status_label=event.get_status_display(),
        review_state=event.review_state,
        confidence=event.confidence,
        actors=_actors(event),
        places=tuple(
            _spot(one.place) for one in event.event_places.all()
        ),
        sources=tuple(sorted(sources)),
        reports=len({m.dispatch.reprint_of_id or m.dispatch_id for m in mentions}),
        evidence=_evidence(mentions[0], event) if mentions else None,
    )


def _spot(place: Place) -> Spot:
    return Spot(
        place.pk, place.name, place.within or place.country,
        place.kind, place.latitude, place.longitude,
    )  # fmt: skip


def _actors(event: Event) -> tuple[Named, ...]:
    roles: dict[int, list[str]] = defaultdict(list)
    names: dict[int, str] = {}
    for one in event.event_actors.all():
        names[one.actor_id] = one.actor.name
        roles[one.actor_id].append(str(one.get_role_display()))
    return tuple(Named(pk, name, ", ".join(roles[pk])) for pk, name in names.items())


def _with_sentences(mentions: QuerySet[Mention]) -> QuerySet[Mention]:
    """Mentions with the text of their sentences, without fetching whole dispatches."""
    return (
        mentions.select_related("dispatch__source")
        .defer("dispatch__text", "dispatch__notices")
        .annotate(
            sentence_text=Substr(
                "dispatch__text",
                F("sentence_start") + 1,
                F("sentence_end") - F("sentence_start"),
            ),
            date_sentence_text=Substr(
                "dispatch__text",
                F("date_sentence_start") + 1,
                F("date_sentence_end") - F("date_sentence_start"),
            ),
            dispatch_opening=Substr("dispatch__text", 1, 60),
        )
    )


def _evidence(mention: Any, event: Event) -> Evidence:  # Any: carries annotations
    spans = list(_spans(mention))
    elsewhere = mention.date_sentence_start not in {None, mention.sentence_start}
    attribution = mention.attribution or {}
    return Evidence(
        sentence=marked(mention.sentence_text, spans, mention.sentence_start),
        date_sentence=marked(
            mention.date_sentence_text or "",
            [span for span in spans if span[2] == "date"],
            mention.date_sentence_start,
        )
        if elsewhere
        else (),
        dispatch=mention.dispatch_id,
        dispatch_title=mention.dispatch.title or mention.dispatch_opening,
        dispatch_dct=mention.dispatch.dct,
        source=mention.dispatch.source.name if mention.dispatch.source else "",
        edtf=mention.edtf,
        basis=mention.basis,
        basis_label=mention.get_basis_display(),
        reason=reasons.word(mention.reason),
        status=mention.status,
        status_label=mention.get_status_display(),
        attribution=str(attribution.get("source", "")),
        confidence=mention.confidence,
        mention=mention.pk,
        reprint=mention.dispatch.reprint_of_id is not None,
        differs=bool(mention.edtf) and mention.edtf != event.edtf,
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
        error=_error(dispatch),
        events=events,
        received_at=dispatch.received_at,
        reprint_of=dispatch.reprint_of_id,
    )


def _error(dispatch: Dispatch) -> str:
    values = {"attempts": dispatch.attempts}
    return reasons.word({"code": dispatch.error_code, "values": values})


def _fallback_titles(pks: Sequence[int]) -> dict[int, str]:
    """The opening words of dispatches that have no title."""
    if not pks:
        return {}
    rows = Dispatch.objects.filter(pk__in=pks).annotate(opening=Substr("text", 1, 80))
    return dict(rows.values_list("pk", "opening"))


def _public_events_by_dispatch(pks: Sequence[int], *, insider: bool) -> Counter[int]:
    rows = (
        Mention.objects.filter(dispatch__in=pks, event__in=visible_events(insider=insider))
        .order_by()
        .values_list("dispatch")
        .annotate(Count("event", distinct=True))
    )
    return Counter(dict(rows))


# -------------------------------------------------------------------------------------- helpers


def _count_by_day(days: Numbers) -> dict[date, int]:
    distinct, numbers = np.unique(days, return_counts=True)
    pairs = zip(distinct.tolist(), numbers.tolist(), strict=True)
    return {date.fromordinal(day): n for day, n in pairs}


def _steps(first: date, last: date, level: Level) -> int:
    if level == "day":
        return (last - first).days + 1
    if level == "week":
        return (period_start(last, level) - period_start(first, level)).days // 7 + 1
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[level]
    a, b = period_start(first, level), period_start(last, level)
    return ((b.year - a.year) * 12 + b.month - a.month) // months + 1


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


def _heading(item: TimelineItem) -> tuple[int, int]:
    """(year, month) to list an item under; month 0 when it has none of its own."""
    if item.start is None:
        last = (item.end or date.max) - DAY
        return last.year, last.month
    if item.precision in {"day", "week", "month", "open"} or (
        item.end and (item.start.year, item.start.month)
        == ((item.end - DAY).year, (item.end - DAY).month)
    ):
        year_only = item.precision == "open" and len(item.edtf.partition("/")[0]) <= 5
        return item.start.year, 0 if year_only else item.start.month
    return item.start.year, 0
