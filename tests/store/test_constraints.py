"""The constraints of the tables hold on every row, however many are written or read at once."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.store.samples import answer, filled, opened, state
from tutor.errors import DamagedError
from tutor.store import many
from tutor.store.catalog import Files
from tutor.store.doctor import examine
from tutor.store.schema import TRIGGERS, metadata, rules
from tutor.store.verify import verify

# A value that cannot be for each rule: (table, column, value).
BROKEN = (
    ("event", "kind", "'reviews'"), ("event", "rating", "5"), ("event", "source", "'elsewhere'"),
    ("event", "correct", "2"), ("event", "confidence", "'perhaps'"), ("event", "seq", "0"),
    ("event", "hash", "x'00'"), ("card_state", "phase", "'old'"), ("card_state", "suspended", "2"),
    ("card_state", "flagged", "-1"), ("card_state", "passed", "7"), ("glance", "id", "2"),
)  # fmt: skip


def test_there_is_a_broken_value_for_each_rule() -> None:
    found = {
        (table.name, rule) for table in metadata.sorted_tables
        for rule in rules(table).split(" AND (") if rule
    }  # fmt: skip
    assert len(found) == len(BROKEN)
    assert all(any(table == of and name in rule for of, name, _ in BROKEN) for table, rule in found)


@pytest.mark.parametrize(("table", "column", "value"), BROKEN)
def test_a_broken_rule_is_found_and_mended_where_it_can_be(
    files: Files, table: str, column: str, value: str
) -> None:
    filled(files, 3)
    with closing(sqlite3.connect(files.database)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute("DROP TRIGGER event_refuses_update")
        key = {"event": "seq", "card_state": "key", "glance": "id"}[table]
        last = f"(SELECT max({key}) FROM {table})"
        other.execute(f"UPDATE {table} SET {column} = {value} WHERE {key} = {last}")
        other.execute(TRIGGERS["event_refuses_update"])
        other.commit()
        other.execute("PRAGMA ignore_check_constraints = OFF")
        said = [row[0] for row in other.execute("PRAGMA integrity_check")]
    assert said == [f"CHECK constraint failed in {table}"]
    with opened(files) as store:
        assert store.check() != []
        found = examine(store, lambda _: {"d/1": state("d/1")}, set())
        assert bool(found.integrity) == (table == "event")
        assert not found.healthy
    assert verify(files.database).good == (table == "card_state")


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
