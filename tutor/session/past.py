"""What the journal itself says of the past: retention by week, interval and chapter, beside what
the model foretold; knowledge over the year; how well the learner judges; what a wish would cost.

All of it is read from the answers one by one, so it takes longer than `tutor.session.statistics`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tutor.memory import retention, score
from tutor.memory.course import topic_of
from tutor.memory.log import ReviewLog
from tutor.memory.model import Event
from tutor.memory.retention import Kept, Trial
from tutor.memory.stats import Share
from tutor.memory.stats import share as share_of
from tutor.session import fitting
from tutor.session.refitting import newest
from tutor.session.statistics import day_of, share_json

if TYPE_CHECKING:
    from tutor.memory.simulate import Workload
    from tutor.session.learner import Learner

WEEKS = 53
# The last day of each row of intervals, in days.
INTERVALS = (1, 3, 7, 21, 60, 180)
WISHES = (0.80, 0.85, 0.90, 0.95)
WORK_DAYS = 365
_NEVER = share_of(0, 0)
_ByNumber = Mapping[int | None, Kept]
# 1970-01-01 was a Thursday: so many days later the first Monday came.
_MONDAY = 4


@dataclass(frozen=True, slots=True)
class Row:
    """Retention of one week, interval or chapter: its name, and what was kept."""

    name: str
    kept: Kept

    def as_json(self) -> dict[str, Any]:
        """`name`, `value`, `low`, `high`, `n`, `foretold`."""
        return {
            "name": self.name,
            **asdict(self.kept.remembered),
            "foretold": round(self.kept.foretold, 4),
        }


@dataclass(frozen=True, slots=True)
class ModelFit:
    """How well the weights in force foretell the answers.

    fitted: the day they were fitted on; None for the usual ones. kept: over all scored answers.
    log_loss, rmse_bins: see `tutor.memory.score`.
    """

    fitted: date | None
    kept: Kept
    log_loss: float
    rmse_bins: float


@dataclass(frozen=True, slots=True)
class Past:
    """What the answers say.

    wish: the desired retention. weeks: named by their Mondays, the oldest first, of the last year.
    chapters: named by their numbers. knowledge: (study day, cards remembered by chance) by week.
    sure, unsure, predictions: how often the learner was right. model: None without a scored answer.
    work: what other wishes would cost, were the decks learned from nothing.
    """

    wish: float
    weeks: tuple[Row, ...] = ()
    intervals: tuple[Row, ...] = ()
    chapters: tuple[Row, ...] = ()
    knowledge: tuple[tuple[int, float], ...] = ()
    sure: Share = _NEVER
    unsure: Share = _NEVER
    predictions: Share = _NEVER
    model: ModelFit | None = None
    work: tuple[Workload, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Its part of `tutor stats --json`."""
        model = self.model
        return {
            "desired_retention": self.wish,
            "weeks": [row.as_json() for row in self.weeks],
            "intervals": [row.as_json() for row in self.intervals],
            "chapters": [row.as_json() for row in self.chapters],
            "knowledge": [
                {"day": day_of(day).isoformat(), "cards": round(cards, 1)}
                for day, cards in self.knowledge
            ],
            "judged": {
                name: share_json(getattr(self, name)) for name in ("sure", "unsure", "predictions")
            },
            "model": None
            if model is None
            else {
                "fitted": model.fitted and model.fitted.isoformat(),
                "log_loss": round(model.log_loss, 4),
                "rmse_bins": round(model.rmse_bins, 4),
                "foretold": round(model.kept.foretold, 4),
                "remembered": asdict(model.kept.remembered),
            },
            "work": [asdict(each) for each in self.work],
        }


