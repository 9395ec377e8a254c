"""The page of the feeds: how each one is, and where to add more."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import feeds
from events.fetch import FetchError
from events.forms import FeedForm, OpmlForm
from events.models import Feed
from events.readers import UnreadableDispatch
from events.reasons import word


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    form = FeedForm(request.POST or None, label_suffix="")
    if request.method == "POST":
        return _subscribe(request, form)
    return _page(request, form, OpmlForm(label_suffix=""))


def _subscribe(request: HttpRequest, form: FeedForm) -> HttpResponse:
    if form.is_valid():
        try:
            found = feeds.discover(form.cleaned_data["url"])
        except (FetchError, UnreadableDispatch) as failure:
            form.add_error("url", word(failure.reason))
        else:
            if len(found) > 1:
                return _page(request, form, OpmlForm(label_suffix=""), found=found)
            source = form.cleaned_data["source"]
            feed, is_new = feeds.add(found[0], source=source, by=_user(request))
            new, old = _("%(feed)s is polled from now on."), _("%(feed)s is here already.")
            messages.success(request, (new if is_new else old) % {"feed": feed})
            return redirect("feeds")
    return _page(request, form, OpmlForm(label_suffix=""), status=422)


@require_POST
def import_list(request: HttpRequest) -> HttpResponse:
    form = OpmlForm(request.POST, request.FILES, label_suffix="")
    if form.is_valid():
        try:
            new, old = feeds.import_opml(form.cleaned_data["opml"].read(), by=_user(request))
        except UnreadableDispatch as refusal:
            form.add_error("opml", word(refusal.reason))
        else:
            told = ngettext("%(new)d feed added", "%(new)d feeds added", new) % {"new": new}
            known = ngettext("%(old)d was here", "%(old)d were here", old) % {"old": old}
            messages.success(request, f"{told}, {known}.")
            return redirect("feeds")
    return _page(request, FeedForm(label_suffix=""), form, status=422)


@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    content = feeds.export_opml(Feed.objects.filter(is_active=True))
    return HttpResponse(
        content,
        content_type="text/x-opml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="frise.opml"'},
    )


@require_POST
def poll_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the next round poll it; one that was stopped goes on."""
    feed = get_object_or_404(Feed, pk=min(pk, 2**63 - 1))
    Feed.objects.filter(pk=feed.pk).update(is_active=True, next_poll_at=timezone.now())
    messages.success(request, _("%(feed)s is polled within a minute.") % {"feed": feed})
    return redirect("feeds")


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    feed = get_object_or_404(Feed, pk=min(pk, 2**63 - 1))
    Feed.objects.filter(pk=feed.pk).update(is_active=False)
    messages.success(request, _("%(feed)s is not polled any more.") % {"feed": feed})
    return redirect("feeds")


def _user(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _page(
    request: HttpRequest,
    form: FeedForm,
    opml: OpmlForm,
    status: int = 200,
    found: Sequence[feeds.Candidate] = (),
) -> HttpResponse:
    return render(
        request,
        "events/feeds.html",
        {
            "rows": feeds.overview(),
            "form": form,
            "opml": opml,
            "found": found,
        },
        status=status,
    )
