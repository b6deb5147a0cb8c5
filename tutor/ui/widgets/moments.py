"""Times in words a person uses: how long until a card is due, which day, how much.

The clock is an argument everywhere, so that tests can fix it.
"""

from __future__ import annotations

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def until(at_ms: int | None, now_ms: int) -> str:
    """`The next card is due in 3 h.`"""
    if at_ms is None:
        return "No card is waiting to come back: learn something new."
    left = at_ms - now_ms
    if left <= 0:
        return "A card is due now."
    return f"The next card is due in {span(left)}."


def span(ms: int) -> str:
    """`4 min`, `3 h`, `12 days`, rounded up so that nobody comes too early."""
    if ms < HOUR:
        return f"{-(-ms // MINUTE)} min"
    if ms < DAY:
        return f"{-(-ms // HOUR)} h"
    days = -(-ms // DAY)
    return f"{days} day" if days == 1 else f"{days} days"
