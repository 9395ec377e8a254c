"""What a language's time words are, and the rules that compose them.

`data/<language>/calendar.toml` gives each symbol its words; `timexes.toml` gives rules: patterns
over symbols, what a match says, and the examples that prove it. A text becomes a string with one
character a token, the character standing for the set of symbols that the token can be, so that
a rule is an ordinary regular expression over symbols and costs the same on any text.

Pattern language of `timexes.toml`:
  month            a token that can be a month; its value is recorded under "month"
  m2:month         the same, recorded under "m2"
  "plus tard"      these words, whatever symbols they have
  <...>            the words that are the expression; without it the whole match. Several: several
                   expressions, and each lends the others the month and the year that they lack
  {day_month}      a fragment of the table [fragments]
  ( ) | ? (?! ) (?= )   as in regular expressions; no repetition without a bound
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR
from functools import lru_cache
from typing import Any, Final, cast, get_args

from events.extraction.annotations import TimexType
from events.extraction.lexicon.files import LexiconError, languages_with, read_data
from events.extraction.lexicon.needs import Part, needed

# Shapes of numbers, the same in all languages. `Token` values are decimal integers as text.
_BREAK = "\n"
_OTHER = "."
_PUNCTUATION = ",;:()-–—'\"/?!«»."


# Symbols of words that by themselves tell a time.
TELLING = frozenset(
    {"month", "fullmonth", "weekday", "weekdays", "season", "unit", "part", "eve", "deictic"}
)

ANY = "xx"  # the code of no language in particular

# Words around an expression that tell on which side of the dispatch's day it lies, or whether
# the telling goes on from it: see `clauses.py` and `normalize.py`.
CUES = (
    "future", "past", "be", "participle", "pluperfect", "stop", "speech", "complement", "plan",
    "birth", "be_to", "was_to", "infinitive", "counted_after", "counted_before", "lasting",
    "outset", "within", "conceding", "copula",
    "pointing", "elapsing",
)  # fmt: skip


@dataclass(slots=True, eq=False)
class Word:
    """One token as the rules see it, half-open offsets in the text.

    `code` is the character that stands for its set of symbols; `values` maps symbol to value.
    Nobody changes one, for which mypy stands as it does for `annotations.Token`.
    """

    start: Final[int]
    end: Final[int]
    code: Final[str]
    values: Final[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to write a time expression.

    `says` are the fields that the rule gives by itself; `marks` are the regex groups of its
    marked expressions; `groups[i]` is (name of the field, index of the expression or -1) of
    regex group i + 1. `only` are values that its fields must have: some days have a name. Every
    match holds one code of each of the sets `needs`; empty if it can do without.
    """

    id: str
    type: str
    kind: str
    says: tuple[tuple[str, str], ...]
    regex: re.Pattern[str]
    groups: tuple[tuple[str, int], ...]
    marks: tuple[int, ...]
    priority: int
    examples: tuple[Mapping[str, str], ...]
    rejects: tuple[str, ...]
    only: tuple[tuple[str, str], ...] = ()
    needs: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Numbers:
    """How numbers are put in words: the value of each word, and what may join them."""

    values: Mapping[str, int]
    joiners: frozenset[str]
    half: str = ""


@dataclass(frozen=True, slots=True)
class TimeLexicon:
    """A language's calendar words and rules, compiled."""

    language: str
    words: Mapping[str, Mapping[str, str]]
    telling: frozenset[str]  # those of its words that by themselves tell a time
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]]
    numbers: Numbers
    ordinal_suffixes: frozenset[str]
    rules: tuple[Rule, ...]
    codes: dict[frozenset[str], str] = field(repr=False)
    tried_for: tuple[Mapping[str, int], Mapping[str, int]] = field(repr=False)  # by their needs
    dull: frozenset[str] = field(repr=False)  # codes of words that alone make no expression
    day_first: bool
    conventions: Mapping[str, Any]
    cues: Mapping[str, frozenset[str]]
    endings: Mapping[str, tuple[str, ...]]
    spellings: frozenset[str]  # its words with accents: "veillé" is not "veille" without one
    proper: frozenset[str]  # time words only when they begin with a capital: "May"
    anniversaries: Mapping[str, int]  # "centenaire": 100; 0 for those counted, "anniversaire"
    eras: Mapping[str, tuple[int, int]]  # words of a time: the first and last year they tell of
    loose_participles: bool  # a participle tells the past wherever it stands in the clause


@lru_cache(maxsize=50_000)  # the same few thousand words come back in every sentence
def lower(word: str) -> str:
    """Lower case, straight apostrophe, accents kept."""
    return word.replace("’", "'").replace("ʼ", "'").lower()


