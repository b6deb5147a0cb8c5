"""The race's step counts, which separate programs agree on, and closed forms near the saddle."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from demos import catalog, optimizers
from tutor.lab import headless


def run(*settings: str) -> dict[str, Any]:
    return headless.run("optimizers", settings)


def steps(*settings: str) -> list[int]:
    m = run(*settings)["measured"]
    return [int(m[f"steps_{rule}"]) for rule in optimizers.RULES]


def test_along_the_axes() -> None:
    assert steps() == [361, 108, 50, 13, 149, 82]


def test_turning_the_ravine_hurts_only_rates_for_each_coordinate() -> None:
    straight, turned = steps(), steps("angle=45")
    assert turned[:3] == straight[:3]
    assert turned[3] == 1024
    assert all(after > 5 * before for before, after in zip(straight[3:], turned[3:], strict=True))


def test_a_turned_ravine_refuses_the_claim_for_adagrad() -> None:
    failing = [v["claim"] for v in run("angle=45")["verdicts"] if not v["holds"]]
    assert failing == ["AdaGrad's steps over those of SGD"]


def test_little_momentum_refuses_the_claim_for_momentum() -> None:
    failing = [v["claim"] for v in run("beta=0.5")["verdicts"] if not v["holds"]]
    assert failing == ["Momentum's steps over those of SGD"]


def test_beside_the_saddle() -> None:
    assert steps("surface=saddle") == [67, 25, 22, 7, 1, 6]
    # Descent multiplies y by 1.1 a step while y is small.
    assert math.ceil(math.log(500) / math.log(1.1)) == 66


def test_on_the_ridge_nobody_leaves() -> None:
    assert steps("surface=saddle", "start_y=0") == [0] * 6


def test_rosenbrock() -> None:
    knobs = {**catalog.spec("optimizers").defaults(), "surface": "rosenbrock"}
    race = optimizers.Run(knobs, seed=0)
    race.step(11_400)
    arrived = [racer.arrived for racer in race.racers]
    assert arrived == [11_329, 1_027, 1_065, 5_995, 5_863, 1_458]


def test_a_rate_that_is_too_large_is_told() -> None:
    found = run("learning_rate=10")
    assert found["diverged"]["knob"] == "learning_rate"
    assert found["diverged"]["where"] == "SGD"


@pytest.mark.parametrize("surface", ["ravine", "saddle", "rosenbrock"])
def test_gradients_agree_with_central_differences(surface: str) -> None:
    ground = optimizers.Surface(surface, 30.0, 0.001)
    p, h = np.array([0.7, -0.4]), 1e-6
    for i in range(2):
        step = h * np.eye(2)[i]
        rise = ground.value(*(p + step)) - ground.value(*(p - step))
        assert ground.gradient(p)[i] == pytest.approx(float(rise) / (2 * h), rel=1e-7)
