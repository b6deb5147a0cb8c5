"""Copies of the database: whole or not at all, checked, sealed, and thinned out with time.

A copy is written beside its place, checked, synced to disk and only then given its name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from tutor.errors import DamagedError, UsageError
from tutor.paths import ensure_dir
from tutor.store.catalog import AUTOMATIC, Backup, Files, Reason, kept
from tutor.store.chain import FIRST_SCHEMA, end_all
from tutor.store.engine import copy_pages, copying_engine, driver, reading_engine
from tutor.store.examine import problems
from tutor.store.failures import DOCTOR, as_data_errors, way_back
from tutor.store.seal import put_seal

Look = Callable[[Connection], list[str]]
# A part that no running program can still be writing.
_ABANDONED_S = 86_400


def daily(engine: Engine, files: Files, now: datetime | None = None) -> Path | None:
    """Back up unless this day has a backup already; then drop what is no longer kept.

    Raises DamagedError when the database fails its check, UnwritableError when the copy cannot
    be written.
    """
    now = now or datetime.now()
    if any(backup.made.date() == now.date() for backup in _automatic(files)):
        return None
    file = backup_in(engine, files, "daily", now)
    thin_out(files)
    return file


def backup_in(
    engine: Engine,
    files: Files,
    reason: Reason,
    now: datetime | None = None,
    look: Look = problems,
) -> Path:
    """Back up into the backups folder, under a name of the moment and the reason."""
    return backup_to(engine, files, files.free_name(now or datetime.now(), reason), look)


def backup_to(engine: Engine, files: Files, file: Path, look: Look = problems) -> Path:
    """Copy the database into `file`, replacing it only by a copy that is whole and checked.

    look: what finds fault with the copy; everything is looked at if nothing else is said.
    Raises DamagedError when the database fails its check, UnwritableError when `file` cannot
    be written, UsageError when it is the database itself; then `file` is as it was.
    """
    if same_file(file, files.database):
        raise UsageError("A backup needs a file of its own", f"{file} is the database itself.")
    ensure_dir(file.parent)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with as_data_errors(files, writing=file):
            copy_to(part, engine)
            _check(part, files, look)
            put_seal(part)
            part.replace(file)
            sync_folder(file.parent)
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            _drop(part.with_name(part.name + suffix))
    return file


def copy_to(target: Path, engine: Engine) -> None:
    """One consistent snapshot in a single new file, whatever other programs write meanwhile.

    Its writers have ended: should it be restored, another one goes on.
    """
    with engine.connect() as source, copying_engine(target).connect() as destination:
        copy_pages(source, destination)
        # A single file: no -wal beside it that could be forgotten.
        driver(destination).execute("PRAGMA journal_mode = DELETE")
        if driver(destination).execute("PRAGMA user_version").fetchone()[0] >= FIRST_SCHEMA:
            end_all(driver(destination))


def thin_out(files: Files) -> None:
    """Drop the automatic backups that no day, week or month keeps, and abandoned parts."""
    found = _automatic(files)
    for backup in set(found) - kept(found):
        _drop(backup.path)
    for part in files.backups.glob(".*.part*"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _ABANDONED_S:
                part.unlink()


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, however they are written."""
    return one.resolve() == other.resolve()


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder survive a power cut, where the system lets folders be synced."""
    if os.name != "nt":
        sync(folder)


def sync(path: Path) -> None:
    """Return when the file or folder is on the disk itself."""
    handle = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _automatic(files: Files) -> list[Backup]:
    return [backup for backup in files.listed() if backup.reason in AUTOMATIC]


def _check(copy: Path, files: Files, look: Look) -> None:
    with reading_engine(copy).connect() as connection:
        found = look(connection)
    if found:
        raise DamagedError(
            "Your answers are damaged",
            f"{files.database}: {found[0]}. No backup was made of it.",
            f"{DOCTOR}{way_back(files)}",
        )


def _drop(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
