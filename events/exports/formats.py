"""The formats by name: what people call them, how they are sent, who writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events import tables
from events.exports.atom import atom
from events.exports.calendar import calendar
from events.exports.places import geojson
from events.exports.slides import timelinejs
from events.exports.table import csv, csv_semicolon, xlsx
from events.exports.view import View

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """`file` is the name under which it is saved; "" is shown where it is asked for."""

    label: str | Promise
    media_type: str
    file: str
    write: Callable[[View], Iterable[str] | Iterable[bytes]]


FORMATS: dict[str, Format] = {
    "csv": Format(_("CSV"), tables.MEDIA_TYPE, "frise.csv", csv),
    "csv-semicolon": Format(
        _("CSV with semicolons (French Excel)"), tables.MEDIA_TYPE, "frise.csv", csv_semicolon
    ),
    "xlsx": Format(_("Excel (XLSX)"), _WORKBOOK, "frise.xlsx", xlsx),
    "ics": Format(_("Calendar (ICS)"), "text/calendar; charset=utf-8", "frise.ics", calendar),
    "geojson": Format(_("Map (GeoJSON)"), "application/geo+json", "frise.geojson", geojson),
    "timelinejs": Format(_("TimelineJS"), "application/json", "frise.json", timelinejs),
    "atom": Format(_("Feed to follow (Atom)"), "application/atom+xml; charset=utf-8", "", atom),
}
