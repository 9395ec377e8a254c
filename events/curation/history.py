"""Taking acts back: one, or all since some moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events.curation import log
from events.curation.log import Kind
from events.models import ACT_SUBJECTS, CurationAct

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def undo_act(act: CurationAct, *, by: User) -> CurationAct:
    """Take an act back, as far as nothing later rests on it.

    Raises ValidationError if it was undone before, or cannot be taken back any more.
    """
    log.check(by)
    with transaction.atomic():
        act = CurationAct.objects.select_for_update().get(pk=act.pk)
        if act.is_undone or act.kind == Kind.UNDO:
            raise ValidationError(_("This act was already undone."))
        log.UNDO[act.kind](act)
        return log.write(
            Kind.UNDO,
            by,
            before=act.after,
            after=act.before,
            undoes=act,
            **{name: getattr(act, name) for name in ACT_SUBJECTS},
        )


def undo_acts(acts: Sequence[CurationAct], *, by: User) -> int:
    """Take several acts back, the latest first, all or none; return how many."""
    with transaction.atomic():
        for act in sorted(acts, key=lambda one: -one.pk):
            undo_act(act, by=by)
    return len(acts)


def go_back_to(act: CurationAct, *, by: User) -> int:
    """Put the subject of an act back into the state after it: undo all its later acts."""
    log.check(by)
    subject = {f"{name}_id": getattr(act, f"{name}_id") for name in ACT_SUBJECTS}
    later = log.standing(CurationAct.objects.filter(**subject, pk__gt=act.pk))
    return undo_acts(list(later.exclude(kind=Kind.COMMENT)), by=by)
