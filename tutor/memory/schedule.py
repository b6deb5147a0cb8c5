"""When a card comes back: what each of the four buttons does, around FSRS.

Minutes while a card is being learned, days afterwards, and always Hard < Good < Easy.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

from tutor.memory.fsrs import DEFAULT_WEIGHTS, Memory, Model
from tutor.memory.labels import interval_label
from tutor.memory.model import CardState, Outcome, Phase, Rating
from tutor.memory.time import DAY_MS, MINUTE_MS, Moment, day_start, nearest_day
from tutor.memory.wishes import Wishes

Choose = Callable[[range, int], int]
"""Chooses an interval among the days that fuzz allows; the second is the one drawn by chance."""

# Plain numbers compare faster than those of an enumeration.
_AGAIN, _HARD, _GOOD = int(Rating.AGAIN), int(Rating.HARD), int(Rating.GOOD)
LEARNING_MIN = (1, 10)
RELEARNING_MIN = (10,)
MAX_DAYS = 36_500
# Beyond so many days each day of an interval adds this share of a day to its fuzz.
_SHARES = ((2.5, 0.15), (7.0, 0.1), (20.0, 0.05))
_EXACT = _SHARES[0][0]


def _fuzz_table() -> list[tuple[float, float, float]]:
    """(days, what the days up to there add, share of each further one), the longest first."""
    table, added = [], 0.0
    for (days, share), (following, _) in zip(_SHARES, [*_SHARES[1:], (0.0, 0.0)], strict=True):
        table.append((days, added, share))
        added += share * (following - days)
    return table[::-1]


_FUZZ = _fuzz_table()


class Scheduler:
    """FSRS with one set of weights and desired retentions, for one learner's days."""

    def __init__(
        self,
        weights: Sequence[float] = DEFAULT_WEIGHTS,
        desired_retention: float | Wishes = 0.9,
        rollover: int = 4,
    ) -> None:
        self.model = Model(weights)
        wish = desired_retention
        self.wishes = wish if isinstance(wish, Wishes) else Wishes(wish)
        self.rollover = rollover

    @property
    def desired_retention(self) -> float:
        """The learner's wish, where no deck has its own."""
        return self.wishes.every

    def wish(self, state: CardState, wish: float | None = None) -> float:
        """The desired retention for a card as it stands; `wish`: that for its deck."""
        return self.wishes.of(state.key, state.difficulty, wish)

    def outcomes(
        self,
        state: CardState,
        now: Moment,
        retention: float | None = None,
        choose: Choose | None = None,
    ) -> dict[Rating, Outcome]:
        """What each button would do now: the state after it and the interval it gives.

        retention: another desired retention for its deck than the one in force. choose: which of
        the days that fuzz allows; without it the one drawn by chance.
        """
        memories = self._memories(state, now.study_day)
        stability = {rating: memory.stability for rating, memory in memories.items()}
        last = last_interval(state, now.utc_offset_min, self.rollover)
        days = self._days(state, stability, self.wish(state, retention), last, choose)
        return {
            rating: self._outcome(
                _answered(state, rating, memories[rating], now.study_day, self.model.id),
                rating, days[rating], now,
            )
            for rating in Rating
        }  # fmt: skip

    def outcome(
        self, state: CardState, rating: Rating, now: Moment, retention: float | None = None
    ) -> Outcome:
        """What one button would do at that moment, as in `outcomes`."""
        return self.outcomes(state, now, retention)[rating]

    def answered(self, state: CardState, rating: Rating, day: int, due_utc_ms: int) -> CardState:
        """The state after an answer on a study day that promised this due time."""
        memory = self._memories(state, day)[rating]
        after = _answered(state, rating, memory, day, self.model.id)
        return replace(after, due_utc_ms=due_utc_ms)

    def retrievability(self, state: CardState, day: int) -> float:
        """The chance to remember this card on that study day; 0 before its first answer."""
        if state.last_day is None:
            return 0.0
        return self.model.retrievability(state.stability, elapsed_days(state, day))

    def recalls(self, states: Iterable[CardState], day: int) -> list[float]:
        """`retrievability` of each of many cards, a tenth of the work a card."""
        factor, decay = self.model.factor, self.model.decay
        return [
            0.0
            if (last := state.last_day) is None
            else (1 + factor * (day - last if day > last else 0) / state.stability) ** decay
            for state in states
        ]

    def _memories(self, state: CardState, day: int) -> dict[Rating, Memory]:
        memory = Memory(state.stability, state.difficulty) if state.last_day is not None else None
        return dict(self.model.after(memory, elapsed_days(state, day)))

    def _outcome(self, after: CardState, rating: Rating, days: int, now: Moment) -> Outcome:
        minutes = 0 if after.phase == "review" else minutes_of(after.phase, after.step, rating)
        length = minutes * MINUTE_MS or days * DAY_MS
        due = self.due(after.phase, length, now)
        return Outcome(rating, replace(after, due_utc_ms=due), length, interval_label(length))

    def due(self, phase: Phase, interval_ms: int, now: Moment) -> int:
        """When an interval that begins now ends, in UTC ms: days end at a day's beginning."""
        if phase != "review":
            return now.utc_ms + interval_ms
        day = now.study_day + interval_ms // DAY_MS
        return day_start(day, now.utc_offset_min, self.rollover)

    def _days(
        self,
        state: CardState,
        stability: dict[Rating, float],
        retention: float,
        last: int,
        choose: Choose | None,
    ) -> dict[Rating, int]:
        """The interval of each rating in whole days, fuzzed and in order.

        last: the interval before, in days; 0 where there is none to keep.
        """
        ideal = {r: self.model.interval(s, retention) for r, s in stability.items()}
        # The first intervals are the same for everyone: there is nothing yet to spread.
        seen = state.phase in ("review", "relearning")
        chance = fuzz_chance(state.key, state.reps) if seen else None
        whole = {rating: fuzzed(days, chance, last, choose) for rating, days in ideal.items()}
        if state.phase != "review":
            # Hard stays within minutes here, and pushes nothing.
            whole[Rating.HARD] = 0
        return _ordered(whole)


