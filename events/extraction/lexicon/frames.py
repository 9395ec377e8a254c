"""What a plain act is, by who does it to what: `data/<language>/frames.toml`.

"Suspendre" is a sanction when it is done to a player, justice when a court does it to a law, and
"arriver" is aid when rescuers do it. The file has `[[group]]`s of words, named so that frames need
not repeat them: `nouns` (in the singular, several words as in triggers.toml) or `verbs` (by
infinitive). Each `[[frame]]` has an `id`, a `type` of the closed list, its `verbs` or `nouns`
and who or what must stand by, each list of nouns or, in <angles>, of groups:
  subjects   who does it
  objects    what is done to: the object, the subject of a passive, "the sale of …"
  who        either, for verbs without object, whose participles look like passives
  with       what a preposition ties to it
  about      types: what the words around speak of most must be one of these
  text       types: the same of the whole text
  passive    true: the verb must be in the passive
  clause     true: a clause must complete the verb ("that it would pay", "de payer")
A group may also hold entities, by `entities`: PER, ORG, LOC; for a word of the group "quantity" the
noun that follows counts ("une centaine de pompiers"). `agents` at the head of the file are the
prepositions of who does what is said in the passive, `articles` what a parser may take for a
preposition ("des fleurs"). Of several frames that fit the first
in the file decides. `examples` show the trigger in [brackets]; `rejects` show it too, and are of
another type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

from events.extraction.annotations import EventType
from events.extraction.lexicon.files import LexiconError, read_data
from events.extraction.lexicon.times import fold
from events.extraction.lexicon.triggers import words_of

_ROLES = ("subjects", "objects", "who", "with")
_FLAGS = ("passive", "clause")
_KEYS = {
    "id", "type", "verbs", "nouns", "about", "text", "examples", "rejects", *_ROLES, *_FLAGS
}  # fmt: skip
_GROUP_KEYS = {"id", "verbs", "nouns", "entities"}


@dataclass(frozen=True, slots=True)
class Frame:
    """Who and what makes an act one of this type; an empty condition holds always.

    `roles` has (name of the role, names of groups) for each that is asked for.
    """

    id: str
    type: EventType
    roles: tuple[tuple[str, frozenset[str]], ...]
    about: frozenset[EventType]
    text: frozenset[EventType]
    passive: bool
    clause: bool
    examples: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()

    @property
    def names_what(self) -> bool:
        """Whether it says what is done, and not only who does it."""
        return self.clause or any(role in {"objects", "with"} for role, _ in self.roles)


@dataclass(frozen=True, slots=True)
class FrameLexicon:
    """The frames of a language by the verbs and nouns that open them, in the order of the file.

    `groups` maps a folded noun to the groups that hold it; `phrases` the first word of a noun of
    several words to (all its words, their groups); `entities` a label to its groups.
    """

    frames: tuple[Frame, ...]
    by_verb: Mapping[str, tuple[Frame, ...]]
    by_noun: Mapping[str, tuple[Frame, ...]]
    groups: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]
    entities: Mapping[str, frozenset[str]]
    agents: frozenset[str]
    articles: frozenset[str]


@lru_cache(maxsize=8)
def load_frames(language: str) -> FrameLexicon:
    """Read and check a language's frames. Raises LexiconError."""
    data = read_data(language, "frames.toml")
    reader = _Reader(f"{language}/frames.toml", data)
    for entry in data.get("group", ()):
        reader.add_group(entry)
    for entry in data.get("frame", ()):
        reader.add_frame(entry)
    return reader.lexicon()


class _Reader:
    def __init__(self, where: str, data: Mapping[str, Any]) -> None:
        self.where = where
        self.agents = frozenset(data.get("agents", ()))
        self.articles = frozenset(("", *data.get("articles", ())))
        self.verbs: dict[str, tuple[str, ...]] = {}
        self.members: dict[str, set[str]] = {}
        self.entities: dict[str, set[str]] = {}
        self.known: set[str] = set()
        self.frames: dict[str, Frame] = {}
        self.by_verb: dict[str, tuple[Frame, ...]] = {}
        self.by_noun: dict[str, tuple[Frame, ...]] = {}

    def add_group(self, entry: Mapping[str, Any]) -> None:
        name = entry.get("id", "")
        if not name or name in self.known or entry.keys() - _GROUP_KEYS:
            raise LexiconError(f"{self.where}: group {name!r} has no id of its own or unknown keys")
        self.known.add(name)
        self.verbs[name] = tuple(fold(verb) for verb in entry.get("verbs", ()))
        for noun in entry.get("nouns", ()):
            self.members.setdefault(fold(noun), set()).add(name)
        for label in entry.get("entities", ()):
            self.entities.setdefault(label, set()).add(name)

    def add_frame(self, entry: Mapping[str, Any]) -> None:
        where = f"{self.where}: frame {entry.get('id', '?')!r}"
        if unknown := entry.keys() - _KEYS:
            raise LexiconError(f"{where} has unknown keys: {', '.join(sorted(unknown))}")
        name = entry.get("id", "")
        about, text = frozenset(entry.get("about", ())), frozenset(entry.get("text", ()))
        if not name or name in self.frames:
            raise LexiconError(f"{where} has no id of its own")
        if not {entry.get("type"), *about, *text} <= {*get_args(EventType)}:
            raise LexiconError(f"{where} names a type that is none")
        roles = tuple(
            (role, frozenset(self._group(word, where) for word in entry[role]))
            for role in _ROLES
            if role in entry
        )
        made = Frame(
            name,
            entry["type"],
            roles,
            about,
            text,
            entry.get("passive", False),
            entry.get("clause", False),
            tuple(entry.get("examples", ())),
            tuple(entry.get("rejects", ())),
        )
        self.frames[name] = made
        for verb in self._verbs(entry.get("verbs", ()), where):
            if made not in self.by_verb.get(verb, ()):
                self.by_verb[verb] = (*self.by_verb.get(verb, ()), made)
        for noun in entry.get("nouns", ()):
            self.by_noun[fold(noun)] = (*self.by_noun.get(fold(noun), ()), made)

    def _verbs(self, listed: Iterable[str], where: str) -> Iterator[str]:
        for written in listed:
            if _is_group(written):
                yield from self.verbs[_name(written, self.known, where)]
            else:
                yield fold(written)

    def _group(self, written: str, where: str) -> str:
        """The name of a group; a noun alone is a group of its own, whatever groups are called."""
        if _is_group(written):
            return _name(written, self.known, where)
        name = f"={fold(written)}"
        self.members.setdefault(fold(written), set()).add(name)
        return name

    def lexicon(self) -> FrameLexicon:
        phrases: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
        for written, names in self.members.items():
            words = tuple(words_of(written))
            if len(words) > 1:
                phrases.setdefault(words[0], []).append((words, frozenset(names)))
        return FrameLexicon(
            tuple(self.frames.values()),
            self.by_verb,
            self.by_noun,
            {w: frozenset(names) for w, names in self.members.items() if " " not in w},
            {
                first: tuple(sorted(found, key=lambda item: -len(item[0])))
                for first, found in phrases.items()
            },
            {label: frozenset(names) for label, names in self.entities.items()},
            self.agents,
            self.articles,
        )


def _is_group(written: str) -> bool:
    return written.startswith("<")


def _name(written: str, known: set[str], where: str) -> str:
    name = written.strip("<>")
    if name not in known:
        raise LexiconError(f"{where} names a group that is none: {written}")
    return name
