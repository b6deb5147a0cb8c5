"""Convolution, recurrence and attention as demos use them: they learn, rewind and tell trouble."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from demos.base import DivergedError
from demos.engine import digits
from demos.engine.attention import Attention
from demos.engine.cnn import Cnn
from demos.engine.network import Network
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent
from demos.engine.sequences import AddingProblem, Babble, Reorder


def reader() -> Cnn:
    X, y = digits.make(400, 14, seed=1)
    net = Cnn((14, 14, 1), (4, 8), optimizer=Optimizer("adam", 0.005), seed=1)
    net.feed(X, y)
    return net


def adder() -> Recurrent:
    net = Recurrent("gru", 2, 12, 1, optimizer=Optimizer("adam", 0.02, clip=1.0), seed=1)
    net.feed(AddingProblem(10, 32, seed=1))
    return net


def mirror() -> Attention:
    net = Attention(optimizer=Optimizer("adam", 0.01), seed=1)
    net.feed(Reorder(seed=1))
    return net


NETWORKS = {"convolution": reader, "recurrence": adder, "attention": mirror}


@pytest.mark.parametrize("name", NETWORKS)
def test_it_learns_and_a_copy_continues_alike(name: str) -> None:
    net = NETWORKS[name]()
    net.step(1)
    first, snapshot = net.loss, copy.deepcopy(net)
    net.step(60)
    assert net.loss < 0.6 * first
    assert net.step_count == 61
    snapshot.step(60)
    assert (snapshot.theta == net.theta).all()
    assert net.finite()


@pytest.mark.parametrize("name", NETWORKS)
def test_divergence_is_told_and_the_last_finite_state_kept(name: str) -> None:
    net: Network = NETWORKS[name]()
    net.step(2)
    before = net.theta.copy()
    net.optimizer.learning_rate = 1e300 if net.dtype == np.float64 else 1e30
    with pytest.raises(DivergedError) as caught:
        net.step(50)
    assert caught.value.where
    assert (net.theta == before).all()


def test_parameter_counts_of_the_textbook() -> None:
    assert Cnn((14, 14, 1), (8, 16), 10).theta.size == 80 + 1_168 + 1_450
    assert Recurrent("lstm", 2, 24, 1).ends[3] == 2_592
    assert Attention().theta.size == 1_152


def test_kernels_and_maps_can_be_looked_at() -> None:
    net = reader()
    X, y = digits.make(3, 14, seed=2)
    first, second = net.maps(X)
    assert first.shape == (3, 14, 14, 4)
    assert second.shape == (3, 7, 7, 8)
    assert net.kernels(0).shape == (4, 9)
    assert net.kernels(1).shape == (8, 36)
    assert net.probabilities(X).sum(axis=1) == pytest.approx([1, 1, 1])
    assert net.evaluate(X, y) > 0.0
    # The same answer whether in one piece or in chunks.
    many, _ = digits.make(600, 14, seed=3)
    assert net.logits(many)[300] == pytest.approx(net.logits(many[300:301])[0], abs=1e-5)


def test_attention_reverses_and_looks_along_the_other_diagonal() -> None:
    net = mirror()
    net.step(120)
    X, T = Reorder(seed=9).next()
    assert net.accuracy(X, T) > 0.97
    assert net.A[:, np.arange(8), 7 - np.arange(8)].mean() > 0.9


def test_without_positions_it_cannot_know_where_to_look() -> None:
    net = Attention(positions=False, optimizer=Optimizer("adam", 0.01), seed=1)
    net.feed(Reorder(seed=1))
    net.step(200)
    X, T = Reorder(seed=9, batch=200).next()
    assert net.accuracy(X, T) < 0.45


def test_a_causal_mask_hides_what_comes_later() -> None:
    net = Attention(causal=True, seed=1)
    X, _ = Reorder(batch=2, seed=1).next()
    early = net.forward(X).copy()
    X[:, -1] = (X[:, -1] + 1) % 8
    assert (net.forward(X)[:, :-1] == early[:, :-1]).all()
    assert np.triu(net.A[0], 1).max() == 0.0


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_reciting_draws_what_reading_the_same_letters_foretells(cell: str) -> None:
    net = Recurrent(cell, 25, 6, 25, loss="cross_entropy", every_step=True, seed=1)
    net.theta *= 3.0
    draws = np.random.default_rng(1).random(40)
    letters, states, last = net.recite(3, draws, 0.5)
    assert letters[0] == 3
    outputs = net.forward(np.eye(25)[letters][:, None])
    assert states == pytest.approx(net.H[1:, 0], abs=1e-12)
    assert last == pytest.approx(outputs[-1], abs=1e-12)
    powers = np.exp(outputs / 0.5)
    shares = np.cumsum(powers / powers.sum(axis=1, keepdims=True), axis=1)
    drawn = [int(np.searchsorted(share, draw)) for share, draw in zip(shares, draws, strict=True)]
    assert letters[1:].tolist() == drawn[:-1]
    assert len(set(drawn)) > 5
    X, T = Babble(5, 1, seed=1).next()
    assert Recurrent(cell, 25, 6, 25, loss="cross_entropy", every_step=True, seed=1).evaluate(
        X, T
    ) == pytest.approx(np.log(25), rel=0.2)


def test_the_reach_of_memory_can_be_measured() -> None:
    net = Recurrent("rnn", 2, 8, 1, seed=1)
    X, _ = AddingProblem(20, 4, seed=1).next()
    net.forward(X)
    net.dH[:] = 0.0
    net.dH[-1] = 1.0
    net.back_through_time()
    reach = np.abs(net.dX).sum(axis=(1, 2))
    assert reach.shape == (20,)
    assert reach[0] < reach[-1]


def test_unknown_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="rnn, lstm, gru"):
        Recurrent("lsmt", 2, 3, 1)
