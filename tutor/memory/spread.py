"""Which of the days that fuzz allows a card gets: the one with the least on it for its place.

Further off fewer cards wait as yet, whatever day it is. So a day is compared with the straight line
through the days around it: the emptiest of all would be the last one nearly always, and intervals
would grow beyond what the memory allows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Load = Callable[[int], int]
"""How many reviews a study day has so far."""

WEEK = 7
EVEN = (1.0,) * WEEK
# 1970-01-01 was a Thursday.
_THURSDAY = 3
# No more days than these, around the one that was drawn, are looked at.
_REACH = 30


class Spread:
    """Chooses the day of a card among those that fuzz allows.

    load: what waits on a study day. shares: how much of a usual day each weekday is to have, from
    Monday on; 0 keeps it free wherever another day will do.
    """

    def __init__(self, load: Load, shares: Sequence[float] = EVEN) -> None:
        self._load = load
        self._shares = tuple(shares)

    def choose(self, today: int, days: range, drawn: int) -> int:
        """The interval in days, one of `days`; what was drawn by chance where none is better.

        today: the study day of the answer. Depends on nothing but the loads, the shares and these.
        """
        near = range(max(days.start, drawn - _REACH), min(days.stop, drawn + _REACH + 1))
        if len(near) < 2:
            return drawn
        loads = [self._load(today + each) for each in near]
        line = _line(loads)
        above = [
            _above(load, usual, self.share(today + each))
            for each, load, usual in zip(near, loads, line, strict=True)
        ]
        least = min(above)
        lightest = (each for each, found in zip(near, above, strict=True) if found <= least)
        return min(lightest, key=lambda each: (abs(each - drawn), each))

    def share(self, day: int) -> float:
        """How much of a usual day a study day is to have."""
        return self._shares[weekday(day)]


def weekday(day: int) -> int:
    """0 for a Monday to 6 for a Sunday."""
    return (day + _THURSDAY) % WEEK


def _above(load: int, usual: float, share: float) -> float:
    """How many cards a day has more than its place and its weekday may have.

    As a difference: as a ratio the days further off, which hold fewer, would win by chance alone.
    """
    return load - usual * share if share else math.inf


def _line(loads: Sequence[int]) -> list[float]:
    """The least squares line through the loads, nowhere below one card."""
    n = len(loads)
    middle, mean = (n - 1) / 2, sum(loads) / n
    square = n * (n * n - 1) / 12
    slope = sum((at - middle) * load for at, load in enumerate(loads)) / square
    return [max(1.0, mean + slope * (at - middle)) for at in range(n)]
