"""One parsed dispatch with its triggers, and the questions of grammar that dating asks of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from events.extraction.anchor.records import Date
from events.extraction.annotations import CreationTime, Document, Parsed, Span, Trigger
from events.extraction.clauses import quotations
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.times import lower
from events.extraction.syntax import tree_of

_PHRASE = 5  # tokens of a noun phrase behind a date that owns it


class Scene:
    """Triggers are named by their number, tokens by their index."""

    def __init__(
        self,
        triggers: Sequence[Trigger],
        document: Document,
        parsed: Parsed,
        dct: CreationTime,
        lexicon: Lexicon,
    ) -> None:
        self.triggers = triggers
        self.document = document
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.dct = dct
        self.words = lexicon.triggers
        self.cues = lexicon.status
        self.conceding = lexicon.times.cues["conceding"]
        self.tree = tree_of(parsed, lexicon.labels)
        self.folded, self.lemmas = self.tree.folded, self.tree.lemmas
        self.starts = self.tree.starts
        self.quoted = quotations(document.text)
        self.at: dict[int, int] = {}  # token -> the trigger that it belongs to
        for number, trigger in enumerate(triggers):
            for token in self.inside(trigger.span):
                self.at.setdefault(token, number)
        for number, trigger in enumerate(triggers):
            self.at[trigger.token] = number

    def leave_to_dates(self, dates: Iterable[Date]) -> None:
        """Take the words of dates, prepositions too, from the triggers."""
        for when in dates:
            for token in {*range(when.first, when.last), *self.inside(when.span)}:
                self.at.pop(token, None)

    def inside(self, span: Span) -> range:
        """The tokens that lie in `span`, at least in part."""
        first = max(0, bisect_right(self.starts, span.start) - 1)
        if first < len(self.tokens) and self.tokens[first].end <= span.start:
            first += 1
        last = bisect_right(self.starts, span.end - 1)
        return range(first, max(first, last))

    def word(self, token: int) -> str:
        return self.folded[token] if 0 <= token < len(self.folded) else ""

    def kind(self, trigger: Trigger) -> str:
        cls = self.words.classes.get(trigger.rule)
        return cls.kind if cls is not None else "act"

    def sort(self, trigger: Trigger) -> str:
        if trigger.rule.endswith((".any-verb", ".any-noun")):
            return "unknown"
        return self.kind(trigger)

    def is_noun(self, trigger: Trigger) -> bool:
        token = self.tokens[trigger.token]
        if token.pos not in {"NOUN", "PROPN"}:
            return False
        return not self._opens_as_participle(token.i)

    def is_past_participle(self, token: int) -> bool:
        return self.tree.is_past_participle(token) or self._opens_as_participle(token)

    def _opens_as_participle(self, token: int) -> bool:
        """One that opens its sentence passes for a noun: "Livré en 1991, l'appareil …"."""
        opens = token == self.parsed.sentences[self.parsed.sentence_of[token]].first
        return opens and bool(self.words.infinitive(self.folded[token]))

    def is_negated(self, trigger: Trigger) -> bool:
        # "né" is not "ne"
        words = {lower(self.tokens[c].text) for c in self.tree.children[trigger.token]}
        return bool(words & self.cues.negation)

    def tense(self, token: int) -> str:
        """The tense of a trigger, read off the verb that carries it where it has none."""
        for node in (token, *self.tree.ancestors(token)):
            tense = self.tree.tense(node)
            if tense:
                return tense
            if self.tokens[node].dep not in self.tree.labels.open_complement:
                break
        return ""

    def event_named(self, first: int) -> int | None:
        """The event that the noun phrase names which begins at a token: "Tuesday's *EU summit*"."""
        for token in range(first, min(first + _PHRASE, len(self.tokens))):
            if self.tokens[token].pos not in {"ADJ", "NOUN", "PROPN", "NUM"}:
                return None
            if (number := self.at.get(token)) is not None:
                return number
        return None

    def told_before(self, token: int) -> int | None:
        """The act told last before a token, in its sentence or the one before."""
        sentence = self.parsed.sentence_of[token]
        for number in range(len(self.triggers) - 1, -1, -1):
            trigger = self.triggers[number]
            if trigger.token >= token or sentence - trigger.sentence > 1:
                continue
            passing = self.sort(trigger) in {"report", "state", "modal"}
            if not passing and not self.is_noun(trigger) and trigger.token in self.at:
                return number
        return None

    def quotation(self, span: Span) -> int:
        """Which quotation a span stands in; -1 outside of all."""
        for number, quotation in enumerate(self.quoted):
            if quotation.contains(span):
                return number
        return -1

    def paragraph(self, trigger: Trigger) -> int:
        return self.document.text.count("\n", 0, trigger.span.start)

    def is_main(self, trigger: Trigger) -> bool:
        """Whether a trigger heads a clause that the agency itself asserts."""
        labels, token = self.tree.labels, self.tokens[trigger.token]
        for _ in range(3):
            if token.head == token.i:
                return True
            if token.dep in labels.conjunct:
                token = self.tokens[token.head]
                continue
            # What is asserted before "…, police said" hangs on the verb of saying.
            before = token.i < token.head
            return before and (token.dep in labels.complement or token.dep in labels.parenthesis)
        return False

    def is_conceded(self, trigger: Trigger) -> bool:
        """Whether a clause is told in passing: "although its advisers ruled one out on Monday"."""
        children = self.tree.children[trigger.token]
        return any(self.folded[child] in self.conceding for child in children)

    def is_finite(self, verb: int) -> bool:
        if "Mood=" in self.tokens[verb].morph or "VerbForm=Fin" in self.tokens[verb].morph:
            return True
        return bool(self.tree.below(verb, self.tree.labels.auxiliary))

    def is_set(self, token: int) -> bool:
        """Whether a verb of duty or of planning carries a trigger: its tense is not the event's."""
        for head in self.tree.ancestors(token):
            if self.tokens[token].dep not in self.tree.labels.open_complement:
                return False
            lemma = self.lemmas[head]
            kinds = {cls.kind for cls in self.words.verbs.get(lemma, ())}
            if lemma in self.cues.duty or kinds & {"plan", "modal"}:
                return True
            token = head
        return False
