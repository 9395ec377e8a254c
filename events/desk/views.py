"""The curators' pages: read the form, ask `review` or call `curation`, render.

Who may come here is decided by `roles.ACCESS` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import claims, curation, recording, review
from events.desk.forms import (
    ActForm,
    CommentForm,
    EventForm,
    NameForm,
    OtherForm,
    QueueForm,
    SelectionForm,
    UniteForm,
    Verb,
    WordsForm,
)
from events.forms import read_query
from events.models import Actor, CurationAct, Dispatch, Event, Mention, Place, Story
from events.templatetags.desk import field_name, field_value

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.forms import Form

SUBJECTS = {
    "event": Event, "dispatch": Dispatch, "actor": Actor, "place": Place, "story": Story,
}  # fmt: skip


@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    form = read_query(QueueForm, request)
    page = review.desk(_user(request), form.filters, facts=form.cleaned_data["facts"])
    at = request.GET.get("at", "")
    ids = [item.id for item in page.items]
    current = int(at) if at.isdigit() and int(at) in ids else next(iter(ids), None)
    sheet = form_of = None
    if current is not None:
        event = Event.objects.get(pk=current)
        sheet, form_of = review.sheet(event, _user(request)), EventForm(event=event)
    return render(
        request,
        "desk/review.html",
        {
            "desk": page, "form": form, "sheet": sheet, "event_form": form_of, "verbs": Verb,
            "chips": form.chips((*page.facets, *form.closed_facets())),
            "here": request.get_full_path(),
        },
    )  # fmt: skip


@require_safe
@never_cache
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of one event alone, for the script of the queue."""
    event = get_object_or_404(Event, pk=pk)
    claims.take(event, _user(request))
    return render(
        request,
        "desk/_sheet.html",
        {
            "sheet": review.sheet(event, _user(request)),
            "event_form": EventForm(event=event),
            "here": reverse("review"),
        },
    )


@require_POST
def act(request: HttpRequest) -> HttpResponseBase:
    """Judge one proposal or many: all, or none of them."""
    form = ActForm(request.POST)
    if not form.is_valid():
        return _refused(request, _problems(form))
    events = list(Event.objects.filter(pk__in=form.cleaned_data["event"]).order_by("pk"))
    if taken := _taken(events, _user(request)):
        return _refused(request, [taken], 409)
    try:
        acts = _do(request, form, events)
    except ValidationError as error:
        return _refused(request, error.messages)
    claims.let_go([event.pk for event in events], _user(request))
    return _done(request, acts, _told(form.cleaned_data["verb"], len(events)))


def _taken(events: Sequence[Event], user: User) -> str:
    """Why these are not for `user` to judge: somebody else is at it, or was meanwhile."""
    pks = [event.pk for event in events]
    if other := claims.taken_by(pks, user):
        return _("%(name)s is working on this: choose another one.") % {"name": other}
    act = claims.judged_meanwhile(pks, user)
    if act is None:
        return ""
    said = (
        _("Meanwhile %(name)s has approved “%(title)s”.")
        if act.kind == CurationAct.Kind.APPROVE
        else _("Meanwhile %(name)s has rejected “%(title)s”.")
    )
    return said % {"name": act.by or "?", "title": act.event}


def _do(request: HttpRequest, form: ActForm, events: Sequence[Event]) -> list[CurationAct]:
    user, data = _user(request), form.cleaned_data
    with transaction.atomic():
        match data["verb"]:
            case Verb.APPROVE:
                return [curation.approve_event(event, by=user) for event in events]
            case Verb.REJECT:
                return [curation.reject_event(event, by=user) for event in events]
            case Verb.TYPE:
                edits = [
                    curation.edit_event(event, {"type": data["type"]}, by=user) for event in events
                ]
                return [edit for edit in edits if edit is not None]
            case _:
                kept = get_object_or_404(Event, pk=data["into"]) if data["into"] else events[0]
                others = [event for event in events if event.pk != kept.pk]
                if not others:
                    raise ValidationError(_("Choose at least two events to merge."))
                return [curation.merge_events(kept, event, by=user) for event in others]


def _told(verb: str, count: int) -> str:
    words = {
        Verb.APPROVE: ngettext("%(n)s approved.", "%(n)s approved.", count),
        Verb.REJECT: ngettext("%(n)s rejected.", "%(n)s rejected.", count),
        Verb.TYPE: ngettext("%(n)s changed.", "%(n)s changed.", count),
        Verb.MERGE: ngettext("%(n)s merged.", "%(n)s merged.", count),
    }
    return words[Verb(verb)] % {"n": count}


