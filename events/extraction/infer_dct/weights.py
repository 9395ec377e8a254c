"""Weights of days: how well each fits what the text says, as factors of a product."""

from __future__ import annotations

from datetime import MAXYEAR, date
from functools import lru_cache

from events.extraction.infer_dct.evidence import Dated, Evidence, tells_past
from events.extraction.infer_dct.frame import exists

_OUT_OF_ERA = 0.1  # a text may speak of francs that were
_EXACT = 1000.0  # weight of the year of an anniversary
_HALF_A_YEAR = 182
_FROM_NEWS = {0: 1.0, 1: 0.2}  # years after that of a first date written in full, with its weekday
_NOT_THE_NEWS = 0.02
_NOT_YET_TOLD = 0.01  # of a day before that of the news itself: the first date, with its weekday
_LONGEST_OVER = 6  # years after the latest written from which on all are as unlikely

# How much likelier a year is the dispatch's own by its distance from the latest that it tells of.
# A year is written out most often because it is another one, of a month more than of a day.
_AFTER_DAY = {0: 3.0, 1: 1.5, 2: 0.8, 3: 0.6, 4: 0.4, 5: 0.3}
_AFTER_MONTH = {
    0: 0.8, 1: 1.2, 2: 1.0, 3: 0.6, 4: 0.4, 5: 0.35, 6: 0.3, 7: 0.2, 8: 0.15, 9: 0.15, 10: 0.15,
    11: 0.15,
}  # fmt: skip
_LONG_AFTER = 0.06
_BEFORE_PLAN = {0: 1.5, 1: 1.5, 2: 1.2, 3: 0.8, 4: 0.8, 5: 0.6, 6: 0.5, 7: 0.5, 8: 0.5}
_NAMED = {-1: 2.0, 0: 6.0, 1: 3.0, 2: 1.0}  # a prize, a cup: most often of this year or the next
_FROM_TOLD = {0: 5.0, 1: 4.0, 2: 1.0, 3: 0.5}  # days after what is told as over
# Days that a bare weekday of the opening lies back: news tell their own day, or the one before.
_BACK_TO = {0: 3.0, 1: 2.5, 2: 0.7, 3: 0.4}
_EVENING_BACK_TO = {0: 0.7, 1: 5.0, 2: 0.7}
_AHEAD_TO = {0: 2.0, 6: 2.0, 5: 1.2}
_FAR_BACK, _FAR_AHEAD = 0.15, 0.7
# The same of those in later sentences, as counted in dispatches whose day is known.
_LATER_BACK = (2.0, 2.0, 1.3, 0.7, 0.4, 0.25, 0.2)
_LATER_AHEAD = (0.7, 0.4, 1.1, 1.0, 0.8, 1.2, 1.8)


