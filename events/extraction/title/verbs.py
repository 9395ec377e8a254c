"""The verb of a title with its auxiliaries and particles, and the subject that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from events.extraction.title.lines import NEVER, Piece
from events.extraction.title.phrases import NOMINAL, Phrases

ASIDE = 10  # tokens before a verb in which its subject may be "aucun"
# "a-t-il dit": the tokenizer makes "-t-il" one or two.
_INVERTED = re.compile(r"-(?:t-?)?(?P<pronoun>\w{2,})?")
CLITIC = 4  # tokens before a verb in which its pronouns stand
_LEFT = NOMINAL | {"NUM", "PRON", "VERB"}  # what an exception may leave


class Verbs(Phrases):
    """Verbs, their subjects, and who is meant by a pronoun."""

    def _is_verb(self, node: int) -> bool:
        token = self.tokens[node]
        if token.pos in {"VERB", "AUX"} or "VerbForm=Part" in token.morph:
            return True
        # "ses conclusions sont attendues", "le vent tourne": taken for adjectives.
        says = self.labels.auxiliary | self.labels.subject
        return token.pos in {"ADJ", "NOUN"} and bool(self.tree.below(node, says))

    def _opens_as_noun(self, node: int) -> bool:
        """A participle that opens its sentence and was taken for a noun: "Livré en 1991, …"."""
        if self.tokens[node].pos not in NOMINAL or not self._ends_as_participle(node):
            return False
        return bool(self.reading.opened_noun(node))

    def _ends_as_participle(self, node: int) -> bool:
        return self.tokens[node].text.lower().endswith(self.roles.participle_endings)

    def _subject(self, verb: int) -> list[Piece]:
        if enumerated := self.reading.enumerated(verb):
            return self._enumeration(enumerated)
        subjects, _ = self.reading.subjects(verb)
        subjects = [s for s in subjects if self.tokens[s].pos != "ADV"]
        subjects = [self._before_aside(s) for s in subjects]
        timeless = [s for s in subjects if not self._is_temporal(s)]
        # "la journée a elle aussi été raccourcie": the day is what it tells of.
        repeated = [s for s in timeless if s and self.tokens[s - 1].pos == "AUX"]
        told = [s for s in subjects if s not in timeless]
        subjects = told if told and timeless == repeated else timeless
        aside = len(subjects) > 1 and self._is_aside_only(subjects)
        if aside:  # "le préfet, Paul Rey, a": both; "le propriétaire, le grec Danaos, a": the first
            subjects = [s for s in subjects if s == subjects[0] or self.tokens[s].ent_type]
        pieces: list[Piece] = []
        for number, subject in enumerate(subjects[:4]):
            covered = {i for piece in pieces for i in piece.tokens if not piece.words}
            if number and covered.issuperset(self._phrase(subject, bare=True).tokens):
                continue  # it stands in the phrase of the one before
            name = self._name_at(subject)
            asked = self._pronoun_behind(subject)
            if asked and not name:
                pieces.append(Piece((self._before(verb),), NEVER, asked))
                continue
            nominal = self.tokens[subject].pos in NOMINAL
            one = self.tokens[subject].pos == "PRON" and self.reading.is_reporting(verb)
            if asked or (subject > verb and (nominal or one)):  # "l'un de ses responsables"
                # ", a déclaré M. Kerry", "qu'assiègent les insurgés": in a headline who acts
                # comes first.
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
                if not name and "NumType=" in self.tokens[subject].morph:
                    pieces.append(self._phrase(subject, bare=True))  # "deux d'entre eux"
                elif name or not self.tree.is_relative(subject):
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

    def _pronoun_behind(self, subject: int) -> str:
        """The "il" of "a-t-il dit", "" for any other subject."""
        if self.tokens[subject].pos != "PRON":
            return ""
        found = (_INVERTED.fullmatch(token.text) for token in self.tokens[subject : subject + 2])
        return next((match["pronoun"] for match in found if match and match["pronoun"]), "")

    def _enumeration(self, members: list[range]) -> list[Piece]:
        """All who are enumerated, each with the comma or conjunction before it."""
        told = [[i for i in member if not self._is_temporal(i)] for member in members]
        return [
            Piece((member[0] - 1, *tokens) if number else tuple(tokens))
            for number, (member, tokens) in enumerate(zip(members, told, strict=True))
        ]

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
        if tokens[before].pos == "NOUN" and start == noun and self._ends_as_participle(noun):
            return before  # "le bilan, communiqué mardi, fait état"
        while tokens[before].dep in self.labels.name_part and tokens[before].head != before:
            before = tokens[before].head
        placed = self.reading.folded[max(0, before - 1)] in self.roles.locatives
        placed = placed or bool(self.tree.below(before, self.labels.case))
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
            elif token.pos == "AUX" and child == verb - 1:
                keep.add(child)  # "de faire mesurer"
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
        if (lost := self._lost_auxiliary(verb)) is not None:
            keep.add(lost)
        return [Piece(tuple(sorted(self._negated(keep, verb))))]

    def _completes(self, i: int, verb: int) -> bool:
        """Whether a small word behind a verb belongs to it: "walk out", "fly over"."""
        token = self.tokens[i]
        if token.pos == "VERB" and "VerbForm=Part" in token.morph:
            return not self.reading.objects(verb)  # "went missing"
        if self.tree.children[i] or self._is_temporal(i) or token.morph:
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

    def _lost_auxiliary(self, verb: int) -> int | None:
        """That of a verb which passes for a noun's participle: "X a pour sa part demandé"."""
        token, labels = self.tokens[verb], self.labels
        if token.dep not in labels.participle_clause or self.tree.below(verb, labels.auxiliary):
            return None
        for i in range(verb - 1, max(token.head, verb - ASIDE), -1):
            if self.tokens[i].pos == "AUX":
                return i
            if self.tokens[i].pos in {"VERB", "PUNCT"}:
                break
        return None

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
                left = (h for h in range(i + 1, last) if self.tokens[h].pos in _LEFT)
                heads = {i + 1, next(left, i + 1), max(self.tokens[i].head, i + 1)}
                excepted = max((self._phrase(h).tokens for h in sorted(heads)), key=len)
                end = excepted[-1] + 1
                while end in self.dated:
                    end += 1
                excepted = (*excepted, *range(excepted[-1] + 1, end))
                self.dated -= {i, *excepted}  # "n'a rouvert que le 11"
                return keep | {i, *excepted}
        return keep - set(alone)
