"""EDTF (ISO 8601-2) to half-open intervals of days and back, on the `edtf` library.

The library parses; the bounds are ours where it differs from what we mean: it gives ±inf for open
ends, keeps winter inside one calendar year, reads "XXXX-12-07" as the years 0 to 9999, and accepts
30 February. Everything here is pure and knows no framework.
"""

from __future__ import annotations

import calendar
import re
import time
from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
# Sub-year codes of ISO 8601-2: the first month of the period, and how many months it lasts. Winter
# runs on into the next year, as the annotation guideline settled it.
_SUB_YEAR = {
    21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3),
    25: (3, 3), 26: (6, 3), 27: (9, 3), 28: (12, 3),
    29: (9, 3), 30: (12, 3), 31: (3, 3), 32: (6, 3),
    33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3),
    37: (1, 4), 38: (5, 4), 39: (9, 4), 40: (1, 6), 41: (7, 6),
}  # fmt: skip
_SIMPLE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d\dXX|XXXX)"
    r"(?:-(?P<month>\d\d|XX)(?:-(?P<day>\d\d|XX))?)?"
    r"(?P<doubt>[~?%]?)"
)
_LONGEST = 60  # characters; what the columns hold, and the library's grammar is slow on more


def bounds(edtf: str) -> tuple[date | None, date | None]:
    """Return the half-open days `(start, end)` that `edtf` covers; None where open or unknown.

    Raises ValueError on what is not EDTF, names no possible day, or ends before it starts.
    """
    return _bounds(edtf)


@lru_cache(maxsize=4096)
def precision(edtf: str) -> str:
    """Return one of the closed list of precisions of `annotations.Precision`.

    Raises ValueError as `bounds` does.
    """
    start, end = _bounds(edtf)
    if not edtf or edtf in {"..", "../..", "/"}:
        return "unknown"
    if "/" in edtf:
        left, right = edtf.split("/")
        if left in {"", ".."} or right in {"", ".."}:
            return "open"
        if start and end and (end - start).days == 7 and start.weekday() == 0:
            return "week"
        return "range"
    match = _SIMPLE.fullmatch(edtf)
    if match is None:  # longer years, exponents, sets: years at best
        return "range"
    if match["year"] == "XXXX" and (match["month"] in {None, "XX"}):
        return "unknown"
    if match["day"] not in {None, "XX"}:
        return "day"
    if match["month"] in {None, "XX"}:
        return "range" if "X" in match["year"] else "year"
    month = int(match["month"])
    if month <= 12:
        return "month"
    return "quarter" if 33 <= month <= 36 else "season" if month <= 32 else "range"


def is_open_start(edtf: str) -> bool:
    """Whether `edtf` has no known first day ("../2016-12")."""
    return edtf.startswith(("../", "/"))


def comparable(edtf: str) -> tuple[int | None, int, int] | None:
    """Return (year or None, month, day) of a single day, known year or not, else None.

    "XXXX-12-07" has no bounds, but two of them can still be told apart.
    """
    match = _SIMPLE.fullmatch(edtf)
    if match is None or match["day"] in {None, "XX"} or match["month"] == "XX":
        return None
    year = int(match["year"]) if match["year"].isdigit() else None
    return year, int(match["month"]), int(match["day"])


def from_bounds(start: date | None, end: date | None) -> str:
    """Return the shortest EDTF that covers exactly `start <= day < end`.

    Raises ValueError if `end` is not after `start`.
    """
    if start is not None and end is not None and end <= start:
        raise ValueError(f"an interval must end after it starts: {start} to {end}")
    if start is None or end is None:
        last = None if end is None else end - DAY
        return f"{start or '..'}/{last or '..'}"
    last = end - DAY
    if last == start:
        return start.isoformat()
    if start.day == 1 and end.day == 1:
        if (start.month, end.month, end.year - start.year) == (1, 1, 1):
            return f"{start.year:04d}"
        if _shift(start.year, start.month, 1) == end:
            return f"{start:%Y-%m}"
    return f"{start}/{last}"


@lru_cache(maxsize=4096)
def _bounds(edtf: str) -> tuple[date | None, date | None]:
    if not isinstance(edtf, str) or len(edtf) > _LONGEST:
        raise ValueError("not an EDTF date")
    if edtf in {"", "..", "../..", "/"}:
        return None, None
    if "/" in edtf:
        left, _, right = edtf.partition("/")
        if "/" in right:
            raise ValueError(f"not an EDTF interval: {edtf!r}")
        start = None if left in {"", ".."} else _bounds(left)[0]
        end = None if right in {"", ".."} else _bounds(right)[1]
        if start is not None and end is not None and end <= start:
            raise ValueError(f"an interval must end after it starts: {edtf!r}")
        return start, end
    match = _SIMPLE.fullmatch(edtf)
    return _unusual(edtf) if match is None else _simple(match)


def _simple(match: re.Match[str]) -> tuple[date | None, date | None]:
    year_text, month_text, day_text = match["year"], match["month"], match["day"]
    if year_text == "XXXX":
        if month_text and month_text != "XX":
            _check_day(2000, int(month_text), int(day_text or 1) if day_text != "XX" else 1)
        return None, None
    first_year = int(year_text.replace("X", "0"))
    last_year = int(year_text.replace("X", "9"))
    if first_year == 0 and last_year == 0:
        raise ValueError("there is no year 0 on a calendar of days")
    first_year = max(first_year, 1)
    if month_text in {None, "XX"}:
        return date(first_year, 1, 1), _shift(last_year, 12, 1)
    if first_year != last_year:  # "199X-07": a month of some year between
        return date(first_year, 1, 1), _shift(last_year, 12, 1)
    month = int(month_text)
    if month in _SUB_YEAR:
        first, months = _SUB_YEAR[month]
        return date(first_year, first, 1), _shift(first_year, first, months)
    if day_text in {None, "XX"}:
        return date(first_year, month, 1), _shift(first_year, month, 1)
    day = _check_day(first_year, month, int(day_text))
    return day, _shift_day(day)


def _unusual(edtf: str) -> tuple[date | None, date | None]:
    """What our own grammar does not know, as the library reads it: years BCE have no bounds here,
    because Python's calendar starts with year 1."""
    # The library costs a third of a second to import, and looks for Django; few dates need it.
    from edtf import parse_edtf  # noqa: PLC0415 - see above
    from edtf.parser.edtf_exceptions import EDTFParseException  # noqa: PLC0415 - see above

    try:
        parsed = parse_edtf(edtf)
        low, high = parsed.lower_strict(), parsed.upper_strict()
    except (EDTFParseException, ValueError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"not an EDTF date: {edtf!r}") from error
    return _from_struct(low), _shift_day(_from_struct(high))


def _from_struct(value: object) -> date | None:
    if not isinstance(value, time.struct_time):  # ±inf: open
        return None
    if not 1 <= value.tm_year <= 9999:
        return None
    return _check_day(value.tm_year, value.tm_mon, value.tm_mday)


def _check_day(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueError(f"no such day: {year:04d}-{month:02d}-{day:02d}")
    return date(year, month, day)


def _shift(year: int, month: int, months: int) -> date | None:
    """The first day of the month `months` after the given one; None past the calendar's end."""
    index = year * 12 + month - 1 + months
    return date(index // 12, index % 12 + 1, 1) if index < 120_000 else None


def _shift_day(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + DAY
