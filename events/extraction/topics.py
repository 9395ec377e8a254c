"""What the words around a word are about: the types that the nouns of a text vote for.

A plain verb ("rouvrir", "lancer") says nothing of its subject, and a word of several types needs
to be told which it is of here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from events.extraction.annotations import EventType, Parsed, Token
from events.extraction.lexicon.triggers import TriggerClass, TriggerLexicon
from events.extraction.syntax import Tree

CONTENT = frozenset({"VERB", "AUX", "NOUN", "PROPN", "ADJ"})
_NEAR = 8  # tokens
_NEAR_VOTE, _TEXT_VOTE = 2.0, 6.0  # beside one for each noun of the sentence
_NOTHING = 1e-9  # what rounding leaves of a vote


class Topics:
    """The nouns of one document that tell what their surroundings are about.

    `folded` are its words, `keys` how the lexicon knows them ("" for small words).
    """

    def __init__(self, parsed: Parsed, tree: Tree, words: TriggerLexicon) -> None:
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.tree = tree
        self.words = words
        self.folded, self.lemmas = tree.folded, tree.lemmas
        self.keys = [self._key(token) if token.pos in CONTENT else "" for token in parsed.tokens]
        self.types = self._types()
        self._of_text = self._about_text()
        self._of_sentence: dict[int, defaultdict[EventType, float]] = {}

    def _key(self, token: Token) -> str:
        """How a word is looked up; names keep their plural as their lemma ("Schools closed")."""
        key = self.lemmas[token.i]
        if token.pos == "PROPN" and key.endswith("s") and key not in self.words.nouns:
            return key[:-1] if key[:-1] in self.words.nouns else key
        return key

    def matches(self, words: tuple[str, ...], first: int) -> bool:
        """Whether these words, as written or by their lemma, stand at token `first`."""
        if first < 0 or first + len(words) > len(self.tokens):
            return False
        folded, lemmas = self.folded, self.lemmas
        for i, word in enumerate(words, first):
            if word != folded[i] and word != lemmas[i]:
                return False
        return True

    def _types(self) -> dict[int, EventType]:
        """The nouns that tell what the words near them are about."""
        topics: dict[int, EventType] = {}
        for token in self.tokens:
            if token.pos in {"NOUN", "PROPN"}:
                for cls in self._classes_at(token.i):
                    if cls.type != "other" and cls.kind != "medium":
                        topics[token.i] = cls.type
                        break
        return topics

    def _classes_at(self, i: int) -> Iterator[TriggerClass]:
        """The classes of a noun: those of phrases that it heads, then its own."""
        key = self.keys[i]
        for phrase in self.words.noun_phrases.get(key, ()):
            if self.matches(phrase.words, i - phrase.head):
                yield phrase.of
        yield from self.words.nouns.get(key, ())

    def choice(self, classes: list[TriggerClass], i: int) -> TriggerClass | None:
        """Of the classes of a word the one that the words around it are about, else the first."""
        if len(classes) < 2:
            return classes[0] if classes else None
        about = self.about(i)
        return max(classes, key=lambda c: (about[c.type], -classes.index(c)))

    def type_at(self, i: int) -> EventType:
        """The type that the nouns around `i` agree on most; what a witness does is society."""
        if any("Person=1" in self.tokens[c].morph for c in self.tree.children[i]):
            return "society"
        about = self.about(i)
        return max(about, key=lambda kind: about[kind]) if about else "other"

    def is_mostly(self, kinds: frozenset[EventType]) -> bool:
        """Whether the text speaks more of these types together than of any other one."""
        votes = self._of_text
        others = (votes[kind] for kind in votes if kind not in kinds)
        return sum(votes[kind] for kind in kinds if kind in votes) > max(others, default=0)

    def about(self, i: int) -> defaultdict[EventType, float]:
        """How much the nouns around `i` speak for each type: near ones most, the text's least."""
        topics, sentence = self.types, self.parsed.sentence_of[i]
        votes = self._about_sentence(sentence).copy()
        if i in topics:  # a word does not speak for itself
            votes[topics[i]] -= 1 + _TEXT_VOTE / len(topics)
            if votes[topics[i]] < _NOTHING:
                del votes[topics[i]]
        for noun in {*self.tree.subtree(i), self.tokens[i].head}:
            near = noun != i and noun in topics and abs(noun - i) <= _NEAR
            if near and self.parsed.sentence_of[noun] == sentence:
                votes[topics[noun]] += _NEAR_VOTE
        return votes

    def _about_sentence(self, number: int) -> defaultdict[EventType, float]:
        """The votes of the nouns of a sentence, with those of the text."""
        known = self._of_sentence.get(number)
        if known is None:
            known = self._of_text.copy()
            sentence = self.parsed.sentences[number]
            for i in range(sentence.first, sentence.last):
                if i in self.types:
                    known[self.types[i]] += 1
            self._of_sentence[number] = known
        return known

    def _about_text(self) -> defaultdict[EventType, float]:
        votes: defaultdict[EventType, float] = defaultdict(float)
        for kind in self.types.values():
            votes[kind] += _TEXT_VOTE / len(self.types)
        return votes
