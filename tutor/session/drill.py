"""A drill: chosen cards until each was known once, and the schedule stays as it is.

Its answers are rows of the kind `session`, which move no date, so that a drill that was left goes
on too.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import replace

from tutor.errors import NotFoundError
from tutor.memory.model import CardState, Outcome, Rating
from tutor.memory.time import Moment
from tutor.memory.today import Today
from tutor.memory.waiting import Waiting
from tutor.session.accepting import WRITTEN, Accepted
from tutor.session.answers import Saved, ceiling
from tutor.session.choosing import drilled
from tutor.session.earlier import Earlier
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.session.recording import notes_of, resumed
from tutor.session.study import StudyItem, StudySession

APART = 4
"""A card that was missed comes again after so many others."""
LABELS = {Rating.AGAIN: "once more"}


class DrillQueue:
    """Units until each was known once; it answers to what `Queue` answers to."""

    def __init__(self, today: Today, units: Sequence[str]) -> None:
        self._today = today
        self._left = [unit for unit in units if not today.state(unit).suspended]
        self._missed = set[str]()

    def next(self, _now: Moment) -> str | None:
        """The unit to ask now; None when every one was known."""
        return self._left[0] if self._left else None

    def note(self, unit: str, known: bool) -> None:
        """Take an answer in: what was missed comes again."""
        self.drop(unit)
        self._missed.discard(unit)
        if not known:
            self._left.insert(APART, unit)
            self._missed.add(unit)

    def take_back(self, unit: str) -> None:
        """An answer was taken back: its unit comes next."""
        self.drop(unit)
        self._left.insert(0, unit)

    def put(self, unit: str, asked: bool = True) -> None:
        """Take note that a unit's state has changed: what is suspended or buried is not asked."""
        state = self._today.state(unit)
        if state.suspended or (state.buried_until_day or 0) > self._today.day:
            self.drop(unit)

    def coming(self) -> list[str]:
        """A few units, one of which will most likely be next."""
        return self._left[: APART + 1]

    def drop(self, unit: str) -> None:
        """Leave a unit out."""
        if unit in self._left:
            self._left.remove(unit)

    def waits(self, unit: str) -> bool:
        """Whether a unit comes again."""
        return unit in self._left

    @property
    def left(self) -> int:
        """How many units are still to be known."""
        return len(self._left)

    @property
    def new_left(self) -> int:
        """None is new in a drill."""
        return 0

    @property
    def waiting(self) -> Waiting:
        """What is left, in parts: not asked yet, and missed."""
        again = sum(unit in self._missed for unit in self._left)
        return Waiting(len(self._left) - again, again)


class _NoneEarlier(Earlier):
    """Undo in a drill takes back nothing that was answered before."""

    def asks(self) -> None:
        """Nothing is asked."""


class DrillSession(StudySession):
    """A session of study whose answers move no date."""

    drill = True

    def __init__(self, learner: Learner, plan: StudyPlan) -> None:
        super().__init__(learner, plan)
        self.earlier = _NoneEarlier(learner)

    _drilled: DrillQueue | None = None

    def lesson_before(self, item: StudyItem) -> None:
        """No lesson comes before a card that was met."""
        return

    def answer(
        self,
        item: StudyItem,
        rating: Rating,
        *,
        answer: str | None = None,
        correct: bool | None = None,
        hints: int = 0,
        elapsed_ms: int = 0,
        slip: str | None = None,
    ) -> Saved:
        """Note the answer; on disk when this returns, and no date has moved. Raises DataError."""
        rating = min(rating, ceiling(item.question, correct, hints))
        self._note_answer(item.unit, rating, elapsed_ms)
        return Saved(item.unit, item.state.due_utc_ms)

    def _note_answer(self, unit: str, rating: Rating, elapsed_ms: int) -> None:
        row = self._record.add(key=unit, rating=int(rating), ms=elapsed_ms)
        self._answered[row.id] = unit
        self._again = None
        self._queued.note(unit, rating > Rating.AGAIN)

    def undo(self) -> str | None:
        """Take back the last answer of this drill; its card is the next one."""
        if not self._answered:
            return None
        row, unit = next(reversed(self._answered.items()))
        self.learner.append(lambda: [self.learner.event("undo", "", undoes=row)])
        del self._answered[row]
        self.tally.take_back(unit)
        self._queued.take_back(unit)
        return unit

    def accept(self) -> Accepted | None:
        """Let the last answer count as right if it was a written miss; None if it was not."""
        last = self.tally.answers[-1] if self.tally.answers else None
        if last is None or last.rating > Rating.AGAIN:
            return None
        unit = last.key
        if self.learner.course.entry_of[unit].kind not in WRITTEN:
            return None
        self.undo()
        self._note_answer(unit, Rating.GOOD, last.elapsed_ms)
        self.tally.answers.append(replace(last, rating=Rating.GOOD))
        return Accepted(unit, (), self.learner.state(unit).due_utc_ms, Rating.GOOD)

    def _outcomes(self, state: CardState) -> dict[Rating, Outcome]:
        return {each: Outcome(each, state, 0, LABELS.get(each, "done")) for each in Rating}

    def _made_queue(self) -> DrillQueue:
        if self._drilled is None:
            self._drilled = DrillQueue(self._today, self._choice.units)
        return self._drilled

    @property
    def _queued(self) -> DrillQueue:
        return self._made_queue()

    def _take_up(self, session: str) -> None:
        """Go on where the drill was left."""
        entries: Collection[str] = self.learner.course.entry_of
        first_ms: int | None = None
        for row, said in notes_of(self.learner, session):
            unit, rating, spent = said.get("key"), said.get("rating"), said.get("ms")
            if not isinstance(unit, str):
                continue
            if unit in entries and rating in tuple(map(int, Rating)) and isinstance(spent, int):
                self._answered[row.id] = unit
                self._queued.note(unit, rating > Rating.AGAIN)
                self.tally.add(unit, Rating(rating), spent, review=True)
                first_ms = row.at_utc_ms - spent if first_ms is None else first_ms
                self.length.spent_ms = row.at_utc_ms - first_ms


def session_of(learner: Learner, plan: StudyPlan) -> StudySession:
    """The session of a plan: a drill or study; a plan that names a session goes on with it.

    Raises NotFoundError for what the decks or the journal do not have, and if nothing fits.
    """
    if plan.session:
        found, _ = resumed(learner, plan.session)
        if not isinstance(found, StudyPlan):
            raise NotFoundError("No such session", "That session is a quiz.", "tutor quiz --resume")
        plan = found
    if not (plan.drill or plan.pick):
        return StudySession(learner, plan)
    drawn = drilled(learner, replace(plan, drill=True), random.Random(learner.now().utc_ms))
    return DrillSession(learner, drawn)
