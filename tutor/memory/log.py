"""The journal as the fit reads it: each card's answers, and which of them test its memory.

The same rules as in the states: whole study days, never negative, a reset begins a new life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tutor.memory.model import Event, Rating


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer given in another program; `offset_min` is the learner's own, east of UTC."""

    card_id: str
    rating: Rating
    at_utc_ms: int
    offset_min: int
    elapsed_ms: int | None


@dataclass(slots=True)
class Life:
    """The answers of one card from its first, or from a reset, on.

    ratings: 1 to 4. days: study days since the answer before; 0 for the first.
    """

    card: str
    ratings: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    last_day: int = 0

    def add(self, rating: int, day: int) -> bool:
        """Add an answer; whether it tests the memory, coming on a later day than the last."""
        elapsed = max(0, day - self.last_day) if self.ratings else 0
        self.ratings.append(rating)
        self.days.append(elapsed)
        self.last_day += elapsed if len(self.days) > 1 else day
        return elapsed > 0


@dataclass(slots=True)
class ReviewLog:
    """All lives, and the scored answers as (life, place in it) in the order of answering."""

    lives: list[Life] = field(default_factory=list)
    scored: list[tuple[int, int]] = field(default_factory=list)
    reviews: int = 0

    def recalled(self) -> list[bool]:
        """Of each scored answer, whether the card was remembered."""
        return [self.lives[life].ratings[place] > 1 for life, place in self.scored]


def review_log(events: Iterable[Event], rename: Callable[[str], str] = str) -> ReviewLog:
    """Read active events, in the order of their ids. rename: the present key of an old one."""
    log = ReviewLog()
    current: dict[str, int] = {}
    times: list[int] = []
    for event in events:
        key = rename(event.card_key)
        if event.kind == "reset":
            current.pop(key, None)
        if event.kind != "review" or event.rating is None:
            continue
        if key not in current:
            current[key] = len(log.lives)
            log.lives.append(Life(key))
        life = current[key]
        log.reviews += 1
        if log.lives[life].add(int(event.rating), event.study_day):
            log.scored.append((life, len(log.lives[life].ratings) - 1))
            times.append(event.study_day)
    # An imported log is younger in the journal than it is in truth.
    order = sorted(range(len(times)), key=times.__getitem__)
    log.scored = [log.scored[place] for place in order]
    return log
