"""What Today says beyond its prepared row: the days of a backlog, and the minutes that are left."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.memory.backlog import days_to_clear
from tutor.session.learner import Learner
from tutor.session.spare import Spare, spare


@dataclass(frozen=True, slots=True)
class Outlook:
    """days: until a backlog is gone, in the learner's minutes a day; None if that takes very long.

    spare: what to offer where nothing waits.
    """

    days: int | None = 0
    spare: Spare | None = None

    @property
    def told(self) -> str:
        """The days in words, where they are more than this one."""
        if self.days is None:
            return "In your minutes a day this backlog does not get less: give it more of them."
        if self.days <= 1:
            return ""
        return f"In your minutes a day this backlog takes {self.days} days, riskiest cards first."


def outlook(learner: Learner) -> Outlook:
    """As it is now; plays the days to come where more waits than fits into this one."""
    with learner.at_rest():
        now, limits = learner.now(), learner.summary.limits
        pace = learner.summary.pace.seconds(learner.summary.marked_share)
        answers = max(1, int(learner.settings.minutes_a_day * 60 / max(pace, 0.1)))
        waiting = learner.due().waiting
        days: int | None = int(bool(waiting.due or waiting.learning))
        if waiting.due + waiting.learning > min(answers, limits.reviews):
            states = [state for state in learner.states() if _counts(learner, state.key)]
            days = days_to_clear(states, learner.scheduler, now, min(answers, limits.reviews))
        return Outlook(days, spare(learner))


def _counts(learner: Learner, unit: str) -> bool:
    return learner.today.due_at(unit) is not None
