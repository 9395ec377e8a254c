"""How well the machine does here, and the annotated dispatches to measure it by."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from events import gold
from events import quality as figures


@require_safe
@never_cache
def quality(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/quality.html", {"quality": figures.quality()})


@require_safe
@never_cache
def gold_file(request: HttpRequest) -> HttpResponseBase:
    return StreamingHttpResponse(
        gold.as_json(),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="gold.json"'},
    )
