"""The seed dispatch, as it stands and with its dates and names changed.

No rule may know the dispatch: what holds in December 2016 at Aleppo holds in another year, month
and country.
"""

import json
from pathlib import Path

import pytest

from events.evaluation import score
from events.extraction import extract_one

TESTS = Path(__file__).parent.parent
SEED = json.loads((TESTS / "evaluation" / "seed.json").read_text(encoding="utf-8"))["docs"][0]
MONTHS = {"décembre": "juin", "novembre": "mai", "mars 2011": "septembre 2013"}
NAMES = {
    "Alep": "Mossoul",
    "syriens": "irakiens",
    "syrien": "irakien",
    "Kerry": "Baker",
    "Hambourg": "Vienne",
    "en Allemagne": "en Autriche",
}


def moved(text):
    for old, new in {**MONTHS, **NAMES}.items():
        text = text.replace(old, new)
    return text


def told(text):
    return {
        (mention.trigger.span.of(text), mention.edtf, mention.type, mention.status)
        for mention in extract_one(text).mentions
    }


def has(found, words, edtf, kind, status):
    return any(words in trigger and (edtf, kind, status) == tuple(rest) for trigger, *rest in found)


EXPECTED = [
    ("appelé", "2016-12-07", "call", "called_for"),
    ("lancé", "2016-12-07", "call", "called_for"),
    ("discuté", "2016-12-07", "talks", "happened"),
    ("reprendre contact", "2016-12-08", "talks", "planned"),
    ("exclu", "2016-12-08", "refusal", "denied"),
    ("fait", "2011-03/..", "toll", "ongoing"),
    ("lancée", "2016-11-15", "attack", "happened"),
]
# Five years and a half after March 2011, in December: 2016. After September 2013, in June: 2019.
MOVED = {"2016-12": "2019-06", "2016-11": "2019-05", "2011-03": "2013-09"}


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row[0])
def test_the_undated_seed_tells_its_seven_events(expected):
    assert has(told(SEED["text"]), *expected)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row[0])
def test_the_events_follow_when_dates_and_names_change(expected):
    words, edtf, kind, status = expected
    for old, new in MOVED.items():
        edtf = edtf.replace(old, new)
    assert has(told(moved(SEED["text"])), words, edtf, kind, status)


def test_the_undated_seed_has_at_most_two_events_too_many():
    predicted = {
        "id": SEED["id"],
        "text": SEED["text"],
        "events": [
            {
                "trigger": {"start": mention.trigger.span.start, "end": mention.trigger.span.end},
                "date": {"value": mention.edtf},
            }
            for mention in extract_one(SEED["text"]).mentions
        ],
    }
    events = score([SEED], [predicted]).events.rate()
    assert events.f1 >= 0.85
    assert events.predicted - events.right <= 2


def test_no_event_is_dated_by_a_share_a_toll_a_possessive_or_a_length():
    dating = {
        mention.timex.timex.text
        for mention in extract_one(SEED["text"]).mentions
        if mention.timex is not None
    }
    assert not dating & {"80%", "300.000", "sa", "cinq jours"}
