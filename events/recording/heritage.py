"""What the versions of an item before this one told: a correction corrects their events."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import product

from events.models import CurationAct, Dispatch, Event, ExtractionRun, Mention, ReviewState
from events.recording.homes import Home
from events.recording.matching import Found, free_key

ALIKE = 0.75  # share of the words of two sentences from which one is a version of the other


def inherit(dispatch: Dispatch, new: Sequence[Found]) -> list[Found]:
    """Give each mention the row of the one that it is a new version of, whatever its date.

    The same words of the same kind in a sentence that is mostly the same: “Thursday, not Friday”
    moves an event, and makes no second one. What a person decided of the row goes along.
    """
    left = of_earlier_versions(dispatch)
    heirs = {one.key: one for one in new if one.old is None}
    likenesses = [
        (_likeness(row, heir, dispatch.text), row, key)
        for row, (key, heir) in product(left, heirs.items())
    ]
    taken: set[int] = set()
    for likeness, row, key in sorted(likenesses, key=lambda one: (-one[0], one[1].pk, one[2])):
        if likeness >= ALIKE and row.pk not in taken and heirs[key].old is None:
            taken.add(row.pk)
            item = replace(heirs[key].item, known=row.event.standing.pk)
            heirs[key] = replace(heirs[key], old=row, item=item)
    return [heirs.get(one.key, one) for one in new]


def succeed(dispatch: Dispatch, new: Sequence[Found], homes: Mapping[str, Home]) -> list[Found]:
    """Give mentions in other words the rows by which earlier versions told of the same events."""
    taken = {one.old.pk for one in new if one.old is not None}
    left = [row for row in of_earlier_versions(dispatch) if row.pk not in taken]
    heirs = []
    for one in new:
        event = homes[one.key].event
        row = next((row for row in left if row.event.standing.pk == event), None)
        if one.old is None and row is not None:
            left.remove(row)
            heirs.append(replace(one, old=row))
        else:
            heirs.append(one)
    return heirs


def hand_on(dispatch: Dispatch, run: ExtractionRun, row: Mention) -> None:
    """Let a report of an earlier version rest on this one, if that says the same sentence still."""
    sentence = _shift(row.dispatch, dispatch, row.sentence_start, row.sentence_end)
    if sentence is None:
        return
    inside = row.date_start is not None and row.sentence_start <= row.date_start < row.sentence_end
    dated = sentence if inside else _shift(
        row.dispatch, dispatch, row.date_sentence_start, row.date_sentence_end
    )  # fmt: skip
    for name in ("trigger_start", "trigger_end", "sentence_start", "sentence_end"):
        setattr(row, name, getattr(row, name) + sentence)
    row.core = [[start + sentence, end + sentence] for start, end in row.core]
    for name in ("date_start", "date_end", "date_sentence_start", "date_sentence_end"):
        at = getattr(row, name)
        setattr(row, name, None if at is None or dated is None else at + dated)
    taken = set(dispatch.mentions.values_list("key", flat=True))
    row.key = free_key(row.trigger_start, row.trigger_end, taken)
    row.dispatch, row.run, row.event = dispatch, run, row.event.standing
    row.quote(dispatch.text)
    row.save()


def _shift(old: Dispatch, new: Dispatch, start: int | None, end: int | None) -> int | None:
    """How many characters later `new` says what stands there in `old`; None if it does not."""
    if start is None:
        return None
    found = new.whole_text.find(old.whole_text[start:end])
    return None if found < 0 else found - start


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


def of_earlier_versions(dispatch: Dispatch) -> list[Mention]:
    rows = Mention.objects.filter(dispatch__replaced_by=dispatch)
    return list(rows.select_related("dispatch", "run", "event"))


def _likeness(row: Mention, heir: Found, text: str) -> float:
    """How much of their sentences two mentions of one kind and trigger share, from 0 to 1."""
    trigger = row.dispatch.text[row.trigger_start : row.trigger_end]
    start, end = heir.found.trigger.span
    if row.type != heir.found.type or trigger.casefold() != text[start:end].casefold():
        return 0.0
    sentence = heir.found.sentence
    words = (row.sentence.split(), text[sentence.start : sentence.end].split())
    return SequenceMatcher(None, *words, autojunk=False).ratio()
