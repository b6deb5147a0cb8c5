"""Fits the 21 weights to a learner's own answers, and says honestly whether that helps.

The whole log says how well the weights describe the past; the time-series split, in which each
part is foretold by weights fitted on what came before it, says how well they foretell.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import fsrs_rs_python as engine

from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.log import ReviewLog
from tutor.memory.score import forecasts, losses, mean, reviews, rmse_bins

# With fewer scored answers the defaults are better than anything that could be learned.
LEAST = 8
SPLITS = 5
# Passes of the engine over the answers. On four logs of 184 to 18,533 scored answers 30 foretold
# later ones better than its default of 5 (docs/memory.md).
EPOCHS = 30
# Scored answers that a fit reads: 21 weights know no more after ten times as many, and it stays
# under ten seconds.
MOST = 40_000
# A loss that falls by less is noise of 32 bit floats.
_NOISE = 1e-6
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Split:
    """Mean log loss over the parts that were foretold, `n` answers in all.

    before: with the weights in force. after: with weights fitted on the answers before each part.
    low, high: the 95 % interval of `before - after`; above 0 the fit helps.
    """

    before: float
    after: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Fit:
    """What a fit found. The losses are means over the scored answers used, each counting the same.

    reviews, scored: answers in the log, and those that test the memory. used: how many of these
    were read: all those of some cards when there are very many. moved: whether a weight is another
    than before. longest: the most days between a scored answer and the one before it. better:
    whether the fitted weights describe the log better than those before.
    """

    reviews: int
    scored: int
    used: int
    weights: tuple[float, ...]
    moved: bool = False
    longest: int = 0
    log_loss_before: float | None = None
    log_loss_after: float | None = None
    rmse_bins_before: float | None = None
    rmse_bins_after: float | None = None
    split: Split | None = None

    @property
    def better(self) -> bool:
        """Whether the fitted weights describe the log better than those before."""
        if self.log_loss_before is None or self.log_loss_after is None:
            return False
        return self.moved and self.log_loss_after < self.log_loss_before - _NOISE


def fit(log: ReviewLog, before: Sequence[float] = DEFAULT_WEIGHTS) -> Fit:
    """Fit the weights to a log and compare them with those in force.

    Under 8 scored answers the weights stay as they are. With how many more the engine moves the
    four initial stabilities, and all, depends on the answers: docs/memory.md.
    """
    if len(log.scored) < LEAST:
        return Fit(log.reviews, len(log.scored), len(log.scored), tuple(before))
    weights = _fitted(log, len(log.scored))
    recalled = log.recalled()
    foretold, found = forecasts(log, before), forecasts(log, weights)
    return Fit(
        reviews=log.reviews,
        scored=len(log.scored),
        used=len(log.scored),
        longest=max(log.lives[life].days[place] for life, place in log.scored),
        weights=weights,
        moved=not all(map(_alike, weights, before)),
        log_loss_before=mean(losses(foretold, recalled)),
        log_loss_after=mean(losses(found, recalled)),
        rmse_bins_before=rmse_bins(log, foretold),
        rmse_bins_after=rmse_bins(log, found),
        split=_split(log, losses(foretold, recalled)),
    )


def _alike(one: float, other: float) -> bool:
    """Whether two weights are the same in the engine's 32 bits."""
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)


def _fitted(log: ReviewLog, first: int) -> tuple[float, ...]:
    """The weights fitted on the first so many scored answers."""
    told = [reviews(life) for life in log.lives]
    items = [engine.FSRSItem(told[life][: place + 1]) for life, place in log.scored[:first]]
    config = engine.TrainingConfig(num_epochs=EPOCHS)
    fitted = engine.FSRS(list(DEFAULT_WEIGHTS)).compute_parameters(items, training_config=config)
    return tuple(map(float, fitted))


def _split(log: ReviewLog, before: Sequence[float]) -> Split | None:
    """Five parts in order of time, each foretold by weights fitted on all before it."""
    size = len(log.scored) // (SPLITS + 1)
    if size < LEAST:
        return None
    first = len(log.scored) - SPLITS * size
    after, recalled = list[float](), log.recalled()
    for start in range(first, len(log.scored), size):
        foretold = forecasts(log, _fitted(log, start), start, start + size)
        after += losses(foretold, recalled[start : start + size])
    base = list(before[first:])
    gains = [old - new for old, new in zip(base, after, strict=True)]
    low, high = _interval(gains, [life for life, _ in log.scored[first:]])
    return Split(mean(base), mean(after), low, high, len(after))


def _interval(gains: Sequence[float], cards: Sequence[int]) -> tuple[float, float]:
    """The 95 % interval of the mean gain; answers to one card are not independent.

    Cluster-robust variance of a mean (Liang & Zeger 1986), with the cards as clusters.
    """
    middle = mean(gains)
    sums: dict[int, float] = defaultdict(float)
    for gain, card in zip(gains, cards, strict=True):
        sums[card] += gain - middle
    error = math.sqrt(math.fsum(total**2 for total in sums.values())) / len(gains)
    return middle - _Z95 * error, middle + _Z95 * error
