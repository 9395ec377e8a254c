"""IPTC 7901 and ANPA 1312, heirs of the teletype: dpa, ATS, Kyodo, AP.

A dispatch is framed: SOH, header, STX, text, ETX, trailer. Only the trailer has a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from events.readers import wire
from events.readers.dates import moment
from events.readers.encoding import decode
from events.readers.reading import Reading

MEDIA_TYPE = "text/vnd.iptc.7901"
_SOH, _STX, _ETX, _EOT = "\x01", "\x02", "\x03", "\x04"
_HEADER = re.compile(
    r"\s{0,4}(?P<source>[A-Za-z]{2,8})\s?(?P<number>[0-9]{1,6})"
    r"(?:\s{1,3}(?P<priority>[1-9])\s{1,3}(?P<category>[A-Za-z]{1,3})\b)?"
)
# "091223 dec 18", "131137 GMT Nov 13": day, hour, minute, month, year.
_TRAILER = re.compile(
    r"(?P<day>[0-3][0-9])(?P<hour>[0-2][0-9])(?P<minute>[0-5][0-9])\s{1,3}"
    r"(?:(?P<zone>GMT|UTC|Z)\s{1,3})?(?P<month>[^\W\d_]{3,9})\.?\s{1,3}(?P<year>(?:19|20)?[0-9]{2})\b"
)
# "AP-NY-12-08-16 1422EST": month, day, year.
_AP_TRAILER = re.compile(r"\b(?P<month>[01][0-9])-(?P<day>[0-3][0-9])-(?P<year>[0-9]{2})\s[0-9]{4}")
# "KWS-21:37-09-12-18": hour, day, month, year.
_KYODO_TRAILER = re.compile(
    r"-[0-2][0-9]:[0-5][0-9]-(?P<day>[0-3][0-9])-(?P<month>[01][0-9])-(?P<year>[0-9]{2})\b"
)
_TRAILER_LENGTH = 200
_AP_LENGTH = 60
_HEADINGS = 6  # paragraphs among which the headline is
_NOT_TITLES = ("BC-", "By ", "Von ", "Par ", "Eds:", "AP Photo")
_TYPESETTING = re.compile("[\x0e-\x1f]")
_WRAPPED = 45  # characters; teletype lines are 60 to 70, a shorter one ends its paragraph


def recognizes(content: bytes, name: str) -> bool:
    del name
    return content[:64].lstrip(b"\x00\x16\r\n ").startswith(b"\x01") and b"\x02" in content[:4096]


def read(content: bytes, name: str) -> list[Reading]:
    """Return each framed dispatch. Raises UnreadableDispatch: wire-no-text, file-binary."""
    del name
    decoded = decode(content.replace(b"\x16", b"").replace(b"\x00", b""))
    readings = [_item(frame) for frame in decoded.text.split(_SOH)[1:] if _STX in frame]
    return wire.with_text(readings, decoded)


def _item(frame: str) -> Reading:
    head, _, rest = frame.partition(_STX)
    written, _, after = rest.partition(_ETX)
    header = _HEADER.match(head)
    # AP closes its text with the trailer, before ETX.
    filed = _filed(after.partition(_EOT)[0][:_TRAILER_LENGTH]) or _filed(written[-_AP_LENGTH:])
    paragraphs = list(_paragraphs(written))
    number = f"{header['source'].lower()}{header['number']}" if header else ""
    return Reading(
        text="\n\n".join(paragraphs),
        media_type=MEDIA_TYPE,
        title=_title(paragraphs),
        published=filed.date() if filed else None,
        source=header["source"].lower() if header else "",
        # Numbers begin again each day: without the day they identify nothing.
        guid=f"iptc7901:{number}:{filed.date()}" if header and filed else "",
        filed_at=filed,
        advisory=next((one for one in paragraphs[:8] if one.startswith("Eds:")), ""),
        urgency=wire.urgency_of(header["priority"] if header else ""),
    )


def _title(paragraphs: list[str]) -> str:
    """The headline: often closed by "=" or "+", after a line of keywords and notes in capitals."""
    heads = [
        one
        for one in paragraphs[:-1][:_HEADINGS]
        if not (one.isupper() or one.endswith("/") or one.startswith(_NOT_TITLES))
    ]
    closed = [one for one in heads if one.endswith(("=", "+"))]
    return (closed or heads or [""])[0].rstrip("=+ ")


def _filed(trailer: str) -> datetime | None:
    if found := _TRAILER.search(trailer):
        year = found["year"] if len(found["year"]) == 4 else _century(found["year"])
        zone = " GMT" if found["zone"] else ""
        clock = f"{found['hour']}:{found['minute']}"
        return moment(f"{found['day']} {found['month']} {year} {clock}{zone}")
    if found := _AP_TRAILER.search(trailer) or _KYODO_TRAILER.search(trailer):
        return moment(f"{_century(found['year'])}-{found['month']}-{found['day']}")
    return None


def _century(year: str) -> str:
    return f"19{year}" if int(year) >= 70 else f"20{year}"


def _paragraphs(text: str) -> Iterator[str]:
    """Undo the line breaks of the teletype.

    An indented line begins anew, and so does one after a short one; a heading of several lines
    ends with "=".
    """
    for block in _blocks(text):
        heading = next((n for n, line in enumerate(block[:3]) if line.rstrip().endswith("=")), -1)
        current = ""
        for number, line in enumerate(block):
            marked = line.startswith("^") or number == heading + 1
            after_short = number > 0 and len(block[number - 1]) < _WRAPPED
            indented = line.startswith(("  ", "\t"))
            if current and (marked or (number > heading and (indented or after_short))):
                yield current
                current = ""
            words = line.strip(" \t^<>")
            current = f"{current} {words}" if current else words
        if current:
            yield current


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines between empty ones, without the marks that set type."""
    block: list[str] = []
    for line in _TYPESETTING.sub("", text).splitlines():
        if line.strip(" \t^<>"):
            block.append(line.rstrip())
        elif block:
            yield block
            block = []
    if block:
        yield block
