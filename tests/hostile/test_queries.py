"""Nonsense in an address: an answer in words, never a fault of ours. Ids are case numbers."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from events import roles
from events.models import Batch, CurationAct, Story
from tests.builders import make_user
from tests.events.stories import make_event
from tests.events.test_roles import ARGUMENTS, OURS

pytestmark = pytest.mark.django_db

NONSENSE = {
    "94-page": ["page=0", "page=-1", "page=abc", "page=" + "9" * 20, "page=" + "9" * 5_000],
    "95-far-page": ["page=1000000"],
    "96-number": ["confidence=NaN", "confidence=" + "9" * 20, "confidence=-1", "actor=1e999"],
    "97-level": ["level=NaN", "zoom=inf", "zoom=1e999", "lane=NaN", "key=inf"],
    "98-turned": ["start=2017&end=2016"],
    "99-day": ["start=2024-02-30", "end=99999-01-01", "known=2024-02-30", "known=99999-01-01"],
    "100-year": ["start=0000", "end=10000", "known=0000-01-01"],
    "101-nul": ["q=%00", "type=%00", "start=%00", "name=%00", "state=%00", "lane=%00"],
    "102-long": ["q=" + "x" * 100_000],
    "103-pattern": ["q=%25", "q=_", "q='%3B drop table events_event", "q=%5C", 'q="', "q=*", "q=)"],
    "104-lookup": ["title__regex=(a%2B)%2B%24", "q__iregex=x", "uploaded_by__password=a"],
    "105-order": ["order=password", "order=?", "order=-", "sort=password"],
    "106-unknown": ["nobody=1"],
    "107-twice": ["q=a&q=b", "type=attack&type=talks", "page=1&page=2", "order=desc&order="],
    "108-bytes": ["q=%F0%9F%92", "q=%ED%A0%80", "q=%E2%80%AE", "%FF=%FE"],
}
ASKED = [
    pytest.param(question, id=f"{case}-{number}")
    for case, questions in NONSENSE.items()
    for number, question in enumerate(questions)
]
# They take what is posted, or lead elsewhere whatever was asked.
ANSWERING = {"login", "api-dispatches", "api-root"}
# Pages that answer a GET at all; what acts is asked to in test_access.
PAGES = [name for name in OURS if name not in {"logout", "set_language"}]


@pytest.fixture
def somebody(client, settings, tmp_path):
    """An administrator, to whom every page opens; rows with the ids of ARGUMENTS."""
    settings.MEDIA_ROOT = tmp_path
    settings.PUBLIC_EVENTS = "all"
    event = make_event("Combats", actors=["ONU"], places=["Alep"], pk=1)
    Batch.objects.create(pk=ARGUMENTS["batch"]["pk"])
    Story.objects.create(slug="alep", title="Alep", published=True)
    CurationAct.objects.create(pk=1, kind="approve", event=event)
    client.force_login(make_user(role="curator"))
    client.raise_request_exception = True
    return client


def _no_number(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


@pytest.mark.parametrize("question", ASKED)
def test_no_question_breaks_a_page(somebody, question):
    for name in PAGES:
        address = reverse(name, kwargs=ARGUMENTS.get(name, {}))
        answer = somebody.get(f"{address}?{question}")
        assert answer.status_code < 500, address
        body = b"".join(answer) if answer.streaming else answer.content
        if "json" in answer.get("Content-Type", ""):
            json.loads(body, parse_constant=_no_number)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"accept": "application/x-nonsense;q=9"}, id="108-accept"),
        pytest.param({"accept-language": "x" * 4_000}, id="108-language"),
        pytest.param({"accept-encoding": "zip;q=NaN, *;q=-1"}, id="108-encoding"),
        pytest.param({"if-none-match": '"\x80"' * 50}, id="108-tag"),
        pytest.param({"cookie": "sessionid=%00; csrftoken=\xff"}, id="108-cookie"),
        pytest.param({"range": "bytes=9-1"}, id="108-range"),
    ],
)
def test_no_header_breaks_a_page(somebody, header):
    for name in PAGES:
        answer = somebody.get(reverse(name, kwargs=ARGUMENTS.get(name, {})), headers=header)
        assert answer.status_code < 500, name


def test_what_looks_like_a_pattern_is_only_words(somebody):
    for question in ("q=%25", "q=_", "q=*"):
        answer = somebody.get(f"/?{question}")
        assert "Combats" not in answer.content.decode().partition("<main")[2]


def test_the_last_of_what_is_said_twice_counts(somebody):
    assert "Combats" in somebody.get("/?q=nonsense&q=Combats").content.decode()


def test_a_reading_page_refuses_to_be_written_to(somebody):
    for name in PAGES:
        if roles.access(name) != roles.Role.READER or name in ANSWERING:
            continue
        address = reverse(name, kwargs=ARGUMENTS.get(name, {}))
        assert somebody.post(address).status_code in {404, 405}, name
        assert somebody.delete(address).status_code in {404, 405}, name
