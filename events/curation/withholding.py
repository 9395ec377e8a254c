"""What readers may not see any more: the name of a person, a dispatch, an event; on request.

Rows are rewritten at once, and remembered as they were; what a later run reads, or a person
writes, passes `events/withheld.py`. Undoing the act puts back what nobody changed since, and has
the dispatches read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import processing, recording, search, versions, withheld
from events.curation import log
from events.curation.log import Kind
from events.models import (
    Actor,
    BatchItem,
    CurationAct,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    Mention,
    Place,
    ReviewState,
    Story,
    StoryEvent,
)
from events.withheld import Withheld

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_REASON = 1000
MOST_NAMES = 20  # ways in which one person is named
SHORTEST_NAME = 2  # letters

# What of a row is read by people.
_FIELDS: dict[type[Any], tuple[str, ...]] = {
    Dispatch: withheld.DISPATCH_FIELDS,
    Mention: ("title", "reason", "attribution", "actors", "places"),
    Event: ("title", "proposals", "overruled"),
    Actor: ("name", "names", "aliases", "qid"),
    Place: ("name", "names", "aliases"),
    Story: ("title", "intro", "slug", "picture_alt", "picture_credit"),
    StoryEvent: ("note",),
    BatchItem: ("name", "reason"),
}
_MODELS = {model.__name__: model for model in _FIELDS}
Row = tuple[str, int, str, Any]  # model, id, field, what it was


def withhold_name(
    names: Sequence[str], instead: str, reason: str, *, actor: Actor | None = None, by: User
) -> CurationAct:
    """Say `instead` wherever readers would see one of these names of a person.

    `actor` is the person, where they have a row. Raises ValidationError by field.
    """
    log.check(by)
    names, instead = _checked_names(names), " ".join(instead.split())
    reason = checked_reason(reason)
    told_anyway = withheld.withheld([(names, "")]).words(instead) != instead
    if not 1 <= len(instead) <= 60 or told_anyway:
        raise ValidationError({"instead": _("Say in up to 60 characters what stands instead.")})
    with transaction.atomic():
        log.lock_all()
        known = [actor] if actor else list(_called(names))
        if Actor.objects.filter(folded=recording.folded(instead)).exclude(
            pk__in=[one.pk for one in known]
        ):
            raise ValidationError({"instead": _("Somebody else is called so here.")})
        subject = known[0] if known else recording.actor_named(instead, "person")
        after = {"names": list(names), "instead": instead, "reason": reason}
        act = log.write(Kind.WITHHOLD, by, actor=subject, before={}, after=after)
        act.before = {"rows": list(_rewrite(names, withheld.names_in_force()))}
        act.save(update_fields=["before"])
    return act


def concerned(names: Sequence[str]) -> tuple[int, int]:
    """How many dispatches and events name a person so, before anything is done about it."""
    given = withheld.withheld([(names, "")])
    if not given:
        return 0, 0
    dispatches = [one for one in _dispatches(names) if given.black_out(one.text) != one.text]
    events = Event.objects.filter(Q(mentions__dispatch__in=dispatches), merged_into=None)
    told = [e for e in events.distinct() if given.words(e.title) != e.title or _names_one(e, given)]
    return len(dispatches), len(told)


def withdraw_dispatch(dispatch: Dispatch, reason: str, *, by: User) -> CurationAct:
    """Take a dispatch off the site, with all its versions and what only they tell."""
    log.check(by)
    reason = checked_reason(reason)
    with transaction.atomic():
        log.lock_all()
        dispatch = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
        if dispatch.withdrawn_at is not None:
            raise ValidationError(_("It was taken back already."))
        rows = list(versions.of_item(dispatch.guid)) or [dispatch]
        last = CurationAct.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        versions.withdraw(rows)
        rejections = CurationAct.objects.filter(pk__gt=last, kind=Kind.REJECT, by=None)
        after = {
            "reason": reason,
            "versions": [row.pk for row in rows],
            "rejections": list(rejections.values_list("pk", flat=True)),
        }
        return log.write(Kind.WITHDRAW, by, dispatch=dispatch, before={}, after=after)


def withdraw_event(event: Event, reason: str, *, by: User) -> CurationAct:
    """Take an event off the site on request: it is rejected, and the reason kept."""
    log.check(by)
    reason = checked_reason(reason)
    with transaction.atomic():
        event = log.lock(event)
        before = {"review_state": event.review_state}
        event.review_state = ReviewState.REJECTED
        event.save(update_fields=["review_state", "updated_at"])
        after = {"review_state": event.review_state, "reason": reason}
        return log.write(Kind.WITHDRAW, by, event=event, before=before, after=after)


def checked_reason(reason: str) -> str:
    reason = str(reason).strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise ValidationError({"reason": _("Say why, for those who come after you.")})
    return reason


def _checked_names(names: Iterable[str]) -> list[str]:
    clean = list(dict.fromkeys(name for one in names if (name := " ".join(str(one).split()))))
    letters = [sum(letter.isalpha() for letter in name) for name in clean]
    if not 1 <= len(clean) <= MOST_NAMES or min(letters) < SHORTEST_NAME:
        words = _("Write each way in which the person is named on a line of its own.")
        raise ValidationError({"names": words})
    return clean


def _called(names: Iterable[str]) -> Iterator[Actor]:
    """The actors of these names, those that other names lead to first."""
    rows = Actor.objects.filter(folded__in=[recording.folded(name) for name in names])
    meant = {row.same_as_id or row.pk: row for row in rows}
    return iter(Actor.objects.filter(pk__in=meant).order_by("pk"))


# ------------------------------------------------------------------------------------- rewriting


def _rewrite(names: Sequence[str], all_names: Withheld) -> Iterator[Row]:
    """Take the names out of every row that readers see; yield each value as it was."""
    dispatches = list(_dispatches(names))
    concerned = list(_concerned_rows(names, dispatches))
    for dispatch in dispatches:
        if _black_out(dispatch, all_names):
            yield "Dispatch", dispatch.pk, "text", None
    named: dict[type[Any], list[int]] = {Actor: [], Place: []}
    for row in concerned:
        changes = dict(_changes(row, all_names))
        for name in changes:
            yield type(row).__name__, row.pk, name, getattr(row, name)
        if changes:
            type(row)._default_manager.filter(pk=row.pk).update(**_columns(row, changes))
            named.get(type(row), []).append(row.pk)
    _touch(actors=named[Actor], places=named[Place])


def _black_out(dispatch: Dispatch, names: Withheld) -> bool:
    """Write the text that readers may see; whether it is another one than before."""
    whole = dispatch.whole_text
    text = names.black_out(whole)
    if text == dispatch.text:
        return False
    private = whole if text != whole else ""
    Dispatch.objects.filter(pk=dispatch.pk).update(text=text, private_text=private)
    recording.quote_anew(dispatch.mentions.all(), text)
    return True


def _concerned_rows(names: Sequence[str], dispatches: Sequence[Dispatch]) -> Iterator[Any]:
    told = Event.objects.filter(mentions__dispatch__in=dispatches).values_list("pk", flat=True)
    found = {pk for name in names for pk in search.event_ids(name)}
    yield from dispatches
    yield from Mention.objects.filter(dispatch__in=dispatches)
    yield from Event.objects.filter(pk__in={*told, *found})
    yield from Actor.objects.filter(_holding(names) | ~Q(aliases=[]))
    yield from Place.objects.filter(_holding(names) | ~Q(aliases=[]))
    yield from Story.objects.all()
    yield from StoryEvent.objects.exclude(note="")
    yield from BatchItem.objects.filter(dispatch__in=dispatches)


def _dispatches(names: Sequence[str]) -> Iterator[Dispatch]:
    """Those whose title or text may hold one of these names: the index says so, where it can."""
    wanted = Q(pk__in=search.dispatches_indexed_in_part())
    for name in names:
        wanted |= Q(pk__in=search.dispatches_holding(name))
    return iter(Dispatch.objects.filter(wanted))


def _holding(names: Sequence[str]) -> Q:
    """Rows whose folded name holds the longest word of one of these."""
    longest = [max(recording.folded(name).split(), key=len) for name in names]
    wanted = Q()
    for word in longest:
        wanted |= Q(folded__contains=word)
    return wanted


def _changes(row: Any, names: Withheld) -> Iterator[tuple[str, Any]]:
    """The fields of a row in which a name stands, and what they are without it."""
    for name in _FIELDS[type(row)]:
        was = getattr(row, name)
        if name == "slug":
            told = slugify(names.words(was.replace("-", " ")))
            now = _free_slug(row, told) if told != was else was
        elif name == "qid":
            now = "" if was and names.words(row.name) != row.name else was
        else:
            now = names.values(was)
        if now != was:
            yield name, _cut(row, name, now)


def _cut(row: Any, name: str, value: Any) -> Any:
    most = row._meta.get_field(name).max_length
    return value[:most] if isinstance(value, str) and most else value


def _columns(row: Any, changes: dict[str, Any]) -> dict[str, Any]:
    """The columns to write: rows that are found by their name are found by the new one."""
    if "name" not in changes or not isinstance(row, Actor | Place):
        return changes
    folded = recording.folded(changes["name"])[:190]
    alike = type(row)._default_manager.filter(folded=folded).exclude(pk=row.pk)
    return changes | {"folded": f"{folded} {row.pk}" if alike.exists() else folded}


def _free_slug(story: Story, stem: str) -> str:
    taken = Story.objects.filter(slug=stem).exclude(pk=story.pk).exists()
    return f"{stem[:60]}-{story.pk}" if taken or not stem else stem


def _names_one(event: Event, names: Withheld) -> bool:
    cast = event.event_actors.values_list("actor__name", flat=True)
    return any(names.words(name) != name for name in cast)


def _touch(*, actors: Iterable[int], places: Iterable[int]) -> None:
    """Write the rows that link these as they are: the corpus moves on, no cache answers for it."""
    EventActor.objects.filter(actor__in=actors).update(role=F("role"))
    EventPlace.objects.filter(place__in=places).update(place=F("place"))


# --------------------------------------------------------------------------------------- undoing


@log.undoes(Kind.WITHHOLD)
def _undo_withholding(act: CurationAct) -> None:
    log.lock_all()
    now, left = withheld.names_in_force(), withheld.names_in_force(but=act)
    named: dict[str, list[int]] = {"Actor": [], "Place": []}
    for model, pk, name, was in act.before["rows"]:
        row = _MODELS[model]._default_manager.filter(pk=pk).first()
        if row is None:
            continue
        if name == "text":
            if _black_out(row, left):
                processing.extract_again(row)
        elif name in {"slug", "qid"} or getattr(row, name) == _cut(row, name, now.values(was)):
            changes = {name: left.values(was)}
            type(row)._default_manager.filter(pk=pk).update(**_columns(row, changes))
            named.get(model, []).append(pk)
    _touch(actors=named["Actor"], places=named["Place"])


@log.undoes(Kind.WITHDRAW)
def _undo_withdrawal(act: CurationAct) -> None:
    if act.dispatch is None:
        log.refuse_if_later(act, Kind.APPROVE, Kind.REJECT, Kind.WITHDRAW)
        event = log.event_of(act)
        event.review_state = act.before["review_state"]
        event.save(update_fields=["review_state", "updated_at"])
        recording.refresh(event)
        return
    log.lock_all()
    rows = Dispatch.objects.filter(pk__in=act.after["versions"])
    for row in rows:
        row.withdrawn_from.clear()
    rows.update(withdrawn_at=None, withdrawn_why="")
    for rejection in CurationAct.objects.filter(pk__in=act.after["rejections"], undone_by=None):
        later = log.standing(CurationAct.objects.filter(event=rejection.event, pk__gt=rejection.pk))
        if rejection.event is not None and not later.exists():
            rejection.event.review_state = rejection.before["review_state"]
            rejection.event.save(update_fields=["review_state", "updated_at"])
    for row in rows.filter(replaced_by=None):
        processing.extract_again(row)
