"""From bytes to characters: byte order mark, strict UTF-8, then chardet; where it is unsure, the
likeliest of the western encodings and of what it names is read, and said to be a guess.
(charset-normalizer was right on 6 of 14 French texts, chardet on 14.)"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import chardet

from events.readers.reading import UnreadableDispatch

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"
# What a person may say that a file is in, by the names of Python: Unicode, then by alphabet.
ENCODINGS = (
    "utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859-15", "mac-roman", "cp850",
    "cp1250", "iso8859-2", "cp1251", "koi8-r", "cp1253", "cp1254", "cp1255", "cp1256",
)  # fmt: skip
# What western systems wrote before Unicode: Windows, Unix, Mac, DOS. The first wins a tie.
_WESTERN = (FALLBACK, "iso8859-15", "mac-roman", "cp850")
_USUAL = frozenset("àâäáãåæçéèêëíìîïñóòôöõøœúùûüÿßÀÂÄÁÃÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÖÕØŒÚÙÛÜ«»‹›“”‘’„–—…€£°·\xa0")
SURE = 0.8  # chardet's confidence from which its word is taken without "a guess"
_UNTELLING = frozenset(("ascii", "unicode-escape", "raw-unicode-escape", "punycode", "idna"))
_TELLING_WORDS = 4
_WORD_LENGTH = 15  # characters
_SAMPLE_BYTES = 100_000  # enough to tell an encoding; all of 10 MB would take seconds
# C0 controls that no text file holds: what is full of them is not text.
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_BINARY_SHARE = 0.01
# IPTC 7901 and ANPA frame their text with SOH, STX, ETX and EOT.
_WIRE_FRAME = b"\x01\x02\x03\x04"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`guessed` lines could be wrong: show the encoding, and let it be changed."""

    text: str
    encoding: str
    guessed: bool = False
    mixed: bool = False


def decode(content: bytes, stated: str = "") -> Decoded:
    """Return the characters of `content`; a `stated` encoding (MIME, HTTP) wins where it fits.

    Raises UnreadableDispatch("file-binary") on bytes that are no text.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Decoded(content.decode(name, errors="replace"), name.removesuffix("-sig"))
    wide = _wide(content)
    if wide:
        return Decoded(content.decode(wide, errors="replace"), wide, guessed=True)
    if looks_binary(content):
        raise UnreadableDispatch("file-binary")
    known = _known(stated)
    # What claims to be Latin 1 and is right UTF-8 is UTF-8: the claim is often a default.
    for name in ("utf-8", known) if known == FALLBACK else (known, "utf-8"):
        try:
            if name:
                return Decoded(content.decode(name), name)
        except (UnicodeError, LookupError):  # the second of a codec that is not for text: "hex"
            continue
    if _mostly_utf8(content):
        return Decoded(_by_lines(content), "utf-8", guessed=True, mixed=True)
    return _guess(content)


def decoded_as(content: bytes, encoding: str) -> str:
    """Return the characters of `content` in one of ENCODINGS, as a person says that they are.

    Raises UnreadableDispatch: encoding-wrong where they cannot be.
    """
    if encoding not in ENCODINGS:
        raise UnreadableDispatch("encoding-wrong", encoding=encoding)
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        raise UnreadableDispatch("encoding-wrong", encoding=encoding) from error


def telling_words(content: bytes, encoding: str) -> str | None:
    """Return the first words of `content` that hold more than ASCII, as `encoding` reads them.

    None where the bytes cannot be in it.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        words = decoder.decode(content[:_SAMPLE_BYTES]).split()
    except UnicodeError:
        return None
    told = dict.fromkeys(word[:_WORD_LENGTH] for word in words if not word.isascii())
    return " ".join(list(told)[:_TELLING_WORDS])


def looks_binary(content: bytes) -> bool:
    sample = content[:_SAMPLE_BYTES].translate(None, _WIRE_FRAME)
    return len(_BINARY.findall(sample)) > len(sample) * _BINARY_SHARE


def _known(name: str) -> str:
    """The codec that `name` means; what calls itself latin-1 is cp1252, as on the web.

    ASCII says nothing: what is beyond it decides.
    """
    try:
        found = codecs.lookup(name.strip()).name if name.strip() else ""
    except (LookupError, ValueError):
        return ""
    return {"iso8859-1": FALLBACK}.get(found, "" if found in _UNTELLING else found)


def _wide(content: bytes) -> str:
    """UTF-16 without its mark: nearly every second byte of a Latin text is NUL."""
    sample = content[:4096]
    if len(sample) < 8 or len(content) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most, least = max(even, odd), min(even, odd)
    if most < len(sample) * 0.4 or least > len(sample) * 0.02:
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _guess(content: bytes) -> Decoded:
    found = chardet.detect(content[:_SAMPLE_BYTES])
    name, confidence = _known(found["encoding"] or ""), found["confidence"] or 0.0
    if name and name != "utf-8" and confidence >= SURE:
        try:
            return Decoded(content.decode(name), name)
        except UnicodeDecodeError:
            pass
    sample = content[:_SAMPLE_BYTES]
    likeliest = max(_WESTERN, key=lambda one: _plausibility(sample, one, _is_western))
    if name in ENCODINGS and _plausibility(sample, name, _is_letter) > _plausibility(
        sample, likeliest, _is_western
    ):
        likeliest = name
    # Five bytes mean nothing in cp1252: they go, as the page could not show them either.
    return Decoded(content.decode(likeliest, errors="ignore"), likeliest, guessed=True)


def _plausibility(sample: bytes, encoding: str, fits: Callable[[str, str], bool]) -> int:
    """Characters that fit behind the one before them, less those that do not: `éÉ` in a word."""
    text = sample.decode(encoding, errors="replace")
    return sum(
        1 if fits(before, found) and not (found.isupper() and before.islower()) else -1
        for before, found in pairwise(f" {text}")
        if not found.isascii()
    )


def _is_western(before: str, found: str) -> bool:
    del before
    return found in _USUAL


def _is_letter(before: str, found: str) -> bool:
    """Of any language, but no word mixes scripts."""
    if found in _USUAL or not before.isalpha():
        return found in _USUAL or found.isalpha()
    return found.isalpha() and _script(found) == _script(before)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _mostly_utf8(content: bytes) -> bool:
    """Some lines are UTF-8 beyond ASCII, others are not: files glued together."""
    right = wrong = 0
    for line in content.splitlines():
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            right += 1
        except UnicodeDecodeError:
            wrong += 1
    return right > 0 and wrong > 0


def _by_lines(content: bytes) -> str:
    lines = []
    for line in content.splitlines(keepends=True):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode(FALLBACK, errors="ignore"))
    return "".join(lines)
