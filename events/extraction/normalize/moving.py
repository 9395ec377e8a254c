"""Which expressions move the telling to their day, and which only name one in passing.

A day named in passing ("le séisme du 25 avril", "a-t-il dit mardi") holds for its own sentence;
what led up to the news ("la veille, il avait …") holds for its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from events.extraction.annotations import Document, Span, Timex
from events.extraction.clauses import Sentences, clause_has, quotations, tells
from events.extraction.lexicon.times import TimeLexicon
from events.extraction.normalize.telling import NEAR, Placed, Reading, Telling
from events.extraction.normalize.when import When

_BOUNDS = frozenset({"since", "from", "until"})  # they name where a stretch ends, not its telling
_CLAUSE = 8  # words back to the one that opens a clause
_OPENING_MARKS = ',»”"'
_REPORTING = 5  # words of a reporting clause before its day: ", Prime Minister John Smith said"


def move(timex: Timex, said: Mapping[str, str], reading: Reading, telling: Telling) -> None:
    """Go on from the day that was just spoken of."""
    when = reading.when
    if when is None or _frames(timex.span, telling.document):
        return
    if said.get("kind") not in {"part", "clock"}:
        placed = Placed(timex, when)
        telling.placed.append(placed)
        where = telling.sentences.index(timex.span.start)
        telling.placed_in.setdefault(where, []).append(placed)
    if not reading.moves:
        return
    telling.last, telling.last_words, telling.last_at = when, timex.text, timex.span.start
    if "year" in said:
        telling.year_at, telling.year_written = timex.span.start, when.start.year
        telling.year_words = timex.text
    if when.grain != "D":
        return
    aside = (
        said.get("relation") in _BOUNDS
        or telling.in_passing(timex.span)
        or _is_quoted(timex.span, telling)
        or _is_aside(timex, said, when, telling)
        or _looks_back(timex, said, when, telling)
    )
    if telling.head is None and said.get("relation") == "until":
        return
    hour = re.match(r"T(\d\d):(\d\d)", reading.suffix)
    if hour:
        telling.clock = (when, int(hour[1]), int(hour[2]))
    if telling.head is not None and when.start < telling.head.start:
        telling.back, telling.back_words, telling.back_at = when, timex.text, timex.span.start
    if telling.head is not None and aside and not telling.head_in_passing:
        telling.aside, telling.aside_words = when, timex.text
        telling.aside_at = timex.span.start
        telling.aside_bounds = said.get("relation") in _BOUNDS and not _owns(timex.span, telling)
        return
    telling.head_in_passing = aside  # for want of a better one
    if telling.head != when and telling.head is not None:
        telling.before = telling.head
        if telling.head.start < when.start:
            telling.back, telling.back_words = telling.head, telling.head_words
            telling.back_at = telling.head_at
    if telling.main is None or not _is_background(timex, said, when, telling):
        telling.main, telling.main_words = when, timex.text
    if telling.head != when:
        telling.head_hour = -1
    telling.head, telling.head_words, telling.head_at = when, timex.text, timex.span.start
    if hour:
        telling.head_hour = int(hour[1])
    elif reading.suffix[:3] in {"TEV", "TNI"}:
        telling.head_hour = 20 if reading.suffix[:3] == "TEV" else 24


def _is_quoted(span: Span, telling: Telling) -> bool:
    return any(quoted.contains(span) for quoted in quotations(telling.document.text))


def _looks_back(timex: Timex, said: Mapping[str, str], when: When, telling: Telling) -> bool:
    """Whether it dates what was over by the day that is told: "mercredi, l'indice avait gagné"."""
    head, today = telling.head, telling.today
    if head is None or today is None or when.start >= head.start:
        return False
    if said.get("kind") in {"date", "day"}:
        # Only aside: "les dockers, qui avaient cessé le travail le 20 mai, ont voté la veille"
        start = telling.sentences.span(timex.span.start).start
        before = telling.sentences.before(timex.span.start, start, _CLAUSE)
        aside = not telling.times.cues["stop"].isdisjoint(before)
        news = aside and abs((head.start - today.start).days) <= NEAR
    elif said.get("kind") == "night":
        return (head.start - when.start).days > 1  # "éteint dans la nuit de mardi à mercredi"
    elif said.get("kind") == "eve":
        # As in: "son titre, qui avait déjà cédé 18% la veille, a plongé".
        return said["eve"].startswith("-") and _is_over_before(timex.span, telling)
    else:
        news = said.get("kind") in {"weekday", "deictic"} and head == today
    return news and clause_has(timex.span, "pluperfect", telling.sentences, telling.times)


def _is_background(timex: Timex, said: Mapping[str, str], when: When, telling: Telling) -> bool:
    """Whether it tells what led up to the news: "La veille, il avait reçu les syndicats"."""
    if telling.main is None:
        return False
    if telling.today is not None and when.start > telling.today.start:
        return True
    if when.start >= telling.main.start:
        return False
    return said.get("eve", "").startswith("-") or clause_has(
        timex.span, "pluperfect", telling.sentences, telling.times
    )


def _is_over_before(span: Span, telling: Telling) -> bool:
    """Whether the auxiliary nearest before an expression is that of the pluperfect."""
    cues, sentences = telling.times.cues, telling.sentences
    before = sentences.before(span.start, sentences.span(span.start).start, _CLAUSE)
    nearest = next((word for word in before if word in cues["past"]), "")
    return nearest in cues["pluperfect"]


def _is_aside(timex: Timex, said: Mapping[str, str], when: When, telling: Telling) -> bool:
    """Whether it dates who spoke, or a noun ("le séisme du 25 avril"), not what is told."""
    if said.get("kind") not in {"date", "weekday"}:
        return False
    sentences, times = telling.sentences, telling.times
    start = sentences.span(timex.span.start).start
    before = sentences.before(timex.span.start, start, 1)
    if before and before[0] in times.cues["complement"]:
        return "part_of" not in said
    if _owns(timex.span, telling):
        return True
    if tells(timex.span, "speech", sentences, times, 2):
        return when != telling.today or _is_laid_in(timex.span, telling)
    if _is_equated(timex.span, sentences, times):
        return True
    if not times.cues["conceding"].isdisjoint(sentences.before(timex.span.start, start, _CLAUSE)):
        return True  # "although its advisers ruled one out on Monday"
    head, index = telling.head, sentences.index
    if head is None:
        return False
    if index(telling.head_at) == index(timex.span.start):
        # "a frappé dimanche, après avoir traversé Cuba samedi"
        between = sentences.before(timex.span.start, telling.head_at)
        return not times.cues["counted_after"].isdisjoint(between)
    return False


def _is_laid_in(span: Span, telling: Telling) -> bool:
    """Whether it dates a reporting clause beside what is told: ", a indiqué jeudi le préfet"."""
    sentences = telling.sentences
    start = sentences.span(span.start).start
    opening = max(telling.document.text.rfind(mark, start, span.start) for mark in _OPENING_MARKS)
    if opening < 0:
        return False
    words = sentences.before(span.start, opening)
    closed = telling.document.text[span.end : span.end + 1] in {".", ","}
    return (
        bool(words)
        and len(words) <= _REPORTING
        and (closed or words[-1].split("-")[0] in telling.times.cues["past"])
    )


def _owns(span: Span, telling: Telling) -> bool:
    """Whether it names the day of a noun: "Thursday's referendum"."""
    return telling.document.text[span.end : span.end + 2] in {"'s", "’s"}


def _is_equated(span: Span, sentences: Sentences, times: TimeLexicon) -> bool:
    """Whether a copula makes it the day of a thing named: "the original one was June 30"."""
    before = sentences.before(span.start, sentences.span(span.start).start, 2)
    if len(before) < 2 or before[0] not in times.cues["copula"]:
        return False
    return before[1] not in times.cues["pointing"]  # "c'était le 4 septembre" goes on from it


def _frames(span: Span, document: Document) -> bool:
    """Whether it stands outside of the telling: in the dateline or under a picture."""
    dateline = document.dateline
    return (dateline is not None and dateline.span.contains(span)) or any(
        caption.overlaps(span) for caption in document.captions
    )
