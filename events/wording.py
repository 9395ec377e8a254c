"""Dates in the words of the active language: "7 December 2016", "vers mars 2011", "depuis 2011".

Month and weekday names are Django's own catalogs; everything else goes through ours. Pure apart
from the active language.
"""

from __future__ import annotations

import re
from datetime import date

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from events import intervals

_PART = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d\dXX|XXXX)(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?P<doubt>[~?%]?)"
)
_DATE_LIKE = re.compile(r"(?:\d{4}|XXXX)-\d\d(?:-\d\d)?[~?%]?|[^/\s]{2,11}/[^/\s]{2,11}")
# Sub-year codes of ISO 8601-2. A season without a hemisphere and with one read the same.
_SUB_YEAR = {
    21: gettext_noop("spring %(year)s"),
    22: gettext_noop("summer %(year)s"),
    23: gettext_noop("autumn %(year)s"),
    24: gettext_noop("winter %(year)s"),
    33: gettext_noop("first quarter of %(year)s"),
    34: gettext_noop("second quarter of %(year)s"),
    35: gettext_noop("third quarter of %(year)s"),
    36: gettext_noop("fourth quarter of %(year)s"),
    37: gettext_noop("first four months of %(year)s"),
    38: gettext_noop("middle four months of %(year)s"),
    39: gettext_noop("last four months of %(year)s"),
    40: gettext_noop("first half of %(year)s"),
    41: gettext_noop("second half of %(year)s"),
}
_SUB_YEAR |= {code + 4: _SUB_YEAR[code] for code in (21, 22, 23, 24)}
_SUB_YEAR |= {29: _SUB_YEAR[23], 30: _SUB_YEAR[24], 31: _SUB_YEAR[21], 32: _SUB_YEAR[22]}
_PARTS_OF_DAY = {
    "MO": gettext_noop("morning"),
    "MI": gettext_noop("midday"),
    "AF": gettext_noop("afternoon"),
    "EV": gettext_noop("evening"),
    "NI": gettext_noop("night"),
}


def word_edtf(edtf: str, *, weekday: bool = False) -> str:
    """Return an EDTF date in words; what this grammar does not know comes back as it is.

    `weekday` puts the name of the day before a full date.
    """
    if not edtf:
        return _("undated")
    try:
        intervals.bounds(edtf)
    except ValueError:
        return edtf
    if "/" in edtf:
        return _word_interval(edtf)
    return _word_single(edtf, weekday=weekday)


def word_day(day: date, *, weekday: bool = False) -> str:
    """Return "7 December 2016", with the name of the day before it if asked for."""
    words = _("%(day)s %(month)s %(year)s") % {
        "day": _day_of_month(day.day),
        "month": MONTHS[day.month],
        "year": day.year,
    }
    if weekday:
        return _("%(weekday)s %(date)s") % {"weekday": WEEKDAYS[day.weekday()], "date": words}
    return words


def word_month(year: int, month: int) -> str:
    return _("%(month)s %(year)s") % {"month": MONTHS[month], "year": year}


def word_time(time_of_day: str) -> str:
    """Return "20:30" or a TIMEX3 part of day (MO, MI, AF, EV, NI) in words; "" stays ""."""
    if time_of_day in _PARTS_OF_DAY:
        return _(_PARTS_OF_DAY[time_of_day])
    if re.fullmatch(r"\d\d:\d\d", time_of_day):
        hour, minute = time_of_day.split(":")
        return pgettext("time of day", "%(hour)s:%(minute)s") % {
            "hour": int(hour),
            "minute": minute,
        }
    return time_of_day


def word_value(value: str) -> str:
    """Word a value of a reason: dates get their words and weekday, anything else stays."""
    return word_edtf(value, weekday=True) if _DATE_LIKE.fullmatch(value) else value


def _day_of_month(day: int) -> str:
    return pgettext("first day of a month", "1") if day == 1 else str(day)


