"""A year of study, day by day, of many learners at once; the same draws under every schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from findings.memory.arrays import AGAIN, EASY, GOOD, HARD, Bools, Floats, Ints
from findings.memory.minds import Make, Mind

UNITS, DAYS, NEW_A_DAY, REVIEWS_A_DAY, MINUTES = 953, 365, 20, 200, 20.0
# First ratings: the shares of Again, Hard, Good and Easy.
_FIRST = np.array([0.24, 0.094, 0.495, 0.171])
_SECONDS = np.array([0.0, 1.56, 1.42, 1.0, 0.72])  # by rating, as shares of Good
_CARD_S, _MARKED_S, _MARKED = 8.0, 20.0, 0.45
_SAME_DAY = 0.96
_ROUNDS = 8


class Schedule(Protocol):
    """What the year asks of a schedule."""

    steps: bool
    due: Floats
    minutes: Floats
    """What each learner has a day once the course is through; 0 where only what is due is asked."""

    def order(self, at: Ints, day: int, chance: Floats) -> Floats: ...  # noqa: D102
    def answered(self, at: Ints, rating: Ints, day: int, fuzz: Floats) -> None: ...  # noqa: D102
    def repeated(self, at: Ints, rating: Ints) -> None: ...  # noqa: D102
    def evening(self, day: int, minutes: Floats, through: Bools) -> None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it, one number a learner.

    known: the sum of the chances to remember each card on the last day. minutes: in all. later:
    those after the course was through. days: how many days that were.
    """

    known: Floats
    minutes: Floats
    later: Floats
    days: Floats


class Year:
    """One truth, its learners, and their draws."""

    def __init__(self, make: Make, learners: int, seed: int) -> None:
        self.make, self.learners, self.seed = make, learners, seed
        rng = np.random.default_rng(seed)
        cards = learners * UNITS
        self._draws = rng.random((cards, 80), dtype=np.float32)
        self.base = np.where(rng.random(cards) < _MARKED, _MARKED_S, _CARD_S)

    def mind(self) -> Mind:
        """The same learners again, knowing nothing."""
        return self.make(np.random.default_rng(self.seed + 1), self.learners, UNITS)

    def run(self, schedule: Schedule) -> Result:
        """All of the year under a schedule."""
        played = _Played(self, schedule)
        for day in range(DAYS):
            played.day(day)
        return played.result()


