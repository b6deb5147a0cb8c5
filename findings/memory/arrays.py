"""FSRS-6 for many cards at once, as `tutor.memory.fsrs` has it for one.

All arrays have one element a card; weights have the shape (cards, 21).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
_LEAST_STABILITY = 0.001


def factor(decay: Floats) -> Floats:
    """The factor with which R(S, S) = 0.9; decay is minus weight 20."""
    made: Floats = 0.9 ** (1 / decay) - 1
    return made


def recall(weights: Floats, stability: Floats, days: Floats) -> Floats:
    """The chance to remember, so many days after the last answer."""
    decay = -weights[:, 20]
    found: Floats = (1 + factor(decay) * days / stability) ** decay
    return found


def interval(weights: Floats, stability: Floats, retention: Floats) -> Floats:
    """The days after which the chance to remember has fallen to the retention."""
    decay = -weights[:, 20]
    found: Floats = stability / factor(decay) * (retention ** (1 / decay) - 1)
    return found


def first(weights: Floats, rating: Ints) -> tuple[Floats, Floats]:
    """Stability and difficulty after the first answer."""
    stability = np.take_along_axis(weights, rating[:, None] - 1, axis=1)[:, 0]
    return stability, np.clip(_difficulty(weights, rating), 1, 10)


def after(
    weights: Floats, stability: Floats, difficulty: Floats, rating: Ints, days: Floats
) -> tuple[Floats, Floats]:
    """Stability and difficulty after another answer, so many days after the last."""
    w = weights.T
    remembered = recall(weights, stability, days)
    grown = stability * (
        1
        + np.exp(w[8]) * (11 - difficulty) * stability ** -w[9]
        * (np.exp(w[10] * (1 - remembered)) - 1)
        * np.where(rating == HARD, w[15], 1) * np.where(rating == EASY, w[16], 1)
    )  # fmt: skip
    lapsed = np.minimum(
        w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1)
        * np.exp(w[14] * (1 - remembered)),
        stability / np.exp(w[17] * w[18]),
    )  # fmt: skip
    gain = np.exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
    same_day = stability * np.where(rating >= GOOD, np.maximum(gain, 1), gain)
    tested = np.where(rating == AGAIN, lapsed, grown)
    new = np.where(days > 0, tested, same_day)
    damped = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
    easy = np.full_like(rating, EASY)
    harder = w[7] * _difficulty(weights, easy) + (1 - w[7]) * damped
    return np.clip(new, _LEAST_STABILITY, 36_500), np.clip(harder, 1, 10)


def _difficulty(weights: Floats, rating: Ints) -> Floats:
    found: Floats = weights[:, 4] - np.exp(weights[:, 5] * (rating - 1)) + 1
    return found