def _word_single(edtf: str, *, weekday: bool = False) -> str:
    match = _PART.fullmatch(edtf)
    words = match and _word_part(match, weekday=weekday)
    if not match or not words:
        return edtf
    is_day = match["day"] not in {None, "XX"}
    if match["doubt"] == "~":
        around = pgettext("day", "around %(date)s") if is_day else _("around %(date)s")
        return around % {"date": words}
    if match["doubt"] == "?":
        return _("%(date)s (uncertain)") % {"date": words}
    if match["doubt"] == "%":
        around = pgettext("day", "around %(date)s") if is_day else _("around %(date)s")
        return _("%(date)s (uncertain)") % {"date": around % {"date": words}}
    return words


def _word_part(match: re.Match[str], *, weekday: bool) -> str:
    year, month, day = match["year"], match["month"], match["day"]
    if year == "XXXX":
        return _word_without_year(month, day)
    if not year.isdigit():
        if month is not None:
            return ""
        if year.endswith("XX"):
            return _("years %(first)s to %(last)s") % {
                "first": int(year.replace("X", "0")),
                "last": int(year.replace("X", "9")),
            }
        return _("%(decade)ss") % {"decade": year.replace("X", "0")}
    if month in {None, "XX"}:
        return str(int(year))
    if int(month) in _SUB_YEAR:
        code = int(month)
        is_winter = _SUB_YEAR[code] == _SUB_YEAR[24]
        worded = f"{int(year)}-{int(year) + 1}" if is_winter else str(int(year))
        return _(_SUB_YEAR[code]) % {"year": worded}
    if day in {None, "XX"}:
        return word_month(int(year), int(month))
    return word_day(date(int(year), int(month), int(day)), weekday=weekday)


def _word_without_year(month: str | None, day: str | None) -> str:
    if month in {None, "XX"} or int(month or 0) not in MONTHS:
        return _("unknown date")
    if day in {None, "XX"}:
        return _("%(month)s, year unknown") % {"month": MONTHS[int(month or 0)]}
    return _("%(day)s %(month)s, year unknown") % {
        "day": _day_of_month(int(day or 0)),
        "month": MONTHS[int(month or 0)],
    }


def _word_interval(edtf: str) -> str:
    left, right = edtf.split("/")
    no_left, no_right = left in {"", ".."}, right in {"", ".."}
    if no_left and no_right:
        return _("unknown date")
    if no_right:
        return _by_precision(left, "since") % {"date": _word_single(left)}
    if no_left:
        return _by_precision(right, "until") % {"date": _word_single(right)}
    start, end = intervals.bounds(edtf)
    if intervals.precision(edtf) == "week" and start and end:
        return _("week of %(date)s") % {"date": word_day(start)}
    precisions = {intervals.precision(left), intervals.precision(right)}
    if precisions == {"day"} and left[-1].isdigit() and right[-1].isdigit():
        return _word_days(date.fromisoformat(left), date.fromisoformat(right))
    if precisions == {"month"} and left[:4] == right[:4] and right[-1].isdigit():
        return _("from %(start)s to %(end)s") % {
            "start": MONTHS[int(left[5:7])],
            "end": _word_single(right),
        }
    if precisions == {"day"}:
        both = pgettext("day", "from %(start)s to %(end)s")
    else:
        both = _("from %(start)s to %(end)s")
    return both % {"start": _word_single(left), "end": _word_single(right)}


def _word_days(first: date, last: date) -> str:
    """Two days and what lies between, without repeating a month or year that they share."""
    start = _day_of_month(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start = _("%(day)s %(month)s") % {"day": start, "month": MONTHS[first.month]}
    if first.year != last.year:
        start = word_day(first)
    return pgettext("day", "from %(start)s to %(end)s") % {"start": start, "end": word_day(last)}


def _by_precision(part: str, preposition: str) -> str:
    """The sentence for "since" and "until": languages decline it by what follows."""
    grain = intervals.precision(part)
    approximate = part[-1:] in {"~", "%"}
    if preposition == "since":
        if grain == "day" and not approximate:
            return pgettext("day", "since %(date)s")
        return _("since %(date)s")
    if approximate or grain not in {"day", "month", "year"}:
        return _("until %(date)s")
    if grain == "day":
        return pgettext("day", "until %(date)s")
    return pgettext("month or year", "until %(date)s")
