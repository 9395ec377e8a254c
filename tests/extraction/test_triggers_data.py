"""Every class of trigger words proves itself: its examples evoke it, its rejects do not."""

import re

import pytest

from events.extraction import lexicon
from events.extraction.annotations import Document, Language, Span
from events.extraction.detect import detect
from events.extraction.lexicon.files import LexiconError
from events.extraction.lexicon.triggers import load_triggers
from events.extraction.parse import parse

LANGUAGES = ("en", "fr")
UNPROVEN = {"state", "topic", "medium"}  # words that evoke nothing by themselves
CARRIERS = {"modal", "publication"}  # their words hand the event on to another trigger
CASES = [
    pytest.param(language, trigger_class, id=trigger_class.id)
    for language in LANGUAGES
    for trigger_class in load_triggers(language).classes.values()
]


def triggers_of(texts, language):
    documents = [
        (Document(text, Span(0, len(text))), Language(language, True, True, True)) for text in texts
    ]
    for (document, _), parsed in zip(documents, parse(documents), strict=True):
        yield detect(document, parsed, lexicon.load(language))


def marked(example):
    """The example without its brackets, and the spans that stood in them."""
    spans, plain = [], ""
    for piece in re.split(r"(\[[^\]]+\])", example):
        if piece.startswith("["):
            spans.append(Span(len(plain), len(plain) + len(piece) - 2))
            piece = piece[1:-1]
        plain += piece
    return plain, spans


@pytest.mark.parametrize(("language", "trigger_class"), CASES)
def test_examples_evoke_their_class_and_rejects_do_not(language, trigger_class):
    examples = [marked(example) for example in trigger_class.examples]
    assert examples or trigger_class.kind in UNPROVEN
    found = list(triggers_of([text for text, _ in examples], language))
    for (text, spans), triggers in zip(examples, found, strict=True):
        for span in spans:
            touched = [t for t in triggers if any(p.overlaps(span) for p in (t.span, *t.core))]
            assert touched, (text, span.of(text), triggers)
            # A noun may be told by the verb that carries it ("est prévue"), with its own type.
            assert trigger_class.kind in CARRIERS or any(
                t.rule == trigger_class.id or t.type == trigger_class.type for t in touched
            ), (text, touched)
    rejected = triggers_of(trigger_class.rejects, language)
    for text, triggers in zip(trigger_class.rejects, rejected, strict=True):
        assert trigger_class.id not in {t.rule for t in triggers}, (text, triggers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_covers_general_news(language):
    words = load_triggers(language)
    known = {entry.type for entry in words.classes.values()}
    assert len(known) == 18
    assert len(words.verbs) + sum(map(len, words.verb_phrases.values())) > 700
    assert len(words.nouns) + len(words.noun_phrases) > 350


def test_a_class_of_an_unknown_type_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "triggers.toml").write_text('[[class]]\nid = "xx.party"\ntype = "feast"\n')
    monkeypatch.setattr("events.extraction.lexicon.files.DATA", tmp_path)
    with pytest.raises(LexiconError, match=r"xx\.party.*feast"):
        load_triggers("xx")
