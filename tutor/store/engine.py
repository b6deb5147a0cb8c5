"""SQLAlchemy engines over one SQLite file, with the settings that the promises rest on.

Every pooled connection gets the same PRAGMAs, and every transaction begins explicitly.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, PoolProxiedConnection, create_engine, event
from sqlalchemy.engine import URL

# A second tutor's transaction takes well under a millisecond, a migration some seconds.
BUSY_MS = 5000

_EVERY_CONNECTION = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    # Finds a broken page when it is read, not when it has done harm.
    "PRAGMA cell_size_check = ON",
)
_CREATING: Mapping[str, str] = {"mode": "rwc"}
_JOURNAL = (
    "PRAGMA journal_mode = WAL",
    # In WAL only FULL syncs at each commit: a confirmed answer survives a power cut.
    "PRAGMA synchronous = FULL",
    # KiB. Whoever reads a long journal from end to end needs a page but once.
    f"PRAGMA cache_size = -{8 * 1024}",
)


def journal_engine(path: Path) -> Engine:
    """The engine of the learner's database: WAL, each commit on disk before it returns."""
    return _engine(path, _EVERY_CONNECTION + _JOURNAL)


def copying_engine(path: Path) -> Engine:
    """An engine that fills a backup: one plain file, closed as soon as it is not used."""
    return _engine(path, _EVERY_CONNECTION, poolclass=NullPool)


def reading_engine(path: Path, in_use: bool = False) -> Engine:
    """An engine that changes nothing. in_use: other programs may be writing to the file."""
    how = {"mode": "ro"}
    # A file whose WAL is still there must be read with it, others leave nothing beside them.
    wal = path.with_name(f"{path.name}-wal")
    if not in_use and not (wal.exists() and wal.stat().st_size):
        how["immutable"] = "1"
    return _engine(path, _EVERY_CONNECTION, how, poolclass=NullPool)


def for_writing(engine: Engine) -> Engine:
    """The same pool, but transactions take the write lock at once.

    A transaction that reads first and asks for the lock later can fail half-way.
    """
    return engine.execution_options(begin="BEGIN IMMEDIATE")


@contextmanager
def roomy(connection: sqlite3.Connection) -> Iterator[None]:
    """More memory for pages, as long as very many rows come in.

    They touch the pages of indexes at random: with less room each is written many times.
    """
    before = connection.execute("PRAGMA cache_size").fetchone()[0]
    connection.execute(f"PRAGMA cache_size = -{48 * 1024}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA cache_size = {before}")


def driver(connection: Connection) -> sqlite3.Connection:
    """The sqlite3 connection below: for what every answer runs, and for copying."""
    return raw(connection.connection)


def raw(pooled: PoolProxiedConnection) -> sqlite3.Connection:
    """The same of one that was borrowed without SQLAlchemy's own connection around it."""
    below = pooled.driver_connection
    assert isinstance(below, sqlite3.Connection)
    return below


def give_back_free_pages(connection: Connection) -> None:
    """Make the file as small as what it holds, where much of it is free; outside transactions."""
    below = driver(connection)
    free = below.execute("PRAGMA freelist_count").fetchone()[0]
    if free > below.execute("PRAGMA page_count").fetchone()[0] // 4:
        # While another program reads, the pages stay free and are used by what comes next.
        with suppress(sqlite3.OperationalError):
            below.execute("VACUUM")


def copy_pages(source: Connection, target: Connection) -> None:
    """Make the target's file the source's, in one transaction of the target.

    Raises sqlite3.OperationalError, SQLITE_BUSY when a lock is held for longer than BUSY_MS.
    """
    deadline = time.monotonic() + BUSY_MS / 1000

    def lose_patience(status: int, _remaining: int, _total: int) -> None:
        # Left to itself the driver tries for ever.
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            busy = sqlite3.OperationalError("database is locked")
            busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise busy

    driver(source).backup(driver(target), progress=lose_patience)


def _engine(
    path: Path, pragmas: tuple[str, ...], how: Mapping[str, str] = _CREATING, **options: Any
) -> Engine:
    url = URL.create("sqlite", database=path.absolute().as_uri(), query={**how, "uri": "true"})
    engine = create_engine(url, connect_args={"check_same_thread": False}, **options)

    @event.listens_for(engine, "connect")
    def settle(connection: sqlite3.Connection, _record: object) -> None:
        # None: the driver never begins or commits by itself, so DDL and SELECT stay inside.
        connection.isolation_level = None
        for pragma in pragmas:
            _patiently(connection, pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver(connection).execute(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


def _patiently(connection: sqlite3.Connection, pragma: str) -> None:
    """Run a PRAGMA; for the locks that a change of the journal's mode needs SQLite does not wait.

    Raises sqlite3.OperationalError, SQLITE_BUSY when they are held for longer than BUSY_MS.
    """
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute(pragma)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
