"""Expressions for months, seasons, years, lengths and repetitions: one function a kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date
from typing import cast

from events.extraction.annotations import Timex
from events.extraction.clauses import Side
from events.extraction.normalize.counted import counted
from events.extraction.normalize.telling import (
    Reading,
    Telling,
    day_long_past,
    from_dispatch,
    from_telling,
    near_day,
    stated_year,
    told_side,
    why,
    year_of_two_digits,
)
from events.extraction.normalize.when import (
    DAY,
    SEASON_MONTH,
    SHORT_UNITS,
    Grain,
    NoSuchDayError,
    When,
    distance,
    feast,
    first_of,
    floor,
    nearest_weekend,
    neighbor,
    shift,
    weekend,
)


def read_unit(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A unit of the calendar: "la semaine dernière", "cette année", "l'année suivante"."""
    unit = said["unit"]
    if "year" in said and unit in {"Y", "M"}:
        return read_year(timex, said, telling)
    direction = said.get("dir", "this")
    step = {"last": -1, "next": 1}.get(direction, 0)
    base: When | None = telling.today
    from_head = False
    if "following" in said:
        step = int(said["following"])
        if telling.last is not None:
            base, from_head = telling.last, True
    vague = {-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}[step]
    if base is None:
        return _unit_of_year(timex, unit, step, vague, telling)
    if unit == "NIGHT":
        when = shift(base, min(step, 0))
        return Reading(when, from_dispatch(timex, when, telling), "relative", suffix="TNI")
    if unit == "WE":
        if direction == "nearest" and step == 0:
            step = _side_of_weekend(timex, said, base, telling)
        when = nearest_weekend(base) if step == 0 else weekend(base, step)
    elif unit in {"D", "W", "M", "Q", "HY", "Y", "DEC", "CEN"}:
        start = floor(base.start, unit)
        when = When(cast("Grain", unit), start, base.yearless)
        if step:
            when = neighbor(when, step)
    else:
        return Reading(None, why("timex-vague", timex), value=vague)
    reason = (
        from_telling(timex, base, telling, when)
        if from_head
        else from_dispatch(timex, when, telling)
    )
    return Reading(when, reason, "relative")


def _side_of_weekend(timex: Timex, said: Mapping[str, str], base: When, telling: Telling) -> int:
    """Whether "le week-end" is the one before or the next, where its verb forbids the nearest."""
    near = nearest_weekend(base)
    told = told_side(timex, said, telling)
    if told == "past" and near.start > base.start:
        return -1
    return 1 if told == "future" and near.end <= base.start else 0


def _unit_of_year(timex: Timex, unit: str, step: int, vague: str, telling: Telling) -> Reading:
    if telling.year is not None and unit in {"Y", "DEC", "CEN"}:
        when = neighbor(When(cast("Grain", unit), floor(date(telling.year, 1, 1), unit)), step)
        return Reading(when, from_dispatch(timex, when, telling), "relative")
    return Reading(None, why("timex-no-reference", timex), value=vague)


