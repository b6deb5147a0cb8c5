"""Unites journals: the rows of other machines come in, chain by chain.

A row is known by its id, so what is here is never taken twice. A chain that goes on where ours
ends is taken as it is. One that differs from ours under the same name is a fork, as after a
restored backup or a copied folder: its rows go on under a name made of the first that differs.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple, Protocol

from sqlalchemy import BLOB, Integer, Text

from tutor.deck.load_progress import OnProgress, ignore
from tutor.errors import DamagedError
from tutor.memory.model import CardState
from tutor.memory.replay import STATELESS
from tutor.store import chain, counts, many
from tutor.store.catalog import Files
from tutor.store.chain import ELSEWHERE, START, Writer, link, text_of
from tutor.store.engine import driver, for_writing
from tutor.store.failures import as_data_errors
from tutor.store.journal import Store
from tutor.store.rows import CHAINED, EVENT_FIELDS, state_row, to_event
from tutor.store.schema import TRIGGERS, event

_CHUNK = 5000
_MANY = 1000
_COLUMNS = ", ".join(f'"{name}"' for name in CHAINED)
_ADD = f"INSERT INTO event ({_COLUMNS}, hash)"
_KIND, _KEY, _WRITER_AT, _SEQ, _UNDOES, _PAYLOAD = map(
    EVENT_FIELDS.index, ("kind", "card_key", "writer", "seq", "undoes", "payload")
)
_STATE_COLUMNS = ", ".join("?" * (len(state_row(CardState(""))) + 1))
_PUT_STATE = f"INSERT OR REPLACE INTO card_state VALUES ({_STATE_COLUMNS})"
# Undoing or timing rows whose target is not here yet: the days are counted anew when it comes.
_WAITING = """
    SELECT 1 FROM event AS undoing WHERE undoing.undoes IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM event WHERE id = undoing.undoes) LIMIT 1
