"""Opening the learner's database: created, checked, backed up and brought to today's schema.

Whatever stands in the way is a DataError that says what, where and how to mend it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine

from tutor.errors import DamagedError, UnwritableError
from tutor.paths import ensure_dir
from tutor.store import failures, header, objects, revision
from tutor.store.backup import backup_in, daily
from tutor.store.catalog import Files
from tutor.store.engine import (
    copying_engine,
    driver,
    for_writing,
    give_back_free_pages,
    journal_engine,
    reading_engine,
    roomy,
)
from tutor.store.examine import structure_problems
from tutor.store.failures import as_data_errors
from tutor.store.journal import Store
from tutor.store.verify import tables_of
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION

OnProgress = Callable[[float], None]


def ignore(_share: float) -> None:
    """Hear nothing of the progress."""


def open_store(path: Path, backups: Path, tell: OnProgress = ignore) -> Store:
    """Open the database at `path`, creating it and its folder when they are missing.

    Makes the day's backup, and one before a migration; a day's backup that cannot be made is told
    in `Store.warnings`. `tell` hears how far a migration is. Raises DataError: UnwritableError,
    DamagedError (naming the newest good backup), NewerError, InUseError; then nothing was changed.
    """
    files = Files(path, backups)
    ensure_dir(path.parent)
    try:
        return _open(files, tell)
    except UnwritableError as error:
        if not failures.is_full(error):
            raise
        return _open_to_read(files, error)


def _open_to_read(files: Files, why: UnwritableError) -> Store:
    """On a full disk what is there can still be read, unless a WAL waits to be read with it."""
    if not files.database.is_file() or (files.wal.exists() and files.wal.stat().st_size):
        raise why
    with as_data_errors(files):
        engine = reading_engine(files.database)
        with engine.connect() as connection:
            if _version(connection, files) != SCHEMA_VERSION:
                raise why
        store = Store(engine, files)
    store.unwritable = why
    store.warnings.append(f"Nothing can be saved now. {why.message} {why.hint}")
    return store


def _open(files: Files, tell: OnProgress) -> Store:
    path = files.database
    with as_data_errors(files):
        _look_first(files)
        engine = journal_engine(path)
        try:
            warning = _bring_up_to_date(engine, files, tell)
            store = Store(engine, files)
            store.warnings += filter(None, [warning])
            _back_up_today(store)
            return store
        except BaseException:
            engine.dispose()
            raise


def _look_first(files: Files) -> None:
    """Look before the first PRAGMA that writes: what is not ours stays as it is."""
    database = files.database
    refuse_lost(files)
    if database.exists() and not database.is_file():
        raise failures.unwritable(database, "that is no file", "Choose another place for it.")
    if not database.exists():
        return
    if _half_written(database):
        # SQLite takes back what a program left half-done when it was killed or lost its power.
        with copying_engine(database).connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    if database.stat().st_size > 0:
        if found := header.fault(database):
            raise failures.damaged(files, found)
        with reading_engine(database, in_use=True).connect() as connection:
            _version(connection, files)
    elif files.listed():
        # To SQLite an empty file is a new database; with backups beside it, it is a loss.
        raise failures.damaged(files, "the file is empty")
    if not os.access(database, os.W_OK):
        # SQLite would open it for reading and fail at the first answer.
        raise failures.unwritable(database, "the file is read-only for this user")


def refuse_lost(files: Files) -> None:
    """Raise DamagedError for a database that is missing, though something tells that it was."""
    if not files.database.exists() and (lost := _lost_without(files)):
        raise failures.lost(files, lost)


def _lost_without(files: Files) -> str:
    """What tells that there was a database; empty when nothing does."""
    if files.wal.exists() and files.wal.stat().st_size:
        return f"{files.wal.name} beside it holds answers"
    backups = files.listed()
    if len(backups) == 1:
        return "there is a backup of it"
    return f"there are {len(backups)} backups of it" if backups else ""


def _half_written(database: Path) -> bool:
    """Whether a rollback journal waits, as only the making of a database leaves one."""
    journal = database.with_name(f"{database.name}-journal")
    return journal.exists() and journal.stat().st_size > 0


def _bring_up_to_date(engine: Engine, files: Files, tell: OnProgress) -> str:
    """Bring the schema to the newest one; what the learner should be told, if anything."""
    # Taking the write lock finds out now whether another program keeps it.
    with for_writing(engine).begin() as connection:
        version = _version(connection, files)
        warning = revision.put_right(connection, version) if version else ""
        if version == SCHEMA_VERSION:
            objects.renew_derived(driver(connection))
    if 0 < version < SCHEMA_VERSION:
        # An odd row of long ago is no reason to stay behind; a broken file is.
        backup_in(engine, files, "migration", look=structure_problems)
    if version < SCHEMA_VERSION:
        _migrate(engine, files, tell)
    return warning


def _migrate(engine: Engine, files: Files, tell: OnProgress) -> None:
    with for_writing(engine).begin() as connection:
        # Another tutor may have been faster: look again now that the lock is ours.
        version = _version(connection, files)
        if version == 0:
            objects.create(driver(connection))
        if _version(connection, files) < SCHEMA_VERSION:
            from tutor.store.migrate import upgrade

            with roomy(driver(connection)):
                upgrade(connection, tell)
    if 0 < version < SCHEMA_VERSION:
        with engine.connect() as connection:
            give_back_free_pages(connection)


def _version(connection: Connection, files: Files) -> int:
    """The schema version; 0 for a new file. Raises DamagedError, NewerError."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    ours = connection.exec_driver_sql("PRAGMA application_id").scalar_one() == APPLICATION_ID
    found = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    if not ours and (version or found):
        raise failures.damaged(files, f"this is not a database of the tutor{_only_note(found)}")
    # The header and the note of the migrations each may tell of a later schema.
    if (latest := max(version, revision.later(connection))) > SCHEMA_VERSION:
        raise failures.newer(files, latest)
    if found and version < 1:
        reason = f"its schema number is {version}, which no tutor writes{_only_note(found)}"
        raise failures.damaged(files, reason)
    # What is derived is made anew.
    spared = objects.DERIVED if version == SCHEMA_VERSION else frozenset()
    if version and (missing := tables_of(version) - found - spared):
        names = ", ".join(sorted(missing))
        raise failures.damaged(files, f"tables are missing ({names}){_only_note(found)}")
    return version


def _only_note(found: set[str]) -> str:
    """That nothing is lost with a file in which only a migration's note stands."""
    return "; it holds no answers at all" if not found & tables_of(1) else ""


def _back_up_today(store: Store) -> None:
    if store.last_event_id() is None:
        return
    try:
        daily(store.engine, store.files)
    except (UnwritableError, DamagedError) as error:
        # No reason to keep the learner from studying.
        store.warnings.append(f"No backup was made today. {error.message} {error.hint}")
