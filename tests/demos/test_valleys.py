"""Two valleys and a bowl: where descent ends, and from which rate on it does not."""

from __future__ import annotations

import math

import pytest

from demos import valleys
from demos.base import DivergedError
from demos.catalog import spec


def run(**changed: float | str) -> valleys.Run:
    return valleys.Run({**spec("valleys").defaults(), **changed}, 0)


def test_the_start_decides_the_valley() -> None:
    right, left = run(), run(start=-1.5)
    right.step(150)
    left.step(150)
    assert right.path[-1] == pytest.approx(0.9601, abs=1e-4)
    assert left.path[-1] == pytest.approx(-1.0356, abs=1e-4)
    assert left.measured()["missed"] == pytest.approx(0.0, abs=1e-9)
    assert right.measured()["missed"] == pytest.approx(0.5996, abs=1e-4)


@pytest.mark.parametrize(("rate", "factor"), [(0.1, 0.8), (0.5, 0.0), (0.9, -0.8), (1.0, -1.0)])
def test_on_the_bowl_a_step_multiplies(rate: float, factor: float) -> None:
    one = run(curve="bowl", start=5.0, learning_rate=rate)
    one.step(3)
    assert one.path == pytest.approx([5.0 * factor**n for n in range(4)])


def test_beyond_the_limit_it_flies_away_and_stays_at_its_last_place() -> None:
    one = run(curve="bowl", learning_rate=1.2)
    with pytest.raises(DivergedError):
        one.step(150)
    assert math.isfinite(one.path[-1])
    assert one.answers().observe == 2
