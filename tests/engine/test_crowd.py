"""Crowds: sixteen networks in a lane each are the networks that the lab trains one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos.base import StoppedError
from demos.engine import activations, datasets, losses, optimizers
from demos.engine.crowd.crowd import Crowd
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer

OUTPUTS = {"cross_entropy": 3, "mse": 2, "hinge": 2, "logistic": 1}


def one(seed: int, *, name: str = "sgd", loss: str = "cross_entropy", rate: float = 0.02,
        activation: str = "tanh", **options: Any) -> Mlp:  # fmt: skip
    """A small network, fed; `rule` in options are settings of its optimizer."""
    outputs = OUTPUTS[loss]
    X, y = datasets.make("spiral-3" if outputs == 3 else "circles", 60, noise=0.1, seed=seed)
    rule = Optimizer(name, rate, **options.pop("rule", {}))
    sizes, batch = options.pop("sizes", (2, 5, 4, outputs)), options.pop("batch", 12)
    net = Mlp(sizes, activation, loss=loss, optimizer=rule, seed=seed, **options)
    net.feed(X, y, batch=batch)
    return net


def several(count: int = 18, **options: Any) -> list[Mlp]:
    return [one(seed, **options) for seed in range(count)]


def settings_of_one_seed(count: int = 18, **options: Any) -> list[Mlp]:
    """Networks of one seed and one set of examples, each with a learning rate of its own."""
    nets = [one(5, **options) for _ in range(count)]
    for i, net in enumerate(nets):
        net.optimizer.learning_rate = 0.001 * (i + 1)
        net.source = nets[0].source if i == 0 else _shared(net, nets[0])
    return nets


def _shared(net: Mlp, first: Mlp) -> Any:
    source: Any = net.source
    source.X, source.T = first.source.X, first.source.T  # type: ignore[union-attr]
    return source


@pytest.mark.parametrize("make", [several, settings_of_one_seed])
@pytest.mark.parametrize(
    ("name", "activation", "loss", "options"),
    [
        *[(name, "tanh", "cross_entropy", {}) for name in optimizers.NAMES],
        *[("sgd", activation, "mse", {}) for activation in activations.NAMES],
        *[("adam", "tanh", loss, {}) for loss in losses.NAMES],
        ("sgd", "relu", "cross_entropy", {"batch_norm": True}),
        ("adam", "tanh", "logistic", {"dropout": 0.3}),
        ("momentum", "sigmoid", "mse", {"rule": {"clip": 0.05, "weight_decay": 0.01}}),
        ("proximal", "tanh", "mse", {"rule": {"l1": 0.05}}),
        ("sgd", "tanh", "hinge", {"batch_norm": True, "dropout": 0.2, "rule": {"clip": 0.1}}),
    ],
)
def test_each_lane_is_the_network_alone(
    make: Any, name: str, activation: str, loss: str, options: dict[str, Any]
) -> None:
    """In float64 to the last digits, whatever it is made of; and so are its looks."""
    alone = make(name=name, activation=activation, loss=loss, **options)
    crowd = Crowd(alone, np.float64)
    crowd.step(3)
    crowd.step(37)
    for net in alone:
        net.step(40)
    np.testing.assert_allclose(crowd.theta, [net.theta for net in alone], rtol=0, atol=1e-12)
    X, y = datasets.make("spiral-3" if OUTPUTS[loss] == 3 else "circles", 77, seed=99)
    found, right = crowd.look(crowd.show([(X, y)]))
    np.testing.assert_allclose(found, [net.evaluate(X, y) for net in alone], rtol=1e-11)
    np.testing.assert_allclose(crowd.outputs(X), [net.logits(X) for net in alone], atol=1e-11)
    if OUTPUTS[loss] > 1:
        assert (right == [net.accuracy(X, y) for net in alone]).all()


def test_five_hundred_networks_are_those_of_the_lab() -> None:
    """In float32, after 2,000 steps: "open this one" shows the network of the map."""
    seeds, rates = range(20), np.geomspace(0.003, 0.3, 25)
    alone = [
        one(seed, sizes=(2, 8, 8, 1), loss="logistic", rate=float(rate))
        for seed in seeds
        for rate in rates
    ]
    crowd = Crowd(alone, threads=2)
    crowd.step(2_000)
    for net in alone:
        net.step(2_000)
    X, _ = datasets.make("circles", 200, seed=77)
    of_crowd, of_lab = crowd.outputs(X)[:, :, 0], np.array([net.logits(X)[:, 0] for net in alone])
    off = np.abs(crowd.theta - [net.theta for net in alone]).max(axis=1)
    answers = (of_crowd > 0) != (of_lab > 0)
    print(f"weights differ by {np.median(off):.1e} (median), {off.max():.1e} at most; "
          f"{answers.sum()} of {answers.size} answers differ")  # fmt: skip
    assert np.median(off) < 1e-5
    assert off.max() < 1e-3
    assert answers.mean() < 1e-4


def test_one_lanes_fate_never_touches_its_neighbours() -> None:
    calm, wild = several(32, activation="relu"), several(32, activation="relu")
    wild[7].optimizer.learning_rate = 1e30
    first, second = Crowd(calm), Crowd(wild)
    start = second.theta[7].copy()
    first.step(50)
    second.step(50)
    others = np.arange(32) != 7
    assert not second.finite[7]
    assert second.finite[others].all()
    assert (second.theta[7] == start).all(), "it stays where it was before the call"
    assert (first.theta[others] == second.theta[others]).all()
    second.step(10)
    assert (second.theta[7] == start).all()


def test_threads_and_portions_change_no_bit() -> None:
    whole, parts = Crowd(several(70, name="adam")), Crowd(several(70, name="adam"), threads=3)
    whole.step(30)
    for n in (1, 9, 20):
        parts.step(n)
    assert (whole.theta == parts.theta).all()


@pytest.mark.parametrize("loss", losses.NAMES)
def test_gradients_agree_with_central_differences(loss: str) -> None:
    nets = several(16, loss=loss, batch=60)
    found = {}
    for dtype in (np.float32, np.float64):
        crowd = Crowd(nets, dtype)
        crowd.learn()
        found[dtype] = crowd.gradient
    exact = Crowd(nets, np.float64)
    theta, h = exact.theta, 1e-6
    for p in range(0, theta.shape[1], 5):
        sides = []
        for sign in (1.0, -1.0):
            moved = theta.copy()
            moved[:, p] += sign * h
            exact.theta = moved
            sides.append(exact.learn())
        slope = (sides[0] - sides[1]) / (2.0 * h)
        if loss != "hinge":  # whose corners a difference straddles
            np.testing.assert_allclose(found[np.float64][:, p], slope, rtol=0, atol=1e-8)
        else:
            assert np.median(np.abs(found[np.float64][:, p] - slope)) < 1e-8
    assert np.abs(found[np.float32] - found[np.float64]).max() <= 5e-7


def test_settings_and_parameters_are_set_as_a_whole() -> None:
    net = one(3)
    crowd = Crowd([net] * 20, np.float64)
    settings, theta = crowd.settings, crowd.theta
    settings[:, optimizers.LEARNING_RATE] = np.linspace(0.01, 0.2, 20)
    theta *= np.linspace(0.1, 2.0, 20)[:, None]
    crowd.settings, crowd.theta = settings, theta
    crowd.step(25)
    net.theta[:] = theta[11]
    net.optimizer.learning_rate = settings[11, optimizers.LEARNING_RATE]
    net.step(25)
    np.testing.assert_allclose(crowd.theta[11], net.theta, atol=1e-13)


def test_frozen_layers_stay() -> None:
    nets = several(16)
    for net in nets:
        net.freeze(1)
    crowd = Crowd(nets, np.float64)
    start = crowd.theta
    crowd.step(20)
    for net in nets:
        net.step(20)
    frozen = nets[0].frozen
    assert (crowd.theta[:, :frozen] == start[:, :frozen]).all()
    np.testing.assert_allclose(crowd.theta, [net.theta for net in nets], atol=1e-12)


def test_each_network_may_be_shown_its_own_set() -> None:
    nets = several(20)
    crowd = Crowd(nets, np.float64)
    sets = [datasets.make("spiral-3", 45, seed=seed) for seed in range(3)]
    of = [i % 3 for i in range(20)]
    found, _ = crowd.look(crowd.show(sets, of))
    expected = [net.evaluate(*sets[i]) for net, i in zip(nets, of, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_networks_that_are_not_alike_are_refused() -> None:
    with pytest.raises(ValueError, match="alike"):
        Crowd([one(1), one(2, activation="relu")])
    bent = Mlp((2, 3, 1), ("tanh", "sigmoid"), loss="mse")
    bent.feed(np.zeros((4, 2)), np.zeros((4, 1)))
    with pytest.raises(ValueError, match="linear"):
        Crowd([bent])
    with pytest.raises(ValueError, match="more than a batch"):
        Crowd([one(1)]).learn()


def test_a_crowd_that_may_be_stopped_trains_alike_and_stops_soon() -> None:
    whole, heeding = Crowd(several(20)), Crowd(several(20), stop=lambda: False)
    whole.step(100)
    heeding.step(100)
    assert (whole.theta == heeding.theta).all()
    asked = iter([False, False, True])
    stopping = Crowd(several(20), stop=lambda: next(asked))
    with pytest.raises(StoppedError):
        stopping.step(10_000_000)
