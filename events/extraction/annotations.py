"""The records that the stages of extraction hand to one another.

All are frozen: a stage returns new records, it never changes those that it was given. Offsets are
half-open `[start, end)` and count code points of `Document.text`. Days are half-open too:
`start <= day < end`, `None` where the bound is open or unknown. Closed lists (types, statuses,
roles) are those of ACE, FactBank and PLOVER, as the annotation guideline settled them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, NamedTuple

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Basis = Literal["explicit", "relative", "inherited", "dct", "none"]
DctBasis = Literal["declared", "dateline", "inferred", "none"]
Precision = Literal[
    "day", "week", "month", "season", "quarter", "year", "range", "open", "unknown"
]
Status = Literal["happened", "ongoing", "planned", "called_for", "denied", "hypothetical"]
EventType = Literal[
    "attack", "control", "talks", "agreement", "call", "refusal", "statement", "threat",
    "sanction", "justice", "protest", "politics", "aid", "toll", "disaster", "economy",
    "society", "other",
]  # fmt: skip
SPEECH: frozenset[EventType] = frozenset({"statement", "refusal", "call", "threat"})  # what is said
Role = Literal["agent", "target", "party", "speaker", "victim", "beneficiary", "other"]
PlaceKind = Literal["point", "district", "city", "region", "country"]
AttributionKind = Literal["quote", "official", "organisation", "media", "witness", "unnamed"]


class OwnWord(NamedTuple):
    """How a newsroom wants a word read: a verb by infinitive, or a noun in the singular.

    `type` is that of the events that it evokes, "" where it evokes none.
    """

    language: str
    part: Literal["verb", "noun"]
    word: str
    type: EventType | Literal[""]


@dataclass(frozen=True, slots=True)
class ExtractionRequest:
    """A text to read, and what is known of it from outside.

    `declared` is the day that the sender's metadata or a person states; `republished` that of the
    page, feed or mail that brought the text, which its dateline overrules; `received` only bounds
    it from above. `language` is ISO 639-1 where somebody stated it. `own_words` go before those
    of the lexicon.
    """

    text: str
    declared: date | None = None
    language: str | None = None
    received: date | None = None
    republished: date | None = None
    own_words: frozenset[OwnWord] = frozenset()


class Span(NamedTuple):
    """Half-open range of code points in the text of a document."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a date is what it is: a code for the page to put in words, and the words it fills in.

    `code` names one sentence of `events/reasons.py`; `values` are its blanks (ISO dates, quoted
    words, rule ids), so that the same reason can be read in any language of the interface.
    """

    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dateline:
    """The opening "ALEP (Syrie), 9 déc 2016 (AFP) -": where and when the text was written."""

    span: Span
    place: Span | None
    date: Span | None
    agency: Span | None


@dataclass(frozen=True, slots=True)
class Document:
    """A dispatch as extraction sees it: the stored text and where its parts lie.

    `body` is what may tell events; dateline, captions, advisory lines and credit surround it.
    """

    text: str
    body: Span
    dateline: Dateline | None = None
    captions: tuple[Span, ...] = ()
    credit: Span | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is ISO 639-1; `sure` is False when the text alone did not settle it.

    `supported` says whether events are extracted, or dates only.
    """

    code: str
    stated: bool
    sure: bool
    supported: bool


