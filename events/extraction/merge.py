"""Mentions and known events -> clusters of one happening. Pure, deterministic, incremental.

Two reports are one event when day, kind, place and actors are compatible and no reader would want
two cards. Pairs are only compared inside a time bucket and when they share a name or a word or
their dispatches tell one story, so the cost is that of the neighborhood. How likely a pair is one
event is said by `compare`; pairs join from the best down, each only if no pair of the two groups
contradicts the other. The order in which items are given changes nothing.

Nothing here moves a date: the caller keeps every mention's own, and an item without a date joins
others only by a must-link.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain, combinations, product
from typing import NamedTuple

from events.extraction.annotations import EventCluster, MergeItem
from events.extraction.compare import SAME_STORY, SPOKEN, compare, days_agree, weigh
from events.extraction.lexicon.names import is_general

THRESHOLD = -0.3  # log-odds: above it, each story left out of the fit in turn, 89 % are right
STRONG = 0.7  # two dispatches with so likely a pair tell the same story
BIGGEST_BUCKET = 400  # items that share a bucket and a feature: beyond, the feature tells nothing
TELLING = 8  # of an event's reports of one date, kind and status: so many show what joins them

# Something that two reports say alike, beside the day and the kind.
_AGREEING = frozenset(
    {
        "same-place", "same-country", "shared-actor", "shared-number", "same-happening",
        "shared-word", "shared-words", "shared-name", "told-number", "much-told",
    }
)  # fmt: skip

# Their dispatches speak of the same.
_STORY = frozenset({"same-subjects", "shared-subject"})

Pair = tuple[str, str]
_Compared = tuple[MergeItem, MergeItem, tuple[str, ...]]
weighed = lru_cache(maxsize=4096)(weigh)  # there are a few hundred ways to be alike


class Likeness(NamedTuple):
    """What agrees and differs, empty if they cannot be one event; the log-odds that they are."""

    features: tuple[str, ...]
    score: float


class Times(NamedTuple):
    """The times under which an item is found, and those under which it looks for others.

    A day looks for the month that it may lie in, and a month for its days, but no day for the
    other days of its month.
    """

    held: frozenset[str]
    sought: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Comparable:
    """An item ready to be compared; who keeps it need not find out the same again.

    It lies in the buckets `held`, and finds its like in those that it `sought`: a time and what it
    says, together, as one number. Should two be the same number by chance, a pair more is compared.
    """

    item: MergeItem
    times: Times
    held: frozenset[int]
    sought: frozenset[int]


class _Likenesses(dict[tuple[Comparable, Comparable], Likeness]):
    """How items resemble others with a later key, whatever stands around them; each found once."""

    def __missing__(self, pair: tuple[Comparable, Comparable]) -> Likeness:
        features = compare(pair[0].item, pair[1].item)
        found = self[pair] = Likeness(features, weighed(features) if features else 0.0)
        return found


def comparable(item: MergeItem) -> Comparable:
    times, features = _times(item), list(_features(item))
    return Comparable(item, times, _buckets(times.held, features), _buckets(times.sought, features))


def _buckets(times: Iterable[str], features: Iterable[str]) -> frozenset[int]:
    return frozenset(map(hash, product(times, features)))


# ---------------------------------------------------------------------- clusters


def merge(
    items: Iterable[MergeItem],
    must_link: Collection[Pair] = (),
    cannot_link: Collection[Pair] = (),
    *,
    near: Iterable[Comparable] = (),
) -> list[EventCluster]:
    """Return the clusters of the items; every key is in exactly one, each in sorted order.

    Two known events come together only through a must-link; its own constraints first, then
    cannot-links, then scores. Links that name unknown keys are ignored.

    `near` are reports of known events in other dispatches than those of the items, with which
    these alone are compared: an event that no item joins may come in several clusters.
    """
    fresh = {item.key: comparable(item) for item in items}
    given = fresh | {one.item.key: one for one in near}
    by_key = dict(sorted(given.items()))
    likenesses = _Likenesses()
    groups = _Groups(by_key, cannot_link, likenesses)
    linked = set()
    for one, other in sorted(tuple(sorted(pair)) for pair in must_link):
        if one in by_key and other in by_key and one != other:
            groups.join(one, other, ("must-link",), forced=True)
            linked |= {one, other}
    for features, one, other in _likely(_compared(by_key, fresh.keys(), linked, likenesses)):
        groups.join(one, other, features)
    return groups.clusters()


def _compared(
    items: Mapping[str, Comparable],
    fresh: Collection[str],
    linked: Collection[str],
    likenesses: _Likenesses,
) -> list[_Compared]:
    """Return the pairs that may be one event, each with its features, those of its company too.

    Two that are not fresh are compared only if something may join their event, or where they tell
    that the dispatches of such two tell one story.
    """
    company = Company([one.item for one in items.values()])
    candidates = _Candidates(items, fresh)

    def compared(pairs: Iterable[tuple[Comparable, Comparable]]) -> Iterator[_Compared]:
        for a, b in pairs:
            one, other, features = a.item, b.item, likenesses[a, b].features
            if features:
                yield one, other, features + company.features(one, other, features)

    found = list(compared(candidates.pairs()))
    if len(fresh) < len(items):
        joined = {key for _, *pair in _likely(found) for key in pair} | {*linked}
        found += compared(candidates.pairs_of({items[key].item.known for key in joined}))
    return found


def _likely(pairs: Sequence[_Compared]) -> list[tuple[tuple[str, ...], str, str]]:
    """(features, key, key) of the pairs that are likely one event, the likeliest first.

    Pairs of two dispatches that already share a strong pair gain by it: they tell one story.
    """
    stories: dict[Pair, set[Pair]] = defaultdict(set)
    for one, other, features in pairs:
        if one.dispatch != other.dispatch and weighed(features) >= STRONG:
            stories[_dispatches(one, other)].add((one.key, other.key))
    scored = []
    for one, other, features in pairs:
        told = stories.get(_dispatches(one, other), set()) - {(one.key, other.key)}
        spoken = one.type in SPOKEN or other.type in SPOKEN
        if told and not (spoken and _AGREEING.isdisjoint(features)):
            features = (*features, "same-story")
        score = weighed(features)
        if score >= THRESHOLD:
            scored.append((-score, one.key, other.key, features))
    return [(features, one, other) for _, one, other, features in sorted(scored)]


def _dispatches(one: MergeItem, other: MergeItem) -> Pair:
    pair = one.dispatch, other.dispatch
    return pair if pair[0] <= pair[1] else pair[::-1]


class Company:
    """What the other reports of two dispatches say of a pair."""

    def __init__(self, items: Iterable[MergeItem]) -> None:
        self._told: dict[str, list[MergeItem]] = defaultdict(list)
        self._alone: dict[tuple[str, str], bool] = {}
        for item in items:
            self._told[item.dispatch].append(item)

    def features(
        self, one: MergeItem, other: MergeItem, features: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Name what comes to these features of the pair by the reports around it."""
        if one.dispatch == other.dispatch or _STORY.isdisjoint(features):
            return ()
        alone = self._is_alone(one, other.dispatch) and self._is_alone(other, one.dispatch)
        return ("only-ones",) if alone else ()

    def _is_alone(self, item: MergeItem, dispatch: str) -> bool:
        """Whether the dispatch has just one report that may be of the day of this item."""
        known = self._alone.get((item.key, dispatch))
        if known is None:
            near = (other for other in self._told[dispatch] if days_agree(item, other))
            first, second = next(near, None), next(near, None)
            known = self._alone[item.key, dispatch] = first is not None and second is None
        return known


