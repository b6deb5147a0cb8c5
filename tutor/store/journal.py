"""The store: answers in, answers and states out, as plain dataclasses.

An append is one transaction, on disk before the call returns; nothing is ever taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from types import TracebackType
from typing import Self

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Engine,
    Select,
    delete,
    exists,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.sqlite import dialect

from tutor.errors import ChangedError
from tutor.memory.model import CardState, Event, EventKind
from tutor.store.catalog import Files
from tutor.store.engine import driver, for_writing
from tutor.store.failures import as_data_errors, damaged
from tutor.store.glance import Glance
from tutor.store.rows import event_row, state_row, to_event, to_state
from tutor.store.schema import card_state, event, glance
from tutor.store.verify import problems

# What `undo` takes back: the learner's own keys on a card, not imports, fits or notes.
UNDOABLE: tuple[EventKind, ...] = (
    "review", "suspend", "unsuspend", "bury", "flag", "unflag", "reset",
)  # fmt: skip
CHUNK = 5000


def _sql(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=dialect()))


_undoing = event.alias("undoing")
_UNDONE = exists().where(_undoing.c.undoes == event.c.id, _undoing.c.kind == "undo")
_ACTIVE: ColumnElement[bool] = (event.c.kind != "undo") & ~_UNDONE
# The statements of every answer, compiled once and given straight to the driver: executing them
# through Core costs more than the disk does.
_TIP = "SELECT rowid, id FROM event ORDER BY rowid DESC LIMIT 1"
_ALL_STATES = _sql(select(card_state))
_ADD_EVENT = _sql(insert(event))
_PUT_STATE = _sql(insert(card_state).prefix_with("OR REPLACE"))
_PUT_GLANCE = _sql(insert(glance).prefix_with("OR REPLACE"))

Tip = tuple[int, str]
_EMPTY: Tip = (0, "")


class Store:
    """The learner's journal and states, open; made by `tutor.store.database.open_store`.

    May be used from several threads. Failures are DataErrors (tutor.errors) and leave the
    file as it was before the call.
    """

    def __init__(self, engine: Engine, files: Files) -> None:
        self.engine = engine
        self.files = files
        self.warnings: list[str] = []
        self._writer = for_writing(engine)
        self._lock = Lock()
        with self._told(), engine.begin() as connection:
            self._tip = _tip(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the last one to close folds the WAL into the file."""
        self.engine.dispose()

    def append(
        self,
        events: Sequence[Event],
        states: Sequence[CardState] = (),
        glance: Glance | None = None,
    ) -> None:
        """Write events, the states after them, and the glance: all or nothing, on disk on return.

        Raises ChangedError when another program has appended since this store last read all
        states or appended: read `states()` again, work out the answer anew, and append that.
        Raises UnwritableError on a full disk; the same call may be tried again. Raises
        DamagedError for a value that the schema refuses.
        """
        with self._lock, self._told(), self._writer.begin() as connection:
            self._refuse_if_changed(connection)
            if events:
                driver(connection).executemany(_ADD_EVENT, map(event_row, events))
            _write_derived(connection, states, glance)
            tip = (self._tip[0] + len(events), events[-1].id) if events else self._tip
        self._tip = tip

    def replace_states(self, states: Iterable[CardState], glance: Glance | None = None) -> None:
        """Throw all states away for these, as after a replay. Raises as `append` does."""
        with self._lock, self._told(), self._writer.begin() as connection:
            self._refuse_if_changed(connection)
            connection.execute(delete(card_state))
            _write_derived(connection, states, glance)

    def put_glance(self, glance: Glance) -> None:
        """Write the glance alone, as when the decks have changed."""
        with self._told(), self._writer.begin() as connection:
            _write_derived(connection, (), glance)

    def changed(self) -> bool:
        """Whether another program has appended since this store last read or appended."""
        with self._told(), self.engine.begin() as connection:
            return _tip(connection) != self._tip

    def states(self) -> dict[str, CardState]:
        """All states by key; what this store builds its next answers on."""
        with self._lock, self._told(), self.engine.begin() as connection:
            rows = driver(connection).execute(_ALL_STATES).fetchall()
            self._tip = _tip(connection)
        return {row[0]: self._state(row) for row in rows}

    def state(self, key: str) -> CardState | None:
        """One card's state; None when it was never touched."""
        with self._told(), self.engine.begin() as connection:
            query = select(card_state).where(card_state.c.key == key)
            row = connection.execute(query).first()
        return None if row is None else self._state(row)

    def events(self, after: str | None = None) -> Iterator[Event]:
        """The whole journal in the order of answering, or what came after an id."""
        return self._walk(select(event), after)

    def active_events(self, after: str | None = None) -> Iterator[Event]:
        """The journal without what was undone, and without the undoing."""
        return self._walk(select(event).where(_ACTIVE), after)

    def events_of(self, key: str) -> list[Event]:
        """One card's active events in order: enough to replay that card."""
        query = select(event).where(_ACTIVE, event.c.card_key == key).order_by(event.c.id)
        return self._all(query)

    def recent(self, count: int, kind: EventKind = "review") -> list[Event]:
        """The newest `count` active events of a kind, newest first."""
        query = select(event).where(_ACTIVE, event.c.kind == kind)
        return self._all(query.order_by(event.c.id.desc()).limit(count))

    def last_event_id(self) -> str | None:
        """The greatest id of the journal; the next one must be greater."""
        with self._told(), self.engine.begin() as connection:
            return connection.execute(select(func.max(event.c.id))).scalar()

    def last_undoable(self, kinds: Sequence[EventKind] = UNDOABLE) -> Event | None:
        """What `undo` takes back next: the newest active event of these kinds."""
        own = event.c.source.is_(None) | (event.c.source != "import")
        query = select(event).where(_ACTIVE, event.c.kind.in_(kinds), own)
        found = self._all(query.order_by(event.c.id.desc()).limit(1))
        return found[0] if found else None

    def check(self) -> list[str]:
        """What SQLite finds wrong with structure, constraints and indexes; empty when nothing."""
        with self._told(), self.engine.begin() as connection:
            return problems(connection, thorough=True)

    def _walk(self, query: Select[*tuple[object, ...]], after: str | None) -> Iterator[Event]:
        """In chunks, each its own transaction, so that a slow reader holds nothing back."""
        query = query.order_by(event.c.id).limit(CHUNK)
        while True:
            chunk = self._all(query if after is None else query.where(event.c.id > after))
            yield from chunk
            if len(chunk) < CHUNK:
                return
            after = chunk[-1].id

    def _all(self, query: Select[*tuple[object, ...]]) -> list[Event]:
        with self._told(), self.engine.begin() as connection:
            rows = connection.execute(query).all()
        try:
            return [to_event(row) for row in rows]
        except ValueError as error:
            raise damaged(self.files, str(error)) from error

    def _state(self, row: Sequence[object]) -> CardState:
        try:
            return to_state(row)
        except ValueError as error:
            raise damaged(self.files, str(error)) from error

    def _refuse_if_changed(self, connection: Connection) -> None:
        if _tip(connection) != self._tip:
            raise ChangedError(
                "Your answers were changed by another tutor",
                f"{self.files.database} has answers that this program has not seen.",
                "Nothing was lost: close one of the two, then go on.",
            )

    def _told(self) -> AbstractContextManager[None]:
        return as_data_errors(self.files)


def _tip(connection: Connection) -> Tip:
    row: Tip | None = driver(connection).execute(_TIP).fetchone()
    return row or _EMPTY


def _write_derived(connection: Connection, states: Iterable[CardState], new: Glance | None) -> None:
    driver(connection).executemany(_PUT_STATE, map(state_row, states))
    if new is not None:
        driver(connection).execute(_PUT_GLANCE, (1, new.to_json()))
