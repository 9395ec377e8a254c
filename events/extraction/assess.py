"""Triggers with dates to statuses: what a reader may believe of each at publication.

Read from tense, mood, negation, modality and the trigger's own class, and from the side of the
dispatch's day on which the date lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
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
from events.extraction.lexicon.times import fold, lower
from events.extraction.syntax import Tree, tree_of
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
    tree = tree_of(parsed, lexicon.labels)
    statuses = []
    for trigger, anchoring in zip(triggers, anchorings, strict=True):
        clause = _Clause(trigger, tree, lexicon, document.text)
        clause.doubtful = clause.doubtful or _is_doubted(anchoring, document.text, lexicon)
        statuses.append(_status(trigger, anchoring, _side(anchoring, dct), clause))
    return statuses


def _is_doubted(anchoring: Anchoring, text: str, lexicon: Lexicon) -> bool:
    """Whether a word of doubt stands right before the date: "possibly this weekend"."""
    if anchoring.evidence is None:
        return False
    before = text[max(0, anchoring.evidence.start - 20) : anchoring.evidence.start].split()
    return bool(before) and fold(before[-1]) in lexicon.status.doubt


def _status(trigger: Trigger, anchoring: Anchoring, side: Side, clause: _Clause) -> Status:
    """The first answer that the grammar gives, from the most telling sign to the least."""
    if "call" in {trigger.status_class, trigger.type} and not clause.negated:
        return "planned" if side in {"future", "today"} and clause.future else "called_for"
    if trigger.status_class in {"refusal", "denial"}:
        # "n'a pas exclu", "did not rule out": it may be.
        return "hypothetical" if clause.negated else "denied"
    if trigger.status_class == "threat":
        return "hypothetical"
    if (clause.asked or clause.advised) and not clause.negated and side != "past":
        return "called_for"
    if clause.promised_not or clause.out_of_question:
        return "denied"
    if trigger.status_class == "cancel" and clause.is_of_its_subject(anchoring):
        return "denied"  # "la réunion de mardi a été annulée": there was none
    if clause.possible or clause.doubtful or clause.supposed:
        return "hypothetical"
    if clause.conditional:
        foretold = clause.reported or clause.foretold
        return "planned" if side == "future" and foretold else "hypothetical"
    if clause.negated:
        # "will not reopen before Monday": it is to reopen then.
        return (
            "planned" if side == "future" and (anchoring.edtf or "").endswith("/..") else "denied"
        )
    if trigger.status_class == "plan" and side == "past" and clause.is_act:
        return "happened"  # "ont fixé dimanche la date": the day of the setting itself
    if trigger.status_class == "plan" or clause.due:
        if clause.foreseen:
            return "hypothetical"
        # What was set for a day that is over, or is said to have been set at first, fell through.
        fell_through = clause.given_up or (side == "past" and clause.tense not in _NOW)
        return "denied" if fell_through else "planned"
    if side == "future" or (side != "past" and (clause.future or clause.meant)):
        return "planned"
    if side == "open":
        return "planned" if clause.future else "ongoing"
    if side == "today" and clause.tense == "imperfect":
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
    # "by nightfall Friday", said on Friday, is of today.
    return "future" if start is None and end > today + timedelta(days=1) else "today"


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

    def __init__(self, trigger: Trigger, tree: Tree, lexicon: Lexicon, text: str) -> None:
        self.trigger = trigger
        self.tree = tree
        self.text = text
        self.words: StatusLexicon = lexicon.status
        self.triggers = lexicon.triggers
        words = self.words
        self.chain = list(self._carriers(trigger.token))
        self.signs = [tree.tokens[c] for node in self.chain for c in tree.children[node]]
        said = {tree.folded[t.i] for t in self.signs}
        top = self.chain[-1]
        keys = {tree.lemmas[i] for i in self.chain[1:]}
        keys |= {tree.lemmas[t.i] for t in self.signs if t.dep in tree.labels.auxiliary}
        tenses = [tense for node in self.chain if (tense := tree.tense(node))]
        self.tense = tenses[-1] if tenses else ""
        if self.tense == "present" and self._ends_as_imperfect():
            self.tense = "imperfect"
        self.foretold = bool(keys & words.conditional)
        self.conditional = self.foretold or "conditional" in tenses or self._ends_as_conditional()
        self.future = (
            "future" in tenses or bool(keys & words.future) or self._ends(words.future_endings)
        )
        # "pourront partir": what will be possible is set.
        self.possible = self._is_possible(keys) and not self.future
        self.due = self._is_due(keys) or self._is_intended(top) or self._carried_by("plan")
        self.meant = bool(keys & words.wish) and self.tense in _NOW
        self.advised = bool(keys & words.advice)
        self.promised_not = self._is_promise_not_to(trigger)
        self.doubtful = bool(said & words.doubt) or tree.lemmas[trigger.token] in words.hope
        self.supposed = bool(said & words.condition) and any(
            t.pos == "SCONJ" and self._supposes(t.i) for t in self.signs
        )
        self.negated = self._is_negated() != self._is_prevented()
        self.asked = self._carried_by("call")

    def _supposes(self, sign: int) -> bool:
        """A word of condition; of "s'il" and "s'y est opposé" only the first is one."""
        word = self.tree.folded[sign]
        if word not in self.words.condition:
            return False
        following = self.tree.folded[sign + 1 : sign + 2]
        return word not in self.words.half_condition or not self.words.whose.isdisjoint(following)

    @property
    def is_act(self) -> bool:
        """An active verb in a simple or compound past: somebody did it then."""
        told = self.tense in {"past", "perfect"} and len(self.chain) == 1
        return told and not self.tree.is_passive(self.trigger.token)

    @property
    def foreseen(self) -> bool:
        """What is expected is weather and the like, which nobody sets."""
        nouns = {i for node in self.chain for i in self.tree.subjects(node)[0]}
        nouns.add(self.trigger.token)
        return any(self.tree.lemmas[i] in self.words.nature for i in nouns)

    @property
    def out_of_question(self) -> bool:
        """What is said is that it will not be: "pas question de trêve, a prévenu"."""
        if self.trigger.type not in {"statement", "refusal"}:
            return False
        span = self.trigger.span
        said = fold(self.text[max(0, span.start - _SAID) : span.end + _SAID])
        return any(phrase in said for phrase in self.words.refusing)

    def is_of_its_subject(self, anchoring: Anchoring) -> bool:
        """The date belongs to what the verb is about, "the meeting of Tuesday", and not to it."""
        if anchoring.timex is None:
            return False
        date = anchoring.timex.timex.span
        tree, verb = self.tree, self.trigger.token
        return date.end <= tree.tokens[verb].start and any(
            date.start <= tree.tokens[i].start < date.end
            for noun in tree.subjects(verb)[0]
            for i in tree.subtree(noun, without=tree.labels.relative_clause)
        )

    @property
    def given_up(self) -> bool:
        """Whether it is said to have been set at first, or to be off."""
        span = self.trigger.span
        around = fold(self.text[max(0, span.start - _AROUND) : span.end + _AROUND])
        set_at_first = any(cue in around for cue in self.words.at_first)
        return set_at_first or self._is_cancelled_beside(self.trigger)

    def _carriers(self, token: int) -> Iterator[int]:
        """The trigger's token and the verbs above it whose infinitive it is."""
        yield token
        tree, node = self.tree, token
        for head in tree.ancestors(token):
            if tree.tokens[node].dep in tree.labels.open_complement:
                yield head
                node = head
            elif node == token and "VerbForm=Inf" in tree.tokens[token].morph:
                # The parser hung the infinitive on a noun: "devait à l'origine commencer".
                modals = self.words.duty | self.words.possibility | self.words.future
                above = [a for a in (head, tree.tokens[head].head) if a < token]
                yield from (a for a in above if tree.lemmas[a] in modals)
                return
            else:
                return

    def _carried_by(self, kind: str) -> bool:
        """Whether a verb above, of this kind, takes the event as its infinitive."""
        above = self.chain[1:]
        if self.tree.tokens[self.chain[0]].pos in {"NOUN", "PROPN"}:
            above = list(self.tree.ancestors(self.chain[0]))[:2]
        keys = [self.tree.lemmas[i] for i in above]
        return any(cls.kind == kind for key in keys for cls in self.triggers.verbs.get(key, ()))

    def _is_cancelled_beside(self, trigger: Trigger) -> bool:
        """Whether a clause beside, or the participle of its subject, says that it is off."""
        near = {self.chain[-1], *self.tree.ancestors(trigger.token)}
        for node in list(near):
            near |= set(self.tree.children[node])
            near |= {c for child in self.tree.children[node] for c in self.tree.children[child]}
        keys = {self.tree.lemmas[i] for i in near if self.tree.tokens[i].pos == "VERB"}
        return any(cls.kind == "cancel" for key in keys for cls in self.triggers.verbs.get(key, ()))

    def _is_possible(self, keys: set[str]) -> bool:
        """Whether a modal leaves it open; "ont pu parler" tells that they spoke."""
        open_, risky = self.words.possibility, self.words.risk
        carriers = ((i, self.tree.lemmas[i]) for i in self.chain[1:])
        modals = [i for i, lemma in carriers if lemma in open_ or lemma in risky]
        if modals:
            return self.tree.tense(modals[-1]) not in {"perfect", "pluperfect"}
        return not (open_.isdisjoint(keys) and risky.isdisjoint(keys))

    def _is_due(self, keys: set[str]) -> bool:
        """Whether a modal of duty sets the event; "ont dû fuir" tells that they fled."""
        modals = [i for i in self.chain[1:] if self.tree.lemmas[i] in self.words.duty]
        if self._is_to_be():
            return True
        if modals:
            return self.tree.tense(modals[-1]) not in {"perfect", "pluperfect"}
        return bool(keys & self.words.duty)

    def _is_to_be(self) -> bool:
        """Whether it "is to" or "was to" be done."""
        tree = self.tree
        verb, above = self.chain[0], self.chain[1:2]
        if not above or tree.lemmas[above[0]] not in self.words.being:
            return False
        said = {tree.folded[i] for i in tree.children[verb]}
        return not self.words.to_do.isdisjoint(said)

    def _is_promise_not_to(self, trigger: Trigger) -> bool:
        """Whether a verb of saying carries a negated future: "assure qu'il ne partira pas"."""
        tree, labels = self.tree, self.tree.labels
        if trigger.type != "statement":
            return False
        told = tree.below(trigger.token, labels.said)
        dep = tree.tokens[trigger.token].dep
        if dep in labels.parenthesis or dep in labels.adverbial_clause:
            told.append(tree.tokens[trigger.token].head)  # "rien ne changera, a assuré …"
        for clause in told:
            words = {tree.folded[c] for c in tree.children[clause]}
            below = {tree.folded[c] for i in tree.children[clause] for c in tree.children[i]}
            to_come = tree.tense(clause) in {"future", "conditional"} or self._ends_as_conditional(
                clause
            )
            if to_come and (words | below) & self.words.negation:
                return True
        return False

    def _is_intended(self, top: int) -> bool:
        """Whether an infinitive completes a noun of intention: "l'intention de reprendre"."""
        token = self.tree.tokens[top]
        head = self.tree.tokens[token.head]
        is_infinitive = "VerbForm=Inf" in token.morph
        return is_infinitive and head.i < top and self.tree.lemmas[head.i] in self.words.intention

    def _ends_as_conditional(self, verb: int | None = None) -> bool:
        """Whether the finite verb has the form of a conditional that the tagger missed."""
        nodes = self.chain if verb is None else [verb]
        finite = next((t for node in nodes if (t := self.tree.finite(node))), None)
        if finite is None:
            return False
        form, stem = self.tree.folded[finite.i], self.tree.lemmas[finite.i].removesuffix("e")
        return form.startswith(stem) and form[len(stem) :] in self.words.conditional_endings

    def _ends_as_imperfect(self) -> bool:
        """Whether the verb has the form of an imperfect that the tagger missed."""
        token = self.tree.tokens[self.chain[-1]]
        if token.pos != "VERB":
            return False
        form, stem = self.tree.folded[token.i], self.tree.lemmas[token.i][:-2]
        return form.startswith(stem) and form[len(stem) :] in self.words.imperfect_endings

    def _ends(self, endings: frozenset[str]) -> bool:
        """Whether the verb on top, no noun, has one of these endings that no other form has."""
        top = self.chain[-1]
        verb = self.tree.tokens[top].pos in {"VERB", "AUX"}
        return verb and bool(endings) and self.tree.folded[top].endswith(tuple(endings))

    @property
    def reported(self) -> bool:
        """Whether the clause is what somebody says: a future seen from the past."""
        labels, top = self.tree.labels, self.chain[-1]
        nodes = [top, *self.tree.ancestors(top)]
        return any(self.tree.tokens[node].dep in labels.complement for node in nodes[:3])

    def _is_prevented(self) -> bool:
        """Whether a verb of preventing carries the event: "n'a pas empêché" denies nothing."""
        carriers = self.chain if len(self.chain) == 1 else self.chain[1:]
        return any(self.tree.lemmas[i] in self.words.prevention for i in carriers)

    def _is_of_name(self, token: Token) -> bool:
        """A word within a name: "Né" is not "ne", nor "Doctors Without Borders" without any."""
        opens = token.i == self.tree.parsed.sentences[self.trigger.sentence].first
        capital = token.text[:1].isupper() and not opens
        return token.pos == "PROPN" or capital or bool(token.ent_type)

    def _is_negated(self) -> bool:
        tokens = self.tree.tokens
        said = [lower(t.text) for t in self.signs if not self._is_of_name(t)]
        said += [
            lower(tokens[c].text)
            for t in self.signs
            if t.dep in self.tree.labels.any_subject
            for c in self.tree.children[t.i]
            if not self._is_of_name(tokens[c])
        ]
        found = {word for word in said if word in self.words.negation}
        if not found:
            return False
        if found <= self.words.weak_negation:
            # "ne … que": a restriction denies nothing.
            below = self.tree.subtree(self.chain[-1])
            return not any(self.tree.folded[i] in self.words.only for i in below)
        return not any(word in self.words.only for word in said)


_NOW = frozenset({"present", "future"})
_SAID = 60  # characters on either side of a verb of saying in which what is said refuses
_AROUND = 25  # characters on either side of a trigger in which "à l'origine" says it of it
