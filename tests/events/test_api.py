"""The API: dispatches in with a token, what became of them out, every answer as it is described."""

import json
import re
from datetime import timedelta
from io import BytesIO, StringIO

import jsonschema
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from events import tokens
from events.api.description import describe
from events.curation import approve_event
from events.models import ApiToken, Batch, Dispatch
from tests.builders import CALL, give, make_user, only_event, read
from tests.events.stories import make_event

pytestmark = pytest.mark.django_db
URL = "/api/dispatches"


@pytest.fixture
def token() -> str:
    return tokens.make(make_user(role="curator"), "script")


@pytest.fixture
def ask(client):
    """Ask, and hold the answer against what OpenAPI says of this address and status."""
    document = describe("http://testserver")

    def send(method, path, body=None, content_type="text/plain", *, token="", **headers):
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = client.generic(
            method.upper(), path, body or b"", content_type=content_type, headers=headers
        )
        check(document, method, path.partition("?")[0], answer)
        return answer

    return send


def check(document, method, path, answer):
    said = described(document, path)[method]["responses"][str(answer.status_code)]["content"]
    kind = answer.headers["Content-Type"].partition(";")[0]
    schema = {**said[kind]["schema"], "components": document["components"]}
    jsonschema.validate(answer.json(), schema, format_checker=jsonschema.FormatChecker())


def described(document, path):
    """The operations of the template of an address that this one fills in."""
    fills = (
        said for template, said in document["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    )  # fmt: skip
    return next(fills)


@pytest.fixture
def post(ask, token):
    def send(body, content_type="text/plain", *, query="", token=token, **headers):
        return ask("post", URL + query, body, content_type, token=token, **headers)

    return send


def test_the_description_is_a_valid_openapi_document(client):
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    names = [said["operationId"] for path in document["paths"].values() for said in path.values()]
    assert len(names) == len(set(names))
    refs = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert refs == set(document["components"]["schemas"])


def test_every_address_of_the_api_is_described_and_answers_as_described(client):
    document = describe("http://testserver")
    for path, operations in document["paths"].items():
        address = re.sub(r"\{id\}", "1", path).replace(
            "batches/1", "batches/11111111-1111-1111-1111-111111111111"
        )
        for method in ("get", "post", "put", "delete", "patch"):
            answer = client.generic(method.upper(), address)
            assert answer.headers["Content-Type"] in {"application/problem+json",
                                                      "application/json"}  # fmt: skip
            assert (answer.status_code == 405) == (method not in operations), (method, path)
            if method in operations:
                check(document, method, address, answer)


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


def test_several_texts_can_be_given_at_once(post):
    body = {
        "dispatches": [
            {"text": CALL, "name": "un"},
            {"text": "Un accord a été signé le 6 décembre 2016.", "name": "deux"},
            {"text": f" {CALL}"},
            {"text": "  "},
        ],
        "source": "AFP",
    }
    answer = post(json.dumps(body), "application/json")
    assert answer.status_code == 201
    told = [(item["name"], item["verdict"]) for item in answer.json()["items"]]
    assert told == [
        ("un", "accepted"), ("deux", "accepted"), ("api", "duplicate"), ("api", "refused"),
    ]  # fmt: skip
    assert {str(one.source) for one in Dispatch.objects.all()} == {"AFP"}


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


def test_who_does_not_wait_is_told_where_to_look(post, ask, token):
    answer = post(CALL, query="?wait=no")
    assert answer.status_code == 202
    assert answer.json()["items"][0]["verdict"] == "waiting"
    path = answer.json()["status"].removeprefix("http://testserver")
    assert ask("get", path, token=token).json()["sums"] == {"waiting": 1}


def test_a_batch_tells_what_became_of_each_and_its_sums_add_up(post, ask, token):
    post(json.dumps({"dispatches": [{"text": CALL}, {"text": CALL}, {"text": " "}]}),
         "application/json")  # fmt: skip
    path = f"/api/batches/{Batch.objects.get().pk}"
    told = ask("get", path, token=token).json()
    assert sum(told["sums"].values()) == told["total"] == len(told["items"]) == 3
    refused = ask("get", f"{path}?fate=refused", token=token).json()
    assert [item["fate"] for item in refused["items"]] == ["refused"]
    assert refused["items"][0]["message"]
    assert ask("get", f"{path}?fate=lost", token=token).status_code == 400
    assert ask("get", path).status_code == 401


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
        (json.dumps({"text": CALL}), "?wait=perhaps"),
        (json.dumps({"dispatches": []}), ""),
        (json.dumps({"dispatches": {"text": CALL}}), ""),
        (json.dumps({"dispatches": [CALL]}), ""),
        (json.dumps({"dispatches": [{"text": CALL}] * 101}), ""),
        ("null", ""),
        ('"un texte"', ""),
        (json.dumps({"text": 5}), ""),
        (json.dumps({"text": CALL, "source": ["AFP"]}), ""),
        (json.dumps({"text": CALL, "wait": False}), ""),
        (json.dumps({"text": CALL, "publihsed": "2016-12-08"}), ""),
        (json.dumps({"dispatches": [{"text": CALL, "published": "2016-12-08"}]}), ""),
        (json.dumps({"text": CALL}), "?publihsed=2016-12-08"),
        (json.dumps({"text": CALL, "published": "0001-01-01"}), ""),
        (json.dumps({"text": CALL, "published": "9999-12-31"}), ""),
    ],
)
def test_nonsense_is_told_and_stores_nothing(post, body, query):
    assert post(body, "application/json", query=query).status_code == 400
    assert not Dispatch.objects.exists()