@require_POST
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take back the acts that are named, all or none."""
    ids = [int(one) for one in request.POST.getlist("act") if one.isdigit()][: claims.BATCH * 20]
    acts = list(CurationAct.objects.filter(pk__in=ids))
    try:
        count = curation.undo_acts(acts, by=_user(request))
    except ValidationError as error:
        return _refused(request, error.messages)
    return _done(request, [], ngettext("%(n)s undone.", "%(n)s undone.", count) % {"n": count})


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponseBase:
    event = get_object_or_404(Event, pk=pk)
    if event.merged_into is not None:
        return _gone_into(request, event.standing)
    form = EventForm(request.POST if request.method == "POST" else None, event=event)
    if form.is_bound and form.is_valid():
        try:
            acts = [
                curation.edit_event(event, form.cleaned_data, by=_user(request), seen=form.seen)
            ]
            if "approve" in request.POST:
                acts.append(curation.approve_event(event, by=_user(request)))
                claims.let_go([event.pk], _user(request))
        except curation.ChangedMeanwhile as change:
            form.show_meanwhile(change.values)
            form.add_error(None, [_meanwhile(change, name) for name in change.values])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, [one for one in acts if one], _("Saved."), event)
    if form.errors and _wants_json(request):
        told = {"error": _problems(form), "seen": form.seen_json}
        return JsonResponse(told, status=422)
    context = {"event": event, "form": form, "sheet": review.sheet(event, _user(request))}
    return render(request, "desk/edit.html", context, status=422 if form.errors else 200)


def _gone_into(request: HttpRequest, kept: Event) -> HttpResponseBase:
    """Lead from an event that was merged away to what it is by now."""
    said = _("This event was made one with “%(title)s”.") % {"title": kept}
    if request.method == "POST":
        said = _("Meanwhile this event was made one with “%(title)s”: nothing was saved.") % {
            "title": kept
        }
    if _wants_json(request):
        return JsonResponse({"error": [said]}, status=409)
    messages.error(request, said)
    return redirect("event-edit", kept.pk)


def _meanwhile(change: curation.ChangedMeanwhile, name: str) -> str:
    """What somebody else set a field to, and how to keep one's own value."""
    said = (
        _("Meanwhile %(name)s has set the %(field)s to “%(value)s”: save again to set yours.")
        if change.by
        else _("Meanwhile the %(field)s was read as “%(value)s”: save again to set yours.")
    )
    value = field_value(review.plain(change.values[name]), name)
    return said % {"name": change.by, "field": field_name(name), "value": value}


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show what becomes of two events made one, then make them one."""
    kept = get_object_or_404(Event, pk=pk, merged_into=None)
    given = request.POST if request.method == "POST" else request.GET
    form = OtherForm(given if "other" in given else None, label_suffix="")
    other = form.cleaned_data["other"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and other is not None:
        try:
            done = curation.merge_events(kept, other, by=_user(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, [done], _("The two are one event now."), kept)
    mine = review.sheet(kept, _user(request))
    theirs = review.sheet(other, _user(request)) if other is not None else None
    context = {
        "event": kept,
        "form": form,
        "sheet": mine,
        "other": theirs,
        "union": review.union(mine, theirs) if theirs is not None else None,
    }
    return render(request, "desk/merge.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponseBase:
    event = get_object_or_404(Event, pk=pk, merged_into=None)
    problem = ""
    if request.method == "POST":
        ids = [int(one) for one in request.POST.getlist("mention") if one.isdigit()]
        try:
            part = curation.split_event(
                event, list(Mention.objects.filter(pk__in=ids, event=event)), by=_user(request)
            )
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return _done(request, [event.acts.latest("pk")], _("It is an event of its own."), part)
    context = {"event": event, "sheet": review.sheet(event, _user(request)), "problem": problem}
    return render(request, "desk/split.html", context, status=422 if problem else 200)


@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponseBase:
    event = get_object_or_404(Event, pk=pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _refused(request, _problems(form))
    done = curation.comment(event, form.cleaned_data["comment"], by=_user(request))
    return _done(request, [done], _("Your comment is in the history."), event)


@require_POST
def fact(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a new fact, or leave the field as it is."""
    event = get_object_or_404(Event, pk=pk)
    name = request.POST.get("field", "")
    if name not in event.proposals:
        return _refused(request, [_("There is no new fact to weigh.")])
    try:
        if "take" in request.POST:
            done = curation.edit_event(event, {name: event.proposals[name]}, by=_user(request))
        else:
            done = curation.turn_down(event, name, by=_user(request))
    except ValidationError as error:
        return _refused(request, error.messages)
    return _done(request, [done] if done else [], _("Weighed."), event)


