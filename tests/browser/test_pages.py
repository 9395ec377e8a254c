"""Pages in a browser: accessible, reachable by keyboard, whole without scripts and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from events.models import Batch, BatchItem, Dispatch, Event
from tests.builders import PASSWORD, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [
    "/", "/?type=talks&status=planned", "/?q=introuvable", "/?start=hier", "/events/{event}/",
    "/dispatches/", "/dispatches/{dispatch}/", "/upload/", "/login/", "/nowhere/",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_breaks_a_rule_of_accessibility(page: Page, site, story, violations, path, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(site + path.format(**story))
    for summary in page.locator("summary").all()[:3]:
        summary.click()
    assert violations() == []


def test_an_empty_site_breaks_no_rule_either(page: Page, site, violations):
    page.goto(site)
    expect(page.locator("h1")).to_have_text("Rien encore sur la frise")
    assert violations() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_needs_no_sideways_scrolling_and_its_targets_are_large(
    page: Page, site, story, violations, path
):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(site + path.format(**story))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations() == []


def test_filters_of_a_phone_open_without_a_script(browser, site, story):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="fr-FR"
    )
    page = context.new_page()
    page.goto(site)
    assert not page.locator("#id_q").is_visible()
    page.get_by_role("link", name="Filtres", exact=True).click()
    page.locator("#id_q").fill("reprise")
    page.get_by_role("button", name="Montrer").click()
    expect(page.locator(".entry__title")).to_have_count(1)
    context.close()


def test_without_scripts_every_event_stands_in_the_list_and_leads_to_its_sentence(
    browser, site, story
):
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(site)
    expect(page.locator(".entry__title")).to_have_count(8)
    page.get_by_role("link", name="Reprise des combats").click()
    page.get_by_role("link", name="dépêche du 8 décembre 2016").first.click()
    assert "#m" in page.url
    expect(page.locator(".prose")).to_contain_text("Les combats ont")
    context.close()


def test_every_event_is_reached_by_the_keyboard_alone(page: Page, site, story):
    page.goto(site)
    wanted = set(Event.objects.values_list("title", flat=True))
    met = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        met.add(page.evaluate("document.activeElement.innerText"))
    assert wanted <= met


def test_the_first_stop_of_the_keyboard_skips_to_the_content(page: Page, site, story):
    page.goto(site)
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Aller au contenu")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_passage_and_its_event_light_up_together(page: Page, site, story):
    page.goto(f"{site}/dispatches/{story['dispatch']}/")
    page.locator(".hl.is-trigger").first.focus()
    expect(page.locator(".found__item.is-lit")).to_have_count(1)
    page.locator(".found__number").first.focus()
    expect(page.locator(".hl.is-trigger.is-lit").first).to_be_visible()


def test_a_language_button_switches_the_page_and_stays_on_it(page: Page, site, story):
    page.goto(f"{site}/events/{story['event']}/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(f"/events/{story['event']}/")
    expect(page.get_by_text("What it rests on")).to_be_visible()


def test_progress_is_seen_without_reloading(page: Page, site, story):
    batch = Batch.objects.create()
    waiting = Dispatch.objects.get(state="received")
    BatchItem.objects.create(
        batch=batch, position=0, name="a.txt", verdict="accepted", dispatch=waiting
    )
    page.goto(f"{site}/upload/{batch.pk}/")
    expect(page.locator(".batch__row .state--reading")).to_be_visible()
    Dispatch.objects.filter(pk=waiting.pk).update(state="done", is_dated=True)
    expect(page.locator(".batch__row .state--imported")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("status").first).to_contain_text("Tout a été lu")
    expect(page.get_by_role("button", name="Annuler le reste")).to_be_hidden()


def test_a_dispatch_is_pasted_and_its_address_can_be_kept(page: Page, site, transactional_db):
    page.goto(f"{site}/upload/")
    page.get_by_label("Texte de la dépêche").fill("Les combats ont repris lundi à Alep.")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator("h1")).to_contain_text("Envoi du")
    page.reload()
    expect(page.locator(".batch__row")).to_have_count(1)


def test_a_folder_of_files_is_dropped_canceled_and_taken_away(
    page: Page, site, transactional_db, tmp_path, violations
):
    for number in range(60):
        (tmp_path / f"{number}.txt").write_text(f"Les combats ont repris lundi à Alep. {number}")
    page.goto(f"{site}/upload/")
    page.locator("input[name=folder]").set_input_files(tmp_path)
    expect(page.get_by_role("status")).to_contain_text("60")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator(".sum--waiting")).to_contain_text("60")
    assert violations() == []
    page.get_by_role("link", name="Suivant").click()
    expect(page.locator(".batch__row")).to_have_count(10)
    page.get_by_role("button", name="Annuler le reste").click()
    page.locator(".sum--canceled").click()
    expect(page.locator(".sum--canceled")).to_have_attribute("aria-current", "true")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tableau").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 61


def test_a_page_for_the_logged_in_leads_through_the_login_and_back(
    page: Page, site, settings, transactional_db
):
    settings.PUBLIC_EVENTS = "approved"
    make_user("ada", "contributor")
    page.goto(f"{site}/upload/")
    page.get_by_label("Nom d’utilisateur").fill("ada")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Connexion").click()
    expect(page.locator("h1")).to_have_text("Ajouter des dépêches")


def test_print_shows_the_list_and_leaves_the_controls_away(page: Page, site, story):
    page.goto(site)
    page.emulate_media(media="print")
    assert not page.locator(".masthead__nav").is_visible()
    assert not page.locator("#filters").is_visible()
    assert page.locator(".entry__title").first.is_visible()
