"""Takes in what was dropped: at once into safety, then bit by bit, by whoever comes by.

The row of each file is the truth of its being taken in, as that of a dispatch is of its reading
(events/processing.py): claimed with an attempt and a lease, fenced by a token, freed by the
sweeper, parked after five attempts. An archive is unpacked first, each of its files then goes its
own way: one that kills whoever opens it stops none of the others.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any, BinaryIO

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import Now
from django.utils import timezone

from events import ingest, processing, queue, readers, spool, turns
from events.ingest import Given, Incoming, Outcome, Stated
from events.models import MAX_ATTEMPTS, Batch, BatchItem, Dispatch
from events.readers import Reading, UnreadableDispatch, archive, clean_line
from events.readers.archive import Budget
from events.readers.reading import reason
from events.spool import Slot, Spool

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 32  # files that are taken in at a time
FEW = 4  # things that a person waits for; more of them go by turns
SMALL = 1024 * 1024  # bytes of these few that are taken in before the answer is given
FLUSH_SECONDS = 3.0  # of reading files, before what was read is written down
STALLED = timedelta(seconds=120)  # files wait and nobody takes them in: there is no worker
BLOCK = 1024 * 1024  # bytes that are copied at a time
MUCH = 32 * 1024 * 1024  # bytes of files that were read, before what was read is written down
_FREE: dict[str, Any] = {"lease_token": None, "lease_until": None}

logger = logging.getLogger(__name__)
Part = tuple[str, Reading | UnreadableDispatch]


@dataclass(frozen=True, slots=True)
class Claim:
    """An item that its holder alone may take in until the lease ends."""

    item: BatchItem
    token: uuid.UUID

    def row(self) -> QuerySet[BatchItem]:
        """The row as long as it is still ours."""
        return BatchItem.objects.filter(pk=self.item.pk, lease_token=self.token)

    @property
    def slot(self) -> Slot:
        return Slot(self.item.offset, self.item.size)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file turned out to hold."""

    claim: Claim
    content: bytes
    parts: Sequence[Part]


class _Overtaken(Exception):  # noqa: N818 - no error of ours: the lease went to somebody else
    """Another took the item in, or it was canceled: nothing may be written."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that somebody dropped, and where in the spool its bytes are."""

    name: str
    slot: Slot


# ------------------------------------------------------------------------------------ into safety


def open_batch(
    safe: Spool,
    things: Sequence[Named],
    *,
    source: str = "",
    published: date | None = None,
    language: str = "",
    user: User | None = None,
) -> Batch:
    """Keep the bytes and a row for each thing; nothing is read yet, and nothing can be lost."""
    safe.sync()
    with transaction.atomic():
        batch = Batch.objects.create(
            created_by=user, source=source, published=published, language=language
        )
        BatchItem.objects.bulk_create(
            [
                BatchItem(
                    batch=batch,
                    position=position,
                    name=_shown(thing.name),
                    verdict=BatchItem.Verdict.WAITING,
                    spool=safe.name,
                    offset=thing.slot.offset,
                    size=thing.slot.size,
                )
                for position, thing in enumerate(things)
            ],
            batch_size=500,
        )
    safe.kept = True
    return batch


def limit_of(start: bytes) -> int:
    """Return how many bytes something may have that starts so: an archive more than a dispatch."""
    packed = archive.recognizes(start, "")
    return int(settings.ARCHIVE_MAX_BYTES if packed else settings.UPLOAD_MAX_BYTES)


def copy(file: BinaryIO, safe: Spool) -> Slot:
    """Put a file in the spool; of one that is too large no more than shows that it is."""
    safe.begin()
    chunk = file.read(BLOCK)
    left = limit_of(chunk) + 1
    while chunk and left > 0:
        safe.write(chunk[:left])
        left -= len(chunk)
        chunk = file.read(BLOCK)
    return safe.end()


def have_taken_in(batch: Batch) -> None:
    """Have workers take in what waits; what a person waits for is taken in here and now."""
    waiting = batch.items.waiting()
    count = waiting.count()
    small = (waiting.aggregate(n=Sum("size"))["n"] or 0) <= SMALL
    for _step in ("as dropped", "out of an archive"):  # a small one may hold thousands
        if small and 0 < count <= FEW:
            _take_in(_claim_next(waiting, FEW))
            count = waiting.count()
    if count:
        line = queue.INTERACTIVE if count <= FEW else queue.INTAKE
        transaction.on_commit(lambda: _tell_takers(count, line))


