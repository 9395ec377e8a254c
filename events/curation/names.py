"""What actors and places are called, and which names mean the same one.

A name that was given up stays as a row of its own that points to the one that is meant
(`same_as`): when a dispatch uses it again, `recording` goes by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events import recording
from events.curation import log
from events.curation.log import Kind
from events.curation.values import clean_name
from events.models import Actor, CurationAct, EventActor, EventPlace, Place
from events.withheld import names_in_force

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Subject = TypeVar("Subject", Actor, Place)


def rename(subject: Subject, name: str, *, by: User) -> CurationAct:
    """Call an actor or a place by another name; the former one is kept as an alias.

    Raises ValidationError if another one has that name: they are to be made one instead.
    """
    log.check(by)
    name = clean_name(name)
    with transaction.atomic():
        subject = _lock(subject)
        before = {"name": subject.name, "names": subject.names, "aliases": subject.aliases}
        if is_taken(subject, name):
            raise ValidationError(
                _("There is another one of this name: make the two one instead.")
            )
        learnt = None
        _peers_named(subject, name).delete()
        if recording.folded(name) != subject.folded:
            former, subject.folded = subject.folded, recording.folded(name)
            learnt = (subject.name, former)
        subject.aliases = [one for one in [*subject.aliases, subject.name] if one != name]
        subject.name = name
        subject.names = dict.fromkeys(dict(settings.LANGUAGES), name)
        subject.save()
        if learnt:
            _point(subject, *learnt)
        after = {"name": name}
        return log.write(Kind.RENAME, by, before=before, after=after, **_column(subject))


def unite(kept: Subject, absorbed: Subject, *, by: User) -> CurationAct:
    """Make one actor, or one place, of two names for it: all events of the other move here.

    Raises ValidationError if they are one already.
    """
    log.check(by)
    with transaction.atomic():
        kept, absorbed = _lock(kept), _lock(absorbed)
        if kept.pk == absorbed.pk or kept.same_as_id or absorbed.same_as_id:
            raise ValidationError(_("These names are already one."))
        rows: Any = EventActor if isinstance(kept, Actor) else EventPlace
        column = "actor" if isinstance(kept, Actor) else "place"
        moved, doubled = [], []
        have = {_place_of(row) for row in rows.objects.filter(**{column: kept})}
        for row in rows.objects.filter(**{column: absorbed}):
            if _place_of(row) in have:
                doubled.append(list(_place_of(row)))
                row.delete()
            else:
                moved.append(row.pk)
        rows.objects.filter(pk__in=moved).update(**{column: kept})
        others = list(absorbed.other_names.values_list("pk", flat=True))
        absorbed.other_names.update(same_as=kept)
        absorbed.same_as = kept
        absorbed.save(update_fields=["same_as"])
        before = {"aliases": kept.aliases}
        kept.aliases = [*dict.fromkeys([*kept.aliases, absorbed.name, *absorbed.aliases])]
        kept.save(update_fields=["aliases"])
        after = {
            "absorbed": absorbed.pk, "name": absorbed.name, "moved": moved, "doubled": doubled,
            "others": others,
        }  # fmt: skip
        return log.write(Kind.UNITE, by, before=before, after=after, **_column(kept))


@log.undoes(Kind.RENAME)
def _undo_rename(act: CurationAct) -> None:
    subject = _lock(_of(act))
    withheld = names_in_force()
    former = withheld.words(act.before["name"])
    others = _peers_named(subject, former)
    if subject.name != act.after["name"] or any(one.same_as_id != subject.pk for one in others):
        raise log.too_late()
    others.delete()
    subject.name, subject.folded = former, recording.folded(former)
    subject.names = withheld.values(act.before.get("names", {}))
    subject.aliases = withheld.values(act.before["aliases"])
    subject.save()


@log.undoes(Kind.UNITE)
def _undo_unite(act: CurationAct) -> None:
    kept = _lock(_of(act))
    absorbed = type(kept)._default_manager.filter(pk=act.after["absorbed"], same_as=kept).first()
    if absorbed is None:
        raise log.too_late()
    absorbed.same_as = None
    absorbed.save(update_fields=["same_as"])
    kept.other_names.filter(pk__in=act.after["others"]).update(same_as=absorbed)
    kept.aliases = names_in_force().values(act.before["aliases"])
    kept.save(update_fields=["aliases"])
    if isinstance(kept, Actor):
        EventActor.objects.filter(pk__in=act.after["moved"]).update(actor=absorbed)
        EventActor.objects.bulk_create(
            [
                EventActor(event_id=event, role=role, actor=absorbed)
                for event, role in act.after["doubled"]
            ],
            ignore_conflicts=True,
        )
    else:
        EventPlace.objects.filter(pk__in=act.after["moved"]).update(place=absorbed)
        EventPlace.objects.bulk_create(
            [EventPlace(event_id=event, place=absorbed) for (event,) in act.after["doubled"]],
            ignore_conflicts=True,
        )


def _place_of(row: EventActor | EventPlace) -> tuple[Any, ...]:
    """What must be unique of a row beside its actor or place."""
    return (row.event_id, row.role) if isinstance(row, EventActor) else (row.event_id,)


def is_taken(subject: Actor | Place, name: str) -> bool:
    """Whether another one is called so, in the same country if it is a place."""
    model: Any = type(subject)
    others = model.objects.filter(folded=recording.folded(name))
    others = others.exclude(pk=subject.pk).exclude(same_as=subject.pk or 0)
    if isinstance(subject, Place):
        others = others.filter(subject.peers)
    return bool(others.exists())


def _peers_named(subject: Actor | Place, name: str) -> Any:
    model: Any = type(subject)
    rows = model.objects.filter(subject.peers, folded=recording.folded(name))
    return rows.exclude(pk=subject.pk)


def _point(subject: Actor | Place, name: str, folded: str) -> None:
    """Let a former name lead to the one that is meant."""
    columns = {"name": name, "folded": folded, "kind": subject.kind, "same_as": subject}
    if isinstance(subject, Actor):
        Actor.objects.create(**columns, register=subject.register)
    else:
        Place.objects.create(**columns, country=subject.country)


def _lock(subject: Subject) -> Subject:
    model: Any = type(subject)
    return model.objects.select_for_update().get(pk=subject.pk)  # type: ignore[no-any-return]


def _of(act: CurationAct) -> Any:
    subject = act.actor or act.place
    if subject is None:
        raise log.too_late()
    return subject


def _column(subject: Actor | Place) -> dict[str, Any]:
    return {"actor" if isinstance(subject, Actor) else "place": subject}
