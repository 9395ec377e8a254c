"""No text stops the extraction: dispatches made of sentences that do not belong together."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from pathlib import Path

import pytest

from events import intervals
from events.extraction import ExtractionRequest, extract

SETS = Path(__file__).parent.parent / "evaluation"
DAYS = [None, date(2016, 12, 8), date(1999, 1, 31), date(2024, 2, 29)]
WEEKDAYS = {"fr": "mardi", "en": "on Tuesday"}
NUMBER, LENGTH = 20, 8  # texts, and sentences of each


def sentences(language: str) -> list[str]:
    found = []
    for path in sorted(SETS.glob("*.json")):
        for document in json.loads(path.read_text("utf-8")).get("docs", ()):
            if document["lang"] == language:
                found += re.split(r"(?<=[.!?])\s+", document["text"])
    return [one for one in found if 10 < len(one) < 500]


def distorted(text: str, choice: random.Random) -> str:
    match choice.randrange(5):
        case 0:
            return text.upper()
        case 1:
            words = text.split()
            choice.shuffle(words)
            return " ".join(words)
        case 2:
            return re.sub(r"[.,;:]", "", text)
        case 3:
            return text.replace(" ", "\n")
    return text


def turned(sentence: str, day: str, choice: random.Random) -> str:
    """The end of a sentence, a day, and its beginning: it stops at any of its words."""
    words = sentence.split()
    cut = choice.randrange(len(words))
    return " ".join([*words[cut:], day, *words[:cut]])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_texts_without_sense_are_read_to_the_end(language):
    choice = random.Random(1)  # noqa: S311 - the same texts each time
    pool = sentences(language)
    assert len(pool) > 100
    texts = [distorted(" ".join(choice.sample(pool, LENGTH)), choice) for _ in range(NUMBER)]
    texts += [turned(one, WEEKDAYS[language], choice) for one in pool]
    requests = [ExtractionRequest(text, choice.choice(DAYS), language) for text in texts]
    for text, found in zip(texts, extract(requests), strict=True):
        for mention in found.mentions:
            assert 0 < len(mention.title) <= 90
            assert 0 <= mention.trigger.span.start < mention.trigger.span.end <= len(text)
            if mention.edtf:
                intervals.bounds(mention.edtf)
