"""What search engines may not list."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse

Answer = TypeVar("Answer", bound=HttpResponse)


def keep_out(response: Answer, *, wanted: bool = True) -> Answer:
    """Ask engines neither to list nor to keep this page, if so `wanted`; templates say it too."""
    if wanted:
        response["X-Robots-Tag"] = "noindex, noarchive"
    return response
