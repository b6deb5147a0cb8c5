"""The numbers of the Progress page, gathered from the learner in a thread.

Only plain data leaves it, so that the page paints without asking the store.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tutor.memory import stats
from tutor.memory.model import CardState, Event
from tutor.memory.stats import Share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tutor.session.learner import Learner
    from tutor.store.glance import Glance

DAYS = 14
WEAKEST = 5
EPOCH = date(1970, 1, 1)


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
    """Read everything; takes as long as one walk over the states and the quiz answers."""
    now, states = learner.now(), list(learner.states())
    judged = judgements(learner.store.active_events())
    waiting, day = learner.today.waiting(), now.study_day
    coming = stats.forecast(waiting, learner.today.start, DAYS)
    answered = learner.summary.history.days
    begun = [state for state in states if state.phase != "new"]
    return Facts(
        glance=learner.glance(),
        new=sum(len(entry.units) for entry in learner.library.entries.values()) - len(begun),
        learning=sum(s.phase in ("learning", "relearning") for s in begun),
        review=sum(s.phase == "review" for s in begun),
        suspended=sum(s.suspended for s in states),
        past=tuple(
            Day(day_name(then), answered[then].reviews if then in answered else 0)
            for then in range(day - DAYS + 1, day + 1)
        ),
        coming=tuple(Day(day_name(day + ahead), n) for ahead, n in enumerate(coming)),
        weak=weakest(learner, begun),
        leeches=tuple((front(learner, s), s.lapses) for s in stats.leeches(states)),
        flagged=tuple(front(learner, s) for s in states if s.flagged),
        set_aside=tuple(dict.fromkeys(front(learner, s) for s in states if s.suspended)),
        sure=judged["sure"],
        unsure=judged["unsure"],
        predictions=judged["prediction"],
    )


def day_name(day: int) -> str:
    """`Fri 20 Nov` of a study day."""
    then = EPOCH + timedelta(days=day)
    return f"{then:%a} {then.day:>2} {then:%b}"


def front(learner: Learner, state: CardState) -> str:
    """The first line of a unit's card."""
    return learner.library.unit(state.key)[0].front


def weakest(learner: Learner, states: Iterable[CardState]) -> tuple[tuple[str, float, int], ...]:
    """The topics most likely forgotten now: title, mean chance of recall, cards begun."""
    recall: dict[str, list[float]] = defaultdict(list)
    day = learner.now().study_day
    for state in states:
        topic = learner.library.unit(state.key)[0].topic
        if topic is not None and state.phase == "review":
            recall[topic].append(learner.scheduler.retrievability(state, day))
    ranked = sorted((sum(values) / len(values), topic) for topic, values in recall.items())
    titles = learner.library.topics
    return tuple(
        (titles[topic].title, mean, len(recall[topic])) for mean, topic in ranked[:WEAKEST]
    )


def judgements(events: Iterable[Event]) -> dict[str, Share]:
    """How often the learner was right when sure, when unsure, and about a demo's outcome."""
    right: dict[str, list[bool]] = {"sure": [], "unsure": [], "prediction": []}
    for event in events:
        if event.kind == "prediction":
            if json.loads(event.payload or "{}").get("asked") == "predict":
                right["prediction"].append(bool(event.correct))
        elif event.confidence is not None and event.correct is not None:
            right[event.confidence].append(event.correct)
    return {name: stats.share(sum(hits), len(hits)) for name, hits in right.items()}
