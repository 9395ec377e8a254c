"""Who brings dispatches: sources, feeds, scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import reasons, reference
from events.admin.lines import LinesField
from events.admin.looking import Followed, ReadOnly, counted
from events.models import ApiToken, Dispatch, Feed, FeedEntry, Source


class SourceForm(forms.ModelForm[Source]):
    aliases = LinesField(
        label=gettext_lazy("other names"),
        required=False,
        help_text=gettext_lazy("One a line. What comes under one of them is of this source."),
    )

    homepage = forms.URLField(label=gettext_lazy("homepage"), required=False, assume_scheme="https")

    def clean_aliases(self) -> list[str]:
        """Refuse the name of another source: the two are to be made one instead."""
        names: list[str] = self.cleaned_data["aliases"]
        others = Source.objects.exclude(pk=self.instance.pk)
        taken = {one.casefold() for source in others for one in (source.name, *source.aliases)}
        for name in names:
            if name.casefold() in taken:
                told = _("“%(name)s” is the name of another one: make the two one instead.")
                raise forms.ValidationError(told % {"name": name})
        return names


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    form = SourceForm
    list_display = ("name", "others", "homepage", "given")
    search_fields = ("name", "aliases")
    fields = ("name", "aliases", "homepage")
    actions = ("unite",)

    @admin.display(description=gettext_lazy("other names"))
    def others(self, source: Source) -> str:
        return ", ".join(source.aliases)

    @admin.action(
        description=gettext_lazy("Make them one: the one with most dispatches"),
        permissions=["delete"],
    )
    def unite(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        kept, *others = sorted(queryset, key=lambda one: (-self.given(one), one.pk))
        moved = reference.unite_sources(kept, others)
        told = ngettext(
            "%(count)d dispatch is now of “%(name)s”.",
            "%(count)d dispatches are now of “%(name)s”.",
            moved,
        )
        self.message_user(request, told % {"count": moved, "name": kept})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(count=counted(Dispatch, "source"))

    @admin.display(description=gettext_lazy("dispatches"), ordering="count")
    def given(self, source: Source) -> int:
        return source.count  # type: ignore[attr-defined, no-any-return]  # annotated


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """`manage.py make_token` makes them, and shows them once; here they are ended."""

    list_display = ("name", "user", "created_at", "used_at")
    search_fields = ("name", "user__username")
    readonly_fields = ("user", "created_at", "used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class FailingFilter(admin.SimpleListFilter):
    title = gettext_lazy("health")
    parameter_name = "fails"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", Feed.Health.FAILING.label)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> QuerySet[Feed]:
        return queryset.filter(is_active=True, failures__gt=0) if self.value() else queryset


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin[Feed]):
    list_display = ("__str__", "source", "state", "succeeded_at", "next_poll_at", "problem")
    list_filter = (FailingFilter, "is_active", "source")
    search_fields = ("title", "url")
    list_select_related = ("source",)
    autocomplete_fields = ("source",)
    fields = (
        "url", "title", "source", "is_active", "reads_pages", "interval_minutes", "next_poll_at",
        "state", "problem", "polled_at", "succeeded_at", "failures", "added_by", "added_at",
    )  # fmt: skip
    readonly_fields = (
        "state", "problem", "polled_at", "succeeded_at", "failures", "added_by", "added_at",
    )  # fmt: skip

    @admin.display(description=gettext_lazy("health"))
    def state(self, feed: Feed) -> str:
        return str(feed.health.label)

    @admin.display(description=gettext_lazy("problem"))
    def problem(self, feed: Feed) -> str:
        return reasons.word(feed.error)


@admin.register(FeedEntry)
class FeedEntryAdmin(ReadOnly, Followed, admin.ModelAdmin[FeedEntry]):
    list_display = ("seen_at", "feed", "verdict", "why", "dispatch")
    list_filter = ("verdict", "feed")
    follows = ("feed", "dispatch")

    @admin.display(description=gettext_lazy("why"))
    def why(self, entry: FeedEntry) -> str:
        return reasons.word(entry.reason)
