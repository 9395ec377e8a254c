"""Names in and out of the administration, as an administrator sees it."""

from __future__ import annotations

import os

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse
from playwright.sync_api import Page, expect

from events.models import Place
from tests.events.stories import make_dispatch

pytestmark = pytest.mark.browser

PLACES = "name,kind,country,aliases\nRaqqa,city,SY,Raqa | Ar-Raqqah\nMossoul,city,IQ,\n"


@pytest.fixture
def chief(desk: Page) -> Page:
    """The page, in the hands of somebody with the role of an administrator and no more."""
    ada = User.objects.get(username="ada")
    ada.is_staff = True
    ada.save()
    ada.groups.set([Group.objects.get(name="administrator")])
    return desk


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def give(page: Page, content: str) -> None:
    file = {"name": "lieux.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("select[name=format] option:checked")).to_have_text("csv")
    page.locator("input[type=submit]").click()


def test_a_file_of_places_is_looked_at_and_taken_in(chief: Page, site):
    chief.goto(site + reverse("admin:events_place_changelist"))
    chief.get_by_role("link", name="Importer").click()
    shot(chief, "import")
    give(chief, PLACES)
    expect(chief.locator(".import-preview ins").first).to_have_text("Raqqa")
    shot(chief, "preview")
    assert not Place.objects.exists()
    chief.get_by_role("button", name="Confirmer").click()
    expect(chief.locator(".messagelist")).to_be_visible()
    assert set(Place.objects.filter(same_as=None).values_list("name", flat=True)) == {
        "Raqqa", "Mossoul",
    }  # fmt: skip
    shot(chief, "places")


def test_a_bad_row_is_shown_with_its_number_and_its_reason(chief: Page, site):
    chief.goto(site + reverse("admin:events_place_import"))
    give(chief, "name,kind,country\nMossoul,city,IQ\nNulle part,lieu,XX\n")
    errors = chief.locator("#bad-rows tbody tr")
    expect(errors).to_have_count(1)
    expect(errors.locator("th")).to_have_text("2")
    expect(errors).to_contain_text("country: Ce n’est pas un code de pays")
    expect(errors.locator("li").first).to_be_visible()
    shot(chief, "errors")
    expect(chief.get_by_role("button", name="Confirmer")).to_have_count(0)


def test_names_go_out_as_a_file(chief: Page, site):
    Place.objects.create(name="Raqqa", folded="raqqa", kind="city", country="SY")
    chief.goto(site + reverse("admin:events_place_export"))
    shot(chief, "export")
    chief.locator("select[name=format]").select_option(label="csv")
    with chief.expect_download() as waiting:
        chief.locator("input[type=submit]").click()
    assert "Raqqa,city,SY" in waiting.value.path().read_text(encoding="utf-8-sig")


def test_operations_are_seen(chief: Page, site, settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    make_dispatch(state="failed", error_code="reading-failed", attempts=5)
    make_dispatch(state="received")
    chief.goto(site + reverse("admin:index"))
    shot(chief, "index")
    chief.get_by_role("link", name="Lecture, files d’attente, processus").click()
    shot(chief, "operations")
    chief.locator("#operations").get_by_role("link", name="1").last.click()
    expect(chief.locator("#result_list tbody tr")).to_have_count(1)
