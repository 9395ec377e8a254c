"""What would become of a text, shown before it is added.

A worker reads it as any other dispatch and records it, words what came out, and takes all of it
back: what is shown is what would be kept, and nothing of it is.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from babel import Locale
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from events import ingest, processing, readers, reasons, recording, withheld
from events import timeline as reading
from events.ingest import Given, Incoming, Stated
from events.models import Dispatch, Mention, Source
from events.processing import Claim
from events.readers import UnreadableDispatch
from events.readers.reading import reason

LONGEST = 10_000  # characters of a text of which events are shown
MOST_CHARACTERS = 500_000  # that are looked at: a wire's frame may weigh more than its text
MOST_EVENTS = 40  # that are shown


@dataclass(frozen=True, slots=True)
class Preview:
    """What a text would be. `refusal` says why nothing; `known` is the dispatch that has it."""

    refusal: str = ""
    known: int | None = None
    dispatch: reading.DispatchItem | None = None
    language: str = ""  # its name
    notices: tuple[str, ...] = ()
    count: int = 0  # of the reports in it
    reports: tuple[reading.NumberedEvent, ...] = ()  # the first of them
    joined: tuple[tuple[int, str], ...] = ()  # what is here already of theirs: number, title


def look(text: str, stated: dict[str, str], language: str) -> dict[str, Any]:
    """Return the `Preview` of a text as plain data, worded in `language`.

    `stated` is what its giver says, as strings: source, published (ISO), language.
    """
    with override(language):
        return json.loads(json.dumps(asdict(_look(text, stated)), cls=DjangoJSONEncoder))  # type: ignore[no-any-return]


def _look(text: str, stated: dict[str, str]) -> Preview:
    incoming = Incoming(_("pasted text"), text.encode(errors="replace"))
    try:
        found = readers.read(incoming.content, incoming.name)
    except UnreadableDispatch as refusal:
        return Preview(reasons.word(refusal.reason))
    day = stated["published"]
    one = Given(
        found[0],
        incoming,
        Stated(stated["source"], date.fromisoformat(day) if day else None, stated["language"]),
    )
    if one.is_kill:
        title = one.reading.title or one.reading.guid
        return Preview(reasons.word(reason("dispatch-withdrawn", title=title)))
    if here := ingest.known(one.reading.text):
        return Preview(reasons.word(here.reason), here.dispatch.pk if here.dispatch else None)
    begun = _begun(one)
    shown = _rehearsed(begun)
    if begun is not one:
        shown = replace(shown, notices=(reasons.word("preview-cut"), *shown.notices))
    if len(found) > 1:
        several = reasons.word(reason("preview-several", count=len(found)))
        shown = replace(shown, notices=(several, *shown.notices))
    return shown


def _begun(one: Given) -> Given:
    """It, or of a long text the paragraphs that somebody waits for."""
    text = one.reading.text
    if len(text) <= LONGEST:
        return one
    end = max(text.rfind("\n", LONGEST // 2, LONGEST), text.rfind(". ", LONGEST // 2, LONGEST) + 1)
    return replace(one, reading=replace(one.reading, text=text[: end if end > 0 else LONGEST]))


def _rehearsed(one: Given) -> Preview:
    """Read it, which takes seconds; then record it, see what stands there, and take it back."""
    dispatch = withheld.names_in_force().cover(ingest.draft(one))
    (extraction,) = processing._extract([Claim(dispatch, uuid4())])
    dispatch.content_hash = uuid4().hex  # nothing that is here has it
    dispatch.state = Dispatch.State.DONE
    with transaction.atomic():
        recording.one_at_a_time()
        if one.source:
            dispatch.source = Source.objects.named(one.source)
        dispatch.save()
        recording.record([(dispatch, extraction)])
        shown = _shown(dispatch)
        transaction.set_rollback(True)
    return shown


def _shown(dispatch: Dispatch) -> Preview:
    detail = reading.dispatch_detail(dispatch, insider=True)
    reports = detail.events[:MOST_EVENTS]
    events = {report.item.id: report.item.title for report in reports}
    elsewhere = Mention.objects.filter(event__in=events).exclude(dispatch=dispatch)
    joined = set(elsewhere.values_list("event", flat=True))
    own = dict(dispatch.mentions.values_list("pk", "title"))
    return Preview(
        dispatch=detail.item,
        language=_name_of(detail.item.language),
        notices=tuple(reasons.word(notice) for notice in dispatch.notices),
        count=len(detail.events),
        reports=tuple(
            replace(one, item=replace(one.item, title=own[one.mention])) for one in reports
        ),
        joined=tuple((pk, title) for pk, title in events.items() if pk in joined),
    )


def _name_of(language: str) -> str:
    return str(Locale.parse(get_language() or "en").languages.get(language, language))
