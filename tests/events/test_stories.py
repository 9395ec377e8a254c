"""Stories: gathered by hand and by query, in order, published, every version kept."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events import curation, originals, pictures
from events.models import CurationAct, Place, Story
from tests.builders import make_user
from tests.events.stories import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(ada) -> Story:
    return curation.create_story("La bataille d’Alep", language="fr", by=ada)


def titles(answer) -> list[str]:
    return [step.item.title for step in answer.context["story"].steps]


def sent(story: Story, steps, **changes):
    values = {
        "title": story.title, "slug": story.slug, "intro": story.intro, "language": "fr",
        "step": [pk for pk, _at, _note in steps], "at": [at for _pk, at, _note in steps],
        "note": [note for _pk, _at, note in steps],
    }  # fmt: skip
    return values | changes


def test_a_story_gets_an_address_from_its_title_and_never_that_of_another(ada, story):
    again = curation.create_story("La bataille d’Alep", language="fr", by=ada)
    assert (story.slug, again.slug) == ("la-bataille-dalep", "la-bataille-dalep-2")
    assert curation.create_story("New", language="en", by=ada).slug == "new-2"


def test_events_added_by_a_view_stand_where_their_dates_belong(desk, story):
    make_event("Tard", "2016-12-22", type="control")
    make_event("Tôt", "2016-11-15", type="attack")
    middle = make_event("Entre", "2016-12-01", type="attack")
    desk.post(f"/stories/{story.slug}/add/", {"what": "http://x/?type=attack&type=control"})
    assert titles(desk.get(f"/stories/{story.slug}/")) == ["Tôt", "Entre", "Tard"]
    desk.post(f"/stories/{story.slug}/add/", {"what": f"/events/{middle.pk}/"})
    assert story.steps.count() == 3


def test_the_curator_orders_notes_and_takes_out(desk, story):
    one, two, three = (make_event(name) for name in ("Un", "Deux", "Trois"))
    steps = [(one.pk, "2", "Après."), (two.pk, "1", ""), (three.pk, "", "")]
    desk.post(f"/stories/{story.slug}/edit/", sent(story, steps, intro="Comment tout a fini."))
    page = desk.get(f"/stories/{story.slug}/")
    assert titles(page) == ["Deux", "Un"]
    assert "Après." in page.content.decode()
    assert "Comment tout a fini." in page.content.decode()


def test_who_saves_a_story_second_is_told_and_loses_nothing(desk, story):
    event, other = make_event("Combats"), make_event("Trêve")
    curation.add_to_story(story, [event], by=User.objects.get(username="ada"))
    address = f"/stories/{story.slug}/edit/"
    seen = re.search(r'name="seen" value="(\d+)"', desk.get(address).content.decode())[1]
    curation.add_to_story(story, [other], by=make_user("grace", "curator"))
    mine = sent(story, [(event.pk, "1", "Ma note")], seen=seen)
    answer = desk.post(address, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "grace" in page
    assert "Ma note" in page
    assert story.steps.count() == 2
    again = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert desk.post(address, mine | {"seen": again}).status_code == 302
    assert [step.note for step in story.steps.all()] == ["Ma note"]


def test_what_is_not_understood_leaves_the_notes_as_they_were_typed(desk, story):
    event = make_event("Combats")
    curation.add_to_story(story, [event], by=User.objects.get(username="ada"))
    wrong = sent(story, [(event.pk, "2.5", "Ma note")], title="")
    page = desk.post(f"/stories/{story.slug}/edit/", wrong).content.decode()
    assert "Ma note" in page
    assert 'value="2.5"' in page


def test_a_draft_is_nobodys_but_the_curators(desk, client, story):
    assert desk.get(f"/stories/{story.slug}/").status_code == 200
    client.logout()
    for path in ("", "story.json"):
        assert client.get(f"/stories/{story.slug}/{path}").status_code == 404
    assert story.title not in client.get("/stories/").content.decode()


def test_a_published_story_shows_readers_only_what_is_public(desk, client, story, settings):
    settings.PUBLIC_EVENTS = "approved"
    checked = make_event("Vérifié", review_state="approved")
    waiting = make_event("En attente")
    refused = make_event("Rejeté", review_state="rejected")
    steps = [(event.pk, "1", "Note de " + event.title) for event in (checked, waiting, refused)]
    desk.post(f"/stories/{story.slug}/edit/", sent(story, steps, published="on"))
    client.logout()
    page = client.get(f"/stories/{story.slug}/")
    assert titles(page) == ["Vérifié"]
    for text in (
        page.content.decode(),
        client.get(f"/stories/{story.slug}/story.json").content.decode(),
    ):
        assert "En attente" not in text
        assert "Rejeté" not in text
    assert "1 événement" in client.get("/stories/").content.decode()


def test_an_event_that_was_merged_is_told_by_the_one_that_stays_once(desk, ada, story):
    kept, absorbed, last = make_event("Gardé"), make_event("Absorbé"), make_event("Dernier")
    steps = [(absorbed.pk, "1", ""), (kept.pk, "2", "")]
    desk.post(f"/stories/{story.slug}/edit/", sent(story, steps))
    curation.merge_events(kept, absorbed, by=ada)
    curation.merge_events(last, kept, by=ada)
    page = desk.get(f"/stories/{story.slug}/")
    assert [step.item.id for step in page.context["story"].steps] == [last.pk]


def test_every_version_can_be_gone_back_to(desk, story):
    event = make_event("Un")
    desk.post(f"/stories/{story.slug}/edit/", sent(story, [(event.pk, "1", "Note")], intro="A"))
    desk.post(f"/stories/{story.slug}/edit/", sent(story, [], intro="B", published="on"))
    first = CurationAct.objects.get(story=story, after__intro="A")
    desk.post(f"/history/{first.pk}/back/")
    story.refresh_from_db()
    assert (story.intro, story.published) == ("A", False)
    assert story.steps.get().note == "Note"


def test_an_address_that_is_taken_stays_in_the_form(desk, ada, story):
    other = curation.create_story("Autre", language="fr", by=ada)
    for slug in (story.slug, "new"):
        answer = desk.post(f"/stories/{other.slug}/edit/", sent(other, [], slug=slug))
        assert answer.status_code == 422
    other.refresh_from_db()
    assert other.slug == "autre"


@pytest.mark.parametrize("what", ["", "nothing", "/events/999999/", "?type=nonsense", "?actor=x"])
def test_an_address_of_nothing_adds_nothing(what, desk, story):
    make_event()
    desk.post(f"/stories/{story.slug}/add/", {"what": what})
    assert not story.steps.exists()


def test_a_story_asks_as_many_questions_for_one_step_as_for_twenty(
    desk, ada, story, django_assert_max_num_queries
):
    def cost() -> int:
        with django_assert_max_num_queries(40) as asked:
            desk.get(f"/stories/{story.slug}/")
        return len(asked)

    curation.add_to_story(story, [make_event(actors=["ONU"], places=["Alep"])], by=ada)
    one = cost()
    events = [make_event(f"E{n}", actors=[f"A{n}"], places=[f"P{n}"]) for n in range(20)]
    curation.add_to_story(story, events, by=ada)
    assert cost() == one


def jpeg(size=(2400, 1200), **saved) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG", **saved)
    return SimpleUploadedFile("alep.jpg", file.getvalue(), "image/jpeg")


def place_of_camera() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def test_a_picture_tells_nothing_of_the_camera(desk, story, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = jpeg(exif=place_of_camera())
    changes = {"picture": file, "picture_alt": "Une rue", "picture_credit": "AFP / X"}
    assert desk.post(f"/stories/{story.slug}/edit/", sent(story, [], **changes)).status_code == 302
    page = desk.get(f"/stories/{story.slug}/")
    assert page.context["story"].card.picture_credit == "AFP / X"
    story.refresh_from_db()
    answer = desk.get(f"/stories/{story.slug}/picture/{story.picture}/")
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert (shown.size, shown.format, dict(shown.getexif())) == ((800, 1600), "WEBP", {})


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", jpeg().read()[:900]]
)
def test_what_is_no_picture_is_refused_and_nothing_changes(desk, story, content):
    file = SimpleUploadedFile("x.jpg", content, "image/jpeg")
    changes = {"picture": file, "picture_alt": "Une rue", "title": "Autre"}
    answer = desk.post(f"/stories/{story.slug}/edit/", sent(story, [], **changes))
    assert answer.status_code == 422
    assert Story.objects.get().title == story.title


def test_a_picture_too_large_to_unpack_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    with pytest.raises(ValidationError, match="pixels"):
        pictures.prepare(jpeg((100, 100)).read())


def test_a_picture_needs_words_for_those_who_cannot_see_it(desk, story, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    answer = desk.post(f"/stories/{story.slug}/edit/", sent(story, [], picture=jpeg()))
    assert "picture_alt" in answer.context["form"].errors


def test_the_picture_of_a_draft_is_for_curators_and_an_earlier_one_comes_back(
    desk, client, story, ada, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    digest = originals.store(pictures.prepare(jpeg().read()))
    curation.save_story(story, {"picture": digest, "picture_alt": "Une rue"}, by=ada)
    change = sent(story, [], no_picture="on", picture_alt="Une rue")
    assert desk.post(f"/stories/{story.slug}/edit/", change).status_code == 302
    assert Story.objects.get().picture == ""
    curation.undo_act(CurationAct.objects.latest("pk"), by=ada)
    assert Story.objects.get().picture == digest
    address = f"/stories/{story.slug}/picture/{digest}/"
    assert "private" in desk.get(address)["Cache-Control"]
    client.logout()
    assert client.get(address).status_code == 404
    Story.objects.update(published=True)
    assert client.get(address).status_code == 200


def test_readers_find_the_steps_on_a_ruler_and_a_map_and_take_them_away(client, story, ada):
    placed = make_event("Tir", "2016-11-15", places=["Alep"], review_state="approved")
    Place.objects.update(latitude=36.2, longitude=37.16, kind="city")
    later = make_event("Fin", "2016-12-22", review_state="approved")
    steps = [(placed.pk, "=1+1"), (later.pk, "")]
    curation.save_story(story, {"steps": steps, "published": True}, by=ada)
    page = client.get(f"/stories/{story.slug}/").content.decode()
    assert page.count('data-mark="step-1"') == 2  # on the ruler and on the map
    assert page.count('data-mark="step-2"') == 1
    assert 'cx="37.16" cy="-36.2"' in page
    table = client.get(f"/stories/{story.slug}/story.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["date"] for row in rows] == ["2016-11-15", "2016-12-22"]
    assert [row["places"] for row in rows] == ["Alep", ""]
    assert rows[0]["note"] == "'=1+1"  # a spreadsheet shall not run it
