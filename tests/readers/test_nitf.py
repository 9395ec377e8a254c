"""NITF, with and without a namespace."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from events import readers
from tests.readers.samples import wire


@pytest.mark.parametrize("namespace", [b"", b' xmlns="http://iptc.org/std/NITF/2006-10-18/"'])
def test_an_item_is_read_without_its_pictures(namespace):
    (item,) = readers.read(wire("nitf.xml").replace(b"<nitf", b"<nitf" + namespace))
    assert item.text == (
        "Engineers repair dam above Stonewell\n\nSTONEWELL, July 12 (EXP) - Engineers closed the "
        "breach on Thursday.\n\nHomes\t412\n\nmq/tt"
    )
    assert item.published == date(2019, 7, 12)
    assert item.filed_at == datetime(2019, 7, 12, 8, 15, tzinfo=UTC)
    assert (item.guid, item.version, item.status) == ("id:AEX#nitf-2019-0071", "3", "usable")
    assert (item.byline, item.source, item.urgency) == ("Mara Quill", "Example Press", 4)
    assert item.categories == ("dam", "flood")


def test_an_embargo_ends_at_its_release():
    content = wire("nitf.xml").replace(b'"usable"', b'"embargoed"')
    content = content.replace(b"<du-key", b'<date.release norm="20190713T040000Z"/><du-key')
    (item,) = readers.read(content)
    assert item.embargo_until == datetime(2019, 7, 13, 4, tzinfo=UTC)


def test_an_instant_for_machines_is_no_dateline():
    content = wire("nitf.xml")
    start, end = content.index(b"<dateline>"), content.index(b"</dateline>")
    stamp = b'<dateline><story.date norm="20190711T233000-0500">20190711T233000-0500</story.date>'
    (item,) = readers.read(content[:start] + stamp + content[end:])
    assert item.dateline == ""
    assert "20190711" not in item.text
    assert item.published == date(2019, 7, 11)
