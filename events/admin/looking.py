"""What pages of the administration share: tables to look at, sentences with their words marked."""

from __future__ import annotations

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


class ReadOnlyInline(ReadOnly):
    extra = 0
    can_delete = False
    show_change_link = True


def marked(mention: Mention) -> SafeString:
    """The sentence of a report, its trigger marked."""
    text, start = mention.sentence, mention.sentence_start
    first, last = mention.trigger_start - start, mention.trigger_end - start
    return format_html("{}<mark>{}</mark>{}", text[:first], text[first:last], text[last:])
