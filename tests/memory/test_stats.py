"""Intervals, streaks, forecasts: against worked examples and against definitions."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.memory.cards import NOW, state
from tutor.memory.stats import History, forecast, leeches, share, streak, wilson
from tutor.memory.time import DAY_MS

DAY = NOW.study_day


def test_wilson_against_a_worked_example() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    # The same table, no success: 0 of 20.
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


@pytest.mark.parametrize("trials", [10, 20, 30, 50])
def test_the_interval_holds_the_true_share_95_times_in_100(trials: int) -> None:
    """Exactly, over all scores: no draw is made. A score interval errs little to either side."""
    shares = [0.5 + 0.01 * step for step in range(48)]
    held = [
        sum(
            comb(trials, hits) * p**hits * (1 - p) ** (trials - hits)
            for hits in range(trials + 1)
            if wilson(hits, trials)[0] <= p <= wilson(hits, trials)[1]
        )
        for p in shares
    ]
    assert 0.945 < sum(held) / len(held) < 0.96
    assert min(held) > 0.91, shares[held.index(min(held))]


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(hits: int, trials: int) -> None:
    hits = min(hits, trials)
    found = share(hits, trials)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_without_a_trial_everything_is_possible() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert History().retention is None


@pytest.mark.parametrize(
    ("ago", "length"),
    [([], 0), ([0], 1), ([1], 1), ([2], 0), ([0, 1, 2, 4], 3), ([1, 2, 3], 3), ([0, 2], 1)],
)
def test_streaks(ago: list[int], length: int) -> None:
    assert streak({DAY - days for days in ago}, DAY) == length


def test_a_forecast_puts_the_overdue_on_today() -> None:
    start = 10 * DAY_MS
    waiting = [(start - 3 * DAY_MS, 2), (start, 1), (start + DAY_MS - 1, 1), (start + DAY_MS, 5),
               (start + 99 * DAY_MS, 7)]  # fmt: skip
    assert list(forecast(waiting, start, 3)) == [4, 5, 0]


def test_leeches_are_the_often_forgotten() -> None:
    states = [state("a", lapses=7), state("b", lapses=8), state("c", lapses=12)]
    assert [each.key for each in leeches(states)] == ["c", "b"]


def test_the_history_follows_answers_and_states() -> None:
    history = History()
    history.count(DAY, 1000)
    history.count(DAY, 1000)
    history.move(state("a"), state("a", scored=2, remembered=1))
    assert history.retention is not None
    assert (history.retention.value, history.reviews) == (0.5, 2)
    assert history.days[DAY].elapsed_ms == 2000


def test_counting_and_taking_back_leaves_nothing() -> None:
    history = History()
    known = state("a", last_day=DAY - 3)
    history.count(DAY, 700)
    history.count(DAY, 700, sign=-1)
    history.move(known, state("a", scored=1))
    history.move(state("a", scored=1), known)
    assert history == History()
