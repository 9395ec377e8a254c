"""A table of events that was taken away, corrected in a spreadsheet and brought back.

What it changes is shown before anything is: `read` compares each cell with what stands here, and
knows how spreadsheets rewrite dates. `apply` does what a curator took of it, as single acts.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from events import curation, tables
from events.models import Event, EventType, ReviewState, Status
from events.readers import UnreadableDispatch
from events.readers.encoding import decode
from events.recording import folded
from events.wording import word_edtf, word_time

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_ROWS = 5_000
MOST_CHANGES = 500  # of one table: each is an act in the history
# That spreadsheets write months in, and people the words of lists.
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# A column of the table: the field of the event, and what people call it.
COLUMNS = {
    "title": ("title", gettext_lazy("Title")),
    "date": ("edtf", gettext_lazy("Date")),
    "time_of_day": ("time_of_day", gettext_lazy("Time of day")),
    "type": ("type", gettext_lazy("Type")),
    "status": ("status", gettext_lazy("Status")),
    "review": ("review_state", gettext_lazy("Review")),
}
_LISTS = {"type": EventType, "status": Status, "review_state": ReviewState}
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d\d)(?: 0?0:00(?::00)?)?", re.ASCII)
_HOUR = re.compile(r"(\d{1,2}):(\d\d)(?::00)?", re.ASCII)


class UnreadableTableError(ValueError):
    """It is no table of events; says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a cell would change. `stale`: the event was changed here after the table was taken."""

    event: int
    title: str
    name: str  # of the field
    before: str
    after: str
    stale: bool = False

    @classmethod
    def from_json(cls, text: str) -> Change:
        """Raises ValueError if that is none."""
        try:
            given = cls(**json.loads(text))
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError("no change") from error
        words = (given.title, given.name, given.before, given.after)
        if type(given.event) is not int or not all(isinstance(one, str) for one in words):
            raise ValueError("no change")
        if given.name not in {name for name, _label in COLUMNS.values()}:
            raise ValueError("no such field")
        return given

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @property
    def label(self) -> str:
        return str(next(label for name, label in COLUMNS.values() if name == self.name))

    @property
    def before_words(self) -> str:
        return _worded(self.name, self.before)

    @property
    def after_words(self) -> str:
        return _worded(self.name, self.after)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be taken, and why. `line` counts as spreadsheets do."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Table:
    rows: int
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]


def read(content: bytes) -> Table:
    """Return what a table changes, and what in it is wrong. Raises UnreadableTableError."""
    rows = _rows(content)
    events = Event.objects.in_bulk({pk for _line, row in rows if (pk := _number(row)) is not None})
    read_day = _order_of_days(rows, events)
    changes: list[Change] = []
    faults: list[Fault] = []
    met: set[int] = set()
    for line, row in rows:
        try:
            event = _event(row, events, met)
        except ValidationError as error:
            faults.append(Fault(line, "id", " ".join(error.messages)))
            continue
        met.add(event.pk)
        stale = row.get("changed_at", "") not in {"", event.updated_at.isoformat()}
        for column in [name for name in COLUMNS if name in row]:
            name = COLUMNS[column][0]
            try:
                change = _change(event, name, row[column], read_day)
            except ValidationError as error:
                faults.append(Fault(line, column, " ".join(error.messages)))
                continue
            if change:
                changes.append(Change(event.pk, event.title, name, *change, stale))
    if len(changes) > MOST_CHANGES:
        told = _("This table changes more than %(most)s cells: cut it in pieces.")
        raise UnreadableTableError(told % {"most": MOST_CHANGES})
    return Table(len(rows), tuple(changes), tuple(faults))


def apply(changes: Iterable[Change], *, by: User) -> tuple[int, list[str]]:
    """Do what was taken of a table; return how many events changed, and in words what could not be.

    What is not as it was shown any more stays as it is.
    """
    by_event: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_event[change.event].append(change)
    done, refused = 0, []
    for pk, wanted in by_event.items():
        try:
            with transaction.atomic():
                _apply(pk, wanted, by)
            done += 1
        except ValidationError as error:
            told = _("%(title)s: %(why)s")
            refused.append(told % {"title": wanted[0].title, "why": " ".join(error.messages)})
    return done, refused


def _apply(pk: int, wanted: Sequence[Change], by: User) -> None:
    event = Event.objects.select_for_update().filter(pk=pk, merged_into=None).first()
    if event is None or any(getattr(event, one.name, None) != one.before for one in wanted):
        raise ValidationError(_("It was changed in the meantime, and stays as it is."))
    values = {one.name: one.after for one in wanted}
    judged = values.pop("review_state", "")
    if values:
        curation.edit_event(event, values, by=by)
    if judged == ReviewState.APPROVED:
        curation.approve_event(event, by=by)
    elif judged == ReviewState.REJECTED:
        curation.reject_event(event, by=by)


# ---------------------------------------------------------------------------------------- reading


def _rows(content: bytes) -> list[tuple[int, Mapping[str, str]]]:
    """The rows of a table with their lines; which mark parts the cells, its first line tells."""
    try:
        text = decode(content).text.removeprefix("\ufeff")
    except UnreadableDispatch:
        told = _("This is no CSV: save the table as CSV in your spreadsheet.")
        raise UnreadableTableError(told) from None
    csv.field_size_limit(1024 * 1024)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=tables.mark_of(text)))
    except csv.Error as error:
        raise UnreadableTableError(_("This table is broken: %(why)s") % {"why": error}) from error
    names = [name.strip().casefold() for name in lines[0]] if lines else []
    if "id" not in names or not set(names) & set(COLUMNS):
        told = _("The first line is to name the columns: id, and one of %(columns)s.")
        raise UnreadableTableError(told % {"columns": ", ".join(COLUMNS)})
    if len(lines) > MOST_ROWS + 1:
        told = _("This table has more than %(most)s rows: cut it in pieces.")
        raise UnreadableTableError(told % {"most": MOST_ROWS})
    return [
        (
            number,
            {name: tables.plain(cell).strip() for name, cell in zip(names, line, strict=False)},
        )
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]


def _number(row: Mapping[str, str]) -> int | None:
    return int(row["id"]) if re.fullmatch(r"[0-9]{1,18}", row.get("id", "")) else None


def _event(row: Mapping[str, str], events: Mapping[int, Event], met: set[int]) -> Event:
    """The event that a row is of. Raises ValidationError."""
    event = events.get(_number(row) or 0)
    if event is None:
        raise ValidationError(_("There is no event of this number."))
    if event.merged_into_id is not None:
        told = _("It was merged into event %(number)s.")
        raise ValidationError(told % {"number": event.merged_into_id})
    if event.pk in met:
        raise ValidationError(_("This event stands in the table twice."))
    return event


def _change(
    event: Event, name: str, cell: str, read_day: Callable[[str], str]
) -> tuple[str, str] | None:
    """(before, after), if the cell says something else. Raises ValidationError."""
    before = str(getattr(event, name))
    if cell == before:
        return None
    if name == "edtf":
        if cell and cell in _as_spreadsheets_write(before):
            return None
        cell = read_day(cell)
    elif name == "time_of_day":
        hour = _HOUR.fullmatch(cell)
        cell = f"{int(hour[1]):02d}:{hour[2]}" if hour else cell
    elif name in _LISTS:
        cell = _value_of(name, cell)
    if name == "review_state":
        if cell == ReviewState.PROPOSED and before != cell:
            raise ValidationError(_("What was judged is put back in its history."))
        after = cell
    else:
        after = str(curation.checked(name, cell))
    return None if after == before else (before, after)


def _value_of(name: str, cell: str) -> str:
    """The value of a closed list, written as such or in the words of a language."""
    choices = _LISTS[name]
    wanted = folded(cell)
    for language in LANGUAGES:
        with override(language):
            for value, label in choices.choices:
                if wanted in {folded(value), folded(str(label))}:
                    return str(value)
    told = _("“%(cell)s” is none of %(values)s.")
    values = ", ".join(str(label) for label in choices.labels)
    raise ValidationError(told % {"cell": cell[:40], "values": values})


def _order_of_days(
    rows: Iterable[tuple[int, Mapping[str, str]]], events: Mapping[int, Event]
) -> Callable[[str], str]:
    """How this spreadsheet writes days, told from those that nobody changed: 7/12 or 12/7."""
    votes: Counter[bool] = Counter()
    for _line, row in rows:
        event = events.get(_number(row) or 0)
        for month_first in (False, True):
            if event and _read_day(row.get("date", ""), month_first=month_first) == event.edtf:
                votes[month_first] += 1
    month_first = votes[True] > votes[False]
    return lambda cell: _read_day(cell, month_first=month_first)


def _read_day(cell: str, *, month_first: bool) -> str:
    """The EDTF of a day as spreadsheets write it; anything else comes back as it is."""
    match = _DAY.fullmatch(cell)
    if match is None:
        return cell
    first, second = int(match[1]), int(match[2])
    month, day = (first, second) if month_first else (second, first)
    year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return cell


def _as_spreadsheets_write(edtf: str) -> Iterator[str]:
    """What Excel makes of "2016-12" without being asked: déc-16, Dec-16, 01/12/2016."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", edtf, re.ASCII):
        return
    first = date.fromisoformat(f"{edtf}-01")
    yield from (f"{first:%d/%m/%Y}", f"{first.month}/1/{first.year}", f"{first:%m/%Y}")
    for language in LANGUAGES:
        month = format_date(first, "MMM", locale=language)
        yield from (f"{name}-{first:%y}" for name in {month, month.rstrip(".")})


def _worded(name: str, given: str) -> str:
    if name == "edtf":
        return word_edtf(given)
    if name == "time_of_day":
        return word_time(given) or "–"
    if name in _LISTS:
        return str(dict(_LISTS[name].choices).get(given, given))
    return given
