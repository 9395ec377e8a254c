"""Shares as people read them."""

from __future__ import annotations

from django import template
from django.utils import formats

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """0.874 is "87 %": a figure of a sample is no more exact than that."""
    return f"{formats.number_format(round(share * 100), decimal_pos=0)}\N{NO-BREAK SPACE}%"
