"""The fields of an event that a person may set: read, checked, written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from events import intervals, recording
from events.models import Event, EventActor, EventPlace, EventType, PlaceKind, Role, Status
from events.withheld import names_in_force

TITLE_LENGTH = 90


def value(event: Event, name: str) -> Any:
    """Return a field as acts and JSON keep it."""
    if name == "actors":
        return [[row.actor.name, row.role] for row in event.event_actors.select_related("actor")]
    if name == "places":
        rows = event.event_places.select_related("place")
        return [[row.place.name, row.place.kind, row.place.country] for row in rows]
    return getattr(event, name)


def checked(name: str, given: Any) -> Any:
    """The value of a field as it is kept. Raises ValidationError under the name of the field."""
    try:
        return _CLEAN[name](given)
    except KeyError:
        raise ValidationError({name: _("There is no such field.")}) from None
    except (ValueError, TypeError) as error:
        raise ValidationError({name: str(error)}) from error


def apply(event: Event, values: Mapping[str, Any]) -> None:
    """Set checked values, without names that are withheld; the caller saves plain columns."""
    names = names_in_force()
    for name, given in names.values(dict(values)).items():
        if name == "actors":
            linked = event.event_actors.select_related("actor")
            cast = {recording.folded(row.actor.name): row.actor for row in linked}
            linked.delete()
            EventActor.objects.bulk_create(
                [
                    EventActor(
                        event=event,
                        actor=cast.get(recording.folded(actor))
                        or recording.actor_named(actor, language=event.language),
                        role=role,
                    )
                    for actor, role in given
                ],
                ignore_conflicts=True,
            )
        elif name == "places":
            event.event_places.all().delete()
            EventPlace.objects.bulk_create(
                [
                    EventPlace(
                        event=event,
                        place=recording.place_named(place, kind=kind, country=country),
                    )
                    for place, kind, country in given
                ],
                ignore_conflicts=True,
            )
        else:
            setattr(event, name, given)
    if "edtf" in values:
        recording.place_in_time(event)


def clean_name(given: str) -> str:
    """Return a name as it is kept. Raises ValidationError if readers may not see it."""
    name = " ".join(str(given).split())
    if not 1 <= len(name) <= 200:
        raise ValidationError(_("A name has 1 to %(most)s characters.") % {"most": 200})
    if names_in_force().words(name) != name:
        raise ValidationError(_("This name is withheld from readers."))
    return name


def _clean_title(given: str) -> str:
    title = " ".join(str(given).split())
    if not 1 <= len(title) <= TITLE_LENGTH:
        raise ValueError(_("A title has 1 to %(most)s characters.") % {"most": TITLE_LENGTH})
    return title


def _clean_edtf(given: str) -> str:
    edtf = str(given).strip()
    try:
        intervals.bounds(edtf)
    except ValueError:
        raise ValueError(
            _("This is no date that can be read: write 2016-12-07, 2016-12, 2016 or 2016-12-07/…")
        ) from None
    return edtf


def _clean_time(given: str) -> str:
    known = given in {"", "MO", "MI", "AF", "EV", "NI"}
    hour, colon, minute = given.partition(":")
    clock = colon and hour.isdigit() and minute.isdigit() and len(given) == 5
    if not known and not (clock and int(hour) < 24 and int(minute) < 60):
        raise ValueError(_("Write the hour as 14:30."))
    return given


def _clean_actors(given: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[name.strip(), Role(role).value] for name, role in given if name.strip()]


def _clean_places(given: Sequence[Sequence[str]]) -> list[list[str]]:
    return [
        [name.strip(), PlaceKind(kind).value, country.strip().upper()[:2]]
        for name, kind, country in given
        if name.strip()
    ]


_CLEAN: dict[str, Callable[[Any], Any]] = {
    "title": _clean_title,
    "edtf": _clean_edtf,
    "type": lambda given: EventType(given).value,
    "status": lambda given: Status(given).value,
    "time_of_day": _clean_time,
    "actors": _clean_actors,
    "places": _clean_places,
}
