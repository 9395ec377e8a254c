"""A table that was taken away comes back corrected: what it changes is shown, then done."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from events import corrections
from events.desk.forms import ChangesForm, CorrectionsForm

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def table(request: HttpRequest) -> HttpResponseBase:
    if "change" in request.POST:
        taken = ChangesForm(request.POST)
        if taken.is_valid():
            return _apply(request, taken.cleaned_data["change"])
        messages.error(request, " ".join(map(str, taken.errors["change"])))
        return redirect("corrections")
    posted = request.method == "POST"
    form = CorrectionsForm(request.POST, request.FILES) if posted else CorrectionsForm()
    return _page(request, form)


def _page(request: HttpRequest, form: CorrectionsForm) -> HttpResponseBase:
    found = form.cleaned_data.get("table") if form.is_bound and form.is_valid() else None
    status = 422 if form.errors else 200
    return render(request, "desk/corrections.html", {"form": form, "table": found}, status=status)


def _apply(request: HttpRequest, changes: list[corrections.Change]) -> HttpResponseBase:
    done, refused = corrections.apply(changes, by=cast("User", request.user))
    told = ngettext("%(n)s event was corrected.", "%(n)s events were corrected.", done)
    messages.success(request, told % {"n": intcomma(done)})
    for why in refused:
        messages.warning(request, why)
    return redirect("corrections")
