"""The curators' other pages: no rule of accessibility broken, and usable as people use them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from events import curation
from events.models import Actor, Event
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.browser
TEXT = "La cour a jugé Jean Dupont lundi. Les combats ont repris lundi."


@pytest.fixture
def event(ada) -> Event:
    made = make_event("Jean Dupont jugé", actors=["Jean Dupont"], places=["Lyon"], reported=False)
    make_mention(made, make_dispatch(TEXT), trigger="jugé")
    curation.edit_event(made, {"edtf": "2016-12-06"}, by=ada)
    curation.approve_event(made, by=ada)
    return made


@pytest.mark.parametrize("width", [1280, 390])
def test_no_rule_of_axe_is_broken_on_the_desk(width, desk: Page, site, event, violations):
    dispatch, actor = event.mentions.get().dispatch_id, Actor.objects.get()
    desk.set_viewport_size({"width": width, "height": 844})
    for address in (
        "/quality/", "/corrections/", f"/withheld/?actor={actor.pk}",
        f"/dispatches/{dispatch}/whole/",
        f"/dispatches/{dispatch}/withdraw/", f"/history/event/{event.pk}/",
        f"/names/actor/{actor.pk}/", f"/events/{event.pk}/edit/", f"/events/{event.pk}/merge/",
    ):  # fmt: skip
        desk.goto(f"{site}{address}")
        assert violations() == [], address
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_name_is_withheld_from_its_event_and_shown_again(desk: Page, site, event):
    desk.goto(f"{site}/events/{event.pk}/")
    desk.get_by_role("link", name="le nom Jean Dupont").click()
    desk.get_by_role("link", name="Masquer le nom").click()
    expect(desk.get_by_label("Noms à masquer")).to_have_value("Jean Dupont")
    desk.get_by_label("Ce qui en tient lieu").fill("M. X")
    desk.get_by_label("Motif").fill("À sa demande.")
    desk.get_by_role("button", name="Voir ce que cela concerne").click()
    expect(desk.locator("[role=status]").last).to_contain_text("1 dépêche")
    desk.get_by_role("button", name="Masquer le nom").click()
    desk.goto(f"{site}/events/{event.pk}/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("M. X jugé")
    expect(desk.get_by_role("img", name="nom masqué").first).to_have_text("█" * 11)
    desk.goto(f"{site}/withheld/")
    desk.get_by_role("button", name="Montrer de nouveau le nom").click()
    desk.goto(f"{site}/events/{event.pk}/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Jean Dupont jugé")


def test_any_state_of_a_history_can_be_gone_back_to(desk: Page, site, event, ada):
    for title in ("Un", "Deux", "Trois"):
        curation.edit_event(Event.objects.get(), {"title": title}, by=ada)
    desk.goto(f"{site}/history/event/{event.pk}/")
    entry = desk.locator(".acts > li", has=desk.locator("ins", has_text="Un"))
    entry.get_by_role("button", name="Revenir à cet état").click()
    event.refresh_from_db()
    assert event.title == "Un"
