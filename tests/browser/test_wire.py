"""The pages on which a newsroom dates, compares and connects, in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from events.models import Dispatch

pytestmark = pytest.mark.browser


def make_dispatch(text: str, **fields: object) -> Dispatch:
    return Dispatch.objects.create(
        text=text, title=text[:40], language="fr", state="done", content_hash=text, **fields
    )


def make_versions() -> Dispatch:
    new = make_dispatch("Il est mort vendredi.", guid="urn:a:1", is_dated=True, advisory="CORRIGE")
    make_dispatch("Il est mort jeudi.", guid="urn:a:1", is_dated=True, replaced_by=new)
    return new


def test_a_day_is_chosen_with_the_keyboard_and_the_next_one_comes(desk: Page, site):
    for mark, day in (("premier", "2016-12-08"), ("second", "2016-12-09")):
        reason = {"code": "dct-unknown", "values": {}}
        make_dispatch(
            f"Le {mark} accord a été signé jeudi.",
            dct_candidates=[{"value": day, "probability": 0.4, "reason": reason}],
        )
    desk.goto(f"{site}/dispatches/")
    desk.get_by_role("link", name="À dater 2").click()
    expect(desk.get_by_role("heading", name="Le premier accord")).to_be_visible()
    choice = desk.get_by_role("button", name="8 décembre 2016")
    choice.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Le second accord")).to_be_visible()
    expect(desk.get_by_role("link", name="À dater 1")).to_be_visible()
    desk.get_by_role("button", name="Annuler").click()
    assert Dispatch.objects.get(title__contains="premier").published is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_are_for_everybody(desk: Page, site, violations, width, scheme):
    make_dispatch("Un accord a été signé jeudi.")
    new = make_versions()
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    for path in ("undated/", f"{new.pk}/", f"{new.pk}/versions/"):
        desk.goto(f"{site}/dispatches/{path}")
        assert violations() == [], path
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, path
    for path in ("api/docs", "tokens/"):
        desk.goto(f"{site}/{path}")
        assert violations() == [], path
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, path
