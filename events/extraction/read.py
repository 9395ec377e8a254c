"""Text to Document: where the dateline, captions, advisory lines, body and credit lie.

Nothing is cut: every part is a span of the stored text. The words that tell an agency's name or
a caption from prose are the same in all languages of the wires, so they stand here and not in a
lexicon: what is read is layout and proper names.
"""

from __future__ import annotations

import re

from events.extraction.annotations import Dateline, Document, Span

# Agencies sign with these names everywhere, in brackets or after a dash.
_AGENCY = (
    r"AFP|Agence France[- ]Presse|Reuters|REUTERS|AP|Associated Press|dpa|DPA|ats|ATS|ANSA|EFE|"
    r"Belga|BELGA|VNA|TASS|Tass|Kyodo|Xinhua|XINHUA|PA|UPI|CVN|LUSA|Lusa|APA|APS|TAP|MAP|ANP|"
    r"Anadolu|AA|PAP|keystone-ats|Keystone-ATS|La Presse Canadienne|awp|ots|NOVOSTI|Interfax"
)
# How an agency is called, whatever the case in which it signs.
_CALLED = {"agence france presse": "AFP", "associated press": "AP", "أ ف ب": "AFP"}
_NAMES = {
    name.replace("-", " ").casefold(): name
    for name in reversed(_AGENCY.replace("[- ]", " ").split("|"))
}
_NAMED = re.compile(rf"(?P<agency>\b(?i:{_AGENCY})\b|أ ف ب)")
_SIGNATURE = re.compile(rf"^[-(\s©/]{{0,4}}(?P<agency>(?:{_AGENCY})\b)", re.MULTILINE)
_AGENCIES = rf"(?:{_AGENCY})(?:\s?[/,+-]\s?(?:{_AGENCY}|afp|reu|dpa|ap|ats)){{0,3}}"
# What stands before the agency or the dash. All quantifiers are bounded: reading is linear.
_BRACKETED = r"\((?:[^()\n]){2,40}\)"
_DASH = r"[-–—_]{1,2}"
_SIGNED = re.compile(
    rf"(?P<head>[^()\n–—]{{0,60}}(?:{_BRACKETED}[^()\n–—]{{0,40}})?)"
    rf"\((?P<agency>{_AGENCIES}|(?i:{_AGENCY})(?:\s(?i:{_AGENCY}))?|أ ف ب)\)"
    rf"(?:\s{{0,2}}(?:{_DASH}|:))?\s{{0,2}}"
)
_SPACED_DASH = re.compile(rf"\s{_DASH}\s{{1,2}}(?=\S)")
_PLAIN = re.compile(
    rf"(?P<head>[^()\n–—]{{3,60}}?(?:{_BRACKETED})?[^()\n–—]{{0,20}}?)"
    rf"(?:\s(?P<agency>{_AGENCY}))?\s{{1,2}}{_DASH}\s{{1,2}}(?=\S)"
)
_MONTH_WORD = r"[^\W\d_]{3,10}\.?"
_DATE = re.compile(
    rf"\d{{1,2}}(?:[^\W\d_]{{1,2}})?\s{_MONTH_WORD}(?:\s[\dO]{{4}})?"
    rf"|{_MONTH_WORD}\s\d{{1,2}}(?:[^\W\d_]{{2}})?(?:,?\s\d{{4}})?"
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}"
)
_LONE_DAY = re.compile(r",\s(?P<day>[^\W\d_]{4,10})\s{0,2}")  # "MOSCOW, Monday"
_PLACE = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ’'./-](?=\w)){1,50}")
_DATELINE_LINES = 6  # a headline, a kicker, an advisory may come before it
_CREDIT = re.compile(
    rf"(?:[-(\s©/]{{0,4}}(?:{_AGENCIES}|(?i:{_AGENCY})(?:/(?i:{_AGENCY})){{1,4}})[)\s.-]{{0,4}}"
    r"|[a-z]{2,5}(?:-[a-z]{2,5}){0,3}(?:/[a-z]{2,5}){1,4}"  # initials: bur-mad/cc/it
    r"|[A-Z]{2,5}(?:/[A-Z]{2,5}){1,4}(?: [A-Z]/)?"
    r"|-?[A-Z]{2,5} \d{6} [A-Z]{3} \d{2}"  # AFP 161348 AOU 86
    r"|-\s?[A-Z]{3,4}"
    r"|© ?(?:\d{4} )?[\w -]{2,40})"
)
_CAPTION_END = re.compile(r"\s[|]\s*$|\((?:Photo|PHOTO|photo)[^()\n]{0,60}\)\s*$")
_CAPTION_START = re.compile(r"(?:Photo|PHOTO|Légende|Caption)\s?:")


