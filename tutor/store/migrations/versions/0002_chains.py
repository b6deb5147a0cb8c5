"""Rows that prove themselves: writer, place and hash; what a row was built on; new kinds.

The journal is written anew, row by row, as one chain of one writer, and its days are counted.
Frozen: what the schema became later stands in later migrations, never here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"

_OLD = (
    "id", "kind", "card_key", "at_utc_ms", "utc_offset_min", "study_day", "rating", "elapsed_ms",
    "source", "answer", "correct", "confidence", "hints", "content_hash", "model", "due_utc_ms",
    "undoes", "payload",
)  # fmt: skip
_STATELESS = ("undo", "params", "prediction")
_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
_MASK = (1 << 63) - 1
_TOLD_EVERY = 10_000


def upgrade() -> None:
    connection = op.get_bind().connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    for name in ("update", "delete", "replace"):
        op.execute(f"DROP TRIGGER IF EXISTS event_refuses_{name}")
    for table in ("event", "card_state", "glance"):
        op.execute(f"ALTER TABLE {table} RENAME TO {table}_1")
    _create_event()
    _create_derived()
    cards = _copy_journal(connection)
    _copy_states(connection, cards)
    _copy_glance(connection)
    _count_days(connection)
    for table in ("event", "card_state", "glance"):
        op.execute(f"DROP TABLE {table}_1")
    _create_indexes()


class _Card:
    """What the events of one card add to its state in this schema."""

    __slots__ = ("answers", "applied", "last_day", "last_event", "remembered", "scored")

    def __init__(self) -> None:
        self.answers = self.scored = self.remembered = self.applied = 0
        self.last_day: int | None = None
        self.last_event: str | None = None

    def take(self, uid: str, kind: str, day: int, rating: int | None) -> None:
        self.last_event = uid
        self.applied ^= _digest(uid)
        if kind == "reset":
            self.last_day, self.answers = None, 0
        elif kind == "review" and rating is not None:
            if self.last_day is not None and day > self.last_day:
                self.scored += 1
                self.remembered += rating > 1
            self.last_day = day if self.last_day is None else max(day, self.last_day)
            self.answers += 1


_Found = dict[str, _Card]


def _copy_journal(connection: sqlite3.Connection) -> _Found:
    """One chain, in the order of the ids: what an answer's place in the journal was so far."""
    tell = context.config.attributes.get("tell", lambda _share: None)
    columns = ", ".join(f'"{name}"' for name in _OLD)
    total, first = connection.execute("SELECT count(*), min(id) FROM event_1").fetchone()
    taken_back = connection.execute("SELECT undoes FROM event_1 WHERE kind = 'undo'")
    undone = {uid for (uid,) in taken_back}
    cards: _Found = {}
    # Two copies of one old journal get the same writer, so that they are known to be one.
    writer = hashlib.sha256(str(first).encode()).hexdigest()[:16]
    tip, seq = bytes(32), 0

    def chained(
        uid: str, kind: str, key: str, day: int, rating: int | None, text: bytes, number: int
    ) -> bytes:
        nonlocal tip, seq
        seq += 1
        if number != seq:
            raise ValueError("the rows did not come in order")
        if seq % _TOLD_EVERY == 0:
            tell(seq / total)
        if uid not in undone and kind not in _STATELESS:
            card = cards.get(key)
            if card is None:
                card = cards[key] = _Card()
            card.take(uid, kind, day, rating)
        tip = hashlib.sha256(tip + text).digest()
        return tip

    connection.create_function("chained", 7, chained)
    connection.execute(
        f"INSERT INTO event SELECT {columns}, NULL, NULL, NULL, '{writer}', number,"
        " chained(id, kind, card_key, study_day, rating,"
        f" CAST(json_array({columns}, NULL, NULL, NULL, '{writer}', number) AS BLOB), number)"
        " FROM (SELECT *, row_number() OVER (ORDER BY id) AS number FROM event_1)"
    )
    connection.create_function("chained", 7, None)
    if seq:
        own = (writer, seq, tip.hex(), "")
        connection.execute(
            "INSERT INTO writer VALUES (?, ?, ?, ?, ?)", (writer, seq, tip, "", _crc(own))
        )
    return cards


def _copy_states(connection: sqlite3.Connection, cards: _Found) -> None:
    """The states as they were, with what is new in them.

    A state whose answers stand under another key too, because its card was renamed, gets no last
    event: it is replayed when the decks are there that know the other key.
    """
    rows = iter(connection.execute("SELECT * FROM card_state_1").fetchall())
    marks = ", ".join("?" * 20)
    while chunk := list(islice(rows, 5000)):
        new = []
        for row in chunk:
            card = cards.get(row[0]) or _Card()
            if card.answers != row[6]:
                card = _Card()
            values = (*row, card.scored, card.remembered, card.last_event, card.applied)
            new.append((*values, _crc(values)))
        connection.executemany(f"INSERT INTO card_state VALUES ({marks})", new)


def _copy_glance(connection: sqlite3.Connection) -> None:
    for row in connection.execute("SELECT id, json FROM glance_1").fetchall():
        connection.execute("INSERT INTO glance VALUES (?, ?, ?)", (*row, _crc(row)))


