"""What changed between two versions of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.differences import compare

TEXTS = st.text(alphabet="ab .\né", max_size=80)


def marked(old: str, new: str) -> str:
    signs = {"same": "{}", "gone": "[-{}]", "new": "[+{}]"}
    return "".join(signs[run.kind].format(run.text) for run in compare(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Il est mort jeudi.", "Il est mort jeudi.", "Il est mort jeudi."),
        ("Il est mort jeudi.", "Il est mort vendredi.", "Il est mort [-jeudi][+vendredi]."),
        ("A dit un. B dit deux.", "A dit un. C dit trois fois. B dit deux.",
         "A dit un. [+C dit trois fois. ]B dit deux."),
        ("A dit un. B dit deux.", "B dit deux.", "[-A dit un. ]B dit deux."),
        ("Le maire a vu 12 blessés.", "Le maire a vu plus de vingt blessés.",
         "Le maire a vu [-12][+plus de vingt] blessés."),
        ("La pluie tombe.", "Les élections sont reportées à mardi prochain.",
         "[-La pluie tombe.][+Les élections sont reportées à mardi prochain.]"),
        ("", "Tout est nouveau.", "[+Tout est nouveau.]"),
    ],
)  # fmt: skip
def test_changed_words_are_marked_and_others_are_not(old, new, shown):
    assert marked(old, new) == shown


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_in_what_is_shown(old, new):
    runs = compare(old, new)
    assert "".join(run.text for run in runs if run.kind != "gone") == new
    assert "".join(run.text for run in runs if run.kind != "new") == old
