"""Opening the learner's database: created, checked, backed up and brought to today's schema.

Whatever stands in the way is a DataError that says what, where and how to mend it.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, Engine

from tutor.errors import UnwritableError
from tutor.paths import ensure_dir
from tutor.store import failures, header
from tutor.store.backup import backup_in, daily
from tutor.store.catalog import Files
from tutor.store.engine import for_writing, journal_engine, reading_engine
from tutor.store.failures import told
from tutor.store.journal import Store
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION


def open_store(path: Path, backups: Path) -> Store:
    """Open the database at `path`, creating it and its folder when they are missing.

    Makes the day's backup, and one before a migration; a day's backup that cannot be written
    is told in `Store.warnings`. Raises DataError: UnwritableError, DamagedError (naming the
    newest good backup), NewerError, InUseError; then nothing was changed.
    """
    files = Files(path, backups)
    ensure_dir(path.parent)
    with told(files):
        _look_first(files)
        engine = journal_engine(path)
        try:
            _bring_up_to_date(engine, files)
            store = Store(engine, files)
            _back_up_today(store)
            return store
        except BaseException:
            engine.dispose()
            raise


def _look_first(files: Files) -> None:
    """Look before the first PRAGMA that writes: what is not ours stays as it is."""
    if not files.database.is_file():
        return
    if files.database.stat().st_size > 0:
        if found := header.fault(files.database):
            raise failures.damaged(files, found)
        with reading_engine(files.database, in_use=True).connect() as connection:
            _version(connection, files)
    elif files.listed():
        # To SQLite an empty file is a new database; with backups beside it, it is a loss.
        raise failures.damaged(files, "the file is empty")
    if not os.access(files.database, os.W_OK):
        # SQLite would open it for reading and fail at the first answer.
        raise failures.unwritable(files.database, "the file is read-only for this user")


def _bring_up_to_date(engine: Engine, files: Files) -> None:
    # Taking the write lock finds out now whether another program keeps it.
    with for_writing(engine).begin() as connection:
        version = _version(connection, files)
    if 0 < version < SCHEMA_VERSION:
        backup_in(engine, files, "migration")
    if version < SCHEMA_VERSION:
        _migrate(engine, files)


def _migrate(engine: Engine, files: Files) -> None:
    from tutor.store.migrate import upgrade

    with for_writing(engine).begin() as connection:
        # Another tutor may have been faster: look again now that the lock is ours.
        if _version(connection, files) < SCHEMA_VERSION:
            upgrade(connection)


def _version(connection: Connection, files: Files) -> int:
    """The schema version; 0 for a new file. Raises DamagedError, NewerError."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    ours = connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if not ours and (version or tables):
        raise failures.damaged(files, "this is not a database of the tutor")
    if version > SCHEMA_VERSION:
        raise failures.newer(files, version)
    if tables and version < 1:
        raise failures.damaged(files, f"{version} is no schema version")
    return version


def _back_up_today(store: Store) -> None:
    if store.last_event_id() is None:
        return
    try:
        daily(store.engine, store.files)
    except UnwritableError as error:
        # No reason to keep the learner from studying.
        store.warnings.append(f"No backup was made today. {error.message} {error.hint}")
