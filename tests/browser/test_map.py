"""The map in a browser: Leaflet over our own base, and a still map with a list without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from events.models import Place

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def placed(story):
    Place.objects.filter(name="Alep").update(latitude=36.2, longitude=37.16)
    Place.objects.filter(name="Hambourg").update(latitude=53.55, longitude=9.99)
    return story


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_lives_breaks_no_rule_and_a_circle_leads_to_its_events(
    page: Page, site, placed, violations, scheme
):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/map/")
    expect(page.locator("[data-map][data-ready]")).to_be_visible()
    expect(page.locator(".map__live path.leaflet-interactive")).to_have_count(2)
    assert violations() == []
    page.locator(".map__live path.leaflet-interactive").last.click(force=True)
    page.locator(".leaflet-popup a[href*='place=']").click()
    expect(page.locator("h1")).to_have_text("Chronologie")
    assert "place=" in page.url


def test_without_scripts_the_map_stands_still_and_the_list_leads_on(browser, site, placed):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site}/map/")
    expect(page.locator(".map__still circle")).to_have_count(2)
    page.get_by_role("link", name="Alep").click()
    expect(page.locator(".entry__title").first).to_be_visible()
    context.close()


def test_a_phone_needs_no_sideways_scrolling(page: Page, site, placed):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{site}/map/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
