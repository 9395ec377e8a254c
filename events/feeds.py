"""Feeds: found, subscribed to, polled; each entry comes in through `ingest_dispatch`."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from django.db.models import Count
from lxml import etree, html

from events import readers
from events.crawling import Manners
from events.fetch import Fetched, FetchError, safe_fetch
from events.ingest import Incoming, Outcome, ingest_dispatch
from events.models import Feed, FeedEntry, Source
from events.readers import Reading, UnreadableDispatch, clean_line, feed, jsonfeed, markup
from events.readers import html as page
from events.reasons import word

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # that one process may take over one feed
LONGEST_WAIT = timedelta(hours=24)  # between polls of a feed that fails
SOON = timedelta(minutes=1)  # when a poll left entries for the next one
MAX_PAGES = 20  # linked pages fetched in one poll
FORGOTTEN = timedelta(days=90)  # an entry that its feed has not shown for so long
SUMMARY = 600  # characters; an entry with less may be a summary of its page
MAX_FEEDS = 500  # of one OPML file
_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
)
_TOMORROW = timedelta(days=1)  # zones: an entry may be of a day that has not begun here


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that a page names."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll brought. `reason` is {} when all went well."""

    accepted: int = 0
    known: int = 0
    refused: int = 0
    reason: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed as its page shows it. `problem` is in words, "" where there is none."""

    id: int
    name: str
    url: str
    health: str
    health_label: str
    entries: int
    failures: int
    succeeded_at: datetime | None
    next_poll_at: datetime | None
    problem: str


def overview() -> list[FeedRow]:
    """Return every feed, those with a problem first."""
    order = [Feed.Health.FAILING, Feed.Health.STOPPED, Feed.Health.NEW, Feed.Health.WELL]
    counts = dict(FeedEntry.objects.values_list("feed").annotate(Count("pk")))
    return [
        FeedRow(
            id=one.pk,
            name=str(one),
            url=one.url,
            health=one.health,
            health_label=str(one.health.label),
            entries=counts.get(one.pk, 0),
            failures=one.failures,
            succeeded_at=one.succeeded_at,
            next_poll_at=one.next_poll_at if one.is_active else None,
            problem=word(one.error),
        )
        for one in sorted(Feed.objects.all(), key=lambda one: order.index(one.health))
    ]


def discover(url: str) -> list[Candidate]:
    """Return the feed at `url`, or those that the page there names, in its order.

    Raises FetchError; UnreadableDispatch("feed-none") where there is no feed.
    """
    answer = safe_fetch(url)
    _check_status(answer)
    if _is_feed(answer.content):
        entries = _entries(answer.content)
        return [Candidate(answer.url, entries[0].source if entries else "")]
    found = _links(answer)
    if not found:
        raise UnreadableDispatch("feed-none")
    return found


def add(found: Candidate, *, source: str = "", by: User | None = None) -> tuple[Feed, bool]:
    """Return the feed that was found, polled from now on, and whether it is new."""
    name = clean_line(source, 200)
    return Feed.objects.get_or_create(
        url=found.url,
        defaults={
            "title": clean_line(found.title, 300),
            "source": Source.objects.named(name) if name else None,
            "added_by": by,
        },
    )


def poll_due(now: datetime, most: int = 50) -> list[tuple[Feed, Polled]]:
    """Poll the feeds whose time has come. Two processes never poll the same one."""
    return [(one, poll(one, now)) for one in Feed.objects.due(now)[:most] if _claim(one, now)]


def _claim(one: Feed, now: datetime) -> bool:
    free = Feed.objects.filter(pk=one.pk, is_active=True, next_poll_at=one.next_poll_at)
    return bool(free.update(next_poll_at=now + LEASE))


def poll(one: Feed, now: datetime) -> Polled:
    """Fetch `one` if it has changed and take in what is new; its row tells how it went."""
    wait: timedelta | None = None
    try:
        answer = safe_fetch(one.url, headers=_conditions(one))
        wait = _retry_after(answer, now)
        if answer.status == 410:
            one.is_active = False
            raise UnreadableDispatch("feed-gone")
        if answer.status == 304:
            polled, finished = Polled(), True
        else:
            _check_status(answer)
            entries = _entries(answer.content)
            polled, finished = _take_in(one, entries, now)
            if finished:
                one.etag = answer.headers.get("etag", "")[:300]
                one.last_modified = answer.headers.get("last-modified", "")[:100]
    except (FetchError, UnreadableDispatch) as failure:
        return _failed(one, failure.reason, wait, now)
    one.failures = 0
    one.error = polled.reason or {}
    one.succeeded_at = now
    one.next_poll_at = now + (timedelta(minutes=one.interval_minutes) if finished else SOON)
    _keep(one, now)
    return polled


def _failed(one: Feed, reason: dict[str, object], wait: timedelta | None, now: datetime) -> Polled:
    """Wait twice as long after each failure, or as long as the site asks."""
    one.failures = min(one.failures + 1, 1_000)
    one.error = reason
    doubled = timedelta(minutes=one.interval_minutes) * 2 ** min(one.failures, 12)
    one.next_poll_at = now + min(max(wait or doubled, SOON), LONGEST_WAIT)
    _keep(one, now)
    logger.info("feed %s failed: %s", one.pk, reason["code"])
    return Polled(reason=reason)


def _keep(one: Feed, now: datetime) -> None:
    one.polled_at = now
    one.save(
        update_fields=["is_active", "title", "etag", "last_modified", "next_poll_at", "polled_at",
                       "succeeded_at", "failures", "error"]
    )  # fmt: skip


def _conditions(one: Feed) -> dict[str, str]:
    asked = {"If-None-Match": one.etag, "If-Modified-Since": one.last_modified}
    return {name: value for name, value in asked.items() if value and value.isascii()}


def _check_status(answer: Fetched) -> None:
    if answer.status != 200:
        raise UnreadableDispatch("fetch-status", status=answer.status)


def _retry_after(answer: Fetched, now: datetime) -> timedelta | None:
    """How long a site that is busy asks us to stay away: seconds, or a date."""
    written = answer.headers.get("retry-after", "").strip()
    if answer.status not in {429, 503} or not written:
        return None
    if written.isascii() and written.isdigit():
        return timedelta(seconds=int(written[:6]))
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return None
    return until - now if until.tzinfo else None


def _is_feed(content: bytes) -> bool:
    return feed.recognizes(content, "") or jsonfeed.recognizes(content, "")


def _entries(content: bytes) -> list[Reading]:
    """Raises UnreadableDispatch: feed-none for what is no feed; one without entries is a feed."""
    if not _is_feed(content):
        raise UnreadableDispatch("feed-none")
    try:
        return readers.read(content)
    except UnreadableDispatch as refusal:
        if refusal.reason["code"] == "feed-empty":
            return []
        raise


def _take_in(one: Feed, entries: Sequence[Reading], now: datetime) -> tuple[Polled, bool]:
    """Ingest each entry not seen in this form, and whether none was left for the next poll."""
    known = dict(one.entries.values_list("identity", "digest"))
    counts = {"accepted": 0, "duplicate": 0, "refused": 0}
    pages = _Pages(Manners(safe_fetch))
    finished = True
    shown = set()
    for entry in entries:
        identity, digest = _marks(entry)
        shown.add(identity)
        if known.get(identity) == digest:
            counts["duplicate"] += 1
            continue
        if one.reads_pages and bool(entry.link) and _is_summary(entry):
            if pages.enough(entry.link):
                finished = False
                break
            entry = pages.read(entry)
        outcome = _ingest(one, entry, now)
        counts[outcome.verdict] += 1
        known[identity] = digest
        FeedEntry.objects.update_or_create(
            feed=one,
            identity=identity,
            defaults={
                "digest": digest,
                "seen_at": now,
                "verdict": outcome.verdict,
                "reason": outcome.reason,
                "dispatch": outcome.dispatch,
            },
        )
    if entries and not one.title:
        one.title = clean_line(entries[0].source, 300)
    if finished:
        _forget(one, shown, now)
    odd = entries[0].notices[0] if entries and entries[0].notices else None
    odd = pages.refused or odd
    return Polled(counts["accepted"], counts["duplicate"], counts["refused"], odd), finished


def _marks(entry: Reading) -> tuple[str, str]:
    """What makes an entry the same one, and what makes it the same version of it."""
    identity = entry.guid or entry.link or entry.title or entry.text
    said = "\x00".join((entry.title, entry.text, str(entry.published)))
    return hashlib.sha256(identity.encode()).hexdigest(), hashlib.sha256(said.encode()).hexdigest()


def _is_summary(entry: Reading) -> bool:
    return len(entry.text) - len(entry.title) < SUMMARY


def _forget(one: Feed, shown: Collection[str], now: datetime) -> None:
    """Drop the entries that the feed has long ceased to show: it will not send them again."""
    old = one.entries.filter(seen_at__lt=now - FORGOTTEN)
    gone = [pk for pk, identity in old.values_list("pk", "identity") if identity not in shown]
    FeedEntry.objects.filter(pk__in=gone).delete()


class _Pages:
    """The pages of one poll: as many as is polite, of the sites that let machines read them."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._read = 0
        self.refused: dict[str, object] | None = None  # why a page was not read

    def enough(self, link: str) -> bool:
        most = 1 if self._read and self._manners.one_at_a_time(link) else MAX_PAGES
        return self._read >= most

    def read(self, entry: Reading) -> Reading:
        if not self._manners.allow(entry.link):
            self.refused = {"code": "page-not-for-machines", "values": {}}
            return entry
        self._read += 1
        return _with_page(entry)


