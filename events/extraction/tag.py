"""Time expressions alone, as a plain function: no parse, no model, no framework."""

from __future__ import annotations

from datetime import date

from events.extraction import lexicon as lexicons
from events.extraction.annotations import NormalizedTimex
from events.extraction.identify import identify
from events.extraction.infer_dct import infer_dct
from events.extraction.normalize import normalize
from events.extraction.read import read
from events.extraction.recognize import recognize
from events.extraction.timeml import styled


def tag_times(
    text: str, dct: date | None = None, language: str | None = None, style: str = "frise"
) -> list[NormalizedTimex]:
    """Return the time expressions of `text` in reading order, each placed on the calendar.

        >>> from datetime import date
        >>> found = tag_times("Ils ont signé mardi, en soirée.", date(2016, 12, 8), "fr")
        >>> [(t.timex.text, t.value, t.edtf) for t in found]
        [('mardi', '2016-12-06', '2016-12-06'), ('en soirée', '2016-12-06TEV', '2016-12-06')]

    `dct` is the day the text was written: relative expressions count from it. Without it, it is
    worked out from the text where that is possible. `language` is ISO 639-1, told from the text
    if not given. `style` names the conventions for values, one of `timeml.STYLES`; an unknown one
    raises ValueError. An impossible date has the value "".
    """
    document = read(text)
    code = language or identify(text, None, lexicons.EVENT_LANGUAGES).code
    lexicon = lexicons.load(code)
    found = recognize(document, None, lexicon)
    day = infer_dct(document, found, None, lexicon, dct, None)
    return styled(normalize(found, document, None, day, lexicon), text, style)