def read_month(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A month: "mars 2011", "en janvier", "mars dernier"."""
    month = int(said["month"])
    year = stated_year(said, telling)
    if year is not None:
        when = When("M", date(year, month, 1))
        return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")
    if said.get("from") == "head" and telling.last is not None:
        when = When("M", telling.last.start.replace(month=month, day=1), telling.last.yearless)
        return Reading(when, from_telling(timex, telling.last, telling, when), "relative")
    options = [When("M", date(y, month, 1)) for y in _years_about(telling)]
    return _nearest(timex, said, options, telling, f"XXXX-{month:02d}")


def read_season(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    season = said["season"]
    first = SEASON_MONTH[season]
    year = stated_year(said, telling)
    if year is not None:
        when = When("SE", date(year, first, 1), part=season)
        return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")
    if "following" in said and telling.last is not None:
        base, ahead = telling.last, said["following"] == "1"
        years = range(base.start.year - 1, base.start.year + 2)
        near = [When("SE", date(y, first, 1), base.yearless, season) for y in years]
        near = [o for o in near if (o.start > base.start if ahead else o.end <= base.start)]
        when = near[0] if ahead else near[-1]
        return Reading(when, from_telling(timex, base, telling, when), "relative")
    options = [When("SE", date(y, first, 1), part=season) for y in _years_about(telling)]
    return _nearest(timex, said, options, telling, f"XXXX-{season}")


def read_quarter(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    unit = "HY" if "half" in said else said.get("unit", "Q")
    per_year, months = (2, 6) if unit == "HY" else (4, 3)
    number = int(said.get("ord") or said.get("quarter") or said.get("half") or 1)
    number = per_year if number == -1 else number
    if not 1 <= number <= per_year:
        raise NoSuchDayError
    first = 1 + months * (number - 1)
    grain: Grain = "HY" if unit == "HY" else "Q"
    year = stated_year(said, telling)
    if year is not None:
        when = When(grain, date(year, first, 1))
        return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")
    options = [When(grain, date(y, first, 1)) for y in _years_about(telling)]
    return _nearest(timex, said, options, telling, f"XXXX-{'H' if unit == 'HY' else 'Q'}{number}")


def read_year(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    if "bc" in said:
        number = int(said.get("year") or said["num"])
        return Reading(None, why("timex-before-christ", timex), value=f"BC{number:04d}")
    year = stated_year(said, telling)
    if year is None:
        raise NoSuchDayError
    when = When("Y", first_of(year))
    return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")


def read_decade(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    if "year" in said:
        year = int(said["year"])
        year += 1900 if year < 100 else 0
    elif "yy" in said:
        year = year_of_two_digits(int(said["yy"].lstrip("'’")), telling)
    else:
        year = 1900 + int(said.get("num") or said.get("decade") or 0)
    when = When("DEC", first_of(year // 10 * 10))
    return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")


def read_century(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    number = int(said["century"])
    if not 1 <= number <= 30:
        raise NoSuchDayError
    if "bc" in said:  # no calendar of Python goes back so far
        return Reading(None, why("timex-before-christ", timex), value=f"BC{number - 1:02d}")
    if number == 1:
        raise NoSuchDayError
    when = When("CEN", first_of((number - 1) * 100))
    return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")


def read_holiday(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A feast, fixed ("12-25"), counted from Easter ("easter+39") or a weekday ("11-thu4")."""
    offset = int(said.get("eve", "0"))
    year = stated_year(said, telling)
    name = said["holiday"]
    if year is not None:
        when = When("D", feast(name, year) + offset * DAY)
        return Reading(when, why("timex-holiday", timex, value=when.edtf), "explicit")
    options = [When("D", feast(name, y) + offset * DAY) for y in _years_about(telling)]
    unknown = f"XXXX-{name}" if re.fullmatch(r"\d\d-\d\d", name) else "XXXX-XX-XX"
    return _nearest(timex, said, options, telling, unknown)


def _years_about(telling: Telling) -> range:
    year = telling.year
    return range(0) if year is None else range(max(year - 2, MINYEAR), min(year + 3, MAXYEAR))


def _nearest(
    timex: Timex,
    said: Mapping[str, str],
    options: Sequence[When],
    telling: Telling,
    unknown: str,
) -> Reading:
    """Choose among the years by the words beside it, by tense, else by nearness."""
    if not options:
        edtf = unknown if re.fullmatch(r"XXXX-\d\d(-\d\d)?", unknown) else ""
        return Reading(None, why("timex-no-year", timex), value=unknown, edtf=edtf)
    today = near_day(telling)
    direction = said.get("dir", "")
    told: Side = "" if direction else told_side(timex, said, telling, wide=False)
    if "general" in said and not told:  # "en été": every summer
        return Reading(None, why("timex-set", timex), value=unknown)
    if direction == "last":
        options = [o for o in options if o.end <= today] or options
    elif direction == "next":
        options = [o for o in options if o.start > today] or options
    elif "this" in said:
        options = [o for o in options if o.start.year == today.year] or options
    elif told == "past":
        options = [o for o in options if o.start <= today] or options
    elif told == "future":
        options = [o for o in options if o.end > today] or options
    told_from = day_long_past(timex, said, told, telling)
    if told_from is not None and "this" not in said:
        when = min(options, key=lambda o: distance(o, told_from))
        reason = from_telling(timex, When("D", told_from), telling, when)
        return Reading(when, reason, "explicit")
    when = min(options, key=lambda o: distance(o, today))
    code = "timex-holiday-nearest" if "holiday" in said else "timex-year-nearest"
    reason = why(code, timex, value=when.edtf, dct=telling.dct.value or "")
    return Reading(when, reason, "explicit" if "dir" not in said else "relative")


_ISO_UNIT = {
    "MIN": "M", "NIGHT": "D", "DOZENDAYS": "D", "FN": "W", "Q": "M", "HY": "M", "DEC": "Y",
    "CEN": "Y",
}  # fmt: skip
_TIMES = {"DOZENDAYS": 15, "FN": 2, "Q": 3, "HY": 6, "DEC": 10, "CEN": 100}
_HALVES = {"H": "PT30M", "D": "PT12H", "CEN": "P50Y", "DEC": "P5Y", "Y": "P6M", "MIN": "PT30S"}
_HALF_MORE = {"Y": "6M", "H": "30M", "MIN": "30S", "M": "15D", "D": "T12H"}
_HALF_AS_DECIMAL = frozenset({"W", "DEC", "CEN"})


def read_duration(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A length of time; where it counts from a day that is known, it names a day all the same."""
    reading = counted(timex, said, telling)
    if reading is None:
        return Reading(None, why("timex-duration", timex), value=_length(said), moves=False)
    return reading._replace(value=_length(said))


def _length(said: Mapping[str, str]) -> str:
    """An ISO 8601 length: "P5Y6M", "PT30.4S", "PXD"."""
    if "halfunit" in said:
        return _HALVES[said["halfunit"]]
    unit = said.get("unit") or said.get("shortunit") or "D"
    number = said.get("n2") or said.get("num") or said.get("n1", "1")
    if "half" in said and unit in _HALF_AS_DECIMAL and number != "X":
        return _amount(str(float(number) + 0.5), unit)
    value = _amount(number, unit)
    if "half" in said:
        more = _HALF_MORE.get(unit)
        if more:
            value += more
    if "n3" in said and "u3" in said:
        second = _amount(said["n3"], said["u3"])[1:]
        value += second.removeprefix("T") if "T" in value else second
    return value


def _amount(number: str, unit: str) -> str:
    if number != "X":
        amount = float(number) * _TIMES.get(unit, 1)
        number = f"{amount:g}" if amount < 1e5 else str(int(amount))
    return ("PT" if unit in SHORT_UNITS else "P") + number + _ISO_UNIT.get(unit, unit)


def read_term(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    return Reading(None, why("timex-duration", timex), value=said["term"], moves=False)


def read_set(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    reason = why("timex-set", timex)
    if "day" in said and "month" in said:
        value = f"XXXX-{int(said['month']):02d}-{int(said['day']):02d}"
        return Reading(None, reason, value=value, moves=False)
    day = said.get("weekdays") or said.get("weekday")
    if day:
        part = "T" + said["part"] if "part" in said else ""
        return Reading(None, reason, value=f"XXXX-WXX-{day}{part}", moves=False)
    if "part" in said:
        return Reading(None, reason, value=f"XXXX-XX-XXT{said['part']}", moves=False)
    unit = said.get("unit") or said.get("set_unit") or "D"
    return Reading(None, reason, value=_amount(said.get("num", "1"), unit), moves=False)


def read_vague(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    value = {"last": "PAST_REF", "next": "FUTURE_REF"}.get(said.get("dir", ""), "PRESENT_REF")
    return Reading(None, why("timex-vague", timex), value=value, moves=False)


def read_reference(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    return Reading(None, why("timex-vague", timex), value=said["ref"], moves=False)
