"""What waits for the newsroom."""

from __future__ import annotations

from django import template
from django.http import HttpRequest

from events.models import Dispatch
from events.roles import Role, may

register = template.Library()


@register.simple_tag
def undated_count(request: HttpRequest | None) -> int:
    """How many dispatches wait for their day; 0 for those who may not date them."""
    if not request or not may(request, Role.CONTRIBUTOR):
        return 0
    return Dispatch.objects.undated().count()
