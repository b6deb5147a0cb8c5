"""How it goes, gathered for `tutor stats` and the Progress page.

Counted when asked for, over all cards; nothing here stands in the way of an answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from tutor.memory import stats
from tutor.memory.course import topic_of
from tutor.memory.model import CardState
from tutor.memory.stats import Share
from tutor.session.learner import Learner
from tutor.session.replaying import ELSEWHERE
from tutor.session.summary import Due

FORECAST_DAYS = 365
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class StudyDay:
    """One study day's answers and the seconds they took."""

    day: date
    reviews: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Span:
    """What was done in the last `days` days: on how many of them, the answers, their seconds."""

    days: int
    studied: int
    reviews: int
    seconds: float


@dataclass(frozen=True, slots=True)
class TopicReport:
    """One topic: whether it is known, its cards, how likely its cards are remembered today.

    retrievability: the mean over the cards that were answered; None if there are none.
    """

    id: str
    title: str
    chapter: int
    known: bool
    cards: int
    seen: int
    retrievability: float | None
    lapses: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Everything that Progress shows.

    reviews: answers not undone. cards: units by phase; `retired` ones are no longer in the decks.
    true_retention: None as long as no card was answered again on a later day.
    knowledge: the cards that are remembered today, by chance: the sum of their retrievabilities.
    forecast: cards that fall due on each of the next days, from today on.
    leeches, flagged: units to look at.
    """

    reviews: int
    cards: dict[str, int]
    due: Due
    true_retention: Share | None
    knowledge: float
    study_days: tuple[StudyDay, ...]
    streak: int
    topics: tuple[TopicReport, ...]
    forecast: tuple[int, ...]
    leeches: tuple[str, ...]
    flagged: tuple[str, ...]

    def weakest(self, most: int) -> tuple[TopicReport, ...]:
        """The topics most likely forgotten now, of those with an answered card."""
        seen = [topic for topic in self.topics if topic.retrievability is not None]
        return tuple(sorted(seen, key=lambda topic: topic.retrievability or 0.0)[:most])

    def over(self, days: int, today: date) -> Span:
        """The answers of the last so many days, today among them."""
        since = today - timedelta(days=days - 1)
        found = [each for each in self.study_days if each.day >= since]
        reviews, seconds = (
            sum(each.reviews for each in found), sum(each.seconds for each in found)
        )  # fmt: skip
        return Span(days, len(found), reviews, seconds)

    def as_json(self) -> dict[str, Any]:
        """The shape of `tutor stats --json`."""
        return {
            "reviews": self.reviews,
            "cards": self.cards,
            "due": self.due.as_json(),
            "true_retention": share_json(self.true_retention),
            "remembered": round(self.knowledge, 1),
            "study_days": [
                {"day": each.day.isoformat(), "reviews": each.reviews, "seconds": each.seconds}
                for each in self.study_days
            ],
            "streak": self.streak,
            "topics": [
                {
                    "id": topic.id,
                    "known": topic.known,
                    "cards": topic.cards,
                    "retrievability": topic.retrievability,
                }
                for topic in self.topics
            ],
            "forecast": list(self.forecast),
            "leeches": list(self.leeches),
            "flagged": list(self.flagged),
        }


def share_json(share: Share | None) -> dict[str, Any]:
    """A share of no trial has no value and no interval, but still its four keys."""
    if share is None or not share.n:
        return {"value": None, "low": None, "high": None, "n": 0}
    return asdict(share)


def day_of(study_day: int) -> date:
    """The date of a study day."""
    return EPOCH + timedelta(days=study_day)


def gather(learner: Learner) -> Stats:
    """Count everything as it is now, over all cards."""
    with learner.at_rest():
        return _gathered(learner)


def _gathered(learner: Learner) -> Stats:
    now, today = learner.now(), learner.today
    history = learner.summary.history
    states = list(learner.states())
    begun = [state for state in states if state.reps]
    recalls = learner.scheduler.recalls(begun, today.day)
    return Stats(
        reviews=history.reviews,
        cards=_phases(learner, states),
        due=learner.due(),
        true_retention=history.retention,
        knowledge=sum(recalls),
        study_days=tuple(
            StudyDay(EPOCH + timedelta(days=day), count.reviews, round(count.elapsed_ms / 1000, 1))
            for day, count in sorted(history.days.items())
        ),
        streak=stats.streak(history.days, now.study_day, history.skipped),
        topics=tuple(_topics(learner, begun, recalls)),
        forecast=tuple(stats.forecast(today.ever_waiting(), today.start, FORECAST_DAYS)),
        leeches=tuple(state.key for state in stats.leeches(states)),
        flagged=tuple(state.key for state in states if state.flagged),
    )


def _phases(learner: Learner, states: list[CardState]) -> dict[str, int]:
    """How many units are in each phase; states: of those that have one."""
    course, today = learner.course, learner.today
    counts = Counter(map(_phase, states))
    counts["new"] += len(course.entry_of) - len(states)
    retired = sum(
        "/" in key and not key.startswith(f"{ELSEWHERE}/") and today.states[key].reps > 0
        for key in today.states.keys() - course.entry_of.keys()
    )
    phases = ("new", "learning", "review", "suspended")
    return {**{phase: counts[phase] for phase in phases}, "retired": retired}


def _phase(state: CardState) -> str:
    if state.suspended:
        return "suspended"
    return "learning" if state.phase == "relearning" else state.phase


def _topics(
    learner: Learner, begun: list[CardState], recalls: list[float]
) -> Iterator[TopicReport]:
    """Every topic of the decks in teaching order, also those without cards.

    begun: the units that were answered; recalls: the chance to remember each of them.
    """
    cards = Counter(map(topic_of, learner.library.entries.values()))
    seen: dict[str, list[tuple[float, int]]] = defaultdict(list)
    entry_of = learner.course.entry_of
    for state, recall in zip(begun, recalls, strict=True):
        seen[topic_of(entry_of[state.key])].append((recall, state.lapses))
    for name, topic in learner.library.topics.items():
        own = seen.get(name, [])
        yield TopicReport(
            id=name,
            title=topic.title,
            chapter=topic.chapter,
            known=name in learner.today.known,
            cards=cards[name],
            seen=len(own),
            retrievability=round(sum(r for r, _ in own) / len(own), 4) if own else None,
            lapses=sum(lapses for _, lapses in own),
        )
