"""The end of the journal: its newest row, and the writer who goes on in this file.

Every append begins with it, so it is kept from one to the next as long as nothing else has been
written: SQLite tells of other connections' commits by `data_version`, and the driver counts the
rows that this connection has changed.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from tutor.store.chain import Writer, own_writer

Tip = tuple[int, str]
"""Place (rowid) and id of the newest row."""
_TIP = "SELECT rowid, id FROM event ORDER BY rowid DESC LIMIT 1"
_EMPTY: Tip = (0, "")

Moment = tuple[sqlite3.Connection, int, int]


def tip(connection: sqlite3.Connection) -> Tip:
    """The newest row; in an empty journal nothing, at the place 0."""
    return connection.execute(_TIP).fetchone() or _EMPTY


def moment(connection: sqlite3.Connection) -> Moment:
    """What differs as soon as anybody has written since, asked within a write transaction."""
    version = connection.execute("PRAGMA data_version").fetchone()[0]
    return connection, version, connection.total_changes


class End(NamedTuple):
    """What the next row goes on from."""

    tip: Tip
    writer: Writer


class LastEnd:
    """The end as the last append left it, known again without reading it.

    home: the file (its inode) in which the writer goes on.
    """

    def __init__(self, home: str) -> None:
        self._home = home
        self._left: Moment | None = None
        self._end = End(_EMPTY, Writer(""))

    def of(self, connection: sqlite3.Connection) -> End:
        """The end within the write transaction of `connection`."""
        if self._left == moment(connection):
            return self._end
        return End(tip(connection), own_writer(connection, self._home))

    def keep(self, left: Moment, end: End) -> None:
        """Keep the end of an append that is on disk; left: the last moment of its transaction."""
        self._left, self._end = left, end
