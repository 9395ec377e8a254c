"""What search engines may not list, and browsers not keep."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.cache import add_never_cache_headers

Answer = TypeVar("Answer", bound=HttpResponseBase)


def keep_out(response: Answer, *, wanted: bool = True) -> Answer:
    """Ask engines neither to list nor to keep this page, if so `wanted`; templates say it too."""
    if wanted:
        response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def forget(response: Answer) -> Answer:
    """Have an answer asked for anew each time: browsers keep a 410 for good, and what was taken
    back may come again."""
    add_never_cache_headers(response)
    return response
