"""What the sender of dispatches says of them."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from events.forms import DispatchDayField

MOST_TEXTS = 100  # of one request


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
