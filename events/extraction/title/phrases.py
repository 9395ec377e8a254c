"""The phrases of a title: a noun with what belongs to it, without clauses, asides and dates."""

from __future__ import annotations

from dataclasses import replace

from events.extraction.annotations import Span
from events.extraction.title.lines import LATE, NEVER, Lines, Piece

WORDY = 7  # tokens of a phrase after which its own complements may go
NOMINAL = frozenset({"NOUN", "PROPN"})
_LOST = frozenset({"PUNCT", "SPACE"})
_LEADING_ON = frozenset({"ADP", "DET", "CCONJ", "SCONJ", "PUNCT"})
_JOINED = frozenset({"-", "'", "’", "/", "%", "$", "€"})
_QUOTES = frozenset({'"', "“", "«", "‘"})


class Phrases(Lines):
    """Nouns and what belongs to them."""

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
        while len(tokens) > 1 and self.tokens[tokens[-1]].pos in _LEADING_ON:
            tokens.pop()
        tokens = self._hyphened(self._whole_name(tokens))
        before = tokens[0] - 1
        folded = self.reading.folded
        placed = not bare and before >= 0 and folded[before] in self.roles.locatives
        if placed and self.tokens[before].pos == "ADV" and folded[tokens[0]] in self.roles.of:
            tokens.insert(0, before)  # "près du lieu"
        if article and bare:  # "du conflit" tells of the conflict
            words = self._text([Piece(tuple(tokens))], polished=False)
            return Piece(tuple(tokens), spare, f"{article} {words}")
        return Piece(tuple(tokens), spare)

    def _whole_name(self, tokens: list[int]) -> list[int]:
        """With the rest of the name at its end that the tree hung elsewhere: "Emmanuel Macron",
        "de la compagnie Germanwings"."""
        for i in range(tokens[-1] + 1, len(self.tokens)):
            last, following = self.tokens[i - 1], self.tokens[i]
            numbered = following.pos == "NUM" and last.pos == "PROPN"  # "Ariane 5"
            if not following.ent_type or (following.pos != "PROPN" and not numbered):
                break
            if following.ent_type != last.ent_type and last.pos != "NOUN":
                break
            tokens.append(i)
        return tokens

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
                if self._is_temporal(other):
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
        labels, clauses = self.labels, self.labels.beside_noun
        keep: set[int] = set()
        # "c'étaient les gilets jaunes": what the noun is said of is no part of it.
        said = labels.auxiliary | labels.any_subject
        said = said if self.tree.below(head, labels.auxiliary) else frozenset()
        todo = [head]
        while todo:
            node = todo.pop()
            keep.add(node)
            for child in self.tree.children[node]:
                token = self.tokens[child]
                if token.dep in clauses and not (
                    self._is_apposed_name(child, node) or self._is_attribute(child, node)
                ):
                    continue
                said_of = token.dep in labels.participle_clause and token.pos == "VERB"
                if said_of and child > node and not self._is_attribute(child, node):
                    continue
                if token.pos in _LOST and token.text.strip() not in _JOINED:
                    continue
                if token.dep in labels.conjunct and node == head and token.pos in {"VERB", "AUX"}:
                    continue
                if self._is_dated(child, head):
                    continue
                if token.dep in said:
                    continue
                todo.append(child)
        keep -= self._between_one(keep - {head})
        return keep | self._commas(keep)

    def _between_one(self, keep: set[int]) -> set[int]:
        """The words of "between X" whose other side the tree lost: "talks between Carr"."""
        for i in keep:
            whole = self.reading.folded[max(0, i - 1)] in self.roles.of  # "deux d'entre eux"
            if self.reading.folded[i] in self.roles.between and not whole:
                led = i if self.tokens[i].dep in self.labels.preposition else self.tokens[i].head
                side = {led, *self.tree.subtree(led)} & keep
                plural = any("Number=Plur" in self.tokens[n].morph for n in side)
                if not plural and all(self.tokens[n].pos != "CCONJ" for n in side):
                    return side
        return set()

    def _is_attribute(self, child: int, node: int) -> bool:
        """ "une main tendue", "de magnitude 6,7": a participle alone that is not what is told."""
        alone = child == node + 1 and not self.tree.children[child]
        return alone and child != self.trigger.token and "VerbForm=Part" in self.tokens[child].morph

    def _commas(self, keep: set[int]) -> set[int]:
        """Those of an enumeration that a conjunction ends: "of Russia, Iran and Turkey"."""
        found = set()
        for i in keep:
            if self.tokens[i].dep in self.labels.conjunct and self.tokens[i].pos in NOMINAL:
                before = min(self._within(i, keep)) - 1
                if before > 0 and self.tokens[before].text == "," and before - 1 in keep:
                    found.add(before)
        ends = [i for i in keep if self.tokens[i].pos == "CCONJ"]
        return {i for i in found if any(i < end for end in ends)}

    def _within(self, i: int, keep: set[int]) -> set[int]:
        """What is kept of a noun's own words before it."""
        return {i, *(child for child in self.tree.children[i] if child < i and child in keep)}

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
        if self.tokens[head].pos == "NUM" and token.pos != "ADP":
            return False  # "7 May", but not "one in 2018"
        if child < head and token.pos == "NUM":
            return False
        return any(self._is_temporal(noun) for noun in nouns) and not any(
            self.tokens[i].pos == "NUM" and not self.tokens[i].text.isdigit()
            for i in self.tree.children[child]
        )

    def _may_pass(self, i: int) -> bool:
        """What a phrase may step over: a date or a mark of its own that the title leaves out."""
        token = self.tokens[i]
        dated = self._is_temporal(i) or self._is_temporal(token.head)
        return dated or token.pos in {"DET", "ADP", "SPACE"}  # of "last month's" all three words

    def _cannot_open(self, i: int, head: int, *, bare: bool) -> bool:
        """A conjunction, or a bare noun's preposition: a title does not begin with them."""
        token = self.tokens[i]
        if token.pos in {"CCONJ", "SCONJ"} or self.tree.is_relative(i):
            return True
        if token.dep in self.labels.possessor and token.pos == "DET":
            return True  # "whose cabinet"
        if bare and token.pos == "ADV" and self.tokens[i + 1].pos == "SCONJ":
            return True  # "ainsi qu'un deuil"
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
                if self._is_led_to(actor.span, piece) or self._is_joined(actor.span, piece):
                    continue
                opening = self.tokens[piece.tokens[0]]
                joint = piece.tokens[:1] if opening.pos in {"CCONJ", "PUNCT"} else ()
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
        counted = self.tokens[tokens[0]].pos == "NUM"  # "8.000 personnes à Marseille et Nantes"
        for at in range(2 if counted else 3, len(tokens)):
            if self.tokens[tokens[at]].pos == "ADP":
                while self.tokens[tokens[at - 1]].pos in _LEADING_ON:
                    at -= 1  # "des experts et", of "des experts et des diplomates"
                return Piece(tuple(tokens[:at]), piece.spare)
        return piece

    def _is_led_to(self, span: Span, piece: Piece) -> bool:
        """Whether a person only completes the noun of a phrase: "talks between X and Y"."""
        before = [i for i in piece.tokens if self.tokens[i].end <= span.start]
        heads = [self.tokens[i] for i in self.reading.inside(span)]
        if any(t.dep in self.labels.apposition and t.head in before[:3] for t in heads):
            return False  # "le chef du gouvernement espagnol Mariano Rajoy"
        return any(self.tokens[i].pos == "ADP" for i in before[1:])

    def _is_joined(self, span: Span, piece: Piece) -> bool:
        """Whether others stand behind a person in a phrase: "X et l'Autorité du canal"."""
        behind = [self.tokens[i] for i in piece.tokens if self.tokens[i].start >= span.end]
        return any(token.pos == "CCONJ" for token in behind)

    def _is_time(self, noun: int) -> bool:
        """A date, or a clock time: a number alone, "1600 GMT"."""
        bare = self.tokens[noun].pos == "NUM" and not any(
            self.tokens[c].pos in NOMINAL for c in self.tree.children[noun]
        )
        word = self.reading.folded[noun]
        vague = word in self.roles.not_names or word in self.roles.time_nouns
        return bare or vague or self._is_temporal(noun)

    def _is_argument(self, noun: int) -> bool:
        token = self.tokens[noun]
        spans = [p.span for p in self.arguments.places] + [a.span for a in self.arguments.actors]
        spans += self.trigger.core
        return any(span.start <= token.start < span.end for span in spans)

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
