"""Which reports are one event: the answer depends on what they say, never on their order."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.extraction.annotations import MergeItem
from events.extraction.compare import actor_keys, compare, place_key, weigh, word_keys
from events.extraction.merge import THRESHOLD, comparable, merge
from tests.extraction.arguments import filled

DAY = date(2016, 12, 7)
ONE = timedelta(days=1)


def item(key, start=DAY, end=None, **changes):
    """A report of talks in Hamburg between two ministers, on one day unless said otherwise."""
    days = 1 if end is None else (end - start).days
    made = MergeItem(
        key=key,
        dispatch=key,
        start=start,
        end=end or (start and start + timedelta(days=1)),
        edtf=start and start.isoformat(),
        precision="day" if days == 1 else "month",
        type="talks",
        status="happened",
        actors=frozenset({"john kerry", "sergueï lavrov"}),
        places=frozenset({"=2911298"}),
        countries=frozenset({"DE"}),
        words=frozenset({"~talks", "~truce"}),
    )
    return replace(made, **changes)


def together(*items, **links):
    return [set(cluster.keys) for cluster in merge(items, **links)]


def test_two_dispatches_that_tell_the_same_talks_give_one_event():
    [cluster] = merge([item("a"), item("b", words=frozenset({"~talks", "diplom"}))])
    assert cluster.keys == ("a", "b")
    [(one, other, why)] = cluster.why
    assert (one, other) == ("a", "b")
    assert {"merge-same-day", "merge-same-place", "merge-shared-actor"} <= set(why)


@pytest.mark.parametrize(
    ("difference", "changes"),
    [
        ("another day", {"start": DAY + 2 * ONE, "end": DAY + 3 * ONE, "edtf": "2016-12-09"}),
        ("another kind, place and actors", {
            "type": "economy", "places": frozenset({"=1"}), "countries": frozenset({"US"}),
            "actors": frozenset({"fed"}), "words": frozenset({"~prices"}),
        }),
        ("called for, not held", {"status": "called_for"}),
        ("denied", {"status": "denied"}),
        ("no date at all", {"start": None, "end": None, "edtf": None, "precision": "unknown"}),
    ],
)  # fmt: skip
def test_reports_that_differ_in_what_matters_stay_apart(difference, changes):
    assert together(item("a"), item("b", **changes)) == [{"a"}, {"b"}], difference


def test_a_plan_and_what_came_of_it_are_one_event_and_say_so():
    [cluster] = merge([item("plan", status="planned"), item("report")])
    assert "merge-planned-and-happened" in cluster.why[0][2]


def test_a_day_within_the_month_of_another_report_may_be_the_same_event():
    month = item("month", date(2016, 12, 1), date(2017, 1, 1), edtf="2016-12")
    assert together(item("day"), month) == [{"day", "month"}]


def test_an_open_beginning_is_not_the_same_as_the_whole_year():
    since = item("since", end=None, edtf="2016-12-07/..", precision="open")
    since = replace(since, end=None)
    year = item("year", date(2016, 1, 1), date(2017, 1, 1), edtf="2016", precision="year")
    assert together(since, year) == [{"since"}, {"year"}]


def test_a_toll_that_is_brought_up_to_date_stays_one_event():
    first = item("a", date(2015, 4, 25), type="toll", words=frozenset({"~quake", "~dead"}))
    later = item("b", date(2015, 5, 25), type="toll", words=frozenset({"~quake", "~toll"}))
    assert together(first, later) == [{"a", "b"}]


def test_a_third_report_does_not_join_two_that_contradict_each_other():
    """The month may be either day; the two days are not one event."""
    month = item("m", date(2016, 12, 1), date(2017, 1, 1), edtf="2016-12")
    first, second = item("a"), item("b", date(2016, 12, 20))
    clusters = together(month, first, second)
    assert {"a", "b"} not in [c & {"a", "b"} for c in clusters]


def test_two_mentions_of_one_dispatch_need_more_to_be_one():
    alike = {"actors": frozenset(), "words": frozenset({"~talks"})}
    assert together(item("a", **alike), item("b", **alike)) == [{"a", "b"}]
    assert together(item("a", **alike), item("b", dispatch="a", **alike)) == [{"a"}, {"b"}]


def test_known_events_never_come_together_by_themselves():
    clusters = merge([item("a", known=1), item("b", known=2), item("c")])
    assert sorted(cluster.known for cluster in clusters) == [1, 2]


def test_a_mention_joins_the_known_event_that_it_reports():
    [cluster] = merge([item("event:7", known=7), item("new")])
    assert (cluster.keys, cluster.known) == (("event:7", "new"), 7)


def test_a_must_link_joins_what_nothing_else_would_even_two_known_events():
    far = item(
        "b", date(1999, 1, 1), known=2, type="economy", actors=frozenset(), words=frozenset()
    )
    [cluster] = merge([item("a", known=1), far], must_link=[("b", "a")])
    assert (cluster.keys, cluster.known) == (("a", "b"), 1)
    assert cluster.why == (("a", "b", ("merge-must-link",)),)


def test_a_cannot_link_holds_through_a_third_report():
    clusters = together(item("a"), item("b"), item("c"), cannot_link=[("a", "c")])
    assert {"a", "c"} not in [c & {"a", "c"} for c in clusters]


def test_links_that_name_unknown_reports_are_ignored():
    assert together(item("a"), must_link=[("a", "gone")], cannot_link=[("gone", "a")]) == [{"a"}]


def test_a_merge_changes_no_date():
    """An event without a date is joined by a person alone, and gets none by it."""
    undated = item("u", start=None, end=None, edtf=None, precision="unknown")
    undated = replace(undated, end=None)
    [cluster] = merge([item("a"), undated], must_link=[("a", "u")])
    assert cluster.keys == ("a", "u")
    assert undated.edtf is None


def test_dispatches_that_share_one_event_share_the_next_more_readily():
    """Second events alike in day, kind and one word only: the shared story decides."""
    bare = {"actors": frozenset(), "places": frozenset(), "countries": frozenset(), "type": "toll"}
    one = item("a2", dispatch="a", words=frozenset({"bridge"}), **bare)
    two = item("b2", dispatch="b", words=frozenset({"tunnel"}), **bare)
    assert together(one, two) == [{"a2"}, {"b2"}]
    clusters = together(item("a1", dispatch="a"), item("b1", dispatch="b"), one, two)
    assert {"a2", "b2"} in clusters


BARE = {"actors": frozenset(), "places": frozenset(), "countries": frozenset()}
SPEAKS_OF_IRAN = frozenset({"=ir", "zarif", "=2761369", "arak"})


def test_dispatches_that_speak_of_the_same_need_less_to_share_an_event():
    """A French and an English report: no word in common, one day, kinds that are often mixed up."""
    signed = item("a", words=frozenset({"paraph"}), type="agreement", **BARE)
    inked = item("b", words=frozenset({"inked"}), type="agreement", **BARE)
    assert together(signed, inked) == [{"a"}, {"b"}]
    one, other = (replace(it, subjects=SPEAKS_OF_IRAN) for it in (signed, inked))
    assert together(one, other) == [{"a", "b"}]


def test_dispatches_that_name_nothing_in_common_need_more():
    trial = {"type": "justice", "words": frozenset({"~trial", "~start"}), **BARE}
    lyon = item("a", subjects=frozenset({"=fr", "durand", "=2996944"}), **trial)
    assert together(lyon, replace(lyon, key="b", dispatch="b")) == [{"a", "b"}]
    rome = item("b", subjects=frozenset({"=it", "rossi", "=3169070"}), **trial)
    assert "other-subjects" in compare(lyon, rome)
    once = {"words": frozenset({"~trial"})}
    assert together(replace(lyon, **once), replace(rome, **once)) == [{"a"}, {"b"}]


def test_a_year_says_less_of_a_day_than_a_month_does():
    day = item("a", **BARE)
    month, year = (
        item(key, date(2016, first, 1), date(2017, 1, 1), edtf=edtf, precision=precision, **BARE)
        for key, first, edtf, precision in (("m", 12, "2016-12", "month"), ("y", 1, "2016", "year"))
    )
    assert weigh(compare(day, month)) > weigh(compare(day, year))


def test_a_country_that_both_sentences_name_is_no_name_in_common():
    france, kerry = frozenset({"=fr"}), frozenset({"=fr", "kerry"})
    assert "shared-name" not in compare(item("a", names=france), item("b", names=france))
    assert "shared-name" in compare(item("a", names=kerry), item("b", names=kerry))


def test_two_acts_of_one_person_on_one_day_are_two_events():
    bare = {"type": "politics", "places": frozenset(), "countries": frozenset()}
    elected = item("a", actors=frozenset({"ana lopez"}), **done("~election"), **bare)
    called = item("b", actors=frozenset({"ana lopez", "jan novak"}), **done("~appeal"), **bare)
    assert "other-act" in compare(elected, called)
    assert together(elected, called) == [{"a"}, {"b"}]


def test_acts_without_a_known_word_do_not_contradict_each_other():
    """Across languages unknown words always differ."""
    assert "other-act" not in compare(item("a", **done("~election")), item("b", **done("voted")))


def done(act, *around):
    """The words of a report of this act, in a sentence with those around it."""
    words = frozenset({act})
    return {"words": words, "acts": words, "told": words | set(around)}


def test_sentences_that_say_much_alike_weigh_more_than_the_arguments_alone():
    one, other = (item(key, **done(f"~{key}")) for key in ("signing", "launch"))
    around = ("reacto", "fuel", "~emergency")
    near, far = (item(key, **done(f"~{key}", *around)) for key in ("signing", "launch"))
    assert "none-told" in compare(one, other)
    assert "much-told" in compare(near, far)
    assert weigh(compare(near, far)) > weigh(compare(one, other))
    assert "none-told" not in compare(one, item("by hand"))


def test_an_amount_that_both_sentences_give_counts_and_a_small_one_does_not():
    cars, cars_too = (item(key, **done("~admission", "#11000000")) for key in "ab")
    two, two_too = (item(key, **done("~admission", "#2")) for key in "ab")
    assert "told-number" in compare(cars, cars_too)
    assert "told-number" not in compare(two, two_too)


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("onze millions de voitures", "11m cars"),
        ("1,5 milliard d'euros", "1.5 billion euros"),
        ("70.000 corps", "70,000 bodies"),
        ("34 000 personnes", "34,000 people"),
        ("sept responsables", "seven officials"),
    ],
)
def test_amounts_are_the_same_in_both_languages(french, english):
    told = [
        filled(f"Le groupe a perdu mardi {french} à Lyon.", "perdu").arguments.told,
        filled(f"The group lost {english} on Tuesday.", "lost", language="en").arguments.told,
    ]
    one, other = ({word for word in words if word[0] == "#"} for words in told)
    assert one == other
    assert len(one) == 1


def test_the_only_reports_of_a_day_in_two_dispatches_of_one_story_are_likely_one():
    """Long before the dispatches: each tells one thing of that day, in its own words."""
    bare = {**BARE, "subjects": SPEAKS_OF_IRAN, "type": "politics"}
    one, other = item("a", **done("attrib"), **bare), item("b", **done("awardi"), **bare)
    assert together(one, other) == [{"a", "b"}]
    assert "merge-only-ones" in said_of(one, other)
    assert "merge-only-ones" not in said_of(one, other, item("c", dispatch="a", **bare))


def said_of(*items):
    return {code for cluster in merge(items) for _, _, why in cluster.why for code in why}


def test_what_was_planned_and_called_off_is_one_event():
    assert together(item("a", status="planned"), item("b", status="denied")) == [{"a", "b"}]


def test_the_same_happening_outweighs_a_type_that_was_read_otherwise():
    bare = {"actors": frozenset(), "places": frozenset(), "subjects": SPEAKS_OF_IRAN}
    kinds = (("a", "attack"), ("b", "economy"))
    pairs = {
        word: [item(key, type=kind, words=frozenset({word}), **bare) for key, kind in kinds]
        for word in ("~offensive", "~debt")
    }
    assert together(*pairs["~offensive"]) == [{"a", "b"}]
    assert "other-type" in compare(*pairs["~debt"])
    assert weigh(compare(*pairs["~offensive"])) > weigh(compare(*pairs["~debt"]))


def test_keys_are_the_same_in_every_language():
    assert set(actor_keys("Russie", "government")) == set(actor_keys("Russia", "government"))
    assert set(actor_keys("BCE", "organisation")) == set(
        actor_keys("European Central Bank", "organisation")
    )
    assert place_key("Genève", 2660646) == place_key("Geneva", 2660646)
    assert word_keys(["séisme"], "", []) == word_keys(["earthquake"], "", [])


def test_common_nouns_may_agree_but_do_not_contradict():
    rebels, soldiers = (
        item(key, actors=frozenset(actor_keys(name, "group")))
        for key, name in (("a", "les rebelles syriens"), ("b", "des soldats"))
    )
    assert "other-actors" not in compare(rebels, soldiers)


def test_numbers_of_a_title_are_compared_without_their_marks_and_years_are_not():
    assert word_keys([], "806.000 personnes en 2019", []) == frozenset({"#806000"})


def test_what_dispatches_speak_of_has_the_same_keys_in_every_language():
    """Surnames, places by their number, bodies by their id, and the country that is said most."""
    french = filled(
        "Le président John Kerry et l'OMS ont parlé mardi à Genève de la Guinée.", "parlé"
    ).arguments
    english = filled(
        "John Kerry and the World Health Organization talked about Guinea in Geneva on Tuesday.",
        "talked",
        language="en",
    ).arguments
    assert {"kerry", "=who", "=2660646", "=gn"} <= french.subjects & english.subjects
    assert french.subjects == french.names


# ---------------------------------------------------------------------- properties

NAMES = st.frozensets(st.sampled_from(["kerry", "lavrov", "=ru", "~rebels"]), max_size=2)
ITEMS = st.lists(
    st.builds(
        lambda n, day, kind, status, actors, places, words, known, dispatch: item(
            f"k{n}",
            date(2016, 12, 1) + timedelta(days=day),
            type=kind,
            status=status,
            actors=actors,
            places=places,
            words=words,
            known=known,
            dispatch=f"d{dispatch}",
        ),
        st.integers(0, 99),
        st.integers(0, 2),
        st.sampled_from(["talks", "attack", "toll"]),
        st.sampled_from(["happened", "planned", "denied"]),
        NAMES,
        st.frozensets(st.sampled_from(["=1", "=2", "alep"]), max_size=1),
        st.frozensets(st.sampled_from(["~talks", "~quake", "voted"]), max_size=2),
        st.sampled_from([None, None, 1, 2, 3]),
        st.integers(0, 3),
    ),
    max_size=9,
    unique_by=lambda made: made.key,
)
LINKS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3).map(
    lambda pairs: [(f"k{a}", f"k{b}") for a, b in pairs if a != b]
)
SUBJECTS = st.frozensets(st.sampled_from(["aleppo", "lavrov", "unicef", "truce"]), max_size=4)
SOME = settings(max_examples=120, deadline=None)


@SOME
@given(ITEMS, LINKS, LINKS, st.randoms(use_true_random=False))
def test_the_order_of_items_and_links_changes_nothing(items, must, cannot, random):
    clusters = merge(items, must, cannot)
    shuffled = items.copy()
    random.shuffle(shuffled)
    assert merge(shuffled, must[::-1], [(b, a) for a, b in cannot]) == clusters


@SOME
@given(ITEMS, LINKS, LINKS)
def test_every_item_is_in_one_cluster_and_constraints_hold(items, must, cannot):
    clusters = merge(items, must, cannot)
    assert sorted(k for c in clusters for k in c.keys) == sorted(i.key for i in items)
    where = {key: n for n, cluster in enumerate(clusters) for key in cluster.keys}
    for one, other in cannot:
        assert one not in where or other not in where or where[one] != where[other]
    known = {i.key: i.known for i in items if i.known is not None}
    linked = {key for pair in must for key in pair}
    for cluster in clusters:
        ids = {known[key] for key in cluster.keys if key in known}
        assert len(ids) < 2 or linked & set(cluster.keys)
        assert cluster.known == min(ids, default=None)


@SOME
@given(ITEMS)
def test_merging_again_what_was_merged_changes_nothing(items):
    clusters = merge(items)
    pairs = [p for c in clusters for p in combinations(c.keys, 2)]
    assert [c.keys for c in merge(items, must_link=pairs)] == [c.keys for c in clusters]


@SOME
@given(ITEMS, st.lists(SUBJECTS, min_size=4, max_size=4))
def test_reports_that_lie_near_need_not_be_compared_with_one_another(items, subjects):
    told = [replace(one, subjects=subjects[int(one.dispatch[1:])]) for one in items]
    fresh = [one for one in told if one.dispatch == "d0"]
    near = [replace(one, known=one.known or 1) for one in told if one.dispatch != "d0"]
    keys = {one.key for one in fresh}

    def of_fresh(clusters):
        return [cluster for cluster in clusters if keys & set(cluster.keys)]

    alone = merge(fresh, near=[comparable(one) for one in near])
    assert of_fresh(alone) == of_fresh(merge([*fresh, *near]))


@SOME
@given(ITEMS)
def test_every_join_is_explained_by_features_that_weigh_enough(items):
    for cluster in merge(items):
        for _, _, why in cluster.why:
            assert weigh(code.removeprefix("merge-") for code in why) >= THRESHOLD


@pytest.fixture
def compared(monkeypatch):
    """One entry for each pair that was compared."""
    merging = sys.modules[merge.__module__]  # the package gives the function its name
    pairs, real = [], merging.compare
    monkeypatch.setattr(merging, "compare", lambda one, other: pairs.append(1) or real(one, other))
    return pairs


def test_a_new_report_costs_its_neighborhood_not_the_pairs_of_what_is_known(compared):
    known = [item(f"old:{n}", actors=frozenset({f"a{n}"}), known=n) for n in range(100)]
    [joined] = [
        c for c in merge([*known, item("new", actors=frozenset({"a7"}))]) if "new" in c.keys
    ]
    assert joined.known == 7
    assert len(compared) < 3 * len(known)


def test_a_report_of_what_hundreds_tell_costs_each_of_them_not_their_pairs(compared):
    near = [comparable(item(f"old:{n}", known=1)) for n in range(300)]
    [joined] = [c for c in merge([item("new")], near=near) if "new" in c.keys]
    assert joined.known == 1
    assert len(joined.keys) == 301
    assert len(compared) < 2 * len(near)


def test_a_vote_that_refuses_is_the_vote_that_was_held():
    vote = {"actors": frozenset(), "words": frozenset({"~referendum", "~vote"})}
    held = item("a", type="politics", status="happened", **vote)
    refused = item("b", type="refusal", status="denied", **vote)
    assert together(held, refused) == [{"a", "b"}]


def test_the_same_day_and_kind_alone_make_no_event():
    bare = {"actors": frozenset(), "places": frozenset(), "countries": frozenset()}
    one = item("a", type="protest", words=frozenset({"~strike"}), **bare)
    other = item("b", type="protest", words=frozenset({"~rally"}), **bare)
    assert together(one, other) == [{"a"}, {"b"}]
