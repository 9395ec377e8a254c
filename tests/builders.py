"""One call that spells out what a test is about, and hides the rest."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group, User

from events.ingest import Incoming, ingest_dispatch
from events.models import Dispatch, Event
from events.processing import process_dispatch

CALL = "Les rebelles ont appelé le 7 décembre 2016 à un cessez-le-feu à Alep."


PASSWORD = "une clé de test"


def make_user(name: str = "ada", role: str = "") -> User:
    """A user with the group of that role; an administrator may enter the administration."""
    user = User.objects.create_user(name, password=PASSWORD, is_staff=role == "administrator")
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def give(text: str | bytes = CALL, *, name: str = "depeche.txt", **stated) -> Dispatch:
    """Take a text in, as an upload would; it waits to be read."""
    content = text.encode() if isinstance(text, str) else text
    outcome = ingest_dispatch(Incoming(name, content), **stated)
    assert outcome.dispatch is not None, outcome.reason
    return outcome.dispatch


def read(
    text: str = CALL, *, published: date | None = date(2016, 12, 8), **stated
) -> Dispatch:
    """Take a text in and read it, with the real pipeline."""
    dispatch = give(text, published=published, **stated)
    process_dispatch(dispatch.pk)
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.DONE, dispatch.error_detail
    return dispatch


def only_event(dispatch: Dispatch) -> Event:
    return Event.objects.get(mentions__dispatch=dispatch)
