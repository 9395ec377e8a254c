"""What a reader hands on, and what it refuses. Every reason is a code of `events/reasons.py`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

log = logging.getLogger(__name__)

WireStatus = Literal["usable", "embargoed", "canceled"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one dispatch and what its file says about it.

    `published` is the day that the file declares in its metadata; a day that only stands somewhere
    on the page is a notice, never a fact. `encoding` is "" where the format leaves no choice.
    `notices` are reasons, `{"code", "values"}`.

    What the wires tell of an item, for whoever keeps it:
    - `guid` is the same for all versions of an item, "" where the format has no such thing.
      `version` is as the wire writes it: compare as numbers where both are digits, else by
      `filed_at`. Same guid and version: the same item again; a higher version replaces.
    - `status`: "canceled" is a kill, and its text may be no more than the headline; "embargoed"
      holds until `embargo_until`, or until further notice where that is None.
    - `filed_at`: when the agency sent this version. Without a zone where the wire gives none.
    - `dateline` as the wire writes it ("Paris, 8 déc 2016 (AFP)"); `advisory`: a note to editors,
      such as what a correction corrects; `urgency` 1 (flash) to 9, 0 unknown; `link`: its page.

    `original` are the bytes of the dispatch alone where its file holds several, else None.
    """

    text: str
    media_type: str
    title: str = ""
    published: date | None = None
    language: str = ""
    source: str = ""
    encoding: str = "utf-8"
    encoding_guessed: bool = False
    notices: tuple[dict[str, object], ...] = field(default=())
    guid: str = ""
    version: str = ""
    status: WireStatus = "usable"
    embargo_until: datetime | None = None
    filed_at: datetime | None = None
    dateline: str = ""
    byline: str = ""
    advisory: str = ""
    urgency: int = 0
    categories: tuple[str, ...] = ()
    link: str = ""
    original: bytes | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A part of a file that holds several: a file's bytes, a text, or why there is neither.

    `name` is "" for what has the name of the whole, such as the body of a mail.
    """

    name: str
    content: bytes | Reading | UnreadableDispatch


class UnreadableDispatch(Exception):  # noqa: N818 - the word of STYLE.md
    """The bytes cannot be a dispatch; `reason` says why in a code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.reason: dict[str, object] = reason(code, **values)


def reason(code: str, **values: object) -> dict[str, object]:
    return {"code": code, "values": {name: str(value) for name, value in values.items()}}


@contextmanager
def library_reading(kind: str) -> Iterator[None]:
    """Around a parser that is not ours: what it raises on broken bytes means "damaged"."""
    try:
        yield
    except UnreadableDispatch:
        raise
    except Exception as error:  # such parsers raise whatever their depths meet
        log.info("a %s could not be read: %r", kind, error)
        raise UnreadableDispatch("file-damaged", kind=kind) from error
