"""Mentions and known events -> clusters of one happening. Pure, deterministic, incremental.

Two reports are one event when day, kind, place and actors are compatible and no reader would want
two cards. Pairs are only compared inside a time bucket and when they share a name or a word, so
the cost is that of the neighbourhood. A pair's score is a sum of what agrees less what differs;
pairs join from the best down, each only if no pair of the two groups contradicts the other. The
order in which items are given changes nothing.

Nothing here moves a date: the caller keeps every mention's own, and an item without a date joins
others only by a must-link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from events.extraction.annotations import (
    EventCluster,
    EventMention,
    EventType,
    MergeItem,
    Place,
    Status,
)
from events.extraction.gazetteer import country_of, fold

THRESHOLD = 3.0
SHORT_WORD = 3  # characters; shorter words say nothing of an event
STEM = 6  # characters: "manifestations" and "manifestants" are compared by their first ones
RUNNING_TOLL = timedelta(days=45)  # a count of the dead is brought up to date for so long
BIGGEST_BUCKET = 400  # items that share a bucket and a feature: beyond, the feature tells nothing

# What agrees and what differs, in natural logarithms of odds, rounded.
WEIGHTS = {
    "same-day": 1.5,
    "same-period": 1.5,
    "nested-dates": 0.5,
    "running-toll": 0.5,
    "same-type": 1.0,
    "related-type": 0.0,
    "other-type": -1.5,
    "same-place": 1.5,
    "same-country": 0.4,
    "other-place": -1.5,
    "shared-actor": 1.3,
    "shared-actors": 2.0,
    "other-actors": -0.5,
    "shared-word": 0.9,
    "shared-words": 1.7,
    "no-shared-word": -0.3,
    "planned-and-happened": 0.0,
    "same-dispatch": -2.5,
}

_FAMILIES: tuple[frozenset[EventType], ...] = (
    frozenset({"attack", "control", "toll", "disaster"}),
    frozenset({"talks", "agreement", "politics"}),
    frozenset({"politics", "justice", "sanction"}),
    frozenset({"protest", "call"}),
    frozenset({"aid", "disaster"}),
    frozenset({"society", "other"}),
    frozenset({"economy", "politics"}),
    frozenset({"refusal", "statement"}),
)
# What a text says of a thing may change from one dispatch to the next only along these lines.
_COMPATIBLE: frozenset[frozenset[Status]] = frozenset(
    frozenset(pair)
    for pair in (
        ("happened", "ongoing"),
        ("happened", "planned"),
        ("happened", "hypothetical"),
        ("ongoing", "planned"),
        ("planned", "hypothetical"),
        ("ongoing", "hypothetical"),
    )
)

Pair = tuple[str, str]


def merge_item(mention: EventMention, dispatch: str, key: str) -> MergeItem:
    """Return what `merge` compares of a mention: folded names, stems of the words of its title."""
    actors = frozenset(
        name for actor in mention.arguments.actors for name in _actor_names(actor.name)
    )
    places = frozenset(name for p in mention.arguments.places for name in _place_names(p))
    named = {word for name in (*actors, *places) for word in name.split()}
    words = frozenset(
        word[:STEM]
        for word in fold(mention.title).split()
        if len(word) > SHORT_WORD and word not in named
    )
    return MergeItem(
        key=key,
        dispatch=dispatch,
        start=mention.start,
        end=mention.end,
        edtf=mention.edtf,
        precision=mention.precision,
        type=mention.type,
        status=mention.status,
        actors=actors,
        places=places,
        countries=frozenset(p.country for p in mention.arguments.places if p.country),
        words=words,
        undated_by=mention.basis,
    )


def _actor_names(name: str) -> Iterator[str]:
    """A name as it is compared; a country's by its code, the same in every language."""
    for language in ("fr", "en"):
        if code := country_of(name, language):
            yield f"={code.lower()}"
            return
    yield fold(name)


def _place_names(place: Place) -> Iterator[str]:
    yield f"={place.geonames}" if place.geonames else fold(place.name)


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
    scored = []
    for one, other in _candidates(by_key.values()):
        features = compare(one, other)
        score = sum(WEIGHTS[feature] for feature in features)
        if features and score >= THRESHOLD:
            scored.append((-score, one.key, other.key, features))
    for _, one_key, other_key, features in sorted(scored):
        groups.join(one_key, other_key, features)
    return groups.clusters()


