"""Reading a dependency tree whatever labels its model uses.

The French model speaks Universal Dependencies (the noun carries its preposition as `case`), the
English one the older scheme of Stanford (the preposition carries its noun as `pobj`). `Labels`
says which label means what; `Tree` answers the questions of grammar that the stages ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from events.extraction.annotations import Parsed, Token
from events.extraction.lexicon.labels import Labels
from events.extraction.lexicon.times import fold

Tense = Literal[
    "past", "perfect", "pluperfect", "imperfect", "present", "future", "conditional", "modal", ""
]

MAX_CLIMB = 12  # heads followed upwards: deeper trees are parser errors or lists


class Tree:
    """One parsed document, asked by grammatical relation. Tokens are named by their index.

    Answers are kept: the stages ask the same of the same words. Nobody changes a list given.
    `folded` are its words, `lemmas` their lemmas, as the lexicons of times and triggers fold them.
    """

    __slots__ = (
        "_deps", "_obliques", "_passive", "_phrases", "_subjects", "_tenses", "children", "folded",
        "labels", "lemmas", "parsed", "starts", "tokens",
    )  # fmt: skip

    def __init__(self, parsed: Parsed, labels: Labels) -> None:
        self.parsed = parsed
        self.tokens: tuple[Token, ...] = parsed.tokens
        self.children = parsed.children
        self.labels = labels
        self.folded = list(map(fold, [token.text for token in parsed.tokens]))
        self.lemmas = list(map(fold, [token.lemma for token in parsed.tokens]))
        self.starts = [token.start for token in parsed.tokens]
        self._deps = [token.dep for token in parsed.tokens]
        self._obliques: dict[int, list[tuple[str, int]]] = {}
        self._passive: dict[int, bool] = {}
        self._phrases: dict[int, tuple[int, int]] = {}
        self._subjects: dict[int, tuple[list[int], bool]] = {}
        self._tenses: dict[int, Tense] = {}

    def below(self, i: int, labels: frozenset[str]) -> list[int]:
        """The dependents of `i` by one of these relations, in text order."""
        children, deps = self.children[i], self._deps
        for child in children:  # mostly there is none: a list is made only for some
            if deps[child] in labels:
                return [c for c in children if deps[c] in labels]
        return []

    def agree(self, one: int, other: int, *, strictly: bool = False) -> bool:
        """Genders and numbers, where the model tells them, are the same; strictly: it tells."""
        first, second = self.tokens[one].morph, self.tokens[other].morph
        told = 0
        for name, values in (("Gender=", ("Masc", "Fem")), ("Number=", ("Sing", "Plur"))):
            if name in first and name in second:
                told += 1
                if any((name + v in first) != (name + v in second) for v in values):
                    return False
        return told == 2 or not strictly

    def subtree(self, i: int, without: frozenset[str] = frozenset()) -> list[int]:
        """`i` and all below it, in text order, leaving out branches hung by `without`."""
        found, children, deps = [i], self.children, self._deps
        for node in found:
            if below := children[node]:
                found += [c for c in below if deps[c] not in without] if without else below
        found.sort()
        return found

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads of `i`, nearest first."""
        for _ in range(MAX_CLIMB):
            head = self.tokens[i].head
            if head == i:
                return
            yield head
            i = head

    def conjuncts(self, i: int) -> list[int]:
        """`i` and what is coordinated with it: "Washington, Paris et Londres" from the first."""
        found = [i]
        for node in found:
            found += self.below(node, self.labels.conjunct)
        return found

    def first_conjunct(self, i: int) -> int:
        for head in self.ancestors(i):
            if self.tokens[i].dep not in self.labels.conjunct:
                break
            i = head
        return i

    def obliques(self, i: int) -> list[tuple[str, int]]:
        """(preposition in lower case, noun) of each prepositional phrase that hangs on `i`."""
        known = self._obliques.get(i)
        if known is None:
            known = self._obliques[i] = self._find_obliques(i)
        return known

    def _find_obliques(self, i: int) -> list[tuple[str, int]]:
        labels, tokens = self.labels, self.tokens
        found: list[tuple[str, int]] = []
        for child in self.children[i]:
            dep = self._deps[child]
            if dep in labels.noun_with_case:
                cases = self.below(child, labels.case)
                word = " ".join(tokens[c].text.lower() for c in cases)
                found += [(word, noun) for noun in self.conjuncts(child)]
            elif dep in labels.preposition:
                found += self._carried(child)
        return found

    def hung_on_date(self, verb: int) -> list[tuple[str, int]]:
        """What a parser hung on a bare date behind `verb` and belongs to the verb, as obliques do,
        with "" for an object: "a commandé dimanche une enquête"."""
        found: list[tuple[str, int]] = []
        for preposition, date in self.obliques(verb):
            if not preposition and date > verb:
                found += (("", noun) for noun in self.below(date, self.labels.object))
                found += self.obliques(date)
        return found

    def _carried(self, preposition: int, before: str = "") -> Iterator[tuple[str, int]]:
        word = f"{before} {self.tokens[preposition].text.lower()}".strip()
        for child in self.children[preposition]:
            dep = self.tokens[child].dep
            if dep in self.labels.prepositional_object:
                yield from ((word, noun) for noun in self.conjuncts(child))
            elif dep in self.labels.preposition:
                yield from self._carried(child, word)  # "according to"

    def is_passive(self, verb: int) -> bool:
        known = self._passive.get(verb)
        if known is None:
            known = self._passive[verb] = self._find_passive(verb)
        return known

    def _find_passive(self, verb: int) -> bool:
        labels = self.labels
        if self.below(verb, labels.passive_sign):
            return True
        token = self.tokens[verb]
        return token.dep in labels.participle_clause and self.is_past_participle(verb)

    def is_past_participle(self, i: int) -> bool:
        morph = self.tokens[i].morph
        return "VerbForm=Part" in morph and "Tense=Pres" not in morph and "Prog" not in morph

    def finite(self, verb: int) -> Token | None:
        """The word that bears the tense of `verb`: its first auxiliary that does, or itself."""
        for node in (*self.below(verb, self.labels.auxiliary), verb):
            token = self.tokens[node]
            if "Mood=" in token.morph or "VerbForm=Fin" in token.morph:
                return token
        return None

    def tense(self, verb: int) -> Tense:
        """The tense that `verb` and its auxiliaries make; "" for what is not finite.

        An auxiliary in the present with a past participle makes a perfect, passive or not: the
        French model does not tell "est attendu" from "est entré".
        """
        known = self._tenses.get(verb)
        if known is None:
            known = self._tenses[verb] = self._find_tense(verb)
        return known

    def _find_tense(self, verb: int) -> Tense:
        finite = self.finite(verb)
        if finite is None:
            return ""
        morph = finite.morph
        if "Mood=Cnd" in morph:
            return "conditional"
        if "Tense=Fut" in morph:
            return "future"
        compound = finite.i != verb and self.is_past_participle(verb)
        if "Tense=Imp" in morph:
            return "pluperfect" if compound else "imperfect"
        if "Tense=Past" in morph:
            if finite.dep in self.labels.passive_auxiliary or finite.i == verb:
                return "past"
            return "pluperfect" if compound else "imperfect"
        if "Tense=Pres" in morph:
            return "perfect" if compound else "present"
        return "modal" if finite.i != verb else ""

    def antecedent(self, pronoun: int) -> int | None:
        """The noun that a relative pronoun stands for."""
        labels = self.labels
        for node in (pronoun, *self.ancestors(pronoun)):
            if self.tokens[node].dep in labels.relative_clause:
                return self.tokens[node].head
        return None

    def is_relative(self, i: int) -> bool:
        token = self.tokens[i]
        if "PronType=Rel" in token.morph:
            return True
        # The English model says nothing of "which" but where it hangs.
        clause = self.tokens[token.head].dep in self.labels.relative_clause
        return token.pos == "PRON" and not token.morph and clause

    def subjects(self, verb: int) -> tuple[list[int], bool]:
        """Who does (or, second value True, undergoes) `verb`: its own, or a higher clause's.

        Coordinated verbs share a subject; an infinitive or participle takes the subject of the
        clause that it completes; a participle that modifies a noun says it of that noun. Relative
        pronouns give way to their antecedents.
        """
        known = self._subjects.get(verb)
        if known is None:
            known = self._subjects[verb] = self._find_subjects(verb)
        return known

    def _find_subjects(self, verb: int) -> tuple[list[int], bool]:
        labels, tokens = self.labels, self.tokens
        passive = self.is_passive(verb)
        node = verb
        for _ in range(MAX_CLIMB):
            own = self.below(node, labels.any_subject)
            if own:
                return [s for first in own for s in self._resolved(first)], passive
            token = tokens[node]
            if token.head == node:
                break
            if token.dep in labels.participle_clause and self._modifies_noun(node):
                return [token.head], passive
            if token.dep not in labels.sharing:
                break
            if token.dep in labels.adverbial_clause and "Mood=" in token.morph:
                break  # a finite clause without a subject of its own is a parser's slip
            node = token.head
        return [], passive

    def _modifies_noun(self, verb: int) -> bool:
        token = self.tokens[verb]
        if self.tokens[token.head].pos not in {"NOUN", "PROPN", "PRON", "NUM"}:
            return False
        return "VerbForm=Part" in token.morph or "VerbForm=Ger" in token.morph

    def _resolved(self, subject: int) -> list[int]:
        if self.is_relative(subject):
            antecedent = self.antecedent(subject)
            if antecedent is not None:
                return [antecedent]
        return self.conjuncts(subject)

    def phrase(self, noun: int) -> tuple[int, int]:
        """The short noun phrase around `noun`, tokens [first, last): no clause, no apposition.

        Its own modifiers and "of" complements stay as long as they touch it.
        """
        known = self._phrases.get(noun)
        if known is None:
            known = self._phrases[noun] = self._find_phrase(noun)
        return known

    def _find_phrase(self, noun: int) -> tuple[int, int]:
        labels, tokens = self.labels, self.tokens
        outside, participles, deps = labels.outside_phrase, labels.participle_clause, self._deps
        found = [noun]
        for node in found:
            for child in self.children[node]:
                dep = deps[child]
                if dep not in outside and not (dep in participles and tokens[child].pos == "VERB"):
                    found.append(child)
        nodes = set(found)
        first = noun
        while first - 1 in nodes and tokens[first - 1].dep not in labels.case:
            first -= 1
        last = noun + 1
        while last in nodes:
            last += 1
        return first, last


_latest: list[Tree] = []


def tree_of(parsed: Parsed, labels: Labels) -> Tree:
    """Return the tree of a document, the same for all stages that ask of one in a row."""
    if not _latest or _latest[0].parsed is not parsed:
        _latest[:] = [Tree(parsed, labels)]
    return _latest[0]


def text_of(tokens: Iterable[Token], text: str) -> str:
    """The characters from the first of these tokens to the last."""
    chosen = list(tokens)
    return text[chosen[0].start : chosen[-1].end] if chosen else ""
