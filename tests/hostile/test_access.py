"""Who comes with a forged request, a foreign host, others' fields. Ids are case numbers."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from events import roles
from events.models import Batch, CurationAct, Dispatch, Event, Source, Story
from tests.builders import CALL, PASSWORD, make_user
from tests.events.stories import make_event
from tests.events.test_roles import ARGUMENTS, OURS

pytestmark = pytest.mark.django_db
# They ask for a token of their own, not for a cookie.
WITHOUT_COOKIE = {"logout", *(name for name in OURS if name.startswith("api"))}


@pytest.fixture(autouse=True)
def rows(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    settings.PUBLIC_EVENTS = "approved"
    event = make_event("Combats", actors=["ONU"], pk=1)
    Batch.objects.create(pk=ARGUMENTS["batch"]["pk"])
    Story.objects.create(slug="alep", title="Alep")
    CurationAct.objects.create(pk=1, kind="approve", event=event)


def strict(user: User) -> Client:
    """A browser of somebody who is logged in, and a server that looks at its tokens."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "name", [pytest.param(name, id=f"110-{name}") for name in OURS if name not in WITHOUT_COOKIE]
)
def test_nothing_is_done_without_the_token_of_the_form(name):
    client = strict(make_user(role="curator"))
    before = Dispatch.objects.count(), Event.objects.count(), CurationAct.objects.count()
    answer = client.post(reverse(name, kwargs=ARGUMENTS.get(name, {})), {"text": CALL})
    assert answer.status_code in {403, 404, 405}
    assert before == (Dispatch.objects.count(), Event.objects.count(), CurationAct.objects.count())


def test_110_a_form_of_another_site_is_refused():
    client = strict(make_user(role="curator"))
    client.get("/upload/")
    token = client.cookies["csrftoken"].value
    answer = client.post(
        "/upload/", {"text": CALL, "csrfmiddlewaretoken": token},
        headers={"origin": "https://evil.example"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert not Batch.objects.filter(items__isnull=False).exists()


OWN = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def test_110_a_form_of_ours_that_came_without_its_token_can_be_sent_again():
    client = strict(make_user(role="curator"))
    form = {"text": f"<b>\n{CALL}", "act": "preview", "csrfmiddlewaretoken": "old"}
    answer = client.post("/upload/", form, headers=OWN)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert f">\n&lt;b&gt;\n{CALL}</textarea>" in page
    assert 'name="act" hidden>\npreview<' in page
    assert 'action="/upload/"' in page
    assert "old" not in page


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://evil.example"},
        OWN | {"sec-fetch-site": "cross-site"},
        OWN | {"content-length": "9999999"},
    ],
)
def test_110_what_others_send_or_is_long_is_offered_to_nobody(headers):
    page = strict(make_user(role="curator")).post("/upload/", {"text": CALL}, headers=headers)
    assert page.status_code == 403
    assert CALL not in page.content.decode()


def test_110_of_a_form_that_held_files_alone_nothing_is_said_to_be_kept(client):
    form = {"text": "", "uploads": SimpleUploadedFile("a.txt", b"Un texte.")}
    page = client.post("/upload/", form, headers=OWN).content.decode()
    assert "fichiers sont à choisir de nouveau" in page
    assert "<textarea" not in page


def test_110_who_was_logged_out_meanwhile_keeps_what_was_written(client):
    answer = client.post("/events/1/edit/", {"title": "Choc à Alep"}, headers=OWN)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Choc à Alep" in page
    assert 'href="/login/?next=' in page
    answer = client.post("/review/act/", headers=OWN | {"accept": "application/json"})
    assert answer.status_code == 403
    assert "dans un autre onglet" in " ".join(answer.json()["error"])


def fields_of(page: str) -> dict[str, str]:
    """What the form of the page "send it again" holds."""
    form = re.search(r'action="[^"]*"><input type="hidden" name="sent_again".*?</form>', page, re.S)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    texts = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', form[0], re.S)
    return dict([*hidden, *texts])


def logged_out_and_in_again(address: str, form: dict[str, str]) -> tuple[Client, dict[str, str]]:
    """A browser in which somebody logs in again, in another tab, and what the first still shows."""
    client = strict(make_user("ada", role="curator"))
    client.get("/stories/")
    client.logout()
    token = {"csrfmiddlewaretoken": client.get("/login/").cookies["csrftoken"].value}
    held = fields_of(client.post(address, form | token, headers=OWN).content.decode())
    answer = client.post("/login/", token | {"username": "ada", "password": PASSWORD})
    assert answer.status_code == 302
    return client, held


def urlencoded(form: dict[str, str]) -> dict[str, str]:
    return {"data": urlencode(form), "content_type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("address", "form", "stored"),
    [("/stories/new/", {"title": "Donbass"}, Story), ("/upload/", {"text": CALL}, Batch)],
)
def test_110_after_a_login_in_another_tab_it_is_sent_again_at_the_first_press(
    address, form, stored
):
    client, held = logged_out_and_in_again(address, form)
    before = stored.objects.count()
    assert client.post(address, **urlencoded(held), headers=OWN).status_code == 302
    assert stored.objects.count() == before + 1


