"""What a curator may do. Each act checks permission, is logged, and can be undone.

An act is also a constraint on the machine (events/recording.py): fields that a person set keep
their value, mentions that a person placed stay, and what was judged is not deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events import intervals, processing, recording
from events.models import (
    CurationAct,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    EventType,
    Mention,
    PlaceKind,
    ReviewState,
    Role,
    Status,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Kind = CurationAct.Kind
PLAIN_FIELDS = ("title", "edtf", "type", "status", "time_of_day")
TITLE_LENGTH = 90


def may_curate(user: User | AnonymousUser) -> bool:
    return bool(user.is_active) and user.has_perm("events.change_event")


def approve_event(event: Event, *, by: User) -> CurationAct:
    return _judge(event, ReviewState.APPROVED, Kind.APPROVE, by)


def reject_event(event: Event, *, by: User) -> CurationAct:
    return _judge(event, ReviewState.REJECTED, Kind.REJECT, by)


def edit_event(event: Event, changes: Mapping[str, object], *, by: User) -> CurationAct | None:
    """Set fields of an event; from now on they are the person's. None: nothing was different.

    `changes` may hold title, edtf, type, status, time_of_day, actors [(name, role), …] and
    places [(name, kind, country), …]. Raises ValidationError by field.
    """
    _check(by)
    with transaction.atomic():
        event = _lock(event)
        before = {name: _value(event, name) for name in changes}
        after = {name: checked(name, value) for name, value in changes.items()}
        changed = [name for name in changes if before[name] != after[name]]
        if not changed:
            return None
        fields = event.curated_fields
        _apply(event, {name: after[name] for name in changed})
        event.curated_fields = sorted({*fields, *changed})
        event.save()
        return _log(
            Kind.EDIT,
            by,
            event=event,
            before={name: before[name] for name in changed} | {"curated_fields": fields},
            after={name: after[name] for name in changed},
        )


def merge_events(kept: Event, absorbed: Event, *, by: User) -> CurationAct:
    """Make one event of two: the reports of `absorbed` move to `kept`, whose date stays its own.

    Raises ValidationError if they are one already.
    """
    _check(by)
    with transaction.atomic():
        kept, absorbed = _lock(kept), _lock(absorbed)
        if kept.pk == absorbed.pk or kept.merged_into_id or absorbed.merged_into_id:
            raise ValidationError(_("These events are already one."))
        before = {
            "kept": _pins(kept),
            "absorbed": _pins(absorbed),
            "edtf": kept.edtf,
            "curated_fields": kept.curated_fields,
        }
        moved = list(absorbed.mentions.values_list("pk", flat=True))
        Mention.objects.filter(event__in=[kept, absorbed]).update(event=kept, pinned=True)
        absorbed.merged_into = kept
        absorbed.save()
        # A merge never changes a date.
        kept.curated_fields = sorted({*kept.curated_fields, "edtf"})
        kept.save()
        recording.refresh(kept)
        return _log(
            Kind.MERGE,
            by,
            event=kept,
            before=before,
            after={"absorbed": absorbed.pk, "moved": moved},
        )


def split_event(event: Event, mentions: Sequence[Mention], *, by: User) -> Event:
    """Give these reports of an event an event of their own; the two stay apart from then on.

    Raises ValidationError unless some, and not all, of the event's reports are named.
    """
    _check(by)
    with transaction.atomic():
        event = _lock(event)
        own = set(event.mentions.values_list("pk", flat=True))
        chosen = {mention.pk for mention in mentions}
        if not chosen or not chosen < own:
            raise ValidationError(_("Choose some of the reports, but not all of them."))
        before = {"pins": _pins(event)}
        first = event.mentions.filter(pk__in=chosen).earliest("pk")
        part = Event.objects.create(title=first.title, type=first.type, status=first.status)
        Mention.objects.filter(pk__in=own).update(pinned=True)
        Mention.objects.filter(pk__in=chosen).update(event=part)
        for piece in (event, part):
            recording.refresh(piece)
        part.refresh_from_db()
        _log(
            Kind.SPLIT,
            by,
            event=event,
            before=before,
            after={"part": part.pk, "moved": sorted(chosen)},
        )
        return part


def redate_dispatch(dispatch: Dispatch, published: date | None, *, by: User) -> CurationAct:
    """State the day of a dispatch, and have it read again: all that counts from it moves."""
    _check(by)
    with transaction.atomic():
        dispatch = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
        before = dispatch.published
        dispatch.published = published
        dispatch.save(update_fields=["published"])
        act = _log(
            Kind.REDATE,
            by,
            dispatch=dispatch,
            before={"published": before and before.isoformat()},
            after={"published": published and published.isoformat()},
        )
        processing.extract_again(dispatch)
    return act


def undo_act(act: CurationAct, *, by: User) -> CurationAct:
    """Take an act back, as far as nothing later rests on it.

    Raises ValidationError if it was undone before, or cannot be taken back any more.
    """
    _check(by)
    with transaction.atomic():
        act = CurationAct.objects.select_for_update().get(pk=act.pk)
        if act.is_undone or act.kind == Kind.UNDO:
            raise ValidationError(_("This act was already undone."))
        _UNDO[act.kind](act)
        return _log(
            Kind.UNDO,
            by,
            event=act.event,
            dispatch=act.dispatch,
            before=act.after,
            after=act.before,
            undoes=act,
        )


def _judge(event: Event, state: ReviewState, kind: Kind, by: User) -> CurationAct:
    _check(by)
    with transaction.atomic():
        event = _lock(event)
        before = event.review_state
        event.review_state = state
        event.save(update_fields=["review_state", "updated_at"])
        return _log(
            kind, by, event=event, before={"review_state": before}, after={"review_state": state}
        )


def _check(by: User) -> None:
    if not may_curate(by):
        raise PermissionDenied


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update().get(pk=event.pk)


def _pins(event: Event) -> dict[str, bool]:
    return {str(pk): pinned for pk, pinned in event.mentions.values_list("pk", "pinned")}


def _value(event: Event, name: str) -> Any:
    if name == "actors":
        return [[row.actor.name, row.role] for row in event.event_actors.select_related("actor")]
    if name == "places":
        rows = event.event_places.select_related("place")
        return [[row.place.name, row.place.kind, row.place.country] for row in rows]
    return getattr(event, name)


def checked(name: str, value: Any) -> Any:
    """The value of a field as it is kept. Raises ValidationError under the name of the field."""
    try:
        return _CLEAN[name](value)
    except KeyError:
        raise ValidationError({name: _("There is no such field.")}) from None
    except (ValueError, TypeError) as error:
        raise ValidationError({name: str(error)}) from error


def _clean_title(value: str) -> str:
    title = " ".join(str(value).split())
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise ValueError(_("A title has 1 to %(most)s characters.") % {"most": TITLE_LENGTH})
    return title


def _clean_edtf(value: str) -> str:
    try:
        intervals.bounds(value)
    except ValueError:
        raise ValueError(
            _("This is no date that can be read: write 2016-12-07, 2016-12, 2016 or 2016-12-07/…")
        ) from None
    return value


def _clean_time(value: str) -> str:
    known = value in {"", "MO", "MI", "AF", "EV", "NI"}
    hour, colon, minute = value.partition(":")
    clock = colon and hour.isdigit() and minute.isdigit() and len(value) == 5
    if not known and not (clock and int(hour) < 24 and int(minute) < 60):
        raise ValueError(_("Write the hour as 14:30."))
    return value


def _clean_actors(value: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[name.strip(), Role(role).value] for name, role in value if name.strip()]


def _clean_places(value: Sequence[Sequence[str]]) -> list[list[str]]:
    return [
        [name.strip(), PlaceKind(kind).value, country.strip().upper()[:2]]
        for name, kind, country in value
        if name.strip()
    ]


_CLEAN: dict[str, Callable[[Any], Any]] = {
    "title": _clean_title,
    "edtf": _clean_edtf,
    "type": lambda value: EventType(value).value,
    "status": lambda value: Status(value).value,
    "time_of_day": _clean_time,
    "actors": _clean_actors,
    "places": _clean_places,
}


def _apply(event: Event, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name == "actors":
            event.event_actors.all().delete()
            EventActor.objects.bulk_create(
                [
                    EventActor(event=event, actor=recording.actor_named(actor), role=role)
                    for actor, role in value
                ],
                ignore_conflicts=True,
            )
        elif name == "places":
            event.event_places.all().delete()
            EventPlace.objects.bulk_create(
                [
                    EventPlace(
                        event=event, place=recording.place_named(place, kind=kind, country=country)
                    )
                    for place, kind, country in value
                ],
                ignore_conflicts=True,
            )
        else:
            setattr(event, name, value)
    if "edtf" in values:
        recording.place_in_time(event)


def _log(kind: Kind, by: User, **values: Any) -> CurationAct:
    return CurationAct.objects.create(kind=kind, by=by, **values)


def _undo_judgment(act: CurationAct) -> None:
    event = _subject(act)
    event.review_state = act.before["review_state"]
    event.save(update_fields=["review_state", "updated_at"])
    recording.refresh(event)


def _undo_edit(act: CurationAct) -> None:
    event = _subject(act)
    values = {name: value for name, value in act.before.items() if name != "curated_fields"}
    _apply(event, values)
    event.curated_fields = act.before["curated_fields"]
    event.save()
    recording.refresh(event)


def _undo_merge(act: CurationAct) -> None:
    kept = _subject(act)
    absorbed = Event.objects.select_for_update().get(pk=act.after["absorbed"])
    if absorbed.merged_into_id != kept.pk:
        raise ValidationError(_("Something later rests on this act: it cannot be undone."))
    absorbed.merged_into = None
    absorbed.save()
    _move_back(act.before["absorbed"], absorbed)
    _move_back(act.before["kept"], kept)
    kept.curated_fields = act.before["curated_fields"]
    kept.save()
    for event in (kept, absorbed):
        recording.refresh(event)


def _undo_split(act: CurationAct) -> None:
    event = _subject(act)
    part = Event.objects.select_for_update().get(pk=act.after["part"])
    if part.merged_into_id or part.acts.exists():
        raise ValidationError(_("Something later rests on this act: it cannot be undone."))
    _move_back(act.before["pins"], event)
    Mention.objects.filter(event=part).update(event=event)
    recording.refresh(event)
    recording.refresh(part)


def _undo_redate(act: CurationAct) -> None:
    dispatch = act.dispatch
    if dispatch is None:
        raise ValidationError(_("Something later rests on this act: it cannot be undone."))
    day = act.before["published"]
    dispatch.published = date.fromisoformat(day) if day else None
    dispatch.save(update_fields=["published"])
    processing.extract_again(dispatch)


def _move_back(pins: Mapping[str, bool], event: Event) -> None:
    for pk, pinned in pins.items():
        Mention.objects.filter(pk=int(pk)).update(event=event, pinned=pinned)


def _subject(act: CurationAct) -> Event:
    if act.event is None:
        raise ValidationError(_("Something later rests on this act: it cannot be undone."))
    return _lock(act.event)


_UNDO: dict[str, Callable[[CurationAct], None]] = {
    Kind.APPROVE: _undo_judgment,
    Kind.REJECT: _undo_judgment,
    Kind.EDIT: _undo_edit,
    Kind.MERGE: _undo_merge,
    Kind.SPLIT: _undo_split,
    Kind.REDATE: _undo_redate,
}
