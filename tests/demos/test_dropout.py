"""Dropout helps against wrong labels, and has nothing to help with without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import dropout
from demos.catalog import spec
from demos.engine.mlp import Mlp
from tutor.lab import headless


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("dropout", settings, seed)


@pytest.mark.parametrize("setting", ["drop_rate=0", "label_noise=0"])
def test_without_dropping_or_wrong_labels_nothing_is_gained(setting: str) -> None:
    found = report(setting)
    assert [verdict["holds"] for verdict in found["verdicts"]] == [False, False, True]
    assert abs(found["measured"]["test_gain"]) < 0.04


def test_a_network_that_drops_nothing_is_the_other_one() -> None:
    run = dropout.Run({**spec("dropout").defaults(), "drop_rate": 0.0}, 0)
    run.step(30)
    assert np.array_equal(run.plain.theta, run.dropped.theta)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_survivors_are_multiplied_by_one_over_the_keep_rate(rate: float) -> None:
    net = Mlp((1, 1000, 1), "linear", weights="constant", scale=1.0, dropout=rate)
    net.forward([[10.0]])
    units = net.activations(0)[0]
    assert set(np.round(units, 9)) == {0.0, round(10.0 / (1.0 - rate), 9)}
    assert np.mean(units == 0.0) == pytest.approx(rate, abs=0.06)


def test_nothing_is_dropped_or_scaled_at_test_time() -> None:
    net = Mlp((1, 1000, 1), "linear", weights="constant", scale=1.0, dropout=0.5)
    assert np.all(net.hidden([[10.0]])[0] == 10.0)


def test_half_of_the_units_that_are_awake_are_dropped() -> None:
    run = dropout.Run(spec("dropout").defaults(), 0)
    run.step(15)
    states = run._mask()
    awake = states[states != 0]
    assert len(awake) > 30
    assert np.mean(awake < 0) == pytest.approx(0.5, abs=0.25)
