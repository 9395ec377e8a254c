"""What an extraction found, as rows: mentions, the events that they report, actors and places.

Called inside the transaction that says "done". Ids of events are stable: a mention found again
stays with its event, and what a person decided outlives every run:
- a mention that a person placed (merge, split) stays in its event;
- an event that a person judged or corrected is never deleted, nor are the fields they set changed;
- an event that was rejected takes no reports of other dispatches.
"""

from events.recording.drawing import place_in_time, refresh
from events.recording.names import actor_named, folded, place_named, register_named
from events.recording.rows import quote_anew, write_by_hand
from events.recording.run import one_at_a_time, record

__all__ = [
    "actor_named",
    "folded",
    "one_at_a_time",
    "place_in_time",
    "place_named",
    "quote_anew",
    "record",
    "refresh",
    "register_named",
    "write_by_hand",
]
