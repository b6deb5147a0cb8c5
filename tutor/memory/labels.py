"""Lengths of time in words: `6m`, `8d`, `3mo` on a button, `3 h` and `12 days` in a sentence.

The words on a button are made of the very interval that the button gives.
"""

from __future__ import annotations

from datetime import date

from tutor.memory.time import DAY_MS, MINUTE_MS
from tutor.text.numerals import plural

HOUR_MS = 60 * MINUTE_MS
EPOCH = date(1970, 1, 1).toordinal()  # of study day 0

_MONTH_DAYS = 30.4375
_YEAR_DAYS = 365.25


def interval_label(interval_ms: int) -> str:
    """`1m` to `59m`, `1h` to `23h`, `1d` to `30d`, then months and years with one decimal."""
    minutes = interval_ms / MINUTE_MS
    days = interval_ms / DAY_MS
    if round(minutes) < 60:
        return f"{round(minutes)}m"
    if round(minutes / 60) < 24:
        return f"{round(minutes / 60)}h"
    if round(days) <= 30:
        return f"{round(days)}d"
    if round(days / _MONTH_DAYS, 1) < 12:
        return f"{_tenths(days / _MONTH_DAYS)}mo"
    return f"{_tenths(days / _YEAR_DAYS)}y"


_UNITS = {"m": "minute", "h": "hour", "d": "day", "mo": "month", "y": "year"}


def interval_words(interval_ms: int) -> str:
    """The same for ears: `10 minutes`, `1 day`, `2.5 months`."""
    label = interval_label(max(0, interval_ms))
    number = label.rstrip("".join(_UNITS))
    return f"{number} {_UNITS[label[len(number) :]]}{'' if number == '1' else 's'}"


def _tenths(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def day_name(day: int) -> str:
    """`Fri 20 Nov` of a study day: one name for it, also after midnight."""
    then = date.fromordinal(EPOCH + day)
    return f"{then:%a} {then.day} {then:%b}"


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
    if ms < HOUR_MS:
        return f"{-(-ms // MINUTE_MS)} min"
    if ms < DAY_MS:
        return f"{-(-ms // HOUR_MS)} h"
    days = -(-ms // DAY_MS)
    return plural(days, "day")


def days_until(days: int) -> str:
    """`3 days ago`, `today`, `tomorrow`, `12 days`."""
    if days < 0:
        return f"{plural(-days, 'day')} ago"
    if days == 0:
        return "today"
    return "tomorrow" if days == 1 else plural(days, "day")
