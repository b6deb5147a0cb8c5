"""The file goes away under an open store: no answer is taken in silence, and a loss is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.samples import answer, filled, opened
from tutor.errors import DamagedError, UnwritableError
from tutor.store.backup import backup_to
from tutor.store.catalog import Files
from tutor.store.restore import restore


def moved(files: Files) -> None:
    files.database.rename(files.database.with_name("elsewhere.db"))


def deleted(files: Files) -> None:
    shutil.rmtree(files.database.parent)


def replaced(files: Files) -> None:
    copy = files.database.with_name("copy.db")
    shutil.copyfile(files.database, copy)
    copy.replace(files.database)


@pytest.mark.parametrize("go", [moved, deleted, replaced])
def test_an_answer_to_a_file_that_is_gone_is_refused(
    files: Files, go: Callable[[Files], None]
) -> None:
    with opened(files) as store:
        store.append([answer(1)])
        go(files)
        with pytest.raises(UnwritableError, match="moved, deleted or replaced"):
            store.append([answer(2)])


def test_a_missing_database_beside_backups_is_a_loss(files: Files) -> None:
    filled(files, 3)
    opened(files).close()
    (backup,) = files.listed()
    files.database.unlink()
    with pytest.raises(DamagedError, match="there is a backup of it") as told:
        opened(files)
    assert str(backup.path) in told.value.hint
    assert not files.database.exists()


def test_a_missing_database_beside_a_wal_is_a_loss(files: Files) -> None:
    with opened(files) as store:
        store.append([answer(1)])
        files.database.rename(files.database.with_name("moved.db"))
        wal = files.database.with_name("tutor.db-wal")
        before = wal.read_bytes()
        with pytest.raises(DamagedError, match="-wal beside it holds answers"):
            opened(files)
        assert wal.read_bytes() == before


def test_a_restore_keeps_the_wal_of_a_missing_database(files: Files, tmp_path: Path) -> None:
    filled(files, 2)
    with opened(files) as store:
        copy = backup_to(store.engine, files, tmp_path / "copy.db")
    files.database.unlink()
    wal = files.database.with_name("tutor.db-wal")
    wal.write_bytes(b"answers")
    restore(copy, files)
    assert [path.read_bytes() for path in files.backups.glob("*broken.db-wal")] == [b"answers"]
    with opened(files) as store:
        assert len(list(store.events())) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_is_no_database(files: Files, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.db"
    os.mkfifo(pipe)
    with pytest.raises(UnwritableError, match="no file"):
        opened(Files(pipe, files.backups))
