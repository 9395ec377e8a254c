"""What went wrong, as RFC 9457 wants it, in the language of who asks."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from events import robots

MEDIA_TYPE = "application/problem+json"
# code -> (status, title). The page of the API explains each at the anchor of its code.
KINDS: dict[str, tuple[int, str]] = {
    "bad-request": (400, _("The request cannot be understood")),
    "no-token": (401, _("A token is needed")),
    "not-allowed": (403, _("The token does not open this door")),
    "not-found": (404, _("There is no such thing")),
    "wrong-method": (405, _("This address does not do that")),
    "taken-back": (410, _("It was taken back")),
    "too-large": (413, _("The body is too large")),
    "too-many-requests": (429, _("Too many requests")),
}


class Problem(Exception):  # noqa: N818 - the word of the RFC
    """An answer that says why there is none. `errors` are messages by parameter."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def answer(problem: Problem, request: HttpRequest) -> JsonResponse:
    status, title = KINDS[problem.code]
    told: dict[str, object] = {
        "type": request.build_absolute_uri(f"{reverse('api-docs')}#{problem.code}"),
        "title": gettext(title),
        "status": status,
        "detail": problem.detail,
    }
    if problem.errors is not None:
        told["errors"] = problem.errors
    return robots.forget(
        JsonResponse(told, status=status, content_type=MEDIA_TYPE, headers=dict(problem.headers))
    )
