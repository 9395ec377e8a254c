"""Text in, dated event mentions out. Pure Python: knows nothing of Django.

    from events.extraction import extract_one
    extraction = extract_one(text, declared=date(2016, 12, 8))

`extract` reads many texts in batches; `merge` tells which mentions of different dispatches are one
event, `merge_item` makes of a mention what it compares, and `comparable` readies that for being
compared again and again. `tag_times` finds time expressions alone, and needs no model; `signed_by`
tells the agency that signs a text. `register_of` knows countries and bodies by
all their names.
"""

from events.extraction.annotations import (
    EventCluster,
    EventMention,
    Extraction,
    ExtractionRequest,
    MergeItem,
    OwnWord,
)
from events.extraction.compare import merge_item
from events.extraction.merge import Comparable, comparable, merge
from events.extraction.pipeline import VERSION, extract, extract_one
from events.extraction.read import signed_by
from events.extraction.registers import country_names, place_register, register_of
from events.extraction.tag import tag_times

__all__ = [
    "VERSION",
    "Comparable",
    "EventCluster",
    "EventMention",
    "Extraction",
    "ExtractionRequest",
    "MergeItem",
    "OwnWord",
    "comparable",
    "country_names",
    "extract",
    "extract_one",
    "merge",
    "merge_item",
    "place_register",
    "register_of",
    "signed_by",
    "tag_times",
]