@dataclass(slots=True, eq=False)
class Token:
    """One token of the parse. `head` is an index into `Parsed.tokens` (itself for a root).

    Nobody changes one: mypy sees to it by `Final`, since what is frozen at run time takes four
    times as long to make, and a dispatch has hundreds.

    `pos`, `dep` are Universal Dependencies labels as the model gives them, `morph` the UD
    features as text ("Mood=Ind|Tense=Past|VerbForm=Fin"), `ent_type` the entity label or "".
    """

    i: Final[int]
    start: Final[int]
    end: Final[int]
    text: Final[str]
    lemma: Final[str]
    pos: Final[str]
    dep: Final[str]
    head: Final[int]
    morph: Final[str]
    ent_type: Final[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens `[first, last)` and the characters that they span."""

    first: int
    last: int
    span: Span


class Entity(NamedTuple):
    """A named entity, tokens `[first, last)`; `label` is PER, ORG, LOC or MISC in all languages."""

    first: int
    last: int
    span: Span
    label: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the parser made of the body. `sentences` cover all tokens in order.

    `children[i]` lists the indices of the tokens that depend on token i, in text order.
    Empty `tokens[i].dep` everywhere: the language has sentences only, no syntax.
    """

    language: Language
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    children: tuple[tuple[int, ...], ...]
    sentence_of: tuple[int, ...]  # token index -> sentence index


@dataclass(frozen=True, slots=True)
class CreationTime:
    """The day of the dispatch. `value` is EDTF: "2016-12-08", "XXXX-12-08" (year unknown) or None.

    `probability` is 1 for a declared day. `candidates` keeps the roads not taken, best first.
    """

    value: str | None
    basis: DctBasis
    reason: Reason
    probability: float = 1.0
    candidates: tuple[tuple[str, float, Reason], ...] = ()

    @property
    def day(self) -> date | None:
        """The full day, or None where the year or the day is not known."""
        try:
            return date.fromisoformat(self.value or "")
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression as written: what the words say, before any calendar.

    `rule` is the id of the rule that found it; `fields` what its words say (grain, numbers,
    direction), as (name, value) pairs that `normalize` understands.
    """

    span: Span
    text: str
    type: TimexType
    rule: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NormalizedTimex:
    """A timex placed on the calendar: any day d with `start <= d < end`.

    `value` is TIMEX3 ("" when the words name no possible date), `edtf` ISO 8601-2 or None,
    `time_of_day` "HH:MM" or a TIMEX3 part of day (MO, MI, AF, EV, NI) or "".
    `evidence` is the span with its preposition ("depuis mars 2011"), for the reader's eye.
    """

    timex: Timex
    value: str
    edtf: str | None
    start: date | None
    end: date | None
    precision: Precision
    basis: Basis
    reason: Reason
    time_of_day: str = ""
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """The word that evokes an event. `span` is at most six words; `token` is its head token.

    `core` holds the content noun phrase of a light or speech verb ("offensive … lancée").
    `status_class` is what the trigger says of its core by itself: call, refusal, plan or "".
    `rule` is the lexicon entry that found it.
    """

    span: Span
    token: int
    sentence: int
    type: EventType
    rule: str
    core: tuple[Span, ...] = ()
    status_class: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did or suffered it. `name` is canonical ("John Kerry" for "M. Kerry")."""

    span: Span
    name: str
    role: Role
    kind: Literal["person", "organisation", "group", "government", "other"] = "other"
    qid: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened or what it concerns. `country` is ISO 3166-1 alpha-2 or ""."""

    span: Span
    name: str
    kind: PlaceKind
    country: str = ""
    within: str = ""
    geonames: int | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who vouches for it, when the agency itself does not."""

    span: Span
    source: str
    kind: AttributionKind


@dataclass(frozen=True, slots=True)
class Arguments:
    """Everything that a trigger governs.

    `words` are the folded lemmas of what is said: the act, its core, its subject and object;
    `acts` those of the act and its core alone, `told` those of the whole sentence. `names` are
    those of its sentence, `subjects` those that the whole dispatch says most; both in keys for
    comparison, the same in every language.
    """

    actors: tuple[Actor, ...] = ()
    places: tuple[Place, ...] = ()
    attribution: Attribution | None = None
    words: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The date of a trigger, and why. Fields as in EventMention.

    `confidence` is the probability that the trigger is an event and that this is its date, summed
    from `signs`: what speaks for and against (`data/confidence.toml`). `also` are the further
    dates of an act told of several ("en 1932 et 1984").
    """

    timex: NormalizedTimex | None
    edtf: str | None
    start: date | None
    end: date | None
    precision: Precision
    basis: Basis
    reason: Reason
    confidence: float
    time_of_day: str = ""
    evidence: Span | None = None
    date_sentence: Span | None = None
    optional: bool = False
    signs: tuple[str, ...] = ()
    also: tuple[Anchoring, ...] = ()


@dataclass(frozen=True, slots=True)
class EventMention:
    """One report of an event in one sentence: a trigger with the timex that dates it.

    `edtf` None: the text gives no date. `start`/`end` as in NormalizedTimex. `evidence` are the
    words that give the date, with their preposition; `date_sentence` the sentence they stand in
    (another one than `sentence` when the date is inherited). `title` has at most 90 characters.
    `confidence` is the probability that trigger and date are both right.
    """

    trigger: Trigger
    sentence: Span
    timex: NormalizedTimex | None
    edtf: str | None
    start: date | None
    end: date | None
    precision: Precision
    basis: Basis
    reason: Reason
    status: Status
    arguments: Arguments
    title: str
    confidence: float
    time_of_day: str = ""
    evidence: Span | None = None
    date_sentence: Span | None = None
    optional: bool = False

    @property
    def type(self) -> EventType:
        return self.trigger.type


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was drawn from one dispatch, and by which version of the pipeline."""

    document: Document
    language: Language
    dct: CreationTime
    timexes: tuple[NormalizedTimex, ...]
    mentions: tuple[EventMention, ...]
    version: str
    notices: tuple[str, ...] = ()
    timings: tuple[tuple[str, float], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class MergeItem:
    """One mention, or one event already known, as `merge` compares them.

    `key` is the caller's own and comes back unchanged. `known` is the id of the event it stands
    for, None for a new mention. `dispatch` tells reports of one dispatch apart from another's.
    `words`, `acts` and `told` are keys of the words of Arguments; `actors` and `places` folded
    canonical names.
    `names` and `subjects` as in Arguments.
    """

    key: str
    dispatch: str
    start: date | None
    end: date | None
    edtf: str | None
    precision: Precision
    type: EventType
    status: Status
    actors: frozenset[str]
    places: frozenset[str]
    countries: frozenset[str]
    words: frozenset[str]
    acts: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    known: int | None = None
    undated_by: Basis = "none"


@dataclass(frozen=True, slots=True)
class EventCluster:
    """Mentions of one happening. `known` is the id of the event that they join, if any.

    `why` names, for each pair that was joined, the features that agreed.
    """

    keys: tuple[str, ...]
    known: int | None
    why: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
