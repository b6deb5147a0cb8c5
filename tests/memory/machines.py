"""Learners on several machines, who answer the same cards and sync now and then.

No decks and no files: rows, the states that each machine works out, and its clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from hypothesis import strategies as st

from tutor.memory.amend import accepting, settled
from tutor.memory.ids import Ids
from tutor.memory.model import CardState, Event, EventKind, Rating
from tutor.memory.order import in_order, revision_of
from tutor.memory.replay import STATELESS, apply, replay, state_after
from tutor.memory.schedule import Scheduler
from tutor.memory.time import DAY_MS, MINUTE_MS, Moment, study_day

NOON = 1_763_640_000_000
KEYS = ("d/a", "d/b")
YEAR_MIN = 365 * 1440
Act = Literal["review", "undo", "reset", "flag", "bury", "import", "revision", "accept", "pull"]


@dataclass(frozen=True)
class Step:
    """One act: the machine, what it does, to which card, minutes after the act before."""

    machine: int
    act: Act
    key: str
    rating: Rating
    minutes: int


def steps(*acts: Act, most: int = 24) -> st.SearchStrategy[list[Step]]:
    """Histories of three machines, most of them answers; minutes to months pass in between."""
    kinds: tuple[Act, ...] = ("review", "review", "review", *acts)
    return st.lists(
        st.builds(
            Step, st.integers(0, 2), st.sampled_from(kinds), st.sampled_from(KEYS),
            st.sampled_from(list(Rating)), st.sampled_from([1, 12, 1440, 4 * 1440, 30 * 1440]),
        ),
        max_size=most,
    )  # fmt: skip


class Machine:
    """One data folder: the rows it has, the states it works out, a clock of its own."""

    def __init__(self, name: str, ahead_min: int = 0) -> None:
        self.name, self.ahead_ms = name, ahead_min * MINUTE_MS
        self.scheduler = Scheduler()
        self.rows: dict[str, Event] = {}
        self.states: dict[str, CardState] = {}
        self.revisions: set[str] = set()
        self._ids, self._seq = Ids(), 0

    def do(self, step: Step, true_ms: int) -> None:
        """Do what the step says at that time, by this machine's clock."""
        now = self.moment(true_ms + self.ahead_ms)
        doing: dict[str, Callable[[Step, Moment], None]] = {
            "undo": self._undo, "import": self._import, "revision": self._revise,
            "accept": self._accept,
        }  # fmt: skip
        doing.get(step.act, self._plain)(step, now)

    def pull(self, other: Machine) -> None:
        """Take in what the other has, as a merge does."""
        self.rows |= other.rows
        self._again()

    def moment(self, utc_ms: int) -> Moment:
        return Moment(utc_ms, 0, study_day(utc_ms, 0, 4))

    def history(self, key: str) -> list[Event]:
        rows = [row for row in settled(list(self.rows.values())) if row.card_key == key]
        return in_order([row for row in rows if row.kind not in STATELESS])

    def state(self, key: str) -> CardState:
        return self.states.get(key) or CardState(key)

    def _put(self, kind: EventKind, key: str, now: Moment, **fields: Any) -> Event:
        on, self._seq = self.state(key), self._seq + 1
        event = Event(
            self._ids.next(now.utc_ms), kind, key, now.utc_ms, now.utc_offset_min, now.study_day,
            after=on.last_event, on=on.applied, retention=0.9, writer=self.name, seq=self._seq,
        )  # fmt: skip
        event = replace(event, **fields)
        self.rows[event.id] = event
        return event

    def _plain(self, step: Step, now: Moment) -> None:
        state, fields = self.state(step.key), dict[str, Any]()
        if step.act == "review":
            due = self.scheduler.outcome(state, step.rating, now).state.due_utc_ms
            told = '{"rev": "2"}' if step.key in self.revisions else ""
            fields = {"rating": step.rating, "due_utc_ms": due, "payload": told}
        kind: Any = step.act
        event = self._put(kind, step.key, now, **fields)
        self.states[step.key] = apply(state, event, self.scheduler)

    def _own(self, *kinds: EventKind) -> Event | None:
        """This machine's last row of these kinds that is not taken back."""
        gone = {row.undoes for row in self.rows.values()}
        mine = [row for row in self.rows.values() if row.writer == self.name]
        able = [row for row in mine if row.kind in kinds and row.source is None]
        return max((row for row in able if row.id not in gone), key=_seq, default=None)

    def _undo(self, _step: Step, now: Moment) -> None:
        last = self._own("review", "reset", "flag", "bury", "accept")
        if last is not None:
            self._put("undo", last.card_key, now, undoes=last.id)
            self._again()

    def _accept(self, _step: Step, now: Moment) -> None:
        last = self._own("review")
        rows = self.history(last.card_key) if last else []
        if last is None or rows[-1].id != last.id:
            return
        before = state_after(last.card_key, rows[:-1], self.scheduler)
        then = Moment(last.at_utc_ms, last.utc_offset_min, last.study_day)
        due = self.scheduler.outcome(before, Rating.GOOD, then).state.due_utc_ms
        payload = accepting(last)
        self._put("accept", last.card_key, now, payload=payload, rating=Rating.GOOD, due_utc_ms=due)
        self._again()

    def _revise(self, step: Step, now: Moment) -> None:
        """The deck with the new text arrives here: due, if that was not so anywhere yet."""
        self.revisions.add(step.key)
        met = {revision_of(row) for row in self.history(step.key)}
        if met and "2" not in met:
            event = self._put(
                "set_due", step.key, now, due_utc_ms=now.utc_ms, payload='{"rev": "2"}'
            )
            self.states[step.key] = apply(self.state(step.key), event, self.scheduler)

    def _import(self, step: Step, now: Moment) -> None:
        """The same old log, on every machine: what is here of it already is skipped."""
        key, old = step.key, self.history(step.key)
        times = {row.at_utc_ms for row in self.rows.values() if row.source == "import"
                 and row.card_key == key}  # fmt: skip
        new: dict[str, Event] = {}
        for day, rating in enumerate((Rating.GOOD, Rating.AGAIN, Rating.GOOD)):
            then = self.moment(NOON + (5 * day - 3) * DAY_MS)
            if then.utc_ms not in times:
                event = self._put("review", key, then, rating=rating, source="import", after=None)
                new[event.id] = event
        state = CardState(key)
        for row in in_order([*old, *new.values()]):
            placed = row
            if row.id in new and row.rating is not None:
                at = self.moment(row.at_utc_ms)
                due = self.scheduler.outcome(state, row.rating, at).state.due_utc_ms
                placed = self.rows[row.id] = replace(row, due_utc_ms=due, on=state.applied)
            state = apply(state, placed, self.scheduler)
        self._again()

    def _again(self) -> None:
        self.states = replay(self.rows.values(), self.scheduler)


def _seq(row: Event) -> int:
    return row.seq


def lived(history: Iterable[Step], ahead_min: tuple[int, int, int]) -> list[Machine]:
    """Three machines after these acts; a pull takes in what the next machine has."""
    machines = [Machine(name, ahead) for name, ahead in zip("abc", ahead_min, strict=True)]
    true_ms = NOON
    for step in history:
        true_ms += step.minutes * MINUTE_MS
        machine = machines[step.machine]
        if step.act == "pull":
            machine.pull(machines[(step.machine + 1 + step.minutes % 2) % 3])
        else:
            machine.do(step, true_ms)
    return machines
