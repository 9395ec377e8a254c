"""What Frise keeps: dispatches, what was extracted from them, and the events that people see.

Integrity lives in constraints, questions live on the QuerySets. Days are half-open intervals,
`start_date <= day < end_date`, NULL where a bound is open or unknown; `edtf` says the same with
its precision (ISO 8601-2). Reasons are `{"code": …, "values": {…}}`, worded by `events/reasons.py`.
"""

from events.models.choices import (
    Basis,
    DayFrom,
    DctBasis,
    EventType,
    PlaceKind,
    Precision,
    ReviewState,
    Role,
    Status,
)
from events.models.curation import ACT_SUBJECTS, Claim, CurationAct, OwnWord
from events.models.dispatches import (
    INTAKE_FAILURES,
    MAX_ATTEMPTS,
    Batch,
    BatchItem,
    BatchItemQuerySet,
    Dispatch,
    DispatchQuerySet,
    ExtractionRun,
    Mark,
    Source,
    SourceQuerySet,
)
from events.models.events import (
    EVENT_FIELDS,
    Actor,
    Event,
    EventActor,
    EventPlace,
    EventQuerySet,
    Mention,
    Place,
)
from events.models.feeds import Feed, FeedEntry, FeedQuerySet
from events.models.running import ApiToken, Heartbeat
from events.models.stories import Story, StoryEvent, StoryQuerySet

__all__ = [
    "ACT_SUBJECTS",
    "EVENT_FIELDS",
    "INTAKE_FAILURES",
    "MAX_ATTEMPTS",
    "Actor",
    "ApiToken",
    "Basis",
    "Batch",
    "BatchItem",
    "BatchItemQuerySet",
    "Claim",
    "CurationAct",
    "DayFrom",
    "DctBasis",
    "Dispatch",
    "DispatchQuerySet",
    "Event",
    "EventActor",
    "EventPlace",
    "EventQuerySet",
    "EventType",
    "ExtractionRun",
    "Feed",
    "FeedEntry",
    "FeedQuerySet",
    "Heartbeat",
    "Mark",
    "Mention",
    "OwnWord",
    "Place",
    "PlaceKind",
    "Precision",
    "ReviewState",
    "Role",
    "Source",
    "SourceQuerySet",
    "Status",
    "Story",
    "StoryEvent",
    "StoryQuerySet",
]
