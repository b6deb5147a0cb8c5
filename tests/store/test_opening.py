"""Opening: what stands in the way is told with what, where and how to mend it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.store.processes import all_in_children, needs_fork, told_by_child
from tests.store.samples import answer, filled, fingerprint, opened, state
from tutor.errors import (
    ChangedError,
    DamagedError,
    DataError,
    InUseError,
    NewerError,
    UnwritableError,
)
from tutor.memory.model import CardState, Event
from tutor.store import engine
from tutor.store.backup import backup_in
from tutor.store.catalog import Files
from tutor.store.glance import read_glance
from tutor.store.journal import Store
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION

NOBODY = 65534
OURS = f"PRAGMA application_id = {APPLICATION_ID}"


def everything_beside(files: Files) -> dict[str, bytes]:
    """The names and bytes of all files in the data folder."""
    root = files.database.parent
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_missing_folder_is_created(tmp_path: Path) -> None:
    files = Files(tmp_path / "a" / "b c" / "50 %?#" / "tutor.db", tmp_path / "a" / "backups")
    filled(files, 1)
    with opened(files) as store:
        assert store.warnings == []
        assert [event.id for event in store.events()] == [answer(1).id]
    assert read_glance(files.database) is not None
    assert [backup.reason for backup in files.listed()] == ["daily"]


def test_every_pooled_connection_syncs_each_commit(files: Files) -> None:
    with opened(files) as store, store.engine.connect() as one, store.engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_a_folder_that_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    files = Files(tmp_path / "file" / "data" / "tutor.db", tmp_path / "file" / "data" / "backups")
    with pytest.raises(UnwritableError, match="file/data") as told:
        opened(files)
    assert "--data-dir" in told.value.hint
    assert told.value.exit_status == 3


def test_a_database_that_is_a_folder(files: Files) -> None:
    files.database.mkdir(parents=True)
    with pytest.raises(UnwritableError, match=r"tutor\.db"):
        opened(files)


def without_rights(work: Callable[[Path], object], prepare: Callable[[Path], None]) -> str:
    """What `work` does as a user who may not write; root may write anywhere, so leave root."""
    folder = Path(mkdtemp())
    try:
        prepare(folder)
        folder.chmod(0o555)

        def as_nobody() -> object:
            if os.getuid() == 0:
                os.setgroups([])
                os.setuid(NOBODY)
            return work(folder)

        return told_by_child(as_nobody)
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@needs_fork
def test_a_read_only_folder_without_a_database() -> None:
    outcome = without_rights(
        lambda folder: opened(Files(folder / "tutor.db", folder / "backups")), lambda _: None
    )
    assert outcome.startswith("UnwritableError: ")
    assert "read-only" in outcome


@needs_fork
def test_a_read_only_folder_with_a_database() -> None:
    def prepare(folder: Path) -> None:
        filled(Files(folder / "tutor.db", folder / "backups"), 2)
        for path in folder.rglob("*"):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222 | 0o444)

    outcome = without_rights(
        lambda folder: opened(Files(folder / "tutor.db", folder / "backups")), prepare
    )
    assert outcome.startswith("UnwritableError: ")


@needs_fork
def test_a_read_only_database_file() -> None:
    def prepare(folder: Path) -> None:
        data = folder / "data"
        filled(Files(data / "tutor.db", data / "backups"), 2)
        data.chmod(0o777)
        (data / "tutor.db").chmod(0o444)

    outcome = without_rights(
        lambda folder: opened(Files(folder / "data" / "tutor.db", folder / "data" / "backups")),
        prepare,
    )
    assert outcome.startswith("UnwritableError: ")
    assert "tutor.db" in outcome


@needs_fork
def test_backups_that_cannot_be_written_do_not_keep_one_from_studying() -> None:
    def prepare(folder: Path) -> None:
        (folder / "data").mkdir()
        filled(Files(folder / "data" / "tutor.db", folder / "data" / "backups"), 2)
        for path in (folder / "data", folder / "data" / "tutor.db"):
            path.chmod(0o777)

    def work(folder: Path) -> object:
        with opened(Files(folder / "data" / "tutor.db", folder / "locked" / "backups")) as store:
            store.append([answer(3)], [state("d/3")])
            return store.warnings

    outcome = without_rights(work, prepare)
    assert outcome.startswith("['No backup was made today. ")
    assert "locked" in outcome


@pytest.mark.parametrize(
    "content",
    [b"just some text, longer than a header would be" * 100, b"SQLite format 3\0", b"\0" * 8192],
    ids=["text", "header alone", "zeros"],
)
def test_a_file_that_is_no_database(files: Files, content: bytes) -> None:
    filled(files, 3)
    opened(files).close()
    files.database.write_bytes(content)
    before = everything_beside(files)
    with pytest.raises(DamagedError, match="tutor restore") as told:
        opened(files)
    assert str(files.listed()[0].path) in told.value.hint
    assert "Nothing was changed" in told.value.message
    assert everything_beside(files) == before
    assert read_glance(files.database) is None


def test_an_emptied_file_is_a_loss_when_there_are_backups(files: Files) -> None:
    filled(files, 3)
    opened(files).close()
    files.database.write_bytes(b"")
    with pytest.raises(DamagedError, match="empty"):
        opened(files)
    assert files.database.read_bytes() == b""


def test_an_empty_file_without_backups_becomes_a_database(files: Files) -> None:
    files.database.parent.mkdir(parents=True)
    files.database.touch()
    with opened(files) as store:
        assert store.last_event_id() is None


def test_another_programs_database_is_left_alone(files: Files) -> None:
    files.database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(files.database)) as other:
        other.execute("CREATE TABLE recipe (title TEXT)")
        other.commit()
    before = files.database.read_bytes()
    with pytest.raises(DamagedError, match="not a database of the tutor"):
        opened(files)
    assert files.database.read_bytes() == before


def changed(files: Files, *statements: str) -> bytes:
    """Let another program change the file; its bytes then."""
    with closing(sqlite3.connect(files.database)) as other:
        for statement in statements:
            other.execute(statement)
        other.commit()
    return files.database.read_bytes()


NOTE = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"


@pytest.mark.parametrize(
    ("statements", "word"),
    [
        ((NOTE,), "not a database of the tutor; it holds no answers"),
        ((NOTE, "INSERT INTO alembic_version VALUES ('beef')"), "not a database of the tutor"),
        ((NOTE, OURS), "schema number is 0, which no tutor writes; it holds no answers"),
        ((NOTE, OURS, "PRAGMA user_version = 1"), "tables are missing .*; it holds no answers"),
    ],
)
def test_a_note_of_migrations_alone_is_no_store(
    files: Files, statements: tuple[str, ...], word: str
) -> None:
    files.database.parent.mkdir(parents=True)
    before = changed(files, *statements)
    with pytest.raises(DamagedError, match=word) as told:
        opened(files)
    assert "To begin anew" in told.value.hint
    assert files.database.read_bytes() == before


def test_missing_tables_are_named(files: Files) -> None:
    filled(files, 3)
    before = changed(files, "DROP TABLE writer", "DROP TABLE card_state")
    with pytest.raises(DamagedError, match=r"tables are missing \(writer\)\. Nothing"):
        opened(files)
    assert files.database.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = 'be\x1bef'", r"said 'be\x1bef'."),
        ("DELETE FROM alembic_version", "said nothing."),
        ("DROP TABLE alembic_version", "was missing."),
        ("INSERT INTO alembic_version VALUES ('beef')", "said '0002', 'beef'."),
    ],
)
def test_an_odd_note_of_migrations_is_told_and_put_right(
    files: Files, statement: str, said: str
) -> None:
    filled(files, 3)
    before = fingerprint(files.database)
    changed(files, statement)
    with opened(files) as store:
        (warning,) = store.warnings
        assert f"its table alembic_version {said}" in warning
        assert [event.id for event in store.events()] == [answer(n).id for n in (1, 2, 3)]
    assert fingerprint(files.database) == before
    with opened(files) as store:
        assert store.warnings == [], "once is enough"


def test_a_note_of_a_later_migration_is_a_later_tutors(files: Files) -> None:
    filled(files, 3)
    before = changed(files, "UPDATE alembic_version SET version_num = '0007'")
    with pytest.raises(NewerError, match="schema 7"):
        opened(files)
    assert files.database.read_bytes() == before


def test_a_newer_schema_is_refused_and_left_alone(files: Files) -> None:
    filled(files, 3)
    with opened(files) as store:
        good = backup_in(store.engine, store.files, "manual")
    with closing(sqlite3.connect(files.database)) as later:
        later.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = fingerprint(files.database)
    with pytest.raises(NewerError, match=f"schema {SCHEMA_VERSION + 1}") as told:
        opened(files)
    assert str(good) in told.value.hint
    assert fingerprint(files.database) == before
    assert read_glance(files.database) is None


def test_a_database_locked_by_another_program(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(files, 1)
    monkeypatch.setattr(engine, "_EVERY_CONNECTION", ("PRAGMA busy_timeout = 1",))
    with closing(sqlite3.connect(files.database, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(InUseError, match="Another program holds"):
            opened(files)
        other.execute("COMMIT")
    opened(files).close()


def test_an_answer_while_another_program_writes_is_not_lost(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(files, 1)
    monkeypatch.setattr(engine, "_EVERY_CONNECTION", ("PRAGMA busy_timeout = 1",))
    with opened(files) as store, closing(sqlite3.connect(files.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InUseError):
            store.append([answer(2)], [state("d/2")])
        other.rollback()
        store.append([answer(2)], [state("d/2")])
        assert store.last_event_id() == answer(2).id


def test_two_tutors_at_once_lose_no_answer(files: Files) -> None:
    with opened(files) as one, opened(files) as two:
        for number in range(1, 41, 2):
            one.states()
            one.append([answer(number)], [state("d/1", reps=number)])
            two.states()
            two.append([answer(number + 1)], [state("d/1", reps=number + 1)])
        assert [event.id for event in one.events()] == [answer(n).id for n in range(1, 41)]
        assert two.states()["d/1"].reps == 40


@needs_fork
def test_two_programs_at_the_same_time_lose_no_answer(files: Files) -> None:
    def answer_each(name: str) -> Callable[[], None]:
        def work() -> None:
            with opened(files) as store:
                for number in range(40):
                    while not answered(store, answer(number, id=f"{number:06d}{name}")):
                        pass

        return work

    assert all_in_children([answer_each("a"), answer_each("b")]) == [0, 0]
    with opened(files) as store:
        assert len(list(store.events())) == 80
        assert store.states()["shared"].reps == 80
        assert store.check() == []


def answered(store: Store, event: Event) -> bool:
    """Count one more answer of the card that both programs answer; False if it was too late."""
    before = store.states().get("shared", CardState("shared"))
    try:
        store.append([event], [replace(before, reps=before.reps + 1)])
    except ChangedError:
        return False
    return True


@needs_fork
def test_several_programs_may_create_the_database_at_once(tmp_path: Path) -> None:
    for attempt in range(8):
        files = Files(tmp_path / str(attempt) / "tutor.db", tmp_path / str(attempt) / "backups")

        def open_and_close(files: Files = files) -> None:
            opened(files).close()

        assert all_in_children([open_and_close] * 4) == [0] * 4
        with opened(files) as store:
            assert store.check() == []


def test_every_failure_is_told_in_three_parts(files: Files) -> None:
    files.database.parent.mkdir(parents=True)
    files.database.write_bytes(b"text" * 2000)
    with pytest.raises(DataError) as told:
        opened(files)
    assert told.value.title
    assert str(files.database) in told.value.message
    assert str(files.backups) in told.value.hint
