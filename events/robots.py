"""What search engines may not list."""

from __future__ import annotations

from django.http import HttpResponse


def keep_out(response: HttpResponse) -> HttpResponse:
    """Ask engines neither to list nor to keep this page; its template says it once more."""
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response
