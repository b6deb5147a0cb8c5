"""What the trainers show, and the settings under which they must not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import catalog, digits
from demos.base import DivergedError
from tutor.lab import headless
from tutor.lab.experiment import Experiment


def report(name: str, *settings: str) -> dict[str, Any]:
    return headless.run(name, settings)


@pytest.mark.parametrize("setting", ["l2=0.01", "points=600", "patience=300"])
def test_overfitting_goes_away(setting: str) -> None:
    found = report("overfit", setting)
    assert found["measured"]["validation_ratio"] < 2.0
    assert not any(verdict["holds"] for verdict in found["verdicts"])


def test_early_stopping_brings_the_best_weights_back() -> None:
    found = report("overfit", "patience=300")["measured"]
    assert found["validation_ratio"] == 1.0
    assert found["test_now"] == found["test_at_flag"]


def test_the_default_digit_reader_has_13_002_parameters() -> None:
    assert report("digits", "digits=100")["measured"]["parameters"] == 13_002


def test_a_digit_reader_with_100_digits_does_not_reach_the_threshold() -> None:
    verdict = report("digits", "digits=100")["verdicts"][0]
    assert not verdict["holds"]
    assert verdict["value"] < 0.75


def test_convolutions_bear_the_shift_that_dense_layers_do_not() -> None:
    found = report("digits", "model=CNN")
    assert found["measured"]["parameters"] == 2_698
    assert [verdict["holds"] for verdict in found["verdicts"]] == [True, True, False]


def test_shuffled_pixels_are_learnt_as_well() -> None:
    assert report("digits", "permute=on")["measured"]["accuracy"] > 0.9


def test_moving_digits_moves_the_ink_to_the_right() -> None:
    image = np.zeros((1, 196))
    image[0, 5 * 14 + 3] = 1.0
    assert digits.moved(image, 2)[0, 5 * 14 + 5] == 1.0


def test_the_test_digits_can_be_moved_while_it_trains() -> None:
    experiment = Experiment("digits", catalog.spec("digits").defaults())
    experiment.advance(200)
    before = experiment.run.measured()["accuracy"]
    experiment.turn("shift", 3)
    experiment.advance(40)
    assert experiment.step == 240
    assert before > 0.5
    assert experiment.frame().curve.y[-1] < 0.5  # type: ignore[union-attr]


def test_divergence_keeps_the_last_finite_state() -> None:
    experiment = Experiment("overfit", {**catalog.spec("overfit").defaults(), "learning_rate": 1.0})
    experiment.advance(20)
    experiment.run.net.optimizer.learning_rate = 1e200  # type: ignore[attr-defined]
    experiment.advance(100)
    assert isinstance(experiment.diverged, DivergedError)
    assert experiment.diverged.knob == "learning_rate"
    assert experiment.diverged.where
    assert np.isfinite(experiment.run.net.theta).all()  # type: ignore[attr-defined]
    assert experiment.result is None
    at = experiment.step
    experiment.advance(10)
    assert at == experiment.step
