"""Tokens by which a script speaks for a person. Only their hash is kept: a leaked database opens
no door."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.utils import timezone

from events.models import ApiToken

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_SCHEME = "bearer "


def make(user: User, name: str) -> str:
    """Return a new token of `user`; it is shown this once, and cannot be found out again."""
    token = secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(token))
    return token


def user_of(authorization: str) -> User | None:
    """Return for whom an Authorization header speaks; None for anything but a known token of
    somebody whose account is open."""
    if not authorization.lower().startswith(_SCHEME):
        return None
    digest = _digest(authorization[len(_SCHEME) :].strip())
    found = ApiToken.objects.select_related("user").filter(digest=digest).first()
    if found is None or not found.user.is_active:
        return None
    ApiToken.objects.filter(pk=found.pk).update(used_at=timezone.now())
    return found.user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()  # it is random: no salt is needed
