"""The scorer counts as the annotation guideline says."""

import pytest

from events.evaluation import same_days, same_name, score, table

TEXT = "Le 3 mai, ils ont signé un accord à Rome. Le 4 mai, ils partent."


def span(words):
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def event(words, day, **values):
    return {
        "id": words,
        "trigger": span(words),
        "core": [],
        "mentions": [],
        "date": {"value": day, "precision": "day", "basis": "explicit"},
        "status": "happened",
        "type": "agreement",
        "actors": [],
        "places": [],
        "attribution": None,
    } | values


def scores(gold, found):
    return score(
        [{"id": "a", "text": TEXT, "events": gold}], [{"id": "a", "events": found}]
    )


def test_a_prediction_needs_the_trigger_and_the_days():
    gold = [event("signé", "2016-05-03")]
    assert scores(gold, [event("signé", "2016-05-03")]).events.rate().f1 == 1
    assert scores(gold, [event("signé", "2016-05-04")]).events.rate().f1 == 0
    assert scores(gold, [event("partent", "2016-05-03")]).events.rate().f1 == 0


def test_pointing_at_a_whole_sentence_earns_nothing():
    long = "ils ont signé un accord à Rome"
    assert scores([event("signé", "2016-05-03")], [event(long, "2016-05-03")]).events.right == 0


def test_an_optional_event_costs_nothing_missed_or_found():
    gold = [event("signé", "2016-05-03"), event("partent", "2016-05-04", optional=True)]
    for found in ([gold[0]], gold):
        rate = scores(gold, found).events.rate()
        assert (rate.precision, rate.recall) == (1, 1)


def test_a_second_prediction_of_one_event_is_wrong():
    gold = [event("signé", "2016-05-03", core=[span("accord")])]
    result = scores(gold, [*gold, event("accord", "2016-05-03")])
    assert result.duplicates == 1
    assert result.events.rate().precision == 0.5
    assert [kind for kind, *_ in result.errors] == ["duplicate"]


def test_a_trigger_may_be_found_by_its_content_noun():
    gold = [event("signé", "2016-05-03", core=[span("accord")])]
    assert scores(gold, [event("accord", "2016-05-03")]).events.rate().f1 == 1


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("2016-05", "2016-05-01/2016-05-31", True),
        ("2016-05-03", "2016-05", False),
        ("2011-03/..", "2011-03/..", True),
        ("2011-03/..", "2011-03", False),
        ("XXXX-12-07", "XXXX-12-08", False),
        (None, None, True),
        ("2016-05-03", "mai", False),
    ],
)
def test_dates_are_compared_by_the_days_they_cover(a, b, same):
    assert same_days(a, b) is same


def test_a_name_within_another_is_the_same():
    assert same_name({"name": "John Kerry"}, {"name": "M. Kerry"})
    assert same_name({"name": "l'ONU"}, {"name": "ONU"})
    assert not same_name({"name": "John Kerry"}, {"name": "Sergueï Lavrov"})
    assert not same_name({"name": "Kerry", "qid": "Q1"}, {"name": "Kerry", "qid": "Q2"})


def test_confidence_is_scored_against_being_right():
    gold = [event("signé", "2016-05-03")]
    found = [
        event("signé", "2016-05-03", confidence=0.9),
        event("partent", "2016-05-04", confidence=0.1),
    ]
    result = scores(gold, found)
    assert result.auroc == 1
    assert result.calibration_error == pytest.approx(0.1)


def test_a_missed_event_misses_its_pair_across_dispatches():
    gold = [
        {"id": name, "text": TEXT, "events": [event("signé", "2016-05-03", cluster="k")]}
        for name in "ab"
    ]
    found = event("signé", "2016-05-03", cluster="c1")
    both = [{"id": name, "events": [found]} for name in "ab"]
    assert score(gold, both).merging.f1 == 1
    assert score(gold, both[:1]).merging.recall == 0


def test_what_is_not_annotated_is_not_judged():
    whole = event("signé", "2016-05-03")
    days_alone = {key: whole[key] for key in ("id", "trigger", "date")}
    result = scores([days_alone], [whole])
    assert result.events.rate().f1 == 1
    assert set(result.accuracy) == {"precision"}
    assert not result.recall_by_type
    assert table(result)
