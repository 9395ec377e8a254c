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
    """Return each NewsItem that has a text; where its parts are stories of their own, each of them.

    Raises UnreadableDispatch: xml-damaged, xml-too-deep, wire-no-text.
    """
    del name
    xml = parse(content)
    readings = [
        _reading(xml.root, item, scope)
        for item in xml.root.iterfind("NewsItem")
        for scope in _stories(item)
    ]
    return wire.with_text(readings, xml.decoded)


def _stories(item: etree._Element) -> list[etree._Element]:
    """The innermost components with a headline and a text, if several: a story in two languages."""
    told = [
        component
        for component in item.iter("NewsComponent")
        if wire.text_at(component, "NewsLines/HeadLine") and any(_bodies(component))
    ]
    outer = {above for component in told for above in component.iterancestors("NewsComponent")}
    inner = [component for component in told if component not in outer]
    return inner if len(inner) > 1 else [item]


def _reading(root: etree._Element, item: etree._Element, scope: etree._Element) -> Reading:
    """`scope` is the item, or the component of it that is a story."""
    headline = wire.text_at(scope, ".//NewsLines/HeadLine")
    dateline = wire.text_at(scope, ".//NewsLines/DateLine")
    dateline_date = wire.moment_at(scope, ".//DateLineDate")
    created = wire.moment_at(item, f"{_MANAGEMENT}/FirstCreated")
    filed = wire.moment_at(item, f"{_MANAGEMENT}/ThisRevisionCreated") or created
    status = wire.status_of(wire.value_at(item, "FormalName", f"{_MANAGEMENT}/Status"))
    change = wire.text_at(item, f"{_MANAGEMENT}/StatusWillChange/DateAndTime")
    embargo = wire.embargo_of(status, change if status == "embargoed" else None)
    body = "\n\n".join(_bodies(scope))
    return Reading(
        text=wire.compose(headline, dateline, body) if body else "",
        media_type=MEDIA_TYPE,
        title=headline,
        published=(
            dateline_date.date() if dateline_date else wire.day_of(dateline, created, filed)
        ),
        language=wire.language_of(
            wire.value_at(scope, "FormalName", ".//Language"),
            scope.get(wire.XML_LANGUAGE),
            wire.value_at(scope, wire.XML_LANGUAGE, ".//NewsComponent"),
            root.get(wire.XML_LANGUAGE),
        ),
        source=wire.value_at(
            scope,
            "FormalName",
            ".//AdministrativeMetadata/Provider/Party",
            ".//AdministrativeMetadata/Source/Party",
        )
        or wire.text_at(item, f"{_IDENTIFIER}/ProviderId"),
        guid=_guid(item, scope),
        version=wire.text_at(item, f"{_IDENTIFIER}/RevisionId"),
        status=embargo.status,
        embargo_until=embargo.until,
        notices=embargo.notices,
        filed_at=filed,
        dateline=dateline,
        byline=wire.byline_of(wire.text_at(scope, ".//NewsLines/ByLine")),
        advisory=_advisory(scope),
        urgency=wire.urgency_of(
            wire.value_at(item, "FormalName", f"{_MANAGEMENT}/Urgency")
            or wire.text_at(item, f"{_MANAGEMENT}/Urgency")
        ),
        categories=wire.unique(
            [
                value
                for node in scope.iterfind(".//NewsLines/SlugLine")
                for value in line_of(node).split("-")
            ]
            + [line_of(node) for node in scope.iterfind(".//NewsLines/KeywordLine")]
            + [
                (node.get("Value") or "").strip()
                for node in scope.iterfind(".//Property[@FormalName='Keyword']")
            ]
        ),
    )


def _guid(item: etree._Element, scope: etree._Element) -> str:
    """What all revisions share. PublicIdentifier ends with the revision, some DateId in a time."""
    provider, day, number = (
        wire.text_at(item, f"{_IDENTIFIER}/{name}")
        for name in ("ProviderId", "DateId", "NewsItemId")
    )
    part = scope.get("Duid") or ""
    if not number:  # TASS
        number = wire.text_at(item, ".//guid")
    if not number:
        return ""
    return ":".join(("urn:newsml", provider, day[:8], number)) + (
        f"#{part}" if part and scope is not item else ""
    )


def _advisory(scope: etree._Element) -> str:
    if written := wire.text_at(scope, ".//NewsLines/AdvisoryLine"):
        return written
    for line in scope.iterfind(".//NewsLines/NewsLine"):
        if "advisory" in wire.value_at(line, "FormalName", "NewsLineType").lower():
            return wire.text_at(line, "NewsLineText")
    return wire.value_at(scope, "Value", ".//Property[@FormalName='EditorialInfo']")


def _bodies(scope: etree._Element) -> Iterator[str]:
    """The texts, not the captions of the pictures that go with them."""
    for content in scope.iter("ContentItem"):
        medium = wire.value_at(content, "FormalName", "MediaType").lower()
        data = content.find("DataContent")
        inner = None if data is None else data.find("nitf")
        if data is None or _is_caption(content) or (inner is None and medium not in {"", "text"}):
            continue
        text = wire.body_text(data) if inner is None else nitf.article(inner)
        if text:
            yield text


def _is_caption(content: etree._Element) -> bool:
    return any(
        "caption" in wire.value_at(component, "FormalName", "Role").lower()
        for component in content.iterancestors("NewsComponent")
    )
