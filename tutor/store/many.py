"""Many rows into a table at once.

SQLite makes the list of a constraint such as `kind IN (...)` anew with each statement, which costs
as much as the row itself; a statement that brings fifty rows makes it once. Binding a value costs
most of the rest, so one that all rows share is bound once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, count, repeat
from operator import is_
from typing import Any

from tutor.store.engine import roomy
from tutor.store.schema import TRIGGERS, event, rules

_AT_ONCE = 50
_AGAINST_REPLACE = "event_refuses_replace"


def insert(connection: sqlite3.Connection, head: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of one length; `head` is the statement up to its VALUES."""
    whole = len(rows) - len(rows) % _AT_ONCE
    if whole:
        _insert_whole(connection, head, rows[:whole])
    if whole < len(rows):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"{head} VALUES ({marks})", rows[whole:])


def _insert_whole(connection: sqlite3.Connection, head: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert some times fifty rows."""
    columns = list(zip(*rows, strict=True))
    # At least one column is bound row by row: it says how many rows there are.
    shared = [place > 0 and are_one(column) for place, column in enumerate(columns)]
    common = tuple(column[0] for column, same in zip(columns, shared, strict=True) if same)
    own = [column for column, same in zip(columns, shared, strict=True) if not same]
    statement = f"{head} VALUES {_marks(shared)}"
    each = list(zip(*own, strict=True))
    for first in range(0, len(each), _AT_ONCE):
        values = chain(common, chain.from_iterable(each[first : first + _AT_ONCE]))
        connection.execute(statement, tuple(values))


def _marks(shared: Sequence[bool]) -> str:
    """The places of fifty rows' values, by number; those of the shared ones are the first."""
    own = count(sum(shared) + 1)
    rows = []
    for _ in range(_AT_ONCE):
        common = count(1)
        row = (f"?{next(common if same else own)}" for same in shared)
        rows.append(f"({', '.join(row)})")
    return ", ".join(rows)


def are_one(column: Sequence[object]) -> bool:
    """Whether all values are one object: then they are alike in whatever they are written as."""
    return all(map(is_, column, repeat(column[0])))


@contextmanager
def unhindered(connection: sqlite3.Connection) -> Iterator[None]:
    """Within a transaction: very many rows of the journal, looked at once at the end.

    Plain INSERT cannot replace a row, so the trigger against it only costs time. Raises
    sqlite3.IntegrityError when any of the rows breaks a constraint.
    """
    connection.execute(f"DROP TRIGGER {_AGAINST_REPLACE}")
    last = connection.execute("SELECT coalesce(max(rowid), 0) FROM event").fetchone()
    connection.execute("PRAGMA ignore_check_constraints = ON")
    try:
        with roomy(connection):
            yield
    finally:
        connection.execute("PRAGMA ignore_check_constraints = OFF")
    broken = f"SELECT 1 FROM event WHERE rowid > ? AND NOT ({rules(event)}) LIMIT 1"
    if connection.execute(broken, last).fetchone():
        raise sqlite3.IntegrityError("a row breaks a constraint of the journal")
    connection.execute(TRIGGERS[_AGAINST_REPLACE])
