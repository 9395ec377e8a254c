"""The clauses of a title: subject, verb, objects, and the phrases that it can spare."""

from __future__ import annotations

from dataclasses import replace

from events.extraction.title.lines import LATE, NEVER, SOON, Piece
from events.extraction.title.phrases import NOMINAL
from events.extraction.title.verbs import Verbs

DEEPEST = 2  # clauses within the clause
FARTHEST = 20  # tokens behind a verb that may still be of its clause
_BEFORE_NOUN = frozenset({"ADP", "DET", "NUM", "ADJ"})
_CLAUSE_ENDS = frozenset({"PUNCT", "SCONJ", "CCONJ", "VERB", "AUX", "PRON"})


class Clauses(Verbs):
    """A verb with all that its clause says."""

    def _clause(self, verb: int) -> list[Piece]:
        """Subject, verb group, objects, complements and places of a verb."""
        modified = self._modified(verb)
        if modified is not None:
            noun = self._phrase(modified, bare=True)
            if modified > verb:
                # "Inauguré en 1869, le canal …": in a headline the canal comes first.
                words = self._text([noun], polished=False)
                act = self.tokens[verb].text
                group = [Piece((verb,), NEVER, act if act.isupper() else act.lower())]
                noun = Piece((verb - 1,), NEVER, words)
                return self._complete([noun, *group, *self._after(verb)])
            return self._complete([noun, *self._group(verb, {}), *self._after(verb)])
        top = self._carrier(verb)
        bearer = self._bearer(top)
        if bearer is not None:
            return [self._phrase(bearer, bare=True)]
        if self._is_infinitive(top) and (pieces := self._infinitive(top)):
            return pieces
        subject = self._subject(top)
        antecedent = self._object_before(top)
        if antecedent is not None and subject and self.tree.is_past_participle(top):
            # "la version que le Sénat a adoptée": the version adopted, by whom where it is said.
            adopted = [self._phrase(antecedent, bare=True), Piece((top,))]
            if any(self.tokens[i].pos in NOMINAL for piece in subject for i in piece.tokens):
                by, name = min(self.roles.agent_prepositions), self._text(subject, polished=False)
                adopted.append(Piece((top + 1,), SOON, f"{by} {name}"))
            return adopted
        pieces = [*subject, *self._group(top)]
        if antecedent is not None:
            words = self._text([self._phrase(antecedent, bare=True)], polished=False)
            pieces.append(Piece((top + 1,), NEVER, words))
        pieces = self._complete([*pieces, *self._after(top)])
        return pieces + self._between(pieces, top)

    def _carrier(self, verb: int) -> int:
        """The modal or aspect verb that carries an infinitive: "doivent se retrouver"."""
        top = verb
        for _ in range(4):
            token = self.tokens[verb]
            if token.dep not in self.labels.carried or self.tree.finite(verb) is not None:
                break
            verb = token.head
            if self._is_verb(verb):
                top = verb
        return top

    def _bearer(self, verb: int) -> int | None:
        """The noun of an adjective that takes an infinitive: "des pourparlers censés se tenir"."""
        adjective = self.tokens[self.tokens[verb].head]
        if self.tokens[verb].dep not in self.labels.carried or adjective.pos != "ADJ":
            return None
        noun = adjective.head
        modifies = adjective.dep in self.labels.participle_clause | self.labels.premodifier
        if not modifies or not noun < adjective.i < verb or self.tokens[noun].pos not in NOMINAL:
            return None
        return self.reading.agreeing(adjective.i, noun)

    def _modified(self, verb: int) -> int | None:
        """The noun that a participle says something of: "l'offensive lancée …"."""
        token = self.tokens[verb]
        if token.dep not in self.labels.participle_clause:
            before = self.reading.noun_before(verb)
            return before if before is not None else self._opened(verb)
        if self._lost_auxiliary(verb) is not None:
            return None
        infinitive = "VerbForm=Inf" in token.morph and not self._ends_as_participle(verb)
        if infinitive or "Mood=" in token.morph:
            return None
        if self.tokens[token.head].pos not in NOMINAL:
            return None
        nouns, _ = self.reading.subjects(verb)
        return nouns[0] if nouns else token.head

    def _opened(self, verb: int) -> int | None:
        """The noun after the comma of a participle that opens its sentence."""
        if self._opens_as_noun(verb):
            return self.reading.opened_noun(verb)[0]
        if not self.tree.is_past_participle(verb) or self.reading.is_finite(verb):
            return None
        nouns, _ = self.reading.subjects(verb)
        behind = [noun for noun in nouns if noun > verb and self.tokens[noun].pos in NOMINAL]
        apart = any(self.tokens[i].text == "," for i in range(verb, behind[0])) if behind else False
        return behind[0] if apart else None

    def _complete(self, pieces: list[Piece]) -> list[Piece]:
        """Add the content of a light or speech verb, where the tree did not lead to it."""
        covered = {i for piece in pieces for i in piece.tokens}
        for span in self.trigger.core:
            head = self.reading.head_of(span)
            if head is None or head in covered:
                continue
            if self.tokens[head].pos in NOMINAL and self._is_near(head, covered):
                case = tuple(self.tree.below(head, self.labels.case))
                pieces.append(Piece((*case, *self._phrase(head).tokens)))
        return pieces

    def _is_near(self, noun: int, covered: set[int]) -> bool:
        """The noun follows what is said already, and no other verb has it."""
        if self._is_temporal(noun) or not 0 < noun - max(covered) < 12:
            return False
        governing = next((h for h in self.tree.ancestors(noun) if self._is_verb(h)), None)
        return governing is None or governing in covered

    def _is_infinitive(self, verb: int) -> bool:
        group = [verb, *self.tree.below(verb, self.labels.auxiliary)]
        return any("VerbForm=Inf" in self.tokens[i].morph for i in group) and (
            self.tree.finite(verb) is None
        )

    def _infinitive(self, verb: int) -> list[Piece]:
        """An infinitive with the clause or the noun that it depends on: "… avant de partir"."""
        token, head = self.tokens[verb], self.tokens[self.tokens[verb].head]
        before = [c for c in self.tree.children[verb] if c < verb]
        marks = [c for c in before if self.tokens[c].pos in {"ADP", "PART"}]
        if any(
            self.tokens[c].pos == "ADV" or self.tokens[c].dep in self.labels.any_subject
            for c in before
        ):
            return []  # "only to return", "for the buyer to return": no purpose
        if not marks or head.i > verb:
            return []
        if token.dep in self.labels.adverbial_clause and self.reading.is_finite(head.i):
            governing = [self._sparable(piece, head.i) for piece in self._clause(head.i)]
        elif head.dep in self.labels.object and self.reading.is_finite(head.head):
            governing = self._clause(head.head)  # "became the first to orbit Earth"
        elif head.pos == "NOUN":
            governing = [self._phrase(head.i, bare=True)]
        else:
            return []
        inside = {marks[0], *self.tree.subtree(verb)}
        governing = [piece for piece in governing if not inside & set(piece.tokens)]
        return [*governing, *self._complement(verb, 1)]

    def _object_before(self, verb: int) -> int | None:
        """The noun that a relative clause with this verb has for its object."""
        for child in self.tree.below(verb, self.labels.object):
            if child < verb and self.tree.is_relative(child):
                head = self.tokens[verb].head
                noun = head if self.tokens[verb].dep in self.labels.relative_clause else None
                return noun if noun is not None and self.tokens[noun].pos == "NOUN" else None
        # "la version que le Sénat a adoptée", "que" taken for a conjunction.
        for child in self.tree.children[verb]:
            before = child - 1
            if child < verb and self.reading.folded[child] in self.roles.complementizers:
                commas = [i for i in range(self.tokens[verb].head, child) if self._is_comma(i)]
                apart = commas == [before]
                noun = self._noun_ending(before - apart, verb)
                subjects = self.tree.below(verb, self.labels.subject)
                if self.reading.objects(verb) not in ([], [child]):
                    return None  # "un délai que des experts l'ont prié de revoir"
                fits = self.tree.agree(verb, noun, strictly=not apart)
                # Behind a comma nothing else can be meant: "le texte, que le Sénat a rejeté".
                alone = apart or (subjects and not self.tree.agree(verb, subjects[0]))
                if fits and subjects and alone and not self._is_temporal(noun):
                    return noun if self.tokens[noun].pos == "NOUN" else None
        return None

    def _noun_ending(self, last: int, verb: int) -> int:
        """The noun of the phrase that ends with a token, rather one that a participle fits."""
        noun = last
        while self.tokens[noun].pos in {"ADJ", "PROPN"} and self.tokens[noun].head < noun:
            noun = self.tokens[noun].head
        if not self.tree.is_past_participle(verb) or self.tree.agree(verb, noun):
            return noun
        fitting = range(noun, max(-1, noun - FARTHEST), -1)
        nouns = (i for i in fitting if self.tokens[i].pos == "NOUN")
        return next((i for i in nouns if self.tree.agree(verb, i, strictly=True)), noun)

    def _is_comma(self, i: int) -> bool:
        return self.tokens[i].text == ","

    def _between(self, pieces: list[Piece], verb: int) -> list[Piece]:
        """What stands in the clause and the tree hung elsewhere: "ont reconduit jeudi la grève".

        The clause goes to the next mark, conjunction or verb; dates and adverbs stay out.
        """
        covered = {i for piece in pieces for i in piece.tokens}
        for noun in self.reading.subjects(verb)[0]:
            covered |= self._kept(noun)
        found: list[Piece] = []
        group: list[int] = []
        _, last = self.reading.sentence(verb)
        for i in range(verb + 1, min(last, verb + FARTHEST)):
            token = self.tokens[i]
            if i in covered:
                found += self._gap(group)
                group = []
            elif self._is_temporal(i):
                found += self._gap(self._before_date(group))
                group = []
            elif token.pos in _CLAUSE_ENDS or self.tree.is_relative(i):
                break
            elif token.pos not in {"ADV", "SPACE"} or self._leads_on(i):
                group.append(i)
        return found + self._gap(group)

    def _leads_on(self, adverb: int) -> bool:
        """ "près du port", "d'au moins 113 morts"."""
        return self.tokens[min(adverb + 1, len(self.tokens) - 1)].pos in {"ADP", "NUM"}

    def _before_date(self, group: list[int]) -> list[int]:
        """A stretch of words without the ones that lead to the date behind it: "at the end of"."""
        of = any(self.reading.folded[i] in self.roles.of for i in group[-2:])
        for noun in range(2 if of else 1):
            while group and self.tokens[group[-1]].pos in _BEFORE_NOUN | {"PROPN"}:
                group = group[:-1]
            if of and not noun and group:
                group = group[:-1]
        return group

    def _gap(self, group: list[int]) -> list[Piece]:
        while group and self.tokens[group[-1]].pos in _BEFORE_NOUN - {"ADJ"}:
            group = group[:-1]
        folded, roles = self.reading.folded, self.roles
        named = any(
            self.tokens[i].pos in NOMINAL and folded[i] not in roles.not_names for i in group
        )
        opens = bool(group) and self.tokens[group[0]].pos in {"DET", "ADP", "PROPN"}
        opens = opens and folded[group[0]] not in roles.sourcing
        return [Piece(tuple(group), SOON)] if named and opens else []

    def _after(self, verb: int, depth: int = 0) -> list[Piece]:
        """What follows a verb: objects, complements, then phrases that it can spare."""
        labels = self.labels
        pieces: list[Piece] = []
        subjects, _ = self.reading.subjects(verb)
        objects = [noun for noun in self.reading.objects(verb) if noun not in subjects]
        for child in sorted({*self.tree.children[verb], *objects}):
            token = self.tokens[child]
            if child > verb and child in objects[1:] and (further := self._further(child)):
                pieces.append(further)
                continue
            if child > verb and self._is_aside(child, verb):
                continue
            if child in objects:
                pieces += self._object(child, verb)
            elif child < verb:
                continue
            elif self._is_temporal(child):
                pieces += self._after_date(child, depth, subjects)
            elif (
                token.dep in labels.completing and token.pos in NOMINAL and not self._is_verb(child)
            ):
                pieces.append(self._phrase(child))
            elif token.dep in labels.completing and depth < DEEPEST:
                pieces += self._complement(child, depth)
            elif token.dep in labels.predicative:
                pieces.append(self._phrase(child))  # "went missing", "is due to reopen"
                for clause in self.tree.below(child, labels.open_complement):
                    pieces += self._complement(clause, depth)
            elif token.dep in labels.oblique:
                pieces += self._oblique(child)
                asked = self._asked_of(child)
                if asked is not None:
                    pieces += self._complement(asked, depth)
        return self._without(subjects, pieces) if any(i > verb for i in subjects) else pieces

    def _without(self, subjects: list[int], pieces: list[Piece]) -> list[Piece]:
        """Pieces without the subjects that stand behind the verb: they are said before it."""
        said = {i for subject in subjects for i in self._phrase(subject, bare=True).tokens}
        left = (replace(p, tokens=tuple(i for i in p.tokens if i not in said)) for p in pieces)
        return [piece for piece in left if piece.tokens]

    def _asked_of(self, noun: int) -> int | None:
        """What the tree hung on who is asked for it: "a demandé aux secouristes de partir"."""
        asked = any(
            self.reading.folded[c] in self.roles.recipients
            for c in self.tree.below(noun, self.labels.case)
        )
        if not asked:
            return None
        return next(
            (
                c
                for c in self.tree.children[noun]
                if c > noun and "VerbForm=Inf" in self.tokens[c].morph
            ),
            None,
        )

    def _is_aside(self, node: int, verb: int) -> bool:
        """Whether a mark stands between a verb and what follows: an odd comma, or a colon."""
        first = min(self._kept(node)) if self.tokens[node].pos in NOMINAL else node
        marks = [self.tokens[i].text for i in range(verb + 1, first)]
        if self.tokens[first].pos == "ADP" and not self._is_temporal(node):
            return ":" in marks or ";" in marks  # ", après dix jours de combats" goes on
        return ":" in marks or ";" in marks or marks.count(",") % 2 == 1

    def _after_date(self, date: int, depth: int, subjects: list[int]) -> list[Piece]:
        """What the tree hung on a date, and the verb meant: "promis lundi de partir"."""
        pieces: list[Piece] = []
        for child in self.tree.children[date]:
            token = self.tokens[child]
            if child in subjects:
                continue  # ", a dit vendredi le patron"
            if token.dep in self.labels.oblique:
                pieces += self._oblique(child)
            elif "VerbForm=Inf" in token.morph and depth < DEEPEST:
                pieces += self._complement(child, depth)
        return pieces

    def _object(self, noun: int, verb: int) -> list[Piece]:
        if self.tokens[noun].pos == "PRON":
            return [Piece((noun,), NEVER, self._name_at(noun))] if noun > verb else []
        pieces = [self._phrase(noun)]
        further = self.tree.conjuncts(noun)[1:4]
        joined = [
            any(self.tokens[i].pos == "CCONJ" for i in self.tree.children[f]) for f in further
        ]
        for each in further[: joined.index(True) + 1] if any(joined) else ():
            tokens = self._phrase(each).tokens
            led = [i for i in self.tree.children[each] if self.tokens[i].pos == "CCONJ"]
            pieces.append(Piece((*(led or [tokens[0] - 1]), *tokens), LATE))
        return pieces

    def _further(self, noun: int) -> Piece | None:
        """The rest of an enumeration of objects: "…, la préfète et le maire"."""
        tokens = self._phrase(noun).tokens
        comma = tokens[0] - 1
        joined = any(self.tokens[i].pos == "CCONJ" for i in tokens)
        return Piece((comma, *tokens), LATE) if joined and self.tokens[comma].text == "," else None

    def _complement(self, verb: int, depth: int) -> list[Piece]:
        """A clause that completes the verb: "de quitter le pays", "that it would leave"."""
        marks = tuple(
            c
            for c in self.tree.children[verb]
            if c < verb
            and self.tokens[c].pos in {"SCONJ", "ADP", "PART"}
            and not self.tree.below(c, self.labels.prepositional_object)
        )
        own = self.tree.below(verb, self.labels.any_subject)[:1]
        if own and not marks:
            start = min(self._phrase(own[0]).tokens)
            if start and self.reading.folded[start - 1] in self.roles.complementizers:
                marks = (start - 1,)
        clitics = tuple(
            c
            for c in self.tree.below(verb, self.labels.object)
            if c < verb and self.tokens[c].pos == "PRON" and not self.tree.is_relative(c)
        )
        pieces = [Piece(piece) for piece in (marks, clitics) if piece]
        for subject in self.tree.below(verb, self.labels.any_subject)[:1]:
            if self.tokens[subject].pos == "PRON":
                pieces.append(Piece((subject,)))
            else:
                pieces.append(self._phrase(subject))
        return [*pieces, *self._group(verb), *self._after(verb, depth + 1)]

    def _oblique(self, child: int) -> list[Piece]:
        """A prepositional phrase, with how easily the verb can spare it."""
        labels, roles = self.labels, self.roles
        if self.tokens[child].dep in labels.preposition:
            word = self.reading.folded[child]
            nouns = self.tree.below(child, labels.prepositional_object)
        else:
            cases = self.tree.below(child, labels.case)
            word = " ".join(self.reading.folded[case] for case in cases)
            nouns = [child]
        if not nouns or self._is_time(nouns[0]):
            return []
        if word in roles.sourcing or self.reading.folded[nouns[0]] in roles.sourcing:
            return []  # who says it is not what happened
        spare = SOON
        counted = word in roles.agent_prepositions and not self._is_argument(nouns[0])
        if self.tokens[child].dep in labels.required and not counted:
            spare = NEVER
        elif word in roles.partners or word in roles.opponents or self._is_argument(nouns[0]):
            spare = LATE
        return [self._phrase(child, spare)]
