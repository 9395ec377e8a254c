"""Every public event as columns of numbers, held by each web process: what makes tiles quick.

A million events are some 60 MB and answer any combination of filters in milliseconds, where a
GROUP BY takes most of a second. The database stays the truth: columns are read from it, carry the
version of the corpus that they were read at, and follow it event by event. A file spares the next
process the reading.
"""

from events.columns.held import (
    CODES,
    Columns,
    Links,
    Numbers,
    Positions,
    holding,
)
from events.columns.reading import dispatch_day, minutes, read_columns
from events.columns.shelf import columns, forget, warm
from events.columns.state import corpus_version

__all__ = [
    "CODES", "Columns", "Links", "Numbers", "Positions", "columns", "corpus_version",
    "dispatch_day", "forget", "holding", "minutes", "read_columns", "warm",
]  # fmt: skip