def ingest_batch(
    things: Iterable[Incoming],
    *,
    source: str = "",
    published: date | None = None,
    language: str = "",
    user: User | None = None,
) -> Batch:
    """Take in all that was given at one go; when this returns, each item has its verdict.

    A crash loses nothing once the batch is written: workers go on where this stopped.
    """
    with Spool() as safe:
        named = [Named(thing.name, safe.add(thing.content)) for thing in things]
        batch = open_batch(
            safe, named, source=source, published=published, language=language, user=user
        )
    take_in(batch)
    return batch


def take_in(batch: Batch) -> None:
    """Take in all of a batch that nobody else is taking in."""
    while claims := _claim_next(batch.items.waiting(), CHUNK):
        _take_in(claims)


# ------------------------------------------------------------------------------------ by turns


def take_in_waiting() -> int:
    """Take in one chunk of what waits, of every upload a share; return how many items had a turn.

    What was tried before comes alone, after the chunk: it may have killed who opened it.
    """
    return sum(
        _take_in(_claim_next(waiting, size, tell=True))
        for waiting, size in (
            (BatchItem.objects.waiting().filter(attempts=0), CHUNK),
            (BatchItem.objects.waiting().filter(attempts__gt=0), 1),
        )
    )


def sweep(*, inline: bool = True) -> int:
    """Free what was abandoned, park what failed too often, and have the rest taken in.

    Return how many items had a turn here (`inline`): without a broker, or with no worker alive.
    """
    abandoned = BatchItem.objects.abandoned()
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(
        verdict=BatchItem.Verdict.REFUSED, reason=reason("intake-interrupted"), **_FREE
    )
    abandoned.update(**_FREE)
    waiting = BatchItem.objects.waiting()
    count = waiting.count()
    if not count:
        return 0
    messages = queue.lengths()
    if messages is not None and not messages[queue.INTAKE]:
        _tell_takers(count, queue.INTAKE)
    long_ago = timezone.now() - STALLED
    stalled = waiting.filter(batch__created_at__lt=long_ago).exists() and not (
        BatchItem.objects.filter(lease_until__gte=Now()).exists()
    )
    return take_in_waiting() if inline and (messages is None or stalled) else 0


def sweep_files() -> int:
    """Remove what was written to the spool and never became a batch; return how many files."""
    named = set(BatchItem.objects.exclude(spool="").values_list("spool", flat=True).distinct())
    return spool.remove_forgotten(named)


def _tell_takers(count: int, line: str) -> None:
    queue.wake_takers(ceil(count / CHUNK), line)


def _claim_next(
    waiting: QuerySet[BatchItem], size: int, *, tell: bool = False
) -> list[Claim]:
    token = uuid.uuid4()
    with transaction.atomic():
        pks = turns.next_rows(waiting, size)
        taken = waiting.filter(pk__in=pks).update(
            attempts=F("attempts") + 1,
            lease_token=token,
            lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS),
        )
        rows = BatchItem.objects.filter(pk__in=pks, lease_token=token).order_by("position")
        rows = rows.select_related("batch__created_by")
        claims = [Claim(item, token) for item in rows] if taken else []
    if tell and claims and waiting.exists():
        queue.wake_takers()
    return claims


def _take_in(claims: Sequence[Claim]) -> int:
    """Open each file, and write down what it held; return how many had their turn."""
    left = {claim.item.pk: claim for claim in claims}
    opened: list[Opened] = []
    flush_at = time.monotonic() + FLUSH_SECONDS
    try:
        for claim in claims:
            try:
                found = _open(claim)
            except (SoftTimeLimitExceeded, MemoryError):
                raise
            except Exception as error:  # noqa: BLE001 - one file's fault is not the others'
                found = None
                _let_go([claim], error)
            if found is None:
                del left[claim.item.pk]
                continue
            opened.append(found)
            if time.monotonic() > flush_at or sum(len(one.content) for one in opened) > MUCH:
                _write_down(opened, left)
                opened = []
                flush_at = time.monotonic() + FLUSH_SECONDS
        _write_down(opened, left)
    except Exception as error:  # noqa: BLE001 - the rows tell of it
        _let_go(left.values(), error)
    _clear(claim.item for claim in claims)
    return len(claims)


