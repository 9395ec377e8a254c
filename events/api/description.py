"""The API in OpenAPI 3.1, and the same in pieces for the page that people read.

Query parameters come from the forms that read them, so that neither can drift from the other;
the shapes of answers are held against the answers by tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from events.api.problems import KINDS, MEDIA_TYPE
from events.api.statement import MOST_TEXTS, EventsForm, ItemsForm, StatementForm
from events.forms import ChoicesField, IdsField, PeriodField
from events.models import (
    Basis,
    BatchItem,
    DctBasis,
    Dispatch,
    EventType,
    Precision,
    ReviewState,
    Status,
)
from events.progress import Fate

Json = dict[str, Any]

_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer"}
_SHARE: Json = {"type": "number", "minimum": 0, "maximum": 1}
_TRUTH: Json = {"type": "boolean"}
_DAY: Json = {"type": ["string", "null"], "format": "date"}
_MOMENT: Json = {"type": "string", "format": "date-time"}
_MOMENT_OR_NONE: Json = {"type": ["string", "null"], "format": "date-time"}
_ADDRESS: Json = {"type": "string", "format": "uri"}
_ADDRESS_OR_NONE: Json = {"type": ["string", "null"], "format": "uri"}
_DEGREES: Json = {"type": ["number", "null"]}


def describe(site: str) -> Json:
    """Return the document for the site at this address, its prose in the active language."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Frise",
            "version": "1",
            "description": _("News dispatches in, dated events out."),
        },
        "servers": [{"url": site}],
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "paths": {
            "/api/dispatches": {"post": _post()},
            "/api/dispatches/{id}": {
                "get": _get(
                    "readDispatch",
                    _("A dispatch, with the days that it is of and the events that it tells"),
                    "Dispatch",
                    ["not-found", "taken-back"],
                    [_id("integer")],
                )
            },
            "/api/batches/{id}": {
                "get": _get(
                    "readBatch",
                    _("What became of all that was given in one request"),
                    "Batch",
                    ["bad-request", "no-token", "not-allowed", "not-found"],
                    [_id("string"), *_parameters(ItemsForm)],
                    needs_token=True,
                )
            },
            "/api/events": {
                "get": _get(
                    "listEvents",
                    _("The timeline: public events by filter, a page at a time, in order of days"),
                    "Events",
                    ["bad-request"],
                    _parameters(EventsForm),
                )
            },
            "/api/events/{id}": {
                "get": _get(
                    "readEvent",
                    _("An event, with the sentences that it rests on"),
                    "EventDetail",
                    ["not-found", "taken-back"],
                    [_id("integer")],
                )
            },
        },
    }


# ----------------------------------------------------------------------------------- operations


def _post() -> Json:
    taken = _answer(_("What became of each dispatch"), "TakenIn")
    return {
        "operationId": "giveDispatches",
        "summary": _("Give dispatches"),
        "description": _(
            "The body is a file of any format that can be uploaded, an archive too, with what is "
            "known of it in the address; or JSON with one text, or with a list of them. The same "
            "text is kept once, however often it comes: posting again is safe."
        ),
        "security": [{"token": []}],
        "parameters": _parameters(StatementForm),
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": _ref("Statement")},
                "*/*": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        "responses": {
            "200": taken | {"description": _("All of it was here already")},
            "201": taken | {"description": _("At least one dispatch is new")},
            "202": taken | {"description": _("It is safe, and will be read")},
            "422": taken | {"description": _("None of it could be read")},
            **_problems("bad-request", "no-token", "not-allowed", "too-large"),
        },
    }


def _get(
    name: str,
    summary: str,
    schema: str,
    problems: Sequence[str],
    parameters: Sequence[Json],
    *,
    needs_token: bool = False,
) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"token": []}] if needs_token else [{}, {"token": []}],
        "parameters": list(parameters),
        "responses": {"200": _answer(summary, schema), **_problems(*problems)},
    }


def _answer(description: str, schema: str) -> Json:
    content = {"application/json": {"schema": _ref(schema)}}
    return {"description": description, "content": content}


def _problems(*codes: str) -> Json:
    answers: Json = {}
    for code in (*codes, "too-many-requests"):
        status, title = KINDS[code]
        content = {MEDIA_TYPE: {"schema": _ref("Problem")}}
        answers[str(status)] = {"description": _(title), "content": content}
    return answers


def _id(kind: str) -> Json:
    schema = {"type": "string", "format": "uuid"} if kind == "string" else _NUMBER
    return {"name": "id", "in": "path", "required": True, "schema": schema, "description": ""}


