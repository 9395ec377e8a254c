"""Plain items as JSON; `description` says the same in a schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from events import reasons
from events.models import Batch, BatchItem, Dispatch
from events.progress import Progress
from events.provenance import Notice, Provenance
from events.timeline import (
    DispatchDetail,
    EventDetail,
    Evidence,
    Piece,
    TimelineItem,
    TimelinePage,
)

Json = dict[str, Any]


def taken_in(request: HttpRequest, batch: Batch, items: Sequence[BatchItem]) -> Json:
    return {
        "batch": request.build_absolute_uri(batch.get_absolute_url()),
        "status": request.build_absolute_uri(reverse("api-batch", args=[batch.pk])),
        "items": [
            {
                "name": item.name,
                "verdict": item.verdict,
                "reason": item.reason.get("code", ""),
                "message": reasons.word(item.reason),
                "dispatch": _page(request, "dispatch", item.dispatch_id),
            }
            for item in items
        ],
    }


def batch(request: HttpRequest, look: Progress) -> Json:
    return {
        "id": look.id,
        "page_for_people": request.build_absolute_uri(reverse("batch", args=[look.id])),
        "created_at": look.created_at.isoformat(),
        "settled": look.settled,
        "canceled": look.canceled,
        "total": look.total,
        "sums": {one.fate: one.count for one in look.sums},
        "events": look.events,
        "page": look.page,
        "pages": look.pages,
        "items": [
            {
                "name": row.name,
                "fate": row.fate,
                "message": row.note,
                "dispatch": _page(request, "dispatch", row.dispatch),
                "events": row.events,
            }
            for row in look.rows
        ],
    }


def dispatch(
    request: HttpRequest, row: Dispatch, detail: DispatchDetail, told: Provenance
) -> Json:
    return {
        "id": row.pk,
        "url": request.build_absolute_uri(row.get_absolute_url()),
        "title": detail.item.title,
        "text": row.text,
        "source": detail.item.source,
        "language": row.language,
        "state": row.state,
        "day": row.dct,
        "day_basis": row.dct_basis,
        "day_probability": row.dct_probability,
        "published": row.published and row.published.isoformat(),
        "filed_at": row.filed_at and row.filed_at.isoformat(),
        "received_at": row.received_at.isoformat(),
        "guid": row.guid,
        "version": row.wire_version,
        "replaced_by": _page(request, "dispatch", row.replaced_by_id),
        "reprint_of": _page(request, "dispatch", told.first_print.id if told.first_print else None),
        "notices": [notice.text for notice in told.notices],
        "events": [event(request, one.item) for one in detail.events],
    }


def events(request: HttpRequest, page: TimelinePage) -> Json:
    shown = [item for year in page.years for month in year.months for item in month.items]
    return {
        "total": page.total,
        "undated_total": page.undated_total,
        "page": page.page,
        "pages": page.pages,
        "next": _other(request, page.page + 1) if page.page < page.pages else None,
        "events": [event(request, item) for item in shown],
        "undated": [event(request, item) for item in page.undated],
    }


def event(request: HttpRequest, item: TimelineItem) -> Json:
    return {
        "id": item.id,
        "url": _page(request, "event", item.id),
        "title": item.title,
        "language": item.language,
        "date": item.edtf,
        "start": item.start and item.start.isoformat(),
        "end": item.end and item.end.isoformat(),
        "precision": item.precision,
        "time_of_day": item.time_of_day,
        "type": item.type,
        "status": item.status,
        "review": item.review_state,
        "confidence": item.confidence,
        "actors": [{"id": one.id, "name": one.name, "role": one.note} for one in item.actors],
        "places": [
            {
                "id": one.id,
                "name": one.name,
                "latitude": one.latitude,
                "longitude": one.longitude,
            }
            for one in item.places
        ],
        "sources": list(item.sources),
        "reports": item.reports,
    }


def event_detail(request: HttpRequest, detail: EventDetail, notices: Iterable[Notice]) -> Json:
    return {
        **event(request, detail.item),
        "contested": detail.contested,
        "notices": [notice.text for notice in notices],
        "evidence": [_evidence(request, one) for one in detail.evidence],
    }


def _evidence(request: HttpRequest, one: Evidence) -> Json:
    return {
        "sentence": _plain(one.sentence),
        "date_sentence": _plain(one.date_sentence),
        "date": one.edtf,
        "basis": one.basis,
        "reason": one.reason,
        "status": one.status,
        "attribution": one.attribution,
        "confidence": one.confidence,
        "source": one.source,
        "reprint": one.reprint,
        "dispatch": _page(request, "dispatch", one.dispatch),
    }


def _plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _page(request: HttpRequest, name: str, pk: int | None) -> str | None:
    """The address of the page that people read."""
    return request.build_absolute_uri(reverse(name, args=[pk])) if pk else None


def _other(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
