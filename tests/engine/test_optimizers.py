"""Closed forms: what each rule must do on surfaces where the answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from demos.engine.optimizers import Optimizer


def steps_to(optimizer: Optimizer, curvatures: list[float], goal: float) -> int:
    """Steps until ½ Σ λx² from x = 1 everywhere is within `goal` of the minimum, by ‖x‖."""
    curvature = np.array(curvatures)
    x = np.ones(len(curvatures))
    start = float(np.linalg.norm(x))
    for step in range(1, 100_000):
        optimizer.step(x, curvature * x)
        if np.linalg.norm(x) <= goal * start:
            return step
    raise AssertionError("never arrived")


def test_gradient_descent_at_its_best_rate_takes_691_steps_on_a_ravine_of_100() -> None:
    # rate (κ − 1) / (κ + 1) a step: 10⁻⁶ after ln 10⁻⁶ / ln (99/101).
    assert steps_to(Optimizer("sgd", 2.0 / 101.0), [1.0, 100.0], 1e-6) == 691
    assert math.ceil(math.log(1e-6) / math.log(99 / 101)) == 691


def test_heavy_ball_at_its_best_takes_far_fewer() -> None:
    rate, beta = (2.0 / 11.0) ** 2, (9.0 / 11.0) ** 2
    assert steps_to(Optimizer("momentum", rate, beta1=beta), [1.0, 100.0], 1e-6) < 100


@pytest.mark.parametrize(("product", "converges"), [(1.99, True), (2.01, False)])
def test_descent_converges_just_below_twice_the_inverse_curvature(
    product: float, converges: bool
) -> None:
    optimizer, x = Optimizer("sgd", product / 5.0), np.array([1.0])
    for _ in range(1000):
        optimizer.step(x, 5.0 * x)
    assert bool(abs(x[0]) < 1.0) is converges


def test_the_saddle_is_left_at_one_plus_rate_a_step() -> None:
    optimizer, y = Optimizer("sgd", 0.1), np.array([1e-3])
    for _ in range(10):
        optimizer.step(y, -y)
    assert y[0] == pytest.approx(1e-3 * 1.1**10, rel=1e-12)


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_first_steps_do_not_depend_on_the_gradients_size(size: float) -> None:
    for name, length in (("adam", 0.01), ("adagrad", 0.01), ("rmsprop", 0.1)):
        w = np.zeros(1)
        Optimizer(name, 0.01).step(w, np.array([size]))
        assert -w[0] == pytest.approx(length, rel=1e-3), name


def test_a_proximal_step_reaches_exactly_zero_and_l2_does_not() -> None:
    lasso, ridge = np.array([0.3, -2.0]), np.array([0.3, -2.0])
    l1, l2 = Optimizer("proximal", 0.1, l1=1.0), Optimizer("sgd", 0.1, weight_decay=1.0)
    for _ in range(10):
        l1.step(lasso, np.zeros(2))
        l2.step(ridge, np.zeros(2))
    assert lasso.tolist() == pytest.approx([0.0, -1.0])
    assert lasso[0] == 0.0
    assert ridge == pytest.approx(np.array([0.3, -2.0]) * 0.9**10)


def test_clipping_keeps_the_direction_and_limits_the_length() -> None:
    w = np.zeros(2)
    Optimizer("sgd", 1.0, clip=1.0).step(w, np.array([30.0, 40.0]))
    assert w == pytest.approx(np.array([-0.6, -0.8]), abs=1e-6)
    w = np.zeros(2)
    Optimizer("sgd", 1.0, clip=100.0).step(w, np.array([30.0, 40.0]))
    assert w.tolist() == [-30.0, -40.0]


def test_settings_may_change_while_training() -> None:
    optimizer, w = Optimizer("sgd", 1.0), np.zeros(1)
    optimizer.learning_rate = 0.5
    optimizer.step(w, np.ones(1))
    assert w[0] == -0.5
    optimizer.weight_decay = 1.0
    optimizer.step(w, np.zeros(1))
    assert w[0] == -0.25
