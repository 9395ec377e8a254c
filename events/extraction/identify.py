"""Text to Language: a stated language wins; an unsure guess says so."""

from __future__ import annotations

from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from events.extraction.annotations import Language

# What dispatches come in, and what dateparser and spaCy read; more only invites mistakes on
# headlines (10 of 12 right with eight languages allowed).
CANDIDATES = ("fr", "en", "de", "es", "it", "pt", "nl", "ca", "pl", "ar", "ru", "tr", "vi", "zh")
SURE = 0.9  # probability above which the text alone settles its language
HOPELESS = 0.5  # below it a guess says nothing: the first language of the product is as good
FIRST = "fr"
_ENOUGH = 4000  # characters: more text changes no answer


def identify(text: str, stated: str | None, supported: frozenset[str]) -> Language:
    """Return the language of `text`; `supported` are those in which events are extracted."""
    if stated:
        code = stated.lower().split("-")[0]
        return Language(code, stated=True, sure=True, supported=code in supported)
    code, probability = _identifier().classify(text[:_ENOUGH])
    if probability < HOPELESS:
        code = FIRST
    return Language(code, stated=False, sure=probability >= SURE, supported=code in supported)


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(CANDIDATES))
    return identifier