@require_POST
def contradict(request: HttpRequest, pk: int) -> HttpResponseBase:
    event = get_object_or_404(Event, pk=pk, merged_into=None)
    form = OtherForm(request.POST)
    if not form.is_valid():
        return _refused(request, _problems(form))
    try:
        done = curation.mark_contradicted(event, form.cleaned_data["other"], by=_user(request))
    except ValidationError as error:
        return _refused(request, error.messages)
    return _done(request, [done], _("Each of the two now shows the other."), event)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Move a report to the event that it tells of."""
    mention = get_object_or_404(Mention, pk=pk)
    form = OtherForm(request.POST)
    if not form.is_valid():
        return _refused(request, _problems(form))
    event = form.cleaned_data["other"]
    try:
        done = curation.attach_mention(mention, event, by=_user(request))
    except ValidationError as error:
        return _refused(request, error.messages)
    return _done(request, [done], _("The report now tells of this event."), event)


@require_safe
def history(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in SUBJECTS:
        raise Http404
    subject = get_object_or_404(SUBJECTS[kind], pk=pk)
    entries = review.history(kind, pk)
    context = {"subject": subject, "kind": kind, "entries": entries}
    return render(request, "desk/history.html", context)


@require_POST
def go_back(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Undo one act, or everything after it."""
    done = get_object_or_404(CurationAct, pk=pk)
    try:
        if "only" in request.POST:
            curation.undo_act(done, by=_user(request))
        else:
            curation.go_back_to(done, by=_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is as it was."))
    kind = next(name for name in SUBJECTS if getattr(done, f"{name}_id") is not None)
    return redirect("history", kind, getattr(done, f"{kind}_id"))


@require_http_methods(["GET", "HEAD", "POST"])
def new_event(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make an event of words selected in a dispatch."""
    dispatch = get_object_or_404(Dispatch, pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    typed = WordsForm(request.GET)
    if typed.is_valid():
        found = typed.find_in(dispatch.text)
        if found is None:
            messages.error(request, _("The text does not have these words."))
            return redirect("dispatch", pk)
        where = urlencode({"start": found[0], "end": found[1]})
        return redirect(f"{reverse('event-new', args=[pk])}?{where}")
    selection = SelectionForm(given)
    if not selection.is_valid() or selection.cleaned_data["end"] > len(dispatch.text):
        messages.error(request, _("Select the words that tell the event first."))
        return redirect("dispatch", pk)
    start, end = selection.cleaned_data["start"], selection.cleaned_data["end"]
    words = " ".join(dispatch.text[start:end].split())
    form = EventForm(request.POST if request.method == "POST" else None)
    form.initial = {"title": words[:90], "edtf": dispatch.dct, "status": "happened"}
    if form.is_bound and form.is_valid():
        try:
            event = curation.create_event(
                dispatch, start, end, form.cleaned_data, by=_user(request)
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _done(request, [event.acts.latest("pk")], _("The event is there."), event)
    return render(
        request,
        "desk/new_event.html",
        {"dispatch": dispatch, "form": form, "selection": selection, "words": words},
        status=422 if form.errors else 200,
    )


@require_safe
def name(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """An actor or a place: what it is called, and what else it is called."""
    subject = _named(kind, pk)
    if subject.same_as_id is not None:
        return redirect("name", kind, subject.same_as_id)
    return render(
        request,
        "desk/name.html",
        {
            "kind": kind,
            "subject": subject,
            "form": NameForm(initial={"name": subject.name}, label_suffix=""),
            "unite": UniteForm(label_suffix=""),
            "alike": review.names_alike(subject),
        },
    )


@require_POST
def rename(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    subject = _named(kind, pk)
    form = NameForm(request.POST)
    if not form.is_valid():
        return _refused(request, _problems(form))
    try:
        curation.rename(subject, form.cleaned_data["name"], by=_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It is called so from now on."))
    return redirect("name", kind, pk)


@require_POST
def unite(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    subject = _named(kind, pk)
    given = request.POST.get("other", "").strip()
    others = type(subject)._default_manager.filter(folded=recording.folded(given))
    other = others.exclude(pk=pk).select_related("same_as").first()
    if other is None:
        messages.error(request, _("Nobody and nothing here has this name."))
        return redirect("name", kind, pk)
    try:
        # A name that means another one stands for it.
        curation.unite(subject, other.same_as or other, by=_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The two names are one now."))
    return redirect("name", kind, pk)


def _named(kind: str, pk: int) -> Any:
    if kind == "actor":
        return get_object_or_404(Actor, pk=pk)
    if kind == "place":
        return get_object_or_404(Place, pk=pk)
    raise Http404


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)  # `roles.AccessMiddleware` let nobody else through


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _problems(form: Form) -> list[str]:
    return [str(words) for errors in form.errors.values() for words in errors]


def _done(
    request: HttpRequest, acts: Sequence[CurationAct], told: str, event: Event | None = None
) -> HttpResponseBase:
    """Say what was done, with the way back: in JSON to the script, else on the next page."""
    ids = [one.pk for one in acts]
    if _wants_json(request):
        return JsonResponse({"acts": ids, "message": told})
    messages.success(request, told, extra_tags=" ".join(f"undo-{pk}" for pk in ids[:200]))
    return _next(request, event)


def _refused(request: HttpRequest, problems: Sequence[str], status: int = 422) -> HttpResponseBase:
    if _wants_json(request):
        return JsonResponse({"error": list(problems)}, status=status)
    messages.error(request, " ".join(problems))
    return _next(request, None)


def _next(request: HttpRequest, event: Event | None) -> HttpResponseRedirect:
    """Back to where the form stood, else to the event, else to the queue."""
    to = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(to)
    return redirect("event", event.pk) if event is not None else redirect("review")
