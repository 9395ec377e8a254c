"""Everything that comes in from a person passes one of these forms.

A query parameter that cannot be read raises `BadQuery`, which the site answers with a page that
names it; one that can be put right is, and the form's `notices` say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import BadRequest, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events import intervals, preview
from events.filters import Filters
from events.intake import Named
from events.models import Dispatch, EventType, ReviewState, Status
from events.progress import Fate
from events.spool import Spool
from events.tiles import LaneFacet
from events.timeline import Facet
from events.uploads import SpooledFile
from events.wording import word_day, word_edtf

MOST_VALUES = 20  # of one filter
LONGEST_QUERY = 200  # characters
LARGEST_ID = 2**63 - 1
FIRST_NEWS = 1605  # the year of the first printed newspaper

AnyForm = TypeVar("AnyForm", bound=forms.Form)


class BadQuery(BadRequest):
    """Query parameters that make no sense. `problems` are (label, message) pairs for people,
    `errors` the same messages by the name of their parameter."""

    def __init__(self, form: forms.Form) -> None:
        self.errors = {name: [str(one) for one in told] for name, told in form.errors.items()}
        self.problems = tuple(
            (str(form.fields[name].label or name) if name in form.fields else "", str(message))
            for name, messages in form.errors.items()
            for message in messages
        )
        super().__init__(self.problems)


def read_query(form_class: type[AnyForm], request: HttpRequest) -> AnyForm:
    """Return the form, valid. Raises BadQuery."""
    form = form_class(request.GET)
    if not form.is_valid():
        raise BadQuery(form)
    return form


class PeriodField(forms.CharField):
    """ "2016", "2016-12" or "2016-12-07" as half-open days; (None, None) when empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, required=False, **kwargs)
        self.widget.attrs |= {"placeholder": "2016-12-07", "inputmode": "numeric"}

    def clean(self, value: Any) -> tuple[date | None, date | None]:
        text = super().clean(value)
        if not text:
            return None, None
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
            raise ValidationError(_("Write a year, a month or a day: 2016, 2016-12, 2016-12-07."))
        try:
            return intervals.bounds(text)
        except ValueError as error:
            raise ValidationError(_("There is no such day: %(day)s.") % {"day": text}) from error


class IdsField(forms.Field):
    """Ids of rows, as many as given; whether they exist is for the query to find out."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> tuple[int, ...]:
        values = list(value or ())
        _check_number(values)
        if any(not re.fullmatch(r"[0-9]{1,19}", one) or int(one) > LARGEST_ID for one in values):
            raise ValidationError(_("Not the number of anything here."))
        return tuple(dict.fromkeys(int(one) for one in values))


class ChoicesField(forms.MultipleChoiceField):
    """Several values of a closed list, each once."""

    def __init__(self, choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(choices=choices, required=False, **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:
        _check_number(value or ())
        return tuple(dict.fromkeys(super().clean(value)))


def _check_number(values: Sequence[object]) -> None:
    if len(values) > MOST_VALUES:
        raise ValidationError(_("At most %(most)s values at a time.") % {"most": MOST_VALUES})


class PageField(forms.IntegerField):
    """A page number; anything that is none is the first page."""

    def clean(self, value: Any) -> int:
        try:
            return min(max(int(super().clean(value) or 1), 1), 1_000_000_000)
        except ValidationError:
            return 1


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it is called, its value in words, and the query without it."""

    name: str
    label: str
    query: str


