"""What comes in: sources, uploads and their items, dispatches and their readings."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.choices import DayFrom, DctBasis

if TYPE_CHECKING:
    from events.models.events import Event

MAX_ATTEMPTS = 5  # a dispatch that failed this often is parked (reliability rule R3)


class SourceQuerySet(models.QuerySet["Source"]):
    def named(self, name: str) -> Source:
        """Return the source of this name, or that has it among its other names, or a new one."""
        known = self.filter(name=name).first()
        if known is not None:
            return known
        wanted = name.casefold()
        for source in self.exclude(aliases=[]):
            if wanted in {alias.casefold() for alias in source.aliases}:
                return source
        return self.get_or_create(name=name)[0]


class Source(models.Model):
    """The organisation that vouches for a dispatch."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    homepage = models.URLField(_("homepage"), blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """What one person dropped at one go, and what they said of all of it.

    Every item of it ends in exactly one verdict.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    published = models.DateField(_("published on"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    canceled_at = models.DateTimeField(_("canceled at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.id])


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def claimable(self) -> Self:
        """Those that a worker may take: waiting, or whose worker is gone past its lease.

        The clock is the database's: several machines agree on no other.
        """
        waiting = Q(state=Dispatch.State.RECEIVED)
        abandoned = Q(state=Dispatch.State.PROCESSING, lease_until__lt=Now())
        return self.in_force().filter(waiting | abandoned, attempts__lt=MAX_ATTEMPTS)

    def waiting(self) -> Self:
        """Those to be read that nobody is reading."""
        return self.in_force().filter(state=Dispatch.State.RECEIVED, attempts__lt=MAX_ATTEMPTS)

    def in_force(self) -> Self:
        """Neither replaced by a newer version, nor taken back, nor under embargo."""
        free = Q(embargo_until=None) | Q(embargo_until__lte=Now())
        return self.filter(free, replaced_by=None, withdrawn_at=None)

    def published(self) -> Self:
        """What a visitor may read: a version stands until the one after it is out of embargo."""
        free = Q(embargo_until=None) | Q(embargo_until__lte=Now())
        standing = Q(replaced_by=None) | Q(replaced_by__embargo_until__gt=Now())
        return self.filter(free, standing, withdrawn_at=None)

    def abandoned(self) -> Self:
        """Those whose worker is gone past its lease."""
        return self.filter(state=Dispatch.State.PROCESSING, lease_until__lt=Now())

    def undated(self) -> Self:
        """Those that were read and whose day nobody knows: what counts from it has no date."""
        return self.in_force().filter(state=Dispatch.State.DONE, is_dated=False)

    def pending(self) -> Self:
        return self.filter(state__in=[Dispatch.State.RECEIVED, Dispatch.State.PROCESSING])

    def read_by_another(self, version: str) -> Self:
        """Those whose last reading was not by this version of the pipeline."""
        return self.filter(state=Dispatch.State.DONE).exclude(extracted_by=version)


class Dispatch(models.Model):
    """One news item, stored once and for good. `text` is what every offset refers to.

    The row is the truth of its processing: `received → processing → done | failed`.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("waiting")
        PROCESSING = "processing", _("being read")
        DONE = "done", _("read")
        FAILED = "failed", _("failed")

    text = models.TextField(_("text"))
    # The text as it came, where names in it are withheld from readers (events/withheld.py).
    private_text = models.TextField(_("text with withheld names"), blank=True, editable=False)
    title = models.CharField(_("title"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    language_stated = models.BooleanField(_("language stated by a person"), default=False)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dispatches",
    )
    published = models.DateField(_("published on"), null=True, blank=True)
    published_from = models.CharField(
        _("who says so"), max_length=10, choices=DayFrom.choices, blank=True
    )
    dct = models.CharField(_("day of the dispatch (EDTF)"), max_length=40, blank=True)
    dct_basis = models.CharField(
        _("basis of the day"), max_length=10, choices=DctBasis.choices, default=DctBasis.NONE
    )
    dct_reason = models.JSONField(_("reason of the day"), default=dict, blank=True)
    is_dated = models.BooleanField(_("its day is known"), default=False)  # as of its last reading
    dct_probability = models.FloatField(_("how sure the day is (0 to 1)"), default=0)
    # The days that it may be of, best first: [{"value": EDTF, "probability": …, "reason": {…}}].
    dct_candidates = models.JSONField(_("days that it may be of"), default=list, blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now, db_index=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )

    batch = models.ForeignKey(  # that brought it; those that bring it again are not named
        Batch,
        verbose_name=_("upload"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="dispatches",
        db_index=False,  # the index by state and batch serves
    )
    original_name = models.CharField(_("file name"), max_length=255, blank=True)
    media_type = models.CharField(_("media type"), max_length=100, default="text/plain")
    encoding = models.CharField(_("encoding"), max_length=40, default="utf-8")
    encoding_guessed = models.BooleanField(_("encoding is a guess"), default=False)
    original = models.CharField(_("stored original (SHA-256)"), max_length=64, blank=True)
    content_hash = models.CharField(_("hash of the text"), max_length=64, unique=True)
    reprint_of = models.ForeignKey(
        "self",
        verbose_name=_("reprint of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reprints",
    )
    # The item of a wire that this is a version of (events/versions.py); "" where it has no guid.
    guid = models.CharField(_("identifier of the item"), max_length=255, blank=True, db_index=True)
    wire_version = models.CharField(_("version of the item"), max_length=40, blank=True)
    filed_at = models.DateTimeField(_("sent by the agency at"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="earlier_versions",
    )
    withdrawn_at = models.DateTimeField(_("taken back by the agency at"), null=True, blank=True)
    withdrawn_why = models.CharField(_("why it was taken back"), max_length=1000, blank=True)
    withdrawn_from: models.ManyToManyField[Event, models.Model] = models.ManyToManyField(
        "Event", verbose_name=_("events that it told of"), blank=True, related_name="withdrawals"
    )
    advisory = models.CharField(_("note of the agency to editors"), max_length=1000, blank=True)
    embargo_until = models.DateTimeField(_("under embargo until"), null=True, blank=True)
    # [{"code": …, "values": {…}, "stage": "reading" | "extraction"}]; `reasons.word` words them.
    notices = models.JSONField(_("notices"), default=list, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RECEIVED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_token = models.UUIDField(_("lease token"), null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True, editable=False)
    error_code = models.CharField(_("error"), max_length=40, blank=True)  # worded by `reasons.word`
    error_detail = models.TextField(_("error detail"), blank=True)
    processed_at = models.DateTimeField(_("read at"), null=True, blank=True)
    extracted_by = models.CharField(_("pipeline version"), max_length=40, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        ordering = ("-received_at", "-pk")
        indexes = [
            models.Index(fields=["state", "lease_until"], name="dispatch_state_lease"),
            models.Index(fields=["state", "received_at"], name="dispatch_state_received"),
            models.Index(fields=["batch", "state"], name="dispatch_batch_state"),
            models.Index(fields=["is_dated", "state"], name="dispatch_dated_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="dispatch_has_text"),
            models.CheckConstraint(
                condition=Q(attempts__lte=MAX_ATTEMPTS), name="dispatch_attempts_bounded"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("dispatch", args=[self.pk])

    @property
    def whole_text(self) -> str:
        """The text as it came: for the pipeline and for curators, never for readers."""
        return self.private_text or self.text

    @property
    def is_settled(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}


class Mark(models.Model):
    """One of the marks of a dispatch's text, by which those that repeat it are found.

    See events/reprints.py.
    """

    pk = models.CompositePrimaryKey("value", "dispatch")
    value = models.BigIntegerField()
    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="marks")

    class Meta:
        verbose_name = _("mark of a text")
        verbose_name_plural = _("marks of texts")

    def __str__(self) -> str:
        return f"{self.value:x} · {self.dispatch_id}"


# Reasons of a refusal that is our fault, or that of the machine: the file may be tried again.
INTAKE_FAILURES = ("intake-failed", "intake-interrupted")


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def unsettled(self) -> Self:
        """Those without a verdict."""
        return self.filter(verdict=BatchItem.Verdict.WAITING)

    def backlog(self) -> tuple[int, datetime | None]:
        """How many these are, and since when the first of them waits."""
        found = self.aggregate(n=models.Count("pk"), first=models.Min("batch__created_at"))
        return found["n"], found["first"]

    def waiting(self) -> Self:
        """Those not yet taken in and in nobody's hands."""
        return self.unsettled().filter(lease_token=None)

    def abandoned(self) -> Self:
        """Those whose worker is gone past its lease."""
        return self.unsettled().filter(lease_until__lt=Now())

    def unfinished(self) -> Self:
        """Those that nobody could take in, and that could be tried again."""
        return self.filter(verdict=BatchItem.Verdict.REFUSED, reason__code__in=INTAKE_FAILURES)

    def counted(self) -> Self:
        """Those that count: an archive counts as what was in it."""
        return self.exclude(verdict=BatchItem.Verdict.UNPACKED)


class BatchItem(models.Model):
    """One file or pasted text of a batch, and what became of it.

    Until it has been taken in, its bytes are `size` of a file of `events/spool.py` from `offset`
    on; "" where there is none any more. The row is the truth of its being taken in, as that of a
    dispatch is of its reading.
    """

    class Verdict(models.TextChoices):
        WAITING = "waiting", _("waiting")
        UNPACKED = "unpacked", _("unpacked")  # its members are items of their own
        ACCEPTED = "accepted", _("accepted")
        DUPLICATE = "duplicate", _("already here")
        REFUSED = "refused", _("refused")
        CANCELED = "canceled", _("canceled")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=255)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    reason = models.JSONField(_("reason"), default=dict, blank=True)
    dispatch = models.ForeignKey(
        Dispatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="batch_items"
    )
    archive = models.ForeignKey(  # the outermost that it was in
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="members"
    )
    depth = models.PositiveSmallIntegerField(default=0, editable=False)  # archives around it
    spool = models.CharField(max_length=40, blank=True, editable=False)
    offset = models.PositiveBigIntegerField(default=0, editable=False)  # bytes
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded item")
        verbose_name_plural = _("uploaded items")
        ordering = ("position",)
        indexes = [
            models.Index(
                fields=["batch", "position"],
                condition=Q(verdict="waiting"),
                name="batch_item_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="batch_item_position"),
        ]

    def __str__(self) -> str:
        return self.name


class ExtractionRun(models.Model):
    """One completed reading of a dispatch by one version of the pipeline."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="runs")
    version = models.CharField(_("pipeline version"), max_length=40)
    language = models.CharField(_("language"), max_length=8)
    finished_at = models.DateTimeField(_("finished at"), default=timezone.now)
    timings = models.JSONField(_("CPU seconds by stage"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)

    class Meta:
        verbose_name = _("extraction run")
        verbose_name_plural = _("extraction runs")
        ordering = ("-finished_at", "-pk")

    def __str__(self) -> str:
        return f"{self.dispatch_id} · {self.version}"