"""
_AMENDING = ("undo", "accept", "retime")


class Link(NamedTuple):
    """A row as it travels: its hash, and the JSON that the hash is of."""

    hash: bytes
    text: bytes


class Chain(Protocol):
    """One writer's rows in another place: a journal, a folder, a server.

    name: the writer's. rows: how many there are, from the first on.
    """

    name: str
    rows: int

    def hash_at(self, seq: int) -> bytes:
        """The hash of row `seq`, 1 to `rows`."""

    def above(self, seq: int) -> Iterator[Link]:
        """The rows after `seq`, in order, to the last."""


@dataclass(slots=True)
class United:
    """What a union brought: rows that came in, rows that were here, and the cards they tell of."""

    added: int = 0
    present: int = 0
    touched: set[str] = field(default_factory=set)

    def add(self, other: United) -> None:
        """Count another union in."""
        self.added += other.added
        self.present += other.present
        self.touched |= other.touched


def writers(store: Store) -> dict[str, Writer]:
    """All writers of the journal by name, with how many rows each has here."""
    with as_data_errors(store.files), store.engine.begin() as connection:
        return {one.name: one for one in chain.writers(driver(connection))}


def rows_above(store: Store, writer: str, seq: int) -> Iterator[Link]:
    """The rows of a writer after row `seq`, as they travel. Raises DamagedError for a broken one.

    Read in chunks, each its own transaction, so that a slow reader holds nothing back.
    """
    tip = hash_at(store, writer, seq) if seq else START
    while True:
        with as_data_errors(store.files), store.engine.begin() as connection:
            rows = list(islice(_rows(driver(connection), writer, seq), _CHUNK))
        for *row, hash in rows:
            text = text_of(row)
            if link(tip, text) != hash:
                raise _refused(f"row {row[-1]} of the writer {writer} is not as it was written")
            yield Link(hash, text)
            tip, seq = hash, row[-1]
        if len(rows) < _CHUNK:
            return


def hash_at(store: Store, writer: str, seq: int) -> bytes:
    """The hash of a row of ours; empty when it is not here."""
    with as_data_errors(store.files), store.engine.begin() as connection:
        return _hash_at(driver(connection), writer, seq)


def unite(store: Store, chains: Iterable[Chain], tell: OnProgress = ignore) -> United:
    """Take the rows in that are not here, all or nothing; on disk when this returns.

    The states of the cards that they tell of are marked as unfinished: whoever reads the states
    next replays them. `tell` hears which share of a chain is in. Raises DamagedError, naming the
    chain, for one that is cut or foreign.
    """
    with as_data_errors(store.files), for_writing(store.engine).begin() as connection:
        return _Union(driver(connection), tell).unite(chains)


def common_rows(store: Store, given: Chain) -> int:
    """How many rows of a chain, from the first on, are the same here."""
    with as_data_errors(store.files), store.engine.begin() as connection:
        return _Union(driver(connection)).common(given)


def give_way(store: Store, name: str, common: int) -> str:
    """Let our rows of a writer after the first `common` go on as another writer; its name.

    For a fork whose other branch others have read already: they know it by this name.
    """
    with as_data_errors(store.files), for_writing(store.engine).begin() as connection:
        below = driver(connection)
        rows = list(_rows(below, name, common))
        old = _Union(below).ours[name]
        new = Writer(_branch_name(name, rows[0][-1]), home=old.home)
        new, linked = new.linked(row[:_WRITER_AT] for row in rows)
        below.execute("DROP TRIGGER event_refuses_update")
        below.executemany(
            "UPDATE event SET writer = ?, seq = ?, hash = ? WHERE id = ?",
            ((*row[_WRITER_AT:], row[0]) for row in linked),
        )
        below.execute(TRIGGERS["event_refuses_update"])
        below.execute("DELETE FROM writer WHERE name = ?", (name,))
        if common:
            tip = _hash_at(below, name, common)
            chain.put_writer(below, Writer(name, common, tip))
        chain.put_writer(below, new)
        return new.name


class JournalChain:
    """A writer of another journal, read where it lies."""

    def __init__(self, connection: sqlite3.Connection, writer: Writer, files: Files) -> None:
        self.name, self.rows = writer.name, writer.rows
        self._connection, self._files = connection, files
        counted = connection.execute(
            "SELECT count(*), max(seq) FROM event WHERE writer = ?", (writer.name,)
        ).fetchone()
        if counted != (writer.rows, writer.rows) or self.hash_at(writer.rows) != writer.tip:
            raise _refused(f"rows of the writer {writer.name} are missing")

    def hash_at(self, seq: int) -> bytes:
        """The hash of row `seq`."""
        with as_data_errors(self._files):
            return _hash_at(self._connection, self.name, seq)

    def above(self, seq: int) -> Iterator[Link]:
        """The rows after `seq`."""
        with as_data_errors(self._files):
            for *row, hash in _rows(self._connection, self.name, seq):
                yield Link(hash, text_of(row))


class _Union:
    """One union in one transaction of our journal."""

    def __init__(self, below: sqlite3.Connection, tell: OnProgress = ignore) -> None:
        self.below, self._tell = below, tell
        self.ours = {one.name: one for one in chain.writers(below)}
        self.done = United()
        self._amends = False
        self._at_once = ExitStack()
        self._unhindered = False

    def unite(self, chains: Iterable[Chain]) -> United:
        waited = bool(self.below.execute(_WAITING).fetchone())
        with self._at_once:
            for each in chains:
                self._take(each)
        if self.done.added and (self._amends or waited or counts.any_retimed(self.below)):
            counts.recount(self.below)
        self._mark()
        return self.done

    def common(self, given: Chain) -> int:
        """How many rows from the first on are the same: equal hashes prove all before them."""
        name, mine = given.name, self.ours.get(given.name)
        low, high = 0, min(mine.rows, given.rows) if mine else 0
        if high and _hash_at(self.below, name, high) == given.hash_at(high):
            return high
        while low < high - 1:
            middle = (low + high) // 2
            if _hash_at(self.below, name, middle) == given.hash_at(middle):
                low = middle
            else:
                high = middle
        return low

    def _take(self, given: Chain) -> None:
        common = self.common(given)
        self.done.present += common
        if common == given.rows:
            return
        mine = self.ours.get(given.name) or Writer(given.name, home=ELSEWHERE)
        fork = common < mine.rows
        branch = ""
        for rows in _chunks(_checked(given, common)):
            self._tell(rows[0][_SEQ] / given.rows)
            known = self._known(rows)
            if not fork:
                # From the first row on that is here under another name they are no chain of ours.
                first = next((at for at, row in enumerate(rows) if row[0] in known), len(rows))
                mine, fork = self._add_as_they_are(mine, rows[:first]), first < len(rows)
                rest = rows[first:]
            else:
                rest = rows
            new = [row for row in rest if row[0] not in known]
            self.done.present += len(rest) - len(new)
            if new:
                branch = branch or _branch_name(given.name, new[0][-1])
                self._add_linked_anew(branch, new)

    def _known(self, rows: Sequence[Sequence[Any]]) -> set[str]:
        marks = ", ".join("?" * len(rows))
        found = self.below.execute(
            f"SELECT id FROM event WHERE id IN ({marks})", [row[0] for row in rows]
        )
        return {uid for (uid,) in found}

    def _add_as_they_are(self, mine: Writer, rows: Sequence[tuple[Any, ...]]) -> Writer:
        self._add(rows)
        if rows:
            mine = Writer(mine.name, mine.rows + len(rows), rows[-1][-1], mine.home)
            self._put(mine)
        return mine

    def _add_linked_anew(self, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
        branch = self.ours.get(name) or Writer(name, home=ELSEWHERE)
        branch, linked = branch.linked(row[:_WRITER_AT] for row in rows)
        self._add(linked)
        if rows:
            self._put(branch)

    def _put(self, writer: Writer) -> None:
        self.ours[writer.name] = writer
        chain.put_writer(self.below, writer)

    def _add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if len(rows) > _MANY and not self._unhindered:
            self._unhindered = True
            self._at_once.enter_context(many.unhindered(self.below))
        counts.follow(self.below, rows)
        many.insert(self.below, _ADD, rows)
        self.done.added += len(rows)
        for row in rows:
            self._touch(row)

    def _touch(self, row: Sequence[Any]) -> None:
        kind = row[_KIND]
        if kind not in STATELESS:
            self.done.touched.add(row[_KEY])
        elif kind in _AMENDING:
            self._amends = True
            self.done.touched.add(row[_KEY])
            of = row[_UNDOES] if kind == "undo" else json.loads(row[_PAYLOAD])["of"]
            target = self.below.execute("SELECT card_key FROM event WHERE id = ?", (str(of),))
            self.done.touched |= {key for (key,) in target}

    def _mark(self) -> None:
        """Mark states as unfinished: answers without a last event are replayed by who reads."""
        rows = (state_row(CardState(key, reps=1)) for key in self.done.touched if key)
        self.below.executemany(_PUT_STATE, ((*row, chain.crc_of(row)) for row in rows))


def _checked(given: Chain, above: int) -> Iterator[tuple[Any, ...]]:
    """The rows after `above` with their hashes, each through the door and linked to the last."""
    tip, seq = given.hash_at(above) if above else START, above
    for found in given.above(above):
        seq += 1
        if link(tip, found.text) != found.hash:
            raise _refused(f"row {seq} of the writer {given.name} does not follow the one before")
        yield (*_values(found.text, given.name, seq), found.hash)
        tip = found.hash
    if seq != given.rows:
        raise _refused(f"the writer {given.name} has {given.rows} rows, but only {seq} are there")


def _values(text: bytes, name: str, seq: int) -> list[Any]:
    """A row's columns. Raises DamagedError for what no tutor writes."""
    try:
        values: list[Any] = json.loads(text)
        sound = (
            isinstance(values, list)
            and len(values) == len(CHAINED)
            and values[_WRITER_AT:] == [name, seq]
            and all(map(_fits, values, _TYPES))
            # Our own checks make the text anew from the columns.
            and text_of(values) == text
        )
        if sound:
            to_event(values)
            return values
        why = "its columns are not a row's"
    except (ValueError, RecursionError) as error:
        why = str(error)
    raise _refused(f"row {seq} of the writer {name} is not as a tutor writes it: {why[:200]}")


