"""The page of the feeds."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from events import feeds
from events.fetch import Fetched, FetchError
from events.models import Feed
from tests.readers.samples import wire

pytestmark = pytest.mark.django_db
NOW = datetime(2016, 12, 8, 18, 0, tzinfo=UTC)


@pytest.fixture
def curator(client):
    user = User.objects.create_superuser("curator")
    client.force_login(user)
    return client


def make_feed(**fields: object) -> Feed:
    return Feed.objects.create(**({"url": "https://courrier.example/rss"} | fields))


PATHS = ("/feeds/", "/feeds/opml/", "/feeds/import/", "/feeds/1/poll/", "/feeds/1/stop/")


@pytest.mark.parametrize("path", PATHS)
def test_who_is_no_curator_sees_no_feeds_and_adds_none(client, path):
    make_feed(is_active=False)
    for status in (302, 403):  # a visitor is asked to log in, a reader told no
        assert client.get(path).status_code == status
        assert client.post(path, {"url": "https://x.example/"}).status_code == status
        client.force_login(User.objects.get_or_create(username="reader")[0])
    assert not Feed.objects.filter(is_active=True).exists()


def test_a_feed_is_subscribed_to_by_its_address(curator, monkeypatch):
    monkeypatch.setattr(
        feeds, "safe_fetch", lambda url, **_: Fetched(url, 200, {}, wire("rss_fr.xml"))
    )
    given = {"url": "https://courrier.example/rss", "source": "Le Courrier"}
    page = curator.post("/feeds/", given, follow=True).content.decode()
    assert "Le Courrier de Valmeuse" in page
    feed = Feed.objects.get()
    assert (feed.source.name, feed.added_by.username) == ("Le Courrier", "curator")


def test_why_an_address_is_not_accepted_is_said(curator, monkeypatch):
    def refuse(url: str, **_: object) -> Fetched:
        raise FetchError("url-private")

    monkeypatch.setattr(feeds, "safe_fetch", refuse)
    answer = curator.post("/feeds/", {"url": "http://10.0.0.1/"}, headers={"Accept-Language": "fr"})
    assert answer.status_code == 422
    assert "réseau privé" in answer.content.decode()


def test_a_feed_in_trouble_comes_first_and_says_why(curator):
    make_feed(title="Au calme", succeeded_at=NOW)
    make_feed(url="https://x.example/", title="En panne", failures=2,
              error={"code": "fetch-timeout", "values": {}})  # fmt: skip
    page = curator.get("/feeds/", headers={"Accept-Language": "fr"}).content.decode()
    assert page.index("En panne") < page.index("Au calme")
    assert "n’a pas répondu à temps" in page


def test_of_several_feeds_of_a_page_a_person_chooses(curator, monkeypatch):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}">'
        for name in ("Une", "Sports")
    )
    pages = {"https://courrier.example/": f"<html><head>{links}</head></html>".encode()}
    monkeypatch.setattr(
        feeds, "safe_fetch",
        lambda url, **_: Fetched(url, 200, {}, pages.get(url, wire("rss_fr.xml"))),
    )  # fmt: skip
    page = curator.post("/feeds/", {"url": "https://courrier.example/"}).content.decode()
    assert not Feed.objects.exists()
    chosen = re.search(r'name="url" value="([^"]+/Sports)"', page)[1]
    curator.post("/feeds/", {"url": chosen})
    assert Feed.objects.get().url == "https://courrier.example/Sports"


def test_a_feed_is_stopped_when_asked(curator):
    feed = make_feed()
    curator.post(f"/feeds/{feed.pk}/stop/")
    feed.refresh_from_db()
    assert feed.health == Feed.Health.STOPPED


def test_a_feed_that_stopped_goes_on_when_asked(curator):
    feed = make_feed(is_active=False, next_poll_at=datetime(2099, 1, 1, tzinfo=UTC))
    curator.post(f"/feeds/{feed.pk}/poll/")
    assert feed.health == Feed.Health.STOPPED
    feed.refresh_from_db()
    assert feed.is_active
    assert curator.post("/feeds/99999999999999999999999/poll/").status_code == 404


def test_a_list_goes_out_and_comes_in(curator):
    make_feed(title="Le Courrier")
    content = curator.get("/feeds/opml/").content
    Feed.objects.all().delete()
    with override("fr"):
        answer = curator.post(
            "/feeds/import/", {"opml": SimpleUploadedFile("a.opml", content)}, follow=True
        )
    assert "Le Courrier" in answer.content.decode()
    assert Feed.objects.count() == 1


def test_a_file_that_is_no_list_is_refused_in_words(curator):
    answer = curator.post("/feeds/import/", {"opml": SimpleUploadedFile("a.opml", b"x")})
    assert answer.status_code == 422
    assert "OPML" in answer.content.decode()


def test_the_page_asks_the_same_number_of_questions_for_any_number_of_feeds(
    curator, django_assert_max_num_queries
):
    for number in range(30):
        make_feed(url=f"https://x.example/{number}")
    with django_assert_max_num_queries(6):
        curator.get("/feeds/")


def test_the_title_of_a_feed_is_text_and_not_markup(curator):
    make_feed(title="<script>x()</script>")
    assert "<script>x()" not in curator.get("/feeds/").content.decode()


def test_the_admin_shows_feeds(curator):
    feed = make_feed(title="Le Courrier")
    assert "Le Courrier" in curator.get("/admin/events/feed/").content.decode()
    assert curator.get(f"/admin/events/feed/{feed.pk}/change/").status_code == 200


def test_the_admin_shows_what_became_of_entries(curator):
    make_feed().entries.create(
        identity="1", digest="1", verdict="refused", reason={"code": "file-blank", "values": {}}
    )
    page = curator.get("/admin/events/feedentry/", headers={"Accept-Language": "fr"})
    assert "espaces" in page.content.decode()