class Weights:
    """Weighs days against the evidence of one text."""

    def __init__(self, evidence: Evidence, era: tuple[int, int] = (0, MAXYEAR)) -> None:
        self.evidence = evidence
        self.era = era
        written = [d for d in evidence.dated if d.year is not None]
        # One date for each month or year that is written.
        self.written = list({(d.year, d.month): d for d in written}.values())
        self.last = max((d.year for d in written if d.year and not d.named), default=None)
        # The latest year that is told of as past; of those that may be past if none surely is.
        told = [d for d in written if tells_past(d)]
        surely = [d for d in told if d.side == "past"]
        self.latest = max((d.year for d in surely or told if d.year), default=None)
        to_the_day = any(d.year == self.latest and d.day for d in told)
        self.after_latest = _AFTER_DAY if to_the_day else _AFTER_MONTH
        self.days = [
            (d, None if d.year is None else _in_year(d.year, d.month, d.day))
            for d in evidence.dated
            if d.month is not None and d.day is not None
        ]
        # The news itself, dated in full: "mercredi 4 août 2021".
        news = (d for d in told if d.sentence == evidence.lead and d.day and d.weekday is not None)
        self.news = min((d.year for d in news if d.year), default=None)
        # Years in which the day matters: of all others one weight holds.
        self.uneven = {d.year for d in written}
        for window in evidence.windows:
            self.uneven.update(range(window.start.year, window.end.year + 1))
        self.even: dict[int, float] = {}

    def of_year(self, day: date) -> float:
        """What the years of the text, and the time gone by since them, say of a day."""
        if day.year in self.uneven:
            return self._of_year(day)
        known = self.even.get(day.year)
        if known is None:
            known = self.even[day.year] = self._of_year(day)
        return known

    def _of_year(self, day: date) -> float:
        weight = 1.0 if self.era[0] <= day.year <= self.era[1] else _OUT_OF_ERA
        latest, last = self.latest, self.last
        inside = [w for w in self.evidence.windows if w.start <= day < w.end]
        if latest is not None and not any(w.sure for w in inside):
            far = _LONG_AFTER if day.year > latest else 1.0
            weight *= self.after_latest.get(day.year - latest, far)
        if last is not None and last != latest and day.year > last:
            # Even what was planned then would be over long ago.
            weight /= max(1, min(day.year - last, _LONGEST_OVER) - 1)
        if self.news is not None:
            weight *= _FROM_NEWS.get(day.year - self.news, _NOT_THE_NEWS)
        for dated in self.written:
            weight *= _weight_of_year(day, dated)
        for window in inside:
            # The narrower, the less likely by chance.
            width = (window.end - window.start).days
            known = _EXACT if window.exact else 60.0 if window.birth else 20.0
            weight *= min(max(known, 200.0), known * 365 / width) if window.sure else 5.0
        return weight

    def of_day(self, day: date) -> float:
        """What the days and weekdays of the text say of a day."""
        weight, nearest_past = 1.0, 10_000
        evidence = self.evidence
        for dated, its_day in self.days:
            there = its_day if dated.year is not None else _nearest(dated.month, dated.day, day)
            if there is None:
                continue
            if dated.weekday is not None and there.weekday() != dated.weekday:
                weight *= 0.02
            away = (day - there).days
            leads = dated.sentence == evidence.lead
            if dated.side == "past" and away < 0:
                weight *= _NOT_YET_TOLD if leads and dated.weekday is not None else 0.15
            elif dated.side == "future" and away > 0:  # plans are put off, and told all the same
                weight *= 0.3
            # News give the weekday of their own days, seldom of days long past.
            own = dated.year is None or (leads and dated.weekday is not None)
            if own and away >= 0 and dated.side != "future":
                nearest_past = min(nearest_past, away)
                if leads:  # the news itself
                    weight *= _FROM_TOLD.get(away, 0.1)
        weight *= _FROM_TOLD.get(nearest_past, 0.3)
        if evidence.evening and nearest_past == 0:
            weight *= 0.3  # its evening is over
        for weekday, told, _ in evidence.weekdays:
            back = (day.weekday() - weekday) % 7
            if told == "future":
                weight *= _AHEAD_TO.get(back, _FAR_AHEAD)
            else:
                lies = _EVENING_BACK_TO if weekday in evidence.evenings else _BACK_TO
                weight *= lies.get(back, _FAR_BACK)
        for weekday, told in evidence.later:
            later = _LATER_AHEAD if told == "future" else _LATER_BACK
            weight *= later[(day.weekday() - weekday) % 7]
        return weight


def _weight_of_year(day: date, dated: Dated) -> float:
    """What a year that is written says of the year of a day."""
    written = dated.year or day.year
    if dated.named:
        return _NAMED.get(written - day.year, 0.4)
    if dated.month is None:  # plans name years to come as often as histories name years past
        over = dated.side == "past" or dated.since
        if dated.since and written == day.year:
            return 0.2  # nobody says "depuis 1995" in 1995
        return 1.0 if written <= day.year else 0.1 if over else 0.6
    if not dated.birth and not tells_past(dated):
        if written < day.year:
            return 0.03 if dated.until else 0.15
        return _BEFORE_PLAN.get(written - day.year, 0.4)
    first = date(written, dated.month, dated.day or 1)
    if first > day:
        return 0.05 if dated.side == "past" else 0.5 if written - day.year <= 1 else 0.2
    return 1.0


def _nearest(month: int | None, number: int | None, day: date) -> date | None:
    """The day of a month in the year where it lies nearest to `day`."""
    there = _in_year(day.year, month, number)
    if there is not None and abs((day - there).days) <= _HALF_A_YEAR:
        return there
    options = [_in_year(day.year + n, month, number) for n in (-1, 0, 1)]
    return min((d for d in options if d is not None), key=lambda d: abs(d - day), default=None)


@lru_cache(maxsize=20_000)  # asked of the same few days for every day that is weighed
def _in_year(year: int, month: int | None, day: int | None) -> date | None:
    if month is None or day is None or not exists(year, month, day):
        return None
    return date(year, month, day)
