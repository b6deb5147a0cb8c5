"""Gradients that vanish, explode or arrive, and units that never become different."""

from __future__ import annotations

from typing import Any

import pytest

from demos import gradient_flow
from demos.base import Value
from demos.catalog import spec
from tutor.lab import headless
from tutor.lab.experiment import Experiment


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("gradient-flow", settings, seed)


def first_ratio(seed: int = 0, **changed: Value) -> float:
    run = gradient_flow.Run({**spec("gradient-flow").defaults(), **changed}, seed)
    return run.first_ratio


@pytest.mark.parametrize("seed", range(3))
def test_he_keeps_the_gradient_of_relu_within_ten_times(seed: int) -> None:
    assert 0.1 < first_ratio(seed, activation="relu", init="he") < 10.0


@pytest.mark.parametrize("seed", range(3))
def test_large_weights_let_it_explode_and_small_ones_let_it_vanish(seed: int) -> None:
    assert first_ratio(seed, activation="relu", init="large") > 1e3
    assert first_ratio(seed, activation="relu", init="small") < 1e-5


def test_nine_sigmoids_leave_less_than_their_largest_slopes() -> None:
    assert first_ratio() < 0.25**9


@pytest.mark.parametrize(
    "settings", [("activation=relu", "init=he"), ("activation=tanh", "init=xavier")]
)
def test_a_gradient_that_arrives_fails_both_verdicts(settings: tuple[str, ...]) -> None:
    found = report(*settings)
    assert [verdict["holds"] for verdict in found["verdicts"]] == [False, False]
    assert found["measured"]["accuracy"] == 1.0


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize("init", ["zero", "constant"])
def test_equal_units_stay_equal_for_ever(activation: str, init: str) -> None:
    found = report(f"activation={activation}", f"init={init}", "depth=2")
    assert found["measured"]["unit_spread"] == 0.0
    assert found["verdicts"][0]["holds"]


def test_equal_units_move_together_but_zeros_do_not_move_at_all() -> None:
    together = report("activation=tanh", "init=constant", "depth=2")["measured"]
    still = report("activation=tanh", "init=zero", "depth=2")["measured"]
    assert together["first_weights_moved"] > 0.01
    assert still["first_weights_moved"] == 0.0


def test_an_explosion_is_blamed_on_the_weights() -> None:
    knobs = {**spec("gradient-flow").defaults(), "activation": "relu", "init": "large"}
    experiment = Experiment("gradient-flow", knobs)
    experiment.advance(100)
    assert experiment.diverged is not None
    assert experiment.diverged.knob == "init"
    assert experiment.frame().picture


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
def test_residual_deltas_are_those_of_finite_differences(activation: str) -> None:
    knobs = {
        **spec("gradient-flow").defaults(),
        "activation": activation,
        "residual": True,
        "depth": 3,
    }
    run = gradient_flow.Run(knobs, 0)
    net, h = run.net, 1e-5
    net.learn(run.X, run.y)
    given, delta = net.activations(0).copy(), net.deltas(1).copy()
    w = net.weights(1)
    slope = delta.T @ given
    for at in ((0, 0), (3, 5)):
        kept = w[at]
        w[at] = kept + h
        above = net.learn(run.X, run.y)
        w[at] = kept - h
        below = net.learn(run.X, run.y)
        w[at] = kept
        assert (above - below) / (2 * h) == pytest.approx(slope[at], rel=1e-4, abs=1e-9)


def test_skips_let_the_gradient_through_ten_sigmoids() -> None:
    plain = gradient_flow.Run({**spec("gradient-flow").defaults()}, 0)
    residual = gradient_flow.Run({**spec("gradient-flow").defaults(), "residual": True}, 0)
    assert plain.first_ratio < 1e-3
    assert residual.first_ratio > 0.1
