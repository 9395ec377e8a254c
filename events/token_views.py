"""The page on which a person makes tokens for their scripts, and ends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from events import tokens
from events.forms import TokenForm
from events.models import ApiToken

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@never_cache
@login_required  # a machine of one's own lets in who has no account: no token could speak for them
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = TokenForm(request.POST or None, label_suffix="")
    fresh = ""
    if request.method == "POST" and form.is_valid():
        fresh = tokens.make(user, form.cleaned_data["name"])
        form = TokenForm(label_suffix="")
    return render(
        request,
        "events/tokens.html",
        {"form": form, "fresh": fresh, "tokens": list(ApiToken.objects.filter(user=user))},
        status=422 if form.errors else 200,
    )


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    token = get_object_or_404(ApiToken, pk=min(pk, 2**63 - 1), user=request.user)
    token.delete()
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": token})
    return redirect("tokens")
