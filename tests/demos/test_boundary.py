"""What small networks can separate: closed fences, XOR, and what features do instead of layers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from demos import boundary, catalog
from tutor.lab import headless


@cache
def run(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("boundary", settings, seed=seed)


def accuracy(*settings: str, seed: int = 0) -> float:
    found: float = run(*settings, seed=seed)["measured"]["accuracy"]
    return found


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_lines_cannot_enclose_a_disc(seed: int) -> None:
    found = run("units=2", seed=seed)
    assert found["measured"]["accuracy"] < 0.9
    assert not any(verdict["holds"] for verdict in found["verdicts"])


@pytest.mark.parametrize("layers", [0, 1, 4])
def test_linear_layers_do_not_separate_xor_however_many(layers: int) -> None:
    assert accuracy("data=xor", "activation=linear", f"layers={layers}") <= 0.62


def test_four_tanh_units_separate_xor() -> None:
    assert np.mean([accuracy("data=xor", "units=4", seed=seed) for seed in range(3)]) >= 0.98


@pytest.mark.parametrize("settings", [("features=squares",), ("data=xor", "features=product")])
def test_the_right_feature_does_the_work_of_a_layer(settings: tuple[str, ...]) -> None:
    assert accuracy("layers=0", *settings) == 1.0
    assert accuracy("layers=0", settings[0].replace("features=squares", "data=circles")) < 0.7


def test_three_arms_need_room_and_get_it() -> None:
    assert accuracy("data=spiral-3", "units=16", "layers=2", "activation=relu") >= 0.99


def test_the_features_are_what_their_names_say() -> None:
    X = np.array([[2.0, 3.0]])
    assert boundary.inputs(X, "plain").tolist() == [[2.0, 3.0]]
    assert boundary.inputs(X, "all").tolist() == [[2.0, 3.0, 6.0, 4.0, 9.0]]
    assert all(
        boundary.inputs(X, name).shape[1] == len(names) for name, names in boundary.NAMES.items()
    )


@pytest.mark.parametrize("units", [1, 5, 16])
@pytest.mark.parametrize("layers", [0, 1, 3])
def test_every_unit_has_its_map(units: int, layers: int) -> None:
    knobs = {**catalog.spec("boundary").defaults(), "units": units, "layers": layers}
    frame = boundary.Run(knobs, seed=0).frame()
    maps = frame.side[0].values  # type: ignore[union-attr]
    painted = np.isfinite(maps).sum()
    assert painted == (units if layers else 2) * (boundary.SIDE // 2) ** 2


def test_a_line_lies_where_its_unit_is_zero() -> None:
    w, b = np.array([1.0, -2.0]), 0.5
    line = boundary._line(w, b)
    assert len(line) > 2
    assert np.abs(line @ w + b).max() < 1e-12
