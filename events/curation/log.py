"""What every act has in common: who may, what is locked, what is written down, how it is undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from events import recording
from events.models import CurationAct, Event, Mention

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

Kind = CurationAct.Kind
Undo = Callable[[CurationAct], None]
UNDO: dict[str, Undo] = {}


def undoes(*kinds: Kind) -> Callable[[Undo], Undo]:
    """Say that a function takes back such acts; it raises ValidationError where it cannot."""

    def register(undo: Undo) -> Undo:
        UNDO.update(dict.fromkeys(kinds, undo))
        return undo

    return register


def may_curate(user: User | AnonymousUser) -> bool:
    return bool(user.is_active) and user.has_perm("events.change_event")


def check(by: User) -> None:
    """Raise PermissionDenied unless `by` is a curator."""
    if not may_curate(by):
        raise PermissionDenied


def check_dating(by: User | None) -> None:
    """Raise PermissionDenied unless `by` may add dispatches: who adds one may say its day.

    None is whoever sits at their own machine, whom `roles.may` let in.
    """
    if by is not None and not (by.is_active and by.has_perm("events.add_dispatch")):
        raise PermissionDenied


def lock(event: Event) -> Event:
    return Event.objects.select_for_update().get(pk=event.pk)


def lock_standing(event: Event) -> Event:
    """The same of an event that may be judged. Raises ValidationError if it was merged away."""
    event = lock(event)
    if event.merged_into_id is not None:
        raise ValidationError(_("This event was made one with another."))
    return event


def lock_all() -> None:
    """Hold off readings that would place mentions while this transaction moves them."""
    recording.one_at_a_time()


def write(kind: Kind, by: User | None, **values: Any) -> CurationAct:
    return CurationAct.objects.create(kind=kind, by=by, **values)


def too_late() -> ValidationError:
    return ValidationError(_("Something later rests on this act: it cannot be undone."))


def event_of(act: CurationAct) -> Event:
    """The event of an act, locked. Raises ValidationError if it is gone or was merged away."""
    if act.event is None:
        raise too_late()
    event = lock(act.event)
    if event.merged_into_id is not None:
        raise too_late()
    return event


def standing(acts: Any) -> Any:
    """Those of `acts` that were not undone, undoings left out."""
    return acts.exclude(kind=Kind.UNDO).filter(undone_by=None)


def refuse_if_later(act: CurationAct, *kinds: Kind, fields: set[str] | None = None) -> None:
    """Raise ValidationError if a later standing act of these kinds decides the same thing."""
    later = standing(CurationAct.objects.filter(event=act.event, pk__gt=act.pk, kind__in=kinds))
    if any(fields is None or fields & one.after.keys() for one in later):
        raise too_late()


def pins(event: Event) -> dict[str, bool]:
    return {str(pk): pinned for pk, pinned in event.mentions.values_list("pk", "pinned")}


def move_back(pinned: Mapping[str, bool], event: Event) -> None:
    """Put reports back into an event; not those that their agency took back meanwhile."""
    taken_back = Mention.objects.filter(pk__in=map(int, pinned))
    taken_back.exclude(dispatch__withdrawn_at=None).delete()
    for pk, pin in pinned.items():
        Mention.objects.filter(pk=int(pk)).update(event=event, pinned=pin)
