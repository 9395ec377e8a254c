"""Full text over events and dispatches: FTS5 in SQLite, a text search of its own in PostgreSQL.

An event is found by its title, by the sentences that tell it, and by the names of its actors and
places; a dispatch by its title and text, in PostgreSQL by the first 300,000 characters. Every word
searched for must be there; each may be the beginning of a longer one, and neither case nor accents
matter. The indexes are kept by triggers (SQLite) or are indexes of the database's own (PostgreSQL),
so that no road into it goes round them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from events import triggers
from events.models import Actor, Place

MOST_WORDS = 8
NO_WORD = "zzzznothing"  # what is searched for when nothing that could be found was
MOST_INDEXED = 300_000  # characters of a text by which PostgreSQL finds it
MOST_NAMES = 200  # actors or places that one search may stand for
_WORD = re.compile(r"\w+")
# What PostgreSQL's French stemmer would otherwise take for other letters.
_ACCENTED = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ"
_PLAIN = "aaaaaaceeeeiiiinooooouuuuyy"


def folded(text: str) -> str:
    """Return `text` without case and accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def words_of(text: str) -> list[str]:
    """Return the words searched for, folded; plural endings go, as each word may go on anyway."""
    words = [word for word in _WORD.findall(folded(text)) if word != "_"][:MOST_WORDS]
    return [word[:-1] if len(word) > 4 and word[-1] in "sx" else word for word in words]


def event_ids(text: str) -> set[int]:
    """Return the ids of events, public or not, that hold all words of `text`."""
    with connection.cursor() as cursor:
        cursor.execute(*_events_holding(text))
        return {row[0] for row in cursor.fetchall()}


def events_holding(text: str) -> RawSQL:
    """Return what `pk__in` takes, the same ids: they may be more than a query has parameters."""
    return RawSQL(*_events_holding(text))  # noqa: S611 - the words are parameters


def dispatches_holding(text: str) -> RawSQL:
    """Return what `pk__in` takes: the ids of dispatches that hold all words of `text`."""
    words = words_of(text)
    if connection.vendor == "sqlite":
        query = _fts_query(words or [NO_WORD])
        return RawSQL("SELECT rowid FROM words_dispatch WHERE words_dispatch MATCH %s", [query])
    vector = _VECTOR_DISPATCH.format("")
    return RawSQL(  # noqa: S611 - our own names; the words are a parameter
        f"SELECT id FROM events_dispatch WHERE {vector} @@ to_tsquery('french', %s)",  # noqa: S608
        [_ts_query(words or [NO_WORD])],
    )


def dispatches_indexed_in_part() -> RawSQL:
    """Return what `pk__in` takes: ids of dispatches that may hold words which no search finds."""
    is_long = "1 = 0" if connection.vendor == "sqlite" else f"octet_length(text) > {MOST_INDEXED}"
    return RawSQL(f"SELECT id FROM events_dispatch WHERE {is_long}", [])  # noqa: S608, S611 - ours


def names_beginning(text: str, number: int) -> list[tuple[str, int, str]]:
    """Return (facet, id, name) of at most `number` actors and places with a word beginning so."""
    words = words_of(text)
    found: list[tuple[str, int, str]] = []
    if not words:
        return found
    for facet, model in (("actor", Actor), ("place", Place)):
        rows = _beginning(model, words).select_related("same_as")[:number]
        meant = {row.pk: row for row in (one.same_as or one for one in rows)}
        found += [(facet, pk, row.shown) for pk, row in meant.items()]
    return found


def _beginning(model: Any, words: Sequence[str]) -> QuerySet[Any]:
    found: QuerySet[Any] = model._default_manager.all()
    for word in words:
        found = found.filter(Q(folded__startswith=word) | Q(folded__contains=f" {word}"))
    return found


def _events_holding(text: str) -> tuple[str, list[Any]]:
    """Return the query of the ids of events that hold all words of `text`, and its parameters."""
    words = words_of(text)
    if not words:
        return "SELECT id FROM events_event WHERE 1 = 0", []
    telling, values = _telling(words)
    queries, parameters = [*telling], [*values]
    for model, table, field in (
        (Actor, "events_eventactor", "actor_id"), (Place, "events_eventplace", "place_id")
    ):  # fmt: skip
        rows = _beginning(model, words).values_list("pk", "same_as_id")[:MOST_NAMES]
        if pks := {same_as or pk for pk, same_as in rows}:
            marks = ", ".join(["%s"] * len(pks))
            queries.append(f"SELECT event_id FROM {table} WHERE {field} IN ({marks})")  # noqa: S608
            parameters += pks
    return " UNION ".join(queries), parameters


