"""What scripts send: what is known of dispatches, and which events or items they ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from events.forms import BatchForm, DispatchDayField, PageField, TimelineForm

MOST_TEXTS = 100  # of one request
LAST_PAGE = 1_000_000_000


class StatementForm(forms.Form):
    """What the sender says of all that is in the body."""

    name = forms.CharField(
        required=False, max_length=255, help_text=gettext_lazy("a name for people, of a file")
    )
    source = forms.CharField(
        required=False, max_length=200, help_text=gettext_lazy("agency or newspaper")
    )
    published = DispatchDayField(
        input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("the day of the dispatch; left out, it is worked out"),
    )
    language = forms.RegexField(
        r"^[a-z]{2}$", required=False, help_text=gettext_lazy("ISO 639-1; left out, recognized")
    )
    wait = forms.ChoiceField(
        required=False,
        choices=[("yes", "yes"), ("no", "no")],
        help_text=gettext_lazy(
            "“no”: answer at once with 202, and read on at the address of the batch"
        ),
    )


class PageNumberField(PageField):
    """A page number. What is none is told: to people, the pages of the site show the first."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Page"), min_value=1, max_value=LAST_PAGE, required=False
        )

    def clean(self, value: object) -> int:
        return int(forms.IntegerField.clean(self, value) or 1)


class EventsForm(TimelineForm):
    """The filters of the timeline."""

    page = PageNumberField()


class ItemsForm(BatchForm):
    """Which of the items of an upload are told."""

    page = PageNumberField()
