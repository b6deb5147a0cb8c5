"""Makes a database as the first version of the tutor wrote it, with as many answers as wanted.

    python tools/old_journal.py FILE ANSWERS [CARDS] [SEED]

The answers are those of someone who studies every day, presses undo now and then, suspends,
buries and resets cards, has imported a log, and has fitted the weights once.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import fields, replace
from itertools import cycle
from pathlib import Path

from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.ids import Ids
from tutor.memory.model import CardState, Event, EventKind, Rating
from tutor.memory.replay import apply
from tutor.memory.schedule import Scheduler
from tutor.memory.time import MINUTE_MS, Moment, study_day
from tutor.store.version import APPLICATION_ID

BEGAN_MS = 1_600_000_000_000
OFFSET_MIN = 60
ROLLOVER = 4
# The columns of the first schema, in its order.
EVENT = tuple(field.name for field in fields(Event))[:18]
STATE = tuple(field.name for field in fields(CardState))[:15]
SCHEMA = Path(__file__).parent.parent / "tests" / "store" / "data" / "schema_1.sql"


class Journal:
    """The rows of one learner's first years, and the states after them."""

    def __init__(self, keys: Sequence[str], seed: int) -> None:
        self.chance = random.Random(seed)
        self.scheduler = Scheduler(DEFAULT_WEIGHTS, 0.9, ROLLOVER)
        self.states = {key: CardState(key) for key in keys}
        self.ids = Ids()
        self.now_ms = BEGAN_MS

    def rows(self, answers: int) -> Iterator[Event]:
        """So many answers, with what else a learner does between them."""
        yield from self._imported(answers // 10)
        keys = list(self.states)
        for number in range(answers - answers // 10):
            self.now_ms += self.chance.randrange(10_000, 60 * MINUTE_MS)
            key = self.chance.choice(keys)
            yield from self._undone(key) if number % 50 == 7 else ()
            yield self._take(self._review(key, self._moment(self.now_ms)))
            if number % 97 == 5:
                yield self._take(self._note(self.chance.choice(keys)))
        weights = ", ".join(map(str, DEFAULT_WEIGHTS))
        yield self._event("params", "", payload=f'{{"weights": [{weights}]}}')

    def one_each(self, keys: Sequence[str], topics: Sequence[str]) -> Iterator[Event]:
        """One answer to each card, and one mark for each topic."""
        for key in keys:
            self.now_ms += MINUTE_MS
            yield self._take(self._review(key, self._moment(self.now_ms)))
        for topic in topics:
            yield self._take(self._event("known", topic))

    def _imported(self, count: int) -> Iterator[Event]:
        """A log of another program, taken in on the first day; its times lie before it."""
        for number, key in zip(range(count), cycle(self.states), strict=False):
            then = self._moment(BEGAN_MS - (count - number) * 30 * MINUTE_MS)
            event = self._review(key, then, source="import", answer=None)
            yield self._take(replace(event, content_hash=""))

    def _undone(self, key: str) -> Iterator[Event]:
        """An answer that is taken back at once."""
        event = self._review(key, self._moment(self.now_ms - 2_000))
        yield event
        yield self._event("undo", key, undoes=event.id)

    def _note(self, key: str) -> Event:
        kinds: list[EventKind] = ["suspend", "unsuspend", "bury", "flag", "unflag", "reset"]
        return self._event(self.chance.choice(kinds), key)

    def _review(
        self, key: str, then: Moment, source: str = "review", answer: str | None = "ö"
    ) -> Event:
        rating = self.chance.choices(list(Rating), (1, 1, 6, 2))[0]
        due = self.scheduler.outcome(self.states[key], rating, then).state.due_utc_ms
        return replace(
            self._event("review", key),
            at_utc_ms=then.utc_ms,
            study_day=then.study_day,
            rating=rating,
            elapsed_ms=self.chance.randrange(500, 30_000),
            source="import" if source == "import" else "review",
            answer=answer,
            content_hash="c0ffee123456",
            model=self.scheduler.model.id,
            due_utc_ms=due,
        )

    def _event(
        self, kind: EventKind, key: str, undoes: str | None = None, payload: str = ""
    ) -> Event:
        now = self._moment(self.now_ms)
        return Event(
            self.ids.next(now.utc_ms), kind, key, now.utc_ms, OFFSET_MIN, now.study_day,
            undoes=undoes, payload=payload,
        )  # fmt: skip

    def _take(self, event: Event) -> Event:
        self.states[event.card_key] = apply(self.states[event.card_key], event, self.scheduler)
        return event

    @staticmethod
    def _moment(utc_ms: int) -> Moment:
        return Moment(utc_ms, OFFSET_MIN, study_day(utc_ms, OFFSET_MIN, ROLLOVER))


def write(path: Path, answers: int, cards: int, seed: int = 0) -> dict[str, CardState]:
    """Write the database; the states that replaying its journal gives."""
    journal = Journal([f"old/card-{n}" for n in range(cards)], seed)
    return _written(path, journal, journal.rows(answers))


def write_one_each(path: Path, keys: Sequence[str], topics: Sequence[str]) -> dict[str, CardState]:
    """The same with one answer to each of `keys`, and with `topics` marked as known."""
    journal = Journal([*keys, *topics], seed=0)
    return _written(path, journal, journal.one_each(keys, topics))


def _written(path: Path, journal: Journal, rows: Iterator[Event]) -> dict[str, CardState]:
    with closing(sqlite3.connect(path)) as connection:
        schema = SCHEMA.read_text(encoding="utf-8")
        connection.executescript(schema)
        connection.executescript(
            "DROP TRIGGER event_refuses_delete; DELETE FROM event; DELETE FROM card_state;"
            "DELETE FROM glance; CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event"
            " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;"
        )
        _insert(connection, "event", (_values(row, EVENT) for row in rows))
        touched = [state for state in journal.states.values() if state.last_event]
        _insert(connection, "card_state", (_values(state, STATE) for state in touched))
        connection.commit()
    return {state.key: state for state in touched}


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (len(EVENT) if table == "event" else len(STATE)))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _values(row: Event | CardState, names: tuple[str, ...]) -> tuple[object, ...]:
    values = (getattr(row, name) for name in names)
    return tuple(int(value) if isinstance(value, (bool, Rating)) else value for value in values)


def main() -> None:
    """Write the file that the command line names."""
    file, answers = Path(sys.argv[1]), int(sys.argv[2])
    cards = int(sys.argv[3]) if len(sys.argv) > 3 else max(1, answers // 10)
    states = write(file, answers, cards, int(sys.argv[4]) if len(sys.argv) > 4 else 0)
    print(f"{file}: {answers:,} answers, {len(states):,} states")


if __name__ == "__main__":
    main()
