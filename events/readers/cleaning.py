"""Text as the database keeps it. Called once, where text comes in; offsets refer to the result."""

from __future__ import annotations

import re
import unicodedata

# NUL and the other control characters (but tab and line feed), what XML 1.0 cannot carry, lone
# surrogates, the marks that only say "no character could be read here", and what has no width
# and only tells where a word may break: "ma\u200brs" is mars.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060"
    "\ufdd0-\ufdef\ufeff\ufffd-\uffff\ud800-\udfff]"
)
LOST = "\ufffd"  # where somebody before us could not read a character
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MARKS_IN_A_ROW = 8
HEADLINE = 120  # characters of a title that is made of the first line
_SPACES = re.compile(r"[ \t]+(?=\n)|\s+\Z")


def clean(text: str) -> str:
    """Return `text` in NFC, with line feeds alone, without what no page or database can carry.

    Combining marks are kept up to eight in a row. Bidirectional controls stay: they belong to the
    original, and pages isolate them.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _UNWANTED.sub("", text)
    text = unicodedata.normalize("NFC", text)
    return _SPACES.sub("", _cap_marks(text))


def clean_line(text: str, limit: int) -> str:
    """Return `text` on one line of at most `limit` characters, without bidirectional controls.

    For titles and names, which stand beside other people's words.
    """
    line = " ".join(_BIDI_CONTROLS.sub("", clean(text)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def as_title(line: str) -> str:
    """Return the first line of a text as its title: whole if short, else up to a word, and "…".

    Without the "=" by which the teletype ends a headline.
    """
    line = clean_line(line, 2 * HEADLINE)
    line = line.rstrip("= ") or line
    if len(line) <= HEADLINE:
        return line
    return line[:HEADLINE].rsplit(maxsplit=1)[0].rstrip(",;:–—-( ") + "…"


def is_opening(title: str, text: str) -> bool:
    """Whether a title is but the first words of a text: nobody gave it one."""
    return " ".join(text[: 4 * HEADLINE].split()).startswith(title.removesuffix("…"))


def _cap_marks(text: str) -> str:
    if text.isascii() or not any(map(unicodedata.combining, text)):
        return text
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
