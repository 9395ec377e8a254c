"""What an act is by who does it to what: the frames of one document.

A word's own classes and the topic around it cannot tell a court that suspends a law from a club
that suspends a player; subject and object do.
"""

from __future__ import annotations

from events.extraction.annotations import EventType
from events.extraction.lexicon.frames import Frame, FrameLexicon
from events.extraction.syntax import Tree
from events.extraction.topics import Topics

_NOBODY: frozenset[str] = frozenset()
_QUANTITY = "quantity"
_NAMING = frozenset({"NOUN", "PROPN"})
_REACH = 60  # tokens back to what a pronoun stands for


class Frames:
    """The frames of one document's verbs and nouns."""

    def __init__(self, tree: Tree, topics: Topics, words: FrameLexicon) -> None:
        self.tree = tree
        self.topics = topics
        self.words = words
        self.clauses = tree.labels.completing
        self._groups: dict[int, frozenset[str]] = {}
        self._leading: dict[int, EventType | None] = {}

    def of_verb(self, verb: int, key: str, *, named: bool) -> EventType | None:
        """The type that subject and object give to a verb, or None.

        Where a noun has `named` the event, only frames that say what is done to are asked.
        """
        frames = self.words.by_verb.get(key) or self.words.by_verb.get(key.split(" ")[0])
        if not frames:
            return None
        subjects, passive = self.tree.subjects(verb)
        obliques = self.tree.obliques(verb)
        hung = self.tree.hung_on_date(verb)
        agents = [i for word, i in (*obliques, *hung) if word in self.words.agents]
        objects = list(self.tree.below(verb, self.tree.labels.object))
        objects += (i for word, i in hung if word in self.words.articles)
        roles = {
            "subjects": agents if passive else subjects,
            "objects": subjects if passive else objects,
            "who": subjects,
            "with": [i for _, i in (*obliques, *hung)],
        }
        return self._first(frames, roles, verb, named=named)

    def of_noun(self, noun: int) -> EventType | None:
        """The type that its complements give to an event noun: "l'annulation de trains"."""
        frames = self.words.by_noun.get(self.topics.keys[noun])
        if not frames:
            return None
        complements = [i for _, i in self.tree.obliques(noun)]
        complements += self.tree.below(noun, self.tree.labels.name_part)
        roles = dict.fromkeys(("subjects", "objects", "who", "with"), complements)
        return self._first(frames, roles, noun, named=False)

    def _first(
        self, frames: tuple[Frame, ...], roles: dict[str, list[int]], i: int, *, named: bool
    ) -> EventType | None:
        held = {role: _NOBODY.union(*map(self._of, nouns)) for role, nouns in roles.items()}
        for frame in frames:
            if named and not frame.names_what:
                continue
            if frame.passive and not self.tree.is_passive(i):
                continue
            if frame.clause and not self.tree.below(i, self.clauses):
                continue
            if (
                not any(held[role].isdisjoint(names) for role, names in frame.roles)
                and (not frame.text or self.topics.is_mostly(frame.text))
                and (not frame.about or self._is_about(i, frame.about))
            ):
                return frame.type
        return None

    def _is_about(self, i: int, kinds: frozenset[EventType]) -> bool:
        if i not in self._leading:
            self._leading[i] = self.topics.type_at(i) if self.topics.about(i) else None
        leading = self._leading[i]  # None: nothing speaks against any type
        return leading is None or leading in kinds or self.topics.is_mostly(kinds)

    def _meant(self, pronoun: int) -> int | None:
        """The last subject before a pronoun of the third person that agrees with it."""
        token = self.tree.tokens[pronoun]
        if "Person=3" not in token.morph:
            return None
        for i in range(pronoun - 1, max(-1, pronoun - _REACH), -1):
            other = self.tree.tokens[i]
            is_subject = other.dep in self.tree.labels.any_subject
            if is_subject and other.pos in _NAMING and self.tree.agree(pronoun, i):
                return i
        return None

    def _of(self, noun: int) -> frozenset[str]:
        """The groups that hold a noun, as its lemma or at the head of several words."""
        known = self._groups.get(noun)
        if known is None:
            known = self._groups[noun] = self._find(noun)
        return known

    def _find(self, noun: int) -> frozenset[str]:
        tree, words = self.tree, self.words
        if tree.tokens[noun].pos == "PRON":
            meant = self._meant(noun)
            return _NOBODY if meant is None else self._of(meant)
        key = self.topics.keys[noun] or tree.lemmas[noun]
        found = words.groups.get(key, _NOBODY) | words.groups.get(tree.folded[noun], _NOBODY)
        for first in range(max(0, noun - 3), noun + 1):
            for phrase, names in words.phrases.get(tree.folded[first], ()):
                if first + len(phrase) > noun and self.topics.matches(phrase, first):
                    found |= names
        if _QUANTITY in found:
            for _, i in tree.obliques(noun):
                found |= self._of(i)
        return found | words.entities.get(tree.tokens[noun].ent_type, _NOBODY)
