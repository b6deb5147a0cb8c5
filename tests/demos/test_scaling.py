"""Published constants of scaling, the line through the ladder, and what bends it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from demos import catalog, scaling
from tutor.lab import headless
from tutor.lab.experiment import Experiment


@cache
def report(*settings: str) -> dict[str, Any]:
    return headless.run("scaling", settings)


def held(*settings: str) -> list[bool]:
    return [verdict["holds"] for verdict in report(*settings)["verdicts"]]


@pytest.mark.parametrize(
    ("constants", "size", "ratio"), [("refit", 7.2e10, 18.4), ("published", 3.2e10, 92.6)]
)
def test_the_best_size_for_chinchillas_budget(constants: str, size: float, ratio: float) -> None:
    best = scaling.best_size(5.76e23, constants)
    assert best == pytest.approx(size, rel=0.02)
    assert scaling.tokens_per_parameter(5.76e23, best) == pytest.approx(ratio, rel=0.01)


@pytest.mark.parametrize("constants", list(scaling.SURFACES))
@pytest.mark.parametrize("compute", [1e18, 5.76e23, 1e26])
def test_the_best_size_is_the_bottom_of_the_surface(constants: str, compute: float) -> None:
    best = scaling.best_size(compute, constants)
    N = best * np.array([0.9, 1.0, 1.1])
    losses = scaling.surface(N, compute, constants)
    assert losses.argmin() == 1


def test_size_grows_with_nearly_the_root_of_compute() -> None:
    growth = scaling.best_size(1e24, "refit") / scaling.best_size(1e22, "refit")
    assert np.log(growth) / np.log(100) == pytest.approx(0.51, abs=0.01)
    kaplan = scaling.kaplan_size(1e24) / scaling.kaplan_size(1e22)
    assert np.log(kaplan) / np.log(100) == pytest.approx(0.73)


def test_a_power_law_is_a_line() -> None:
    N = np.array([1.0, 10.0, 100.0])
    a, b, fit = scaling.line(N, 3.0 * N**-0.076)
    assert (a, b, fit) == pytest.approx((3.0, -0.076, 1.0))
    assert 10**b == pytest.approx(0.839, abs=5e-4)


def test_noise_bends_the_line() -> None:
    assert held("noise=0.3", "training_steps=2000")[1] is False


def test_rounded_exponents_ask_for_93_tokens_a_parameter() -> None:
    assert held("constants=published", "training_steps=400")[2] is False


def test_the_budget_is_turned_without_training_anew() -> None:
    experiment = Experiment("scaling", catalog.spec("scaling").defaults())
    experiment.advance(5)
    experiment.turn("compute", 1e20)
    experiment.turn("constants", "published")
    assert experiment.step == 5
    assert experiment.run.measured()["best_size"] == scaling.best_size(1e20, "published")
