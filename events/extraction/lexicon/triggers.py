"""The words that evoke events: `data/<language>/triggers.toml`.

Each `[[class]]` of the file has an `id`, a `type` of the closed list and a `kind`:
  act      what happens or is done (the default)
  call refusal denial threat   the act is speech about another thing, and says its status
  report   a verb that says who vouches for what; an event only when nothing else is dated
  light    a verb whose event is its noun: "procéder à une arrestation"
  aspect   beginning, going on, ending: the event is what begins
  plan cancel                  a date set; a date moved or given up
  modal    carries the status of another verb
  state    no event by itself
  publication, medium          to come out, and what does: "un entretien paru jeudi"
  topic    nouns that are no events and tell what a plain verb is about
A class with `of_the_day` is news of the dispatch's own day when nothing dates it and a noun of
that type stands by: "la Bourse a bondi"; one that is `lasting` goes on for months.

Its words are `verbs` by infinitive (a reflexive with its pronoun; a particle, or the preposition
that gives it its sense, after the verb), phrases of a verb and its noun among them (of several
nouns the head counts, or the one that bears a *), and `nouns` in the singular. A word of several
classes is of the one that the words around it are about; the first wins when they say nothing. Of
a noun of several words the head is the word that bears a *, else the first or, in a language of
`[conventions] head = "last"`, the last one.
`examples` show the trigger in [brackets]; `rejects` have none.

A newsroom's own words (`OwnWord`) go before all of these: each is of its own type, or evokes no
event, whatever classes it has here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import Any, Literal, get_args

from events.extraction.annotations import EventType, OwnWord
from events.extraction.lexicon.files import LexiconError, read_data
from events.extraction.lexicon.times import fold

Kind = Literal[
    "act", "call", "refusal", "denial", "threat", "report", "light", "aspect", "plan", "cancel",
    "modal", "state", "topic", "publication", "medium",
]  # fmt: skip

_OWN = ".own."
_SILENT = f"{_OWN}none"
_KEYS = {"id", "type", "kind", "of_the_day", "lasting", "verbs", "nouns", "examples", "rejects"}


@dataclass(frozen=True, slots=True)
class TriggerClass:
    """Words that evoke one sort of event."""

    id: str
    type: EventType
    kind: Kind
    examples: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    of_the_day: str = ""
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun of several words; `head` is the index of its head among `words` (folded)."""

    words: tuple[str, ...]
    head: int
    of: TriggerClass


@dataclass(frozen=True, slots=True)
class TriggerLexicon:
    """All classes of a language by their words, folded.

    `verbs` maps an infinitive ("se tenir", "drop out") to its classes, in the order of the file;
    `verb_phrases` an infinitive to the nouns that complete it; `noun_phrases` a head noun to the
    longer nouns that it heads, longest first; `preposition_parts` each word of a preposition of
    several ("à partir de") to all of its words and its place among them.
    """

    language: str
    classes: Mapping[str, TriggerClass]
    verbs: Mapping[str, tuple[TriggerClass, ...]]
    verb_phrases: Mapping[str, Mapping[str, TriggerClass]]
    nouns: Mapping[str, tuple[TriggerClass, ...]]
    noun_phrases: Mapping[str, tuple[NounPhrase, ...]]
    pronouns: tuple[str, ...]
    preposition_parts: Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]
    since: frozenset[str]
    nominal_endings: tuple[str, ...] = field(default=())
    participles: Mapping[str, str] = field(default_factory=dict)

    def infinitive(self, participle: str) -> str:
        """The infinitive of a folded participle of a verb known here, or ""."""
        return self.participles.get(participle, "")


@lru_cache(maxsize=8)
def load_triggers(language: str, own: frozenset[OwnWord] = frozenset()) -> TriggerLexicon:
    """Read and check a language's trigger classes, and put `own` words before them.

    Raises LexiconError.
    """
    data = read_data(language, "triggers.toml")
    conventions = data.get("conventions", {})
    reader = _Reader(language, conventions)
    for entry in data.get("class", []):
        reader.add(entry)
    for word in sorted(own):
        if word.language == language:
            reader.prefer(word)
    return reader.lexicon()


def is_silent(rule: str) -> bool:
    """Whether a newsroom has said that the word of this rule evokes no event."""
    return rule.endswith(_SILENT)


def is_own(rule: str) -> bool:
    """Whether the word of this rule is one of a newsroom's own: nothing else types it."""
    return _OWN in rule


