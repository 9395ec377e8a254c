"""Names of persons that readers may not see, and what stands in their place.

Which ones: the standing acts of kind "withhold". Rows hold what readers may see, so that no page,
index, feed or export has to think of it: in `Dispatch.text` such a name is blacked out letter for
letter, so that offsets stay true, and titles, casts and notes give another name. The text as it
came stays in `Dispatch.private_text`, for the pipeline and for curators.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from events.models import CurationAct, Dispatch, Mention

BAR = "█"
# What of a dispatch is read by people, beside its text.
DISPATCH_FIELDS = (
    "title", "original_name", "notices", "dct_reason", "dct_candidates", "advisory",
    "withdrawn_why",
)  # fmt: skip
_MARKS = "[\u0300-\u036f]*"  # accents that stand as characters of their own
_BETWEEN = r"[\s.'’‐-―-]{1,3}"  # the words of one name


@dataclass(frozen=True, slots=True)
class Withheld:
    """Names, by their folded words, with what is said instead; none is false."""

    instead: Mapping[str, str] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None

    def __bool__(self) -> bool:
        return self.pattern is not None

    def black_out(self, text: str) -> str:
        """Return the text with a bar for each character of a name: as long as it was."""
        if self.pattern is None:
            return text
        out = list(text)
        for match in self.pattern.finditer(_plain(text)):
            out[match.start() : match.end()] = BAR * (match.end() - match.start())
        return "".join(out)

    def words(self, text: str) -> str:
        """Return the text with other names in the place of these; its length may change."""
        if self.pattern is None:
            return text
        pieces, last = [], 0
        for match in self.pattern.finditer(_plain(text)):
            pieces += [text[last : match.start()], self.instead[_key(match[0])]]
            last = match.end()
        return "".join([*pieces, text[last:]])

    def values(self, value: Any) -> Any:
        """Return plain data with every text in it as `words` gives it."""
        if isinstance(value, str):
            return self.words(value)
        if isinstance(value, list):
            return [self.values(one) for one in value]
        if isinstance(value, dict):
            return {name: self.values(one) for name, one in value.items()}
        return value

    def cover(self, dispatch: Dispatch) -> Dispatch:
        """Set what readers may see of a dispatch, and keep its text as it came. Does not save."""
        whole = dispatch.whole_text
        dispatch.text = self.black_out(whole)
        dispatch.private_text = whole if dispatch.text != whole else ""
        for name in DISPATCH_FIELDS:
            setattr(dispatch, name, self.values(getattr(dispatch, name)))
        return dispatch


def names_in_force(*, but: CurationAct | None = None) -> Withheld:
    """Return the names that are withheld now; `but` leaves one act out, which is being undone."""
    acts = CurationAct.objects.filter(kind=CurationAct.Kind.WITHHOLD, undone_by=None)
    if but is not None:
        acts = acts.exclude(pk=but.pk)
    return withheld((act["names"], act["instead"]) for act in acts.values_list("after", flat=True))


def withheld(given: Iterable[tuple[Iterable[str], str]]) -> Withheld:
    """Return these names, each group with what is said instead; case and accents do not matter."""
    instead = {key: other for names, other in given for name in names if (key := _key(name))}
    if not instead:
        return Withheld()
    names = sorted(instead, key=len, reverse=True)  # "Jean Dupont" before "Dupont"
    ways = ("".join(_letters(name)) for name in names)
    return Withheld(instead, re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)"))


def is_told_of(events: Iterable[int]) -> bool:
    """Whether a report of one of these events names somebody who is withheld."""
    return Mention.objects.filter(event__in=events).exclude(dispatch__private_text="").exists()


def _letters(key: str) -> Iterable[str]:
    for letter in key:
        yield _BETWEEN if letter == " " else re.escape(letter) + _MARKS


def _key(name: str) -> str:
    """The words of a name, folded, with one space between them."""
    plain = "".join(c for c in _plain(name) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain))


def _plain(text: str) -> str:
    """The text without case and accents, character for character."""
    return "".join(map(_plain_letter, text))


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter
