"""What came too late: a form that is refused is offered again, so that nothing typed is lost."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024  # of a form that is offered again: texts, no files
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def refuse(request: HttpRequest, *, needs_login: bool) -> HttpResponse:
    """Say why the form is not taken, with a button that sends the same once more."""
    told = (
        logged_out()
        if needs_login
        else _("This page had lain open for too long. Nothing was taken in.")
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": [told]}, status=403)
    fits = can_be_sent_again(request)
    page = {
        "told": told,
        "needs_login": needs_login,
        "fields": _fields(request) if fits else [],
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
        if name != _TOKEN
    ]
    return fields if any(value.strip() for _name, value in fields) else []
