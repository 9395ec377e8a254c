"""What a name stands for in a register: a country by its ISO code, a body by its id, a place by
its number in GeoNames or by what our tables call it in every language.

Names in different languages have one key: "=ru", "=un", "=2660646", "=us florida".
"""

from __future__ import annotations

from collections.abc import Iterable

from events.extraction.gazetteer import (
    NOWHERE,
    country_name,
    country_of,
    is_country,
    listed_name,
)
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


def place_register(name: str, language: str, country: str, geonames: int | None) -> str:
    """Return the key of a place of this country, "" for none, or "" if no register has it."""
    if geonames:
        return register_key(geonames)
    its_country, listed = listed_name(name, language)
    is_known = listed and its_country == country
    return register_key(f"{country or NOWHERE} {fold_often(listed)}") if is_known else ""


def country_names(register: str, languages: Iterable[str]) -> dict[str, str]:
    """Return {language: usual name} of the country of this key; empty for what is none."""
    code = register.removeprefix("=").upper()
    if not is_country(code):
        return {}
    return {language: country_name(code, language) for language in languages}
