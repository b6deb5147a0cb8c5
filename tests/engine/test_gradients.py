"""Every gradient against central differences of the loss, in float64, to 1e-7 and better."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import ArrayLike

from demos.engine import activations, losses
from demos.engine.arrays import Floats
from demos.engine.attention import Attention
from demos.engine.cells import NAMES as CELLS
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.network import Network
from demos.engine.recurrent import Recurrent

STEP = 1e-6
LIMIT = 1e-7


def mismatch(net: Network, X: ArrayLike, T: ArrayLike) -> float:
    """‖g − ĝ‖ / (‖g‖ + ‖ĝ‖) of the network's gradient g and the central differences ĝ."""
    net.learn(X, T)
    ours, slopes = net.gradient.copy(), np.empty_like(net.gradient)
    for i in range(net.theta.size):
        kept = net.theta[i]
        net.theta[i] = kept + STEP
        above = net.learn(X, T)
        net.theta[i] = kept - STEP
        slopes[i] = (above - net.learn(X, T)) / (2 * STEP)
        net.theta[i] = kept
    return float(np.linalg.norm(ours - slopes) / (np.linalg.norm(ours) + np.linalg.norm(slopes)))


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(0)


def away_from_kinks(net: Mlp, draw: np.random.Generator) -> Iterator[Floats]:
    """Batches in which no weighted sum lies within 0.01 of a kink at zero."""
    net.theta += 0.3 * draw.normal(size=net.theta.size)
    while True:
        X = draw.normal(size=(3, net.sizes[0]))
        net.forward(X)
        if np.abs(net.tape[0]).min() > 0.01:
            yield X


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("name", activations.NAMES)
def test_perceptron_with_every_activation(
    name: str, batch_norm: bool, draw: np.random.Generator
) -> None:
    net = Mlp((2, 5, 4, 3), name, batch_norm=batch_norm, seed=1)
    X = next(away_from_kinks(net, draw))
    assert mismatch(net, X, np.array([2, 0, 1])) < LIMIT


@pytest.mark.parametrize("loss", losses.NAMES)
def test_perceptron_with_every_loss(loss: str, draw: np.random.Generator) -> None:
    net = Mlp((2, 5, 3), "tanh", loss=loss, seed=1)
    assert mismatch(net, draw.normal(size=(3, 2)), np.eye(3)[[2, 0, 1]]) < LIMIT


def test_the_gradient_of_the_inputs(draw: np.random.Generator) -> None:
    net = Mlp((3, 6, 1), "tanh", seed=1)
    X, up = draw.normal(size=(4, 3)), draw.normal(size=(4, 1))
    net.forward(X)
    dX = net.backward(up)
    for i in np.ndindex(X.shape):
        shift = np.zeros_like(X)
        shift[i] = STEP
        slope = ((net.logits(X + shift) - net.logits(X - shift)) * up).sum() / (2 * STEP)
        assert dX[i] == pytest.approx(slope, rel=1e-6, abs=1e-9)


def test_dropout_passes_gradient_through_the_units_it_kept(draw: np.random.Generator) -> None:
    net = Mlp((2, 30, 1), "tanh", loss="mse", dropout=0.5, seed=1)
    X, T = draw.normal(size=(1, 2)), np.array([[1.0]])
    net.learn(X, T)
    dropped = net.activations(0)[0] == 0.0
    assert 0 < dropped.sum() < 30
    assert (net.weight_gradient(0)[dropped] == 0.0).all()
    # With the same mask drawn again, the loss's slopes are the gradient.
    ours, state = net.weight_gradient(0).copy(), net.state.copy()
    unit = int(np.flatnonzero(~dropped)[0])
    values = []
    mask = net.activations(0)[0] / np.where(dropped, 1.0, np.tanh(net.weights(0) @ X[0]))
    assert set(np.round(mask, 12)) == {0.0, 2.0}
    for shift in (STEP, -STEP):
        W = net.weights(0).copy()
        W[unit, 0] += shift
        hidden = np.tanh(W @ X[0] + net.biases(0)) * mask
        values.append(float((net.weights(1) @ hidden + net.biases(1) - T[0])[0] ** 2))
    assert ours[unit, 0] == pytest.approx((values[0] - values[1]) / (2 * STEP), rel=1e-6)
    assert (net.state == state).all()


@pytest.mark.parametrize("average", [False, True])
def test_convolution(average: bool, draw: np.random.Generator) -> None:
    net = Cnn((7, 6, 2), (3, 4), 5, activation="tanh", average=average, dtype=np.float64)
    assert mismatch(net, draw.normal(size=(3, 7, 6, 2)), np.array([0, 4, 1])) < LIMIT


@pytest.mark.parametrize("every_step", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_through_time(cell: str, every_step: bool, draw: np.random.Generator) -> None:
    net = Recurrent(cell, 3, 4, 2, every_step=every_step, seed=1)
    T = draw.normal(size=(5, 3, 2))
    assert mismatch(net, draw.normal(size=(5, 3, 3)), T if every_step else T[-1]) < LIMIT


@pytest.mark.parametrize("positions", [True, False])
@pytest.mark.parametrize("scaled", [True, False])
@pytest.mark.parametrize("causal", [True, False])
def test_attention(positions: bool, scaled: bool, causal: bool, draw: np.random.Generator) -> None:
    net = Attention(5, 4, 6, positions=positions, scaled=scaled, causal=causal, seed=1)
    X = draw.integers(0, 5, (3, 4))
    if not positions:
        net.theta[net.ends[1] : net.ends[2]] = 0.0
    assert mismatch(net, X, X[:, ::-1]) < LIMIT