def _parameters(form: type[forms.Form]) -> list[Json]:
    return [_parameter(name, field) for name, field in form.base_fields.items()]


def _parameter(name: str, field: forms.Field) -> Json:
    told = str(field.help_text or field.label or "")
    said: Json = {"name": name, "in": "query", "description": told, "schema": _of_field(field)}
    if isinstance(field, (ChoicesField, IdsField)):
        said |= {"style": "form", "explode": True}
    return said


def _of_field(field: forms.Field) -> Json:
    choices = [value for value, _label in getattr(field, "choices", ()) if value]
    if isinstance(field, ChoicesField):
        return {"type": "array", "items": {"type": "string", "enum": choices}}
    if choices:
        return {"type": "string", "enum": choices}
    if isinstance(field, IdsField):
        return {"type": "array", "items": _NUMBER}
    if isinstance(field, PeriodField):
        return {"type": "string", "pattern": r"^\d{4}(-\d\d){0,2}$"}
    if isinstance(field, forms.DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, forms.IntegerField):
        bounds = {"minimum": field.min_value, "maximum": field.max_value}
        return _NUMBER | {name: bound for name, bound in bounds.items() if bound is not None}
    return _TEXT


# -------------------------------------------------------------------------------------- schemas


def _schemas() -> Json:
    event = {
        "id": _NUMBER,
        "url": _ADDRESS,
        "title": _TEXT,
        "language": _TEXT,
        "date": _said(_TEXT, _("EDTF (ISO 8601-2), as exactly as it is known; empty: no date")),
        "start": _said(_DAY, _("first day; null: open or unknown")),
        "end": _said(_DAY, _("day after the last")),
        "precision": _one_of(Precision.values),
        "time_of_day": _said(_TEXT, _("hour, or a part of the day: MO, MI, AF, EV, NI")),
        "type": _one_of(EventType.values),
        "status": _one_of(Status.values),
        "review": _one_of(ReviewState.values),
        "confidence": _SHARE,
        "actors": _list(_object({"id": _NUMBER, "name": _TEXT, "role": _TEXT})),
        "places": _list(
            _object({"id": _NUMBER, "name": _TEXT, "latitude": _DEGREES, "longitude": _DEGREES})
        ),
        "sources": _list(_TEXT),
        "reports": _said(_NUMBER, _("dispatches that tell it, reprints counted once")),
    }
    evidence = {
        "sentence": _TEXT,
        "date_sentence": _said(_TEXT, _("the sentence that gives the date, if it is another one")),
        "date": _TEXT,
        "basis": _one_of(Basis.values),
        "reason": _said(_TEXT, _("why this date, in words")),
        "status": _one_of(Status.values),
        "attribution": _TEXT,
        "confidence": _SHARE,
        "source": _TEXT,
        "reprint": _TRUTH,
        "dispatch": _ADDRESS,
    }
    text = {
        "text": _TEXT,
        "name": _said(_TEXT, _("a name for people, of a file")),
    }
    known = {
        "source": _TEXT,
        "published": {"type": "string", "format": "date"},
        "language": {"type": "string", "pattern": "^[a-z]{2}$"},
        "wait": {"type": "string", "enum": ["yes", "no"]},
    }
    several = _list(_object(text, optional=("name",)))
    return {
        "Statement": {
            "oneOf": [
                _object(text | known, optional=("name", *known)),
                _object(
                    {"dispatches": several | {"minItems": 1, "maxItems": MOST_TEXTS}} | known,
                    optional=tuple(known),
                ),
            ]
        },
        "TakenIn": _object({
            "batch": _said(_ADDRESS, _("the page for people")),
            "status": _said(_ADDRESS, _("the same as JSON, and how far reading has come")),
            "items": _list(_object({
                "name": _TEXT,
                "verdict": _one_of(BatchItem.Verdict.values),
                "reason": _said(_TEXT, _("a code; empty where there is nothing to say")),
                "message": _TEXT,
                "dispatch": _ADDRESS_OR_NONE,
            })),
        }),
        "Batch": _object({
            "id": {"type": "string", "format": "uuid"},
            "page_for_people": _ADDRESS,
            "created_at": _MOMENT,
            "settled": _TRUTH,
            "canceled": _TRUTH,
            "total": _NUMBER,
            "sums": {
                "type": "object",
                "propertyNames": _one_of(list(Fate)),
                "additionalProperties": _NUMBER,
                "description": _("they add up to the total"),
            },
            "events": _NUMBER,
            "page": _NUMBER,
            "pages": _NUMBER,
            "items": _list(_object({
                "name": _TEXT,
                "fate": _one_of(list(Fate)),
                "message": _TEXT,
                "dispatch": _ADDRESS_OR_NONE,
                "events": _NUMBER,
            })),
        }),
        "Dispatch": _object({
            "id": _NUMBER,
            "url": _ADDRESS,
            "title": _TEXT,
            "text": _TEXT,
            "source": _TEXT,
            "language": _TEXT,
            "state": _one_of(Dispatch.State.values),
            "day": _said(_TEXT, _("the day of the dispatch (EDTF); empty: nobody knows it")),
            "day_basis": _one_of(DctBasis.values),
            "day_probability": _SHARE,
            "published": _DAY,
            "filed_at": _said(_MOMENT_OR_NONE, _("when the agency sent it")),
            "received_at": _MOMENT,
            "guid": _said(_TEXT, _("the same for all versions of an item")),
            "version": _TEXT,
            "replaced_by": _ADDRESS_OR_NONE,
            "reprint_of": _ADDRESS_OR_NONE,
            "notices": _list(_TEXT),
            "events": _list(_ref("Event")),
        }),
        "Events": _object({
            "total": _NUMBER,
            "undated_total": _NUMBER,
            "page": _NUMBER,
            "pages": _NUMBER,
            "next": _said(_ADDRESS_OR_NONE, _("the next page")),
            "events": _list(_ref("Event")),
            "undated": _said(
                _list(_ref("Event")), _("on the first page: events of which no day is known")
            ),
        }),
        "Event": _object(event),
        "EventDetail": _object(event | {
            "contested": _said(_TRUTH, _("reports give different dates")),
            "notices": _list(_TEXT),
            "evidence": _list(_object(evidence)),
        }),
        "Problem": _object(
            {
                "type": _ADDRESS,
                "title": _TEXT,
                "status": _NUMBER,
                "detail": _TEXT,
                "errors": {"type": "object", "additionalProperties": _list(_TEXT)},
            },
            optional=("errors",),
        ),
    }  # fmt: skip


