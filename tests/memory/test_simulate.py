"""The forecast of work: more for more retention, bounded by the learner's limits and pace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.memory import synthetic
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.simulate import Buttons, Study, workload

STUDY = Study(cards=200, new_a_day=10, reviews_a_day=200, seconds=8.0, buttons=Buttons())


def test_more_retention_costs_more_and_keeps_more() -> None:
    low, middle, high = (workload(DEFAULT_WEIGHTS, r, 200, STUDY) for r in (0.75, 0.9, 0.97))
    assert low.reviews < middle.reviews < high.reviews
    assert low.remembered < middle.remembered < high.remembered <= high.introduced == 200


def test_new_cards_keep_to_the_limit() -> None:
    assert workload(DEFAULT_WEIGHTS, 0.9, 7, STUDY).introduced == 70


def test_minutes_follow_the_learners_pace() -> None:
    one = workload(DEFAULT_WEIGHTS, 0.9, 100, STUDY)
    slow = workload(DEFAULT_WEIGHTS, 0.9, 100, replace(STUDY, seconds=16.0))
    assert slow.minutes == pytest.approx(2 * one.minutes, rel=1e-5)
    assert slow.reviews == one.reviews


def test_the_learners_own_buttons_count() -> None:
    own = replace(STUDY, buttons=Buttons.of(synthetic.log(300).lives))
    assert workload(DEFAULT_WEIGHTS, 0.9, 100, own) != workload(DEFAULT_WEIGHTS, 0.9, 100, STUDY)


def test_the_same_every_time() -> None:
    assert workload(DEFAULT_WEIGHTS, 0.9, 100, STUDY) == workload(DEFAULT_WEIGHTS, 0.9, 100, STUDY)
