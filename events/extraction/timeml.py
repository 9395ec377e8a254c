"""Time expressions as TimeML 1.2, and in the value conventions of other annotated corpora.

Researchers score taggers with their own tools: `to_timeml` writes what those read. Corpora differ
in what they count as an expression and how they write its value; a style translates our values
into theirs after the fact, so that no rule has to bend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from events.extraction.annotations import CreationTime, NormalizedTimex

_UNKNOWN_DAY = "XXXX-XX-XX"
_MODS = {"start": "START", "mid": "MID", "end": "END"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# --- styles ------------------------------------------------------------------------------------
def _french_timebank(timexes: Sequence[NormalizedTimex], text: str) -> list[NormalizedTimex]:
    """As French TimeBank 1.1: no ages, references are times, decades have four places."""
    styled = []
    for timex in timexes:
        said = dict(timex.timex.fields)
        if "age" in said:
            continue
        if timex.value.endswith("_REF"):
            styled.append(_as_reference(timex, timex.value))
        elif said.get("deictic") == "0" and "part" not in said and _stands_apart(timex, text):
            styled.append(_as_reference(timex, "PRESENT_REF"))  # "Aujourd'hui, …": nowadays
        elif re.fullmatch(r"\d{2,3}", timex.value):
            styled.append(replace(timex, value=timex.value.ljust(4, "X")))
        else:
            styled.append(timex)
    return styled


def _as_reference(timex: NormalizedTimex, value: str) -> NormalizedTimex:
    return replace(timex, value=value, timex=replace(timex.timex, type="TIME"))


def _stands_apart(timex: NormalizedTimex, text: str) -> bool:
    """Whether it opens its sentence, or follows a comma, and a comma follows it."""
    span = timex.timex.span
    before, after = text[: span.start].rstrip()[-1:], text[span.end : span.end + 1]
    return after == "," and before in {"", ".", ",", "!", "?", "\n", "»", "…"}


Style = Callable[[Sequence[NormalizedTimex], str], list[NormalizedTimex]]
STYLES: Mapping[str, Style] = {
    "frise": lambda timexes, _text: list(timexes),
    "timeml-frtb": _french_timebank,
}


def styled(timexes: Sequence[NormalizedTimex], text: str, style: str) -> list[NormalizedTimex]:
    """Return the expressions in the conventions of `style`, one of STYLES.

    Raises ValueError for a style that is not known.
    """
    if style not in STYLES:
        raise ValueError(f"unknown style {style!r}: one of {', '.join(STYLES)}")
    return STYLES[style](timexes, text)


# --- TimeML ------------------------------------------------------------------------------------
def to_timeml(
    name: str, text: str, dct: CreationTime, timexes: Sequence[NormalizedTimex]
) -> str:
    """Return a TimeML document: t0 is the creation time, t1, t2 … the expressions in order.

    An unknown or impossible date has the value "XXXX-XX-XX". Characters that XML cannot hold are
    left out of the text.
    """
    ordered = sorted(timexes, key=lambda t: t.timex.span)
    parts, at = [], 0
    for number, timex in enumerate(ordered, start=1):
        span = timex.timex.span
        parts.append(_escaped(text[at : span.start]))
        attributes = _attributes(timex, number, ordered)
        parts.append(_element(attributes, _escaped(span.of(text))))
        at = span.end
    parts.append(_escaped(text[at:]))
    created = _element(
        {
            "tid": "t0",
            "type": "DATE",
            "value": dct.value or _UNKNOWN_DAY,
            "temporalFunction": "false",
            "functionInDocument": "CREATION_TIME",
        },
        _escaped(dct.value or ""),
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<TimeML xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:noNamespaceSchemaLocation="http://timeml.org/timeMLdocs/TimeML_1.2.1.xsd">\n'
        f"<DOCID>{_escaped(name)}</DOCID>\n<DCT>{created}</DCT>\n"
        f"<TEXT>{''.join(parts)}</TEXT>\n</TimeML>\n"
    )


def _attributes(
    timex: NormalizedTimex, number: int, ordered: Sequence[NormalizedTimex]
) -> dict[str, str]:
    said = dict(timex.timex.fields)
    anchor = _anchor(timex, number, ordered)
    attributes = {
        "tid": f"t{number}",
        "type": timex.timex.type,
        "value": timex.value or _UNKNOWN_DAY,
        "temporalFunction": "true" if anchor else "false",
        "functionInDocument": "NONE",
    }
    mod = _MODS.get(said.get("mod", "")) or ("APPROX" if "approx" in said else "")
    if mod:
        attributes["mod"] = mod
    if anchor and timex.timex.type == "DURATION":  # "two days before Christmas" ends on it
        later = str(timex.start) > dict(timex.reason.values)["day"]
        attributes["beginPoint" if later else "endPoint"] = anchor
    elif anchor:
        attributes["anchorTimeID"] = anchor
    if timex.timex.type == "SET":
        attributes["quant"] = "EVERY"
    return attributes


def _anchor(timex: NormalizedTimex, number: int, ordered: Sequence[NormalizedTimex]) -> str:
    """The id of what it counts from: the creation time, or an expression told elsewhere."""
    values = dict(timex.reason.values)
    if "dct" in values:
        return "t0"
    day, source = values.get("day"), values.get("source")
    if day is None:
        return ""
    nearby = [*range(number - 1, 0, -1)]
    if timex.reason.code == "timex-counted":
        nearby = [*range(number + 1, min(number + 3, len(ordered) + 1)), *nearby]
    for other in nearby:
        told = ordered[other - 1]
        if told.timex.text == source and told.value[:10] == day:
            return f"t{other}"
    return ""


def _element(attributes: Mapping[str, str], content: str) -> str:
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<TIMEX3 {written}>{content}</TIMEX3>"


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
