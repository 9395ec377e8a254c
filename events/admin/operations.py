"""What runs and what waits, beside the processes that showed that they live."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from events import operations
from events.admin.looking import ReadOnly
from events.models import Dispatch, Heartbeat

# The rows of heartbeats, in words.
PROCESSES = {
    "sweep": gettext_lazy("sweeper: brings back what was lost"),
    "read": gettext_lazy("reading: whoever read last"),
    "feeds": gettext_lazy("feeds: whoever polled last"),
}


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly, admin.ModelAdmin[Heartbeat]):
    list_display = ("process", "at")
    list_display_links = None

    def has_delete_permission(self, request: HttpRequest, obj: Heartbeat | None = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        seen = operations.look()
        context = {
            "title": self.opts.verbose_name_plural,
            "operations": seen,
            "queues": list((seen.messages or {}).items()),
            "states": [(state, state.label, seen.dispatches[state]) for state in Dispatch.State],
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    @admin.display(description=gettext_lazy("process"), ordering="name")
    def process(self, heartbeat: Heartbeat) -> str:
        return str(PROCESSES.get(heartbeat.name, heartbeat.name))
