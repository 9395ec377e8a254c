"""As a table: CSV and XLSX. Columns bear the names that the import of a table knows again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile

import xlsxwriter

from events import tables
from events.exports.view import View, last_day, located, quote
from events.timeline import TimelineItem
from events.wording import word_edtf

COLUMNS = (
    "id", "title", "date", "date_in_words", "first_day", "last_day", "precision", "time_of_day",
    "type", "status", "review", "confidence", "actors", "places", "latitude", "longitude",
    "sources", "reports", "sentence", "reason", "dispatch", "address", "changed_at",
)  # fmt: skip
_WIDE = {"title": 50, "sentence": 60, "date_in_words": 22, "actors": 30, "places": 30}
_BLOCK = 64 * 1024


def rows(view: View) -> Iterator[Sequence[object]]:
    """The heading, then a row for each event."""
    yield COLUMNS
    for item in view.events:
        yield _row(view, item)


def csv(view: View) -> Iterator[str]:
    return tables.csv_lines(rows(view))


def csv_semicolon(view: View) -> Iterator[str]:
    return tables.csv_lines(rows(view), delimiter=";")


def xlsx(view: View) -> Iterator[bytes]:
    """A workbook of one sheet. Every cell is text or a number: nothing in it is run, and no date
    is turned into another."""
    with TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(file, options)
        sheet = book.add_worksheet("Frise")
        bold = book.add_format({"bold": True})
        for at, name in enumerate(COLUMNS):
            sheet.set_column(at, at, _WIDE.get(name, 14))
        sheet.freeze_panes(1, 2)
        for number, row in enumerate(rows(view)):
            for at, value in enumerate(row):
                form = None if number else bold
                if isinstance(value, int | float):
                    sheet.write_number(number, at, value, form)
                elif value:
                    sheet.write_string(number, at, str(value), form)
        book.close()
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block


def _row(view: View, item: TimelineItem) -> Sequence[object]:
    spot = located(item)
    return (
        item.id, item.title, item.edtf, word_edtf(item.edtf), item.start or "",
        last_day(item) or "", item.precision, item.time_of_day, item.type, item.status,
        item.review_state, round(item.confidence, 3),
        "; ".join(actor.name for actor in item.actors),
        "; ".join(place.name for place in item.places),
        spot.latitude if spot else "", spot.longitude if spot else "",
        "; ".join(item.sources), item.reports, quote(item),
        item.evidence.reason if item.evidence else "",
        item.evidence.dispatch_title if item.evidence else "", view.link(item),
        item.updated_at.isoformat(),
    )  # fmt: skip
