"""Feeds: found, polled politely, and taken in once a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils.translation import override

from events import feeds
from events.fetch import Fetched, FetchError
from events.models import Dispatch, Feed, FeedEntry, Heartbeat
from events.readers import UnreadableDispatch
from tests.readers.samples import wire

NOW = datetime(2016, 12, 8, 18, 0, tzinfo=UTC)
URL = "https://courrier.example/rss"
LONG = "Le pont a rouvert jeudi matin, a annoncé la régie du canal. " * 20

pytestmark = pytest.mark.django_db


class Web:
    """Answers by address in place of the network; `asked` are (address, headers)."""

    def __init__(self) -> None:
        self.answers: dict[str, Fetched | FetchError] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, url: str, *, headers: Mapping[str, str] | None = None) -> Fetched:
        if url.endswith("/robots.txt") and url not in self.answers:
            return Fetched(url, 404, {}, b"")
        self.asked.append((url, headers or {}))
        answer = self.answers[url]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def say(self, url: str, content: bytes | str = b"", status: int = 200, **headers: str) -> None:
        body = content.encode() if isinstance(content, str) else content
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[url] = Fetched(url, status, named, body)


@pytest.fixture
def web(monkeypatch):
    made = Web()
    monkeypatch.setattr(feeds, "safe_fetch", made)
    return made


def make_feed(**fields: object) -> Feed:
    return Feed.objects.create(**({"url": URL, "next_poll_at": NOW} | fields))


def rss(*items: str, title: str = "Le Courrier") -> str:
    return f"<rss><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def item(guid: str, title: str, text: str = LONG, link: str = "", day: str = "") -> str:
    return (
        f"<item><guid>{guid}</guid><title>{title}</title><description>{text}</description>"
        f"<link>{link}</link><pubDate>{day}</pubDate></item>"
    )


def test_a_poll_takes_in_each_entry_with_what_the_feed_says_of_it(web):
    web.say(URL, wire("rss_fr.xml"))
    web.say("https://courrier.example/pont", "", 404)
    polled = feeds.poll(make_feed(), NOW)
    assert (polled.accepted, polled.known, polled.refused) == (2, 0, 0)
    bridge = Dispatch.objects.get(title__startswith="Le pont rouvre")
    assert bridge.published == date(2016, 12, 8)
    assert bridge.language == "fr"
    assert bridge.source is not None
    assert bridge.source.name == "Le Courrier de Valmeuse"
    assert bridge.text.endswith("Le bac s’arrêtera samedi.")


def test_the_same_entry_comes_in_once_and_a_new_version_again(web):
    feed = make_feed()
    web.say(URL, rss(item("1", "Le pont rouvre")))
    assert feeds.poll(feed, NOW).accepted == 1
    assert feeds.poll(feed, NOW).known == 1
    web.say(URL, rss(item("1", "Le pont rouvre", LONG + "Une erreur a été corrigée.")))
    assert feeds.poll(feed, NOW).accepted == 1
    assert FeedEntry.objects.count() == 1
    assert Dispatch.objects.count() == 2


def test_an_entry_without_an_identity_or_a_day_is_known_by_what_it_says(web):
    web.say(URL, f"<rss><channel><item><title>Un titre</title><description>{LONG}</description>"
                 "</item></channel></rss>")  # fmt: skip
    feed = make_feed()
    assert (feeds.poll(feed, NOW).accepted, feeds.poll(feed, NOW).known) == (1, 1)
    assert Dispatch.objects.get().published is None


def test_an_entry_in_two_feeds_is_one_dispatch(web):
    web.say(URL, rss(item("1", "Le pont rouvre")))
    web.say("https://other.example/", rss(item("x", "Le pont rouvre"), title="Autre"))
    feeds.poll(make_feed(), NOW)
    assert feeds.poll(make_feed(url="https://other.example/"), NOW).known == 1
    assert Dispatch.objects.count() == 1


def test_a_feed_that_did_not_change_is_not_sent_again(web):
    feed = make_feed()
    web.say(URL, rss(item("1", "Un titre")), etag='"v1"', last_modified="Thu, 08 Dec 2016")
    feeds.poll(feed, NOW)
    web.say(URL, status=304)
    feeds.poll(feed, NOW)
    assert web.asked[-1][1] == {"If-None-Match": '"v1"', "If-Modified-Since": "Thu, 08 Dec 2016"}
    assert feed.health == Feed.Health.WELL


def test_a_summary_gives_way_to_the_text_of_its_page(web):
    said = "la régie du canal a annoncé jeudi la réouverture du pont aux camions"
    body = "".join(f"<p>À {hour} heures, {said}, puis un délai.</p>" for hour in range(8, 20))
    web.say(URL, rss(item("1", "Le pont rouvre", "Il rouvre.", "https://courrier.example/1")))
    web.say(
        "https://courrier.example/1",
        f"<!DOCTYPE html><html lang='fr'><body><article><h1>Le pont rouvre</h1>{body}</article>"
        "</body></html>",
    )
    feeds.poll(make_feed(), NOW)
    assert Dispatch.objects.get().text.count("la régie du canal") == 12


@pytest.mark.parametrize(
    "answer",
    [
        Fetched("https://x.example/", 404, {}, b""),
        Fetched("https://x.example/", 200, {}, b"%PDF-1.4"),
        Fetched("https://x.example/", 200, {}, b"<html><body></body></html>"),
        FetchError("url-private"),
    ],
)
def test_a_summary_stays_where_its_page_says_nothing(web, answer):
    web.say(URL, rss(item("1", "Le pont rouvre", "Il rouvre.", "https://x.example/")))
    web.answers["https://x.example/"] = answer
    assert feeds.poll(make_feed(), NOW).accepted == 1
    assert Dispatch.objects.get().text == "Le pont rouvre\n\nIl rouvre."


def test_pages_of_many_summaries_are_fetched_over_several_polls(web, monkeypatch):
    monkeypatch.setattr(feeds, "MAX_PAGES", 2)
    entries = [item(str(n), f"Titre {n}", "Court.", f"https://x.example/{n}") for n in range(5)]
    web.say(URL, rss(*entries), etag='"v1"')
    for number in range(5):
        web.say(f"https://x.example/{number}", "", 404)
    feed = make_feed()
    assert [feeds.poll(feed, NOW).accepted for _ in range(2)] == [2, 2]
    assert feed.etag == ""  # else the rest would never be sent
    assert feed.next_poll_at == NOW + feeds.SOON
    assert feeds.poll(feed, NOW).accepted == 1
    assert feed.etag == '"v1"'


ROBOTS = "https://x.example/robots.txt"


@pytest.mark.parametrize(
    ("rules", "read"),
    [
        (Fetched(ROBOTS, 404, {}, b""), True),
        (Fetched(ROBOTS, 200, {}, b"\xff\x00garbage"), True),
        (Fetched(ROBOTS, 200, {}, b"User-agent: *\nDisallow: /prive/"), True),
        (Fetched(ROBOTS, 200, {}, b"User-agent: *\nDisallow: /"), False),
        (Fetched(ROBOTS, 200, {}, b"User-agent: *\nDisallow: /*.html$"), False),
        (Fetched(ROBOTS, 200, {}, b"User-agent: frise\nDisallow: /\n\nUser-agent: *\nAllow: /"),
         False),
        (Fetched(ROBOTS, 503, {}, b""), False),
        (FetchError("fetch-timeout"), False),
    ],
)  # fmt: skip
def test_a_page_is_read_only_where_its_site_lets_machines_read_it(web, rules, read):
    web.say(URL, rss(item("1", "Le pont rouvre", "Il rouvre.", "https://x.example/1.html")))
    web.say("https://x.example/1.html", "", 404)
    web.answers[ROBOTS] = rules
    feed = make_feed()
    assert feeds.poll(feed, NOW).accepted == 1
    assert ("https://x.example/1.html" in [url for url, _ in web.asked]) == read
    assert feed.error.get("code", "") == ("" if read else "page-not-for-machines")
    assert feed.health == Feed.Health.WELL


def test_a_site_that_asks_for_a_pause_gives_one_page_a_poll(web):
    entries = [item(str(n), f"Titre {n}", "Court.", f"https://x.example/{n}") for n in range(3)]
    web.say(URL, rss(*entries))
    web.say(ROBOTS, "User-agent: *\nCrawl-delay: 10")
    for number in range(3):
        web.say(f"https://x.example/{number}", "", 404)
    feed = make_feed()
    assert [feeds.poll(feed, NOW).accepted for _ in range(3)] == [1, 1, 1]


def test_entries_that_a_feed_has_long_ceased_to_show_are_forgotten(web):
    web.say(URL, rss(item("1", "Titre un"), item("2", "Titre deux")))
    feed = make_feed()
    feeds.poll(feed, NOW)
    web.say(URL, rss(item("2", "Titre deux")))
    later = NOW + feeds.FORGOTTEN + timedelta(hours=1)
    assert feeds.poll(feed, later).known == 1
    assert FeedEntry.objects.count() == 1
    assert Dispatch.objects.count() == 2


def test_a_day_to_come_is_not_believed(web):
    web.say(URL, rss(item("1", "Un titre", day="Thu, 01 Jan 2099 00:00:00 GMT")))
    feeds.poll(make_feed(), NOW)
    assert Dispatch.objects.get().published is None


def test_a_feed_that_fails_is_asked_less_and_less_often(web):
    web.answers[URL] = FetchError("fetch-timeout")
    feed = make_feed(interval_minutes=15)
    waits = []
    for _ in range(8):
        feeds.poll(feed, NOW)
        waits.append(feed.next_poll_at - NOW)
    assert waits[:3] == [timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2)]
    assert waits[-1] == timedelta(hours=24)
    assert feed.health == Feed.Health.FAILING
    assert feed.error["code"] == "fetch-timeout"
    web.say(URL, rss(item("1", "Un titre")))
    feeds.poll(feed, NOW)
    assert (feed.health, feed.error, feed.failures) == (Feed.Health.WELL, {}, 0)


@pytest.mark.parametrize("after", ["7200", "Thu, 08 Dec 2016 20:00:00 GMT"])
def test_a_busy_site_is_left_alone_as_long_as_it_asks(web, after):
    web.say(URL, status=429, retry_after=after)
    feed = make_feed()
    feeds.poll(feed, NOW)
    assert feed.next_poll_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("after", ["-5", "soon", "9" * 400, "Thu, 99 Dec 2016"])
def test_nonsense_about_when_to_come_back_is_bounded(web, after):
    web.say(URL, status=503, retry_after=after)
    feed = make_feed()
    feeds.poll(feed, NOW)
    assert NOW + feeds.SOON <= feed.next_poll_at <= NOW + feeds.LONGEST_WAIT


def test_a_feed_that_is_gone_for_good_is_not_polled_any_more(web):
    web.say(URL, status=410)
    feed = make_feed()
    feeds.poll(feed, NOW)
    assert feed.health == Feed.Health.STOPPED
    assert not Feed.objects.due(NOW + timedelta(days=400)).exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [("<html><body>x</body></html>", "feed-none"), ("", "feed-none"),
     ("<rss>" + "<a>" * 3_000, "xml-too-deep")],
)  # fmt: skip
def test_what_is_no_feed_is_told(web, content, code):
    web.say(URL, content)
    assert feeds.poll(make_feed(), NOW).reason["code"] == code


def test_a_feed_without_entries_is_well(web):
    web.say(URL, rss())
    feed = make_feed()
    feeds.poll(feed, NOW)
    assert feed.health == Feed.Health.WELL


def test_a_damaged_feed_is_read_and_said_to_be(web):
    web.say(URL, rss(item("1", "Un titre")).replace("</channel>", "<x>&"))
    feed = make_feed()
    assert feeds.poll(feed, NOW).accepted == 1
    assert feed.error["code"] == "feed-damaged"
    assert feed.health == Feed.Health.WELL


def test_only_feeds_whose_time_has_come_are_polled_and_by_one_process(web):
    make_feed()
    make_feed(url="https://later.example/", next_poll_at=NOW + timedelta(minutes=1))
    make_feed(url="https://off.example/", is_active=False)
    web.say(URL, rss(item("1", "Un titre")))
    seen_by_another = Feed.objects.get(url=URL)
    assert [feed.url for feed, _ in feeds.poll_due(NOW)] == [URL]
    assert not feeds._claim(seen_by_another, NOW)
    assert feeds.poll_due(NOW) == []


def test_a_page_names_its_feeds(web):
    web.say(
        "https://courrier.example/",
        "<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='/rss' "
        "title='Tout'><link rel='stylesheet' href='/x.css'>"
        "<link rel='ALTERNATE' type='application/atom+xml; charset=utf-8' href='atom.xml'></head>"
        "<body></body></html>",
    )
    assert feeds.discover("https://courrier.example/") == [
        feeds.Candidate(URL, "Tout"),
        feeds.Candidate("https://courrier.example/atom.xml", ""),
    ]
    found = feeds.discover("https://courrier.example/")
    feed, created = feeds.add(found[0], source="Le Courrier")
    assert (feed.url, feed.title, feed.source.name, created) == (URL, "Tout", "Le Courrier", True)
    assert not feeds.add(found[0])[1]


@pytest.mark.parametrize("name", ["rss_fr.xml", "atom.xml", "rdf.xml", "jsonfeed.json"])
def test_a_feed_names_itself(web, name):
    web.say(URL, wire(name))
    (found,) = feeds.discover(URL)
    assert found.url == URL
    assert found.title


def test_a_page_without_a_feed_is_told(web):
    web.say(URL, "<!DOCTYPE html><html><head></head><body>x</body></html>")
    with pytest.raises(UnreadableDispatch) as refusal:
        feeds.discover(URL)
    assert refusal.value.reason["code"] == "feed-none"


def test_a_list_of_feeds_goes_out_and_comes_back():
    make_feed(title="Le Courrier & fils")
    make_feed(url="https://x.example/?a=1&b=2")
    content = feeds.export_opml(Feed.objects.all())
    Feed.objects.all().delete()
    assert feeds.import_opml(content) == (2, 0)
    assert feeds.import_opml(content) == (0, 2)
    assert Feed.objects.get(url=URL).title == "Le Courrier & fils"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<opml><body/></opml>", "opml-none"),
        (b"<opml><outline xmlUrl='file:///etc/passwd'/></opml>", "opml-none"),
        (b"not xml", "opml-none"),
        (b"<opml>", "xml-damaged"),
        (b"<opml>" + b"<outline>" * 500, "xml-too-deep"),
    ],
)
def test_a_list_that_is_none_is_refused_in_words(content, code):
    with pytest.raises(UnreadableDispatch) as refusal:
        feeds.import_opml(content)
    assert refusal.value.reason["code"] == code


def test_a_round_of_the_command_polls_what_is_due_and_shows_that_it_lives(web, capsys):
    make_feed(title="Le Courrier")
    make_feed(url="https://x.example/")
    web.say(URL, rss(item("1", "Un titre")))
    web.answers["https://x.example/"] = FetchError("fetch-timeout")
    with override("en"):
        call_command("poll_feeds", "--once")
    told = capsys.readouterr().out
    assert "Le Courrier: 1 new, 0 known, 0 refused" in told
    assert "The site did not answer in time." in told
    assert Heartbeat.objects.filter(name="feeds").exists()
