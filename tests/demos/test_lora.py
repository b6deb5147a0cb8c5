"""The correction's gradient by differences, its start, its rank, and that it can be merged."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from demos import catalog
from demos.base import Value
from demos.lora import ADAPTED, Run


def run(steps: int = 0, **knobs: Value) -> Run:
    demo = Run({**catalog.spec("lora").defaults(), **knobs}, 0)
    demo.step(steps)
    return demo


def test_the_gradient_agrees_with_central_differences() -> None:
    demo = run(3)
    X, y = demo.X[:32], demo.y[:32]

    def loss(at: int, by: float) -> float:
        moved = copy.deepcopy(demo)
        moved.correction.theta[at] += by
        moved._merge()
        return moved.lora.learn(X, y)

    demo.lora.learn(X, y)
    slopes = demo.correction.gradient(demo.lora)
    for at in range(0, slopes.size, 37):
        numeric = (loss(at, 1e-5) - loss(at, -1e-5)) / 2e-5
        assert slopes[at] == pytest.approx(numeric, abs=1e-7)


def test_it_begins_as_the_old_network_and_never_changes_it() -> None:
    demo = run()
    assert demo.moved_at_first == 0.0
    before = demo.frozen.theta.copy()
    demo.step(20)
    assert np.array_equal(demo.frozen.theta, before)
    moved = demo.lora.theta != before
    assert moved.sum() <= sum(demo.frozen.weights(layer).size for layer in ADAPTED)


@pytest.mark.parametrize("rank", [1, 2, 5])
def test_the_correction_has_its_rank(rank: int) -> None:
    for product in run(20, rank=rank).correction.products():
        assert np.linalg.matrix_rank(product, tol=1e-9) == rank


def test_both_at_zero_nothing_ever_moves() -> None:
    demo = run(50, start="zeros")
    assert not demo.correction.theta.any()
    assert demo.measured()["share_of_gain"] == 0


def test_merged_and_apart_answer_alike() -> None:
    assert run(30).measured()["merged_less_apart"] < 1e-10
