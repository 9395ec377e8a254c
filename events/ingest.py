"""Takes a dispatch in: once, for good, and with a verdict for each thing that was given.

Bytes are stored and synced before the row, the row is committed before "accepted" is said, and
workers are woken after that. Whatever happens next, the row waits (events/processing.py).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import originals, processing, queue, readers, versions
from events.models import Batch, BatchItem, Dispatch, Source
from events.readers import TITLE_LENGTH, Reading, UnreadableDispatch, clean_line
from events.readers.reading import reason

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NAME_LENGTH = 255
FEW = 4  # dispatches that a person waits for; more of them go in chunks
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
class _Stated:
    """What the giver says of all that is given; it wins over what the files say."""

    source: str
    published: date | None
    language: str
    user: User | None


def ingest_dispatch(
    incoming: Incoming,
    *,
    source: str = "",
    published: date | None = None,
    language: str = "",
    user: User | None = None,
) -> Outcome:
    """Take in the one dispatch that `incoming` holds, and wake a worker on commit.

    Safe to repeat and to race: the same text always answers with the same dispatch.
    """
    stated = _Stated(source, published, language, user)
    try:
        readings = _read(incoming)
        if len(readings) > 1:
            raise UnreadableDispatch("file-several", count=len(readings))
    except UnreadableDispatch as refusal:
        return Outcome("refused", refusal.reason, None)
    outcome = _keep(readings[0], incoming, stated)
    if outcome.verdict == "accepted" and outcome.dispatch is not None:
        transaction.on_commit(partial(queue.wake, outcome.dispatch.pk))
    return outcome


def ingest_batch(
    items: Sequence[Incoming],
    *,
    source: str = "",
    published: date | None = None,
    language: str = "",
    user: User | None = None,
) -> Batch:
    """Take in all that one person gave at one go; every item of the batch gets its verdict.

    An item is committed by itself: a crash loses nothing of what was already taken in.
    """
    batch = Batch.objects.create(created_by=user)
    stated = _Stated(source, published, language, user)
    accepted: list[int] = []
    position = 0
    for incoming in items:
        for name, reading in _parts(incoming):
            record = partial(_record, batch, position, name)
            if isinstance(reading, UnreadableDispatch):
                record(Outcome("refused", reading.reason, None))
            else:
                outcome = _keep(reading, replace(incoming, name=name), stated, record)
                if outcome.verdict == "accepted" and outcome.dispatch is not None:
                    accepted.append(outcome.dispatch.pk)
            position += 1
    if len(accepted) <= FEW:
        for pk in accepted:
            transaction.on_commit(partial(queue.wake, pk))
    else:
        messages = ceil(len(accepted) / queue.CHUNK)
        transaction.on_commit(partial(queue.wake_readers, messages))
    return batch


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
            changed = idle.update(
                text=text,
                title=_title(readings[0]),
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


def _record(batch: Batch, position: int, name: str, outcome: Outcome) -> None:
    BatchItem.objects.create(
        batch=batch,
        position=position,
        name=clean_line(name, NAME_LENGTH),
        verdict=outcome.verdict,
        reason=outcome.reason,
        dispatch=outcome.dispatch,
    )


def _parts(incoming: Incoming) -> Iterator[tuple[str, Reading | UnreadableDispatch]]:
    """Each dispatch in a file, under a name for people; or why there is none."""
    try:
        _check_size(incoming)
    except UnreadableDispatch as refusal:
        yield incoming.name, refusal
        return
    yield from readers.parts(incoming.content, incoming.name)


def _read(incoming: Incoming) -> list[Reading]:
    _check_size(incoming)
    return readers.read(incoming.content, incoming.name)


def _check_size(incoming: Incoming) -> None:
    limit = settings.UPLOAD_MAX_BYTES
    if len(incoming.content) > limit:
        raise UnreadableDispatch("file-too-large", megabytes=limit // (1024 * 1024))


def _keep(
    reading: Reading,
    incoming: Incoming,
    stated: _Stated,
    record: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Store the bytes, then the row; the text that is already here answers with its dispatch.

    `record` writes the verdict down, in the transaction of the row.
    """
    content_hash = hash_text(reading.text)
    if known := None if reading.status == "canceled" else _known(content_hash):
        record(known)
        return known
    original = originals.store(incoming.content if reading.original is None else reading.original)
    try:
        with transaction.atomic():
            versions_known = list(versions.of_item(reading.guid))
            if settled := _settled(reading, versions_known):
                record(settled)
                return settled
            if reading.status == "canceled":  # of what never came: remembered, should it come yet
                content_hash = hash_text(f"{reading.guid} {content_hash}")
            dispatch = Dispatch.objects.create(
                text=reading.text,
                title=_title(reading),
                language=stated.language or reading.language,
                language_stated=bool(stated.language),
                source=_source(stated.source or reading.source),
                published=stated.published or reading.published,
                uploaded_by=stated.user,
                original_name=clean_line(incoming.name, NAME_LENGTH),
                media_type=reading.media_type,
                encoding=reading.encoding,
                encoding_guessed=reading.encoding_guessed,
                original=original,
                content_hash=content_hash,
                guid=reading.guid,
                wire_version=reading.version,
                filed_at=_aware(reading.filed_at),
                embargo_until=_embargo(reading),
                notices=[{**notice, "stage": "reading"} for notice in _notices(reading)],
            )
            outcome = _placed(dispatch, reading, versions_known)
            record(outcome)
            return outcome
    except IntegrityError:  # somebody gave the same text between our look and our row
        known = _known(content_hash)
        if known is None:
            raise
        record(known)
        return known