def elapsed_days(state: CardState, day: int) -> int:
    """Study days since the last answer; 0 before the first, and when the clock was set back."""
    return 0 if state.last_day is None else max(0, day - state.last_day)


def fuzz_range(days: float) -> tuple[int, int]:
    """The least and the greatest interval that fuzz may give instead of `days`."""
    if days < _EXACT:
        exact = max(1, round(days))
        return exact, exact
    spread = 1.0
    for start, added, share in _FUZZ:
        if days >= start:
            spread += added + share * (days - start)
            break
    low, high = round(days - spread), round(days + spread)
    # Comparing is faster than min and max, and this is done three times an answer.
    low = 2 if low < 2 else MAX_DAYS if low > MAX_DAYS else low
    high = MAX_DAYS if high > MAX_DAYS else high
    return low, low if high < low else high


def last_interval(state: CardState, offset_min: int, rollover: int) -> int:
    """The days that the last answer of a card in review promised; 0 for any other card."""
    if state.phase != "review" or state.last_day is None:
        return 0
    return max(0, nearest_day(state.due_utc_ms, offset_min, rollover) - state.last_day)


def fuzzed(days: float, chance: float | None, last: int = 0, choose: Choose | None = None) -> int:
    """A whole number of days, drawn evenly from `fuzz_range` by a chance in [0, 1).

    last: the interval before, of a pass. Chance alone never shortens it, and lengthens it by a day
    at least where `days` is longer; where it lies beyond the range of `days`, it falls.
    choose: takes another one of the days that could have been drawn.
    """
    low, most = fuzz_range(days)
    high = most
    if chance is None:
        days = low = high = max(1, min(MAX_DAYS, round(days)))
    least = last + 1 if days > last else last if last <= most else 0
    low = min(max(low, least), MAX_DAYS)
    drawn = low + int((chance or 0.0) * (max(low, high) - low + 1))
    if choose is None or chance is None:
        return drawn
    return choose(range(low, max(low, high) + 1), drawn)


def _ordered(days: dict[Rating, int]) -> dict[Rating, int]:
    """Hard < Good < Easy, and none beyond the maximum."""
    hard = min(days[Rating.HARD], MAX_DAYS - 2)
    good = min(max(days[Rating.GOOD], hard + 1), MAX_DAYS - 1)
    easy = min(max(days[Rating.EASY], good + 1), MAX_DAYS)
    return {**days, Rating.HARD: hard, Rating.GOOD: good, Rating.EASY: easy}


def fuzz_chance(key: str, review: int) -> float:
    """A number in [0, 1) made of the card and its review's number; the same everywhere."""
    digest = hashlib.blake2b(f"{key}\x00{review}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def _answered(state: CardState, rating: Rating, memory: Memory, day: int, model: str) -> CardState:
    phase, step = moved(state.phase, state.step, rating)
    tests = elapsed_days(state, day) > 0
    return replace(
        state,
        phase=phase,
        step=step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        reps=state.reps + 1,
        lapses=state.lapses + (state.phase == "review" and rating is Rating.AGAIN),
        first_day=day if state.first_day is None else state.first_day,
        # A clock set back never makes the past longer.
        last_day=day if state.last_day is None else max(day, state.last_day),
        model=model,
        buried_until_day=None,
        passed=state.passed or rating >= Rating.GOOD,
        scored=state.scored + tests,
        remembered=state.remembered + (tests and rating > Rating.AGAIN),
    )


@cache
def moved(before: Phase, step: int, rating: int) -> tuple[Phase, int]:
    """The phase and the step after an answer."""
    if before == "review":
        return ("relearning", 0) if rating == _AGAIN else ("review", 0)
    phase: Phase = "relearning" if before == "relearning" else "learning"
    if rating == _AGAIN:
        return phase, 0
    if rating == _HARD:
        return phase, step
    if rating == _GOOD and step + 1 < len(_steps(phase)):
        return phase, step + 1
    return "review", 0


def minutes_of(phase: Phase, step: int, rating: int) -> int:
    """How long a learning step lasts; Hard on the first lies between it and the next."""
    steps = _steps(phase)
    if rating != Rating.HARD or step > 0:
        return steps[step]
    following = steps[1] if len(steps) > 1 else 2 * steps[0]
    return math.ceil((steps[0] + following) / 2)


def _steps(phase: Phase) -> tuple[int, ...]:
    return RELEARNING_MIN if phase == "relearning" else LEARNING_MIN
