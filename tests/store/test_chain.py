"""The chains: whatever is changed, lost or put in behind our back is found and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import answer, filled, opened, state
from tutor.errors import DamagedError
from tutor.store.backup import backup_in, backup_to
from tutor.store.catalog import Files
from tutor.store.chain import text_of, texts_of
from tutor.store.restore import restore
from tutor.store.schema import TRIGGERS
from tutor.store.verify import newest_good, verify


@contextmanager
def behind_our_back(files: Files) -> Iterator[sqlite3.Connection]:
    """A connection to the file without the triggers, which are put back."""
    with closing(sqlite3.connect(files.database)) as other:
        for name in TRIGGERS:
            other.execute(f"DROP TRIGGER {name}")
        yield other
        for words in TRIGGERS.values():
            other.execute(words)
        other.commit()


def faults(files: Files) -> list[str]:
    with opened(files) as store:
        return store.check()


def writer_of(files: Files) -> str:
    with closing(sqlite3.connect(files.database)) as other:
        return str(other.execute("SELECT name FROM writer WHERE home <> ''").fetchone()[0])


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("UPDATE event SET answer = 'another' WHERE seq = 3", "row 3 of"),
        ("UPDATE event SET rating = 4 WHERE seq = 5", "row 5 of"),
        ("UPDATE event SET payload = '{}' WHERE seq = 1", "row 1 of"),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 2", "row 2 of"),
        ("DELETE FROM event WHERE seq = 4", "row 4 of the writer"),
        ("DELETE FROM event WHERE seq IN (4, 5)", "rows 4 to 5 of the writer"),
        ("DELETE FROM event WHERE seq >= 9", "the last 2 are missing"),
        ("DELETE FROM event WHERE seq = 10", "the last one is missing"),
        ("CREATE VIEW strange AS SELECT * FROM event", "the view strange is not ours"),
        ("UPDATE writer SET rows = 9", "writer"),
        ("DELETE FROM writer", "is not known"),
        ("UPDATE card_state SET reps = 7 WHERE key = 'd/3'", "the state of 'd/3'"),
        ("UPDATE day_count SET reviews = 11", "the count of the study day"),
        ("UPDATE glance SET json = replace(json, '2', '3')", "the first screen"),
        ("DROP INDEX event_undoes", "the index event_undoes is missing"),
        ("CREATE TABLE strange (x)", "the table strange is not ours"),
        (
            "CREATE TRIGGER strange AFTER INSERT ON event BEGIN DELETE FROM card_state; END",
            "the trigger strange is not ours",
        ),
    ],
)
def test_what_was_changed_is_found_and_named(files: Files, change: str, word: str) -> None:
    filled(files, 10)
    assert faults(files) == []
    with behind_our_back(files) as other:
        other.execute(change)
    assert word in "; ".join(faults(files))
    with opened(files) as store, pytest.raises(DamagedError, match="No backup was made"):
        backup_in(store.engine, store.files, "manual")


def test_a_missing_trigger_is_found(files: Files) -> None:
    filled(files, 2)
    with closing(sqlite3.connect(files.database)) as other:
        other.execute("DROP TRIGGER event_refuses_delete")
    assert faults(files) == ["the trigger event_refuses_delete is missing"]


def test_a_row_put_in_without_us_is_found(files: Files) -> None:
    filled(files, 3)
    with closing(sqlite3.connect(files.database)) as other:
        other.execute(
            "INSERT INTO event SELECT 'z', kind, card_key, at_utc_ms, utc_offset_min, study_day,"
            " rating, elapsed_ms, source, answer, correct, confidence, hints, content_hash, model,"
            ' due_utc_ms, undoes, payload, after, "on", retention, writer, 4, hash FROM event'
            " WHERE seq = 3"
        )
        other.commit()
    assert "row 4 of" in "; ".join(faults(files))


def test_one_writer_goes_on_over_restarts(files: Files) -> None:
    filled(files, 2)
    first = writer_of(files)
    with opened(files) as store:
        store.append([answer(3)], [state("d/3")])
        assert [(event.writer, event.seq) for event in store.events()] == [
            (first, number) for number in (1, 2, 3)
        ]
        assert store.check() == []


def test_a_restored_file_is_another_writers(files: Files) -> None:
    filled(files, 2)
    first = writer_of(files)
    with opened(files) as store:
        copy = backup_to(store.engine, store.files, files.database.with_name("copy.db"))
    restore(copy, files)
    with opened(files) as store:
        store.append([answer(3)])
        assert [event.seq for event in store.events()] == [1, 2, 1]
        assert store.check() == []
    assert writer_of(files) != first


def test_a_copied_file_is_another_writers(files: Files) -> None:
    filled(files, 2)
    first = writer_of(files)
    other = Files(files.database.with_name("other.db"), files.backups / "other")
    other.database.write_bytes(files.database.read_bytes())
    with opened(other) as store:
        store.append([answer(3)])
        assert store.check() == []
    assert writer_of(other) != first


def test_a_backup_that_fails_is_told_and_thins_nothing_out(files: Files) -> None:
    filled(files, 5)
    with opened(files) as store:
        good = backup_in(store.engine, store.files, "daily")
    for backup in files.listed():
        backup.path.rename(backup.path.with_name("tutor-20260101-000000-daily.db"))
    before = files.listed()
    with behind_our_back(files) as other:
        other.execute("UPDATE event SET answer = 'flipped' WHERE seq = 2")
    with opened(files) as store:
        assert "No backup was made" in " ".join(store.warnings)
        assert "row 2 of" in " ".join(store.warnings)
    assert files.listed() == before
    assert good not in {backup.path for backup in files.listed()}
    assert newest_good(files) == before[0].path


def test_a_sealed_copy_of_damage_is_no_good_backup(files: Files) -> None:
    """As an older tutor may have made it."""
    from tutor.store.seal import put_seal

    filled(files, 5)
    with behind_our_back(files) as other:
        other.execute("UPDATE event SET hints = 7 WHERE seq = 2")
    with closing(sqlite3.connect(files.database)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
    copy = files.free_name(datetime(2026, 1, 2), "manual")
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(files.database.read_bytes())
    put_seal(copy)
    assert "row 2 of" in verify(copy).fault
    assert newest_good(files) != copy


_VALUES = st.one_of(
    st.none(), st.integers(), st.floats(), st.text(), st.sampled_from(["],[", "]\n[", '"],["', "]"])
)


@given(st.lists(st.tuples(_VALUES, _VALUES, _VALUES)))
def test_many_rows_have_the_texts_that_each_has(rows: list[tuple[object, ...]]) -> None:
    assert list(texts_of(rows)) == [text_of(row) for row in rows]
