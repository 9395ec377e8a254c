"""Reads a text and fills the arguments of one word of it, whatever `detect` thinks of the word."""

from dataclasses import dataclass
from functools import cache

from events.extraction import lexicon as lexicons
from events.extraction.annotations import Arguments, Document, Language, Parsed, Span, Trigger
from events.extraction.fill import fill
from events.extraction.parse import parse
from events.extraction.read import read
from events.extraction.title import title


@dataclass(frozen=True)
class Filled:
    arguments: Arguments
    title: str

    @property
    def actors(self):
        return [actor.name for actor in self.arguments.actors]

    @property
    def places(self):
        return [place.name for place in self.arguments.places]

    @property
    def source(self):
        return self.arguments.attribution and self.arguments.attribution.source


@cache
def read_text(text: str, language: str) -> tuple[Document, Parsed]:
    document = read(text)
    parsed = next(parse([(document, Language(language, True, True, True))]))
    return document, parsed


def trigger_at(words: str, text: str, kind: str, language: str, core: str = "") -> Trigger:
    """The trigger whose words are the first of the text, with the core that is named."""
    _, parsed = read_text(text, language)
    start = text.index(words)
    span = Span(start, start + len(words))
    inside = [t for t in parsed.tokens if t.start < span.end and span.start < t.end]
    members = {t.i for t in inside}
    head = next((t for t in inside if t.head not in members or t.head == t.i), inside[0])
    cores = (Span(text.index(core), text.index(core) + len(core)),) if core else ()
    return Trigger(span, head.i, parsed.sentence_of[head.i], kind, "test", cores)


def filled(text: str, trigger: str, kind: str = "other", language: str = "fr", core: str = ""):
    document, parsed = read_text(text, language)
    lexicon = lexicons.load(language)
    record = trigger_at(trigger, text, kind, language, core)
    [arguments] = fill([record], document, parsed, lexicon)
    headline = title(record, arguments, (), document, parsed, lexicon)
    return Filled(arguments, headline)