def read(text: str) -> Document:
    """Return where the parts of `text` lie. The body runs from after the dateline to the credit.

    Headlines before the dateline are in the body too: they may tell events. Only what frames the
    text (dateline, captions, credit) is told apart.
    """
    lines = _lines(text)
    dateline = _find_dateline(text, lines)
    captions = tuple(_captions(text, lines))
    credit = _find_credit(text, lines)
    start, end = 0, len(text) if credit is None else credit.start
    if dateline is not None and not text[: dateline.span.start].strip():
        start = dateline.span.end
    return Document(text, Span(start, max(start, end)), dateline, captions, credit)


def signed_by(document: Document) -> str:
    """The agency that vouches for a text: of its dateline, else the first of its credit; or ""."""
    dateline, credit, text = document.dateline, document.credit, document.text
    if dateline is not None and dateline.agency is not None:
        found = _NAMED.search(text, *dateline.agency)
    else:
        found = _SIGNATURE.search(text, *credit) if credit is not None else None
    if found is None:
        return ""
    name = " ".join(found["agency"].replace("-", " ").casefold().split())
    return _CALLED.get(name) or _NAMES[name]


def _lines(text: str) -> list[Span]:
    """The lines that hold anything, without the spaces around them."""
    spans = []
    position = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = position + line.index(stripped[0])
            spans.append(Span(start, start + len(stripped)))
        position += len(line)
    return spans


def _find_dateline(text: str, lines: list[Span]) -> Dateline | None:
    unsure: Dateline | None = None  # "CORRECTION - …" looks like "PARIS - …"
    for number, line in enumerate(lines[:_DATELINE_LINES]):
        limit = min(line.end, line.start + 160)
        # Most lines lack the bracket or the dash, and need not be tried at length.
        bracketed = text.find("(", line.start, limit) >= 0
        match = _SIGNED.match(text, line.start, limit) if bracketed else None
        if match is not None:
            return _dateline(text, match)
        dashed = _SPACED_DASH.search(text, line.start, limit)
        match = _PLAIN.match(text, line.start, limit) if dashed else None
        if match is not None:
            found = _dateline(text, match)
            # Without an agency, only a date, capitals or the very first words tell a dateline.
            place = found.place.of(text) if found.place else ""
            if found.date is not None or found.agency is not None:
                return found
            if number == 0 and place and (place.isupper() or match["head"].strip() == place):
                unsure = found
        match = _DATE.fullmatch(text, line.start, line.end)
        if match is not None and number:  # a line of its own under the headline
            return Dateline(line, None, line, None)
    return unsure


def _dateline(text: str, match: re.Match[str]) -> Dateline:
    start, end = match.span("head")
    day = _DATE.search(text, start, end)
    date = None if day is None else Span(*day.span())
    if date is None:
        lone = _LONE_DAY.search(text, start, end)
        if lone is not None and lone.end() == end and match["agency"]:
            date = Span(*lone.span("day"))
    place = _PLACE.match(text, start, end if date is None else date.start)
    agency = Span(*match.span("agency")) if match["agency"] else None
    return Dateline(
        Span(*match.span()),
        Span(*place.span()) if place else None,
        date,
        agency,
    )


def _captions(text: str, lines: list[Span]) -> list[Span]:
    """Lines that a page prints beside the picture: closed by a bar, or labeled as a photograph."""
    return [
        line
        for line in lines[:_DATELINE_LINES]
        if _CAPTION_END.search(text, line.start, line.end)
        or _CAPTION_START.match(text, line.start)
    ]


def _find_credit(text: str, lines: list[Span]) -> Span | None:
    """The closing lines that hold nothing but agencies, initials and a trailer."""
    first = None
    for line in reversed(lines[-4:]):
        if _CREDIT.fullmatch(text, line.start, line.end) is None:
            break
        first = line.start
    return None if first is None else Span(first, len(text.rstrip()))
