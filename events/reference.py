"""What a person may write of actors, places and sources: other names, kinds, where they lie.

Each other name of an actor or a place is a row of its own that points to the one that is meant
(`same_as`), by which `recording` goes when the machine reads that name in a dispatch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import recording
from events.models import Actor, Dispatch, Feed, Place, PlaceKind, Source
from events.withheld import Withheld, names_in_force

Subject = TypeVar("Subject", Actor, Place)
LONGEST = 200  # characters of a name, as the columns have it
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

    Raises ValidationError if one is too long.
    """
    found = dict.fromkeys(" ".join(str(name).split()) for name in names)
    found.pop("", None)
    if any(len(name) > LONGEST for name in found):
        raise ValidationError(_("A name has 1 to %(most)s characters.") % {"most": LONGEST})
    return list(found)


def check_shown(names: Iterable[str], withheld: Withheld | None = None) -> None:
    """Raise ValidationError if readers may not see one of these names.

    `withheld` is `names_in_force()`, for whoever asks about many.
    """
    known = names_in_force() if withheld is None else withheld
    if any(known.words(name) != name for name in names):
        raise ValidationError(_("This name is withheld from readers."))


def check_aliases(subject: Subject, names: Iterable[str]) -> None:
    """Raise ValidationError if one of `names` is the name of another actor or place."""
    _rows(subject, {recording.folded(name): name for name in names})


def set_aliases(subject: Subject, names: Iterable[str]) -> None:
    """Make `names`, and no others, the other names of a saved actor or place.

    Raises ValidationError as `check_aliases` does.
    """
    names = tidy(names)
    with transaction.atomic():
        wanted = {recording.folded(name): name for name in names}
        wanted.pop(subject.folded, None)  # another spelling of its own name needs no row
        rows = _rows(subject, wanted)
        for other in rows:
            if other.folded not in wanted:
                _let_go(other, subject)
        for other in rows:
            wanted.pop(other.folded, None)
        model: Any = type(subject)
        model.objects.bulk_create(
            _pointing(subject, name, folded) for folded, name in wanted.items()
        )
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
    known = {recording.register_named(actor.name, code) for code, _name in settings.LANGUAGES}
    if actor.pk is None and actor.register and actor.register not in known:
        problems["register"] = _("No register has this name under this key.")
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


def _rows(subject: Subject, wanted: Mapping[str, str]) -> list[Subject]:
    """Return the rows that point to `subject`; `wanted` are its names to be, by folded name.

    Raises ValidationError if one of them is the name of another one.
    """
    model: Any = type(subject)
    bearing = Q(folded__in=list(wanted))
    if isinstance(subject, Place):
        bearing &= subject.peers
    mine = Q(same_as=subject) if subject.pk else Q(pk=None)
    found: list[Subject] = list(model.objects.filter(bearing | mine).exclude(pk=subject.pk))
    rows = [row for row in found if row.same_as_id is not None and row.same_as_id == subject.pk]
    known = {row.folded for row in rows}
    for row in found:
        if row.folded not in known:
            told = _("“%(name)s” is the name of another one: make the two one instead.")
            raise ValidationError(told % {"name": wanted[row.folded]})
    return rows


def _let_go(other: Subject, subject: Subject) -> None:
    """Let a name stand for itself again; it goes if nobody ever did anything with it.

    It stays where a register knows `subject`: the next dispatch would make the two one again.
    """
    if other.acts.exists() or subject.register:
        other.same_as = None
        other.save(update_fields=["same_as"])
    else:
        other.delete()


def _pointing(subject: Actor | Place, name: str, folded: str) -> Actor | Place:
    columns = {"name": name, "folded": folded, "kind": subject.kind}
    if isinstance(subject, Actor):
        return Actor(**columns, register=recording.register_named(name), same_as=subject)
    return Place(**columns, country=subject.country, within=subject.within, same_as=subject)
