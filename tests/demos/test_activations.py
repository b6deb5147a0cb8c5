"""Slopes, minima and dead units of the activation functions, against their closed forms."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from demos import activations, catalog
from tutor.lab import headless


def run(*settings: str) -> dict[str, Any]:
    return headless.run("activations", settings)


def measured(*settings: str) -> dict[str, float]:
    found: dict[str, float] = run(*settings)["measured"]
    return found


@pytest.mark.parametrize(
    ("function", "slope"),
    [
        ("sigmoid", 0.25), ("softmax", 0.25), ("tanh", 1.0), ("relu", 1.0), ("linear", 1.0),
        ("leaky_relu", 1.0), ("prelu", 1.0), ("elu", 1.0), ("swish", 1.09984),
    ],
)  # fmt: skip
def test_the_steepest_slope_is_known(function: str, slope: float) -> None:
    m = measured(f"function={function}")
    assert m["steepest_slope"] == pytest.approx(slope, abs=1e-6)
    assert m["ten_layers"] == pytest.approx(slope**10, rel=1e-5)
    assert m["slope_error"] < 1e-6


def test_ten_sigmoids_leave_less_than_a_millionth() -> None:
    assert measured()["ten_layers"] == pytest.approx(9.5e-7, rel=0.01)
    assert all(verdict["holds"] for verdict in run()["verdicts"])


@pytest.mark.parametrize("function", ["tanh", "relu", "swish", "linear"])
def test_functions_whose_slope_reaches_one_are_not_said_to_choke(function: str) -> None:
    choked, derived = run(f"function={function}")["verdicts"]
    assert not choked["holds"]
    assert derived["holds"]


def test_swish_dips_below_zero() -> None:
    m = measured("function=swish")
    assert m["lowest"] == pytest.approx(-0.27846, abs=1e-5)
    assert m["lowest_at"] == pytest.approx(-1.2785, abs=1e-3)
    assert m["steepest_at"] == pytest.approx(2.3994, abs=1e-3)


@pytest.mark.parametrize(("function", "flat"), [("relu", 0.99865), ("elu", 0.0115), ("prelu", 0.0)])
def test_relu_is_dead_for_inputs_far_below_zero(function: str, flat: float) -> None:
    share = measured(f"function={function}", "mean=-3", "alpha=2")["flat_share"]
    assert share == pytest.approx(flat, abs=0.002)


def test_elu_has_a_kink_unless_alpha_is_one() -> None:
    around = np.array([-1e-9, 1e-9])
    for alpha in (0.5, 1.0, 2.0):
        slopes = activations.value_and_slope("elu", around, alpha)[1]
        assert slopes == pytest.approx([alpha, 1.0])


def test_only_the_sigmoid_moves_the_mean_away_from_zero() -> None:
    assert measured()["output_mean"] == pytest.approx(0.5, abs=0.01)
    assert measured("function=tanh")["output_mean"] == pytest.approx(0.0, abs=0.03)


@pytest.mark.parametrize("function", activations.NAMES)
def test_nothing_overflows(function: str) -> None:
    with np.errstate(over="raise", invalid="raise"):
        f, slope = activations.value_and_slope(function, np.array([-800.0, 0.0, 800.0]))
    assert np.isfinite(f).all()
    assert np.isfinite(slope).all()


def test_the_knob_offers_every_function_and_compiles_nothing() -> None:
    assert catalog.spec("activations").knobs[0].choices == activations.NAMES  # type: ignore[union-attr]
    code = "import sys, demos.activations; print('numba' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
