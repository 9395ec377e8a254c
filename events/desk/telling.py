"""Stories: the public shelf and pages, and where curators write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import curation, originals, pictures, robots, roles, stories, tables, timeline
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
    page = _page(request, slug)
    answer = render(request, "desk/story.html", {"story": page})
    return robots.keep_out(answer, wanted=page.unlisted)


@require_safe
def as_json(request: HttpRequest, slug: str) -> JsonResponse:
    page = _page(request, slug)
    answer = JsonResponse(page.as_json(), json_dumps_params={"ensure_ascii": False})
    return robots.keep_out(answer, wanted=page.unlisted)


@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    page = _page(request, slug)
    answer = HttpResponse(tables.csv_lines(page.as_rows()), content_type=tables.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{page.card.slug}.csv"'
    return robots.keep_out(answer, wanted=page.unlisted)


@require_safe
def picture(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The picture of a story that its reader may see; another one stands at another address."""
    found = get_object_or_404(_visible(request), slug=slug, picture=digest)
    try:
        content = originals.load(found.picture)
    except FileNotFoundError:
        raise Http404 from None
    # A draft may be read by curators alone: no cache between shall keep it.
    age = {"public": True, "max_age": 31_536_000, "immutable": True} if found.published else {
        "private": True, "no_cache": True,
    }
    answer = HttpResponse(content, content_type=pictures.MEDIA_TYPE)
    patch_cache_control(answer, **age)
    return answer


@require_POST
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a story, empty or with all that the view at the address `what` shows."""
    form = NewStoryForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A story needs a title."))
        return redirect("stories")
    language = (get_language() or "fr")[:2]
    made = curation.create_story(
        form.cleaned_data["title"], language=language, by=_user(request)
    )
    events = _meant(request.POST.get("what", ""))
    if events:
        curation.add_to_story(made, events, by=_user(request))
    return redirect("story-edit", made.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = get_object_or_404(Story, slug=slug)
    seen = _last_act(found)
    if request.method != "POST":
        form = StoryForm(instance=found)
    else:
        # Checked on a copy: what is stored changes through `curation` alone.
        copy = Story.objects.get(pk=found.pk)
        form = StoryForm(request.POST, request.FILES, instance=copy)
        given = request.POST.get("seen", "")
        shown = int(given) if re.fullmatch("[0-9]{1,18}", given) else None
        if form.is_valid():
            changes = _changes(form, found)
            try:
                curation.save_story(found, changes, by=_user(request), seen=shown)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("story-edit", form.cleaned_data["slug"])
        if not form.has_error(NON_FIELD_ERRORS, "meanwhile"):
            seen = shown if shown is not None else seen
    page = form.as_typed(stories.story_page(found, insider=True))
    return render(
        request,
        "desk/story_edit.html",
        {"story": page, "pk": found.pk, "form": form, "seen": seen},
        status=422 if form.errors else 200,
    )


def _last_act(story: Story) -> int:
    return story.acts.order_by("-pk").values_list("pk", flat=True).first() or 0


def _changes(form: StoryForm, story: Story) -> dict[str, object]:
    """What was sent, as `curation.save_story` takes it; a new picture is kept first."""
    changes = form.cleaned_data | {"steps": form.steps(), "picture": story.picture}
    if form.cleaned_data["picture"]:
        changes["picture"] = originals.store(form.cleaned_data["picture"])
    elif changes.pop("no_picture", False):
        changes |= {"picture": "", "picture_alt": "", "picture_credit": ""}
    return changes


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
    found = get_object_or_404(_visible(request), slug=slug)
    return stories.story_page(found, insider=_is_curator(request))


def _visible(request: HttpRequest) -> QuerySet[Story]:
    return stories.visible_stories(insider=_is_curator(request))


def _is_curator(request: HttpRequest) -> bool:
    return roles.role_of(request.user) >= roles.Role.CURATOR


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # `roles.AccessMiddleware` let nobody else through
