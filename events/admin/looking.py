"""What pages of the administration share: tables to look at, what they fetch, marked sentences."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from events.models import Mention


class ReadOnly:
    """For what the machine writes: to look at, never to type in."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class Followed(admin.options.BaseModelAdmin[Any]):
    """Lists that name other rows: `follows` are fetched with them, the texts of dispatches not."""

    follows: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        if self.follows:
            found = found.select_related(*self.follows)
        if "dispatch" in self.follows:
            found = found.defer("dispatch__text", "dispatch__private_text")
        return found


class ReadOnlyInline(ReadOnly, Followed):
    extra = 0
    can_delete = False
    show_change_link = True


def counted(rows: type[Model], field: str) -> Coalesce:
    """How many of `rows` refer to a row by `field`; filters of a list need not join them."""
    told = rows._default_manager.filter(**{field: OuterRef("pk")}).order_by().values(field)
    return Coalesce(Subquery(told.annotate(n=Count("pk")).values("n")), 0)


def marked(mention: Mention) -> SafeString:
    """The sentence of a report, its trigger marked."""
    text, start = mention.sentence, mention.sentence_start
    first, last = mention.trigger_start - start, mention.trigger_end - start
    return format_html("{}<mark>{}</mark>{}", text[:first], text[first:last], text[last:])
