"""What a visitor asks to see: the one record that pages, tiles, exports and counts understand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """Several values of one field mean any of them; days are half-open, `start <= day < end`.

    `known` shows the timeline as the dispatches dated on or before that day told it.
    """

    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    actors: tuple[int, ...] = ()
    places: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()
    text: str = ""
    start: date | None = None
    end: date | None = None
    confidence: float = 0.0  # at least this probable, in whole percents
    known: date | None = None
    newest_first: bool = False

    @property
    def facets(self) -> dict[str, tuple[str, ...]]:
        """What is chosen of each facet, as the query parameters say it."""
        return {
            "type": self.types,
            "status": self.statuses,
            "actor": tuple(map(str, self.actors)),
            "place": tuple(map(str, self.places)),
            "source": tuple(map(str, self.sources)),
        }

    @property
    def active(self) -> tuple[str, ...]:
        """The names of those that narrow: type, status, review, actor, place, source, q, period,
        confidence, known."""
        narrow = {
            "type": self.types,
            "status": self.statuses,
            "review": self.reviews,
            "actor": self.actors,
            "place": self.places,
            "source": self.sources,
            "q": self.text,
            "period": self.start or self.end,
            "confidence": self.confidence,
            "known": self.known,
        }
        return tuple(name for name, value in narrow.items() if value)
