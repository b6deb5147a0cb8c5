"""What there is to learn from: seeds repeat, shapes are as told, and digits can be read."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest

from demos.engine import datasets, digits, rng
from demos.engine.batches import Batches, deal
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.engine.sequences import ALPHABET, CORPUS, AddingProblem, Babble, Reorder, encode


@pytest.mark.parametrize("name", datasets.NAMES)
def test_points_are_standardized_repeatable_and_evenly_labelled(name: str) -> None:
    X, y = datasets.make(name, 120, noise=0.1, seed=4)
    again, _ = datasets.make(name, 120, noise=0.1, seed=4)
    other, _ = datasets.make(name, 120, noise=0.1, seed=5)
    assert X.shape == (120, 2)
    assert (again == X).all()
    assert (other != X).any()
    assert X.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)
    assert X.std(axis=0) == pytest.approx([1, 1])
    counts = np.bincount(y)
    assert len(counts) == {"spiral-3": 3, "spiral-4": 4}.get(name, 2)
    assert counts.min() > 120 / len(counts) / 2


def test_digits_are_drawn_alike_for_a_seed_and_fill_their_box() -> None:
    X, y = digits.make(300, 28, seed=1)
    again, labels = digits.make(300, 28, seed=1)
    assert X.shape == (300, 784)
    assert X.dtype == np.float32
    assert (again == X).all()
    assert (y == labels).all()
    assert np.bincount(y).tolist() == [30] * 10
    assert 0.0 <= X.min() <= X.max() <= 1.0
    images = X.reshape(-1, 28, 28) > 0.3
    tall = images.any(axis=2).sum(axis=1)
    wide = images.any(axis=1).sum(axis=1)
    assert 17 <= np.maximum(tall, wide).mean() <= 21


def test_each_digits_centre_of_mass_lies_in_the_middle() -> None:
    X, _ = digits.make(200, 28, "wide", seed=2)
    images = X.reshape(-1, 28, 28)
    centre = (images.sum(axis=1) * (np.arange(28) + 0.5)).sum(axis=1) / images.sum(axis=(1, 2))
    assert np.abs(centre - 14.0).mean() < 0.7


def test_small_digits_are_means_of_blocks_and_classes_can_be_chosen() -> None:
    large, _ = digits.make(50, 28, seed=3)
    small, y = digits.make(50, 14, seed=3)
    assert small.mean() == pytest.approx(large.mean(), rel=1e-5)
    _, chosen = digits.make(50, 14, seed=3, classes=(0, 7))
    assert set(chosen.tolist()) == {0, 7}
    with pytest.raises(ValueError, match="14 or 28"):
        digits.make(5, 20)
    assert y.shape == (50,)


def test_a_drawing_is_scaled_and_centred_like_the_digits() -> None:
    drawing = np.zeros((28, 28))
    drawing[2:12, 3:5] = 1.0
    ready = digits.centred(drawing)
    rows, columns = np.nonzero(ready > 0.5)
    assert np.ptp(rows) + 1 == pytest.approx(20, abs=1)
    assert rows.mean() == pytest.approx(13.5, abs=0.6)
    assert columns.mean() == pytest.approx(13.5, abs=0.6)
    assert digits.centred(np.zeros((28, 28))).max() == 0.0


def test_digits_are_easy_to_read_for_a_small_network_and_shuffled_labels_are_not() -> None:
    X, y = digits.make(2500, 14, seed=5)
    accuracy = []
    for labels in (y, np.random.default_rng(0).permutation(y)):
        net = Mlp((196, 10), dtype=np.float32, optimizer=Optimizer("adam", 0.005))
        net.feed(X[:2000], labels[:2000])
        net.step(600)
        accuracy.append(net.accuracy(X[2000:], labels[2000:]))
    assert accuracy[0] > 0.85
    assert accuracy[1] < 0.3


def test_an_epoch_deals_every_row_once_and_a_copy_deals_alike() -> None:
    X = np.arange(12.0)[:, None]
    batches = Batches(X, X, 4, seed=1)
    epoch = np.concatenate([batches.next()[0] for _ in range(3)]).ravel()
    assert sorted(epoch) == X.ravel().tolist()
    assert epoch.tolist() != X.ravel().tolist()
    twin = copy.deepcopy(batches)
    assert [batches.next()[0].tolist() for _ in range(5)] == [
        twin.next()[0].tolist() for _ in range(5)
    ]
    assert Batches(X, X, 100, seed=1).next()[0].shape == (12, 1)


def test_uniform_draws_are_even_and_streams_differ() -> None:
    # The order of 10,000 rows shows the generator: a shuffle moves the first row anywhere.
    firsts = []
    state = rng.seeded(7)
    for _ in range(400):
        order = np.arange(100)
        deal(order, np.array([100]), state, 1)
        firsts.append(int(order[0]))
    assert np.mean(firsts) == pytest.approx(49.5, abs=3 * 29 / math.sqrt(400))
    assert rng.seeded(7)[0] != rng.seeded(8)[0] != rng.seeded(7, stream=1)[0]
    assert rng.seeded(0)[0] != 0


def test_adding_problem() -> None:
    X, T = AddingProblem(30, 1000, seed=1).next()
    assert X.shape == (30, 1000, 2)
    assert (X[:, :, 1].sum(axis=0) == 2).all()
    assert T[:, 0] == pytest.approx((X[:, :, 0] * X[:, :, 1]).sum(axis=0))
    assert ((T - 1.0) ** 2).mean() == pytest.approx(AddingProblem.BASELINE, abs=0.02)


@pytest.mark.parametrize(
    ("task", "answer"), [("reverse", [1, 0, 3]), ("shift", [1, 3, 0]), ("sort", [0, 1, 3])]
)
def test_reorder(task: str, answer: list[int]) -> None:
    source = Reorder(task, 3, 4, batch=5)
    assert source.answer(np.array([[3, 0, 1]])).tolist() == [answer]
    X, T = source.next()
    assert (source.answer(X) == T).all()
    with pytest.raises(ValueError, match="reverse, shift, sort"):
        Reorder("mirror")


def test_babble_asks_for_the_next_letter() -> None:
    assert len(CORPUS) == 242
    assert len(ALPHABET) == 25
    X, T = Babble(10, 4, seed=1).next()
    assert X.shape == T.shape == (10, 4, 25)
    assert (X[1:] == T[:-1]).all()
    text = "".join(ALPHABET[i] for i in X[:, 0].argmax(axis=1))
    assert text in CORPUS
    assert encode("ab").tolist() == [ALPHABET.index("a"), ALPHABET.index("b")]