class _Reader:
    """Gathers the classes of one file."""

    def __init__(self, language: str, conventions: Mapping[str, Any]) -> None:
        self.language = language
        self.last_is_head = conventions.get("head") == "last"
        self.reflexives = tuple(fold(w) for w in conventions.get("reflexives", ()))
        self.pronouns = tuple(fold(w) for w in conventions.get("pronouns", ()))
        self.particles = frozenset(fold(w) for w in conventions.get("particles", ()))
        self.preposition_parts: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {}
        for phrase in conventions.get("prepositions", ()):
            words = tuple(words_of(phrase))
            for place, word in enumerate(words):
                self.preposition_parts[word] = (
                    *self.preposition_parts.get(word, ()),
                    (words, place),
                )
        self.since = frozenset(fold(w) for w in conventions.get("since", ()))
        self.small = frozenset(fold(w) for w in conventions.get("small_words", ()))
        self.endings = tuple(fold(w) for w in conventions.get("nominal_endings", ()))
        self.participle_endings = {
            fold(ending): tuple(fold(e) for e in endings)
            for ending, endings in conventions.get("participle_endings", {}).items()
        }
        self.irregular = {
            fold(participle): fold(verb)
            for verb, *forms in conventions.get("irregular_participles", ())
            for participle in forms
        }
        self.classes: dict[str, TriggerClass] = {}
        self.verbs: dict[str, tuple[TriggerClass, ...]] = {}
        self.verb_phrases: dict[str, dict[str, TriggerClass]] = {}
        self.nouns: dict[str, tuple[TriggerClass, ...]] = {}
        self.noun_phrases: dict[str, list[NounPhrase]] = {}

    def add(self, entry: Mapping[str, Any]) -> None:
        made = self._class(entry)
        for verb in entry.get("verbs", ()):
            self._add_verb(verb, made)
        for noun in entry.get("nouns", ()):
            self._add_noun(noun, made)

    def prefer(self, own: OwnWord) -> None:
        """Let a word be of the class that a newsroom gives it, and of no other."""
        name = f"{self.language}{_OWN}{own.type}" if own.type else self.language + _SILENT
        made = self.classes.setdefault(name, TriggerClass(name, own.type or "other", "act"))
        if own.part == "verb":
            verb, noun = self._verb(own.word)
            if noun:
                self.verb_phrases.setdefault(verb, {})[noun] = made
            else:
                self.verbs[verb] = (made,)
            return
        phrase = self._noun(own.word, made)
        if len(phrase.words) == 1:
            self.nouns[phrase.words[0]] = (made,)
            return
        others = self.noun_phrases.get(phrase.words[phrase.head], ())
        kept = [other for other in others if other.words != phrase.words]
        self.noun_phrases[phrase.words[phrase.head]] = [phrase, *kept]

    def _class(self, entry: Mapping[str, Any]) -> TriggerClass:
        where = f"{self.language}/triggers.toml: class {entry.get('id', '?')!r}"
        if unknown := entry.keys() - _KEYS:
            raise LexiconError(f"{where} has unknown keys: {', '.join(sorted(unknown))}")
        made = TriggerClass(
            entry.get("id", ""),
            entry.get("type", "other"),
            entry.get("kind", "act"),
            tuple(entry.get("examples", ())),
            tuple(entry.get("rejects", ())),
            entry.get("of_the_day", ""),
            entry.get("lasting", False),
        )
        if not made.id or made.id in self.classes:
            raise LexiconError(f"{where} has no id of its own")
        if made.type not in get_args(EventType):
            raise LexiconError(f"{where} has the type {made.type!r}")
        if made.kind not in get_args(Kind):
            raise LexiconError(f"{where} has the kind {made.kind!r}")
        self.classes[made.id] = made
        return made

    def _add_verb(self, written: str, made: TriggerClass) -> None:
        verb, noun = self._verb(written)
        if noun:
            self.verb_phrases.setdefault(verb, {}).setdefault(noun, made)
        elif made not in self.verbs.get(verb, ()):
            self.verbs[verb] = (*self.verbs.get(verb, ()), made)

    def _verb(self, written: str) -> tuple[str, str]:
        """A verb as it is looked up, and the noun that completes it, or ""."""
        words = list(words_of(written))
        prefix = ""
        if words[0] in self.reflexives:
            prefix = "se "
            words = words[1:]
        elif words[0] in self.pronouns:
            prefix = words[0]
            words = words[1:]
        verb, rest = prefix + words[0], words[1:]
        if rest and rest[0] in self.particles:
            verb += " " + rest[0]
            rest = rest[1:]
        if noun := self._head_of(rest):
            return verb, noun
        if rest:  # a preposition that makes another verb of it: "plaider pour", "call for"
            verb += " " + rest[0]
        return verb, ""

    def _head_of(self, words: Sequence[str]) -> str:
        """The noun that completes a verb: "state" of "a state of emergency", "" of "for the", what
        bears a * if something does."""
        if marked := next((word for word in words if word.startswith("*")), ""):
            return marked.removeprefix("*")
        content = list(dropwhile(lambda word: word in self.small, words))
        own = list(takewhile(lambda word: word not in self.small, content))
        if not own:
            return ""
        return own[-1] if self.last_is_head else own[0]

    def _add_noun(self, written: str, made: TriggerClass) -> None:
        phrase = self._noun(written, made)
        if len(phrase.words) == 1:
            if made not in self.nouns.get(phrase.words[0], ()):
                self.nouns[phrase.words[0]] = (*self.nouns.get(phrase.words[0], ()), made)
            return
        self.noun_phrases.setdefault(phrase.words[phrase.head], []).append(phrase)

    def _noun(self, written: str, made: TriggerClass) -> NounPhrase:
        words = tuple(words_of(written.replace("*", "")))
        head = len(words) - 1 if self.last_is_head else 0
        if "*" in written:
            head = len(tuple(words_of(written.split("*")[0])))
        return NounPhrase(words, head, made)

    def lexicon(self) -> TriggerLexicon:
        return TriggerLexicon(
            self.language,
            self.classes,
            self.verbs,
            self.verb_phrases,
            self.nouns,
            {
                head: tuple(sorted(phrases, key=lambda p: -len(p.words)))
                for head, phrases in self.noun_phrases.items()
            },
            self.pronouns,
            self.preposition_parts,
            self.since,
            self.endings,
            self._participles(),
        )

    def _participles(self) -> dict[str, str]:
        known = {
            verb.removeprefix("se ").split(" ")[0] for verb in (*self.verbs, *self.verb_phrases)
        }
        forms = {
            verb[: -len(ending)] + made: verb
            for verb in known
            for ending, endings in self.participle_endings.items()
            if verb.endswith(ending)
            for made in endings
        }
        return {**forms, **self.irregular}


def words_of(written: str) -> Iterator[str]:
    """The folded words of an entry; an elided word ("s'", "d'") is a word of its own."""
    for word in fold(written).split():
        elided, mark, rest = word.partition("'")
        if mark and rest:
            yield elided + mark
            yield rest
        else:
            yield word
