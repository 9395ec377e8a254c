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

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from events.extraction.annotations import (
    EventCluster,
    EventMention,
    EventType,
    MergeItem,
    Status,
)
from events.extraction.gazetteer import country_of
from events.extraction.lexicon.concepts import body_of, concept_of, specific_concepts
from events.extraction.lexicon.names import fold_often as fold

THRESHOLD = 2.2  # the same day and the same kind alone are not enough: 2.1
STRONG = 3.2  # two dispatches with so likely a pair tell the same story
SHORT_WORD = 3  # characters; words no longer than this say nothing unless they name a concept
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
    "related-type": 0.2,
    "other-type": -1.5,
    "same-place": 1.5,
    "same-country": 0.4,
    "other-place": -1.2,
    "shared-actor": 1.3,
    "shared-actors": 2.0,
    "other-actors": -0.8,
    "shared-number": 1.5,
    "same-happening": 1.0,
    "shared-word": 0.8,
    "shared-words": 1.6,
    "no-shared-word": -0.4,
    "other-act": -1.3,
    "same-story": 0.8,
    "planned-and-happened": 0.0,
    "same-dispatch": -2.9,
}

_FAMILIES: tuple[frozenset[EventType], ...] = (
    frozenset({"attack", "control", "toll", "disaster", "threat"}),
    frozenset({"talks", "agreement", "politics", "aid"}),
    frozenset({"politics", "justice", "sanction", "statement"}),
    frozenset({"protest", "call", "society", "politics"}),
    frozenset({"aid", "disaster", "society"}),
    frozenset({"society", "other", "statement", "disaster", "economy"}),
    frozenset({"economy", "politics", "agreement"}),
    frozenset({"refusal", "statement", "call", "politics", "threat"}),
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
# Of these, people do several a day: a shared story alone does not make two of them one.
_SPOKEN: frozenset[EventType] = frozenset(
    {"statement", "call", "refusal", "threat", "talks", "politics"}
)
# Something that two reports say alike, beside the day and the kind.
_AGREEING = frozenset(
    {
        "same-place", "same-country", "shared-actor", "shared-actors", "shared-number",
        "same-happening", "shared-word", "shared-words",
    }
)  # fmt: skip
_NUMBER = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d{3,}")

Pair = tuple[str, str]


# ---------------------------------------------------------------------- items


def merge_item(mention: EventMention, dispatch: str, key: str) -> MergeItem:
    """Return what `merge` compares of a mention, in keys that are the same in every language."""
    arguments = mention.arguments
    return MergeItem(
        key=key,
        dispatch=dispatch,
        start=mention.start,
        end=mention.end,
        edtf=mention.edtf,
        precision=mention.precision,
        type=mention.type,
        status=mention.status,
        actors=frozenset(k for a in arguments.actors for k in actor_keys(a.name, a.kind)),
        places=frozenset(place_key(p.name, p.geonames) for p in arguments.places),
        countries=frozenset(p.country for p in arguments.places if p.country),
        words=word_keys(
            arguments.words,
            mention.title,
            [
                *(a.name for a in arguments.actors if not _is_common(a.name, a.kind)),
                *(p.name for p in arguments.places),
            ],
        ),
        undated_by=mention.basis,
    )


def actor_keys(name: str, kind: str) -> Iterator[str]:
    """An actor as it is compared: a country by its code, a common noun marked "~".

    Common nouns may agree ("~rebelles"), but two different ones do not contradict each other.
    """
    for language in ("fr", "en"):
        if code := country_of(name, language):
            yield f"={code.lower()}"
            return
    folded = fold(_NUMBER.sub(" ", name))
    if body := body_of(folded):
        yield f"={body}"
        return
    if _is_common(name, kind):
        yield from (f"~{_stem(word)}" for word in folded.split() if len(word) > SHORT_WORD)
    elif folded:
        yield folded


def _is_common(name: str, kind: str) -> bool:
    return kind in {"group", "other"} or name == name.lower()


def place_key(name: str, geonames: int | None) -> str:
    """A place as it is compared: by its GeoNames id where it was located."""
    return f"={geonames}" if geonames else fold(name)


def word_keys(words: Iterable[str], title: str, names: Iterable[str]) -> frozenset[str]:
    """Stems of content words, concepts ("~quake") that they belong to, numbers ("#806000").

    Words of `names` are left out, but for what happened ("Cyclone Idai"): actors and places are
    compared by themselves. Of the title only the numbers count, which two reports seldom share
    by chance.
    """
    named = {word for name in names for word in fold(name).split()}
    found = {f"#{re.sub(r'[^0-9]', '', number)}" for number in _NUMBER.findall(title)}
    for text in words:
        for word in fold(text).split():
            concept = concept_of(word)
            if word[0].isdigit() or (word in named and concept not in specific_concepts()):
                continue
            if concept:
                found.add(f"~{concept}")
            elif len(word) > SHORT_WORD:
                found.add(_stem(word))
    return frozenset(key for key in found if not _is_year(key))


def _stem(word: str) -> str:
    return word[:STEM]


def _is_year(key: str) -> bool:
    return len(key) == 5 and key[0] == "#" and 1500 <= int(key[1:]) < 2200


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
        spoken = one.type in _SPOKEN or other.type in _SPOKEN
        if told and not (spoken and _AGREEING.isdisjoint(features)):
            features = (*features, "same-story")
        score = weigh(features)
        if score >= THRESHOLD:
            scored.append((-score, one.key, other.key, features))
    return [(features, one, other) for _, one, other, features in sorted(scored)]


def weigh(features: Iterable[str]) -> float:
    """The log-odds that these features add up to."""
    return sum(WEIGHTS[feature] for feature in features)


def _dispatches(one: MergeItem, other: MergeItem) -> tuple[str, str]:
    return min(one.dispatch, other.dispatch), max(one.dispatch, other.dispatch)


def compare(one: MergeItem, other: MergeItem) -> tuple[str, ...]:
    """Name what agrees and differs between two items; empty when they cannot be one event."""
    time = _compare_dates(one, other)
    if time is None or not _statuses_agree(one, other):
        return ()
    words = list(_compare_words(one, other))
    # "L'offensive remonte au 15" may be read as anything; the offensive is the same.
    kind = _compare_types(one, other)
    if kind == "other-type" and "same-happening" in words:
        kind = "related-type"
    features = [time, kind]
    features += _compare_places(one, other)
    features += _compare_actors(one, other)
    features += words
    spoken = one.type in _SPOKEN and other.type in _SPOKEN
    if spoken and "no-shared-word" in words and "same-place" not in features:
        features.append("other-act")
    if one.status != other.status and "planned" in {one.status, other.status}:
        features.append("planned-and-happened")
    if one.dispatch == other.dispatch:
        features.append("same-dispatch")
    return tuple(features)


def _statuses_agree(one: MergeItem, other: MergeItem) -> bool:
    statuses = frozenset({_status_of_act(one), _status_of_act(other)})
    return len(statuses) == 1 or statuses in _COMPATIBLE


def _status_of_act(item: MergeItem) -> Status:
    """A refusal denies what it refuses; that it was refused has happened, as any vote has."""
    return "happened" if item.type == "refusal" and item.status == "denied" else item.status


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
    """The dates of one lie, or begin, within a closed interval not wider than a year."""
    if not (inner.start and outer.start and outer.end):
        return False
    if outer.end - outer.start > timedelta(days=366):
        return False
    if inner.end is None:
        return outer.precision == "month" and outer.start <= inner.start < outer.end
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
    elif _located(one) and _located(other):
        yield "other-place"


def _located(item: MergeItem) -> bool:
    """The gazetteer knows where all its places are: only such places can contradict."""
    return bool(item.places) and all(place.startswith("=") for place in item.places)


def _compare_actors(one: MergeItem, other: MergeItem) -> Iterator[str]:
    shared = len(_shared_names(one.actors, other.actors))
    if shared:
        yield "shared-actor" if shared == 1 else "shared-actors"
    elif _proper(one.actors) and _proper(other.actors):
        yield "other-actors"


def _proper(actors: frozenset[str]) -> bool:
    return any(not actor.startswith("~") for actor in actors)


def _shared_names(one: frozenset[str], other: frozenset[str]) -> set[str]:
    """Names of one that are names of the other, or whose words one of them has all."""
    found = set(one & other)
    for name in one - found:
        words = set(name.split())
        if any(words <= set(n.split()) or words >= set(n.split()) for n in other):
            found.add(name)
    return found


def _compare_words(one: MergeItem, other: MergeItem) -> Iterator[str]:
    common = one.words & other.words
    numbers = sum(word.startswith("#") for word in common)
    if numbers:
        yield "shared-number"
    if any(word[1:] in specific_concepts() for word in common if word[0] == "~"):
        yield "same-happening"
    shared = len(common) - numbers
    if shared:
        yield "shared-word" if shared == 1 else "shared-words"
    elif not numbers:
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
