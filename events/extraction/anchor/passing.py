"""Dates that are not needed where they were found, and go to what they belong to."""

from __future__ import annotations

from dataclasses import replace

from events.extraction.anchor.records import Findings, rank
from events.extraction.anchor.scene import Scene
from events.extraction.annotations import SPEECH, Trigger


class Passing:
    """Hands dates on, from a publication to what was said in it, from a verb to its noun."""

    def __init__(self, scene: Scene, found: Findings) -> None:
        self.scene = scene
        self.found = found

    def from_media(self) -> None:
        """What is said "dans un entretien paru jeudi" was said on Thursday."""
        for number in list(self.found):
            trigger = self.scene.triggers[number]
            medium = self.scene.tokens[trigger.token].head
            if not self._is_publication(trigger) or not self._is_medium(medium):
                continue
            speaker = self._speaker_through(medium, number)
            if speaker is not None and speaker not in self.found:
                self.found[speaker] = [
                    replace(found, link="medium") for found in self.found.pop(number)
                ]

    def from_speakers(self) -> None:
        """A count is of the day on which it was said: "the toll rose to 40, police said Monday"."""
        for number in list(self.found):
            saying = self.scene.triggers[number]
            if saying.type != "statement" or self.scene.is_noun(saying):
                continue
            first = number
            while first and self.scene.triggers[first - 1].sentence == saying.sentence:
                first -= 1
            for count in range(first, number):
                if count not in self.found and self._counts(self.scene.triggers[count]):
                    told = [replace(found, link="medium") for found in self.found.pop(number)]
                    self.found[count] = told
                    break

    def _counts(self, trigger: Trigger) -> bool:
        """Whether a main clause says how many victims there are by now."""
        if trigger.type != "toll" or not self.scene.is_main(trigger):
            return False
        if self.scene.quotation(trigger.span) >= 0 or self.scene.is_negated(trigger):
            return False
        cls = self.scene.words.classes.get(trigger.rule)
        if cls is not None and cls.of_the_day:
            return True
        # "have died" is told of today; where the perfect narrates, it may be of any day.
        tense = self.scene.tree.tense(trigger.token)
        return tense == "perfect" and tense not in self.scene.cues.narrative_tenses

    def _speaker_through(self, medium: int, publication: int) -> int | None:
        """What was said in a medium: the act that it hangs on, else the nearest one before."""
        sentence = self.scene.triggers[publication].sentence
        before = [
            number
            for number, trigger in enumerate(self.scene.triggers)
            if trigger.sentence == sentence and trigger.token < medium
        ]
        nodes = [self.scene.at.get(node) for node in self.scene.tree.ancestors(medium)]
        for number in [*nodes, *reversed(before)]:
            if (
                number is None
                or number == publication
                or self.scene.is_noun(self.scene.triggers[number])
            ):
                continue
            trigger = self.scene.triggers[number]
            if trigger.type in SPEECH and self.scene.kind(trigger) != "report":
                return number
        return None

    def _is_publication(self, trigger: Trigger) -> bool:
        key = self.scene.lemmas[trigger.token]
        return any(cls.kind == "publication" for cls in self.scene.words.verbs.get(key, ()))

    def _is_medium(self, token: int) -> bool:
        key = self.scene.lemmas[token]
        return any(cls.kind == "medium" for cls in self.scene.words.nouns.get(key, ()))

    def from_pronouns(self) -> None:
        """ "Le pont s'est effondré. Cela s'est passé mardi.": it is the bridge's day."""
        for number in list(self.found):
            trigger = self.scene.triggers[number]
            if self.scene.lemmas[trigger.token] not in self.scene.cues.occurring:
                continue
            subjects, _ = self.scene.tree.subjects(trigger.token)
            words = {self.scene.folded[token] for token in subjects}
            if not words or not words <= self.scene.cues.pointing:
                continue
            told = self.scene.told_before(trigger.token)
            if told is not None and told not in self.found:
                self.found[told] = [
                    replace(found, link="inherited") for found in self.found.pop(number)
                ]

    def to_nouns(self) -> None:
        """A date that its verb does not need dates the noun between them.

        "a repris lundi la ville, sa plus grande victoire depuis le début de la guerre en 2011"
        """
        for options in list(self.found.values()):
            best = min(options, key=rank)
            for option in options:
                if (
                    option is not best
                    and option.other is not None
                    and option.other not in self.found
                ):
                    self.found[option.other] = [replace(option, link="noun", other=None)]
