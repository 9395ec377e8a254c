"""What came too late: a form that is refused is offered again, so that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.decorators import decorator_from_middleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024  # of a form that is offered again: texts, no files
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
_TICKET = "sent_again"  # the name of a field
_OFFERED = timedelta(days=1)  # that a form can be sent again


def refuse(request: HttpRequest, *, needs_login: bool) -> HttpResponse:
    """Say why the form is not taken, with a button that sends the same once more."""
    told = (
        logged_out()
        if needs_login
        else _("This page had lain open for too long. Nothing was taken in.")
    )
    if "application/json" in request.headers.get("Accept", ""):
        how = [_("Log in in another tab, then do it again.")] if needs_login else []
        return JsonResponse({"error": [told, *how]}, status=403)
    fits = can_be_sent_again(request)
    page = {
        "told": told,
        "needs_login": needs_login,
        "fields": _fields(request) if fits else [],
        "ticket": (_TICKET, _tickets().sign(request.path)),
        "page": page_of(request),
        "had_files": fits and bool(request.FILES),
    }
    return render(request, "events/too_late.html", page, status=403)


def logged_out() -> str:
    return _("You were logged out meanwhile. Nothing was taken in.")


def page_of(request: HttpRequest) -> str:
    """Where to go on after the login: of what was sent, to the page it was sent from."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return "/"
    return urlsplit(page)._replace(scheme="", netloc="").geturl()


def can_be_sent_again(request: HttpRequest) -> bool:
    """Whether it is a short form of our own: that of another site must not become ours."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    here = f"{request.scheme}://{request.get_host()}"
    return (
        request.method == "POST"
        and length <= MOST_BYTES
        and request.headers.get("Origin", "") == here
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    )


class SentAgainMiddleware(MiddlewareMixin):
    """Lets a form of `refuse` through Django's check also after a login in another tab.

    The login makes the token of every page that is open an old one. Such a form bears a ticket that
    we signed instead, and its browser says that it comes from this site.
    """

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> None:
        del args, kwargs
        if not getattr(view, "csrf_exempt", False) and _is_sent_again(request):
            request.META[settings.CSRF_HEADER_NAME] = get_token(request)


let_sent_again = decorator_from_middleware(SentAgainMiddleware)


def _is_sent_again(request: HttpRequest) -> bool:
    """Whether it is a form that was offered again by us, for this address, not long ago."""
    if (
        request.content_type != "application/x-www-form-urlencoded"
        or not can_be_sent_again(request)
        or _TOKEN in request.POST
    ):
        return False
    try:
        path = _tickets().unsign(request.POST.get(_TICKET, ""), max_age=_OFFERED)
    except signing.BadSignature:
        return False
    return path == request.path


def _tickets() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_TICKET)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django shows where the token of a form is missing or old."""
    del reason
    return refuse(request, needs_login=False)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form held; [] of one that held nothing."""
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in {_TOKEN, _TICKET}
    ]
    return fields if any(value.strip() for _name, value in fields) else []
