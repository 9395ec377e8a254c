"""The one bridge from stored dispatches to extraction and back. Nothing is lost, nothing doubled.

The row is the truth of its processing, a queue message only a hint, the sweeper the guarantee and
the lease token the fence: who claims a row gets a token and a lease; who comes back after the
lease ran out finds another token there, and writes nothing. docs/adr/0001 tells the faults under
which this was tried.
"""

from __future__ import annotations

import gc
import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from math import ceil
from typing import Any, cast

from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from events import models, queue, recording, turns
from events.extraction import (
    Extraction,
    ExtractionRequest,
    OwnWord,
    extract,
    gazetteer,
    lexicon,
)
from events.extraction.parse import MODELS, load
from events.models import MAX_ATTEMPTS, Batch, DayFrom, Dispatch, DispatchQuerySet, Heartbeat

FAILED = "reading-failed"
INTERRUPTED = "reading-interrupted"
TOO_LONG = "reading-took-too-long"
CANCELED = "reading-canceled"

GROUP = queue.CHUNK  # dispatches that are recorded in one transaction: some tenths of a second
GARBAGE = 20_000  # objects between two looks for cycles: of a chunk's rows hardly any is in one
STALLED = timedelta(seconds=120)  # dispatches wait and nobody reads: there is no worker
SWEEPER = "sweep"  # its row among the heartbeats
READER = "read"  # the row of whoever read last

