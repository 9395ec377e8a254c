"""Dates for templates, in the words of the active language."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.dates import MONTHS
from django.utils.translation import gettext, pgettext

from events import intervals, wording

register = template.Library()


@register.filter
def date_words(edtf: str) -> str:
    """An EDTF date in words: {{ item.edtf|date_words }} gives "depuis mars 2011"."""
    return wording.word_edtf(edtf)


@register.filter
def short_date(edtf: str) -> str:
    """A plain day without its year, for lists under a heading with the year; else all of it."""
    try:
        day = date.fromisoformat(edtf)
    except ValueError:
        return wording.word_edtf(edtf)
    number = pgettext("first day of a month", "1") if day.day == 1 else str(day.day)
    return gettext("%(day)s %(month)s") % {"day": number, "month": MONTHS[day.month]}


@register.filter
def day_words(day: date | None) -> str:
    return wording.word_day(day) if day else ""


@register.filter
def month_name(month: int) -> str:
    return str(MONTHS.get(month, ""))


@register.filter
def time_words(time_of_day: str) -> str:
    return wording.word_time(time_of_day)


@register.filter
def machine_date(edtf: str) -> str:
    """What the `datetime` attribute of <time> may hold: a day, month or year; else ""."""
    try:
        grain = intervals.precision(edtf)
    except ValueError:
        return ""
    return edtf if grain in {"day", "month", "year"} and edtf.replace("-", "").isdigit() else ""
