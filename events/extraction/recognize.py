"""Document to Timex: every time expression as written, found by the language's rules.

The text is cut into tokens, each token becomes the character of its set of symbols, and each rule
is searched in that string. The longest of what is found wins. Nothing here knows a language, nor
what day it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

from events.extraction.annotations import Document, Parsed, Span, Timex, TimexType
from events.extraction.lexicon.times import (
    Rule,
    TimeLexicon,
    Word,
    fold,
    literal_symbols,
    lower,
    number_symbols,
)

_TOKENS = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-]))"
    r"|(?P<dmy>(?<![\d/.-])\d{1,4}(?P<sep>[/.-])\d{1,2}(?P=sep)\d{2,4}(?![\d/-])(?!\.\d))"
    r"|(?P<clock>\d{1,2}:\d\d(?::\d\d)?(?!\d))"
    r"|(?P<ocr>(?<!\w)(?:\dO\d\d|\d\dO\d|\dO\d?|O\d|\d\dOO)(?!\w))"
    r"|(?P<name>(?<!\d)[^\W\d_]+\d\w*)"  # A320, 4U9525: no numbers
    r"|(?P<money>[$€£]\s?\d[\d.,]*)"
    r"|(?P<digits>\d+(?:[.,  ]\d{3})+(?!\d)|\d+[.,]\d+|\d+)"
    r"|(?P<letters>[^\W\d_]+)"
    r"|(?P<breaks>\s*\n\s*)"
    r"|(?P<mark>[^\w\s]|_)"
)
_QUARTER = re.compile(r"([QT])([1-4])|([HS])([12])")
_ROMAN = re.compile(r"([IVX]{1,6})(e|ème|è|es|st|nd|rd|th)?")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")
_LONGEST = 25  # tokens of one expression with its context


class HasTimes(Protocol):
    """What a lexicon must offer here: its time words and rules."""

    @property
    def times(self) -> TimeLexicon: ...


class _Found(NamedTuple):
    rule: Rule
    match: re.Match[str]
    start: int  # tokens, half-open, of the expressions themselves
    end: int
    weight: int


def recognize(document: Document, parsed: Parsed | None, lexicon: HasTimes) -> list[Timex]:
    """Return the time expressions of the whole text, dateline too, in reading order.

    They do not overlap. `parsed` is not needed: recognition asks for words only.
    """
    times = lexicon.times
    words = _telling(tokenize(document.text, times), times)
    codes = "".join(word.code for word in words)
    chosen = _longest(_search(codes, words, times.rules), len(words))
    timexes: list[Timex] = []
    for found in chosen:
        if found.rule.type != "NONE":
            timexes.extend(
                t for t in _timexes(found, words, document.text)
                if not _is_title(t.span, document.text)
            )
    timexes.sort(key=lambda t: t.span)
    return timexes


def _telling(words: Iterator[Word], times: TimeLexicon) -> list[Word]:
    """The runs of words that can make an expression, each run parted from the next by one word.

    Most of a text is words that no rule knows; rules need not be searched there.
    """
    other = times.codes[frozenset()]
    kept: list[Word] = []
    run: list[Word] = []
    dull = True
    for word in words:
        if word.code != other:
            run.append(word)
            dull = dull and word.code in times.dull
            continue
        if not dull:
            kept += run
            kept.append(word)
        run, dull = [], True
    return kept if dull else kept + run


def tokenize(text: str, times: TimeLexicon) -> Iterator[Word]:
    """Cut `text` into words, numbers and marks, phrases and numbers in words made one token."""
    raw = [
        (m.start(), m.end(), cast("str", m.lastgroup), m[0])
        for m in _TOKENS.finditer(text)
        if m[0] not in _INVISIBLE
    ]
    folded = [_fold_known(t[3], times) if t[2] == "letters" else t[3] for t in raw]
    i, count = 0, len(raw)
    while i < count:
        start, end, group, written = raw[i]
        word = folded[i]
        if group == "letters":
            length, values = _phrase(i, folded, times)
            number = _number(i, raw, folded, times) if word in times.numbers.values else None
            if number is not None and number[1] >= length and number[1] > 0:
                value, length = number
                own = times.words.get(word, {}) if length == 1 else {}
                symbols = {**own, **_word_number(value)}
                yield _word(start, raw[i + length - 1][1], symbols, times)
                i += length
                continue
            if length:
                yield _word(start, raw[i + length - 1][1], values, times)
                i += length
                continue
            values = times.words.get(word, {})
            if word in times.proper and written[0].islower():
                values = literal_symbols(values)
            roman = _ROMAN.fullmatch(written) if not values else None
            if roman is not None and (roman[2] or len(roman[1]) > 1):
                values = {"roman": str(_roman(roman[1]))}
            yield _word(start, end, values, times)
        elif group == "money":
            yield _word(start, end, {}, times)
        elif group == "name":
            short = _QUARTER.fullmatch(written)  # "Q3 2016", "T3 2016", "H1"
            values = {}
            if short is not None:
                values = {"quarter_name": short[2]} if short[1] else {"half_name": short[4]}
            yield _word(start, end, values, times)
        elif group == "digits" or group == "ocr":
            digits = written.replace("O", "0")
            if digits.isdigit():
                after = raw[i + 1] if i + 1 < count else None
                if after and after[0] == end and folded[i + 1] in times.ordinal_suffixes:
                    values = {"ordinal": str(int(digits))}
                    if len(digits) <= 2 and int(digits) <= 31:
                        values["dayord"] = str(int(digits))
                    yield _word(start, after[1], values, times)
                    i += 2
                    continue
                values = number_symbols(digits) if len(digits) <= 6 else {"big": digits}
                yield _word(start, end, values, times)
            elif re.fullmatch(r"\d{1,2}\.[0-5]\d", digits):
                yield _word(
                    start, end, {"decimal": digits, "dotclock": digits.replace(".", ":")}, times
                )
            elif re.fullmatch(r"\d+[.,]\d{1,2}", digits):
                yield _word(start, end, {"decimal": digits.replace(",", ".")}, times)
            else:
                yield _word(start, end, {"big": digits}, times)
        elif group in {"iso", "dmy"} or group == "sep":
            yield _word(start, end, {"numeric_date": written}, times)
        elif group == "clock":
            yield _word(start, end, {"clock": written}, times)
        elif group == "breaks":
            if _is_break(text, start, end):
                yield Word(start, end, times.codes[frozenset({"break"})], {})
        else:
            mark = "'" if written in "’ʼ`" else "-" if written in "‐‑" else written
            length, values = _phrase(i, folded, times) if mark == "'" else (0, {})
            if (
                mark == "'" and i + 1 < count and raw[i + 1][0] == end
                and raw[i + 1][2] == "digits" and len(raw[i + 1][3]) == 2
            ):
                yield _word(start, raw[i + 1][1], {"apostrophe_year": raw[i + 1][3]}, times)
                i += 2
                continue
            yield _word(start, end, times.words.get(mark, {}), times)
        i += 1
    yield Word(len(text), len(text), times.codes[frozenset({"break"})], {})  # a text ends a line


def _word(start: int, end: int, values: Mapping[str, str], times: TimeLexicon) -> Word:
    code = times.codes.get(frozenset(values))
    if code is None:  # a combination no data file foresaw: as if it were any word
        return Word(start, end, times.codes[frozenset()], {})
    return Word(start, end, code, values)


def _is_break(text: str, start: int, end: int) -> bool:
    """Whether a line end parts two expressions: a blank line, or a line that begins anew."""
    if text.count("\n", start, end) > 1 or end >= len(text):
        return True
    return not (text[end].islower() or text[end].isdigit())


_FOLDED: dict[tuple[str, str], str] = {}


def _fold_known(written: str, times: TimeLexicon) -> str:
    """`written` folded, and repaired if only that makes it a known word.

    Scanners read "m" as "rn" and "l" as "I"; the repair is kept when it gives a time word.
    """
    key = (times.language, written)
    known = _FOLDED.get(key)
    if known is not None:
        return known
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
    if len(_FOLDED) > 50_000:
        _FOLDED.clear()
    _FOLDED[key] = word
    return word


def _phrase(
    i: int, folded: Sequence[str], times: TimeLexicon
) -> tuple[int, Mapping[str, str]]:
    """Length and values of the longest phrase of the tables that begins at token i; 0 if none."""
    for parts, values in times.phrases.get(folded[i], ()):
        length = len(parts)
        if i + length <= len(folded) and all(
            folded[i + k] == parts[k] or (parts[k] == "'" and folded[i + k] == "’")
            for k in range(1, length)
        ):
            return length, values
    return 0, {}


def _number(
    i: int,
    raw: Sequence[tuple[int, int, str, str]],
    folded: Sequence[str],
    times: TimeLexicon,
) -> tuple[int, int] | None:
    """Value and length in tokens of the number in words that begins at token i."""
    numbers = times.numbers
    total, current = 0, numbers.values[folded[i]]
    if current in {100, 1000}:
        total, current = (1000, 0) if current == 1000 else (0, 100)
    last = j = i
    while j + 1 < len(folded) and j - i < 12:
        k = j + 1
        joined = folded[k] in numbers.joiners
        if joined or folded[k] == "-":
            k += 1
            if k < len(folded) and folded[k] in numbers.joiners:  # "vingt-et-un"
                joined, k = True, k + 1
            if k < len(folded) and folded[k] == "-":
                k += 1
        if k >= len(folded) or folded[k] not in numbers.values:
            break
        value = numbers.values[folded[k]]
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


def _search(codes: str, words: Sequence[Word], rules: Sequence[Rule]) -> Iterator[_Found]:
    for rule in rules:
        for match in rule.regex.finditer(codes):
            if match.end() == match.start() or (rule.only and not _has(match, words, rule)):
                continue
            start, end = match.span()
            marked = [match.span(g) for g in rule.marks if match.start(g) >= 0]
            if marked:
                start, end = marked[0][0], marked[-1][1]
            if rule.type == "NONE":
                start, end = match.span()
            weight = words[end - 1].end - words[start].start
            yield _Found(rule, match, start, end, weight)


def _has(match: re.Match[str], words: Sequence[Word], rule: Rule) -> bool:
    """Whether what the words say is what the rule asks for: "le 11 septembre", no other day."""
    said = {
        name.partition("=")[0]: words[match.start(number)].values.get(name.partition("=")[2])
        for number, (name, _) in enumerate(rule.groups, start=1)
        if match.start(number) >= 0
    }
    return all(said.get(name) == value for name, value in rule.only)


def _rank(found: _Found) -> tuple[int, int, int, int]:
    """Longest first; then the one that asks for more around it; then the rule that stands first."""
    start, end = found.match.span()
    return -found.weight, start - end, -found.rule.priority, found.start


def _longest(found: Iterator[_Found], count: int) -> list[_Found]:
    """Choose among overlapping matches: the longest first, then the rule that stands first."""
    taken = bytearray(count)
    chosen = []
    for one in sorted(found, key=_rank):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            chosen.append(one)
    return chosen


_OPENING, _CLOSING = frozenset("\"«“"), frozenset("\"»”")


def _is_title(span: Span, text: str) -> bool:
    """Whether the expression is all that stands between quotation marks, with a capital."""
    before = text[max(0, span.start - 2) : span.start].rstrip()[-1:]
    after = text[span.end : span.end + 2].lstrip()[:1]
    return before in _OPENING and after in _CLOSING and text[span.start].isupper()


def _timexes(found: _Found, words: Sequence[Word], text: str) -> list[Timex]:
    rule, match = found.rule, found.match
    # Of the expressions that a rule marks, those of the alternative that matched.
    marked = [i for i, g in enumerate(rule.marks) if match.start(g) >= 0]
    spans: dict[int, Span] = {}
    fields = {i: dict(rule.says) for i in marked or [-1]}
    shared: dict[str, str] = {}
    for number, (name, index) in enumerate(rule.groups, start=1):
        at = match.start(number)
        if at < 0:
            continue
        if name[0] == "#":
            spans[index] = Span(words[at].start, words[match.end(number) - 1].end)
            continue
        target, _, symbol = name.partition("=")
        value = words[at].values.get(symbol, "")
        (shared if index < 0 else fields[index])[target] = value
    if not marked:
        spans[-1] = Span(words[found.start].start, words[found.end - 1].end)
    for one in fields.values():
        for name, value in shared.items():
            one.setdefault(name, value)
    count = len(fields)
    if count > 1:
        _share(list(fields.values()))
    relation = _relation(found.start, words)
    results = []
    for index, (place, said) in enumerate(fields.items()):
        span = spans[place]
        said["kind"] = rule.kind
        if count > 1:
            said["part_of"] = f"{index + 1}/{count}"
        if relation and index == 0 and "relation" not in said:
            said["relation"], said["evidence_start"] = relation
        results.append(
            Timex(
                span=span,
                text=span.of(text),
                type=cast("TimexType", rule.type),
                rule=rule.id,
                fields=tuple(said.items()),
            )
        )
    return results


def _share(fields: Sequence[dict[str, str]]) -> None:
    """Expressions of one rule lend one another month and year: "du 12 au 15 mai 2016"."""
    for here, there in ((0, 1), (1, 0)) if len(fields) == 2 else ():
        for name in ("month", "year", "yy", "unit"):
            if name in fields[there] and name not in fields[here]:
                fields[here][name] = fields[there][name]
                if name == "month" and "day" in fields[there]:
                    fields[here]["borrowed_from"] = fields[there]["day"]


def _relation(start: int, words: Sequence[Word]) -> tuple[str, str] | None:
    """What the words just before say ("depuis", "d'ici à"), and where they begin."""
    for back in (1, 2):
        i = start - back
        if i < 0:
            return None
        values = words[i].values
        if "relation" in values:
            if i and not words[i - 1].values.keys().isdisjoint({"unit", "halfunit"}):
                return None  # "deux jours avant Noël": a distance
            return values["relation"], str(words[i].start)
        if "art" not in values and "approx" not in values:
            return None
    return None
