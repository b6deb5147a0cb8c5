"""Lends the learner's own reviews to the lab, as three arrays in a file.

A demo knows nothing of journals; `demos.base.lent` tells it which file holds what.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.paths import ensure_dir

if TYPE_CHECKING:
    from tutor.session.learner import Learner

# The demo that asks for the reviews, and the setting by which it does.
BORROWER, SETTING = "forgetting", "learner=own"


def lender(learner: Learner, demo: str) -> Callable[[], Path] | None:
    """What lends a demo the learner's reviews, to be called in a thread; None if it asks for none.

    For 100,000 answers it takes most of a second.
    """
    return partial(lend_reviews, learner) if demo == BORROWER else None


def lend_reviews(learner: Learner) -> Path:
    """Write card numbers, ratings and days since the answer before, card by card; lend the file.

    Raises UnwritableError when the data folder cannot be written; nothing is lent then.
    """
    import numpy as np

    from demos.base import lent
    from tutor.session.fitting import log_of

    lent.pop("reviews", None)
    lives = log_of(learner).lives
    path = ensure_dir(learner.place.data) / "reviews.npz"
    np.savez(
        path,
        card=np.repeat(np.arange(len(lives)), [len(life.ratings) for life in lives]),
        rating=np.array([int(rating) for life in lives for rating in life.ratings], dtype=np.int64),
        days=np.array([days for life in lives for days in life.days], dtype=float),
    )
    lent["reviews"] = path
    return path
