"""NewsML 1.2: AFP, Belga, ATS, EFE, TASS, ANP."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from events.readers import nitf, wire
from events.readers.markup import line_of, parse, root_name
from events.readers.reading import Reading

MEDIA_TYPE = "text/vnd.iptc.newsml"
_IDENTIFIER = "Identification/NewsIdentifier"
_MANAGEMENT = "NewsManagement"


def recognizes(content: bytes, name: str) -> bool:
    del name
    return root_name(content) == "NewsML"


def read(content: bytes, name: str) -> list[Reading]:
    """Return each NewsItem that has a text.

    Raises UnreadableDispatch: xml-damaged, xml-too-deep, wire-no-text.
    """
    del name
    xml = parse(content)
    return wire.with_text([_item(xml.root, item) for item in xml.root.iterfind("NewsItem")],
                          xml.decoded)  # fmt: skip


def _item(root: etree._Element, item: etree._Element) -> Reading:
    headline = wire.text_at(item, ".//NewsLines/HeadLine")
    dateline = wire.text_at(item, ".//NewsLines/DateLine")
    dateline_date = wire.moment_at(item, ".//DateLineDate")
    created = wire.moment_at(item, f"{_MANAGEMENT}/FirstCreated")
    filed = wire.moment_at(item, f"{_MANAGEMENT}/ThisRevisionCreated") or created
    status = wire.status_of(wire.value_at(item, "FormalName", f"{_MANAGEMENT}/Status"))
    body = "\n\n".join(_bodies(item))
    return Reading(
        text=wire.compose(headline, dateline, body) if body else "",
        media_type=MEDIA_TYPE,
        title=headline,
        published=(
            dateline_date.date() if dateline_date else wire.day_of(dateline, created, filed)
        ),
        language=wire.language_of(
            wire.value_at(item, "FormalName", ".//DescriptiveMetadata/Language"),
            wire.value_at(item, wire.XML_LANGUAGE, ".//NewsComponent"),
            item.get(wire.XML_LANGUAGE),
            root.get(wire.XML_LANGUAGE),
        ),
        source=wire.value_at(
            item,
            "FormalName",
            ".//AdministrativeMetadata/Provider/Party",
            ".//AdministrativeMetadata/Source/Party",
        )
        or wire.text_at(item, f"{_IDENTIFIER}/ProviderId"),
        guid=_guid(item),
        version=wire.text_at(item, f"{_IDENTIFIER}/RevisionId"),
        status=status,
        embargo_until=(
            wire.moment_at(item, f"{_MANAGEMENT}/StatusWillChange/DateAndTime")
            if status == "embargoed"
            else None
        ),
        filed_at=filed,
        dateline=dateline,
        byline=wire.byline_of(wire.text_at(item, ".//NewsLines/ByLine")),
        advisory=_advisory(item),
        urgency=wire.urgency_of(wire.value_at(item, "FormalName", f"{_MANAGEMENT}/Urgency")),
        categories=wire.unique(
            value
            for path in (".//NewsLines/SlugLine", ".//NewsLines/KeywordLine")
            for node in item.iterfind(path)
            for value in line_of(node).split("-")
        ),
    )


def _guid(item: etree._Element) -> str:
    """The parts that all revisions share; PublicIdentifier ends with the revision."""
    parts = [
        wire.text_at(item, f"{_IDENTIFIER}/{name}")
        for name in ("ProviderId", "DateId", "NewsItemId")
    ]
    return "urn:newsml:" + ":".join(parts) if parts[2] else ""


def _advisory(item: etree._Element) -> str:
    if written := wire.text_at(item, ".//NewsLines/AdvisoryLine"):
        return written
    for line in item.iterfind(".//NewsLines/NewsLine"):
        if "advisory" in wire.value_at(line, "FormalName", "NewsLineType").lower():
            return wire.text_at(line, "NewsLineText")
    return ""


def _bodies(item: etree._Element) -> Iterator[str]:
    """The texts of the item, not the captions of the pictures that go with it."""
    for content in item.iter("ContentItem"):
        medium = wire.value_at(content, "FormalName", "MediaType").lower()
        data = content.find("DataContent")
        if data is None or medium not in {"", "text"} or _is_caption(content):
            continue
        inner = data.find("nitf")
        text = wire.body_text(data) if inner is None else nitf.article(inner)
        if text:
            yield text


def _is_caption(content: etree._Element) -> bool:
    return any(
        "caption" in wire.value_at(component, "FormalName", "Role").lower()
        for component in content.iterancestors("NewsComponent")
    )
