"""NewsML-G2: Reuters, dpa, ANSA, STT, AP, GlobeNewswire."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from events.readers import nitf, wire
from events.readers.markup import line_of, parse, root_name, text_of
from events.readers.reading import Reading

MEDIA_TYPE = "application/vnd.iptc.g2.newsitem+xml"
_ROOTS = frozenset(("newsMessage", "newsItem", "packageItem", "conceptItem", "planningItem"))


def recognizes(content: bytes, name: str) -> bool:
    del name
    return root_name(content) in _ROOTS


def read(content: bytes, name: str) -> list[Reading]:
    """Return each newsItem that has a text, of one item or of a message with many.

    Raises UnreadableDispatch: xml-damaged, xml-too-deep, wire-no-text.
    """
    del name
    xml = parse(content)
    return wire.with_text([_item(item) for item in xml.root.iter("newsItem")], xml.decoded)


def _item(item: etree._Element) -> Reading:
    headline = _headline(item)
    dateline = wire.text_at(item, "contentMeta/dateline")
    filed = wire.moment_at(item, "itemMeta/versionCreated")
    created = wire.moment_at(item, "contentMeta/contentCreated", "itemMeta/firstCreated")
    written = item.find("itemMeta/embargoed")
    embargo = wire.embargo_of(
        wire.status_of(wire.value_at(item, "qcode", "itemMeta/pubStatus")),
        None if written is None else line_of(written),
    )
    body = "\n\n".join(_bodies(item))
    return Reading(
        text=wire.compose(headline, dateline, body) if body else "",
        media_type=MEDIA_TYPE,
        title=headline,
        published=wire.day_of(dateline, created, filed),
        language=wire.language_of(
            wire.value_at(item, "tag", "contentMeta/language"),
            wire.value_at(item, wire.XML_LANGUAGE, "contentSet/inlineXML", "contentSet/inlineData"),
            item.get(wire.XML_LANGUAGE),
        ),
        source=wire.text_at(item, "itemMeta/provider/name", "contentMeta/infoSource/name")
        or wire.value_at(item, "literal", "itemMeta/provider", "contentMeta/infoSource")
        or wire.value_at(item, "qcode", "itemMeta/provider").rpartition(":")[2],
        guid=(item.get("guid") or "").strip(),
        version=(item.get("version") or "").strip(),
        status=embargo.status,
        embargo_until=embargo.until,
        notices=embargo.notices,
        filed_at=filed,
        dateline=dateline,
        byline=wire.byline_of(wire.text_at(item, "contentMeta/by")),
        advisory=_advisory(item),
        urgency=wire.urgency_of(wire.text_at(item, "contentMeta/urgency")),
        categories=wire.unique(
            wire.text_at(subject, "name") or (subject.get("literal") or "").strip()
            for subject in item.iterfind("contentMeta/subject")
        ),
        link=wire.value_at(item, "href", "itemMeta/link"),
    )


def _advisory(item: etree._Element) -> str:
    """The note to editors; initials and contacts are notes too, of other roles."""
    for note in item.iterfind("itemMeta/edNote"):
        if not (note.get("role") or "").endswith(("closingline", "notepad")):
            return line_of(note)
    return ""


def _headline(item: etree._Element) -> str:
    heads = item.findall("contentMeta/headline")
    main = [head for head in heads if "sub" not in (head.get("role") or "").lower()]
    return line_of(next(iter(main or heads), None))


def _bodies(item: etree._Element) -> Iterator[str]:
    """The text, once: alternatives of one content in several formats repeat it."""
    for content in item.iterfind("contentSet/*"):
        if content.tag not in {"inlineXML", "inlineData"}:
            continue
        inner = content.find("nitf")
        body = content.find(".//body")
        if inner is not None:
            text = nitf.article(inner)
        elif body is not None:
            for header in body.findall("header"):  # dpa: time, key words and headline once more
                body.remove(header)
            text = text_of(body)
        else:
            text = wire.body_text(content)
        if text:
            yield text
            return
