"""The place of reference data and operations. Events are corrected through `curation`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from events import curation, processing, reasons, wording
from events.models import (
    Actor,
    ApiToken,
    Batch,
    BatchItem,
    Claim,
    CurationAct,
    Dispatch,
    Event,
    EventActor,
    EventPlace,
    ExtractionRun,
    Feed,
    FeedEntry,
    Heartbeat,
    Mention,
    Place,
    Source,
    Story,
    StoryEvent,
)

admin.site.site_header = gettext_lazy("Frise: administration")
admin.site.site_title = "Frise"
admin.site.index_title = gettext_lazy("Reference data and operations")

class ReadOnly:
    """For what the machine writes: to look at, never to type in."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ReadOnlyInline(ReadOnly):
    extra = 0
    can_delete = False
    show_change_link = True


def marked(mention: Mention) -> SafeString:
    """The sentence of a report, its trigger marked."""
    text = mention.dispatch.text
    first, last = mention.sentence_start, mention.sentence_end
    return format_html(
        "{}<mark>{}</mark>{}",
        text[first : mention.trigger_start],
        text[mention.trigger_start : mention.trigger_end],
        text[mention.trigger_end : last],
    )


class MentionInline(ReadOnlyInline, admin.TabularInline[Mention, Event]):
    model = Mention
    verbose_name_plural = gettext_lazy("evidence")
    fields = ("evidence", "date", "why", "dispatch", "pinned")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mention]:
        return super().get_queryset(request).select_related("dispatch__source")

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


class PlaceInline(ReadOnlyInline, admin.TabularInline[EventPlace, Event]):
    model = EventPlace
    autocomplete_fields = ("place",)


class ActInline(ReadOnlyInline, admin.TabularInline[CurationAct, Event]):
    model = CurationAct
    fields = ("kind", "by", "at", "before", "after")
    readonly_fields = fields


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
        return super().get_queryset(request).annotate(reported=Count("mentions"))

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


class DispatchMentionInline(ReadOnlyInline, admin.TabularInline[Mention, Dispatch]):
    model = Mention
    fields = ("evidence", "event", "type", "status")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("sentence"))
    def evidence(self, mention: Mention) -> SafeString:
        return marked(mention)


class RunInline(ReadOnlyInline, admin.TabularInline[ExtractionRun, Dispatch]):
    model = ExtractionRun
    fields = ("version", "language", "finished_at", "counts", "timings")
    readonly_fields = fields


@admin.register(Dispatch)
class DispatchAdmin(admin.ModelAdmin[Dispatch]):
    list_display = ("__str__", "source", "day", "language", "state", "attempts", "received_at")
    list_filter = ("state", "dct_basis", "language", "source", "encoding_guessed")
    search_fields = ("title", "text", "original_name")
    search_help_text = gettext_lazy("title, text or file name")
    date_hierarchy = "received_at"
    list_select_related = ("source",)
    fieldsets = (
        (None, {"fields": ("title", "source", "published", "language", "language_stated")}),
        (gettext_lazy("Text"), {"fields": ("text",)}),
        (gettext_lazy("Reading"), {"fields": (
            "state", "attempts", "error", "error_detail", "day", "dct_why", "told", "extracted_by",
            "processed_at",
        )}),
        (gettext_lazy("Origin"), {"fields": (
            "original_name", "media_type", "encoding", "encoding_guessed", "received_at",
            "uploaded_by", "original", "reprint_of", "guid", "wire_version", "filed_at",
            "replaced_by", "withdrawn_at", "embargo_until",
        )}),
    )  # fmt: skip
    readonly_fields = (
        "text", "state", "attempts", "error", "error_detail", "day", "dct_why", "told",
        "extracted_by", "processed_at", "original_name", "media_type", "encoding",
        "encoding_guessed", "received_at", "uploaded_by", "original", "reprint_of", "guid",
        "wire_version", "filed_at", "replaced_by", "withdrawn_at", "embargo_until",
    )  # fmt: skip
    inlines = (DispatchMentionInline, RunInline)
    actions = ("extract_again", "retry")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # /upload/ takes dispatches in

    def save_model(
        self,
        request: HttpRequest,
        obj: Dispatch,
        form: ModelForm[Dispatch],
        change: bool,  # noqa: FBT001 - Django's signature
    ) -> None:
        """A new day or language changes what the text tells: it is read again."""
        published = obj.published
        fields = {"title", "source", "language", "language_stated"} & set(form.changed_data)
        if fields:
            obj.save(update_fields=sorted(fields))
        if "published" in form.changed_data:
            curation.redate_dispatch(obj, published, by=request.user)  # type: ignore[arg-type]  # staff
        elif fields & {"language", "language_stated"}:
            processing.extract_again(obj)

    @admin.display(description=gettext_lazy("day"), ordering="dct")
    def day(self, dispatch: Dispatch) -> str:
        return wording.word_edtf(dispatch.dct)

    @admin.display(description=gettext_lazy("why this day"))
    def dct_why(self, dispatch: Dispatch) -> str:
        return reasons.word(dispatch.dct_reason)

    @admin.display(description=gettext_lazy("error"))
    def error(self, dispatch: Dispatch) -> str:
        if not dispatch.error_code:
            return ""
        values = {"attempts": dispatch.attempts}
        return reasons.word({"code": dispatch.error_code, "values": values})

    @admin.display(description=gettext_lazy("notices"))
    def told(self, dispatch: Dispatch) -> str:
        return " ".join(reasons.word(notice) for notice in dispatch.notices)

    @admin.action(description=gettext_lazy("Extract again"), permissions=["change"])
    def extract_again(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        for dispatch in queryset:
            processing.extract_again(dispatch)
        self._tell(request, len(queryset))

    @admin.action(description=gettext_lazy("Retry what failed"), permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        failed = queryset.filter(state=Dispatch.State.FAILED)
        count = len(failed)
        for dispatch in failed:
            processing.retry_dispatch(dispatch)
        self._tell(request, count)

    def _tell(self, request: HttpRequest, count: int) -> None:
        told = ngettext(
            "%(count)d dispatch waits for a worker.",
            "%(count)d dispatches wait for a worker.",
            count,
        )
        self.message_user(request, told % {"count": count})


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    list_display = ("name", "homepage", "given")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(count=Count("dispatches"))

    @admin.display(description=gettext_lazy("dispatches"), ordering="count")
    def given(self, source: Source) -> int:
        return source.count  # type: ignore[attr-defined, no-any-return]  # annotated


@admin.register(Actor)
class ActorAdmin(admin.ModelAdmin[Actor]):
    list_display = ("name", "kind", "qid")
    list_filter = ("kind",)
    search_fields = ("name", "folded")
    readonly_fields = ("folded",)


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin[Place]):
    list_display = ("name", "kind", "country", "within", "latitude", "longitude")
    list_filter = ("kind", "country")
    search_fields = ("name", "folded", "within")
    readonly_fields = ("folded",)


class ItemInline(ReadOnlyInline, admin.TabularInline[BatchItem, Batch]):
    model = BatchItem
    fields = ("position", "name", "verdict", "why", "dispatch")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("why"))
    def why(self, item: BatchItem) -> str:
        return reasons.word(item.reason)


