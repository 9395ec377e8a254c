"""Mentions and known events -> clusters of one happening. Pure, deterministic, incremental.

Two reports are one event when day, kind, place and actors are compatible and no reader would want
two cards. Pairs are only compared inside a time bucket and when they share a name or a word, so
the cost is that of the neighborhood. How likely a pair is one event is said by `compare`; pairs
join from the best down, each only if no pair of the two groups contradicts the other. The order in
which items are given changes nothing.

Nothing here moves a date: the caller keeps every mention's own, and an item without a date joins
others only by a must-link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from events.extraction.annotations import EventCluster, MergeItem
from events.extraction.compare import SPOKEN, compare, weigh

THRESHOLD = -0.65  # log-odds: above it, each story left out of the fit in turn, 89 % are right
STRONG = 0.7  # two dispatches with so likely a pair tell the same story
BIGGEST_BUCKET = 400  # items that share a bucket and a feature: beyond, the feature tells nothing

# Something that two reports say alike, beside the day and the kind.
_AGREEING = frozenset(
    {
        "same-place", "same-country", "shared-actor", "shared-number", "same-happening",
        "shared-word", "shared-words", "shared-name",
    }
)  # fmt: skip

Pair = tuple[str, str]


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
    for features, one, other in _likely(by_key):
        groups.join(one, other, features)
    return groups.clusters()


def _likely(items: Mapping[str, MergeItem]) -> list[tuple[tuple[str, ...], str, str]]:
    """(features, key, key) of the pairs that are likely one event, the likeliest first.

    Pairs of two dispatches that already share a strong pair gain by it: they tell one story.
    """
    pairs = []
    stories: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for one, other in _candidates(items.values()):
        features = compare(one, other)
        if not features:
            continue
        pairs.append((one, other, features))
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


# ---------------------------------------------------------------------- candidates


def _candidates(items: Iterable[MergeItem]) -> Iterator[tuple[MergeItem, MergeItem]]:
    """Pairs whose dates may agree and that share a name or a word or a kind, each once."""
    buckets: dict[tuple[str, str], list[MergeItem]] = defaultdict(list)
    for item in sorted(items, key=lambda item: item.key):
        for time in _times(item):
            for feature in _features(item):
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
