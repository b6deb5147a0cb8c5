"""Closed forms of the explorers, and the setting that each verdict must refuse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from demos import convolution, ewma, softmax
from tutor.lab import headless


def measured(name: str, *settings: str) -> dict[str, float]:
    found: dict[str, float] = headless.run(name, settings)["measured"]
    return found


def failing(name: str, *settings: str) -> list[str]:
    verdicts: list[dict[str, Any]] = headless.run(name, settings)["verdicts"]
    return [verdict["claim"] for verdict in verdicts if not verdict["holds"]]


def test_softmax_of_the_textbook_example() -> None:
    p = softmax.softmax(np.array([2.0, 1.0, 0.1]))
    assert p == pytest.approx([0.6590, 0.2424, 0.0986], abs=5e-5)


def test_softmax_does_not_overflow() -> None:
    p = softmax.softmax(np.array([1000.0, 1001.0, 1002.0]))
    assert p == pytest.approx([0.0900, 0.2447, 0.6652], abs=5e-5)


@pytest.mark.parametrize(("loss", "slope"), [("cross-entropy", 0.99331), ("mse", 0.01321)])
def test_the_slopes_at_minus_five(loss: str, slope: float) -> None:
    found = softmax.slope(loss, np.array([-5.0, 0.0]), 0)[0]
    assert abs(found) == pytest.approx(slope, abs=1e-5)


def test_mse_does_not_pull_where_it_is_most_wrong() -> None:
    assert measured("softmax", "loss=mse")["slope_at_-10"] == pytest.approx(9.1e-5, abs=1e-6)
    assert failing("softmax", "loss=mse") == ["At a logit of -10 mse still pulls: |dL/dz|"]


def test_hinge_pulls_with_slope_one() -> None:
    assert measured("softmax", "loss=hinge")["slope_at_-10"] == pytest.approx(1.0)


@pytest.mark.parametrize(("beta", "steps"), [(0.9, 44), (0.98, 228), (0.5, 7)])
def test_the_average_settles_as_the_closed_form_says(beta: float, steps: int) -> None:
    assert steps == ewma.settles(beta, correction=False)
    assert steps == math.ceil(math.log(0.01) / math.log(beta))


def test_the_correction_starts_at_the_first_value() -> None:
    x = np.array([10.0, 12.0, 9.0])
    assert ewma.average(x, 0.9, correction=True)[0] == pytest.approx(10.0)
    assert ewma.average(x, 0.9)[0] == pytest.approx(1.0)


def test_the_rule_of_thumb_fails_for_a_small_beta() -> None:
    assert measured("ewma")["left_after_window"] == pytest.approx(0.349, abs=5e-4)
    assert len(failing("ewma", "beta=0.5")) == 1


@pytest.mark.parametrize("n", [5, 12, 28])
@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("padding", ["0", "1", "2"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_size_formula_counts_the_windows(n: int, k: int, padding: str, stride: int) -> None:
    found = measured(
        "convolution", f"input_size={n}", f"kernel_size={k}", f"padding={padding}",
        f"stride={stride}",
    )  # fmt: skip
    assert found["output_size"] == (n + 2 * int(padding) - k) // stride + 1
    assert found["output_size"] == found["windows_counted"]
    assert found["loop_error"] < 1e-12


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_same_padding_keeps_the_size(k: int) -> None:
    found = measured("convolution", "padding=same", f"kernel_size={k}")
    assert found["output_size"] == 12


def test_a_stride_above_the_kernel_skips_cells() -> None:
    assert failing("convolution", "stride=3", "kernel_size=2") == [
        "Share of input cells that some window sees"
    ]


def test_pooling_by_hand() -> None:
    cells = np.array([[1.0, 2.0, 9.0], [3.0, 4.0, 9.0], [9.0, 9.0, 9.0]])
    assert convolution.pool(cells, "max").tolist() == [[4.0]]
    assert convolution.pool(cells, "average").tolist() == [[2.5]]


def test_the_kernel_finds_its_own_kind_of_edge() -> None:
    upright = measured("convolution", "kernel=vertical")
    level = measured("convolution", "kernel=horizontal")
    assert upright["upright_answer"] > 0 == upright["level_answer"]
    assert level["level_answer"] > 0 == level["upright_answer"]


@pytest.mark.parametrize(
    ("layers", "count"),
    [
        ((784, 16, 16, 10), 13_002),
        ((784, 0, 0, 10), 7_850),
        ((784, 128, 0, 10), 101_770),
        ((3, 4, 0, 1), 21),
    ],
)
def test_counts_that_are_known(layers: tuple[int, ...], count: int) -> None:
    names = ("inputs", "hidden_1", "hidden_2", "outputs")
    settings = [f"{name}={size}" for name, size in zip(names, layers, strict=True)]
    assert measured("parameter-count", *settings)["parameters"] == count


def test_without_biases_only_weights_count() -> None:
    assert measured("parameter-count", "biases=off")["parameters"] == 12_960


def test_a_narrow_input_does_not_hold_most_parameters() -> None:
    assert failing("parameter-count", "inputs=2", "hidden_1=16", "hidden_2=16") == [
        "The first layer's share of all parameters"
    ]


def test_bias_and_variance_over_the_degree() -> None:
    stiff, middle, bendy = (measured("fit", f"degree={d}") for d in (1, 5, 14))
    assert stiff["bias2"] == pytest.approx(0.21, abs=0.01)
    assert stiff["variance"] == pytest.approx(0.011, abs=0.003)
    assert middle["bias2"] < 0.001
    assert bendy["variance"] > 10
    assert failing("fit", "degree=14") == ["Share of bias in the error: the fit is too stiff"]