def _telling(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Queries of events whose title, or a sentence that tells them, holds the words."""
    if connection.vendor == "sqlite":
        query = _fts_query(words)
        return (
            "SELECT rowid FROM words_event WHERE words_event MATCH %s",
            "SELECT m.event_id FROM words_mention w JOIN events_mention m ON m.id = w.rowid "
            "WHERE words_mention MATCH %s",
        ), (query, query)
    query = _ts_query(words)
    return (
        f"SELECT id FROM events_event WHERE {_VECTOR_EVENT} @@ to_tsquery('french', %s)",  # noqa: S608
        # The dispatch is found by its index; of its sentences, those that hold all the words count.
        f"SELECT m.event_id FROM events_mention m JOIN events_dispatch d ON d.id = m.dispatch_id "  # noqa: S608
        f"WHERE {_VECTOR_DISPATCH.format('d.')} @@ to_tsquery('french', %s) "
        "AND to_tsvector('french', events_fold(m.sentence)) @@ to_tsquery('french', %s)",
    ), (query, query, query)


def _fts_query(words: Iterable[str]) -> str:
    return " ".join(f'"{word}"*' for word in words)


def _ts_query(words: Iterable[str]) -> str:
    return " & ".join(f"{word}:*" for word in words)


# --------------------------------------------------------------------------------------- indexes

_VECTOR_EVENT = "to_tsvector('french', events_fold(title))"
# A vector holds a megabyte of different words at most, and is made anew whenever a row changes.
_VECTOR_DISPATCH = (
    f"to_tsvector('french', events_fold({{0}}title || ' ' || left({{0}}text, {MOST_INDEXED})))"
)
_TOKENS = "tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'"
# table -> (columns, what a new row is indexed as, the updates that matter)
_INDEXED = {
    "event": (
        "title",
        "VALUES (NEW.id, NEW.title)",
        "OF title ON events_event WHEN OLD.title IS NOT NEW.title",
    ),
    "dispatch": (
        "title, text",
        "VALUES (NEW.id, NEW.title, NEW.text)",
        "OF title, text ON events_dispatch "
        "WHEN OLD.title IS NOT NEW.title OR OLD.text IS NOT NEW.text",
    ),
    "mention": (
        "sentence",
        "VALUES (NEW.id, NEW.sentence)",
        "OF sentence ON events_mention WHEN OLD.sentence IS NOT NEW.sentence",
    ),
}


def unwatch(plan: Sequence[object], **_kwargs: object) -> None:
    """Drop the triggers before tables change: SQLite remakes none that a trigger speaks of."""
    if plan:
        triggers.drop("words_")


def watch(**_kwargs: object) -> None:
    """See to it that indexes and triggers are there; build them anew if one was not.

    Called after every migration, as `unwatch` is before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'words%%'")
            if not {"words_event", "words_opening"} <= {row[0] for row in cursor.fetchall()}:
                for statement in _POSTGRESQL:
                    cursor.execute(statement)
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'words\\_%%' ESCAPE '\\'")
        there = {row[0] for row in cursor.fetchall()}
        for name, statements in _sqlite_indexes():
            if not {f"words_{name}", *(f"words_{name}_{act}" for act in _ACTS)} <= there:
                for statement in statements:
                    cursor.execute(statement)


_ACTS = ("insert", "update", "delete")
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION events_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE "
    f"PARALLEL SAFE AS $$ SELECT translate(lower(value), '{_ACCENTED}', '{_PLAIN}') $$",
    f"CREATE INDEX IF NOT EXISTS words_event ON events_event USING gin ({_VECTOR_EVENT})",
    "DROP INDEX IF EXISTS words_dispatch",  # of whole texts
    "CREATE INDEX IF NOT EXISTS words_opening ON events_dispatch "
    f"USING gin ({_VECTOR_DISPATCH.format('')})",
)


def _sqlite_indexes() -> Iterable[tuple[str, tuple[str, ...]]]:
    for name, (columns, row, watched) in _INDEXED.items():
        words, table = f"words_{name}", f"events_{name}"
        put = f"INSERT INTO {words} (rowid, {columns}) {row};"
        drop = f"DELETE FROM {words} WHERE rowid = OLD.id;"  # noqa: S608 - our own names
        yield name, (
            f"DROP TABLE IF EXISTS {words}",
            *(f"DROP TRIGGER IF EXISTS {words}_{act}" for act in _ACTS),
            f"CREATE VIRTUAL TABLE {words} USING fts5({columns}, {_TOKENS})",
            f"INSERT INTO {words} (rowid, {columns}) SELECT id, {columns} FROM {table}",  # noqa: S608
            f"CREATE TRIGGER {words}_insert AFTER INSERT ON {table} BEGIN {put} END",
            f"CREATE TRIGGER {words}_update AFTER UPDATE {watched} BEGIN {drop} {put} END",
            f"CREATE TRIGGER {words}_delete AFTER DELETE ON {table} BEGIN {drop} END",
        )
