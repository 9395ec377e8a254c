"""Names that are blacked out, in words for who hears the page instead of seeing it."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from events.withheld import BAR

register = template.Library()
_BARS = re.compile(f"{BAR}+")


@register.filter
def bars(text: str) -> str | SafeString:
    """The text with each run of bars as an image that is called "name withheld"."""
    if BAR not in text:
        return text
    named = escape(gettext("name withheld"))
    return mark_safe(  # noqa: S308 - the text is escaped, what is added is ours
        _BARS.sub(
            lambda match: f'<span role="img" aria-label="{named}">{match[0]}</span>', escape(text)
        )
    )
