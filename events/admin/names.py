"""Actors and places, and what else they are called. A new name is given through `curation`."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from events import curation, recording, reference, roles
from events.admin import exchange
from events.admin.lines import LinesField
from events.admin.looking import counted
from events.curation.values import clean_name
from events.models import Actor, EventActor, EventPlace, Place
from events.readers import UnreadableDispatch
from events.reasons import word
from events.roles import Role


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]  # of Actor or of Place
    aliases = LinesField(
        label=gettext_lazy("other names"),
        required=False,
        help_text=gettext_lazy("One a line. A dispatch that uses one of them means this one."),
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Refuse what another one is called; and what `reference` refuses."""
        cleaned = super().clean() or self.cleaned_data
        subject = self.instance
        subject.folded = subject.folded or recording.folded(cleaned.get("name", ""))
        name = cleaned.get("name", "")
        if isinstance(subject, Place):
            subject.country = cleaned.get("country", subject.country)
            subject.kind = cleaned.get("kind", subject.kind)
        elif not subject.pk:
            subject.register = recording.register_named(name)
        is_new_name = not subject.pk or recording.folded(name) != subject.folded
        if is_new_name and curation.is_taken(subject, name):
            told = _("There is another one of this name: make the two one instead.")
            self.add_error("name", told)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        checks: list[tuple[str | None, Any]] = [
            (
                "aliases",
                lambda: reference.check_shown(self.cleaned_data["aliases"]),
            ),
            (
                "aliases",
                lambda: reference.check_aliases(self.instance, self.cleaned_data["aliases"]),
            ),
        ]
        if isinstance(self.instance, Place):
            checks.append((None, lambda: reference.check_place(self.instance)))
        else:
            checks.append((None, lambda: reference.check_actor(self.instance)))
        for field, check in checks:
            if self.errors:
                return
            try:
                check()
            except ValidationError as error:
                self.add_error(field, error)


class ActorForm(NamedForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("kind"),
        required=False,
        choices=[("", "---"), *reference.ACTOR_KINDS.items()],
    )


class PlaceForm(NamedForm):
    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class NamedAdmin(ImportExportMixin, admin.ModelAdmin[Any]):  # type: ignore[misc]  # untyped
    """What both have in common."""

    import_formats: ClassVar = exchange.FORMATS
    export_formats: ClassVar = exchange.FORMATS
    export_form_class = ExportForm  # all columns: a file with fewer would not come in again
    import_template_name = "admin/events/import_names.html"
    readonly_fields = ("same_as", "events")
    search_help_text = gettext_lazy("name, in any case, with or without accents")
    list_select_related = ("same_as",)
    resource_classes: ClassVar[list[type[exchange.Exchange]]]
    links: ClassVar[type[EventActor | EventPlace]]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        told = counted(self.links, self.model._meta.model_name or "")
        found: QuerySet[Any] = super().get_queryset(request).annotate(told=told)
        return found

    @admin.display(description=gettext_lazy("events"), ordering="told")
    def events(self, subject: Any) -> int:
        return int(subject.told) if subject.pk else 0

    @admin.display(description=gettext_lazy("other names"))
    def others(self, subject: Actor | Place) -> str:
        return ", ".join(subject.aliases)

    def get_import_context_data(self, **kwargs: Any) -> dict[str, Any]:
        resource = self.resource_classes[0]
        columns = [field.column_name for field in resource().get_import_fields()]
        told = [(name, exchange.COLUMNS[name]) for name in columns]
        return {**super().get_import_context_data(**kwargs), "columns": told}

    def has_import_permission(self, request: HttpRequest) -> bool:
        return roles.role_of(request.user) >= Role.ADMINISTRATOR

    has_export_permission = has_import_permission

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if isinstance(e, exchange.TooManyRows):
            form.add_error("import_file", str(e))
        elif isinstance(e, UnreadableDispatch):
            form.add_error("import_file", word(e.reason))
        else:
            super().add_data_read_fail_error_to_form(form, e)

    def process_dataset(self, *args: Any, **kwargs: Any) -> Any:
        """All of a file or nothing: what was shown in the preview is what happens."""
        return super().process_dataset(*args, **kwargs | {"rollback_on_validation_errors": True})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """A new name is an act of its own, and makes an alias of the former one."""
        name, names = obj.name, form.cleaned_data["aliases"]
        obj.aliases = form.initial.get("aliases", [])
        renamed = change and "name" in form.changed_data
        if renamed:
            obj.name = form.initial["name"]
        super().save_model(request, obj, form, change)
        if renamed:
            curation.rename(obj, name, by=request.user)  # type: ignore[arg-type]  # staff
            obj.refresh_from_db()
            names = [*names, *(one for one in obj.aliases if one not in names)]
        if renamed or "aliases" in form.changed_data:
            reference.set_aliases(obj, names)


@admin.register(Actor)
class ActorAdmin(NamedAdmin):
    form = ActorForm
    resource_classes = [exchange.ActorExchange]
    links = EventActor
    list_display = ("name", "kind", "others", "qid", "same_as", "events")
    list_filter = ("kind", ("same_as", admin.EmptyFieldListFilter))
    search_fields = ("name", "folded", "aliases")
    fields = ("name", "kind", "aliases", "qid", "same_as", "events")


@admin.register(Place)
class PlaceAdmin(NamedAdmin):
    form = PlaceForm
    resource_classes = [exchange.PlaceExchange]
    links = EventPlace
    list_display = (
        "name", "kind", "country", "within", "others", "latitude", "longitude", "same_as", "events",
    )  # fmt: skip
    list_filter = ("kind", ("same_as", admin.EmptyFieldListFilter), "country")
    search_fields = ("name", "folded", "within", "aliases")
    fields = (
        "name", "kind", "country", "within", "aliases", "latitude", "longitude", "geonames",
        "same_as", "events",
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> Any:
        """Two countries of one name are two places: the country belongs to its identity."""
        return (*self.readonly_fields, "country") if obj else self.readonly_fields
