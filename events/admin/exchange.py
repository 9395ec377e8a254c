"""Actors and places as files: what their columns mean, and when a row is refused.

A row is known again by its name, whatever its case and accents (a place by its country too), so
that the same file may be taken in twice and a spreadsheet needs no ids. A city and a country of one
name are told apart by their kinds, two Congos by their register. Other names stand in one cell,
with a bar between them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from defusedcsv import csv
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import fields, resources, widgets
from import_export.formats.base_formats import CSV, JSON

from events import recording, reference, tables
from events.models import Actor, Place, PlaceKind
from events.readers.encoding import decode
from events.withheld import names_in_force

BAR = "|"
MOST_ROWS = 2000  # of a file that is taken in: SQLite has one writer at a time
CHUNK = 500  # names that are asked for at once


class TooManyRows(Exception):  # noqa: N818 - nothing of ours failed
    """A file to be taken in piece by piece; says so."""


def capped(dataset: Any) -> Any:
    """Return the rows of a file. Raises TooManyRows: all are written in one transaction."""
    if len(dataset) > MOST_ROWS:
        told = _("This file has more than %(most)s rows: cut it in pieces.")
        raise TooManyRows(told % {"most": MOST_ROWS})
    return dataset


class SafeCSV(CSV):  # type: ignore[misc]  # an untyped library
    """CSV that a spreadsheet opens without running anything, with the mark that Excel needs."""

    def export_data(self, dataset: Any, **kwargs: Any) -> str:
        written = io.StringIO()
        writer = csv.writer(written)
        writer.writerow(dataset.headers)
        writer.writerows(dataset[row] for row in range(len(dataset)))
        return "\ufeff" + written.getvalue()

    def is_binary(self) -> bool:
        return True  # who saved it chose the encoding

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Any:
        text = decode(in_stream).text.removeprefix("\ufeff")
        return capped(super().create_dataset(text, delimiter=tables.mark_of(text), **kwargs))


class CappedJSON(JSON):  # type: ignore[misc]  # an untyped library
    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Any:
        return capped(super().create_dataset(in_stream, **kwargs))

    def get_title(self) -> str:
        return "json"


FORMATS = [SafeCSV, CappedJSON]
# What stands in each column, for whoever writes such a file.
COLUMNS = {
    "name": gettext_lazy("as it is shown"),
    "kind": gettext_lazy(
        "of a place: point, district, city, region, country; "
        "of an actor: person, organisation, group, government, other, or nothing"
    ),
    "country": gettext_lazy("its code of ISO 3166-1: FR, SY; nothing where there is none"),
    "within": gettext_lazy("the city or the region that holds it, or nothing"),
    "aliases": gettext_lazy("its other names, with a bar between them: Raqa | Ar-Raqqah"),
    "latitude": gettext_lazy("in degrees, north positive"),
    "longitude": gettext_lazy("in degrees, east positive"),
    "geonames": gettext_lazy("its number in GeoNames, or nothing"),
    "register": gettext_lazy("what tells homonyms apart, as it stands in a file from here"),
    "wikidata": gettext_lazy("its identifier in Wikidata, Q1065, or nothing"),
}


class Words(widgets.CharWidget):  # type: ignore[misc]  # an untyped library
    """Text without white space around it; `null` is no text."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return tables.plain(" ".join(str("" if value is None else value).split()))


class Names(widgets.Widget):  # type: ignore[misc]  # an untyped library
    """Several names in one cell; a list in JSON does as well."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        if isinstance(value, str) or value is None:
            value = tables.plain(value or "").replace("\\" + BAR, BAR).split(BAR)
        if not isinstance(value, list):
            raise ValueError(_("Names stand in one cell, with a bar between them."))
        try:
            return reference.tidy(value)
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from error

    def render(self, value: Iterable[str] | None, obj: Any = None, **kwargs: Any) -> str:
        return f" {BAR} ".join(value or ())


class Number(widgets.FloatWidget):  # type: ignore[misc]  # an untyped library
    """A decimal number, with a comma or a point."""

    kind: type[float] | type[int] = float

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> float | None:
        if value is None or str(value).strip() == "":
            return None
        try:
            return self.kind(str(value).strip().replace(",", "."))
        except ValueError:
            raise ValueError(_("“%(value)s” is no number.") % {"value": value}) from None


class Whole(Number):
    kind = int


class Difference(resources.Diff):  # type: ignore[misc]  # an untyped library
    """Old and new value of each cell, marked by elements: our pages allow no style in them."""

    def as_html(self) -> list[SafeString]:
        return [
            self._marked("" if self.new else str(old), str(new))
            for old, new in zip(self.left, self.right, strict=True)
        ]

    @staticmethod
    def _marked(old: str, new: str) -> SafeString:
        if old == new:
            return format_html("{}", new)
        gone = format_html("<del>{}</del> ", old) if old else ""
        return format_html("{}<ins>{}</ins>", gone, new) if new else format_html("{}", gone)


@contextmanager
def told_of(column: str) -> Iterator[None]:
    """Put what is wrong under the name of a column."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({column: error.messages}) from error


