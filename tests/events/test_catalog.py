"""The French catalog is whole, and compiles."""

from __future__ import annotations

import io
import re
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

QUOTED = r"""u(?:'[^'\n]*'|"[^"\n]*")"""
CALL = re.compile(rf"(?<!\w)(n?p?gettext\({QUOTED}(?:,\s*{QUOTED})*)")
BLANK = re.compile(r"%\(\w+\)s")


def catalog():
    path = Path(settings.BASE_DIR) / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale="fr")


def forms(value) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_no_message_lacks_its_french():
    lacking = [m.id for m in catalog() if m.id and (m.fuzzy or not all(forms(m.string)))]
    assert not lacking


def test_french_fills_the_same_blanks_as_english():
    for message in catalog():
        wanted = set(BLANK.findall(" ".join(forms(message.id))))
        for words in forms(message.string):
            assert set(BLANK.findall(words)) <= wanted, message.id
            if isinstance(message.id, str):
                assert set(BLANK.findall(words)) == wanted, message.id


KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def messages_in_source():
    """(message, context) of every string marked for translation in code and templates."""
    root = Path(settings.BASE_DIR)
    sources = [*(root / "events").rglob("*.py"), *(root / "newsapp").rglob("*.py")]
    for path in [*sources, *(root / "templates").rglob("*.html")]:
        text = path.read_text("utf-8")
        if path.suffix == ".html":
            text = "\n".join(f"{call})" for call in CALL.findall(templatize(text)))
        for _line, found, _comments, context in extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS
        ):
            yield (found if isinstance(found, str) else found[0]), context


def test_every_string_marked_for_translation_is_in_the_catalog():
    known = {(forms(m.id)[0], m.context) for m in catalog() if m.id}
    found = set(messages_in_source())
    assert len(found) > 200  # the extraction itself works
    assert not found - known, "run `make messages` and translate these"
