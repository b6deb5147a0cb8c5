"""How many days a backlog takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.memory.backlog import MOST, days_to_clear
from tutor.memory.model import CardState
from tutor.memory.schedule import Scheduler
from tutor.memory.time import Moment, day_start, study_day

NOW_MS = 1_795_260_000_000
NOW = Moment(NOW_MS, 0, study_day(NOW_MS, 0, 4))


def cards(count: int, overdue: int, stability: float = 60.0) -> list[CardState]:
    """Cards in review that were due so many days ago."""
    due = NOW.study_day - overdue
    return [
        CardState(
            f"d/c{number}", "review", stability, 5.0, day_start(due, 0, 4), reps=5,
            first_day=due - 200, last_day=due - 60,
        )
        for number in range(count)
    ]  # fmt: skip


def test_nothing_waits_and_all_of_it_fits() -> None:
    assert days_to_clear(cards(20, -5), Scheduler(), NOW, 10) == 0
    assert days_to_clear(cards(8, 0), Scheduler(), NOW, 20) == 1


def test_what_was_forgotten_is_asked_again_and_comes_back() -> None:
    """A quotient says 5 days; repeats and returns make it more."""
    days = days_to_clear(cards(100, 7), Scheduler(), NOW, 20)
    assert days is not None
    assert 5 < days <= 9


def test_what_falls_due_meanwhile_counts() -> None:
    still = cards(60, 3)
    alone = days_to_clear(still, Scheduler(), NOW, 20)
    later = [
        replace(card, key=f"d/l{number}", due_utc_ms=day_start(NOW.study_day + number % 6, 0, 4))
        for number, card in enumerate(cards(60, 0))
    ]
    both = days_to_clear(still + later, Scheduler(), NOW, 20)
    assert alone is not None
    assert both is not None
    assert both > alone + 1


def test_a_backlog_that_does_not_get_less_is_told() -> None:
    assert days_to_clear(cards(300, 30, stability=0.5), Scheduler(), NOW, 2) is None


@pytest.mark.parametrize("times", [3, 10])
def test_of_very_many_some_stand_for_all(times: int) -> None:
    few, many = cards(MOST - 1, 7), cards((MOST - 1) * times, 7)
    one = days_to_clear(few, Scheduler(), NOW, 100)
    other = days_to_clear(many, Scheduler(), NOW, 100 * times)
    assert one is not None
    assert other is not None
    assert abs(one - other) <= 2
