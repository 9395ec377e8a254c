"""Every frame proves itself: in its examples it gives a word its type, in its rejects not."""

import pytest

from events.extraction.lexicon.files import LexiconError
from events.extraction.lexicon.frames import load_frames
from tests.extraction.test_triggers_data import LANGUAGES, marked, triggers_of

CASES = [
    pytest.param(language, frame, id=frame.id)
    for language in LANGUAGES
    for frame in load_frames(language).frames
]


def types_of_marked(texts, language):
    """For each text the types of the triggers in its brackets."""
    pairs = [marked(text) for text in texts]
    found = triggers_of([text for text, _ in pairs], language)
    for (text, spans), triggers in zip(pairs, found, strict=True):
        touched = [t.type for t in triggers if any(t.span.overlaps(span) for span in spans)]
        assert touched, (text, triggers)
        yield text, touched


@pytest.mark.parametrize(("language", "frame"), CASES)
def test_examples_get_the_type_of_their_frame_and_rejects_another(language, frame):
    assert frame.examples
    assert frame.rejects
    for text, types in types_of_marked(frame.examples, language):
        assert set(types) == {frame.type}, text
    for text, types in types_of_marked(frame.rejects, language):
        assert frame.type not in types, text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('[[frame]]\nid = "xx.a"\ntype = "feast"', r"xx\.a.*type"),
        ('[[frame]]\nid = "xx.a"\ntype = "aid"\nwho = ["<army>"]', r"xx\.a.*<army>"),
        ('[[frame]]\nid = "xx.a"\ntype = "aid"\nwhom = []', r"xx\.a.*whom"),
        ('[[group]]\nid = "army"\nverb = []', "army"),
    ],
)
def test_a_wrong_frame_is_named(written, said, tmp_path, monkeypatch):
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "frames.toml").write_text(written)
    monkeypatch.setattr("events.extraction.lexicon.files.DATA", tmp_path)
    with pytest.raises(LexiconError, match=said):
        load_frames("xx")
