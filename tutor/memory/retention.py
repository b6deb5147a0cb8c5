"""True retention in a review log, beside what the weights foretold, and knowledge over time.

A trial is a scored answer: it came on a later study day than the card's last one, so it tests the
memory. Whoever asks says what the trials are grouped by: the week, the interval, the chapter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeVar

import fsrs_rs_python as engine

from tutor.memory.fsrs import retrievability
from tutor.memory.log import Life, ReviewLog
from tutor.memory.score import reviews
from tutor.memory.stats import Share, share

T = TypeVar("T")


class Trial(NamedTuple):
    """One scored answer: its card, its study day, the days since the card's last answer.

    chance: what the weights foretold. remembered: what came.
    """

    card: str
    day: int
    interval: int
    chance: float
    remembered: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What was remembered of some trials, with its 95 % interval, and what was foretold of them."""

    remembered: Share
    foretold: float


def trials(log: ReviewLog, chances: Sequence[float]) -> Iterator[Trial]:
    """The scored answers in the order of the log.

    chances: what was foretold of each, as `tutor.memory.score.forecasts` gives it.
    """
    days = [days_of(life) for life in log.lives]
    for (at, place), chance in zip(log.scored, chances, strict=True):
        life = log.lives[at]
        right = life.ratings[place] > 1
        yield Trial(life.card, days[at][place], life.days[place], chance, right)


def days_of(life: Life) -> list[int]:
    """The study day of each answer of a life; a clock set back never makes one earlier."""
    first = life.last_day - sum(life.days)
    return [first + since for since in accumulate(life.days)]


def kept(
    log: ReviewLog, chances: Sequence[float], *groups: Callable[[Trial], T]
) -> list[dict[T, Kept]]:
    """Retention by what each of `groups` says of a trial, in the order in which it said so."""
    counts: list[dict[T, list[float]]] = [defaultdict(lambda: [0, 0, 0.0]) for _ in groups]
    both = list(zip(groups, counts, strict=True))
    for trial in trials(log, chances):
        for group, rows in both:
            found = rows[group(trial)]
            found[0] += trial.remembered
            found[1] += 1
            found[2] += trial.chance
    return [
        {
            name: Kept(share(int(hits), int(count)), total / count)
            for name, (hits, count, total) in rows.items()
        }
        for rows in counts
    ]


def knowledge(
    log: ReviewLog, weights: Sequence[float], days: Sequence[int], cards: Container[str]
) -> list[float]:
    """How many of these cards were remembered on each of the study days, by chance.

    The sum of their retrievabilities; a card that was reset counts anew from its next answer.
    days: rising.
    """
    sums = [0.0] * len(days)
    lives = [life for life in log.lives if life.card in cards]
    if not lives:
        return sums
    items = [engine.FSRSItem(reviews(life)) for life in lives]
    states = engine.FSRS(list(weights)).historical_memory_state_batch(items)
    ends = _ends(lives)
    for life, found, end in zip(lives, states, ends, strict=True):
        answered = days_of(life)
        for at in range(bisect_right(days, answered[0] - 1), len(days)):
            day = days[at]
            if end is not None and day >= end:
                break
            last = bisect_right(answered, day) - 1
            sums[at] += retrievability(found[last].stability, day - answered[last], -weights[20])
    return sums


def _ends(lives: Sequence[Life]) -> list[int | None]:
    """The day on which the card's next life begins, for each life; None for the last one."""
    begins: dict[str, int] = {}
    ends: list[int | None] = []
    for life in reversed(lives):
        ends.append(begins.get(life.card))
        begins[life.card] = days_of(life)[0]
    return ends[::-1]
