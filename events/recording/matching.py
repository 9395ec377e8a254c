"""Which mentions of this run repeat mentions of an earlier one: the text never changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from events.extraction import EventMention, MergeItem, merge_item
from events.models import Dispatch, Mention


@dataclass(frozen=True, slots=True)
class Found:
    """A mention of this run, and the row of an earlier one that it repeats."""

    key: str
    found: EventMention
    item: MergeItem
    old: Mention | None


def match(
    dispatch: Dispatch, found: Sequence[EventMention], old: Sequence[Mention], version: str
) -> list[Found]:
    """Key the mentions of this run, and find what each repeats: the text never changes.

    The same trigger, else one that shares characters with it and has the same date, else the same
    sentence and date: a better version may name the event by another word.
    """
    left = {mention.key: mention for mention in old}
    keys: dict[str, EventMention] = {}
    for mention in found:
        key, number = f"{mention.trigger.span.start}-{mention.trigger.span.end}", 1
        while (name := key if number == 1 else f"{key}#{number}") in keys:
            number += 1
        keys[name] = mention
    pairs: dict[str, Mention | None] = {key: left.pop(key, None) for key in keys}
    for alike in (_same_words, _same_sentence):
        for key, mention in keys.items():
            if pairs[key] is None:
                twin = next((m for m in left.values() if alike(m, mention)), None)
                if twin is not None:
                    pairs[key] = left.pop(twin.key)
    return [
        Found(key, mention, _item(dispatch, key, mention, pairs[key], version), pairs[key])
        for key, mention in keys.items()
    ]


def _same_words(old: Mention, new: EventMention) -> bool:
    span = new.trigger.span
    return old.trigger_start < span.end and span.start < old.trigger_end


def _same_sentence(old: Mention, new: EventMention) -> bool:
    return old.sentence_start == new.sentence.start and old.edtf == (new.edtf or "")


def _item(
    dispatch: Dispatch, key: str, mention: EventMention, old: Mention | None, version: str
) -> MergeItem:
    """What merging compares; with its event where that is settled: by a person, or by a run of
    the same version that read the same date (reading twice must change nothing)."""
    item = merge_item(mention, str(dispatch.pk), f"new:{key}")
    if old is None:
        return item
    unchanged = old.run.version == version and old.edtf == (mention.edtf or "")
    if old.pinned or old.event.is_curated or unchanged:
        return replace(item, known=old.event_id)
    return item
