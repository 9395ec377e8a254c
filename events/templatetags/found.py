"""Marks, in what a search found, the words that were searched for."""

from __future__ import annotations

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from events.search import folded, words_of

register = template.Library()
_WORD = re.compile(r"\w+")


@register.filter
def marking(text: str, words: str | None) -> SafeString:
    """Return `text` escaped, each word that begins with one of `words` inside <mark>."""
    wanted = tuple(words_of(words or ""))
    if not wanted:
        return conditional_escape(text)
    parts: list[str] = []
    at = 0
    for match in _WORD.finditer(text):
        if folded(match[0]).startswith(wanted):
            parts += [
                conditional_escape(text[at : match.start()]),
                format_html('<mark class="is-found">{}</mark>', match[0]),
            ]
            at = match.end()
    parts.append(conditional_escape(text[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part was escaped above
