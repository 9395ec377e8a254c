"""Ten annotated texts on subjects that no rule was written for: expressions and their values."""

import json
from datetime import date
from pathlib import Path

import pytest

from events.extraction import tag_times

GOLD = Path(__file__).parent.parent / "evaluation" / "times.jsonl"
DOCUMENTS = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d["id"])
def test_most_expressions_are_found_with_their_values_and_few_others(document):
    day = date.fromisoformat(document["dct"])
    found = tag_times(document["text"], day, document["lang"])
    wanted = document["timexes"]
    right = [
        gold
        for gold in wanted
        if any(
            t.timex.span.start < gold["end"]
            and gold["start"] < t.timex.span.end
            and t.value == gold["value"]
            for t in found
        )
    ]
    assert len(right) >= 0.8 * len(wanted), [g for g in wanted if g not in right]
    assert len(found) <= len(wanted) + 2