def gather(learner: Learner) -> Past:
    """Read the answers. Raises DataError (tutor.errors)."""
    with learner.at_rest():
        today, log = learner.now().study_day, fitting.log_of(learner)
        judged = judgements(learner.store.active_events(judged=True))
        fitted = _fitted_on(learner)
    weights = learner.scheduler.model.weights
    chances = score.forecasts(log, weights)
    # A long journal is gone through once for all of them.
    weeks, intervals, chapters, every = retention.kept(
        log, chances, _week, _interval, _chapter_of(learner), lambda _: 0
    )
    return Past(
        wish=learner.scheduler.desired_retention,
        weeks=tuple(_weeks(weeks, today)),
        intervals=tuple(Row(interval_name(at), kept) for at, kept in _rising(intervals)),
        chapters=tuple(
            Row(str(number), chapters[number])
            for number in learner.library.chapters
            if number in chapters
        ),
        knowledge=tuple(_knowledge(learner, log, today)),
        sure=judged["sure"],
        unsure=judged["unsure"],
        predictions=judged["predictions"],
        model=_model(log, chances, every, fitted),
        work=tuple(_work(learner, log)),
    )


def monday(study_day: int) -> int:
    """The study day on which the week of a study day began."""
    return study_day - (study_day - _MONDAY) % 7


def _week(trial: Trial) -> int:
    return monday(trial.day)


def _weeks(found: _ByNumber, today: int) -> Iterator[Row]:
    first = monday(today) - 7 * (WEEKS - 1)
    return (Row(day_of(week).isoformat(), kept) for week, kept in _rising(found) if week >= first)


def _interval(trial: Trial) -> int:
    return bisect_left(INTERVALS, trial.interval)


def _rising(found: _ByNumber) -> list[tuple[int, Kept]]:
    return sorted((number, kept) for number, kept in found.items() if number is not None)


def interval_name(place: int) -> str:
    """`1 day`, `2 to 3 days`, `more than 180 days`."""
    if place == len(INTERVALS):
        return f"more than {INTERVALS[-1]} days"
    last = INTERVALS[place]
    first = INTERVALS[place - 1] + 1 if place else 1
    return f"{first} to {last} days" if first < last else "1 day"


def _chapter_of(learner: Learner) -> Callable[[Trial], int | None]:
    """The chapter of a trial's card; None where the decks have no such card."""
    topics = learner.library.topics
    chapters = {
        unit: topic.chapter
        for unit, entry in learner.course.entry_of.items()
        if (topic := topics.get(topic_of(entry)))
    }
    return lambda trial: chapters.get(trial.card)


def _knowledge(learner: Learner, log: ReviewLog, today: int) -> Iterable[tuple[int, float]]:
    """On the last day of each week since the first answer, at most a year back."""
    first = min((retention.days_of(life)[0] for life in log.lives), default=today)
    days = [day for ago in range(WEEKS - 1, -1, -1) if (day := today - 7 * ago) > first - 7]
    weights = learner.scheduler.model.weights
    sums = retention.knowledge(log, weights, days, learner.course.entry_of)
    return zip(days, sums, strict=True) if log.lives else ()


def _model(
    log: ReviewLog, chances: Sequence[float], every: _ByNumber, fitted: date | None
) -> ModelFit | None:
    if not log.scored:
        return None
    loss = score.mean(score.losses(chances, log.recalled()))
    return ModelFit(fitted, every[0], loss, score.rmse_bins(log, chances))


def _fitted_on(learner: Learner) -> date | None:
    """The day of the fit in force; None while the usual weights are."""
    found = newest(learner)
    return day_of(found.study_day) if found else None


def _work(learner: Learner, log: ReviewLog) -> list[Workload]:
    """What other wishes would cost; nothing as long as there is no pace to go by."""
    if not log.lives or not learner.course.entry_of:
        return []
    return fitting.forecast_work(learner, WISHES, WORK_DAYS, log)


def judgements(events: Iterable[Event]) -> dict[str, Share]:
    """How often the learner was right when sure, when unsure, and about a demo's outcome."""
    right: dict[str, list[bool]] = {"sure": [], "unsure": [], "predictions": []}
    for event in events:
        if event.kind == "prediction":
            if json.loads(event.payload or "{}").get("asked") == "predict":
                right["predictions"].append(bool(event.correct))
        elif event.confidence is not None and event.correct is not None:
            right[event.confidence].append(event.correct)
    return {name: share_of(sum(hits), len(hits)) for name, hits in right.items()}
