"""Batch norm against its formula, and where it helps, is not needed, or fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import batch_norm
from demos.catalog import spec
from demos.engine.mlp import Mlp
from tutor.lab import headless


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("batch-norm", settings, seed)


@pytest.mark.parametrize("rate", [0.01, 1.0])
def test_no_learning_rate_rescues_the_plain_network(rate: float) -> None:
    found = report(f"learning_rate={rate}")["measured"]
    assert found["accuracy_without"] < 0.6
    assert found["accuracy_with"] > 0.85


def test_weights_too_small_for_relu_are_rescued_too() -> None:
    found = report("activation=relu", "init=small")["measured"]
    assert found["accuracy_without"] < 0.6
    assert found["accuracy_with"] > 0.95


def test_relu_from_he_needs_no_batch_norm() -> None:
    found = report("activation=relu", "init=he")
    assert found["measured"]["accuracy_without"] > 0.95
    assert found["measured"]["accuracy_with"] > 0.95
    assert not found["verdicts"][0]["holds"]


def test_batches_of_two_are_too_small() -> None:
    assert not report("batch_size=2")["verdicts"][0]["holds"]


def test_a_plain_network_that_diverges_lets_the_other_go_on() -> None:
    found = report("activation=relu", "init=large", seed=1)
    assert found["diverged"] is None
    assert found["measured"]["diverged_without"] == 1.0
    assert found["measured"]["accuracy_with"] > 0.95


def test_both_begin_with_the_same_weights() -> None:
    run = batch_norm.Run(spec("batch-norm").defaults(), 0)
    for layer in range(batch_norm.DEPTH):
        assert np.array_equal(run.plain.weights(layer), run.normed.weights(layer))


def test_the_card_s_example_is_normalized_as_by_hand() -> None:
    net = Mlp((1, 1, 1), "linear", weights="constant", scale=1.0, batch_norm=True)
    net.forward([[1.0], [2.0], [3.0], [4.0]])
    assert net.normalized(0)[0, 0] == pytest.approx(-1.342, abs=5e-4)