def _with_page(entry: Reading) -> Reading:
    """The entry with the article of its page, if that can be had and says more."""
    try:
        answer = safe_fetch(entry.link)
        if answer.status != 200 or not page.recognizes(answer.content, ""):
            return entry
        (article,) = readers.read(answer.content)
    except (FetchError, UnreadableDispatch) as failure:
        logger.info("the page of an entry was not read: %s", failure.reason["code"])
        return entry
    if article.media_type != page.MEDIA_TYPE or len(article.text) <= len(entry.text):
        return entry
    return replace(
        entry,
        text=article.text,
        published=entry.published or article.published,
        language=entry.language or article.language,
    )


def _ingest(one: Feed, entry: Reading, now: datetime) -> Outcome:
    """Take it in; a day still to come is not believed (a page may be announced, not written)."""
    if entry.published is not None and entry.published > (now + _TOMORROW).date():
        entry = replace(entry, published=None, filed_at=None)
    return ingest_dispatch(
        Incoming(entry.link or entry.title, jsonfeed.write(entry), jsonfeed.MEDIA_TYPE),
        source=one.source.name if one.source else "",
        somebody_waits=False,
    )


def _links(answer: Fetched) -> list[Candidate]:
    """The feeds that a page names in its head."""
    if not page.recognizes(answer.content, ""):
        return []
    try:
        document = html.document_fromstring(answer.content)
    except (etree.LxmlError, ValueError):
        return []
    found: dict[str, Candidate] = {}
    for link in document.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        target = (link.get("href") or "").strip()
        if "alternate" in rel and kind in _FEED_TYPES and target:
            url = urljoin(answer.url, target)
            found.setdefault(url, Candidate(url, link.get("title") or ""))
    return list(found.values())


def import_opml(content: bytes, *, by: User | None = None) -> tuple[int, int]:
    """Subscribe to the feeds of an OPML file; (new, already here). None is fetched yet.

    Raises UnreadableDispatch: opml-none, xml-damaged, xml-too-deep.
    """
    if markup.root_name(content) != "opml":
        raise UnreadableDispatch("opml-none")
    new = old = 0
    for outline in list(markup.parse(content).root.iter("outline"))[:MAX_FEEDS]:
        url = (outline.get("xmlUrl") or "").strip()
        if not url.startswith(("http://", "https://")) or len(url) > 500:
            continue
        title = outline.get("title") or outline.get("text") or ""
        _, created = add(Candidate(url, title), by=by)
        new += created
        old += not created
    if not new and not old:
        raise UnreadableDispatch("opml-none")
    return new, old


def export_opml(those: Iterable[Feed]) -> bytes:
    """Return an OPML 2.0 file that other readers, and `import_opml`, take."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Frise"
    body = etree.SubElement(root, "body")
    for one in those:
        etree.SubElement(body, "outline", type="rss", text=str(one), xmlUrl=one.url)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
