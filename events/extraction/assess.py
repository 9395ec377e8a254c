"""Triggers with dates to statuses: what a reader may believe of each at publication.

Read from tense, mood, negation, modality and the trigger's own class, and from the side of the
dispatch's day on which the date lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from events.extraction.annotations import (
    Anchoring,
    CreationTime,
    Document,
    Parsed,
    Status,
    Token,
    Trigger,
)
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.status import StatusLexicon
from events.extraction.lexicon.times import fold
from events.extraction.syntax import Tree
from events.intervals import comparable

Side = Literal["past", "today", "future", "open", "unknown"]


def assess(
    triggers: Sequence[Trigger],
    anchorings: Sequence[Anchoring],
    document: Document,
    parsed: Parsed,
    dct: CreationTime,
    lexicon: Lexicon,
) -> list[Status]:
    """Return the status of each trigger; `anchorings` are parallel to `triggers`."""
    tree, words = Tree(parsed, lexicon.labels), lexicon.status
    return [
        _status(trigger, _side(anchoring, dct), _Clause(trigger, tree, words))
        for trigger, anchoring in zip(triggers, anchorings, strict=True)
    ]


def _status(trigger: Trigger, side: Side, clause: _Clause) -> Status:
    """The first answer that the grammar gives, from the most telling sign to the least."""
    if trigger.status_class == "call" and not clause.negated:
        return "called_for"
    if trigger.status_class in {"refusal", "denial"}:
        return "denied"
    if trigger.status_class == "threat":
        return "hypothetical"
    if clause.conditional or clause.possible or clause.doubtful:
        return "hypothetical"
    if clause.negated:
        return "denied"
    if trigger.status_class == "plan" or clause.due:
        return "denied" if side == "past" and clause.past else "planned"
    if side == "future" or (clause.future and side != "past"):
        return "planned"
    if side == "open" and not clause.future:
        return "ongoing"
    return "happened"


def _side(anchoring: Anchoring, dct: CreationTime) -> Side:
    """On which side of the dispatch's day the date lies; "open" if it runs on from the past."""
    start, end, today = anchoring.start, anchoring.end, dct.day
    if today is None or (start is None and end is None):
        return _yearless_side(anchoring.edtf or "", dct.value or "")
    if start is not None and start > today:
        return "future"
    if end is None:
        return "open"
    if end <= today:
        return "past"
    return "future" if start is None else "today"


def _yearless_side(edtf: str, today: str) -> Side:
    """The same for days of no known year, which only their month and day can tell apart."""
    one, other = comparable(edtf), comparable(today)
    if one is None or other is None:
        return "open" if edtf.endswith("/..") else "unknown"
    if one[1:] == other[1:]:
        return "today"
    return "past" if one[1:] < other[1:] else "future"


class _Clause:
    """The verb of a trigger with all that carries it, and what these words say."""

    def __init__(self, trigger: Trigger, tree: Tree, words: StatusLexicon) -> None:
        self.tree = tree
        self.words = words
        self.chain = list(self._carriers(trigger.token))
        self.signs = [tree.tokens[c] for node in self.chain for c in tree.children[node]]
        finite = self._finite()
        morph = finite.morph if finite is not None else ""
        keys = {fold(tree.tokens[i].lemma) for i in self.chain[1:]}
        keys |= {fold(t.lemma) for t in self.signs if t.dep in tree.labels.auxiliary}
        self.conditional = "Mood=Cnd" in morph
        self.past = "Tense=Past" in morph or "Tense=Imp" in morph
        self.future = "Tense=Fut" in morph or bool(keys & words.future)
        self.possible = bool(keys & (words.possibility | words.risk))
        self.due = bool(keys & words.duty)
        self.doubtful = any(fold(t.text) in words.doubt for t in self.signs)
        self.negated = self._is_negated()

    def _carriers(self, token: int) -> Iterator[int]:
        """The trigger's token and the verbs above it whose infinitive it is."""
        yield token
        labels = self.tree.labels
        for head in self.tree.ancestors(token):
            if self.tree.tokens[token].dep not in labels.open_complement:
                return
            yield head
            token = head

    def _finite(self) -> Token | None:
        """The word that bears tense and mood: the verb's first auxiliary, or itself."""
        nodes = [*(t for t in self.signs if t.dep in self.tree.labels.auxiliary)]
        nodes += [self.tree.tokens[i] for i in self.chain]
        return next((t for t in nodes if "Mood=" in t.morph or "VerbForm=Fin" in t.morph), None)

    def _is_negated(self) -> bool:
        said = [fold(t.text) for t in self.signs]
        said += [
            fold(self.tree.tokens[c].text)
            for t in self.signs
            if t.dep in self.tree.labels.subject | self.tree.labels.passive_subject
            for c in self.tree.children[t.i]
        ]
        found = [word for word in said if word in self.words.negation]
        if not found:
            return False
        # "ne … que", "not only": a restriction denies nothing.
        return len(found) > 1 or not any(word in self.words.only for word in said)
