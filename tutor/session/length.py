"""How long a session may last, for who has three minutes."""

from __future__ import annotations

from tutor.memory.time import MINUTE_MS


class Length:
    """The minutes of a session, counted from its first card; None has no end.

    spent_ms: before, as when a session goes on that was left.
    """

    tick_s = 10.0
    """So often a page tells again how much is left, while one card is thought about."""

    def __init__(self, minutes: int | None) -> None:
        self.minutes = minutes
        self.spent_ms = 0
        self._began_ms: int | None = None

    def left_ms(self, now_ms: int) -> int | None:
        """How much is left; a clock that was set back takes nothing away."""
        if self.minutes is None:
            return None
        if self._began_ms is None:
            self._began_ms = now_ms
        spent = self.spent_ms + max(0, now_ms - self._began_ms)
        return max(0, self.minutes * MINUTE_MS - spent)

    def left(self, now_ms: int) -> str:
        """`3 min left`; empty without an end."""
        left = self.left_ms(now_ms)
        return "" if left is None else f"{-(-left // MINUTE_MS)} min left"

    def over(self, now_ms: int, answer_ms: float) -> bool:
        """Whether no further answer fits, at so many milliseconds an answer.

        One that may come to an end half too late still fits, so that it ends near the time.
        """
        left = self.left_ms(now_ms)
        return left is not None and left < max(1.0, min(answer_ms, MINUTE_MS) / 2)

    def __str__(self) -> str:
        """`3 minutes are over`, for its end."""
        return "1 minute is over" if self.minutes == 1 else f"{self.minutes} minutes are over"
