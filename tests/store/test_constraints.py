"""The constraints of the tables hold on every row, however many are written or read at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.store.samples import answer, filled, opened, state
from tutor.errors import DamagedError
from tutor.store import many
from tutor.store.catalog import Files
from tutor.store.schema import TRIGGERS, constraints

# A value that cannot be for each rule: (table, column, value).
BROKEN = (
    ("event", "kind", "'reviews'"), ("event", "rating", "5"), ("event", "source", "'elsewhere'"),
    ("event", "correct", "2"), ("event", "confidence", "'perhaps'"), ("event", "seq", "0"),
    ("event", "hash", "x'00'"), ("card_state", "phase", "'old'"), ("card_state", "suspended", "2"),
    ("card_state", "flagged", "-1"), ("card_state", "passed", "7"), ("glance", "id", "2"),
)  # fmt: skip


def test_there_is_a_broken_value_for_each_rule() -> None:
    rules = [(table, rule) for table, all_of in constraints() for rule in all_of.split(" AND (")]
    assert len(rules) == len(BROKEN)
    assert all(any(table == of and name in rule for of, name, _ in BROKEN) for table, rule in rules)


@pytest.mark.parametrize(("table", "column", "value"), BROKEN)
def test_a_broken_rule_is_seen_as_sqlite_sees_it(
    files: Files, table: str, column: str, value: str
) -> None:
    filled(files, 3)
    with closing(sqlite3.connect(files.database)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        if table == "event":
            other.execute("DROP TRIGGER event_refuses_update")
        key = {"event": "seq", "card_state": "key", "glance": "id"}[table]
        other.execute(
            f"UPDATE {table} SET {column} = {value} WHERE {key} = (SELECT max({key}) FROM {table})"
        )
        other.execute("DROP TRIGGER IF EXISTS event_refuses_update")
        other.execute(TRIGGERS["event_refuses_update"])
        other.commit()
        other.execute("PRAGMA ignore_check_constraints = OFF")
        said = [row[0] for row in other.execute("PRAGMA integrity_check")]
    assert said == [f"CHECK constraint failed in {table}"]
    with opened(files) as store:
        assert f"CHECK constraint failed in {table}: 1 rows" in store.check()


@pytest.mark.parametrize("count", [1, 49, 50, 51, 120])
def test_many_rows_come_in_as_one_by_one(count: int) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE t (a INTEGER CHECK (a >= 0), b TEXT)")
        rows = [(number, f"row {number}") for number in range(count)]
        many.insert(db, "INSERT INTO t (a, b)", rows)
        assert db.execute("SELECT a, b FROM t ORDER BY rowid").fetchall() == rows
        with pytest.raises(sqlite3.IntegrityError):
            many.insert(db, "INSERT INTO t (a, b)", [*rows, (-1, "no"), *rows])


def test_a_long_append_is_refused_as_a_whole_for_one_impossible_row(files: Files) -> None:
    with opened(files) as store:
        rows = [answer(number) for number in range(1, 200)]
        with pytest.raises(DamagedError):
            store.append([*rows, answer(200, rating=9)], [state("d/1")])
        assert store.numbers() == (0, 0, 0)
        store.append(rows, [state("d/1")])
        assert store.numbers() == (199, 199, 0)