def test_a_problem_is_told_in_the_language_of_who_asks(post):
    said = {
        code: post("{", "application/json", **{"Accept-Language": code}).json()["title"]
        for code in ("fr", "en")
    }
    assert said["en"] == "The request cannot be understood"
    assert said["fr"] != said["en"]


def test_a_lone_surrogate_does_not_break_the_door(post):
    assert post('{"text": "le 7 d\\ud800écembre 2016"}', "application/json").status_code == 201


def test_a_field_that_is_not_known_is_named(post):
    answer = post(json.dumps({"text": CALL, "publihsed": "2016-12-08"}), "application/json")
    assert "published" in answer.json()["errors"]["publihsed"][0]


def test_a_form_is_told_from_a_file(post):
    body = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nAlep.\r\n--x--\r\n'
    answer = post(body, "multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "--data-binary" in answer.json()["detail"]
    assert not Dispatch.objects.exists()


@pytest.fixture
def send_raw(client, token):
    """Post what a server hands on: a stream, and what the sender said of it."""

    def send(stream, **said):
        headers = {"Authorization": f"Bearer {token}"}
        given = {"wsgi.input": stream, "wsgi.input_terminated": True} | said
        return client.generic("POST", URL, content_type="text/plain", headers=headers, **given)

    return send


def test_a_body_that_was_cut_off_on_the_way_is_not_taken_for_the_whole(send_raw):
    answer = send_raw(BytesIO(CALL.encode()), CONTENT_LENGTH=str(len(CALL.encode()) + 9))
    assert answer.status_code == 400
    assert not Dispatch.objects.exists()


def test_a_body_of_a_length_that_nobody_said_is_read_to_its_end(send_raw):
    assert send_raw(BytesIO(CALL.encode()), HTTP_TRANSFER_ENCODING="chunked").status_code == 201
    assert Dispatch.objects.get().text == CALL


def test_a_refused_body_is_taken_off_the_line_first(send_raw, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    for said in ({"CONTENT_LENGTH": "200000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
        stream = BytesIO(b"x" * 200_000)
        assert send_raw(stream, **said).status_code == 413
        assert stream.read() == b""


def test_a_body_over_the_limit_is_refused_unread(post, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert post("x" * 2000).status_code == 413
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi"])
def test_nobody_posts_without_a_token_that_is_known(ask, token, header):
    answer = ask("post", URL, CALL, Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not Dispatch.objects.exists()


def test_a_session_alone_is_no_token(client, ask):
    client.force_login(make_user(role="curator"))
    assert ask("post", URL, CALL).status_code == 401


def test_a_token_dies_with_the_account_of_its_owner(post):
    User.objects.update(is_active=False)
    assert post(CALL).status_code == 401


def test_a_token_of_a_reader_adds_nothing(post):
    token = tokens.make(make_user("bob"), "script")
    assert post(CALL, token=token).status_code == 403


def test_who_asks_too_often_is_told_how_long_to_wait(post, ask, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    assert [post(CALL).status_code for _ in range(3)] == [201, 200, 429]
    answer = post(CALL)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    other = tokens.make(make_user("bob", role="curator"), "other")
    assert post(CALL, token=other).status_code == 200
    assert ask("get", "/api/events").status_code == 200
    ApiToken.objects.update(counted_from=timezone.now() - timedelta(seconds=61))
    assert post(CALL).status_code == 200


def test_events_are_those_of_the_timeline_with_its_filters(ask, settings):
    settings.PUBLIC_EVENTS = "all"
    event = only_event(read())
    told = ask("get", "/api/events?start=2016-12&type=call").json()
    assert [one["id"] for one in told["events"]] == [event.pk]
    assert told["events"][0]["date"] == "2016-12-07"
    assert told["events"][0]["end"] == "2016-12-08"
    assert ask("get", "/api/events?start=2017").json()["total"] == 0
    refusal = ask("get", "/api/events?start=demain&type=war")
    assert refusal.status_code == 400
    assert len(refusal.json()["errors"]) == 2


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("page=abc", "page"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.5", "page"),
        ("page=99999999999999999999", "page"),
        ("start=hier", "start"),
        ("confidence=500", "confidence"),
        ("typ=talks", "typ"),
    ],
)
@pytest.mark.parametrize("where", ["events", "batches/00000000-0000-0000-0000-000000000000"])
def test_a_parameter_that_cannot_be_read_is_named(ask, token, where, query, name):
    answer = ask("get", f"/api/{where}?{query}", token=token)
    assert answer.status_code == 400
    told = answer.json()
    assert told["type"].endswith("#bad-request")
    assert list(told["errors"]) == [name]


def test_pages_follow_one_another_to_the_last(ask, settings):
    settings.PUBLIC_EVENTS = "all"
    for day in range(1, 29):
        for number in range(3):
            make_event(f"Combat {number}", f"2016-12-{day:02d}")
    address, seen = "/api/events?type=attack", []
    while address:
        page = ask("get", address).json()
        seen += [event["id"] for event in page["events"]]
        address = page["next"] and page["next"].removeprefix("http://testserver")
    assert len(seen) == len(set(seen)) == page["total"] == 84


def test_an_event_comes_with_its_evidence(ask, settings):
    settings.PUBLIC_EVENTS = "all"
    event = only_event(read())
    told = ask("get", f"/api/events/{event.pk}").json()
    assert [one["sentence"] for one in told["evidence"]] == [CALL]
    assert told["evidence"][0]["reason"]


def test_a_dispatch_comes_with_its_days_and_events(ask, settings):
    settings.PUBLIC_EVENTS = "all"
    dispatch = read()
    told = ask("get", f"/api/dispatches/{dispatch.pk}").json()
    assert (told["day"], told["text"], len(told["events"])) == ("2016-12-08", CALL, 1)


def test_proposals_are_read_with_a_token_and_by_nobody_else(ask, token, settings):
    settings.PUBLIC_EVENTS = "approved"
    dispatch = read()
    event = only_event(dispatch)
    for path in (f"/api/events/{event.pk}", f"/api/dispatches/{dispatch.pk}"):
        assert ask("get", path).status_code == 404
        assert ask("get", path, token=token).status_code == 200
    approve_event(event, by=User.objects.get())
    assert ask("get", f"/api/events/{event.pk}").status_code == 200


def test_what_was_taken_back_is_gone(ask, settings):
    settings.PUBLIC_EVENTS = "all"
    dispatch = give()
    Dispatch.objects.update(withdrawn_at=timezone.now(), withdrawn_why="KILL")
    answer = ask("get", f"/api/dispatches/{dispatch.pk}")
    assert answer.status_code == 410
    assert "KILL" not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/api/events/0", f"/api/events/{2**63}", "/api/batches/1"]
)
def test_an_address_that_is_none_is_a_problem_too(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_the_api_tells_every_address_and_loads_nothing_from_elsewhere(client, language):
    with translation.override(language):
        page = client.get("/api/docs", headers={"Accept-Language": language}).content.decode()
    for path, operations in describe("http://testserver")["paths"].items():
        for method in operations:
            assert f"{method.upper()} {path}" in page
    assert not re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?!/static/)", page)
    assert "<script" not in page


def test_only_the_hash_of_a_token_is_kept():
    make_user()
    out = StringIO()
    call_command("make_token", "ada", "script", stdout=out)
    token = out.getvalue().strip()
    kept = ApiToken.objects.get()
    assert kept.digest != token
    assert tokens.known(f"Bearer {token}") == kept


def test_a_token_is_made_for_somebody():
    with pytest.raises(CommandError, match="nobody"):
        call_command("make_token", "nobody", "script")


def test_a_person_makes_a_token_sees_it_once_and_ends_it(client, ask):
    client.force_login(make_user(role="curator"))
    page = client.post("/tokens/", {"name": "mon script"}).content.decode()
    token = re.search(r'id="fresh"[^>]*value="([\w-]+)"', page)[1]
    client.logout()
    assert ask("post", URL, CALL, token=token).status_code == 201
    client.force_login(User.objects.get())
    page = client.get("/tokens/").content.decode()
    assert token not in page
    assert "mon script" in page
    client.post(f"/tokens/{ApiToken.objects.get().pk}/end/")
    client.logout()
    assert ask("post", URL, CALL, token=token).status_code == 401


def test_nobody_sees_or_ends_the_token_of_another(client):
    tokens.make(make_user("eve", role="curator"), "the secret script")
    client.force_login(make_user(role="curator"))
    assert "the secret script" not in client.get("/tokens/").content.decode()
    assert client.post(f"/tokens/{ApiToken.objects.get().pk}/end/").status_code == 404
    assert ApiToken.objects.exists()
