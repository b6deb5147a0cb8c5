"""The running mean creeps as its law says, and evaluation with it."""

from __future__ import annotations

import numpy as np
import pytest

from demos import catalog
from demos.base import Value
from demos.running_mean import Run, normalized


def run(steps: int, **knobs: Value) -> Run:
    demo = Run({**catalog.spec("running-mean").defaults(), **knobs}, 0)
    demo.step(steps)
    return demo


def test_after_ten_steps_keras_stands_at_a_tenth_of_the_way() -> None:
    # Keras 3.15.1 was measured at 1.386 for data of mean 14.5.
    assert run(10, batch_size=64).measured()["running_mean"] == pytest.approx(1.386, abs=0.02)


@pytest.mark.parametrize("kept", ["0.9", "0.99", "0.999"])
def test_the_mean_keeps_its_law(kept: str) -> None:
    assert run(60, kept=kept).measured()["mean_off_law"] < 0.3


def test_centred_features_need_no_patience() -> None:
    assert run(40, offset=0.0).measured()["gap_at_40"] < 0.05


def test_normalized_is_the_formula() -> None:
    X = np.array([[0.0], [2.0]])
    assert normalized(X, np.array([1.0]), np.array([1.0])) == pytest.approx(
        np.array([[-1.0], [1.0]]), rel=1e-3
    )
