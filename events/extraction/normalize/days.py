"""Expressions that name a day, or an hour of one: one function a kind, for all languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

from events.extraction.annotations import Reason, Timex
from events.extraction.clauses import clause_has
from events.extraction.normalize.counted import counted
from events.extraction.normalize.telling import (
    Reading,
    Telling,
    counted_from,
    day_here,
    day_long_past,
    from_dispatch,
    from_telling,
    in_sentence,
    near_day,
    same_paragraph,
    stated_year,
    told_side,
    why,
    year_of_two_digits,
    year_written,
)
from events.extraction.normalize.when import (
    DAY,
    NO_YEAR,
    SHORT_UNITS,
    NoSuchDayError,
    When,
    add_months,
    count_from,
    day_of,
    exists,
    first_of,
    shift,
)

# "le 12 mars -44", "le 3 mars 99999 à Paris"; but "le 3 mars 10000 personnes"
_IMPOSSIBLE_YEAR = re.compile(r" (?:[-−]\d{1,4}\b|\d{5,9}(?=\s*(?:[.,;:)»]|$)|\s\w{1,2}\b))")


def read_date(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A day with its month: "le 7 décembre", "mardi 1er juin 2010"."""
    if "month" not in said and "m2" not in said:
        return read_day(timex, said, telling)
    month, day = int(said.get("month") or said["m2"]), int(said["day"])
    pair = said.get("borrowed_from") or ("" if "month" in said else said.get("d2", ""))
    if pair and said.get("part_of", "1/")[:2] == "1/" and day > int(pair):
        month = (month - 2) % 12 + 1  # "entre le 25 et le 2 mai"
    elif pair and said.get("part_of", "")[:2] == "2/" and day < int(pair):
        month = month % 12 + 1
    year = stated_year(said, telling)
    if year is not None:
        when = When("D", day_of(year, month, day))
        reading = Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit")
    elif _IMPOSSIBLE_YEAR.match(telling.document.text, timex.span.end):
        raise NoSuchDayError
    else:
        reading = _yearless(timex, said, month, day, telling)
    if said.get("as") == "week" and reading.when and not reading.when.yearless:
        start = reading.when.start - reading.when.start.weekday() * DAY
        reading = reading._replace(when=When("W", start))
    if said.get("part") == "NI" and "d2" in said and reading.when:
        reading = _night_from(reading)
    return reading


def _night_from(reading: Reading) -> Reading:
    """A night lies on two days."""
    when = cast("When", reading.when)
    edtf = "" if when.yearless else f"{when.start}/{when.start + DAY}"
    return reading._replace(suffix="TNI", edtf=edtf)


def _yearless(
    timex: Timex, said: Mapping[str, str], month: int, day: int, telling: Telling
) -> Reading:
    """Find the year of a day that is written without one."""
    day_of(NO_YEAR, month, day)  # 30 February is in no year
    near = telling.year
    if "weekday" in said and near is not None:
        wanted = int(said["weekday"]) - 1
        fitting = [
            year
            for year in (near, near - 1, near + 1)
            if exists(year, month, day) and date(year, month, day).weekday() == wanted
        ]
        if fitting:
            fitting.sort(key=lambda y: _far(y, month, day, telling))
            when = When("D", date(fitting[0], month, day))
            return Reading(when, why("timex-year-weekday", timex, value=when.edtf), "explicit")
    told = told_side(timex, said, telling, wide=False)
    written = year_written(timex, telling)
    if written is not None and told != "future" and "dir" not in said:
        when = When("D", day_of(written, month, day))
        source = telling.year_words or str(written)
        reason = why(
            "timex-year-context", timex, value=when.edtf, year=str(written), source=source
        )
        return Reading(when, reason, "explicit")
    if near is None:
        when = When("D", date(NO_YEAR, month, day), yearless=True)
        return Reading(when, why("timex-no-year", timex), "explicit")
    if telling.today is None and telling.month is None:
        when = When("D", day_of(near, month, day))
        return Reading(
            when, why("timex-year-dct", timex, value=when.edtf, dct=str(near)), "explicit"
        )
    options = [
        date(y, month, day) for y in (near - 1, near, near + 1) if exists(y, month, day)
    ]
    if not options:
        raise NoSuchDayError
    today, over = near_day(telling), False
    if said.get("dir") == "last":
        options = [d for d in options if d < today] or options
    elif said.get("dir") == "next":
        options = [d for d in options if d > today] or options
    elif told == "past":
        recent = [d for d in options if 0 <= (today - d).days <= _RECENT]
        over = not recent
        options = recent or options
    elif told == "future" and not clause_has(
        timex.span, "pluperfect", telling.sentences, telling.times
    ):  # "la reprise, prévue le 6 janvier, n'avait eu lieu que le 11"
        options = [d for d in options if 0 <= (d - today).days <= _RECENT] or options
    told_from = day_long_past(timex, said, told, telling, over=over)
    if told_from is not None:
        years = (told_from.year + n for n in (-1, 0, 1))
        options = [date(y, month, day) for y in years if exists(y, month, day)] or options
        found = min(options, key=lambda d: abs((d - told_from).days))
        when = When("D", found)
        reason = from_telling(timex, When("D", told_from), telling, when)
        return Reading(when, reason, "explicit")
    found = min(options, key=lambda d: abs((d - today).days))
    if not told and (found - today).days > _SOON:
        # Far ahead, in a sentence that tells what is over: the one before it.
        wide = told_side(timex, said, telling)
        past = [d for d in options if 0 <= (today - d).days <= _RECENT]
        untold = not telling.times.cues["past"]  # a language whose tenses are not read
        found = past[-1] if past and (wide == "past" or untold) else found
    when = When("D", found)
    reason = why("timex-year-nearest", timex, value=when.edtf, dct=telling.dct.value or "")
    return Reading(when, reason, "explicit")


