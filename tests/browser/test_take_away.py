"""Events leave as a table and come back corrected, without a script, on a phone."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from events.models import Event
from tests.events.stories import make_event

pytestmark = pytest.mark.browser


def test_a_view_is_taken_away_corrected_and_brought_back(desk: Page, site, browser):
    combat = make_event("Combats", "2016-12-05", type="attack").pk
    make_event("Trêve", "2016-12-06", type="agreement")
    state = desk.context.storage_state()
    phone = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 640}, locale="fr-FR",
        storage_state=state,
    )  # fmt: skip
    page = phone.new_page()
    page.goto(f"{site}/?type=attack")
    page.get_by_text("Emporter ces événements").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    table = corrected(download.value.path(), {combat: "2016-12"})
    page.get_by_role("link", name="Rapporter un tableau corrigé").click()
    page.get_by_label("Tableau (CSV)").set_input_files(
        {"name": "frise.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.get_by_role("button", name="Voir ce qu’il change").click()
    expect(page.get_by_role("heading", name="1 changement")).to_be_in_viewport()
    expect(page.get_by_text("décembre 2016", exact=True)).to_be_visible()
    assert Event.objects.get(pk=combat).edtf == "2016-12-05"
    page.get_by_role("button", name="Faire les changements cochés").click()
    expect(page.get_by_text("1 événement a été corrigé.")).to_be_visible()
    phone.close()
    assert Event.objects.get(pk=combat).edtf == "2016-12"


def corrected(path: Path, dates: dict[int, str]) -> bytes:
    """A table as a spreadsheet saves it, with other dates for these events; no other is in it."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert {int(row["id"]) for row in rows} == set(dates)
    for row in rows:
        row["date"] = dates[int(row["id"])]
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode("cp1252")


def test_the_ways_to_take_a_view_away_open_by_keyboard_and_break_no_rule(
    page: Page, site, story, violations
):
    for path in ("/", "/map/", "/read/"):
        page.goto(f"{site}{path}")
        page.locator(".take-away summary").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Agenda (ICS)")).to_be_visible()
        assert violations() == []