def compare(one: MergeItem, other: MergeItem) -> tuple[str, ...]:
    """Name what agrees and differs between two items; empty when they cannot be one event."""
    time = _compare_dates(one, other)
    if time is None or not _statuses_agree(one, other):
        return ()
    features = [time, _compare_types(one, other)]
    features += _compare_places(one, other)
    features += _compare_actors(one, other)
    features += _compare_words(one, other)
    if one.status != other.status and "planned" in {one.status, other.status}:
        features.append("planned-and-happened")
    if one.dispatch == other.dispatch:
        features.append("same-dispatch")
    return tuple(features)


def _statuses_agree(one: MergeItem, other: MergeItem) -> bool:
    return one.status == other.status or frozenset({one.status, other.status}) in _COMPATIBLE


def _compare_dates(one: MergeItem, other: MergeItem) -> str | None:
    if one.edtf is None or other.edtf is None:
        return None
    if (one.start, one.end) == (other.start, other.end):
        return "same-day" if one.precision == "day" else "same-period"
    if one.start is not None and one.start == other.start and not (one.end and other.end):
        return "same-period"  # "since December 15" and what lasted from then on
    if (
        one.type == other.type == "toll"
        and one.start
        and other.start
        and abs(one.start - other.start) <= RUNNING_TOLL
    ):
        return "running-toll"
    return "nested-dates" if _nested(one, other) or _nested(other, one) else None


def _nested(inner: MergeItem, outer: MergeItem) -> bool:
    """The closed interval of one lies within that of the other, not wider than a year."""
    if not (inner.start and inner.end and outer.start and outer.end):
        return False
    if outer.end - outer.start > timedelta(days=366):
        return False
    return outer.start <= inner.start and inner.end <= outer.end


def _compare_types(one: MergeItem, other: MergeItem) -> str:
    if one.type == other.type:
        return "same-type"
    if any(one.type in family and other.type in family for family in _FAMILIES):
        return "related-type"
    return "other-type"


def _compare_places(one: MergeItem, other: MergeItem) -> Iterator[str]:
    if one.places & other.places:
        yield "same-place"
    elif one.countries & other.countries:
        yield "same-country"
    elif one.places and other.places:
        yield "other-place"


def _compare_actors(one: MergeItem, other: MergeItem) -> Iterator[str]:
    shared = len(_shared_names(one.actors, other.actors))
    if shared:
        yield "shared-actor" if shared == 1 else "shared-actors"
    elif one.actors and other.actors:
        yield "other-actors"


def _shared_names(one: frozenset[str], other: frozenset[str]) -> set[str]:
    """Names of one that are names of the other, or whose words one of them has all."""
    found = set(one & other)
    for name in one - found:
        words = set(name.split())
        if any(words <= set(n.split()) or words >= set(n.split()) for n in other):
            found.add(name)
    return found


def _compare_words(one: MergeItem, other: MergeItem) -> Iterator[str]:
    shared = len(one.words & other.words)
    if shared:
        yield "shared-word" if shared == 1 else "shared-words"
    else:
        yield "no-shared-word"


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
        for one, other in combinations(together, 2):
            if (one.key, other.key) not in seen:
                seen.add((one.key, other.key))
                yield one, other


def _times(item: MergeItem) -> Iterator[str]:
    """The buckets of a date: its first day, and the months or the year that it lies in."""
    if item.edtf is None or (item.start is None and item.end is None):
        return
    first = item.start or (item.end or date.max) - timedelta(days=1)
    last = (item.end or first + timedelta(days=1)) - timedelta(days=1)
    yield first.isoformat()
    yield f"{first:%Y-%m}" if first.month == last.month and first.year == last.year else f"{first:%Y}"
    if item.type == "toll" or first.month != last.month:
        yield f"{first:%Y}"


def _features(item: MergeItem) -> Iterator[str]:
    yield from item.actors
    yield from item.places
    yield from item.words
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
        kept.why += [*gone.why, (one, other, features)]
        for key in gone.keys:
            self._group[key] = kept

    def _may_join(self, one: _Group, other: _Group, *, forced: bool) -> bool:
        if any(self._apart[key] & set(other.keys) for key in one.keys if key in self._apart):
            return False
        if forced:
            return True
        if len(one.known | other.known) > 1:
            return False
        # Chains of weak likeness: every pair of the two groups must be able to be one event.
        return all(
            compare(self._items[a], self._items[b]) for a in one.keys for b in other.keys
        )

    def clusters(self) -> list[EventCluster]:
        unique = {id(group): group for group in self._group.values()}
        found = [
            EventCluster(
                tuple(sorted(group.keys)), min(group.known, default=None), tuple(sorted(group.why))
            )
            for group in unique.values()
        ]
        return sorted(found, key=lambda cluster: cluster.keys)
