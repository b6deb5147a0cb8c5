"""Many rows into a table at once.

SQLite makes the list of a constraint such as `kind IN (...)` anew with each statement, which costs
as much as the row itself; a statement that brings fifty rows makes it once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any

_AT_ONCE = 50


def insert(connection: sqlite3.Connection, head: str, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of one length; `head` is the statement up to its VALUES."""
    if not rows:
        return
    marks = f"({', '.join('?' * len(rows[0]))})"
    whole = len(rows) - len(rows) % _AT_ONCE
    many = f"{head} VALUES {', '.join([marks] * _AT_ONCE)}"
    for first in range(0, whole, _AT_ONCE):
        connection.execute(many, tuple(chain.from_iterable(rows[first : first + _AT_ONCE])))
    connection.executemany(f"{head} VALUES {marks}", rows[whole:])
