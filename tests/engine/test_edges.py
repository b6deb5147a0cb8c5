"""Shapes and targets at the edge: refused with the place named, or right."""

from __future__ import annotations

import numpy as np
import pytest

from demos.engine import losses
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp


@pytest.mark.parametrize("kernel_size", [2, 4])
def test_same_padding_needs_an_odd_kernel(kernel_size: int) -> None:
    with pytest.raises(ValueError, match="odd"):
        Cnn((9, 9, 1), (2,), 3, kernel_size=kernel_size, padding="same", pool=1)
    stage = Cnn((9, 9, 1), (2,), 3, kernel_size=3, padding="same", pool=1).stages[0]
    assert stage.map == (9, 9, 2)


@pytest.mark.parametrize(
    ("image", "channels", "kernel_size", "padding", "pool", "stage"),
    [
        ((3, 3, 1), (2,), 5, 0, 1, 1),
        ((5, 7, 2), (3, 2), 4, 0, 1, 2),
        ((3, 3, 1), (2, 2), 3, 1, 2, 2),
        ((2, 2, 1), (2,), 3, 1, 4, 1),
    ],
)
def test_a_stage_that_leaves_nothing_is_named(
    image: tuple[int, int, int], channels: tuple[int, ...], kernel_size: int, padding: int,
    pool: int, stage: int,
) -> None:  # fmt: skip
    with pytest.raises(ValueError, match=f"stage {stage}: nothing is left"):
        Cnn(image, channels, 2, kernel_size=kernel_size, padding=padding, pool=pool)


def test_batch_norm_over_one_row_is_refused() -> None:
    net = Mlp((3, 4, 2), batch_norm=True)
    X, y = np.zeros((8, 3)), np.zeros(8, int)
    with pytest.raises(ValueError, match="one row is its own mean"):
        net.feed(X, y, batch=1)
    with pytest.raises(ValueError, match="one row is its own mean"):
        net.feed(X[:1], y[:1], batch=32)
    net.feed(X, y, batch=2)


def test_a_forbidden_class_takes_no_part() -> None:
    found, gradient = losses.loss("cross_entropy", np.array([[2.0, 0.0, -np.inf]]), np.array([0]))
    assert found == pytest.approx(np.log(1 + np.exp(-2.0)))  # 0.1269, as PyTorch gives
    p = 1 / (1 + np.exp(-2.0))
    assert gradient == pytest.approx(np.array([[p - 1, 1 - p, 0.0]]))
    found, _ = losses.loss("cross_entropy", np.array([[2.0, 0.0, -np.inf]]), np.array([2]))
    assert found == np.inf


def test_a_masked_row_has_neither_loss_nor_gradient() -> None:
    Z, T = np.array([[1.0, 0.0, -1.0]] * 2), np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    found, gradient = losses.loss("cross_entropy", Z, T)
    assert found == pytest.approx(-np.log(np.exp(1.0) / np.exp(Z[0]).sum()) / 2)
    assert gradient[1].tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="row 1 of the targets adds up to 0"):
        Mlp((2, 3)).feed(np.zeros((2, 2)), T)
