"""The perceptron stops within Novikoff's bound where a line exists, and never for XOR."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import perceptron
from tutor.lab import headless


def run(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("perceptron", settings, seed=seed)


def made(gate: str = "points", order: str = "fixed", margin: float = 0.15) -> perceptron.Run:
    return perceptron.Run({"gate": gate, "order": order, "margin": margin}, seed=0)


@pytest.mark.parametrize(("gate", "bound"), [("AND", 51.0), ("OR", 27.0)])
def test_gates_that_a_line_separates_are_learnt_within_the_bound(gate: str, bound: float) -> None:
    found = run(f"gate={gate}")
    assert found["measured"]["bound"] == pytest.approx(bound)
    assert all(verdict["holds"] for verdict in found["verdicts"])


@pytest.mark.parametrize("order", ["fixed", "shuffled"])
def test_xor_is_never_learnt_and_three_of_four_is_the_best(order: str) -> None:
    trained = made("XOR", order)
    trained.step(1000)
    settled, best = trained.verdicts()
    assert len(trained.updates) == 1000
    assert not settled.holds
    assert best.holds
    assert trained.answers().predict == 1
    assert run("gate=XOR", f"order={order}")["measured"]["bound"] is None


def test_an_update_adds_the_example_or_takes_it_away() -> None:
    trained = made("AND")
    trained.step(2)
    first, second = trained.updates
    assert first.x.tolist() == [1.0, 0.0, 0.0]
    assert first.after.tolist() == [-1.0, 0.0, 0.0]
    assert second.x.tolist() == [1.0, 1.0, 1.0]
    assert second.after.tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("margin", [0.02, 0.15, 0.5])
@pytest.mark.parametrize("order", ["fixed", "shuffled"])
def test_points_with_a_margin_are_settled_within_the_bound(margin: float, order: str) -> None:
    trained = made("points", order, margin)
    trained.step(5000)
    assert trained.wrong[-1] == 0
    assert len(trained.updates) <= trained.bound


def test_the_points_keep_their_margin_and_both_classes() -> None:
    X, y, line = perceptron.separable(0.3, np.random.default_rng(0))
    distance = line[0] + X @ line[1:]
    assert np.abs(distance).min() >= 0.3
    assert ((distance > 0) == y).all()
    assert np.bincount(y).tolist() == [50, 50]
