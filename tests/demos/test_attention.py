"""What the attention mirror learns, and what each thing taken away from it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import attention
from tutor.lab import headless


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("attention", settings, seed)


def claims_held(*settings: str, seed: int = 0) -> list[bool]:
    return [verdict["holds"] for verdict in report(*settings, seed=seed)["verdicts"]]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_without_positions_it_guesses_like_a_bag_of_symbols(seed: int) -> None:
    found = report("positions=off", seed=seed)
    assert not any(verdict["holds"] for verdict in found["verdicts"])
    m = found["measured"]
    assert m["accuracy"] == pytest.approx(m["most_frequent_symbol"], abs=0.05)
    assert m["mass_on_right_place"] == pytest.approx(m["even_look"], abs=0.02)


def test_a_causal_mask_hides_half_of_the_answers() -> None:
    found = report("causal_mask=on")["measured"]
    assert claims_held("causal_mask=on") == [False, False]
    assert found["mass_on_right_place"] == pytest.approx(0.5, abs=0.02)


def test_without_the_root_of_d_it_learns_more_slowly() -> None:
    raw, scaled = report("scale=off")["measured"], report()["measured"]
    assert raw["steps_to_90_percent"] > scaled["steps_to_90_percent"]


def test_shifting_is_learnt_too() -> None:
    assert claims_held("task=shift") == [True, True]


def test_1_152_parameters() -> None:
    assert report()["measured"]["parameters"] == 1152


def test_the_variance_of_a_dot_product_is_its_length() -> None:
    for d, variance, raw, scaled in attention.spreads():
        assert float(variance) == pytest.approx(float(d), rel=0.15)
        assert float(raw) > float(scaled)
    assert float(attention.spreads()[-1][2]) > 0.9
    assert float(attention.spreads()[-1][3]) < 0.4


def test_where_the_answers_lie() -> None:
    run = attention.Run({**attention.SPEC.defaults(), "length": 4}, 0)
    assert run._sources(run.X).tolist() == np.eye(4)[::-1].tolist()
    run = attention.Run({**attention.SPEC.defaults(), "length": 4, "task": "shift"}, 0)
    moved = np.einsum("ij,nj->ni", run._sources(run.X), run.X)
    assert moved.tolist() == run.T.tolist()
