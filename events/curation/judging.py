"""Judging and correcting one event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events import recording
from events.curation import log
from events.curation.log import Kind
from events.curation.values import apply, checked, value
from events.models import CurationAct, Event, ReviewState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

COMMENT_LENGTH = 2000


def approve_event(event: Event, *, by: User) -> CurationAct:
    return _judge(event, ReviewState.APPROVED, Kind.APPROVE, by)


def reject_event(event: Event, *, by: User) -> CurationAct:
    return _judge(event, ReviewState.REJECTED, Kind.REJECT, by)


class ChangedMeanwhile(ValidationError):  # noqa: N818 - what happened, not whose fault it is
    """Fields that a person set were set otherwise since they looked: `values`, last `by` whom.

    `by` is "" where no person did it.
    """

    def __init__(self, event: Event, values: Mapping[str, Any]) -> None:
        super().__init__(_("Somebody else changed this meanwhile."))
        edits = log.standing(event.acts.filter(kind=Kind.EDIT)).select_related("by").order_by("-pk")
        last = next((one for one in edits if values.keys() & one.after.keys()), None)
        self.values, self.by = values, str(last.by or "?") if last else ""


def edit_event(
    event: Event,
    changes: Mapping[str, object],
    *,
    by: User,
    seen: Mapping[str, object] | None = None,
) -> CurationAct | None:
    """Set fields of an event; from now on they are the person's. None: nothing was different.

    `changes` may hold title, edtf, type, status, time_of_day, actors [(name, role), …] and
    places [(name, kind, country), …]. `seen` are the values that the person was shown: what they
    left as it was is no change of theirs. Raises ValidationError by field, and ChangedMeanwhile.
    """
    log.check(by)
    with transaction.atomic():
        event = log.lock_standing(event)
        before = {name: value(event, name) for name in changes}
        shown = before | dict(seen or {})
        after = {name: checked(name, given) for name, given in changes.items()}
        changed = [name for name in changes if after[name] not in (before[name], shown[name])]
        if meanwhile := {name: before[name] for name in changed if shown[name] != before[name]}:
            raise ChangedMeanwhile(event, meanwhile)
        if not changed:
            return None
        kept = {
            "curated_fields": event.curated_fields,
            "overruled": event.overruled,
            "proposals": event.proposals,
        }
        for name in changed:
            if name in event.proposals:
                _overrule(event, name, event.proposals[name])
            elif name not in event.curated_fields:
                _overrule(event, name, before[name])
        event.proposals = {
            name: given for name, given in event.proposals.items() if name not in changed
        }
        apply(event, {name: after[name] for name in changed})
        event.curated_fields = sorted({*event.curated_fields, *changed})
        event.save()
        return log.write(
            Kind.EDIT,
            by,
            event=event,
            before={name: before[name] for name in changed} | kept,
            after={name: after[name] for name in changed},
        )


def turn_down(event: Event, name: str, *, by: User) -> CurationAct:
    """Leave a field as the person set it, although new reports read it otherwise.

    Taking the new reading is `edit_event`. Raises ValidationError if there is none to weigh.
    """
    log.check(by)
    with transaction.atomic():
        event = log.lock(event)
        if name not in event.proposals:
            raise ValidationError(_("There is no new fact to weigh."))
        before = {"proposals": event.proposals, "overruled": event.overruled}
        _overrule(event, name, event.proposals[name])
        event.proposals = {
            field: given for field, given in event.proposals.items() if field != name
        }
        event.save(update_fields=["proposals", "overruled", "updated_at"])
        after = {"overruled": event.overruled}
        return log.write(Kind.SETTLE, by, event=event, before=before, after=after)


def mark_contradicted(event: Event, other: Event, *, by: User) -> CurationAct:
    """Say that two events contradict each other: each page shows the other.

    Raises ValidationError if they are one, or it was said before.
    """
    log.check(by)
    with transaction.atomic():
        event = log.lock(event)
        if event.pk == other.pk or event.contradicts.filter(pk=other.pk).exists():
            raise ValidationError(_("Choose another event that contradicts this one."))
        event.contradicts.add(other)
        after = {"contradicts": other.pk}
        return log.write(Kind.CONTRADICT, by, event=event, before={}, after=after)


def comment(event: Event, text: str, *, by: User) -> CurationAct:
    """Leave a word for the other curators in the history of an event."""
    log.check(by)
    text = str(text).strip()
    if not 1 <= len(text) <= COMMENT_LENGTH:
        raise ValidationError(
            _("A comment has 1 to %(most)s characters.") % {"most": COMMENT_LENGTH}
        )
    return log.write(Kind.COMMENT, by, event=event, before={}, after={"comment": text})


def _overrule(event: Event, name: str, reading: Any) -> None:
    """Remember a reading that a person did not take: it is not proposed again."""
    known = event.overruled.get(name, [])
    if reading not in known:
        event.overruled = event.overruled | {name: [*known, reading]}


def _judge(event: Event, state: ReviewState, kind: Kind, by: User) -> CurationAct:
    log.check(by)
    with transaction.atomic():
        event = log.lock_standing(event)
        before = event.review_state
        event.review_state = state
        event.save(update_fields=["review_state", "updated_at"])
        after: dict[str, Any] = {"review_state": state}
        return log.write(kind, by, event=event, before={"review_state": before}, after=after)


@log.undoes(Kind.APPROVE, Kind.REJECT)
def _undo_judgment(act: CurationAct) -> None:
    log.refuse_if_later(act, Kind.APPROVE, Kind.REJECT)
    event = log.event_of(act)
    event.review_state = act.before["review_state"]
    event.save(update_fields=["review_state", "updated_at"])
    recording.refresh(event)


@log.undoes(Kind.EDIT)
def _undo_edit(act: CurationAct) -> None:
    log.refuse_if_later(act, Kind.EDIT, fields=set(act.after))
    event = log.event_of(act)
    apply(event, {name: act.before[name] for name in act.after})
    mine = set(act.after) - set(act.before["curated_fields"])
    event.curated_fields = [name for name in event.curated_fields if name not in mine]
    earlier = act.before.get("overruled", {})
    event.overruled = {
        name: given for name, given in event.overruled.items() if name not in act.after
    } | {name: given for name, given in earlier.items() if name in act.after}
    event.save()
    recording.refresh(event)


@log.undoes(Kind.SETTLE)
def _undo_turn_down(act: CurationAct) -> None:
    event = log.event_of(act)
    event.overruled = act.before["overruled"]
    event.save(update_fields=["overruled", "updated_at"])
    recording.refresh(event)


@log.undoes(Kind.CONTRADICT)
def _undo_contradiction(act: CurationAct) -> None:
    log.event_of(act).contradicts.remove(act.after["contradicts"])


@log.undoes(Kind.COMMENT)
def _undo_comment(act: CurationAct) -> None:
    """Nothing to put back: the log shows a comment taken back as such."""
