"""What a reader hands on, and what it refuses. Every reason is a code of `events/reasons.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one dispatch and what its file says about it.

    `published` is the day that the file declares in its metadata; a day that only stands somewhere
    on the page is a notice, never a fact. `encoding` is "" where the format leaves no choice.
    `notices` are reasons, `{"code", "values"}`.
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


class UnreadableDispatch(Exception):  # noqa: N818 - the word of STYLE.md
    """The bytes cannot be a dispatch; `reason` says why in a code and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.reason: dict[str, object] = reason(code, **values)


def reason(code: str, **values: object) -> dict[str, object]:
    return {"code": code, "values": {name: str(value) for name, value in values.items()}}