# ---------------------------------------------------------------------- candidates


class _Candidates:
    """Pairs whose dates may agree, each once: of one story, or with a name, word or kind alike.

    Each is in the order of keys. Those of two known events are left out: they never join.
    """

    def __init__(self, items: Mapping[str, Comparable], fresh: Collection[str]) -> None:
        """`items` in the order of their keys."""
        ordered = list(items.values())
        self._stories = _stories([one.item for one in ordered])
        self._place = {one: at for at, one in enumerate(ordered)}
        self._fresh = {items[key] for key in fresh}
        self._reports: dict[int, list[Comparable]] = defaultdict(list)
        self._new: dict[int, list[Comparable]] = defaultdict(list)  # by bucket, of no known event
        for one in ordered:
            if one.item.known is not None:
                self._reports[one.item.known].append(one)
            else:
                for bucket in self._held(one):
                    self._new[bucket].append(one)
        self._shared = {one: self._new.keys() & self._sought(one) for one in ordered}

    def _held(self, one: Comparable) -> frozenset[int]:
        return one.held | _buckets(one.times.held, self._stories.get(one.item.dispatch, ()))

    def _sought(self, one: Comparable) -> frozenset[int]:
        return one.sought | _buckets(one.times.sought, self._stories.get(one.item.dispatch, ()))

    def pairs(self) -> Iterator[tuple[Comparable, Comparable]]:
        """Those with a fresh item."""
        crowded = _crowded(self._shared.values())
        for one, shared in self._shared.items():
            for other in set().union(*(self._new[bucket] for bucket in shared - crowded)):
                if self._place[one] < self._place[other]:
                    yield one, other
                elif one.item.known is not None:
                    yield other, one
        for reports in self._reports.values():
            if not self._fresh.isdisjoint(reports):
                for pair in self._alike(reports):
                    if not self._fresh.isdisjoint(pair):
                        yield pair

    def pairs_of(self, events: Collection[int | None]) -> Iterator[tuple[Comparable, Comparable]]:
        """Those without a fresh item: of these events, and of the two dispatches of such a pair.

        Of an event that hundreds tell, few are compared with one another: its reports hang
        together already, and a new one is compared with each of them.
        """
        near = [
            pair
            for reports in self._reports.values()
            for pair in self._alike(_telling([r for r in reports if r not in self._fresh]))
        ]
        told = {_dispatches(a.item, b.item) for a, b in near if a.item.known in events}
        for a, b in near:
            if a.item.known in events or _dispatches(a.item, b.item) in told:
                yield a, b

    def _alike(self, reports: Iterable[Comparable]) -> Iterator[tuple[Comparable, Comparable]]:
        ready = [(one, self._sought(one), self._held(one)) for one in reports]
        for (one, sought, _), (other, _, held) in combinations(ready, 2):
            if not sought.isdisjoint(held):
                yield one, other


