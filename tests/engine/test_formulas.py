"""Activations, losses and initializations against what their formulas promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from demos.engine import activations, init, losses
from demos.engine.mlp import Mlp


def test_largest_slopes() -> None:
    z = np.linspace(-6.0, 6.0, 120_001)
    largest = {name: activations.apply(name, z)[1].max() for name in activations.NAMES}
    assert largest["sigmoid"] == pytest.approx(0.25)
    assert largest["tanh"] == pytest.approx(1.0)
    assert largest["swish"] == pytest.approx(1.0998, abs=1e-4)
    assert z[activations.apply("swish", z)[1].argmax()] == pytest.approx(2.3994, abs=1e-3)
    assert activations.apply("swish", z)[0].min() == pytest.approx(-0.2785, abs=1e-4)


@pytest.mark.parametrize("name", activations.NAMES)
def test_nan_stays_visible_and_large_inputs_stay_finite(name: str) -> None:
    value, slope = activations.apply(name, np.array([np.nan, 1e4, -1e4]))
    assert np.isnan(value[0])
    assert np.isfinite(value[1:]).all()
    assert np.isfinite(slope[1:]).all()


def test_activations_keep_the_shape_and_take_a_slope() -> None:
    value, slope = activations.apply("leaky_relu", np.array([[-2.0, 3.0]]), 0.25)
    assert value.tolist() == [[-0.5, 3.0]]
    assert slope.tolist() == [[0.25, 1.0]]


def test_softmax_and_its_gradient() -> None:
    p = losses.probabilities(np.array([[2.0, 1.0, 0.1]]))
    assert p[0] == pytest.approx([0.6590, 0.2424, 0.0986], abs=1e-4)
    assert losses.probabilities(np.array([[7.0, 6.0, 5.1]])) == pytest.approx(p, abs=1e-15)
    _, gradient = losses.loss("cross_entropy", np.array([[2.0, 1.0, 0.1]]), np.array([0]))
    assert gradient[0] == pytest.approx(p[0] - [1, 0, 0], abs=1e-15)


def test_cross_entropy_pulls_hardest_where_squared_error_gives_up() -> None:
    logistic, gradient = losses.loss("logistic", np.array([[-5.0]]), np.array([[1.0]]))
    assert logistic == pytest.approx(math.log1p(math.exp(5.0)))
    assert abs(gradient[0, 0]) == pytest.approx(0.9933, abs=1e-4)


def test_a_balanced_discriminator_pays_ln_2_for_each_answer() -> None:
    assert losses.loss("logistic", np.zeros((2, 1)), np.array([[0.0], [1.0]]))[0] == pytest.approx(
        math.log(2.0)
    )


def test_losses_stay_finite_far_out() -> None:
    far = np.array([[1e4, -1e4]])
    for name in losses.NAMES:
        value, gradient = losses.loss(name, far, np.array([[0.0, 1.0]]))
        assert math.isfinite(value)
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", init.NAMES)
def test_initial_weights_have_the_spread_that_is_told(name: str) -> None:
    W = init.weights(name, 400, 300, np.random.default_rng(0), 0.3)
    b = init.biases(name, 400, 300, np.random.default_rng(0))
    spread = {"zero": 0.0, "constant": 0.3, "normal": 0.3, "uniform": 0.05 / math.sqrt(3.0),
              "xavier": math.sqrt(2 / 700), "he": math.sqrt(2 / 400)}  # fmt: skip
    assert math.sqrt(float((W**2).mean())) == pytest.approx(spread[name], rel=0.02)
    assert np.abs(b).max() <= 0.05
    assert b.any() == (name == "uniform")


@pytest.mark.parametrize(("weights", "kept"), [("he", 1.0), ("xavier", 0.5)])
def test_ten_relu_layers_keep_the_signal_with_he_and_halve_it_each_time_with_xavier(
    weights: str, kept: float
) -> None:
    """The mean square of the sums grows by a factor 1 (He) or ½ (variance 1/n) a layer."""
    powers = []
    for seed in range(5):
        net = Mlp((256,) * 11 + (1,), "relu", weights=weights, seed=seed)
        X = np.random.default_rng(seed).normal(size=(20, 256))
        net.forward(X)
        sums = net.tape[0][: 10 * 20 * 256].reshape(10, -1)
        powers.append(math.log(float((sums[9] ** 2).mean() / (sums[0] ** 2).mean())) / 9)
    assert math.exp(float(np.mean(powers))) == pytest.approx(kept, rel=0.05)


def test_sigmoids_shrink_gradients_to_nothing_and_relu_with_he_does_not() -> None:
    ratio = {}
    for name, weights in (("sigmoid", "xavier"), ("relu", "he")):
        net = Mlp((2, *[32] * 10, 2), name, weights=weights, seed=0)
        net.learn(np.random.default_rng(0).normal(size=(64, 2)), np.arange(64) % 2)
        ratio[name] = float(np.abs(net.deltas(0)).mean() / np.abs(net.deltas(9)).mean())
    assert ratio["sigmoid"] < 1e-4
    assert 0.1 < ratio["relu"] < 10.0
