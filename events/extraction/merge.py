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
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from events.extraction.annotations import EventCluster, MergeItem
from events.extraction.compare import SAME_STORY, SPOKEN, compare, days_agree, weigh
from events.extraction.lexicon.names import is_general

THRESHOLD = -0.3  # log-odds: above it, each story left out of the fit in turn, 90 % are right
STRONG = 0.7  # two dispatches with so likely a pair tell the same story
BIGGEST_BUCKET = 400  # items that share a bucket and a feature: beyond, the feature tells nothing

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


# ---------------------------------------------------------------------- clusters


def merge(
    items: Sequence[MergeItem],
    must_link: Collection[Pair] = (),
    cannot_link: Collection[Pair] = (),
) -> list[EventCluster]:
    """Return the clusters of the items; every key is in exactly one, each in sorted order.

    Two known events come together only through a must-link; its own constraints first, then
    cannot-links, then scores. Links that name unknown keys are ignored.
    """
    by_key = {item.key: item for item in items}
    groups = _Groups(by_key, cannot_link)
    for one, other in sorted(tuple(sorted(pair)) for pair in must_link):
        if one in by_key and other in by_key and one != other:
            groups.join(one, other, ("must-link",), forced=True)
    for features, one, other in _likely(_compared(items)):
        groups.join(one, other, features)
    return groups.clusters()


def _compared(items: Collection[MergeItem]) -> list[_Compared]:
    """Return the pairs that may be one event, each with its features, those of its company too."""
    company = Company(items)
    found = []
    for one, other in _candidates(items):
        if features := compare(one, other):
            found.append((one, other, features + company.features(one, other, features)))
    return found


def _likely(pairs: Sequence[_Compared]) -> list[tuple[tuple[str, ...], str, str]]:
    """(features, key, key) of the pairs that are likely one event, the likeliest first.

    Pairs of two dispatches that already share a strong pair gain by it: they tell one story.
    """
    stories: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for one, other, features in pairs:
        if one.dispatch != other.dispatch and weigh(features) >= STRONG:
            stories[_dispatches(one, other)].add((one.key, other.key))
    scored = []
    for one, other, features in pairs:
        told = stories.get(_dispatches(one, other), set()) - {(one.key, other.key)}
        spoken = one.type in SPOKEN or other.type in SPOKEN
        if told and not (spoken and _AGREEING.isdisjoint(features)):
            features = (*features, "same-story")
        score = weigh(features)
        if score >= THRESHOLD:
            scored.append((-score, one.key, other.key, features))
    return [(features, one, other) for _, one, other, features in sorted(scored)]


def _dispatches(one: MergeItem, other: MergeItem) -> tuple[str, str]:
    return min(one.dispatch, other.dispatch), max(one.dispatch, other.dispatch)


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
            near = sum(days_agree(item, other) for other in self._told[dispatch])
            known = self._alone[item.key, dispatch] = near == 1
        return known


# ---------------------------------------------------------------------- candidates


def _candidates(items: Collection[MergeItem]) -> Iterator[tuple[MergeItem, MergeItem]]:
    """Pairs whose dates may agree, each once: of one story, or with a name, word or kind alike."""
    ordered = sorted(items, key=lambda item: item.key)
    stories = _stories(ordered)
    buckets: dict[tuple[str, str], list[MergeItem]] = defaultdict(list)
    for item in ordered:
        features = {*_features(item), *stories[item.dispatch]}
        for time in set(_times(item)):
            for feature in features:
                buckets[time, feature].append(item)
    seen: set[Pair] = set()
    for _, together in sorted(buckets.items()):
        if len(together) > BIGGEST_BUCKET:
            continue
        for one, other in _pairs(together):
            if (one.key, other.key) not in seen:
                seen.add((one.key, other.key))
                yield one, other


def _pairs(together: Sequence[MergeItem]) -> Iterator[tuple[MergeItem, MergeItem]]:
    """All pairs, each in the order of keys, but those of two known events: they never join."""
    new = [item for item in together if item.known is None]
    known: dict[int, list[MergeItem]] = defaultdict(list)
    for item in together:
        if item.known is not None:
            known[item.known].append(item)
    yield from combinations(new, 2)
    for mentions in known.values():
        yield from combinations(mentions, 2)
        for one in new:
            for other in mentions:
                yield (one, other) if one.key < other.key else (other, one)


def _stories(items: Collection[MergeItem]) -> dict[str, set[str]]:
    """Dispatch -> the pairs of dispatches that speak of the same, of which it is one."""
    subjects = {item.dispatch: item.subjects for item in items}
    new = {item.dispatch for item in items if item.known is None}
    naming: dict[str, list[str]] = defaultdict(list)
    for dispatch, names in sorted(subjects.items()):
        for name in names:
            if not is_general(name):
                naming[name].append(dispatch)
    stories: dict[str, set[str]] = defaultdict(set)
    for one in new:
        shared = Counter(
            other
            for name in subjects[one]
            if len(naming[name]) <= BIGGEST_BUCKET
            for other in naming[name]
        )
        for other in (other for other in shared if other != one):
            if len(subjects[one] & subjects[other]) >= SAME_STORY:
                story = f"story:{min(one, other)}|{max(one, other)}"
                stories[one].add(story)
                stories[other].add(story)
    return stories


def _times(item: MergeItem) -> Iterator[str]:
    """The buckets of a date: its first day, and the months or the year that it lies in."""
    if item.edtf is None or (item.start is None and item.end is None):
        return
    first = item.start or (item.end or date.max) - timedelta(days=1)
    last = (item.end or first + timedelta(days=1)) - timedelta(days=1)
    yield first.isoformat()
    yield (
        f"{first:%Y-%m}" if first.month == last.month and first.year == last.year else f"{first:%Y}"
    )
    if item.type == "toll" or first.month != last.month:
        yield f"{first:%Y}"


def _features(item: MergeItem) -> Iterator[str]:
    yield from item.actors
    yield from item.places
    yield from item.words
    yield from item.names
    yield f"type:{item.type}"


# ---------------------------------------------------------------------- groups


@dataclass
class _Group:
    keys: list[str]
    known: set[int]
    why: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)


class _Groups:
    """Items joined so far, and what must not come together."""

    def __init__(self, items: dict[str, MergeItem], cannot_link: Collection[Pair]) -> None:
        self._items = items
        self._group = {
            key: _Group([key], set() if item.known is None else {item.known})
            for key, item in sorted(items.items())
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
        kept.keys += gone.keys
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
        # two mentions of one dispatch are one only if they are so by themselves.
        for a in one.keys:
            for b in other.keys:
                features = compare(self._items[a], self._items[b])
                if not features:
                    return False
                if "same-dispatch" in features and weigh(features) < THRESHOLD:
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
