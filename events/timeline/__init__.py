"""The read side: what pages, JSON and exports show, as plain frozen items.

Every query starts at `Event.objects.public()`, so a proposal shows only where the site allows it.
Days are half-open, `start <= day < end`, as in the models. Nothing here knows about requests.
"""

from events.timeline.dispatches import (
    DispatchDetail,
    DispatchItem,
    DispatchPage,
    NumberedEvent,
    dispatch_detail,
    dispatches_page,
)
from events.timeline.event import EventDetail, event_detail
from events.timeline.facets import Facet, FacetValue, Suggestion
from events.timeline.items import Evidence, Named, Spot, TimelineItem, cards, texts_of
from events.timeline.known import as_known
from events.timeline.page import Month, TimelinePage, Year, timeline_page
from events.timeline.periods import (
    DAY,
    LEVELS,
    Level,
    period_end,
    period_start,
    period_value,
)
from events.timeline.pieces import Piece, marked
from events.timeline.selection import matching, text_ids, visible_dispatches, visible_events
from events.timeline.strip import Bar, Density, density
from events.timeline.walk import WalkPage, walk_page
from events.timeline.whole import Whole, whole
from events.timeline.world import MapPage, MapPlace, map_page

__all__ = [
    "DAY", "LEVELS", "Bar", "Density", "DispatchDetail",
    "DispatchItem", "DispatchPage", "EventDetail", "Evidence", "Facet", "FacetValue", "Level",
    "MapPage", "MapPlace", "Month", "Named", "NumberedEvent", "Piece", "Spot", "Suggestion",
    "TimelineItem", "TimelinePage", "WalkPage", "Whole", "Year", "as_known", "cards", "density",
    "dispatch_detail", "dispatches_page", "event_detail", "map_page", "marked",
    "matching", "period_end", "period_start", "period_value", "text_ids", "texts_of",
    "timeline_page", "visible_dispatches", "visible_events", "walk_page", "whole",
]  # fmt: skip
