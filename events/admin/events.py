"""Events and what they rest on. They are corrected through `curation`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from events import curation, reasons, wording
from events.admin.looking import Followed, ReadOnly, ReadOnlyInline, counted, marked
from events.models import (
    Claim,
    CurationAct,
    Event,
    EventActor,
    EventPlace,
    Mention,
    Story,
    StoryEvent,
)


class MentionInline(ReadOnlyInline, admin.TabularInline[Mention, Event]):
    model = Mention
    verbose_name_plural = gettext_lazy("evidence")
    fields = ("evidence", "date", "why", "dispatch", "pinned")
    readonly_fields = fields
    follows = ("dispatch",)

    @admin.display(description=gettext_lazy("sentence"))
    def evidence(self, mention: Mention) -> SafeString:
        return marked(mention)

    @admin.display(description=gettext_lazy("date"))
    def date(self, mention: Mention) -> str:
        return wording.word_edtf(mention.edtf)

    @admin.display(description=gettext_lazy("why"))
    def why(self, mention: Mention) -> str:
        return reasons.word(mention.reason)


class ActorInline(ReadOnlyInline, admin.TabularInline[EventActor, Event]):
    model = EventActor
    autocomplete_fields = ("actor",)
    follows = ("actor",)


class PlaceInline(ReadOnlyInline, admin.TabularInline[EventPlace, Event]):
    model = EventPlace
    autocomplete_fields = ("place",)
    follows = ("place",)


class ActInline(ReadOnlyInline, admin.TabularInline[CurationAct, Event]):
    model = CurationAct
    fields = ("kind", "by", "at", "before", "after")
    readonly_fields = fields
    follows = ("by", "event", "dispatch")


class EventForm(ModelForm[Event]):
    """Checks each field as `curation` will."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.changed_data:
            try:
                curation.checked(name, cleaned.get(name, ""))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


@admin.register(Event)
class EventAdmin(admin.ModelAdmin[Event]):
    form = EventForm
    list_display = (
        "title", "date", "type", "status", "reports", "confidence", "review_state",
    )  # fmt: skip
    list_filter = ("review_state", "type", "status", "precision", "language")
    search_fields = ("title", "event_actors__actor__name", "event_places__place__name")
    search_help_text = gettext_lazy("title, actor or place")
    date_hierarchy = "start_date"
    list_per_page = 50
    fieldsets = (
        (None, {"fields": ("title", "edtf", "time_of_day", "type", "status", "review_state")}),
        (
            gettext_lazy("Set by the machine"),
            {
                "fields": (
                    "confidence", "importance", "language", "curated_fields", "merged_into",
                    "created_at", "updated_at",
                )
            },
        ),
    )  # fmt: skip
    readonly_fields = (
        "confidence", "importance", "language", "curated_fields", "merged_into", "created_at",
        "updated_at", "review_state",
    )  # fmt: skip
    inlines = (MentionInline, ActorInline, PlaceInline, ActInline)
    actions = ("approve", "reject", "merge")
    view_on_site = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).annotate(reported=counted(Mention, "event"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # an event rests on words of a dispatch

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        return False  # what is wrong is rejected: a deleted event would come back

    def save_model(self, request: HttpRequest, obj: Event, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        if changes:
            curation.edit_event(obj, changes, by=request.user)  # type: ignore[arg-type]  # staff
            obj.refresh_from_db()

    @admin.display(description=gettext_lazy("date"), ordering="sort_date")
    def date(self, event: Event) -> str:
        return wording.word_edtf(event.edtf)

    @admin.display(description=gettext_lazy("reports"), ordering="reported")
    def reports(self, event: Event) -> int:
        return event.reported  # type: ignore[attr-defined, no-any-return]  # annotated

    @admin.action(description=gettext_lazy("Approve"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        for event in queryset:
            curation.approve_event(event, by=request.user)  # type: ignore[arg-type]  # staff

    @admin.action(description=gettext_lazy("Reject"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        for event in queryset:
            curation.reject_event(event, by=request.user)  # type: ignore[arg-type]  # staff

    @admin.action(
        description=gettext_lazy("Merge into the one reported most"), permissions=["change"]
    )
    def merge(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        kept, *others = sorted(queryset, key=lambda event: (-event.importance, event.pk))
        try:
            for event in others:
                curation.merge_events(kept, event, by=request.user)  # type: ignore[arg-type]  # staff
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)


@admin.register(Mention)
class MentionAdmin(ReadOnly, Followed, admin.ModelAdmin[Mention]):
    follows = ("dispatch", "event")
    list_display = ("title", "edtf", "basis", "type", "status", "confidence", "dispatch", "event")
    list_filter = ("basis", "type", "status", "precision", "pinned")
    search_fields = ("title", "dispatch__title")


@admin.register(CurationAct)
class CurationActAdmin(ReadOnly, Followed, admin.ModelAdmin[CurationAct]):
    follows = ("event", "dispatch", "by")
    list_display = ("at", "kind", "by", "event", "dispatch")
    list_filter = ("kind", "by")
    date_hierarchy = "at"
    actions = ("undo",)

    @admin.action(description=gettext_lazy("Undo"))
    def undo(self, request: HttpRequest, queryset: QuerySet[CurationAct]) -> None:
        try:
            for act in queryset:
                curation.undo_act(act, by=request.user)  # type: ignore[arg-type]  # staff
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)


@admin.register(EventActor)
class EventActorAdmin(ReadOnly, admin.ModelAdmin[EventActor]):
    list_display = ("event", "actor", "role")
    list_filter = ("role",)
    search_fields = ("actor__name", "event__title")
    list_select_related = ("event", "actor")


@admin.register(EventPlace)
class EventPlaceAdmin(ReadOnly, admin.ModelAdmin[EventPlace]):
    list_display = ("event", "place")
    search_fields = ("place__name", "event__title")
    list_select_related = ("event", "place")


@admin.register(Claim)
class ClaimAdmin(ReadOnly, admin.ModelAdmin[Claim]):
    list_display = ("event", "by", "until")
    list_select_related = ("event", "by")


class StepInline(ReadOnlyInline, admin.TabularInline[StoryEvent, Story]):
    model = StoryEvent
    fields = ("position", "event", "note")
    follows = ("event",)


@admin.register(Story)
class StoryAdmin(ReadOnly, admin.ModelAdmin[Story]):
    """To look at: /stories/ is where they are written, and every change is logged there."""

    list_display = ("title", "slug", "published", "updated_at")
    list_filter = ("published", "language")
    search_fields = ("title", "intro")
    inlines = (StepInline,)
    view_on_site = True


@admin.register(StoryEvent)
class StoryEventAdmin(ReadOnly, admin.ModelAdmin[StoryEvent]):
    list_display = ("story", "position", "event", "note")
    list_select_related = ("story", "event")


