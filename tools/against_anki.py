"""Our scheduler beside Anki's own backend, answer by answer: `python -m tools.against_anki [SEED]`.

240 random histories in each of three zones: mixed ratings, several answers a day, early, late and
far overdue, a minute before and after the day begins. Fuzz is off in both. After each answer ours
goes on from Anki's memory, so that a difference counts once. Prints the table of
docs/coming-from-anki.md, and ends with 1 if a difference is of no class that is told there.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from zoneinfo import ZoneInfo

from tools.anki_clock import live, missing
from tutor.memory import schedule
from tutor.memory.model import CardState, Rating
from tutor.memory.schedule import MAX_DAYS, Scheduler
from tutor.memory.time import DAY_MS, Moment, day_start, study_day

ZONES = ("UTC", "Europe/Berlin", "America/New_York")
HISTORIES, ANSWERS = 240, 9
ROLLOVER = 4
_DAY_S, _HOUR_S = 86_400, 3600
_RATINGS = (1, 2, 3, 3, 3, 3, 3, 4)
# Anki keeps stability in four digits and difficulty in three.
_ROUNDED = 6e-4
# Anki's Hard on a first step is the mean of the first two, ours rounded up to minutes.
_ANKI_HARD_S, _OUR_HARD_S = 330, 360


class Found(NamedTuple):
    """What one answer showed: the class of the interval, and of the memory."""

    interval: str
    memory: str


def main() -> int:
    """Compare in all zones and print the table. Returns the exit status."""
    if missing():
        print(f"skipped: {missing()} is not there")
        return 0
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    print(f"seed {seed}; fuzz off; ours goes on from Anki's memory after each answer")
    unknown = 0
    for zone in ZONES:
        found = list(compare(zone, seed))
        intervals = Counter(each.interval for each in found)
        memories = Counter(each.memory for each in found)
        print(f"{zone}: {len(found):,} answers; {_told(intervals)}; memory {_told(memories)}")
        unknown += intervals["not explained"] + memories["not explained"]
    return 1 if unknown else 0


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count:,} {what}" for what, count in counts.most_common())


def compare(zone: str, seed: int) -> Iterator[Found]:
    """Each answer of the histories in one zone."""
    with _zone(zone), patch.object(schedule, "fuzz_chance", lambda *_: None):
        begin = round(datetime(2025, 1, 6, 9, tzinfo=ZoneInfo(zone)).timestamp())
        plans = [plan(random.Random(f"{seed} {zone} {i}"), begin, zone) for i in range(HISTORIES)]
        cards = [{"kind": "Basic", "steps": steps} for steps in plans]
        with tempfile.TemporaryDirectory() as folder:
            asked: dict[str, Any] = {"begin": begin, "fsrs": True, "legacy": True, "cards": cards}
            told = live(Path(folder), zone, 600, **asked, package="")
        given: list[list[Any]] = [[] for _ in plans]
        for number, result in told["done"]:
            given[number].append(result)
        for number, (steps, results) in enumerate(zip(plans, given, strict=True)):
            yield from followed(f"deck/card{number}", steps, results, zone)


class _zone:  # noqa: N801 - a context manager that reads like a word
    """The process's own zone, for as long as it is open."""

    def __init__(self, name: str) -> None:
        self.name, self.before = name, os.environ.get("TZ")

    def __enter__(self) -> None:
        os.environ["TZ"] = self.name
        time.tzset()

    def __exit__(self, *_: object) -> None:
        os.environ.pop("TZ") if self.before is None else os.environ.update(TZ=self.before)
        time.tzset()


def plan(draw: random.Random, begin: int, zone: str) -> list[tuple[int, int]]:
    """Seconds and ratings: around the date that our scheduler gives, and around the day's start."""
    state, at, steps = CardState("deck/plan"), begin + draw.randrange(20 * _DAY_S), []
    for _ in range(draw.randrange(3, 2 * ANSWERS)):
        rating = draw.choice(_RATINGS)
        steps.append((at, rating))
        now = moment(at, zone)
        state = Scheduler().outcome(state, Rating(rating), now).state
        wait = max(60, state.due_utc_ms // 1000 - at)
        share = draw.choice((0.3, 1, 1, 1, 1.2, 3, 10))
        at += min(max(60, round(wait * share)), 400 * _DAY_S) + draw.randrange(1, 14 * _HOUR_S)
        if draw.random() < 0.2:
            edge = day_start(moment(at, zone).study_day + 1, now.utc_offset_min, ROLLOVER) // 1000
            at = max(at + 1, edge + draw.choice((-60, 60)))
        if draw.random() < 0.15:
            at = steps[-1][0] + draw.choice((61, 700, 2 * _HOUR_S))
    return steps


def moment(at: int, zone: str) -> Moment:
    """That second as the learner lives it."""
    offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()
    assert offset is not None
    minutes = round(offset.total_seconds() / 60)
    return Moment(at * 1000, minutes, study_day(at * 1000, minutes, ROLLOVER))


def followed(
    key: str, steps: list[tuple[int, int]], results: list[list[float]], zone: str
) -> Iterator[Found]:
    """One history: what each answer shows."""
    state, before = CardState(key), 0
    for (at, rating), (interval, stability, difficulty) in zip(steps, results, strict=True):
        now = moment(at, zone)
        outcome = Scheduler().outcome(state, Rating(rating), now)
        ours = outcome.interval_ms // DAY_MS or -outcome.interval_ms // 1000
        shifted = before and anki_days(before, at, zone) != now.study_day - (state.last_day or 0)
        yield Found(
            _interval(ours, round(interval), bool(shifted)),
            _memory(outcome.state, stability, difficulty, bool(shifted)),
        )
        after = replace(outcome.state, stability=stability, difficulty=difficulty)
        if interval > 0 and after.phase == "review":
            due = day_start(now.study_day + round(interval), now.utc_offset_min, ROLLOVER)
            after = replace(after, due_utc_ms=due)
        state, before = after, at


def anki_days(before: int, at: int, zone: str) -> int:
    """Days between two answers as Anki counts them: blocks of 24 hours back from the next day."""
    now = moment(at, zone)
    following = day_start(now.study_day + 1, now.utc_offset_min, ROLLOVER) // 1000
    return (following - before) // _DAY_S - (following - at) // _DAY_S


def _interval(ours: int, anki: int, shifted: bool) -> str:
    if ours == anki:
        return "intervals equal"
    if (ours, anki) == (-_OUR_HARD_S, -_ANKI_HARD_S):
        return "Hard on the first step (360 s, Anki 330)"
    if shifted:
        return "days over a change of the clocks"
    if min(ours, anki) >= MAX_DAYS - 2:
        return "the longest interval"
    return "not explained"


def _memory(state: CardState, stability: float, difficulty: float, shifted: bool) -> str:
    apart = max(
        abs(state.stability - stability) / max(stability, 1), abs(state.difficulty - difficulty)
    )
    if apart < 1e-5:
        return "equal"
    if apart <= _ROUNDED:
        return "rounded by Anki"
    return "days over a change of the clocks" if shifted else "not explained"


if __name__ == "__main__":
    sys.exit(main())
