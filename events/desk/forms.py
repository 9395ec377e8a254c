"""What curators send."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from events import corrections, curation, pictures
from events.forms import IdsField, TimelineForm
from events.models import EVENT_FIELDS, Event, EventType, PlaceKind, Role, Status, Story
from events.stories import StoryPage
from events.timeline import Facet, FacetValue

MOST_TABLE_BYTES = 10 * 1024 * 1024
SPARE_ROWS = 2  # empty ones under the actors and places that are there


class Verb(TextChoices):
    """What may be done to several proposals at once."""

    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    TYPE = "type", _("Set the type")
    MERGE = "merge", _("Merge")


class QueueForm(TimelineForm):
    """The filters of the timeline, over what waits for a person."""

    facts = forms.BooleanField(label=_("New facts on checked events"), required=False)

    def __init__(self, data: QueryDict) -> None:
        """A form without a script sends each of its fields, chosen or not."""
        chosen = data.copy()
        for name, values in data.lists():
            chosen.setlist(name, [value for value in values if value])
        super().__init__(chosen)

    def closed_facets(self) -> list[Facet]:
        """Types and statuses in words, for the chips of what was chosen."""
        return [_facet("type", EventType.choices), _facet("status", Status.choices)]


def _facet(name: str, choices: list[tuple[str, Any]]) -> Facet:
    values = (FacetValue(value, str(words), 0, chosen=False) for value, words in choices)
    return Facet(name, tuple(values))


class ActForm(forms.Form):
    """One act on the proposals that were ticked, or on the one in view."""

    verb = forms.ChoiceField(choices=Verb.choices)
    event = IdsField()
    type = forms.ChoiceField(choices=[("", ""), *EventType.choices], required=False)
    into = forms.IntegerField(required=False, min_value=1)

    def clean_event(self) -> tuple[int, ...]:
        if not self.cleaned_data["event"]:
            raise ValidationError(_("Choose an event first."))
        return tuple(self.cleaned_data["event"])


class CorrectionsForm(forms.Form):
    """A table of events that was corrected elsewhere."""

    table = forms.FileField(
        label=_("Table (CSV)"),
        help_text=_("As it was taken away; of its cells, those of %(columns)s are read."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")
        told = str(self.fields["table"].help_text)
        self.fields["table"].help_text = told % {"columns": ", ".join(corrections.COLUMNS)}

    def clean_table(self) -> corrections.Table:
        file: UploadedFile[bytes] = self.cleaned_data["table"]
        if (file.size or 0) > MOST_TABLE_BYTES:
            raise ValidationError(_("This file is too large."))
        try:
            return corrections.read(file.read())
        except corrections.UnreadableTableError as error:
            raise ValidationError(str(error)) from error


class ChangesForm(forms.Form):
    """Which changes of a table are taken, each as it was shown."""

    change = forms.Field(widget=forms.MultipleHiddenInput)

    def clean_change(self) -> list[corrections.Change]:
        given = self.cleaned_data["change"][: corrections.MOST_CHANGES]
        try:
            return [corrections.Change.from_json(one) for one in given]
        except ValueError as error:
            told = _("This cannot be read any more: choose the table again.")
            raise ValidationError(told) from error


class EventForm(forms.Form):
    """All fields of an event that a person may set; actors and places row by row."""

    title = forms.CharField(label=_("Title"), max_length=90)
    edtf = forms.CharField(
        label=_("Date"),
        required=False,
        max_length=60,
        help_text=_("2016-12-07, 7/12/2016, 2016-12, 2016, 2016-12-05/2016-12-07, 2011-03/.."),
    )
    time_of_day = forms.CharField(
        label=_("Time of day"),
        required=False,
        max_length=5,
        help_text=_("14:30, or MO MI AF EV NI"),
    )
    type = forms.ChoiceField(label=_("Type"), choices=EventType.choices)
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)

    def __init__(self, data: QueryDict | None = None, *, event: Event | None = None) -> None:
        self.seen = _seen(data, event)
        initial = {}
        if event is not None:
            initial = {name: getattr(event, name) for name in self.base_fields}
        super().__init__(data, initial=initial, label_suffix="")
        self.curated = frozenset(event.curated_fields) if event else frozenset()
        if data is not None:
            self.actors = list(zip(data.getlist("actor"), data.getlist("role"), strict=False))
            self.places = [
                *zip(
                    data.getlist("place"), data.getlist("kind"), data.getlist("country"),
                    strict=False,
                )
            ]  # fmt: skip
        else:
            self.actors = [tuple(row) for row in self.seen.get("actors", ())]
            self.places = [tuple(row) for row in self.seen.get("places", ())]

    @property
    def seen_json(self) -> str:
        """What the hidden field `seen` carries: the values that the person was shown."""
        return json.dumps(self.seen)

    def show_meanwhile(self, values: Mapping[str, Any]) -> None:
        """The person is told of these values by now: saved again, their own win."""
        self.seen |= values

    @property
    def actor_rows(self) -> list[tuple[str, str]]:
        return [*self.actors, *[("", "agent")] * SPARE_ROWS]

    @property
    def place_rows(self) -> list[tuple[str, str, str]]:
        return [*self.places, *[("", "city", "")] * SPARE_ROWS]

    @property
    def roles(self) -> list[tuple[str, Any]]:
        return list(Role.choices)

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return list(PlaceKind.choices)

    def clean_edtf(self) -> str:
        """Days may be written as people write them: 7/12/2016."""
        text = str(self.cleaned_data["edtf"]).strip()
        match = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text, re.ASCII)
        if match:
            try:
                text = date(int(match[3]), int(match[2]), int(match[1])).isoformat()
            except ValueError as error:
                words = _("There is no such day: %(day)s.") % {"day": text}
                raise ValidationError(words) from error
        return str(self._check("edtf", text))

    def clean_time_of_day(self) -> str:
        return str(self._check("time_of_day", str(self.cleaned_data["time_of_day"]).strip()))

    def clean_title(self) -> str:
        return str(self._check("title", self.cleaned_data["title"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("actors", "places"):
            try:
                data[name] = curation.checked(name, getattr(self, name))
            except ValidationError as error:
                self.add_error(None, error.messages)
        return data

    def _check(self, name: str, value: object) -> Any:
        try:
            return curation.checked(name, value)
        except ValidationError as error:
            raise ValidationError(error.messages) from error


def _seen(data: QueryDict | None, event: Event | None) -> dict[str, Any]:
    """The values that a form was shown with; {} where it does not say, or there are none."""
    if data is None:
        return {name: curation.value(event, name) for name in EVENT_FIELDS} if event else {}
    try:
        seen = json.loads(data.get("seen", "{}"))
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


class SelectionForm(forms.Form):
    """Characters of a dispatch."""

    start = forms.IntegerField(min_value=0, max_value=10_000_000, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, max_value=10_000_000, widget=forms.HiddenInput)


class WordsForm(forms.Form):
    """The same, typed: for whom selecting is not at hand."""

    words = forms.CharField(label=_("Words of the text that tell an event"), max_length=400)

    def find_in(self, text: str) -> tuple[int, int] | None:
        """Where the text has these words, whatever its spaces and line breaks; None: nowhere."""
        written = r"\s+".join(map(re.escape, self.cleaned_data["words"].split()))
        match = re.search(rf"(?<!\w){written}(?!\w)", text, re.IGNORECASE)
        return match.span() if match else None


class OtherForm(forms.Form):
    """Another event, by its number or its address."""

    other = forms.CharField(label=_("Number or address of the other event"), max_length=300)

    def clean_other(self) -> Event:
        match = re.search(r"(\d{1,18})/?\s*$", str(self.cleaned_data["other"]), re.ASCII)
        event = match and Event.objects.filter(pk=int(match[1])).first()
        if not event:
            raise ValidationError(_("There is no such event."))
        return event.standing


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=_("Comment for the other curators"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(forms.Form):
    """Why something is taken from readers: for curators, in the history."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who asked for it, and why. Only curators see it."),
    )


