"""What each button would do now, on the day that suits best among those that fuzz allows.

An answer keeps the date that it was given. Where a replay has to work one out anew, because the
history before it has become another, it takes the day drawn by chance: what else waited then is
not known, and two machines must come to the same date.
"""

from __future__ import annotations

from tutor.memory.model import CardState, Outcome, Rating
from tutor.memory.spread import Spread
from tutor.memory.time import Moment
from tutor.session.learner import Learner
from tutor.shares import easy_days


def outcomes(learner: Learner, state: CardState, at: Moment | None = None) -> dict[Rating, Outcome]:
    """The state after each rating of an answer given now, or at that moment."""
    now, today = at or learner.now(), learner.today
    spread = Spread(today.load, easy_days(learner.settings.easy_days))

    def choose(days: range, drawn: int) -> int:
        return spread.choose(now.study_day, days, drawn)

    return learner.scheduler.outcomes(state, now, choose=choose)
