"""NITF: AP, AAP, PA, EFE, ANSA; and the body of many NewsML items."""

from __future__ import annotations

from lxml import etree

from events.readers import wire
from events.readers.dates import moment
from events.readers.markup import parse, root_name, text_of
from events.readers.reading import Reading

MEDIA_TYPE = "application/nitf+xml"
_DOCDATA = "head/docdata"


def recognizes(content: bytes, name: str) -> bool:
    del name
    return root_name(content) == "nitf"


def read(content: bytes, name: str) -> list[Reading]:
    """Return the item.

    Raises UnreadableDispatch: xml-damaged, xml-too-deep, wire-no-text.
    """
    del name
    xml = parse(content)
    return wire.with_text([_item(xml.root)], xml.decoded)


def article(root: etree._Element) -> str:
    """Return the text of a NITF body without its headline: dateline and paragraphs."""
    parts = [text_of(part) for part in root.iterfind("body/body.content")]
    parts += [text_of(part) for part in root.iterfind("body/body.end/tagline")]
    return wire.compose("", _dateline(root), "\n\n".join(part for part in parts if part))


def _dateline(root: etree._Element) -> str:
    """Its words; some write nothing there but an instant for machines."""
    written = wire.text_at(root, "body/body.head/dateline")
    return "" if moment(written) else written


def _item(root: etree._Element) -> Reading:
    headline = wire.text_at(root, "body/body.head/hedline/hl1", "head/title")
    issued = moment(wire.value_at(root, "norm", f"{_DOCDATA}/date.issue"))
    release = wire.value_at(root, "norm", f"{_DOCDATA}/date.release")
    released = moment(release)
    story = moment(wire.value_at(root, "norm", "body/body.head/dateline/story.date"))
    printed = moment(wire.value_at(root, "date.publication", "head/pubdata"))
    dateline = _dateline(root)
    source = wire.text_at(
        root, "body/body.head/distributor/org", "body/body.head/distributor"
    ) or wire.value_at(root, "holder", f"{_DOCDATA}/doc.copyright")
    status = wire.status_of(wire.value_at(root, "management-status", _DOCDATA))
    # A release at the hour of issue is none; the standard's default is "at once".
    waits = bool(release) and (released is None or released != issued)
    embargo = wire.embargo_of(status, release if waits or status == "embargoed" else None)
    return Reading(
        text=wire.compose(headline, "", body) if (body := article(root)) else "",
        media_type=MEDIA_TYPE,
        title=headline,
        published=story.date() if story else wire.day_of(dateline, issued, released, printed),
        language=wire.language_of(
            root.get(wire.XML_LANGUAGE),
            root.get("baselang"),
            wire.value_at(root, wire.XML_LANGUAGE, "body"),
        ),
        source=source,
        guid=wire.global_id(
            wire.value_at(root, "id-string", f"{_DOCDATA}/doc-id"),
            wire.value_at(root, "regsrc", f"{_DOCDATA}/doc-id") or source,
        ),
        version=wire.value_at(root, "version", f"{_DOCDATA}/du-key"),
        status=embargo.status,
        embargo_until=embargo.until,
        notices=embargo.notices,
        filed_at=issued,
        dateline=dateline,
        byline=wire.byline_of(wire.text_at(root, "body/body.head/byline")),
        advisory=wire.value_at(root, "info", f"{_DOCDATA}/ed-msg"),
        urgency=wire.urgency_of(wire.value_at(root, "ed-urg", f"{_DOCDATA}/urgency")),
        categories=wire.unique(
            (node.get("key") or "").strip()
            for node in root.iterfind(f"{_DOCDATA}/key-list/keyword")
        ),
    )