@lru_cache(maxsize=50_000)  # as above
def fold(word: str) -> str:
    """Lower case, no accents, straight apostrophe: how words are compared."""
    plain = lower(word)
    if plain.isascii():
        return plain
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_PIECES = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")


def pieces(phrase: str) -> tuple[str, ...]:
    """The folded tokens of a phrase of the data files."""
    return tuple(_PIECES.findall(fold(phrase)))


def _spellings(calendar: Mapping[str, Any], timexes: Mapping[str, Any]) -> Iterator[str]:
    """Every word of the data files that has an accent, in lower case."""
    for match in re.finditer(r"[^\W\d_]+", lower(f"{calendar} {timexes}")):
        if not match[0].isascii():
            yield match[0]


def number_symbols(text: str) -> dict[str, str]:
    """What a whole number written in digits can be in a date, by its value and width."""
    value, width = int(text), len(text)
    plain = str(value)
    symbols = {"num": plain}
    if width <= 2:
        symbols["day"] = plain
        symbols["small"] = plain
        if 1 <= value <= 31:
            symbols["dom"] = plain
        if 1 <= value <= 12:
            symbols["mm"] = plain
        if value <= 24:
            symbols["hour"] = plain
    if width == 2:
        symbols["yy"] = text
        if value <= 59:
            symbols["minute"] = text
    if width == 4:
        if value // 100 < 24 and value % 100 < 60:
            symbols["hhmm"] = text
        if 1000 <= value <= 2199:
            symbols["year"] = plain
    return symbols


def literal_symbols(values: Mapping[str, str]) -> dict[str, str]:
    """Of a word's symbols, those that say only how it is written."""
    return {symbol: value for symbol, value in values.items() if symbol[0] == "="}


# Symbols, and literals of few letters, that stand in expressions but make none without others.
_DULL = frozenset({
    "art", "this", "same", "all", "every", "poss", "approx", "some", "one", "preposition", "quote",
    "break",
})  # fmt: skip
_FEW = 4  # with the sign that marks a literal


def _is_dull(symbols: frozenset[str]) -> bool:
    return all(s in _DULL or (s[0] == "=" and len(s) <= _FEW) for s in symbols)


def _digit_shapes() -> Iterator[frozenset[str]]:
    """Every set of symbols that a number in digits can have."""
    for width in (1, 2):
        for value in range(10**width):
            yield frozenset(number_symbols(str(value).zfill(width)))
    for value in (0, 959, 999, 1000, 1159, 1199, 2000, 2160, 2199, 2200, 2359, 2400, 9999):
        yield frozenset(number_symbols(str(value).zfill(4)))
    yield frozenset(number_symbols("123"))
    yield frozenset(number_symbols("12345"))


# Tokens that the tokenizer itself tells by their shape.
SHAPES = (
    frozenset({"numeric_date"}),
    frozenset({"clock"}),
    frozenset({"decimal", "dotclock"}),
    frozenset({"decimal"}),
    frozenset({"big"}),
    frozenset({"ordinal"}),
    frozenset({"ordinal", "dayord"}),
    frozenset({"roman"}),
    frozenset({"numword", "num"}),
    frozenset({"numword", "num", "small"}),
    frozenset({"numword", "num", "small", "day", "dom"}),
    frozenset({"numword", "num", "small", "day", "dom", "hour"}),
    frozenset({"numword", "num", "year"}),
    frozenset({"apostrophe_year"}),
    frozenset({"quarter_name"}),
    frozenset({"half_name"}),
)


@lru_cache(maxsize=16)
def load_times(language: str) -> TimeLexicon:
    """Read and check a language's calendar and rules. Raises LexiconError.

    A language that has none reads dates in figures alone.
    """
    if language not in languages_with("timexes.toml"):
        language = ANY
    calendar = read_data(language, "calendar.toml")
    timexes = read_data(language, "timexes.toml")
    words, phrases = _tables(language, calendar)
    numbers = _numbers(calendar)
    patterns = list(_raw_rules(language, timexes))
    literals = {literal for _, pattern in patterns for literal in _literals(pattern)}
    codes = _encode(words, phrases, literals, numbers)
    dull = frozenset(code for symbols, code in codes.items() if _is_dull(symbols))
    rules: list[Rule] = []
    seen: set[str] = set()
    for priority, (entry, pattern) in enumerate(patterns):
        if entry["id"] in seen:
            raise LexiconError(f"{language}/timexes.toml: rule {entry['id']!r} stands twice")
        seen.add(entry["id"])
        rules.append(_compile(language, entry, pattern, codes, len(patterns) - priority, dull))
    cues: dict[str, frozenset[str]] = dict.fromkeys(CUES, frozenset())
    for name, entries in calendar.get("cues", {}).items():
        if name not in CUES:
            raise LexiconError(f"{language}/calendar.toml: unknown cues {name!r}")
        cues[name] = frozenset(form for w in entries for form in (lower(w), fold(w)))
    return TimeLexicon(
        language=language,
        words=words,
        telling=frozenset(w for w, symbols in words.items() if not TELLING.isdisjoint(symbols)),
        phrases=phrases,
        numbers=numbers,
        ordinal_suffixes=frozenset(fold(s) for s in calendar.get("ordinal_suffixes", [])),
        rules=tuple(rules),
        codes=codes,
        dull=dull,
        tried_for=(_tried_for(rules, 0), _tried_for(rules, 1)),
        day_first=bool(calendar.get("day_first", True)),
        conventions=calendar.get("conventions", {}),
        cues=cues,
        endings={
            name: tuple(e.lower() for e in entries)
            for name, entries in calendar.get("endings", {}).items()
        },
        spellings=frozenset(_spellings(calendar, timexes)),
        proper=frozenset(calendar.get("proper", [])),
        anniversaries={
            fold(word): int(years)
            for years, entries in calendar.get("anniversaries", {}).items()
            for word in entries
        },
        eras=_eras(calendar.get("eras", {})),
        loose_participles=bool(calendar.get("loose_participles", False)),
    )


