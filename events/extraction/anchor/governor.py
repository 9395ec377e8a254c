"""Which trigger a time expression dates: its governor in the clause, else the nearest."""

from __future__ import annotations

from collections.abc import Iterator

from events.extraction.anchor.records import Date, Link
from events.extraction.anchor.scene import Scene
from events.extraction.annotations import SPEECH, Trigger

_COARSE = frozenset({"year", "range", "open"})
_NOMINAL = frozenset({"ADP", "DET", "ADJ", "NOUN", "PROPN"})
_CUTS = frozenset(";:")


class Governor:
    """Asks the syntax of a scene, and the words around an expression, what it dates."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def of(self, when: Date) -> tuple[int | None, Link, int | None]:
        """The trigger that an expression dates, how it was found, and the second in line."""
        told = self._told_of(when)
        if told is not None:
            return told, "adjacent", None
        participle = self._opening_participle(when)
        if participle is not None:
            number = self.scene.at.get(participle)
            takes = number is not None and self._may_take(number, when)
            return number if takes else None, "clause", None
        if self._points_back(when):
            pointed = self.scene.told_before(when.first)
            return pointed, "sentence" if self._beside(pointed, when) else "inherited", None
        noun: int | None = None
        nonfinite: int | None = None
        for node in (when.top, *self.scene.tree.ancestors(when.top)):
            number = self.scene.at.get(node)
            if number is None:
                number = self._carried_by(node)
            if self.scene.lemmas[node] in self.scene.cues.dating:
                number = self._dated_by(node)
                if number is not None:
                    return number, "clause", None
            if number is None or not self._may_take(number, when):
                continue
            if self.scene.is_noun(self.scene.triggers[number]):
                noun = number if noun is None else noun
                continue
            asked = noun if noun is not None else self._noun_before(when)
            if asked is not None and self._is_asked_for(number, asked, when):
                return asked, "noun", None
            if self._opens_clause(when) and not self.scene.tense(self.scene.triggers[number].token):
                nonfinite = number if nonfinite is None else nonfinite
                continue
            return self._closer(number, when), "clause", self._noun_before(when) or noun
        if nonfinite is not None:
            return nonfinite, "clause", noun
        if noun is not None:
            return noun, "noun", None
        return self._nearest(when), "sentence", None

    def _told_of(self, when: Date) -> int | None:
        """What the words around an expression tie it to, whatever the parser makes of them.

        "le séisme du 25 avril", "en 1981, quand un avion avait heurté", "la réunion est le 5 mai".
        """
        if self._modifies_noun(when):
            for token in range(when.first - 2, max(-1, when.first - 5), -1):
                number = self.scene.at.get(token)
                if number is not None:
                    return number if self._may_take(number, when) else None
                if self.scene.tokens[token].pos not in {"ADJ", "ADP", "DET"}:
                    break
        since = self._noun_of_time(when)
        if since is not None and self._may_take(since, when):
            return since
        owns = self.scene.word(when.last) in self.scene.cues.possessive
        if owns and not self._is_its_scene(when):
            owned = self.scene.event_named(when.last + 1)
            if owned is not None and self._may_take(owned, when):
                return owned
        clause = self._clause_when(when)
        if clause is not None:
            return clause
        for token in self._just_before(when, 3):
            number = self.scene.at.get(token)
            if number is not None and self.scene.triggers[number].token == token:
                verb = not self.scene.is_noun(self.scene.triggers[number])
                return number if verb and self._may_take(number, when) else None
            if self.scene.tokens[token].pos not in {"ADP", "DET", "ADV"}:
                break
        for subject in self.scene.tree.below(when.top, self.scene.tree.labels.subject):
            if (number := self.scene.at.get(subject)) is not None:
                return number
        return None

    def _is_its_scene(self, when: Date) -> bool:
        """Whether what a date owns is where an act was done: "scored in Sunday's final"."""
        before = when.first - 1
        if before > 0 and self.scene.tokens[before].pos == "DET":
            before -= 1
        return self.scene.word(before) in self.scene.cues.scene_of

    def _dated_by(self, verb: int) -> int | None:
        """What a verb that only dates dates: "la réforme, qui …, date de 1992"."""
        for subject in self.scene.tree.below(verb, self.scene.tree.labels.subject):
            if (number := self.scene.at.get(subject)) is not None:
                return number
        return None

    def _opening_participle(self, when: Date) -> int | None:
        """The participle that opens a sentence, or the next one, and has its dates.

        "Née à Metz le 3 mai 1950, elle a …", "Revendiqué mercredi, l'attentat a …"
        """
        sentence = self.scene.parsed.sentences[self.scene.parsed.sentence_of[when.top]]
        first = sentence.first
        if first >= when.first or not self.scene.is_past_participle(first):
            return None
        last, tree = first, self.scene.tree
        for token in range(first + 1, sentence.last):
            if self.scene.is_finite(token):
                subjects, _ = tree.subjects(token)
                edge = min((tree.subtree(subject)[0] for subject in subjects), default=token)
                words = self.scene.tokens[when.last : max(edge, when.last)]
                return last if any(word.text == "," for word in words) else None
            if token < when.first and token in self.scene.at and self._is_verb(token):
                last = token  # "Ouvert en 1869, nationalisé en 1956, le canal …"
        return None

    def _is_verb(self, token: int) -> bool:
        return "VerbForm=" in self.scene.tokens[token].morph

    def _points_back(self, when: Date) -> bool:
        """Whether a clause only gives the day of what was just told: "C'était mardi."."""
        tokens = self.scene.tokens
        node = when.first - 1
        while node > 0 and tokens[node].pos in {"ADP", "DET", "ADV"}:
            node -= 1
        if node < 1 or self.scene.lemmas[node] not in self.scene.cues.being:
            return False
        following = tokens[when.last] if when.last < len(tokens) else None
        ends = following is None or following.pos in {"PUNCT", "SPACE"}  # not "c'est mardi que"
        return ends and self.scene.folded[node - 1] in self.scene.cues.pointing

    def _beside(self, number: int | None, when: Date) -> bool:
        sentence = self.scene.parsed.sentence_of[when.top]
        return number is None or self.scene.triggers[number].sentence == sentence

    def _noun_before(self, when: Date) -> int | None:
        """The event noun whose phrase an expression closes: "la prise d'otages de 1975"."""
        for token in self._just_before(when, 6):
            number = self.scene.at.get(token)
            if number is not None:
                return number if self.scene.is_noun(self.scene.triggers[number]) else None
            if self.scene.tokens[token].pos not in _NOMINAL:
                return None
        return None

    def _noun_of_time(self, when: Date) -> int | None:
        """The event that times a clause before its own date: "lors de sa mort, le 3 mai"."""
        tokens = self.scene.tokens
        comma = when.first - 1
        while comma >= 0 and tokens[comma].pos in {"ADP", "DET"}:
            comma -= 1
        if comma < 1 or tokens[comma].text != ",":
            return None
        found: int | None = None
        for token in range(comma - 1, max(-1, comma - 9), -1):
            if self.scene.folded[token] in self.scene.cues.timing:
                return found
            if tokens[token].pos not in _NOMINAL:
                return None
            number = self.scene.at.get(token)
            if number is not None and self.scene.is_noun(self.scene.triggers[number]):
                found = number
        return None

    def _is_asked_for(self, verb: int, noun: int, when: Date) -> bool:
        """Whether a coming date is that of what is called for: "appelle à une grève le 22 mars"."""
        today, asked = self.scene.dct.day, self.scene.triggers[noun].token
        return (
            self.scene.triggers[verb].status_class == "call"
            and self.scene.triggers[verb].token < asked < when.first
            and today is not None
            and when.start is not None
            and when.start > today
        )

    def _opens_clause(self, when: Date) -> bool:
        """Whether an expression stands first in its sentence: it then dates the main verb."""
        sentence = self.scene.parsed.sentences[self.scene.parsed.sentence_of[when.top]]
        before = self.scene.tokens[sentence.first : when.first]
        return all(token.pos in {"ADP", "DET", "ADV", "SPACE", "PUNCT"} for token in before)

    def _clause_when(self, when: Date) -> int | None:
        following = self.scene.tokens[when.last : when.last + 2]
        if not following or following[0].pos != "PUNCT":
            return None
        if self.scene.folded[following[-1].i] not in self.scene.cues.when:
            return None
        for token in range(following[-1].i + 1, min(following[-1].i + 16, len(self.scene.tokens))):
            number = self.scene.at.get(token)
            if number is not None and not self.scene.is_noun(self.scene.triggers[number]):
                return number
        return None

    def _closer(self, number: int, when: Date) -> int:
        """A finite verb that stands between, with no mark before the date, is its verb."""
        governor = self.scene.triggers[number].token
        for token in range(when.first - 1, governor, -1):
            if self.scene.tokens[token].pos == "PUNCT":
                break
            between = self.scene.at.get(token)
            if between is None or between == number or self.scene.triggers[between].token != token:
                continue
            if self.scene.is_finite(token) and self._may_take(between, when):
                return between
        return number

    def compares(self, when: Date) -> bool:
        """Whether an expression only measures: "la meilleure séance depuis 2012"."""
        bound = dict(when.timex.timex.fields).get("relation")  # "no earlier than August"
        before = [] if bound else [self.scene.tokens[i] for i in self._just_before(when, 3)]
        words = {self.scene.folded[t.i] for t in before}
        if words & self.scene.cues.comparison:
            return True
        if words & self.scene.cues.compared_from and before[0].pos == "NUM":
            return True  # "up from 202 two days earlier"
        if self._is_part_of_name(when) or self._is_struck(when):
            return True
        if (when.edtf or "").endswith("/.."):
            for token in self._just_before(when, 7):
                if self.scene.tokens[token].pos in {"VERB", "AUX"}:
                    break
                if self.scene.lemmas[token] in self.scene.cues.superlative:
                    return True
        return (
            self._modifies_noun(when)
            and when.precision in _COARSE
            and not any(token in self.scene.at for token in self._just_before(when, 4))
        )

    def _is_struck(self, when: Date) -> bool:
        """Whether it is what another date replaces: "lundi, et non mardi"."""
        tokens = self.scene.tokens
        led = [i for i in self._just_before(when, 2) if tokens[i].pos not in {"ADP", "DET"}][:1]
        if not led or self.scene.folded[led[0]] not in self.scene.cues.struck:
            return False
        return led[0] > 0 and tokens[led[0] - 1].pos in {"PUNCT", "CCONJ"}

    def _just_before(self, when: Date, count: int) -> Iterator[int]:
        """The tokens before an expression, nearest first, up to a mark."""
        for token in range(when.first - 1, max(-1, when.first - 1 - count), -1):
            if self.scene.tokens[token].pos in {"PUNCT", "SPACE"}:
                return
            yield token

    def _is_part_of_name(self, when: Date) -> bool:
        """Whether a year belongs to a name: "the 2024 Summer Games"."""
        top = self.scene.tokens[when.top]
        head = self.scene.tokens[top.head]
        return (
            when.precision == "year"
            and head.i > top.i
            and top.dep in self.scene.tree.labels.premodifier
            and head.pos == "PROPN"
        )

    def _carried_by(self, node: int) -> int | None:
        """A modal or copula is no trigger: what it carries is."""
        for child in self.scene.tree.below(node, self.scene.tree.labels.open_complement):
            number = self.scene.at.get(child)
            if number is not None:
                return number
        return None

    def _may_take(self, number: int, when: Date) -> bool:
        trigger = self.scene.triggers[number]
        if trigger.rule.endswith(".any-noun"):
            return False
        if self.scene.quotation(trigger.span) != self.scene.quotation(when.timex.timex.span):
            return False
        if when.last <= trigger.token and self._is_aside(trigger):
            return False
        kind, is_open = self.scene.kind(trigger), ".." in (when.edtf or "")
        if kind == "report" and is_open and not self.scene.tree.is_passive(trigger.token):
            return False  # but "ils seront jugés à partir du 4 novembre"
        return kind not in {"state", "modal"}

    def _is_aside(self, trigger: Trigger) -> bool:
        """Whether a verb of saying is laid between commas: "demain, promet-il, tout ira"."""
        if trigger.type not in SPEECH or trigger.token + 1 >= len(self.scene.tokens):
            return False
        before, after = self.scene.tokens[trigger.token - 1], self.scene.tokens[trigger.token + 1]
        return before.text == "," and after.text.startswith("-")

    def _modifies_noun(self, when: Date) -> bool:
        """Whether the expression is said of a noun: "le séisme du 25 avril", "Sunday's vote"."""
        before = self.scene.folded[when.first - 1] if when.first else ""
        first = self.scene.folded[when.first]
        return bool({before, first} & self.scene.cues.noun_links)

    def _nearest(self, when: Date) -> int | None:
        if self.scene.quotation(when.timex.timex.span) >= 0:
            return None  # people speak in fragments
        sentence = self.scene.parsed.sentence_of[when.top]
        near = [
            (self.scene.is_noun(trigger), abs(trigger.token - when.top), number)
            for number, trigger in enumerate(self.scene.triggers)
            if trigger.sentence == sentence
            and trigger.token in self.scene.at
            and self._may_take(number, when)
            and not self._cut(trigger.token, when.top)
        ]
        return min(near)[-1] if near else None

    def _cut(self, one: int, other: int) -> bool:
        """Whether a semicolon or colon stands between two tokens."""
        first, last = sorted((one, other))
        return any(token.text in _CUTS for token in self.scene.tokens[first:last])
