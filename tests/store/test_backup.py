"""Backups: one a day, thinned out with time, and good for a restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.samples import answer, filled, fingerprint, opened, state
from tutor.errors import DamagedError, InUseError, NewerError, NotFoundError, UsageError
from tutor.store import engine
from tutor.store.backup import backup_in, backup_to, daily
from tutor.store.catalog import Files
from tutor.store.restore import restore
from tutor.store.seal import read_seal
from tutor.store.verify import verify
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION

START = datetime(2026, 1, 1, 9)


def daily_dates(files: Files) -> list[datetime]:
    return [each.made for each in files.listed() if each.reason == "daily"]


def test_one_backup_a_day(files: Files) -> None:
    filled(files, 1)
    with opened(files) as store:
        for hours in (0, 3, 14, 24, 30):
            daily(store.engine, files, START + timedelta(hours=hours))
    made = [each for each in daily_dates(files) if each.year == START.year and each.month == 1]
    assert made == [START + timedelta(hours=24), START]


def test_days_weeks_and_months_are_kept(files: Files) -> None:
    filled(files, 1)
    days = [START + timedelta(days=day) for day in range(400)]
    with opened(files) as store:
        for backup in files.listed():
            backup.path.unlink()
        made = daily(store.engine, files, days[0])
        assert made is not None
        content = made.read_bytes()
        for day in days[1:-1]:
            files.free_name(day, "daily").write_bytes(content)
        files.free_name(START, "manual").write_bytes(content)
        daily(store.engine, files, days[-1])
    kept = daily_dates(files)
    assert kept[:12] == days[:-13:-1]
    assert len({day.strftime("%G-%V") for day in kept}) >= 10
    newest_of_month = {day.strftime("%Y-%m"): day for day in days}
    assert set(list(newest_of_month.values())[-9:]) <= set(kept)
    assert len(kept) <= 12 + 10 + 9
    assert [each.reason for each in files.listed() if each.reason == "manual"] == ["manual"]


def test_restored_rows_are_those_backed_up(files: Files, tmp_path: Path) -> None:
    filled(files, 50)
    before = fingerprint(files.database)
    copy = tmp_path / "usb" / "copy.db"
    with opened(files) as store:
        backup_to(store.engine, files, copy)
        store.append([answer(51)], [state("d/1", reps=2)])
    after = fingerprint(files.database)
    assert read_seal(copy) == "whole"
    assert list(copy.parent.iterdir()) == [copy]
    done = restore(copy, files)
    assert done.events == 50
    assert fingerprint(files.database) == before
    assert done.aside is not None
    restore(done.aside, files)
    assert fingerprint(files.database) == after
    with opened(files) as store:
        assert store.check() == []
        store.append([answer(52)], [state("d/52")])


def test_a_restore_where_there_is_no_database_yet(files: Files, tmp_path: Path) -> None:
    other = filled(Files(tmp_path / "other.db", tmp_path / "backups"), 4)
    with opened(other) as store:
        copy = backup_in(store.engine, other, "manual")
    done = restore(copy, files)
    assert (done.events, done.aside) == (4, None)
    assert fingerprint(files.database) == fingerprint(other.database)


def test_a_restore_over_a_broken_database_keeps_the_broken_file(
    files: Files, tmp_path: Path
) -> None:
    filled(files, 9)
    before = fingerprint(files.database)
    with opened(files) as store:
        copy = backup_to(store.engine, files, tmp_path / "copy.db")
    broken = b"overwritten by something else" * 300
    files.database.write_bytes(broken)
    done = restore(copy, files)
    assert done.aside is not None
    assert done.aside.read_bytes() == broken
    assert fingerprint(files.database) == before


def test_a_running_tutor_sees_what_was_restored(files: Files, tmp_path: Path) -> None:
    filled(files, 3)
    with opened(files) as running:
        copy = backup_to(running.engine, files, tmp_path / "copy.db")
        running.append([answer(4)], [state("d/4")])
        restore(copy, files)
        assert running.changed()
        assert running.states().keys() == {"d/1", "d/2", "d/3"}
        running.append([answer(5)], [state("d/5")])
    with opened(files) as store:
        assert [event.id for event in store.events()] == [answer(n).id for n in (1, 2, 3, 5)]


def test_a_restore_is_refused_while_another_program_writes(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(files, 3)
    with opened(files) as store:
        copy = backup_to(store.engine, files, tmp_path / "copy.db")
    monkeypatch.setattr(engine, "_EVERY_CONNECTION", ("PRAGMA busy_timeout = 1",))
    listed = files.listed()
    with closing(sqlite3.connect(files.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(InUseError):
            restore(copy, files)
        other.execute("COMMIT")
    assert files.listed() == listed


def test_what_cannot_be_restored(files: Files, tmp_path: Path) -> None:
    filled(files, 3)
    opened(files).close()
    before = fingerprint(files.database)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as other:
        other.execute("CREATE TABLE recipe (title TEXT)")
    newer = tmp_path / "newer.db"
    with closing(sqlite3.connect(newer)) as other:
        other.executescript(
            f"PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {SCHEMA_VERSION + 1}; CREATE TABLE event (id)"
        )
    text = tmp_path / "text.db"
    text.write_text("text " * 1000)
    good = str(files.listed()[0].path)
    for file, error, words in [
        (tmp_path / "nowhere.db", NotFoundError, "No such backup"),
        (tmp_path, DamagedError, "no file"),
        (foreign, DamagedError, "not a database of the tutor"),
        (newer, NewerError, f"schema {SCHEMA_VERSION + 1}"),
        (text, DamagedError, "not a database"),
        (files.database, UsageError, "the database itself"),
    ]:
        with pytest.raises(error, match=words) as told:
            restore(file, files)
        assert error is UsageError or good in told.value.hint
    assert fingerprint(files.database) == before


def test_a_backup_never_replaces_the_database_itself(files: Files) -> None:
    filled(files, 3)
    before = fingerprint(files.database)
    with opened(files) as store, pytest.raises(UsageError):
        backup_to(store.engine, files, files.backups / ".." / "tutor.db")
    assert fingerprint(files.database) == before


def test_a_damaged_database_makes_no_backup_and_says_so(files: Files) -> None:
    filled(files, 400)
    opened(files).close()
    good = files.listed()[0].path
    content = bytearray(files.database.read_bytes())
    page = len(content) // 4096 // 2 * 4096
    content[page : page + 4096] = b"\x07" * 4096
    files.database.write_bytes(content)
    target = files.backups / "copy.db"
    engine_of_damaged = engine.journal_engine(files.database)
    try:
        with pytest.raises(DamagedError, match="No backup was made") as told:
            backup_to(engine_of_damaged, files, target)
    finally:
        engine_of_damaged.dispose()
    assert str(good) in told.value.hint
    assert not target.exists()
    assert sorted(path.name for path in files.backups.iterdir()) == [good.name]


def test_a_backup_without_a_seal_is_judged_by_its_structure(files: Files, tmp_path: Path) -> None:
    filled(files, 3)
    plain = tmp_path / "plain copy.db"
    plain.write_bytes(files.database.read_bytes())
    assert verify(plain).good
    assert restore(plain, files).events == 3
    assert [path.name for path in tmp_path.glob("plain*")] == [plain.name]
