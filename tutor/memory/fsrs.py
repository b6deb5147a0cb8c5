"""FSRS-6: how memory grows with each answer, and fades between them.

The steps are the Rust engine's (`fsrs_rs_python`); what it does not offer, or not alone, is here.
Source: https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import fsrs_rs_python as engine

from tutor.memory.model import Rating

DEFAULT_WEIGHTS: tuple[float, ...] = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
# The range of each weight, both ends included.
BOUNDS: tuple[tuple[float, float], ...] = (
    (0.001, 100), (0.001, 100), (0.001, 100), (0.001, 100), (1, 10), (0.001, 4), (0.001, 4),
    (0.001, 0.75), (0, 4.5), (0, 0.8), (0.001, 3.5), (0.001, 5), (0.001, 0.25), (0.001, 0.9),
    (0, 4), (0, 1), (1, 6), (0, 2), (0, 2), (0.01, 0.8), (0.1, 0.8),
)  # fmt: skip
# Plain numbers compare faster than those of an enumeration, and this is done a million times.
_AGAIN, _HARD, _GOOD = int(Rating.AGAIN), int(Rating.HARD), int(Rating.GOOD)


class Memory(NamedTuple):
    """Stability in days (the interval after which recall is 90 % likely); difficulty 1 to 10."""

    stability: float
    difficulty: float


class Model:
    """One set of weights, and what it says of a memory."""

    def __init__(self, weights: Sequence[float] = DEFAULT_WEIGHTS) -> None:
        self.weights = checked(weights)
        self.id = _name(self.weights)
        self.decay = -self.weights[20]
        self._engine = engine.FSRS(list(self.weights))
        self.factor = _factor(self.decay)
        # D0(G) = w4 - e^(w5 (G - 1)) + 1, not yet within 1 to 10.
        w = self.weights
        self._first = [w[4] - math.exp(w[5] * (rating - 1)) + 1 for rating in Rating]

    def after(self, memory: Memory | None, elapsed_days: int) -> Mapping[Rating, Memory]:
        """The memory after each rating, `elapsed_days` after the last answer.

        memory: None before the first answer. Raises ValueError when `elapsed_days` is negative.
        """
        if elapsed_days < 0:
            raise ValueError(f"elapsed days must not be negative: {elapsed_days}")
        states = self.next_states(memory, elapsed_days)
        return {
            Rating.AGAIN: _memory(states.again),
            Rating.HARD: _memory(states.hard),
            Rating.GOOD: _memory(states.good),
            Rating.EASY: _memory(states.easy),
        }

    def next_states(
        self, memory: tuple[float, float] | None, elapsed_days: int
    ) -> engine.NextStates:
        """What `after` gives, in the engine's own words; `memory_after` takes one out of them."""
        before = engine.MemoryState(*memory) if memory else None
        # The retention only sets the intervals of the answer, which we work out ourselves.
        return self._engine.next_states(before, 0.9, elapsed_days)

    def after_all(
        self, memory: tuple[float, float] | None, answers: Sequence[tuple[int, int]]
    ) -> Memory:
        """The memory after answers of (rating, elapsed days), as `after` gives it one by one."""
        before = engine.MemoryState(*memory) if memory else None
        reviews = [engine.FSRSReview(rating, days) for rating, days in answers]
        made = self._engine.memory_state(engine.FSRSItem(reviews), before)
        return Memory(made.stability, made.difficulty)

    def from_ease(self, ease: float, interval_days: float, retention: float) -> Memory:
        """The memory that SM-2's ease factor and an interval stand for, as Anki guesses it.

        retention: that of the time when they were made.
        """
        made = self._engine.memory_state_from_sm2(ease, interval_days, retention)
        return Memory(made.stability, made.difficulty)

    def difficulty(self, before: float | None, rating: int) -> float:
        """The difficulty after an answer, as `after` gives it; None before the first answer."""
        if before is None:
            after = self._first[rating - 1]
        else:
            w6, w7 = self.weights[6:8]
            damped = before - w6 * (rating - 3) * (10 - before) / 9
            after = w7 * self._first[-1] + (1 - w7) * damped
        return 1.0 if after < 1 else 10.0 if after > 10 else after

    def retrievability(self, stability: float, elapsed_days: float) -> float:
        """The chance to remember, `elapsed_days` after the last answer."""
        return retrievability(stability, elapsed_days, self.decay)

    def interval(self, stability: float, retention: float) -> float:
        """The days after which the chance to remember has fallen to `retention`."""
        return float(stability / self.factor * self.faded(retention))

    def faded(self, retention: float) -> float:
        """The part of `interval` that only the retention sets."""
        return float(retention ** (1 / self.decay) - 1)


def retrievability(
    stability: float, elapsed_days: float, decay: float = -DEFAULT_WEIGHTS[20]
) -> float:
    """R(t, S) = (1 + factor t / S)^decay, with R(S, S) = 0.9; `decay` is minus weight 20."""
    return float((1 + _factor(decay) * elapsed_days / stability) ** decay)


def interval(stability: float, retention: float, decay: float = -DEFAULT_WEIGHTS[20]) -> float:
    """The t with R(t, S) = retention, in days."""
    return float(stability / _factor(decay) * (retention ** (1 / decay) - 1))


def checked(weights: Sequence[float]) -> tuple[float, ...]:
    """21 finite weights in range, as the engine takes them. Raises ValueError."""
    if len(weights) != len(BOUNDS):
        raise ValueError(f"FSRS-6 has {len(BOUNDS)} weights, not {len(weights)}")
    for i, (weight, (low, high)) in enumerate(zip(weights, BOUNDS, strict=True)):
        # The engine counts in float32, whose 0.8 is a little more than ours.
        if not low - 1e-6 <= weight <= high + 1e-6:
            raise ValueError(f"weight {i} must be from {low:g} to {high:g}, not {weight!r}")
    return tuple(map(float, weights))


def _factor(decay: float) -> float:
    return float(0.9 ** (1 / decay) - 1)


def memory_after(states: engine.NextStates, rating: int) -> engine.MemoryState:
    """The memory after this rating, of what `Model.next_states` gave."""
    if rating == _GOOD:
        return states.good.memory
    if rating == _AGAIN:
        return states.again.memory
    return states.hard.memory if rating == _HARD else states.easy.memory


def _memory(state: engine.ItemState) -> Memory:
    return Memory(state.memory.stability, state.memory.difficulty)


def _name(weights: tuple[float, ...]) -> str:
    """A short name made of the weights themselves, the same on every machine."""
    packed = struct.pack(f"<{len(weights)}f", *weights)
    return f"fsrs6-{hashlib.blake2b(packed, digest_size=4).hexdigest()}"
