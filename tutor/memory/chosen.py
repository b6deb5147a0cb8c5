"""A queue of chosen cards: each is asked once, due or not, and again while it is being learnt."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tutor.memory.queue import LEARN_AHEAD_MIN
from tutor.memory.time import MINUTE_MS, Moment
from tutor.memory.today import Today
from tutor.memory.waiting import Waiting


class ChosenQueue:
    """Units in the order of the choice; it answers to what `Queue` answers to.

    done: those that were asked already. A suspended unit is not asked.
    """

    def __init__(self, today: Today, units: Iterable[str], done: Collection[str] = ()) -> None:
        self._today = today
        self._units = tuple(unit for unit in units if not today.state(unit).suspended)
        self._left = [unit for unit in self._units if unit not in done]
        self._learners: set[str] = set()
        for unit in done:
            self._place(unit)

    def next(self, now: Moment) -> str | None:
        """The unit to ask now; None when nothing is left. Asks the same until `put`."""
        steps = sorted((self._today.due_at(unit) or 0, unit) for unit in self._learners)
        if steps and (steps[0][0] <= now.utc_ms or not self._left):
            ahead = now.utc_ms + LEARN_AHEAD_MIN * MINUTE_MS
            return steps[0][1] if steps[0][0] <= ahead else None
        return self._left[0] if self._left else None

    def put(self, unit: str, asked: bool = True) -> None:
        """Take note that a unit's state has changed; `asked` if it was by an answer just now."""
        state = self._today.state(unit)
        held = state.suspended or (state.buried_until_day or 0) > self._today.day
        if asked or held:
            self.drop(unit)
        elif unit in self._units and unit not in self._left and not self._learns(unit):
            self._left.insert(0, unit)  # its answer was taken back
        if asked:
            self._place(unit)

    def coming(self) -> list[str]:
        """A few units, one of which will most likely be next."""
        return [*self._learners, *self._left[:4]][:6]

    def drop(self, unit: str) -> None:
        """Leave a unit out of this session."""
        if unit in self._left:
            self._left.remove(unit)
        self._learners.discard(unit)

    def waits(self, unit: str) -> bool:
        """Whether an answered unit comes again today."""
        return unit in self._learners

    @property
    def left(self) -> int:
        """How many units are still to be asked."""
        return len(self._learners) + len(self._left)

    @property
    def new_left(self) -> int:
        """How many of them are new."""
        return sum(self._today.state(unit).phase == "new" for unit in self._left)

    @property
    def waiting(self) -> Waiting:
        """What is left in parts; whatever was chosen is due."""
        new = self.new_left
        return Waiting(len(self._left) - new, len(self._learners), new)

    def _learns(self, unit: str) -> bool:
        return self._today.state(unit).phase in ("learning", "relearning")

    def _place(self, unit: str) -> None:
        due = self._today.due_at(unit)
        if unit in self._units and self._learns(unit) and due is not None and due < self._today.end:
            self._learners.add(unit)
