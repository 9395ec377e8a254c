"""How a dispatch stands: its days and which of them counts, its versions, who repeats it.

The read side of what a wire says about its item, for the pages of dispatches and of their events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events import differences, reasons
from events.models import (
    Basis,
    CurationAct,
    DayFrom,
    DctBasis,
    Dispatch,
    Event,
    Mention,
    Precision,
    ReviewState,
)
from events.readers import is_opening
from events.timeline import Named
from events.versions import UNTIL_FURTHER_NOTICE, withdrawn_here
from events.wording import word_day, word_time

_DATELINE = ("dct-dateline", "dct-trailer", "dct-dateline-received", "dct-dateline-republished")
_UNBELIEVED = ("html-day-not-believed", "file-saved")  # notices that name a day
_HARDLY = 0.02  # probability below which a day is not offered, unless it is the likeliest
SHOWN = 20  # dispatches of much the same text
_NAMED = 3  # days of the text that are offered
_EMBARGO = ("dispatch-embargoed", "dispatch-embargoed-open")


@dataclass(frozen=True, slots=True)
class Day:
    """One of the days of a dispatch: an EDTF date, or a moment where the hour is known."""

    label: str
    edtf: str
    at: datetime | None
    note: str
    counts: bool  # what the text calls "today" is this day


@dataclass(frozen=True, slots=True)
class Candidate:
    """A day that an undated dispatch may be of. `percent` is None where nothing weighed it."""

    day: date
    why: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item. `number` is as the wire writes it, else how many came before."""

    id: int
    title: str
    number: str
    at: datetime  # sent by the agency, else received
    advisory: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader must know before reading on, and where to read more ("" nowhere)."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    days: tuple[Day, ...]
    is_dated: bool
    percent: int  # how sure the day is
    candidates: tuple[Candidate, ...]
    versions: tuple[Version, ...]  # the latest first; () where there is but one
    notices: tuple[Notice, ...]
    reprints: tuple[Named, ...]  # others of much the same text, at most SHOWN of them
    reprinted: int  # how many there are
    first_print: Named | None  # the one that came first, unless it is this one


@dataclass(frozen=True, slots=True)
class Comparison:
    older: Version
    newer: Version
    title: tuple[differences.Run, ...]  # () where the text begins with it
    text: tuple[differences.Run, ...]


def of_dispatch(dispatch: Dispatch, visible: Any, *, insider: bool) -> Provenance:
    """`visible` are the dispatches that whoever asks may read, as a QuerySet."""
    kept = versions_of(dispatch)
    reprint = visible.filter(pk=dispatch.reprint_of_id).select_related("source").first()
    others = visible.filter(replaced_by=None).select_related("source").order_by("received_at")
    head = dispatch.reprint_of_id or dispatch.pk
    family = Q(pk=head) | Q(reprint_of=head)
    alike = others.filter(family).exclude(pk=dispatch.pk).defer("private_text")
    alike = list(alike.annotate(among=Window(Count("*")))[:SHOWN])
    return Provenance(
        days=tuple(_days(dispatch)),
        is_dated=dispatch.is_dated,
        percent=round(100 * dispatch.dct_probability),
        candidates=tuple(candidates(dispatch)),
        versions=kept,
        notices=(*_notices(dispatch, kept), *(_taken_back(family) if insider else ())),
        reprints=tuple(_named(one) for one in alike),
        reprinted=alike[0].among if alike else 0,
        first_print=_named(reprint) if reprint else None,
    )


def _named(dispatch: Dispatch) -> Named:
    return Named(dispatch.pk, str(dispatch), dispatch.source.name if dispatch.source else "")


# ----------------------------------------------------------------------------------------- days


def _days(dispatch: Dispatch) -> Iterator[Day]:
    """The dateline, then when it was sent, published and received: only what is known."""
    reason = str(dispatch.dct_reason.get("code", ""))
    declared = dispatch.dct_basis == DctBasis.DECLARED
    if dispatch.dct_basis == DctBasis.DATELINE:
        yield Day(_("Dateline"), dispatch.dct, None, "", counts=True)
    else:
        for one in dispatch.dct_candidates:
            if one["reason"].get("code") in _DATELINE:
                yield Day(_("Dateline"), one["value"], None, "", counts=False)
    if dispatch.dct_basis == DctBasis.INFERRED:
        yield Day(_("Worked out from the text"), dispatch.dct, None, "", counts=True)
    if dispatch.filed_at:
        yield Day(_("Sent by the agency"), "", dispatch.filed_at, "", counts=False)
    if dispatch.published:
        note = dict(DayFrom.choices).get(dispatch.published_from, "")
        edtf = dispatch.published.isoformat()
        counts = declared and dispatch.dct == edtf
        late = reason != "dct-declared" and dispatch.published > received_on(dispatch)
        doubt = _("after it was received: not believed")
        yield Day(_("Published"), edtf, None, doubt if late else str(note), counts=counts)
    yield Day(_("Received here"), "", dispatch.received_at, "", counts=False)


def received_on(dispatch: Dispatch) -> date:
    """The day here when it was received."""
    return timezone.localdate(dispatch.received_at)


