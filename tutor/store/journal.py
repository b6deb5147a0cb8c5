"""The store: answers in, answers and states out, as plain dataclasses.

An append is one transaction, on disk before the call returns; nothing is ever taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Self

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    exists,
    select,
    text,
)

from tutor.errors import ChangedError, UnwritableError
from tutor.memory.amend import AMENDING, Amendments
from tutor.memory.ids import made_after
from tutor.memory.model import CardState, Event, EventKind
from tutor.memory.stats import History
from tutor.store import chain, counts, objects, plain
from tutor.store.adding import CHUNK, Row, add_rows, put_derived
from tutor.store.catalog import Files
from tutor.store.end import LastEnd, Tip, moment, tip
from tutor.store.engine import driver, for_writing
from tutor.store.examine import ENOUGH, problems, problems_apart, reindexed
from tutor.store.failures import as_data_errors, damaged, moved_away
from tutor.store.glance import Glance
from tutor.store.rows import (
    EVENT_FIELDS,
    LAST_MS,
    sound_row,
    to_event,
    to_state,
)
from tutor.store.schema import AMONG_SELDOM, SELDOM, event
from tutor.store.statements import ALL_STATES, STATES_LOST
from tutor.store.writing import Writing

# What `undo` takes back: the learner's own keys on a card, not imports, fits or notes.
UNDOABLE: tuple[EventKind, ...] = (
    "review", "suspend", "unsuspend", "bury", "flag", "unflag", "reset", "accept", "retime",
)  # fmt: skip


_rows = select(*(event.c[name] for name in EVENT_FIELDS))
_undoing = event.alias("undoing")
_UNDONE = exists().where(_undoing.c.undoes == event.c.id, _undoing.c.kind == "undo")
_ACTIVE: ColumnElement[bool] = (event.c.kind != "undo") & ~_UNDONE
_JUDGED = event.c.confidence.is_not(None) | (event.c.kind == "prediction")
_OWN = event.c.source.is_(None) | (event.c.source != "import")
_SELDOM, _HERE = text(AMONG_SELDOM), text(chain.LIVED_HERE)
# The statements of every answer, for the driver: through Core they cost more than the disk does.
_IMPORTED = (
    "SELECT card_key, at_utc_ms FROM event"
    f" WHERE source = 'import' AND at_utc_ms BETWEEN 0 AND {LAST_MS}"
)


class Store:
    """The learner's journal and states, open; made by `tutor.store.database.open_store`.

    May be used from several threads. Failures are DataErrors (tutor.errors) and leave the
    file as it was before the call. What cannot be read of a row is told in `warnings`, and the
    row is left out.
    """

    def __init__(self, engine: Engine, files: Files) -> None:
        self.engine = engine
        self.files = files
        self.warnings: list[str] = []
        self.unread: set[str] = set()
        self.unwritable: UnwritableError | None = None
        """Why nothing can be written; None as long as it can."""
        self._lock = Lock()
        self._writing = Writing(engine)
        with self._told(), engine.begin() as connection:
            self._tip = tip(driver(connection))
            self.states_lost = bool(driver(connection).execute(STATES_LOST).fetchone()[0])
            """Whether answers are there, but nothing of what is derived from them."""
            self._identity = files.identity()
            self._last = LastEnd(self._identity)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the last one to close folds the WAL into the file."""
        with self._lock:
            self._writing.give_back()
        self.engine.dispose()

    def append(
        self,
        events: Iterable[Event],
        states: Iterable[CardState] = (),
        glance: Glance | None = None,
    ) -> None:
        """Write events, the states after them, and the glance, as `append_rows` does."""
        self.append_rows(map(sound_row, events), states, glance)

    def append_rows(
        self,
        rows: Iterable[Row],
        states: Iterable[CardState] = (),
        glance: Glance | None = None,
    ) -> None:
        """Write rows, the states after them, and the glance: all or nothing, on disk on return.

        rows: the events' own columns, as `rows.event_row` gives them; each gets its place in this
        file's chain. Raises ChangedError when another program has appended since this store last
        read all states or appended: read `states()` again, work out the answer anew, and append
        that. Raises UnwritableError on a full disk, and when the file is no longer the one at its
        path; the same call may be tried again. Raises DamagedError for a value that the schema
        refuses.
        """
        with self._lock, self._told():
            self._refuse_if_moved()
            with self._writing as below:
                end = self._last.of(below)
                self._refuse_if_changed(end.tip)
                end = add_rows(below, rows, end)
                put_derived(below, states, glance)
                left = moment(below)
            if end.tip[0] - self._tip[0] > CHUNK:
                self._writing.give_back()
            self._last.keep(left, end)
            self._tip = end.tip
            # Between the look and the commit the file may have gone.
            self._refuse_if_moved()

    def replace_states(self, states: Iterable[CardState], glance: Glance | None = None) -> None:
        """Throw all states away for these, as after a replay. Raises as `append` does."""
        with self._changing_states() as below:
            below.execute("DELETE FROM card_state")
            put_derived(below, states, glance)
            counts.recount(below)

    def exchange_states(self, states: Iterable[CardState], gone: Iterable[str]) -> None:
        """Write these states and drop those under the keys that are gone. Raises as `append`."""
        with self._changing_states() as below:
            drop = "DELETE FROM card_state WHERE key = ?"
            below.executemany(drop, ((key,) for key in gone))
            put_derived(below, states, None)

    def keys_of(self, deck: str) -> list[str]:
        """The keys of a deck's states."""
        query = "SELECT key FROM card_state WHERE key >= ? AND key < ?"
        with self._told(), self.engine.begin() as connection:
            rows = driver(connection).execute(query, (f"{deck}/", f"{deck}0")).fetchall()
        return [key for (key,) in rows]

    def put_glance(self, glance: Glance) -> None:
        """Write the glance alone, as when the decks have changed."""
        with self._lock, self._told(), self._writing as below:
            put_derived(below, (), glance)

    def changed(self) -> bool:
        """Whether another program has appended since this store last read or appended."""
        with self._told(), self.engine.begin() as connection:
            return tip(driver(connection)) != self._tip

    def states(self, but: str = "") -> dict[str, CardState]:
        """All states by key; what this store builds its next answers on.

        but: the deck whose states are left out. A state that cannot be read is left out too: the
        journal has it.
        """
        # Two ranges of keys, so that what is left out costs nothing; 0 comes next to a slash.
        ranges = f"{ALL_STATES} WHERE key < ? UNION ALL {ALL_STATES} WHERE key >= ?"
        query = (ranges, (f"{but}/", f"{but}0")) if but else (ALL_STATES, ())
        with self._lock, self._told(), self.engine.begin() as connection:
            rows = driver(connection).execute(*query).fetchall()
            self._tip = tip(driver(connection))
        found: dict[str, CardState] = {}
        self.unread = set()
        for row in rows:
            try:
                found[row[0]] = to_state(row)
            except ValueError:
                self.unread.add(str(row[0]))
        return found

    def state(self, key: str) -> CardState | None:
        """One card's state; None when it was never touched."""
        with self._told(), self.engine.begin() as connection:
            query = f"{ALL_STATES} WHERE card_state.key = ?"
            row = driver(connection).execute(query, (key,)).fetchone()
        return None if row is None else self._state(row)

    def history(self) -> History:
        """The answers in numbers, as kept with every append."""
        with self._told(), self.engine.begin() as connection:
            return counts.history(driver(connection))

    def events(self, after: str | None = None) -> Iterator[Event]:
        """The whole journal in the order of its ids, or what came after an id."""
        return self._walk(_rows, after)

    def active_events(self, after: str | None = None, *, judged: bool = False) -> Iterator[Event]:
        """The journal as it counts: without what was undone and the undoing, and as amended.

        judged: only answers given with a confidence, and predictions.
        """
        amendments = self._amendments()
        query = _rows.where(_ACTIVE, _JUDGED) if judged else _rows.where(_ACTIVE)
        return (
            amendments.amended(found)
            for found in self._walk(query, after)
            if found.kind not in AMENDING
        )

    def events_of(self, *keys: str) -> list[Event]:
        """Some cards' active events as they were written: enough to replay these cards."""
        return self._all(_rows.where(_ACTIVE, event.c.card_key.in_(keys)).order_by(event.c.id))

    def group(self, name: str, kind: EventKind) -> list[Event]:
        """The active events of a kind that were written as one act, in order.

        name: what their payloads have in common, the id of the first of them.
        """
        near = event.c.payload.contains(name, autoescape=True)
        query = _rows.where(_ACTIVE, event.c.kind == kind, event.c.id >= name, near)
        return self._all(query.order_by(event.c.id))

    def later_than(self, utc_ms: int) -> list[Event]:
        """The active events that count at a later time, as they count; imports are left out."""
        last = self.last_event_id()
        # Ids never go back: as long as the last one is not later, no row of ours is.
        if last is None or not made_after(last, utc_ms):
            return []
        rows = self._all(
            _rows.where(_ACTIVE, _OWN, event.c.at_utc_ms > utc_ms).order_by(event.c.id)
        )
        amendments = self._amendments()
        found = (amendments.amended(row) for row in rows if row.kind not in AMENDING)
        return [row for row in found if row.at_utc_ms > utc_ms]

    def cards(self, keys: Iterable[str] = ()) -> Iterator[plain.Card]:
        """The cards of the whole journal, or of some keys, one by one, to be replayed."""
        with self._told(), self.engine.begin() as connection:
            yield from plain.cards(driver(connection), keys)

    def numbers(self) -> tuple[int, int, int]:
        """How many rows the journal has, how many answers count, how many rows were undoing."""
        with self._told(), self.engine.begin() as connection:
            return counts.numbers(driver(connection))

    def imported(self) -> Iterator[tuple[str, int]]:
        """Key and time of each imported answer."""
        with self._told(), self.engine.begin() as connection:
            yield from driver(connection).execute(_IMPORTED)

    def recent(self, count: int, kind: EventKind = "review") -> list[Event]:
        """The newest `count` active events of a kind, newest first."""
        seldom = (_SELDOM,) if kind in SELDOM else ()
        query = _rows.where(_ACTIVE, event.c.kind == kind, *seldom)
        return self._all(query.order_by(event.c.id.desc()).limit(count))

    def last_event_id(self, *, here: bool = False) -> str | None:
        """The greatest id of the journal, or of this machine's rows; the next must be greater."""
        query = select(event.c.id).order_by(event.c.id.desc()).limit(1)
        with self._told(), self.engine.begin() as connection:
            return connection.execute(query.where(_HERE) if here else query).scalar()

    def last_undoable(self, kinds: Sequence[EventKind] = UNDOABLE) -> Event | None:
        """What `undo` takes back next: the newest active event of these kinds, written here."""
        # A date that the learner has set is part of an act; one set by a new text is not.
        dated = (event.c.kind == "set_due") & event.c.payload.contains('"together"')
        query = _rows.where(_ACTIVE, event.c.kind.in_(kinds) | dated, _OWN, _HERE)
        return next(iter(self._all(query.order_by(event.c.id.desc()).limit(1))), None)

    def check(self) -> list[str]:
        """Everything that is wrong with the file, in words; empty when nothing."""
        with self._told(), self.engine.begin() as connection:
            return problems(connection)

    def check_apart(self, structure: Sequence[str]) -> tuple[list[str], list[str]]:
        """What is wrong with the journal and its file, and with what can be made again from it.

        structure: what `mend_schema` left wrong.
        """
        with self._told(), self.engine.begin() as connection:
            return problems_apart(connection, structure)

    def days_match(self) -> bool:
        """Whether the counts of the study days are what the journal says."""
        with self._told(), self.engine.begin() as connection:
            below = driver(connection)
            return counts.kept(below) == counts.counted(below)

    def mend_schema(self) -> tuple[list[str], list[str]]:
        """Make indexes and triggers as they should be: what was done, what SQLite still misses."""
        with self._lock, self._told(), for_writing(self.engine).begin() as connection:
            mended = objects.mend(driver(connection))
            anew, structure = reindexed(connection)
            return [*mended, *anew], structure

    def _amendments(self) -> Amendments:
        return Amendments.of(self._all(_rows.where(_ACTIVE, _SELDOM, event.c.kind.in_(AMENDING))))

    def _walk(self, query: Select[*tuple[object, ...]], after: str | None) -> Iterator[Event]:
        """In chunks, each its own transaction, so that a slow reader holds nothing back."""
        query = query.order_by(event.c.id).limit(CHUNK)
        while True:
            rows = self._fetched(query if after is None else query.where(event.c.id > after))
            yield from self._sound(rows)
            if len(rows) < CHUNK:
                return
            after = str(rows[-1][0])

    def _all(self, query: Select[*tuple[object, ...]]) -> list[Event]:
        return list(self._sound(self._fetched(query)))

    def _fetched(self, query: Select[*tuple[object, ...]]) -> Sequence[Sequence[object]]:
        with self._told(), self.engine.begin() as connection:
            return connection.execute(query).all()

    def _sound(self, rows: Iterable[Sequence[object]]) -> Iterator[Event]:
        """The events of the rows; one that cannot be is told once and left out."""
        for row in rows:
            try:
                yield to_event(row)
            except ValueError as error:
                self._tell_unsound(str(error))

    def _tell_unsound(self, why: str) -> None:
        said = f"A row of your journal is left out: {why}. Run: tutor doctor"
        if said not in self.warnings and len(self.warnings) < ENOUGH:
            self.warnings.append(said)

    def _state(self, row: Sequence[object]) -> CardState:
        try:
            return to_state(row)
        except ValueError as error:
            raise damaged(self.files, str(error)) from error

    @contextmanager
    def _changing_states(self) -> Iterator[sqlite3.Connection]:
        """A transaction that changes states and adds no row. Raises as `append` does."""
        with self._lock, self._told():
            self._refuse_if_moved()
            with self._writing as below:
                self._refuse_if_changed(tip(below))
                yield below

    def _refuse_if_moved(self) -> None:
        """Raise when the open file is no longer the one at its path: what it takes is lost."""
        if self.unwritable is not None:
            raise self.unwritable
        if self.files.identity() != self._identity:
            raise moved_away(self.files)

    def _refuse_if_changed(self, found: Tip) -> None:
        if found != self._tip:
            raise ChangedError(
                "Your answers were changed by another tutor",
                f"{self.files.database} has answers that this program has not seen.",
                "Nothing was lost: close one of the two, then go on.",
            )

    def _told(self) -> AbstractContextManager[None]:
        return as_data_errors(self.files)
