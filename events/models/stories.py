"""Events that a curator put in order."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
    event = models.ForeignKey("Event", on_delete=models.CASCADE, related_name="story_steps")
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
