"""The versions of one item of a wire: which replaces which, and what a kill takes back.

Agencies send the same item again under its guid: a lead, a correction, an order not to use it.
Called in the transaction that takes the dispatch in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.db.models import QuerySet
from django.utils import timezone

from events import recording
from events.models import CurationAct, DayFrom, Dispatch, Event, Mention, ReviewState

UNTIL_FURTHER_NOTICE = datetime(9999, 12, 31, tzinfo=UTC)  # of an embargo


def of_item(guid: str) -> QuerySet[Dispatch]:
    """All that is kept of an item, its present version first. Holds off others of the same."""
    recording.one_at_a_time()
    return (
        Dispatch.objects.filter(guid=guid).order_by("replaced_by_id", "-pk")
        if guid
        else (Dispatch.objects.none())
    )


def present(rows: Iterable[Dispatch]) -> Dispatch | None:
    return next((row for row in rows if row.replaced_by_id is None), None)


def is_newer(version: str, filed_at: datetime | None, than: Dispatch) -> bool:
    """Whether this version of an item comes after one that is kept: by number, else by time.

    What neither tells is taken to be newer: it came later.
    """
    order = _order(version, filed_at, than)
    return order is None or order > 0


def is_proven_newer(version: str, filed_at: datetime | None, than: Dispatch) -> bool:
    """Whether number or time say that it comes after: that it came later proves nothing."""
    return (_order(version, filed_at, than) or 0) > 0


def is_older(version: str, filed_at: datetime | None, than: Dispatch) -> bool:
    """Whether number or time say that it comes before."""
    return (_order(version, filed_at, than) or 0) < 0


def _order(version: str, filed_at: datetime | None, than: Dispatch) -> float | None:
    """How far it comes after another, below zero before it; None where nothing tells."""
    if version.isdecimal() and than.wire_version.isdecimal():
        return int(version) - int(than.wire_version)
    if filed_at is not None and than.filed_at is not None:
        return (filed_at - than.filed_at).total_seconds()
    return None


def replace(earlier: Iterable[Dispatch], new: Dispatch) -> None:
    """Let `new` stand for the versions before it; they are kept, and not read any more.

    Their events stay until `new` has been read: it takes them over (events/recording/).
    """
    rows = Dispatch.objects.filter(pk__in=[row.pk for row in earlier if row.pk != new.pk])
    rows.update(replaced_by=new)
    _stop_reading(rows)


def keep_what_was_said(earlier: Iterable[Dispatch], new: Dispatch) -> None:
    """Let the day and the language that a person gave of an item hold for its next version.

    Unless the wire names another day by now than it did when the person knew better.
    """
    latest = present(earlier)
    if latest is None:
        return
    if latest.language_stated and not new.language_stated:
        new.language, new.language_stated = latest.language, True
    known = {None} | {
        act.before["published"]
        for act in CurationAct.objects.filter(
            kind=CurationAct.Kind.REDATE, dispatch__guid=new.guid, undone_by=None
        )
    }
    of_wire = new.published and new.published.isoformat()
    if latest.published_from == DayFrom.PERSON != new.published_from and of_wire in known:
        new.published, new.published_from = latest.published, DayFrom.PERSON
    new.save(update_fields=["language", "language_stated", "published", "published_from"])


def sent_again(dispatch: Dispatch, version: str, filed_at: datetime | None) -> None:
    """Note the version and hour of a later message that leaves the text as it is."""
    dispatch.wire_version = version or dispatch.wire_version
    dispatch.filed_at = filed_at or dispatch.filed_at
    dispatch.save(update_fields=["wire_version", "filed_at"])


def give_up_text(dispatch: Dispatch) -> None:
    """Let a version after this one have the same text: of each text only one row stands."""
    own = f"{dispatch.content_hash} {dispatch.pk}"
    dispatch.content_hash = hashlib.sha256(own.encode()).hexdigest()
    dispatch.save(update_fields=["content_hash"])


def withdrawn_here(rows: Iterable[Dispatch]) -> QuerySet[CurationAct]:
    """The standing acts by which curators, not the agency, took these off the site."""
    return CurationAct.objects.filter(
        kind=CurationAct.Kind.WITHDRAW, dispatch__in=rows, undone_by=None
    )


def withdraw(rows: Sequence[Dispatch], why: str = "") -> None:
    """Take an item back: nobody sees its text any more, and what only it told is rejected.

    `why` is what the agency says of it, "" where it says nothing. The rejections are logged
    without a person, and can be undone like any other.
    """
    pks = [row.pk for row in rows]
    kept = Dispatch.objects.filter(pk__in=pks)
    kept.update(withdrawn_at=timezone.now(), withdrawn_why=why)
    _stop_reading(kept)
    told = Event.objects.filter(mentions__dispatch__in=pks, merged_into=None).distinct()
    (present(rows) or rows[0]).withdrawn_from.add(*told)
    for event in told:
        elsewhere = event.mentions.exclude(dispatch__in=pks)
        if elsewhere.exists():
            _take_out(event, event.mentions.filter(dispatch__in=pks))
            recording.refresh(event)
        elif event.review_state != ReviewState.REJECTED:
            _reject(event, why)


def _take_out(event: Event, reports: QuerySet[Mention]) -> None:
    """Take reports out of an event that others report too.

    Where a person placed them, they are held by an event that nobody sees and that leads to it: a
    version that follows the kill finds them there.
    """
    placed = reports.filter(pinned=True)
    if placed.exists():
        holder = Event.objects.create(
            title=event.title,
            type=event.type,
            status=event.status,
            review_state=ReviewState.REJECTED,
            merged_into=event,
        )
        placed.update(event=holder)
    reports.delete()


def _stop_reading(rows: QuerySet[Dispatch]) -> None:
    """Whoever reads them now finds the token gone, and writes nothing."""
    rows.filter(state__in=[Dispatch.State.RECEIVED, Dispatch.State.PROCESSING]).update(
        state=Dispatch.State.DONE, lease_token=None, lease_until=None
    )


def _reject(event: Event, why: str) -> None:
    before, event.review_state = event.review_state, ReviewState.REJECTED
    event.save(update_fields=["review_state", "updated_at"])
    CurationAct.objects.create(
        kind=CurationAct.Kind.REJECT,
        event=event,
        by=None,
        before={"review_state": before},
        after={"review_state": event.review_state, "reason": why},
    )
