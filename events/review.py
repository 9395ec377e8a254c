"""The read side of the curators' desk: the queue, the sheet of one event, its history.

The queue begins with what needs a person most: doubt × importance. What a curator has before them
is claimed for some minutes, so that another one gets the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events import claims, curation, reasons, timeline
from events.filters import Filters
from events.models import (
    ACT_SUBJECTS,
    EVENT_FIELDS,
    Actor,
    Claim,
    CurationAct,
    Event,
    EventActor,
    EventPlace,
    EventQuerySet,
    Place,
    ReviewState,
    Source,
)
from events.timeline import EventDetail, Facet, FacetValue, Piece, TimelineItem

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_TEXTS = 3  # of a sheet
LOOKED_AT = 300  # proposals that filters are offered for
FACET_SIZE = 30
MOST_TWINS = 6
TWIN_DAYS = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Text:
    """A dispatch with the evidence of one event marked."""

    dispatch: int
    title: str
    source: str
    language: str
    dct: str
    dct_reason: str
    published: date | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A field that a person fixed and that new reports read otherwise."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that judging one event needs."""

    detail: EventDetail
    texts: tuple[Text, ...]
    twins: tuple[TimelineItem, ...]  # what it might be one with
    facts: tuple[Fact, ...]
    contradicts: tuple[TimelineItem, ...]
    taken_by: str  # another curator, "" when free or one's own


@dataclass(frozen=True, slots=True)
class Union:
    """What would become of two events made one."""

    title: str
    edtf: str
    reports: int
    sources: tuple[str, ...]
    actors: tuple[str, ...]
    places: tuple[str, ...]
    other_dates: tuple[str, ...]  # that reports of it would give, beside its own


