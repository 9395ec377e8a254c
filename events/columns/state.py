"""Which state of the corpus columns are of, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from events import tally
from events.tally import Mark


@dataclass(frozen=True, slots=True)
class State:
    """The mark of the corpus, whom it is shown to, and the changes of the log it has seen."""

    mark: Mark
    public: str
    seen: frozenset[int]

    def __str__(self) -> str:
        return f"{self.mark}.{self.public}"


def present() -> State:
    """The state that columns read from now on have at least reached."""
    mark, log = tally.log()
    return State(mark, settings.PUBLIC_EVENTS, frozenset(log))


def corpus_version() -> str:
    """Return what differs after every change that a visitor could see."""
    return f"{tally.mark()}.{settings.PUBLIC_EVENTS}"


def changed_since(before: State) -> tuple[State, set[int]] | None:
    """Return the present state and the events that changed since `before`.

    None when the log cannot tell: it does not reach back so far, or is another one's.
    """
    mark, log = tally.log()
    new = {pk: event for pk, event in log.items() if pk not in before.seen}
    old = before.mark
    same = mark.key == old.key and before.public == settings.PUBLIC_EVENTS
    # Each change has a number that is its own, so as many new ones as there were changes are all.
    if not same or len(new) < mark.total - old.total or not _holds(old):
        return None
    state = State(mark, before.public, frozenset(log))
    return state, {event for event in new.values() if event is not None}


def _holds(mark: Mark) -> bool:
    """Whether the log still has that newest change, and in the same history."""
    if not mark.last:
        return True
    return tally.Change.objects.filter(pk=mark.last, nonce=mark.nonce).exists()
