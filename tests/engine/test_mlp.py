"""The perceptron as demos use it: training, rewinding, freezing, dropout, and what breaks it."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from demos.base import DivergedError
from demos.engine import datasets, losses
from demos.engine.mlp import Mlp
from demos.engine.network import Network
from demos.engine.optimizers import NAMES as OPTIMIZERS
from demos.engine.optimizers import Optimizer


def trained(seed: int = 3, **options: object) -> Mlp:
    X, y = datasets.make("circles", 100, seed=seed)
    net = Mlp((2, 6, 5, 2), "tanh", optimizer=Optimizer("adam", 0.01), seed=seed, **options)  # type: ignore[arg-type]
    net.feed(X, y, batch=16)
    return net


def test_parameters_are_counted_and_seen_as_views() -> None:
    net = Mlp((784, 16, 16, 10), "relu", dtype=np.float32)
    assert net.theta.size == 13_002
    net.weights(1)[2, 3] = 7.0
    net.biases(2)[9] = 8.0
    assert (net.theta == 7.0).sum() == 1
    assert net.theta[-1] == 8.0


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_fused_kernel_does_what_learn_and_update_do(optimizer: str) -> None:
    X, y = datasets.make("moons", 60, noise=0.2, seed=1)
    rule = Optimizer(optimizer, 0.02, weight_decay=0.01, l1=0.01, clip=2.0)
    fused = Mlp((2, 6, 3, 2), "relu", optimizer=rule, batch_norm=True, dropout=0.2, seed=1)
    fused.feed(X, y, batch=8)
    stepped = copy.deepcopy(fused)
    fused.step(30)
    Network._train(stepped, 30)
    assert (fused.theta == stepped.theta).all()
    assert fused.loss == stepped.loss
    assert fused.step_count == stepped.step_count == 30


def test_a_copy_is_a_snapshot_that_continues_bit_for_bit_alike() -> None:
    net = trained(dropout=0.3, batch_norm=True)
    net.step(20)
    snapshot = copy.deepcopy(net)
    net.step(50)
    assert (snapshot.theta != net.theta).any()
    snapshot.step(50)
    assert (snapshot.theta == net.theta).all()
    assert snapshot.loss == net.loss
    # The data are shared, not copied: they may be large.
    assert snapshot.source.X is net.source.X  # type: ignore[union-attr]


def test_batches_of_two_sizes_take_turns_and_leave_nothing_to_each_other() -> None:
    """The room of the size before is kept: what is worked out in it is what fresh room gives."""
    rng = np.random.default_rng(0)
    batches = [(rng.normal(size=(n, 2)), rng.integers(2, size=n)) for n in (8, 4, 8, 4, 6, 8)]
    net = Mlp((2, 5, 2), "relu", batch_norm=True, dropout=0.3, seed=1)
    for X, y in batches:
        fresh = copy.deepcopy(net)
        fresh._desks.clear()
        fresh._room(len(X))
        assert net.learn(X, y) == fresh.learn(X, y)
        assert (net.gradient == fresh.gradient).all()
        assert (net.activations(0) == fresh.activations(0)).all()
        net.update()


def test_steps_may_be_taken_in_any_portions() -> None:
    whole, pieces = trained(), trained()
    whole.step(60)
    for n in (1, 2, 17, 40):
        pieces.step(n)
    assert (whole.theta == pieces.theta).all()


def test_looking_at_a_network_changes_nothing() -> None:
    net, other = trained(dropout=0.5, batch_norm=True), trained(dropout=0.5, batch_norm=True)
    X, y = datasets.make("circles", 33, seed=9)
    net.step(10)
    other.step(10)
    net.logits(X), net.hidden(X), net.accuracy(X, y), net.evaluate(X, y), net.finite()
    net.step(10)
    other.step(10)
    assert (net.theta == other.theta).all()


def test_it_learns_to_fence_a_circle_with_three_units_but_not_with_two() -> None:
    X, y = datasets.make("circles", 300, seed=0)
    accuracy = {}
    for units in (2, 3):
        net = Mlp((2, units, 2), "tanh", optimizer=Optimizer("adam", 0.01), seed=0)
        net.feed(X, y)
        net.step(4000)
        accuracy[units] = net.accuracy(X, y)
    assert accuracy[2] < 0.95 < accuracy[3]


def test_frozen_layers_stay_as_they_are() -> None:
    for train in (Mlp.step, Network._train):
        net = trained()
        net.freeze(2)
        before = net.theta.copy()
        train(net, 5)
        head = int(net.layers[2, 3])
        assert (net.theta[:head] == before[:head]).all()
        assert (net.theta[head:] != before[head:]).all()


def test_zero_and_constant_weights_never_tell_units_apart() -> None:
    for start, moves in (("zero", False), ("constant", True)):
        net = trained(weights=start, scale=0.5)
        first = net.weights(0).copy()
        net.step(200)
        assert np.ptp(net.weights(0), axis=0).max() == 0.0
        assert bool((net.weights(0) != first).any()) is moves


def test_dropout_keeps_the_mean_and_is_off_when_not_training() -> None:
    net = Mlp((1, 400, 1), "linear", dropout=0.3, seed=2)
    net.theta[:] = 1.0
    kept = np.concatenate([net.forward([[0.0]]).copy() for _ in range(50)]).ravel() - 1.0
    # 20,000 masks of mean 1 and standard deviation √(p / (1 − p)).
    assert abs(kept.sum() / 20_000 - 1.0) < 3 * np.sqrt(0.3 / 0.7 / 20_000)
    assert (net.activations(0) == 0.0).any()
    assert net.logits([[0.0]])[0, 0] == 401.0


def test_batch_norm_standardizes_each_unit_of_the_batch() -> None:
    net = Mlp((2, 8, 2), "tanh", batch_norm=True, seed=1)
    X = 5.0 + 3.0 * np.random.default_rng(0).normal(size=(64, 2))
    net.forward(X)
    sums = net.tape[0][: 64 * 8].reshape(64, 8)
    assert np.abs(sums.mean(axis=0)).max() < 1e-12
    np.testing.assert_allclose(sums.var(axis=0), 1.0, atol=1e-4)


def test_an_untrained_classifier_is_as_good_as_guessing() -> None:
    net = Mlp((5, 10), weights="zero")
    X = np.random.default_rng(0).normal(size=(20, 5))
    assert net.evaluate(X, np.arange(20) % 10) == pytest.approx(np.log(10))


def test_divergence_names_step_and_layer_and_keeps_the_last_finite_state() -> None:
    X, y = datasets.make("moons", 100, seed=1)
    net = Mlp((2, 8, 1), "relu", loss="mse", optimizer=Optimizer("sgd", 50.0), seed=1)
    net.feed(X, y.astype(float))
    with pytest.raises(DivergedError) as caught:
        for _ in range(1000):
            kept = net.theta.copy()
            net.step(1)
    assert caught.value.where == "layer 2, weighted sums"
    assert caught.value.knob == "learning_rate"
    assert caught.value.step == net.step_count > 0
    assert np.isfinite(net.theta).all()
    assert (net.theta == kept).all()


@pytest.mark.parametrize(("layer", "name"), [(0, "layer 1, weights"), (1, "layer 2, weights")])
def test_the_first_broken_part_is_named(layer: int, name: str) -> None:
    net = trained()
    assert net.broken() is None
    net.weights(layer)[0, 0] = np.nan
    assert net.broken() == name
    with pytest.raises(DivergedError, match=name):
        net.step(1)


def test_wrong_names_are_refused_with_the_right_ones() -> None:
    for make in (
        lambda: Mlp((2, 2, 2), "tangent"),
        lambda: Mlp((2, 2), loss="log"),
        lambda: Mlp((2, 2), weights="kaiming"),
        lambda: Optimizer("adm"),
        lambda: datasets.make("moon", 5),
    ):
        with pytest.raises(ValueError, match=r"no .* is named .*; there are "):
            make()
    with pytest.raises(ValueError, match="feed"):
        Network._train(Mlp((2, 2)), 1)


def test_targets_are_one_hot_rows_of_labels_or_given_as_they_are() -> None:
    assert losses.targets([1, 0], 3).tolist() == [[0, 1, 0], [1, 0, 0]]
    assert losses.targets([0.5, 2.0], 1).tolist() == [[0.5], [2.0]]
