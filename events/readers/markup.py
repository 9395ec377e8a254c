"""XML and HTML from outside: parsed with nothing expanded or fetched, and turned into text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.entities import html5
from io import BytesIO
from itertools import pairwise

from lxml import etree
from lxml import html as lxml_html

from events.readers.encoding import Decoded, decode
from events.readers.reading import UnreadableDispatch

MAX_DEPTH = 100  # levels; no wire needs twenty
MAX_ELEMENTS = 500_000
_DEEP_HTML = 200  # levels; mails of many forwards have fifty
_HEAD_BYTES = 65_536
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = {b"amp", b"lt", b"gt", b"quot", b"apos"}
_DECLARED = re.compile(
    rb"""\s{0,9}<\?xml[^>]{0,150}encoding=["'](?:iso-?8859|latin|windows-12|cp12|us-ascii|mac)""",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\s{0,9}<\?xml[^>]{0,200}\?>")

# fmt: off
_BLOCKS = frozenset((
    "p", "div", "article", "section", "h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2", "ul", "ol",
    "li", "dl", "dt", "dd", "table", "tr", "block", "bq", "blockquote", "header", "footer", "main",
    "aside", "figure", "hedline", "byline", "byttl", "dateline", "distributor", "note", "tagline",
    "body", "body.head", "body.content", "body.end", "pre", "address", "hr", "center",
))
_SILENT = frozenset((
    "script", "style", "head", "template", "noscript", "svg", "math", "iframe", "object", "media",
    "img", "figcaption", "button", "form", "select", "nav",
))
# fmt: on
_CELLS = frozenset(("td", "th"))
_BREAK = "\n"
_WRAPPED = 45  # characters; a line broken by a machine is 60 or 70 long
_ENDS = (".", "!", "?", ":", ";", "»", "”", '"', "…")
_PARAGRAPH = "\n\n"


@dataclass(frozen=True, slots=True)
class Xml:
    """A parsed file; its elements have their names without namespaces.

    `decoded` is set where the bytes were not in the encoding that they declare.
    """

    root: etree._Element
    decoded: Decoded | None = None


@lru_cache(maxsize=1)
def _root_name(head: bytes) -> str:
    try:
        for _, element in etree.iterparse(BytesIO(_named_as_numbers(head)), events=("start",),
                                          resolve_entities=False, no_network=True):  # fmt: skip
            return etree.QName(element).localname
    except (etree.XMLSyntaxError, ValueError):
        pass
    return ""


def root_name(content: bytes) -> str:
    """Return the local name of the first element, "" where `content` does not begin as XML."""
    head = _trimmed(content[:_HEAD_BYTES])
    return _root_name(head) if b"<" in head[:4] else ""


def parse(content: bytes) -> Xml:
    """Return the XML in `content`. A DOCTYPE may stand there; no entity of it is expanded.

    Raises UnreadableDispatch: xml-damaged (with what the parser says), xml-too-deep.
    """
    content = _trimmed(content)
    if _is_unicode_after_all(content):
        return Xml(_parsed(content.decode()))
    try:
        return Xml(_parse(content))
    except etree.XMLSyntaxError as error:
        if error.code not in _WRONG_ENCODING:  # type: ignore[attr-defined]  # stubs lack it
            raise UnreadableDispatch("xml-damaged", line=error.lineno or 1) from error
    decoded = decode(content)
    return Xml(_parsed(decoded.text), decoded)


def _is_unicode_after_all(content: bytes) -> bool:
    """Whether UTF-8 bears another name, as what was pasted or saved anew under its old first line
    does: bytes of Latin 1 or a code page are never right UTF-8 by chance, of a Chinese one they
    may be."""
    declared = _DECLARED.match(content)
    if declared is None or content.isascii():
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _parsed(text: str) -> etree._Element:
    """Raises UnreadableDispatch."""
    content = _DECLARATION.sub("", text, count=1).encode("utf-8", errors="ignore")
    try:
        return _parse(content, "utf-8")
    except etree.XMLSyntaxError as error:
        raise UnreadableDispatch("xml-damaged", line=error.lineno or 1) from error


def mended(content: bytes) -> bytes:
    """Return damaged XML as the well-formed XML that its beginning or most of it amounts to.

    b"" where nothing can be made of it.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(_named_as_numbers(_trimmed(content)), parser)
    except (etree.XMLSyntaxError, ValueError):
        return b""
    return b"" if root is None else etree.tostring(root)


# Bytes that the declared encoding cannot hold; an encoding that libxml2 does not know.
_WRONG_ENCODING = frozenset(
    int(code)
    for code in (
        etree.ErrorTypes.ERR_INVALID_ENCODING,
        etree.ErrorTypes.ERR_INVALID_CHAR,
        etree.ErrorTypes.ERR_UNKNOWN_ENCODING,
        etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    )
)


def _parse(content: bytes, encoding: str | None = None) -> etree._Element:
    parser = etree.iterparse(
        BytesIO(_named_as_numbers(content)),
        events=("start", "end"),
        remove_comments=True,
        remove_pis=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding=encoding,
    )
    depth = count = 0
    for event, element in parser:
        if event == "start":
            depth += 1
            count += 1
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise UnreadableDispatch("xml-too-deep", levels=MAX_DEPTH)
        else:
            depth -= 1
            if element.tag[0] == "{":
                element.tag = etree.QName(element).localname
    root: etree._Element = parser.root
    return root


def _trimmed(content: bytes) -> bytes:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")


def _named_as_numbers(content: bytes) -> bytes:
    """HTML's names (`&eacute;`) as numbers: wires use them without the DTD that declares them."""
    return _NAMED.sub(_number, content) if b"&" in content else content


def _number(match: re.Match[bytes]) -> bytes:
    if match[1] in _XML_NAMES:
        return match[0]
    known = html5.get(match[1].decode() + ";")
    return match[0] if known is None else "".join(f"&#{ord(c)};" for c in known).encode()


def text_of(element: etree._Element | None) -> str:
    """Return the words of `element`: paragraphs apart by an empty line, cells by a tab."""
    if element is None:
        return ""
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(_pieces(element)))
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r" {2,}", " ", text)).strip()
    return _PARAGRAPH.join(map(_rejoined, text.split(_PARAGRAPH)))


