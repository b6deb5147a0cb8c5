"""How well each card is to be remembered: the learner's wish, another one for its deck, and less
of it for a hard card.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.shares import LEAST_RETENTION

# FSRS's difficulty goes from 1 to 10; up to this one a card is wished for as it stands.
_MIDDLE = 5.0
# By how much the share that may be forgotten grows, in powers of e, over five steps of difficulty.
_STEEPNESS = 0.5
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Wishes:
    """The desired retention of each card.

    every: the learner's. decks: of single decks, by name. by_difficulty: whether a hard card may be
    forgotten more often, so that the same minutes keep more (docs/memory.md).
    """

    every: float = 0.9
    decks: Mapping[str, float] = field(default_factory=dict)
    by_difficulty: bool = False

    def of_deck(self, key: str) -> float:
        """The wish for the deck of a card, which its answers keep in the journal."""
        wish = self.decks.get(key.partition("/")[0], self.every) if self.decks else self.every
        return round(wish, _DIGITS)

    def of(self, key: str, difficulty: float, wish: float | None = None) -> float:
        """The wish for a card; difficulty is 0 before its first answer.

        wish: that for its deck, where an earlier one is meant.
        """
        wish = wish or self.of_deck(key)
        return eased(wish, difficulty) if self.by_difficulty and difficulty else wish


def eased(wish: float, difficulty: float) -> float:
    """1 - r = (1 - wish) e^((D - 5) / 10) above difficulty 5, never below what may be asked for."""
    if difficulty <= _MIDDLE:
        return round(wish, _DIGITS)
    harder = (difficulty - _MIDDLE) / _MIDDLE
    forgotten = (1 - wish) * math.exp(_STEEPNESS * harder)
    return round(max(1 - forgotten, min(LEAST_RETENTION, wish)), _DIGITS)
