"""Who gets which answer, for every address of the site; and nothing leaks."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Group, User
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from events import roles
from events.models import Batch, CurationAct, Story
from events.roles import ACCESS, Role
from tests.events.stories import make_event, number_from_one

pytestmark = pytest.mark.django_db

# Arguments that make an address of a name; rows with these ids are made below.
ARGUMENTS = {
    "tile": {"level": "month", "index": 0}, "export": {"kind": "csv"},
    "api-dispatch": {"pk": 1}, "api-event": {"pk": 1}, "api-nothing": {"rest": "x"},
    "api-batch": {"pk": "11111111-1111-1111-1111-111111111111"},
    "token-end": {"pk": 1}, "dispatch-encoding": {"pk": 1}, "dispatch-versions": {"pk": 1},
    "event": {"pk": 1}, "dispatch": {"pk": 1}, "retry": {"pk": 1}, "feed-poll": {"pk": 1},
    "feed-stop": {"pk": 1},
    "batch": {"pk": "11111111-1111-1111-1111-111111111111"},
    **{
        f"batch-{name}": {"pk": "11111111-1111-1111-1111-111111111111"}
        for name in ("progress", "csv", "cancel", "retry")
    },
    "review-event": {"pk": 1}, "event-edit": {"pk": 1}, "event-merge": {"pk": 1},
    "event-split": {"pk": 1}, "event-comment": {"pk": 1}, "event-fact": {"pk": 1},
    "event-contradict": {"pk": 1}, "event-attach": {"pk": 1}, "event-new": {"pk": 1},
    "dispatch-date": {"pk": 1}, "history": {"kind": "event", "pk": 1}, "history-back": {"pk": 1},
    "name": {"kind": "actor", "pk": 1}, "name-rename": {"kind": "actor", "pk": 1},
    "dispatch-whole": {"pk": 1}, "dispatch-withdraw": {"pk": 1}, "event-withdraw": {"pk": 1},
    "name-unite": {"kind": "actor", "pk": 1}, "story": {"slug": "alep"},
    "story-csv": {"slug": "alep"}, "story-picture": {"slug": "alep", "digest": "0" * 64},
    "story-json": {"slug": "alep"}, "story-edit": {"slug": "alep"}, "story-add": {"slug": "alep"},
}  # fmt: skip


def names_of(resolver: URLResolver, prefix: str = "") -> set[str]:
    """The names of all addresses, with their namespaces."""
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found.add(prefix + (pattern.name or "unnamed"))
        else:
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= names_of(pattern, space)
    return found


ALL = names_of(get_resolver())
OURS = sorted(name for name in ALL if ":" not in name)


def test_every_address_of_the_site_is_in_the_table():
    spaces = {name for name in ACCESS if name.endswith(":")}
    missing = {
        name for name in ALL
        if name not in ACCESS and f"{name.rpartition(':')[0]}:" not in spaces
    }  # fmt: skip
    assert not missing, "say in roles.ACCESS who may see these"


def test_the_table_holds_no_address_that_is_gone():
    assert not {name for name in ACCESS if not name.endswith(":")} - ALL


def test_an_address_that_is_in_no_row_is_for_administrators():
    assert roles.access("brand-new") == Role.ADMINISTRATOR
    assert roles.access("space:brand-new") == Role.ADMINISTRATOR


@pytest.fixture
def rows(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    number_from_one()
    event = make_event("Combats", actors=["ONU"], review_state="approved")
    event.mentions.get().dispatch.reprints.all()
    Batch.objects.create(pk="11111111-1111-1111-1111-111111111111")
    Story.objects.create(slug="alep", title="Alep", published=True)
    CurationAct.objects.create(kind="approve", event=event)


@pytest.fixture
def people() -> dict[Role, User | None]:
    made: dict[Role, User | None] = {Role.READER: None}
    for role in (Role.CONTRIBUTOR, Role.CURATOR, Role.ADMINISTRATOR):
        made[role] = User.objects.create_user(role.name, is_staff=role == Role.ADMINISTRATOR)
        made[role].groups.add(Group.objects.get(name=role.name.lower()))
    return made


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
@pytest.mark.parametrize("name", OURS)
def test_each_role_gets_what_the_table_says(name, role, client, rows, people, settings):
    """A door is either open (whatever stands behind it) or shut: by login, or by 403."""
    settings.PUBLIC_EVENTS = "approved"
    client.raise_request_exception = False  # rows made for tests have no stored original
    if name not in ACCESS:
        pytest.skip("told by test_every_address_of_the_site_is_in_the_table")
    if people[role] is not None:
        client.force_login(people[role])
    address = reverse(name, kwargs=ARGUMENTS.get(name, {}))
    for ask in (client.get, client.post):
        answer = ask(address)
        shut = answer.status_code == 403 or (
            answer.status_code == 302 and answer.url.startswith("/login/")
        )
        expected = role < ACCESS[name]
        if name == "logout":
            break
        assert shut == expected, f"{ask.__name__} {address}: {answer.status_code}"


def test_the_administration_asks_for_its_own_login(client, people):
    client.force_login(people[Role.CURATOR])
    assert client.get("/admin/").status_code == 302


def test_somebody_without_a_role_is_a_reader(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    make_event("Proposition", pk=1)
    client.force_login(User.objects.create_user("nobody"))
    assert client.get("/upload/").status_code == 403
    assert client.get("/events/1/").status_code == 404
    assert "Proposition" not in client.get("/").content.decode()


def test_an_account_that_was_closed_may_nothing(client, people):
    ada = people[Role.CURATOR]
    client.force_login(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert client.get("/review/").status_code == 302


@pytest.mark.parametrize("name", OURS)
def test_no_address_shows_an_empty_page(name, client, rows, people, settings):
    """That of a form leads to where the form stands, or says what it is; never a blank."""
    client.force_login(people[Role.ADMINISTRATOR])
    client.raise_request_exception = False  # rows made for tests have no stored original
    address = reverse(name, kwargs=ARGUMENTS.get(name, {}))
    answer = client.get(address, follow=True)
    assert answer.status_code != 405 or answer.content


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("story-new", "/stories/"),
        ("feeds-import", "/feeds/"),
        ("feed-stop", "/feeds/"),
        ("dispatch-date", "/dispatches/1/"),
        ("review-undo", "/review/"),
        ("event-comment", "/events/1/"),
        ("batch-cancel", "/upload/11111111-1111-1111-1111-111111111111/"),
        ("name-unite", "/names/actor/1/"),
        ("token-end", "/tokens/"),
    ],
)
def test_the_address_of_a_form_leads_to_where_the_form_stands(name, page, client, rows, people):
    client.force_login(people[Role.CURATOR])
    answer = client.get(reverse(name, kwargs=ARGUMENTS.get(name, {})))
    assert (answer.status_code, answer.url) == (302, page)


def test_a_page_that_is_written_to_says_that_it_cannot_be(client, rows, settings):
    settings.PUBLIC_EVENTS = "approved"
    answer = client.post("/events/1/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "ne s’ouvre pas ainsi" in answer.content.decode()
    assert client.post("/events/1/", headers={"Accept": "application/json"}).content == b""


SECRET = "Zyxwvut"


@pytest.mark.parametrize("state", ["proposed", "rejected"])
def test_what_is_not_approved_appears_nowhere(state, client, rows, settings):
    """Neither as a page or a card, nor in a count, a tile, a search or a list."""
    settings.PUBLIC_EVENTS = "approved"
    client.get("/")
    before = {path: client.get(path).content for path in PUBLIC}
    hidden = make_event(
        f"{SECRET} combat", "2016-12-05", type="sanction", actors=[f"{SECRET} acteur"],
        places=[f"{SECRET} lieu"], review_state=state,
    )  # fmt: skip
    Story.objects.get().steps.create(event=hidden, position=1, note=f"{SECRET} note")
    dispatch = hidden.mentions.get().dispatch
    dispatch.title = f"{SECRET} dépêche"
    dispatch.save()
    for path in PUBLIC:
        page = client.get(path).content
        assert SECRET.encode() not in page.replace(b"q=" + SECRET.encode(), b""), path
        if path in SAME:
            assert _plain(page) == _plain(before[path]), path
    assert client.get(f"/events/{hidden.pk}/").status_code == 404
    assert client.get(f"/dispatches/{dispatch.pk}/").status_code == 404
    actor = hidden.event_actors.get().actor_id
    assert SECRET not in client.get(f"/?actor={actor}").content.decode()


# Answers that must not change by a byte when something hidden is added.
SAME = ("/?type=attack", "/tiles/1/month/0/", "/stories/alep/story.json", "/dispatches/")
PUBLIC = (*SAME, "/", "/read/", "/?type=sanction", "/?review=proposed", "/?review=rejected",
          "/stories/", "/stories/alep/", "/dispatches/?q=combat", "/healthz")  # fmt: skip


def _plain(page: bytes) -> bytes:
    """The page without what is new in each answer."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|data-version="[^"]*"', b"", page)


@pytest.mark.parametrize(
    ("page", "then"),
    [
        ("http://testserver/read/?type=attack", "/read/?type=attack"),
        ("http://evil.example/read/", "/"),
        ("", "/"),
    ],
)
def test_who_logs_in_after_sending_comes_back_to_the_page_that_it_was_sent_from(client, page, then):
    """An address that only takes what is sent would show an empty page."""
    answer = client.post("/stories/new/", {"title": "Alep"}, headers={"Referer": page})
    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.url).query)["next"] == [then]
