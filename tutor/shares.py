"""Shares as people write them: `0.9`, `90 %`, and a list such as `sat 50, sun 0`."""

from __future__ import annotations

import re
from functools import lru_cache

# What may be wished for: below, FSRS's curve asks for more minutes; above, for every day.
LEAST_RETENTION, MOST_RETENTION = 0.70, 0.97
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 2_000
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,6})?")
_PART = re.compile(r"(.*\S)\s+([^\s%]+)\s*%?")


def retention(text: str) -> float:
    """A desired retention, as a share or in per cent. Raises ValueError with the range in words."""
    number = _number(text.strip().removesuffix("%").strip())
    share = number / 100 if number > 1 else number
    if not LEAST_RETENTION <= share <= MOST_RETENTION:
        least, most = f"{LEAST_RETENTION:.2f}", f"{MOST_RETENTION:.2f}"
        raise ValueError(f"a retention is from {least} to {most}, or from 70 to 97 %")
    return round(share, 6)


@lru_cache(maxsize=64)
def deck_retentions(text: str) -> dict[str, float]:
    """`llm 95, maths 85` as shares by the deck's name. Raises ValueError."""
    return {name: retention(share) for name, share in _parts(text)}


@lru_cache(maxsize=64)
def easy_days(text: str) -> tuple[float, ...]:
    """`sat 50, sun 0` as a share of each weekday, from Monday on; 1 where none is given.

    Raises ValueError, also where no day is left.
    """
    shares = [1.0] * len(WEEKDAYS)
    for name, given in _parts(text):
        day, share = name.lower()[:3], _number(given) / 100
        if day not in WEEKDAYS or not name.isalpha():
            raise ValueError(f"`{name[:20]}` is no weekday; they are {', '.join(WEEKDAYS)}")
        if share > 1:
            raise ValueError("a weekday's share is from 0 to 100 %")
        shares[WEEKDAYS.index(day)] = share
    if not any(shares):
        raise ValueError("one weekday must be left to study on")
    return tuple(shares)


def _parts(text: str) -> list[tuple[str, str]]:
    """The names and numbers of a list, each name once."""
    if len(text) > LONGEST:
        raise ValueError(f"that is longer than {LONGEST:,} characters")
    found = []
    for part in filter(None, map(str.strip, text.split(","))):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"`{part[:40]}` is no name with a number, as in `sat 50`")
        found.append((match[1], match[2]))
    names = [name.lower() for name, _ in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"`{twice[:40]}` stands twice")
    return found


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"`{text[:20]}` is no number of per cent")
    return float(text)
