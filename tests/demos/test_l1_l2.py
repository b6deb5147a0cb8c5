"""Exact zeros under L1, none under L2 or by subgradient; closed forms of both penalties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import l1_l2
from demos.base import Value
from demos.catalog import spec
from tutor.lab import headless


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("l1-l2", settings, seed)


def finished(**changed: Value) -> l1_l2.Run:
    run = l1_l2.Run({**spec("l1-l2").defaults(), **changed}, 0)
    run.step(spec("l1-l2").steps)
    return run


def test_the_proximal_step_of_the_textbook() -> None:
    softened = l1_l2.soften(np.array([0.30, 0.03, -0.20]), np.array(0.05))
    assert softened == pytest.approx([0.25, 0.0, -0.15])
    assert softened[1] == 0.0


@pytest.mark.parametrize("settings", [("penalty=L2",), ("penalty=L2", "strength=0.3")])
def test_l2_makes_no_weight_zero(settings: tuple[str, ...]) -> None:
    found = report(*settings)
    assert found["measured"]["useless_zeros"] == 0
    assert [verdict["holds"] for verdict in found["verdicts"]] == [False, True]


def test_a_subgradient_never_arrives() -> None:
    found = report("method=subgradient")
    assert found["measured"]["useless_zeros"] == 0
    assert found["measured"]["largest_useless"] < 0.2
    assert not found["verdicts"][0]["holds"]


def test_both_penalties_together_still_select_though_less_than_l1_alone() -> None:
    both, alone = (report(f"penalty={name}")["measured"] for name in ("both", "L1"))
    assert 0 < both["useless_zeros"] <= alone["useless_zeros"]


def test_too_strong_a_penalty_puts_out_what_is_needed() -> None:
    assert not report("strength=1.0")["verdicts"][1]["holds"]


def test_l2_arrives_at_its_closed_form() -> None:
    run = finished(penalty="L2", strength=0.3)
    exact = np.linalg.solve(run.products + 2 * 0.3 * np.eye(20), run.matches)
    assert run.w == pytest.approx(exact, abs=1e-9)


def test_l1_arrives_where_its_conditions_for_a_minimum_hold() -> None:
    run = finished()
    slope = run.products @ run.w - run.matches
    zero = run.w == 0
    assert np.all(np.abs(slope[zero]) <= 0.15)
    assert slope[~zero] == pytest.approx(-0.15 * np.sign(run.w[~zero]), abs=1e-6)


def test_the_path_ends_where_the_run_does() -> None:
    run = finished()
    assert run.path[6] == pytest.approx(run.w, abs=1e-12)
    assert l1_l2.PATH[6] == pytest.approx(0.15)
