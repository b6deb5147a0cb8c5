"""How much fits into the minutes a learner has, and how a backlog is spread over days.

The pace is the learner's own: the median of the last answers, so that a pause does not count.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from tutor.memory.waiting import NEW_ANSWERS

KEPT = 200
# Before there are answers: seconds for a card that is rated, and for one that is marked.
CARD_S, QUIZ_S = 8.0, 20.0


def _median(numbers: Collection[int]) -> float:
    """The middle of some numbers; loading `statistics` for it would cost every start more."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    return (ordered[half] + ordered[~half]) / 2


@dataclass(slots=True)
class Pace:
    """How long the learner's last answers took, of cards they rate and cards that are marked."""

    rated_ms: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT))
    marked_ms: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT))

    def add(self, marked: bool, elapsed_ms: int) -> None:
        """Take one more answer in; the oldest beyond 200 is forgotten."""
        (self.marked_ms if marked else self.rated_ms).append(elapsed_ms)

    def seconds(self, marked_share: float) -> float:
        """The seconds of one answer where `marked_share` of the cards are marked."""
        rated = _median(self.rated_ms) / 1000 if self.rated_ms else CARD_S
        marked = _median(self.marked_ms) / 1000 if self.marked_ms else QUIZ_S
        return rated + (marked - rated) * marked_share


@dataclass(frozen=True, slots=True)
class Proposal:
    """What Today proposes."""

    reviews: int
    new: int
    minutes: int


def propose(
    due: int,
    new: int,
    seconds: float,
    minutes: int,
    *,
    limit: int | None = None,
    done: int = 0,
) -> Proposal:
    """As many as fit: reviews first, new cards in the time that is left.

    due, new: cards that wait and cards that may come today. seconds: of one answer. limit: the
    most reviews of a day, of which `done` were done today.
    """
    answers = max(1, int(minutes * 60 / max(seconds, 0.1)))
    reviews = min(due, answers if limit is None else max(0, min(answers, limit - done)))
    fresh = min(new, (answers - reviews) // NEW_ANSWERS)
    work = (reviews + fresh * NEW_ANSWERS) * seconds
    return Proposal(reviews, fresh, math.ceil(work / 60))
