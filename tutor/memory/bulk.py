"""Many answers of one card at once: the same steps as `Scheduler` and `replay`, without objects.

A log of a million answers is replayed and promised in seconds; a property test holds what comes
out to be what `apply` gives answer by answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fsrs_rs_python import MemoryState, NextStates

from tutor.memory.fsrs import Memory, Model, memory_after
from tutor.memory.model import CardState, Phase, Rating
from tutor.memory.schedule import MAX_DAYS, Scheduler, fuzz_chance, fuzzed, minutes_of, moved
from tutor.memory.time import MINUTE_MS, day_start, nearest_day

# The first intervals are the same for everyone.
_FUZZED = frozenset({"review", "relearning"})
_GOOD = int(Rating.GOOD)


@dataclass(slots=True)
class Working:
    """A card's state while many answers are applied to it; `frozen` gives it as a CardState."""

    state: CardState
    phase: Phase
    stability: float
    difficulty: float
    due_utc_ms: int
    step: int
    reps: int
    lapses: int
    first_day: int | None
    last_day: int | None
    passed: bool
    scored: int
    remembered: int
    answered: bool = False

    @classmethod
    def of(cls, state: CardState) -> Working:
        """The state, ready to take answers."""
        return cls(
            state, state.phase, state.stability, state.difficulty, state.due_utc_ms, state.step,
            state.reps, state.lapses, state.first_day, state.last_day, state.passed, state.scored,
            state.remembered,
        )  # fmt: skip

    def next_states(self, model: Model, day: int) -> NextStates:
        """The memories after the four ratings given on that study day."""
        last = self.last_day
        if last is None:
            return model.next_states(None, 0)
        return model.next_states((self.stability, self.difficulty), max(0, day - last))

    def answer(self, rating: int, day: int, memory: Memory | MemoryState) -> None:
        """Apply an answer that leaves this memory; the due time is set by whoever promises it."""
        last = self.last_day
        elapsed = 0 if last is None else day - last
        self.stability, self.difficulty = memory.stability, memory.difficulty
        self.lapses += self.phase == "review" and rating == 1
        self.phase, self.step = moved(self.phase, self.step, rating)
        self.reps += 1
        if elapsed > 0:
            self.scored += 1
            self.remembered += rating > 1
        if self.first_day is None:
            self.first_day = day
        self.last_day = day if last is None else max(day, last)
        self.passed = self.passed or rating >= _GOOD
        self.answered = True

    def answer_all(self, given: Iterable[tuple[int, int]], memory: Memory | MemoryState) -> None:
        """The same for many answers of (rating, study day); the last leaves this memory."""
        phase, step, last, lapses, scored = (
            self.phase, self.step, self.last_day, self.lapses, self.scored
        )  # fmt: skip
        remembered, best, count = self.remembered, 0, 0
        for rating, day in given:
            if last is None:
                self.first_day = last = day
            elif day > last:
                scored += 1
                remembered += rating > 1
                last = day
            lapses += phase == "review" and rating == 1
            phase, step = moved(phase, step, rating)
            best = max(best, rating)
            count += 1
        self.phase, self.step, self.last_day, self.lapses, self.scored = (
            phase, step, last, lapses, scored
        )  # fmt: skip
        self.remembered, self.passed = remembered, self.passed or best >= Rating.GOOD
        self.reps += count
        self.stability, self.difficulty = memory.stability, memory.difficulty
        self.answered = self.answered or count > 0

    def frozen(self, model: Model, last_event: str | None, applied: int) -> CardState:
        """The state after all of it."""
        before = self.state
        return CardState(
            before.key, self.phase, self.stability, self.difficulty, self.due_utc_ms, self.step,
            self.reps, self.lapses, self.first_day, self.last_day,
            model.id if self.answered else before.model, before.suspended, before.flagged,
            None if self.answered else before.buried_until_day, self.passed, self.scored,
            self.remembered, last_event, applied,
        )  # fmt: skip


class Promises:
    """What due time an answer gets, as `Scheduler.outcomes` works it out."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self._model, self._rollover = scheduler.model, scheduler.rollover
        # The card at hand, and the wish for its deck.
        self._key, self._wish = "", scheduler.desired_retention

    def give(self, card: Working, rating: int, at_utc_ms: int, offset_min: int, day: int) -> int:
        """Apply the answer to the card and set its due time, which is returned."""
        phase, reps, last_day, due = card.phase, card.reps, card.last_day, card.due_utc_ms
        difficulty, key = card.difficulty, card.state.key
        states = card.next_states(self._model, day)
        card.answer(rating, day, memory_after(states, rating))
        if card.phase != "review":
            minutes = minutes_of(card.phase, card.step, rating)
            card.due_utc_ms = at_utc_ms + minutes * MINUTE_MS
            return card.due_utc_ms
        last, chance = 0, None
        if phase == "review" and last_day is not None:
            # The interval before, as `last_interval` gives it.
            last = max(0, nearest_day(due, offset_min, self._rollover) - last_day)
        if phase in _FUZZED:
            chance = fuzz_chance(key, reps)
        faded = self._model.faded(self._wished(key, difficulty))
        days = self._days(phase, states, faded, chance, rating, last)
        card.due_utc_ms = day_start(day + days, offset_min, self._rollover)
        return card.due_utc_ms

    def _wished(self, key: str, difficulty: float) -> float:
        wishes = self.scheduler.wishes
        if key is not self._key:
            self._key, self._wish = key, wishes.of_deck(key)
        return wishes.of(key, difficulty, self._wish)

    def _days(
        self, phase: Phase, states: NextStates, faded: float, chance: float | None, rating: int,
        last: int,
    ) -> int:  # fmt: skip
        """The interval of one button, above those below it; `faded`: see `Model.interval`."""
        factor, days = self._model.factor, 0
        if phase == "review":
            days = fuzzed(states.hard.memory.stability / factor * faded, chance, last)
        days = min(days, MAX_DAYS - 2)
        if rating >= 3:
            good = fuzzed(states.good.memory.stability / factor * faded, chance, last)
            days = min(max(good, days + 1), MAX_DAYS - 1)
        if rating >= 4:
            easy = fuzzed(states.easy.memory.stability / factor * faded, chance, last)
            days = min(max(easy, days + 1), MAX_DAYS)
        return days
