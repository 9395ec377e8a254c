"""Fifty proposals, judged without touching the mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from events import claims, curation
from events.models import Claim, CurationAct, Event
from tests.builders import make_user
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.browser


class Hands:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.strokes += len(words)


def make_proposals(count: int) -> list[Event]:
    """`count` proposals, the most doubtful first."""
    events = []
    for number in range(count):
        doubt = {"confidence": 0.2 + number / 100}
        event = make_event(f"Événement {number:02d}", reported=False, **doubt)
        dispatch = make_dispatch(f"Dépêche {number}. Les combats ont repris lundi.")
        make_mention(event, dispatch, **doubt)
        events.append(event)
    return events


def current(page: Page) -> str:
    return page.locator("[data-row][aria-current] b").inner_text()


def test_fifty_proposals_are_judged_by_keyboard_alone(desk: Page, site, record_property):
    events = make_proposals(50)
    loads = []
    desk.on("load", lambda _page: loads.append(1))
    hands = Hands(desk)
    desk.goto(f"{site}/review/")
    for number in range(50):
        title = f"Événement {number:02d}"
        expect(desk.locator("[data-row][aria-current] b")).to_have_text(title, timeout=10_000)
        expect(desk.locator("#sheet-title")).to_have_text(title)
        expect(desk.locator("[data-help]")).to_be_visible()  # a new page listens to keys by now
        if number % 10 == 3:
            hands.press("r")
        elif number % 10 == 6:
            hands.press("e")
            expect(desk.locator("[data-correct] [name=edtf]")).to_be_focused()
            hands.type("7/12/2016")
            hands.press("Enter")
        else:
            hands.press("v")
    expect(desk.locator("[data-empty]")).to_be_visible(timeout=10_000)
    states = [Event.objects.get(pk=event.pk).review_state for event in events]
    assert states.count("rejected") == 5
    assert states.count("approved") == 45
    assert Event.objects.filter(edtf="2016-12-07", curated_fields=["edtf"]).count() == 5
    assert not CurationAct.objects.exclude(by__username="ada").exists()
    record_property("keystrokes", hands.strokes)
    record_property("page loads", len(loads))
    print(f"50 proposals: {hands.strokes} keystrokes, {len(loads)} page loads")  # noqa: T201
    assert hands.strokes <= 100
    assert len(loads) <= 4


def test_what_was_judged_comes_back_by_one_key(desk: Page, site):
    first, *_others = make_proposals(3)
    desk.goto(f"{site}/review/")
    desk.keyboard.press("v")
    expect(desk.locator("[data-toast]")).to_contain_text("1 validé.")
    assert current(desk) == "Événement 01"
    desk.keyboard.press("z")
    expect(desk.locator("[data-row][aria-current] b")).to_have_text("Événement 00")
    expect(desk.locator("[data-toast]")).to_contain_text("annulé")
    first.refresh_from_db()
    assert first.review_state == "proposed"


def test_several_are_chosen_with_a_range_and_rejected_together(desk: Page, site):
    make_proposals(6)
    desk.goto(f"{site}/review/")
    for key in ("j", "x", "j", "j", "Shift+X"):
        desk.keyboard.press(key)
    expect(desk.locator("[data-ticked]")).to_have_text("3")
    desk.keyboard.press("r")
    expect(desk.locator("[data-toast]")).to_contain_text("3 rejetés.")
    rejected = Event.objects.filter(review_state="rejected").order_by("title")
    assert [event.title[-2:] for event in rejected] == ["01", "02", "03"]


def test_two_are_merged_by_keyboard_and_taken_apart_again(desk: Page, site):
    make_proposals(3)
    desk.goto(f"{site}/review/")
    for key in ("x", "j", "x", "f"):
        desk.keyboard.press(key)
    expect(desk.locator("[data-toast]")).to_contain_text("fusionné")
    assert Event.objects.exclude(merged_into=None).count() == 1
    desk.keyboard.press("z")
    expect(desk.locator("[data-toast]")).to_contain_text("annulé")
    assert not Event.objects.exclude(merged_into=None).exists()


def test_a_long_text_begins_where_the_event_is_told(desk: Page, site):
    event = make_event("Au bout du texte", reported=False, confidence=0.1)
    text = "La pluie tombe sur la ville. " * 400 + "Les combats ont repris lundi."
    make_mention(event, make_dispatch(text), confidence=0.1)
    make_proposals(1)
    desk.goto(f"{site}/review/")
    expect(desk.locator(".text__body mark").first).to_be_in_viewport()
    for key in ("j", "k"):
        desk.keyboard.press(key)
    expect(desk.locator("#sheet-title")).to_have_text("Au bout du texte")
    expect(desk.locator(".text__body mark").first).to_be_in_viewport()


def test_a_split_begins_by_key(desk: Page, site):
    event, *_others = make_proposals(1)
    make_mention(event, make_dispatch(), confidence=0.2)
    desk.goto(f"{site}/review/")
    desk.keyboard.press("s")
    desk.wait_for_url(f"**/events/{event.pk}/split/")


def test_a_date_that_cannot_be_read_keeps_the_form_open(desk: Page, site):
    event, *_others = make_proposals(2)
    desk.goto(f"{site}/review/")
    desk.keyboard.press("e")
    desk.keyboard.type("hier soir")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-toast]")).to_contain_text("date")
    expect(desk.locator("[data-correct] [name=edtf]")).to_be_visible()
    event.refresh_from_db()
    assert (event.review_state, event.edtf) == ("proposed", "2016-12-05")


def test_what_the_site_refuses_comes_back_with_a_word_and_nothing_to_undo(desk: Page, site, ada):
    event = make_event("Combats")
    desk.goto(f"{site}/review/")
    grace = make_user("grace", "curator")
    Claim.objects.update(by=grace)
    curation.reject_event(event, by=grace)
    claims.let_go([event.pk], grace)
    desk.keyboard.press("v")
    expect(desk.locator("[data-toast]")).to_contain_text("grace")
    expect(desk.locator("[data-toast-undo]")).to_be_hidden()
    expect(desk.locator(f"[data-row='{event.pk}']")).to_be_visible()


def test_after_a_login_in_another_tab_the_desk_goes_on_with_what_was_typed(desk: Page, site):
    event, *_others = make_proposals(2)
    desk.goto(f"{site}/review/")
    desk.keyboard.press("e")
    field = desk.locator("[data-correct] [name=title]")
    field.fill("Combats à Alep")
    session = desk.context.cookies(site)
    desk.context.clear_cookies(name="sessionid")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-toast]")).to_contain_text("dans un autre onglet")
    expect(field).to_have_value("Combats à Alep")
    again = [one | {"value": "a" * 32} if one["name"] == "csrftoken" else one for one in session]
    desk.context.add_cookies(again)
    field.press("Enter")
    expect(desk.locator("[data-toast-undo]")).to_be_visible()
    event.refresh_from_db()
    assert (event.review_state, event.title) == ("approved", "Combats à Alep")


def test_letters_typed_into_a_field_are_no_keys(desk: Page, site):
    make_proposals(2)
    desk.goto(f"{site}/review/")
    desk.locator("summary", has_text="Filtres").click()
    desk.get_by_label("Recherche").fill("")
    desk.get_by_label("Recherche").press_sequentially("vrxz")
    assert not CurationAct.objects.exists()


def test_the_keys_are_told_and_can_be_switched_off(desk: Page, site):
    make_proposals(2)
    desk.goto(f"{site}/review/")
    desk.keyboard.press("?")
    expect(desk.locator("dialog[data-keys]")).to_be_visible()
    desk.get_by_label("Les lettres seules sont des raccourcis").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("v")
    desk.wait_for_timeout(300)
    assert not CurationAct.objects.exists()


def test_the_queue_works_without_a_script(browser, site, desk, transactional_db):
    make_proposals(2)
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    context.add_cookies(desk.context.cookies())
    page = context.new_page()
    page.goto(f"{site}/review/")
    page.get_by_role("button", name=re.compile("^Valider")).last.click()
    expect(page.locator("#sheet-title")).to_have_text("Événement 01")
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("#sheet-title")).to_have_text("Événement 00")
    assert Event.objects.filter(review_state="proposed").count() == 2
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_rule_of_axe_is_broken(width, desk: Page, site, violations):
    make_proposals(4)
    desk.set_viewport_size({"width": width, "height": 844})
    desk.goto(f"{site}/review/")
    assert violations() == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", [(1280, 800), (768, 900), (360, 640)])
def test_word_of_a_decision_never_covers_the_field_that_is_filled_in(desk: Page, site, size):
    make_proposals(3)
    desk.set_viewport_size({"width": size[0], "height": size[1]})
    desk.goto(f"{site}/review/")
    expect(desk.locator("[data-help]")).to_be_visible()  # the page listens to keys by now
    desk.keyboard.press("v")
    expect(desk.locator("[data-toast]")).to_be_visible()
    expect(desk.locator("#sheet-title")).to_have_text("Événement 01")
    expect(desk.locator("#sheet-title")).to_be_in_viewport()
    desk.keyboard.press("e")
    field = desk.locator("[data-correct] [name=edtf]")
    expect(field).to_be_focused()
    box, toast = field.bounding_box(), desk.locator("[data-toast]").bounding_box()
    apart = (
        box["x"] + box["width"] <= toast["x"],
        toast["x"] + toast["width"] <= box["x"],
        box["y"] + box["height"] <= toast["y"],
        toast["y"] + toast["height"] <= box["y"],
    )
    assert any(apart), (box, toast)
