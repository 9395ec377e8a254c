"""Enumerations before a verb, read from the words: "Paris, Berlin et Rome ont signé".

The parsers often hang the first name of one on nothing, or take the second for an apposition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from events.extraction.annotations import Token

FEWEST = 3  # members; of two the tree knows
_OPENING = frozenset({"DET", "NOUN", "PROPN", "ADJ", "NUM"})
_QUOTES = frozenset({'"', "»", "”"})
_CLAUSAL = frozenset({"VERB", "AUX", "SCONJ", "PRON", "PUNCT"})


def members_before(
    tokens: Sequence[Token], verb: int, first: int, is_temporal: Callable[[int], bool]
) -> list[range]:
    """The tokens of each member of the enumeration that ends right before a plural verb group.

    Members are of one kind, names or common nouns; the last follows a conjunction, the others a
    comma. Nothing before token `first` is looked at. Empty if there are too few.
    """
    end = _group_start(tokens, verb, first)
    if any("Number=Sing" in token.morph for token in tokens[end : verb + 1] if _is_finite(token)):
        return []
    found: list[range] = []
    joined = False
    for i in range(end - 1, first - 2, -1):
        closes = i < first or tokens[i].text in _QUOTES
        if not closes and tokens[i].text != "," and tokens[i].pos != "CCONJ":
            continue
        if joined and end - i == 1:  # the comma of ", and"
            end = i
            continue
        member = range(i + 1, end)
        if not _is_member(tokens, member, is_temporal):
            break
        if found and _kind(tokens, member) != _kind(tokens, found[-1]):
            break
        found.append(member)
        if closes or (tokens[i].pos == "CCONJ") == joined:
            break
        joined, end = True, i
    return found[::-1] if len(found) >= FEWEST else []


def head_of(tokens: Sequence[Token], member: range) -> int:
    """The first noun or name of a member."""
    return next(i for i in member if tokens[i].pos in {"NOUN", "PROPN"})


def _group_start(tokens: Sequence[Token], verb: int, first: int) -> int:
    """The first token of a verb with its auxiliaries, clitics and adverbs."""
    start = verb
    while start > first and (
        tokens[start - 1].pos in {"AUX", "ADV"}
        or (tokens[start - 1].pos == "PRON" and "PronType=Rel" not in tokens[start - 1].morph)
    ):
        start -= 1
    return start


def _is_finite(token: Token) -> bool:
    return "Mood=Ind" in token.morph or "VerbForm=Fin" in token.morph


def _is_member(tokens: Sequence[Token], member: range, is_temporal: Callable[[int], bool]) -> bool:
    nouns = [i for i in member if tokens[i].pos in {"NOUN", "PROPN"}]
    if not nouns or tokens[member[0]].pos not in _OPENING:
        return False
    return not any(tokens[i].pos in _CLAUSAL or is_temporal(i) for i in member)


def _kind(tokens: Sequence[Token], member: range) -> str:
    head = tokens[head_of(tokens, member)]
    named = head.pos == "PROPN" or head.ent_type or any(tokens[i].ent_type == "PER" for i in member)
    return "name" if named else "noun"
