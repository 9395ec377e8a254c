"""The columns of this process: brought up to date when the corpus has moved on."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from events.columns import keeping
from events.columns.held import Columns
from events.columns.reading import read_columns
from events.columns.renewing import renewed
from events.columns.state import State, changed_since, corpus_version, present
from events.columns.telling import as_known

logger = logging.getLogger(__name__)

QUICK = 0.5  # seconds: columns that are read in less are not worth a file
MOST_RENEWED = 5_000  # events that are put in one by one
MOST_TOLD = 3  # days whose columns are remembered
KEPT_BEHIND = 1_000  # changes that the file may be behind


class Shelf:
    """Holds the columns of one process; requests may ask at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.columns: Columns | None = None
        self.state: State | None = None
        self.kept: State | None = None  # what the file holds
        self.reading: threading.Thread | None = None
        self.seconds = 0.0  # that reading everything took

    def get(self) -> Columns:
        """Return the columns as the corpus is now.

        Those of moments ago where so much has changed that reading it would keep a person waiting.
        """
        version = corpus_version()
        held = self.columns
        if held is not None and held.version == version:
            return held
        with self.lock:
            if self.columns is None:
                self._take_from_file()
            if self.columns is None or self.columns.version != version:
                self._bring_up_to_date()
            assert self.columns is not None  # noqa: S101 - just made
            return self.columns

    def _take_from_file(self) -> None:
        found = keeping.kept(folder())
        if found and changed_since(found[1]) is not None:
            self.columns, self.state = found
            self.kept = self.state
            self.seconds = max(self.seconds, QUICK)  # or there were no file

    def _bring_up_to_date(self) -> None:
        news = changed_since(self.state) if self.state else None
        if self.columns is not None and news and len(news[1]) <= MOST_RENEWED:
            self.state, changed = news
            fresh = read_columns(str(self.state), among=changed)
            self.columns = renewed(self.columns, fresh, changed)
            if self.kept and self.state.mark.total - self.kept.mark.total > KEPT_BEHIND:
                self._keep()
        elif self.columns is None or self.seconds < QUICK:
            self._read_all()
        elif self.reading is None or not self.reading.is_alive():
            self.reading = threading.Thread(target=self._read_aside, daemon=True)
            self.reading.start()

    def _read_all(self) -> None:
        began = time.monotonic()
        state = present()
        self.columns = read_columns(str(state))
        self.state = state
        self.seconds = time.monotonic() - began
        if self.seconds > QUICK:
            self._keep()

    def _read_aside(self) -> None:
        try:
            self._read_all()
        finally:
            connection.close()

    def _keep(self) -> None:
        """Write the file; a disk that refuses costs the next process its start, nothing else."""
        if self.columns is None or self.state is None:
            return
        try:
            keeping.keep(folder(), self.columns, self.state)
        except OSError as error:
            logger.warning("columns were not kept: %s", error)
        self.kept = self.state


def folder() -> Path:
    """Where columns are kept."""
    path: Path = settings.VAR_DIR / "columns" / settings.PUBLIC_EVENTS
    return path


_shelf = Shelf()
_told: dict[date, tuple[Columns, Columns]] = {}  # day -> the columns it was made of, and it


def columns(known: date | None = None) -> Columns:
    """Return the columns of the corpus as it is now, or as it was known on a day."""
    held = _shelf.get()
    if known is None:
        return held
    if (told := _told.get(known)) is None or told[0] is not held:
        told = held, as_known(held, known)
        _told[known] = told
        while len(_told) > MOST_TOLD:
            _told.pop(next(iter(_told)), None)
    return told[1]


def forget() -> None:
    """Read the columns anew next time: for tests, whose rollback takes the version back too."""
    _shelf.columns = _shelf.state = _shelf.kept = None
    _told.clear()


def warm() -> None:
    """Read the columns before anybody asks for them, in a thread of its own."""
    try:
        _shelf.get()
    except DatabaseError:
        logger.exception("the columns could not be read ahead")
    finally:
        connection.close()
