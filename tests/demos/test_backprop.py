"""The backprop microscope shows the numbers of the well-known 2-2-2 example."""

from __future__ import annotations

from typing import Any

import pytest

from demos.backprop import LARGER, multiplications
from tutor.lab import headless


def run(*settings: str) -> dict[str, Any]:
    return headless.run("backprop", settings)


def test_the_numbers_of_the_published_example() -> None:
    """Three independent programs agree on these; the biases are kept."""
    m = run()["measured"]
    assert m["error"] == pytest.approx(0.298371109, abs=5e-10)
    assert m["slope_w5"] == pytest.approx(0.082167041, abs=5e-10)
    assert m["new_w5"] == pytest.approx(0.35891648, abs=5e-9)
    assert m["new_w1"] == pytest.approx(0.149780716, abs=5e-10)
    assert m["error_after"] == pytest.approx(0.29102777369, abs=5e-12)
    assert m["error_after_10000"] == pytest.approx(3.5102e-05, rel=1e-4)


def test_slopes_agree_with_central_differences_elsewhere_too() -> None:
    m = run("input_1=1.5", "input_2=-2", "target_1=0.9")["measured"]
    assert m["slope_check"] <= 1e-8


@pytest.mark.parametrize(
    ("sizes", "expected"), zip(LARGER, [(40, 16), (23_072, 330), (2_300_448, 602)], strict=True)
)
def test_what_keeping_deltas_saves(sizes: tuple[int, ...], expected: tuple[int, int]) -> None:
    assert multiplications(sizes) == expected


def test_without_the_cache_the_saving_is_refused() -> None:
    failing = [v["claim"] for v in run("cache=false")["verdicts"] if not v["holds"]]
    assert failing == ["Multiplications with deltas kept over following every path"]
