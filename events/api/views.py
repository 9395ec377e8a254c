"""What the doors answer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import bodies, exports, intake, progress, provenance, reasons
from events import timeline as reading
from events.api import shapes
from events.api.description import describe, operations
from events.api.doors import door, is_insider, must_contribute
from events.api.problems import KINDS, Problem
from events.api.statement import MOST_TEXTS, EventsForm, ItemsForm, StatementForm
from events.forms import read_query
from events.ingest import Incoming
from events.models import Batch, BatchItem, Dispatch, Event
from events.spool import Spool

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STATUS = {
    BatchItem.Verdict.ACCEPTED: 201,
    BatchItem.Verdict.WAITING: 202,
    BatchItem.Verdict.DUPLICATE: 200,
}
REFUSED = 422
_LARGEST_ID = 2**63 - 1


def _post(request: HttpRequest, user: User | None) -> HttpResponse:
    owner = must_contribute(user)
    things, stated = _given(request)
    form = StatementForm(stated)
    if not form.is_valid():
        errors = {name: [str(one) for one in told] for name, told in form.errors.items()}
        raise Problem("bad-request", _("Not understood."), errors=errors)
    said = form.cleaned_data
    name, wait = said.pop("name") or "api", said.pop("wait")
    named = [Incoming(thing.name or name, thing.content, thing.media_type) for thing in things]
    if wait == "no":
        with Spool() as safe:
            slots = [intake.Named(thing.name, safe.add(thing.content)) for thing in named]
            batch = intake.open_batch(safe, slots, user=owner, **said)
    else:
        batch = intake.ingest_batch(named, user=owner, **said)
    return _taken_in(request, batch)


def _given(request: HttpRequest) -> tuple[list[Incoming], dict[str, Any]]:
    """The texts or the file, and what is said of all of it: in JSON with them, else in the
    address."""
    body = _body(request)
    _refuse_unknown(request.GET, StatementForm.base_fields)
    stated = {name: request.GET.get(name, "") for name in StatementForm.base_fields}
    file = [Incoming("", body, request.content_type or "")]
    if request.content_type == "multipart/form-data":
        told = _("Send the file as the body itself, not in a form: curl --data-binary @file.")
        raise Problem("bad-request", told)
    if request.content_type != "application/json":
        return file, stated
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem("bad-request", _("The body is not JSON.")) from None
    if not isinstance(given, dict | list):
        raise Problem("bad-request", _("The body is JSON, but no object."))
    if not isinstance(given, dict) or not given.keys() & {"text", "dispatches"}:
        return file, stated  # a format of the wires that is JSON itself
    texts = given.pop("dispatches", None)
    if texts is None:
        texts = [{name: given.pop(name) for name in ("text", "name") if name in given}]
    _refuse_unknown(given, StatementForm.base_fields)
    if not isinstance(texts, list) or not all(map(_is_text, texts)):
        raise Problem("bad-request", _("Each dispatch is an object with a text."))
    if not 0 < len(texts) <= MOST_TEXTS:
        told = _("At least one dispatch, at most %(most)s.") % {"most": MOST_TEXTS}
        raise Problem("bad-request", told)
    for one in texts:
        _refuse_unknown(one, ("text", "name"))
        _refuse_other_than_strings(one)
    _refuse_other_than_strings(given)
    return [_text(one) for one in texts], stated | {
        name: value or "" for name, value in given.items()
    }


def _body(request: HttpRequest) -> bytes:
    try:
        return bodies.whole(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    except bodies.CutOffError:
        told = _("The body was cut off on the way: less came than was announced.")
        raise Problem("bad-request", told) from None
    except RequestDataTooBig:
        megabytes = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        told = reasons.word({"code": "file-too-large", "values": {"megabytes": megabytes}})
        raise Problem("too-large", told) from None


def _refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """Whoever misspells “published” would otherwise find it out from wrong days on the timeline."""
    told = _("There is no such field here: these are %(known)s.") % {"known": ", ".join(known)}
    if errors := {name: [told] for name in given if name not in known}:
        raise Problem("bad-request", _("Not understood."), errors=errors)


def _refuse_other_than_strings(given: Mapping[str, Any]) -> None:
    wrong = (name for name, value in given.items() if not isinstance(value, str | None))
    if errors := {name: [_("This is to be a string.")] for name in wrong}:
        raise Problem("bad-request", _("Not understood."), errors=errors)


def _is_text(given: object) -> bool:
    return isinstance(given, dict) and isinstance(given.get("text"), str)


def _text(given: Mapping[str, Any]) -> Incoming:
    content = given["text"].encode("utf-8", errors="replace")
    return Incoming(given.get("name") or "", content, "text/plain; charset=utf-8")


def _taken_in(request: HttpRequest, batch: Batch) -> HttpResponse:
    items = list(batch.items.counted().select_related("dispatch").order_by("position"))
    verdicts = {item.verdict for item in items}
    status = next((STATUS[one] for one in STATUS if one in verdicts), REFUSED)
    return JsonResponse(shapes.taken_in(request, batch, items), status=status)


def _batch(request: HttpRequest, user: User | None, pk: UUID) -> HttpResponse:
    must_contribute(user)
    _refuse_unknown(request.GET, ItemsForm.base_fields)
    form = read_query(ItemsForm, request)
    batch = get_object_or_404(Batch, pk=pk)
    look = progress.look(batch, form.cleaned_data["fate"], form.cleaned_data["page"])
    return JsonResponse(shapes.batch(request, look))


def _dispatch(request: HttpRequest, user: User | None, pk: int) -> HttpResponse:
    insider = is_insider(request, user)
    visible = reading.visible_dispatches(insider=insider)
    found = visible.select_related("source").filter(pk=_id(pk)).first()
    if found is None:
        _refuse_withdrawn(Dispatch.objects.filter(pk=pk).exclude(withdrawn_at=None).first())
        raise Http404
    detail = reading.dispatch_detail(found, insider=insider)
    told = provenance.of_dispatch(found, visible, insider=insider)
    return JsonResponse(shapes.dispatch(request, found, detail, told))


def _refuse_withdrawn(found: Dispatch | None) -> None:
    if found is not None:
        raise Problem("taken-back", provenance.withdrawn(found, insider=False).text)


def _events(request: HttpRequest, user: User | None) -> HttpResponse:
    del user  # the timeline is the same for all
    _refuse_unknown(request.GET, EventsForm.base_fields)
    form = read_query(EventsForm, request)
    page = reading.timeline_page(form.filters, form.page_number)
    return JsonResponse(shapes.events(request, page))


def _event(request: HttpRequest, user: User | None, pk: int) -> HttpResponse:
    found = get_object_or_404(Event, pk=_id(pk))
    if found.merged_into_id is not None:
        found = get_object_or_404(Event, pk=found.merged_into_id)
    insider = is_insider(request, user)
    visible = reading.visible_events(insider=insider).filter(pk=found.pk).first()
    if visible is None:
        if provenance.is_taken_back(found):
            notices = provenance.of_hidden_event(found, insider=False)
            raise Problem("taken-back", " ".join(notice.text for notice in notices))
        raise Http404
    detail = reading.event_detail(visible)
    notices = provenance.of_event(found, insider=insider)
    return JsonResponse(shapes.event_detail(request, detail, notices))


def _nothing(request: HttpRequest, user: User | None, rest: str = "") -> HttpResponse:
    del request, user, rest
    raise Http404


def _openapi(request: HttpRequest, user: User | None) -> HttpResponse:
    del user
    return JsonResponse(describe(request.build_absolute_uri(reverse("timeline")).rstrip("/")))


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people: rendered here, with no script and nothing from elsewhere."""
    site = request.build_absolute_uri(reverse("timeline")).rstrip("/")
    return render(
        request,
        "events/api.html",
        {
            "operations": operations(describe(site)),
            "problems": [(code, *kind) for code, kind in KINDS.items()],
            "formats": exports.FORMATS,
            "limit": settings.API_REQUESTS_PER_MINUTE,
            "site": site,
        },
    )


def _id(pk: int) -> int:
    if not 0 < pk <= _LARGEST_ID:
        raise Http404
    return pk


dispatches = door(POST=_post)
dispatch = door(GET=_dispatch)
batch = door(GET=_batch)
events = door(GET=_events)
event = door(GET=_event)
openapi = door(GET=_openapi)
nothing = door(GET=_nothing, POST=_nothing, PUT=_nothing, PATCH=_nothing, DELETE=_nothing)
