"""The interactive timeline in a browser: drawn, moved, filtered, opened; all of it by keyboard."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, expect

from tests.events.stories import make_event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ready(page: Page, site, story) -> Page:
    """The timeline of the story, drawn and at rest."""
    page.goto(site)
    expect(page.locator("[data-view][aria-busy='false'] .label").first).to_be_visible()
    return page


@pytest.fixture
def crowd(transactional_db):
    """Enough events of one year to leave most without a label."""
    for n in range(240):
        make_event(
            f"Événement numéro {n}", str(date(2016, 1, 1) + timedelta(days=n)),
            type=("talks", "toll", "attack")[n % 3], importance=n % 17, reported=False,
        )  # fmt: skip


def rested(page: Page) -> None:
    page.wait_for_timeout(700)
    expect(page.locator("[data-view]")).to_have_attribute("aria-busy", "false")


def test_each_event_of_the_view_has_a_button_in_its_lane(ready: Page):
    names = ready.locator(".label").all_inner_texts()
    assert "Reprise des combats" in names
    assert "Sans jour" not in names
    boxes = ready.evaluate(
        """() => [...document.querySelectorAll('.label')].map((label) => {
            const lane = document.querySelector(`#lanes > [data-lane="${label.dataset.lane}"]`);
            const [a, b] = [label.getBoundingClientRect(), lane.getBoundingClientRect()];
            return a.top >= b.top && a.bottom <= b.bottom + 1;
        })"""
    )
    assert boxes
    assert all(boxes)


def test_labels_never_cover_one_another_and_the_rest_is_counted(page: Page, site, crowd):
    page.goto(site)
    rested(page)
    boxes = [one.bounding_box() for one in page.locator(".label").all()]
    assert 10 < len(boxes) <= 80
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            assert any(
                a[side] + a[size] <= b[side]
                for a, b in ((one, other), (other, one))
                for side, size in (("x", "width"), ("y", "height"))
            )
    more = sum(
        int(re.sub(r"\D", "", text.split("\n")[0].split(" ")[0]))
        for text in page.locator("[data-more]:visible").all_inner_texts()
    )
    assert more + len(boxes) == 240


def test_more_leads_to_the_list_of_its_lane(page: Page, site, crowd):
    page.goto(site)
    rested(page)
    page.locator("#lanes > [data-lane='talks'] [data-more]").click()
    expect(page.locator("#count")).to_contain_text("80 événements")
    assert "type=talks" in page.url
    assert page.evaluate("document.activeElement.id") == "events"


def test_the_address_follows_the_view_and_brings_it_back(ready: Page, site):
    ready.get_by_role("button", name="Agrandir").click()
    ready.get_by_role("button", name="Agrandir").click()
    rested(ready)
    address = ready.url
    assert "start=" in address
    words = ready.locator("[data-status]").inner_text()
    labels = ready.locator(".label").all_inner_texts()
    other = ready.context.new_page()
    other.goto(address)
    rested(other)
    assert other.locator("[data-status]").inner_text() == words
    assert other.locator(".label").all_inner_texts() == labels
    other.close()
    ready.go_back()
    rested(ready)
    assert ready.locator("[data-status]").inner_text() != words


def test_the_list_and_the_count_follow_the_view(ready: Page, site):
    ready.goto(f"{site}/?start=2016-12-05&end=2016-12-05")
    rested(ready)
    assert "2016-12-05" in ready.locator("#id_start").input_value()
    ready.get_by_role("button", name="Tout", exact=True).click()
    ready.locator("#events .timeline .entry").last.scroll_into_view_if_needed()
    expect(ready.locator("#events .timeline .entry__title")).to_have_count(7)
    assert "start=" not in ready.url


def test_filters_act_as_one_types(ready: Page):
    ready.locator("#id_q").press_sequentially("trêve", delay=20)
    expect(ready.locator("#count")).to_contain_text("2 événements")
    assert "q=tr" in ready.url
    expect(ready.locator(".label")).to_have_count(2)
    ready.go_back()
    expect(ready.locator("#count")).not_to_contain_text("2 événements")


def test_lanes_can_be_those_of_any_facet_and_an_event_lies_in_several(page: Page, site, db):
    make_event("Rencontre", "2016-12-07", actors=["Kerry", "Lavrov"])
    page.goto(site)
    rested(page)
    page.locator(".view__facet select").select_option("actor")
    rested(page)
    assert "lane=actor" in page.url
    expect(page.locator(".label")).to_have_count(2)


def test_an_event_opens_beside_the_timeline_and_gives_the_focus_back(ready: Page):
    label = ready.locator(".label", has_text="Reprise des combats")
    label.click()
    panel = ready.locator("dialog.panel")
    expect(panel.locator("h1")).to_have_text("Reprise des combats")
    expect(panel.locator("mark.is-date").first).to_be_visible()
    assert "event=" in ready.url
    ready.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(ready).not_to_have_url(re.compile("event="))
    expect(label).to_be_focused()


def test_an_address_with_an_open_event_opens_it(page: Page, site, story, violations):
    page.goto(f"{site}/?event={story['event']}")
    expect(page.locator("dialog.panel h1")).to_have_text("Reprise des combats")
    assert violations() == []


def test_every_label_is_reached_by_the_keyboard_from_one_tab_stop(ready: Page):
    wanted = sorted(ready.locator(".label").all_inner_texts())
    assert ready.locator(".label[tabindex='0']").count() == 1
    ready.locator(".label[tabindex='0']").focus()
    met = []
    for _ in range(60):
        ready.keyboard.press(",")
    for _ in range(60):
        name = ready.evaluate("document.activeElement.textContent")
        if met and name == met[-1]:
            break
        met.append(name)
        ready.keyboard.press(".")
    assert sorted(met) == wanted
    ready.keyboard.press("Enter")
    expect(ready.locator("dialog.panel")).to_be_visible()


def test_keys_move_and_zoom_the_view(ready: Page):
    status = ready.locator("[data-status]")
    ready.locator(".label[tabindex='0']").focus()
    seen = {status.inner_text()}
    for key in ("+", "+", "ArrowRight", "PageDown", "PageUp", "Home", "End", "0"):
        ready.keyboard.press(key)
        ready.wait_for_timeout(60)
        seen.add(status.inner_text())
    assert len(seen) >= 6
    ready.locator("[data-action='help']").focus()
    ready.keyboard.press("?")
    expect(ready.locator("dialog.help")).to_be_visible()


def test_the_ends_of_the_overview_are_moved_by_keys(ready: Page):
    handle = ready.locator("[role='slider']").first
    before = ready.locator("[data-status]").inner_text()
    handle.focus()
    ready.keyboard.press("ArrowRight")
    ready.keyboard.press("ArrowRight")
    ready.wait_for_timeout(100)
    assert ready.locator("[data-status]").inner_text() != before


def test_dragging_pans_and_does_not_open_what_lies_under_it(ready: Page):
    ready.get_by_role("button", name="Agrandir").click()
    box = ready.locator("[data-lanes]").bounding_box()
    before = ready.locator("[data-status]").inner_text()
    ready.mouse.move(box["x"] + 700, box["y"] + 40)
    ready.mouse.down()
    ready.mouse.move(box["x"] + 500, box["y"] + 40, steps=6)
    ready.mouse.up()
    ready.wait_for_timeout(100)
    assert ready.locator("[data-status]").inner_text() != before
    expect(ready.locator("dialog.panel")).not_to_be_visible()


def test_a_void_leads_to_the_nearest_event(page: Page, site, db):
    make_event("Avant", "2001-01-01", reported=False)
    make_event("Après", "2021-01-01", reported=False)
    page.goto(f"{site}/?start=2011-01-01&end=2011-01-31")
    button = page.get_by_role("button", name="Vers l’événement le plus proche")
    expect(button).to_be_visible()
    button.click()
    rested(page)
    expect(page.locator(".label")).to_have_count(1)


def test_when_the_server_is_away_what_was_loaded_stays_and_the_page_says_so(ready: Page):
    shown = ready.locator(".label").count()
    ready.context.set_offline(True)
    ready.get_by_role("button", name="Agrandir").click()
    expect(ready.locator(".view__offline")).to_be_visible()
    assert ready.locator(".label").count() > 0
    ready.context.set_offline(False)
    ready.get_by_role("button", name="Tout", exact=True).click()
    expect(ready.locator(".view__offline")).not_to_be_visible()
    expect(ready.locator(".label")).to_have_count(shown)


def test_the_view_is_saved_as_a_drawing_with_all_its_labels(ready: Page):
    names = ready.locator(".label").all_inner_texts()
    with ready.expect_download() as saving:
        ready.locator("[data-action='svg']").click()
    drawing = ElementTree.parse(saving.value.path())  # noqa: S314 - made by our own script
    texts = [one.text for one in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert set(names) <= set(texts)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_the_page_loads(page: Page, site, crowd, width):
    page.set_viewport_size({"width": width, "height": 844})
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => {"
        "for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;"
        "}).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(site)
    rested(page)
    assert page.evaluate("window.shift") == 0


def test_the_view_is_few_nodes_and_few_requests(page: Page, site, crowd):
    page.goto(site)
    rested(page)
    nodes = page.evaluate("document.querySelectorAll('.view *').length")
    assert nodes <= 400
    assert int(page.locator("[data-view]").get_attribute("data-requests")) <= 6