@admin.register(Batch)
class BatchAdmin(ReadOnly, admin.ModelAdmin[Batch]):
    list_display = ("id", "created_at", "created_by", "size")
    inlines = (ItemInline,)
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return super().get_queryset(request).annotate(count=Count("items"))

    @admin.display(description=gettext_lazy("items"), ordering="count")
    def size(self, batch: Batch) -> int:
        return batch.count  # type: ignore[attr-defined, no-any-return]  # annotated


@admin.register(BatchItem)
class BatchItemAdmin(ReadOnly, admin.ModelAdmin[BatchItem]):
    list_display = ("name", "verdict", "batch", "dispatch")
    list_filter = ("verdict",)
    search_fields = ("name",)


@admin.register(ExtractionRun)
class ExtractionRunAdmin(ReadOnly, admin.ModelAdmin[ExtractionRun]):
    list_display = ("dispatch", "version", "language", "finished_at", "counts")
    list_filter = ("version", "language")
    list_select_related = ("dispatch",)
    search_fields = ("dispatch__title",)


@admin.register(Mention)
class MentionAdmin(ReadOnly, admin.ModelAdmin[Mention]):
    list_display = ("title", "edtf", "basis", "type", "status", "confidence", "dispatch", "event")
    list_filter = ("basis", "type", "status", "precision", "pinned")
    search_fields = ("title", "dispatch__title")
    list_select_related = ("dispatch", "event")


@admin.register(CurationAct)
class CurationActAdmin(ReadOnly, admin.ModelAdmin[CurationAct]):
    list_display = ("at", "kind", "by", "event", "dispatch")
    list_filter = ("kind", "by")
    list_select_related = ("event", "dispatch", "by")
    date_hierarchy = "at"
    actions = ("undo",)

    @admin.action(description=gettext_lazy("Undo"))
    def undo(self, request: HttpRequest, queryset: QuerySet[CurationAct]) -> None:
        try:
            for act in queryset:
                curation.undo_act(act, by=request.user)  # type: ignore[arg-type]  # staff
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """`manage.py make_token` makes them, and shows them once; here they are ended."""

    list_display = ("name", "user", "created_at", "used_at")
    search_fields = ("name", "user__username")
    readonly_fields = ("user", "created_at", "used_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly, admin.ModelAdmin[Heartbeat]):
    list_display = ("name", "at")


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


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin[Feed]):
    list_display = ("__str__", "source", "state", "succeeded_at", "next_poll_at", "problem")
    list_filter = ("is_active", "source")
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
class FeedEntryAdmin(ReadOnly, admin.ModelAdmin[FeedEntry]):
    list_display = ("seen_at", "feed", "verdict", "why", "dispatch")
    list_filter = ("verdict", "feed")
    list_select_related = ("feed", "dispatch")

    @admin.display(description=gettext_lazy("why"))
    def why(self, entry: FeedEntry) -> str:
        return reasons.word(entry.reason)
