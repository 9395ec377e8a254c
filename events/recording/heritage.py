"""What the versions of an item before this one told: a correction corrects their events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import product

from events.models import CurationAct, Dispatch, Event, Mention, ReviewState
from events.recording.matching import Found

ALIKE = 0.75  # share of the words of two sentences from which one is a version of the other


def inherit(dispatch: Dispatch, new: Sequence[Found]) -> list[Found]:
    """Give each mention the event of the one that it is a new version of, whatever its date.

    The same words of the same kind in a sentence that is mostly the same: “Thursday, not Friday”
    moves an event, and makes no second one.
    """
    earlier = Mention.objects.filter(dispatch__replaced_by=dispatch, event__merged_into=None)
    left = list(earlier.select_related("dispatch"))
    heirs = {one.key: one for one in new if one.item.known is None}
    likenesses = [
        (_likeness(row, heir, dispatch.text), row, key)
        for row, (key, heir) in product(left, heirs.items())
    ]
    taken: set[int] = set()
    for likeness, row, key in sorted(likenesses, key=lambda one: (-one[0], one[1].pk, one[2])):
        if likeness >= ALIKE and row.pk not in taken and heirs[key].item.known is None:
            taken.add(row.pk)
            heir = heirs[key]
            heirs[key] = replace(heir, item=replace(heir.item, known=row.event_id))
    return [heirs.get(one.key, one) for one in new]


def bring_back(dispatch: Dispatch, told: Collection[int]) -> None:
    """Undo what the kill of an earlier version did to events that this one tells again.

    What a person decided of them since stands.
    """
    killed = Dispatch.objects.filter(replaced_by=dispatch).exclude(withdrawn_at=None)
    lost = Event.objects.filter(
        pk__in=told, review_state=ReviewState.REJECTED, withdrawals__in=killed
    )
    for event in lost.distinct():
        judged = event.acts.filter(
            kind__in=[CurationAct.Kind.APPROVE, CurationAct.Kind.REJECT], undone_by=None
        )
        last = judged.order_by("pk").last()
        if last is None or last.kind != CurationAct.Kind.REJECT or last.by is not None:
            continue
        event.review_state = last.before["review_state"]
        event.save(update_fields=["review_state", "updated_at"])
        CurationAct.objects.create(
            kind=CurationAct.Kind.UNDO,
            event=event,
            by=None,
            before=last.after,
            after=last.before,
            undoes=last,
        )


def _likeness(row: Mention, heir: Found, text: str) -> float:
    """How much of their sentences two mentions of one kind and trigger share, from 0 to 1."""
    trigger = row.dispatch.text[row.trigger_start : row.trigger_end]
    start, end = heir.found.trigger.span
    if row.type != heir.found.type or trigger.casefold() != text[start:end].casefold():
        return 0.0
    sentence = heir.found.sentence
    words = (row.sentence.split(), text[sentence.start : sentence.end].split())
    return SequenceMatcher(None, *words, autojunk=False).ratio()
