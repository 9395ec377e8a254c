"""Stories: the public shelf and pages, and where curators write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import curation, roles, stories, timeline
from events.desk.forms import NewStoryForm, StoryForm
from events.forms import TimelineForm
from events.models import Event, Story

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_ADDED = 200  # events at one go


@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    curator = _is_curator(request)
    return render(
        request,
        "desk/stories.html",
        {
            "stories": stories.shelf(insider=curator),
            "form": NewStoryForm(label_suffix="") if curator else None,
        },
    )


@require_safe
def story(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "desk/story.html", {"story": _page(request, slug)})


@require_safe
def as_json(request: HttpRequest, slug: str) -> JsonResponse:
    return JsonResponse(_page(request, slug).as_json(), json_dumps_params={"ensure_ascii": False})


@require_POST
def new(request: HttpRequest) -> HttpResponseBase:
    form = NewStoryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A story needs a title."))
        return redirect("stories")
    language = (get_language() or "fr")[:2]
    made = curation.create_story(
        form.cleaned_data["title"], language=language, by=_user(request)
    )
    return redirect("story-edit", made.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = get_object_or_404(Story, slug=slug)
    if request.method != "POST":
        form = StoryForm(instance=found)
    else:
        # Checked on a copy: what is stored changes through `curation` alone.
        form = StoryForm(request.POST, instance=Story.objects.get(pk=found.pk))
        if form.is_valid():
            changes = form.cleaned_data | {"steps": form.steps()}
            try:
                curation.save_story(found, changes, by=_user(request))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("story-edit", form.cleaned_data["slug"])
    page = stories.story_page(found, insider=True)
    return render(
        request,
        "desk/story_edit.html",
        {"story": page, "pk": found.pk, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Put events into a story: one by its number or address, or all that a view shows."""
    found = get_object_or_404(Story, slug=slug)
    events = _meant(request.POST.get("what", ""))
    if not events:
        messages.error(request, _("Nothing is found there: paste the address of a view or event."))
        return redirect("story-edit", slug)
    added = curation.add_to_story(found, events, by=_user(request))
    told = ngettext("%(n)s event was added.", "%(n)s events were added.", added)
    messages.success(request, told % {"n": added})
    return redirect("story-edit", slug)


def _meant(what: str) -> list[Event]:
    """The events of an address of the timeline, of an event's page, or of a bare number."""
    address = urlsplit(what.strip()[:2000])
    alive = timeline.visible_events(insider=True)
    if address.query:
        form = TimelineForm(QueryDict(address.query))
        if not form.is_valid():
            return []
        return list(timeline.matching(form.filters, among=alive).in_order()[:MOST_ADDED])
    number = re.search(r"(\d{1,18})/?$", address.path, re.ASCII)
    return list(alive.filter(pk=int(number[1]))) if number else []


def _page(request: HttpRequest, slug: str) -> stories.StoryPage:
    curator = _is_curator(request)
    found = get_object_or_404(stories.visible_stories(insider=curator), slug=slug)
    return stories.story_page(found, insider=curator)


def _is_curator(request: HttpRequest) -> bool:
    return roles.role_of(request.user) >= roles.Role.CURATOR


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # `roles.AccessMiddleware` let nobody else through
