import pytest

from events.extraction.identify import identify

SUPPORTED = frozenset({"fr", "en"})


@pytest.mark.parametrize(
    ("text", "code", "supported"),
    [
        ("Les rebelles syriens ont appelé mercredi à un cessez-le-feu immédiat.", "fr", True),
        ("The Syrian rebels called on Wednesday for an immediate ceasefire.", "en", True),
        ("Der Bundestag hat am Mittwoch über den Haushalt abgestimmt.", "de", False),
        ("El Gobierno anunció el miércoles la convocatoria de elecciones.", "es", False),
    ],
)
def test_the_language_is_read_from_the_text(text, code, supported):
    language = identify(text, None, SUPPORTED)
    assert (language.code, language.supported, language.stated) == (code, supported, False)
    assert language.sure


def test_a_stated_language_wins_over_the_text():
    language = identify("The rebels called for a ceasefire on Wednesday.", "fr-FR", SUPPORTED)
    assert (language.code, language.stated, language.sure) == ("fr", True, True)


@pytest.mark.parametrize("text", ["", "1234", "12.12.2016 - 300.000"])
def test_a_text_without_words_is_not_sure_of_its_language(text):
    assert not identify(text, None, SUPPORTED).sure
