"""Which queue a plan of study wants, and what every queue answers to."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from tutor.memory.chosen import ChosenQueue
from tutor.memory.model import CardState
from tutor.memory.queue import Queue
from tutor.memory.time import Moment
from tutor.memory.today import Today
from tutor.memory.waiting import Waiting
from tutor.session.choosing import decks_of, placed_in, tagged, topics_of
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan

# How many new cards come when the learner goes on after the day's own.
AHEAD = 10


class AnyQueue(Protocol):
    """What a session asks of its queue; see `Queue`."""

    def next(self, now: Moment) -> str | None: ...  # noqa: D102 - as there
    def put(self, unit: str, asked: bool = True) -> None: ...  # noqa: D102
    def coming(self) -> list[str]: ...  # noqa: D102
    def drop(self, unit: str) -> None: ...  # noqa: D102
    def waits(self, unit: str) -> bool: ...  # noqa: D102
    @property
    def left(self) -> int: ...  # noqa: D102
    @property
    def new_left(self) -> int: ...  # noqa: D102
    @property
    def waiting(self) -> Waiting: ...  # noqa: D102


def units_of(learner: Learner, key: str) -> tuple[str, ...]:
    """The units of a card, or the one gap. Raises NotFoundError."""
    entry, gap = learner.library.unit(key)
    return entry.units if gap is None else (entry.units[gap],)


class Choice:
    """The units of a plan: chosen ones in their order, or all of some topics or tags.

    Raises NotFoundError for a topic, a chapter, a tag or a card that the decks do not have.
    """

    def __init__(self, learner: Learner, plan: StudyPlan) -> None:
        library = learner.library
        self._learner, self._plan = learner, plan
        self.units = [unit for key in plan.cards for unit in units_of(learner, key)]
        self.topics = topics_of(library, plan)
        self.only: frozenset[str] | None = None
        keys = tagged(library, plan.tags)
        if decks_of(library, plan):  # of other topics only some cards
            placed = placed_in(library, plan) or frozenset()
            keys, self.topics = placed if keys is None else keys & placed, ()
        if keys is not None:
            self.only = frozenset(unit for key in keys for unit in library.entries[key].units)
            # A tag, and a deck without topics, open the topics of their cards.
            topics = {learner.course.topic(unit) for unit in self.only}
            self.topics = self.topics or tuple(sorted(topics))

    def queue(self, today: Today, answered: Collection[str], introduced: int) -> AnyQueue:
        """The queue of these units, some of which were answered in this session."""
        plan, scheduler = self._plan, self._learner.scheduler

        def recall(state: CardState) -> float:
            return scheduler.retrievability(state, today.day)

        if self.units:
            return ChosenQueue(today, self.units, answered)
        new = AHEAD if plan.ahead and plan.new is None else plan.new
        return Queue(
            today,
            recall,
            self._learner.summary.limits,
            chosen=self.topics,
            ignore_needs=plan.ignore_needs,
            new=None if new is None else max(0, new - introduced),
            only=self.only,
            urgent=plan.minutes is not None,
        )
