"""How well weights foretell the answers of a log: log loss, and RMSE over bins of like answers.

Every scored answer weighs the same, unless recency weights are given as the engine uses them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import fsrs_rs_python as engine

from tutor.memory.fsrs import retrievability
from tutor.memory.log import Life, ReviewLog

# As in the engine: a forecast of exactly 0 or 1 would cost infinitely much when wrong.
_LEAST = 1e-7
Bin = tuple[int, int, int]


def forecasts(
    log: ReviewLog, weights: Sequence[float], start: int = 0, end: int | None = None
) -> list[float]:
    """The chance to remember that the weights foretold before each scored answer.

    start, end: of these scored answers only.
    """
    items = [engine.FSRSItem(reviews(life)) for life in log.lives]
    states = engine.FSRS(list(weights)).historical_memory_state_batch(items) if items else []
    decay = -weights[20]
    return [
        retrievability(states[life][place - 1].stability, log.lives[life].days[place], decay)
        for life, place in log.scored[start:end]
    ]


def reviews(life: Life) -> list[engine.FSRSReview]:
    """A life in the engine's words."""
    return [engine.FSRSReview(*pair) for pair in zip(life.ratings, life.days, strict=True)]


def losses(chances: Sequence[float], recalled: Sequence[bool]) -> list[float]:
    """The binary cross-entropy of each forecast."""
    return [
        -math.log(min(1.0, max(_LEAST, chance if right else 1 - chance)))
        for chance, right in zip(chances, recalled, strict=True)
    ]


def mean(values: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """The (weighted) mean."""
    if weights is None:
        return math.fsum(values) / len(values)
    pairs = zip(values, weights, strict=True)
    return math.fsum(value * weight for value, weight in pairs) / math.fsum(weights)


def rmse_bins(
    log: ReviewLog, chances: Sequence[float], weights: Sequence[float] | None = None
) -> float:
    """The root of the mean squared gap between forecast and outcome over bins of like answers.

    Bins by elapsed days, number of reviews and number of lapses, as the engine's `evaluate`
    does it; source: https://github.com/open-spaced-repetition/srs-benchmark (RMSE (bins)).
    """
    bins: dict[Bin, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    of_life = [_bins(life) for life in log.lives]
    for at, ((life, place), right) in enumerate(zip(log.scored, log.recalled(), strict=True)):
        found = bins[of_life[life][place]]
        found[0] += chances[at] - right
        found[1] += 1
        found[2] += 1 if weights is None else weights[at]
    squares = math.fsum((gap / count) ** 2 * weight for gap, count, weight in bins.values())
    return math.sqrt(squares / math.fsum(weight for *_, weight in bins.values()))


def recency(count: int) -> list[float]:
    """The engine's weights of `count` answers in order: 0.25 for the oldest, 1 for the newest."""
    return [0.25 + 0.75 * (at / max(1, count - 1)) ** 3 for at in range(count)]


def _bins(life: Life) -> list[Bin]:
    """The bin of each answer: its steps grow like powers of 3.62, 1.89 and 1.73."""
    found, count, lapses = [], 1, 0
    for rating, days in zip(life.ratings, life.days, strict=True):
        count += days > 0
        found.append(_bin(days, count, lapses) if days > 0 else (0, 0, 0))
        lapses += rating == 1 and days > 0
    return found


@lru_cache(maxsize=100_000)
def _bin(days: int, count: int, lapses: int) -> Bin:
    """The bin of a scored answer, by the days before it, the days of review, and the lapses."""
    return (
        round(_step(days, 2.48, 3.62) * 100),
        round(_step(count, 1.99, 1.89)),
        round(_step(lapses, 1.65, 1.73)) if lapses else 0,
    )


def _step(value: int, scale: float, base: float) -> float:
    return scale * base ** math.floor(math.log(value, base))