@pytest.mark.parametrize(
    "change",
    [
        {"headers": OWN | {"origin": "https://evil.example"}},
        {"headers": {}},
        {"headers": OWN | {"sec-fetch-site": "cross-site"}},
        {"address": "/review/undo/"},
        {"ticket": "/stories/new/:1:x"},
    ],
)
def test_110_no_other_site_and_no_other_form_goes_by_what_lets_one_be_sent_again(change):
    client, held = logged_out_and_in_again("/stories/new/", {"title": "Donbass"})
    held["sent_again"] = change.get("ticket", held["sent_again"])
    address = change.get("address", "/stories/new/")
    answer = client.post(address, **urlencoded(held), headers=change.get("headers", OWN))
    assert answer.status_code == 403
    assert not Story.objects.filter(title="Donbass").exists()


def test_112_what_was_taken_out_of_the_public_is_gone_at_once(client):
    event = Event.objects.get(pk=1)
    Event.objects.filter(pk=1).update(review_state="approved")
    assert client.get(event.get_absolute_url()).status_code == 200
    Event.objects.filter(pk=1).update(review_state="proposed")
    assert client.get(event.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, id=f"112-{n}") for n in OURS if roles.access(n) > roles.Role.READER],
)
def test_no_page_of_the_newsroom_may_be_kept_by_a_cache_for_all(name, client):
    client.force_login(make_user(role="curator"))
    client.raise_request_exception = False
    answer = client.get(reverse(name, kwargs=ARGUMENTS.get(name, {})))
    if answer.status_code != 200:
        return
    kept = answer.get("Cache-Control", "")
    assert "public" not in kept
    assert "Cookie" in answer.get("Vary", "") or "no-store" in kept or "private" in kept


def test_113_a_session_is_new_at_login_and_dies_at_logout(client):
    make_user()
    client.get("/login/")
    client.session.save()
    answer = client.post("/login/", {"username": "ada", "password": PASSWORD})
    assert answer.status_code == 302
    key = client.cookies["sessionid"].value
    client.post("/logout/")
    old = Client()
    old.cookies["sessionid"] = key
    assert old.get("/upload/").status_code == 302


def test_113_a_session_dies_with_the_password(client):
    user = make_user(role="curator")
    client.force_login(user)
    assert client.get("/review/").status_code == 200
    user.set_password("une autre clé")
    user.save()
    assert client.get("/review/").status_code == 302


def test_114_who_guesses_is_stopped_and_nobody_else_is(client):
    make_user("ada")
    make_user("grace")
    for _ in range(5):
        answer = client.post("/login/", {"username": "ada", "password": "faux"})
    right = {"username": "ada", "password": PASSWORD}
    answer = client.post("/login/", right)
    assert answer.status_code == 429
    assert "Trop de mots de passe" in answer.content.decode()
    assert client.post("/login/", right | {"username": "grace"}).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/login/", right).status_code == 302


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "https:evil", "/\\evil.example",
               "javascript:alert(1)", "\x09//evil.example"],
)  # fmt: skip
def test_115_a_login_leads_to_no_other_site(client, target):
    make_user()
    answer = client.post(
        "/login/", {"username": "ada", "password": PASSWORD, "next": target}
    )
    assert answer.status_code == 302
    assert answer.url == "/"


def test_116_a_foreign_host_is_refused(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_116_what_a_proxy_is_said_to_have_said_is_no_part_of_the_page(client):
    answer = client.get("/", headers={"x-forwarded-host": "evil.example", "x-original-url": "/x"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.content.decode()


def test_117_a_field_that_the_form_lacks_is_nobody_s(settings):
    user = make_user()
    user.groups.add(*_groups("contributor"))
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    client.post("/upload/", {"text": CALL, "state": "done", "uploaded_by": "99", "dct": "1900",
                             "approved": "true", "review_state": "approved"})  # fmt: skip
    dispatch = Dispatch.objects.get(text=CALL)
    assert (dispatch.state, dispatch.uploaded_by, dispatch.dct) == ("received", user, "")


def _groups(name: str):
    from django.contrib.auth.models import Group  # noqa: PLC0415 - of this test alone

    return Group.objects.filter(name=name)


PAYLOADS = [
    "</script><script>alert(1)</script>", "\"onmouseover=alert(1) x=\"", "{{7*7}}", "{% debug %}",
    "javascript:alert(1)", "]]><b>", "'><img src=x onerror=alert(1)>",
    "<b>gras</b>", "&lt;b&gt;",
]  # fmt: skip


# What of them a browser would act on.
LIVE = ("<script>alert", "<img src=x", 'onmouseover=alert(1) x="', "<b>gras", "]]><b>")


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda p: ascii(p)[:16])
def test_what_somebody_wrote_is_shown_as_text_on_every_page(payload, client, settings):
    settings.PUBLIC_EVENTS = "all"
    event = make_event(payload[:80], "2016-12-07", actors=[payload], places=[payload])
    dispatch = event.mentions.get().dispatch
    Source.objects.update(name=payload)
    Dispatch.objects.filter(pk=dispatch.pk).update(
        title=payload, original_name=payload, error_detail=payload
    )
    client.force_login(make_user(payload[:20].replace("/", ""), role="curator"))
    client.raise_request_exception = False
    arguments = ARGUMENTS | {"event": {"pk": event.pk}, "dispatch": {"pk": dispatch.pk}}
    for name in OURS:
        answer = client.get(reverse(name, kwargs=arguments.get(name, {})))
        if "html" not in answer.get("Content-Type", "") or answer.status_code != 200:
            continue
        page = answer.content.decode()
        assert not [bad for bad in LIVE if bad in page], name
        assert 'href="javascript:' not in page, name
