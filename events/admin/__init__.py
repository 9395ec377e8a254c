"""The place of reference data and operations. Events are corrected through `curation`."""

from events.admin import dispatches, events, names, operations, people, sources, words

__all__ = ["dispatches", "events", "names", "operations", "people", "sources", "words"]