def candidates(dispatch: Dispatch) -> Iterator[Candidate]:
    """The days that it may be of, likeliest first; that of its receipt, which says least, last."""
    seen: set[date] = set()
    for day, why, percent in _all_candidates(dispatch):
        if day is not None and day not in seen:
            seen.add(day)
            yield Candidate(day, why, percent)


def _all_candidates(dispatch: Dispatch) -> Iterator[tuple[date | None, str, int | None]]:
    received = received_on(dispatch)
    for rank, one in enumerate(dispatch.dct_candidates):
        if rank and 0 < one["probability"] < _HARDLY:
            continue
        percent = round(100 * one["probability"]) if one["probability"] else None
        yield _day(one["value"]), reasons.word(one["reason"]), percent
    if dispatch.filed_at:
        yield timezone.localdate(dispatch.filed_at), _("The agency sent it on that day."), None
    for day, words in _days_named(dispatch, received):
        yield day, _("The text names this day: “%(words)s”.") % {"words": words}, None
    for notice in dispatch.notices:
        if notice.get("code") in _UNBELIEVED:
            yield _day(str(_values(notice).get("date", ""))), reasons.word(notice), None
    if dispatch.published:
        yield dispatch.published, str(dict(DayFrom.choices).get(dispatch.published_from, "")), None
    if dispatch.dct.startswith("XXXX-"):
        why = _("The day of its dateline, in the year before it was received.")
        yield _before(dispatch.dct, received), why, None
    yield received, _("It was received on that day, and may be older."), None


def _days_named(dispatch: Dispatch, received: date) -> Iterator[tuple[date, str]]:
    """The latest days that the text writes out, with its words."""
    written = dispatch.mentions.filter(basis=Basis.EXPLICIT, precision=Precision.DAY)
    known = written.filter(start_date__lte=received, date_start__isnull=False)
    days = dict(known.order_by("start_date").values_list("start_date", "pk"))
    for row in Mention.objects.filter(pk__in=list(days.values())[-_NAMED:]).order_by("-start_date"):
        if row.start_date is not None:
            yield row.start_date, dispatch.text[row.date_start : row.date_end]


def _day(edtf: str) -> date | None:
    try:
        return date.fromisoformat(edtf[:10])
    except ValueError:
        return None


def _before(yearless: str, received: date) -> date | None:
    """The last "XXXX-12-08" that is not after the day of receipt."""
    days = (_day(yearless.replace("XXXX", f"{received.year - back:04d}")) for back in range(5))
    return next((day for day in days if day is not None and day <= received), None)


def _values(notice: Mapping[str, Any]) -> Mapping[str, Any]:
    return notice.get("values") or {}


# ------------------------------------------------------------------------------------- versions


def versions_of(dispatch: Dispatch) -> tuple[Version, ...]:
    """The versions of its item, the present one first; () where it is the only one."""
    if not dispatch.guid:
        return ()
    rows = Dispatch.objects.filter(guid=dispatch.guid).defer("text", "notices", "dct_candidates")
    kept = sorted(rows, key=lambda row: (row.replaced_by_id is None, _sent(row), row.pk))
    if len(kept) < 2:
        return ()
    numbered = [_version(row, number) for number, row in enumerate(kept, start=1)]
    return tuple(reversed(numbered))


def _sent(dispatch: Dispatch) -> datetime:
    return dispatch.filed_at or dispatch.received_at


def _version(row: Dispatch, number: int) -> Version:
    written = row.wire_version
    return Version(
        id=row.pk,
        title=row.title,
        number=written if written.isdigit() and len(written) < 6 else str(number),
        at=_sent(row),
        advisory=row.advisory,
        is_present=row.replaced_by_id is None,
    )


def compare(dispatch: Dispatch, older: int, newer: int) -> Comparison | None:
    """What changed between two versions of its item, the older first whatever their order here.

    None unless both are versions of the item.
    """
    kept = {version.id: version for version in versions_of(dispatch)}
    order = list(kept)
    if older not in kept or newer not in kept or older == newer:
        return None
    older, newer = sorted((older, newer), key=order.index, reverse=True)
    texts = dict(Dispatch.objects.filter(pk__in=(older, newer)).values_list("pk", "text"))
    before, after = kept[older].title, kept[newer].title
    told = is_opening(before, texts[older]) and is_opening(after, texts[newer])
    return Comparison(
        kept[older],
        kept[newer],
        () if told else differences.compare(before, after),
        differences.compare(texts[older], texts[newer]),
    )


# -------------------------------------------------------------------------------------- notices


def _notices(dispatch: Dispatch, kept: Sequence[Version]) -> Iterator[Notice]:
    until = dispatch.embargo_until
    if until is not None and until > timezone.now():
        yield Notice(_embargo(until))
    if dispatch.replaced_by_id is not None:
        present = next(version for version in kept if version.is_present)
        told = _("This is an earlier version: a newer one came on %(date)s.")
        url = reverse("dispatch", args=[present.id])
        yield Notice(told % {"date": _on(present.at)}, url, _("Read it"))
    elif kept:
        yield _corrected(dispatch)
    for notice in dispatch.notices:
        if notice.get("code") not in _EMBARGO:
            yield Notice(reasons.word(notice))


