"""Whose desk a proposal lies on, so that two curators never judge the same one unawares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from events import curation
from events.models import Claim, CurationAct, Event, EventQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 20  # proposals on one desk; what one bulk act may name
LEASE = timedelta(minutes=10)
_JUDGING = (CurationAct.Kind.APPROVE, CurationAct.Kind.REJECT)


def claim(user: User, found: EventQuerySet) -> list[int]:
    """Put the first proposals that nobody else holds on the desk of `user`; return their ids."""
    now = timezone.now()
    with transaction.atomic():
        Claim.objects.filter(Q(until__lte=now) | Q(by=user)).delete()
        free = list(found.filter(claim=None).values_list("pk", flat=True)[:BATCH])
        Claim.objects.bulk_create(
            [Claim(event_id=pk, by=user, until=now + LEASE) for pk in free], ignore_conflicts=True
        )
        mine = set(Claim.objects.filter(by=user).values_list("event_id", flat=True))
    return [pk for pk in free if pk in mine]


def take(event: Event, user: User) -> None:
    """Put an event that is looked at on the desk of `user`, if it lies on nobody's."""
    Claim.objects.filter(event=event, until__lte=timezone.now()).delete()
    Claim.objects.bulk_create(
        [Claim(event=event, by=user, until=timezone.now() + LEASE)], ignore_conflicts=True
    )


def taken_by(events: Sequence[int], user: User) -> str:
    """Who else has one of these events on their desk, "" for nobody."""
    claims = Claim.objects.filter(event__in=events, until__gt=timezone.now()).exclude(by=user)
    return claims.values_list("by__username", flat=True).first() or ""


def judged_meanwhile(events: Sequence[int], user: User) -> CurationAct | None:
    """How somebody else has judged one of these events that is on the desk of `user` no more."""
    mine = Claim.objects.filter(by=user, event__in=events).values_list("event", flat=True)
    acts = CurationAct.objects.filter(event__in=set(events) - set(mine), kind__in=_JUDGING)
    last = {act.event_id: act for act in curation.standing(acts).order_by("pk")}
    return next((act for act in last.values() if act.by_id != user.pk), None)


def let_go(events: Sequence[int], user: User) -> None:
    """Take what was judged off a desk, and hold the rest of it for longer."""
    Claim.objects.filter(by=user, event__in=events).delete()
    Claim.objects.filter(by=user).update(until=timezone.now() + LEASE)