class _Played:
    def __init__(self, year: Year, schedule: Schedule) -> None:
        self.year, self.schedule, self.mind = year, schedule, year.mind()
        self.learners = year.learners
        self.count = np.zeros(year.learners * UNITS, np.int64)
        self.last = np.full(year.learners * UNITS, -1)
        self.begun = np.zeros(year.learners, np.int64)
        self.minutes = np.zeros(year.learners)
        self.later, self.days = np.zeros(year.learners), np.zeros(year.learners)

    def result(self) -> Result:
        every = np.flatnonzero(self.count > 0)
        chance = self.mind.recall(every, DAYS)
        known = np.bincount(every // UNITS, chance, minlength=self.learners).astype(np.float64)
        return Result(known, self.minutes, self.later, self.days)

    def day(self, day: int) -> None:
        through = self.begun >= UNITS
        spent = np.zeros(self.learners)
        due = np.flatnonzero(self.schedule.due <= day)
        if len(due):
            due = due[np.lexsort((self.schedule.order(due, day, self._draw(due)), due // UNITS))]
            due = due[_place(due // UNITS) < REVIEWS_A_DAY]
            self._ask(due, day, spent, new=False)
        self._ask(self._fresh(spent), day, spent, new=True)
        self._ask(self._ahead(day, through), day, spent, new=False, seconds=self._spare(through))
        self.begun = np.bincount(np.flatnonzero(self.count) // UNITS, minlength=self.learners)
        self.minutes += spent / 60
        self.later += np.where(through, spent / 60, 0)
        self.days += through
        self.schedule.evening(day, spent / 60, self.begun >= UNITS)

    def _fresh(self, spent: Floats) -> Ints:
        """The next new cards of each learner who has time left."""
        number = self.begun[:, None] + np.arange(NEW_A_DAY)[None, :]
        wanted = (number < UNITS) & (spent[:, None] < MINUTES * 60)
        at: Ints = (np.arange(self.learners)[:, None] * UNITS + number)[wanted]
        return at

    def _spare(self, through: Bools) -> Floats:
        """The seconds of a day that are used up once the course is through."""
        found: Floats = np.where(through, self.schedule.minutes * 60, 0)
        return found

    def _ahead(self, day: int, through: Bools) -> Ints:
        """The cards that are not due, the longest unseen first, of those whose minutes are used."""
        open_to = np.repeat(through & (self.schedule.minutes > 0), UNITS)
        at = np.flatnonzero(open_to & (self.count > 0) & (self.schedule.due > day + 1))
        return at[np.lexsort((self._draw(at), self.last[at], at // UNITS))]

    def _ask(
        self, at: Ints, day: int, spent: Floats, new: bool, seconds: Floats | float = MINUTES * 60
    ) -> None:
        """Ask these cards, each with its steps, until a learner's time is over."""
        if not len(at):
            return
        limit = np.broadcast_to(seconds, self.learners)
        chance = self._draw(at)
        rating = self._first(at, chance) if new else _rated(self.mind.recall(at, day), chance)
        steps = _steps(rating, new) if self.schedule.steps else np.zeros_like(rating)
        cost: Floats = self.year.base[at] * (_SECONDS[rating] * (2 if new else 1) + steps)
        before = _sums(cost, at // UNITS) - cost
        asked = before + spent[at // UNITS] < limit[at // UNITS]
        at, rating, steps = at[asked], rating[asked], steps[asked]
        spent += np.bincount(at // UNITS, cost[asked], minlength=self.learners)
        if not len(at):
            return
        self._note(at, rating, day, same_day=False)
        self.schedule.answered(at, rating, day, self._draw(at, 1))
        if self.schedule.steps:
            self._repeat(at[steps > 0], steps[steps > 0], day)

    def _repeat(self, at: Ints, left: Ints, day: int) -> None:
        """The answers of the same day, until the steps are done."""
        for _ in range(_ROUNDS):
            if not len(at):
                return
            rating = np.where(self._draw(at) < _SAME_DAY, GOOD, AGAIN)
            self._note(at, rating, day, same_day=True)
            self.schedule.repeated(at, rating)
            left = np.where(rating == AGAIN, left, left - 1)
            done = at[left == 0]
            if len(done):
                self.schedule.settle(done, day, self._draw(done, 1))  # type: ignore[attr-defined]
            at, left = at[left > 0], left[left > 0]

    def _note(self, at: Ints, rating: Ints, day: int, same_day: bool) -> None:
        self.mind.answer(at, rating, day, same_day)
        self.count[at] += 1
        self.last[at] = day

    def _first(self, at: Ints, chance: Floats) -> Ints:
        """By how easy the card is: the shares of first ratings in the order of ease."""
        ease = self.mind.ease[at] + 0.7 * (chance - 0.5)
        limits = np.array([-0.73, -0.44, 0.97])  # of a normal with that much more spread
        found: Ints = np.searchsorted(limits, ease) + 1
        return found

    def _draw(self, at: Ints, column: int = 0) -> Floats:
        """A chance in [0, 1) of a card and the number of its answer, and another beside it."""
        found = self.year._draws[at, (2 * self.count[at] + column) % 80]
        return found.astype(np.float64)


def _rated(recall: Floats, chance: Floats) -> Ints:
    """Again with 1 - p; of the rest Hard .05 + .5 (1 - p), Easy .2 p^3."""
    right = chance < recall
    within = chance / np.maximum(recall, 1e-9)
    hard = 0.05 + 0.5 * (1 - recall)
    easy = 0.2 * recall**3
    found: Ints = np.where(
        ~right, AGAIN, np.where(within < hard, HARD, np.where(within > 1 - easy, EASY, GOOD))
    )
    return found


def _steps(rating: Ints, new: bool) -> Ints:
    """How many right answers of the same day follow."""
    table = np.array([0, 2, 2, 1, 0] if new else [0, 1, 0, 0, 0])
    found: Ints = table[rating]
    return found


def _sums(values: Floats, group: Ints) -> Floats:
    """Sums along, anew for each group of neighbours."""
    total = np.cumsum(values)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    before = np.concatenate([[0.0], total])[starts]
    found: Floats = total - np.repeat(before, np.diff(np.append(starts, len(group))))
    return found


def _place(group: Ints) -> Ints:
    """The place of each in its group of neighbours, from 0."""
    return _sums(np.ones(len(group)), group).astype(np.int64) - 1
