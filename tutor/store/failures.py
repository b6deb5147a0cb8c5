"""What SQLite and the file system report, in words for the learner.

Every word says what happened, where, and how to mend it, and names the newest good backup.
"""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from tutor.errors import DamagedError, DataError, InUseError, NewerError, UnwritableError
from tutor.store.catalog import Files
from tutor.store.verify import newest_good
from tutor.store.version import SCHEMA_VERSION

# SQLite's primary result codes: the low byte of the extended ones.
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}
DOCTOR = "tutor doctor says more, and mends what can be made anew. "
_OUR_MISTAKES = (sqlite3.ProgrammingError, sqlite3.InterfaceError)


@contextmanager
def as_data_errors(files: Files, writing: Path | None = None) -> Iterator[None]:
    """Turn the failures of the block into DataErrors; mistakes of ours pass through.

    writing: the file that the block writes, when that is another than the database.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError, UnicodeDecodeError, OverflowError) as error:
        failure = explain(error, files, writing or files.database)
        if failure is None:
            raise
        raise failure from error


def explain(error: Exception, files: Files, writing: Path) -> DataError | None:
    """The DataError that tells `error`; None for what only a mistake in the code can cause."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError):
        return unwritable(writing, cause.strerror or str(cause))
    if isinstance(cause, OverflowError):
        # A count that no learner can reach was to be raised by one.
        return damaged(files, "a number in it is larger than any that we write")
    if isinstance(cause, UnicodeDecodeError):
        # The driver could not even read SQLite's complaint, which quotes the file.
        return damaged(files, "some of its text is no text any more")
    if not isinstance(cause, sqlite3.Error) or isinstance(cause, _OUR_MISTAKES):
        return None
    return _by_code(cause, files, writing)


def _by_code(cause: sqlite3.Error, files: Files, writing: Path) -> DataError:
    code = _code(cause)
    if code in _BUSY:
        return in_use(writing)
    if code in _FULL:
        return unwritable(writing, str(cause), "Free some space there, then try again.")
    if code in _UNWRITABLE:
        return unwritable(writing, str(cause))
    # Our statements are fixed and tested: what is left is a file that is not as we wrote it. What
    # SQLite misses in a sound one can be made anew.
    return damaged(files, str(cause), mendable=code == sqlite3.SQLITE_ERROR)


def unwritable(file: Path, reason: str, hint: str = "") -> UnwritableError:
    """A folder, file or disk that takes no data."""
    return UnwritableError(
        "This file cannot be written",
        f"{file}: {reason}.",
        hint or "Check the rights of the file and its folder, or choose another with --data-dir.",
    )


def is_full(error: DataError) -> bool:
    """Whether it is the disk that has no room, not the learner who has no rights."""
    cause = error.__cause__
    below = cause.orig if isinstance(cause, DBAPIError) else cause
    return isinstance(below, sqlite3.Error) and _code(below) in _FULL


def _code(cause: sqlite3.Error) -> int:
    return (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF


def moved_away(files: Files) -> UnwritableError:
    """The file was moved, deleted or replaced while it was open."""
    return UnwritableError(
        "Your answers' file is gone",
        f"{files.database} was moved, deleted or replaced while the tutor had it open."
        " The last answer is not saved.",
        "Put the file back, then start the tutor again.",
    )


def in_use(file: Path) -> InUseError:
    """Another program holds the write lock for longer than any tutor needs."""
    return InUseError(
        "Your answers are in use",
        f"Another program holds {file}.",
        "Close the other program, then try again. Nothing was changed.",
    )


def damaged(files: Files, reason: str, *, mendable: bool = False) -> DamagedError:
    """A file that is no database of ours, or no longer a sound one.

    mendable: perhaps it lacks only what can be made anew.
    """
    if files.elsewhere:
        return DamagedError(
            "The other journal cannot be read", f"{files.database}: {reason}. Nothing was changed.",
            "Take a fresh copy: tutor backup FILE, there.",
        )  # fmt: skip
    good = newest_good(files)
    hint = f"{DOCTOR if mendable else ''}{_way_back(good, files)}"
    if good is None:
        # SQLite may keep the newest answers in the files beside it.
        name = files.database.name
        hint += f" To begin anew, move {name} and every {name}-* to another folder, and keep them."
    return DamagedError(
        "Your answers cannot be read", f"{files.database}: {reason}. Nothing was changed.", hint
    )


def lost(files: Files, sign: str) -> DamagedError:
    """A database that is not there, though something tells that it was."""
    name = files.database.name
    return DamagedError(
        "Your answers' file is missing",
        f"{files.database} is not there, but {sign}. Nothing was changed.",
        f"Put the file back. {way_back(files)} To begin anew, move every {name}-* and"
        f" {files.backups} to another folder, and keep them.",
    )


def newer(files: Files, version: int) -> NewerError:
    """A file of a later version of the tutor."""
    return NewerError(
        "A later tutor wrote this file",
        f"{files.database} has schema {version}; this tutor knows up to {SCHEMA_VERSION}."
        " Nothing was changed.",
        "Install the later tutor here too."
        if files.elsewhere
        else f"Install the later tutor again. {way_back(files)}",
    )


def way_back(files: Files) -> str:
    """The sentence that names the newest good backup."""
    return _way_back(newest_good(files), files)


def _way_back(good: Path | None, files: Files) -> str:
    if good is None:
        return f"There is no good backup in {files.backups}."
    return f"To bring the newest good backup back: tutor restore {shlex.quote(str(good))}"
