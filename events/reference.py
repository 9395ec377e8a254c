"""What a person may write of actors, places and sources: other names, kinds, where they lie.

Each other name of an actor or a place is a row of its own that points to the one that is meant
(`same_as`), by which `recording` goes when the machine reads that name in a dispatch.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from babel import Locale
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import recording
from events.curation.values import clean_name
from events.models import Actor, Dispatch, Feed, Place, PlaceKind, Source

Subject = TypeVar("Subject", Actor, Place)
LONGEST = 200  # characters of a folded name, as the columns have it
# What an actor may be, as `events.extraction` says it.
ACTOR_KINDS = {
    "person": gettext_lazy("person"),
    "organisation": gettext_lazy("organisation"),
    "group": gettext_lazy("group"),
    "government": gettext_lazy("government"),
    "other": gettext_lazy("other"),
}


def tidy(names: Iterable[str]) -> list[str]:
    """Return the names as they are kept: no empty ones, none twice, no white space around.

    Raises ValidationError if one is too long, or withheld from readers.
    """
    found = dict.fromkeys(" ".join(str(name).split()) for name in names)
    found.pop("", None)
    return [clean_name(name) for name in found]


def check_aliases(subject: Subject, names: Iterable[str]) -> None:
    """Raise ValidationError if one of `names` is the name of another actor or place."""
    for name in names:
        other = _row(subject, recording.folded(name))
        if other is None or other.pk == subject.pk:
            continue
        if other.same_as_id is None or other.same_as_id != subject.pk:
            told = _("“%(name)s” is the name of another one: make the two one instead.")
            raise ValidationError(told % {"name": name})


def set_aliases(subject: Subject, names: Iterable[str]) -> None:
    """Make `names`, and no others, the other names of a saved actor or place.

    Raises ValidationError as `check_aliases` does.
    """
    names = tidy(names)
    with transaction.atomic():
        check_aliases(subject, names)
        wanted = {recording.folded(name): name for name in names}
        wanted.pop(subject.folded, None)  # another spelling of its own name needs no row
        for other in subject.other_names.all():
            if wanted.pop(other.folded, None) is None:
                _let_go(other)
        for folded, name in wanted.items():
            _point(subject, name, folded)
        subject.aliases = names
        subject.save(update_fields=["aliases"])


def unite_sources(kept: Source, others: Iterable[Source]) -> int:
    """Make one source of several: their dispatches, feeds and names become those of `kept`.

    Returns how many dispatches moved.
    """
    moved = 0
    with transaction.atomic():
        names = list(kept.aliases)
        for other in others:
            moved += Dispatch.objects.filter(source=other).update(source=kept)
            Feed.objects.filter(source=other).update(source=kept)
            names += [other.name, *other.aliases]
            other.delete()
        kept.aliases = [name for name in tidy(names) if name != kept.name]
        kept.save(update_fields=["aliases"])
    return moved


def check_actor(actor: Actor) -> None:
    """Raise ValidationError, under the field's name, for a kind or an identifier that is none."""
    problems = {}
    if actor.kind and actor.kind not in ACTOR_KINDS:
        problems["kind"] = _one_of(ACTOR_KINDS)
    if actor.qid and not (actor.qid[0] == "Q" and actor.qid[1:].isdecimal()):
        problems["qid"] = _("An identifier of Wikidata is a Q and a number.")
    if problems:
        raise ValidationError(problems)


def check_place(place: Place) -> None:
    """Raise ValidationError, under the field's name, for a place that no map has."""
    problems = {}
    if place.kind not in PlaceKind.values:
        problems["kind"] = _one_of(PlaceKind.values)
    if place.country and place.country not in _countries():
        problems["country"] = _("This is no country code of ISO 3166-1: write FR, SY, US.")
    for name, most in (("latitude", 90), ("longitude", 180)):
        degrees = getattr(place, name)
        if degrees is not None and not -most <= degrees <= most:
            problems[name] = _("Degrees lie between -%(most)s and %(most)s.") % {"most": most}
    if (place.latitude is None) != (place.longitude is None):
        problems["longitude"] = _("A point has a latitude and a longitude.")
    if problems:
        raise ValidationError(problems)


@cache
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha() and code != "ZZ")


def _one_of(known: Iterable[str]) -> str:
    return _("This is none of: %(known)s.") % {"known": ", ".join(known)}


def _row(subject: Actor | Place, folded: str) -> Any:
    """The row that has this folded name, in the same country if it is a place."""
    model: Any = type(subject)
    rows = model.objects.filter(folded=folded)
    if isinstance(subject, Place):
        rows = rows.filter(country=subject.country)
    return rows.first()


def _let_go(other: Actor | Place) -> None:
    """Let a name stand for itself again; it goes if nobody ever did anything with it."""
    if other.acts.exists():
        other.same_as = None
        other.save(update_fields=["same_as"])
    else:
        other.delete()


def _point(subject: Actor | Place, name: str, folded: str) -> None:
    columns = {"name": name, "folded": folded, "kind": subject.kind}
    if isinstance(subject, Actor):
        Actor.objects.create(**columns, same_as=subject)
    else:
        Place.objects.create(
            **columns, country=subject.country, within=subject.within, same_as=subject
        )
