"""The first page of the administration: what is looked up, what runs, what was found."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

# The models of each part, in the order in which they are shown.
PARTS = (
    (
        gettext_lazy("Reference data"),
        ("Source", "Feed", "Actor", "Place", "OwnWord", "User", "Group"),
    ),
    (
        gettext_lazy("Operations"),
        ("Heartbeat", "Dispatch", "Batch", "BatchItem", "FeedEntry", "ApiToken", "Claim"),
    ),
    (
        gettext_lazy("What was found, and decided"),
        (
            "Event", "Mention", "EventActor", "EventPlace", "ExtractionRun", "CurationAct",
            "Story", "StoryEvent",
        ),
    ),
)  # fmt: skip


class Site(AdminSite):
    site_header = gettext_lazy("Frise: administration")
    site_title = "Frise"
    index_title = gettext_lazy("Reference data and operations")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return parts as Django returns apps; models that are in no part stay with their app."""
        apps: list[Any] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["object_name"]: model for app in apps for model in app["models"]}
        placed = {name for _part, names in PARTS for name in names}
        parts = [
            {
                "name": part,
                "app_label": f"part-{number}",
                "app_url": reverse("admin:index"),
                "has_module_perms": True,
                "models": [models[name] for name in names if name in models],
            }
            for number, (part, names) in enumerate(PARTS)
        ]
        rest = [
            {**app, "models": [m for m in app["models"] if m["object_name"] not in placed]}
            for app in apps
        ]
        return [part for part in [*parts, *rest] if part["models"]]
