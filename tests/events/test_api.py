"""Dispatches posted by scripts."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from events import tokens
from events.models import ApiToken, Dispatch
from tests.builders import CALL, make_user

pytestmark = pytest.mark.django_db
URL = "/api/dispatches"


@pytest.fixture
def post(client):
    token = tokens.make(make_user(curator=True), "script")

    def send(body, content_type="text/plain", *, query="", token=token):
        return client.post(
            URL + query,
            body,
            content_type=content_type,
            headers={"Authorization": f"Bearer {token}"},
        )

    return send


def test_a_file_is_taken_in_under_the_name_of_the_owner(post):
    answer = post(CALL.encode("cp1252"), query="?source=AFP&published=2016-12-08&name=a.txt")
    dispatch = Dispatch.objects.get()
    assert answer.status_code == 201
    (item,) = answer.json()["items"]
    assert (item["verdict"], item["name"]) == ("accepted", "a.txt")
    assert item["dispatch"].endswith(dispatch.get_absolute_url())
    assert (str(dispatch.source), str(dispatch.published)) == ("AFP", "2016-12-08")
    assert dispatch.uploaded_by.username == "ada"


def test_a_text_can_be_given_as_json_with_what_is_known_of_it(post):
    body = {"text": CALL, "source": "AFP", "published": "2016-12-08", "language": "fr"}
    assert post(json.dumps(body), "application/json").status_code == 201
    dispatch = Dispatch.objects.get()
    assert (dispatch.text, dispatch.language, dispatch.language_stated) == (CALL, "fr", True)


def test_json_that_a_wire_sends_is_read_as_the_wires_format(post):
    body = {"uri": "urn:a:1", "version": "1", "type": "text", "headline": "Alep",
            "pubstatus": "usable", "body_xhtml": f"<p>{CALL}</p>"}  # fmt: skip
    assert post(json.dumps(body), "application/json").status_code == 201
    assert Dispatch.objects.get().guid


def test_what_is_known_answers_with_the_dispatch_that_is_here(post):
    post(CALL)
    answer = post(CALL)
    assert answer.status_code == 200
    assert answer.json()["items"][0]["verdict"] == "duplicate"
    assert Dispatch.objects.count() == 1


@pytest.mark.parametrize("body", ["", "   ", b"\x00\x01\x02\x03" * 50])
def test_what_is_no_text_is_refused_in_words(post, body):
    answer = post(body)
    assert answer.status_code == 422
    assert answer.json()["items"][0]["message"]
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("{", ""),
        ("[" * 100_000, ""),
        (json.dumps({"text": CALL, "published": "2016-02-30"}), ""),
        (json.dumps({"text": CALL, "published": {"a": 1}}), ""),
        (json.dumps({"text": CALL}), "?published=demain"),
        (json.dumps({"text": CALL}), "?language=français"),
        (json.dumps({"text": CALL}), f"?source={'x' * 201}"),
    ],
)
def test_nonsense_is_told_and_stores_nothing(post, body, query):
    assert post(body, "application/json", query=query).status_code == 400
    assert not Dispatch.objects.exists()


def test_a_lone_surrogate_does_not_break_the_door(post):
    assert post('{"text": "le 7 d\\ud800écembre 2016"}', "application/json").status_code == 201


def test_a_body_over_the_limit_is_refused_unread(post, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert post("x" * 2000).status_code == 413
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi"])
def test_nobody_posts_without_a_token_that_is_known(client, header):
    tokens.make(make_user(), "script")
    answer = client.post(URL, CALL, content_type="text/plain", headers={"Authorization": header})
    assert answer.status_code == 401
    assert not Dispatch.objects.exists()


def test_a_session_alone_is_no_token(client):
    client.force_login(make_user(curator=True))
    assert client.post(URL, CALL, content_type="text/plain").status_code == 401


def test_a_token_dies_with_the_account_of_its_owner(post):
    User.objects.update(is_active=False)
    assert post(CALL).status_code == 401


def test_a_token_of_a_reader_adds_nothing(post):
    token = tokens.make(make_user("bob"), "script")
    assert post(CALL, token=token).status_code == 403


def test_only_the_hash_of_a_token_is_kept():
    make_user()
    out = StringIO()
    call_command("make_token", "ada", "script", stdout=out)
    token = out.getvalue().strip()
    kept = ApiToken.objects.get()
    assert kept.digest != token
    assert tokens.user_of(f"Bearer {token}") == kept.user
    kept.refresh_from_db()
    assert kept.used_at is not None


def test_a_token_is_made_for_somebody():
    with pytest.raises(CommandError, match="nobody"):
        call_command("make_token", "nobody", "script")
