"""The learner's own time: study days that begin at a rollover hour, not at midnight.

A study day is counted from the local clock once, when something happens, and never again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

MINUTE_MS = 60_000
DAY_MS = 86_400_000

Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment as the learner lives it: clock, offset and study day, settled together."""

    utc_ms: int
    utc_offset_min: int
    study_day: int


def system_clock() -> int:
    """The present moment in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def local_offset(utc_ms: int) -> int:
    """The system's offset from UTC at that moment, in minutes east."""
    return (time.localtime(utc_ms / 1000).tm_gmtoff or 0) // 60


def study_day(utc_ms: int, offset_min: int, rollover: int) -> int:
    """Days since 1970-01-01 of the learner's own day, which begins at the hour `rollover`."""
    return (utc_ms - _shift_ms(offset_min, rollover)) // DAY_MS


def day_start(day: int, offset_min: int, rollover: int) -> int:
    """The moment in UTC milliseconds at which a study day begins under that offset."""
    return day * DAY_MS + _shift_ms(offset_min, rollover)


def nearest_day(utc_ms: int, offset_min: int, rollover: int) -> int:
    """The study day whose beginning is nearest to `utc_ms`.

    A card promised for the beginning of a day is due on that day wherever the learner has
    travelled since, and whatever the clocks have done: both move that moment by hours only.
    """
    return study_day(utc_ms + DAY_MS // 2, offset_min, rollover)


def now(clock: Clock, rollover: int, offset_at: Callable[[int], int] = local_offset) -> Moment:
    """This moment with its offset and study day."""
    utc_ms = clock()
    offset = offset_at(utc_ms)
    return Moment(utc_ms, offset, study_day(utc_ms, offset, rollover))


def iso(utc_ms: int) -> str:
    """`2026-11-21T04:00:00Z`, cut to whole seconds."""
    return datetime.fromtimestamp(utc_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shift_ms(offset_min: int, rollover: int) -> int:
    return (rollover * 60 - offset_min) * MINUTE_MS
