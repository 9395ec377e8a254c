"""A headline for an event, from the dispatch's own words: subject, act, object, place.

A title is a clause with its side issues left out, never a cut one: what is dropped is a whole
phrase (a date, a relative clause, an aside), so what stays is grammatical in any language whose
tree is known. When a clause is too long, the phrases that it can spare go first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from events.extraction.annotations import Arguments, Document, Parsed, Span, Status, Trigger
from events.extraction.lexicon import Lexicon
from events.extraction.reading import Reading, reading_of

LONGEST = 90  # characters
WORDY = 7  # tokens of a phrase after which its own complements may go
ASIDE = 10  # tokens before a verb in which its subject may be "aucun"
CLITIC = 4  # tokens before a verb in which its pronouns stand
DEEPEST = 2  # clauses within the clause
FARTHEST = 20  # tokens behind a verb that may still be of its clause
_TIGHT_BEFORE = re.compile(r"\s+([,.)\]»”])")
_EDGES = ' ,;:.-–—"“”«»()|\n\t'
_NOMINAL = frozenset({"NOUN", "PROPN"})
_LOST = frozenset({"PUNCT", "SPACE"})
_JOINED = frozenset({"-", "'", "’", "/", "%", "$", "€"})
_QUOTES = frozenset({'"', "“", "«", "‘"})
_BEFORE_NOUN = frozenset({"ADP", "DET", "NUM", "ADJ"})
_CLAUSE_ENDS = frozenset({"PUNCT", "SCONJ", "CCONJ", "VERB", "AUX", "PRON"})

NEVER, LATE, SOON = 0, 1, 2  # when a piece may be left out to fit


@dataclass(frozen=True, slots=True)
class Piece:
    """A phrase of the title: its tokens, and when it may go.

    `words` stands for the tokens' own text: a name for a pronoun.
    """

    tokens: tuple[int, ...]
    spare: int = NEVER
    words: str = ""


def title(
    trigger: Trigger,
    arguments: Arguments,
    status: Status,
    document: Document,
    parsed: Parsed,
    lexicon: Lexicon,
) -> str:
    """Return a headline of at most 90 characters, without the date, never cut short."""
    writer = _Writer(trigger, arguments, reading_of(document, parsed, lexicon))
    for pieces in writer.drafts():
        text = writer.fitted(pieces)
        if text:
            return text
    return writer.bare()


class _Writer:
    def __init__(self, trigger: Trigger, arguments: Arguments, reading: Reading) -> None:
        self.trigger = trigger
        self.arguments = arguments
        self.reading = reading
        self.tokens = reading.tokens
        self.tree = reading.tree
        self.labels = reading.labels
        self.roles = reading.roles
        self.kept: dict[int, set[int]] = {}

    # ------------------------------------------------------------------ drafts

    def drafts(self) -> Iterator[list[Piece]]:
        """Ways to say it, best first: each is tried until one fits."""
        node = self.trigger.token
        verb = node if self._is_verb(node) else self._verb_of(node)
        if verb is not None:
            if said := self._quoted(verb):
                yield said
            pieces = self._clause(verb)
            yield pieces
            pieces = [self._shortened(piece) for piece in pieces]
            yield pieces
            yield [self._sparable(piece, verb) for piece in pieces]
        if self.tokens[node].pos in _NOMINAL:
            yield self._noun(node)

    def _is_verb(self, node: int) -> bool:
        token = self.tokens[node]
        if token.pos in {"VERB", "AUX"} or "VerbForm=Part" in token.morph:
            return True
        # "ses conclusions sont attendues", "le vent tourne": taken for adjectives.
        says = self.labels.auxiliary | self.labels.subject
        return token.pos in {"ADJ", "NOUN"} and bool(self.tree.below(node, says))

    def _quoted(self, verb: int) -> list[Piece]:
        """Who speaks, and what, where the words stand before: "…, health officials confirmed"."""
        says = self.reading.is_reporting(verb) and self.reading.is_finite(verb)
        if not says or self.reading.objects(verb):
            return []
        told = [c for c in self.tree.below(verb, self.labels.complement) if c < verb]
        head = self.tokens[verb].head
        beside = self.labels.parenthesis | self.labels.adverbial_clause
        if not told and self.tokens[verb].dep in beside and head < verb:
            told = [head]
        if not told or self.tree.finite(told[0]) is None:
            return []
        # Who "it" is stands elsewhere; nobody is meant by that of "it rains".
        doers, _ = self.reading.subjects(told[0])
        name = self._speaker(verb)
        if not name or (doers and all(self.tokens[d].pos == "PRON" for d in doers)):
            return []
        clause = self._clause(told[0])
        first = min(i for piece in clause for i in piece.tokens)
        opening = self.tokens[first]
        begun = opening.text if opening.pos == "PROPN" else opening.text.lower()
        return [Piece((first,), NEVER, f"{name}: {begun}"), *clause]

    def _speaker(self, verb: int) -> str:
        """The name of who speaks; the source of the words, where a pronoun stands for it."""
        pieces = self._subject(verb)
        if any(piece.words or self.tokens[piece.tokens[0]].pos != "PRON" for piece in pieces):
            return " ".join(self._text([piece], polished=False) for piece in pieces)
        source = self.arguments.attribution
        return source.source if source is not None else ""

    def _verb_of(self, noun: int) -> int | None:
        """The verb that says of an event noun that it takes place, or that does it."""
        for span in self.trigger.core:
            head = self.reading.head_of(span)
            if head is not None and self._is_verb(head):
                return head
        labels = self.labels
        noun = self.tree.first_conjunct(noun)
        token = self.tokens[noun]
        near = labels.subject | labels.passive_subject | labels.object
        if token.dep in near and self._is_verb(token.head):
            return token.head
        return None

    def _clause(self, verb: int) -> list[Piece]:
        """Subject, verb group, objects, complements and places of a verb."""
        modified = self._modified(verb)
        if modified is not None:
            return self._complete(
                [self._phrase(modified, bare=True), *self._group(verb, {}), *self._after(verb)]
            )
        top = self._carrier(verb)
        if self._is_infinitive(top) and (pieces := self._infinitive(top)):
            return pieces
        subject = self._subject(top)
        antecedent = self._object_before(top)
        if antecedent is not None and subject and self.tree.is_past_participle(top):
            # "la version que le Sénat a adoptée": the version adopted.
            return [self._phrase(antecedent, bare=True), Piece((top,))]
        pieces = [*subject, *self._group(top)]
        if antecedent is not None:
            words = self._text([self._phrase(antecedent)], polished=False)
            pieces.append(Piece((top + 1,), NEVER, words))
        pieces = self._complete([*pieces, *self._after(top)])
        return pieces + self._between(pieces, top)

    def _is_infinitive(self, verb: int) -> bool:
        group = [verb, *self.tree.below(verb, self.labels.auxiliary)]
        return any("VerbForm=Inf" in self.tokens[i].morph for i in group) and (
            self.tree.finite(verb) is None
        )

    def _infinitive(self, verb: int) -> list[Piece]:
        """An infinitive with the clause or the noun that it depends on: "… avant de partir"."""
        token, head = self.tokens[verb], self.tokens[self.tokens[verb].head]
        marks = [c for c in self.tree.children[verb] if c < verb and self.tokens[c].pos == "ADP"]
        if not marks or head.i > verb:
            return []
        if token.dep in self.labels.adverbial_clause and self.reading.is_finite(head.i):
            governing = [self._sparable(piece, head.i) for piece in self._clause(head.i)]
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
                subjects = self.tree.below(verb, self.labels.subject)
                fits = self.reading.agree(verb, before, strictly=True)
                if fits and subjects and not self.reading.agree(verb, subjects[0]):
                    return before if self.tokens[before].pos == "NOUN" else None
        return None

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
            elif self.reading.is_temporal(i):
                found += self._gap(self._before_date(group))
                group = []
            elif token.pos in _CLAUSE_ENDS or self.tree.is_relative(i):
                break
            elif token.pos not in {"ADV", "SPACE"} or self.tokens[i + 1].pos == "ADP":
                group.append(i)
        return found + self._gap(group)

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
            self.tokens[i].pos in _NOMINAL and folded[i] not in roles.not_names for i in group
        )
        opens = bool(group) and self.tokens[group[0]].pos in {"DET", "ADP", "PROPN"}
        opens = opens and folded[group[0]] not in roles.sourcing
        return [Piece(tuple(group), SOON)] if named and opens else []

    def _carrier(self, verb: int) -> int:
        """The modal or aspect verb that carries an infinitive: "doivent se retrouver"."""
        top = verb
        for _ in range(4):
            token = self.tokens[verb]
            if token.dep not in self.labels.open_complement | self.labels.predicative:
                break
            verb = token.head
            if self._is_verb(verb):
                top = verb
        return top

    def _modified(self, verb: int) -> int | None:
        """The noun that a participle says something of: "l'offensive lancée …"."""
        token = self.tokens[verb]
        if token.dep not in self.labels.participle_clause:
            return self.reading.noun_before(verb)
        if "VerbForm=Inf" in token.morph or "Mood=" in token.morph:
            return None
        if self.tokens[token.head].pos not in _NOMINAL:
            return None
        nouns, _ = self.reading.subjects(verb)
        return nouns[0] if nouns else token.head

    def _complete(self, pieces: list[Piece]) -> list[Piece]:
        """Add the content of a light or speech verb, where the tree did not lead to it."""
        covered = {i for piece in pieces for i in piece.tokens}
        for span in self.trigger.core:
            head = self.reading.head_of(span)
            if head is None or head in covered:
                continue
            if self.tokens[head].pos in _NOMINAL and self._is_near(head, covered):
                case = tuple(self.tree.below(head, self.labels.case))
                pieces.append(Piece((*case, *self._phrase(head).tokens)))
        return pieces

    def _is_near(self, noun: int, covered: set[int]) -> bool:
        """The noun follows what is said already, and no other verb has it."""
        if self.reading.is_temporal(noun) or not 0 < noun - max(covered) < 12:
            return False
        governing = next((h for h in self.tree.ancestors(noun) if self._is_verb(h)), None)
        return governing is None or governing in covered

    def _subject(self, verb: int) -> list[Piece]:
        subjects, _ = self.reading.subjects(verb)
        subjects = [s for s in subjects if self.tokens[s].pos != "ADV"]
        subjects = [self._before_aside(s) for s in subjects]
        pieces = []
        for number, subject in enumerate(subjects[:4]):
            name = self._name_at(subject)
            behind = subject > verb and self.tokens[subject].pos in _NOMINAL
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
            elif self.tokens[subject].pos not in {"VERB", "AUX", "ADP", "PUNCT"}:
                joint = tuple(
                    i
                    for i in range(subjects[number - 1] + 1 if number else subject, subject)
                    if self.tokens[i].pos == "CCONJ" or self.tokens[i].text == ","
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
                if actor.role != "victim" and actor.name[:1].isupper()
            ]
            if doers:
                pieces.append(Piece((self._before(verb),), NEVER, doers[0].name))
            elif (pronoun := self._pronoun_of(verb)) is not None:
                pieces.append(Piece((pronoun,)))
        return pieces

    def _meant(self, pronoun: int) -> int | None:
        """The noun that a subject pronoun repeats: the subject before it that agrees with it."""
        token, tree = self.tokens[pronoun], self.tree
        if token.pos != "PRON" or self.reading.folded[pronoun] not in self.roles.pronouns:
            return None
        number = self.reading.parsed.sentence_of[pronoun]
        first = self.reading.parsed.sentences[max(0, number - 1)].first
        subjects = self.labels.subject | self.labels.passive_subject
        for i in range(pronoun - 1, first - 1, -1):
            if self.tokens[i].dep in subjects and self.tokens[i].pos == "NOUN":
                agreed = self.reading.agree(pronoun, i, strictly=True)
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

    def _name_at(self, node: int) -> str:
        """The canonical name of a person whom a pronoun or a title means here."""
        token = self.tokens[node]
        titled = self.reading.folded[node] in self.roles.titles
        if token.pos != "PRON" and not titled:
            return ""
        end = self.tokens[min(node + 1, len(self.tokens) - 1)].end if titled else token.end
        for actor in self.arguments.actors:
            # A common noun would stand there without its article: the pronoun says it better.
            if actor.span.overlaps(Span(token.start, end)) and actor.name[:1].isupper():
                return actor.name
        return ""

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
                    token.dep not in self.labels.subject | self.labels.passive_subject
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
        own = self.labels.auxiliary | self.labels.subject | self.labels.passive_subject
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

    def _after(self, verb: int, depth: int = 0) -> list[Piece]:
        """What follows a verb: objects, complements, then phrases that it can spare."""
        labels = self.labels
        pieces: list[Piece] = []
        subjects, _ = self.reading.subjects(verb)
        objects = [noun for noun in self.reading.objects(verb) if noun not in subjects]
        for child in sorted({*self.tree.children[verb], *objects}):
            token = self.tokens[child]
            if child > verb and self._is_aside(child, verb):
                continue
            if child in objects:
                pieces += self._object(child, verb)
            elif child < verb:
                continue
            elif self.reading.is_temporal(child):
                pieces += self._after_date(child, depth)
            elif token.dep in labels.open_complement | labels.complement and depth < DEEPEST:
                pieces += self._complement(child, depth)
            elif token.dep in labels.predicative:
                pieces.append(self._phrase(child))  # "went missing", "is due to reopen"
                for clause in self.tree.below(child, labels.open_complement):
                    pieces += self._complement(clause, depth)
            elif token.dep in labels.noun_with_case | labels.preposition:
                pieces += self._oblique(child)
        return pieces

    def _is_aside(self, node: int, verb: int) -> bool:
        """Whether a mark stands between a verb and what follows: an odd comma, or a colon."""
        first = min(self._kept(node)) if self.tokens[node].pos in _NOMINAL else node
        marks = [self.tokens[i].text for i in range(verb + 1, first)]
        if self.tokens[first].pos == "ADP" and not self.reading.is_temporal(node):
            return ":" in marks or ";" in marks  # ", après dix jours de combats" goes on
        return ":" in marks or ";" in marks or marks.count(",") % 2 == 1

    def _after_date(self, date: int, depth: int) -> list[Piece]:
        """What the tree hung on a date, and the verb meant: "promis lundi de partir"."""
        pieces: list[Piece] = []
        for child in self.tree.children[date]:
            token = self.tokens[child]
            if token.dep in self.labels.noun_with_case | self.labels.preposition:
                pieces += self._oblique(child)
            elif "VerbForm=Inf" in token.morph and depth < DEEPEST:
                pieces += self._complement(child, depth)
        return pieces

    def _object(self, noun: int, verb: int) -> list[Piece]:
        if self.tokens[noun].pos == "PRON":
            return [Piece((noun,), NEVER, self._name_at(noun))] if noun > verb else []
        pieces = [self._phrase(noun)]
        for each in self.tree.conjuncts(noun)[1:3]:
            joint = [i for i in self.tree.children[each] if self.tokens[i].pos == "CCONJ"]
            if joint:
                pieces.append(Piece((*joint, *self._phrase(each).tokens), LATE))
        return pieces

    def _complement(self, verb: int, depth: int) -> list[Piece]:
        """A clause that completes the verb: "de quitter le pays", "that it would leave"."""
        marks = tuple(
            c
            for c in self.tree.children[verb]
            if c < verb and self.tokens[c].pos in {"SCONJ", "ADP", "PART"}
        )
        own = self.tree.below(verb, self.labels.subject | self.labels.passive_subject)[:1]
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
        for subject in self.tree.below(verb, self.labels.subject | self.labels.passive_subject)[:1]:
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
        elif word in roles.partners | roles.opponents or self._is_argument(nouns[0]):
            spare = LATE
        return [self._phrase(child, spare)]

    def _is_time(self, noun: int) -> bool:
        """A date, or a clock time: a number alone, "1600 GMT"."""
        bare = self.tokens[noun].pos == "NUM" and not any(
            self.tokens[c].pos in _NOMINAL for c in self.tree.children[noun]
        )
        word = self.reading.folded[noun]
        vague = word in self.roles.not_names or word in self.roles.time_nouns
        return bare or vague or self.reading.is_temporal(noun)

    def _is_argument(self, noun: int) -> bool:
        token = self.tokens[noun]
        spans = [p.span for p in self.arguments.places] + [a.span for a in self.arguments.actors]
        spans += self.trigger.core
        return any(span.start <= token.start < span.end for span in spans)

    def _noun(self, noun: int) -> list[Piece]:
        """An event named by its noun alone, with where it is."""
        pieces = [self._phrase(noun, bare=True)]
        covered = set(pieces[0].tokens)
        for place in self.arguments.places[:1]:
            tokens = self.reading.inside(place.span)
            if not tokens or covered.intersection(tokens):
                continue
            before = tokens[0] - 1
            if before >= 0 and self.reading.folded[before] in self.roles.locatives:
                pieces.append(Piece((before, *tokens), SOON))
        return pieces

    # ------------------------------------------------------------------ phrases

    def _phrase(self, head: int, spare: int = NEVER, *, bare: bool = False) -> Piece:
        """The phrase of a noun or preposition: no clause, aside, date; it stays in one stretch."""
        keep = self._kept(head)
        first = last = head
        while first - 1 in keep or (first - 2 in keep and self.tokens[first - 1].text in _QUOTES):
            first -= 1
        gap = 0
        for i in range(head + 1, max(keep) + 1):
            if i in keep:
                last, gap = i, 0
            elif self._may_pass(i):
                gap += 1
            else:
                break
        tokens = [i for i in range(first, last + 1) if i in keep]
        for at, i in enumerate(tokens):
            if i < head and self.tokens[i].pos == "CCONJ":
                tokens = tokens[at + 1 :]  # "lundi et un contrôle": what comes before is another
                break
        article = ""
        while (
            len(tokens) > 1 and tokens[0] < head and self._cannot_open(tokens[0], head, bare=bare)
        ):
            article = self.roles.contracted.get(self.reading.folded[tokens.pop(0)], "")
        while len(tokens) > 1 and self.tokens[tokens[-1]].pos in {"ADP", "DET", "CCONJ", "SCONJ"}:
            tokens.pop()
        tokens = self._hyphened(tokens)
        if article and bare:  # "du conflit" tells of the conflict
            words = self._text([Piece(tuple(tokens))], polished=False)
            return Piece(tuple(tokens), spare, f"{article} {words}")
        return Piece(tuple(tokens), spare)

    def _hyphened(self, tokens: list[int]) -> list[int]:
        """With the other half of a compound that the tokenizer cut: "ronds-points"."""
        if not any(
            self.tokens[i].text == "-"
            for i in range(tokens[0] - 1, tokens[-1] + 2)
            if 0 <= i < len(self.tokens)
        ):
            return tokens
        found = set(tokens)
        for i in tokens:
            for step in (1, -1):
                mark, other = i + step, i + 2 * step
                if not (0 <= other < len(self.tokens)) or self.tokens[mark].text != "-":
                    continue
                if self.reading.is_temporal(other):
                    continue
                first, last = sorted((i, other))
                if self.tokens[first].end + 1 == self.tokens[last].start:
                    found |= {mark, other}
        before = min(found) - 1
        if before >= 0 and min(found) < tokens[0] and self.tokens[before].pos == "DET":
            found.add(before)
        return sorted(found)

    def _kept(self, head: int) -> set[int]:
        known = self.kept.get(head)
        if known is None:
            known = self.kept[head] = self._find_kept(head)
        return known

    def _find_kept(self, head: int) -> set[int]:
        labels = self.labels
        clauses = (
            labels.relative_clause
            | labels.apposition
            | labels.parenthesis
            | labels.adverbial_clause
            | labels.complement
        )
        keep: set[int] = set()
        todo = [head]
        while todo:
            node = todo.pop()
            keep.add(node)
            for child in self.tree.children[node]:
                token = self.tokens[child]
                if token.dep in clauses and not self._is_apposed_name(child, node):
                    continue
                if token.dep in labels.participle_clause and token.pos == "VERB" and child > node:
                    continue
                if token.pos in _LOST and token.text.strip() not in _JOINED:
                    continue
                if token.dep in labels.conjunct and node == head and token.pos in {"VERB", "AUX"}:
                    continue
                if self._is_dated(child, head):
                    continue
                todo.append(child)
        return keep

    def _is_apposed_name(self, child: int, node: int) -> bool:
        """ "le ministre Sergueï Lavrov": a name that follows without a comma belongs."""
        between = range(node + 1, child)
        return self.tokens[child].pos == "PROPN" and not any(
            self.tokens[i].text in {",", "("} for i in between
        )

    def _is_dated(self, child: int, head: int) -> bool:
        """A date that a phrase carries with it, which a title leaves to the timeline."""
        nouns = [child, *self.tree.below(child, self.labels.prepositional_object)]
        token = self.tokens[child]
        if token.pos in {"DET", "ADJ"} and token.dep in self.labels.premodifier:
            return False
        if token.pos == "PROPN" and self.tokens[head].pos == "PROPN":
            return False  # "the Winter Games"
        hyphened = "-" in {self.tokens[child - 1].text, self.tokens[min(child + 1, head)].text}
        if child < head and hyphened:
            return False  # "the 22-year-old attacker"
        if self.tokens[head].pos == "NUM" or (child < head and token.pos == "NUM"):
            return False
        return any(self.reading.is_temporal(noun) for noun in nouns) and not any(
            self.tokens[i].pos == "NUM" and not self.tokens[i].text.isdigit()
            for i in self.tree.children[child]
        )

    def _may_pass(self, i: int) -> bool:
        """What a phrase may step over: a date or a mark of its own that the title leaves out."""
        return self.reading.is_temporal(i) or self.tokens[i].pos in {"DET", "ADP", "SPACE"}

    def _cannot_open(self, i: int, head: int, *, bare: bool) -> bool:
        """A conjunction, or a bare noun's preposition: a title does not begin with them."""
        token = self.tokens[i]
        if token.pos in {"CCONJ", "SCONJ"} or self.tree.is_relative(i):
            return True
        if not bare or self.tokens[i + 1].pos == "ADV":  # "au moins 98 personnes"
            return False
        leads = self.labels.case, self.roles.recipients
        if token.dep in self.labels.premodifier and self.reading.folded[i] not in leads[1]:
            return False  # "de nouvelles pluies"
        return token.pos == "ADP" or token.dep in leads[0] or self.reading.folded[i] in leads[1]

    def _sparable(self, piece: Piece, verb: int) -> Piece:
        """What follows the verb may go too, the last first, when nothing else helps."""
        return replace(piece, spare=max(piece.spare, LATE)) if piece.tokens[0] > verb else piece

    def _shortened(self, piece: Piece) -> Piece:
        """A person by name alone; a long phrase without the complements of its noun."""
        if piece.words or len(piece.tokens) < 3:
            return piece
        span = self.reading.span(piece.tokens[0], piece.tokens[-1] + 1)
        for actor in self.arguments.actors:
            if actor.kind == "person" and span.contains(actor.span):
                if self._is_led_to(actor.span, piece):
                    continue
                joint = piece.tokens[:1] if self.tokens[piece.tokens[0]].pos == "CCONJ" else ()
                named = tuple(
                    i
                    for i in piece.tokens
                    if self.tokens[i].start >= actor.span.start
                    and self.tokens[i].end <= actor.span.end
                )
                return Piece((*joint, *named), piece.spare) if named else piece
        if len(piece.tokens) <= WORDY:
            return piece
        tokens = list(piece.tokens)
        for at in range(3, len(tokens)):
            if self.tokens[tokens[at]].pos == "ADP":
                return Piece(tuple(tokens[:at]), piece.spare)
        return piece

    def _is_led_to(self, span: Span, piece: Piece) -> bool:
        """Whether a person only completes the noun of a phrase: "talks between X and Y"."""
        before = [i for i in piece.tokens if self.tokens[i].end <= span.start]
        return any(self.tokens[i].pos == "ADP" for i in before[1:])

    # ------------------------------------------------------------------ text

    def fitted(self, pieces: list[Piece]) -> str:
        """The pieces as text, without as many spare ones as the length asks; "" if it cannot."""
        while True:
            text = self._text(pieces)
            if len(text) <= LONGEST:
                return text
            spare = max((piece.spare for piece in pieces), default=NEVER)
            if spare == NEVER:
                return ""
            last = max(i for i, piece in enumerate(pieces) if piece.spare == spare)
            kept = self._kept_short(pieces, last)
            pieces = pieces[:last] + kept + pieces[last + 1 :]

    def _kept_short(self, pieces: list[Piece], at: int) -> list[Piece]:
        """A shorter form of the one thing that follows the verb: without it the act is bare."""
        behind = [p for p in pieces if p.tokens and p.tokens[0] > self.trigger.token]
        shorter = self._shortened(pieces[at])
        return [shorter] if behind == [pieces[at]] and shorter != pieces[at] else []

    def _text(self, pieces: Iterable[Piece], *, polished: bool = True) -> str:
        words: dict[int, str] = {}
        for piece in pieces:
            if piece.words:
                words.setdefault(piece.tokens[0], piece.words)
            else:
                for i in piece.tokens:
                    words.setdefault(i, self.tokens[i].text)
        out = ""
        previous: int | None = None
        for i in self._without_loose_end(sorted(words), words):
            if previous is not None:
                own = self.tokens[previous].text, self.tokens[i].text
                touching = i == previous + 1 and self.tokens[previous].end == self.tokens[i].start
                elided = self.reading.folded[previous] in self.roles.elided
                as_written = own == (words[previous], words[i])
                out += "" if as_written and (touching or elided) else " "
            out += words[i]
            previous = i
        return self._polished(out) if polished else out

    def _without_loose_end(self, order: list[int], words: dict[int, str]) -> list[int]:
        """Without the words at the end that would lead on: "à ce", "d'", "before", "to"."""
        roles = self.roles
        while len(order) > 1 and words[order[-1]] == self.tokens[order[-1]].text:
            token = self.tokens[order[-1]]
            leads = token.pos in {"DET", "SCONJ", "CCONJ"} or (
                token.pos in {"ADP", "PART"}
                and token.dep in self.labels.case | self.labels.preposition | self.labels.auxiliary
                and not any(c in words for c in self.tree.children[order[-1]] if c < order[-1])
            )
            word = self.reading.folded[order[-1]]
            if word in roles.exceptives:  # without what is left, "ne" would deny it
                order = [i for i in order if self.reading.folded[i] not in roles.half_negations]
            elif not leads and word not in roles.leading_on:
                break
            order = order[:-1]
        return order

    def _polished(self, text: str) -> str:
        text = _TIGHT_BEFORE.sub(r"\1", " ".join(text.split())).strip(_EDGES)
        if len(text) > 3 and text.isupper():
            text = text.lower()
        return text[:1].upper() + text[1:]

    def bare(self) -> str:
        """The trigger with its main actor, when no clause fits."""
        words = self._polished(self.trigger.span.of(self.reading.text))
        names = [actor.name for actor in self.arguments.actors[:1]]
        text = self._polished(": ".join([*names, words]))
        return text if len(text) <= LONGEST else words
