"""The day that is being told, followed from sentence to sentence, and who inherits it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from events.extraction.anchor.records import Date, Findings, Found, Told, rank, redated
from events.extraction.anchor.scene import Scene
from events.extraction.annotations import SPEECH, NormalizedTimex, Reason, Timex, Trigger
from events.extraction.lexicon.times import fold

_REACH = 3  # sentences that hours and minutes are counted over
_NEWS = timedelta(days=31)  # what lies further back is background, told in single sentences
_NEAR = 3  # days before the dispatch: what was done then is its news
_TODAY = frozenset({"past", "perfect", "present"})
_OVER = frozenset({"past", "perfect", "pluperfect"})
_ACTS = frozenset({"act", "call", "refusal"})
_HARMFUL = frozenset({"attack", "disaster", "protest"})


class Narrative:
    """Walks through a scene and dates what goes on telling the day."""

    def __init__(self, scene: Scene, found: Findings) -> None:
        self.scene = scene
        self.found = found
        self.news: Date | None = None  # the latest day on which something was done

    def tell(self) -> None:
        """Follow the day that is being told, and give it to what goes on telling it."""
        told: Told | None = None
        by_sentence: dict[int, list[int]] = {}
        for number, trigger in enumerate(self.scene.triggers):
            by_sentence.setdefault(trigger.sentence, []).append(number)
        for sentence in sorted(by_sentence):
            numbers = by_sentence[sentence]
            for number in numbers:
                if number not in self.found:
                    self._inherit_one(number, told)
                elif told is not None and not self._is_over(number):
                    self.found[number] = [self._on_day(f, told) for f in self.found[number]]
            told = self._day_told(numbers, told) or told
            if told is not None and self._is_news(told.when):
                self.news = told.when

    def _is_news(self, when: Date) -> bool:
        """Whether a day is the latest of those just before the dispatch."""
        today = self.scene.dct.day
        if today is None or when.start is None or not 0 <= (today - when.start).days <= _NEAR:
            return False
        return self.news is None or self.news.start is None or when.start >= self.news.start

    def _is_over(self, number: int) -> bool:
        """Whether it came before what is told: its time of day is of another day."""
        return self.scene.tense(self.scene.triggers[number].token) == "pluperfect"

    def _on_day(self, found: Found, told: Told) -> Found:
        """A time of day that names no day stands on the one being told."""
        when = found.when
        said = dict(when.timex.timex.fields)
        if when.timex.basis != "inherited" or said.get("kind") not in {"part", "clock"}:
            return found
        if {"same", "midnight"} & said.keys() or told.when.edtf is None:
            return found
        if when.edtf == told.when.edtf:
            return found
        words, source = when.timex.timex.text, told.when.timex.timex.text
        values = (("words", words), ("day", told.when.edtf), ("source", source))
        return replace(
            found, when=redated(when, told.when.edtf), reason=Reason("timex-head", values)
        )

    def _day_told(self, numbers: list[int], told: Told | None) -> Told | None:
        """The day on which a sentence tells that something was done, by its main clause.

        A look back in the pluperfect does not move the narrative once it has a day.
        """
        dated = [
            number
            for number in numbers
            if number in self.found
            and self.scene.quotation(self.scene.triggers[number].span) < 0
            and not self.scene.is_conceded(self.scene.triggers[number])
        ]
        # The main clause first, of several the last; what hangs on it after.
        main = [n for n in dated if self.scene.is_main(self.scene.triggers[n])]
        for number in [*reversed(main), *(n for n in dated if n not in main)]:
            trigger, best = self.scene.triggers[number], min(self.found[number], key=rank)
            tense = self.scene.tree.tense(trigger.token)
            tells = tense or self._lacks_its_clause(trigger)
            if best.when.precision != "day" or not tells or best.link == "inherited":
                continue
            if best.when.start is not None and best.when.start > (self.scene.dct.day or date.max):
                continue
            if tense == "pluperfect" and told is not None:
                continue
            return Told(best.when, trigger, self.scene.paragraph(trigger))
        return None

    def _inherit_one(self, number: int, told: Told | None) -> None:
        trigger = self.scene.triggers[number]
        if self.scene.quotation(trigger.span) >= 0:
            return
        kind, tense = self.scene.kind(trigger), self.scene.tree.tense(trigger.token)
        if kind in {"state", "modal", "report"} or self.scene.is_noun(trigger):
            return
        since = self._ongoing_since(trigger)
        if since is not None and tense in _OVER:
            self.found.add(number, since, "inherited", inherited(since))
            return
        whole = self._simultaneous(trigger)
        if whole is not None:
            self.found.add(number, whole, "inherited", inherited(whole))
            return
        near = self._within_hours_of(number, told) or self._told_beside(number, tense)
        if near is not None:
            self.found.add(number, near, "inherited", inherited(near))
            return
        if self._is_of_the_day(trigger, tense):
            self._add_day_of_dispatch(number)
            return
        if told is not None and self._goes_on(trigger, tense, told):
            self.found.add(number, told.when, "inherited", inherited(told.when))
        elif self.news is not None and self._takes_up(trigger, tense):
            self.found.add(number, self.news, "inherited", inherited(self.news))

    def _takes_up(self, trigger: Trigger, tense: str) -> bool:
        """Whether somebody answers the news, wherever it is told: "Le maire a refusé."."""
        if tense == "pluperfect" or tense not in self.scene.cues.narrative_tenses:
            return False
        if trigger.type not in SPEECH or self.scene.sort(trigger) not in _ACTS:
            return False
        if not self.scene.is_main(trigger) or self.scene.is_negated(trigger):
            return False
        # What is joined to another act without a subject of its own is of the other's day.
        labels, token = self.scene.tree.labels, trigger.token
        own = self.scene.tree.below(token, labels.any_subject)
        return bool(own) or self.scene.tokens[token].dep not in labels.conjunct

    def _is_of_the_day(self, trigger: Trigger, tense: str) -> bool:
        """Whether its class is news of the day when nothing dates it: a count, a market."""
        cls = self.scene.words.classes.get(trigger.rule)
        if cls is None or not cls.of_the_day or not self.scene.is_main(trigger):
            return False
        if self.scene.dct.day is None or self.scene.is_negated(trigger):
            return False
        # Capitals and headlines hide the tense of a verb that has its subject.
        if tense not in _TODAY and (tense or not self.scene.tree.subjects(trigger.token)[0]):
            return False
        sentence = self.scene.parsed.sentences[trigger.sentence]
        return any(
            noun.type == cls.of_the_day
            for token in self.scene.tokens[sentence.first : sentence.last]
            for noun in self.scene.words.nouns.get(self.scene.lemmas[token.i], ())
        )

    def _add_day_of_dispatch(self, number: int) -> None:
        trigger, day = self.scene.triggers[number], str(self.scene.dct.day)
        reason = Reason("anchor-dct", (("date", day),))
        timex = NormalizedTimex(
            timex=Timex(trigger.span, "", "DATE", "anchor-dct"),
            value=day,
            edtf=day,
            start=self.scene.dct.day,
            end=None,
            precision="day",
            basis="dct",
            reason=reason,
        )
        when = Date(
            timex, None, None, None, "day", trigger.span, trigger.token, trigger.token + 1,
            trigger.token,
        )  # fmt: skip
        self.found.add(number, redated(when, day), "dct", reason)

    def _goes_on(self, trigger: Trigger, tense: str, told: Told) -> bool:
        """Whether a clause without a date goes on telling the day of a sentence before."""
        if not self.scene.is_main(trigger):
            return False
        vivid = tense == "present" and self._is_vivid(told)
        narrated = tense in self.scene.cues.narrative_tenses and self._is_recent(told.when)
        if not vivid and not narrated:
            return False
        sentences = trigger.sentence - told.trigger.sentence
        paragraphs = self.scene.paragraph(trigger) - told.paragraph
        if self._says_same_day(trigger):
            return sentences <= 3 and paragraphs <= 1
        if trigger.type == "toll":
            return sentences <= 2 and paragraphs <= 1 and told.trigger.type in _HARMFUL
        if self.scene.sort(trigger) not in {"act", "call"}:
            return False
        if self._has_moved_on(trigger, told):
            return False
        return sentences == 1 and paragraphs == 0 and (vivid or self._tells_acts(told))

    def _has_moved_on(self, trigger: Trigger, told: Told) -> bool:
        """Whether its sentence named another day before: "il devait parler lundi, mais …"."""
        return any(
            self.scene.triggers[number].token < trigger.token
            and (day := self._day_of(number)) is not None
            and day.edtf != told.when.edtf
            for number in self._of_sentence(trigger)
            if number in self.found
        )

    def _is_vivid(self, told: Told) -> bool:
        """Whether a day that is over is told in the present: "Jeudi, un homme ouvre le feu"."""
        today, tense = self.scene.dct.day, self.scene.tree.tense(told.trigger.token)
        over = told.when.start is not None and (today is None or told.when.start < today)
        return over and tense == "present" and self.scene.sort(told.trigger) == "act"

    def _within_hours_of(self, number: int, told: Told | None) -> Date | None:
        """The day of what a clause tells hours or minutes of: "minutes after liftoff".

        It is the day of the event that the words name, else of the last one that the sentence
        dated before, else the one being told.
        """
        trigger = self.scene.triggers[number]
        for below in self._phrases_of_hours(trigger.token):
            events = [self.scene.at[i] for i in below if i in self.scene.at]
            before = [n for n in self._of_sentence(trigger) if n < number]
            for other in [*(n for n in events if n != number), *reversed(before)]:
                if other in self.found and (day := self._day_of(other)) is not None:
                    return day
            if told is not None and trigger.sentence - told.trigger.sentence <= _REACH:
                return told.when
        return None

    def _phrases_of_hours(self, verb: int) -> Iterator[list[int]]:
        """The phrases below a verb that say hours or minutes after or before something.

        "minutes after liftoff"; or the two words side by side, wherever the parser hung them.
        """
        cues, tokens = self.scene.cues, self.scene.tokens
        below_verb = self.scene.tree.subtree(verb)
        near = self.scene.folded[below_verb[0] : below_verb[-1] + 1]
        if cues.short_units.isdisjoint(near) or cues.from_there.isdisjoint(near):
            return
        phrases = [self.scene.tree.subtree(child) for child in self.scene.tree.children[verb]]
        phrases += [[i, i + 1] for i in below_verb if i + 1 in below_verb]
        for below in phrases:
            start, end = tokens[below[0]].start, tokens[below[-1]].end
            words = set(fold(self.scene.document.text[start:end]).split())
            if words & cues.hours_of_days:
                continue  # "quarante-huit heures après"
            if words & cues.short_units and words & cues.from_there:
                yield below

    def _told_beside(self, number: int, tense: str) -> Date | None:
        """The day of the clause that this one is laid beside: "; contact was lost", "and died"."""
        trigger = self.scene.triggers[number]
        tokens = self.scene.tokens
        # "ont signé un accord et libéré les prisonniers": one auxiliary for both
        active = not self.scene.tree.is_passive(tokens[trigger.token].head)
        shared = not tense and active and self.scene.tree.is_past_participle(trigger.token)
        done = shared or tense in self.scene.cues.narrative_tenses
        if not done or self.scene.sort(trigger) not in {"act", "light"}:
            return None
        if tokens[trigger.token].dep not in self.scene.tree.labels.conjunct:
            return None
        for other in (self.scene.at.get(tokens[trigger.token].head), self._joined_to(number)):
            if other is None or other not in self.found:
                continue
            lemma = self.scene.lemmas[self.scene.triggers[other].token]
            if lemma in self.scene.cues.dating or self._perfective(self.scene.triggers[other]):
                return self._day_of(other)
        return None

    def _joined_to(self, number: int) -> int | None:
        """The verb before that a conjunction joins to this one, whatever the parser made of it."""
        trigger, tokens = self.scene.triggers[number], self.scene.tokens
        token = trigger.token - 1
        while token > 0 and tokens[token].pos in {"AUX", "PRON", "ADV", "PART"}:
            token -= 1
        if self.scene.folded[token] not in self.scene.cues.conjunctions:
            return None
        for other in range(number - 1, -1, -1):
            verb = self.scene.triggers[other]
            if verb.sentence != trigger.sentence:
                return None
            if not self.scene.is_noun(verb):
                between = tokens[verb.token : token]
                return None if any(t.pos == "PUNCT" for t in between) else other
        return None

    def _of_sentence(self, trigger: Trigger) -> list[int]:
        return [n for n, t in enumerate(self.scene.triggers) if t.sentence == trigger.sentence]

    def _day_of(self, number: int) -> Date | None:
        """The full day of an event, None where it has none or only a longer time."""
        best = min(self.found[number], key=rank).when
        return best if best.precision == "day" else None

    def _is_recent(self, when: Date) -> bool:
        """Whether a day belongs to the news itself, not to what came long before it."""
        today = self.scene.dct.day
        return today is None or when.start is None or abs(today - when.start) <= _NEWS

    def _tells_acts(self, told: Told) -> bool:
        """Whether a sentence tells what was done, be it beside what was under way."""
        numbers = self._of_sentence(told.trigger)
        return any(
            self._perfective(self.scene.triggers[number])
            for number in numbers
            if number in self.found and self._is_on(number, told)
        )

    def _is_on(self, number: int, told: Told) -> bool:
        day = self._day_of(number)
        return day is not None and day.edtf == told.when.edtf

    def _perfective(self, trigger: Trigger) -> bool:
        tense = self.scene.tree.tense(trigger.token)
        return tense in self.scene.cues.narrative_tenses or self._lacks_its_clause(trigger)

    def _lacks_its_clause(self, trigger: Trigger) -> bool:
        """A verb that the parser took for a participle of its subject: "The shock hit at 12.50"."""
        token = self.scene.tokens[trigger.token]
        head = self.scene.tokens[token.head]
        alone = head.head == head.i and head.pos in {"NOUN", "PROPN"}
        clause = token.dep in self.scene.tree.labels.participle_clause
        marks = any(t.pos == "PUNCT" for t in self.scene.tokens[head.i : token.i])
        return alone and clause and not marks and self.scene.tree.is_past_participle(token.i)

    def _says_same_day(self, trigger: Trigger) -> bool:
        cues, tree = self.scene.cues.same_day, self.scene.tree
        for child in tree.children[trigger.token]:
            below = [self.scene.tokens[i].text for i in tree.subtree(child)]
            said = fold(" ".join(below))
            # What follows is often hung below it: "dans la foulée sur le parvis".
            if said in cues or any(" " in cue and said.startswith(f"{cue} ") for cue in cues):
                return True
        return False

    def _simultaneous(self, trigger: Trigger) -> Date | None:
        """The date of the clause during which this one happens: "pendant que", "as".

        Or which it breaks into, or goes on: "he was speaking on Monday when a man fired at him",
        "they flew on Monday to Amman, where they signed".
        """
        token, labels = self.scene.tokens[trigger.token], self.scene.tree.labels
        clauses = labels.adverbial_clause | labels.relative_clause
        if self.scene.sort(trigger) == "unknown" or token.dep not in clauses:
            return None
        opening = [c for c in self.scene.tree.children[token.i] if c < token.i]
        marks = {self.scene.word(c) for c in opening}
        goes_on = marks & self.scene.cues.breaking_in or any(
            self.scene.word(c) in self.scene.cues.where and self.scene.word(c - 1) == ","
            for c in opening
        )
        goes_on = goes_on and self._is_act_of_past(trigger)
        if not (goes_on or marks & self.scene.cues.during):
            return None
        for node in self.scene.tree.ancestors(token.i):
            governor = self.scene.at.get(node)
            if governor is not None:
                break
        else:
            return None
        if governor not in self.found:
            return None
        best = min(self.found[governor], key=rank)
        return best.when if best.when.precision == "day" else None

    def _is_act_of_past(self, trigger: Trigger) -> bool:
        tense = self.scene.tree.tense(trigger.token)
        return tense in self.scene.cues.narrative_tenses and self.scene.sort(trigger) == "act"

    def _ongoing_since(self, trigger: Trigger) -> Date | None:
        """From when on a thing lasts whose beginning is told: "the war, which began in"."""
        subjects, _ = self.scene.tree.subjects(trigger.token)
        for subject in subjects:
            for clause in self.scene.tree.below(subject, self.scene.tree.labels.relative_clause):
                number = self.scene.at.get(clause)
                if number is None or number not in self.found:
                    continue
                began = min(self.found[number], key=rank).when
                lemma = self.scene.lemmas[clause]
                if lemma in self.scene.cues.beginning and "/" not in (began.edtf or "/"):
                    return replace(began, edtf=f"{began.edtf}/..", end=None, precision="open")
        return None


def inherited(when: Date) -> Reason:
    values = (("date", when.edtf or ""), ("words", when.timex.timex.text))
    return Reason("anchor-inherited", values)
