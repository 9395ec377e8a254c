"""Names that readers may not see, and what was taken off the site: asked for, done, looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import curation, robots
from events.desk.forms import ReasonForm, WithholdForm
from events.models import Actor, CurationAct, Dispatch, Event

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def names(request: HttpRequest) -> HttpResponseBase:
    """Whose names are withheld, and the form that withholds another one."""
    actor = _actor(request)
    posted = request.method == "POST"
    given, initial = (request.POST, {}) if posted else (None, _suggested(actor))
    form = WithholdForm(given, initial=initial, label_suffix="")
    concerned = None
    if posted and form.is_valid():
        data = form.cleaned_data
        if "preview" in request.POST:
            concerned = curation.concerned(data["names"])
        else:
            try:
                done = curation.withhold_name(**data, actor=actor, by=_user(request))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                told = _("Readers do not see this name any more.")
                messages.success(request, told, extra_tags=f"undo-{done.pk}")
                return redirect("withheld")
    acts = CurationAct.objects.filter(kind=CurationAct.Kind.WITHHOLD, undone_by=None)
    context = {
        "form": form,
        "actor": actor,
        "concerned": concerned and {"dispatches": concerned[0], "events": concerned[1]},
        "acts": acts.select_related("by", "actor").order_by("-at", "-pk"),
    }
    status = 422 if form.errors else 200
    return robots.keep_out(render(request, "desk/withheld.html", context, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_dispatch(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _withdraw(request, get_object_or_404(Dispatch, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_event(request: HttpRequest, pk: int) -> HttpResponseBase:
    return _withdraw(request, get_object_or_404(Event, pk=pk, merged_into=None))


@require_safe
@never_cache
def whole_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of a dispatch as it came, for curators."""
    dispatch = get_object_or_404(Dispatch, pk=pk)
    return robots.keep_out(render(request, "desk/whole_text.html", {"dispatch": dispatch}))


def _withdraw(request: HttpRequest, subject: Dispatch | Event) -> HttpResponseBase:
    form = ReasonForm(request.POST if request.method == "POST" else None, label_suffix="")
    kind = "dispatch" if isinstance(subject, Dispatch) else "event"
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if isinstance(subject, Dispatch):
                done = curation.withdraw_dispatch(subject, reason, by=_user(request))
            else:
                done = curation.withdraw_event(subject, reason, by=_user(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("It is off the site."), extra_tags=f"undo-{done.pk}")
            return redirect("history", kind, subject.pk)
    context = {"form": form, "subject": subject, "kind": kind}
    return render(request, "desk/withdraw.html", context, status=422 if form.errors else 200)


def _actor(request: HttpRequest) -> Actor | None:
    given = request.GET.get("actor", "")
    return Actor.objects.filter(pk=int(given[:18])).first() if given.isdecimal() else None


def _suggested(actor: Actor | None) -> dict[str, str]:
    """The names by which an actor is known here, each on a line."""
    if actor is None:
        return {}
    others = actor.other_names.values_list("name", flat=True)
    return {"names": "\n".join(dict.fromkeys([actor.name, *actor.aliases, *others]))}


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # `roles.AccessMiddleware` let nobody else through
