"""Brings a backup back in the place of the present database.

The backup is verified first and the present database kept aside, so that a restore can be undone
by a restore.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from tutor.errors import DamagedError, NewerError, NotFoundError, UsageError
from tutor.paths import ensure_dir
from tutor.store.backup import backup_in, copy_to, same_file, sync, sync_folder
from tutor.store.catalog import Files
from tutor.store.engine import copy_pages, for_writing, journal_engine, reading_engine
from tutor.store.failures import as_data_errors, way_back
from tutor.store.verify import Verdict, verify

# What SQLite keeps beside a database; none of it may meet another main file.
_BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the events brought back, and where the replaced database is now."""

    events: int
    aside: Path | None


def restore(file: Path, files: Files) -> Restored:
    """Put the backup `file` in the place of the database.

    Raises NotFoundError, UsageError, DamagedError or NewerError when `file` cannot be used,
    InUseError or UnwritableError when the database cannot be replaced; then nothing was changed.
    """
    if same_file(file, files.database):
        raise UsageError("Nothing to restore", f"{file} is the database itself.")
    verdict = verify(file)
    _refuse(verdict, files)
    ensure_dir(files.database.parent)
    try:
        aside = _replace_contents(file, files)
    except DamagedError:
        with as_data_errors(files):
            aside = _replace_file(file, files)
    return Restored(verdict.events, aside)


def _refuse(verdict: Verdict, files: Files) -> None:
    if verdict.good:
        return
    if not verdict.path.exists():
        raise NotFoundError("No such backup", f"{verdict.path}", way_back(files))
    raise (NewerError if verdict.newer else DamagedError)(
        "This backup cannot be restored",
        f"{verdict.path}: {verdict.fault}. Nothing was changed.",
        way_back(files),
    )


def _replace_contents(file: Path, files: Files) -> Path | None:
    """Overwrite the pages in one transaction, so that a tutor that is running sees the new ones."""
    existed = files.database.exists()
    if not existed:
        # What is left of a database that is missing may hold answers, and fits no other file.
        _move_beside(files, files.free_name(datetime.now(), "broken"))
    engine = journal_engine(files.database)
    try:
        with as_data_errors(files):
            _refuse_if_locked(engine)
            aside = backup_in(engine, files, "aside") if existed else None
            with reading_engine(file).connect() as source, engine.connect() as target:
                copy_pages(source, target)
    finally:
        engine.dispose()
    return aside


def _refuse_if_locked(engine: Engine) -> None:
    """Raise SQLITE_BUSY now when another program is writing, not after the backup was made."""
    with for_writing(engine).begin():
        pass


def _replace_file(file: Path, files: Files) -> Path:
    """Put a copy in the place of a file that SQLite cannot read; the broken one is kept."""
    database, aside = files.database, files.free_name(datetime.now(), "broken")
    ensure_dir(files.backups)
    part = database.with_name(f".{database.name}.{os.getpid()}.part")
    try:
        copy_to(part, reading_engine(file))
        sync(part)
        shutil.copyfile(database, aside)
        _move_beside(files, aside)
        part.replace(database)
        sync_folder(database.parent)
    finally:
        part.unlink(missing_ok=True)
    return aside


def _move_beside(files: Files, aside: Path) -> None:
    """Move what SQLite keeps beside the database to the backups, under the name of `aside`."""
    for suffix in _BESIDE:
        beside = files.database.with_name(files.database.name + suffix)
        if beside.exists():
            ensure_dir(files.backups)
            shutil.move(beside, aside.with_name(aside.name + suffix))
