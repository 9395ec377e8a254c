"""Feeds and what they brought."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.dispatches import BatchItem, Dispatch, Source


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
