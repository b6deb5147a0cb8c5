"""A journal's cards in columns: those that were only answered, and in order, need no more.

Reading a million rows as events takes a gigabyte; this takes what one card has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, starmap
from operator import itemgetter
from typing import Any, NamedTuple

from tutor.memory.model import Rating
from tutor.memory.time import DAY_MS
from tutor.store.rows import FIRST_DAY, LAST_DAY, LAST_DUE_MS, LAST_MS, LONGEST_MS
from tutor.store.schema import AMONG_SELDOM


class Answers(NamedTuple):
    """What a replay needs of a card's answers, in columns, in the order in which they count."""

    ids: Sequence[str]
    at_utc_ms: Sequence[int]
    days: Sequence[int]
    ratings: Sequence[int]
    due_utc_ms: Sequence[int | None]
    on: Sequence[int | None]
    elapsed_ms: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Card:
    """One card and its answers; None when there is more to it."""

    key: str
    answers: Answers | None = None


_ID, _AT, _SOURCE, _WRITER, _SEQ, _AFTER = 1, 2, 9, 10, 11, 12
_RATINGS = frozenset(map(int, Rating))
_STATELESS = "('undo', 'params', 'prediction', 'accept', 'retime', 'exam', 'session')"
_ROWS = f"""
    SELECT card_key, id, at_utc_ms, study_day, rating, due_utc_ms, "on", elapsed_ms, kind, source,
        writer, seq, "after"
    FROM event INDEXED BY event_card_key WHERE kind NOT IN {_STATELESS}
"""
_ORDER = " ORDER BY card_key, rowid"
# So many keys are asked for at once.
_MANY = 500
# What is said of a row elsewhere: then its card is replayed row by row.
_SPOKEN_OF = f"""
    SELECT card_key FROM event WHERE {AMONG_SELDOM} AND kind IN ('accept', 'retime')
    UNION SELECT card_key FROM event WHERE undoes IS NOT NULL
"""


def cards(connection: sqlite3.Connection, keys: Iterable[str] = ()) -> Iterator[Card]:
    """All cards and topics of the journal, or those of some keys, by their keys as written."""
    spoken_of = {key for (key,) in connection.execute(_SPOKEN_OF)}
    for key, group in groupby(_rows(connection, sorted(keys)), key=itemgetter(0)):
        yield Card(key, None if key in spoken_of else _ordered(list(group)))


_LATE = """
    SELECT 1 FROM (
        SELECT source, at_utc_ms, max(at_utc_ms) OVER (
            ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM event WHERE card_key = ? AND kind = 'review')
    WHERE source = 'import' AND at_utc_ms < before LIMIT 1
"""


def imported_late(connection: sqlite3.Connection, keys: Iterable[str]) -> list[str]:
    """Those of the keys to which older answers were imported after younger ones."""
    return [key for key in keys if connection.execute(_LATE, (key,)).fetchone()]


def _rows(connection: sqlite3.Connection, keys: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    if not keys:
        yield from connection.execute(_ROWS + _ORDER)
    for first in range(0, len(keys), _MANY):
        some = keys[first : first + _MANY]
        among = f" AND card_key IN ({', '.join('?' * len(some))})"
        yield from connection.execute(_ROWS + among + _ORDER, some)


def _ordered(rows: list[tuple[Any, ...]]) -> Answers | None:
    """A card's answers in the order of `tutor.memory.order`; None where that takes more to say.

    So it is where a value cannot be: the row has to pass the door.
    """
    _, _, times, _, _, _, _, _, kinds, sources, writers, _, _ = zip(*rows, strict=True)
    imported = sources.count("import")
    try:
        if set(kinds) != {"review"}:
            return None
        if not imported and len(set(writers)) == 1:
            rows.sort(key=itemgetter(_SEQ))
        elif imported == len(rows):
            rows.sort(key=itemgetter(_AT, _ID))
            if len(set(times)) < imported:
                return None
        elif not _in_order(rows):
            return None
        answers = Answers(*islice(zip(*rows, strict=True), 1, 8))
        return answers if _possible(answers) else None
    except TypeError:
        # A flipped bit can make a text of a number, whatever the column's type.
        return None


def _in_order(rows: list[tuple[Any, ...]]) -> bool:
    """Sort own and imported answers by time; whether that is the order in which they count."""
    imported = [row[_AT] for row in rows if row[_SOURCE] == "import"]
    rows.sort(key=itemgetter(_AT, _ID))
    return len(set(imported)) == len(imported) and all(starmap(_follows, pairwise(rows)))


def _possible(answers: Answers) -> bool:
    """Whether each number that is read here lies where the door in `rows` lets it lie."""
    return set(answers.ratings) <= _RATINGS and all(
        low <= min(values) and max(values) <= high
        for low, values, high in (
            (0, answers.at_utc_ms, LAST_MS),
            (FIRST_DAY, answers.days, LAST_DAY),
            (FIRST_DAY * DAY_MS, _known(answers.due_utc_ms), LAST_DUE_MS),
            (0, _known(answers.elapsed_ms), LONGEST_MS),
        )
    )


def _known(numbers: Sequence[int | None]) -> Sequence[int]:
    """Those that are there, or a zero."""
    return [number for number in numbers if number is not None] or [0]


def _follows(before: tuple[Any, ...], row: tuple[Any, ...]) -> bool:
    """Whether a row comes right after another: imported ones by time, own ones by their cause."""
    if row[_SOURCE] == "import":
        return True
    follows: bool = before[_WRITER] == row[_WRITER] and before[_SEQ] < row[_SEQ]
    if row[_AFTER] is None:
        return follows and before[_SOURCE] != "import"
    named: bool = row[_AFTER] == before[_ID]
    return named