@dataclass(frozen=True, slots=True)
class Desk:
    """One curator's page of the queue."""

    items: tuple[TimelineItem, ...]
    waiting: int  # that pass the filters, on whosever desk
    others: tuple[tuple[str, int], ...]  # (curator, proposals on their desk)
    done: int  # judged by this curator since midnight
    facets: tuple[Facet, ...]  # whom, where and by whom the first of them tell


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of a history, its changes as a diff."""

    act: CurationAct
    changes: tuple[Change, ...]
    comment: str
    undone: bool
    last: bool  # nothing stands after it: there is nothing to go back to
    own: bool = True  # of this subject; an act on another event that concerned it is not
    other: int | None = None  # the other event that it concerned
    other_title: str = ""


def queue(filters: Filters, *, facts: bool = False) -> EventQuerySet:
    """Proposals that pass the filters, the most needed first; or events with new facts to weigh."""
    alive = Event.objects.filter(merged_into=None)
    if facts:
        among = alive.exclude(proposals={}).exclude(review_state=ReviewState.REJECTED)
    else:
        among = alive.filter(review_state=ReviewState.PROPOSED)
    doubt = ((1 - F("confidence")) * (1 + F("importance"))).desc()
    return timeline.matching(filters, among=among).order_by(doubt, "id")


def desk(user: User, filters: Filters, *, facts: bool = False) -> Desk:
    """Give a curator their next proposals, and hold them for them."""
    found = queue(filters, facts=facts)
    mine = claims.claim(user, found)
    rows = {item.id: item for item in timeline.cards(Event.objects.filter(pk__in=mine))}
    others = (
        Claim.objects.filter(until__gt=timezone.now())
        .exclude(by=user)
        .values_list("by__username")
        .annotate(Count("pk"))
        .order_by("by__username")
    )
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Desk(
        items=tuple(rows[pk] for pk in mine if pk in rows),
        waiting=found.count(),
        facets=tuple(_facets(found, filters)),
        others=tuple(others),
        done=_judged(user, midnight),
    )


def _facets(found: EventQuerySet, filters: Filters) -> Iterator[Facet]:
    """Actors, places and sources to choose from: the most frequent of those that come next."""
    pks = list(found.values_list("pk", flat=True)[:LOOKED_AT])
    model: Any
    for name, model, told, chosen in (
        ("actor", Actor, "event_actors__event", filters.actors),
        ("place", Place, "event_places__event", filters.places),
        ("source", Source, "dispatches__mentions__event", filters.sources),
    ):
        rows = model.objects.filter(**{f"{told}__in": pks})
        rows = rows.annotate(n=Count(told, distinct=True)).order_by("-n", "name")
        values = [
            FacetValue(str(row.pk), str(row), row.n, chosen=False)
            for row in rows[:FACET_SIZE]
            if row.pk not in chosen
        ]
        kept = model.objects.filter(pk__in=chosen)
        held = [FacetValue(str(row.pk), str(row), 0, chosen=True) for row in kept]
        yield Facet(name, (*held, *values))


def sheet(event: Event, user: User) -> Sheet:
    """Return what a curator sees of one event, whatever its state."""
    texts = tuple(
        Text(
            dispatch=dispatch.pk,
            title=str(dispatch),
            source=dispatch.source.name if dispatch.source else "",
            language=dispatch.language,
            dct=dispatch.dct,
            dct_reason=reasons.word(dispatch.dct_reason),
            published=dispatch.published,
            pieces=pieces,
        )
        for dispatch, pieces in timeline.texts_of(event, MOST_TEXTS)
    )
    return Sheet(
        detail=timeline.event_detail(event),
        texts=texts,
        twins=tuple(timeline.cards(_twins(event))),
        facts=tuple(
            Fact(name, plain(curation.value(event, name)), plain(theirs))
            for name, theirs in event.proposals.items()
            if name in EVENT_FIELDS
        ),
        contradicts=tuple(timeline.cards(event.contradicts.filter(merged_into=None))),
        taken_by=claims.taken_by([event.pk], user),
    )


def names_alike(subject: Actor | Place) -> list[str]:
    """Names of others that share the longest word of this one: it may be one with them."""
    word = max(subject.folded.split() or [subject.folded], key=len)
    others = type(subject)._default_manager.filter(folded__contains=word, same_as=None)
    names = others.exclude(pk=subject.pk).order_by("folded").values_list("name", flat=True)
    return list(dict.fromkeys(names[:FACET_SIZE]))


def union(kept: Sheet, other: Sheet) -> Union:
    """Say what merging `other` into `kept` gives. The date is that of `kept`, whatever it joins."""
    mine, theirs = kept.detail, other.detail
    fixed = mine.curated_fields
    dates = [one.edtf for one in (*mine.evidence, *theirs.evidence) if one.edtf]
    actors, places = (
        [one.name for one in mine_of]
        + [one.name for one in theirs_of if name not in fixed]
        for name, mine_of, theirs_of in (
            ("actors", mine.item.actors, theirs.item.actors),
            ("places", mine.item.places, theirs.item.places),
        )
    )
    return Union(
        title=mine.item.title,
        edtf=mine.item.edtf,
        reports=mine.item.reports + theirs.item.reports,
        sources=tuple(sorted({*mine.item.sources, *theirs.item.sources})),
        actors=tuple(dict.fromkeys(actors)),
        places=tuple(dict.fromkeys(places)),
        other_dates=tuple(dict.fromkeys(one for one in dates if one != mine.item.edtf)),
    )


def history(kind: str, pk: int) -> tuple[Entry, ...]:
    """Return what was done to an event, dispatch, actor, place or story, the latest first.

    To an event also what was done to another one together with it: a merge that took it in, a
    split that made it.
    """
    if kind not in ACT_SUBJECTS:
        raise ValueError(kind)
    wanted = Q(**{f"{kind}_id": pk})
    if kind == "event":
        for act_kind, key in _OTHERS.items():
            wanted |= Q(kind=act_kind, **{f"after__{key}": pk})
    acts = list(
        CurationAct.objects.filter(wanted)
        .select_related("by", "undone_by", "undoes")
        .order_by("-at", "-pk")
    )
    titles = _titles(acts)
    entries = []
    stands = False
    for act in acts:
        undone = act.is_undone
        own = getattr(act, f"{kind}_id") == pk
        other = act.after.get(_OTHERS.get(act.kind, "")) if own else act.event_id
        entries.append(
            Entry(
                act=act,
                changes=tuple(_changes(act, titles)),
                comment=str(act.after.get("comment", "")),
                undone=undone,
                last=not stands,
                own=own,
                other=other,
                other_title=titles.get(other, "") if other else "",
            )
        )
        stands = stands or not (undone or act.kind == CurationAct.Kind.UNDO or not own)
    return tuple(entries)


# What an act calls the other event that it concerned.
_OTHERS: dict[str, str] = {
    CurationAct.Kind.MERGE: "absorbed",
    CurationAct.Kind.SPLIT: "part",
    CurationAct.Kind.ATTACH: "from",
    CurationAct.Kind.CONTRADICT: "contradicts",
}
# What of an act is shown as a diff; the rest is what undoing it needs.
_SHOWN = (
    *EVENT_FIELDS, "review_state", "published", "name", "aliases", "slug", "intro", "language",
    "picture_alt", "picture_credit", "steps", "names", "instead", "reason",
)  # fmt: skip


def _titles(acts: Sequence[CurationAct]) -> dict[int, str]:
    """What the events are called that these acts concerned beside their own subject."""
    pks = {act.event_id for act in acts if act.event_id}
    for act in acts:
        pks.add(act.after.get(_OTHERS.get(act.kind, "")))
        for state in (act.before, act.after):
            pks |= {pk for pk, _note in state.get("steps", ())}
    return dict(Event.objects.filter(pk__in=pks - {None}).values_list("pk", "title"))


def _changes(act: CurationAct, titles: Mapping[int, str]) -> list[Change]:
    if act.kind in _OTHERS:
        return []
    changes = []
    for name in _SHOWN:
        before, after = act.before.get(name), act.after.get(name)
        if before == after or not (before or after):
            continue
        if name == "steps":
            before, after = _steps_that_differ(before or [], after or [], titles)
        changes.append(Change(name, plain(before), plain(after)))
    return changes


def _steps_that_differ(
    before: Sequence[Sequence[Any]], after: Sequence[Sequence[Any]], titles: Mapping[int, str]
) -> tuple[list[str], list[str]]:
    """The steps of a story that one side has and the other has not, numbered, with their notes."""

    def told(steps: Sequence[Sequence[Any]]) -> list[str]:
        return [
            f"{number}. {titles.get(pk, pk)}" + (f" – {note}" if note else "")
            for number, (pk, note) in enumerate(steps, start=1)
        ]

    old, new = told(before), told(after)
    return [one for one in old if one not in new], [one for one in new if one not in old]


def plain(value: Any) -> str:
    """A value of the log in a line; of an actor or a place, [name, role …], the name alone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list) and value and isinstance(value[0], list):
        return ", ".join(str(row[0]) for row in value)
    if isinstance(value, list):
        return ", ".join(plain(one) for one in value)
    return str(value)


