"""Tables as CSV that spreadsheets read as they are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from defusedcsv import csv

_DEFUSED = re.compile(r"^'(?=[@+\-=|%])")  # what defusedcsv puts before such a cell
MEDIA_TYPE = "text/csv; charset=utf-8"


class _Line:
    """A file that hands back what was written to it."""

    def write(self, text: str) -> str:
        return text


def plain(cell: str) -> str:
    """A cell of such a table as it was before it was made harmless."""
    return _DEFUSED.sub("", cell)


def mark_of(text: str) -> str:
    """Return what parts the cells of such a table: French spreadsheets write semicolons."""
    return max(",;\t", key=text.partition("\n")[0].count)


def csv_lines(rows: Iterable[Sequence[object]], delimiter: str = ",") -> Iterator[str]:
    """Yield the lines of a table; no cell of it is taken for a formula."""
    yield "\N{BYTE ORDER MARK}"  # or spreadsheets take it for cp1252
    writer = csv.writer(_Line(), delimiter=delimiter)
    for row in rows:
        yield writer.writerow(row)
