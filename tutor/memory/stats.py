"""How it goes, in numbers: retention with its interval, days, streak, forecast, leeches.

Pure functions and counts; what they count comes from the journal and the states.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from tutor.memory.model import CardState
from tutor.memory.time import DAY_MS

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `n` trials with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(slots=True)
class DayCount:
    """The answers of one study day and how long they took together."""

    reviews: int = 0
    elapsed_ms: int = 0


@dataclass(slots=True)
class History:
    """The journal's answers in numbers, kept up to date answer by answer.

    days: by study day. scored, remembered: answers given at least one study day after the last
    one to the same card, and those of them that were not Again.
    """

    days: dict[int, DayCount] = field(default_factory=dict)
    scored: int = 0
    remembered: int = 0

    @property
    def reviews(self) -> int:
        """All answers that were not undone."""
        return sum(day.reviews for day in self.days.values())

    @property
    def retention(self) -> Share | None:
        """True retention: the share of scored answers that were remembered."""
        return share(self.remembered, self.scored) if self.scored else None

    def count(self, day: int, elapsed_ms: int, sign: int = 1) -> None:
        """Count an answer of a study day; sign -1 takes it back."""
        count = self.days.setdefault(day, DayCount())
        count.reviews += sign
        count.elapsed_ms += sign * elapsed_ms
        if not count.reviews:
            del self.days[day]

    def move(self, before: CardState, after: CardState) -> None:
        """Count what a card's answers tested, when its state becomes another."""
        self.scored += after.scored - before.scored
        self.remembered += after.remembered - before.remembered


def share(hits: int, trials: int) -> Share:
    """The share of hits with its 95 % score interval (Wilson 1927)."""
    low, high = wilson(hits, trials)
    return Share(hits / trials if trials else 0.0, low, high, trials)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); (0, 1) without any trial."""
    if not trials:
        return 0.0, 1.0
    value = hits / trials
    shrink = 1 + _Z95**2 / trials
    middle = (value + _Z95**2 / (2 * trials)) / shrink
    half = _Z95 / shrink * math.sqrt(value * (1 - value) / trials + _Z95**2 / (4 * trials**2))
    # At both ends the formula gives the end itself, but for the last digit.
    low = 0.0 if hits == 0 else middle - half
    return low, 1.0 if hits == trials else middle + half


def streak(days: Collection[int], today: int) -> int:
    """Study days in a row up to today, or up to yesterday as long as today has no answer."""
    day = today if today in days else today - 1
    length = 0
    while day in days:
        length += 1
        day -= 1
    return length


def forecast(waiting: Iterable[tuple[int, int]], start: int, days: int) -> Iterator[int]:
    """How many cards fall due on each of the next `days` study days, today's overdue included.

    waiting: (UTC ms, cards). start: the beginning of today.
    """
    counts = [0] * days
    for at, cards in waiting:
        day = max(0, (at - start) // DAY_MS)
        if day < days:
            counts[day] += cards
    yield from counts


def leeches(states: Iterable[CardState]) -> list[CardState]:
    """Cards forgotten again and again, the worst first."""
    return sorted((state for state in states if state.leech), key=lambda state: -state.lapses)
