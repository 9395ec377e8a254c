"""What people decide: acts on events, whose desk a proposal lies on, the newsroom's words."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.choices import EventType

if TYPE_CHECKING:
    from events.models.dispatches import Dispatch
    from events.models.events import Actor, Event, Place
    from events.models.stories import Story

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
        "Event",
        verbose_name=_("event"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    dispatch = models.ForeignKey(
        "Dispatch",
        verbose_name=_("dispatch"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    actor = models.ForeignKey(
        "Actor",
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="acts",
    )
    place = models.ForeignKey(
        "Place",
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
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes=None)),
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


class Claim(models.Model):
    """Whose desk a proposal lies on, until when: two curators never judge the same one unawares."""

    event = models.OneToOneField(
        "Event",
        verbose_name=_("event"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="claim",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.CASCADE)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("until",)

    def __str__(self) -> str:
        return f"{self.event_id} · {self.by}"


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
