"""The door for scripts: dispatches posted with a token.

    curl -H "Authorization: Bearer TOKEN" --data-binary @depeche.xml \\
         "https://site/api/dispatches?source=AFP&published=2016-12-08"

The body is a file of any format that can be uploaded, an archive too; or JSON,
`{"text", "name", "source", "published", "language"}`. The answer names each dispatch with its
verdict: 201 if one was taken in, 200 if all were known, 422 if none could be read.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from events import reasons, tokens
from events.ingest import Incoming
from events.intake import ingest_batch
from events.models import Batch, BatchItem
from events.roles import Role, role_of

STATUS = {BatchItem.Verdict.ACCEPTED: 201, BatchItem.Verdict.DUPLICATE: 200}
REFUSED = 422


class StatementForm(forms.Form):
    """What the sender says of all that is in the body."""

    name = forms.CharField(required=False, max_length=255)
    source = forms.CharField(required=False, max_length=200)
    published = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
    language = forms.RegexField(r"^[a-z]{2}$", required=False)


class BadBody(Exception):  # noqa: N818 - the body is bad, nothing of ours failed
    """The request cannot be taken in; says why, and with which status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@csrf_exempt  # no cookie is looked at: the token is the proof
@require_POST
@never_cache
def dispatches(request: HttpRequest) -> JsonResponse:
    user = tokens.user_of(request.headers.get("Authorization", ""))
    if user is None:
        return _refusal(401, _("Send a token that is known: Authorization: Bearer …"))
    if role_of(user) < Role.CONTRIBUTOR:
        return _refusal(403, _("The owner of this token may not add dispatches."))
    try:
        content, stated = _given(request)
    except BadBody as problem:
        return _refusal(problem.status, str(problem))
    form = StatementForm(stated)
    if not form.is_valid():
        return JsonResponse({"error": _("Not understood."), "fields": form.errors}, status=400)
    said = form.cleaned_data
    incoming = Incoming(said.pop("name") or "api", content, request.content_type or "")
    return _answer(request, ingest_batch([incoming], user=user, **said))


def _given(request: HttpRequest) -> tuple[bytes, dict[str, Any]]:
    """The bytes, and what is said of them: in JSON with a text, else in the address."""
    try:
        body = request.body
    except RequestDataTooBig:
        megabytes = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        told = reasons.word({"code": "file-too-large", "values": {"megabytes": megabytes}})
        raise BadBody(413, told) from None
    stated = {name: request.GET.get(name, "") for name in StatementForm.base_fields}
    if request.content_type != "application/json":
        return body, stated
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise BadBody(400, _("The body is not JSON.")) from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return body, stated  # a format of the wires that is JSON itself
    text = given.pop("text")
    return text.encode("utf-8", errors="replace"), stated | {
        name: str(given[name] or "") for name in stated if name in given
    }


def _answer(request: HttpRequest, batch: Batch) -> JsonResponse:
    items = list(batch.items.counted().select_related("dispatch"))
    verdicts = {item.verdict for item in items}
    status = next((STATUS[one] for one in STATUS if one in verdicts), REFUSED)
    return JsonResponse(
        {
            "batch": request.build_absolute_uri(batch.get_absolute_url()),
            "items": [
                {
                    "name": item.name,
                    "verdict": item.verdict,
                    "reason": item.reason.get("code", ""),
                    "message": reasons.word(item.reason),
                    "dispatch": item.dispatch
                    and request.build_absolute_uri(item.dispatch.get_absolute_url()),
                }
                for item in items
            ],
        },
        status=status,
    )


def _refusal(status: int, message: str) -> JsonResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JsonResponse({"error": message}, status=status, headers=headers)
