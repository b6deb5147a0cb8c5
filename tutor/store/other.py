"""Another journal of the tutor, as of another machine: opened to be read, never changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from tutor.errors import NotFoundError, UsageError
from tutor.store import chain, failures, header
from tutor.store.backup import copy_to, same_file
from tutor.store.catalog import Files
from tutor.store.database import open_store
from tutor.store.engine import driver, reading_engine
from tutor.store.failures import as_data_errors
from tutor.store.seal import read_seal
from tutor.store.union import JournalChain
from tutor.store.verify import tables_of
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION


@contextmanager
def chains_of(given: Path, ours: Files) -> Iterator[list[JournalChain]]:
    """The writers of the journal at `given`: a database, a backup, or a data folder.

    One of an older tutor is brought up to date in a copy. Raises NotFoundError, UsageError for our
    own journal, NewerError, and DamagedError for a file or a chain that is not whole.
    """
    file = given / ours.database.name if given.is_dir() else given
    if not file.is_file():
        raise NotFoundError(
            "No such journal", f"{file} is no file.",
            "Give the other machine's database, a backup of it, or its data folder.",
        )  # fmt: skip
    if same_file(file, ours.database):
        raise UsageError("Nothing to merge", f"{file} is your own journal.")
    files = Files(file, file.parent / "backups", elsewhere=True)
    with as_data_errors(files), tempfile.TemporaryDirectory() as folder:
        version = _version(files)
        if version < SCHEMA_VERSION:
            engine = _brought_up(file, Path(folder))
        else:
            engine = reading_engine(file, in_use=True)
        try:
            with engine.connect() as connection:
                below = driver(connection)
                yield [JournalChain(below, one, files) for one in chain.writers(below)]
        finally:
            engine.dispose()


def _version(files: Files) -> int:
    """The file's schema. Raises what stands against reading it."""
    file = files.database
    if found := header.fault(file):
        raise failures.damaged(files, found)
    if read_seal(file) == "broken":
        raise failures.damaged(files, "its contents do not match its seal: bits have changed")
    with reading_engine(file, in_use=True).connect() as connection:
        number = connection.exec_driver_sql
        ours = number("PRAGMA application_id").scalar_one() == APPLICATION_ID
        version: int = number("PRAGMA user_version").scalar_one()
        tables = set(number("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if not ours:
        raise failures.damaged(files, "this is not a database of the tutor")
    if version > SCHEMA_VERSION:
        raise failures.newer(files, version)
    if version < 1 or not tables >= tables_of(version):
        raise failures.damaged(files, "tables are missing")
    return version


def _brought_up(file: Path, folder: Path) -> Engine:
    copy = folder / file.name
    copy_to(copy, reading_engine(file, in_use=True))
    return open_store(copy, folder / "backups").engine
