"""What a name stands for in a register: a country by its ISO code, a body by its id.

Names in different languages have one key, "=ru" or "=un". Places that were located need none of
it: GeoNames numbers them.
"""

from __future__ import annotations

from collections.abc import Iterable

from events.extraction.gazetteer import country_name, country_of, is_country
from events.extraction.lexicon.concepts import body_of
from events.extraction.lexicon.names import fold_often, register_key


def register_of(name: str, *languages: str) -> str:
    """Return the key of the country or body that has this name in these languages, or "".

    A name that they give to different countries stands for none: "Congo".
    """
    codes = {country_of(name, language) for language in languages} - {""}
    if len(codes) > 1:
        return ""
    code = codes.pop() if codes else body_of(fold_often(name))
    return register_key(code) if code else ""


def country_names(register: str, languages: Iterable[str]) -> dict[str, str]:
    """Return {language: usual name} of the country of this key; empty for what is none."""
    code = register.removeprefix("=").upper()
    if not is_country(code):
        return {}
    return {language: country_name(code, language) for language in languages}
