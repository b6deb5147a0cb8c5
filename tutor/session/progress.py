"""The numbers of the Progress page, gathered from the learner in a thread.

Only plain data leaves it, so that the page paints without asking the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tutor.memory.labels import day_name
from tutor.memory.stats import Share
from tutor.session import statistics
from tutor.session.past import judgements
from tutor.session.statistics import Stats

if TYPE_CHECKING:
    from tutor.session.learner import Learner
    from tutor.store.glance import Glance

DAYS = 14
WEAKEST = 5


@dataclass(frozen=True, slots=True)
class Day:
    """One study day: its name, and a count of cards or answers."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What Progress shows.

    glance: known topics by chapter, retention, streak. new, learning, review, suspended: units.
    past, coming: answers and due cards a day. weak: topics with the mean chance of recall now
    and the number of their cards. leeches: fronts with their lapses. flagged, set_aside: fronts.
    sure, unsure, predictions: how often the learner was right, when sure, when unsure, about a
    demo.
    """

    glance: Glance
    new: int
    learning: int
    review: int
    suspended: int
    past: tuple[Day, ...]
    coming: tuple[Day, ...]
    weak: tuple[tuple[str, float, int], ...]
    leeches: tuple[tuple[str, int], ...]
    flagged: tuple[str, ...]
    set_aside: tuple[str, ...]
    sure: Share
    unsure: Share
    predictions: Share


def gather(learner: Learner) -> Facts:
    """Read everything: what `tutor stats` counts, with names, and the learner's judgements."""
    with learner.at_rest():
        return _gathered(learner, statistics.gather(learner))


def _gathered(learner: Learner, stats: Stats) -> Facts:
    day, cards = learner.now().study_day, stats.cards
    judged = judgements(learner.store.active_events(judged=True))
    answers = {each.day: each.reviews for each in stats.study_days}
    return Facts(
        glance=learner.glance(),
        new=cards["new"],
        learning=cards["learning"],
        review=cards["review"],
        suspended=cards["suspended"],
        past=tuple(
            Day(day_name(then), answers.get(date_of(then), 0))
            for then in range(day - DAYS + 1, day + 1)
        ),
        coming=tuple(Day(day_name(day + n), due) for n, due in enumerate(stats.forecast[:DAYS])),
        weak=tuple((t.title, t.retrievability or 0.0, t.seen) for t in stats.weakest(WEAKEST)),
        leeches=tuple((front(learner, key), learner.state(key).lapses) for key in stats.leeches),
        flagged=tuple(front(learner, key) for key in stats.flagged),
        set_aside=tuple(
            dict.fromkeys(front(learner, s.key) for s in learner.states() if s.suspended)
        ),
        sure=judged["sure"],
        unsure=judged["unsure"],
        predictions=judged["predictions"],
    )


def date_of(day: int) -> date:
    """The date of a study day."""
    return statistics.EPOCH + timedelta(days=day)


def front(learner: Learner, key: str) -> str:
    """The first line of a unit's card."""
    return learner.library.unit(key)[0].front
