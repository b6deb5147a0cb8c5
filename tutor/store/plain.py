"""A journal's cards in columns: those that were only answered, and in order, need no more.

Reading a million rows as events takes a gigabyte; this takes what one card has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from tutor.store.schema import AMONG_SELDOM


class Answer(NamedTuple):
    """What a replay needs of one answer."""

    id: str
    at_utc_ms: int
    day: int
    rating: int
    due_utc_ms: int | None
    on: int | None
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One card's answers in the order in which they count; none when there is more to it."""

    key: str
    answers: Sequence[Answer] = ()


_STATELESS = "('undo', 'params', 'prediction', 'accept', 'retime', 'exam', 'session')"
_ROWS = f"""
    SELECT card_key, id, at_utc_ms, study_day, rating, due_utc_ms, "on", elapsed_ms, kind, source,
        writer, seq
    FROM event INDEXED BY event_card_key WHERE kind NOT IN {_STATELESS} ORDER BY card_key, rowid
"""
# What is said of a row elsewhere: then its card is replayed row by row.
_SPOKEN_OF = f"""
    SELECT card_key FROM event WHERE {AMONG_SELDOM} AND kind IN ('accept', 'retime')
    UNION SELECT card_key FROM event WHERE undoes IS NOT NULL
"""


def cards(connection: sqlite3.Connection) -> Iterator[Card]:
    """All cards and topics of the journal, by their keys as they were written."""
    spoken_of = {key for (key,) in connection.execute(_SPOKEN_OF)}
    rows = connection.execute(_ROWS)
    for key, group in groupby(rows, key=itemgetter(0)):
        found = list(group)
        yield Card(key) if key in spoken_of or not _only_answered(found) else _plain(key, found)


def _only_answered(rows: Sequence[tuple[object, ...]]) -> bool:
    """Whether these are answers of one writer, all given here or all imported."""
    if {row[8] for row in rows} != {"review"} or None in {row[4] for row in rows}:
        return False
    imported = {row[9] == "import" for row in rows}
    if len(imported) > 1 or len({row[10] for row in rows}) > 1:
        return False
    return imported != {True} or len({row[2] for row in rows}) == len(rows)


def _plain(key: str, rows: list[tuple[object, ...]]) -> Card:
    # Imported answers count by their own time, others as they were written.
    rows.sort(key=itemgetter(2) if rows[0][9] == "import" else itemgetter(11))
    return Card(key, [Answer._make(row[1:8]) for row in rows])