class WithholdForm(ReasonForm):
    """The ways in which a person is named, and what stands instead."""

    names = forms.CharField(
        label=_("Names to withhold"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, the longest first; the family name alone too, if it is to go."),
    )
    instead = forms.CharField(
        label=_("What stands instead"), max_length=60, initial=_("name withheld")
    )
    field_order = ("names", "instead", "reason")

    def clean_names(self) -> list[str]:
        return [line for line in self.cleaned_data["names"].splitlines() if line.strip()]


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)


class UniteForm(forms.Form):
    """Another actor or place, by its name."""

    other = forms.CharField(
        label=_("The other name"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "alike"}),
    )


class NewStoryForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)


class StoryForm(forms.ModelForm[Story]):
    """A story, with its steps in order: `step` ids, `note` texts, `at` places of the steps.

    `picture` is cleaned into the bytes to keep, or None for the picture that is there.
    """

    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("JPEG, PNG or WebP. What a camera writes into it is removed."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    no_picture = forms.BooleanField(label=_("Without a picture"), required=False)

    class Meta:
        model = Story
        fields = (
            "title", "slug", "intro", "language", "picture_alt", "picture_credit", "published",
        )  # fmt: skip
        widgets = {"intro": forms.Textarea(attrs={"rows": 6})}

    field_order = (
        "title", "slug", "intro", "language",
        "picture", "picture_alt", "picture_credit", "no_picture", "published",
    )  # fmt: skip

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        instance: Story,
    ) -> None:
        super().__init__(data, files, instance=instance, label_suffix="")
        if not instance.picture:
            del self.fields["no_picture"]

    def clean_picture(self) -> bytes | None:
        given = self.cleaned_data["picture"]
        return pictures.prepare(given.read(pictures.LARGEST_FILE + 1)) if given else None

    def clean(self) -> None:
        super().clean()
        values = self.cleaned_data
        keeps = self.instance.picture and not values.get("no_picture")
        if (values.get("picture") or keeps) and not values.get("picture_alt"):
            self.add_error(
                "picture_alt", _("Say what the picture shows, for those who cannot see it.")
            )

    def as_typed(self, page: StoryPage) -> StoryPage:
        """The page with the places and notes of its steps as the form was sent, if it was."""
        if not self.is_bound:
            return page
        data: Any = self.data
        rows = zip(
            data.getlist("step"), data.getlist("at"), data.getlist("note"), strict=False
        )
        typed = {step: {"typed": at, "note": note} for step, at, note in rows}
        steps = (replace(step, **typed.get(str(step.item.id), {})) for step in page.steps)
        return replace(page, steps=tuple(steps))

    def steps(self) -> list[tuple[int, str]]:
        """(event id, note) in the order that the numbers give; a step without number goes."""
        data: Any = self.data
        rows = []
        for index, (step, note, at) in enumerate(
            zip(data.getlist("step"), data.getlist("note"), data.getlist("at"), strict=False)
        ):
            if re.fullmatch(r"\d{1,18}", step, re.ASCII) and at.strip():
                place = float(at) if re.fullmatch(r"\d{1,6}([.]\d+)?", at, re.ASCII) else index
                rows.append((place, index, int(step), note.strip()[:5000]))
        return [(step, note) for _at, _index, step, note in sorted(rows)]
