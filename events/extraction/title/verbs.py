"""The verb of a title with its auxiliaries and particles, and the subject that it has."""

from __future__ import annotations

from collections.abc import Iterable

from events.extraction.title.lines import NEVER, Piece
from events.extraction.title.phrases import NOMINAL, Phrases

ASIDE = 10  # tokens before a verb in which its subject may be "aucun"
CLITIC = 4  # tokens before a verb in which its pronouns stand


class Verbs(Phrases):
    """Verbs, their subjects, and who is meant by a pronoun."""

    def _is_verb(self, node: int) -> bool:
        token = self.tokens[node]
        if token.pos in {"VERB", "AUX"} or "VerbForm=Part" in token.morph:
            return True
        # "ses conclusions sont attendues", "le vent tourne": taken for adjectives.
        says = self.labels.auxiliary | self.labels.subject
        return token.pos in {"ADJ", "NOUN"} and bool(self.tree.below(node, says))

    def _subject(self, verb: int) -> list[Piece]:
        subjects, _ = self.reading.subjects(verb)
        subjects = [s for s in subjects if self.tokens[s].pos != "ADV"]
        subjects = [self._before_aside(s) for s in subjects]
        subjects = [s for s in subjects if not self.reading.is_temporal(s)]
        aside = len(subjects) > 1 and self._is_aside_only(subjects)
        if aside:  # "le préfet, Paul Rey, a": both; "le propriétaire, le grec Danaos, a": the first
            subjects = [s for s in subjects if s == subjects[0] or self.tokens[s].ent_type]
        pieces = []
        for number, subject in enumerate(subjects[:4]):
            name = self._name_at(subject)
            behind = subject > verb and self.tokens[subject].pos in NOMINAL
            if behind and self.reading.is_reporting(verb):
                # ", a déclaré M. Kerry": in a headline who speaks comes first.
                first, last = self._ends(self._phrase(subject, bare=True).tokens)
                words = name or self.reading.words(first, last)
                pieces.append(Piece((self._before(verb),), NEVER, words))
                continue
            named = any(self.tokens[s].pos in {"NOUN", "PROPN"} for s in subjects[:number])
            if named and self.tokens[subject].pos == "PRON":
                continue  # "les rebelles ont, eux, appelé": said twice
            meant = self._meant(subject) if not name and len(subjects) == 1 else None
            if meant is not None:
                phrase = self._shortened(self._phrase(meant, bare=True))
                words = self._text([phrase], polished=False)
                pieces.append(Piece((subject,), NEVER, words))
            elif self.tokens[subject].pos == "PRON" or (name and len(subjects) == 1):
                if name or not self.tree.is_relative(subject):
                    pieces.append(Piece((subject,), NEVER, name))
            elif (
                self.tokens[subject].pos not in {"VERB", "AUX", "ADP", "PUNCT"}
                or self.tokens[subject].ent_type  # "The Ever Given was refloated"
            ):
                joint = tuple(
                    i
                    for i in range(subjects[number - 1] + 1 if number else subject, subject)
                    if self.tokens[i].pos == "CCONJ" or (self.tokens[i].text == "," and not aside)
                )
                phrase = self._phrase(subject, bare=True)
                if joint or not phrase.words:
                    phrase = Piece(tuple(sorted({*joint[-1:], *phrase.tokens})))
                pieces.append(phrase)
        if not pieces and self.reading.is_finite(verb):
            # A headline says who: the actor's name is better than a verb that hangs in the air.
            doers = [
                actor
                for actor in self.arguments.actors
                if actor.role not in {"victim", "target"} and actor.name[:1].isupper()
            ]
            if doers:
                pieces.append(Piece((self._before(verb),), NEVER, doers[0].name))
            elif (pronoun := self._pronoun_of(verb)) is not None:
                pieces.append(Piece((pronoun,)))
        return pieces

    def _is_aside_only(self, subjects: list[int]) -> bool:
        """Commas alone stand between: "le propriétaire, le grec Danaos, a"."""
        between = [self.tokens[i] for i in range(subjects[0] + 1, subjects[-1])]
        joined = any(token.pos == "CCONJ" for token in between)
        return not joined and any(token.text == "," for token in between)

    def _meant(self, pronoun: int) -> int | None:
        """The noun that a subject pronoun repeats: the subject before it that agrees with it."""
        token, tree = self.tokens[pronoun], self.tree
        if token.pos != "PRON" or self.reading.folded[pronoun] not in self.roles.pronouns:
            return None
        number = self.reading.parsed.sentence_of[pronoun]
        first = self.reading.parsed.sentences[max(0, number - 1)].first
        subjects = self.labels.any_subject
        for i in range(pronoun - 1, first - 1, -1):
            if self.tokens[i].dep in subjects and self.tokens[i].pos == "NOUN":
                agreed = tree.agree(pronoun, i, strictly=True)
                counted = any(self.tokens[c].pos == "NUM" for c in tree.children[i])
                return i if agreed and not counted and not tree.below(i, self.labels.case) else None
        return None

    def _pronoun_of(self, verb: int) -> int | None:
        """The subject pronoun before a verb that the tree calls an empty one: "il se réunira"."""
        for i in range(verb - 1, max(-1, verb - 1 - CLITIC), -1):
            if self.reading.folded[i] in self.roles.pronouns:
                return i
            if self.tokens[i].pos not in {"AUX", "PRON", "ADV"}:
                return None
        return None

    def _ends(self, tokens: tuple[int, ...]) -> tuple[int, int]:
        return tokens[0], tokens[-1] + 1

    def _before_aside(self, noun: int) -> int:
        """The name that a noun between commas explains: "X, le coordonnateur, est tué"."""
        tokens = self.tokens
        phrase = self._phrase(noun, bare=True).tokens
        start, end = phrase[0], phrase[-1] + 1
        if not 1 < start < end < len(tokens) or tokens[noun].pos != "NOUN":
            return noun
        if tokens[start - 1].text != "," or tokens[end].text != ",":
            return noun
        before = start - 2
        while tokens[before].dep in self.labels.name_part and tokens[before].head != before:
            before = tokens[before].head
        placed = self.tree.below(before, self.labels.case)
        return before if tokens[before].pos == "PROPN" and not placed else noun

    def _before(self, verb: int) -> int:
        group = [i for piece in self._group(verb) for i in piece.tokens]
        return max(0, min(group) - 1)

    def _group(self, verb: int, shared: Iterable[int] | None = None) -> list[Piece]:
        """The verb with its auxiliaries, negation, clitics and particle; those it shares too."""
        keep = {verb}
        for child in self.tree.children[verb]:
            token = self.tokens[child]
            if token.dep in (
                self.labels.auxiliary
                | self.labels.particle
                | self.labels.negation
                | self.labels.reflexive
            ) or (token.pos == "ADV" and "Polarity=Neg" in token.morph):
                keep.add(child)
            elif (
                token.pos == "PRON"
                and verb - CLITIC <= child < verb
                and (
                    token.dep not in self.labels.any_subject
                    or self.reading.folded[child] in self.roles.object_pronouns
                )
                and self.reading.folded[child] not in self.roles.pronouns
                and not self.tree.is_relative(child)
            ):
                keep.add(child)  # "s'est éteint", "en recensait"
            elif child == verb + 1 and self._completes(child, verb):
                keep.add(child)
        keep |= self._shared_auxiliaries(verb) if shared is None else set(shared)
        return [Piece(tuple(sorted(self._negated(keep, verb))))]

    def _completes(self, i: int, verb: int) -> bool:
        """Whether a small word behind a verb belongs to it: "walk out", "fly over"."""
        token = self.tokens[i]
        if self.tree.children[i] or self.reading.is_temporal(i) or token.morph:
            return False
        alone = not self.reading.objects(verb) and not self.reading.is_reporting(verb)
        return token.pos == "ADP" or (token.pos == "ADV" and alone)

    def _shared_auxiliaries(self, verb: int) -> set[int]:
        """Those of the verb before, where a participle goes on: "avait été élu, puis réélu"."""
        joined = self.labels.conjunct | self.labels.adverbial_clause
        own = self.labels.auxiliary | self.labels.any_subject
        if not self.tree.is_past_participle(verb) or self.tree.below(verb, own):
            return set()
        node = verb
        while self.tokens[node].dep in joined and self.tokens[node].head < node:
            node = self.tokens[node].head
            shared = self.tree.below(node, self.labels.auxiliary)
            if shared and self.tree.is_past_participle(node):
                clitics = {
                    c
                    for c in self.tree.children[node]
                    if c < shared[0] and self.reading.folded[c] in self.roles.object_pronouns
                }
                return clitics | set(shared)
        return set()

    def _negated(self, keep: set[int], verb: int) -> set[int]:
        """A "ne" never stays alone: with "que" comes what it leaves, without, it goes."""
        folded = self.reading.folded
        alone = [i for i in keep if i != verb and folded[i] in self.roles.half_negations]
        if not alone:
            return keep
        first, last = self.reading.sentence(verb)
        whole = [
            i
            for i in range(max(first, verb - ASIDE), min(last, verb + CLITIC))
            if folded[i] in self.roles.negatives
            and (self.tokens[i].head == verb or self.tokens[i].pos in {"DET", "PRON"})
        ]
        if whole:
            return keep | {i for i in whole if self.tokens[i].head == verb}
        for i in range(verb + 1, min(verb + CLITIC, len(self.tokens) - 1)):
            if folded[i] in self.roles.exceptives:
                head = next((h for h in (self.tokens[i].head, i + 1) if h > i), i + 1)
                return keep | {i, *self._phrase(head).tokens}
        return keep - set(alone)
