"""Tokens by which a script speaks for a person. Only their hash is kept: a leaked database opens
no door."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from events.models import ApiToken

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_SCHEME = "bearer "
_MINUTE = timedelta(minutes=1)


def make(user: User, name: str) -> str:
    """Return a new token of `user`; it is shown this once, and cannot be found out again."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(token))
    return token


def known(authorization: str) -> ApiToken | None:
    """Return the token of an Authorization header; None for anything but a known one of somebody
    whose account is open."""
    if not authorization.lower().startswith(_SCHEME):
        return None
    digest = _digest(authorization[len(_SCHEME) :].strip())
    found = ApiToken.objects.select_related("user").filter(digest=digest).first()
    return found if found is not None and found.user.is_active else None


def seconds_to_wait(token: ApiToken) -> int:
    """Count a request of `token`; 0 if it may go on, else the seconds until its minute is over.

    Counted in the row: all processes of all machines share one count.
    """
    now = timezone.now()
    row = ApiToken.objects.filter(pk=token.pk)
    if row.filter(counted_from__lte=now - _MINUTE).update(counted=1, counted_from=now, used_at=now):
        return 0
    limit = settings.API_REQUESTS_PER_MINUTE
    if row.filter(counted__lt=limit).update(counted=F("counted") + 1, used_at=now):
        return 0
    token.refresh_from_db(fields=["counted_from"])
    return max(1, ceil((token.counted_from + _MINUTE - now).total_seconds()))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()  # it is random: no salt is needed