def _count_days(connection: sqlite3.Connection) -> None:
    days = connection.execute(
        "SELECT study_day, count(*), coalesce(sum(elapsed_ms), 0) FROM event_1 AS answer"
        " WHERE kind = 'review' AND NOT EXISTS (SELECT 1 FROM event_1 AS undoing"
        " WHERE undoing.undoes = answer.id AND undoing.kind = 'undo') GROUP BY study_day"
    ).fetchall()
    connection.executemany(
        "INSERT INTO day_count VALUES (?, ?, ?, ?)", [(*day, _crc(day)) for day in days]
    )


def _digest(uid: str) -> int:
    if len(uid) == 36:
        try:
            return int(uid[19:23] + uid[24:], 16) & _MASK
        except ValueError:
            pass
    made = hashlib.blake2b(uid.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(made, "big") & _MASK


def _crc(values: Sequence[Any]) -> int:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return zlib.crc32(text.encode())


def _one_of(name: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{name} IN ({listed})", f"{name}_known")


def _flag(name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN (0, 1)", f"{name}_flag")


def _create_event() -> None:
    kinds = (
        "review", "undo", "suspend", "unsuspend", "bury", "flag", "unflag", "reset", "set_due",
        "known", "unknown", "params", "prediction", "anchor", "accept", "retime", "exam", "session",
    )  # fmt: skip
    rating_range = sa.CheckConstraint("rating BETWEEN 1 AND 4", "rating_range")
    op.create_table(
        "event",
        sa.Column("id", sa.Text, primary_key=True, nullable=False),
        sa.Column("kind", sa.Text, _one_of("kind", *kinds), nullable=False),
        sa.Column("card_key", sa.Text, nullable=False),
        sa.Column("at_utc_ms", sa.Integer, nullable=False),
        sa.Column("utc_offset_min", sa.Integer, nullable=False),
        sa.Column("study_day", sa.Integer, nullable=False),
        sa.Column("rating", sa.Integer, rating_range),
        sa.Column("elapsed_ms", sa.Integer),
        sa.Column("source", sa.Text, _one_of("source", "review", "quiz", "demo", "import")),
        sa.Column("answer", sa.Text),
        sa.Column("correct", sa.Integer, _flag("correct")),
        sa.Column("confidence", sa.Text, _one_of("confidence", "sure", "unsure")),
        sa.Column("hints", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("due_utc_ms", sa.Integer),
        sa.Column("undoes", sa.Text),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("after", sa.Text),
        sa.Column("on", sa.Integer),
        sa.Column("retention", sa.REAL),
        sa.Column("writer", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, sa.CheckConstraint("seq > 0", "seq_positive"), nullable=False),
        sa.Column(
            "hash",
            sa.BLOB,
            sa.CheckConstraint("length(hash) = 32", "hash_length"),
            nullable=False,
        ),
        sqlite_strict=True,
    )


def _create_indexes() -> None:
    op.create_index("event_card_key", "event", ["card_key"])
    op.create_index("event_undoes", "event", ["undoes"], sqlite_where=sa.text("undoes IS NOT NULL"))
    op.create_index("event_writer_seq", "event", ["writer", "seq"], unique=True)
    seldom = "kind IN ('params', 'accept', 'retime', 'exam', 'session')"
    op.create_index("event_seldom", "event", ["kind"], sqlite_where=sa.text(seldom))
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_refuses_{change.lower()} BEFORE {change} ON event {_REFUSE}"
        )
    # INSERT OR REPLACE deletes the old row without firing the trigger above.
    op.execute(
        "CREATE TRIGGER event_refuses_replace BEFORE INSERT ON event"
        " WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)"
        " OR EXISTS (SELECT 1 FROM event WHERE writer = NEW.writer AND seq = NEW.seq)"
        f" {_REFUSE}"
    )


def _create_derived() -> None:
    phases = ("new", "learning", "review", "relearning")
    op.create_table(
        "writer",
        sa.Column("name", sa.Text, primary_key=True, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("tip", sa.BLOB, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("crc", sa.Integer, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_state",
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        sa.Column("phase", sa.Text, _one_of("phase", *phases), nullable=False),
        sa.Column("stability", sa.REAL, nullable=False),
        sa.Column("difficulty", sa.REAL, nullable=False),
        sa.Column("due_utc_ms", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("reps", sa.Integer, nullable=False),
        sa.Column("lapses", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Integer),
        sa.Column("last_day", sa.Integer),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("suspended", sa.Integer, _flag("suspended"), nullable=False),
        sa.Column("flagged", sa.Integer, _flag("flagged"), nullable=False),
        sa.Column("buried_until_day", sa.Integer),
        sa.Column("passed", sa.Integer, _flag("passed"), nullable=False),
        sa.Column("scored", sa.Integer, nullable=False),
        sa.Column("remembered", sa.Integer, nullable=False),
        sa.Column("last_event", sa.Text),
        sa.Column("applied", sa.Integer, nullable=False),
        sa.Column("crc", sa.Integer, nullable=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_count",
        sa.Column("study_day", sa.Integer, primary_key=True, nullable=False),
        sa.Column("reviews", sa.Integer, nullable=False),
        sa.Column("elapsed_ms", sa.Integer, nullable=False),
        sa.Column("crc", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "glance",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", "one_row"), primary_key=True),
        sa.Column("json", sa.Text, nullable=False),
        sa.Column("crc", sa.Integer, nullable=False),
        sqlite_strict=True,
    )
