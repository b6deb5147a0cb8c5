"""The tables as they are after the newest migration: journal, derived states, counts, the glance.

Migrations create them; the queries are built on them; a test holds the two to be the same.
"""

from __future__ import annotations

from typing import get_args

from sqlalchemy import (
    BLOB,
    REAL,
    CheckConstraint,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

from tutor.memory.model import EventKind, Phase, ReviewSource

metadata = MetaData()


def _one_of(name: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that holds on every write, and that `PRAGMA quick_check` tries on every row."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{name} IN ({listed})", f"{name}_known")


def _flag(name: str, nullable: bool = False) -> Column[int]:
    return Column(
        name, Integer, CheckConstraint(f"{name} IN (0, 1)", f"{name}_flag"), nullable=nullable
    )


def _crc() -> Column[int]:
    """The CRC-32 of the row's other values: what SQLite itself keeps no checksum of."""
    return Column("crc", Integer, nullable=False)


# The truth. Rows are only ever added: three triggers refuse UPDATE, DELETE and REPLACE. Each row
# holds the hash of itself and the row of the same writer before it.
event = Table(
    "event",
    metadata,
    Column("id", Text, primary_key=True, nullable=False),
    Column("kind", Text, _one_of("kind", get_args(EventKind)), nullable=False),
    Column("card_key", Text, nullable=False),
    Column("at_utc_ms", Integer, nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("study_day", Integer, nullable=False),
    Column("rating", Integer, CheckConstraint("rating BETWEEN 1 AND 4", "rating_range")),
    Column("elapsed_ms", Integer),
    Column("source", Text, _one_of("source", get_args(ReviewSource))),
    Column("answer", Text),
    _flag("correct", nullable=True),
    Column("confidence", Text, _one_of("confidence", ("sure", "unsure"))),
    Column("hints", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("due_utc_ms", Integer),
    Column("undoes", Text),
    Column("payload", Text, nullable=False),
    Column("after", Text),
    Column("on", Integer),
    Column("retention", REAL),
    Column("writer", Text, nullable=False),
    Column("seq", Integer, CheckConstraint("seq > 0", "seq_positive"), nullable=False),
    Column("hash", BLOB, CheckConstraint("length(hash) = 32", "hash_length"), nullable=False),
    sqlite_strict=True,
)
Index("event_card_key", event.c.card_key)
Index("event_undoes", event.c.undoes, sqlite_where=event.c.undoes.is_not(None))
Index("event_writer_seq", event.c.writer, event.c.seq, unique=True)
SELDOM = ("params", "accept", "retime", "exam", "session")
"""The kinds that are looked for at every start, and rare."""
Index("event_seldom", event.c.kind, sqlite_where=event.c.kind.in_(SELDOM))
AMONG_SELDOM = "kind IN (" + ", ".join(f"'{kind}'" for kind in SELDOM) + ")"
"""SQLite uses that index only where a query has the very words of its condition."""

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
TRIGGERS = {
    "event_refuses_update": f"CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event {_REFUSE}",
    "event_refuses_delete": f"CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event {_REFUSE}",
    # INSERT OR REPLACE deletes the old row without firing the trigger above.
    "event_refuses_replace": "CREATE TRIGGER event_refuses_replace BEFORE INSERT ON event"
    " WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)"
    " OR EXISTS (SELECT 1 FROM event WHERE writer = NEW.writer AND seq = NEW.seq)"
    f" {_REFUSE}",
}

# Each writer's newest row and number of rows, so that lost newest rows are missed too.
# home: the file (its inode) in which this writer goes on; empty when it never will; `elsewhere`
# for a writer of another machine.
writer = Table(
    "writer",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("tip", BLOB, nullable=False),
    Column("home", Text, nullable=False),
    _crc(),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# What replaying the journal says; may be thrown away and made again.
card_state = Table(
    "card_state",
    metadata,
    Column("key", Text, primary_key=True, nullable=False),
    Column("phase", Text, _one_of("phase", get_args(Phase)), nullable=False),
    Column("stability", REAL, nullable=False),
    Column("difficulty", REAL, nullable=False),
    Column("due_utc_ms", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("reps", Integer, nullable=False),
    Column("lapses", Integer, nullable=False),
    Column("first_day", Integer),
    Column("last_day", Integer),
    Column("model", Text, nullable=False),
    _flag("suspended"),
    _flag("flagged"),
    Column("buried_until_day", Integer),
    _flag("passed"),
    Column("scored", Integer, nullable=False),
    Column("remembered", Integer, nullable=False),
    Column("last_event", Text),
    Column("applied", Integer, nullable=False),
    _crc(),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The answers of each study day that count; may be counted again from the journal.
day_count = Table(
    "day_count",
    metadata,
    Column("study_day", Integer, primary_key=True, nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    _crc(),
    sqlite_strict=True,
)

# One row: what the first screen shows, as JSON (see glance.py).
glance = Table(
    "glance",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", "one_row"), primary_key=True),
    Column("json", Text, nullable=False),
    _crc(),
    sqlite_strict=True,
)


def rules(table: Table) -> str:
    """What must hold of each row of a table; a rule that gives NULL is kept."""
    each = (rule for column in table.columns for rule in column.constraints)
    found = [f"({rule.sqltext})" for rule in each if isinstance(rule, CheckConstraint)]
    return " AND ".join(found)