def _tried_for(rules: Sequence[Rule], which: int) -> dict[str, int]:
    """For each code the rules that need it, as bits by their place; under "" all others."""
    found: dict[str, int] = {"": 0}
    for i, rule in enumerate(rules):
        for code in rule.needs[which] or ("",):
            found[code] = found.get(code, 0) | 1 << i
    return found


def _tables(
    language: str, calendar: Mapping[str, Any]
) -> tuple[
    dict[str, dict[str, str]], dict[str, tuple[tuple[tuple[str, ...], dict[str, str]], ...]]
]:
    words: dict[str, dict[str, str]] = {}
    phrases: dict[tuple[str, ...], dict[str, str]] = {}
    for symbol, table in calendar.get("symbols", {}).items():
        for value, entries in table.items():
            if not isinstance(entries, list):
                raise LexiconError(f"{language}/calendar.toml: symbols.{symbol}.{value}: no list")
            for entry in entries:
                parts = pieces(entry)
                if not parts:
                    raise LexiconError(f"{language}/calendar.toml: {symbol}.{value}: empty word")
                home = words.setdefault(parts[0], {}) if len(parts) == 1 else (
                    phrases.setdefault(parts, {})
                )
                if home.setdefault(symbol, value) != value:
                    both = f"{home[symbol]} and {value}"
                    raise LexiconError(f"{language}/calendar.toml: {entry!r} is {symbol} {both}")
    by_first: dict[str, list[tuple[tuple[str, ...], dict[str, str]]]] = {}
    for parts, values in phrases.items():
        by_first.setdefault(parts[0], []).append((parts, values))
    return words, {
        first: tuple(sorted(entries, key=lambda e: -len(e[0])))
        for first, entries in by_first.items()
    }


def _eras(table: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Words by the years that they tell of: "../2001" = ["francs"]."""
    found: dict[str, tuple[int, int]] = {}
    for years, entries in table.items():
        first, _, last = years.partition("/")
        bounds = 0 if first == ".." else int(first), MAXYEAR if last == ".." else int(last)
        found |= dict.fromkeys(map(fold, entries), bounds)
    return found


def _numbers(calendar: Mapping[str, Any]) -> Numbers:
    table = calendar.get("numbers", {})
    values = {fold(w): int(v) for v, ws in table.get("words", {}).items() for w in ws}
    return Numbers(values, frozenset(fold(j) for j in table.get("joiners", [])))


def _raw_rules(
    language: str, timexes: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], str]]:
    fragments = timexes.get("fragments", {})
    for entry in timexes.get("rule", []):
        where = f"{language}/timexes.toml: rule {entry.get('id', '?')!r}"
        missing = {"id", "pattern", "type", "examples"} - entry.keys()
        if missing:
            raise LexiconError(f"{where} lacks {', '.join(sorted(missing))}")
        if entry["type"] not in {*get_args(TimexType), "NONE"}:
            raise LexiconError(f"{where} has the type {entry['type']!r}")
        pattern = entry["pattern"]
        for _ in range(4):  # fragments may use fragments
            try:
                pattern = re.sub(r"\{([a-z_]+)\}", lambda m: f"({fragments[m[1]]})", pattern)
            except KeyError as error:
                raise LexiconError(f"{where} uses the unknown fragment {error}") from error
        yield entry, pattern


_SYNTAX = re.compile(
    r"""(?P<space>\s+)|"(?P<words>[^"]+)"|(?:(?P<name>[a-z][a-z0-9_]*):)?(?P<symbol>[a-z_]+)"""
    r"""|(?P<special>\(\?[!=]|\(\?<[!=]|[()|?<>]|\{\d,\d\})|(?P<bad>.)"""
)


