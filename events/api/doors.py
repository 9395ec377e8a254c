"""What every door has in common: methods, tokens, the limit of requests, refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from events import bodies, roles, tokens
from events.api.problems import Problem, answer
from events.forms import BadQuery
from events.models import ApiToken
from events.roles import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import User

View = Callable[..., HttpResponseBase]


def door(**views: View) -> View:
    """Return one view of several, by the name of their method. HEAD is answered as GET.

    Each is called with the request and who speaks by a token, None for nobody.
    """
    allowed = ", ".join(sorted(views))

    def ask(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            view = views.get("GET" if request.method == "HEAD" else request.method or "")
            if view is None:
                told = _("Allowed here: %(methods)s.") % {"methods": allowed}
                raise Problem("wrong-method", told, headers={"Allow": allowed})
            return view(request, _speaker(request), **kwargs)
        except Problem as problem:
            bodies.let_go(request)
            return answer(problem, request)
        except BadQuery as refusal:
            misread = Problem("bad-request", _("Not understood."), errors=refusal.errors)
            return answer(misread, request)
        except Http404:
            return answer(Problem("not-found"), request)

    return csrf_exempt(never_cache(ask))  # no cookie opens what changes anything


def _speaker(request: HttpRequest) -> User | None:
    """Raises Problem: no-token for a token that is not known, too-many-requests."""
    written = request.headers.get("Authorization", "")
    if not written:
        return None
    token = tokens.known(written)
    if token is None:
        raise _unknown()
    _count(token)
    return token.user


def _count(token: ApiToken) -> None:
    seconds = tokens.seconds_to_wait(token)
    if seconds:
        told = ngettext(
            "Wait %(n)s second and try again.", "Wait %(n)s seconds and try again.", seconds
        )
        headers = {"Retry-After": str(seconds)}
        raise Problem("too-many-requests", told % {"n": seconds}, headers=headers)


def must_contribute(user: User | None) -> User:
    """Raises Problem: no-token, not-allowed."""
    if user is None:
        raise _unknown()
    if roles.role_of(user) < Role.CONTRIBUTOR:
        raise Problem("not-allowed", _("The owner of this token may not add dispatches."))
    return user


def is_insider(request: HttpRequest, user: User | None) -> bool:
    """Whether proposals may be shown, to this token or to this session."""
    spoken_for = user is not None and roles.role_of(user) >= Role.CONTRIBUTOR
    return spoken_for or roles.is_insider(request)


def _unknown() -> Problem:
    told = _("Send a token that is known: Authorization: Bearer …")
    return Problem("no-token", told, headers={"WWW-Authenticate": "Bearer"})