class KnownField(forms.DateField):
    """The day whose knowledge is shown."""

    def __init__(self) -> None:
        super().__init__(
            label=_("As known on"),
            required=False,
            input_formats=["%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )


class DispatchDayField(forms.DateField):
    """The day of a dispatch as its giver states it; a slip that no dispatch can be of is told."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        last = timezone.localdate().year + 1  # advance copies are dated ahead
        if day and not FIRST_NEWS <= day.year <= last:
            told = _("No dispatch is of %(day)s: say a day from %(first)s to %(last)s.")
            raise ValidationError(
                told % {"day": day.isoformat(), "first": FIRST_NEWS, "last": last}
            )
        return day


class EventForm(forms.Form):
    """The query parameters of the page of an event."""

    known = KnownField()

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")


class TimelineForm(forms.Form):
    """The timeline's query parameters: every one of them is part of a shareable address."""

    q = forms.CharField(
        label=_("Search"), max_length=LONGEST_QUERY, required=False,
        widget=forms.SearchInput(),
    )  # fmt: skip
    start = PeriodField(label=_("From"))
    end = PeriodField(label=_("To"))
    type = ChoicesField(EventType.choices, label=_("Type"))
    status = ChoicesField(Status.choices, label=_("Status"))
    review = ChoicesField(ReviewState.choices, label=_("Review"))
    actor = IdsField(label=_("Actor"), required=False)
    place = IdsField(label=_("Place"), required=False)
    source = IdsField(label=_("Source"), required=False)
    confidence = forms.IntegerField(
        label=_("Confidence at least (%)"), min_value=0, max_value=100, required=False
    )
    order = forms.ChoiceField(
        label=_("Order"),
        choices=[("", _("oldest first")), ("desc", _("newest first"))],
        required=False,
    )
    lane = forms.ChoiceField(
        label=_("Lanes"),
        choices=[
            ("", _("by type")),
            ("status", _("by status")),
            ("actor", _("by actor")),
            ("place", _("by place")),
            ("source", _("by source")),
            ("none", _("one for all")),
        ],
        required=False,
    )
    known = KnownField()
    page = PageField(label=_("Page"), required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")
        self.query = data
        self.notices: list[str] = []

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start", (None, None)), data.get("end", (None, None))
        if start[0] and end[1] and start[0] >= end[1]:
            self.notices.append(str(_("The period ended before it began: we turned it round.")))
            data["start"], data["end"] = end, start
        return data

    @property
    def filters(self) -> Filters:
        data = self.cleaned_data
        return Filters(
            types=data["type"],
            statuses=data["status"],
            reviews=data["review"],
            actors=data["actor"],
            places=data["place"],
            sources=data["source"],
            text=data["q"],
            start=data["start"][0],
            end=data["end"][1],
            confidence=(data["confidence"] or 0) / 100,
            known=data["known"],
            newest_first=data["order"] == "desc",
        )

    @property
    def lane_facet(self) -> LaneFacet:
        """The facet that the view's lanes show; "" is one lane for all."""
        chosen: LaneFacet = self.cleaned_data["lane"] or "type"
        return "" if self.cleaned_data["lane"] == "none" else chosen

    @property
    def page_number(self) -> int:
        return int(self.cleaned_data["page"])

    def chips(self, facets: Sequence[Facet]) -> list[Chip]:
        """The filters in force, to show and to take away one by one."""
        labels = {(f.name, v.value): v.label for f in facets for v in f.values}
        labels |= {("review", value): str(label) for value, label in ReviewState.choices}
        chips = [
            self._chip(name, labels.get((name, str(value)), str(value)), value)
            for name in ("type", "status", "review", "actor", "place", "source")
            for value in self.cleaned_data[name]
        ]
        chips += [
            self._chip(name, words % {"value": self.cleaned_data[name]})
            for name, words in (("q", "“%(value)s”"), ("confidence", "≥ %(value)s %%"))
            if self.cleaned_data[name]
        ]
        chips += [
            self._chip(name, words % {"date": word_edtf(str(self.query[name]).strip())})
            for name, words in (("start", _("from %(date)s on")), ("end", _("up to %(date)s")))
            if any(self.cleaned_data[name])
        ]
        if self.cleaned_data["known"]:
            chips.append(self._chip("known", word_day(self.cleaned_data["known"])))
        return chips

    def _chip(self, name: str, label: str, value: object = None) -> Chip:
        query = self.query.copy()
        query.pop("page", None)
        kept = [one for one in query.getlist(name) if value is not None and one != str(value)]
        query.setlist(name, kept)
        return Chip(str(self.fields[name].label), label, query.urlencode())


class WalkForm(TimelineForm):
    """The query of the timeline, and the event at which a reader who goes through it stands."""

    event = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )


class TileForm(TimelineForm):
    """What a tile is asked for: the filters of the page, and the lanes to count in."""

    key = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def clean_key(self) -> tuple[str, ...]:
        """Keys of lanes: values of the closed list, or numbers."""
        keys = tuple(dict.fromkeys(self.cleaned_data["key"] or ()))
        _check_number(keys)
        facet = self.data.get("lane") or "type"
        known = {"type": EventType.values, "status": Status.values}.get(facet)
        for key in keys:
            is_number = re.fullmatch(r"[0-9]{1,18}", key)
            if (known is not None and key not in known) or (known is None and not is_number):
                raise ValidationError(_("There is no such lane: %(key)s.") % {"key": key[:40]})
        return keys


class DispatchesForm(forms.Form):
    """The query parameters of the list of dispatches."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, label_suffix="")

    q = forms.CharField(label=_("Search"), max_length=LONGEST_QUERY, required=False,
                        widget=forms.SearchInput())  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("all")), *Dispatch.State.choices], required=False
    )
    page = PageField(required=False, widget=forms.HiddenInput)


class UndatedForm(forms.Form):
    """The query parameters of the tray of dispatches to be dated."""

    batch = forms.UUIDField(required=False)
    at = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)


class DayForm(forms.Form):
    """Of which day a dispatch is; empty takes back what was said."""

    published = DispatchDayField(
        label=_("Day of the dispatch"), input_formats=["%Y-%m-%d", "%d/%m/%Y"]
    )


MOST_OPML_BYTES = 1024 * 1024


class BatchForm(forms.Form):
    """The query parameters of the page of an upload."""

    fate = forms.ChoiceField(choices=[("", ""), *((fate, fate) for fate in Fate)], required=False)
    page = PageField(required=False, widget=forms.HiddenInput)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files that were spooled while they came (events/uploads.py), or none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[SpooledFile]:
        return list(data) if isinstance(data, (list, tuple)) else [data] if data else []


class UploadForm(forms.Form):
    """Dispatches, pasted or as files, and what their giver knows of them."""

    text = forms.CharField(
        label=_("Text of the dispatch"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    uploads = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("Text, HTML, mail, Word, PDF, formats of the wires, or a ZIP of them."),
    )
    folder = FilesField(
        label=_("or a whole folder"),
        required=False,
        widget=FilesInput(attrs={"webkitdirectory": True}),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=200,
        help_text=_("Agency or newspaper. Left empty, the credit line of the text decides."),
    )
    published = DispatchDayField(
        label=_("Publication date"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=_("Left empty, it is worked out from the text."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("recognize it")), *settings.LANGUAGES],
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        nothing = not (data.get("uploads") or data.get("folder"))
        if not self.errors and not data["text"].strip() and nothing:
            raise ValidationError(_("Paste a text or choose a file."), code="nothing")
        if not self.errors and self.asks_for_preview:
            self._check_preview(data["text"].replace("\r\n", "\n"))
        return data

    @property
    def asks_for_preview(self) -> bool:
        """Whether what the text would become is to be shown, and nothing taken in."""
        return self.data.get("act") == "preview"

    def _check_preview(self, text: str) -> None:
        if not text.strip():
            raise ValidationError(
                _("Paste a text to preview it: files are read when they are added.")
            )
        if len(text) > preview.MOST_CHARACTERS:
            raise ValidationError(
                _(
                    "A preview shows texts of up to %(most)s characters, and this one has "
                    "%(count)s. It can be added all the same."
                )
                % {"most": intcomma(preview.MOST_CHARACTERS), "count": intcomma(len(text))}
            )

    def things(self, safe: Spool) -> list[Named]:
        """What was given, with its place in the spool; the pasted text is put there too."""
        data = self.cleaned_data
        text = data["text"]
        pasted = (
            [Named(str(_("pasted text")), safe.add(text.encode(errors="replace")))]
            if text.strip()
            else []
        )
        files = [*data["uploads"], *data["folder"]]
        return pasted + [Named(file.name or "", file.slot) for file in files]

    def statement(self) -> Mapping[str, Any]:
        """What the giver says of all of it, as `open_batch` takes it."""
        return {name: self.cleaned_data[name] for name in ("source", "published", "language")}


class TokenForm(forms.Form):
    """What a new token is for."""

    name = forms.CharField(label=_("What is the token for?"), max_length=100)


class FeedForm(forms.Form):
    """The address of a feed, or of a page that names one."""

    url = forms.CharField(
        label=_("Address of the feed or of its site"), max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    source = forms.CharField(label=_("Source"), max_length=200, required=False)


class OpmlForm(forms.Form):
    """A list of feeds from another reader."""

    opml = forms.FileField(label=_("List of feeds (OPML)"))

    def clean_opml(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["opml"]
        if (file.size or 0) > MOST_OPML_BYTES:
            raise ValidationError(_("This list is too long."))
        return file
