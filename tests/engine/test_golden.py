"""The engine against PyTorch: forward, gradients and optimizers, number by number, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos.engine import attention, convolution, losses
from demos.engine.activations import NAMES as ACTIVATIONS
from demos.engine.arrays import Floats, Ints, padded
from demos.engine.cells import NAMES as CELLS
from demos.engine.cnn import Cnn, Room, Stage, output_size
from demos.engine.emitting import Array as Numbers
from demos.engine.emitting import each
from demos.engine.kernel import kernel_of
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.engine.pooling import pool, pool_back
from demos.engine.products import banded_times, transposed_times
from demos.engine.recurrent import Recurrent
from demos.engine.values import Value, as_double
from tests.engine.golden import load


def close(ours: Any, theirs: Any, tolerance: float = 1e-12) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("norm", ["plain", "bn"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_perceptron_gives_the_same_logits_loss_and_gradient(name: str, norm: str) -> None:
    golden, key = load("mlp"), f"{name}_{norm}"
    net = Mlp((3, 5, 4, 3), name, batch_norm=norm == "bn")
    net.theta[:] = golden[f"{key}_theta"]
    loss = net.learn(golden["X"], golden["y"])
    close(net.activations(2), golden[f"{key}_logits"])
    close(loss, golden[f"{key}_loss"])
    close(net.gradient, golden[f"{key}_gradient"])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_batch_norm_learns_the_same_running_values_and_uses_them(name: str) -> None:
    golden, key = load("mlp"), f"{name}_bn"
    net = Mlp((3, 5, 4, 3), name, batch_norm=True)
    net.theta[:] = golden[f"{key}_theta"]
    net.learn(golden["X"], golden["y"])
    close(net.running[0, :9], golden[f"{key}_mean"])
    close(net.running[1, :9], golden[f"{key}_variance"])
    close(net.logits(golden["X"]), golden[f"{key}_eval"])


def test_ten_steps_of_training_follow_the_same_path() -> None:
    golden = load("training")
    net = Mlp((3, 5, 4, 3), "tanh", optimizer=Optimizer("adam", 0.01))
    net.theta[:] = golden["theta"]
    for loss, theta in zip(golden["losses"], golden["thetas"], strict=True):
        close(net.learn(golden["X"], golden["y"]), loss)
        net.update()
        close(net.theta, theta, 1e-11)


@pytest.mark.parametrize(
    ("case", "name"), [(n, n) for n in losses.NAMES] + [("soft_cross_entropy", "cross_entropy")]
)
def test_losses(case: str, name: str) -> None:
    golden = load("losses")
    value, gradient = losses.loss(name, golden["Z"], golden[f"{case}_T"])
    close(value, golden[f"{case}_loss"], 1e-14)
    close(gradient, golden[f"{case}_gradient"], 1e-14)


RULES = {
    "sgd": Optimizer("sgd", 1e-3),
    "sgd_decay": Optimizer("sgd", 1e-3, weight_decay=0.1),
    "momentum": Optimizer("momentum", 1e-3),
    "nag": Optimizer("nag", 1e-3),
    "adagrad": Optimizer("adagrad", 0.5, clip=5.0),
    "rmsprop": Optimizer("rmsprop", 1e-3),
    "adam": Optimizer("adam", 0.05),
    "adam_decay": Optimizer("adam", 0.05, weight_decay=0.1),
    "adamw": Optimizer("adamw", 0.05, weight_decay=0.1),
}


@pytest.mark.parametrize("name", RULES)
def test_optimizers_walk_the_same_200_steps_down_rosenbrocks_valley(name: str) -> None:
    optimizer, w = RULES[name], np.array([-1.2, 1.0])
    optimizer.start(2)
    for expected in load("optimizers")[name]:
        bend = w[1] - w[0] ** 2
        optimizer.step(w, np.array([-2 * (1 - w[0]) - 400 * w[0] * bend, 200 * bend]))
        close(w, expected, 1e-10)


@pytest.mark.parametrize("readout", ["every", "last"])
@pytest.mark.parametrize("cell", CELLS)
def test_recurrent_cells(cell: str, readout: str) -> None:
    golden, key = load("recurrent"), f"{cell}_{readout}"
    net = Recurrent(cell, 3, 5, 2, every_step=readout == "every")
    net.theta[:] = golden[f"{cell}_theta"]
    loss = net.learn(golden["X"], golden["T"] if net.every_step else golden["T"][-1])
    close(net.Y, golden[f"{key}_outputs"].reshape(-1, 2))
    close(loss, golden[f"{key}_loss"])
    close(net.gradient, golden[f"{key}_gradient"])
    close(net.dX, golden[f"{key}_dX"])


def _convolve(
    bands: Value, hop: Value, X: Numbers, starts: Numbers, W: Numbers, Z: Numbers, D: Numbers,
    G: Numbers, places: Numbers,
) -> None:  # fmt: skip
    n, inputs, wide = places.length, (W.length - 1) / bands, W.shape[1]
    banded_times(n, bands, hop, inputs, wide, X, starts, W, n * 0, (W.length - 1) * wide, Z, places)
    with each(0, bands) as band:
        transposed_times(n, inputs, wide, X.at(band * hop), starts, starts, D, places, G, G,
                         band * inputs * wide, as_double(n * 0), n > 0)  # fmt: skip


@kernel_of(_convolve)
def convolve(
    bands: int, hop: int, X: Floats, starts: Ints, W: Floats, Z: Floats, D: Floats, G: Floats,
    places: Ints,
) -> None:  # fmt: skip
    """`_convolve`, for Python."""


@pytest.mark.parametrize("case", range(5))
def test_convolution(case: int) -> None:
    golden = {k[2:]: v for k, v in load("convolution").items() if k.startswith(f"{case}_")}
    side, padding, stride = (int(n) for n in golden["geometry"])
    x, w, out, up = golden["x"], golden["w"], golden["out"], golden["up"]
    assert out.shape[1:3] == tuple(output_size(n, side, padding, stride) for n in x.shape[1:3])
    edges = (0, 0), (padding, padding), (padding, padding), (0, 0)
    frame = np.ascontiguousarray(np.pad(x, edges))
    height, width, depth = frame.shape[1:]
    image, i, j = np.indices(out.shape[:3])
    starts = ((image * height + i * stride) * width + j * stride) * depth
    kernels = w.reshape(4, -1)
    W = np.ascontiguousarray(np.vstack([kernels.T, golden["b"]]))
    Z, G = np.zeros((starts.size, 4)), np.zeros((len(W) - 1, 4))
    D, places = np.ascontiguousarray(up.reshape(-1, 4)), 4 * np.arange(starts.size)
    convolve(side, width * depth, frame, starts.ravel(), W, Z, D, G, places)
    close(Z.reshape(out.shape), out)
    close(G.T.reshape(w.shape), golden["dw"])


def _pooled(stages: Numbers, sizes: Numbers, room: tuple[Numbers, ...], tables: Numbers) -> None:
    net = convolution.Images(stages, sizes, room, tables)
    s = net.stage(sizes.length * 0)
    pool(net.average, s, net.rows, net.A, net.X)
    pool_back(net.average, s, net.rows, net.A, net.S, net.O, net.D, tables.at(s.of_d))


@kernel_of(_pooled)
def pooled(stages: Ints, sizes: Ints, room: tuple[Floats, ...], tables: Ints) -> None:
    """`_pooled`, for Python."""


@pytest.mark.parametrize("way", ["max", "average"])
def test_pooling(way: str) -> None:
    golden = load("convolution")
    x, out, up, dx = (golden[f"{way}_{name}"] for name in ("x", "out", "up", "dx"))
    rows, height, width, channels = x.shape
    stage = Stage((height, width, channels), channels, 1, 0, 2)
    room = Room([stage], rows, 2, 0, way == "average", np.float64)
    _, _, _, X, _, A, S, D, given, _, _ = room.room.arrays
    wide = padded(channels, np.float64)

    def lines(flat: Floats, shape: tuple[int, ...]) -> Floats:
        return flat[: int(np.prod(shape[:-1])) * wide].reshape(*shape[:-1], wide)[..., :channels]

    lines(A, x.shape)[:], lines(given, out.shape)[:], S[:] = x, up, 1.0
    pooled(room.stages, room.sizes, room.room.arrays, room.tables)
    close(lines(X[int(room.sizes[convolution.FINAL]) :], out.shape), out)
    close(lines(D, x.shape), dx)


def test_a_convolutional_network_trains_alike() -> None:
    golden = load("cnn")
    net = Cnn((8, 8, 1), (2, 3), 4, dtype=np.float64, optimizer=Optimizer("sgd", 0.1))
    net.theta[:] = golden["theta"]
    for loss in golden["losses"]:
        close(net.learn(golden["X"], golden["y"]), loss)
        net.update()
    close(net.theta, golden["end"])


@pytest.mark.parametrize("name", ["open", "causal"])
def test_attention(name: str) -> None:
    golden = {k.partition("_")[2]: v for k, v in load("attention").items() if k.startswith(name)}
    q, k, v = golden["q"], golden["k"], golden["v"]
    A, C = np.empty((3, 5, 5)), np.empty((3, 5, 4))
    attention.attend(q, k, v, 0.5, name == "causal", A, C)
    close(C, golden["out"])
    close(A.sum(axis=2), 1.0)
    dq, dk, dv = np.zeros((3, *q.shape))
    attention.attend_back(q, k, v, 0.5, A, golden["up"], dq, dk, dv)
    close(dq, golden["dq"])
    close(dk, golden["dk"])
    close(dv, golden["dv"])