def _open(claim: Claim) -> Opened | None:
    """Return what a file holds; None if it was an archive, and its files are items by now."""
    item = claim.item
    content = b""
    try:
        if item.size > settings.UPLOAD_MAX_BYTES:
            _check_large(claim)
            _unpack(claim)
            return None
        content = spool.load(item.spool, claim.slot)
        if readers.is_archive(content, item.name):
            _unpack(claim)
            return None
        return Opened(claim, content, list(readers.parts(content, item.name, item.depth)))
    except UnreadableDispatch as refusal:
        return Opened(claim, content, [(item.name, refusal)])
    except FileNotFoundError:
        return Opened(claim, content, [(item.name, UnreadableDispatch("intake-gone"))])


def _check_large(claim: Claim) -> None:
    """Only an archive may be larger than a dispatch. Raises UnreadableDispatch."""
    item = claim.item
    with spool.reading(item.spool, claim.slot) as file:
        is_zip = archive.recognizes(file.read(4), item.name) and not archive.is_office(file)
    limit = settings.ARCHIVE_MAX_BYTES if is_zip else settings.UPLOAD_MAX_BYTES
    if item.size > limit:
        raise UnreadableDispatch("file-too-large", megabytes=limit // (1024 * 1024))


def _let_go(claims: Iterable[Claim], error: Exception) -> None:
    """Give the rows back, or park those that have had all their attempts."""
    for claim in claims:
        logger.error("item %d of an upload: %s", claim.item.pk, error, exc_info=error)
        if claim.item.attempts >= MAX_ATTEMPTS:
            claim.row().update(
                verdict=BatchItem.Verdict.REFUSED, reason=reason("intake-failed"), **_FREE
            )
        else:
            claim.row().update(**_FREE)


# ------------------------------------------------------------------------------------ archives


def _unpack(claim: Claim) -> None:
    """Make each file of an archive an item of its own; of those before it nothing is doubled."""
    item = claim.item
    if item.depth > readers.MOST_NESTED:
        raise UnreadableDispatch("zip-nested")
    outermost = item.archive_id or item.pk
    budget = _budget(outermost)
    with Spool() as safe:
        with spool.reading(item.spool, claim.slot) as file:
            members = [
                _member(claim, outermost, member.name, member.content, safe)
                for member in archive.members_of(file, budget)
            ]
        safe.sync()
        with transaction.atomic():
            safe.kept = _write_members(claim, members)


def _budget(outermost: int) -> Budget:
    """What is left of the limits after what was already unpacked of the same archive."""
    inside = BatchItem.objects.filter(archive=outermost).aggregate(n=Max("pk"), size=Sum("size"))
    count = BatchItem.objects.filter(archive=outermost).count()
    return Budget(
        members=archive.MAX_MEMBERS - count, size=archive.MAX_UNPACKED - (inside["size"] or 0)
    )


def _member(
    claim: Claim, outermost: int, name: str, content: object, safe: Spool
) -> BatchItem:
    member = BatchItem(
        batch=claim.item.batch,
        name=_shown(f"{claim.item.name} › {name}"),
        archive_id=outermost,
        depth=claim.item.depth + 1,
        verdict=BatchItem.Verdict.WAITING,
    )
    if isinstance(content, bytes):
        slot = safe.add(content)
        member.spool, member.offset, member.size = safe.name, slot.offset, slot.size
    elif isinstance(content, UnreadableDispatch):
        member.verdict, member.reason = BatchItem.Verdict.REFUSED, content.reason
    return member


def _write_members(claim: Claim, members: Sequence[BatchItem]) -> bool:
    batch = Batch.objects.select_for_update().get(pk=claim.item.batch_id)
    if not claim.row().update(verdict=BatchItem.Verdict.UNPACKED, **_FREE):
        return False
    _append(batch, members)
    waiting = sum(member.verdict == BatchItem.Verdict.WAITING for member in members)
    transaction.on_commit(lambda: _tell_takers(waiting, queue.INTAKE))
    return True


def _append(batch: Batch, items: Sequence[BatchItem]) -> None:
    """Write more items of a batch, whose row is locked, after those that it has."""
    last = batch.items.aggregate(n=Max("position"))["n"]
    for position, item in enumerate(items, start=0 if last is None else last + 1):
        item.position = position
    BatchItem.objects.bulk_create(items, batch_size=500)


# ------------------------------------------------------------------------------------ verdicts


def _write_down(opened: Sequence[Opened], left: dict[int, Claim]) -> None:
    """Keep what was read and its verdicts in one transaction; one by one if that fails."""
    if not opened:
        return
    try:
        _keep(opened)
    except Exception as error:  # noqa: BLE001 - whose fault it is shows when each is alone
        logger.info("a chunk could not be written at one go: %s", error)
        for one in opened:
            try:
                _keep([one])
            except _Overtaken:
                logger.warning("item %d was taken in by another", one.claim.item.pk)
            except Exception as alone:  # noqa: BLE001 - the row tells of it
                _let_go([one.claim], alone)
    for one in opened:
        del left[one.claim.item.pk]


def _keep(opened: Sequence[Opened]) -> None:
    given = [
        Given(part, Incoming(name, one.content), _stated(one.claim.item.batch))
        for one in opened
        for name, part in one.parts
        if isinstance(part, Reading)
    ]

    def record(outcomes: list[Outcome]) -> None:
        judged = iter(outcomes)
        for one in opened:
            verdicts = [
                (name, Outcome("refused", part.reason, None))
                if isinstance(part, UnreadableDispatch)
                else (name, next(judged))
                for name, part in one.parts
            ]
            _record(one.claim, verdicts)

        for batch in {one.claim.item.batch for one in opened}:
            mine = [o for g, o in zip(given, outcomes, strict=True) if g.stated.batch == batch]
            _tell_readers(batch, mine)

    ingest.keep(given, record)


def _record(claim: Claim, verdicts: Sequence[tuple[str, Outcome]]) -> None:
    """Write down what became of a file; one of several dispatches counts as these."""
    if len(verdicts) == 1:
        told = _values(verdicts[0][1])
    else:
        told = {"verdict": BatchItem.Verdict.UNPACKED}
    if not claim.row().update(**told, **_FREE):
        raise _Overtaken
    if len(verdicts) > 1:
        item = claim.item
        members = [
            BatchItem(
                batch=item.batch,
                name=_shown(name),
                archive_id=item.archive_id or item.pk,
                depth=item.depth,
                **_values(outcome),
            )
            for name, outcome in verdicts
        ]
        _append(Batch.objects.select_for_update().get(pk=item.batch_id), members)


def _values(outcome: Outcome) -> dict[str, Any]:
    return {
        "verdict": outcome.verdict, "reason": outcome.reason, "dispatch": outcome.dispatch,
    }  # fmt: skip


def _stated(batch: Batch) -> Stated:
    return Stated(batch.source, batch.published, batch.language, batch.created_by, batch)


def _shown(name: str) -> str:
    return clean_line(name, ingest.NAME_LENGTH)


def _tell_readers(batch: Batch, outcomes: Iterable[Outcome]) -> None:
    """Wake a worker for what was accepted: by name where a person waits for a few."""
    pks = [
        outcome.dispatch.pk
        for outcome in outcomes
        if outcome.verdict == "accepted" and outcome.dispatch is not None
    ]
    if batch.items.counted()[: FEW + 1].count() > FEW:
        transaction.on_commit(lambda: queue.wake_readers(ceil(len(pks) / queue.CHUNK)))
        return
    for pk in pks:
        transaction.on_commit(partial(queue.wake, pk))


def _clear(items: Iterable[BatchItem]) -> None:
    """Remove the files of which nothing waits any more, nor could be tried again."""
    for batch, name in {(item.batch_id, item.spool) for item in items if item.spool}:
        there = BatchItem.objects.filter(batch=batch, spool=name)
        if not (there.unsettled().exists() or there.unfinished().exists()):
            spool.remove(name)


# ------------------------------------------------------------------------------------ by a person


def cancel(batch: Batch) -> int:
    """Stop all of a batch that has not begun; return how many things will not be read.

    What is being taken in finds its token gone and writes nothing; what is being read is read.
    """
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk, canceled_at=None).update(canceled_at=timezone.now())
        dropped = batch.items.unsettled().update(verdict=BatchItem.Verdict.CANCELED, **_FREE)
        unread = batch.dispatches.filter(state=Dispatch.State.RECEIVED).update(
            state=Dispatch.State.FAILED, error_code=processing.CANCELED
        )
    _clear(batch.items.exclude(spool=""))
    return dropped + unread


def retry_failed(batch: Batch) -> int:
    """Try again what could not be taken in or not be read, and only that; return how much it is."""
    with transaction.atomic():
        files = batch.items.unfinished().update(
            verdict=BatchItem.Verdict.WAITING, reason={}, attempts=0, **_FREE
        )
        texts = processing.retry_dispatches(
            Dispatch.objects.filter(batch_items__batch=batch).exclude(
                error_code=processing.CANCELED
            )
        )
    if files:
        transaction.on_commit(lambda: _tell_takers(files, queue.INTAKE))
    return files + texts
