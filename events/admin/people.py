"""Who may log in, and with which role. Only a superuser makes others superusers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from events import roles
from events.roles import Role

ROLES = {
    Role.READER: gettext_lazy("reader"),
    Role.CONTRIBUTOR: gettext_lazy("contributor"),
    Role.CURATOR: gettext_lazy("curator"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
}

admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """Roles are groups. Who has no more than a role neither sees superusers nor makes one."""

    list_display = ("username", "email", "role", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_staff")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found = super().get_queryset(request).prefetch_related("groups")
        if not request.user.is_superuser:
            found = found.filter(is_superuser=False)
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.is_superuser:
            return fieldsets
        reserved = {"is_superuser", "user_permissions"}
        return [
            (
                title,
                {**options, "fields": [name for name in options["fields"] if name not in reserved]},
            )
            for title, options in fieldsets
        ]

    @admin.display(description=gettext_lazy("role"))
    def role(self, user: User) -> str:
        return str(ROLES[roles.role_of(user)])
