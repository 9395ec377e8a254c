"""What a curator does to events, names and stories, as they do it: in a browser."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page, expect

from events.models import Actor, CurationAct, Event, Story
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.browser

TEXT = (
    "Les combats ont repris lundi à Alep. À Hambourg, John Kerry a reçu mercredi Sergueï Lavrov."
    "\nLe pont de Mossoul 🌉 s'est effondré mardi, selon des témoins."
)
SELECT = """words => {
  const text = document.querySelector("[data-select] .prose");
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node; (node = nodes.nextNode()); ) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
  throw new Error(`not in the text: ${words}`);
}"""


def go(page: Page, site: str, name: str, *args) -> None:
    page.goto(site + reverse(name, args=args))


def told_twice() -> tuple[Event, Event]:
    """Two events, the first reported by two sources that give it two days."""
    first = make_event(
        "Combats à Alep", "2016-12-05", actors=["armée syrienne"], places=["Alep"],
        dispatch=make_dispatch("Les combats ont repris lundi.", source="AFP"),
    )  # fmt: skip
    make_mention(
        first, make_dispatch("Les tirs ont repris mardi.", source="TASS"),
        date="mardi", edtf="2016-12-06",
    )  # fmt: skip
    second = make_event(
        "Reprise des tirs", "2016-12-05", actors=["rebelles"], places=["Alep"],
        dispatch=make_dispatch("Des tirs ont repris lundi à Alep.", source="Reuters"),
    )  # fmt: skip
    return first, second


def test_words_selected_in_a_dispatch_become_an_event(desk: Page, site):
    dispatch = make_dispatch(TEXT)
    make_event("Combats à Alep", dispatch=dispatch)
    go(desk, site, "dispatch", dispatch.pk)
    offer = desk.get_by_role("link", name="Faire un événement de la sélection")
    expect(offer).to_be_hidden()
    desk.evaluate(SELECT, "s'est effondré")
    offer.click()
    expect(desk.locator("blockquote mark")).to_have_text("s'est effondré")
    desk.get_by_label("Titre").fill("Effondrement du pont de Mossoul")
    desk.get_by_label("Date").fill("6/12/2016")
    desk.get_by_label("Type").select_option("disaster")
    desk.get_by_label("Lieu 1", exact=True).fill("Mossoul")
    desk.get_by_label("Code du pays 1").fill("iq")
    desk.get_by_role("button", name="Créer l’événement").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Effondrement du pont de Mossoul")
    event = Event.objects.get(title="Effondrement du pont de Mossoul")
    mention = event.mentions.get()
    assert TEXT[mention.trigger_start : mention.trigger_end] == "s'est effondré"
    assert (event.edtf, event.type, event.review_state) == ("2016-12-06", "disaster", "approved")
    assert event.event_places.get().place.country == "IQ"


def test_a_selection_is_counted_in_the_stored_text_across_marks(desk: Page, site):
    """Marks, their numbers and signs of two units do not move what was selected."""
    dispatch = make_dispatch(TEXT)
    make_event("Combats à Alep", dispatch=dispatch)
    go(desk, site, "dispatch", dispatch.pk)
    desk.evaluate(SELECT, "selon des témoins")
    href = desk.locator("[data-selection] a").get_attribute("href")
    start, end = map(int, re.findall(r"=(\d+)", href))
    assert TEXT[start:end] == "selon des témoins"


def test_an_event_is_corrected_and_tells_who_set_what(desk: Page, site):
    first, _second = told_twice()
    go(desk, site, "event-edit", first.pk)
    desk.get_by_label("Date").fill("hier")
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.get_by_label("Date").fill("2016-12")
    desk.get_by_label("Acteur 2", exact=True).fill("Hezbollah")
    desk.get_by_role("button", name="Enregistrer et valider").click()
    expect(desk.locator(".messages, [role=status]").first).to_be_visible()
    first.refresh_from_db()
    assert (first.edtf, first.review_state) == ("2016-12", "approved")
    assert set(first.curated_fields) == {"edtf", "actors"}
    go(desk, site, "event-edit", first.pk)
    expect(desk.locator("label", has_text="Date")).to_contain_text("fixé par une personne")


def test_two_events_are_merged_after_a_look_at_what_becomes_of_them(desk: Page, site):
    first, second = told_twice()
    go(desk, site, "event-merge", second.pk)
    desk.get_by_role("link", name="Combats à Alep").click()
    result = desk.locator(".side--result")
    expect(result).to_contain_text("rebelles, armée syrienne")
    expect(result).to_contain_text("3 dépêches")
    expect(result).to_contain_text("6 décembre 2016")
    assert not Event.objects.exclude(merged_into=None).exists()
    desk.get_by_role("link", name="Dans l’autre sens").click()
    expect(result.get_by_role("heading")).to_have_text("Combats à Alep")
    result.get_by_role("button", name="Fusionner").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Combats à Alep")
    second.refresh_from_db()
    assert second.merged_into == first
    assert first.mentions.count() == 3
    go(desk, site, "event", second.pk)
    expect(desk).to_have_url(site + reverse("event", args=[first.pk]))


def test_a_report_is_split_off_into_an_event_of_its_own(desk: Page, site):
    first, _second = told_twice()
    go(desk, site, "event-split", first.pk)
    desk.get_by_role("button", name="Scinder").click()
    expect(desk.get_by_role("alert")).to_be_visible()
    desk.get_by_role("checkbox", name=re.compile("Les tirs ont repris")).check()
    desk.get_by_role("button", name="Scinder").click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    assert first.mentions.count() == 1
    assert Event.objects.count() == 3
    apart = Event.objects.latest("pk")
    assert apart.edtf == "2016-12-06"
    assert CurationAct.objects.filter(kind="split").count() == 1


def test_history_goes_back_to_any_state(desk: Page, site):
    first, _second = told_twice()
    for day in ("2016-12-01", "2016-12-02", "2016-12-03"):
        go(desk, site, "event-edit", first.pk)
        desk.get_by_label("Date").fill(day)
        desk.get_by_role("button", name="Enregistrer", exact=True).click()
        expect(desk.get_by_role("heading", level=1)).to_be_visible()
    go(desk, site, "history", "event", first.pk)
    acts = desk.locator(".acts > li")
    expect(acts).to_have_count(3)
    expect(acts.first).to_contain_text("ada")
    expect(acts.first.locator("ins")).to_contain_text("3 décembre 2016")
    acts.last.get_by_role("button", name="Revenir à cet état").click()
    first.refresh_from_db()
    assert first.edtf == "2016-12-01"
    expect(desk.locator(".acts .is-undone")).to_have_count(2)
    assert CurationAct.objects.filter(kind="undo").count() == 2


def test_what_a_person_who_is_gone_did_still_reads(desk: Page, site):
    first, second = told_twice()
    gone = User.objects.create_user("parti")
    for kind, subject in (
        ("approve", {"event": first}), ("redate", {"dispatch": first.mentions.first().dispatch}),
        ("rename", {"actor": Actor.objects.first()}),
        ("comment", {"event": second}),
    ):  # fmt: skip
        CurationAct.objects.create(kind=kind, by=gone, after={"text": "Vu."}, **subject)
    story = Story.objects.create(slug="alep", title="Alep")
    CurationAct.objects.create(kind="tell", by=gone, story=story)
    gone.delete()
    pages = [
        ("event", first.pk), ("history", "event", first.pk), ("event-edit", second.pk),
        ("history", "actor", Actor.objects.first().pk), ("history", "story", story.pk),
        ("history", "dispatch", first.mentions.first().dispatch_id), ("review-event", second.pk),
        ("dispatch", first.mentions.first().dispatch_id), ("review",),
    ]  # fmt: skip
    for name, *args in pages:
        go(desk, site, name, *args)
        expect(desk.locator("h1, h2").first).to_be_attached()
        assert "None" not in desk.locator("body").inner_text(), name


def test_an_actor_is_renamed_and_made_one_with_another(desk: Page, site):
    told_twice()
    army = Actor.objects.get(name="armée syrienne")
    rebels = Actor.objects.get(name="rebelles")
    go(desk, site, "name", "actor", army.pk)
    desk.get_by_label("Nom", exact=True).fill("armée arabe syrienne")
    desk.get_by_role("button", name="Renommer").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("armée arabe syrienne")
    expect(desk.locator("main")).to_contain_text("armée syrienne")
    go(desk, site, "name", "actor", rebels.pk)
    desk.get_by_label("L’autre nom").fill("armée syrienne")
    desk.get_by_role("button", name="Réunir").click()
    expect(desk.locator("main")).to_contain_text("armée arabe syrienne")
    assert Actor.objects.filter(same_as=None).count() == 1


@pytest.fixture
def told(desk: Page, site) -> Page:
    """A story of three events, begun on its shelf, out of a view of the timeline."""
    for number, day in enumerate(("2016-12-05", "2016-12-06", "2016-12-07"), 1):
        make_event(f"Étape {number}", day, places=["Alep"], review_state="approved")
    make_event("Ailleurs", "2017-05-01", review_state="approved", type="economy")
    go(desk, site, "stories")
    desk.get_by_label("Titre").fill("La chute d’Alep")
    desk.get_by_role("button", name="Commencer un dossier").click()
    desk.get_by_label("Ajouter des événements").fill(f"{site}/?type=attack")
    desk.get_by_role("button", name="Ajouter", exact=True).click()
    expect(desk.locator(".steps > li")).to_have_count(3)
    return desk


def steps(page: Page) -> list[str]:
    return page.locator(".story__step h2").all_inner_texts()


def test_a_story_is_ordered_annotated_published_and_read(told: Page, site, browser):
    desk = told
    desk.get_by_label("Rang dans le dossier: Étape 3").fill("0.5")
    desk.get_by_label("Note: Étape 3").fill("Par où tout finit.")
    desk.get_by_label("Rang dans le dossier: Étape 2").fill("")
    desk.get_by_label("Publié").check()
    desk.get_by_role("button", name="Enregistrer").click()
    expect(desk.locator(".steps > li")).to_have_count(2)
    reader = browser.new_context(locale="fr-FR").new_page()
    reader.goto(f"{site}/stories/")
    reader.get_by_role("link", name="La chute d’Alep").click()
    assert steps(reader) == ["Étape 3", "Étape 1"]
    expect(reader.locator(".story__step").first).to_contain_text("Par où tout finit.")
    reader.get_by_role("button", name="Lire pas à pas").click()
    shown = reader.locator(".story__step:visible h2")
    expect(shown).to_have_text("Étape 3")
    reader.keyboard.press("]")
    expect(shown).to_have_text("Étape 1")
    expect(reader).to_have_url(re.compile("#step-2$"))
    reader.keyboard.press("[")
    expect(shown).to_have_text("Étape 3")
    reader.get_by_role("button", name="Tout montrer").click()
    expect(reader.locator(".story__step:visible")).to_have_count(2)
    reader.context.close()


def test_a_story_goes_back_to_a_version_of_it(told: Page, site):
    desk = told
    story = Story.objects.get()
    desk.get_by_label("Titre").first.fill("Titre regretté")
    desk.get_by_role("button", name="Enregistrer").click()
    go(desk, site, "history", "story", story.pk)
    desk.locator(".acts > li").nth(1).get_by_role("button", name="Revenir à cet état").click()
    story.refresh_from_db()
    assert story.title == "La chute d’Alep"
    assert story.steps.count() == 3


def test_a_draft_is_not_for_readers(told: Page, site, browser):
    reader = browser.new_context(locale="fr-FR").new_page()
    reader.goto(f"{site}/stories/")
    assert "La chute" not in reader.locator("main").inner_text()
    assert reader.goto(site + Story.objects.get().get_absolute_url()).status == 404
    reader.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_no_rule_of_axe_is_broken(width, told: Page, site, violations):
    first, second = told_twice()
    told.set_viewport_size({"width": width, "height": 844})
    story = Story.objects.get()
    pages = [
        reverse("event-edit", args=[first.pk]), reverse("event-split", args=[first.pk]),
        f"{reverse('event-merge', args=[first.pk])}?other={second.pk}",
        reverse("history", args=["event", first.pk]), reverse("stories"),
        reverse("story", args=[story.slug]), reverse("story-edit", args=[story.slug]),
        reverse("name", args=["actor", Actor.objects.first().pk]),
    ]  # fmt: skip
    for address in pages:
        told.goto(site + address)
        assert violations() == [], address
        assert told.evaluate("document.documentElement.scrollWidth") <= width, address
