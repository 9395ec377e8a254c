"""A list of names in a form: one a line."""

from __future__ import annotations

from typing import Any

from django import forms

from events import reference


class Lines(forms.Textarea):
    """A list of names, one a line."""

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or ())


class LinesField(forms.Field):
    widget = Lines(attrs={"rows": 4, "cols": 60})

    def clean(self, value: Any) -> list[str]:
        return reference.tidy(str(value or "").splitlines())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or ()) != str(data or "").splitlines()