def _literals(pattern: str) -> Iterator[tuple[str, ...]]:
    for match in _SYNTAX.finditer(pattern):
        if match["words"]:
            yield pieces(match["words"])


def _encode(
    words: dict[str, dict[str, str]],
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], dict[str, str]], ...]],
    literals: Iterable[tuple[str, ...]],
    numbers: Numbers,
) -> dict[frozenset[str], str]:
    """Give each set of symbols that a token can have its own character."""
    whole = {parts: values for entries in phrases.values() for parts, values in entries}
    for literal in literals:
        for piece in literal:
            if not piece.isdigit():
                words.setdefault(piece, {})["=" + piece] = piece
        if literal in whole:  # the tokenizer makes one token of it
            whole[literal]["=" + " ".join(literal)] = ""
    codes: dict[frozenset[str], str] = {frozenset(): _OTHER, frozenset({"break"}): _BREAK}
    sets = [frozenset(values) for values in words.values()]
    sets += [frozenset(literal_symbols(values)) for values in words.values()]
    sets += [frozenset(values) for entries in phrases.values() for _, values in entries]
    number_sets = [*_digit_shapes(), *SHAPES]
    sets += number_sets
    # A number word keeps what else it can be ("second", "un").
    for word in numbers.values:
        extra = frozenset(words.get(word, {}))
        sets += [extra | shape for shape in SHAPES if "numword" in shape]
    for mark in _PUNCTUATION:
        sets.append(frozenset({"=" + mark}))
        words.setdefault(mark, {})["=" + mark] = mark
    sets += [frozenset(values) for values in words.values()]
    for symbols in sets:
        codes.setdefault(symbols, chr(0x4E00 + len(codes)))
    return codes


def _compile(
    language: str,
    entry: Mapping[str, Any],
    pattern: str,
    codes: Mapping[frozenset[str], str],
    priority: int,
    dull: frozenset[str],
) -> Rule:
    where = f"{language}/timexes.toml: rule {entry['id']!r}"
    regex: list[str] = []
    groups: list[tuple[str, int]] = []
    span, spans, depth = -1, 0, False
    parts: list[Part] = []

    def char_class(symbol: str) -> str:
        found = "".join(code for symbols, code in codes.items() if symbol in symbols)
        if not found:
            raise LexiconError(f"{where} uses the unknown symbol {symbol!r}")
        return f"[{found}]"

    for match in _SYNTAX.finditer(pattern):
        if match["bad"]:
            raise LexiconError(f"{where}: {match['bad']!r} does not belong in a pattern")
        if match["words"]:
            words = pieces(match["words"])
            written = [char_class("num" if p.isdigit() else "=" + p) for p in words]
            whole = "=" + " ".join(words)
            options = [written]
            if len(words) > 1 and any(whole in symbols for symbols in codes):
                options.append([char_class(whole)])
            regex.append(f"(?:{'|'.join(''.join(option) for option in options)})")
            parts.append(Part("word", frozenset().union(*(option[0][1:-1] for option in options))))
        elif match["symbol"]:
            groups.append((f"{match['name'] or match['symbol']}={match['symbol']}", span))
            written_class = char_class(match["symbol"])
            regex.append(f"({written_class})")
            parts.append(Part("word", frozenset(written_class[1:-1])))
        elif match["special"] == "<":
            if depth:
                raise LexiconError(f"{where}: an expression inside an expression")
            span, depth = spans, True
            spans += 1
            groups.append((f"#{span}", span))
            regex.append("(")
            parts.append(Part("("))
        elif match["special"] == ">":
            span, depth = -1, False
            regex.append(")")
            parts.append(Part(")"))
        elif match["special"] == "(":
            regex.append("(?:")
            parts.append(Part("("))
        elif match["special"]:
            regex.append(match["special"])
            parts.append(Part(match["special"][:2]))
    says = {str(k): str(v) for k, v in entry.get("says", {}).items()}
    try:
        compiled = re.compile("".join(regex))
    except re.error as error:
        raise LexiconError(f"{where}: {error}") from error
    return Rule(
        id=entry["id"],
        type=entry["type"],
        kind=says.pop("kind", ""),
        says=tuple(says.items()),
        regex=compiled,
        groups=tuple(groups),
        marks=tuple(i for i, (name, _) in enumerate(groups, start=1) if name[0] == "#"),
        priority=priority,
        examples=tuple(cast("list[Mapping[str, str]]", entry["examples"])),
        rejects=tuple(entry.get("rejects", [])),
        needs=needed(parts, dull),
        only=tuple((str(k), str(v)) for k, v in entry.get("only", {}).items()),
    )
