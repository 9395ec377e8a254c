"""An embargo holds in whatever format it is asked for, and all the more where it cannot be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from events import readers
from tests.readers.samples import wire


def ninjs(ends: object) -> bytes:
    return json.dumps(json.loads(wire("ninjs1.json")) | {"embargoed": ends}).encode()


def newsml1(ends: str) -> bytes:
    return wire("newsml1_several.xml").replace(b"20170316T050000Z", ends.encode())


def newsmlg2(ends: str) -> bytes:
    return wire("newsmlg2_message.xml").replace(b"2018-05-04T06:00:00Z", ends.encode())


def nitf(ends: str) -> bytes:
    release = f'<date.release norm="{ends}"/><du-key'
    return wire("nitf.xml").replace(b"<du-key", release.encode())


FORMATS = pytest.mark.parametrize("sample", [ninjs, newsml1, newsmlg2, nitf])


def embargoed(content: bytes) -> readers.Reading:
    (item,) = (item for item in readers.read(content) if item.status == "embargoed")
    return item


@FORMATS
def test_an_embargo_that_cannot_be_read_holds_and_says_what_it_could_not_read(sample):
    item = embargoed(sample("demain matin"))
    assert item.embargo_until is None
    assert [notice for notice in item.notices if notice["code"] == "embargo-unread"] == [
        {"code": "embargo-unread", "values": {"words": "demain matin"}}
    ]


@FORMATS
def test_an_embargo_that_can_be_read_ends_then_and_says_nothing_more(sample):
    item = embargoed(sample("2031-05-04T06:00:00Z"))
    assert item.embargo_until == datetime(2031, 5, 4, 6, tzinfo=UTC)
    assert "embargo-unread" not in [notice["code"] for notice in item.notices]


@pytest.mark.parametrize("ends", [None, False, "", "false", [], 0])
def test_an_embargo_of_nothing_is_none(ends):
    (item,) = readers.read(ninjs(ends))
    assert (item.status, item.embargo_until) == ("usable", None)


def test_an_embargo_of_yes_holds_until_further_notice():
    item = embargoed(ninjs(True))
    assert (item.embargo_until, item.notices) == (None, ())


@pytest.mark.parametrize("ends", [["demain"], {"until": "demain"}, 4.5])
def test_an_embargo_of_another_shape_holds_too(ends):
    item = embargoed(ninjs(ends))
    assert [notice["code"] for notice in item.notices] == ["embargo-unread"]


def test_a_release_at_the_hour_of_issue_is_no_embargo():
    issued = readers.read(wire("nitf.xml"))[0].filed_at
    (item,) = readers.read(nitf(issued.isoformat()))
    assert (item.status, item.embargo_until) == ("usable", None)


def test_a_kill_is_a_kill_whatever_embargo_it_repeats():
    item = json.loads(wire("ninjs_killed.json")) | {"embargoed": "demain matin"}
    (read,) = readers.read(json.dumps(item).encode())
    assert read.status == "canceled"