def _telling(reports: Sequence[Comparable]) -> list[Comparable]:
    """The first of an event's reports of each date, kind and status."""
    if len(reports) <= TELLING:
        return list(reports)
    count = Counter[tuple[str | None, str, str]]()
    found = []
    for one in reports:
        said = one.item.edtf, one.item.type, one.item.status
        count[said] += 1
        if count[said] <= TELLING:
            found.append(one)
    return found


def _crowded(sought: Collection[set[int]]) -> set[int]:
    """The buckets into which so many look that they tell nothing."""
    if len(sought) <= BIGGEST_BUCKET:
        return set()
    count = Counter(bucket for buckets in sought for bucket in buckets)
    return {bucket for bucket, n in count.items() if n > BIGGEST_BUCKET}


def _stories(items: Collection[MergeItem]) -> dict[str, set[str]]:
    """Dispatch -> the pairs of dispatches that speak of the same, of which it is one."""
    subjects = {item.dispatch: item.subjects for item in items}
    new = {item.dispatch for item in items if item.known is None}
    asked = frozenset().union(*(subjects[one] for one in new))
    asked = frozenset(name for name in asked if not is_general(name))
    naming: dict[str, list[str]] = defaultdict(list)
    for dispatch, names in subjects.items():
        for name in names & asked:
            naming[name].append(dispatch)
    stories: dict[str, set[str]] = defaultdict(set)
    for one in new:
        shared = {
            other
            for name in subjects[one] & asked
            if len(naming[name]) <= BIGGEST_BUCKET
            for other in naming[name]
        }
        for other in shared - {one}:
            if len(subjects[one] & subjects[other]) >= SAME_STORY:
                story = f"story:{min(one, other)}|{max(one, other)} "
                stories[one].add(story)
                stories[other].add(story)
    return stories


