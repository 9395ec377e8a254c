"""Which mentions of this run repeat mentions of an earlier one: the text never changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from events.extraction import EventMention, MergeItem, merge_item
from events.models import Dispatch, Mention


@dataclass(frozen=True, slots=True)
class Found:
    """A mention of this run, and the row of an earlier one that it repeats.

    `stays`: a person has seen that row under other words; it keeps them, or the words that they
    judged would be proposed anew.
    """

    key: str
    found: EventMention
    item: MergeItem
    old: Mention | None
    stays: bool = False


def match(
    dispatch: Dispatch,
    found: Sequence[EventMention],
    old: Sequence[Mention],
    version: str,
    held: Collection[int],
) -> list[Found]:
    """Key the mentions of this run, and find what each repeats: the text never changes.

    The same trigger, else one that shares characters with it, each rather with the same date than
    with another, else the same sentence and date: a better version may name the event by another
    word. Reports of the events in `held` stay there.
    """
    left = {row.pk: row for row in old}
    pairs: list[Mention | None] = [None for _ in found]
    for alike in _ALIKE:
        for at, mention in enumerate(found):
            if pairs[at] is None:
                twin = next((row for row in left.values() if alike(row, mention)), None)
                pairs[at] = left.pop(twin.pk) if twin is not None else None
    keys = {row.key for row in old}
    new = []
    for mention, row in zip(found, pairs, strict=True):
        settled = row is not None and (row.pinned or row.event_id in held)
        if row is not None and (settled or _same_span(row, mention)):
            key = row.key
        else:
            key = free_key(*mention.trigger.span, keys)
            keys.add(key)
        item = merge_item(mention, str(dispatch.pk), f"new:{key}")
        if row is not None and (settled or _unchanged(row, mention, version)):
            item = replace(item, known=row.event_id)
        stays = row is not None and settled and not _same_span(row, mention)
        new.append(Found(key, mention, item, row, stays))
    return new


def _same_span(old: Mention, new: EventMention) -> bool:
    return (old.trigger_start, old.trigger_end) == new.trigger.span


def _same_words(old: Mention, new: EventMention) -> bool:
    span = new.trigger.span
    return old.trigger_start < span.end and span.start < old.trigger_end


def _same_date(old: Mention, new: EventMention) -> bool:
    return old.edtf == (new.edtf or "")


def _same_sentence(old: Mention, new: EventMention) -> bool:
    return old.sentence_start == new.sentence.start and _same_date(old, new)


_ALIKE: tuple[Callable[[Mention, EventMention], bool], ...] = (
    lambda old, new: _same_span(old, new) and _same_date(old, new),
    _same_span,
    lambda old, new: _same_words(old, new) and _same_date(old, new),
    _same_words,
    _same_sentence,
)


def _unchanged(old: Mention, new: EventMention, version: str) -> bool:
    """Read by the same version to the same date: reading twice must change nothing."""
    return old.run.version == version and _same_date(old, new)


def free_key(start: int, end: int, taken: Collection[str]) -> str:
    """The key of a mention with its trigger there, in a dispatch whose mentions have `taken`."""
    stem, number = f"{start}-{end}", 1
    while (key := stem if number == 1 else f"{stem}#{number}") in taken:
        number += 1
    return key
