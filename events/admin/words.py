"""How this newsroom wants words read, whatever the lexicon of Frise says."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import processing, roles
from events.models import Dispatch, OwnWord
from events.roles import Role

MOST = 1000  # dispatches that are read again at one go
ENDING = 2  # letters that the ending of a form may change


class OwnWordForm(forms.ModelForm[OwnWord]):
    def clean_word(self) -> str:
        word = " ".join(self.cleaned_data["word"].split()).lower()
        if not any(letter.isalpha() for letter in word):
            raise forms.ValidationError(_("A word has letters."))
        return word


@admin.register(OwnWord)
class OwnWordAdmin(admin.ModelAdmin[OwnWord]):
    form = OwnWordForm
    list_display = ("word", "part", "language", "evokes", "note", "changed_at")
    list_filter = ("language", "part", "type")
    search_fields = ("word", "note")
    fields = ("language", "part", "word", "type", "note")
    actions = ("read_again",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return roles.role_of(request.user) >= Role.ADMINISTRATOR

    @admin.display(description=gettext_lazy("type of the events it evokes"), ordering="type")
    def evokes(self, own: OwnWord) -> str:
        return own.get_type_display()

    @admin.action(description=gettext_lazy("Read again the dispatches with this word"))
    def read_again(self, request: HttpRequest, queryset: QuerySet[OwnWord]) -> None:
        """The latest of those that have the word, in a form that keeps its beginning."""
        found: set[int] = set()
        for own in queryset:
            rows = Dispatch.objects.filter(language=own.language, text__icontains=stem(own))
            found |= set(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])
        latest = sorted(found, reverse=True)[:MOST]
        count = processing.extract_all_again(Dispatch.objects.filter(pk__in=latest))
        told = ngettext(
            "%(count)d dispatch waits for a worker.",
            "%(count)d dispatches wait for a worker.",
            count,
        )
        self.message_user(request, told % {"count": count})


def stem(own: OwnWord) -> str:
    """What most forms of a word begin with: "activer" is in "activé" by "activ"."""
    first = max(own.word.split(), key=len) if own.part == OwnWord.Part.NOUN else own.word.split()[0]
    return first[:-ENDING] if len(first) > 2 * ENDING else first
