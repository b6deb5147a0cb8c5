"""Whether a file is a sound database of the tutor, and which backup is the newest sound one.

Nothing here raises for a bad file, and nothing here writes.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tutor.store.catalog import Files
from tutor.store.engine import reading_engine
from tutor.store.examine import problems
from tutor.store.header import fault
from tutor.store.seal import Seal, read_seal
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION

_SEAL_FAULTS: dict[Seal, str] = {
    "whole": "",
    # A plain copy, made without us: judged by its structure alone.
    "missing": "",
    "broken": "its contents do not match its seal: bits have changed",
}
_TABLES = {1: {"event", "card_state", "glance"}, 2: {"writer", "day_count"}}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found in a file; `fault` is empty when it can be trusted."""

    path: Path
    fault: str = ""
    version: int = 0
    events: int = 0

    @property
    def good(self) -> bool:
        """No fault was found."""
        return not self.fault

    @property
    def newer(self) -> bool:
        """Sound as far as this version can tell, but written by a later one."""
        return self.version > SCHEMA_VERSION


def verify(path: Path, *, by_seal: bool = False) -> Verdict:
    """Read everything of a backup: seal, structure, schema, every row, every chain.

    by_seal: trust a whole seal of the present schema, without the rows: since that schema every
    copy is read through before it is sealed.
    """
    try:
        if not path.is_file():
            return Verdict(path, "that is no file")
        seal = read_seal(path)
        if found := fault(path) or _SEAL_FAULTS[seal]:
            return Verdict(path, found)
        with reading_engine(path).connect() as connection:
            return _verdict(connection, path, trusted=by_seal and seal == "whole")
    except DBAPIError as error:
        return Verdict(path, str(error.orig))
    except OSError as error:
        return Verdict(path, error.strerror or str(error))
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return Verdict(path, str(error))


def newest_good(files: Files) -> Path | None:
    """The newest backup that is sound and that this version can read."""
    paths = (backup.path for backup in files.listed())
    return next((path for path in paths if verify(path).good), None)


def tables_of(version: int) -> set[str]:
    """The tables that a schema has at least."""
    return set().union(*(names for since, names in _TABLES.items() if since <= version))


def _verdict(connection: Connection, path: Path, trusted: bool) -> Verdict:
    number = connection.exec_driver_sql
    if number("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        return Verdict(path, "it is not a database of the tutor")
    version: int = number("PRAGMA user_version").scalar_one()
    if version > SCHEMA_VERSION:
        return Verdict(path, f"a later tutor wrote it (schema {version})", version)
    tables = set(number("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    if not tables >= tables_of(version):
        return Verdict(path, "tables are missing", version)
    found = [] if trusted and version == SCHEMA_VERSION else problems(connection)
    if found:
        return Verdict(path, f"it is damaged: {found[0]}", version)
    events: int = number("SELECT count(*) FROM event").scalar_one()
    return Verdict(path, "", version, events)