def _times(item: MergeItem) -> Times:
    """The times of a date: its first day, and the month or the year that it lies in or is."""
    if item.edtf is None or (item.start is None and item.end is None):
        return Times(frozenset(), frozenset())
    first = item.start or (item.end or date.max) - timedelta(days=1)
    last = (item.end or first + timedelta(days=1)) - timedelta(days=1)
    day = first.isoformat()
    held, sought = {f"{day} "}, {f"{day} "}
    month, within = f"{day[:7]} ", f"in {day[:7]} "
    is_month = first.month == last.month and first.year == last.year
    if first == last:
        held.add(within)
        sought.add(month)
    elif is_month:
        held.add(month)
        sought |= {month, within}
    if item.type == "toll" or not is_month:
        year = f"{day[:4]} "
        held.add(year)
        sought.add(year)
    return Times(frozenset(held), frozenset(sought))


def _features(item: MergeItem) -> Iterator[str]:
    yield from item.actors
    yield from item.places
    yield from item.words
    yield from item.names
    yield f"type:{item.type}"


# ---------------------------------------------------------------------- groups


@dataclass
class _Group:
    """Items that are joined: `reports` of a known event, and `new` ones."""

    reports: list[str]
    new: list[str]
    known: set[int]
    why: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        return self.reports + self.new


class _Groups:
    """Items joined so far, and what must not come together."""

    def __init__(
        self,
        items: Mapping[str, Comparable],
        cannot_link: Collection[Pair],
        likenesses: _Likenesses,
    ) -> None:
        """`items` in the order of their keys."""
        self._items = items
        self._likenesses = likenesses
        self._group = {
            key: _Group([], [key], set())
            if one.item.known is None
            else _Group([key], [], {one.item.known})
            for key, one in items.items()
        }
        self._apart: dict[str, set[str]] = defaultdict(set)
        for one, other in cannot_link:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def join(
        self, one: str, other: str, features: tuple[str, ...], *, forced: bool = False
    ) -> None:
        kept, gone = self._group[one], self._group[other]
        if kept is gone or not self._may_join(kept, gone, forced=forced):
            return
        kept.reports += gone.reports
        kept.new += gone.new
        kept.known |= gone.known
        codes = tuple(f"merge-{feature}" for feature in features)
        kept.why += [*gone.why, (min(one, other), max(one, other), codes)]
        for key in gone.keys:
            self._group[key] = kept

    def _may_join(self, one: _Group, other: _Group, *, forced: bool) -> bool:
        if any(self._apart[key] & set(other.keys) for key in one.keys if key in self._apart):
            return False
        if forced:
            return True
        if len(one.known | other.known) > 1:
            return False
        # Chains of weak likeness: every pair of the two groups must be able to be one event, and
        # two mentions of one dispatch are one only if they are so by themselves. The reports of
        # the known event are together already.
        for a, b in chain(product(one.new, other.keys), product(one.reports, other.new)):
            features, score = self._likenesses[self._items[min(a, b)], self._items[max(a, b)]]
            if not features or ("same-dispatch" in features and score < THRESHOLD):
                return False
        return True

    def clusters(self) -> list[EventCluster]:
        unique = {id(group): group for group in self._group.values()}
        found = [
            EventCluster(
                tuple(sorted(group.keys)), min(group.known, default=None), tuple(sorted(group.why))
            )
            for group in unique.values()
        ]
        return sorted(found, key=lambda cluster: cluster.keys)