_ANEW: dict[str, Any] = {
    "state": Dispatch.State.RECEIVED,
    "attempts": 0,
    "lease_token": None,
    "lease_until": None,
    "error_code": "",
    "error_detail": "",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A dispatch that its holder alone may read until the lease ends."""

    dispatch: Dispatch
    token: uuid.UUID

    def row(self) -> QuerySet[Dispatch]:
        """The row as long as it is still ours."""
        return Dispatch.objects.filter(pk=self.dispatch.pk, lease_token=self.token)


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round of the sweeper did, in dispatches; `told` in messages."""

    freed: int
    parked: int
    told: int
    read: int


def warm_up() -> None:
    """Load models, lexicons and gazetteer, so that the processes forked from this one share them.

    Left to the pool, each process would spend its first seconds on the same.
    """
    for code in MODELS:
        load(code)
    for code in lexicon.EVENT_LANGUAGES:
        known = lexicon.load(code)
        for part in ("times", "labels", "triggers", "status", "roles"):
            getattr(known, part)
        gazetteer.locate("Paris", code)
    gc.collect()
    gc.freeze()  # what is shared is never looked at again, and so stays shared
    gc.set_threshold(GARBAGE)


def process_dispatch(pk: int) -> bool:
    """Read dispatch `pk` if it waits. True: it was read now, and what it tells is recorded."""
    return process_chunk([pk]) == 1


def process_chunk(pks: Sequence[int]) -> int:
    """Read those of `pks` that wait, in one batch; return how many were read now."""
    with transaction.atomic():
        claims = _claim(pks)
    return _read(claims)


def read_waiting() -> int:
    """Read one chunk of what waits, of every upload a share; return how many were read.

    What was tried before comes alone, after the chunk: it may have killed who read it. While more
    waits, another worker is told before this one begins.
    """
    read = _read(_claim_next(_fresh(), queue.CHUNK))
    return read + _read(_claim_next(_suspect(), 1))


def _claim_next(waiting: QuerySet[Dispatch], size: int) -> list[Claim]:
    with transaction.atomic():
        claims = _claim(turns.next_rows(waiting, size))
    if claims and waiting.exists():
        queue.wake_readers()
    return claims


def _read(claims: Sequence[Claim]) -> int:
    """Read what was claimed, in one batch; return how many were recorded.

    A failure of one of several cannot be laid at a door: those not yet recorded are read one by
    one, and only the culprit goes on failing.
    """
    done: set[int] = set()
    try:
        read = zip(claims, _extract(claims), strict=True)
        while some := list(islice(read, GROUP)):
            done |= _record(some)
    except SoftTimeLimitExceeded as error:
        _let_go([claim for claim in claims if claim.dispatch.pk not in done], TOO_LONG, error)
    except Exception as error:  # noqa: BLE001 - the row tells of it: a task that dies tells nobody
        left = [claim for claim in claims if claim.dispatch.pk not in done]
        if len(claims) == 1:
            _let_go(left, FAILED, error)
        else:
            done |= {claim.dispatch.pk for claim in left if _read_alone(claim)}
    return len(done)


def retry_dispatch(dispatch: Dispatch) -> None:
    """Give a parked dispatch new attempts, and wake a worker."""
    _wait_again(dispatch.pk, state=Dispatch.State.FAILED)


def resume(dispatch: Dispatch, batch: Batch | None) -> bool:
    """Let a dispatch be read after all that came with an upload that was canceled.

    False if it was not. Its reader is for the caller to wake.
    """
    if dispatch.error_code != CANCELED:
        return False
    canceled = Dispatch.objects.filter(pk=dispatch.pk, error_code=CANCELED)
    return bool(canceled.update(batch=batch, **_ANEW))


def retry_dispatches(those: DispatchQuerySet) -> int:
    """Give those that are parked new attempts; return how many there were."""
    return _all_wait_again(those, [Dispatch.State.FAILED])


def extract_all_again(those: DispatchQuerySet) -> int:
    """Have those that were read, or could not be, read again; return how many there were."""
    return _all_wait_again(those, [Dispatch.State.DONE, Dispatch.State.FAILED])


def extract_again(dispatch: Dispatch) -> None:
    """Have a dispatch read again, for a new version or a new day of it; then as `retry`.

    Whoever reads it just now, as it was before, finds the token gone and writes nothing.
    """
    _wait_again(dispatch.pk)


def sweep(*, inline: bool = True) -> Swept:
    """Free what was abandoned, park what failed too often, and have read what waits.

    Works on the database alone: without a broker it reads a few dispatches itself (`inline`), so
    that the site works, slower, with no Redis at all.
    """
    parked = _park_abandoned()
    freed = Dispatch.objects.abandoned().update(
        state=Dispatch.State.RECEIVED, lease_token=None, lease_until=None
    )
    told = read = 0
    waiting = Dispatch.objects.waiting().count()
    messages = queue.lengths()
    if waiting and messages is not None:
        told = queue.wake_readers(ceil(waiting / queue.CHUNK) - messages[queue.BULK])
    if waiting and (messages is None or _is_stalled()):
        read = read_waiting() if inline else 0
    _show_life(SWEEPER)
    return Swept(freed, parked, told, read)


def _claim(pks: Sequence[int]) -> list[Claim]:
    """Take the rows in one conditional statement: of two that try, one gets each."""
    token = uuid.uuid4()
    taken = (
        Dispatch.objects.filter(pk__in=pks)
        .claimable()
        .update(
            state=Dispatch.State.PROCESSING,
            attempts=F("attempts") + 1,
            lease_token=token,
            lease_until=Now() + timedelta(seconds=settings.LEASE_SECONDS),
        )
    )
    if not taken:
        return []
    _show_life(READER)
    rows = Dispatch.objects.filter(pk__in=pks, lease_token=token).order_by("pk")
    return [Claim(dispatch, token) for dispatch in rows]


def _fresh() -> QuerySet[Dispatch]:
    return Dispatch.objects.waiting().filter(attempts=0)


def _suspect() -> QuerySet[Dispatch]:
    return Dispatch.objects.waiting().filter(attempts__gt=0)


def _show_life(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _extract(claims: Sequence[Claim]) -> Iterator[Extraction]:
    """Read the texts outside any transaction: this is what takes seconds."""
    own = _own_words()
    yield from extract(_request(claim.dispatch, own) for claim in claims)


def _own_words() -> frozenset[OwnWord]:
    """How the newsroom wants words read, as of now."""
    rows = models.OwnWord.objects.values_list("language", "part", "word", "type")
    return frozenset(OwnWord(*row) for row in cast("Iterable[OwnWord]", rows))


def _request(dispatch: Dispatch, own: frozenset[OwnWord]) -> ExtractionRequest:
    return ExtractionRequest(
        dispatch.whole_text[: settings.EXTRACT_MAX_CHARACTERS],
        declared=None if dispatch.published_from == DayFrom.PAGE else dispatch.published,
        republished=dispatch.published if dispatch.published_from == DayFrom.PAGE else None,
        language=dispatch.language if dispatch.language_stated else None,
        received=timezone.localdate(dispatch.received_at),
        own_words=own,
    )


def _record(read: Sequence[tuple[Claim, Extraction]]) -> set[int]:
    """Write what was found, all or nothing; nothing of a row that went to somebody else.

    Return the ids of the dispatches that are recorded now.
    """
    found = {claim.dispatch.pk: extraction for claim, extraction in read}
    tokens = {claim.token for claim, _ in read}
    with transaction.atomic():
        recording.one_at_a_time()
        mine = Dispatch.objects.filter(pk__in=found, lease_token__in=tokens)
        rows = list(mine.select_for_update().order_by("pk"))
        mine.update(
            state=Dispatch.State.DONE,
            lease_token=None,
            lease_until=None,
            attempts=0,
            error_code="",
            error_detail="",
            processed_at=timezone.now(),
        )
        recording.record([(dispatch, found[dispatch.pk]) for dispatch in rows])
    recorded = {dispatch.pk for dispatch in rows}
    for pk in found.keys() - recorded:
        logger.warning("dispatch %d was read by another in the meantime", pk)
    return recorded


def _read_alone(claim: Claim) -> bool:
    try:
        return bool(_record([(claim, extraction) for extraction in _extract([claim])]))
    except Exception as error:  # noqa: BLE001 - as in process_chunk
        _let_go([claim], TOO_LONG if isinstance(error, SoftTimeLimitExceeded) else FAILED, error)
        return False


def _let_go(claims: Sequence[Claim], code: str, error: Exception) -> None:
    """Give the rows back, or park those that have had all their attempts."""
    for claim in claims:
        logger.error("dispatch %d: %s", claim.dispatch.pk, code, exc_info=error)
        values: dict[str, Any] = {
            "lease_token": None,
            "lease_until": None,
            "error_code": code,
            "error_detail": f"{type(error).__name__}: {error}"[:2000],
        }
        last = claim.dispatch.attempts >= MAX_ATTEMPTS
        state = Dispatch.State.FAILED if last else Dispatch.State.RECEIVED
        claim.row().update(state=state, **values)


def _wait_again(pk: int, **condition: Any) -> None:
    if Dispatch.objects.in_force().filter(pk=pk, **condition).update(**_ANEW):
        transaction.on_commit(lambda: queue.wake(pk))


def _all_wait_again(those: DispatchQuerySet, states: Sequence[str]) -> int:
    pks = list(those.in_force().filter(state__in=states).values_list("pk", flat=True))
    changed = Dispatch.objects.filter(pk__in=pks, state__in=states).update(**_ANEW)
    transaction.on_commit(lambda: queue.wake_readers(ceil(changed / queue.CHUNK)))
    return changed


def _park_abandoned() -> int:
    return (
        Dispatch.objects.abandoned()
        .filter(attempts__gte=MAX_ATTEMPTS)
        .update(
            state=Dispatch.State.FAILED,
            lease_token=None,
            lease_until=None,
            error_code=INTERRUPTED,
        )
    )


def _is_stalled() -> bool:
    """Something has waited for long, and nobody has read for as long: no worker lives."""
    long_ago = timezone.now() - STALLED
    if Heartbeat.objects.filter(name=READER, at__gte=long_ago).exists():
        return False
    return Dispatch.objects.waiting().filter(received_at__lt=long_ago).exists()
