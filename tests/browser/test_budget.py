"""What the first page and a tour cost a browser, in figures that no machine's speed moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.timeline import OWN_TOUR, SHIFTS
from tests.events.stories import make_dispatch, make_event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_NODES = 400
MOST_REQUESTS = 25


@pytest.fixture
def corpus(transactional_db):
    """Ten years of events with all that a card and a facet may hold."""
    dispatches = [make_dispatch(source=f"Agence {n}") for n in range(12)]
    kinds = ("attack", "talks", "call", "toll", "politics", "justice", "economy", "aid")
    for n in range(300):
        make_event(
            f"Un événement de longueur ordinaire, numéro {n}",
            f"20{10 + n % 10}-{n % 12 + 1:02}-{n % 27 + 1:02}",
            type=kinds[n % 8], status=("happened", "planned", "denied")[n % 3],
            actors=[f"acteur {n % 15}", f"acteur {n % 14 + 20}"], places=[f"lieu {n % 13}"],
            dispatch=dispatches[n % 12], importance=n % 17,
        )  # fmt: skip
    make_event("Sans jour", "")


@pytest.fixture
def ready(page: Page, site, corpus) -> Page:
    page.add_init_script(SHIFTS)
    page.goto(site)
    expect(page.locator("[data-view][aria-busy='false'] .label").first).to_be_visible()
    page.wait_for_timeout(500)
    return page


def nodes(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def test_the_first_page_lays_out_at_most_400_nodes_and_shifts_nothing(ready: Page):
    assert nodes(ready) <= MOST_NODES
    assert ready.evaluate("window.shifted") == 0


def test_a_tour_asks_for_at_most_25_tiles_and_leaves_no_more_nodes(ready: Page):
    ready.evaluate(OWN_TOUR)
    expect(ready.locator("[data-view]")).to_have_attribute("aria-busy", "false")
    assert int(ready.locator("[data-view]").get_attribute("data-requests") or 0) > 1
    assert int(ready.locator("[data-view]").get_attribute("data-requests") or 0) <= MOST_REQUESTS
    # The list of the whole stands again, its end below the screen.
    expect(ready.locator("#events:not([aria-busy]) .timeline .entry")).to_have_count(
        2, timeout=20_000
    )
    assert nodes(ready) <= MOST_NODES


def test_the_list_goes_on_as_its_end_comes_near(ready: Page):
    expect(ready.locator("#events .timeline .entry")).to_have_count(2)
    ready.mouse.wheel(0, 1200)
    expect(ready.locator("#events .timeline .entry")).to_have_count(30)
    assert ready.locator("#events .year__name").count() == len(
        set(ready.locator("#events .year__name").all_inner_texts())
    )
    assert ready.evaluate("window.shifted") == 0


def test_evidence_and_further_values_come_when_they_are_opened(ready: Page):
    ready.locator(".why summary").first.click()
    expect(ready.locator(".why .evidence__quote").first).to_be_visible()
    actors = ready.locator("fieldset[data-facet='actor']")
    expect(actors.locator("input")).to_have_count(4)
    actors.locator("summary").click()
    expect(actors.locator("input")).to_have_count(10)
    actors.locator("input").last.check()
    expect(ready.locator("#count")).not_to_contain_text("300")
    expect(ready.locator(".chip")).to_have_count(1)


def test_without_scripts_all_of_it_is_there_at_once(browser: Browser, site, corpus):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    expect(page.locator("#events .timeline .entry")).to_have_count(30)
    assert page.locator("fieldset[data-facet='actor'] input").count() == 10
    assert page.locator(".why .evidence__quote").count() >= 30
    assert page.locator(".strip__links a").count() > 5
    assert page.locator("#undated .entry").count() == 1
    context.close()
