"""Triggers and time expressions to dates: which day each trigger stands on, and why.

A time expression dates the trigger that governs it in its clause, else the nearest one of its
sentence. What no expression dates takes the day that the narrative has reached, when its words
say that it goes on telling that day; else it is dropped. The date of a dateline dates nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from events.extraction.anchor.counting import Counting
from events.extraction.anchor.dates import Dates
from events.extraction.anchor.governor import Governor
from events.extraction.anchor.narrative import Narrative
from events.extraction.anchor.passing import Passing
from events.extraction.anchor.records import Findings
from events.extraction.anchor.scene import Scene
from events.extraction.anchor.settling import Settling
from events.extraction.annotations import (
    Anchoring,
    CreationTime,
    Document,
    NormalizedTimex,
    Parsed,
    Trigger,
)
from events.extraction.lexicon import Lexicon


def anchor(
    triggers: Sequence[Trigger],
    document: Document,
    parsed: Parsed,
    timexes: Sequence[NormalizedTimex],
    dct: CreationTime,
    lexicon: Lexicon,
) -> list[Anchoring | None]:
    """Return the date of each trigger, None where nothing dates it and it is no event here.

    An act told of two days ("en 1932 et 1984") keeps the further ones in `also`.
    """
    scene = Scene(triggers, document, parsed, dct, lexicon)
    read = list(Dates(scene).read(timexes))
    scene.leave_to_dates(read)
    dates = [when for when in read if when.edtf is not None]
    found = Findings()
    counting = Counting(scene, read, found)
    counted = counting.counted_from_events()
    governor = Governor(scene)
    for when in dates:
        if when.first in counted or governor.compares(when):
            continue
        number, link, other = governor.of(when)
        if number is not None:
            found.add(number, when, link, when.timex.reason, other)
    counting.date(counted)
    passing = Passing(scene, found)
    passing.from_media()
    passing.from_speakers()
    passing.from_pronouns()
    passing.to_nouns()
    Narrative(scene, found).tell()
    settling = Settling(scene, dates, found)
    return [settling.settled(number) for number in range(len(triggers))]
