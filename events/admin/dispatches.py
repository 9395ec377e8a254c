"""Dispatches, the uploads that brought them, and how their reading went."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from events import curation, processing, reasons, wording
from events.admin.looking import Followed, ReadOnly, ReadOnlyInline, counted, marked
from events.models import Batch, BatchItem, Dispatch, ExtractionRun, Mention


class DispatchMentionInline(ReadOnlyInline, admin.TabularInline[Mention, Dispatch]):
    model = Mention
    fields = ("evidence", "event", "type", "status")
    readonly_fields = fields
    follows = ("event",)

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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dispatch]:
        return super().get_queryset(request).defer("text", "private_text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # /upload/ takes dispatches in

    def get_readonly_fields(
        self, request: HttpRequest, obj: Dispatch | None = None
    ) -> tuple[str, ...]:
        """An earlier version of an item has the day that it had."""
        replaced = obj is not None and obj.replaced_by_id is not None
        return (*self.readonly_fields, *(("published",) if replaced else ()))

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


class ItemInline(ReadOnlyInline, admin.TabularInline[BatchItem, Batch]):
    model = BatchItem
    fields = ("position", "name", "verdict", "why", "dispatch")
    readonly_fields = fields
    follows = ("dispatch",)

    @admin.display(description=gettext_lazy("why"))
    def why(self, item: BatchItem) -> str:
        return reasons.word(item.reason)


@admin.register(Batch)
class BatchAdmin(ReadOnly, admin.ModelAdmin[Batch]):
    list_display = ("id", "created_at", "created_by", "size")
    inlines = (ItemInline,)
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        return super().get_queryset(request).annotate(count=counted(BatchItem, "batch"))

    @admin.display(description=gettext_lazy("items"), ordering="count")
    def size(self, batch: Batch) -> int:
        return batch.count  # type: ignore[attr-defined, no-any-return]  # annotated


@admin.register(BatchItem)
class BatchItemAdmin(ReadOnly, Followed, admin.ModelAdmin[BatchItem]):
    follows = ("batch", "dispatch")
    list_display = ("name", "verdict", "batch", "dispatch")
    list_filter = ("verdict",)
    search_fields = ("name",)


@admin.register(ExtractionRun)
class ExtractionRunAdmin(ReadOnly, Followed, admin.ModelAdmin[ExtractionRun]):
    follows = ("dispatch",)
    list_display = ("dispatch", "version", "language", "finished_at", "counts")
    list_filter = ("version", "language")
    search_fields = ("dispatch__title",)