def _judged(user: User, since: datetime) -> int:
    judging = [CurationAct.Kind.APPROVE, CurationAct.Kind.REJECT]
    acts = CurationAct.objects.filter(by=user, at__gte=since, kind__in=judging, undone_by=None)
    return acts.count()


def _twins(event: Event) -> EventQuerySet:
    """Events near in time that share an actor or a place, or are of the same type."""
    others = (
        Event.objects.filter(merged_into=None)
        .exclude(pk=event.pk)
        .exclude(review_state=ReviewState.REJECTED)
    )
    if event.sort_date is None:
        return others.none()
    actors = EventActor.objects.filter(event=event).values("actor")
    places = EventPlace.objects.filter(event=event).values("place")
    reach = min(TWIN_DAYS, event.sort_date - date.min), min(TWIN_DAYS, date.max - event.sort_date)
    return (
        others.filter(
            sort_date__gte=event.sort_date - reach[0], sort_date__lte=event.sort_date + reach[1]
        )
        .annotate(
            shared=Count("event_actors", filter=Q(event_actors__actor__in=actors), distinct=True)
            + Count("event_places", filter=Q(event_places__place__in=places), distinct=True)
        )
        .filter(Q(shared__gt=0) | Q(type=event.type))
        .order_by("-shared", "-importance", "pk")[:MOST_TWINS]
    )
