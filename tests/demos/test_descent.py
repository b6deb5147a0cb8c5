"""Descent on a regression: the condition number decides, and 2 / lambda_max is the limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import descent
from demos.base import DivergedError, Value
from tutor.lab import headless


def run(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("descent", settings, seed=seed)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_scaling_takes_the_condition_number_from_millions_to_one(seed: int) -> None:
    m = run(seed=seed)["measured"]
    assert m["kappa_raw"] > 1e6
    assert 15 < m["kappa_min-max"] < 50
    assert m["kappa_standard"] < 1.5
    assert m["steps_raw"] == descent.LIMIT
    assert m["steps_min-max"] < 200
    assert m["steps_standard"] <= 5


@pytest.mark.parametrize("seed", range(3, 10))
@pytest.mark.seeds
def test_the_verdicts_hold_on_more_seeds(seed: int) -> None:
    assert all(verdict["holds"] for verdict in run(seed=seed)["verdicts"])


@pytest.mark.parametrize("scaling", descent.SCALINGS)
@pytest.mark.parametrize(("share", "downhill"), [(0.95, True), (1.05, False)])
def test_it_converges_exactly_below_the_limit(scaling: str, share: float, downhill: bool) -> None:
    m = run(f"scaling={scaling}", f"learning_rate={share}")["measured"]
    assert (m["loss_over_start"] < 1.0) == downhill


def test_round_data_refuse_the_claim_of_a_valley() -> None:
    failing = [v["claim"] for v in run("scaling=standard")["verdicts"] if not v["holds"]]
    assert failing == ["Loss over the lowest: 200 steps were not enough"]


def test_the_closed_form_counts_as_stepping_does() -> None:
    knobs: dict[str, Value] = {"learning_rate": 0.5, "scaling": "min-max", "examples": 200}
    trained = descent.Run(knobs, seed=0)
    needed = trained.bowl.steps_needed(trained.rate)
    trained.step(needed)
    near = np.array(trained.losses) <= descent.NEAR * trained.bowl.lowest
    assert int(np.argmax(near)) == needed


def test_a_run_that_flies_away_keeps_its_last_finite_weights() -> None:
    flying = descent.Run({"learning_rate": 1.2, "scaling": "raw", "examples": 200}, seed=0)
    with pytest.raises(DivergedError) as told:
        flying.step(10_000)
    assert told.value.knob == "learning_rate"
    assert np.isfinite(flying.w).all()
