"""The schedules that are compared: this program's, Anki's defaults with FSRS, and boxes.

A schedule says when a card comes back; `year.py` asks the cards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from findings.memory import arrays
from findings.memory.arrays import Bools, Floats, Ints
from tutor.memory.fit import fit
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.log import lives_of, log_of_lives
from tutor.memory.refits import FIRST, helps, time_for
from tutor.shares import LEAST_RETENTION, MOST_RETENTION

BOX_DAYS = np.array([1, 2, 4, 8, 16, 30])


class Boxes:
    """Leitner's boxes of 1, 2, 4, 8, 16 and 30 days: a right answer moves up, a wrong one to 1.

    Nothing is asked twice on one day.
    """

    steps = False

    def __init__(self, learners: int, units: int) -> None:
        self.due = np.full(learners * units, np.inf)
        self.minutes = np.zeros(learners)
        self.box = np.zeros(learners * units, np.int64)

    def order(self, at: Ints, day: int, chance: Floats) -> Floats:
        """By the day on which it was due."""
        return self.due[at] + chance

    def answered(self, at: Ints, rating: Ints, day: int, fuzz: Floats) -> None:
        """Move up, or back to the first box."""
        top = len(BOX_DAYS) - 1
        new = np.isinf(self.due[at])
        up = np.minimum(self.box[at] + ~new, top)
        self.box[at] = np.where(rating == arrays.AGAIN, 0, up)
        self.due[at] = day + BOX_DAYS[self.box[at]]

    def repeated(self, at: Ints, rating: Ints) -> None:
        """Never: there are no steps."""

    def evening(self, day: int, minutes: Floats, through: Bools) -> None:
        """Nothing is learnt from a day."""


class Fsrs:
    """FSRS with steps, a desired retention and fuzz, as Anki has it without a fit."""

    steps = True

    def __init__(self, learners: int, units: int, retention: float = 0.9) -> None:
        cards = learners * units
        self.learners, self.units = learners, units
        self.minutes = np.zeros(learners)
        self.wish = np.full(learners, retention)
        self.weights = np.tile(np.array(DEFAULT_WEIGHTS), (learners, 1))
        self.stability, self.difficulty = np.zeros(cards), np.zeros(cards)
        self.last, self.due = np.full(cards, -1.0), np.full(cards, np.inf)
        self.interval = np.zeros(cards)

    def order(self, at: Ints, day: int, chance: Floats) -> Floats:
        """By the day on which it was due, then at random."""
        return self.due[at] + chance

    def answered(self, at: Ints, rating: Ints, day: int, fuzz: Floats) -> None:
        """FSRS's step and the next date."""
        new = self.last[at] < 0
        weights = self.weights[at // self.units]
        start = arrays.first(weights, rating)
        s, d = np.maximum(self.stability[at], 0.001), np.clip(self.difficulty[at], 1, 10)
        step = arrays.after(weights, s, d, rating, np.maximum(day - self.last[at], 0))
        self.stability[at], before = np.where(new, start[0], step[0]), d
        self.difficulty[at] = np.where(new, start[1], step[1])
        self.last[at] = day
        passed = (rating > arrays.AGAIN) & ~new
        self._date(at, day, fuzz, np.where(new, start[1], before), passed)

    def repeated(self, at: Ints, rating: Ints) -> None:
        """FSRS's step within a day; the date is set by the last of them."""
        weights = self.weights[at // self.units]
        made = arrays.after(
            weights, self.stability[at], self.difficulty[at], rating, np.zeros(len(at))
        )
        self.stability[at], self.difficulty[at] = made

    def settle(self, at: Ints, day: int, fuzz: Floats) -> None:
        """The date after the steps of a day."""
        self._date(at, day, fuzz, self.difficulty[at], np.zeros(len(at), bool))

    def wished(self, at: Ints, difficulty: Floats) -> Floats:
        """The desired retention of each card."""
        found: Floats = self.wish[at // self.units]
        return found

    def _date(self, at: Ints, day: int, fuzz: Floats, difficulty: Floats, keeps: Bools) -> None:
        wish = self.wished(at, difficulty)
        ideal = arrays.interval(self.weights[at // self.units], self.stability[at], wish)
        days = fuzzed(ideal, fuzz, np.where(keeps, self.interval[at], 0))
        self.interval[at], self.due[at] = days, day + days

    def evening(self, day: int, minutes: Floats, through: Bools) -> None:
        """Nothing is learnt from a day."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What this program does beyond FSRS: each can be left out, to see what it is worth."""

    by_difficulty: bool = True
    refits: bool = True


class Tutor(Fsrs):
    """This program: riskiest first, hard cards less often, refits, and spare minutes used.

    minutes: what each learner has a day once the course is through.
    """

    def __init__(
        self, learners: int, units: int, policy: Policy, minutes: Floats, retention: float = 0.9
    ) -> None:
        super().__init__(learners, units, retention)
        self.policy, self.minutes = policy, minutes
        self.answers: list[tuple[Ints, Ints, int]] = []
        self.fitted_at = np.zeros(learners, np.int64)
        self.scored = np.zeros(learners, np.int64)
        self.fits = 0

    def order(self, at: Ints, day: int, chance: Floats) -> Floats:
        """By risk."""
        weights = self.weights[at // self.units]
        return arrays.recall(weights, self.stability[at], day - self.last[at]) + 1e-9 * chance

    def wished(self, at: Ints, difficulty: Floats) -> Floats:
        """`tutor.memory.wishes.eased` for many cards."""
        wish = super().wished(at, difficulty)
        if not self.policy.by_difficulty:
            return wish
        forgotten = (1 - wish) * np.exp(0.1 * np.maximum(difficulty - 5, 0))
        least, most = np.minimum(LEAST_RETENTION, wish), np.maximum(MOST_RETENTION, wish)
        found: Floats = np.clip(1 - forgotten, least, most)
        return found

    def answered(self, at: Ints, rating: Ints, day: int, fuzz: Floats) -> None:
        """Keep the answers, for the fits."""
        tests = (self.last[at] >= 0) & (self.last[at] < day)
        self.scored += np.bincount(at[tests] // self.units, minlength=self.learners)
        self.answers.append((at, rating, day))
        super().answered(at, rating, day, fuzz)

    def evening(self, day: int, minutes: Floats, through: Bools) -> None:
        """Refit where it is time."""
        if self.policy.refits:
            for learner in np.flatnonzero(self.scored >= FIRST).tolist():
                if time_for(int(self.scored[learner]), int(self.fitted_at[learner])):
                    self._refit(learner)

    def _refit(self, learner: int) -> None:
        log = log_of_lives(lives_of(self._lives(learner)))
        found = fit(log, self.weights[learner])
        self.fitted_at[learner] = self.scored[learner]
        if helps(found):
            self.fits += 1
            self.weights[learner] = found.weights
            self._replay(learner)

    def _lives(self, learner: int) -> list[tuple[str, list[tuple[int | None, int]]]]:
        lives: dict[int, list[tuple[int | None, int]]] = {}
        for at, rating, day in self.answers:
            own = at // self.units == learner
            for card, rated in zip(at[own].tolist(), rating[own].tolist(), strict=True):
                lives.setdefault(card, []).append((rated, day))
        return [(str(card), answers) for card, answers in lives.items()]

    def _replay(self, learner: int) -> None:
        """All states under the new weights; dates stay."""
        own = slice(learner * self.units, (learner + 1) * self.units)
        last = np.full(self.units, -1.0)
        s, d = np.zeros(self.units), np.zeros(self.units)
        for at, rating, day in self.answers:
            mine = at // self.units == learner
            card, rated = at[mine] - learner * self.units, rating[mine]
            weights = np.repeat(self.weights[learner][None, :], len(card), axis=0)
            new = last[card] < 0
            start = arrays.first(weights, rated)
            step = arrays.after(
                weights, np.maximum(s[card], 0.001), np.clip(d[card], 1, 10), rated,
                np.maximum(day - last[card], 0),
            )  # fmt: skip
            s[card] = np.where(new, start[0], step[0])
            d[card] = np.where(new, start[1], step[1])
            last[card] = day
        self.stability[own], self.difficulty[own] = s, d

    def repeated(self, at: Ints, rating: Ints) -> None:
        """Keep these answers too."""
        self.answers.append((at, rating, int(self.last[at[0]]) if len(at) else 0))
        super().repeated(at, rating)


def fuzzed(ideal: Floats, chance: Floats, last: Floats) -> Floats:
    """`tutor.memory.schedule.fuzzed` for many cards; the first interval of a card has none."""
    spread = 1.0 + sum(
        share * np.clip(np.minimum(ideal, to) - start, 0, None)
        for start, to, share in ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, np.inf, 0.05))
    )
    whole = np.maximum(1, np.round(ideal))
    low = np.where(ideal < 2.5, whole, np.maximum(2, np.round(ideal - spread)))
    high = np.where(ideal < 2.5, whole, np.maximum(low, np.round(ideal + spread)))
    least = np.where(ideal > last, last + 1, np.where(last <= high, last, 0))
    low = np.maximum(low, np.where(last > 0, least, 0))
    high = np.maximum(low, high)
    found: Floats = low + np.floor(chance * (high - low + 1))
    return found
