"""What Frise keeps: dispatches, what was extracted from them, and the events that people see.

Integrity lives in constraints, questions live on the QuerySets. Days are half-open intervals,
`start_date <= day < end_date`, NULL where a bound is open or unknown; `edtf` says the same with
its precision (ISO 8601-2). Reasons are `{"code": …, "values": {…}}`, worded by `events/reasons.py`.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_ATTEMPTS = 5  # a dispatch that failed this often is parked (reliability rule R3)


class Basis(models.TextChoices):
    """Where the date of an event comes from."""

    EXPLICIT = "explicit", _("explicit date")
    RELATIVE = "relative", _("relative date")
    INHERITED = "inherited", _("date taken from another sentence")
    DCT = "dct", _("day of the dispatch")
    PERSON = "person", _("date set by a person")
    NONE = "none", _("no date")


class DctBasis(models.TextChoices):
    """Where the day of a dispatch comes from."""

    DECLARED = "declared", _("declared")
    DATELINE = "dateline", _("read in the dateline")
    INFERRED = "inferred", _("worked out from the text")
    NONE = "none", _("unknown")


class DayFrom(models.TextChoices):
    """Who says on which day a dispatch was published."""

    PERSON = "person", _("stated by a person")
    WIRE = "wire", _("declared by the agency")
    PAGE = "page", _("day of the page, feed or mail that brought it")


class Precision(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    SEASON = "season", _("season")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")
    RANGE = "range", _("period")
    OPEN = "open", _("open period")
    UNKNOWN = "unknown", _("unknown")


class Status(models.TextChoices):
    """What a reader may believe of the event at publication (FactBank's factuality, simplified)."""

    HAPPENED = "happened", _("happened")
    ONGOING = "ongoing", _("ongoing")
    PLANNED = "planned", _("planned")
    CALLED_FOR = "called_for", _("called for")
    DENIED = "denied", _("denied")
    HYPOTHETICAL = "hypothetical", _("hypothetical")


class EventType(models.TextChoices):
    """What the actor did; after PLOVER, with what general news needs on top."""

    ATTACK = "attack", _("attack")
    CONTROL = "control", _("control of territory")
    TALKS = "talks", _("talks")
    AGREEMENT = "agreement", _("agreement")
    CALL = "call", _("call")
    REFUSAL = "refusal", _("refusal")
    STATEMENT = "statement", _("statement")
    THREAT = "threat", _("threat")
    SANCTION = "sanction", _("sanction")
    JUSTICE = "justice", _("justice")
    PROTEST = "protest", _("protest")
    POLITICS = "politics", _("politics")
    AID = "aid", _("aid")
    TOLL = "toll", _("toll")
    DISASTER = "disaster", _("disaster")
    ECONOMY = "economy", _("economy")
    SOCIETY = "society", _("society")
    OTHER = "other", _("other")


class Role(models.TextChoices):
    AGENT = "agent", _("agent")
    TARGET = "target", _("target")
    PARTY = "party", _("party")
    SPEAKER = "speaker", _("speaker")
    VICTIM = "victim", _("victim")
    BENEFICIARY = "beneficiary", _("beneficiary")
    OTHER = "other", _("other")


class PlaceKind(models.TextChoices):
    POINT = "point", _("point")
    DISTRICT = "district", _("district")
    CITY = "city", _("city")
    REGION = "region", _("region")
    COUNTRY = "country", _("country")


class ReviewState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


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


# Reasons of a refusal that is our fault, or that of the machine: the file may be tried again.
INTAKE_FAILURES = ("intake-failed", "intake-interrupted")


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def unsettled(self) -> Self:
        """Those without a verdict."""
        return self.filter(verdict=BatchItem.Verdict.WAITING)

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


# What a person may set of an event.
EVENT_FIELDS = ("title", "edtf", "time_of_day", "type", "status", "actors", "places")


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """What a visitor may see: the setting PUBLIC_EVENTS decides about proposals.

        Every public page, tile, count and export starts here.
        """
        alive = self.filter(merged_into=None).exclude(review_state=ReviewState.REJECTED)
        if settings.PUBLIC_EVENTS == "all":
            return alive
        return alive.filter(review_state=ReviewState.APPROVED)

    def between(self, start: date | None, end: date | None) -> Self:
        """Events of which some day d may satisfy start <= d < end; an open bound never excludes."""
        found = self.exclude(edtf="")
        if start is not None:
            found = found.filter(Q(end_date=None) | Q(end_date__gt=start))
        if end is not None:
            found = found.filter(Q(start_date=None) | Q(start_date__lt=end))
        return found

    def undated(self) -> Self:
        return self.filter(edtf="")

    def touched(self) -> Self:
        """Those that a person judged, corrected, discussed or told of in a story."""
        return self.filter(
            ~Q(review_state=ReviewState.PROPOSED)
            | ~Q(curated_fields=[])
            | Exists(CurationAct.objects.filter(event=OuterRef("pk")))
            | Exists(StoryEvent.objects.filter(event=OuterRef("pk")))
            | Exists(Event.contradicts.through.objects.filter(from_event=OuterRef("pk")))
        )

    def in_order(self) -> Self:
        """By day, then by stated hour, then stably; undated ones last."""
        return self.order_by(F("sort_date").asc(nulls_last=True), "time_of_day", "pk")


class Event(models.Model):
    """A happening, with all its reports. Its id is stable: re-extraction never renumbers it."""

    title = models.CharField(_("title"), max_length=90)
    language = models.CharField(_("language"), max_length=8, blank=True)
    edtf = models.CharField(_("date (EDTF)"), max_length=60, blank=True)
    start_date = models.DateField(_("first day"), null=True, blank=True)
    end_date = models.DateField(_("day after the last"), null=True, blank=True)
    sort_date = models.GeneratedField(
        verbose_name=_("sorted at"),
        expression=Coalesce("start_date", "end_date"),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    precision = models.CharField(
        _("precision"), max_length=10, choices=Precision.choices, default=Precision.UNKNOWN
    )
    time_of_day = models.CharField(_("time of day"), max_length=5, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=EventType.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    confidence = models.FloatField(_("confidence"), default=0.5)
    importance = models.FloatField(_("importance"), default=0)
    review_state = models.CharField(
        _("review state"),
        max_length=10,
        choices=ReviewState.choices,
        default=ReviewState.PROPOSED,
    )
    curated_fields = models.JSONField(_("fields set by a person"), default=list, blank=True)
    # {field: what the machine reads now} where that differs from what a person fixed, and
    # {field: [the readings that a person saw and did not take]}.
    proposals = models.JSONField(_("new facts to weigh"), default=dict, blank=True)
    overruled = models.JSONField(_("readings that a person turned down"), default=dict, blank=True)
    contradicts = models.ManyToManyField("self", verbose_name=_("contradicts"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="absorbed",
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = (F("sort_date").asc(nulls_last=True), "time_of_day", "pk")
        indexes = [
            models.Index(fields=["sort_date", "time_of_day"], name="event_sort"),
            models.Index(fields=["start_date", "end_date"], name="event_interval"),
            models.Index(fields=["-importance"], name="event_importance"),
            models.Index(fields=["type", "start_date"], name="event_type_start"),
            models.Index(
                ((1 - F("confidence")) * (1 + F("importance"))).desc(),
                "id",
                condition=Q(review_state="proposed", merged_into=None),
                name="event_doubt",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_date=None) | Q(end_date=None) | Q(start_date__lt=F("end_date")),
                name="event_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1),
                name="event_confidence_is_probability",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="event_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("event", args=[self.pk])

    @property
    def is_curated(self) -> bool:
        """A person has judged or corrected it: no run of the pipeline may delete it."""
        return bool(self.curated_fields) or self.review_state != ReviewState.PROPOSED

    @property
    def fixed_fields(self) -> frozenset[str]:
        """What no run of the pipeline changes: what a person set, or all that they approved."""
        if self.review_state == ReviewState.APPROVED:
            return frozenset(EVENT_FIELDS)
        return frozenset(self.curated_fields)


class Mention(models.Model):
    """One report of an event in one sentence of one dispatch, as a run found it.

    `key` is stable between runs (trigger span and type), so that a re-run finds its own again.
    """

    dispatch = models.ForeignKey(Dispatch, on_delete=models.CASCADE, related_name="mentions")
    run = models.ForeignKey(ExtractionRun, on_delete=models.CASCADE, related_name="mentions")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="mentions")
    key = models.CharField(_("key"), max_length=64)
    # A person put it into its event (merge, split): no run moves it or drops it.
    pinned = models.BooleanField(_("placed by a person"), default=False)

    title = models.CharField(_("title"), max_length=90)
    trigger_start = models.PositiveIntegerField()
    trigger_end = models.PositiveIntegerField()
    sentence_start = models.PositiveIntegerField()
    sentence_end = models.PositiveIntegerField()
    core = models.JSONField(default=list, blank=True)  # [[start, end], …]
    date_start = models.PositiveIntegerField(null=True, blank=True)  # words that give the date
    date_end = models.PositiveIntegerField(null=True, blank=True)
    date_sentence_start = models.PositiveIntegerField(null=True, blank=True)
    date_sentence_end = models.PositiveIntegerField(null=True, blank=True)
    timex_value = models.CharField(_("TIMEX3 value"), max_length=60, blank=True)
    rule = models.CharField(_("rule"), max_length=80, blank=True)
    trigger_rule = models.CharField(_("trigger rule"), max_length=80, blank=True)

    edtf = models.CharField(_("date (EDTF)"), max_length=60, blank=True)
    start_date = models.DateField(_("first day"), null=True, blank=True)
    end_date = models.DateField(_("day after the last"), null=True, blank=True)
    precision = models.CharField(_("precision"), max_length=10, choices=Precision.choices)
    time_of_day = models.CharField(_("time of day"), max_length=5, blank=True)
    basis = models.CharField(_("basis of the date"), max_length=10, choices=Basis.choices)
    reason = models.JSONField(_("reason of the date"), default=dict)
    type = models.CharField(_("type"), max_length=10, choices=EventType.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    attribution = models.JSONField(_("attribution"), null=True, blank=True)
    actors = models.JSONField(_("actors"), default=list, blank=True)
    places = models.JSONField(_("places"), default=list, blank=True)
    # What merging compares: {"words", "actors", "places", "countries": [folded, …]}.
    compared = models.JSONField(_("what merging compares"), default=dict, blank=True)
    merge_why = models.JSONField(_("why merged"), default=list, blank=True)
    confidence = models.FloatField(_("confidence"), default=0.5)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ("dispatch", "trigger_start", "pk")
        indexes = [
            models.Index(fields=["start_date", "end_date"], name="mention_interval"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "key"], name="mention_once_a_dispatch"),
            models.CheckConstraint(
                condition=Q(trigger_start__lt=F("trigger_end")), name="mention_trigger_span"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sentence(self) -> str:
        return self.dispatch.text[self.sentence_start : self.sentence_end]


class Actor(models.Model):
    """A person, body or group. `folded` is the name without case and accents: one row a name."""

    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(_("folded name"), max_length=200, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    qid = models.CharField(_("Wikidata id"), max_length=20, blank=True)
    # This name means another actor: a person said so, and the machine goes by it.
    same_as = models.ForeignKey(
        "self",
        verbose_name=_("same as"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="other_names",
    )

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ("folded",)

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where events happen; coordinates only where the gazetteer is certain."""

    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(_("folded name"), max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind.choices)
    country = models.CharField(_("country (ISO 3166-1)"), max_length=2, blank=True)
    within = models.CharField(_("within"), max_length=200, blank=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    geonames = models.PositiveIntegerField(_("GeoNames id"), null=True, blank=True)
    # This name means another place: a person said so, and the machine goes by it.
    same_as = models.ForeignKey(
        "self",
        verbose_name=_("same as"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="other_names",
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("folded",)
        constraints = [
            models.UniqueConstraint(fields=["folded", "country"], name="place_once_a_country"),
        ]

    def __str__(self) -> str:
        return self.name


class EventActor(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="event_actors")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="event_actors")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)

    class Meta:
        verbose_name = _("actor of an event")
        verbose_name_plural = _("actors of an event")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["event", "actor", "role"], name="event_actor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} ({self.role})"


class EventPlace(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="event_places")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="event_places")

    class Meta:
        verbose_name = _("place of an event")
        verbose_name_plural = _("places of an event")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["event", "place"], name="event_place_once"),
        ]

    def __str__(self) -> str:
        return str(self.place)


# What an act is about, as columns of it and as kinds of history.
ACT_SUBJECTS = ("event", "dispatch", "actor", "place", "story")


def _one_of(columns: tuple[str, ...]) -> Q:
    """Exactly one of these columns is set."""
    chosen = [Q(**{f"{name}__isnull": name != one for name in columns}) for one in columns]
    return reduce(or_, chosen)


class CurationAct(models.Model):
    """What a person decided, with before and after: the log, and the constraint on re-runs."""

    class Kind(models.TextChoices):
        APPROVE = "approve", _("approved")
        REJECT = "reject", _("rejected")
        EDIT = "edit", _("corrected")
        MERGE = "merge", _("merged")
        SPLIT = "split", _("split")
        REDATE = "redate", _("dispatch dated")
        CREATE = "create", _("entered by hand")
        ATTACH = "attach", _("report attached")
        SETTLE = "settle", _("new fact weighed")
        CONTRADICT = "contradict", _("marked as contradicted")
        COMMENT = "comment", _("commented")
        RENAME = "rename", _("renamed")
        UNITE = "unite", _("made one")
        TELL = "tell", _("story changed")
        WITHHOLD = "withhold", _("name withheld")
        WITHDRAW = "withdraw", _("withdrawn")
        UNDO = "undo", _("undone")

    kind = models.CharField(_("act"), max_length=10, choices=Kind.choices)
    event = models.ForeignKey(
        Event,
        verbose_name=_("event"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    dispatch = models.ForeignKey(
        Dispatch,
        verbose_name=_("dispatch"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    actor = models.ForeignKey(
        Actor,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    story = models.ForeignKey(
        "Story",
        verbose_name=_("story"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    undoes = models.OneToOneField(
        "self",
        verbose_name=_("undoes"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="undone_by",
    )
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    class Meta:
        verbose_name = _("curation act")
        verbose_name_plural = _("curation acts")
        ordering = ("-at", "-pk")
        indexes = [
            # Asked for whenever something is read: events/withheld.py.
            models.Index(fields=["kind"], condition=Q(kind="withhold"), name="act_withholds"),
        ]
        constraints = [
            models.CheckConstraint(condition=_one_of(ACT_SUBJECTS), name="act_has_one_subject"),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False)
                | (~Q(kind="undo") & Q(undoes=None)),
                name="act_undoes_if_it_is_an_undo",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.subject}"

    @property
    def subject(self) -> Event | Dispatch | Actor | Place | Story | None:
        return self.event or self.dispatch or self.actor or self.place or self.story

    @property
    def is_undone(self) -> bool:
        return hasattr(self, "undone_by")


class ApiToken(models.Model):
    """By which a script speaks for its owner (events/tokens.py); the token itself is not kept."""

    name = models.CharField(_("what it is for"), max_length=100)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("in whose name"),
        on_delete=models.CASCADE,
        related_name="api_tokens",
    )
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("last used at"), null=True, editable=False)
    # Requests since `counted_from`, which moves on when its minute is over.
    counted_from = models.DateTimeField(default=timezone.now, editable=False)
    counted = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("token for scripts")
        verbose_name_plural = _("tokens for scripts")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class OwnWord(models.Model):
    """How this newsroom wants a word read, whatever the lexicon says (`extraction.OwnWord`)."""

    class Part(models.TextChoices):
        VERB = "verb", _("verb")
        NOUN = "noun", _("noun")

    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    part = models.CharField(_("part of speech"), max_length=4, choices=Part.choices)
    word = models.CharField(
        _("word"),
        max_length=80,
        help_text=_(
            "A verb in the infinitive, with its noun if it needs one (“cut the ribbon”); "
            "a noun in the singular."
        ),
    )
    type = models.CharField(
        _("type of the events it evokes"),
        max_length=10,
        blank=True,
        choices=[("", _("none: the word evokes no event")), *EventType.choices],
    )
    note = models.CharField(_("why"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("own word")
        verbose_name_plural = _("own words of the newsroom")
        ordering = ("language", "word", "part")
        constraints = [
            models.UniqueConstraint(fields=["language", "part", "word"], name="own_word_once"),
        ]

    def __str__(self) -> str:
        return self.word


class Heartbeat(models.Model):
    """When a process last showed that it lives; the row of `sweep` is that of the sweeper."""

    name = models.CharField(_("process"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("workers, queues, processes")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """Whose desk a proposal lies on, until when: two curators never judge the same one unawares."""

    event = models.OneToOneField(
        Event,
        verbose_name=_("event"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="claim",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.CASCADE
    )
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("until",)

    def __str__(self) -> str:
        return f"{self.event_id} · {self.by}"


class StoryQuerySet(models.QuerySet["Story"]):
    def public(self) -> Self:
        return self.filter(published=True)


class Story(models.Model):
    """Events that a curator gathered, put in order and introduced, to be read step by step."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("introduction"), blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    picture = models.CharField(_("picture"), max_length=64, blank=True)  # SHA-256 of an original
    picture_alt = models.CharField(_("what the picture shows"), max_length=300, blank=True)
    picture_credit = models.CharField(_("credit of the picture"), max_length=120, blank=True)
    published = models.BooleanField(_("published"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ("-updated_at", "-pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])


class StoryEvent(models.Model):
    """One step of a story."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="steps")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="story_steps")
    position = models.PositiveIntegerField(_("position"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a story")
        verbose_name_plural = _("steps of a story")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["story", "event"], name="story_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position} · {self.event}"


class FeedQuerySet(models.QuerySet["Feed"]):
    def due(self, now: datetime) -> Self:
        """Those to poll, the longest waiting first."""
        return self.filter(is_active=True, next_poll_at__lte=now).order_by("next_poll_at", "pk")


class Feed(models.Model):
    """A feed that is polled: its entries come in as dispatches."""

    class Health(models.TextChoices):
        NEW = "new", _("not polled yet")
        WELL = "well", _("well")
        FAILING = "failing", _("failing")
        STOPPED = "stopped", _("stopped")

    url = models.CharField(_("address"), max_length=500, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="feeds",
    )
    is_active = models.BooleanField(_("polled"), default=True)
    reads_pages = models.BooleanField(_("read the page where the feed has a summary"), default=True)
    interval_minutes = models.PositiveSmallIntegerField(_("minutes between polls"), default=15)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    next_poll_at = models.DateTimeField(_("next poll"), default=timezone.now, db_index=True)
    polled_at = models.DateTimeField(_("last poll"), null=True, blank=True, editable=False)
    succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    # {"code", "values"} of the last failure, or of what was odd in the last success.
    error = models.JSONField(_("error"), default=dict, blank=True, editable=False)
    added_at = models.DateTimeField(_("added at"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ("title", "url")

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def health(self) -> Health:
        if not self.is_active:
            return self.Health.STOPPED
        if self.failures:
            return self.Health.FAILING
        return self.Health.WELL if self.succeeded_at else self.Health.NEW


class FeedEntry(models.Model):
    """An entry that a feed has shown, so that it is taken in once a version.

    `identity` is the hash of its guid, or of its link or title; `digest` that of what it said.
    """

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="entries")
    identity = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField(_("seen at"), default=timezone.now)
    verdict = models.CharField(_("verdict"), max_length=10, choices=BatchItem.Verdict.choices)
    reason = models.JSONField(_("reason"), default=dict, blank=True)
    dispatch = models.ForeignKey(
        Dispatch, null=True, blank=True, on_delete=models.SET_NULL, related_name="feed_entries"
    )

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering = ("-seen_at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["feed", "identity"], name="feed_entry_once_a_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.feed} · {self.identity[:8]}"