# What Python type each column holds, and whether it may be empty.
_TYPES = [
    (str if isinstance(column.type, Text) else int if isinstance(column.type, Integer) else float,
     bool(column.nullable))
    for column in event.c if not isinstance(column.type, BLOB)
]  # fmt: skip


def _fits(value: object, kind: tuple[type, bool]) -> bool:
    # A bool is an int to Python, but no number that we write.
    return type(value) is kind[0] or (value is None and kind[1])


def _rows(connection: sqlite3.Connection, writer: str, seq: int) -> Iterator[tuple[Any, ...]]:
    return connection.execute(
        f"SELECT {_COLUMNS}, hash FROM event WHERE writer = ? AND seq > ? ORDER BY seq",
        (writer, seq),
    )


def _hash_at(connection: sqlite3.Connection, writer: str, seq: int) -> bytes:
    found = connection.execute(
        "SELECT hash FROM event WHERE writer = ? AND seq = ?", (writer, seq)
    ).fetchone()
    return b"" if found is None else bytes(found[0])


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, _CHUNK)):
        yield chunk


def _branch_name(name: str, first: bytes) -> str:
    """The name of a fork's branch: the same wherever it is found."""
    return hashlib.sha256(f"{name} {first.hex()}".encode()).hexdigest()[:16]


def _refused(why: str) -> DamagedError:
    return DamagedError(
        "These answers do not hold together", f"{why}. Nothing of it was taken.",
        "Take a fresh copy: tutor backup FILE, there.",
    )  # fmt: skip
