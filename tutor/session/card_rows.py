"""One row a card: what the table of Browse shows, sorts by and looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tutor.deck.model import Entry
from tutor.deck.search_key import search_key
from tutor.memory.model import CardState, Phase
from tutor.memory.time import DAY_MS, iso

if TYPE_CHECKING:
    from tutor.session.learner import Learner


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
            "front": entry.front,
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


def rows_of(learner: Learner) -> Iterator[Row]:
    """The rows of all cards that a learner has now, in teaching order."""
    make = _Rows(learner)
    return map(make.row, learner.library.entries.values())


class _Rows:
    """Makes rows of a learner as it is at one moment."""

    def __init__(self, learner: Learner) -> None:
        self.states = learner.today.states
        self.today = learner.today
        self.recall = learner.scheduler.retrievability

    def row(self, entry: Entry) -> Row:
        """The row of a card."""
        states = [state for unit in entry.units if (state := self.states.get(unit)) is not None]
        if not states:
            return Row(entry, CardState(entry.units[0]))
        met = [state for state in states if state.phase != "new"]
        if not met:
            return self._row(entry, states[0], states, None)
        waits = {state.key: self.today.due_at(state.key) for state in met}
        far = max(state.due_utc_ms for state in met) + 1

        def due_first(state: CardState) -> tuple[bool, int]:
            due = waits[state.key]
            return due is None, far if due is None else due

        lead = min(met, key=due_first)
        return self._row(entry, lead, states, waits[lead.key])

    def _row(
        self, entry: Entry, lead: CardState, states: Sequence[CardState], waits: int | None
    ) -> Row:
        met = [state for state in states if state.phase != "new"]
        days = [state.first_day for state in states if state.first_day is not None]
        last = [state.last_day for state in states if state.last_day is not None]
        today = self.today
        until = (state.buried_until_day or 0 for state in states)
        return Row(
            entry,
            lead,
            due_utc_ms=lead.due_utc_ms if met else None,
            days=None if waits is None else self._days(waits),
            stability=min((state.stability for state in met), default=None),
            difficulty=max((state.difficulty for state in met), default=None),
            lapses=max(state.lapses for state in states),
            reps=max(state.reps for state in states),
            flagged=any(state.flagged for state in states),
            suspended=any(state.suspended for state in states),
            buried=any(day > today.day for day in until),
            leech=any(state.leech for state in states),
            first_day=min(days, default=None),
            last_day=max(last, default=None),
            recall=min((self.recall(state, today.day) for state in met), default=None),
        )

    def _days(self, due: int) -> int:
        """Days from today; a day on which the clocks change is a day like another."""
        if due < self.today.end:
            return (due - self.today.start) // DAY_MS
        return max(1, (due - self.today.start + DAY_MS // 12) // DAY_MS)
