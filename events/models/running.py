"""What the machinery keeps of itself: tokens of scripts, signs of life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
