"""Every act that a curator has, made on real events, each with the question whether it stands."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from events import curation
from events.models import (
    EVENT_FIELDS,
    CurationAct,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    Mention,
    Story,
)
from events.search import folded

CORRECTIONS: dict[str, Any] = {
    "title": "Ce que la personne a écrit",
    "edtf": "1999-05",
    "time_of_day": "07:05",
    "type": "other",
    "status": "hypothetical",
    "actors": [["Une personne", "agent"]],
    "places": [["Un lieu", "city", "FR"]],
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a subject; `lost` says what is no more as they left it, or ""."""

    what: str
    about: Any
    lost: Callable[[], str]


class Pool:
    """Events on which nobody has decided anything yet."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.left = list(events)

    def take(self, *, reports: int = 1, **other: object) -> Event:
        """One with so many reports and without these `other` values; StopIteration if none is."""
        event = next(
            one
            for one in self.left
            if one.mentions.count() >= reports
            and all(curation.value(one, name) != value for name, value in other.items())
        )
        self.left.remove(event)
        return event


def decide_all(events: Sequence[Event], by: User) -> Iterator[Decision]:
    """Make every act in turn, until no event is left for it."""
    pool = Pool(events)
    rare = [split, attach, detach]  # they need an event with several reports
    common = [
        approve, reject, *[_edit(name) for name in EVENT_FIELDS], merge, comment, contradict,
        put_into_story, undo, correct_and_approve, correct_and_merge,
    ]  # fmt: skip
    for acts in (rare, common):
        for act in itertools.cycle(acts):
            try:
                decisions = act(pool, by)
            except StopIteration:
                break
            yield from decisions


def facts(event: Event) -> dict[str, Any]:
    return {name: curation.value(event, name) for name in EVENT_FIELDS}


def again(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def approve(pool: Pool, by: User) -> list[Decision]:
    event = pool.take()
    curation.approve_event(event, by=by)
    return [_approved(event, "approve")]


def correct_and_approve(pool: Pool, by: User) -> list[Decision]:
    event = pool.take()
    curation.edit_event(event, {"edtf": CORRECTIONS["edtf"]}, by=by)
    curation.approve_event(event, by=by)
    return [_approved(again(event), "correct and approve")]


def _approved(event: Event, what: str) -> Decision:
    before = facts(again(event))

    def lost() -> str:
        now = again(event)
        if now.review_state != "approved" or now.merged_into_id:
            return f"it is {now.review_state}"
        if not now.mentions.exists():
            return "its evidence is gone"
        return _changed(before, facts(now))

    return Decision(what, event, lost)


def _changed(before: dict[str, Any], now: dict[str, Any]) -> str:
    return ", ".join(
        f"{name}: {before[name]} -> {now[name]}" for name in before if before[name] != now[name]
    )


def reject(pool: Pool, by: User) -> list[Decision]:
    event = pool.take()
    columns = ("dispatch", "trigger_start", "trigger_end", "edtf")
    words = list(event.mentions.values(*columns))
    curation.reject_event(event, by=by)

    def lost() -> str:
        if again(event).review_state != "rejected":
            return "it lives again"
        for same in words:
            alive = Mention.objects.filter(**same).exclude(event__review_state="rejected")
            if alive.exists():
                return "its words are proposed again"
        return ""

    return [Decision("reject", event, lost)]


def _edit(name: str) -> Callable[[Pool, User], list[Decision]]:
    def edit(pool: Pool, by: User) -> list[Decision]:
        event = pool.take(**{name: CORRECTIONS[name]})  # what it is already is no correction
        curation.edit_event(event, {name: CORRECTIONS[name]}, by=by)

        def lost() -> str:
            now = again(event)
            if now.merged_into_id:
                return "merged away"
            if curation.value(now, name) != CORRECTIONS[name]:
                return f"it is {curation.value(now, name)} now"
            return "" if name in now.curated_fields else "nobody knows that a person set it"

        return [Decision(f"edit {name}", event, lost)]

    return edit


def merge(pool: Pool, by: User) -> list[Decision]:
    return [_merged(pool.take(), pool.take(), by, "merge")]


def correct_and_merge(pool: Pool, by: User) -> list[Decision]:
    kept, absorbed = pool.take(), pool.take()
    curation.edit_event(kept, {"title": CORRECTIONS["title"]}, by=by)
    return [_merged(again(kept), absorbed, by, "correct and merge")]


def _merged(kept: Event, absorbed: Event, by: User, what: str) -> Decision:
    reports = _reports(kept) | _reports(absorbed)
    curation.merge_events(kept, absorbed, by=by)

    def lost() -> str:
        if again(absorbed).merged_into_id != kept.pk:
            return "they are two again"
        if again(kept).edtf != kept.edtf:
            return "the date moved"
        return _strayed(reports, kept)

    return Decision(what, kept, lost)


def _reports(event: Event) -> set[int]:
    return set(event.mentions.values_list("pk", flat=True))


def _strayed(reports: set[int], event: Event) -> str:
    """Which of these reports are not in the event any more."""
    missing = reports - _reports(event)
    return f"reports {sorted(missing)} are elsewhere" if missing else ""


def split(pool: Pool, by: User) -> list[Decision]:
    event = pool.take(reports=2)
    first, *others = event.mentions.all()
    part = curation.split_event(event, others, by=by)
    return [
        Decision("split", event, lambda: _strayed({first.pk}, event)),
        Decision("split", part, lambda: _strayed({one.pk for one in others}, part)),
    ]


def detach(pool: Pool, by: User) -> list[Decision]:
    event = pool.take(reports=2)
    alone = event.mentions.latest("pk")
    part = curation.split_event(event, [alone], by=by)
    return [Decision("detach", event, lambda: _strayed({alone.pk}, part))]


def attach(pool: Pool, by: User) -> list[Decision]:
    event, other = pool.take(reports=2), pool.take()
    moved = event.mentions.latest("pk")
    curation.attach_mention(moved, other, by=by)
    return [Decision("attach", other, lambda: _strayed({moved.pk}, other))]


def comment(pool: Pool, by: User) -> list[Decision]:
    event = pool.take()
    reports = _reports(event)
    act = curation.comment(event, "Je vérifie demain auprès de la préfecture.", by=by)

    def lost() -> str:
        if not CurationAct.objects.filter(pk=act.pk, event=event).exists():
            return "the comment is gone"
        return "" if reports & _reports(event) else "it hangs on an event without reports"

    return [Decision("comment", event, lost)]


def contradict(pool: Pool, by: User) -> list[Decision]:
    event, other = pool.take(), pool.take()
    curation.mark_contradicted(event, other, by=by)

    def lost() -> str:
        if not again(other).contradicts.filter(pk=event.pk, merged_into=None).exists():
            return "nobody contradicts it"
        return "" if _reports(event) and _reports(other) else "one has no report left"

    return [Decision("contradict", event, lost)]


def put_into_story(pool: Pool, by: User) -> list[Decision]:
    event = pool.take()
    story = Story.objects.first()
    story = story or curation.create_story("Le récit", language="fr", by=by)
    curation.add_to_story(story, [event], by=by)

    def lost() -> str:
        if not story.steps.filter(event=event, event__merged_into=None).exists():
            return "the step is gone"
        return "" if _reports(event) else "the step has no evidence left"

    return [Decision("story", event, lost)]


def undo(pool: Pool, by: User) -> list[Decision]:
    event = pool.take()
    curation.undo_act(curation.reject_event(event, by=by), by=by)

    def lost() -> str:
        now = again(event)
        return "" if (now.review_state, now.merged_into_id) == ("proposed", None) else "not undone"

    return [Decision("undo", event, lost)]


def create(dispatch: Dispatch, by: User) -> Decision:
    """Make an event of the first long word of a dispatch that tells of none."""
    taken = {at for m in dispatch.mentions.all() for at in range(m.trigger_start, m.trigger_end)}
    start = next(
        at
        for at in range(1, len(dispatch.text) - 12)
        if dispatch.text[at : at + 12].replace(" ", "").isalpha()
        and taken.isdisjoint(range(at, at + 12))
    )
    event = curation.create_event(dispatch, start, start + 12, CORRECTIONS, by=by)
    mention = event.mentions.get()

    def lost() -> str:
        return _changed(CORRECTIONS, facts(again(event))) or _strayed({mention.pk}, event)

    return Decision("create", event, lost)


def redate(dispatch: Dispatch, day: date, by: User) -> Decision:
    curation.redate_dispatch(dispatch, day, by=by)

    def lost() -> str:
        now = Dispatch.objects.get(pk=dispatch.pk)
        return "" if (now.published, now.dct) == (day, day.isoformat()) else f"of {now.dct}"

    return Decision("redate", dispatch, lost)


def rename(subject: Any, by: User) -> Decision:
    former, name = subject.name, f"{subject.name} (autrement)"
    curation.rename(subject, name, by=by)

    def lost() -> str:
        now = type(subject).objects.get(pk=subject.pk)
        if now.name != name:
            return f"called {now.name}"
        return _used_again(subject, former)

    return Decision(f"rename {type(subject).__name__.lower()}", subject, lost)


def unite(kept: Any, absorbed: Any, by: User) -> Decision:
    curation.unite(kept, absorbed, by=by)

    def lost() -> str:
        now = type(kept).objects.get(pk=absorbed.pk)
        if now.same_as_id != kept.pk:
            return "they are two again"
        return _used_again(absorbed, absorbed.name)

    return Decision(f"unite {type(kept).__name__.lower()}", absorbed, lost)


def _used_again(subject: Any, name: str) -> str:
    """Whether events go by a name that a person gave up."""
    if subject._meta.model_name == "actor":
        used = EventActor.objects.filter(actor__folded=folded(name))
    else:
        used = EventPlace.objects.filter(
            place__folded=folded(name), place__country=subject.country
        )
    return f"{used.count()} events go by {name}" if used.exists() else ""


def weigh(event: Event, by: User, *, take: bool) -> list[Decision]:
    """Take all new facts against a checked event, or turn all of them down."""
    act = _taken if take else _turned_down
    return [act(event, name, by) for name in event.proposals]


def _turned_down(event: Event, name: str, by: User) -> Decision:
    theirs = event.proposals[name]
    curation.turn_down(event, name, by=by)

    def lost() -> str:
        return f"{theirs} is proposed" if again(event).proposals.get(name) == theirs else ""

    return Decision(f"turn down {name}", event, lost)


def _taken(event: Event, name: str, by: User) -> Decision:
    curation.edit_event(event, {name: event.proposals[name]}, by=by)
    new = curation.value(again(event), name)

    def lost() -> str:
        now = curation.value(again(event), name)
        return "" if now == new else f"it is {now} now"

    return Decision(f"take {name}", event, lost)
