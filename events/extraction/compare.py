"""What two reports have in common, and what it is worth.

A pair's score is the log-odds that both tell one event: a sum of what agrees less what differs, by
the weights of `data/merge.toml`, which `benchmarks/merge.py` fits on annotated dispatches. Names
and words are compared in keys that are the same in every language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import lru_cache

from events.extraction.annotations import EventMention, EventType, MergeItem, Status
from events.extraction.gazetteer import listed_name
from events.extraction.lexicon.concepts import concept_of, specific_concepts
from events.extraction.lexicon.files import DATA, LexiconError
from events.extraction.lexicon.names import fold_often as fold
from events.extraction.lexicon.names import is_general, register_key
from events.extraction.registers import register_of

SHORT_WORD = 3  # characters; words no longer than this say nothing unless they name a concept
STEM = 6  # characters: "manifestations" and "manifestants" are compared by their first ones
RUNNING_TOLL = timedelta(days=45)  # a count of the dead is brought up to date for so long
MONTH = timedelta(days=31)
MUCH_TOLD = 3  # words in common
SAME_STORY = 3  # subjects in common: in 25 of 32 annotated pairs of one story, in 7 of 2,179 others
_NUMBER = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d{3,}")
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
        ("planned", "denied"),  # called off
    )
)
# Of these, people do several a day: a shared story alone does not make two of them one.
SPOKEN: frozenset[EventType] = frozenset(
    {"statement", "call", "refusal", "threat", "talks", "politics"}
)
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
        places=frozenset(
            place_key(p.name, p.geonames) for p in arguments.places if p.kind != "country"
        ),
        countries=frozenset(p.country for p in arguments.places if p.country),
        words=word_keys(
            arguments.words,
            mention.title,
            [
                *(a.name for a in arguments.actors if not _is_common(a.name, a.kind)),
                *(p.name for p in arguments.places),
            ],
        ),
        acts=word_keys(arguments.acts, "", []),
        told=word_keys(arguments.told, "", []),
        names=arguments.names,
        subjects=arguments.subjects,
        undated_by=mention.basis,
    )


def actor_keys(name: str, kind: str) -> Iterator[str]:
    """An actor as it is compared: a country by its code, a common noun marked "~".

    Common nouns may agree ("~rebelles"), but two different ones do not contradict each other.
    """
    folded = fold(_NUMBER.sub(" ", name))
    if register := register_of(name, "fr", "en") or register_of(folded):
        yield register
    elif _is_common(name, kind):
        yield from (f"~{_stem(word)}" for word in folded.split() if len(word) > SHORT_WORD)
    elif folded:
        yield folded


def _is_common(name: str, kind: str) -> bool:
    return kind in {"group", "other"} or name == name.lower()


def place_key(name: str, geonames: int | None) -> str:
    """A place as it is compared: by its GeoNames id, else by its name in every language."""
    if geonames:
        return register_key(geonames)
    listed = (listed_name(name, language)[1] for language in ("fr", "en"))
    return fold(next(filter(None, listed), name))


def word_keys(words: Iterable[str], title: str, names: Iterable[str]) -> frozenset[str]:
    """Stems of content words, concepts ("~quake") that they belong to, numbers ("#806000").

    Words of `names` are left out, but for what happened ("Cyclone Idai"): actors and places are
    compared by themselves. Of the title only the numbers count, which two reports seldom share
    by chance.
    """
    named = {word for name in names for word in fold(name).split()}
    found = {f"#{re.sub(r'[^0-9]', '', number)}" for number in _NUMBER.findall(title)}
    for text in words:
        if text[0] == "#":  # an amount
            found.add(text)
            continue
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
    return len(key) == 5 and key[0] == "#" and 1500 <= float(key[1:]) < 2200


# ---------------------------------------------------------------------- pairs


def compare(one: MergeItem, other: MergeItem) -> tuple[str, ...]:
    """Name what agrees and differs between two items; empty when they cannot be one event.

    Every name is one of `data/merge.toml`, but for those of a bare story or dispatch.
    """
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
    features += _compare_acts(one, other)
    features += _compare_told(one, other)
    features += _compare_subjects(one, other)
    if one.status != other.status:
        planned = "planned" in {one.status, other.status}
        features.append("planned-and-happened" if planned else "other-status")
    if one.dispatch == other.dispatch:
        features.append("same-dispatch")
    return tuple(features)


def _statuses_agree(one: MergeItem, other: MergeItem) -> bool:
    statuses = frozenset({_status_of_act(one), _status_of_act(other)})
    return len(statuses) == 1 or statuses in _COMPATIBLE


def _status_of_act(item: MergeItem) -> Status:
    """A refusal denies what it refuses; that it was refused has happened, as any vote has."""
    refusal = item.type == "refusal" or "~refusal" in item.acts
    return "happened" if refusal and item.status == "denied" else item.status


def _compare_dates(one: MergeItem, other: MergeItem) -> str | None:
    if one.edtf is None or other.edtf is None:
        return None
    if (one.start, one.end) == (other.start, other.end):
        return "same-day" if one.precision == "day" else "same-period"
    if one.start is not None and one.start == other.start and not (one.end and other.end):
        return "nested-dates"  # "since December 15" and what lasted from then on
    if (
        one.type == other.type == "toll"
        and one.start
        and other.start
        and abs(one.start - other.start) <= RUNNING_TOLL
    ):
        return "running-toll"
    if _nested(one, other) or _nested(other, one):
        return "nested-dates" if _wider(one, other) <= MONTH else "nested-year"
    return None


def days_agree(one: MergeItem, other: MergeItem) -> bool:
    """Whether both may be of one day: the same, or one within a stretch that is no year."""
    return _compare_dates(one, other) in {"same-day", "same-period", "nested-dates"}


def _wider(one: MergeItem, other: MergeItem) -> timedelta:
    """The longer of two intervals; an open end counts nothing, its bounds are a beginning."""
    return max(
        (item.end - item.start for item in (one, other) if item.start and item.end),
        default=timedelta(0),
    )


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
    if _shared_names(one.actors, other.actors):
        yield "shared-actor"
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
    numbers = {word for word in common if word[0] == "#"}
    happenings = {word for word in common if word[0] == "~" and word[1:] in specific_concepts()}
    if numbers:
        yield "shared-number"
    if happenings:
        yield "same-happening"
    others = common - numbers - happenings
    if others:
        yield "shared-word" if len(others) == 1 else "shared-words"
    elif not common:
        yield "no-shared-word"


def _compare_acts(one: MergeItem, other: MergeItem) -> Iterator[str]:
    """Whether two things are done; what no list of concepts knows tells nothing here."""
    if one.acts.isdisjoint(other.acts) and _concepts(one.acts) and _concepts(other.acts):
        yield "other-act"


def _concepts(keys: frozenset[str]) -> bool:
    return any(key[0] == "~" for key in keys)


def _compare_told(one: MergeItem, other: MergeItem) -> Iterator[str]:
    """What the two sentences say alike, be it of the event or around it."""
    common = one.told & other.told
    amounts = {key for key in common if key[0] == "#"}
    if any(len(amount) > len("#99") for amount in amounts):
        yield "told-number"
    words = len(common) - len(amounts)
    if words >= MUCH_TOLD:
        yield "much-told"
    elif words == MUCH_TOLD - 1:
        yield "some-told"
    elif not words and one.told and other.told:
        yield "none-told"


def _compare_subjects(one: MergeItem, other: MergeItem) -> Iterator[str]:
    """What the sentences name alike, and whether the dispatches speak of the same."""
    if any(not is_general(name) for name in one.names & other.names):
        yield "shared-name"
    shared = len(one.subjects & other.subjects)
    if shared >= SAME_STORY:
        yield "same-subjects"
    elif shared:
        yield "shared-subject"
    elif min(len(one.subjects), len(other.subjects)) >= SAME_STORY:
        yield "other-subjects"


# ---------------------------------------------------------------------- weights


def weigh(features: Iterable[str]) -> float:
    """The log-odds that reports with these features are of one event."""
    weights = load_weights()
    return weights["base"] + sum(weights[feature] for feature in features)


@lru_cache(maxsize=1)
def load_weights() -> Mapping[str, float]:
    """The log-odds of each feature, and of a pair without any ("base"). Raises LexiconError."""
    try:
        data = tomllib.loads((DATA / "merge.toml").read_text(encoding="utf-8"))
        tables = {**data["fitted"], **data["set"]}
        return {"base": float(data["base"])} | {k: float(v) for k, v in tables.items()}
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise LexiconError(f"merge.toml: {error}") from error