def _object(properties: Json, optional: Sequence[str] = ()) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _one_of(values: Sequence[str]) -> Json:
    return {"type": "string", "enum": list(values)}


def _said(schema: Json, description: str) -> Json:
    return schema | {"description": description}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


# -------------------------------------------------------------------------------- for the page


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of an answer with the names of those around it ("actors.id")."""

    name: str
    kind: str
    description: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_token: bool
    parameters: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]  # status and what it means
    fields: tuple[Field, ...]  # of the answer when all goes well


def operations(document: Json) -> list[Operation]:
    """Return the operations of an OpenAPI document of ours, as the page lists them."""
    schemas = document["components"]["schemas"]
    return [
        Operation(
            id=said["operationId"],
            method=method.upper(),
            path=path,
            summary=said["summary"],
            description=said.get("description", ""),
            needs_token={} not in said["security"],
            parameters=tuple(_parameter_field(one) for one in said["parameters"]),
            answers=tuple((code, one["description"]) for code, one in said["responses"].items()),
            fields=tuple(_fields(_schema_of(said["responses"]["200"]), schemas)),
        )
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    ]


def _schema_of(response: Json) -> Json:
    schema: Json = response["content"]["application/json"]["schema"]
    return schema


def _parameter_field(said: Json) -> Field:
    schema = said["schema"]
    values = schema.get("enum") or schema.get("items", {}).get("enum", ())
    return Field(said["name"], _kind(schema), said["description"], tuple(values))


def _fields(schema: Json, schemas: Json, prefix: str = "") -> list[Field]:
    inner = schema.get("items", schema)
    name = inner.get("$ref", "").rpartition("/")[2]
    if name == "Event" and prefix:  # told once, at its own address
        return []
    inner = schemas[name] if name else inner
    found = []
    for key, one in inner.get("properties", {}).items():
        found.append(
            Field(prefix + key, _kind(one), one.get("description", ""), tuple(one.get("enum", ())))
        )
        found += _fields(one, schemas, f"{prefix}{key}.")
    return found


def _kind(schema: Json) -> str:
    kind = schema.get("type", "object")
    words = kind if isinstance(kind, str) else " | ".join(kind)
    return f"{words} ({schema['format']})" if "format" in schema else words
