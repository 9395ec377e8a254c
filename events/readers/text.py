"""Plain text."""

from __future__ import annotations

from events.readers.encoding import Decoded, decode
from events.readers.reading import Reading, reason

MEDIA_TYPE = "text/plain"


def recognizes(content: bytes, name: str) -> bool:
    """Everything that no other reader claims; `decode` refuses what is not text."""
    del content, name
    return True


def read(content: bytes, name: str) -> list[Reading]:
    del name
    decoded = decode(content)
    return [
        Reading(
            text=decoded.text,
            media_type=MEDIA_TYPE,
            encoding=decoded.encoding,
            encoding_guessed=decoded.guessed,
            notices=encoding_notices(decoded),
        )
    ]


def encoding_notices(decoded: Decoded) -> tuple[dict[str, object], ...]:
    if decoded.mixed:
        return (reason("encoding-mixed"),)
    if decoded.guessed:
        return (reason("encoding-guessed", encoding=decoded.encoding),)
    return ()
