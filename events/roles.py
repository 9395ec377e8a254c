"""Who may do what: four roles, as groups, and the one table of which page asks for which.

A page that is in no row of `ACCESS` opens to administrators only, so that a new one is never left
open by mistake; `tests/events/test_roles.py` names what is missing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from events import bodies, resending

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Role(IntEnum):
    """Each may do what those before it may."""

    READER = 0
    CONTRIBUTOR = 1
    CURATOR = 2
    ADMINISTRATOR = 3


# What each role adds, as permissions of Django, of `events` where no app is named; the groups bear
# the names of the roles.
GROUPS: dict[Role, tuple[str, ...]] = {
    Role.CONTRIBUTOR: ("add_dispatch",),
    Role.CURATOR: (
        "change_event", "change_dispatch", "change_actor", "change_place", "add_story",
        "change_story", "add_feed", "change_feed",
    ),
    Role.ADMINISTRATOR: (
        "delete_curationact", "add_source", "change_source", "delete_source", "delete_feed",
        "add_actor", "delete_actor", "add_place", "delete_place", "view_ownword", "add_ownword",
        "change_ownword", "delete_ownword", "view_apitoken", "delete_apitoken", "view_batch",
        "view_batchitem", "view_claim", "view_curationact", "view_eventactor", "view_eventplace",
        "view_extractionrun", "view_feedentry", "view_heartbeat", "view_mention", "view_storyevent",
        "auth.view_user", "auth.add_user", "auth.change_user",
    ),
}  # fmt: skip
_MARK = {
    Role.ADMINISTRATOR: "events.delete_curationact",
    Role.CURATOR: "events.change_event",
    Role.CONTRIBUTOR: "events.add_dispatch",
}

# The name of a URL, or of a namespace with its colon, to the least role that may ask for it.
ACCESS: dict[str, Role] = {
    **dict.fromkeys(
        (
            "timeline", "map", "walk", "tile", "export", "event", "dispatches", "dispatch",
            "dispatch-versions", "stories", "story", "story-json", "story-csv", "story-picture",
            "login", "logout", "healthz", "set_language", "api-dispatches",
            "api-dispatch", "api-batch", "api-events", "api-event", "api-openapi", "api-docs",
            "api-nothing", "api-root",
        ),
        Role.READER,
    ),
    **dict.fromkeys(
        (
            "upload", "batch", "batch-progress", "batch-csv", "batch-cancel", "batch-retry",
            "retry", "dispatch-encoding", "dispatch-date", "undated", "feeds", "feeds-import",
            "feeds-opml", "feed-poll", "feed-stop", "tokens", "token-end",
        ),
        Role.CONTRIBUTOR,
    ),
    **dict.fromkeys(
        (
            "review", "review-event", "review-act", "review-undo", "event-edit", "event-merge",
            "event-split", "event-comment", "event-fact", "event-contradict", "event-attach",
            "history", "history-back", "event-new", "corrections", "name", "name-rename",
            "name-unite", "story-new", "story-edit", "story-add", "quality", "gold", "withheld",
            "dispatch-whole", "dispatch-withdraw", "event-withdraw",
        ),
        Role.CURATOR,
    ),
    "admin:": Role.ADMINISTRATOR,
}  # fmt: skip
_OWN_LOGIN = {"admin:"}  # asks for a login by itself, and shows only what one may touch


def role_of(user: User | AnonymousUser) -> Role:
    if not user.is_active:  # nobody who is not logged in is
        return Role.READER
    return next((role for role, mark in _MARK.items() if user.has_perm(mark)), Role.READER)


def may(request: HttpRequest, role: Role) -> bool:
    """Whether the request comes with that role; on one's own laptop whoever sits at it adds."""
    if not hasattr(request, "user"):  # refused before anybody asked who it is
        return False
    if role_of(request.user) >= role:
        return True
    return (
        role == Role.CONTRIBUTOR
        and settings.PUBLIC_EVENTS == "all"
        and _from_this_machine(request)
    )


def access(name: str) -> Role:
    """Return the least role that may ask for the URL of this name ("namespace:name")."""
    namespace = name.rpartition(":")[0]
    if namespace:
        return ACCESS.get(name, ACCESS.get(f"{namespace}:", Role.ADMINISTRATOR))
    return ACCESS.get(name, Role.ADMINISTRATOR)


def is_insider(request: HttpRequest) -> bool:
    """Whether proposals may be shown: to those who have a role, or to all by setting."""
    return settings.PUBLIC_EVENTS == "all" or may(request, Role.CONTRIBUTOR)


class AccessMiddleware:
    """The one place where a role is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        role = access(name)
        if role == Role.READER or f"{name.rpartition(':')[0]}:" in _OWN_LOGIN:
            return None
        if may(request, role):
            return None
        if request.user.is_authenticated:
            raise PermissionDenied
        if "application/json" in request.headers.get("Accept", ""):
            if request.method == "POST":
                return resending.refuse(request, needs_login=True)
            return JsonResponse({"error": [_("Log in to see this.")]}, status=403)
        if resending.can_be_sent_again(request):
            return resending.refuse(request, needs_login=True)
        if request.method == "POST":
            bodies.let_go(request)  # or the line is reset, and nobody sees where they are led
            messages.warning(request, resending.logged_out())
        return redirect_to_login(resending.page_of(request))


def make_groups(**_: Any) -> None:
    """Create the groups, each with the permissions of its role and of those below it."""
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - needs the registry

    for role in GROUPS:
        names = [name for lower in GROUPS if lower <= role for name in GROUPS[lower]]
        group, _made = Group.objects.get_or_create(name=role.name.lower())
        for app in ("events", "auth"):
            own = [name for name in names if ("." in name) == (app != "events")]
            codes = [name.removeprefix(f"{app}.") for name in own]
            wanted = Permission.objects.filter(content_type__app_label=app, codename__in=codes)
            group.permissions.add(*wanted)


def _from_this_machine(request: HttpRequest) -> bool:
    """Asked for by a loopback name, from a loopback address, through no proxy."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip")):
        return False
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        remote = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return remote.is_loopback and host in {"127.0.0.1", "localhost", "[::1]"}
