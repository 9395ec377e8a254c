"""Text to the words that rules can read: numbers, calendar words, marks, and nothing else.

Most of a text is words that no rule knows. What a word can be is told once by its spelling and
remembered; a second look is left to the words that may go on with the next ("vingt-et-un", "1er").
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from events.extraction.lexicon.times import (
    TimeLexicon,
    Word,
    fold,
    literal_symbols,
    lower,
    number_symbols,
)

# No group: `findall` then gives the pieces as they are, and no character is left out. A word takes
# the space behind it along: that halves the pieces.
_PIECES = re.compile(
    r"[^\W\d_]+(?![^\W_]) ?|[^\S\n]+"
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])"
    r"|(?<![\d/.-])\d{1,4}(?:/\d{1,2}/|\.\d{1,2}\.|-\d{1,2}-)\d{2,4}(?![\d/-])(?!\.\d)"
    r"|\d{1,2}:\d\d(?::\d\d)?(?!\d)"
    r"|(?<!\w)(?:\dO\d\d|\d\dO\d|\dO\d?|O\d|\d\dOO)(?!\w)"
    r"|(?<!\d)[^\W\d_]+\d\w*"
    r"|[$€£]\s?\d[\d.,]*"
    r"|\d+(?:[.,  ]\d{3})+(?!\d)|\d+[.,]\d+|\d+"
    r"|[^\W\d_]+"
    r"|\n\s*"
    r"|[^\w\s]|_"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?")
_DATE = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{2,4}")
_LETTERS = re.compile(r"[^\W\d_]+")
_APOSTROPHES, _HYPHENS = frozenset("'’ʼ`"), frozenset("‐‑")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_SCANNED = re.compile(r"\dO\d\d|\d\dO\d|\dO\d?|O\d|\d\dOO")
_QUARTER = re.compile(r"([QT])([1-4])|([HS])([12])")
_ROMAN = re.compile(r"([IVX]{1,6})(e|ème|è|es|st|nd|rd|th)?")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")
_BREAK = frozenset({"break"})
_REMEMBERED = 50_000  # spellings of one language


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    """What a piece can be by its spelling alone.

    `how`: "" for nothing, "word" if that is all, else what must be looked at with its neighbors:
    "phrase" and "letters" (which may be a number), "number", "break" or "mark".
    """

    how: str
    written: str
    folded: str
    code: str
    values: Mapping[str, str]
    then: frozenset[str]  # of letters: the words one of which must follow in any of its phrases


_Raw = Sequence[tuple[int, _Kind]]  # where each piece starts, and what it can be


class _Spellings(dict[str, _Kind | None]):
    """The kinds of the pieces of one language met so far; None for spaces."""

    def __init__(self, times: TimeLexicon) -> None:
        self.times = times

    def __missing__(self, piece: str) -> _Kind | None:
        if len(self) > _REMEMBERED:
            self.clear()
        kind = self[piece] = _kind(piece, self.times)
        return kind


_MET: dict[str, _Spellings] = {}


def read_words(text: str, times: TimeLexicon) -> list[Word]:
    """The runs of words that can make an expression, each run parted from the next by one word.

    Phrases and numbers in words are one word. A text ends as a line does.
    """
    known = _MET.get(times.language)
    if known is None or known.times is not times:
        known = _MET[times.language] = _Spellings(times)
    pieces = _PIECES.findall(text)
    starts = accumulate(map(len, pieces), initial=0)
    raw = [
        (start, kind)
        for start, kind in zip(starts, map(known.__getitem__, pieces), strict=False)
        if kind is not None
    ]
    return _runs(raw, text, times)


def _runs(raw: _Raw, text: str, times: TimeLexicon) -> list[Word]:
    """Leave out the words that no rule knows, and the runs that make no expression."""
    other, dull_codes = times.codes[frozenset()], times.dull
    kept: list[Word] = []
    run: list[Word | int] = []  # a plain word is made only when its run is kept
    dull = True
    i, count = 0, len(raw)
    while i < count:
        start, kind = raw[i]
        how = kind.how
        if how == "phrase":
            goes_on = i + 1 < count and raw[i + 1][1].folded in kind.then
            how = "letters" if goes_on else "word" if kind.values else ""
        if how == "word":
            run.append(i)
            if dull and kind.code not in dull_codes:
                dull = False
            i += 1
            continue
        if how:
            word, length = _JOINERS[how](i, raw, text, times)
            i += length
            if word is None:
                continue
            if word.code != other:
                run.append(word)
                dull = dull and word.code in dull_codes
                continue
        else:
            i += 1
        if not dull:
            kept += _made(run, raw)
            kept.append(Word(start, start + len(kind.written), other, {}))
            dull = True
        run = []
    if not dull:
        kept += _made(run, raw)
        kept.append(Word(len(text), len(text), times.codes[_BREAK], {}))
    return kept


def _single(start: int, kind: _Kind) -> Word:
    return Word(start, start + len(kind.written), kind.code, kind.values)


def _end(i: int, raw: _Raw) -> int:
    start, kind = raw[i]
    return start + len(kind.written)


def _made(run: Sequence[Word | int], raw: _Raw) -> list[Word]:
    made: list[Word] = []
    for one in run:
        if isinstance(one, int):
            start, kind = raw[one]
            made.append(Word(start, start + len(kind.written), kind.code, kind.values))
        else:
            made.append(one)
    return made


def _kind(piece: str, times: TimeLexicon) -> _Kind | None:
    """What a piece can be, by its spelling."""
    if piece.isspace():
        return _Kind("break", piece, piece, "", {}, frozenset()) if piece[0] == "\n" else None
    written = piece.rstrip(" ")
    if written in _INVISIBLE:
        return None
    values: Mapping[str, str] = {}
    how, folded = "word", written
    then: frozenset[str] = frozenset()
    if _LETTERS.fullmatch(written):
        folded = _fold_known(written, times)
        if folded in times.numbers.values:
            how = "letters"
        elif folded in times.phrases:
            how, then = "phrase", frozenset(parts[1] for parts, _ in times.phrases[folded])
        values = _of_letters(written, folded, times)
    elif _ISO.fullmatch(written) or _DATE.fullmatch(written):
        values = {"numeric_date": written}
    elif _CLOCK.fullmatch(written):
        values = {"clock": written}
    elif written[0].isdecimal() or _SCANNED.fullmatch(written):
        values = _of_digits(written.replace("O", "0"))
        how = "number" if "num" in values or "big" in values else "word"
    elif len(written) > 1:  # "A320", "4U9525": no numbers; "$300": no years
        values = _of_name(written)
    elif written in _APOSTROPHES:
        how, folded, values = "mark", "'", times.words.get("'", {})
    else:
        values = times.words.get("-" if written in _HYPHENS else written, {})
    code = times.codes.get(frozenset(values))
    if code is None:  # a combination no data file foresaw: as if it were any word
        code, values = times.codes[frozenset()], {}
    if how == "word" and not values:
        how = ""
    return _Kind(how, written, folded, code, values, then)


def _of_letters(written: str, folded: str, times: TimeLexicon) -> Mapping[str, str]:
    values = times.words.get(folded, {})
    if folded in times.proper and written[0].islower():
        return literal_symbols(values)
    roman = _ROMAN.fullmatch(written) if not values else None
    if roman is not None and (roman[2] or len(roman[1]) > 1):
        return {"roman": str(_roman(roman[1]))}
    return values


def _of_digits(digits: str) -> Mapping[str, str]:
    if digits.isdecimal():
        return number_symbols(digits) if len(digits) <= 6 else {"big": digits}
    if re.fullmatch(r"\d{1,2}\.[0-5]\d", digits):
        return {"decimal": digits, "dotclock": digits.replace(".", ":")}
    if re.fullmatch(r"\d+[.,]\d{1,2}", digits):
        return {"decimal": digits.replace(",", ".")}
    return {"big": digits}


def _of_name(written: str) -> Mapping[str, str]:
    short = _QUARTER.fullmatch(written)  # "Q3 2016", "T3 2016", "H1"
    if short is None:
        return {}
    return {"quarter_name": short[2]} if short[1] else {"half_name": short[4]}


def _letters(i: int, raw: _Raw, text: str, times: TimeLexicon) -> tuple[Word | None, int]:
    """A phrase, or a number in words, if it goes on; the longer of the two."""
    start, kind = raw[i]
    length, values = _phrase(i, raw, times)
    number = _number(i, raw, times) if kind.folded in times.numbers.values else None
    if number is not None and number[1] >= length:
        value, length = number
        own = times.words.get(kind.folded, {}) if length == 1 else {}
        values = {**own, **_word_number(value)}
    elif not length:
        return _single(start, kind), 1
    return _word(start, _end(i + length - 1, raw), values, times), length


def _digits(i: int, raw: _Raw, text: str, times: TimeLexicon) -> tuple[Word | None, int]:
    """A number, with its ending if it is an ordinal: "1er", "3rd"."""
    start, kind = raw[i]
    ending = _touching(i, raw)
    digits = kind.written.replace("O", "0")
    if ending is None or ending.folded not in times.ordinal_suffixes or not digits.isdecimal():
        return _single(start, kind), 1
    values = {"ordinal": str(int(digits))}
    if len(digits) <= 2 and int(digits) <= 31:
        values["dayord"] = str(int(digits))
    return _word(start, _end(i + 1, raw), values, times), 2


def _touching(i: int, raw: _Raw) -> _Kind | None:
    """The piece that follows with no space between."""
    after = raw[i + 1] if i + 1 < len(raw) else None
    return after[1] if after is not None and after[0] == _end(i, raw) else None


def _line_end(i: int, raw: _Raw, text: str, times: TimeLexicon) -> tuple[Word | None, int]:
    """A line end parts two expressions if it is a blank line, or a line that begins anew."""
    start, end = raw[i][0], _end(i, raw)
    parts = text.count("\n", start, end) > 1 or end >= len(text)
    if parts or not (text[end].islower() or text[end].isdigit()):
        return Word(start, end, times.codes[_BREAK], {}), 1
    return None, 1


def _apostrophe(i: int, raw: _Raw, text: str, times: TimeLexicon) -> tuple[Word | None, int]:
    """An apostrophe, or the year that it opens: "since '82"."""
    start, kind = raw[i]
    year = _touching(i, raw)
    elided = i > 0 and _end(i - 1, raw) == start  # "l'11 maggio"
    if not elided and year is not None and len(year.written) == 2 and year.written.isdecimal():
        return _word(start, _end(i + 1, raw), {"apostrophe_year": year.written}, times), 2
    return _single(start, kind), 1


_JOINERS = {"letters": _letters, "number": _digits, "break": _line_end, "mark": _apostrophe}


def _word(start: int, end: int, values: Mapping[str, str], times: TimeLexicon) -> Word:
    code = times.codes.get(frozenset(values))
    if code is None:  # a combination no data file foresaw: as if it were any word
        return Word(start, end, times.codes[frozenset()], {})
    return Word(start, end, code, values)


def _fold_known(written: str, times: TimeLexicon) -> str:
    """`written` folded, and repaired if only that makes it a known word.

    Scanners read "m" as "rn" and "l" as "I"; the repair is kept when it gives a time word.
    """
    word = fold(written)
    plain = lower(written)
    if not plain.isascii() and plain not in times.spellings:
        word = plain  # accents may be missing, not added: "veillé" is not "veille"
    if word not in times.words and ("rn" in word or "I" in written):
        repaired = fold(written.replace("I", "l")) if not written.isupper() else word
        for candidate in (repaired, fold(word).replace("rn", "m"), repaired.replace("rn", "m")):
            if candidate in times.words or candidate in times.phrases:
                word = candidate
                break
    return word


def _phrase(i: int, raw: _Raw, times: TimeLexicon) -> tuple[int, Mapping[str, str]]:
    """Length and values of the longest phrase of the tables that begins at token i; 0 if none."""
    for parts, values in times.phrases.get(raw[i][1].folded, ()):
        length = len(parts)
        if i + length <= len(raw) and all(
            raw[i + k][1].folded == parts[k] for k in range(1, length)
        ):
            return length, values
    return 0, {}


def _number(i: int, raw: _Raw, times: TimeLexicon) -> tuple[int, int] | None:
    """Value and length in tokens of the number in words that begins at token i."""
    numbers = times.numbers
    total, current = 0, numbers.values[raw[i][1].folded]
    if current in {100, 1000}:
        total, current = (1000, 0) if current == 1000 else (0, 100)
    last = j = i
    while j + 1 < len(raw) and j - i < 12:
        k = j + 1
        joined = raw[k][1].folded in numbers.joiners
        if joined or raw[k][1].folded == "-":
            k += 1
            if k < len(raw) and raw[k][1].folded in numbers.joiners:  # "vingt-et-un"
                joined, k = True, k + 1
            if k < len(raw) and raw[k][1].folded == "-":
                k += 1
        if k >= len(raw) or raw[k][1].folded not in numbers.values:
            break
        value = numbers.values[raw[k][1].folded]
        rest = current % 100
        if value == 1000 and current and not total:
            total, current = current * 1000, 0
        elif value == 100 and 1 <= current <= 9:
            current *= 100
        elif value == 20 and rest == 4:  # "quatre-vingt"
            current += 76
        elif value < 100 and (
            (rest == 0 and (current or total) and not (current == 0 and total == 0))
            or (rest in {20, 30, 40, 50, 70, 90} and value < 10)
            or (rest in {60, 80} and value < 20)
            or (rest == 10 and 7 <= value <= 9)
        ):
            if joined and rest and value not in {1, 11}:
                break
            current += value
        else:
            break
        j = last = k
    return total + current, last - i + 1


def _word_number(value: int) -> dict[str, str]:
    plain = str(value)
    symbols = {"numword": plain, "num": plain}
    if value < 100:
        symbols["small"] = plain
    if 2 <= value <= 31:  # "un" and "one" are articles
        symbols |= {"day": plain, "dom": plain}
        if value <= 24:
            symbols["hour"] = plain
    if 1000 <= value <= 2199:
        symbols["year"] = plain
    return symbols


@lru_cache(maxsize=256)
def _roman(letters: str) -> int:
    total = 0
    for letter, after in zip(letters, [*letters[1:], ""], strict=True):
        value = _ROMAN_VALUES[letter]
        total += -value if _ROMAN_VALUES.get(after, 0) > value else value
    return total
