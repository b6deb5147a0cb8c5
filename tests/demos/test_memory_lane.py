"""Who remembers over how many steps, and what the panels say of the way back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import memory_lane
from tutor.lab import headless


def report(*settings: str) -> dict[str, Any]:
    return headless.run("memory-lane", settings)


def test_ten_steps_even_a_plain_rnn_remembers() -> None:
    found = report("cell=RNN", "length=10")
    assert not found["verdicts"][0]["holds"]
    assert found["measured"]["RNN_first_over_last"] > 0.01


@pytest.mark.parametrize("cell", ["LSTM", "GRU"])
def test_steps_too_small_leave_a_gated_cell_at_the_line(cell: str) -> None:
    found = report(f"cell={cell}", "learning_rate=0.0001", "hidden_units=8")
    assert [verdict["holds"] for verdict in found["verdicts"]] == [False]
    assert found["measured"][f"{cell}_loss"] > memory_lane.HALF


def test_only_the_chosen_cell_is_trained_and_judged() -> None:
    run = memory_lane.Run({**memory_lane.SPEC.defaults(), "cell": "GRU"}, 0)
    assert list(run.nets) == ["GRU"]
    assert len(run.verdicts()) == 1


def test_clipping_cuts_gradients_to_one() -> None:
    knobs = {**memory_lane.SPEC.defaults(), "cell": "RNN"}
    clipped = memory_lane.Run(knobs, 0)
    free = memory_lane.Run({**knobs, "clip": False}, 0)
    for run in (clipped, free):
        run.step(20)
    assert clipped.measured()["RNN_longest_gradient"] <= 1.0
    assert free.measured()["RNN_longest_gradient"] > 1.0


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_the_influence_is_the_slope_of_the_answer(cell: str) -> None:
    run = memory_lane.Run({**memory_lane.SPEC.defaults(), "cell": cell, "length": 10}, 0)
    run.influence(cell)
    net, X = run.nets[cell], run.X[:, : memory_lane.BATCH].copy()
    slope = net.dX[3, 5, 0]
    up, down = X.copy(), X.copy()
    up[3, 5, 0] += 1e-6
    down[3, 5, 0] -= 1e-6
    change = float(net.forward(up).copy()[5, 0] - net.forward(down)[5, 0]) / 2e-6
    assert slope == pytest.approx(change, rel=1e-5)


def test_looking_does_not_change_the_run() -> None:
    knobs = {**memory_lane.SPEC.defaults(), "hidden_units": 8, "length": 10}
    looked, alone = memory_lane.Run(knobs, 0), memory_lane.Run(knobs, 0)
    for _ in range(3):
        looked.frame()
        looked.step(5)
        alone.step(5)
    for name in looked.nets:
        assert np.array_equal(looked.nets[name].theta, alone.nets[name].theta)
