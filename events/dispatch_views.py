"""The doors to one dispatch: its page, its versions, and what a person may set right of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from events import curation, ingest, processing, provenance, robots, roles
from events import timeline as reading
from events.forms import DayForm, UndatedForm, read_query
from events.models import Dispatch
from events.reasons import word
from events.wording import word_day

if TYPE_CHECKING:
    from django.contrib.auth.models import User

EXCERPT = 900  # characters of a dispatch in the tray of those to be dated
LISTED = 20  # of those that wait behind it


@require_safe
def dispatch(request: HttpRequest, pk: int) -> HttpResponseBase:
    insider = roles.is_insider(request)
    visible = reading.visible_dispatches(insider=insider)
    found = visible.select_related("source", "reprint_of").filter(pk=row_id(pk)).first()
    if found is None:
        present = visible.filter(earlier_versions=row_id(pk)).first()
        return redirect(present) if present else _withdrawn(request, row_id(pk))
    unlisted = bool(found.private_text)
    detail = reading.dispatch_detail(found, insider=insider)
    stands = found.replaced_by_id is None  # nothing is done to a version that nobody reads
    may_act = stands and roles.may(request, roles.Role.CONTRIBUTOR)
    page = render(
        request,
        "events/dispatch.html",
        {
            "unlisted": unlisted,
            "dispatch": detail,
            "provenance": provenance.of_dispatch(found, visible, insider=insider),
            "may_act": may_act,
            "stands": stands,
            "day_form": DayForm(initial={"published": found.published}, label_suffix=""),
            "encodings": ingest.encodings_of(found) if may_act and detail.can_be_decoded else (),
        },
    )
    return robots.keep_out(page, wanted=unlisted)


def _withdrawn(request: HttpRequest, pk: int) -> HttpResponse:
    """That it was taken back is told, and nothing of what it said."""
    found = Dispatch.objects.filter(pk=pk).exclude(withdrawn_at=None).first()
    if found is None:
        raise Http404
    told = {
        "notices": [provenance.withdrawn(found, insider=roles.is_insider(request))],
        "history": reverse("history", args=["dispatch", pk]),
    }
    return robots.forget(render(request, "events/withdrawn.html", told, status=410))


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of an item, and what changed between two of them."""
    insider = roles.is_insider(request)
    found = reading.visible_dispatches(insider=insider).filter(pk=row_id(pk)).first()
    if found is None:
        return _withdrawn(request, row_id(pk))
    kept = provenance.versions_of(found)
    if not kept:
        raise Http404
    newer, older = (request.GET.get(name, "") for name in ("newer", "older"))
    pair = (
        (int(older), int(newer))
        if older.isdecimal() and newer.isdecimal()
        else (kept[1].id, kept[0].id)
    )
    # What an agency took out of a text is not for the public.
    comparison = provenance.compare(found, *pair) if insider else None
    return render(
        request,
        "events/versions.html",
        {"dispatch": found, "versions": kept, "comparison": comparison},
    )


@require_safe
@never_cache
def undated(request: HttpRequest) -> HttpResponse:
    """The tray of dispatches to be dated: one at a time, with the days that it may be of."""
    form = read_query(UndatedForm, request)
    known = reading.visible_dispatches(insider=True)
    waiting = Dispatch.objects.undated().order_by("pk")
    if form.cleaned_data["batch"]:
        waiting = waiting.filter(batch_items__batch=form.cleaned_data["batch"]).distinct()
    at, after = form.cleaned_data["at"], form.cleaned_data["after"]
    chosen = waiting.filter(pk=at) if at else waiting.filter(pk__gt=after or 0)
    current = chosen.select_related("source").first() or waiting.select_related("source").first()
    rest = waiting.exclude(pk=current.pk)[:LISTED] if current else ()
    return render(
        request,
        "events/undated.html",
        {
            "dispatch": current,
            "excerpt": _excerpt(current) if current else (),
            "provenance": current and provenance.of_dispatch(current, known, insider=True),
            "waiting": waiting.count(),
            "rest": list(rest),
            "day_form": DayForm(label_suffix=""),
            "batch": form.cleaned_data["batch"],
            "next": _tray(form.cleaned_data["batch"], current.pk if current else 0),
        },
    )


def _tray(batch: Any, after: int) -> str:
    query = f"?after={after}" + (f"&batch={batch}" if batch else "")
    return reverse("undated") + query


def _excerpt(found: Dispatch) -> tuple[reading.Piece, ...]:
    """Its first words, those that date something marked."""
    dates = found.mentions.values_list("date_start", "date_end")
    spans = [(start, end, "date") for start, end in dates if start is not None and end is not None]
    return reading.marked(found.text[:EXCERPT], spans)


@require_POST
def set_day(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say of which day a dispatch is: it is read again, and all that counts from it moves."""
    found = get_object_or_404(Dispatch, pk=row_id(pk))
    form = DayForm(request.POST)
    if not form.is_valid():
        for problem in form.errors.get("published", ()):
            messages.error(request, str(problem))
        return _next(request, pk)
    day: date | None = form.cleaned_data["published"]
    if day is not None and day > provenance.received_on(found):
        told = _("It was received on %(date)s: it cannot be of a later day.")
        messages.error(request, told % {"date": word_day(provenance.received_on(found))})
        return _next(request, pk)
    seen = request.POST.get("seen")
    try:
        act = curation.redate_dispatch(found, day, by=_user(request), seen=seen)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("dispatch", found.replaced_by_id or pk)
    told = (
        _("“%(title)s” is of %(date)s: it is read again.")
        if day
        else _("“%(title)s” has no stated day any more: it is read again.")
    ) % {"title": Truncator(str(found)).chars(80), "date": word_day(day) if day else ""}
    may_undo = curation.may_curate(request.user)
    messages.success(request, told, extra_tags=f"undo-{act.pk}" if may_undo else "")
    return _next(request, pk)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponseBase:
    processing.retry_dispatch(get_object_or_404(Dispatch, pk=row_id(pk)))
    messages.success(request, _("It will be read again."))
    return redirect("dispatch", pk)


@require_POST
def encoding(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Have a file read again in the encoding that a person knows it to be in."""
    found = get_object_or_404(Dispatch, pk=row_id(pk))
    outcome = ingest.read_as(found, request.POST.get("encoding", "")[:40])
    if outcome.verdict == "accepted":
        messages.success(request, _("It will be read again."))
    else:
        messages.error(request, word(outcome.reason))
    return redirect("dispatch", pk)


def row_id(pk: Any) -> int:
    """A row id from a path, or 400: databases refuse what does not fit their column."""
    if not 0 < pk <= 2**63 - 1:
        raise BadRequest
    return int(pk)


def _user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _next(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Back to where the form stood, else to the dispatch."""
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return redirect(to)
    return redirect("dispatch", pk)
