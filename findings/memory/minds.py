"""Five models of a memory. Four are not the scheduler's own; the fifth is FSRS-6 with weights that
differ from learner to learner.

A mind holds learners x units cards in flat arrays, one after the other learner by learner.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from findings.memory import arrays
from findings.memory.arrays import Bools, Floats, Ints
from tutor.memory.fsrs import BOUNDS, DEFAULT_WEIGHTS

DAY_S, STEP_S = 86_400.0, 600.0


class Mind(Protocol):
    """What is remembered, whatever a scheduler thinks of it."""

    ease: Floats
    """How easy each card is, in standard deviations; the first rating follows it."""

    def recall(self, at: Ints, day: int) -> Floats:
        """The chance that each of these cards is remembered on that day."""

    def answer(self, at: Ints, rating: Ints, day: int, same_day: bool) -> None:
        """These cards were asked and, where they were forgotten, read."""


class _Plain:
    """What the three models of one strength share: strength and day of the last answer."""

    def __init__(self, rng: np.random.Generator, learners: int, units: int) -> None:
        self.ease: Floats = rng.normal(size=learners * units)
        self.last = np.full(learners * units, -1.0)
        self.strength = np.zeros(learners * units)

    def _days(self, at: Ints, day: int) -> Floats:
        found: Floats = np.maximum(day - self.last[at], 0)
        return found


class HalfLife(_Plain):
    """p = 2^(-t/h); a right answer makes h grow the more, the less likely it was.

    h0 lognormal around 12 days; right: h (1 + g (1-p)/(1-p+.15) h^-.1) with g around 4, wrong:
    .45 h, never under 1.5 days. Made so that a usual schedule meets a usual retention.
    """

    def __init__(self, rng: np.random.Generator, learners: int, units: int) -> None:
        super().__init__(rng, learners, units)
        slow = np.repeat(rng.normal(0, 0.3, learners), units)
        self.first = 12 * np.exp(slow + 0.6 * self.ease)
        self.gain = 4 * np.exp(np.repeat(rng.normal(0, 0.2, learners), units))

    def recall(self, at: Ints, day: int) -> Floats:
        """2 to the power of minus days through half-life."""
        found: Floats = 2 ** (-self._days(at, day) / self.strength[at])
        return found

    def answer(self, at: Ints, rating: Ints, day: int, same_day: bool) -> None:
        """Same-day repeats do nothing."""
        if same_day:
            return
        new = self.last[at] < 0
        h = np.where(new, self.first[at], self.strength[at])
        missed = 1 - np.where(new, 1.0, 2 ** (-self._days(at, day) / h))
        grown = h * (1 + self.gain[at] * missed / (missed + 0.15) * h**-0.1)
        wrong = np.maximum(0.45 * h, 1.5)
        self.strength[at] = np.where(new, h, np.where(rating == arrays.AGAIN, wrong, grown))
        self.last[at] = day


class Power(_Plain):
    """p = (1 + t/S)^-.667; fitted to a log of 12,580 answers of one person with the spread of
    cards as random effects: right: S (1 + 4.47 (1-p)/(1-p+.047) S^-.4), wrong: .48 S.

    boost: what a right answer later on the same day does to S. The log fits best with 1.92.
    """

    def __init__(
        self, rng: np.random.Generator, learners: int, units: int, boost: float = 1.0
    ) -> None:
        super().__init__(rng, learners, units)
        slow = np.repeat(rng.normal(0, 0.3, learners), units)
        self.first = 12 / boost * np.exp(slow + self.ease)
        self.gain = 4.47 * np.exp(np.repeat(rng.normal(0, 0.2, learners), units))
        self.decay = 0.667 * np.exp(np.repeat(rng.normal(0, 0.15, learners), units))
        self.boost = boost

    def recall(self, at: Ints, day: int) -> Floats:
        """A power of one plus days through strength."""
        found: Floats = (1 + self._days(at, day) / self.strength[at]) ** -self.decay[at]
        return found

    def answer(self, at: Ints, rating: Ints, day: int, same_day: bool) -> None:
        """A same-day repeat multiplies the strength, if it was right."""
        if same_day:
            right = at[rating > arrays.AGAIN]
            self.strength[right] *= self.boost
            return
        new = self.last[at] < 0
        s = np.where(new, self.first[at], self.strength[at])
        missed = 1 - np.where(new, 1.0, (1 + self._days(at, day) / s) ** -self.decay[at])
        grown = s * (1 + self.gain[at] * missed / (missed + 0.047) * s**-0.4)
        right = np.where(rating == arrays.AGAIN, 0.48 * s, grown)
        self.strength[at] = np.where(new, s, right)
        self.last[at] = day


class Traces:
    """ACT-R's declarative memory: m = ln sum t_i^-d_i over all answers, d_i = c e^m + a, where m is
    what it was at that answer; p = logistic((m + b - tau) / s).

    The form and the constants a .177, c .217, tau -.704, s .255 and time between days x .025 of
    Pavlik and Anderson (2005). b is normal (.92, .25) a learner and .35 a card: p is .9 about two
    days after two answers.
    """

    MOST = 64
    TAU, NOISE, SCALE = -0.704, 0.255, 0.025

    def __init__(self, rng: np.random.Generator, learners: int, units: int) -> None:
        self.ease: Floats = rng.normal(size=learners * units)

        def spread(middle: float) -> Floats:
            return np.repeat(middle * np.exp(rng.normal(0, 0.15, learners)), units)

        self.a, self.c = spread(0.177), spread(0.217)
        self.bias = np.repeat(rng.normal(0.92, 0.25, learners), units) + 0.35 * self.ease
        self.when = np.zeros((learners * units, self.MOST))
        self.decay = np.zeros((learners * units, self.MOST))
        self.count = np.zeros(learners * units, np.int64)

    def _activation(self, at: Ints, now: Floats | float) -> Floats:
        """The sum of the traces, before its logarithm; 0 without any."""
        there = np.arange(self.MOST)[None, :] < self.count[at][:, None]
        since = np.maximum(np.asarray(now).reshape(-1, 1) - self.when[at], 1.0)
        found: Floats = np.where(there, since ** -self.decay[at], 0).sum(axis=1)
        return found

    def recall(self, at: Ints, day: int) -> Floats:
        """The logistic of activation, bias and threshold."""
        m = np.log(np.maximum(self._activation(at, day * DAY_S * self.SCALE), 1e-12))
        found: Floats = 1 / (1 + np.exp(-(m + self.bias[at] - self.TAU) / self.NOISE))
        return found

    def answer(self, at: Ints, rating: Ints, day: int, same_day: bool) -> None:
        """Each answer leaves a trace; beyond 64 the newest takes the place of the last one."""
        now = np.full(len(at), day * DAY_S * self.SCALE)
        if same_day:
            place = np.clip(self.count[at] - 1, 0, self.MOST - 1)
            now = np.maximum(now, self.when[at, place]) + STEP_S
        decay = self.a[at] + self.c[at] * self._activation(at, now)
        place = np.minimum(self.count[at], self.MOST - 1)
        self.when[at, place], self.decay[at, place] = now, decay
        self.count[at] = place + 1


class Own:
    """FSRS-6 itself, each learner with weights of their own: the scheduler's own model."""

    def __init__(self, rng: np.random.Generator, learners: int, units: int) -> None:
        low, high = np.array(BOUNDS).T
        weights = np.array(DEFAULT_WEIGHTS) * np.exp(rng.normal(0, 0.15, (learners, len(low))))
        weights[:, :4] *= np.exp(rng.normal(0, 0.4, (learners, 1)))
        self.weights: Floats = np.repeat(np.clip(weights, low, high), units, axis=0)
        self.ease: Floats = rng.normal(size=learners * units)
        self.stability = np.zeros(learners * units)
        self.difficulty = np.zeros(learners * units)
        self.last = np.full(learners * units, -1.0)

    def recall(self, at: Ints, day: int) -> Floats:
        """FSRS's curve."""
        return arrays.recall(self.weights[at], self.stability[at], day - self.last[at])

    def answer(self, at: Ints, rating: Ints, day: int, same_day: bool) -> None:
        """FSRS's step."""
        new: Bools = self.last[at] < 0
        fresh, old = at[new], at[~new]
        made = arrays.first(self.weights[fresh], rating[new])
        self.stability[fresh], self.difficulty[fresh] = made
        made = arrays.after(
            self.weights[old], self.stability[old], self.difficulty[old], rating[~new],
            np.zeros(len(old)) if same_day else day - self.last[old],
        )  # fmt: skip
        self.stability[old], self.difficulty[old] = made
        self.last[at] = day


Make = Callable[[np.random.Generator, int, int], Mind]
# By name: the model, and whether it is another than the scheduler's.
MINDS: dict[str, tuple[Make, bool]] = {
    "traces (ACT-R)": (Traces, True),
    "half-life": (HalfLife, True),
    "power law": (Power, True),
    "power law, same-day boost": (lambda rng, n, u: Power(rng, n, u, boost=1.92), True),
    "FSRS-6, other weights": (Own, False),
}
