"""Parsed text to triggers: every word that may evoke an event, and the type of the event.

Generous on purpose: which of them happened on a day is for `anchor` to decide. A verb whose event
is named by its noun ("procéder à une arrestation", "l'offensive lancée") makes one trigger with
it; a modal joins the infinitive that it carries.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from operator import attrgetter

from events.extraction.annotations import Document, EventType, Parsed, Span, Token, Trigger
from events.extraction.frames import Frames
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.times import fold
from events.extraction.lexicon.triggers import TriggerClass, TriggerLexicon, is_own
from events.extraction.syntax import tree_of
from events.extraction.topics import CONTENT, Topics

MAX_WORDS = 6  # of one trigger: a longer one points at a sentence, not at a word
# A verb of these kinds takes the type, and leaves the event, to its noun.
_NOUN_NAMES_IT = frozenset({"light", "aspect", "plan", "cancel", "modal"})
_NO_TYPE = _NOUN_NAMES_IT | {"publication"}
_NO_EVENT_NOUN = frozenset({"topic", "medium", "aspect", "plan"})
# What somebody makes known stays a statement if the thing is of these types.
_MERELY_TOLD = frozenset({"society", "other"})
# A verb of these types is of its subject's type, if that is an event that goes on for a while.
_OF_ITS_SUBJECT = frozenset({"other", "disaster", "society", "economy"})
_GOES_ON = frozenset({"talks", "agreement", "protest", "justice", "attack"})
_start, _end = attrgetter("start"), attrgetter("end")
_STATUS_CLASSES = frozenset({"call", "refusal", "denial", "threat", "plan", "cancel"})


def detect(document: Document, parsed: Parsed, lexicon: Lexicon) -> list[Trigger]:
    """Return the possible triggers of body and captions in text order, one a head token.

    `rule` is the id of the trigger class; a verb that no class knows has the rule
    `<language>.any-verb`, a noun told by its ending `<language>.any-noun`.
    """
    return _Detector(document, parsed, lexicon).triggers()


class _Detector:
    def __init__(self, document: Document, parsed: Parsed, lexicon: Lexicon) -> None:
        self.document = document
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.words: TriggerLexicon = lexicon.triggers
        self.calendar = lexicon.times.words
        self.tree = tree_of(parsed, lexicon.labels)
        self.topics = Topics(parsed, self.tree, self.words)
        self.frames = Frames(self.tree, self.topics, lexicon.frames)
        self.folded, self.keys = self.topics.folded, self.topics.keys
        self.openings = {sentence.first for sentence in parsed.sentences}
        self.clauses = self.tree.labels.completing
        self.complements: dict[int, list[int]] = {}
        self.taken: set[int] = set()  # nouns that a verb has made its own
        self.carried: dict[int, list[int]] = {}  # infinitive -> the modals before it

    def triggers(self) -> list[Trigger]:
        found: dict[int, Trigger] = {}
        scope = [t for t in self._told() if t.pos in CONTENT or self._opens_sentence(t)]
        for token in scope:
            if self._is_verb(token):
                trigger = self._of_verb(token)
                if trigger is not None:
                    found[token.i] = trigger
        for token in scope:
            if token.i not in found and token.i not in self.taken:
                trigger = self._of_noun(token)
                if trigger is not None:
                    found[token.i] = trigger
        for infinitive, modals in self.carried.items():
            if infinitive in found:
                found[infinitive] = self._widened(found[infinitive], modals)
        return [found[i] for i in sorted(found)]

    def _told(self) -> list[Token]:
        """The tokens of body and captions without those of the dateline, in text order."""
        line = self.document.dateline
        left, right = line.span if line is not None else (0, 0)
        told: set[int] = set()
        for start, end in (self.document.body, *self.document.captions):
            first = bisect_left(self.tokens, start, key=_start)
            last = bisect_right(self.tokens, end, key=_end)
            told.update(range(first, last))
        return [
            t
            for t in map(self.tokens.__getitem__, sorted(told))
            if t.start >= right or t.end <= left
        ]

    # --- verbs ---------------------------------------------------------------------------------

    def _is_verb(self, token: Token) -> bool:
        if token.dep in self.tree.labels.auxiliary:
            return False
        if token.pos in {"VERB", "AUX"}:
            return not self._is_in_preposition(token.i) and not self._is_name(token)
        return self._is_participle(token) and not self._is_in_preposition(token.i)

    def _is_name(self, token: Token) -> bool:
        """Whether a word with a capital that no lexicon knows passes for a verb: "par Nasser"."""
        if not token.text[:1].isupper() or token.text.isupper() or token.i in self.openings:
            return False
        return self._infinitive(token) not in self.words.verbs

    def _is_participle(self, token: Token) -> bool:
        # Participles that the tagger took for adjectives ("restent fermées"), or, where they open
        # a sentence with their capital, for names ("Livré en 1991, l'appareil …").
        passive = self.tree.labels.passive_auxiliary
        if token.pos in {"ADJ", "NOUN"} and self.tree.below(token.i, passive):
            return True
        if token.pos == "ADJ" or self._opens_sentence(token):
            return self._infinitive(token) in self.words.verbs
        return False

    def _is_in_preposition(self, i: int) -> bool:
        """Whether a word belongs to a preposition of several: "à partir de"."""
        parts = self.words.preposition_parts.get(self.folded[i], ())
        return any(self.topics.matches(words, i - place) for words, place in parts)

    def _opens_sentence(self, token: Token) -> bool:
        if token.i not in self.openings:
            return False
        following = self.tokens[token.i + 1 : token.i + 2]
        if not following:
            return False
        return following[0].pos in {"ADP", "DET", "ADV"} or self._is_of_the_calendar(token.i + 1)

    def _infinitive(self, token: Token) -> str:
        key = self.keys[token.i]
        if token.pos in {"VERB", "AUX"} and key in self.words.verbs:
            return key
        return self.words.infinitive(self.folded[token.i]) or key

    def _verb_key(self, token: Token) -> str:
        tree = self.tree
        key = self._infinitive(token)
        for child in tree.below(token.i, tree.labels.particle):
            key += " " + self.folded[child]
        if tree.below(token.i, tree.labels.reflexive):
            reflexive = "se " + key
            if reflexive in self.words.verbs or reflexive in self.words.verb_phrases:
                return reflexive
        return key

    def _of_verb(self, token: Token) -> Trigger | None:
        """The event of a verb, of the type of its idiom or its frame, else of its class or noun."""
        key = self._verb_key(token)
        phrase = self._phrase(token, key)
        if phrase is not None and phrase[1].kind not in _NOUN_NAMES_IT:
            return self._of_phrase(token, *phrase)
        trigger = self._of_phrase(token, *phrase) if phrase else self._told_by_verb(token, key)
        if trigger is None or is_own(trigger.rule):
            return trigger
        framed = self.frames.of_verb(token.i, key, named=bool(trigger.core))
        return replace(trigger, type=framed) if framed else trigger

    def _told_by_verb(self, token: Token, key: str) -> Trigger | None:
        classes = self._classes(token, key)
        if any(c.kind == "report" for c in classes) and self._only_introduces(token.i):
            return None
        carrier = next((c for c in classes if c.kind in _NOUN_NAMES_IT), None)
        if carrier is not None:
            if self._carries_infinitive(token.i, carrier):
                return None
            told = self._told_in_clause(token.i) if carrier.type == "statement" else None
            if told is not None:
                return replace(self._trigger(token.i, carrier, []), type=told)
            named = None if carrier.kind == "modal" else self._named_by_noun(token.i)
            if named is not None:
                noun, noun_class = named
                self.taken.add(noun)
                status = carrier if carrier.kind in _STATUS_CLASSES else noun_class
                trigger = self._trigger(token.i, noun_class, [noun])
                if carrier.type == "statement" and noun_class.type in _MERELY_TOLD:
                    trigger = replace(trigger, type="statement")
                elif trigger.type == "other":
                    trigger = replace(trigger, type=self.topics.type_at(token.i))
                return replace(trigger, status_class=_status_class(status), rule=carrier.id)
        own = self.topics.choice([c for c in classes if c.kind not in _NO_TYPE], token.i) or carrier
        if carrier is not None and carrier.kind == "plan" and self.tree.is_passive(token.i):
            own = carrier  # what "is expected" is set, who "expects" says so
        if own is None:
            own = TriggerClass(f"{self.words.language}.any-verb", "other", "act")
        trigger = self._trigger(token.i, own, [])
        if own.of_the_day:
            trigger = replace(trigger, span=self._span([token.i, self._figure(token.i)], token.i))
        if own.kind in _NOUN_NAMES_IT and (of_noun := self._type_of_taken(token.i)):
            return replace(trigger, type=of_noun)
        if own.of_the_day and not self.topics.about(token.i)[own.type]:
            return replace(trigger, type=self.topics.type_at(token.i))
        if "toll" in {cls.type for cls in classes}:
            dies = any(cls.type == "society" for cls in classes)
            return replace(trigger, type=self._type_of_harm(token.i, trigger.type, dies=dies))
        if trigger.type in _OF_ITS_SUBJECT and (of_subject := self._type_of_subject(token.i)):
            return replace(trigger, type=of_subject)
        if trigger.type == "other":
            return replace(trigger, type=self.topics.type_at(token.i))
        return trigger

    def _type_of_subject(self, verb: int) -> EventType | None:
        """The type of the event of which a verb without object is said: "les négociations ont \
capoté", "la grève est entrée dans son 29e jour"."""
        if self.tree.below(verb, self.tree.labels.object):
            return None
        for subject in self.tree.subjects(verb)[0][:1]:
            cls = self._noun_class(subject) if self.tokens[subject].pos == "NOUN" else None
            if cls is not None and cls.kind not in _NO_EVENT_NOUN and cls.type in _GOES_ON:
                return cls.type
        return None

    def _only_introduces(self, verb: int) -> bool:
        """Whether a verb of saying only marks a quotation: "a-t-il dit", on no day of its own."""
        subjects = self.tree.below(verb, self.tree.labels.subject)
        if not any(self.folded[i].startswith("-") for i in subjects):
            return False
        last = self.parsed.sentences[self.parsed.sentence_of[verb]].last
        for i in range(verb + 1, last):
            if self.tokens[i].pos == "PUNCT":
                break
            if self._is_of_the_calendar(i):
                return False
        return True

    def _told_in_clause(self, verb: int) -> EventType | None:
        """The type of what is made known in a clause: "a annoncé qu'il cédait sa filiale"."""
        labels = self.tree.labels
        for child in self.tree.below(verb, labels.completing):
            token = self.tokens[child]
            if child < verb or not self._is_verb(token):
                continue
            key = self._verb_key(token)
            idiom = self._phrase(token, key)
            classes = (idiom[1],) if idiom else self._classes(token, key)
            cls = self.topics.choice([c for c in classes if c.kind == "act"], child)
            if cls is not None and cls.type != "other":
                return cls.type
            named = self._named_by_noun(child)
            if named is not None and named[1].type != "other":
                return named[1].type
        return None

    def _type_of_harm(self, verb: int, own: EventType, *, dies: bool = False) -> EventType:
        """Whether the dead are counted of a dated disaster, or of a war that lasts.

        "un séisme a fait 10.000 morts" is the quake; "la guerre a tué 300.000 personnes" a toll.
        """
        subjects, passive = self.tree.subjects(verb)
        for subject in [] if passive else subjects:
            cls = self._noun_class(subject)
            if cls is not None and cls.type in {"attack", "disaster"}:
                return "toll" if cls.lasting else cls.type
        if dies and own == "toll" and self._is_one(subjects):
            return "society"  # the death of a person
        prepositions = {fold(word) for word, _ in self.tree.obliques(verb)}
        return "toll" if prepositions & self.words.since else own

    def _is_one(self, subjects: list[int]) -> bool:
        """Whether a verb is said of a single person."""
        return len(subjects) == 1 and "Number=Sing" in self.tokens[subjects[0]].morph

    def _carries_infinitive(self, verb: int, carrier: TriggerClass) -> bool:
        """Whether the event is an infinitive: it then takes `verb` as one of its modals."""
        if carrier.kind not in {"modal", "aspect", "plan"}:
            return False
        infinitives = self.tree.below(verb, self.tree.labels.open_complement)
        infinitives = [i for i in infinitives if self._is_verb(self.tokens[i])]
        above = self.carried.pop(verb, []) if infinitives else []
        for infinitive in infinitives:
            self.carried.setdefault(infinitive, []).extend([*above, verb])
        return bool(infinitives)

    def _classes(self, token: Token, key: str) -> tuple[TriggerClass, ...]:
        """The classes of a verb, by the longest word that its surroundings make of it."""
        verbs = self.words.verbs
        for preposition, noun in self.tree.obliques(token.i):
            if self._is_of_the_calendar(noun):
                continue  # "go on" is not said in "went missing on Tuesday"
            if found := verbs.get(f"{key} {fold(preposition.split(' ')[0])}"):
                return found
        for pronoun in self.words.pronouns:
            if (found := verbs.get(pronoun + key)) and self._has_pronoun(token.i, pronoun):
                return found
        return verbs.get(key, ()) or verbs.get(key.split(" ")[0], ())

    def _is_of_the_calendar(self, i: int) -> bool:
        symbols = self.calendar.get(self.folded[i].rstrip("."), {})
        return bool(_CALENDAR & symbols.keys())

    def _has_pronoun(self, verb: int, pronoun: str) -> bool:
        children = self.tree.below(verb, self.tree.labels.object)
        return any(self.folded[child] == pronoun for child in children)

    def _figure(self, verb: int) -> int:
        """What a verb that counts arrives at: "s'établissait à 202 [morts]"; else the verb."""
        for i in range(verb + 1, min(verb + MAX_WORDS + 1, len(self.tokens))):
            pos = self.tokens[i].pos
            if pos == "PUNCT":
                break
            figure = pos == "NUM" or self.folded[i][:1].isdigit()
            if figure and not self._is_of_the_calendar(i):
                after = i + 1
                while after < len(self.tokens) and self.tokens[after].pos == "NUM":
                    after += 1  # "3 million"
                counted = after < len(self.tokens) and self.tokens[after].pos == "NOUN"
                return after if counted else after - 1
        return verb

    def _of_phrase(self, token: Token, noun: int, cls: TriggerClass) -> Trigger:
        """An idiom; one that says nothing by itself ("avoir lieu") takes the type of its noun."""
        self.taken.add(noun)
        trigger = self._trigger(token.i, cls, [noun])
        if cls.type == "toll":
            if cls.of_the_day:  # it counts, whoever is to blame
                parts = [token.i, noun, self._figure(token.i)]
                return replace(trigger, span=self._span(parts, token.i))
            return replace(trigger, type=self._type_of_harm(token.i, cls.type))
        if cls.kind not in _NOUN_NAMES_IT:
            return trigger
        named = self._named_by_noun(token.i)
        if named is None:
            return replace(trigger, type=self.topics.type_at(token.i))
        self.taken.add(named[0])
        whole = self._trigger(token.i, named[1], [named[0], noun])
        return replace(whole, rule=cls.id, core=whole.core[:1])

    def _phrase(self, token: Token, key: str) -> tuple[int, TriggerClass] | None:
        """The noun that makes an idiom with this verb, and its class."""
        nouns = self.words.verb_phrases.get(key)
        if not nouns:
            return None
        for child in self._complements(token.i):
            if cls := nouns.get(self.keys[child]) or nouns.get(self.folded[child]):
                return child, cls
        # A noun without article right behind its verb is often hung elsewhere: "a prêté serment".
        for i in range(token.i + 1, min(token.i + 3, len(self.tokens))):
            if self.tokens[i].pos == "NOUN":
                cls = nouns.get(self.keys[i])
                return (i, cls) if cls else None
            if self.tokens[i].pos not in {"ADP", "ADV"}:
                return None
        return None

    def _complements(self, verb: int) -> list[int]:
        """What may name the event of `verb`: object, subject, obliques, the noun it modifies."""
        known = self.complements.get(verb)
        if known is None:
            tree, labels, token = self.tree, self.tree.labels, self.tokens[verb]
            known = self.complements[verb] = tree.below(verb, labels.object)
            known += (noun for _, noun in (*tree.obliques(verb), *tree.hung_on_date(verb)))
            known += tree.subjects(verb)[0]
            if token.dep in labels.participle_clause or token.dep in labels.relative_clause:
                known.append(token.head)
            known += tree.below(verb, self.clauses)
        return known

    def _named_by_noun(self, verb: int) -> tuple[int, TriggerClass] | None:
        subjects = self.tree.subjects(verb)[0]
        # "Le sommet s'est achevé sans communiqué": what is said of an event is that event.
        ranked = sorted(self._complements(verb), key=lambda child: child not in subjects)
        for child in ranked:
            token = self.tokens[child]
            if child in self.taken:
                continue
            if token.pos in {"NOUN", "PROPN"} and self._is_near(child, verb):
                cls = self._noun_class(child)
                if cls is not None and cls.kind not in _NO_EVENT_NOUN:
                    return child, cls
        return None

    def _type_of_taken(self, verb: int) -> EventType | None:
        """The type of the noun that would name this event, had no other verb made it its own:
        "ont reconduit la grève entamée mardi"."""
        for child in self._complements(verb):
            if child in self.taken and self._is_near(child, verb):
                cls = self._noun_class(child)
                if cls is not None and cls.kind not in _NO_EVENT_NOUN and cls.type != "other":
                    return cls.type
        return None

    def _is_near(self, noun: int, verb: int) -> bool:
        """Whether no colon, no semicolon and not too much stands between the two."""
        first, last = sorted((noun, verb))
        between = self.tokens[first + 1 : last]
        return len(between) < _FAR and not any(t.text in _CUTS for t in between)

    # --- nouns ---------------------------------------------------------------------------------

    def _noun_class(self, i: int) -> TriggerClass | None:
        key = self.keys[i] or self.folded[i]
        if self.tokens[i].pos == "PROPN" and self._is_of_the_calendar(i):
            return None  # March, the month
        for phrase in self.words.noun_phrases.get(key, ()):
            if self.topics.matches(phrase.words, i - phrase.head):
                return phrase.of
        classes = self.words.nouns.get(key) or self.words.nouns.get(self.folded[i], ())
        return (
            self.topics.choice(list(classes), i) if len(classes) > 1 else next(iter(classes), None)
        )

    def _of_noun(self, token: Token) -> Trigger | None:
        if token.pos not in {"NOUN", "PROPN"} or token.dep in self.tree.labels.name_part:
            return None
        if self._is_predicate(token):  # "it was an accident": a description
            return None
        cls = self._noun_class(token.i)
        if cls is not None:
            if cls.kind in {"topic", "medium"}:
                return None
            if cls.kind == "aspect":  # "le début de la guerre": the war's type
                named = self._named_by_noun(token.i)
                if named is None:
                    return None
                noun, noun_class = named
                self.taken.add(noun)
                return replace(self._trigger(token.i, noun_class, [noun]), rule=cls.id)
            trigger = self._trigger(token.i, cls, [])
            framed = None if is_own(cls.id) else self.frames.of_noun(token.i)
            return replace(trigger, type=framed) if framed else trigger
        if token.pos == "NOUN" and self.keys[token.i].endswith(self.words.nominal_endings):
            cls = TriggerClass(
                f"{self.words.language}.any-noun", self.topics.type_at(token.i), "act"
            )
            return self._trigger(token.i, cls, [])
        return None

    def _is_predicate(self, token: Token) -> bool:
        if self.tree.children[token.i] and self.tree.below(token.i, _COPULA):
            return True
        return token.dep == "attr" and self.keys[token.head] == "be"

    # --- records -------------------------------------------------------------------------------

    def _trigger(self, head: int, cls: TriggerClass, core: list[int]) -> Trigger:
        tree, tokens = self.tree, self.tokens
        parts = [head, *tree.below(head, tree.labels.particle), *core]
        cores = []
        for noun in core:
            first, last = tree.phrase(noun)
            cores.append(Span(tokens[first].start, tokens[last - 1].end))
        return Trigger(
            span=self._span(parts, head),
            token=head,
            sentence=self.parsed.sentence_of[head],
            type=cls.type,
            rule=cls.id,
            core=tuple(cores),
            status_class=_status_class(cls),
        )

    def _span(self, parts: list[int], head: int) -> Span:
        """From the first to the last of these tokens if that is short, else the head alone."""
        first, last = min(parts), max(parts)
        span = Span(self.tokens[first].start, self.tokens[last].end)
        text = span.of(self.document.text)
        if len(text.split()) > MAX_WORDS or "\n" in text:
            return Span(self.tokens[head].start, self.tokens[head].end)
        return span

    def _widened(self, trigger: Trigger, modals: list[int]) -> Trigger:
        inside = [
            t.i
            for t in self.tokens[max(0, trigger.token - 12) : trigger.token + 12]
            if trigger.span.contains(Span(t.start, t.end))
        ]
        near = [m for m in modals if abs(m - trigger.token) <= MAX_WORDS]
        return replace(trigger, span=self._span([*inside, *near], trigger.token))


_CALENDAR = frozenset({"month", "weekday", "wdabbr", "unit", "part"})
_CUTS = frozenset(":;")
_COPULA = frozenset({"cop"})
_FAR = 25  # tokens: a noun further off is the slip of a parser


def _status_class(cls: TriggerClass) -> str:
    return cls.kind if cls.kind in _STATUS_CLASSES else ""