def _taken_back(family: Q) -> Iterator[Notice]:
    """That the agency took back what a dispatch repeats: others who print it may not know."""
    gone = Dispatch.objects.filter(family).exclude(withdrawn_at=None).defer("text")
    for twin in gone.order_by("withdrawn_at")[:1]:
        told = _("Much the same text was taken back on %(date)s.")
        url = reverse("dispatch", args=[twin.pk])
        yield Notice(told % {"date": _on(twin.withdrawn_at)}, url, _("Read why"))


def _corrected(dispatch: Dispatch) -> Notice:
    values = {"date": _on(_sent(dispatch)), "note": dispatch.advisory}
    told = (
        _("Corrected by the agency on %(date)s: “%(note)s”")
        if dispatch.advisory
        else _("The agency sent a new version of it on %(date)s.")
    )
    url = reverse("dispatch-versions", args=[dispatch.pk])
    return Notice(told % values, url, _("What changed"))


def _embargo(until: datetime) -> str:
    if until >= UNTIL_FURTHER_NOTICE:
        return reasons.word("dispatch-embargoed-open")
    return _("Under embargo until %(moment)s: visitors do not see it, and it is not read.") % {
        "moment": _at(until)
    }


def withdrawn(dispatch: Dispatch, *, insider: bool) -> Notice:
    """That the agency took it back, and when. Why is written to editors: no visitor reads it."""
    values = {"date": _on(dispatch.withdrawn_at), "why": dispatch.withdrawn_why}
    if _was_withdrawn_here(dispatch):
        return Notice(_("A dispatch was taken off this site on %(date)s, on request.") % values)
    told = _("A dispatch was taken back by its agency on %(date)s.")
    if insider and dispatch.withdrawn_why:
        told = _("A dispatch was taken back by its agency on %(date)s: “%(why)s”")
    elif insider:
        told = _("A dispatch was taken back by its agency on %(date)s, which did not say why.")
    return Notice(told % values)


def _was_withdrawn_here(dispatch: Dispatch) -> bool:
    """By a curator, not by the agency; that of one version goes for all."""
    same = Dispatch.objects.filter(guid=dispatch.guid) if dispatch.guid else [dispatch]
    return withdrawn_here(same).exists()


def is_taken_back(event: Event) -> bool:
    """Whether it is not shown any more since all that told of it, or itself, was taken back."""
    if event.review_state != ReviewState.REJECTED:
        return False
    return Dispatch.objects.filter(_told(event)).exists() or _taken_off(event) is not None


def _taken_off(event: Event) -> CurationAct | None:
    """The standing act by which a curator took it off the site on request."""
    return event.acts.filter(kind=CurationAct.Kind.WITHDRAW, undone_by=None).first()


def of_event(event: Event, *, insider: bool) -> tuple[Notice, ...]:
    """What happened to an event or the dispatches that tell of it: taken back, or sent anew."""
    taken_back = Dispatch.objects.filter(_told(event)).distinct().defer("text").order_by("pk")
    kept = (withdrawn(dispatch, insider=insider) for dispatch in taken_back)
    return (*kept, *_sent_anew(event, insider=insider))


def of_hidden_event(event: Event, *, insider: bool) -> tuple[Notice, ...]:
    """Why an event that is taken back is not shown."""
    act = _taken_off(event)
    if act is None:
        return of_event(event, insider=insider)
    told = _("An event was taken off this site on %(date)s, on request.")
    return (Notice(told % {"date": _on(act.at)}),)


def _told(event: Event) -> Q:
    return Q(withdrawn_from=event) | Q(withdrawn_from__merged_into=event)


def _sent_anew(event: Event, *, insider: bool) -> Iterator[Notice]:
    """Of the dispatches that it rests on: their corrections, and which do not tell it any more."""
    rows = Dispatch.objects.filter(mentions__event=event, withdrawn_at=None)
    versioned = rows.exclude(replaced_by=None, earlier_versions=None).distinct().defer("text")
    told = {row.pk: row for row in versioned.select_related("replaced_by").order_by("pk")}
    for dispatch in told.values():
        present = dispatch.replaced_by
        if present is None:
            yield _corrected(dispatch)
        elif present.pk not in told and present.state == Dispatch.State.DONE:
            yield _left_out(present, insider=insider)


def _left_out(present: Dispatch, *, insider: bool) -> Notice:
    told = _("The agency’s version of %(date)s does not tell this any more.")
    told %= {"date": _on(_sent(present))}
    if not insider:  # visitors compare no versions
        return Notice(told)
    return Notice(told, reverse("dispatch-versions", args=[present.pk]), _("What changed"))


def _on(moment: datetime | None) -> str:
    return word_day(timezone.localdate(moment)) if moment else "…"


def _at(moment: datetime) -> str:
    here = timezone.localtime(moment)
    return f"{word_day(here.date())}, {word_time(f'{here:%H:%M}')}"
