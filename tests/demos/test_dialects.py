"""Steps of four programs, against what they did: PyTorch 2.13.0, Keras 3.15.1, Optax 0.2.8."""

from __future__ import annotations

import numpy as np
import pytest

from demos.dialects import FORMULAS, PROGRAMS, RULES, WRITTEN
from demos.views import Floats
from tutor.lab import headless


def first(rule: str, gradient: float, rate: float) -> list[float]:
    """The first step of each program."""
    return [float(one(np.array([gradient]), np.array([rate]))[0]) for one in RULES[rule]]


@pytest.mark.parametrize(
    ("rule", "gradient", "rate", "torch", "keras", "optax"),
    [
        ("adam", 1e-6, 0.001, 0.00099, 0.00024, 0.00099),
        ("rmsprop", 1.0, 0.01, 0.1, 0.0316, 0.0316),
        ("rmsprop", 1e-4, 0.01, 0.0999, 0.0031, 0.0095),
        ("adagrad", 1.0, 0.1, 0.1, 0.0953, 0.0953),
        ("adagrad", 0.01, 0.1, 0.1, 0.00316, 0.00316),
    ],
)
def test_first_steps_that_were_measured(
    rule: str, gradient: float, rate: float, torch: float, keras: float, optax: float
) -> None:
    assert first(rule, gradient, rate)[1:] == pytest.approx([torch, keras, optax], rel=0.02)


def steps(rule: str, g: list[float], rates: list[float]) -> dict[str, Floats]:
    return {name: one(np.array(g), np.array(rates))
            for name, one in zip(PROGRAMS, RULES[rule], strict=True)}  # fmt: skip


def test_the_fourth_step_after_the_rate_fell() -> None:
    found = steps("momentum", [1.0] * 4, [0.1] * 3 + [0.01])
    last = {name: round(float(each[-1]), 4) for name, each in found.items()}
    assert last == {"textbook": 0.0344, "PyTorch": 0.0344, "Keras": 0.2539, "Optax": 0.0344}


def test_nesterov_stores_the_point_ahead() -> None:
    w, path = 5.0, []
    slopes: list[float] = []
    for _ in range(5):
        slopes.append(2.0 * w)  # of w²
        w = 5.0 - float(steps("nesterov", slopes, [0.1] * len(slopes))["PyTorch"].sum())
        path.append(round(w, 3))
    assert path == [3.1, 1.112, -0.542, -1.624, -2.079]


def test_what_is_written_is_there_for_every_rule() -> None:
    assert RULES.keys() == WRITTEN.keys() == FORMULAS.keys()
    assert {len(forms) for forms in (*RULES.values(), *WRITTEN.values())} == {len(PROGRAMS)}


def test_tiny_gradients_make_pytorch_the_longer_one() -> None:
    found = headless.run("dialects", ["rule=adam", "gradient=1e-6"])
    assert found["measured"]["keras_over_pytorch"] == pytest.approx(0.64, abs=0.02)
