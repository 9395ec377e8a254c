"""What the stages know of a language: `data/<language>/*.toml`, loaded and checked once.

Each part is read when a stage first asks for it: dates alone do not load the event words.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from events.extraction.lexicon.files import LexiconError, languages_with
from events.extraction.lexicon.labels import Labels, load_labels
from events.extraction.lexicon.times import TimeLexicon, load_times

if TYPE_CHECKING:
    from events.extraction.annotations import OwnWord
    from events.extraction.lexicon.frames import FrameLexicon
    from events.extraction.lexicon.roles import Roles
    from events.extraction.lexicon.status import StatusLexicon
    from events.extraction.lexicon.triggers import TriggerLexicon

__all__ = ["EVENT_LANGUAGES", "Lexicon", "LexiconError", "load"]

EVENT_LANGUAGES = languages_with("triggers.toml")


class Lexicon:
    """Everything known of one language, by part."""

    def __init__(self, language: str, own: frozenset[OwnWord] = frozenset()) -> None:
        self.language = language
        self.own = own

    @cached_property
    def times(self) -> TimeLexicon:
        return load_times(self.language)

    @cached_property
    def labels(self) -> Labels:
        return load_labels(self.language)

    @cached_property
    def triggers(self) -> TriggerLexicon:
        from events.extraction.lexicon.triggers import load_triggers  # noqa: PLC0415 - dates alone need none

        return load_triggers(self.language, self.own)

    @cached_property
    def status(self) -> StatusLexicon:
        from events.extraction.lexicon.status import load_status  # noqa: PLC0415 - dates alone need none

        return load_status(self.language)

    @cached_property
    def frames(self) -> FrameLexicon:
        from events.extraction.lexicon.frames import load_frames  # noqa: PLC0415 - dates alone need none

        return load_frames(self.language)

    @cached_property
    def roles(self) -> Roles:
        from events.extraction.lexicon.roles import load_roles  # noqa: PLC0415 - dates alone need none

        return load_roles(self.language)


@lru_cache(maxsize=16)
def load(language: str, own: frozenset[OwnWord] = frozenset()) -> Lexicon:
    """Return what is known of a language, with a newsroom's `own` words before the lexicon's."""
    return Lexicon(language, own)
