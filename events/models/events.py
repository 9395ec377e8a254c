"""What is told: events with their mentions, actors and places."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.models.choices import Basis, EventType, PlaceKind, Precision, ReviewState, Role, Status
from events.models.curation import CurationAct
from events.models.dispatches import Dispatch, ExtractionRun
from events.models.stories import StoryEvent

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
    def standing(self) -> Event:
        """Itself, or the event that it is part of by now."""
        event = self
        while event.merged_into is not None:
            event = event.merged_into
        return event

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
    # As readers may see it; cut out once, since lists must not go through whole texts.
    sentence = models.TextField(_("sentence"), blank=True)
    core = models.JSONField(default=list, blank=True)  # [[start, end], …]
    date_start = models.PositiveIntegerField(null=True, blank=True)  # words that give the date
    date_end = models.PositiveIntegerField(null=True, blank=True)
    date_sentence_start = models.PositiveIntegerField(null=True, blank=True)
    date_sentence_end = models.PositiveIntegerField(null=True, blank=True)
    date_sentence = models.TextField(_("sentence of the date"), blank=True)  # "" if it is the same
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

    def quote(self, text: str) -> None:
        """Take its sentences out of the text of its dispatch. Does not save."""
        self.sentence = text[self.sentence_start : self.sentence_end]
        elsewhere = self.date_sentence_start not in {None, self.sentence_start}
        there = slice(self.date_sentence_start, self.date_sentence_end)
        self.date_sentence = text[there] if elsewhere else ""


class Subject(models.Model):
    """What events name, an actor or a place.

    `folded` is the name without case and accents, by which rows are found. A row that is `same_as`
    another one is a further name of it, which no event is linked to.
    """

    name = models.CharField(_("name"), max_length=200)
    folded = models.CharField(_("folded name"), max_length=200, editable=False)
    # The key of what a register knows by this name in every language (`extraction.registers`).
    register = models.CharField(_("key in a register"), max_length=80, blank=True, editable=False)
    # {language: the name that dispatches of that language give it}, until a person says another.
    names = models.JSONField(_("names by language"), default=dict, blank=True, editable=False)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)
    # This name means another one: a person said so, or a register, and the machine goes by it.
    same_as = models.ForeignKey(
        "self",
        verbose_name=_("same as"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="other_names",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.shown

    @property
    def shown(self) -> str:
        """The name in the language of the page."""
        return self.name_in(get_language() or "")

    def name_in(self, language: str) -> str:
        return str(self.names.get(language, self.name))

    @property
    def peers(self) -> Q:
        """The rows among which its name is that of no other."""
        raise NotImplementedError


class Actor(Subject):
    """A person, body or group: one row a name, or several of what a register knows apart."""

    kind = models.CharField(_("kind"), max_length=20, blank=True)
    qid = models.CharField(_("Wikidata id"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("actor")
        verbose_name_plural = _("actors")
        ordering = ("folded",)
        indexes = [
            models.Index(fields=["register"], condition=~Q(register=""), name="actor_register"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["folded", "register"], name="actor_once_a_register"),
        ]

    @property
    def peers(self) -> Q:
        return Q(register=self.register)


class Place(Subject):
    """Where events happen; coordinates only where the gazetteer is certain.

    "Mexico" is a country in English, the city in it in French.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=PlaceKind.choices)
    country = models.CharField(_("country (ISO 3166-1)"), max_length=2, blank=True)
    within = models.CharField(_("within"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    geonames = models.PositiveIntegerField(_("GeoNames id"), null=True, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("folded",)
        constraints = [
            models.UniqueConstraint(
                fields=["folded", "country"],
                condition=~Q(kind=PlaceKind.COUNTRY),
                name="place_once_a_country",
            ),
            models.UniqueConstraint(
                fields=["folded", "country"],
                condition=Q(kind=PlaceKind.COUNTRY),
                name="country_once",
            ),
        ]
        indexes = [
            models.Index(fields=["register"], condition=~Q(register=""), name="place_register"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The number that a person gave it counts."""
        if self.geonames:
            self.register = f"={self.geonames}"
        elif self.register[1:].isdecimal():
            self.register = ""
        super().save(*args, **kwargs)

    @property
    def peers(self) -> Q:
        is_country = Q(kind=PlaceKind.COUNTRY)
        return Q(country=self.country) & (is_country if self.is_country else ~is_country)

    @property
    def is_country(self) -> bool:
        return self.kind == PlaceKind.COUNTRY


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
