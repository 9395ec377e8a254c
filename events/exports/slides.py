"""As the JSON that TimelineJS 3 draws. It knows no event without a date: those are counted in
words on its first slide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.exports.view import View, headline, last_day, quote_with_source
from events.timeline import TimelineItem
from events.wording import word_edtf

Json = dict[str, Any]


def timelinejs(view: View) -> Iterator[str]:
    yield f'{{"title": {json.dumps(_opening(view), ensure_ascii=False)}, "events": ['
    comma = "\n"
    for item in view.events:
        if slide := _slide(view, item):
            yield comma + json.dumps(slide, ensure_ascii=False)
            comma = ",\n"
    yield "\n]}\n"


def _opening(view: View) -> Json:
    undated = view.events.undated
    told = f'<p><a href="{escape(view.address)}">{escape(view.address)}</a></p>'
    if undated:
        words = ngettext(
            "%(n)s event without a date is not shown.",
            "%(n)s events without a date are not shown.",
            undated,
        )
        told += f"<p>{escape(words % {'n': undated})}</p>"
    return {"text": {"headline": escape(_("Timeline")), "text": told}}


def _slide(view: View, item: TimelineItem) -> Json | None:
    last = last_day(item)
    first = item.start or last
    if first is None:
        return None
    link = f'<a href="{escape(view.link(item))}">{escape(headline(item))}</a>'
    slide: Json = {
        "unique_id": f"event-{item.id}",
        "start_date": _date(item, first),
        "display_date": word_edtf(item.edtf),
        "text": {"headline": link, "text": f"<p>{escape(quote_with_source(item))}</p>"},
        "group": item.type_label,
    }
    # An end that is the same draws a bar over the whole picture there.
    if last and first != last and item.precision not in {"month", "year"}:
        slide["end_date"] = _date(item, last)
    return slide


def _date(item: TimelineItem, day: date) -> Json:
    if item.precision == "year":
        return {"year": day.year}
    if item.precision == "month":
        return {"year": day.year, "month": day.month}
    return {"year": day.year, "month": day.month, "day": day.day}