def _settled(reading: Reading, kept: Sequence[Dispatch]) -> Outcome | None:
    """What the versions that are already here make of another one, where no row is to be made."""
    latest = versions.present(kept)
    if latest is None:
        return None
    if reading.status == "canceled":
        versions.withdraw(kept, reading.version)
        return Outcome("accepted", reason("dispatch-withdrawn", title=latest.title), None)
    if reading.version and any(row.wire_version == reading.version for row in kept):
        day = latest.received_at.date().isoformat()
        return Outcome("duplicate", reason("dispatch-known-version", date=day), latest)
    is_newer = versions.is_newer(reading.version, _aware(reading.filed_at), latest)
    if latest.withdrawn_at is not None and not is_newer:
        return Outcome("refused", reason("dispatch-killed"), None)
    return None


def _placed(dispatch: Dispatch, reading: Reading, kept: Sequence[Dispatch]) -> Outcome:
    """Give a new row its place among the versions of its item."""
    latest = versions.present(kept)
    if reading.status == "canceled":
        versions.withdraw([dispatch], reading.version)
        return Outcome("accepted", reason("dispatch-withdrawn", title=dispatch.title), None)
    if latest is None:
        return Outcome("accepted", {}, dispatch)
    if versions.is_newer(dispatch.wire_version, dispatch.filed_at, latest):
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


def _known(content_hash: str) -> Outcome | None:
    first = Dispatch.objects.filter(content_hash=content_hash).first()
    if first is None:
        return None
    day = first.received_at.date().isoformat()
    return Outcome("duplicate", reason("dispatch-known", date=day), first)


def _source(name: str) -> Source | None:
    name = clean_line(name, 200)
    return Source.objects.get_or_create(name=name)[0] if name else None


def _title(reading: Reading) -> str:
    """Its headline, else its first line."""
    first = next((line for line in reading.text.splitlines() if line.strip()), "")
    return reading.title or clean_line(first, TITLE_LENGTH)


def hash_text(text: str) -> str:
    """Return what two files of the same text share, whatever their encoding, spaces or quotes."""
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())
    return hashlib.sha256(plain.encode()).hexdigest()
