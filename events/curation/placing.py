"""Which reports make which event: merge, split, attach, and events that the machine missed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from events import processing, recording
from events.curation import log
from events.curation.log import Kind
from events.curation.values import apply, checked
from events.models import CurationAct, DayFrom, Dispatch, Event, Mention, ReviewState
from events.readers import as_title
from events.wording import word_day

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_SELECTION = 400  # characters of a dispatch that one event may be made of


def merge_events(kept: Event, absorbed: Event, *, by: User) -> CurationAct:
    """Make one event of two: the reports of `absorbed` move to `kept`, whose date stays its own.

    Raises ValidationError if they are one already.
    """
    log.check(by)
    with transaction.atomic():
        log.lock_all()
        kept, absorbed = log.lock(kept), log.lock(absorbed)
        if kept.pk == absorbed.pk or kept.merged_into_id or absorbed.merged_into_id:
            raise ValidationError(_("These events are already one."))
        before = {
            "kept": log.pins(kept),
            "absorbed": log.pins(absorbed),
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
        return log.write(
            Kind.MERGE,
            by,
            event=kept,
            before=before,
            after={"absorbed": absorbed.pk, "title": absorbed.title, "moved": moved},
        )


def split_event(event: Event, mentions: Sequence[Mention], *, by: User) -> Event:
    """Give these reports of an event an event of their own; the two stay apart from then on.

    Raises ValidationError unless some, and not all, of the event's reports are named.
    """
    log.check(by)
    with transaction.atomic():
        log.lock_all()
        event = log.lock(event)
        own = set(event.mentions.values_list("pk", flat=True))
        chosen = {mention.pk for mention in mentions}
        if not chosen or not chosen < own:
            raise ValidationError(_("Choose some of the reports, but not all of them."))
        before = {"pins": log.pins(event)}
        first = event.mentions.filter(pk__in=chosen).earliest("pk")
        part = Event.objects.create(title=first.title, type=first.type, status=first.status)
        Mention.objects.filter(pk__in=own).update(pinned=True)
        Mention.objects.filter(pk__in=chosen).update(event=part)
        for piece in (event, part):
            recording.refresh(piece)
        part.refresh_from_db()
        log.write(
            Kind.SPLIT,
            by,
            event=event,
            before=before,
            after={"part": part.pk, "title": part.title, "moved": sorted(chosen)},
        )
        return part


def attach_mention(mention: Mention, event: Event, *, by: User) -> CurationAct:
    """Say that a report tells of this event, not of the one that it was put into.

    The only report of its event takes that event along: the two are merged.
    Raises ValidationError if it tells of this event already.
    """
    log.check(by)
    with transaction.atomic():
        log.lock_all()
        mention = Mention.objects.select_for_update().get(pk=mention.pk)
        former, event = log.lock(mention.event), log.lock(event)
        if former.pk == event.pk or event.merged_into_id is not None:
            raise ValidationError(_("This report is already one of this event."))
        if former.mentions.count() == 1:
            return merge_events(event, former, by=by)
        before = {"event": former.pk, "pinned": mention.pinned}
        mention.event, mention.pinned = event, True
        mention.save(update_fields=["event", "pinned"])
        recording.refresh(former)
        recording.refresh(event)
        after = {"mention": mention.pk, "from": former.pk, "title": mention.title}
        return log.write(Kind.ATTACH, by, event=event, before=before, after=after)


def create_event(
    dispatch: Dispatch, start: int, end: int, values: Mapping[str, object], *, by: User
) -> Event:
    """Make an event of characters `[start, end)` of a dispatch, which the machine missed.

    `values` as in `edit_event`, title, type and status among them; all become the person's own,
    and the event is approved. Raises ValidationError by field, or if there are no such characters.
    """
    log.check(by)
    if not 0 <= start < end <= len(dispatch.text) or end - start > LONGEST_SELECTION:
        raise ValidationError(_("Select some words of the text, not more than a sentence or two."))
    clean = {name: checked(name, given) for name, given in values.items()}
    with transaction.atomic():
        log.lock_all()
        event = Event(review_state=ReviewState.APPROVED, language=dispatch.language)
        event.title, event.type, event.status = clean["title"], clean["type"], clean["status"]
        event.confidence = 1.0
        event.save()
        apply(event, clean)
        event.curated_fields = sorted(clean)
        event.save()
        mention = recording.write_by_hand(dispatch, start, end, event)
        recording.refresh(event)
        log.write(Kind.CREATE, by, event=event, before={}, after=clean | {"mention": mention.pk})
        return event


def redate_dispatch(
    dispatch: Dispatch, published: date | None, *, by: User | None, seen: str | None = None
) -> CurationAct:
    """State the day of a dispatch, and have it read again: all that counts from it moves.

    None takes away the day that was stated. `by` is None on one's own machine. `seen` is the
    stated day that the person was shown, "" for none. Raises ValidationError if it is another, or
    if a newer version stands for the dispatch.
    """
    log.check_dating(by)
    with transaction.atomic():
        dispatch = Dispatch.objects.select_for_update().get(pk=dispatch.pk)
        if dispatch.replaced_by_id is not None:
            told = _("A newer version of “%(title)s” has come: say of which day that one is.")
            raise ValidationError(told % {"title": as_title(str(dispatch))})
        before = dispatch.published
        if seen is not None and seen != (before.isoformat() if before else ""):
            raise ValidationError(_redated_meanwhile(dispatch))
        was_from = dispatch.published_from
        dispatch.published = published
        dispatch.published_from = DayFrom.PERSON if published else ""
        dispatch.save(update_fields=["published", "published_from"])
        act = log.write(
            Kind.REDATE,
            by,
            dispatch=dispatch,
            before={"published": before and before.isoformat(), "published_from": was_from},
            after={"published": published and published.isoformat()},
        )
        processing.extract_again(dispatch)
    return act


def _redated_meanwhile(dispatch: Dispatch) -> str:
    acts = log.standing(dispatch.acts.filter(kind=Kind.REDATE)).select_related("by")
    last = acts.order_by("-pk").first()
    told = {
        "name": (last and last.by) or "?",
        "title": as_title(str(dispatch)),
        "date": word_day(dispatch.published) if dispatch.published else _("no day"),
    }
    return _("Meanwhile %(name)s has said of “%(title)s”: %(date)s. It was left so.") % told


@log.undoes(Kind.MERGE)
def _undo_merge(act: CurationAct) -> None:
    log.lock_all()
    kept = log.event_of(act)
    absorbed = Event.objects.select_for_update().get(pk=act.after["absorbed"])
    if absorbed.merged_into_id != kept.pk:
        raise log.too_late()
    log.refuse_if_later(act, Kind.MERGE, Kind.SPLIT, Kind.ATTACH)
    absorbed.merged_into = None
    absorbed.save()
    log.move_back(act.before["absorbed"], absorbed)
    log.move_back(act.before["kept"], kept)
    if "edtf" not in act.before["curated_fields"]:
        edited = log.standing(kept.acts.filter(kind=Kind.EDIT))
        if not any("edtf" in one.after for one in edited):
            kept.curated_fields = [name for name in kept.curated_fields if name != "edtf"]
    kept.save()
    for event in (kept, absorbed):
        recording.refresh(event)
    told = Event.objects.filter(pk__in=[kept.pk, absorbed.pk])
    # The one that was told by a dispatch alone that its agency took back meanwhile.
    told.filter(mentions=None).update(review_state=ReviewState.REJECTED)


@log.undoes(Kind.SPLIT)
def _undo_split(act: CurationAct) -> None:
    log.lock_all()
    event = log.event_of(act)
    part = Event.objects.select_for_update().get(pk=act.after["part"])
    if part.merged_into_id or log.standing(part.acts.all()).exists():
        raise log.too_late()
    log.move_back(act.before["pins"], event)
    Mention.objects.filter(event=part).update(event=event)
    recording.refresh(event)
    recording.refresh(part)


@log.undoes(Kind.ATTACH)
def _undo_attach(act: CurationAct) -> None:
    log.lock_all()
    event = log.event_of(act)
    mention = event.mentions.filter(pk=act.after["mention"]).first()
    former = Event.objects.filter(pk=act.before["event"], merged_into=None).first()
    if mention is None or former is None:
        raise log.too_late()
    log.move_back({str(mention.pk): act.before["pinned"]}, former)
    recording.refresh(former)
    recording.refresh(event)


@log.undoes(Kind.CREATE)
def _undo_create(act: CurationAct) -> None:
    """What was made by hand is rejected, not deleted: its history stays."""
    event = log.event_of(act)
    event.review_state = ReviewState.REJECTED
    event.save(update_fields=["review_state", "updated_at"])


@log.undoes(Kind.REDATE)
def _undo_redate(act: CurationAct) -> None:
    dispatch = act.dispatch and (act.dispatch.replaced_by or act.dispatch)
    said = act.after["published"]
    if dispatch is None or (dispatch.published and dispatch.published.isoformat()) != said:
        raise log.too_late()
    day = act.before["published"]
    dispatch.published = date.fromisoformat(day) if day else None
    dispatch.published_from = act.before.get("published_from", "")
    dispatch.save(update_fields=["published", "published_from"])
    processing.extract_again(dispatch)