def _far(year: int, month: int, day: int, telling: Telling) -> int:
    if not exists(year, month, day):
        return 10**6
    return abs((date(year, month, day) - near_day(telling)).days)


def read_day(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A day without its month: "le 10", "le vendredi 24"."""
    if "month" in said:
        return read_date(timex, said, telling)
    day = int(said.get("day") or said.get("dom") or 0)
    if not 1 <= day <= 31:
        raise NoSuchDayError
    if "of_month" in said:
        return _day_of_month(timex, said["of_month"], day, telling)
    base, source = telling.today, "dct"
    head = telling.head
    if head is not None and (
        base is None or abs((head.start - base.start).days) > 62 or head.yearless != base.yearless
    ):
        base, source = head, "head"
    if base is None:
        if telling.year is None or telling.month is None:
            return Reading(None, why("timex-no-reference", timex), value=f"XXXX-XX-{day:02d}")
        base = When("D", near_day(telling))
    first = base.start.replace(day=1)
    options = [
        month.replace(day=day)
        for month in (add_months(first, n) for n in (-2, -1, 0, 1, 2))
        if exists(month.year, month.month, day)
    ]
    if "weekday" in said:
        wanted = int(said["weekday"]) - 1
        options = [d for d in options if d.weekday() == wanted] or options
    elif source == "dct":
        told = told_side(timex, said, telling)
        if told == "past":
            options = [d for d in options if d <= base.start] or options
        elif told == "future":
            options = [d for d in options if d >= base.start] or options
    else:
        options = [d for d in options if d >= first] or options
    found = min(options, key=lambda d: abs((d - base.start).days))
    when = When("D", found, yearless=base.yearless)
    code = "timex-month-nearest" if source == "dct" else "timex-month-head"
    return Reading(when, why(code, timex, value=when.edtf, base=base.value), "explicit")


def _day_of_month(timex: Timex, which: str, day: int, telling: Telling) -> Reading:
    """A day of the dispatch's month, or of the one before or after: "le 15 du mois prochain"."""
    today = telling.today
    if today is None:
        return Reading(None, why("timex-no-reference", timex), value=f"XXXX-XX-{day:02d}")
    month = add_months(today.start.replace(day=1), {"last": -1, "next": 1}.get(which, 0))
    when = When("D", day_of(month.year, month.month, day), today.yearless)
    return Reading(when, from_dispatch(timex, when, telling), "relative")


_MIDNIGHT = 24  # hours: the night, or the end, of the day that is told
_RECENT = 280  # days: of what is longer past, or farther ahead, the year is written
_SOON = 60  # days ahead that a date without any sign of its side can lie
_NEWS = 45  # days around the dispatch where its dates in figures lie most often
_NUMERIC = re.compile(r"(\d{1,4})\D(\d{1,2})\D(\d{1,4})")


def read_numeric(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """Figures: "2016-12-08", "11/1/2020", in the order that the dispatch or the language uses."""
    written = said["numeric_date"]
    match = _NUMERIC.match(written)
    if match is None:
        raise NoSuchDayError
    if len(match[1]) == 4:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    else:
        first, second = int(match[1]), int(match[2])
        year = int(match[3]) if len(match[3]) == 4 else year_of_two_digits(int(match[3]), telling)
        day, month = _day_and_month(first, second, year, telling)
    when = When("D", day_of(year, month, day))
    clock = re.search(r"T(\d\d:\d\d)\S*?(Z?)$", written)
    suffix = f"T{clock[1]}{clock[2]}" if clock else ""
    return Reading(when, why("timex-explicit", timex, value=when.edtf), "explicit", suffix=suffix)


def _day_and_month(first: int, second: int, year: int, telling: Telling) -> tuple[int, int]:
    """In the order of the dispatch; where that is not shown, of its language,
    but for a date that only the other order puts near the day of the dispatch.
    """
    orders = [(first, second), (second, first)]
    if not telling.day_first:
        orders.reverse()
    possible = [(day, month) for day, month in orders if exists(year, month, day)]
    if not possible:
        raise NoSuchDayError
    if telling.order_shown or telling.today is None or telling.today.yearless:
        return possible[0]
    today = telling.today.start
    near = [dm for dm in possible if abs((date(year, dm[1], dm[0]) - today).days) <= _NEWS]
    return near[0] if len(near) == 1 else possible[0]


def read_weekday(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A day of the week: nearest to the dispatch unless words of its clause say otherwise."""
    wanted = int(said["weekday"]) - 1
    head = telling.head
    if ("same" in said or "following" in said) and head is not None:
        start = head.start
        if "same" in said:
            start -= ((start.weekday() - wanted) % 7) * DAY
        elif said["following"] == "1":
            start += ((wanted - start.weekday() - 1) % 7 + 1) * DAY
        else:
            start -= ((start.weekday() - wanted - 1) % 7 + 1) * DAY
        when = When("D", start, head.yearless)
        return Reading(when, from_telling(timex, head, telling, when), "relative")
    today = telling.today
    if today is None or today.yearless:
        value = f"XXXX-WXX-{wanted + 1}"
        return Reading(None, why("timex-no-reference", timex), value=value)
    if "weeks" in said:  # "mardi en huit": the Tuesday of next week
        ahead = (wanted - today.start.weekday() - 1) % 7 + 1
        start = today.start + (ahead + 7 * (1 if int(said["weeks"]) == 8 else 2)) * DAY
        when = When("D", start)
        return Reading(when, from_dispatch(timex, when, telling), "relative")
    if "week" in said:
        monday = today.start - today.start.weekday() * DAY
        weeks = {"last": -1, "next": 1}.get(said["week"], 0)
        when = When("D", monday + (7 * weeks + wanted) * DAY)
        return Reading(when, from_dispatch(timex, when, telling), "relative")
    back = (today.start.weekday() - wanted) % 7
    match said.get("dir"):
        case "last":
            start, code = today.start - (back or 7) * DAY, "timex-weekday-past"
        case "next":
            start, code = today.start + (7 - back) * DAY, "timex-weekday-future"
        case _:
            told = told_side(timex, said, telling)
            if told == "past" and not ("early" in said and back == 6):
                start, code = today.start - back * DAY, "timex-weekday-past"
            elif told == "past":  # "early Saturday", written on the Friday of another time zone
                start, code = today.start + DAY, "timex-weekday-nearest"
            elif told == "future":
                start, code = today.start + (-back % 7) * DAY, "timex-weekday-future"
            else:
                offset = -back if back <= 3 else 7 - back
                start, code = today.start + offset * DAY, "timex-weekday-nearest"
    when = When("D", start)
    reason = why(code, timex, value=when.edtf, dct=today.value)
    return Reading(when, reason, "relative")


def read_nth(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A weekday counted in its month: "le dernier dimanche de novembre"."""
    month, wanted, number = int(said["month"]), int(said["weekday"]) - 1, int(said["ord"])
    stated = stated_year(said, telling)
    year = stated if stated is not None else telling.year
    if year is None:
        return Reading(None, why("timex-no-year", timex), value=f"XXXX-{month:02d}-XX")
    years = (year,) if stated is not None else (year - 1, year, year + 1)
    options = [_nth(y, month, wanted, number) for y in years]
    when = When("D", min(options, key=lambda d: abs((d - near_day(telling)).days)))
    code = "timex-explicit" if stated is not None else "timex-year-nearest"
    reason = why(code, timex, value=when.edtf, dct=telling.dct.value or "")
    return Reading(when, reason, "explicit")


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    if number < 0:
        last = add_months(first, 1) - DAY
        return last - ((last.weekday() - weekday) % 7) * DAY
    found = first + ((weekday - first.weekday()) % 7 + 7 * (number - 1)) * DAY
    if found.month != month:
        raise NoSuchDayError
    return found


def read_night(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """The night between two weekdays, or two days."""
    reading = read_weekday(timex, {**said, "weekday": said["w1"]}, telling)
    return reading if reading.when is None else _night_from(reading)


def read_deictic(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """Days counted from the day of the dispatch: "hier", "demain", "ce matin"."""
    offset = int(said["deictic"]) + int(said.get("days", 0))
    if telling.today is None:
        return _somewhere_in_dct(timex, telling, inside=offset == 0)
    when = shift(telling.today, offset)
    return Reading(when, from_dispatch(timex, when, telling), "relative")


def _somewhere_in_dct(timex: Timex, telling: Telling, *, inside: bool) -> Reading:
    """The dispatch's day is not known, perhaps its month or year: "today" lies in them."""
    year = "XXXX" if telling.year is None else f"{telling.year:04d}"
    month = "XX" if telling.month is None else f"{telling.month:02d}"
    reading = Reading(None, why("timex-no-reference", timex), value=f"{year}-{month}-XX")
    if inside and telling.year is not None:
        return reading._replace(edtf=telling.dct.value or "", basis="relative")
    return reading


def read_count(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """So many units before or after: "il y a trois semaines", "cinq jours plus tard"."""
    sign = int(said.get("dir") or said.get("later") or 1)
    number = said.get("n2") or said.get("num") or ("0" if "halfunit" in said else "1")
    unit = said.get("unit") or said.get("halfunit") or "D"
    vague = "PAST_REF" if sign < 0 else "FUTURE_REF"
    head = telling.aside if in_sentence(timex, telling) else counted_from(timex, telling)
    if unit in {"M", "Q", "HY", "Y", "DEC"} and telling.last_at > telling.head_at:
        index = telling.sentences.index
        if index(timex.span.start) - index(telling.last_at) <= 1:
            head = telling.last  # "en 2009 …, remboursé quatre ans plus tard"
    from_head = said.get("from") == "head" and head is not None
    base: When | None = head if from_head else telling.today
    if unit == "D" and sign > 0 and not from_head:
        number = str(telling.times.conventions.get("days_ahead", {}).get(number, number))
    if from_head and unit in SHORT_UNITS and telling.clock is not None and number != "X":
        return _hours_later(timex, said, sign, number, unit, telling)
    if number == "X" and not (unit in SHORT_UNITS and base is not None):
        return Reading(None, why("timex-vague", timex), value=vague)
    if base is None:
        if unit in {"Y", "DEC"} and telling.year is not None and "half" not in said:
            years = int(float(number)) * (10 if unit == "DEC" else 1)
            when = When("Y", first_of(telling.year + sign * years))
            return Reading(when, from_dispatch(timex, when, telling), "relative")
        return Reading(None, why("timex-no-reference", timex), value=vague)
    start = base
    if from_head and unit in SHORT_UNITS and sign > 0 and telling.head_hour == _MIDNIGHT:
        start = shift(base, 1)  # "entré en vigueur lundi à minuit. Quelques heures plus tard"
    there = count_from(start, sign, number, unit, half="half" in said or "halfunit" in said)
    if there is None:
        return Reading(None, why("timex-vague", timex), value=vague)
    reason = (
        from_telling(timex, base, telling, there)
        if from_head
        else from_dispatch(timex, there, telling)
    )
    return Reading(there, reason, "relative")


def _hours_later(
    timex: Timex, said: Mapping[str, str], sign: int, number: str, unit: str, telling: Telling
) -> Reading:
    """An hour counted from the last one told: "une demi-heure plus tard"."""
    when, hour, minute = cast("tuple[When, int, int]", telling.clock)
    minutes_of = {"H": 60, "MIN": 1, "S": 1 / 60}[unit]
    length = float(number) * minutes_of
    if "halfunit" in said:
        length += minutes_of / 2
    elif "half" in said and unit == "H":
        length += 30
    days, minutes = divmod(hour * 60 + minute + sign * round(length), 24 * 60)
    suffix = f"T{minutes // 60:02d}:{minutes % 60:02d}"
    there = shift(when, days)
    reason = from_telling(timex, when, telling, there)
    return Reading(there, reason, "relative", suffix=suffix)


def read_eve(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """Days counted from the day of the telling: "la veille", "le même jour", "le lendemain"."""
    named = counted(timex, said, telling)
    if named is not None and (named.when is not None or "of" not in said):
        return named if named.when else named._replace(value="XXXX-XX-XX")
    offset = 0 if "of" in said else int(said["eve"])
    base = (telling.head if not offset else counted_from(timex, telling)) or telling.today
    if offset and _opens_behind_day(timex, telling):
        base = telling.last  # "Il l'avait nommé le 17 avril. La veille, …"
    if in_sentence(timex, telling):
        base = telling.aside
    if "pointed" in said and telling.last is not None and telling.last.grain == "D":
        base = telling.last
    if "of" in said and telling.head is not None:
        there = telling.sentences.index(telling.head_at)
        if there != telling.sentences.index(timex.span.start):
            base = telling.today or base
    if base is None:
        return Reading(None, why("timex-no-reference", timex), value="XXXX-XX-XX")
    when = shift(base, offset)
    reason = (
        from_telling(timex, base, telling, when)
        if base in (telling.head, telling.aside, telling.main, telling.back)
        else from_dispatch(timex, when, telling)
    )
    return Reading(when, reason, "relative", moves="of" not in said)


def _opens_behind_day(timex: Timex, telling: Telling) -> bool:
    """Whether it opens its sentence, and the one before it in the paragraph names a day last."""
    sentences = telling.sentences
    if telling.last is None or telling.last.grain != "D" or sentences.before(
        timex.span.start, sentences.span(timex.span.start).start, 1
    ):
        return False
    apart = sentences.index(timex.span.start) - sentences.index(telling.last_at)
    return apart == 1 and same_paragraph(timex, telling, telling.last_at)


def read_part(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """A part of the day: that of the day in its sentence, else of the telling, else today's."""
    when, reason, basis = day_here(timex, telling)
    suffix = "" if said["part"] == "DT" else "T" + said["part"]
    if (
        when is not None
        and telling.head == when
        and telling.head_hour >= {"MO": 12, "AF": 24}.get(said["part"], 25)
        and (
            same_paragraph(timex, telling)
            or not clause_has(timex.span, "pluperfect", telling.sentences, telling.times)
        )
    ):
        # A morning told after its afternoon, or anything after its night.
        when, reason = _the_day_after(when, reason, timex, telling)
    if when is None:
        return Reading(None, reason, value="XXXX-XX-XX" + suffix, suffix=suffix)
    return Reading(when, reason, basis, suffix=suffix)


def read_clock(timex: Timex, said: Mapping[str, str], telling: Telling) -> Reading:
    """An hour of the day that the sentence or the telling speaks of."""
    hour, minute = hour_and_minute(said)
    when, reason, basis = day_here(timex, telling)
    suffix = f"T{hour % 24:02d}:{minute:02d}" + ("Z" if "zone" in said else "")
    if when is None:
        return Reading(None, reason, value="XXXX-XX-XX" + suffix, suffix=suffix)
    morning = 12 if telling.head_hour == 24 else 6  # after a night, any hour of the morning
    late = telling.head_hour >= 17 and telling.head == when and hour < morning
    if "midnight" in said and "after" in said and telling.day_follows and (
        not telling.waiting_for_night
    ):
        return Reading(when, reason, basis, suffix=suffix)  # "just after midnight on Friday"
    if hour == 24 or "midnight" in said or late or (telling.waiting_for_night and hour < 12):
        # Midnight ends the day that is spoken of; so does an hour told after its evening. The
        # telling stays with that day.
        when, reason = _the_day_after(when, reason, timex, telling)
        return Reading(when, reason, basis, suffix=suffix, moves=False)
    return Reading(when, reason, basis, suffix=suffix)


def _the_day_after(
    when: When, reason: Reason, timex: Timex, telling: Telling
) -> tuple[When, Reason]:
    after = shift(when, 1)
    if when == telling.head:
        reason = from_telling(timex, when, telling, after)
    return after, reason


def hour_and_minute(said: Mapping[str, str]) -> tuple[int, int]:
    if "clock" in said:
        hour, minute = (int(n) for n in said["clock"].split(":")[:2])
    elif "dotclock" in said or "decimal" in said:
        hour, minute = (int(n) for n in re.split("[.:]", said.get("dotclock") or said["decimal"]))
    elif "hhmm" in said:
        hour, minute = int(said["hhmm"]) // 100, int(said["hhmm"]) % 100
    else:
        hour = int(said.get("hour") or said.get("noon") or said.get("midnight") or 0)
        minute = int(said.get("minute") or 0)
    half = said.get("half")
    if half:
        minute = 30
    if said.get("meridiem") == "PM" and hour < 12:
        hour += 12
    elif said.get("meridiem") == "AM" and hour == 12:
        hour = 0
    elif said.get("part") in {"AF", "EV"} and hour < 12:
        hour += 12
    if hour > 24 or minute > 59:
        raise NoSuchDayError
    return hour, minute
