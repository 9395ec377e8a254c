"""Reading one event after the other, of a view and of a story, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from events.models import Event, Place, Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(story):
    """A published story of three dated steps, two of them at a place on the map."""
    Place.objects.filter(name="Alep").update(latitude=36.2, longitude=37.16, kind="city")
    Place.objects.filter(name="Hambourg").update(latitude=53.55, longitude=9.99, kind="city")
    kept = Story.objects.create(slug="alep", title="Alep", intro="Décembre 2016.", published=True)
    dated = Event.objects.filter(start_date__year=2016).in_order()[:3]
    for position, event in enumerate(dated, start=1):
        kept.steps.create(event=event, position=position, note=f"Note {position}")
    return [event.title for event in dated]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_view_is_walked_through_by_keys_and_breaks_no_rule(
    page: Page, site, story, violations, width
):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/?status=planned&status=denied")
    page.get_by_role("link", name="Pas à pas").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Pas de trêve")
    assert violations() == []
    page.keyboard.press("]")
    expect(heading).to_have_text("Contact prévu entre Kerry et Lavrov")
    expect(page.get_by_text("2 / 2").first).to_be_visible()
    page.keyboard.press("[")
    expect(heading).to_have_text("Pas de trêve")
    page.get_by_role("link", name="Dans le temps").click()
    expect(page.locator("#count")).to_contain_text("2 événements")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_story_is_read_step_by_step_with_its_ruler_and_map(
    page: Page, site, told, violations, width
):
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/stories/alep/")
    assert violations() == []
    page.get_by_role("button", name="Lire pas à pas").click()
    now = page.locator(".story__step:visible")
    expect(now).to_have_count(1)
    expect(now.get_by_role("heading")).to_have_text(told[0])
    page.keyboard.press("]")
    expect(now.get_by_role("heading")).to_have_text(told[1])
    expect(page.locator(".story-strip a.is-now")).to_have_attribute("data-mark", "step-2")
    page.locator('.story-strip a[data-mark="step-3"]').click()
    expect(now.get_by_role("heading")).to_have_text(told[2])
    expect(page.locator(".small-map a")).not_to_have_count(0)
    assert violations() == []


def test_without_scripts_the_marks_lead_to_the_steps(browser, site, told):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{site}/stories/alep/")
    page.locator('.story-strip a[data-mark="step-2"]').click()
    expect(page).to_have_url(f"{site}/stories/alep/#step-2")
    page.goto(f"{site}/read/")
    page.get_by_role("link", name="Événement suivant").first.click()
    expect(page.get_by_text("2 / 8").first).to_be_visible()
    context.close()
