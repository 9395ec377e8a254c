"""Dropping dispatches, and looking how far they have come."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import bodies, intake, progress, queue, resending, tables
from events.forms import BatchForm, UploadForm, read_query
from events.models import Batch
from events.spool import Spool
from events.uploads import SpoolHandler, TooMuchError

PREVIEW_SECONDS = 8.0  # that somebody waits for a preview


@csrf_exempt  # `_take` asks for the token, after the role of who sends it was looked at
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, UploadForm(label_suffix=""))
    with Spool() as safe:
        request.upload_handlers = [SpoolHandler(request, safe)]
        try:
            return _take(request, safe)
        except TooMuchError:
            megabytes = settings.ARCHIVE_MAX_BYTES // (1024 * 1024)
            said = _("Together, these files are larger than %(megabytes)s MB.")
            return _refusal(request, said % {"megabytes": megabytes}, 413)
        except RequestDataTooBig:  # what is not in a file
            megabytes = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
            said = _("The pasted text is larger than %(megabytes)s MB.")
            return _refusal(request, said % {"megabytes": megabytes}, 413)
        except TooManyFilesSent:
            said = _("These are more than %(most)s files: pack them into ZIP archives.")
            return _refusal(request, said % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES}, 413)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            return _refusal(request, _("There is no room left for these files."), 507)


@resending.let_sent_again
@csrf_protect
def _take(request: HttpRequest, safe: Spool) -> HttpResponseBase:
    form = UploadForm(request.POST, request.FILES, label_suffix="")
    if not form.is_valid():
        return _page(request, form, 422)
    if form.asks_for_preview:
        return _preview(request, form)
    user = request.user if request.user.is_authenticated else None
    batch = intake.open_batch(safe, form.things(safe), user=user, **form.statement())
    intake.have_taken_in(batch)
    return redirect(batch)


def _preview(request: HttpRequest, form: UploadForm) -> HttpResponse:
    """Show what would become of the pasted text; where no worker says it in time, that."""
    found = queue.ask(
        "events.tasks.preview_text",
        form.cleaned_data["text"],
        {name: str(value or "") for name, value in form.statement().items()},
        get_language(),
        seconds=PREVIEW_SECONDS,
    )
    return _page(request, form, told={"preview": found, "is_silent": found is None})


def _refusal(request: HttpRequest, said: str, status: int) -> HttpResponse:
    bodies.let_go(request)
    form = UploadForm({}, label_suffix="")
    form.errors.clear()
    form.add_error(None, said)
    return _page(request, form, status)


def _page(
    request: HttpRequest,
    form: UploadForm,
    status: int = 200,
    told: Mapping[str, Any] | None = None,
) -> HttpResponse:
    page = {"form": form, "recent": progress.recent_batches(), **(told or {})}
    return render(request, "events/upload.html", page, status=status)


@require_safe
@never_cache
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    form = read_query(BatchForm, request)
    found = progress.look(get_object_or_404(Batch, pk=pk), **form.cleaned_data)
    return render(request, "events/batch.html", {"progress": found})


@require_safe
@never_cache
def batch_progress(request: HttpRequest, pk: UUID) -> JsonResponse:
    form = read_query(BatchForm, request)
    found = progress.look(get_object_or_404(Batch, pk=pk), **form.cleaned_data)
    html = render(request, "events/_batch_rows.html", {"progress": found}).content.decode()
    return JsonResponse({
        "settled": found.settled, "read": found.done, "total": found.total,
        "failed": found.failed, "html": html,
    })  # fmt: skip


@require_safe
@never_cache
def batch_csv(request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
    """Every item with what became of it, for a spreadsheet."""
    found = get_object_or_404(Batch, pk=pk)
    rows = progress.as_rows(found, request.build_absolute_uri("/"))
    answer = StreamingHttpResponse(tables.csv_lines(rows), content_type=tables.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{found.pk}.csv"'
    return answer


@require_POST
def batch_cancel(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    found = get_object_or_404(Batch, pk=pk)
    count = intake.cancel(found)
    if count:
        said = ngettext(
            "Canceled: %(count)s thing that had not begun will not be read.",
            "Canceled: %(count)s things that had not begun will not be read.",
            count,
        )
        messages.success(request, said % {"count": count})
    else:
        messages.info(request, _("Nothing was left to cancel: all had begun."))
    return redirect(found)


@require_POST
def batch_retry(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    found = get_object_or_404(Batch, pk=pk)
    count = intake.retry_failed(found)
    said = ngettext("%(count)s will be tried again.", "%(count)s will be tried again.", count)
    messages.success(request, said % {"count": count})
    return redirect(found)
