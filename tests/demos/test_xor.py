"""The XOR demo: what a start decides, and what neither rate nor patience changes."""

from __future__ import annotations

import pytest

from demos import sweep
from demos.base import Value
from demos.xor import SPEC, Run


def solved(seeds: int, **changed: Value) -> float:
    """The share of seeds that solve it."""
    members = [({**SPEC.defaults(), **changed}, seed) for seed in range(seeds)]
    return sum(row.measured["solved"] for row in sweep.measure("xor", members)) / seeds


def test_three_starts_in_ten_never_arrive_whatever_the_rate() -> None:
    for rate in (0.3, 1.0, 3.0):
        assert 0.65 <= solved(320, learning_rate=rate) <= 0.77


def test_a_smaller_start_or_a_third_unit_helps() -> None:
    assert solved(320, init_scale=0.1) > 0.82
    assert solved(320, hidden_units=3) > 0.95
    assert solved(320, activation="relu") < 0.35


def test_one_unit_never_solves_it() -> None:
    assert solved(64, hidden_units=1) == 0.0


def test_a_slow_run_is_told_from_a_stuck_one() -> None:
    slow, stuck = (
        Run({**SPEC.defaults(), "learning_rate": rate, "hidden_units": 1}, 2) for rate in (0.02, 1)
    )
    for run in (slow, stuck):
        run.step(2000)
    assert not any(run.measured()["solved"] for run in (slow, stuck))
    assert stuck.verdicts()[0].holds
    assert stuck.answers().observe == 1


@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_the_scale_multiplies_the_start(scale: float) -> None:
    plain, scaled = (Run({**SPEC.defaults(), "init_scale": s}, 4) for s in (1.0, scale))
    assert scaled.net.theta == pytest.approx(scale * plain.net.theta)