def batched(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


class Exchange(resources.ModelResource):  # type: ignore[misc]  # an untyped library
    """What actors and places have in common."""

    name = fields.Field("name", "name", Words())
    aliases = fields.Field("aliases", "aliases", Names())

    @classmethod
    def get_diff_class(cls) -> type[Difference]:
        return Difference

    def filter_export(self, queryset: QuerySet[Any], **kwargs: Any) -> QuerySet[Any]:
        """A name that means another one is among the aliases of that one."""
        return queryset.filter(same_as=None)

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Find all rows of the file at once."""
        self.withheld = names_in_force()
        self.known: dict[tuple[str, ...], Any] = {}
        names = {self.identity(row)["folded"] for row in dataset.dict}
        for some in batched(sorted(names), CHUNK):
            for found in self._meta.model.objects.filter(folded__in=some).select_related("same_as"):
                self.known[self.key(found)] = found

    def key(self, subject: Any) -> tuple[Any, ...]:
        raise NotImplementedError

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Any:
        return self.known.get(self.key_of(row))

    def key_of(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(self.identity(row).values())

    def identity(self, row: dict[str, Any]) -> dict[str, str]:
        name = self.fields["name"].clean(row) if "name" in row else ""
        return {"folded": recording.folded(name or "")[: reference.LONGEST]}

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        before = list(instance.aliases)
        super().import_instance(instance, row, **kwargs)
        for name, found in self.identity(row).items():
            setattr(instance, name, found)
        if not instance.name:
            raise ValidationError({"name": _("A row needs a name.")})
        if instance.same_as_id:
            told = _("This is another name of “%(name)s”: write it among its aliases.")
            raise ValidationError({"name": told % {"name": instance.same_as}})
        with told_of("name"):
            reference.tidy([instance.name])
            reference.check_shown([instance.name], self.withheld)
        if instance.pk is None or instance.aliases != before:
            with told_of("aliases"):
                reference.check_shown(instance.aliases, self.withheld)

    def after_save_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        self.known[self.key(instance)] = instance
        if self.fields["aliases"].column_name in row:
            with told_of("aliases"):
                reference.set_aliases(instance, instance.aliases)


class ActorExchange(Exchange):
    kind = fields.Field("kind", "kind", Words())
    register = fields.Field("register", "register", Words())
    qid = fields.Field("qid", "wikidata", Words())

    class Meta:
        model = Actor
        fields = ("name", "kind", "aliases", "register", "qid")
        import_id_fields = ("name",)
        skip_unchanged = True
        clean_model_instances = True

    def key(self, subject: Any) -> tuple[Any, ...]:
        return (subject.folded, subject.register)

    def identity(self, row: dict[str, Any]) -> dict[str, str]:
        if "register" in row:
            register = Words().clean(row["register"])
        else:
            register = recording.register_named(Words().clean(row.get("name")))
        return {**super().identity(row), "register": register}

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        reference.check_actor(instance)


class PlaceExchange(Exchange):
    kind = fields.Field("kind", "kind", Words())
    country = fields.Field("country", "country", Words())
    within = fields.Field("within", "within", Words())
    latitude = fields.Field("latitude", "latitude", Number())
    longitude = fields.Field("longitude", "longitude", Number())
    geonames = fields.Field("geonames", "geonames", Whole())

    class Meta:
        model = Place
        fields = (
            "name", "kind", "country", "within", "aliases", "latitude", "longitude", "geonames",
        )  # fmt: skip
        import_id_fields = ("name",)
        skip_unchanged = True
        clean_model_instances = True

    def key(self, subject: Any) -> tuple[Any, ...]:
        return (subject.folded, subject.country, subject.is_country)

    def key_of(self, row: dict[str, Any]) -> tuple[Any, ...]:
        return (*super().key_of(row), Words().clean(row.get("kind")) == PlaceKind.COUNTRY)

    def identity(self, row: dict[str, Any]) -> dict[str, str]:
        country = Words().clean(row.get("country")).upper()
        return {**super().identity(row), "country": country}

    def import_instance(self, instance: Any, row: dict[str, Any], **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        reference.check_place(instance)
