"""What fits the minutes, at the learner's own pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.workload import CARD_S, KEPT, QUIZ_S, Pace, Proposal, propose


def test_before_there_are_answers() -> None:
    assert Pace().seconds(0) == CARD_S
    assert Pace().seconds(1) == QUIZ_S
    assert Pace().seconds(0.5) == (CARD_S + QUIZ_S) / 2


def test_a_long_pause_does_not_count() -> None:
    pace = Pace()
    for spent in (4000, 5000, 6000, 290_000, 5000):
        pace.add(False, spent)
    assert pace.seconds(0) == 5


def test_only_the_last_answers_count() -> None:
    pace = Pace()
    for spent in [60_000] * 500 + [3000] * KEPT:
        pace.add(True, spent)
    assert pace.seconds(1) == 3


@pytest.mark.parametrize(
    ("due", "new", "proposal"),
    [
        (0, 0, Proposal(0, 0, 0)),
        (23, 5, Proposal(23, 5, 5)),
        (60, 20, Proposal(60, 20, 14)),
        (140, 20, Proposal(140, 5, 20)),
        (1000, 20, Proposal(150, 0, 20)),
    ],
)
def test_reviews_first_then_new_cards(due: int, new: int, proposal: Proposal) -> None:
    assert propose(due, new, seconds=8.0, minutes=20) == proposal


@given(st.integers(0, 5000), st.integers(0, 100), st.floats(0.5, 300), st.integers(1, 240))
def test_what_is_proposed_fits(due: int, new: int, seconds: float, minutes: int) -> None:
    found = propose(due, new, seconds, minutes)
    assert 0 <= found.reviews <= due
    assert 0 <= found.new <= new
    one = seconds / 60
    assert found.minutes <= minutes + one + 1
    assert found.reviews > 0 or not due