def _rejoined(paragraph: str) -> str:
    """Without the `<br>` in mid-sentence with which some wires break every line."""
    lines = paragraph.split(_BREAK)
    joined = lines[0]
    for before, line in pairwise(lines):
        goes_on = len(before) >= _WRAPPED and not before.endswith(_ENDS)
        joined += (" " if goes_on else _BREAK) + line
    return joined


def line_of(element: etree._Element | None) -> str:
    """Return the words of `element` on one line."""
    return " ".join(text_of(element).split())


def _pieces(element: etree._Element) -> Iterator[str]:
    tag = element.tag
    if tag is etree.Entity:
        yield unescape(element.text or "")  # "&eacute;" in UTF-16; another name stays as it is
        return
    if not isinstance(tag, str) or tag.lower() in _SILENT:
        return
    tag = tag.lower()
    edge = _PARAGRAPH if tag in _BLOCKS else ""
    yield edge
    if tag == "br":
        yield _BREAK
    yield _flowing(element.text, tag)
    for child in element:
        yield from _pieces(child)
        yield _flowing(child.tail, tag)
    yield "\t" if tag in _CELLS else edge


def _flowing(text: str | None, tag: str) -> str:
    if not text or tag == "pre":
        return text or ""
    if text.count("\n") > 2 and _is_teletype(text):
        text = re.sub(r"\n(?:[ \t]*\n|(?=[ \t]{2}))", _PARAGRAPH, text)
        return _PARAGRAPH.join(" ".join(part.split()) for part in text.split(_PARAGRAPH))
    return re.sub(r"[ \t\r\n]+", " ", text)


def _is_teletype(text: str) -> bool:
    """Lines broken by hand, those that begin a paragraph indented, the others at the margin.

    Some wires put a whole dispatch into one `<p>` like that. Markup that is indented for the eye
    has no line at the margin.
    """
    lines = [line for line in text.split("\n")[1:] if line.strip()]
    indented = sum(line.startswith(("  ", "\t")) for line in lines)
    return 0 < indented < len(lines)


def html_text(markup: str) -> str:
    """Return the words of a piece of HTML, such as the body of a mail or of a feed's entry."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        parser = lxml_html.HTMLParser(huge_tree=True)
        root = lxml_html.fragment_fromstring(markup, create_parent="div", parser=parser)
    except (etree.LxmlError, ValueError):  # nothing but comments, or a NUL
        return ""
    if depth_of(root) > _DEEP_HTML:  # nobody wrote that: the words, without their paragraphs
        return " ".join(root.text_content().split())
    return text_of(root)


def depth_of(root: etree._Element) -> int:
    """Return how many levels are under `root`, itself included."""
    deepest = level = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest
