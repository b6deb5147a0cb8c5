"""What waits on one study day, counted once and told in parts, the same on every page."""

from __future__ import annotations

import math
from dataclasses import dataclass

# A new card comes at least twice on its first day.
NEW_ANSWERS = 2


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a study day, in parts: a card goes from one to the next and is counted once.

    due: reviews. learning: cards in their first or repeated steps, now or later on the day.
    new: cards that may still come for the first time.
    """

    due: int = 0
    learning: int = 0
    new: int = 0

    def __bool__(self) -> bool:
        return bool(self.due or self.learning or self.new)

    def __str__(self) -> str:
        return f"{self.due:,} due · {self.learning:,} learning · {self.new:,} new"

    def minutes(self, seconds: float) -> int:
        """How long all of it takes at so many seconds an answer."""
        return math.ceil((self.due + self.learning + self.new * NEW_ANSWERS) * seconds / 60)
