"""The doors of the site: read the form, ask `timeline` or call `ingest`, render."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import BadRequest
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from events import columns, exports, health, provenance, robots, roles, tiles
from events import timeline as reading
from events.forms import (
    BadQuery,
    DispatchesForm,
    EventForm,
    TileForm,
    TimelineForm,
    WalkForm,
    read_query,
)
from events.models import Event

MOST_EXPORTED = 20_000  # events of one file: each costs the server a millisecond
MOST_LANES = 5  # of the view, beside the one for the rest
CACHE_TILE = "private, no-cache"  # kept, but asked about: a new event shows at once


@require_safe
def timeline(request: HttpRequest) -> HttpResponse:
    form = read_query(TimelineForm, request)
    page = reading.timeline_page(form.filters, form.page_number)
    lanes = tiles.lanes(page.facets, form.lane_facet, MOST_LANES)
    return render(
        request, "events/timeline.html", _around(form, page, "timeline") | {"lanes": lanes}
    )


@require_safe
def world(request: HttpRequest) -> HttpResponse:
    form = read_query(TimelineForm, request)
    page = reading.map_page(form.filters)
    return render(request, "events/map.html", _around(form, page, "map"))


@require_safe
def walk(request: HttpRequest) -> HttpResponse:
    """The events of the view one at a time; `event` says at which one the reader stands."""
    form = read_query(WalkForm, request)
    page = reading.walk_page(form.filters, form.cleaned_data["event"])
    return render(request, "events/walk.html", _around(form, page, "walk"))


def _around(
    form: TimelineForm,
    page: reading.TimelinePage | reading.MapPage | reading.WalkPage,
    view: str,
) -> dict[str, Any]:
    """What every view of the events is shown with."""
    return {
        "page": page,
        "form": form,
        "chips": form.chips(page.facets),
        "formats": exports.FORMATS,
        "action": reverse(view),
    }


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All events of a view as a file, in the order of its list."""
    form = read_query(TimelineForm, request)
    if kind not in exports.FORMATS:
        raise Http404
    wanted = exports.FORMATS[kind]
    address = f"{reverse('timeline')}{'?' if request.GET else ''}{request.GET.urlencode()}"
    found = reading.whole(form.filters)
    if len(found) > MOST_EXPORTED and kind != "atom":
        told = _("These are more than %(most)s events: narrow the view before you take it away.")
        messages.warning(request, told % {"most": intcomma(MOST_EXPORTED)})
        return redirect(address)
    site = request.build_absolute_uri("/").rstrip("/")
    written = wanted.write(exports.View(found, site, request.build_absolute_uri(address)))
    answer = StreamingHttpResponse(written, content_type=wanted.media_type)
    if wanted.file:
        answer["Content-Disposition"] = f'attachment; filename="{wanted.file}"'
    return robots.keep_out(answer)


def _tile_tag(request: HttpRequest, level: str, index: int) -> str:
    """The bytes of an address differ only when the corpus or the language does."""
    return f'"{columns.corpus_version()}-{get_language()}"'


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
@condition(etag_func=_tile_tag)
def tile(request: HttpRequest, level: str, index: int) -> HttpResponseBase:
    form = read_query(TileForm, request)
    if level not in reading.LEVELS:
        raise Http404
    try:
        found = tiles.tile(level, index, form.filters, form.lane_facet, form.cleaned_data["key"])
    except ValueError as error:
        raise Http404(str(error)) from error
    return JsonResponse(found.as_json(), headers={"Cache-Control": CACHE_TILE})


@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Event, pk=_id(pk))
    if found.merged_into_id is not None:
        messages.info(request, _("This event was merged into another one, shown here."))
        return redirect("event", found.merged_into_id)
    insider = roles.is_insider(request)
    visible = reading.visible_events(insider=insider).filter(pk=found.pk).first()
    if visible is None:
        if not provenance.is_taken_back(found):
            raise Http404
        told = {
            "notices": provenance.of_hidden_event(found, insider=insider),
            "history": reverse("history", args=["event", found.pk]),
        }
        return robots.forget(render(request, "events/withdrawn.html", told, status=410))
    notices = provenance.of_event(found, insider=insider)
    known = read_query(EventForm, request).cleaned_data["known"]
    detail = reading.event_detail(visible, known)
    page = render(request, "events/event.html", {"event": detail, "notices": notices})
    return robots.keep_out(page, wanted=detail.unlisted)


@require_safe
def dispatches(request: HttpRequest) -> HttpResponse:
    form = read_query(DispatchesForm, request)
    data = form.cleaned_data
    page = reading.dispatches_page(
        text=data["q"], state=data["state"], page=data["page"], insider=roles.is_insider(request)
    )
    return render(request, "events/dispatches.html", {"page": page, "form": form})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    report = health.check()
    return JsonResponse(report.as_json(), status=200 if report.ok else 503)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    problems = exception.problems if isinstance(exception, BadQuery) else ()
    return render(request, "400.html", {"problems": problems}, status=400)


def _id(pk: Any) -> int:
    """A row id from a path, or 400: databases refuse what does not fit their column."""
    if not 0 < pk <= 2**63 - 1:
        raise BadRequest
    return int(pk)
