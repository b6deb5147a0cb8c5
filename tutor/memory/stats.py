"""How it goes, in numbers: retention with its interval, days, streak, forecast, leeches.

Pure functions and counts; what they count comes from the journal and the states.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from tutor.memory.model import CardState, Event
from tutor.memory.time import DAY_MS

_Z95 = 1.959963984540054


Local = tuple[int, int]
"""A moment and a place: UTC ms, and the minutes by which the clock there is ahead of UTC."""

_LONGEST_MS = 36 * 3_600_000
_PUT_ON_MIN = 180


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
    one to the same card, and those of them that were not Again. skipped: study days that never
    were, because the learner crossed the date line. last: when and where the newest answer was.
    """

    days: dict[int, DayCount] = field(default_factory=dict)
    scored: int = 0
    remembered: int = 0
    skipped: set[int] = field(default_factory=set, compare=False)
    last: Local | None = field(default=None, compare=False)

    @property
    def reviews(self) -> int:
        """All answers that were not undone."""
        return sum(day.reviews for day in self.days.values())

    @property
    def retention(self) -> Share | None:
        """True retention: the share of scored answers that were remembered."""
        return share(self.remembered, self.scored) if self.scored else None

    def take(self, event: Event, sign: int = 1) -> None:
        """Count an answer; sign -1 takes it back."""
        day, here = event.study_day, (event.at_utc_ms, event.utc_offset_min)
        if sign > 0:
            left_out = day not in self.days and day - 1 not in self.days and day - 2 in self.days
            if left_out and self.last and crossed(self.last, here):
                self.skipped.add(day - 1)
            self.last = here
        self.count(day, event.elapsed_ms or 0, sign)

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


def crossed(before: Local, after: Local) -> bool:
    """Whether the study day between these answers never was: the date line took it.

    They are at most 36 hours apart, and the local clock was put on by more than daylight saving
    does.
    """
    return after[0] - before[0] <= _LONGEST_MS and after[1] - before[1] >= _PUT_ON_MIN


def streak(days: Collection[int], today: int, skipped: Collection[int] = ()) -> int:
    """Study days in a row up to today, or up to yesterday as long as today has no answer.

    Days that were skipped over the date line neither count nor break it.
    """
    day = today if today in days else today - 1
    length = 0
    while day in days or day in skipped:
        length += day in days
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
