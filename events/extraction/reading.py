"""A parsed document together with what its language knows of words: what stages ask alike.

The parsers are right nine times in ten; the questions here are put so that the tenth costs
little: a sentence goes from full stop to full stop, a date never governs a place, and a verb whose
subject or object the tree lost finds it by reading on from where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from events.extraction.annotations import Document, Parsed, Span
from events.extraction.enumerations import head_of, members_before
from events.extraction.lexicon import Lexicon
from events.extraction.lexicon.roles import NounKind, without_ligatures
from events.extraction.lexicon.times import TELLING, pieces
from events.extraction.syntax import tree_of

NOMINAL = frozenset({"NOUN", "PROPN", "NUM", "PRON"})
NEAR = 8  # tokens looked at beside a verb whose object the tree lost
CLOSE = 3  # tokens from "il y a" to the unit that it counts
ASIDE = 14  # tokens of the longest aside between a subject and its verb
LONG_ASIDE = 24  # of one that a relative pronoun begins
# "le 15", "du 28 au 30", "1er", "en 1953", "11H56"
_DAY_OR_YEAR = re.compile(
    r"(?P<year>\d{4})|(?P<day>\d{1,2})(?:er|st|nd|rd|th)?|(?P<clock>\d{1,2}(?:h|:)\d{0,2})"
)
_ASIDES = frozenset({"ADP", "NOUN"})  # what an aside between commas begins with
QUOTE_ENDS = frozenset({'"', "»", "”"})
ENDS_SPEECH = QUOTE_ENDS | {","}  # what stands between words and who said them
_STOPS = frozenset({".", "!", "?", "…", ";", "|"})


class Reading:
    """Tokens, tree and word lists of one document. Tokens are named by their index."""

    def __init__(self, document: Document, parsed: Parsed, lexicon: Lexicon) -> None:
        self.document = document
        self.parsed = parsed
        self.tokens = parsed.tokens
        self.text = document.text
        self.roles = lexicon.roles
        self.times = lexicon.times.words
        self.time_phrases = lexicon.times.phrases
        self.language = parsed.language.code
        self.tree = tree_of(parsed, lexicon.labels)
        self.labels = lexicon.labels
        self.folded = without_ligatures(self.tree.folded)
        self.lemmas = without_ligatures(self.tree.lemmas)
        self._starts = self.tree.starts
        self._temporal: dict[int, bool] = {}
        self._subjects: dict[int, tuple[list[int], bool]] = {}
        self._objects: dict[int, list[int]] = {}
        self._enumerated: dict[int, list[range]] = {}
        self._kinds: dict[int, NounKind | None] = {}
        self._hyphens = frozenset(t.i for t in parsed.tokens if t.text == "-")
        self._stops = [
            t.i
            for t in parsed.tokens
            if t.text in _STOPS or ("\n" in t.text and self._ends_paragraph(t.i))
        ]
        self._timely = self._find_timely(lexicon.times.telling)
        self._ago = self._find_ago()
        self.reporting = self._find_reporting()

    # ------------------------------------------------------------------ words

    def words(self, first: int, last: int) -> str:
        """The text of tokens [first, last) on one line."""
        return " ".join(self.text[self.tokens[first].start : self.tokens[last - 1].end].split())

    def words_between(self, first: int, last: int) -> str:
        """The text between tokens, line ends as they are."""
        return self.text[self.tokens[first].start : self.tokens[last].start]

    def span(self, first: int, last: int) -> Span:
        return Span(self.tokens[first].start, self.tokens[last - 1].end)

    def inside(self, span: Span) -> range:
        """The tokens that overlap a span."""
        first = bisect_right(self._starts, span.start) - 1
        if first < 0 or self.tokens[first].end <= span.start:
            first += 1
        return range(first, bisect_left(self._starts, span.end))

    def head_of(self, span: Span) -> int | None:
        """The token of a span that governs the others."""
        inside = [i for i in self.inside(span) if self.tokens[i].pos != "SPACE"]
        members = set(inside)
        for i in inside:
            token = self.tokens[i]
            outside = token.head not in members or token.head == i
            if outside and token.pos not in {"DET", "PUNCT", "ADP"}:
                return i
        return inside[0] if inside else None

    def noun_kind(self, node: int) -> NounKind | None:
        """What a common noun names, None if it is nobody."""
        if node not in self._kinds:
            nouns, kind = self.roles.nouns, None
            if self.tokens[node].pos in {"NOUN", "PROPN", "ADJ", "VERB"}:
                kind = nouns.get(self.folded[node])
                if kind is None:
                    kind = nouns.get(self.lemmas[node])
            self._kinds[node] = kind
        return self._kinds[node]

    def is_reporting(self, verb: int) -> bool:
        """A verb of saying, which introduces a source rather than an event."""
        return verb in self.reporting

    def _find_reporting(self) -> dict[int, None]:
        """The verbs of saying, in text order."""
        lemmas, forms = self.roles.reporting, self.roles.says
        said = zip(self.tokens, self.folded, self.lemmas, strict=True)
        return {
            token.i: None
            for token, word, lemma in said
            if (lemma in lemmas and token.pos in {"VERB", "AUX"})
            # "confie un serveur": after a quotation the tagger misses the verb.
            or (word in forms and token.pos not in {"DET", "ADP"})
        }

    # ------------------------------------------------------------------ time

    def is_temporal(self, node: int) -> bool:
        """A word of the calendar, or what belongs to one ("le 15 novembre", "il y a un an")."""
        if node not in self._timely:
            return node in self._ago
        known = self._temporal.get(node)
        if known is None:
            known = self._temporal[node] = self._tells_time(node)
        return known

    def _find_timely(self, telling: frozenset[str]) -> set[int]:
        """The words that may be temporal: all but those of letters that the calendar lacks."""
        found = {i for i, word in enumerate(self.folded) if word in telling or not word.isalpha()}
        return found.union(*((hyphen - 1, hyphen + 1) for hyphen in self._hyphens))

    def _find_ago(self) -> set[int]:
        """The words of "il y a" before a length of time."""
        found: set[int] = set()
        for phrase in self.roles.ago:
            words = phrase.split()
            for first, word in enumerate(self.folded):
                end = first + len(words)
                if word == words[0] and self.folded[first:end] == words:
                    following = range(end, min(end + CLOSE, len(self.tokens)))
                    if any(i in self._timely and self.is_temporal(i) for i in following):
                        found |= {*range(first, end)}
        return found

    def _tells_time(self, node: int) -> bool:
        if self.folded[node] == "-" and node:  # that of "week-end"
            return self._whole(node - 1) != self.folded[node - 1] and self._names_time(node - 1)
        if self._names_time(node):
            return not self._measures(node)
        match = _DAY_OR_YEAR.fullmatch(self.folded[node])
        if match is None:
            return False
        if match["year"]:
            return 1500 <= int(match["year"]) < 2200
        if match["clock"]:
            return True
        if int(match["day"]) > 31:
            return False
        if node and self.folded[node - 1] in self.roles.day_determiners:
            return True
        near = [node + 1, self.tokens[node].head, *self.tree.children[node]]
        return any(i < len(self.tokens) and i != node and self._names_time(i) for i in near)

    def _measures(self, node: int) -> bool:
        """A unit of time that counts something else: "une minute de silence"."""
        if "unit" not in self.times.get(self.folded[node], ()):
            return False
        return any(
            word in self.roles.of and self.tokens[noun].pos == "NOUN" and not self._names_time(noun)
            for word, noun in self.tree.obliques(node)
        )

    def _names_time(self, node: int) -> bool:
        word = self._whole(node).rstrip(".")
        symbols = self.times.get(word, ())
        if "-" in word:  # "après-midi" is a phrase to the calendar
            parts = pieces(word)
            known = self.time_phrases.get(parts[0], ()) if parts else ()
            symbols = next((values for phrase, values in known if phrase == parts), symbols)
        if TELLING.isdisjoint(symbols) or self.tokens[node].ent_type == "PER":
            return False
        if "month" in symbols and "fullmonth" not in symbols:  # "Jan" may be a first name
            beside = self.folded[max(0, node - 1) : node + 2]
            return any(word[:1].isdigit() for word in beside)
        return True

    def _whole(self, node: int) -> str:
        """A word with the halves that the tokenizer cut from it: "week-end"."""
        tokens, folded = self.tokens, self.folded
        for mark, other in ((node - 1, node - 2), (node + 1, node + 2)):
            if mark in self._hyphens and 0 <= other < len(tokens):
                first, last = sorted((node, other))
                if tokens[first].end + 1 == tokens[last].start:
                    return f"{folded[first]}-{folded[last]}"
        return folded[node]

    def is_calendar_word(self, node: int) -> bool:
        """ "Hier", "Noël": what the calendar knows, and the model may take for a name."""
        return self.folded[node] in self.times and self.folded[node] not in self.roles.demonyms

    # ------------------------------------------------------------------ clauses

    def sentence(self, node: int) -> tuple[int, int]:
        """Tokens [first, last) from one full stop to the next around `node`.

        Where the parser cuts a sentence at a comma or an adverb, its parts belong together here.
        """
        at = bisect_left(self._stops, node)
        first = self._stops[at - 1] + 1 if at else 0
        last = self._stops[at] + 1 if at < len(self._stops) else len(self.tokens)
        return first, last

    def _ends_paragraph(self, line_end: int) -> bool:
        after = line_end + 1
        following = self.tokens[after].text if after < len(self.tokens) else ""
        return self.tokens[line_end].text.count("\n") > 1 or not following[:1].islower()

    def obliques(self, verb: int) -> list[tuple[str, int]]:
        """The prepositional phrases of a verb, and those that its dates took from it."""
        found = list(self.tree.obliques(verb))
        for child in self.tree.children[verb]:
            if self.is_temporal(child):
                found += self.tree.obliques(child)
        return found

    def subjects(self, verb: int) -> tuple[list[int], bool]:
        """Who does (or, second value True, undergoes) a verb: the tree's answer, or the text's.

        A participle takes the nearest noun that it agrees with: "de nouvelles manifestations,
        fixées à mardi"; one that opens its sentence, the noun after the comma.
        """
        known = self._subjects.get(verb)
        if known is None:
            known = self._subjects[verb] = self._find_subjects(verb)
        return known

    def _find_subjects(self, verb: int) -> tuple[list[int], bool]:
        if speaker := self._speaker_after_quote(verb):
            return speaker, False
        subjects, passive = self.tree.subjects(verb)
        clitics = self.roles.object_pronouns
        subjects = [s for s in subjects if s != verb and self.folded[s] not in clitics]
        subjects = [self._whole_of(self._past_date(s, verb), verb) for s in subjects]
        if len(subjects) > 1:  # a colon or "dont" opens another clause
            subjects = [s for s in subjects if not self._is_cut_off(s, verb)] or subjects
            subjects = self._of_whose_clause(subjects)
        # "l'Insee réviserait ses prévisions": of two subjects, the one behind is the object.
        subjects = [s for s in subjects if s < verb] or subjects
        if len(subjects) == 1 and subjects[0] > verb and self._disagrees(subjects[0], verb):
            subjects = []  # "ont reconduit mardi leur grève"
        may_be_behind = not subjects or self.closes_speech(verb)
        if may_be_behind and (speakers := self._speakers_behind(verb)):
            return speakers, False
        if self.tokens[verb].dep in self.labels.participle_clause and len(subjects) == 1:
            if any(self.tokens[i].pos == "AUX" for i in range(max(0, verb - 4), subjects[0])):
                return self.lost_subject(verb), False  # "a pour sa part demandé"
            if self.is_temporal(subjects[0]) and (noun := self.noun_before(verb)) is not None:
                return [noun], passive  # "ont voté mercredi la poursuite de la grève, entamée"
            return [self._compounded(self.agreeing(verb, subjects[0]), verb)], passive
        if not subjects:
            subjects = self.lost_subject(verb)
        elif len(subjects) == 1:
            subjects = self._coordinated(subjects[0], verb)
        if inverted := self._behind_relative(verb):
            return [inverted], passive
        enumerated = [head_of(self.tokens, member) for member in self.enumerated(verb)]
        if not set(subjects).isdisjoint(enumerated):
            subjects = enumerated
        if not subjects and self.tree.is_past_participle(verb) and not self.is_finite(verb):
            subjects, passive = self.opened_noun(verb), True
        return subjects, passive

    def _behind_relative(self, verb: int) -> int | None:
        """ "deux localités qu'assiègent les insurgés": who does it stands right behind the verb."""
        if verb + 1 >= len(self.tokens) or not self.is_finite(verb):
            return None
        taken = [o for o in self.tree.below(verb, self.labels.object) if self.tree.is_relative(o)]
        if taken != [verb - 1] or self.tree.below(verb, self.labels.any_subject):
            return None
        for i in range(verb + 1, min(verb + NEAR, len(self.tokens))):
            if self.tokens[i].pos in {"NOUN", "PROPN"}:
                return None if self.is_temporal(i) else i
            if self.tokens[i].pos not in {"DET", "NUM", "ADJ"}:
                return None
        return None

    def enumerated(self, verb: int) -> list[range]:
        """The tokens of each of those who are enumerated as subjects of a finite verb."""
        if verb not in self._enumerated:
            first, _ = self.sentence(verb)
            self._enumerated[verb] = (
                members_before(self.tokens, verb, first, self.is_temporal)
                if self.is_finite(verb)
                else []
            )
        return self._enumerated[verb]

    def _speakers_behind(self, verb: int) -> list[int]:
        """ ", a déclaré M. Kerry": the tree takes the one who speaks for an object."""
        if not self.is_reporting(verb):
            return []
        found = [o for o in self.tree.below(verb, self.labels.object) if not self.is_temporal(o)]
        if found and found[0] > verb:
            return found
        return self._speaker_behind_date(verb)

    def closes_speech(self, verb: int) -> bool:
        """ "…, a annoncé le ministre": behind what was said, with no subject of its own before."""
        before = self._group_start(verb) - 1
        if not self.is_reporting(verb) or before < 0:
            return False
        if self.tokens[before].text not in ENDS_SPEECH or not self.is_finite(verb):
            return False
        behind = [o for o in self.tree.below(verb, self.labels.object) if o > verb]
        own = [s for s in self.tree.below(verb, self.labels.any_subject) if s < verb]
        return bool(behind) and not own and self._is_definite(behind[0])

    def _is_definite(self, noun: int) -> bool:
        determined = any(
            "Definite=Def" in self.tokens[child].morph or "Poss=Yes" in self.tokens[child].morph
            for child in self.tree.children[noun]
        )
        return determined or self.tokens[noun].pos == "PROPN"

    def _group_start(self, verb: int) -> int:
        """The first token of a verb with its auxiliaries."""
        start = verb
        while start and self.tokens[start - 1].pos == "AUX":
            start -= 1
        return start

    def _speaker_after_quote(self, verb: int) -> list[int]:
        """ "…", a promis dans la foulée sur le parvis Ana Sanz": the first noun behind the verb
        that no preposition leads to."""
        start = self._group_start(verb)
        before = [self.tokens[i].text for i in range(max(0, start - 2), start)]
        if not before or before[-1] not in ENDS_SPEECH or QUOTE_ENDS.isdisjoint(before):
            return []
        led = False
        for i in range(verb + 1, min(verb + ASIDE, len(self.tokens))):
            token = self.tokens[i]
            if token.pos in {"NOUN", "PROPN"}:
                if not led and not self.is_temporal(i):
                    return [i] if self.is_finite(verb) else []
                led = False
            elif token.pos == "ADP":
                led = True
            elif token.pos not in {"DET", "ADJ", "ADV", "NUM"}:
                break
        return []

    def _speaker_behind_date(self, verb: int) -> list[int]:
        """ ", a dit dans la matinée Ana Sanz": who speaks hangs on the date."""
        first, last = self.sentence(verb)
        opened = max(first, verb - 3)
        if not any(self.tokens[i].text in ENDS_SPEECH for i in range(opened, verb)):
            return []
        dated = False
        for i in range(verb + 1, min(last, verb + NEAR)):
            token = self.tokens[i]
            if self.is_temporal(i):
                dated = True
            elif token.pos in {"NOUN", "PROPN"}:
                return [i] if dated and self.tokens[i - 1].pos != "ADP" else []
            elif token.pos not in {"ADP", "DET", "ADJ", "ADV", "NUM"}:
                return []
        return []

    def _past_date(self, noun: int, verb: int) -> int:
        """The noun itself; behind a date that the tree took for what "qui" means, the name:
        "a dit dans la matinée Ana Sanz, qui partira"."""
        if not self.is_temporal(noun) or self.is_temporal(verb):
            return noun
        for child in self.tree.children[verb]:
            if self.tree.is_relative(child):
                between = range(child - 1, noun, -1)
                return next((i for i in between if self.tokens[i].pos == "PROPN"), noun)
        return noun

    def _whole_of(self, noun: int, verb: int) -> int:
        """The noun itself; of "413 civils, dont 45 enfants, ont" all of whom some are named."""
        first, _ = self.sentence(noun)
        mark = self._phrase_start(noun, first) - 1
        if mark - 1 <= first or noun > verb or self.folded[mark] not in self.roles.including:
            return noun
        closed = self.tokens[min(self.tree.phrase(noun)[1], len(self.tokens) - 1)].text == ","
        if self.tokens[mark - 1].text != "," or not closed:
            return noun  # "dont la trace s'était évanouie"
        before = (i for i in range(mark - 2, first - 1, -1) if self._is_noun(i))
        return next(before, noun)

    def _is_cut_off(self, noun: int, verb: int) -> bool:
        first, last = sorted((noun, verb))
        return any(self.tokens[i].text in {":", ";"} for i in range(first + 1, last))

    def _of_whose_clause(self, subjects: list[int]) -> list[int]:
        """Without those before "dont": "la compagnie, dont quatre navires étaient à quai"."""
        for at in range(len(subjects) - 1, 0, -1):
            first, _ = self.sentence(subjects[at])
            if self.tree.is_relative(self._phrase_start(subjects[at], first) - 1):
                return subjects[at:]
        return subjects

    def _disagrees(self, noun: int, verb: int) -> bool:
        """Whether a verb is said of another number than a single noun behind it."""
        group = self.tokens[self._group_start(verb) : verb + 1]
        finite = [t.morph for t in group if "Mood=Ind" in t.morph]
        if not finite or len(self.tree.conjuncts(noun)) > 1:
            return False
        singular, plural = "Number=Sing", "Number=Plur"
        own = self.tokens[noun].morph
        return (singular in own and plural in finite[0]) or (
            plural in own and singular in finite[0]
        )

    def _coordinated(self, noun: int, verb: int) -> list[int]:
        """A subject with the noun joined before it that the tree hung elsewhere."""
        first, _ = self.sentence(noun)
        start = self._phrase_start(noun, first)
        if self._is_one_for_many(noun, verb) and self.noun_kind(start - 1) is not None:
            start = self._phrase_start(start - 1, first)  # "et son homologue Ana Sanz ont"
        joint = start - 1
        before = joint - 1
        if (
            before >= first
            and self.tokens[joint].pos == "CCONJ"
            and self.tokens[before].pos == "PROPN"
            and not self.tree.below(before, self.labels.case)
        ):
            return [before, noun]
        if self._is_one_for_many(noun, verb):  # "a doctor, Ana Sanz, and three divers were"
            for i in range(self._group_start(verb) - 1, noun, -1):
                if self.tokens[i].pos == "CCONJ":
                    return [noun, *(j for j in range(i + 1, verb) if self._is_noun(j))][:2]
        return [noun]

    def _is_one_for_many(self, noun: int, verb: int) -> bool:
        """Whether a plural verb has a single name for its subject: another one is lost."""
        group = self.tokens[self._group_start(verb) : verb + 1]
        plural = any("Number=Plur" in t.morph and "Mood=Ind" in t.morph for t in group)
        return plural and "Number=Sing" in self.tokens[noun].morph

    def agreeing(self, participle: int, noun: int) -> int:
        """The noun itself, or the nearest before the participle whose gender and number fit."""
        if self.tree.agree(participle, noun):
            return noun
        for i in range(participle - 1, max(-1, participle - ASIDE), -1):
            named = self.tokens[i].pos in {"NOUN", "PROPN"}
            if named and self.tree.agree(participle, i, strictly=True):
                return i
        return noun

    def noun_before(self, participle: int) -> int | None:
        """The noun that a participle behind a comma says something of, if one agrees with it:
        "la lave du Cumbre Vieja, entré en éruption dimanche"."""
        if self.tokens[participle - 1].text != "," or not self.tree.is_past_participle(participle):
            return None
        if self.is_finite(participle):
            return None
        first, _ = self.sentence(participle)
        loosely: int | None = None
        for i in range(participle - 2, max(first, participle - ASIDE) - 1, -1):
            if self.tokens[i].pos == "VERB" or self.tokens[i].text in {",", ";", ":"}:
                break
            placed = self.tokens[i].pos == "PROPN" and self.folded[i - 1] in self.roles.locatives
            if placed or self.tokens[i].pos not in {"NOUN", "PROPN"} or self.is_temporal(i):
                continue
            if self.tree.agree(participle, i, strictly=True):
                return self._compounded(i, participle)
            if loosely is None and self.tokens[i].pos == "NOUN" and self.tree.agree(participle, i):
                loosely = i  # "remis" may be one or many
        return loosely

    def _compounded(self, noun: int, participle: int) -> int:
        """The noun that it completes, if the participle may be said of that: "âge" of "l'âge
        d'équilibre", "chef" of "le chef de l'Etat"."""
        head = self.tokens[noun].head
        led = any(word in self.roles.of for word in self._cases(noun))
        if not led or self.tokens[head].pos != "NOUN" or not self.tree.agree(participle, head):
            return noun
        bare = not any(self.tokens[c].pos == "DET" for c in self.tree.children[noun])
        return head if bare or self.noun_kind(head) is not None else noun

    def _cases(self, noun: int) -> list[str]:
        return [self.folded[c] for c in self.tree.below(noun, self.tree.labels.case)]

    def opened_noun(self, participle: int) -> list[int]:
        """ "Lancée en mars, la sonde …": the noun after the comma of an opening participle."""
        first, last = self.sentence(participle)
        if participle - first > 1:
            return []
        for i in range(participle + 1, min(last, participle + ASIDE)):
            if self.tokens[i].text == ",":
                for j in range(i + 1, min(last, i + NEAR)):
                    if self.tokens[j].pos in {"NOUN", "PROPN"}:
                        return [j] if self.tree.agree(participle, j) else []
                    if self.tokens[j].pos in {"VERB", "ADP", "PRON"}:
                        return []
        return []

    def objects(self, verb: int) -> list[int]:
        """The first nouns of a verb's objects; dates are none."""
        known = self._objects.get(verb)
        if known is None:
            known = self._objects[verb] = self._find_objects(verb)
        return known

    def _find_objects(self, verb: int) -> list[int]:
        found = [o for o in self.tree.below(verb, self.labels.object) if not self.is_temporal(o)]
        if not found and not self.tree.is_passive(verb):
            said = self.subjects(verb)[0]
            behind = [s for s in self.tree.subjects(verb)[0] if s > verb and s not in said]
            found = behind or self._lost_object(verb)
        if found and self.is_reporting(verb):
            speakers = self.subjects(verb)[0]
            found = [noun for noun in found if noun not in speakers]
        return found

    def _lost_object(self, verb: int) -> list[int]:
        """The noun just after a verb to which the tree gave another head: "a dévasté samedi X"."""
        labels = self.labels
        stray = labels.subject | labels.conjunct | labels.apposition
        beyond = 0
        for i in range(verb + 1, min(verb + ASIDE, len(self.tokens) - 1)):
            token = self.tokens[i]
            if i < beyond or self.is_temporal(i):
                continue
            if i >= max(verb + NEAR, beyond + CLOSE):
                break
            opens = token.text == ","
            if token.pos == "ADP" and self.is_temporal(i + 1):
                continue  # "dès lundi"
            placed = self.folded[i] in self.roles.locatives - self.roles.partitives
            if opens or (token.pos == "ADP" and placed):
                # "a exigé, par 122 voix, l'arrêt", "a arrêté à Lausanne, après huit jours, un plan"
                beyond = self._aside_end(i if opens else self._comma_after(i))
                if not beyond:
                    return []
                continue
            if token.pos == "NUM" and self.tokens[i + 1].pos not in {"NOUN", "ADJ", "NUM"}:
                return [i]  # "en avaient réuni 806.000"
            if token.pos in {"ADV", "DET", "ADJ", "NUM"} or token.text == ",":
                continue
            if token.pos == "ADP" and self.folded[i] in self.roles.partitives:
                continue  # "a réuni lundi des élus": the date takes "des" for "of the"
            cases = self.tree.below(i, labels.case)
            some = all(self.folded[c] in self.roles.partitives for c in cases)
            if token.pos in {"NOUN", "PROPN"} and some:
                # "a remporté dimanche son titre", "a exigé vendredi, par 122 voix, l'arrêt"
                taken = self.is_temporal(token.head) or (beyond and not cases)
                return [i] if token.dep in stray or taken else []
            return []
        return []

    def _comma_after(self, i: int) -> int:
        """The comma that follows a phrase of place of a few words, or the phrase itself."""
        behind = range(i + 1, min(i + CLOSE + 1, len(self.tokens)))
        return next((j for j in behind if self.tokens[j].text == ","), i)

    def _aside_end(self, comma: int) -> int:
        """The token behind the comma that closes an aside without a verb, 0 if there is none."""
        last = len(self.tokens) - 1
        if self.tokens[comma].text != "," or self.tokens[min(comma + 1, last)].pos not in _ASIDES:
            return 0
        for i in range(comma + 1, min(comma + ASIDE, last)):
            if self.tokens[i].text == ",":
                return i + 1 if self.tokens[i + 1].pos in {"DET", "NUM", "ADP"} else 0
            if self.tokens[i].pos in {"VERB", "AUX", "SCONJ"}:
                break
        return 0

    def lost_subject(self, verb: int) -> list[int]:
        """The noun phrase before a finite verb which the tree left without a subject.

        Read from right to left: auxiliaries, adverbs and dates are passed over, an aside between
        commas is jumped, a noun behind a preposition belongs to what stands before it.
        """
        if not self.is_finite(verb):
            return []
        first, _ = self.sentence(verb)
        i = verb - 1
        if i > first and self.tokens[i].pos == "CCONJ":  # "n'y voit qu'un leurre et maintient"
            verbs = (j for j in range(i - 1, first, -1) if self.tokens[j].pos == "VERB")
            before = next(verbs, None)
            return self.tree.subjects(before)[0] if before is not None else []
        while i >= first:
            token = self.tokens[i]
            if token.text == ",":
                opening = self._comma_before(i, first)
                if opening is None:
                    return []
                i = opening - 1
                continue
            if token.pos in {"VERB", "PUNCT", "SCONJ"}:
                return []
            if token.pos in {"NOUN", "PROPN"} and not self.is_temporal(i):
                start = self._phrase_start(i, first)
                if token.pos == "PROPN" and start > first and self.tokens[start - 1].pos == "NOUN":
                    i = start - 1  # "de la compagnie Germanwings": the name is that of the noun
                    continue
                led = self.tokens[start - 1]
                if start > first and led.pos == "ADP" and led.dep not in self.labels.premodifier:
                    i = start - 2
                    continue
                before = start - 1
                both = (
                    before > first
                    and self.tokens[before].pos == "CCONJ"
                    and self.tokens[before - 1].pos in {"NOUN", "PROPN"}
                )
                return [before - 1, i] if both else [i]
            i -= 1
        return []

    def lost_agent(self, verb: int) -> int | None:
        """The noun behind "par" that the tree hung elsewhere: "voté une fois par les élus"."""
        _, last = self.sentence(verb)
        for i in range(verb + 1, min(last - 1, verb + NEAR)):
            token = self.tokens[i]
            if token.pos == "VERB" or token.text in {",", ";", ":"}:
                return None
            if token.pos == "ADP" and self.folded[i] in self.roles.agent_prepositions:
                nouns = (j for j in range(i + 1, min(last, i + 4)) if self._is_noun(j))
                return next(nouns, None)
        return None

    def _is_noun(self, i: int) -> bool:
        return self.tokens[i].pos in {"NOUN", "PROPN"} and not self.is_temporal(i)

    def _comma_before(self, i: int, first: int) -> int | None:
        for j in range(i - 1, max(first, i - LONG_ASIDE), -1):
            if self.tokens[j].text == ",":
                return j if i - j < ASIDE or self.tree.is_relative(j + 1) else None
        return None

    def _phrase_start(self, noun: int, first: int) -> int:
        i = noun
        while i > first and (
            self.tokens[i - 1].pos in {"DET", "ADJ", "NUM", "PROPN"}
            or self.tokens[i - 1].ent_type == self.tokens[i].ent_type == "PER"
            or self.folded[i - 1] in self.roles.titles
        ):
            i -= 1
        return i

    def is_finite(self, verb: int) -> bool:
        """The verb tells something by itself: it is finite, or an auxiliary stands before it."""
        morph = self.tokens[verb].morph
        if "Mood=Ind" in morph or "VerbForm=Fin" in morph:
            return True
        if "VerbForm=Inf" in morph:
            return False
        return any(self.tokens[i].pos == "AUX" for i in range(max(0, verb - 4), verb))


_latest: list[Reading] = []


def reading_of(document: Document, parsed: Parsed, lexicon: Lexicon) -> Reading:
    """Return the reading of a document, the same for all that ask of one document in a row."""
    if not _latest or _latest[0].parsed is not parsed:
        _latest[:] = [Reading(document, parsed, lexicon)]
    return _latest[0]
