"""The page of the feeds in a browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from events import feeds
from events.fetch import Fetched, FetchError
from events.models import Feed
from tests.readers.samples import wire

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(desk: Page, monkeypatch) -> Page:
    """The page, in the hands of a curator; one site answers, the others are private."""

    def fetch(url: str, **_: object) -> Fetched:
        if "courrier.example" not in url:
            raise FetchError("url-private")
        return Fetched(url, 200, {}, wire("rss_fr.xml"))

    monkeypatch.setattr(feeds, "safe_fetch", fetch)
    return desk


def make_feeds() -> None:
    Feed.objects.create(url="https://gazette.example/atom", title="La Gazette",
                        succeeded_at=timezone.now())  # fmt: skip
    Feed.objects.create(url="https://fil.example/feed.json", title="Fil local", failures=3,
                        error={"code": "fetch-timeout", "values": {}})  # fmt: skip
    Feed.objects.create(url="https://vieux.example/rss", title="Le Vieux Fil", is_active=False,
                        error={"code": "feed-gone", "values": {}})  # fmt: skip


def test_a_curator_subscribes_and_sees_why_not(desk: Page, site):
    desk.goto(f"{site}/upload/")
    desk.get_by_role("link", name="Flux").click()
    address = desk.get_by_label("Adresse du flux ou de son site")
    address.fill("http://10.0.0.1/")
    desk.get_by_role("button", name="S’abonner").click()
    expect(desk.get_by_role("alert")).to_contain_text("réseau privé")
    expect(address).to_have_value("http://10.0.0.1/")
    address.fill("https://courrier.example/rss")
    desk.get_by_role("button", name="S’abonner").click()
    expect(desk.get_by_role("heading", name="Le Courrier de Valmeuse")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_for_everybody(desk: Page, site, violations, width):
    make_feeds()
    desk.set_viewport_size({"width": width, "height": 800})
    desk.goto(f"{site}/feeds/")
    expect(desk.get_by_role("listitem").filter(has_text="Fil local")).to_contain_text("à temps")
    assert violations() == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
