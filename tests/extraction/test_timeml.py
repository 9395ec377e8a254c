"""TimeML for other people's tools, and their conventions for values."""

import json
import re
import xml.etree.ElementTree as ET  # our own output, not bytes from outside
from datetime import date
from pathlib import Path

import pytest

from events.extraction import tag_times
from events.extraction.annotations import CreationTime, Reason
from events.extraction.timeml import to_timeml

DAY = date(2016, 12, 8)
THURSDAY = CreationTime("2016-12-08", "declared", Reason("dct-declared"))


def timeml(text, dct=THURSDAY, declared=DAY):
    return ET.fromstring(to_timeml("d1", text, dct, tag_times(text, declared, "fr")))  # noqa: S314 - ours


def test_the_text_comes_out_whole_with_its_expressions_marked():
    text = "Fin novembre & < mardi, « R&D » le 30 février 2017.\x0b"
    root = timeml(text)
    assert "".join(root.find("TEXT").itertext()) == text.replace("\x0b", "")
    assert [t.text for t in root.findall("TEXT/TIMEX3")] == [
        "Fin novembre", "mardi", "le 30 février 2017",
    ]  # fmt: skip


def test_ids_anchors_and_modifiers_are_those_of_timeml():
    root = timeml("Il est parti mardi. Fin novembre, en soirée, tous les jours.")
    created = root.find("DCT/TIMEX3").attrib
    assert (created["tid"], created["value"]) == ("t0", "2016-12-08")
    assert created["functionInDocument"] == "CREATION_TIME"
    tuesday, november, evening, daily = (t.attrib for t in root.findall("TEXT/TIMEX3"))
    assert (tuesday["anchorTimeID"], tuesday["value"]) == ("t0", "2016-12-06")
    assert november["mod"] == "END"
    assert (evening["anchorTimeID"], evening["value"]) == ("t1", "2016-12-06TEV")
    assert (daily["type"], daily["quant"]) == ("SET", "EVERY")


def test_a_length_before_a_feast_ends_on_it():
    length, feast = (t.attrib for t in timeml("Deux jours avant Noël.").findall("TEXT/TIMEX3"))
    assert (length["type"], length["value"], length["endPoint"]) == ("DURATION", "P2D", "t2")
    assert feast["value"] == "2016-12-25"


def test_an_unknown_day_has_a_value_that_is_valid():
    root = timeml("Il part demain.", CreationTime(None, "none", Reason("dct-unknown")), None)
    assert root.find("DCT/TIMEX3").attrib["value"] == "XXXX-XX-XX"


def test_the_style_of_french_timebank():
    text = "Aujourd'hui, le chanteur, 74 ans, rappelle les années 60."
    own = [(t.timex.type, t.value) for t in tag_times(text, DAY, "fr")]
    theirs = [(t.timex.type, t.value) for t in tag_times(text, DAY, "fr", "timeml-frtb")]
    assert own == [("DATE", "2016-12-08"), ("DURATION", "P74Y"), ("DATE", "196")]
    assert theirs == [("TIME", "PRESENT_REF"), ("DATE", "196X")]


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="unknown style"):
        tag_times("mardi", DAY, "fr", "other")


def test_the_language_is_told_from_the_text():
    (found,) = tag_times("The president of the United States arrived in Paris on Tuesday.", DAY)
    assert found.value == "2016-12-06"


GOLD = Path(__file__).parent.parent / "evaluation" / "times.jsonl"
_DAY = r"(?:\d{4}|XXXX)(?:-(?:\d\d|XX)(?:-(?:\d\d|XX))?)?|\d{2,3}|BC\d{2,4}"
_WEEK = r"(?:\d{4}|XXXX)-W(?:\d\d|XX)(?:-(?:\d|WE))?"
_PART = r"(?:\d{4}|XXXX)-(?:SP|SU|FA|WI|Q[1-4X]|H[12X])"
_HOUR = r"T(?:\d\d:\d\d(?::\d\d)?Z?|MO|MI|AF|EV|NI|DT)"
_LENGTH = r"PT?(?:[\d.]+|X)[YMWDHS](?:T?[\d.]+[YMWDHS])*"
VALUE = re.compile(
    rf"(?:{_DAY}|{_WEEK}|{_PART})(?:{_HOUR})?|{_LENGTH}|(?:PAST|PRESENT|FUTURE)_REF"
)
ALLOWED = {
    "type": {"DATE", "TIME", "DURATION", "SET"},
    "mod": {"START", "MID", "END", "APPROX"},
    "quant": {"EVERY"},
    "temporalFunction": {"true", "false"},
    "functionInDocument": {"NONE", "CREATION_TIME"},
}
POINTS = {"anchorTimeID", "beginPoint", "endPoint"}


@pytest.mark.parametrize("line", GOLD.read_text(encoding="utf-8").splitlines())
def test_attributes_are_those_that_timeml_allows(line):
    document = json.loads(line)
    day = date.fromisoformat(document["dct"])
    dct = CreationTime(document["dct"], "declared", Reason("dct-declared"))
    found = tag_times(document["text"], day, document["lang"])
    root = ET.fromstring(to_timeml(document["id"], document["text"], dct, found))  # noqa: S314 - ours
    timexes = [t.attrib for t in root.iter("TIMEX3")]
    ids = [t["tid"] for t in timexes]
    assert len(set(ids)) == len(ids)
    for timex in timexes:
        assert VALUE.fullmatch(timex["value"]), timex
        assert timex.keys() <= {"tid", "value"} | ALLOWED.keys() | POINTS
        assert all(timex[name] in values for name, values in ALLOWED.items() if name in timex)
        assert all(timex[name] in ids for name in POINTS & timex.keys())
    assert [child.tag for child in root] == ["DOCID", "DCT", "TEXT"]
