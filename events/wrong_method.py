"""An address that is asked the wrong way: that of a form without what the form sends, or a page
that somebody writes to.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve


class WrongMethodMiddleware:
    """Puts a page in the place of Django's empty 405, for people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if not isinstance(answer, HttpResponseNotAllowed) or answer.content:
            return answer
        if "application/json" in request.headers.get("Accept", ""):
            return answer
        if request.method in {"GET", "HEAD"} and (above := _page_above(request.path_info)):
            return redirect(above)
        page = render(request, "405.html", status=405)
        page["Allow"] = answer["Allow"]
        return page


def _page_above(path: str) -> str:
    """The nearest address that this one lies under, where its form stands; "" if it is the root."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""
