"""One row a card: what the table of Browse shows, sorts by and looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, overload

from tutor.deck.format import named
from tutor.deck.model import Entry
from tutor.deck.search_key import search_key
from tutor.memory.model import CardState, Phase
from tutor.memory.time import DAY_MS, iso

if TYPE_CHECKING:
    from tutor.session.learner import Learner

T = TypeVar("T", int, float)


@dataclass(frozen=True, slots=True)
class Row:
    """One card with what is remembered of it.

    A cloze with several gaps shows the gap that is due first; its lapses and difficulty are the
    highest, its stability is the lowest, and it is flagged, suspended, buried or a leech where one
    gap is.

    due_utc_ms, stability, difficulty: None for a new card. days: from today until it is due, 0 or
    less where it is due; None where it does not wait. recall: the chance to remember it today.
    """

    entry: Entry
    state: CardState
    due_utc_ms: int | None = None
    days: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    lapses: int = 0
    reps: int = 0
    flagged: bool = False
    suspended: bool = False
    buried: bool = False
    leech: bool = False
    first_day: int | None = None
    last_day: int | None = None
    recall: float | None = None

    @property
    def key(self) -> str:
        """The card's key."""
        return self.entry.key

    @property
    def phase(self) -> Phase:
        """Of the gap that is due first."""
        return self.state.phase

    def as_json(self) -> dict[str, Any]:
        """What `tutor browse --json` says of the card."""
        entry = self.entry
        return {
            "key": entry.key,
            "front": named(entry.front),
            "deck": entry.deck,
            "topic": entry.topic,
            "kind": entry.kind,
            "phase": self.phase,
            "due": None if self.due_utc_ms is None else iso(self.due_utc_ms),
            "stability": None if self.stability is None else round(self.stability, 4),
            "difficulty": None if self.difficulty is None else round(self.difficulty, 4),
            "lapses": self.lapses,
            "flagged": self.flagged,
            "suspended": self.suspended,
            "tags": list(entry.tags),
        }


# Column -> what a row is sorted by; rows without a value come last either way.
COLUMNS: dict[str, Callable[[Row], Any]] = {
    "front": lambda row: search_key(row.entry.front),
    "topic": lambda row: row.entry.topic or row.entry.deck,
    "kind": lambda row: row.entry.kind,
    "due": lambda row: row.due_utc_ms,
    "stability": lambda row: row.stability,
    "difficulty": lambda row: row.difficulty,
    "recall": lambda row: row.recall,
    "lapses": lambda row: row.lapses,
}


class Rows(Sequence[Row]):
    """The rows of all cards that a learner has now, in teaching order; each is made when looked at.

    It holds for the moment at which it was made: what is answered afterwards needs another one.
    """

    def __init__(self, learner: Learner) -> None:
        self.entries = tuple(learner.library.entries.values())
        self._make = _Rows(learner)
        self._made: dict[int, Row] = {}
        self._rest = learner.at_rest

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return Picked(self, range(len(self))[at])
        if (row := self._made.get(at)) is None:
            row = self._made[at] = self._make.row(self.entries[at])
        return row

    def make_all(self) -> None:
        """Make every row, in a thread: a field or an order looks at all of them."""
        for _ in self:
            pass

    def __iter__(self) -> Iterator[Row]:
        with self._rest():
            yield from [self[at] for at in range(len(self.entries))]


class Picked(Sequence[Row]):
    """Some of the rows, by their places."""

    def __init__(self, rows: Rows, places: Sequence[int]) -> None:
        self._rows, self.places = rows, places

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...

    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return Picked(self._rows, self.places[at])
        return self._rows[self.places[at]]


class _Rows:
    """Makes rows of a learner as it is at one moment."""

    def __init__(self, learner: Learner) -> None:
        self.states = learner.today.states
        self.today = learner.today
        self.recall = learner.scheduler.retrievability

    def row(self, entry: Entry) -> Row:
        """The row of a card."""
        found = [state for unit in entry.units if (state := self.states.get(unit)) is not None]
        rows = [self._of(entry, state) for state in found]
        if not rows:
            return Row(entry, CardState(entry.units[0]))
        return rows[0] if len(rows) == 1 else self._together(rows)

    def _of(self, entry: Entry, state: CardState) -> Row:
        """The row of a card with one gap, or with none."""
        today, met = self.today, state.phase != "new"
        waits = today.due_at(state.key)
        return Row(
            entry,
            state,
            due_utc_ms=state.due_utc_ms if met else None,
            days=None if waits is None else self._days(waits),
            stability=state.stability if met else None,
            difficulty=state.difficulty if met else None,
            lapses=state.lapses,
            reps=state.reps,
            flagged=state.flagged,
            suspended=state.suspended,
            buried=(state.buried_until_day or 0) > today.day,
            leech=state.leech,
            first_day=state.first_day,
            last_day=state.last_day,
            recall=self.recall(state, today.day) if met else None,
        )

    def _together(self, rows: Sequence[Row]) -> Row:
        """The row of a card with several gaps, led by the one that is due first."""
        met = [row for row in rows if row.phase != "new"]

        def due_first(row: Row) -> tuple[bool, int]:
            due = self.today.due_at(row.state.key)
            return due is None, row.state.due_utc_ms if due is None else due

        return replace(
            min(met, key=due_first, default=rows[0]),
            stability=_least(row.stability for row in rows),
            difficulty=max(
                (row.difficulty for row in met if row.difficulty is not None), default=None
            ),
            lapses=max(row.lapses for row in rows),
            reps=max(row.reps for row in rows),
            flagged=any(row.flagged for row in rows),
            suspended=any(row.suspended for row in rows),
            buried=any(row.buried for row in rows),
            leech=any(row.leech for row in rows),
            first_day=_least(row.first_day for row in rows),
            last_day=max((row.last_day for row in rows if row.last_day is not None), default=None),
            recall=_least(row.recall for row in rows),
        )

    def _days(self, due: int) -> int:
        """Days from today; a day on which the clocks change is a day like another."""
        if due < self.today.end:
            return (due - self.today.start) // DAY_MS
        return max(1, (due - self.today.start + DAY_MS // 12) // DAY_MS)


def _least(values: Iterable[T | None]) -> T | None:
    """The least of what there is."""
    return min((value for value in values if value is not None), default=None)
