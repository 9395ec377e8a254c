"""Which event each mention belongs to: those that are known nearby, else a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from events.extraction import EventCluster
from events.models import Event, Mention
from events.recording.matching import Found


class Home(NamedTuple):
    """The event of a mention: the id of one that is known, or one not yet written; and why."""

    event: int | Event
    why: list[dict[str, Any]]


def homes_of(new: Sequence[Found], clusters: Sequence[EventCluster]) -> dict[str, Home]:
    """Give each mention its event: a known one, the one it had before, or a new one."""
    by_key = {one.item.key: one for one in new}
    homes: dict[str, Home] = {}
    taken = {cluster.known for cluster in clusters if cluster.known is not None}
    for cluster in clusters:
        members = [by_key[key] for key in cluster.keys if key in by_key]
        if not members:
            continue
        known = cluster.known
        if known is None:
            known = _own(members, taken)
            if known is not None:
                taken.add(known)
        event = Event() if known is None else known  # `create_events` fills and writes a new one
        for one in members:
            why = [
                {"with": other, "features": list(features)}
                for first, second, features in cluster.why
                if one.item.key in {first, second}
                for other in {first, second} - {one.item.key}
            ]
            homes[one.key] = Home(event, why)
    return homes


def _own(members: Sequence[Found], taken: set[int]) -> int | None:
    """The event that one of these had before, if it holds no reports of other dispatches."""
    for one in members:
        if one.old is None or one.old.event_id in taken:
            continue
        others = Mention.objects.filter(event=one.old.event_id)
        if not others.exclude(dispatch=one.old.dispatch_id).exists():
            return one.old.event_id
    return None
