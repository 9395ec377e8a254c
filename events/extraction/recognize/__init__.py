"""Document to Timex: every time expression as written, found by the language's rules.

The text is cut into words, each word becomes the character of its set of symbols, and each rule
is searched in that string. The longest of what is found wins. Nothing here knows a language, nor
what day it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, cast

from events.extraction.annotations import Document, Parsed, Span, Timex, TimexType
from events.extraction.lexicon.times import Rule, TimeLexicon, Word
from events.extraction.recognize.words import read_words

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
    words = read_words(document.text, times)
    codes = "".join([word.code for word in words])
    chosen = _longest(_search(codes, words, times), len(words))
    timexes: list[Timex] = []
    for found in chosen:
        if found.rule.type != "NONE":
            timexes.extend(
                t for t in _timexes(found, words, document.text)
                if not _is_title(t.span, document.text)
            )
    timexes.sort(key=lambda t: t.span)
    return timexes


def _search(codes: str, words: Sequence[Word], times: TimeLexicon) -> Iterator[_Found]:
    """Every match of every rule, tried only on the runs that hold what it needs."""
    (first_for, second_for), other = times.tried_for, times.codes[frozenset()]
    at = 0
    for run in codes.split(other):
        end = at + len(run)
        first, second = first_for[""], second_for[""]
        for code in set(run):
            first |= first_for.get(code, 0)
            second |= second_for.get(code, 0)
        tried = first & second
        while tried:
            lowest = tried & -tried
            tried ^= lowest
            rule = times.rules[lowest.bit_length() - 1]
            for match in rule.regex.finditer(codes, at, end):
                if match.end() > match.start() and (not rule.only or _has(match, words, rule)):
                    yield _found(match, words, rule)
        at = end + 1


def _found(match: re.Match[str], words: Sequence[Word], rule: Rule) -> _Found:
    start, end = match.span()
    marked = [match.span(g) for g in rule.marks if match.start(g) >= 0]
    if marked and rule.type != "NONE":
        start, end = marked[0][0], marked[-1][1]
    return _Found(rule, match, start, end, words[end - 1].end - words[start].start)


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
    relation = _relation(found.start, found.end, words)
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


def _relation(start: int, end: int, words: Sequence[Word]) -> tuple[str, str] | None:
    """What the words around say ("depuis", "d'ici à", "au plus tard"), and where they begin."""
    behind = words[end].values.get("bound_behind") if end < len(words) else None
    if behind is not None:
        return behind, str(words[start].start)
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
