"""Takes dispatches in: once, for good, and with a verdict for each thing that was given.

Bytes are stored and synced before the row, the row is committed before "accepted" is said, and
workers are woken after that. Whatever happens next, the row waits (events/processing.py).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import originals, processing, queue, readers, recording, versions
from events.models import Batch, DayFrom, Dispatch, Source
from events.readers import Reading, UnreadableDispatch, as_title, clean_line
from events.readers.reading import reason
from events.withheld import Withheld, names_in_force

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NAME_LENGTH = 255
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something given to us: a name for people, bytes, and the media type somebody claimed."""

    name: str
    content: bytes
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing. `dispatch` is the first one of a duplicate, None if refused."""

    verdict: Literal["accepted", "duplicate", "refused"]
    reason: dict[str, object]
    dispatch: Dispatch | None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the giver says of all that is given; it wins over what the files say."""

    source: str = ""
    published: date | None = None
    language: str = ""
    user: User | None = None
    batch: Batch | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One dispatch that was read out of what came in."""

    reading: Reading
    incoming: Incoming
    stated: Stated

    @property
    def is_kill(self) -> bool:
        return self.reading.status == "canceled"

    @property
    def source(self) -> str:
        """The name of the agency or paper; "" where nobody says."""
        return clean_line(self.stated.source or self.reading.source, 200)

    def is_of_item(self, dispatch: Dispatch) -> bool:
        """Whether it is a version of the item that `dispatch` is one of."""
        return bool(dispatch.guid) and dispatch.guid == self.reading.guid


def ingest_dispatch(
    incoming: Incoming,
    *,
    source: str = "",
    published: date | None = None,
    language: str = "",
    user: User | None = None,
    somebody_waits: bool = True,
) -> Outcome:
    """Take in the one dispatch that `incoming` holds, and wake a worker on commit.

    Safe to repeat and to race: the same text always answers with the same dispatch. Where nobody
    waits (feeds), it is read when its turn comes.
    """
    try:
        check_size(incoming)
        readings = readers.read(incoming.content, incoming.name)
        if len(readings) > 1:
            raise UnreadableDispatch("file-several", count=len(readings))
    except UnreadableDispatch as refusal:
        return Outcome("refused", refusal.reason, None)
    stated = Stated(source, published, language, user)
    (outcome,) = keep([Given(readings[0], incoming, stated)])
    if outcome.verdict == "accepted" and outcome.dispatch is not None:
        wake = partial(queue.wake, outcome.dispatch.pk) if somebody_waits else queue.wake_readers
        transaction.on_commit(wake)
    return outcome


def keep(
    given: Sequence[Given], record: Callable[[list[Outcome]], None] = lambda outcomes: None
) -> list[Outcome]:
    """Store the bytes, then the rows, all or none; a text that is here answers with its dispatch.

    `record` writes the verdicts down, in the transaction of the rows.
    """
    hashes = [hash_text(one.reading.text) for one in given]
    known = _known(hashes)
    new = [
        one
        for one, hashed in zip(given, hashes, strict=True)
        if one.is_kill or hashed not in known or one.is_of_item(known[hashed])
    ]
    stored = iter(originals.store_all([_bytes_of(one) for one in new]))
    kept = {id(one): next(stored) for one in new}
    with transaction.atomic():
        recording.one_at_a_time()
        desk = _Desk(known | _known(set(hashes) - known.keys()), _known_items(given))
        outcomes = [
            desk.judge(one, hashed, kept.get(id(one), ""))
            for one, hashed in zip(given, hashes, strict=True)
        ]
        desk.write()
        record(outcomes)
    return outcomes


@dataclass(slots=True)
class _Desk:
    """Judges one dispatch after another, within one transaction that nobody else writes in.

    What is plainly new is written in one go, at the end or before something that depends on it.
    """

    known: dict[str, Dispatch]  # by hash of the text
    items: set[str]  # of the wires, of which something is kept
    new: list[Dispatch] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    withheld: Withheld = field(default_factory=names_in_force)

    def judge(self, one: Given, content_hash: str, original: str) -> Outcome:
        first = None if one.is_kill else self.known.get(content_hash)
        if first is not None:
            if processing.resume(first, one.stated.batch):
                return Outcome("accepted", reason("dispatch-resumed"), first)
            if not one.is_of_item(first):
                return _already_here(first)
        guid = one.reading.guid
        if one.is_kill or guid in self.items:
            self.write()
            return self._judge_version(one, content_hash, original)
        dispatch = self._row(one, content_hash, original)
        self.new.append(dispatch)
        self.known[content_hash] = dispatch
        if guid:
            self.items.add(guid)
        return Outcome("accepted", {}, dispatch)

    def write(self) -> None:
        Dispatch.objects.bulk_create(self.new)
        self.new.clear()

    def _judge_version(self, one: Given, content_hash: str, original: str) -> Outcome:
        """What the versions that are already here make of another one."""
        reading = one.reading
        kept = list(versions.of_item(reading.guid))
        if settled := _settled(reading, kept):
            return settled
        twin = next((row for row in kept if row.content_hash == content_hash), None)
        latest = versions.present(kept)
        if twin is not None and latest is not None:
            if self._adds_nothing(reading, twin, latest):
                return _already_here(twin if twin.withdrawn_at is None else latest)
            versions.give_up_text(twin)
        if one.is_kill:  # of what never came: remembered, should it come yet
            content_hash = hash_text(f"{reading.guid} {content_hash}")
        dispatch = self._row(one, content_hash, original)
        dispatch.save()
        self.known[content_hash] = dispatch
        self.items.add(reading.guid)
        return _placed(dispatch, reading, kept)

    def _adds_nothing(self, reading: Reading, twin: Dispatch, latest: Dispatch) -> bool:
        """Whether the text of `twin` comes again with nothing new: an old message, or a repeated
        one. A later version may bring back a text that was replaced or taken back.
        """
        filed_at = _aware(reading.filed_at)
        if not versions.is_proven_newer(reading.version, filed_at, latest):
            return True
        shown = (latest.pk, latest.title, latest.advisory, latest.embargo_until, None)
        title = self.withheld.words(reading.title) or latest.title
        told = (twin.pk, title, reading.advisory, _embargo(reading), latest.withdrawn_at)
        if shown != told:
            return False
        versions.sent_again(latest, reading.version, filed_at)
        return True

    def _row(self, one: Given, content_hash: str, original: str) -> Dispatch:
        dispatch = self.withheld.cover(draft(one))
        dispatch.content_hash, dispatch.original = content_hash, original
        name = one.source
        if name and name not in self.sources:
            self.sources[name] = Source.objects.named(name)
        dispatch.source = self.sources.get(name)
        return dispatch


def draft(one: Given) -> Dispatch:
    """Return the row of a dispatch as it came, not saved: no source, no hash, no bytes, and the
    names in it that are withheld.
    """
    reading, stated = one.reading, one.stated
    return Dispatch(
        text=reading.text,
        title=_title(reading),
        language=stated.language or reading.language,
        language_stated=bool(stated.language),
        published=stated.published or reading.published,
        published_from=_day_from(reading, stated),
        uploaded_by=stated.user,
        batch=stated.batch,
        original_name=clean_line(one.incoming.name, NAME_LENGTH),
        media_type=reading.media_type,
        encoding=reading.encoding,
        encoding_guessed=reading.encoding_guessed,
        guid=reading.guid,
        wire_version=reading.version,
        filed_at=_aware(reading.filed_at),
        embargo_until=_embargo(reading),
        advisory=reading.advisory,
        notices=[{**notice, "stage": "reading"} for notice in _notices(reading)],
    )


def _known(hashes: Collection[str]) -> dict[str, Dispatch]:
    found = Dispatch.objects.filter(content_hash__in=hashes) if hashes else ()
    return {dispatch.content_hash: dispatch for dispatch in found}


def _known_items(given: Iterable[Given]) -> set[str]:
    guids = {one.reading.guid for one in given} - {""}
    if not guids:
        return set()
    return set(Dispatch.objects.filter(guid__in=guids).values_list("guid", flat=True))


def _day_from(reading: Reading, stated: Stated) -> str:
    """Who says on which day it was published; "" where nobody does."""
    if stated.published:
        return DayFrom.PERSON
    if not reading.published:
        return ""
    return DayFrom.PAGE if reading.media_type in readers.PAGES else DayFrom.WIRE


def _bytes_of(one: Given) -> bytes:
    return one.incoming.content if one.reading.original is None else one.reading.original


def _day(dispatch: Dispatch) -> str:
    return dispatch.received_at.date().isoformat()


def known(text: str) -> Outcome | None:
    """What becomes of a text that is here already; None of a new one."""
    first = _known([hash_text(text)]).get(hash_text(text))
    if first is None or first.error_code == processing.CANCELED:
        return None
    return _already_here(first)


def encodings_of(dispatch: Dispatch) -> list[tuple[str, str]]:
    """The encodings that its bytes can be in, each with some words as they would read."""
    try:
        content = originals.load(dispatch.original)
    except FileNotFoundError:
        return []
    told = {name: readers.telling_words(content, name) for name in readers.ENCODINGS}
    return [
        (name, words or "")
        for name, words in told.items()
        if words is not None or name == dispatch.encoding
    ]


def read_as(dispatch: Dispatch, encoding: str) -> Outcome:
    """Read the stored bytes again in the encoding that a person names, then extract anew.

    "accepted", or "refused" with the reason: bytes that cannot be in it, a text that is another
    dispatch's, or one of another length under a report that a person has placed.
    """
    try:
        readings = readers.read(originals.load(dispatch.original), encoding=encoding)
        if len(readings) > 1:
            raise UnreadableDispatch("file-several", count=len(readings))
        text = readings[0].text
        content_hash = hash_text(text)
        if Dispatch.objects.filter(content_hash=content_hash).exclude(pk=dispatch.pk).exists():
            raise UnreadableDispatch("encoding-known-text")
        if len(text) != len(dispatch.text) and dispatch.mentions.filter(pinned=True).exists():
            raise UnreadableDispatch("encoding-moves-reports")
    except FileNotFoundError:
        return Outcome("refused", reason("original-missing"), None)
    except UnreadableDispatch as refusal:
        return Outcome("refused", refusal.reason, None)
    idle = Dispatch.objects.filter(pk=dispatch.pk).exclude(state=Dispatch.State.PROCESSING)
    try:
        with transaction.atomic():
            names = names_in_force()
            public = names.black_out(text)
            changed = idle.update(
                text=public,
                private_text=text if public != text else "",
                title=names.words(_title(readings[0])),
                content_hash=content_hash,
                encoding=encoding,
                encoding_guessed=False,
                notices=[one for one in dispatch.notices if one.get("stage") != "reading"],
            )
            processing.extract_again(dispatch)
    except IntegrityError:  # the same text came in meanwhile
        return Outcome("refused", reason("encoding-known-text"), None)
    if not changed:
        return Outcome("refused", reason("dispatch-being-read"), None)
    return Outcome("accepted", {}, dispatch)


def check_size(incoming: Incoming) -> None:
    """Raises UnreadableDispatch: file-too-large."""
    limit = settings.UPLOAD_MAX_BYTES
    if len(incoming.content) > limit:
        raise UnreadableDispatch("file-too-large", megabytes=limit // (1024 * 1024))


def _settled(reading: Reading, kept: Sequence[Dispatch]) -> Outcome | None:
    """What the versions that are already here make of another one, where no row is to be made."""
    latest = versions.present(kept)
    if latest is None:
        return None
    filed_at = _aware(reading.filed_at)
    if reading.status == "canceled":
        if latest.withdrawn_at is None and versions.is_older(reading.version, filed_at, latest):
            return Outcome("duplicate", reason("dispatch-older-version"), latest)
        versions.withdraw(kept, reading.advisory)
        versions.sent_again(latest, reading.version, filed_at)
        return Outcome("accepted", reason("dispatch-withdrawn", title=latest.title), None)
    is_known = bool(reading.version) and reading.version in {row.wire_version for row in kept}
    if latest.withdrawn_at is not None:
        if versions.withdrawn_here(kept).exists():
            return Outcome("refused", reason("dispatch-taken-off"), None)
        if is_known or not versions.is_newer(reading.version, filed_at, latest):
            return Outcome("refused", reason("dispatch-killed"), None)
    if is_known:
        return Outcome("duplicate", reason("dispatch-known-version", date=_day(latest)), latest)
    return None


def _already_here(dispatch: Dispatch) -> Outcome:
    if dispatch.withdrawn_at is not None:
        return Outcome("refused", reason("text-taken-back"), None)
    return Outcome("duplicate", reason("dispatch-known", date=_day(dispatch)), dispatch)


def _placed(dispatch: Dispatch, reading: Reading, kept: Sequence[Dispatch]) -> Outcome:
    """Give a new row its place among the versions of its item."""
    latest = versions.present(kept)
    if reading.status == "canceled":
        versions.withdraw([dispatch], reading.advisory)
        return Outcome("accepted", reason("dispatch-withdrawn", title=dispatch.title), None)
    if latest is None:
        return Outcome("accepted", {}, dispatch)
    if versions.is_newer(dispatch.wire_version, dispatch.filed_at, latest):
        versions.keep_what_was_said(kept, dispatch)
        versions.replace(kept, dispatch)
        return Outcome("accepted", reason("dispatch-new-version"), dispatch)
    versions.replace([dispatch], latest)
    dispatch.refresh_from_db()
    return Outcome("accepted", reason("dispatch-older-version"), dispatch)


def _notices(reading: Reading) -> list[dict[str, object]]:
    notices = list(reading.notices)
    until = _embargo(reading)
    if until == versions.UNTIL_FURTHER_NOTICE:
        notices.append(reason("dispatch-embargoed-open"))
    elif until is not None:
        notices.append(reason("dispatch-embargoed", date=timezone.localtime(until).isoformat()))
    return notices


def _embargo(reading: Reading) -> datetime | None:
    """Until when nothing of it may be shown. An embargo without an end holds for good."""
    until = _aware(reading.embargo_until)
    if until is None and reading.status == "embargoed":
        return versions.UNTIL_FURTHER_NOTICE
    return until


def _aware(moment: datetime | None) -> datetime | None:
    """A wire that names no zone writes the time of its newsroom; ours is the nearest guess."""
    if moment is None or timezone.is_aware(moment):
        return moment
    return timezone.make_aware(moment)


def _title(reading: Reading) -> str:
    """Its headline, else its first line."""
    first = next((line for line in reading.text.splitlines() if line.strip()), "")
    return reading.title or as_title(first)


def hash_text(text: str) -> str:
    """Return what two files of the same text share, whatever their encoding, spaces or quotes."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())
    return hashlib.sha256(plain.encode()).hexdigest()
